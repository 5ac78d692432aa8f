import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { PanelKind, Represents } from './kinds';
import { seatsOn } from './members';

export interface Sitting {
  readonly id: string;
  readonly kindId: string;
  readonly kindName: string;
  readonly meetsOn: Day;
  readonly time: string;
  readonly place: string;
  readonly packReadyBy: Day;
  readonly cancelledOn: Day | null;
  readonly cancelledReason: string | null;
  readonly minutesSigned: boolean;
}

const selected = `select t.id, t.kind_id as "kindId", k.name as "kindName", t.meets_on as "meetsOn", t.time, t.place,
    t.pack_ready_by as "packReadyBy", t.cancelled_on as "cancelledOn", t.cancelled_reason as "cancelledReason",
    exists (select from panels.minutes m where m.sitting_id = t.id) as "minutesSigned"
  from panels.sitting t join panels.kind k on k.authority_id = t.authority_id and k.id = t.kind_id`;

export async function sittingOf(tx: Tx, id: string): Promise<Sitting | undefined> {
  const [sitting] = await tx.query<Sitting>(`${selected} where t.id = $1`, [id]);
  return sitting;
}

/** Those still to come, the next first; then those of the last three months, newest first. */
export async function sittingsAround(tx: Tx, today: Day, kinds: readonly string[]): Promise<Sitting[]> {
  return tx.query<Sitting>(
    `${selected} where t.kind_id = any($2) and t.meets_on > $1::date - 92
     order by t.meets_on < $1, case when t.meets_on >= $1 then t.meets_on end, t.meets_on desc, t.time, t.id limit 200`,
    [today, kinds],
  );
}

/** When this kind of panel meets next after that day; null where nothing is arranged. */
export async function nextAfter(tx: Tx, kindId: string, on: Day): Promise<Day | null> {
  const [row] = await tx.query<{ on: Day | null }>(
    `select min(meets_on) as "on" from panels.sitting where kind_id = $1 and meets_on > $2 and cancelled_on is null`,
    [kindId, on],
  );
  return row?.on ?? null;
}

export async function addSitting(
  tx: Tx,
  sitting: Pick<Sitting, 'kindId' | 'meetsOn' | 'time' | 'place' | 'packReadyBy'>,
): Promise<string> {
  const id = newId();
  await tx.run(
    `insert into panels.sitting (id, authority_id, kind_id, meets_on, time, place, pack_ready_by, arranged_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      tx.identity.authority,
      sitting.kindId,
      sitting.meetsOn,
      sitting.time,
      sitting.place,
      sitting.packReadyBy,
      tx.identity.actor,
    ],
  );
  return id;
}

export type AttendanceState = 'present' | 'apologies' | 'substitute';

export interface Attendant {
  readonly staffId: string;
  readonly name: string;
  readonly represents: Represents;
  readonly chairs: boolean;
  /** Null where nobody has written it down yet. */
  readonly state: AttendanceState | null;
  readonly standsFor: string | null;
  readonly standsForName: string | null;
}

/** Everybody with a seat that day, and those who stand in. */
export async function attendanceOf(tx: Tx, sitting: Sitting): Promise<Attendant[]> {
  const seats = await seatsOn(tx, sitting.kindId, sitting.meetsOn);
  const rows = await tx.query<{
    staffId: string;
    name: string;
    state: AttendanceState;
    standsFor: string | null;
    standsForName: string | null;
    represents: Represents;
  }>(
    `select a.staff_id as "staffId", s.name, a.state, a.stands_for as "standsFor", f.name as "standsForName", a.represents
     from panels.attendance a join access.staff s on s.id = a.staff_id left join access.staff f on f.id = a.stands_for
     where a.sitting_id = $1 order by s.name`,
    [sitting.id],
  );
  const known = new Map(rows.map((row) => [row.staffId, row]));
  const members = seats.map(({ staffId, name, represents, chairs }): Attendant => ({
    staffId,
    name,
    represents,
    chairs,
    state: known.get(staffId)?.state ?? null,
    standsFor: null,
    standsForName: null,
  }));
  const seated = new Set(seats.map(({ staffId }) => staffId));
  const standIns = rows
    .filter(({ staffId }) => !seated.has(staffId))
    .map((row): Attendant => ({
      ...row,
      chairs: seats.some(({ staffId, chairs }) => chairs && staffId === row.standsFor),
    }));
  return [...members, ...standIns];
}

/** Written down anew as a whole: the last word counts until the minutes are signed. */
export async function writeAttendance(
  tx: Tx,
  sittingId: string,
  rows: readonly { staffId: string; state: AttendanceState; standsFor: string | null; represents: Represents }[],
): Promise<void> {
  await tx.run('delete from panels.attendance where sitting_id = $1', [sittingId]);
  for (const { staffId, state, standsFor, represents } of rows)
    await tx.run(
      `insert into panels.attendance (sitting_id, authority_id, staff_id, state, stands_for, represents, recorded_by)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [sittingId, tx.identity.authority, staffId, state, standsFor, represents, tx.identity.actor],
    );
}

export interface Quorum {
  readonly met: boolean;
  readonly present: number;
  readonly needed: number;
  readonly missingRoles: readonly Represents[];
}

/** For one item: whoever has declared a conflict about it does not count. */
export function quorumFor(kind: PanelKind, attendants: readonly Attendant[], conflicted: readonly string[]): Quorum {
  const counts = attendants.filter(
    ({ state, staffId }) => (state === 'present' || state === 'substitute') && !conflicted.includes(staffId),
  );
  const there = new Set(counts.map(({ represents }) => represents));
  const missingRoles = kind.requiredRoles.filter((role) => !there.has(role));
  return {
    met: counts.length >= kind.quorum && missingRoles.length === 0,
    present: counts.length,
    needed: kind.quorum,
    missingRoles,
  };
}

import type { Actor } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { Represents } from './kinds';

export interface Seat {
  readonly id: string;
  readonly kindId: string;
  readonly staffId: string;
  readonly name: string;
  readonly chairs: boolean;
  readonly represents: Represents;
}

/** From that day on they sit on it, until they do not. */
export async function giveSeat(
  tx: Tx,
  seat: { kindId: string; staffId: string; chairs?: boolean; represents: Represents; fromDay: Day; untilDay?: Day },
): Promise<string> {
  const id = newId();
  await tx.run(
    `insert into panels.seat (id, authority_id, kind_id, staff_id, chairs, represents, from_day, until_day) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      tx.identity.authority,
      seat.kindId,
      seat.staffId,
      seat.chairs ?? false,
      seat.represents,
      seat.fromDay,
      seat.untilDay ?? null,
    ],
  );
  return id;
}

/** The first day on which they no longer sit. */
export async function endSeat(tx: Tx, id: string, on: Day): Promise<boolean> {
  return (await tx.run('update panels.seat set until_day = $2 where id = $1 and from_day < $2', [id, on])) === 1;
}

export async function seatsOn(tx: Tx, kindId: string, on: Day): Promise<Seat[]> {
  return tx.query<Seat>(
    `select e.id, e.kind_id as "kindId", e.staff_id as "staffId", s.name, e.chairs, e.represents
     from panels.seat e join access.staff s on s.id = e.staff_id
     where e.kind_id = $1 and e.from_day <= $2 and (e.until_day is null or $2 < e.until_day) order by e.chairs desc, s.name, e.id`,
    [kindId, on],
  );
}

/** What ties a person to a panel on a day: a seat of their own, or that of somebody they stand in for at this sitting. */
export interface PanelTie {
  readonly sits: boolean;
  readonly chairs: boolean;
}

export async function tieToPanel(
  tx: Tx,
  actor: Actor,
  kindId: string | null,
  sittingId: string | null,
  on: Day,
): Promise<PanelTie> {
  const rows = await tx.query<{ chairs: boolean }>(
    `select e.chairs from panels.seat e
     where e.kind_id = $1 and e.staff_id::text = $2 and e.from_day <= $4 and (e.until_day is null or $4 < e.until_day)
     union all
     select exists (select from panels.seat e where e.kind_id = $1 and e.staff_id = a.stands_for and e.chairs
       and e.from_day <= $4 and (e.until_day is null or $4 < e.until_day))
     from panels.attendance a where a.sitting_id::text = $3 and a.staff_id::text = $2 and a.state = 'substitute'`,
    [kindId, actor.staffId, sittingId, on],
  );
  return { sits: rows.length > 0, chairs: rows.some(({ chairs }) => chairs) };
}

import type { Tx } from '@send/database';
import {
  type Day,
  deadline,
  englandCalendars,
  isCannotCompute,
  phaseTransferDuties,
  type TransferPhase,
} from '@send/statute';
import { campaignPhases, type ForAPerson, type Staying, whoMoves } from './who-moves';

/** A child as a list of a campaign names them; without a name where the reader is shut out of the case. */
export interface Named {
  readonly childId: string;
  readonly reference: string;
  readonly name: string | null;
  readonly bornOn: Day;
  readonly setting: string | null;
  /** Its id: the setting that the child would leave. */
  readonly leaves: string | null;
}

export interface Mover extends Named {
  readonly phase: TransferPhase;
}

export interface Undecided extends Named {
  readonly why: ForAPerson;
}

/** Children left out although they would move. */
export const leftOutWhy = {
  'started-already': 'Their move is in a campaign already, or has been started',
  'earlier-move-open': 'An earlier move is still open: record the first day at the setting, or that there was no move',
} as const;
export type LeftOutWhy = keyof typeof leftOutWhy;

/** Everybody with a plan in force, sorted by what the record says of next September. */
export interface Movers {
  readonly year: number;
  readonly moving: readonly Mover[];
  readonly undecided: readonly Undecided[];
  readonly leftOut: Readonly<Record<LeftOutWhy, number>>;
  readonly staying: Readonly<Partial<Record<Staying, number>>>;
}

interface Row {
  readonly id: string;
  readonly reference: string;
  readonly name: string;
  readonly bornOn: Day;
  readonly yearGroup: number | null;
  readonly settingId: string | null;
  readonly setting: string | null;
  readonly phase: string | null;
  readonly ageFrom: number | null;
  readonly ageTo: number | null;
  readonly hidden: boolean;
  readonly moving: number | null;
  readonly started: boolean;
}

/**
 * A plan is in force from the day a final one was issued until a fact ends it: our own end of it, a move to another
 * authority, a death. `reader` is who will see the names.
 */
const children = `
  with issued as (
    select child_id, max(on_day) as on_day from (
      select p.child_id, p.issued_on as on_day from case_file.plan_version p
      where p.authority_id = $1 and p.kind in ('final', 'amended') and p.issued_on is not null
      union all
      select r.child_id, f.on_day from engine.fact f join engine.run r on r.id = f.run_id
      where f.authority_id = $1 and f.type in ('finalPlanIssued', 'amendedFinalPlanIssued')
        and not exists (select from engine.fact b where b.run_id = f.run_id and b.reverses = f.id)) one
    group by child_id),
  over as (
    select r.child_id, max(f.on_day) as on_day from engine.fact f join engine.run r on r.id = f.run_id
    where f.authority_id = $1 and f.type in ('planCeased', 'planEnded', 'planTransferred', 'movedAway', 'childDied')
      and not exists (select from engine.fact b where b.run_id = f.run_id and b.reverses = f.id)
    group by r.child_id)
  select c.id, c.reference, c.first_names || ' ' || c.last_name as name, c.date_of_birth as "bornOn", c.year_group as "yearGroup",
    c.setting_id as "settingId", s.name as setting, s.phase, s.age_from as "ageFrom", s.age_to as "ageTo",
    exists (select from access.case_grant g where g.authority_id = $1 and g.child_id = c.id and g.staff_id::text = $2
      and g.kind = 'excluded' and g.from_day <= $4::date and (g.until_day is null or $4::date < g.until_day)) as hidden,
    (select (r.place -> 'context' -> 'move' ->> 'year')::int from engine.run r
      where r.authority_id = $1 and r.child_id = c.id and r.workflow = 'phase-transfer' and not r.closed
      order by r.opened_on desc limit 1) as moving,
    exists (select from case_file.campaign_child d where d.authority_id = $1 and d.child_id = c.id and d.year = $3)
      or exists (select from engine.run r where r.authority_id = $1 and r.child_id = c.id and r.workflow = 'phase-transfer'
        and (r.place -> 'context' -> 'move' ->> 'year')::int = $3) as started
  from issued i
  join case_file.child c on c.id = i.child_id and c.authority_id = $1
  left join over o on o.child_id = c.id
  left join case_file.setting s on s.id = c.setting_id
  where (o.on_day is null or o.on_day < i.on_day)
    and c.date_of_birth between make_date($3 - 20, 9, 1) and make_date($3 - 4, 8, 31)
  order by c.last_name, c.first_names, c.reference`;

export async function readMovers(tx: Tx, year: number, on: Day): Promise<Movers> {
  const { authority, actor } = tx.identity;
  const rows = await tx.query<Row>(children, [authority, actor, year, on]);
  const moving: Mover[] = [];
  const undecided: Undecided[] = [];
  const leftOut = { 'started-already': 0, 'earlier-move-open': 0 };
  const stay: Partial<Record<Staying, number>> = {};
  for (const row of rows) {
    const setting = row.settingId === null ? null : { phase: row.phase, ageFrom: row.ageFrom, ageTo: row.ageTo };
    const answer = whoMoves({ dateOfBirth: row.bornOn, yearGroup: row.yearGroup, setting }, year, on);
    if ('stays' in answer) {
      stay[answer.stays] = (stay[answer.stays] ?? 0) + 1;
      continue;
    }
    if (row.started || row.moving !== null) {
      leftOut[row.started ? 'started-already' : 'earlier-move-open'] += 1;
      continue;
    }
    const named: Named = {
      childId: row.id,
      reference: row.reference,
      name: row.hidden ? null : row.name,
      bornOn: row.bornOn,
      setting: row.setting,
      leaves: row.settingId,
    };
    if ('moves' in answer) moving.push({ ...named, phase: answer.moves });
    else undecided.push({ ...named, why: answer.decide });
  }
  return { year, moving, undecided, leftOut, staying: stay };
}

/** The last day of each move of a year, by the law; null where no rule was in force. */
export function lastDays(year: number): Readonly<Partial<Record<TransferPhase, Day | null>>> {
  return Object.fromEntries(
    campaignPhases.map((phase) => {
      const found = deadline(phaseTransferDuties[phase], { phaseTransferDue: `${year}-09-01` }, englandCalendars, {
        explain: false,
      });
      return [phase, isCannotCompute(found) ? null : found.dueBy];
    }),
  );
}

import { asActor, staffOn } from '@send/access';
import { raiseNotice } from '@send/case-file';
import type { Database, Tx } from '@send/database';
import { addDays, type Day, formatDay, type TransferPhase, weekday } from '@send/statute';

/** What a move still lacks, by the duty that asks for it; the limit of the law comes last. */
const lacking: readonly (readonly [duty: RegExp, lack: Lack, words: string])[] = [
  [/^practice\.phase-transfer-preference$/, 'preference', 'No preference from the family'],
  [/^practice\.phase-transfer-meeting$/, 'meeting', 'No review meeting'],
  [/^practice\.phase-transfer-draft$/, 'draft', 'No amendments sent to the family'],
  [/^practice\.phase-transfer-consultation$/, 'consultation', 'No setting consulted'],
  [/^review\.(phase-transfer|post-16)-/, 'plan', 'No plan that names the next setting'],
];
export const lacks = ['preference', 'meeting', 'draft', 'consultation', 'plan'] as const;
export type Lack = (typeof lacks)[number];

export interface Reason {
  readonly lacks: Lack;
  /** "No review meeting: wanted by 22 November 2026". */
  readonly says: string;
  readonly dueBy: Day;
  /** The day has passed; otherwise it comes this week. */
  readonly missed: boolean;
  /** The law's own limit; the others are local targets. */
  readonly statutory: boolean;
}

export interface AtRisk {
  readonly childId: string;
  readonly runId: string;
  readonly reference: string;
  readonly name: string;
  readonly phase: TransferPhase;
  readonly caseworkerId: string | null;
  /** The last day of the law. */
  readonly lastDay: Day | null;
  readonly reasons: readonly Reason[];
}

export interface RiskList {
  /** The Monday of the week it is for. */
  readonly week: Day;
  readonly total: number;
  /** Open moves that lack nothing by now. */
  readonly onTime: number;
  readonly byLack: Readonly<Record<Lack, number>>;
  readonly rows: readonly AtRisk[];
}

/**
 * Every open move, with what is missing of it by the day planned for, or falls due this week; cases that the reader is
 * shut out of are left out. Nearest limit first.
 */
const open = `
  with moves as (
    select r.id, r.child_id, r.place -> 'context' -> 'move' ->> 'phase' as phase
    from engine.run r
    where r.authority_id = $1 and r.workflow = 'phase-transfer' and not r.closed
      and not exists (select from access.case_grant g where g.authority_id = $1 and g.child_id = r.child_id and g.staff_id::text = $2
        and g.kind = 'excluded' and g.from_day <= $3::date and (g.until_day is null or $3::date < g.until_day))),
  wanting as (
    select d.run_id, jsonb_agg(jsonb_build_object('duty', d.duty, 'dueBy', d.due_by) order by d.due_by) as missing
    from engine.deadline d join moves m on m.id = d.run_id
    where d.met_on is null and d.ended_on is null and d.due_by <= $4::date
      and (d.duty like 'practice.phase-transfer-%' or d.duty like 'review.phase-transfer-%' or d.duty = 'review.post-16-to-post-16')
    group by d.run_id)`;

const nothing = { moves: 0, many: 0, preference: 0, meeting: 0, draft: 0, consultation: 0, plan: 0 };

export async function readRisk(
  tx: Tx,
  on: Day,
  about: { readonly lacks?: Lack; readonly page?: number; readonly size?: number } = {},
): Promise<RiskList> {
  const { authority, actor } = tx.identity;
  const week = addDays(on, 1 - weekday(on));
  const base = [authority, actor, on, addDays(week, 6)];
  const [counted] = await tx.query<Record<'moves' | 'many' | Lack, number>>(
    `${open}, each as (select w.run_id, m.duty from wanting w cross join lateral
       (select x ->> 'duty' as duty from jsonb_array_elements(w.missing) x) m)
     select (select count(*)::int from moves) as moves, (select count(*)::int from wanting) as many,
       count(distinct run_id) filter (where duty = 'practice.phase-transfer-preference')::int as preference,
       count(distinct run_id) filter (where duty = 'practice.phase-transfer-meeting')::int as meeting,
       count(distinct run_id) filter (where duty = 'practice.phase-transfer-draft')::int as draft,
       count(distinct run_id) filter (where duty = 'practice.phase-transfer-consultation')::int as consultation,
       count(distinct run_id) filter (where duty like 'review.%')::int as plan
     from each`,
    base,
  );
  const wanted =
    about.lacks === undefined ? '%' : about.lacks === 'plan' ? 'review.%' : `practice.phase-transfer-${about.lacks}`;
  const size = about.size ?? 50;
  const rows = await tx.query<Omit<AtRisk, 'reasons'> & { missing: readonly { duty: string; dueBy: Day }[] }>(
    `${open}
     select c.id as "childId", m.id as "runId", c.reference, c.first_names || ' ' || c.last_name as name, m.phase,
       c.caseworker_id as "caseworkerId", l.due_by as "lastDay", w.missing
     from wanting w join moves m on m.id = w.run_id join case_file.child c on c.id = m.child_id
     left join lateral (select min(d.due_by) as due_by from engine.deadline d where d.run_id = m.id and d.duty like 'review.%') l on true
     where exists (select from jsonb_array_elements(w.missing) x where x ->> 'duty' like $5)
     order by l.due_by nulls last, jsonb_array_length(w.missing) desc, c.last_name, c.reference limit $6 offset $7`,
    [...base, wanted, size, ((about.page ?? 1) - 1) * size],
  );
  const { moves, many, ...byLack } = counted ?? nothing;
  return {
    week,
    total: about.lacks === undefined ? many : byLack[about.lacks],
    onTime: moves - many,
    byLack,
    rows: rows.map(({ missing, ...row }) => ({
      ...row,
      reasons: missing.flatMap((one) => reasonFor(one, on)),
    })),
  };
}

function reasonFor({ duty, dueBy }: { duty: string; dueBy: Day }, on: Day): Reason[] {
  const found = lacking.find(([of]) => of.test(duty));
  if (found === undefined) return [];
  const [, lack, words] = found;
  const statutory = lack === 'plan';
  const missed = dueBy < on;
  const when = statutory
    ? missed
      ? 'the law wanted it by'
      : 'the law wants it by'
    : missed
      ? 'planned by'
      : 'planned for';
  return [{ lacks: lack, says: `${words}: ${when} ${formatDay(dueBy)}`, dueBy, missed, statutory }];
}

const inWords: readonly (readonly [Lack, string])[] = [
  ['plan', 'no plan that names the next setting'],
  ['meeting', 'no review meeting'],
  ['preference', 'no preference'],
  ['draft', 'no amendments'],
  ['consultation', 'no setting consulted'],
];

/** Each manager is told once a week how many moves lack what; nobody where nothing is missing. Returns how many were told. */
export async function tellOfRisk(database: Database, authority: string, on: Day): Promise<number> {
  return database.transaction({ authority, actor: 'system' }, async (tx) => {
    const { week, total, byLack } = await readRisk(tx, on, { size: 1 });
    if (total === 0) return 0;
    const parts = inWords.filter(([lack]) => byLack[lack] > 0).map(([lack, words]) => `${words} ${byLack[lack]}`);
    const text = `Phase transfers at risk this week: ${total}. Of these: ${parts.join(', ')}. See Phase transfers, Moves at risk this week.`;
    let told = 0;
    for (const { staffId } of (await staffOn(tx, on)).map(asActor).filter((one) => one.roles.includes('SM')))
      if (await raiseNotice(tx, { key: `moves-at-risk:${week}:${staffId}`, kind: 'notice', staffId, text })) told += 1;
    return told;
  });
}

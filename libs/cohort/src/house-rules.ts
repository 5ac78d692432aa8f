import { type Actor, decideSetting, settingsOn } from '@send/access';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

/** Somerset SEND Accelerated Progress Plan 2023, action 2.2, where the authority has set no other. */
const usualCap = 60;
/** Action 2.4. */
export const schoolCohortSize = { least: 10, most: 20 } as const;

export interface Cap {
  readonly cap: number;
  readonly inside: number;
  readonly waiting: number;
}

const number = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;

export async function capOn(tx: Tx, on: Day): Promise<Cap> {
  const settings = await settingsOn(tx, on);
  const [counted] = await tx.query<{ inside: number; waiting: number }>(
    `select count(*) filter (where position = 'inCohort')::int as inside, count(*) filter (where position = 'waiting')::int as waiting
     from engine.run where authority_id = $1 and workflow = 'exclusion-risk' and not closed`,
    [tx.identity.authority],
  );
  return {
    cap: number(settings['cohort-cap'], usualCap),
    inside: counted?.inside ?? 0,
    waiting: counted?.waiting ?? 0,
  };
}

/** From that day on; what was decided before stays on record. */
export const changeCap = (tx: Tx, actor: Actor, cap: number, from: Day, reason: string): Promise<void> =>
  decideSetting(tx, actor, { name: 'cohort-cap', value: cap, from, reason });

/** Weights of the authority's own, by indicator; the book's stand where none is set. */
export async function weightsOn(tx: Tx, on: Day): Promise<Record<string, number>> {
  const own = (await settingsOn(tx, on))['cohort-weights'];
  return typeof own === 'object' && own !== null
    ? Object.fromEntries(Object.entries(own).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
    : {};
}

/** One area of the outcome measure, in the organisation's own words. */
export interface Domain {
  readonly id: string;
  readonly label: string;
  readonly scale: number;
  readonly low: string;
  readonly high: string;
}

/** Plain words of our own, until an authority writes its own or types in what its licence allows. */
export const usualDomains: readonly Domain[] = [
  { id: 'belonging', label: 'Belonging in school', scale: 5, low: 'Feels shut out', high: 'Feels at home there' },
  { id: 'learning', label: 'Learning', scale: 5, low: 'Not learning', high: 'Learning well' },
  { id: 'feelings', label: 'Feelings', scale: 5, low: 'Overwhelmed most days', high: 'Copes with most days' },
  { id: 'people', label: 'People to turn to', scale: 5, low: 'Nobody', high: 'Several they trust' },
  { id: 'home', label: 'Home', scale: 5, low: 'Not safe or settled', high: 'Safe and settled' },
];

export async function domainsOn(tx: Tx, on: Day): Promise<readonly Domain[]> {
  const own = await tx.query<Domain>(
    `select id, label, scale, low, high from cohort.domain
     where authority_id = $1 and from_day <= $2 and (until_day is null or $2 < until_day) order by place, id`,
    [tx.identity.authority, on],
  );
  return own.length > 0 ? own : usualDomains;
}

/** Why the authority may use a source at all, and for how long: an agreement that has run out drops its source. */
export interface SourceBasis {
  readonly source: string;
  readonly basis: string;
  readonly agreement: string;
  readonly from: Day;
  readonly until: Day | null;
  readonly inForce: boolean;
}

export const sourceBases = (tx: Tx, on: Day): Promise<SourceBasis[]> =>
  tx.query<SourceBasis>(
    `select distinct on (source) source, basis, agreement, from_day as "from", until_day as "until",
       (from_day <= $2 and (until_day is null or $2 < until_day)) as "inForce"
     from cohort.data_source where authority_id = $1 and from_day <= $2 order by source, from_day desc, id desc`,
    [tx.identity.authority, on],
  );

export const recordSourceBasis = (
  tx: Tx,
  actor: Actor,
  one: { source: string; basis: string; agreement: string; from: Day; until: Day | null },
): Promise<number> =>
  tx.run(
    `insert into cohort.data_source (authority_id, source, basis, agreement, from_day, until_day, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.identity.authority, one.source, one.basis, one.agreement, one.from, one.until, actor.staffId],
  );

import type { Tx } from '@send/database';
import { type Day, schoolYearOf } from '@send/statute';
import { mayUse, type CohortContext } from '@send/workflows';
import { dataSince } from './child-data';
import { sourceBases, weightsOn } from './house-rules';
import { type Indicator, type IndicatorSource, indicatorsOf, weightOf } from './indicators';

export interface Candidate {
  readonly childId: string;
  readonly name: string;
  readonly reference: string;
  readonly school: string | null;
  readonly weight: number;
  readonly indicators: readonly Indicator[];
  /** Sources that may not be used for this child, and why: what came from them has dropped out. */
  readonly dropped: readonly Dropped[];
  /** Where the child stands already, if put forward. */
  readonly runId: string | null;
  readonly position: string | null;
}

export interface Dropped {
  readonly source: IndicatorSource;
  readonly why:
    'consent refused' | 'consent withdrawn' | 'consent ran out' | 'consent not given yet' | 'agreement ended';
}

interface RunOfChild {
  readonly runId: string;
  readonly childId: string;
  readonly position: string;
  readonly place: { readonly context: CohortContext };
}

const runs = (tx: Tx, childId: string | null): Promise<RunOfChild[]> =>
  tx.query<RunOfChild>(
    `select distinct on (child_id) id as "runId", child_id as "childId", case when closed then null else position end as position, place
     from engine.run where authority_id = $1 and workflow = 'exclusion-risk' and ($2::uuid is null or child_id = $2)
     order by child_id, closed, opened_on desc, id desc`,
    [tx.identity.authority, childId],
  );

/** Why a source may not be used, if so. A child's own consent stands before the authority's general basis. */
export function whyDropped(
  source: IndicatorSource,
  context: CohortContext | undefined,
  ended: ReadonlySet<string>,
  on: Day,
): Dropped['why'] | null {
  const use = context?.cohort.sources[source];
  if (use === undefined) return ended.has(source) ? 'agreement ended' : null;
  if (mayUse(use, on)) return null;
  if (use.state === 'withdrawn') return 'consent withdrawn';
  if (use.state === 'refused') return 'consent refused';
  return use.state === 'given' || use.until !== undefined ? 'consent ran out' : 'consent not given yet';
}

/**
 * Children whose indicators ask to be looked at, most first, each with its reasons and how complete they are. The list puts
 * nobody anywhere: a person reads it, and a person lets a child in.
 */
export async function candidatesOn(tx: Tx, on: Day, childId: string | null = null): Promise<Candidate[]> {
  const since: Day = `${schoolYearOf(on)}-09-01`;
  const { children, schools } = await dataSince(tx, since, childId);
  const ended = new Set((await sourceBases(tx, on)).filter(({ inForce }) => !inForce).map(({ source }) => source));
  const weights = await weightsOn(tx, on);
  const known = new Map((await runs(tx, childId)).map((run) => [run.childId, run]));
  const found: Omit<Candidate, 'name' | 'reference' | 'school'>[] = [];
  for (const [id, data] of children) {
    const run = known.get(id);
    const why = (source: IndicatorSource) => whyDropped(source, run?.place.context, ended, on);
    const indicators = indicatorsOf(data, on, schools, (source) => why(source) === null);
    const weight = weightOf(indicators, weights);
    const dropped = (['suspensions', 'attendance', 'part-time'] as const).flatMap((source): Dropped[] => {
      const reason = why(source);
      return reason === null ? [] : [{ source, why: reason }];
    });
    if (weight > 0 || childId !== null || dropped.length > 0)
      found.push({
        childId: id,
        weight,
        indicators,
        dropped,
        runId: run?.runId ?? null,
        position: run?.position ?? null,
      });
  }
  const people = await tx.query<{ id: string; name: string; reference: string; school: string | null }>(
    `select c.id, c.known_as || ' ' || c.last_name as name, c.reference, s.name as school
     from case_file.child c left join case_file.setting s on s.id = c.setting_id
     where c.id = any($1) and c.classification <> 'restricted'`,
    [found.map((one) => one.childId)],
  );
  const byId = new Map(people.map((one) => [one.id, one]));
  return found
    .flatMap((one) => {
      const who = byId.get(one.childId);
      return who === undefined ? [] : [{ ...one, name: who.name, reference: who.reference, school: who.school }];
    })
    .sort((a, b) => b.weight - a.weight || a.name.localeCompare(b.name));
}

import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { CohortContext } from '@send/workflows';

export interface InCohort {
  readonly runId: string;
  readonly childId: string;
  readonly name: string;
  readonly reference: string;
  readonly position: string;
  readonly closed: boolean;
  readonly openedOn: Day;
  readonly nextReview: Day | null;
  readonly lead: string | null;
  readonly cohort: CohortContext['cohort'];
}

/** Everybody put forward, in the cohort or out of it again. A restricted case is on no list. */
export async function cohortOn(tx: Tx, runId: string | null = null): Promise<InCohort[]> {
  const rows = await tx.query<Omit<InCohort, 'cohort' | 'lead'> & { place: { context: CohortContext } }>(
    `select r.id as "runId", r.child_id as "childId", c.known_as || ' ' || c.last_name as name, c.reference, r.position, r.closed,
       r.opened_on as "openedOn", r.place,
       (select min(d.due_by) from engine.deadline d where d.run_id = r.id and d.duty = 'practice.exclusion-risk-fortnightly-review'
          and d.met_on is null and d.ended_on is null) as "nextReview"
     from engine.run r join case_file.child c on c.id = r.child_id
     where r.authority_id = $1 and r.workflow = 'exclusion-risk' and ($2::uuid is null or r.id = $2) and c.classification <> 'restricted'
     order by r.closed, "nextReview" nulls last, name`,
    [tx.identity.authority, runId],
  );
  return rows.map(({ place, ...row }) => ({
    ...row,
    lead: place.context.cohort.lead?.name ?? null,
    cohort: place.context.cohort,
  }));
}

export interface Outcomes {
  /** Let in at any time. */
  readonly identified: number;
  readonly inEducation: number;
  readonly safelyAtHome: number;
  /** Children of whom a review says either way. */
  readonly reviewed: number;
  /** KPI 11: remaining in education and safely at home, in per cent of those reviewed; null where nobody was. */
  readonly percent: number | null;
  readonly target: 80;
}

/** Somerset plan, KPI 11, read from each child's latest review. A permanent exclusion since then ends "in education". */
export function outcomesOf(children: readonly Pick<InCohort, 'cohort'>[]): Outcomes {
  const admitted = children.filter(({ cohort }) => cohort.admittedOn !== undefined);
  const latest = admitted.flatMap(({ cohort }) => {
    const review = cohort.reviews.at(-1);
    if (review === undefined) return [];
    const excluded = cohort.exclusions.some(({ kind, on }) => kind === 'permanent' && on >= review.on);
    return [{ ...review, inEducation: review.inEducation && !excluded }];
  });
  const both = latest.filter(({ inEducation, safelyAtHome }) => inEducation && safelyAtHome).length;
  return {
    identified: admitted.length,
    inEducation: latest.filter(({ inEducation }) => inEducation).length,
    safelyAtHome: latest.filter(({ safelyAtHome }) => safelyAtHome).length,
    reviewed: latest.length,
    percent: latest.length === 0 ? null : Math.round((both / latest.length) * 100),
    target: 80,
  };
}

export interface DomainChange {
  readonly domain: string;
  readonly readings: readonly { readonly on: Day; readonly reading: number }[];
  /** From the first reading to the last; null where there is only one. */
  readonly change: number | null;
}

/** Each domain over time, in the order of the days. */
export function changesOf(cohort: CohortContext['cohort'], domains: readonly { id: string }[]): DomainChange[] {
  const named = [
    ...new Set([...domains.map(({ id }) => id), ...cohort.outcomes.flatMap(({ readings }) => Object.keys(readings))]),
  ];
  return named.flatMap((domain) => {
    const readings = cohort.outcomes
      .flatMap(({ on, readings: all }) => (all[domain] === undefined ? [] : [{ on, reading: all[domain] }]))
      .sort((a, b) => (a.on < b.on ? -1 : 1));
    const first = readings[0];
    const last = readings.at(-1);
    if (first === undefined || last === undefined) return [];
    return [{ domain, readings, change: readings.length < 2 ? null : last.reading - first.reading }];
  });
}

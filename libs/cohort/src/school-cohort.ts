import type { Actor } from '@send/access';
import type { Tx } from '@send/database';
import { addDays, type Day, schoolYearOf } from '@send/statute';
import { schoolCohortSize } from './house-rules';

export interface CohortSchool {
  readonly settingId: string;
  readonly name: string;
  readonly from: Day;
  readonly why: string;
  readonly suspensions: number;
  readonly children: number;
  readonly permanent: number;
  readonly openTimetables: number;
}

export interface SchoolCohort {
  readonly schools: readonly CohortSchool[];
  readonly reviews: readonly { readonly on: Day; readonly note: string }[];
  /** A fortnight after the last review, or after the first school came in: action 2.4. */
  readonly nextReview: Day | null;
  /** Fewer than ten or more than twenty, in words; null where the size is as the plan says. */
  readonly size: string | null;
}

/** Schools chosen from their own indicators, each with what is on record of it this school year. */
export async function schoolCohortOn(tx: Tx, on: Day): Promise<SchoolCohort> {
  const schools = await tx.query<CohortSchool>(
    `select k.setting_id as "settingId", s.name, k.from_day as "from", k.why,
       count(e.id) filter (where e.category <> 'PERM' and e.cancelled_on is null)::int as suspensions,
       count(distinct e.child_id)::int as children,
       count(e.id) filter (where e.category = 'PERM' and e.cancelled_on is null)::int as permanent,
       (select count(*)::int from cohort.part_time p where p.setting_id = k.setting_id and p.first_day <= $2
          and (p.ends_on is null or p.ends_on >= $2)) as "openTimetables"
     from cohort.school k join case_file.setting s on s.id = k.setting_id
     left join cohort.exclusion e on e.setting_id = k.setting_id and e.first_day >= $3 and e.first_day <= $2
     where k.authority_id = $1 and k.from_day <= $2 and (k.until_day is null or $2 < k.until_day)
     group by k.setting_id, s.name, k.from_day, k.why order by suspensions desc, s.name`,
    [tx.identity.authority, on, `${schoolYearOf(on)}-09-01`],
  );
  const reviews = await tx.query<{ on: Day; note: string }>(
    'select held_on as "on", note from cohort.school_review where authority_id = $1 and held_on <= $2 order by held_on desc limit 20',
    [tx.identity.authority, on],
  );
  const since = reviews[0]?.on ?? schools.map(({ from }) => from).sort()[0];
  const { least, most } = schoolCohortSize;
  return {
    schools,
    reviews,
    nextReview: since === undefined ? null : addDays(since, 14),
    size:
      schools.length < least
        ? `The plan says ${least} to ${most} schools: ${least - schools.length} more to choose`
        : schools.length > most
          ? `The plan says ${least} to ${most} schools: ${schools.length - most} too many`
          : null,
  };
}

/** False where the cohort of schools is full, or the school is in it. */
export async function chooseSchool(tx: Tx, actor: Actor, settingId: string, from: Day, why: string): Promise<boolean> {
  const { schools } = await schoolCohortOn(tx, from);
  if (schools.length >= schoolCohortSize.most || schools.some((one) => one.settingId === settingId)) return false;
  const written = await tx.run(
    `insert into cohort.school (authority_id, setting_id, from_day, why, chosen_by) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [tx.identity.authority, settingId, from, why, actor.staffId],
  );
  return written > 0;
}

/** False where a review of that day is on record. */
export async function reviewSchools(tx: Tx, actor: Actor, on: Day, note: string): Promise<boolean> {
  const written = await tx.run(
    'insert into cohort.school_review (authority_id, held_on, note, recorded_by) values ($1, $2, $3, $4) on conflict do nothing',
    [tx.identity.authority, on, note, actor.staffId],
  );
  return written > 0;
}

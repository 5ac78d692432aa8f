import type { Actor } from '@send/access';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { PartTimeTimetable } from './absence';
import { whatIsLacking } from './indicators';

export interface RegisteredTimetable extends PartTimeTimetable {
  readonly childId: string;
  readonly name: string;
  readonly reference: string;
  readonly school: string;
  readonly lacking: readonly string[];
  readonly reviewLate: boolean;
  readonly lastChased: Day | null;
  readonly chases: number;
}

/** Every part-time timetable in force on a day. What is open-ended, or past its review, comes first: it is chased. */
export async function timetablesOn(tx: Tx, on: Day): Promise<RegisteredTimetable[]> {
  const rows = await tx.query<Omit<RegisteredTimetable, 'lacking' | 'reviewLate'>>(
    `select p.id, p.child_id as "childId", p.setting_id as "settingId", c.known_as || ' ' || c.last_name as name, c.reference, s.name as school,
       p.agreed_by_us as "agreedByUs", p.hours_a_week::float as "hoursAWeek", p.first_day as "firstDay", p.ends_on as "endsOn",
       p.review_on as "reviewOn", p.consent_on as "consentOn", p.why, p.source, p.as_of as "asOf",
       (select max(k.chased_on) from cohort.part_time_chase k where k.part_time_id = p.id) as "lastChased",
       (select count(*)::int from cohort.part_time_chase k where k.part_time_id = p.id) as chases
     from cohort.part_time p join case_file.child c on c.id = p.child_id join case_file.setting s on s.id = p.setting_id
     where p.first_day <= $1 and (p.ends_on is null or p.ends_on >= $1) and c.classification <> 'restricted'
     order by p.first_day`,
    [on],
  );
  return rows
    .map((row) => ({
      ...row,
      lacking: whatIsLacking(row),
      reviewLate: row.reviewOn !== null && row.reviewOn < on,
    }))
    .sort((a, b) => Number(b.lacking.length > 0 || b.reviewLate) - Number(a.lacking.length > 0 || a.reviewLate));
}

/** Puts on record that the school was chased about one. False where there is none such. */
export async function chase(tx: Tx, actor: Actor, id: string, on: Day, how: string): Promise<boolean> {
  const written = await tx.run(
    `insert into cohort.part_time_chase (authority_id, part_time_id, chased_on, how, chased_by)
     select authority_id, id, $2, $3, $4 from cohort.part_time where id = $1`,
    [id, on, how, actor.staffId],
  );
  return written > 0;
}

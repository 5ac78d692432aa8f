import type { Tx } from '@send/database';
import type { Day, Term } from '@send/statute';
import { englandCalendars } from '@send/statute';
import type { AttendedDay, Elsewhere, Exclusion, PartTimeTimetable, SchoolCalendars } from './absence';
import type { FileKind } from './csv-file';
import type { ChildData, Covered, IndicatorSource } from './indicators';

const exclusionColumns = `id, child_id as "childId", setting_id as "settingId", category, first_day as "firstDay", last_day as "lastDay", sessions,
  cancelled_on as "cancelledOn", exam, run_id as "runId", source, as_of as "asOf"`;

export const exclusionsOf = (tx: Tx, childId: string): Promise<Exclusion[]> =>
  tx.query<Exclusion>(`select ${exclusionColumns} from cohort.exclusion where child_id = $1 order by first_day, id`, [
    childId,
  ]);

type OfChild<T> = T & { readonly childId: string };

const grouped = <T extends { childId: string }>(rows: readonly T[]): Map<string, T[]> => {
  const by = new Map<string, T[]>();
  for (const row of rows) by.set(row.childId, [...(by.get(row.childId) ?? []), row]);
  return by;
};

/** The days that imports of one kind cover, from the first to the newest. */
async function coverage(tx: Tx): Promise<Record<IndicatorSource, Covered>> {
  const rows = await tx.query<{ kind: FileKind; from: Day; to: Day }>(
    'select kind, min(covers_from) as from, max(as_of) as to from cohort.import where authority_id = $1 group by kind',
    [tx.identity.authority],
  );
  const of = (kind: FileKind): Covered => rows.find((row) => row.kind === kind) ?? null;
  return { suspensions: of('suspensions'), attendance: of('attendance'), 'part-time': of('part-time') };
}

/** Everything on record of the children of one school year, and the terms of their schools. */
export async function dataSince(
  tx: Tx,
  since: Day,
  childId: string | null = null,
): Promise<{ children: Map<string, ChildData>; schools: SchoolCalendars }> {
  const params = [since, childId];
  const one = '($2::uuid is null or child_id = $2)';
  const exclusions = await tx.query<OfChild<Exclusion>>(
    `select ${exclusionColumns} from cohort.exclusion where first_day >= $1 and ${one} order by first_day, id`,
    params,
  );
  const elsewhere = await tx.query<OfChild<Elsewhere>>(
    `select child_id as "childId", setting_id as "settingId", kind, first_day as "firstDay", last_day as "lastDay", source, as_of as "asOf"
     from cohort.elsewhere where first_day >= $1 and ${one} order by first_day`,
    params,
  );
  const attendance = await tx.query<OfChild<AttendedDay>>(
    `select child_id as "childId", setting_id as "settingId", on_day as "on", morning, afternoon, source, as_of as "asOf"
     from cohort.attendance where on_day >= $1 and ${one}`,
    params,
  );
  const partTime = await tx.query<OfChild<PartTimeTimetable>>(
    `select child_id as "childId", id, setting_id as "settingId", agreed_by_us as "agreedByUs", hours_a_week::float as "hoursAWeek",
       first_day as "firstDay", ends_on as "endsOn", review_on as "reviewOn", consent_on as "consentOn", why, source, as_of as "asOf"
     from cohort.part_time where (ends_on is null or ends_on >= $1) and ${one} order by first_day`,
    params,
  );
  const terms = await tx.query<{ id: string; from: Day; to: Day; without: Day[] }>(
    `select setting_id as id, first_day as from, last_day as to, without_session::text[] as without from case_file.setting_term
     where last_day >= $1 and setting_id in (select setting_id from cohort.exclusion where first_day >= $1) order by first_day`,
    [since],
  );
  const bySchool: Record<string, Term[]> = {};
  for (const { id, from, to, without } of terms)
    (bySchool[id] ??= []).push(without.length === 0 ? { from, to } : { from, to, withoutSession: without });
  const covered = await coverage(tx);
  const of = {
    exclusions: grouped(exclusions),
    elsewhere: grouped(elsewhere),
    attendance: grouped(attendance),
    partTime: grouped(partTime),
  };
  const ids = new Set(Object.values(of).flatMap((by) => [...by.keys()]));
  if (childId !== null) ids.add(childId);
  const children = new Map<string, ChildData>(
    [...ids].map((id) => [
      id,
      {
        exclusions: of.exclusions.get(id) ?? [],
        elsewhere: of.elsewhere.get(id) ?? [],
        attendance: of.attendance.get(id) ?? [],
        partTime: of.partTime.get(id) ?? [],
        covered,
      },
    ]),
  );
  return { children, schools: { calendars: englandCalendars, terms: bySchool } };
}

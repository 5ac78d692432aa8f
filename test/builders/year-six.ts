import { randomUUID } from 'node:crypto';

/** Over the wall: thousands of children are put in as they would stand after years of use, not entered one by one. */
export type Put = (sql: string, params?: readonly unknown[]) => Promise<readonly object[]>;

export interface YearSix {
  readonly school: string;
  /** A plan of each was issued on this day. */
  readonly issuedOn: string;
}

/**
 * Invented children in year 6 of one primary school, each with a final plan and a parent at an address: all of them move to
 * secondary school in September `year`.
 */
export async function putYearSix(
  put: Put,
  authority: string,
  children: number,
  year: number,
  confirmedBy: string,
): Promise<YearSix> {
  const school = randomUUID();
  const issuedOn = `${year - 2}-10-05`;
  await put(
    `insert into case_file.setting (id, authority_id, name, kind, phase, age_from, age_to, address_lines, postcode)
     values ($1, $2, 'Invented Primary School', 'Community school', 'Primary', 4, 11, '{School Lane,Levelham}', 'ZZ99 2AA')`,
    [school, authority],
  );
  await put(
    `with made as materialized (
       select n, gen_random_uuid() as child, gen_random_uuid() as person, gen_random_uuid() as parent from generate_series(1, $3::int) n),
     people as (
       insert into case_file.person (id, authority_id, kind, first_names, last_name)
       select person, $1, 'child', 'Rowan', 'Invented' || n from made
       union all select parent, $1, 'adult', 'Ruth', 'Invented' || n from made returning id),
     children as (
       insert into case_file.child (id, authority_id, reference, person_id, known_as, first_names, last_name, date_of_birth, setting_id, looked_after, team)
       select child, $1, 'MOV-' || to_char(n, 'FM000000'), person, 'Rowan', 'Rowan', 'Invented' || n,
         make_date($4::int - 11, 1, 1) + (n % 200), $2::uuid, false, 'North' from made returning id),
     addresses as (
       insert into case_file.address (id, authority_id, person_id, lines, postcode, from_day, recorded_by)
       select gen_random_uuid(), $1, parent, array[n || ' Millbrook Close', 'Levelham'], 'ZZ99 1QT', '2020-01-01', 'set-up' from made returning id),
     parents as (
       insert into case_file.relationship (id, authority_id, child_id, person_id, kind, parental_responsibility, from_day, recorded_by, confirmed_by)
       select gen_random_uuid(), $1, child, parent, 'parent', 'yes', '2020-01-01', 'set-up', $6::uuid from made returning id)
     insert into case_file.plan_version (id, authority_id, child_id, kind, number, issued_on, created_by, named_setting_id)
     select gen_random_uuid(), $1, child, 'final', 1, $5::date, 'set-up', $2::uuid from made`,
    [authority, school, children, year, issuedOn, confirmedBy],
  );
  return { school, issuedOn };
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each row comes from, and the day it speaks of. Nothing here is edited: a corrected file brings a corrected row. */
const origin = `
        authority_id text not null references access.authority,
        source text not null check (length(source) between 2 and 200),
        as_of date not null,
        import_id uuid not null`;

const ofChild = `
        child_id uuid not null,
        setting_id uuid not null,
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, setting_id) references case_file.setting (authority_id, id),
        foreign key (authority_id, import_id) references cohort.import (authority_id, id)`;

/**
 * What schools and the census say of attendance, suspensions and part-time timetables, and the authority's own cohort of
 * children and of schools. How many children may be in is kept here: whoever lets a child in waits for whoever else does.
 */
export class AddCohort implements MigrationInterface {
  name = 'AddCohort1790000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema cohort;
      grant usage on schema cohort to send_app, send_sweep;

      create table cohort.import (
        id uuid primary key,
        authority_id text not null references access.authority,
        kind text not null check (kind in ('suspensions', 'attendance', 'part-time', 'elsewhere')),
        file_name text not null check (length(file_name) between 1 and 200),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        source text not null,
        as_of date not null,
        covers_from date not null check (covers_from <= as_of),
        row_count integer not null,
        new_rows integer not null,
        changed_rows integer not null,
        imported_by text not null,
        imported_at timestamptz not null default clock_timestamp(),
        unique (authority_id, id)
      );

      create table cohort.exclusion (
        id uuid primary key,
        category text not null check (category in ('SUSP', 'PERM', 'LNCH')),
        first_day date not null,
        last_day date check (last_day >= first_day),
        sessions integer not null check (sessions between 0 and 190),
        reasons text[] not null default '{}',
        sen_provision text check (sen_provision in ('N', 'K', 'E')),
        exam boolean not null default false,
        cancelled_on date,
        run_id uuid,
        ${origin}, ${ofChild},
        unique (authority_id, child_id, setting_id, category, first_day)
      );

      -- Neither suspension nor exclusion: never added to a total.
      create table cohort.elsewhere (
        id uuid primary key,
        kind text not null check (kind in ('off-site', 'managed-move', 'separation', 'sent-home')),
        first_day date not null,
        last_day date check (last_day >= first_day),
        ${origin}, ${ofChild},
        unique (authority_id, child_id, setting_id, kind, first_day)
      );

      create table cohort.attendance (
        on_day date not null,
        morning text not null,
        afternoon text not null,
        ${origin}, ${ofChild},
        primary key (authority_id, child_id, setting_id, on_day)
      );

      create table cohort.part_time (
        id uuid primary key,
        agreed_by_us boolean not null,
        hours_a_week numeric(4, 1) not null check (hours_a_week >= 0 and hours_a_week <= 40),
        first_day date not null,
        ends_on date check (ends_on >= first_day),
        review_on date check (review_on >= first_day),
        consent_by text,
        consent_on date,
        why text not null,
        ${origin}, ${ofChild},
        unique (authority_id, id),
        unique (authority_id, child_id, setting_id, first_day),
        check ((consent_by is null) = (consent_on is null)),
        -- We agree to none that is open-ended: R-COH-08. One that a school reports is kept as reported, and chased.
        check (not agreed_by_us or (ends_on is not null and review_on is not null and consent_on is not null))
      );

      create table cohort.part_time_chase (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        part_time_id uuid not null,
        chased_on date not null,
        how text not null check (length(btrim(how)) between 2 and 300),
        chased_by text not null,
        foreign key (authority_id, part_time_id) references cohort.part_time (authority_id, id)
      );

      create table cohort.school (
        authority_id text not null references access.authority,
        setting_id uuid not null,
        from_day date not null,
        until_day date check (until_day > from_day),
        why text not null check (length(btrim(why)) between 3 and 600),
        chosen_by text not null,
        primary key (authority_id, setting_id, from_day),
        foreign key (authority_id, setting_id) references case_file.setting (authority_id, id)
      );

      create table cohort.school_review (
        id uuid primary key default uuidv7(),
        authority_id text not null references access.authority,
        held_on date not null,
        note text not null check (length(btrim(note)) between 3 and 5000),
        recorded_by text not null,
        unique (authority_id, held_on)
      );

      -- The outcome measure: an organisation's own areas and words, never a third party's.
      create table cohort.domain (
        authority_id text not null references access.authority,
        id text not null check (id ~ '^[a-z][a-z0-9-]{1,39}$'),
        label text not null check (length(btrim(label)) between 2 and 80),
        scale integer not null check (scale between 2 and 10),
        low text not null,
        high text not null,
        place integer not null,
        from_day date not null,
        until_day date check (until_day > from_day),
        primary key (authority_id, id)
      );

      create table cohort.data_source (
        id uuid primary key default uuidv7(),
        authority_id text not null references access.authority,
        source text not null,
        basis text not null check (basis in ('consent', 'legal-duty', 'public-task')),
        agreement text not null check (length(btrim(agreement)) between 3 and 600),
        from_day date not null,
        until_day date check (until_day > from_day),
        recorded_by text not null
      );

      -- The cap stands in access.setting, dated and with its reason; 60 where nothing is set (Somerset plan, action 2.2).
      create function cohort.keep_cap() returns trigger language plpgsql as $$
        declare
          cap integer;
          inside integer;
        begin
          perform pg_advisory_xact_lock(hashtextextended('cohort cap ' || new.authority_id, 0));
          select coalesce((select (s.value #>> '{}')::integer from access.setting s
            where s.authority_id = new.authority_id and s.name = 'cohort-cap' and s.from_day <= new.on_day
            order by s.from_day desc, s.id desc limit 1), 60) into cap;
          select count(*) into inside from engine.run r where r.authority_id = new.authority_id
            and r.workflow = 'exclusion-risk' and r.position = 'inCohort' and not r.closed and r.id <> new.run_id;
          if inside >= cap then
            raise exception 'The cohort is full: % of % places are taken. Put the child on the waiting list, or change the cap and give the reason', inside, cap
              using errcode = 'SE002';
          end if;
          return new;
        end $$;
      create trigger cap_kept before insert on engine.fact
        for each row when (new.type = 'childAdmitted' and new.door = 'act') execute function cohort.keep_cap();
    `);
    const tables = [
      'import',
      'exclusion',
      'elsewhere',
      'attendance',
      'part_time',
      'part_time_chase',
      'school',
      'school_review',
      'domain',
      'data_source',
    ];
    for (const table of tables) {
      await runner.query(`select public.protect('cohort.${table}'::regclass)`);
      await runner.query(`revoke all on cohort.${table} from send_app`);
      await runner.query(`grant select, insert on cohort.${table} to send_app`);
    }
    await runner.query(`
      grant update (new_rows, changed_rows) on cohort.import to send_app;
      grant update (last_day, sessions, reasons, sen_provision, exam, cancelled_on, source, as_of, import_id, run_id)
        on cohort.exclusion to send_app;
      grant update (last_day, source, as_of, import_id) on cohort.elsewhere to send_app;
      grant update (morning, afternoon, source, as_of, import_id) on cohort.attendance to send_app;
      grant update (hours_a_week, ends_on, review_on, consent_by, consent_on, why, source, as_of, import_id)
        on cohort.part_time to send_app;
      grant update (until_day) on cohort.school, cohort.domain, cohort.data_source to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

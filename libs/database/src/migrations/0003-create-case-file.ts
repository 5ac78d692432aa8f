import type { MigrationInterface, QueryRunner } from 'typeorm';

const PROTECTED = [
  'child',
  'person',
  'contact_point',
  'relationship',
  'address',
  'protected_address',
  'capacity_decision',
  'setting',
  'setting_term',
  'adviser',
  'plan_version',
  'document',
  'advice',
  'note',
  'notice',
  'duplicate_check',
  'reference_counter',
];

/**
 * The child or young person, the people around them, settings, plans and papers.
 * Every reference carries the authority, so that a foreign key (which row security does not govern) cannot cross the wall.
 * Periods run from from_day to the day before until_day; a row replaced on the day it began is kept and was never in force.
 */
export class CreateCaseFile implements MigrationInterface {
  name = 'CreateCaseFile1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create extension if not exists pg_trgm;
      create extension if not exists unaccent;
      create extension if not exists fuzzystrmatch;

      -- unaccent() is only stable, as its dictionary could change; named here, it may be used in a generated column.
      create function case_file.plain(given text) returns text language sql immutable parallel safe strict
        return btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, given)), '[^[:alnum:]]+', ' ', 'g'));
      create function case_file.all_names(known_as text, first_names text, last_name text, previous text[]) returns text
        language plpgsql immutable parallel safe as
        $$ begin return case_file.plain(concat_ws(' ', known_as, first_names, last_name, array_to_string(previous, ' '))); end $$;

      create table case_file.setting (
        id uuid primary key,
        authority_id text not null,
        name text not null,
        urn text check (urn ~ '^[0-9]{6}$'),
        kind text not null,
        phase text,
        address_lines text[] not null default '{}',
        postcode text,
        email text,
        phone text,
        head_title text not null default 'Head teacher',
        senco_name text,
        section_41 boolean not null default false,
        maintained_by text,
        open_from date,
        open_until date,
        unique (authority_id, id),
        unique (authority_id, urn)
      );
      create table case_file.setting_term (
        id uuid primary key,
        authority_id text not null,
        setting_id uuid not null,
        name text not null,
        first_day date not null,
        last_day date not null check (last_day >= first_day),
        without_session date[] not null default '{}',
        foreign key (authority_id, setting_id) references case_file.setting (authority_id, id),
        unique (setting_id, first_day)
      );
      comment on table case_file.setting_term is 'Both days are in session; days in between without one (training days) are listed.';

      create table case_file.reference_counter (
        authority_id text primary key references access.authority,
        last integer not null check (last >= 0)
      );

      create table case_file.person (
        id uuid primary key,
        authority_id text not null,
        kind text not null check (kind in ('child', 'adult', 'professional')),
        title text,
        first_names text not null,
        last_name text not null,
        previous_names text[] not null default '{}',
        organisation text,
        job_title text,
        created_at timestamptz not null default clock_timestamp(),
        unique (authority_id, id)
      );

      create table case_file.child (
        id uuid primary key,
        authority_id text not null,
        reference text not null check (reference ~ '^[A-Z0-9-]{6,24}$'),
        person_id uuid not null,
        known_as text not null,
        first_names text not null,
        last_name text not null,
        previous_names text[] not null default '{}',
        date_of_birth date not null,
        sex text not null default 'not-known' check (sex in ('F', 'M', 'not-known')),
        ethnicity text,
        upn text check (upn ~ '^[A-Z][0-9]{11}[0-9A-Z]$'),
        upn_unknown_reason text,
        nhs_number text check (nhs_number ~ '^[0-9]{10}$'),
        primary_need text,
        setting_id uuid,
        year_group integer check (year_group between -1 and 20),
        looked_after boolean,
        service_family boolean,
        own_views_private boolean not null default false,
        classification text not null default 'standard' check (classification in ('standard', 'private', 'restricted')),
        team text,
        caseworker_id uuid,
        demo boolean not null default false,
        seed text,
        version integer not null default 1,
        created_at timestamptz not null default clock_timestamp(),
        search_names text generated always as (case_file.all_names(known_as, first_names, last_name, previous_names)) stored,
        unique (authority_id, id),
        unique (authority_id, reference),
        unique (authority_id, person_id),
        foreign key (authority_id, person_id) references case_file.person (authority_id, id),
        foreign key (authority_id, setting_id) references case_file.setting (authority_id, id),
        foreign key (authority_id, caseworker_id) references access.staff (authority_id, id)
      );
      comment on column case_file.child.year_group is 'Only where the child is taught out of their year; otherwise counted from the date of birth.';
      comment on column case_file.child.looked_after is 'Null means not known, which is not the same as no.';
      create index child_upn on case_file.child (authority_id, upn);
      create index child_nhs_number on case_file.child (authority_id, nhs_number);
      create index child_born on case_file.child (authority_id, date_of_birth);
      create index child_caseworker on case_file.child (authority_id, caseworker_id);
      create index child_setting on case_file.child (authority_id, setting_id);

      alter table access.case_grant add foreign key (authority_id, child_id) references case_file.child (authority_id, id);

      create table case_file.contact_point (
        id uuid primary key,
        authority_id text not null,
        person_id uuid not null,
        kind text not null check (kind in ('phone', 'email')),
        value text not null check (length(value) <= 254),
        from_day date not null,
        until_day date check (until_day >= from_day),
        recorded_by text not null,
        foreign key (authority_id, person_id) references case_file.person (authority_id, id)
      );
      create unique index contact_point_now on case_file.contact_point (person_id, kind) where until_day is null;

      create table case_file.relationship (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        person_id uuid not null,
        kind text not null check (kind in ('self', 'parent', 'step-parent', 'carer', 'guardian', 'foster-carer',
          'social-worker', 'virtual-school-head', 'representative', 'supporter', 'professional')),
        parental_responsibility text not null default 'not-known'
          check (parental_responsibility in ('yes', 'no', 'not-known', 'court-limited')),
        limits text,
        evidence_seen text,
        from_day date not null,
        until_day date check (until_day >= from_day),
        receives jsonb,
        receives_refused_reason text
          check (receives_refused_reason in ('court-order', 'risk-assessment', 'adoption')),
        receives_refused_evidence text,
        receives_refused_by uuid,
        young_person_agrees boolean not null default false,
        safe_channel text not null default 'post' check (safe_channel in ('post', 'email', 'portal', 'phone')),
        safe_hours text,
        language text not null default 'en',
        interpreter text,
        format text not null default 'standard'
          check (format in ('standard', 'large-print', 'easy-read', 'braille', 'audio', 'coloured-paper')),
        email_agreed boolean not null default false,
        recorded_by text not null,
        confirmed_by uuid,
        recorded_at timestamptz not null default clock_timestamp(),
        unique (authority_id, id),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, person_id) references case_file.person (authority_id, id),
        foreign key (authority_id, receives_refused_by) references access.staff (authority_id, id),
        foreign key (authority_id, confirmed_by) references access.staff (authority_id, id),
        -- "The other parent asked us not to" is not a reason: only these three are, each with its paper and a named person.
        check (receives_refused_reason is null or (receives_refused_evidence is not null and receives_refused_by is not null)),
        check (parental_responsibility <> 'court-limited' or limits is not null),
        check (confirmed_by::text <> recorded_by)
      );
      comment on column case_file.relationship.receives is 'Kinds of letters, as a JSON array; null means every letter a person in this relationship is entitled to.';
      create index relationship_of_child on case_file.relationship (authority_id, child_id);
      create index relationship_of_person on case_file.relationship (authority_id, person_id);

      create table case_file.capacity_decision (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        decision text not null,
        lacks_capacity boolean not null,
        decided_on date not null,
        assessor text not null,
        review_on date not null,
        representative_id uuid,
        until_day date check (until_day >= decided_on),
        recorded_by text not null,
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, representative_id) references case_file.person (authority_id, id)
      );

      create table case_file.address (
        id uuid primary key,
        authority_id text not null,
        person_id uuid not null,
        lines text[] not null check (cardinality(lines) between 1 and 5),
        postcode text not null,
        from_day date not null,
        until_day date check (until_day >= from_day),
        recorded_by text not null,
        foreign key (authority_id, person_id) references case_file.person (authority_id, id)
      );
      create unique index address_now on case_file.address (person_id) where until_day is null;

      -- The address itself is only ever here, encrypted under a key that the database never sees.
      create table case_file.protected_address (
        id uuid primary key,
        authority_id text not null,
        person_id uuid not null,
        ciphertext bytea not null,
        key_id text not null,
        set_by uuid not null,
        confirmed_by uuid not null check (confirmed_by <> set_by),
        reason text not null check (length(btrim(reason)) >= 20),
        from_day date not null,
        until_day date check (until_day >= from_day),
        lifted_by uuid,
        lift_confirmed_by uuid check (lift_confirmed_by <> lifted_by),
        foreign key (authority_id, person_id) references case_file.person (authority_id, id),
        foreign key (authority_id, set_by) references access.staff (authority_id, id),
        foreign key (authority_id, confirmed_by) references access.staff (authority_id, id),
        check (until_day is null or (lifted_by is not null and lift_confirmed_by is not null))
      );
      create unique index protected_address_now on case_file.protected_address (person_id) where until_day is null;

      create table case_file.adviser (
        id uuid primary key,
        authority_id text not null,
        kind text not null check (kind in ('health-commissioner', 'designated-clinical-officer', 'health-professional',
          'social-care', 'virtual-school', 'educational-psychology', 'sensory-teacher', 'preparation-for-adulthood',
          'other-authority', 'other')),
        name text not null,
        role text not null,
        organisation text,
        address_lines text[] not null default '{}',
        postcode text,
        email text,
        phone text,
        from_day date not null,
        until_day date check (until_day >= from_day),
        unique (authority_id, id)
      );
      create index adviser_of_kind on case_file.adviser (authority_id, kind);

      create table case_file.plan_version (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        kind text not null check (kind in ('draft', 'final', 'amended')),
        number integer not null check (number > 0),
        sections jsonb not null default '{}',
        provision jsonb not null default '[]',
        named_setting_id uuid,
        setting_type text,
        issued_on date,
        version integer not null default 1,
        created_by text not null,
        created_at timestamptz not null default clock_timestamp(),
        frozen_by text,
        frozen_at timestamptz,
        unique (authority_id, id),
        unique (authority_id, child_id, number),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, named_setting_id) references case_file.setting (authority_id, id)
      );
      create function case_file.keep_frozen() returns trigger language plpgsql as $$
        begin
          if old.frozen_at is not null then
            raise exception 'A frozen plan version cannot be changed.' using errcode = 'restrict_violation';
          end if;
          return case when tg_op = 'DELETE' then old else new end;
        end $$;
      create trigger frozen_stays before update or delete on case_file.plan_version
        for each row execute function case_file.keep_frozen();

      create table case_file.document (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        type text not null,
        title text not null,
        author text not null,
        dated date not null,
        sensitivity text not null default 'standard'
          check (sensitivity in ('standard', 'medical', 'third-party', 'safeguarding')),
        file_name text not null check (length(file_name) <= 200),
        media_type text not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        bytes bytea not null,
        pages integer check (pages > 0),
        scan text not null default 'waiting' check (scan in ('waiting', 'clean', 'infected')),
        replaces_id uuid,
        recorded_by text not null,
        recorded_at timestamptz not null default clock_timestamp(),
        hidden_by text,
        hidden_at timestamptz,
        hidden_reason text,
        unique (authority_id, id),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, replaces_id) references case_file.document (authority_id, id),
        check (sha256 = encode(sha256(bytes), 'hex')),
        check ((hidden_at is null) = (hidden_reason is null))
      );
      create index document_of_child on case_file.document (authority_id, child_id);
      create function case_file.keep_document() returns trigger language plpgsql as $$
        begin
          if (new.bytes, new.sha256, new.child_id, new.recorded_by, new.recorded_at)
             is distinct from (old.bytes, old.sha256, old.child_id, old.recorded_by, old.recorded_at) then
            raise exception 'A document is never changed; record a new one that replaces it.' using errcode = 'restrict_violation';
          end if;
          return new;
        end $$;
      create trigger document_stays before update on case_file.document
        for each row execute function case_file.keep_document();

      create table case_file.advice (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        request_id uuid not null,
        adviser_id uuid,
        setting_id uuid,
        advice_from text not null,
        author_name text not null,
        author_role text not null,
        summary_need text not null,
        summary_provision text not null,
        summary_outcome text not null,
        document_id uuid,
        received_on date not null,
        recorded_by text not null,
        recorded_at timestamptz not null default clock_timestamp(),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, adviser_id) references case_file.adviser (authority_id, id),
        foreign key (authority_id, setting_id) references case_file.setting (authority_id, id),
        foreign key (authority_id, document_id) references case_file.document (authority_id, id)
      );
      create index advice_of_child on case_file.advice (authority_id, child_id);
      create index advice_of_request on case_file.advice (authority_id, request_id);

      create table case_file.note (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        kind text not null default 'note' check (kind in ('note', 'call', 'email', 'meeting', 'visit', 'family-views', 'child-views')),
        text text not null check (length(text) between 1 and 20000),
        happened_on date not null,
        reply_due date,
        written_by text not null,
        on_behalf_of text,
        written_at timestamptz not null default clock_timestamp(),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id)
      );
      create index note_of_child on case_file.note (authority_id, child_id);

      create table case_file.notice (
        id uuid primary key,
        authority_id text not null,
        key text not null,
        kind text not null check (kind in ('task', 'notice')),
        staff_id uuid,
        team text,
        child_id uuid,
        run_id uuid,
        reminder_id uuid,
        text text not null,
        due_on date,
        made_at timestamptz not null default clock_timestamp(),
        done_at timestamptz,
        done_by text,
        unique (authority_id, key),
        foreign key (authority_id, staff_id) references access.staff (authority_id, id),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        check ((done_at is null) = (done_by is null))
      );
      comment on column case_file.notice.key is 'What the notice is about, so that the same reminder or held letter raises it once.';
      create index notice_open on case_file.notice (authority_id, staff_id) where done_at is null;
      create index notice_of_child on case_file.notice (authority_id, child_id);

      create table case_file.duplicate_check (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        considered uuid[] not null,
        outcome text not null check (outcome in ('match', 'new')),
        reasons jsonb not null,
        why text not null check (length(btrim(why)) > 0),
        confirmed_by text not null,
        confirmed_at timestamptz not null default clock_timestamp(),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id)
      );
      create index duplicate_check_of_child on case_file.duplicate_check (authority_id, child_id);
    `);
    for (const table of PROTECTED) {
      await runner.query(`select public.protect('case_file.${table}'::regclass)`);
    }
    await runner.query(`
      grant select, insert, update on all tables in schema case_file to send_app;
      -- Nothing in a case file is thrown away by a person at a screen: rows end, are hidden or are replaced.
      revoke delete, truncate on all tables in schema case_file from send_app;
      revoke update on case_file.advice, case_file.note, case_file.duplicate_check from send_app;
      grant delete on case_file.setting_term to send_app;

      revoke all on case_file.protected_address from send_app;
      grant select (id, authority_id, person_id, key_id, set_by, confirmed_by, from_day, until_day, lifted_by, lift_confirmed_by)
        on case_file.protected_address to send_app;
      grant insert on case_file.protected_address to send_app;
      grant update (until_day, lifted_by, lift_confirmed_by) on case_file.protected_address to send_app;

      -- The one way to the ciphertext. It leaves its audit row in the same transaction, whoever calls it and however.
      create function case_file.open_protected_address(wanted_person uuid, wanted_on date, about_child uuid, reader text, reader_role text, why text)
        returns table (id uuid, ciphertext bytea, key_id text)
        language plpgsql security definer set search_path = pg_catalog as $$
        begin
          if length(btrim(coalesce(why, ''))) < 20 then
            raise exception 'Give a reason of at least 20 characters.' using errcode = 'check_violation';
          end if;
          if coalesce(current_setting('app.authority', true), '') = '' then
            raise exception 'No authority is set.' using errcode = 'insufficient_privilege';
          end if;
          insert into access.audit (authority_id, actor, role, action, child_id, object, fields, outcome, reason)
            values (current_setting('app.authority', true), reader, reader_role, 'readProtectedAddress',
                    about_child, 'person ' || wanted_person, '{address}', 'done', btrim(why));
          return query
            select p.id, p.ciphertext, p.key_id from case_file.protected_address p
            where p.authority_id = current_setting('app.authority', true) and p.person_id = wanted_person
              and p.from_day <= wanted_on and (p.until_day is null or wanted_on < p.until_day);
        end $$;
      revoke all on function case_file.open_protected_address from public;
      grant execute on function case_file.open_protected_address to send_app;
    `);
  }

  /** Forward only: families' records are never dropped by a deployment. */
  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

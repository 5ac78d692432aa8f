import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who acts, for whom, in which role; their sessions; and the audit with its seals. */
export class CreateAccess implements MigrationInterface {
  name = 'CreateAccess1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`

      create table access.authority (
        id text primary key check (id ~ '^[a-z][a-z0-9-]{1,39}$'),
        name text not null,
        number text not null check (number ~ '^[0-9]{3}$'),
        reference_prefix text not null check (reference_prefix ~ '^[A-Z]{2,8}$'),
        letter_details jsonb not null default '{}'
      );
      alter table access.authority enable row level security;
      alter table access.authority force row level security;
      -- Public directory entries: the sign-in page names every authority before anybody is signed in to one.
      create policy public_directory on access.authority for select using (true);
      create policy own_entry on access.authority for all
        using (id = current_setting('app.authority', true)) with check (id = current_setting('app.authority', true));
      grant select, insert, update on access.authority to send_app;

      create table access.staff (
        id uuid primary key,
        authority_id text not null references access.authority,
        name text not null check (length(name) between 1 and 120),
        email text not null check (length(email) <= 254),
        roles text[] not null check (cardinality(roles) > 0 and roles <@ array['CW','SM','PC','PM','AV','SE','PA','YP','IA','AD','AU']),
        job_title text,
        team text,
        phone text,
        active_from date not null,
        active_until date check (active_until >= active_from),
        unique (authority_id, id)
      );
      create unique index staff_email on access.staff (authority_id, lower(email));

      create table access.case_grant (
        id uuid primary key,
        authority_id text not null,
        staff_id uuid not null,
        child_id uuid not null,
        kind text not null check (kind in ('assigned', 'team', 'named', 'excluded')),
        from_day date not null,
        until_day date check (until_day >= from_day),
        reason text,
        given_by text not null,
        ended_by text,
        foreign key (authority_id, staff_id) references access.staff (authority_id, id),
        check (kind <> 'excluded' or reason is not null)
      );
      create index case_grant_of_staff on access.case_grant (authority_id, staff_id, child_id);
      create index case_grant_of_child on access.case_grant (authority_id, child_id);

      create table access.session (
        id_hash text primary key check (id_hash ~ '^[0-9a-f]{64}$'),
        authority_id text not null,
        staff_id uuid not null,
        created_at timestamptz not null,
        signed_in_at timestamptz not null,
        last_seen_at timestamptz not null,
        ended_at timestamptz,
        foreign key (authority_id, staff_id) references access.staff (authority_id, id)
      );
      create index session_of_staff on access.session (authority_id, staff_id) where ended_at is null;

      create table access.audit (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        at timestamptz not null default clock_timestamp(),
        actor text not null,
        role text,
        on_behalf_of text,
        action text not null,
        child_id uuid,
        run_id uuid,
        object text,
        fields text[] not null default '{}',
        outcome text not null check (outcome in ('done', 'refused', 'failed')),
        reason text,
        request_id text
      );
      create index audit_in_order on access.audit (authority_id, id);
      create index audit_of_child on access.audit (authority_id, child_id, at);
      create index audit_of_actor on access.audit (authority_id, actor, at);

      create table access.audit_seal (
        authority_id text not null,
        position bigint not null check (position > 0),
        audit_id uuid not null unique,
        previous text not null,
        hash text not null,
        sealed_at timestamptz not null default clock_timestamp(),
        primary key (authority_id, position)
      );
    `);
    for (const table of ['staff', 'case_grant', 'session', 'audit', 'audit_seal']) {
      await runner.query(`select public.protect('access.${table}'::regclass)`);
    }
    await runner.query(`
      grant select, insert, update on access.staff, access.case_grant, access.session to send_app;
      revoke delete, truncate on access.authority, access.staff, access.case_grant, access.session from send_app;
      -- Append only: the application can neither change nor remove what it has written.
      revoke all on access.audit, access.audit_seal from send_app;
      grant select, insert on access.audit, access.audit_seal to send_app;
    `);
  }

  /** Forward only: an audit that can be dropped is no audit. */
  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

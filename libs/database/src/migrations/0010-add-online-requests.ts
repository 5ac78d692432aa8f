import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Requests for an assessment that come online, from people who have no account. The form writes under a role of its own,
 * which can put a request in and can read no request, no child and no case: not by a fault of a page, as the database
 * itself says no.
 */
export class AddOnlineRequests implements MigrationInterface {
  name = 'AddOnlineRequests1790000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'send_public') then
          create role send_public nologin nosuperuser nobypassrls nocreatedb nocreaterole;
        end if;
        -- Not inherited: the application takes the role on for one transaction, and loses its own rights in it.
        if not exists (select from pg_auth_members where roleid = 'send_public'::regrole and member = 'send_app'::regrole) then
          grant send_public to send_app with inherit false, set true;
        end if;
      end $$;

      -- Answers on their way through the form. The browser's cookie is the only key to them; here is its hash.
      create table case_file.online_draft (
        authority_id text not null references access.authority,
        id_hash text not null check (id_hash ~ '^[0-9a-f]{64}$'),
        ciphertext bytea check (length(ciphertext) <= 65536),
        key_id text,
        ends_at timestamptz not null,
        -- What a page shown again may say once the answers are sent and gone from here.
        reference text,
        received_on date,
        asked_by text,
        primary key (authority_id, id_hash),
        check ((ciphertext is null) = (key_id is null)),
        check ((reference is null) = (received_on is null) and (reference is null) = (asked_by is null)),
        check ((reference is null) <> (ciphertext is null))
      );
      create index online_draft_ending on case_file.online_draft (authority_id, ends_at);

      -- The content may carry an address that is not to be shared, so all of it is kept as such addresses are.
      create table case_file.online_request (
        id uuid primary key,
        authority_id text not null references access.authority,
        reference text not null check (reference ~ '^[A-Z0-9-]{6,24}$'),
        draft text not null,
        asked_by text not null check (asked_by in ('parent', 'young-person', 'school', 'other')),
        address_protected boolean not null,
        received_on date not null,
        received_at timestamptz not null,
        ciphertext bytea not null check (length(ciphertext) <= 65536),
        key_id text not null,
        outcome text check (outcome in ('opened', 'duplicate', 'not-a-request', 'test')),
        settled_by uuid,
        settled_at timestamptz,
        why text check (length(btrim(why)) between 1 and 5000),
        child_id uuid,
        run_id uuid,
        unique (authority_id, id),
        unique (authority_id, reference),
        unique (authority_id, draft),
        foreign key (authority_id, settled_by) references access.staff (authority_id, id),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        check ((outcome is null) = (settled_by is null) and (outcome is null) = (settled_at is null)),
        -- Opened into a case, or closed for a reason that is kept: nothing goes without a trace.
        check (coalesce(outcome, '') <> 'opened' or (child_id is not null and run_id is not null)),
        check (coalesce(outcome, 'opened') = 'opened' or (why is not null and child_id is null and run_id is null))
      );
      create index online_request_waiting on case_file.online_request (authority_id, received_at) where outcome is null;
      create index online_request_of_child on case_file.online_request (authority_id, child_id);

      create function case_file.keep_settled() returns trigger language plpgsql as $$
        begin
          if old.outcome is not null then
            raise exception 'An online request is opened or closed once.' using errcode = 'restrict_violation';
          end if;
          return new;
        end $$;
      create trigger settled_stays before update on case_file.online_request
        for each row execute function case_file.keep_settled();

      select public.protect('case_file.online_draft'::regclass), public.protect('case_file.online_request'::regclass);

      revoke all on case_file.online_draft, case_file.online_request from send_app, send_public;
      grant usage on schema access, case_file to send_public;
      grant select on access.authority to send_public;
      grant insert on access.audit, case_file.online_request to send_public;
      grant select, insert, update, delete on case_file.online_draft to send_public;

      grant select (id, authority_id, reference, asked_by, address_protected, received_on, received_at, outcome, settled_by,
          settled_at, why, child_id, run_id)
        on case_file.online_request to send_app;
      grant update (outcome, settled_by, settled_at, why, child_id, run_id) on case_file.online_request to send_app;

      -- The one way to what was sent. It leaves its audit row in the same transaction, whoever calls it and however.
      create function case_file.open_online_request(wanted uuid, reader text, reader_role text, read_fields text[], reason text)
        returns table (ciphertext bytea, key_id text)
        language plpgsql security definer set search_path = pg_catalog as $$
        begin
          if coalesce(current_setting('app.authority', true), '') = '' then
            raise exception 'No authority is set.' using errcode = 'insufficient_privilege';
          end if;
          insert into access.audit (authority_id, actor, role, action, object, fields, outcome, reason)
            values (current_setting('app.authority', true), reader, reader_role, 'readOnlineRequest',
                    'online request ' || wanted, read_fields, 'done', reason);
          return query
            select r.ciphertext, r.key_id from case_file.online_request r
            where r.authority_id = current_setting('app.authority', true) and r.id = wanted;
        end $$;
      revoke all on function case_file.open_online_request from public;
      grant execute on function case_file.open_online_request to send_app;
    `);
  }

  /** Forward only: families' records are never dropped by a deployment. */
  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

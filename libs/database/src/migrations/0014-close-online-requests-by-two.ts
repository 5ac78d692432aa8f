import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An online request is a request in law: whoever says that it is none, or only a test, needs a second person. One that was
 * sent twice names the other. And each filling-in of the public form is told from the one before by a mark of its own.
 */
export class CloseOnlineRequestsByTwo implements MigrationInterface {
  name = 'CloseOnlineRequestsByTwo1790000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The cookie of a browser outlives a draft: what was sent is told apart by the draft, not by the browser.
      alter table case_file.online_draft add column attempt uuid not null default gen_random_uuid();

      alter table case_file.online_request
        add column closing text check (closing in ('not-a-request', 'test')),
        add column closing_why text check (length(btrim(closing_why)) between 1 and 5000),
        add column closing_by uuid,
        add column closing_at timestamptz,
        add column duplicate_of uuid,
        add column duplicate_of_child uuid,
        add column reminded integer not null default 0 check (reminded between 0 and 2),
        add foreign key (authority_id, closing_by) references access.staff (authority_id, id),
        add foreign key (authority_id, duplicate_of) references case_file.online_request (authority_id, id),
        add foreign key (authority_id, duplicate_of_child) references case_file.child (authority_id, id),
        add check ((closing is null) = (closing_why is null) and (closing is null) = (closing_by is null)
          and (closing is null) = (closing_at is null)),
        add check (duplicate_of <> id),
        add check (coalesce(outcome, '') = 'duplicate' or (duplicate_of is null and duplicate_of_child is null)),
        -- What was closed before this rule stays as it was.
        add constraint closed_by_two check
          (coalesce(outcome, 'opened') not in ('not-a-request', 'test') or (closing = outcome and closing_by <> settled_by)) not valid,
        add constraint duplicate_names_another check
          (coalesce(outcome, '') <> 'duplicate' or (duplicate_of is null) <> (duplicate_of_child is null)) not valid;
      comment on column case_file.online_request.closing is
        'Proposed by one person and waiting for a second: the request goes on waiting until outcome says the same.';
      comment on column case_file.online_request.reminded is
        'How often its team was reminded that nobody has opened it: by the day of acknowledgement, and a week before the decision.';
      create index online_request_duplicates on case_file.online_request (authority_id, duplicate_of) where duplicate_of is not null;

      grant select (closing, closing_why, closing_by, closing_at, duplicate_of, duplicate_of_child, reminded),
        update (closing, closing_why, closing_by, closing_at, duplicate_of, duplicate_of_child, reminded)
        on case_file.online_request to send_app;

      -- The case that a request led to, by itself or through the one it repeats: who may not see that case may not see it.
      create function case_file.case_of_online_request(wanted uuid) returns uuid language sql stable as $$
        with recursive chain as (
          select r.id, coalesce(r.child_id, r.duplicate_of_child) as found, r.duplicate_of
            from case_file.online_request r where r.id = wanted
          union
          select r.id, coalesce(r.child_id, r.duplicate_of_child), r.duplicate_of
            from chain c join case_file.online_request r on r.id = c.duplicate_of
        )
        select found from chain where found is not null limit 1
      $$;
    `);
  }

  /** Forward only: families' records are never dropped by a deployment. */
  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a caseworker records about people after the request: orders and evidence, endings and protections that wait for a
 * second person. A protected address gets a mark of its place, made with a key that the database never sees, so that the
 * same place typed for somebody else can be told without opening anything.
 */
export class ChangePeopleAfterwards implements MigrationInterface {
  name = 'ChangePeopleAfterwards1790000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table case_file.relationship
        add column order_date date,
        add column evidence_seen_by uuid,
        add column responsibility_from date,
        add column responsibility_until date check (responsibility_until > responsibility_from),
        add column may_answer text check (length(may_answer) <= 200),
        add column end_on date,
        add column end_reason text check (length(btrim(end_reason)) > 0),
        add column end_asked_by text,
        add column end_confirmed_by uuid,
        add foreign key (authority_id, evidence_seen_by) references access.staff (authority_id, id),
        add foreign key (authority_id, end_confirmed_by) references access.staff (authority_id, id),
        add check (end_confirmed_by::text <> end_asked_by),
        add check ((end_on is null) = (end_reason is null) and (end_on is null) = (end_asked_by is null));
      comment on column case_file.relationship.responsibility_until is
        'The first day on which what is recorded of parental responsibility no longer holds. From then on nothing is sent before it is recorded anew.';
      comment on column case_file.relationship.end_on is
        'Asked for. It has effect once until_day is set: for a member of the family, when a second person has agreed.';

      -- To hide an address takes one person, at once, and a second agrees afterwards; to show it again takes two.
      alter table case_file.protected_address
        alter column confirmed_by drop not null,
        add column place_mark bytea check (octet_length(place_mark) = 32),
        add column replaced_by uuid,
        add column lift_asked_by uuid,
        add column lift_asked_on date,
        add column lift_reason text check (length(btrim(lift_reason)) >= 20),
        add foreign key (authority_id, lift_asked_by) references access.staff (authority_id, id),
        add foreign key (authority_id, replaced_by) references access.staff (authority_id, id),
        add check ((lift_asked_by is null) = (lift_reason is null) and (lift_asked_by is null) = (lift_asked_on is null));
      do $$
      declare rule record;
      begin
        for rule in select conname from pg_constraint where conrelid = 'case_file.protected_address'::regclass and contype = 'c'
          and pg_get_constraintdef(oid) like '%until_day IS NULL%lifted_by IS NOT NULL%'
        loop execute format('alter table case_file.protected_address drop constraint %I', rule.conname); end loop;
      end $$;
      alter table case_file.protected_address add constraint lifted_by_two_or_replaced
        check (until_day is null or replaced_by is not null or (lifted_by is not null and lift_confirmed_by is not null));

      grant select (reason, replaced_by, lift_asked_by, lift_asked_on, lift_reason) on case_file.protected_address to send_app;
      grant update (confirmed_by, place_mark, replaced_by, lift_asked_by, lift_asked_on, lift_reason)
        on case_file.protected_address to send_app;

      -- A mark can be compared and never selected: equal marks would say who lives with whom.
      create function case_file.protected_at_place(people uuid[], marks bytea[], wanted_on date)
        returns table (id uuid, person_id uuid, unmarked boolean)
        language sql stable security definer set search_path = pg_catalog as $$
          select p.id, p.person_id, p.place_mark is null from case_file.protected_address p
          where p.authority_id = current_setting('app.authority', true) and p.person_id = any(people)
            and p.from_day <= wanted_on and (p.until_day is null or wanted_on < p.until_day)
            and (p.place_mark is null or p.place_mark = any(marks))
        $$;
      revoke all on function case_file.protected_at_place from public;
      grant execute on function case_file.protected_at_place to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A letter that went by post although another way was recorded as the safe one says so. What is blotted out beside an
 * address not to be shared is kept, sealed, so that it comes back when two have agreed that the address may be shared.
 */
export class GuardWherePeopleAreReached implements MigrationInterface {
  name = 'GuardWherePeopleAreReached1790000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table letters.letter add column post_instead_of text check (post_instead_of in ('email', 'portal'));
      comment on column letters.letter.post_instead_of is
        'The way recorded as safe for the reader when a second person let the letter go by post. The reason is in the audit.';

      create table case_file.hidden_address (
        id uuid primary key,
        authority_id text not null,
        person_id uuid not null,
        address_id uuid not null references case_file.address (id),
        hidden_for uuid not null references case_file.protected_address (id),
        ciphertext bytea not null,
        key_id text not null,
        was_open boolean not null,
        restored_at timestamptz,
        foreign key (authority_id, person_id) references case_file.person (authority_id, id)
      );
      comment on table case_file.hidden_address is
        'What an open address said before it was blotted out beside an address not to be shared.';
      create unique index hidden_address_now on case_file.hidden_address (address_id) where restored_at is null;
      create index hidden_address_for on case_file.hidden_address (hidden_for) where restored_at is null;
      select public.protect('case_file.hidden_address'::regclass);

      revoke all on case_file.hidden_address from send_app;
      grant select (id, authority_id, person_id, address_id, hidden_for, key_id, was_open, restored_at)
        on case_file.hidden_address to send_app;
      grant insert on case_file.hidden_address to send_app;
      grant update (hidden_for, restored_at) on case_file.hidden_address to send_app;

      -- Given out only once two have lifted what it was hidden for.
      create function case_file.open_hidden_addresses(lifted uuid)
        returns table (id uuid, person_id uuid, address_id uuid, ciphertext bytea, key_id text, was_open boolean)
        language sql stable security definer set search_path = pg_catalog as $$
          select h.id, h.person_id, h.address_id, h.ciphertext, h.key_id, h.was_open from case_file.hidden_address h
          join case_file.protected_address p on p.id = h.hidden_for and p.authority_id = h.authority_id
          where h.authority_id = current_setting('app.authority', true) and h.hidden_for = lifted and h.restored_at is null
            and p.lifted_by is not null and p.lift_confirmed_by is not null
        $$;
      revoke all on function case_file.open_hidden_addresses from public;
      grant execute on function case_file.open_hidden_addresses to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

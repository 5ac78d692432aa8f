import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One letter for each recipient of a decision. Once it is sent its bytes, hash, values and date never change. */
export class CreateLetters implements MigrationInterface {
  name = 'CreateLetters1790000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table letters.letter (
        id uuid primary key,
        authority_id text not null,
        run_id uuid not null references engine.run,
        child_id uuid not null,
        fact_id uuid not null,
        group_key text not null,
        letter text not null,
        subject text,
        recipient text not null,
        status text not null check (status in ('drafted', 'approved', 'sent', 'held', 'cancelled')),
        written_by text not null,
        written_on date not null,
        approved_by text,
        approved_at timestamptz,
        returned_reason text,
        problem text,
        template_version text,
        values jsonb,
        title text,
        html text,
        pdf bytea,
        sha256 text,
        pages int,
        letter_date date,
        reference uuid not null unique default gen_random_uuid(),
        channel text,
        sent_on date,
        served_on date,
        unique (authority_id, group_key, recipient),
        check (status <> 'sent' or (sent_on is not null and sha256 is not null and letter_date = sent_on))
      );
      create index letter_of_run on letters.letter (authority_id, run_id);
      create index letter_of_child on letters.letter (authority_id, child_id);
      create index letter_to_approve on letters.letter (authority_id, written_on) where status = 'drafted';
      create index letter_held on letters.letter (authority_id) where status = 'held';

      create function letters.keep_what_was_sent() returns trigger language plpgsql as $$
      begin
        if old.status = 'sent' and (new.status, new.sha256, new.pdf, new.html, new.values, new.letter_date, new.sent_on, new.recipient, new.letter)
          is distinct from (old.status, old.sha256, old.pdf, old.html, old.values, old.letter_date, old.sent_on, old.recipient, old.letter)
        then
          raise exception 'A letter that was sent is never changed: send a correction' using errcode = '23514';
        end if;
        return new;
      end $$;
      create trigger keep_what_was_sent before update on letters.letter for each row execute function letters.keep_what_was_sent();
    `);
    await runner.query(`select public.protect('letters.letter'::regclass)`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

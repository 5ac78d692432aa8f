import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A letter that left before this system kept bytes has its values, and is set in type from them when it is first opened.
 * From then on, as for every other, nothing of it changes.
 */
export class TypesetOldLettersWhenOpened implements MigrationInterface {
  name = 'TypesetOldLettersWhenOpened1790000000007';

  async up(runner: QueryRunner): Promise<void> {
    const rows = (await runner.query(`
      select conname from pg_constraint
      where conrelid = 'letters.letter'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%sha256 IS NOT NULL%'
    `)) as { conname: string }[];
    for (const { conname } of rows) await runner.query(`alter table letters.letter drop constraint "${conname}"`);
    await runner.query(`
      alter table letters.letter add constraint sent_with_its_date_and_words check (
        status <> 'sent' or (sent_on is not null and letter_date = sent_on and (sha256 is not null or values is not null)));

      create or replace function letters.keep_what_was_sent() returns trigger language plpgsql as $$
      begin
        if old.status = 'sent' and (
          (new.status, new.values, new.letter_date, new.sent_on, new.recipient, new.letter)
            is distinct from (old.status, old.values, old.letter_date, old.sent_on, old.recipient, old.letter)
          or (old.sha256 is not null and (new.sha256, new.pdf, new.html) is distinct from (old.sha256, old.pdf, old.html)))
        then
          raise exception 'A letter that was sent is never changed: send a correction' using errcode = '23514';
        end if;
        return new;
      end $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

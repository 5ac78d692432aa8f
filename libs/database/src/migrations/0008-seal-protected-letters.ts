import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The file of a letter that prints an address not to be shared is kept encrypted, under the key of such addresses. */
export class SealProtectedLetters implements MigrationInterface {
  name = 'SealProtectedLetters1790000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table letters.letter
        add column pdf_sealed bytea,
        add column pdf_key text,
        add check ((pdf_sealed is null) = (pdf_key is null)),
        add check (pdf is null or pdf_sealed is null);

      create or replace function letters.keep_what_was_sent() returns trigger language plpgsql as $$
      begin
        if old.status = 'sent' and (
          (new.status, new.values, new.letter_date, new.sent_on, new.recipient, new.letter)
            is distinct from (old.status, old.values, old.letter_date, old.sent_on, old.recipient, old.letter)
          or (old.sha256 is not null and (new.sha256, new.pdf, new.pdf_sealed, new.html)
            is distinct from (old.sha256, old.pdf, old.pdf_sealed, old.html)))
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

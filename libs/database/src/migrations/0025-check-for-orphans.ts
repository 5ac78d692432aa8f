import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the check of each night found: dates that run on though their case is over. */
export class CheckForOrphans implements MigrationInterface {
  name = 'CheckForOrphans1790000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table engine.nightly_check (
        authority_id text not null,
        ran_on date not null,
        found jsonb not null default '[]',
        primary key (authority_id, ran_on)
      );
      select public.protect('engine.nightly_check'::regclass);
      grant select, insert on engine.nightly_check to send_app;
      grant update (found) on engine.nightly_check to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Needs and outcomes of a plan as items, so that each item of provision can say which it serves (Code 9.69). */
export class AddPlanItems implements MigrationInterface {
  name = 'AddPlanItems1790000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table case_file.plan_version
        add column needs jsonb not null default '[]' check (jsonb_typeof(needs) = 'array'),
        add column outcomes jsonb not null default '[]' check (jsonb_typeof(outcomes) = 'array');
      create index plan_version_issued on case_file.plan_version (authority_id, issued_on) where issued_on is not null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

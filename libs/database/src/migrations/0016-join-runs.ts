import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What one run was given by another: which fact of the target came from which source, and which run was begun from which.
 * The keys make each happen once. An authority’s own settings are dated rows: the newest that has begun counts.
 */
export class JoinRuns implements MigrationInterface {
  name = 'JoinRuns1790000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table engine.begun (
        run_id uuid primary key references engine.run,
        authority_id text not null,
        workflow text not null,
        source_run uuid not null references engine.run,
        alike text not null,
        unique (source_run, workflow, alike)
      );

      create table engine.given (
        fact_id uuid primary key references engine.fact,
        authority_id text not null,
        run_id uuid not null references engine.run,
        source_run uuid not null references engine.run,
        source text not null,
        command text not null,
        said jsonb not null,
        taken_back boolean not null default false
      );
      create unique index given_once on engine.given (run_id, source_run, source, command) where not taken_back;

      create table access.setting (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        name text not null check (name ~ '^[a-z][a-z0-9-]{2,59}$'),
        value jsonb not null,
        from_day date not null,
        decided_by text not null,
        reason text not null check (length(reason) between 3 and 1000),
        decided_at timestamptz not null default clock_timestamp()
      );
      create index setting_in_force on access.setting (authority_id, name, from_day desc, id desc);
    `);
    for (const table of ['engine.begun', 'engine.given', 'access.setting'])
      await runner.query(`select public.protect('${table}'::regclass)`);
    await runner.query(`
      grant select, insert on engine.begun, engine.given, access.setting to send_app;
      grant update (taken_back) on engine.given to send_app;
      grant update (alike) on engine.begun to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

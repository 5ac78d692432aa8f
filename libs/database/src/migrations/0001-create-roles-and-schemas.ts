import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The wall between authorities stands before the first table does: the application's role owns nothing and cannot
 * bypass row level security, and `protect` puts any table behind the wall, for its owner too.
 */
export class CreateRolesAndSchemas implements MigrationInterface {
  name = 'CreateRolesAndSchemas1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`do $$ begin
      if not exists (select from pg_roles where rolname = 'send_app') then
        create role send_app login nosuperuser nobypassrls nocreatedb nocreaterole;
      end if;
      if not exists (select from pg_roles where rolname = 'send_sweep') then
        create role send_sweep nologin nosuperuser nobypassrls nocreatedb nocreaterole;
      end if;
      if not pg_has_role(current_user, 'send_sweep', 'set') then
        execute format('grant send_sweep to %I with inherit true, set true', current_user);
      end if;
    end $$`);
    for (const schema of ['engine', 'letters', 'access', 'case_file']) {
      await runner.query(`create schema ${schema}`);
      await runner.query(`grant usage on schema ${schema} to send_app, send_sweep`);
      await runner.query(
        `alter default privileges in schema ${schema} grant select, insert, update on tables to send_app`,
      );
      await runner.query(`alter default privileges in schema ${schema} grant usage on sequences to send_app`);
    }
    await runner.query(`grant create on schema engine to send_sweep`);
    await runner.query(`revoke create on schema public from public`);
    await runner.query(`
      create function public.protect(target regclass) returns void language plpgsql as $$
      begin
        execute format('alter table %s enable row level security', target);
        execute format('alter table %s force row level security', target);
        execute format('create policy authority_wall on %s '
          'using (authority_id = current_setting(''app.authority'', true)) '
          'with check (authority_id = current_setting(''app.authority'', true))', target);
      end $$`);
    await runner.query(`comment on function public.protect(regclass) is
      'Puts a table with an authority_id behind the wall between authorities. Call it in the migration that makes the table.'`);
    await runner.query(`
      create function public.let_sweep(target regclass) returns void language plpgsql as $$
      begin
        execute format('grant select, update on %s to send_sweep', target);
        execute format('create policy sweep on %s to send_sweep using (true) with check (true)', target);
      end $$`);
    await runner.query(`comment on function public.let_sweep(regclass) is
      'Opens a protected table to functions owned by send_sweep (security definer): the only eyes that see every authority, '
      'and they may give out no more than a row id and its authority.'`);
    await runner.query(`revoke execute on function public.protect(regclass), public.let_sweep(regclass) from public`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

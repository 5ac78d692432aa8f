import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, EmbeddedPostgres, isAlive, migrate, projectFolder } from '../libs/database/src/index';

/** One PostgreSQL for every test run of this clone at the same time: quick, and not safe against power cuts. */
export function testCluster(): EmbeddedPostgres {
  // Spec files run in workers that come and go: the run itself keeps the server up until its teardown.
  const run = Number(process.env['TEST_RUN_PID'] ?? process.pid);
  return new EmbeddedPostgres({
    folder: join(dataFolder(), 'test'),
    durable: false,
    user: run,
    settings: { max_connections: '200', shared_preload_libraries: 'pg_stat_statements' },
  });
}

/** A new database with every migration in it, copied from one that was migrated once for all spec files. */
export async function createTestDatabase(cluster: EmbeddedPostgres): Promise<string> {
  const template = `send_template_${fingerprintOfMigrations()}`;
  const name = `test_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;
  await cluster.asSuperuser('postgres', async (client) => {
    await client.query('select pg_advisory_lock(732003)');
    const known = await client.query('select datallowconn from pg_database where datname = $1', [template]);
    if (known.rowCount === 0 || (known.rows as { datallowconn: boolean }[])[0]?.datallowconn) {
      // A template that still takes connections was left half made by a run that was killed.
      await client.query(`drop database if exists ${template} with (force)`);
      await cluster.createDatabase(template);
      await migrate(cluster.url(template, 'send_owner'));
      await client.query(`alter database ${template} with allow_connections false`);
    }
    await client.query('select pg_advisory_unlock(732003)');
    await client.query(`create database ${name} template ${template} owner send_owner`);
  });
  return name;
}

export async function dropTestDatabase(cluster: EmbeddedPostgres, name: string): Promise<void> {
  await cluster.asSuperuser('postgres', (client) => client.query(`drop database if exists ${name} with (force)`));
}

/** What killed runs left behind, and templates of migrations as they were. */
export async function sweepTestDatabases(cluster: EmbeddedPostgres): Promise<void> {
  const current = `send_template_${fingerprintOfMigrations()}`;
  await cluster.asSuperuser('postgres', async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_database where datname like 'test\\_%' or datname like 'send\\_template\\_%'",
    );
    for (const { datname } of rows) {
      const maker = /^test_(\d+)_/.exec(datname)?.[1];
      const abandoned = maker === undefined ? datname !== current : !isAlive(Number(maker));
      if (abandoned) await client.query(`drop database if exists ${datname} with (force)`);
    }
  });
}

function fingerprintOfMigrations(): string {
  const folder = join(projectFolder(), 'libs/database/src/migrations');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.ts') && !file.endsWith('.spec.ts')) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

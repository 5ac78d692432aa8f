import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from './migrations';

/** Any number: it only has to be the same for all who migrate. */
const migrationLock = 732_002;

/** Brings a database to the present shape, as its owner. Gives the names of the migrations that it ran. */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: ownerUrl });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    const source = new DataSource({
      type: 'postgres',
      driver: pg,
      url: ownerUrl,
      migrations,
      migrationsTableName: 'migration',
      migrationsTransactionMode: 'each',
      synchronize: false,
      installExtensions: false,
      poolSize: 2,
    });
    await source.initialize();
    try {
      return (await source.runMigrations()).map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}

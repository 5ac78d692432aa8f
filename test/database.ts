import { Database, type Entity, type Row } from '@send/database';
import pg from 'pg';
import { createTestDatabase, dropTestDatabase, testCluster } from './cluster';

export interface TestDatabase {
  database: Database;
  /** Sees over the wall: for what a spec arranges and counts, never for what it tests. */
  ownerQuery: <T extends object = Row>(sql: string, params?: readonly unknown[]) => Promise<T[]>;
  /** The application's address of this database, for a process that a spec starts. */
  url: string;
  ownerUrl: string;
  close: () => Promise<void>;
}

/** A real, migrated, empty database of this spec file's own. Close it in `afterAll`. */
export async function openTestDatabase(
  options: { entities?: Entity[]; poolSize?: number } = {},
): Promise<TestDatabase> {
  const cluster = testCluster();
  await cluster.start();
  const name = await createTestDatabase(cluster);
  const url = cluster.url(name, 'send_app');
  const database = await Database.open({ url, entities: options.entities ?? [], poolSize: options.poolSize ?? 10 });
  const overTheWall = new pg.Pool({ connectionString: cluster.url(name, 'postgres'), max: 2 });
  overTheWall.on('error', () => undefined);
  return {
    database,
    url,
    ownerUrl: cluster.url(name, 'send_owner'),
    ownerQuery: async <T extends object>(sql: string, params: readonly unknown[] = []) =>
      (await overTheWall.query<T & pg.QueryResultRow>(sql, [...params])).rows,
    close: async () => {
      await database.close();
      await overTheWall.end();
      await dropTestDatabase(cluster, name);
    },
  };
}

import pg from 'pg';
import { migrate } from '@send/database';
import { type ConsoleDatabase, dropDatabase } from './console-database';

/**
 * Loads the county into an empty embedded database. A mark on the database tells a load that was interrupted (it is
 * thrown away and begun again) from a county in use, which is never touched. False: there was nothing to load.
 */
export async function loadCountyOnce(
  database: ConsoleDatabase,
  load: (where: { url: string; ownerUrl: string }) => Promise<unknown>,
  say: (words: string) => void,
): Promise<boolean> {
  const { server } = database;
  if (!server) return false;
  const name = new URL(database.ownerUrl).pathname.slice(1);
  const marked = async (mark?: string) =>
    server.asSuperuser('postgres', async (client) => {
      if (mark) await client.query(`comment on database ${pg.escapeIdentifier(name)} is ${pg.escapeLiteral(mark)}`);
      const { rows } = await client.query<{ mark: string | null }>(
        `select shobj_description(oid, 'pg_database') as mark from pg_database where datname = $1`,
        [name],
      );
      return rows[0]?.mark;
    });
  if ((await marked()) === 'county: loading') {
    say('The last loading of the county was interrupted: beginning again');
    await dropDatabase(server, name);
    await server.createDatabase(name);
    await migrate(database.ownerUrl);
  }
  const empty = await server.asSuperuser(name, async (client) => {
    const { rows } = await client.query<{ empty: boolean }>(
      'select not exists (select from case_file.person) as empty',
    );
    return rows[0]?.empty ?? false;
  });
  if (!empty) return false;
  say('Loading the demonstration county (invented people, once)');
  await marked('county: loading');
  await load({ url: database.url, ownerUrl: database.ownerUrl });
  await marked('county: loaded');
  return true;
}

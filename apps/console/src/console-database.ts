import { dataFolder, EmbeddedPostgres, migrate } from '@send/database';
import pg from 'pg';
import { readConfig } from './config';

export interface ConsoleDatabase {
  /** The application's role: what the apps use. */
  url: string;
  /** The owner's role: migrations, and loading in bulk. */
  ownerUrl: string;
  /** Undefined when the database is somebody else's (DATABASE_URL). */
  server: EmbeddedPostgres | undefined;
  /** Ends this command's use of the embedded server, which stops when nobody else is on it. */
  release: () => Promise<void>;
}

export interface WhichDatabase {
  /** Of the embedded server: `send` is the county's; a command that tries things out takes one of its own. */
  name?: string;
  /** Begin with an empty one. */
  fresh?: boolean;
}

/** The database of a command, in its present shape: DATABASE_URL where it is set, else one on the embedded server. */
export async function openConsoleDatabase(which: WhichDatabase = {}): Promise<ConsoleDatabase> {
  const config = readConfig();
  if (config.databaseUrl && config.migrationDatabaseUrl && which.name === undefined) {
    await migrate(config.migrationDatabaseUrl);
    return {
      url: config.databaseUrl,
      ownerUrl: config.migrationDatabaseUrl,
      server: undefined,
      release: () => Promise.resolve(),
    };
  }
  const server = embeddedServer();
  const name = which.name ?? 'send';
  await server.start();
  try {
    if (which.fresh) await dropDatabase(server, name);
    await server.createDatabase(name);
    await migrate(server.url(name, 'send_owner'));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url: server.url(name, 'send_app'),
    ownerUrl: server.url(name, 'send_owner'),
    server,
    release: async () => {
      await server.stop();
    },
  };
}

export function embeddedServer(): EmbeddedPostgres {
  return new EmbeddedPostgres({ folder: dataFolder() });
}

/** Away with it, whoever is connected. */
export async function dropDatabase(server: EmbeddedPostgres, name: string): Promise<void> {
  await server.asSuperuser('postgres', (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  );
}

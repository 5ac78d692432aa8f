import { createHash } from 'node:crypto';

/** What this machine's surroundings say; everything else has a default that works after a clone. */
export interface ConsoleConfig {
  /** The application's role. Unset: the embedded PostgreSQL is started. */
  databaseUrl: string | undefined;
  /** The owner of the tables, who migrates. */
  migrationDatabaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** Where `casework` is first tried; the next free port when it is taken. */
  port: number;
  /** As `casework` reads it; unset, the demonstration has its own. */
  rateLimits: string | undefined;
  production: boolean;
  startedByNpm: boolean;
  /** The current key of addresses not to be shared: invented ones are sealed too. */
  addressKey: { id: string; key: Buffer };
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): ConsoleConfig {
  const port = Number(environment['PORT'] ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT must be a number from 1 to 65535, not "${environment['PORT']}".`);
  }
  const config = {
    databaseUrl: environment['DATABASE_URL'] || undefined,
    migrationDatabaseUrl: environment['MIGRATION_DATABASE_URL'] || undefined,
    redisUrl: environment['REDIS_URL'] || undefined,
    port,
    rateLimits: environment['RATE_LIMITS'] || undefined,
    production: environment['NODE_ENV'] === 'production',
    startedByNpm: environment['npm_lifecycle_event'] !== undefined,
    addressKey: currentAddressKey(environment['ADDRESS_KEYS']),
  };
  if (config.databaseUrl && !config.migrationDatabaseUrl) {
    throw new Error(
      'DATABASE_URL is set and MIGRATION_DATABASE_URL is not. The first is for the role send_app, the second for the ' +
        'owner of the tables, who brings them to the present shape.',
    );
  }
  return config;
}

/** As `casework` reads it: the first of `name=base64`; without one, the key that every demonstration has. */
function currentAddressKey(given: string | undefined): { id: string; key: Buffer } {
  const first = given?.split(',')[0] ?? '';
  const at = first.indexOf('=');
  return at > 0
    ? { id: first.slice(0, at).trim(), key: Buffer.from(first.slice(at + 1), 'base64') }
    : { id: 'demonstration', key: createHash('sha256').update('addresses of invented people').digest() };
}

/** The surroundings that a child process is given: our own, and these over them. */
export function environmentWith(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** What this machine's surroundings say; everything else has a default that works after a clone. */
export interface ConsoleConfig {
  /** The application's role. Unset: the embedded PostgreSQL is started. */
  databaseUrl: string | undefined;
  /** The owner of the tables, who migrates. */
  migrationDatabaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** Where `casework` is first tried; the next free port when it is taken. */
  port: number;
  production: boolean;
  startedByNpm: boolean;
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
    production: environment['NODE_ENV'] === 'production',
    startedByNpm: environment['npm_lifecycle_event'] !== undefined,
  };
  if (config.databaseUrl && !config.migrationDatabaseUrl) {
    throw new Error(
      'DATABASE_URL is set and MIGRATION_DATABASE_URL is not. The first is for the role send_app, the second for the ' +
        'owner of the tables, who brings them to the present shape.',
    );
  }
  return config;
}

/** The surroundings that a child process is given: our own, and these over them. */
export function environmentWith(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

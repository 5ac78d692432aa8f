import { createHash } from 'node:crypto';

export interface StandInsConfig {
  readonly databaseUrl: string;
  readonly port: number;
  readonly caseworkUrl: string;
  readonly signInSecret: string;
  readonly today: string | undefined;
}

/** Anybody may be anybody here: for laptops and tests, and nowhere else. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): StandInsConfig {
  if (environment['NODE_ENV'] === 'production')
    throw new Error('The stand-ins refuse to run in production: set up your council’s own sign-in.');
  const databaseUrl = environment['DATABASE_URL'];
  const caseworkUrl = environment['CASEWORK_URL']?.replace(/\/$/, '');
  if (!databaseUrl || !caseworkUrl) throw new Error('Set DATABASE_URL and CASEWORK_URL. `npm start` does so.');
  return {
    databaseUrl,
    caseworkUrl,
    port: Number(environment['PORT'] ?? 3001),
    today: environment['SEND_TODAY'] || undefined,
    // The same rule as in casework: without a secret of their own, both know the database's address.
    signInSecret: environment['SIGN_IN_SECRET'] || createHash('sha256').update(`sign-in ${databaseUrl}`).digest('hex'),
  };
}

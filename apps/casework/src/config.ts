import { createHash } from 'node:crypto';
import { isDay } from '@send/statute';
import { type Limited, limitNames } from './frame/rate-limit';

export interface CaseworkConfig {
  /** The application's role. */
  readonly databaseUrl: string;
  readonly port: number;
  /** Where browsers reach this app, without a slash at its end. */
  readonly url: string;
  /** The stand-in for the council's sign-in; never in production. */
  readonly standInsUrl: string | undefined;
  readonly signInSecret: string;
  readonly production: boolean;
  /** Keys of addresses not to be shared, newest first; a laptop has one of its own in a file. */
  readonly addressKeys: string | undefined;
  /** A day to stand still on: demonstrations and tests only. */
  readonly today: string | undefined;
  readonly serviceName: string;
  /** Limits on how often somebody may do something; the usual ones where nothing is said. */
  readonly limits?: Partial<Record<Limited, number>>;
  /** How many proxies of our own stand before this app: the sender's address is the one that the first of them saw. */
  readonly proxies?: number;
}

/** Reads and checks the surroundings once. What is wrong with them stops the start, with the way out. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): CaseworkConfig {
  const production = environment['NODE_ENV'] === 'production';
  const databaseUrl = environment['DATABASE_URL'];
  if (!databaseUrl)
    throw new Error('Set DATABASE_URL to the address of the database, for the role send_app. `npm start` does so.');
  const port = Number(environment['PORT'] ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT must be a number from 1 to 65535.');
  const url = (environment['CASEWORK_URL'] ?? `http://localhost:${port}`).replace(/\/$/, '');
  const today = environment['SEND_TODAY'] || undefined;
  if (today !== undefined && (production || !isDay(today)))
    throw new Error('SEND_TODAY is a day like 2026-09-01, for demonstrations only: it may not be set in production.');
  if (production && !url.startsWith('https://'))
    throw new Error('CASEWORK_URL must begin with https:// in production.');
  return {
    databaseUrl,
    port,
    url,
    production,
    today,
    standInsUrl: production ? undefined : environment['STAND_INS_URL']?.replace(/\/$/, ''),
    signInSecret: signInSecret(environment['SIGN_IN_SECRET'], databaseUrl, production),
    addressKeys: environment['ADDRESS_KEYS'] || undefined,
    serviceName: environment['SERVICE_NAME'] || 'SEND casework',
    limits: readLimits(environment['RATE_LIMITS'] ?? ''),
    proxies: readProxies(environment['PROXIES'] || undefined, production),
  };
}

/** Like "search=120 signIn=10": only what differs from the usual. */
function readLimits(text: string): Partial<Record<Limited, number>> {
  return Object.fromEntries(
    text
      .split(/[\s,]+/)
      .filter((part) => part !== '')
      .map((part) => {
        const [name = '', number = ''] = part.split('=');
        if (!limitNames.some((one) => one === name) || !/^[1-9]\d{0,8}$/.test(number))
          throw new Error(`RATE_LIMITS is like "search=120 signIn=10"; the names are ${limitNames.join(', ')}.`);
        return [name, Number(number)];
      }),
  );
}

function readProxies(text: string | undefined, production: boolean): number {
  // Guessed wrong, everybody behind a proxy is one address, and one of them shuts sign-in for all.
  if (text === undefined && production)
    throw new Error(
      'Set PROXIES to how many proxies of your own stand before this app, from 0 to 9: the limits by address go by what the first of them saw.',
    );
  if (text === undefined) return 0;
  if (!/^\d$/.test(text)) throw new Error('PROXIES is how many proxies stand before this app, from 0 to 9.');
  return Number(text);
}

/** Outside production both processes know the database's address, and need no secret of their own. */
function signInSecret(given: string | undefined, databaseUrl: string, production: boolean): string {
  if (given) {
    if (given.length < 32) throw new Error('SIGN_IN_SECRET must have 32 characters or more.');
    return given;
  }
  if (production) throw new Error('Set SIGN_IN_SECRET to 32 random characters or more.');
  return createHash('sha256').update(`sign-in ${databaseUrl}`).digest('hex');
}

import { join } from 'node:path';
import type { AddressKeys } from '@send/case-file';
import { addressKeysFrom } from '@send/correspondence';
import { dataFolder } from '@send/database';
import { isDay } from '@send/statute';

export interface WorkerConfig {
  /** The application's role. */
  readonly databaseUrl: string;
  /** Unset: the sweep alone, which loses nothing but some seconds. */
  readonly redisUrl: string | undefined;
  readonly dropFolder: string;
  readonly addressKeys: AddressKeys;
  /** How often what is due is looked for, whatever the queue says. */
  readonly sweepSeconds: number;
  /** How often new rows of the outbox are looked for. */
  readonly pollMilliseconds: number;
  /** How long a row is ours. A worker that dies gives it back after so long. */
  readonly leaseSeconds: number;
  /** Rows worked on at the same time. */
  readonly atOnce: number;
  /** Answers how the worker is, as JSON; unset: not at all. */
  readonly healthPort: number | undefined;
  /** A day to stand still on: demonstrations only. */
  readonly today: string | undefined;
  readonly production: boolean;
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const production = environment['NODE_ENV'] === 'production';
  const databaseUrl = environment['DATABASE_URL'];
  if (!databaseUrl)
    throw new Error('Set DATABASE_URL to the address of the database, for the role send_app. `npm start` does so.');
  const today = environment['SEND_TODAY'] || undefined;
  if (today !== undefined && (production || !isDay(today)))
    throw new Error('SEND_TODAY is a day like 2026-09-01, for demonstrations only: it may not be set in production.');
  return {
    databaseUrl,
    production,
    today,
    redisUrl: environment['REDIS_URL'] || undefined,
    dropFolder: environment['DROP_FOLDER'] || join(dataFolder(), 'drop'),
    addressKeys: addressKeysFrom(environment['ADDRESS_KEYS'], production),
    sweepSeconds: number(environment, 'SWEEP_SECONDS', 20, 1, 3_600),
    pollMilliseconds: number(environment, 'POLL_MILLISECONDS', 1_000, 20, 60_000),
    leaseSeconds: number(environment, 'LEASE_SECONDS', 60, 1, 3_600),
    atOnce: number(environment, 'WORKER_AT_ONCE', 4, 1, 64),
    healthPort: environment['WORKER_HEALTH_PORT'] ? number(environment, 'WORKER_HEALTH_PORT', 0, 1, 65_535) : undefined,
  };
}

function number(environment: NodeJS.ProcessEnv, name: string, usual: number, least: number, most: number): number {
  const value = Number(environment[name] || usual);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} must be a whole number from ${least} to ${most}.`);
  return value;
}

import { createCipheriv, createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { Database } from '@send/database';
import { type Day, isDay, londonDay } from '@send/statute';
import { readConfig } from './config';
import { openConsoleDatabase } from './console-database';
import { loadCountyOnce } from './county';
import type { Sealer } from './county/household';
import { makeCounty } from './county/make-county';
import { signMinutes } from './county/sign-minutes';

export interface SeedOptions {
  /** The application's address of an empty, migrated database. */
  readonly url: string;
  readonly ownerUrl: string;
  /** Plans in force in Levelshire. */
  readonly plans?: number;
  readonly today?: Day;
  readonly seed?: string;
  /** Told how far it is: plans made, of all. */
  readonly say?: (made: number, of: number) => void;
}

export interface Seeded {
  readonly children: number;
  readonly plans: number;
  readonly rows: number;
}

const usualPlans = 3000;
const usualSeed = '20260115';

/** Makes Levelshire, and Harrowmoor beside it: invented, from the seed alone, as of today. */
export async function seedCounty(options: SeedOptions): Promise<Seeded> {
  const plans = options.plans ?? usualPlans;
  const today = options.today ?? londonDay(new Date());
  const seed = options.seed ?? usualSeed;
  const database = await Database.open({ url: options.url, entities: [], poolSize: 2, applicationName: 'seed' });
  const total = { children: 0, plans: 0, rows: 0 };
  try {
    for (const size of [{ id: 'levelshire', plans } as const, { id: 'harrowmoor', plans: 0 } as const]) {
      // One batch is written while the next is made: the database has a core of its own.
      let writing: Promise<number> = Promise.resolve(0);
      let made = { children: 0, plans: 0 };
      for (const batch of makeCounty({ size, today, seed, seal: sealFor(size.id) })) {
        total.rows += await writing;
        writing = batch.sheet.write(database, size.id);
        writing.catch(() => undefined);
        made = batch;
        if (size.plans > 0) options.say?.(Math.min(batch.plans, plans), plans);
        await new Promise((resolve) => setImmediate(resolve));
      }
      total.rows += await writing;
      total.children += made.children;
      total.plans += made.plans;
    }
    await signMinutes(database, 'levelshire', today);
  } finally {
    await database.close();
  }
  await analyze(options.ownerUrl);
  return total;
}

/** Bytes come out the same for the same seed: the nonce is drawn from what is sealed, which is invented. */
function sealFor(authority: string): Sealer {
  const { id: keyId, key } = readConfig().addressKey;
  return (address, personId, id) => {
    const bound = `${authority}/${personId}/${id}`;
    const text = JSON.stringify(address);
    const nonce = createHash('sha256').update(key).update(bound).update(text).digest().subarray(0, 12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { ciphertext: Buffer.concat([nonce, sealed, cipher.getAuthTag()]), keyId };
  };
}

/** The planner's statistics, at once: the first pages should not wait for the server's own turn. */
async function analyze(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

interface Asked {
  readonly plans: number;
  readonly today?: Day;
  readonly seed?: string;
}

function readArguments(argv: readonly string[]): Asked | string {
  const asked: { plans: number; today?: Day; seed?: string } = { plans: usualPlans };
  for (let at = 0; at < argv.length; at += 2) {
    const [name, value] = [argv[at], argv[at + 1] ?? ''];
    if (name === '--plans' && /^[1-9]\d{0,5}$/.test(value)) asked.plans = Number(value);
    else if (name === '--today' && isDay(value)) asked.today = value;
    else if (name === '--seed' && /^[\w-]{1,40}$/.test(value)) asked.seed = value;
    else return 'npm run seed -- [--plans 3000] [--today 2026-11-02] [--seed 20260115]';
  }
  return asked;
}

function bar(made: number, of: number): void {
  const width = 40;
  const full = Math.round((made / of) * width);
  process.stderr.write(`\r[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${made} of ${of} plans`);
}

const sayLine = (words: string): void => {
  process.stderr.write(`${words}\n`);
};

/** For a log that is read later: a line for each tenth, and no bar. */
export function inTenths(say: (words: string) => void): (made: number, of: number) => void {
  let said = 0;
  return (made, of) => {
    const tenth = Math.floor((made / of) * 10);
    if (tenth > said) say(`${tenth * 10}% of the county`);
    said = Math.max(said, tenth);
  };
}

/** 0: made; 1: the database already has people in it; 2: asked for something that is not there. */
export async function seed(argv: readonly string[]): Promise<number> {
  const asked = readArguments(argv);
  if (typeof asked === 'string') {
    sayLine(asked);
    return 2;
  }
  const place = await openConsoleDatabase();
  try {
    const begun = Date.now();
    let made: Seeded | undefined;
    const load = async (where: { url: string; ownerUrl: string }): Promise<void> => {
      made = await seedCounty({ ...where, ...asked, say: bar });
    };
    if (place.server !== undefined) await loadCountyOnce(place, load, sayLine);
    else if (!(await hasPeople(place.url))) await load(place);
    if (made === undefined) {
      sayLine('There are people on record here already: the county is made only in an empty database.');
      return 1;
    }
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    sayLine(
      `\n${made.plans} plans, ${made.children} children, ${made.rows} rows in ${seconds} seconds. All of them invented.`,
    );
    return 0;
  } finally {
    await place.release();
  }
}

/** Asked of each authority in turn: nobody sees over the wall, this command neither. */
async function hasPeople(url: string): Promise<boolean> {
  const database = await Database.open({ url, entities: [], poolSize: 1 });
  try {
    for (const authority of ['levelshire', 'harrowmoor']) {
      const rows = await database.transaction({ authority, actor: 'seed' }, (tx) =>
        tx.query('select 1 from case_file.person limit 1'),
      );
      if (rows.length > 0) return true;
    }
    return false;
  } finally {
    await database.close();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await seed(process.argv.slice(2));
}

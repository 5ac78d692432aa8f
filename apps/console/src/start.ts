import { AddressKeys } from '@send/case-file';
import { alone, Database, dataFolder, isAlive } from '@send/database';
import { londonDay } from '@send/statute';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readConfig } from './config';
import { type ConsoleDatabase, openConsoleDatabase } from './console-database';
import { loadCountyOnce } from './county';
import { sendOnlineRequests } from './county/online-requests';
import { inTenths, seedCounty } from './seed';
import { freePortFrom } from './free-port';
import { Supervisor } from './supervise';

/** Left for a second `npm start`, which says where the first one is. */
interface Note {
  pid: number;
  url?: string;
}

const say = (words: string) => void process.stdout.write(`${words}\n`);
const builtApp = (name: string) => fileURLToPath(new URL(`../../${name}/src/main.js`, import.meta.url));
const noteFile = join(dataFolder(), 'start.pid');

let database: ConsoleDatabase | undefined;
let ending: Promise<void> | undefined;
const supervisor = new Supervisor(say, () => void end(1));

/** Everything down, in the order apps, database; safe to call twice. */
function end(code: number): Promise<void> {
  ending ??= (async () => {
    await supervisor.stop();
    await database?.release();
    rmSync(noteFile, { force: true });
    if (code === 0) say('Stopped.');
    process.exit(code);
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
if (readConfig().startedByNpm) endWithNpm();

try {
  await start();
} catch (error) {
  if (!ending) {
    say(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}

async function start(): Promise<void> {
  const config = readConfig();
  mkdirSync(dataFolder(), { recursive: true });
  await beTheOnlyOne();
  say(config.databaseUrl ? 'Using the database of DATABASE_URL' : 'Starting PostgreSQL');
  database = await openConsoleDatabase();
  if (ending) return;
  await loadCountyOnce(database, (where) => loadCounty(where), say);
  if (ending) return;
  const port = await freePortFrom(config.port);
  const standInsPort = await freePortFrom(port + 1);
  const url = `http://localhost:${port}`;
  const environment = {
    DATABASE_URL: database.url,
    CASEWORK_URL: url,
    STAND_INS_URL: `http://localhost:${standInsPort}`,
    ...(config.redisUrl ? { REDIS_URL: config.redisUrl } : {}),
  };
  if (!config.production)
    supervisor.start({
      name: 'stand-ins',
      file: builtApp('stand-ins'),
      environment: { ...environment, PORT: String(standInsPort) },
    });
  supervisor.start({ name: 'worker', file: builtApp('worker'), environment });
  const serves = supervisor.start({
    name: 'casework',
    file: builtApp('casework'),
    // At the stand-in anybody may be anybody, so one may well be the same person many times.
    environment: {
      ...environment,
      PORT: String(port),
      ...(config.production ? {} : { RATE_LIMITS: config.rateLimits ?? 'signIn=200' }),
    },
  });
  if (serves) await answers(port);
  if (ending) return;
  writeFileSync(noteFile, JSON.stringify({ pid: process.pid, url }));
  say(serves ? `Ready: ${url}  (Ctrl-C stops everything)` : 'Ready, without pages.  (Ctrl-C stops everything)');
  // The apps keep this process alive; without any, wait for Ctrl-C all the same.
  setInterval(() => undefined, 60_000);
}

/** The county by its workflows, then what families send while somebody looks on. */
async function loadCounty(where: { url: string; ownerUrl: string }): Promise<void> {
  await seedCounty({ ...where, say: inTenths(say) });
  const { addressKey } = readConfig();
  const keys = new AddressKeys(addressKey.id, { [addressKey.id]: addressKey.key.toString('base64') });
  const visits = await Database.open({ url: where.url, entities: [], poolSize: 1, applicationName: 'visitors' });
  try {
    await sendOnlineRequests(visits, keys, 'levelshire', londonDay(new Date()));
  } finally {
    await visits.close();
  }
}

/** Two supervisors of one clone would be two workers and two addresses without anyone having asked for them. */
async function beTheOnlyOne(): Promise<void> {
  const other = await alone(`${noteFile}.lock`, () => {
    const note = existsSync(noteFile) ? (JSON.parse(readFileSync(noteFile, 'utf8')) as Note) : undefined;
    if (note && note.pid !== process.pid && isAlive(note.pid) && isStart(note.pid)) return Promise.resolve(note);
    writeFileSync(noteFile, JSON.stringify({ pid: process.pid }));
    return Promise.resolve(undefined);
  });
  if (!other) return;
  say(`It runs already${other.url ? `: ${other.url}` : ''} (process ${other.pid}).`);
  process.exit(1);
}

/** A pid that was written down before a crash may belong to anybody by now. */
function isStart(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.mjs');
  } catch {
    return true;
  }
}

async function answers(port: number): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  while (Date.now() < giveUpAt && !ending) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
      return;
    } catch {
      await wait(50);
    }
  }
  if (!ending) throw new Error(`The casework app did not answer on port ${port} within a minute.`);
}

/** npm that was killed passes nothing on: its going is seen by its shell, or the shell's parent, being gone. */
function endWithNpm(): void {
  const above = [process.ppid, parentOf(process.ppid)].filter((pid) => pid !== undefined && pid > 1);
  setInterval(() => {
    if (above.some((pid) => pid !== undefined && !isAlive(pid))) void end(0);
  }, 1_000).unref();
}

function parentOf(pid: number): number | undefined {
  try {
    // "pid (name) state ppid ...", and the name may hold brackets and blanks.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined;
  }
}

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemActor } from '@send/access';
import { CaseCorrespondence } from '@send/correspondence';
import { alone, type Database, dataFolder, EmbeddedPostgres } from '@send/database';
import { Engine, orphans, systemClock } from '@send/engine';
import { type Day, londonDay } from '@send/statute';
import { processes } from '@send/workflows';
import type pg from 'pg';
import { Caller } from './caller';
import { type Case, caseLeftAlone, wholeCase } from './casebook';
import { Drive } from './drive';
import { type Counted, type FaultKind, type Faults, faultKinds, findFaults } from './find-faults';
import { Installation } from './installation';
import { type Kill, killsByKind, type KillKind, killSchedule } from './kill-schedule';
import { authority, buildTown, openTownDatabase, type Town } from './town';

export interface Size {
  /** Runs of processes that the cases driven to their end come to, at least. */
  readonly runs: number;
  /** Cases that nobody goes on with, beside them. */
  readonly leftAlone: number;
  readonly kills: number;
  readonly atOnce: number;
  readonly seed: number;
  /** How long a case waits for its letters, and the whole for its last rows. */
  readonly letterSeconds: number;
  readonly drainSeconds: number;
}

export const fullSize: Size = {
  runs: 2_000,
  leftAlone: 80,
  kills: 400,
  atOnce: 60,
  seed: 1,
  letterSeconds: 600,
  drainSeconds: 600,
};
export const quickSize: Size = {
  runs: 20,
  leftAlone: 2,
  kills: 15,
  atOnce: 25,
  seed: 1,
  letterSeconds: 120,
  drainSeconds: 60,
};

export type Report = Record<FaultKind, number> & {
  readonly cases: { readonly asked: number; readonly finished: number; readonly leftAlone: number };
  /** Of the cases that were driven to their end. */
  readonly runs: number;
  readonly refused: number;
  readonly kills: Record<KillKind, number> & { readonly all: number };
  readonly acknowledged: number;
  readonly sentAgain: number;
  readonly endedByThemselves: number;
  readonly counted: Counted;
  readonly seed: number;
  readonly seconds: number;
};

const say = (words: string): void => void process.stderr.write(`${words}\n`);

/** Drives cases through a whole installation while its processes are killed, and then counts what became of them. */
export async function runFaults(
  size: Size,
  stopped: AbortSignal,
): Promise<{ report: Report; faults: Faults; refused: readonly string[] }> {
  const folder = join(dataFolder(), 'faults');
  return alone(`${folder}.lock`, async () => {
    await clear(folder);
    const began = Date.now();
    const installation = await Installation.open(folder);
    let clean = false;
    try {
      const answer = await strikeAndCount(installation, size, began, stopped);
      clean = isClean(answer.report);
      return answer;
    } finally {
      await installation.close();
      // What went wrong can be looked at until the next run.
      if (clean || stopped.aborted) rmSync(folder, { recursive: true, force: true });
      else say(`Logs, letters and database are kept in ${folder}.`);
    }
  });
}

export const isClean = (report: Report): boolean =>
  faultKinds.every((kind) => report[kind] === 0) &&
  report.refused === 0 &&
  report.cases.finished === report.cases.asked &&
  report.kills.all > 0;

/** What a run that was itself killed left behind. */
async function clear(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await new EmbeddedPostgres({ folder }).stop();
  rmSync(folder, { recursive: true, force: true });
}

async function strikeAndCount(installation: Installation, size: Size, began: number, stopped: AbortSignal) {
  const today = londonDay(new Date());
  const database = await openTownDatabase(installation.databaseUrl);
  try {
    const town = await buildTown(database, size.leftAlone + Math.ceil(size.runs / fewestRuns), today);
    await installation.start();
    const whole = enoughCases(town, size, today);
    const work = [
      ...Array.from({ length: size.leftAlone }, (_, number) => caseLeftAlone(town, number, today)),
      ...whole,
    ];
    const caller = new Caller(installation.url, () => !stopped.aborted);
    const drive = new Drive(caller, database, installation.owner, work, {
      letterSeconds: size.letterSeconds,
      goOn: () => !stopped.aborted,
    });
    const at = (): string => `after ${Math.round((Date.now() - began) / 1_000)} s`;
    say(
      `${whole.length} cases with ${runsOf(whole)} runs and ${size.leftAlone} that nobody goes on with; ${size.kills} kills. Ready ${at()}.`,
    );
    const struck: Kill[] = [];
    const allDone = new AbortController();
    const striking = strikeAll(installation, killSchedule(size.seed, size.kills), drive, struck, {
      stopped,
      allDone: allDone.signal,
    });
    await drive
      .all(size.atOnce)
      .finally(() => allDone.abort())
      .finally(() => striking);
    stopped.throwIfAborted();
    say(`All is driven ${at()}; waiting for the worker.`);
    await installation.settle();
    await drained(installation.owner, size.drainSeconds, stopped);
    say(`Nothing waits any more ${at()}; counting.`);
    const { faults, counted } = await findFaults(asker(installation.owner), {
      acknowledged: drive.driven.acknowledged,
      finished: drive.driven.finished.map(({ household: { childId }, holds }) => ({ childId, holds })),
      ...joinsOf(database),
      dropFolder: installation.dropFolder,
      now: new Date(),
    });
    const report: Report = {
      cases: { asked: whole.length, finished: drive.driven.finished.length, leftAlone: size.leftAlone },
      runs: runsOf(drive.driven.finished),
      kills: { all: struck.length, ...killsByKind(struck) },
      ...(Object.fromEntries(faultKinds.map((kind) => [kind, faults[kind].length])) as Record<FaultKind, number>),
      refused: drive.driven.refused.length,
      acknowledged: drive.driven.acknowledged.length,
      sentAgain: caller.counts.again,
      endedByThemselves: installation.endedByThemselves(),
      counted,
      seed: size.seed,
      seconds: Math.round((Date.now() - began) / 100) / 10,
    };
    return { report, faults, refused: drive.driven.refused };
  } finally {
    await database.close().catch(() => undefined);
  }
}

/** Of a whole case: its assessment, the check and the review. Most have more. */
const fewestRuns = 3;

export const runsOf = (cases: readonly Case[]): number =>
  cases.reduce((sum, { holds }) => sum + Object.keys(holds).length, 0);

/** Driven to their end they come to so many runs. */
export function enoughCases(town: Town, { runs, leftAlone }: Size, today: Day): Case[] {
  const cases: Case[] = [];
  while (runsOf(cases) < runs) cases.push(wholeCase(town, leftAlone + cases.length, today));
  return cases;
}

class NothingKept extends Error {}

/** The joins and the nightly check, asked of what is stored and keeping nothing. */
function joinsOf(database: Database) {
  const engine = new Engine(database, processes, new CaseCorrespondence(database), systemClock);
  const identity = { authority, actor: 'system' };
  return {
    rejoin: async (childId: string): Promise<number> => {
      let written = 0;
      const look = database.transaction(identity, async (tx) => {
        written = await engine.rejoin(childId, systemActor(authority), tx);
        throw new NothingKept();
      });
      await look.catch((failure: unknown) => {
        if (!(failure instanceof NothingKept)) throw failure;
      });
      return written;
    },
    orphans: () => database.transaction(identity, (tx) => orphans(tx, processes)),
  };
}

const glance = 20;

/**
 * Each blow falls when so much of the work is done; those that are left when all is done fall at once, on the worker's part
 * of it. After a stop none falls: what is being taken down must not be raised again.
 */
async function strikeAll(
  installation: Installation,
  kills: readonly Kill[],
  drive: Drive,
  struck: Kill[],
  { stopped, allDone }: { stopped: AbortSignal; allDone: AbortSignal },
): Promise<void> {
  for (const kill of kills) {
    while (drive.progress < kill.at && !allDone.aborted && !stopped.aborted) await wait(glance);
    while (!stopped.aborted && !(await installation.strike(kill))) await wait(glance);
    if (stopped.aborted) return;
    struck.push(kill);
    if (struck.length % 10 === 0)
      say(`${struck.length} kills, ${Math.round(drive.progress * 100)} % of the work acknowledged`);
  }
}

/** Until no row waits and no rung that has passed is unfired, or the time is up: the count then says what is left. */
async function drained(owner: pg.Pool, seconds: number, stopped: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + seconds * 1_000;
  while (Date.now() < giveUpAt && !stopped.aborted) {
    const left = await owner
      .query<{ left: number }>(
        `select (select count(*) from engine.outbox where status = 'waiting')::int + (select count(*) from engine.reminder where status = 'waiting' and fire_at <= now())::int
           + (select count(*) from engine.deadline where next_rung_at <= now())::int as left`,
      )
      .then(
        ({ rows }) => rows[0]?.left,
        () => undefined,
      );
    if (left === 0) return;
    await wait(250);
  }
}

const asker =
  (owner: pg.Pool) =>
  async <T extends object>(sql: string, params: readonly unknown[] = []): Promise<T[]> =>
    (await owner.query<T & pg.QueryResultRow>(sql, [...params])).rows;

/** The command line: `--quick`, and for looking closer `--seed`, `--runs`, `--kills`. One JSON object; 1 where anything is wrong. */
export async function faults(argv: readonly string[]): Promise<number> {
  const size = sizeFrom(argv);
  if (size === undefined) {
    say('npm run faults -- [--quick] [--seed N] [--runs N] [--kills N]');
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  try {
    const { report, faults: found, refused } = await runFaults(size, stop.signal);
    for (const kind of faultKinds) for (const one of found[kind].slice(0, 10)) say(`${kind}: ${one}`);
    for (const one of refused.slice(0, 10)) say(`refused: ${one}`);
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return isClean(report) ? 0 : 1;
  } catch (failure) {
    say(stop.signal.aborted ? 'Stopped.' : `faults: ${failure instanceof Error ? failure.message : String(failure)}`);
    return stop.signal.aborted ? 130 : 2;
  }
}

export function sizeFrom(argv: readonly string[]): Size | undefined {
  const size: Record<keyof Size, number> = { ...(argv.includes('--quick') ? quickSize : fullSize) };
  const rest = argv.filter((one) => one !== '--quick');
  for (let at = 0; at < rest.length; at += 2) {
    const name = rest[at]?.replace(/^--/, '') ?? '';
    const value = Number(rest[at + 1]);
    if ((name !== 'seed' && name !== 'runs' && name !== 'kills') || !Number.isInteger(value) || value < 1)
      return undefined;
    size[name] = value;
  }
  return size;
}

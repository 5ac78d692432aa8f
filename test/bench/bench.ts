import type { QueryResultRow } from 'pg';
import { BenchServer, type Taken } from './bench-server';
import { DbosCase } from './dbos';
import { dueAtOnce } from './due-at-once';
import { type Figure, figure, ratios } from './figures';
import { datesPerSecond, lettersPerSecond } from './letters-and-dates';
import {
  type Ask,
  benchEngine,
  type Case,
  copyCase,
  firstCase,
  plainCommands,
  shareOut,
  workThrough,
} from './plain-case';
import { writeDown } from './sql-limit';

const clients = 8;

interface Size {
  readonly rounds: number;
  /** Cases a round; each is ten facts. */
  readonly cases: number;
  readonly dbosCases: number;
  readonly due: number;
  readonly letters: number;
  readonly dates: number;
}

const quick: Size = { rounds: 5, cases: 100, dbosCases: 12, due: 5_000, letters: 30, dates: 200_000 };
const whole: Size = { rounds: 9, cases: 240, dbosCases: 32, due: 100_000, letters: 90, dates: 1_000_000 };

interface Round {
  readonly engine: Taken;
  readonly limit: Taken;
  readonly dbos: Taken;
  readonly roundTrips: number;
}

/** Prints one JSON object: the median of each figure, and under `ranges` how far its rounds were apart. */
export async function bench(argv: readonly string[]): Promise<number> {
  const size = argv.includes('--quick') ? quick : whole;
  const server = await BenchServer.open(clients);
  const interrupted = (): void => void server.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const rounds = await measureFacts(server, size);
    const due = await dueAtOnce(server, size.due);
    const letters = lettersPerSecond(Math.max(3, size.rounds - 2), size.letters);
    const dates = datesPerSecond(size.rounds, size.dates);
    process.stdout.write(`${JSON.stringify(report(size, rounds, due, letters, dates), null, 2)}\n`);
    return 0;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await server.close();
  }
}

async function measureFacts(server: BenchServer, size: Size): Promise<Round[]> {
  const ask: Ask = <T extends object>(sql: string, params?: readonly unknown[]) =>
    server.rows<T & QueryResultRow>(sql, params);
  const engine = benchEngine(server.database);
  const first = await firstCase(server.database, ask);
  const [sample] = await copyCase(ask, first, 1);
  if (sample === undefined) throw new Error('There is no case to write down');
  const statements = await writeDown(engine, ask, sample);
  const dbos = await DbosCase.open(server, statements, clients);

  const byEngine = (cases: readonly Case[]) => shareOut(cases, clients, (one) => workThrough(engine, one));
  const byDbos = (cases: readonly Case[]) => shareOut(cases, clients, (one) => dbos.workThrough(one));
  const bySql = (cases: readonly Case[]) =>
    shareOut(cases, clients, async (one) => {
      for (const { name, text, values } of statements) await server.owner.query({ name, text, values: values(one) });
    });
  try {
    // Not measured: code is compiled, statements are prepared, pages are in memory.
    await byEngine(await copyCase(ask, first, size.cases));
    await bySql(await copyCase(ask, first, size.cases >> 1));
    await byDbos(await copyCase(ask, first, size.dbosCases >> 1));

    const rounds: Round[] = [];
    while (rounds.length < size.rounds) {
      const forEngine = await copyCase(ask, first, size.cases);
      const forLimit = await copyCase(ask, first, size.cases);
      const forDbos = await copyCase(ask, first, size.dbosCases);
      await server.rows('vacuum analyze');
      // New statistics make every session plan its statements anew: once for a connection, and not what a fact costs.
      await byEngine(await copyCase(ask, first, 3 * clients));
      await bySql(await copyCase(ask, first, 3 * clients));
      await byDbos(await copyCase(ask, first, clients));
      const { traffic } = server.database;
      traffic.reset();
      // Whoever is first in one round is last in the next: the machine may grow busier while we measure.
      const inTurn: Record<'engine' | 'limit' | 'dbos', () => Promise<void>> = {
        engine: () => byEngine(forEngine),
        limit: () => bySql(forLimit),
        dbos: () => byDbos(forDbos),
      };
      const names =
        rounds.length % 2 === 0 ? (['engine', 'limit', 'dbos'] as const) : (['dbos', 'limit', 'engine'] as const);
      const taken: Partial<Record<'engine' | 'limit' | 'dbos', Taken>> = {};
      for (const name of names) taken[name] = await server.take(inTurn[name]);
      const { engine: ours, limit: least, dbos: theirs } = taken;
      if (ours === undefined || least === undefined || theirs === undefined) throw new Error('A round was not whole');
      const facts = forEngine.length * plainCommands.length;
      rounds.push({ engine: ours, limit: least, dbos: theirs, roundTrips: traffic.roundTrips / facts });
    }
    return rounds;
  } finally {
    await dbos.close();
  }
}

function report(
  size: Size,
  rounds: readonly Round[],
  due: { deadlines: number; seconds: number },
  letters: readonly { whole: number; typesetter: number }[],
  dates: readonly number[],
) {
  const facts = size.cases * plainCommands.length;
  const dbosFacts = size.dbosCases * plainCommands.length;
  const speed = rounds.map(({ engine }) => facts / engine.seconds);
  const limitSpeed = rounds.map(({ limit }) => facts / limit.seconds);
  const dbosSpeed = rounds.map(({ dbos }) => dbosFacts / dbos.seconds);
  const of = (what: (taken: Taken) => number): number[] =>
    ratios(
      rounds.map(({ engine }) => what(engine)),
      rounds.map(({ limit }) => what(limit)),
    );
  const figures = {
    factsPerSecond: { ofSqlLimit: figure(ratios(speed, limitSpeed)), ofDbos: figure(ratios(speed, dbosSpeed), 2) },
    cpuPerFact: { ofSqlLimit: figure(of(({ processor }) => processor)) },
    walPerFact: { ofSqlLimit: figure(of(({ wal }) => wal)) },
    commitsPerFact: figure(
      rounds.map(({ engine }) => engine.commits / facts),
      2,
    ),
    roundTripsPerFact: figure(
      rounds.map(({ roundTrips }) => roundTrips),
      2,
    ),
    lettersPerSecond: { ofTypesetter: figure(letters.map((one) => one.whole / one.typesetter)) },
    datesPerSecond: figure(dates, 0),
  };
  const each = <T>(take: (one: Figure) => T) => ({
    factsPerSecond: {
      ofSqlLimit: take(figures.factsPerSecond.ofSqlLimit),
      ofDbos: take(figures.factsPerSecond.ofDbos),
    },
    cpuPerFact: { ofSqlLimit: take(figures.cpuPerFact.ofSqlLimit) },
    walPerFact: { ofSqlLimit: take(figures.walPerFact.ofSqlLimit) },
    commitsPerFact: take(figures.commitsPerFact),
    roundTripsPerFact: take(figures.roundTripsPerFact),
    dueAtOnce: due,
    lettersPerSecond: { ofTypesetter: take(figures.lettersPerSecond.ofTypesetter) },
    datesPerSecond: take(figures.datesPerSecond),
  });
  const { dueAtOnce: _, ...ranges } = each(({ range }) => range);
  const middle = (values: readonly number[], digits = 0): number => figure(values, digits).median;
  return {
    ...each(({ median }) => median),
    ranges,
    rounds: rounds.length,
    // Of this machine at this hour: read the ratios.
    measured: {
      factsPerSecond: { engine: middle(speed), sqlLimit: middle(limitSpeed), dbos: middle(dbosSpeed) },
      microsecondsOfProcessorPerFact: {
        engine: middle(rounds.map(({ engine }) => engine.processor / facts)),
        engineWithoutServer: middle(rounds.map(({ engine }) => engine.ownProcessor / facts)),
        sqlLimit: middle(rounds.map(({ limit }) => limit.processor / facts)),
        sqlLimitWithoutServer: middle(rounds.map(({ limit }) => limit.ownProcessor / facts)),
      },
      walBytesPerFact: {
        engine: middle(rounds.map(({ engine }) => engine.wal / facts)),
        sqlLimit: middle(rounds.map(({ limit }) => limit.wal / facts)),
      },
      lettersPerSecond: {
        whole: middle(
          letters.map((one) => one.whole),
          1,
        ),
        typesetter: middle(
          letters.map((one) => one.typesetter),
          1,
        ),
      },
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@send/database';
import type { Engine } from '@send/engine';
import {
  type Ask,
  benchEngine,
  caseworker,
  type Case,
  copyCase,
  firstCase,
  plainCommands,
  workThrough,
} from './bench/plain-case';
import { openTestDatabase, type TestDatabase } from './database';

/** What a plain command costs, in what does not depend on the machine. */

let place: TestDatabase;
let ask: Ask;
let engine: Engine;
let first: Case;
beforeAll(async () => {
  place = await openTestDatabase({ poolSize: 1 });
  ask = place.ownerQuery;
  engine = benchEngine(place.database);
  first = await firstCase(place.database, ask);
  // Plans are made and statements prepared.
  for (const one of await copyCase(ask, first, 2)) await workThrough(engine, one);
});
afterAll(() => place.close());

async function newCase(): Promise<Case> {
  const [one] = await copyCase(ask, first, 1);
  if (one === undefined) throw new Error('no case');
  return one;
}

describe('a plain command', () => {
  it('is two round trips, one where this process wrote the run last, and one commit that waits for the disk', async () => {
    const one = await newCase();
    place.database.traffic.reset();
    for (const [index, given] of plainCommands.entries()) {
      const before = place.database.traffic.roundTrips;
      expect((await engine.act(one.runId, { ...given, key: newId() }, caseworker)).done).toBe(true);
      expect(place.database.traffic.roundTrips - before).toBe(index === 0 ? 2 : 1);
    }
    // Other spec files use the same server, and its numbers count them too: the rows say which transaction wrote them.
    const wrote = await ask<{ facts: number; commits: number }>(
      `select count(*)::int as facts, count(distinct xmin::text)::int as commits from engine.fact where run_id = $1 and door = 'act'`,
      [one.runId],
    );
    expect(wrote).toEqual([{ facts: plainCommands.length, commits: plainCommands.length }]);
    const together = await ask<{ apart: number }>(
      `select count(*)::int as apart from engine.fact f join engine.run r on r.id = f.run_id
       where f.run_id = $1 and f.seq = r.version and f.xmin::text <> r.xmin::text`,
      [one.runId],
    );
    expect(together).toEqual([{ apart: 0 }]);
  });

  it('decides anew from the database what another process changed meanwhile', async () => {
    const one = await newCase();
    const other = benchEngine(place.database);
    const [views] = plainCommands;
    if (views === undefined) throw new Error('no command');
    await engine.act(one.runId, { ...views, key: newId() }, caseworker);
    await other.act(one.runId, { ...views, key: newId() }, caseworker);
    const before = place.database.traffic.roundTrips;
    expect((await engine.act(one.runId, { ...views, key: newId() }, caseworker)).done).toBe(true);
    expect(place.database.traffic.roundTrips - before).toBe(3);
    await ask(
      `update access.case_grant set until_day = current_date - 1, from_day = current_date - 9 where child_id = (select child_id from engine.run where id = $1)`,
      [one.runId],
    );
    expect(await engine.act(one.runId, { ...views, key: newId() }, caseworker)).toMatchObject({ done: false });
  });

  it('is two statements: one that reads, where this process did not write the run last, and one that writes', async () => {
    await ask('create extension if not exists pg_stat_statements');
    const statements = async (): Promise<Map<string, number>> =>
      new Map(
        (
          await ask<{ query: string; calls: number }>(
            `select query, sum(calls)::int as calls from pg_stat_statements
             where dbid = (select oid from pg_database where datname = current_database()) and userid = 'send_app'::regrole group by query`,
          )
        ).map(({ query, calls }) => [query, calls]),
      );
    const one = await newCase();
    const before = await statements();
    await workThrough(engine, one);
    const sent = [...(await statements())]
      .map(([query, calls]) => [query, calls - (before.get(query) ?? 0)] as const)
      .filter(([, calls]) => calls > 0);
    expect(sent.map(([query, calls]) => [/engine\.(\w+)/.exec(query)?.[1], calls]).sort()).toEqual([
      ['commit', plainCommands.length],
      ['load', 1],
    ]);
  });

  it('writes no more to the log than its rows need', async () => {
    const cases = await copyCase(ask, first, 10);
    const position = async (): Promise<number> =>
      Number(
        (await ask<{ at: string }>(`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as at`))[0]?.at,
      );
    const rounds: number[] = [];
    for (const one of cases) {
      const before = await position();
      await workThrough(engine, one);
      rounds.push((await position()) - before);
    }
    // Other spec files write to the same log: the quietest case is ours alone, or nearly.
    const perFact = Math.min(...rounds) / plainCommands.length;
    expect(perFact).toBeGreaterThan(1_500);
    expect(perFact).toBeLessThan(4_000);
  });

  it('leaves a place that did not change as it was stored, and settles one deadline without writing the others', async () => {
    const one = await newCase();
    const [views] = plainCommands;
    if (views === undefined) throw new Error('no command');
    const deadlines = () =>
      ask<{ key: string; version: string }>(
        'select key, xmin::text as version from engine.deadline where run_id = $1 order by key',
        [one.runId],
      );
    const before = await deadlines();
    await engine.act(one.runId, { ...views, key: newId() }, caseworker);
    const after = await deadlines();
    expect(after.filter(({ version }, index) => version !== before[index]?.version).map(({ key }) => key)).toEqual([
      'assessment.matters-to-take-into-account',
    ]);
    await engine.act(one.runId, { ...views, key: newId() }, caseworker);
    expect(await deadlines()).toEqual(after);
  });
});

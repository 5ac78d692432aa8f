import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../database';
import { type Ask, benchEngine, type Case, copyCase, firstCase, plainCommands, workThrough } from './plain-case';
import { writeDown } from './sql-limit';

let place: TestDatabase;
let ask: Ask;
beforeAll(async () => {
  place = await openTestDatabase();
  ask = place.ownerQuery;
});
afterAll(() => place.close());

/** Every row of a case, but for ids and the moment it was written. */
async function rowsOf({ runId }: Case): Promise<Record<string, object[]>> {
  const read = (table: string, key: string, order: string) =>
    ask<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - '{id,run_id,child_id,command_key,recorded_at,at}'::text[] as row from ${table} t where ${key} = $1 order by ${order}`,
      [runId],
    );
  return {
    run: await read('engine.run', 'id', 'id'),
    facts: await read('engine.fact', 'run_id', 'seq'),
    deadlines: await read('engine.deadline', 'run_id', 'key'),
    audit: await read('access.audit', 'run_id', 'id'),
    outbox: await read('engine.outbox', 'run_id', 'key'),
    letters: await read('letters.letter', 'run_id', 'id'),
  };
}

describe('the SQL limit of the bench', () => {
  it('leaves the same rows as the engine', async () => {
    const engine = benchEngine(place.database);
    const first = await firstCase(place.database, ask);
    const [sample, byEngine, bySql] = await copyCase(ask, first, 3);
    if (sample === undefined || byEngine === undefined || bySql === undefined) throw new Error('no cases');
    const statements = await writeDown(engine, ask, sample);
    await workThrough(engine, byEngine);
    for (const { text, values } of statements) await ask(text, values(bySql));
    const expected = await rowsOf(byEngine);
    expect(await rowsOf(bySql)).toEqual(expected);
    expect(expected['facts']).toHaveLength(8 + plainCommands.length);
    expect(expected['audit']).toHaveLength(plainCommands.length);
    expect(expected['deadlines']?.length).toBeGreaterThan(10);
    expect(expected['letters']).toHaveLength(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '@send/access';
import { newId } from '@send/database';
import { type Correspondence, Engine, type Given, type Outcome, recompute, SetClock } from '@send/engine';
import { addDays, type Day } from '@send/statute';
import { deadlines, fold, type Place } from '@send/workflow-kit';
import { needsAssessmentWorkflow, processes } from '@send/workflows';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from './database';

const authority = 'levelshire';
const person = (roles: Actor['roles'], of = authority): Actor => ({
  staffId: newId(),
  name: 'Invented',
  authority: of,
  roles,
  team: null,
});
const senior = person(['SM']);
const otherSenior = person(['SM']);
const elsewhere = person(['SM'], 'harrowmoor');
const clock = new SetClock(new Date('2027-06-01T09:00:00Z'));

/** Two people to tell, whoever is asked for. */
const correspondence: Correspondence = {
  needsApproval: (letter) => letter === 'assessment.refuse',
  addressees: (_, __, letters) =>
    Promise.resolve({ of: Object.fromEntries(letters.map(({ key }) => [key, ['mother', 'father']])), held: [] }),
};

let test: TestDatabase;
let engine: Engine;

beforeAll(async () => {
  test = await openTestDatabase({ poolSize: 20 });
  engine = new Engine(test.database, processes, correspondence, clock);
});
afterAll(() => test.close());

const given = (command: string, on: Day, fields: Record<string, unknown> = {}, more: Partial<Given> = {}): Given => ({
  command,
  key: newId(),
  fields: { on, ...fields },
  ...more,
});

async function begun(on: Day = '2027-01-04'): Promise<string> {
  const outcome = await engine.begin(
    'needs-assessment',
    newId(),
    given('receiveRequest', on, { from: 'parent' }),
    senior,
  );
  if (!outcome.done) throw new Error(JSON.stringify(outcome));
  return outcome.runId;
}

const kindOf = (outcome: Outcome): string =>
  outcome.done ? 'done' : 'waits' in outcome ? 'waits' : outcome.refusal.kind;
const count = async (table: string, runId: string): Promise<number> =>
  Number(
    (await test.ownerQuery<{ n: number }>(`select count(*)::int as n from ${table} where run_id = $1`, [runId]))[0]?.n,
  );

/** The stored run beside what its history says. */
async function stored(runId: string): Promise<{
  place: Place;
  folded: Place;
  rows: object[];
  computed: object[];
  unplaced: string[];
  foldedUnplaced: readonly string[];
}> {
  const [run] = await test.ownerQuery<{ place: Place; unplaced: string[] }>(
    'select place, unplaced from engine.run where id = $1',
    [runId],
  );
  if (run === undefined) throw new Error('no run');
  const folded = fold(needsAssessmentWorkflow, await engine.history(senior, runId));
  const rows = await test.ownerQuery<object>(
    `select key, due_by::text as "dueBy", met_on::text as "metOn", ended_on::text as "endedOn", target_by::text as "targetBy", why from engine.deadline
     where run_id = $1 and why <> 'The fact it was counted from was taken back' order by key collate "C"`,
    [runId],
  );
  const computed = deadlines(folded.place)
    .map(({ key, dueBy, metOn, endedOn, targetBy, why }) => ({ key, dueBy, metOn, endedOn, targetBy, why }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    place: run.place,
    folded: folded.place,
    rows,
    computed,
    unplaced: run.unplaced,
    foldedUnplaced: folded.unplaced,
  };
}

async function agreesWithHistory(runId: string): Promise<void> {
  const found = await stored(runId);
  expect(found.place).toEqual(JSON.parse(JSON.stringify(found.folded)));
  expect(found.rows).toEqual(found.computed);
  expect([...found.unplaced].sort()).toEqual([...found.foldedUnplaced].sort());
}

describe('a command', () => {
  it('writes its fact, position, deadlines, letters, outbox and audit together', async () => {
    const runId = await begun();
    const outcome = await engine.act(
      runId,
      given('decideNotToAssess', '2027-02-01', { reasons: ['She has what she needs.'] }),
      senior,
    );
    expect(outcome).toMatchObject({ done: true, position: 'refusedToAssess', version: 2 });
    expect(await count('engine.fact', runId)).toBe(2);
    const letters = await test.ownerQuery<{ letter: string; status: string }>(
      'select letter, status from letters.letter where run_id = $1 order by letter, recipient',
      [runId],
    );
    expect(letters.filter(({ letter }) => letter === 'assessment.refuse')).toEqual([
      { letter: 'assessment.refuse', status: 'drafted' },
      { letter: 'assessment.refuse', status: 'drafted' },
    ]);
    const waiting = letters.filter(({ status }) => status === 'approved').length;
    expect(await count('engine.outbox', runId)).toBe(waiting);
    expect(
      Number(
        (
          await test.ownerQuery<{ n: number }>('select count(*)::int as n from access.audit where run_id = $1', [runId])
        )[0]?.n,
      ),
    ).toBe(2);
    await agreesWithHistory(runId);
  });

  it('a request after a refusal is a case of its own, with six weeks of its own; one beside an open assessment is not', async () => {
    const runId = await begun();
    const [run] = await test.ownerQuery<{ child: string }>('select child_id as child from engine.run where id = $1', [
      runId,
    ]);
    const again = () =>
      engine.begin(
        'needs-assessment',
        run?.child ?? '',
        given('receiveRequest', '2027-02-15', { from: 'parent' }),
        senior,
      );
    expect(await again()).toMatchObject({ refusal: { rule: 'one assessment at a time' } });
    await engine.act(runId, given('decideNotToAssess', '2027-02-01', { reasons: ['She has what she needs.'] }), senior);
    const second = await again();
    if (!second.done) throw new Error('The new request was refused');
    expect(second.runId).not.toBe(runId);
    const due = await test.ownerQuery<{ due: string }>(
      `select due_by::text as due from engine.deadline where run_id = $1 and duty = 'assessment.decide-whether-to-assess'`,
      [second.runId],
    );
    expect(due).toEqual([{ due: '2027-03-29' }]);
  });

  it('given twice happens once; fifty at the same moment make one fact', async () => {
    const runId = await begun();
    const same = given('recordViews', '2027-02-01', { summary: 'She likes drawing.' });
    await engine.act(runId, given('decideToAssess', '2027-01-20'), senior);
    const all = await Promise.all(Array.from({ length: 50 }, () => engine.act(runId, same, senior)));
    expect(all.every((one) => one.done)).toBe(true);
    expect(new Set(all.map((one) => (one.done ? one.factId : ''))).size).toBe(1);
    expect(all.filter((one) => one.done && !one.repeated)).toHaveLength(1);
    expect(await count('engine.fact', runId)).toBe(3);
  });

  it('a key used for something else is refused', async () => {
    const runId = await begun();
    const first = given('tellFamilyConsidering', '2027-01-05');
    await engine.act(runId, first, senior);
    expect(
      kindOf(await engine.act(runId, { ...first, command: 'explainDelay', fields: { on: '2027-01-05' } }, senior)),
    ).toBe('key-reused');
  });

  it('two that race have one winner and one clear refusal', async () => {
    const runId = await begun();
    const [one, other] = await Promise.all([
      engine.act(runId, given('decideToAssess', '2027-02-01', {}, { version: 1 }), senior),
      engine.act(runId, given('decideNotToAssess', '2027-02-01', { reasons: ['x'] }, { version: 1 }), otherSenior),
    ]);
    expect([kindOf(one), kindOf(other)].sort()).toEqual(['conflict', 'done']);
    const lost = one.done ? other : one;
    if (lost.done || 'waits' in lost) throw new Error('no loser');
    expect(lost.refusal.winner).toMatchObject({ version: 2 });
    expect(await count('engine.fact', runId)).toBe(2);
  });

  it('two beginnings with one key make one run', async () => {
    const childId = newId();
    const first = given('receiveRequest', '2027-01-04', { from: 'parent' });
    const all = await Promise.all(
      Array.from({ length: 10 }, () => engine.begin('needs-assessment', childId, first, senior)),
    );
    expect(new Set(all.map((one) => (one.done ? one.runId : 'refused')))).toHaveProperty('size', 1);
    expect(await test.ownerQuery('select id from engine.run where child_id = $1', [childId])).toHaveLength(1);
  });
});

describe('the two doors', () => {
  it('an act is refused inside the family’s window and says until when; a record of it is the breach it was', async () => {
    const runId = await begun();
    for (const one of [
      given('decideToAssess', '2027-01-20'),
      given('decideToIssue', '2027-02-20', { reasons: ['x'] }),
      given('sendDraftPlan', '2027-03-01'),
    ])
      expect(kindOf(await engine.act(runId, one, senior))).toBe('done');
    const refused = await engine.act(
      runId,
      given('namePlacement', '2027-03-02', { type: 'Mainstream school', reasons: ['x'] }),
      senior,
    );
    expect(refused).toMatchObject({ done: false, refusal: { kind: 'not-now', rule: 'SEND Regs 2014 reg 13(1)(a)' } });
    const recorded = await engine.record(runId, given('issueFinalPlan', '2027-03-05'), senior, {
      confirmedBy: otherSenior,
    });
    expect(recorded).toMatchObject({ done: true, position: 'planIssued' });
    await agreesWithHistory(runId);
  });

  it('recording an act of our own waits for a second person, who must be another', async () => {
    const runId = await begun();
    const outcome = await engine.record(runId, given('decideToAssess', '2027-02-01'), senior);
    if (outcome.done || !('waits' in outcome)) throw new Error('it did not wait');
    expect(await count('engine.fact', runId)).toBe(1);
    expect(await engine.confirm(outcome.waits.proposalId, senior)).toMatchObject({
      done: false,
      refusal: { kind: 'forbidden' },
    });
    expect(await engine.confirm(outcome.waits.proposalId, otherSenior)).toMatchObject({
      done: true,
      position: 'assessing',
    });
    expect(kindOf(await engine.confirm(outcome.waits.proposalId, otherSenior))).toBe('out-of-position');
    const [fact] = await test.ownerQuery<{ actor: string; confirmed_by: string }>(
      'select actor, confirmed_by from engine.fact where run_id = $1 and seq = 2',
      [runId],
    );
    expect(fact).toEqual({ actor: senior.staffId, confirmed_by: otherSenior.staffId });
  });

  it('a case whose first fact is recorded is held to the same doors, and to the same second person', async () => {
    const begin = (command: string, fields: Record<string, unknown>, options: { confirmedBy?: Actor } = {}) =>
      engine.begin('needs-assessment', newId(), given(command, '2027-02-01', fields), senior, {
        door: 'record',
        ...options,
      });
    const ids = { group: 'x', letter: 'assessment.agree', letterId: newId(), recipient: 'person:x' };
    expect(
      await begin('noteLetterSent', { ...ids, servedOn: '2027-02-03', channel: 'post' }, { confirmedBy: otherSenior }),
    ).toMatchObject({ refusal: { kind: 'invalid', wrong: [{ field: 'command', rule: 'unknown-command' }] } });
    expect(await begin('decideToAssess', {})).toMatchObject({
      refusal: { kind: 'forbidden', rule: 'second person' },
    });
    expect(await begin('decideToAssess', {}, { confirmedBy: senior })).toMatchObject({
      refusal: { kind: 'forbidden' },
    });
    expect(await begin('closeAfterRefusal', {})).toMatchObject({ refusal: { rule: 'door' } });
    const recorded = await begin('decideToAssess', {}, { confirmedBy: otherSenior });
    if (!recorded.done) throw new Error(JSON.stringify(recorded));
    expect(
      await test.ownerQuery('select actor, confirmed_by from engine.fact where run_id = $1', [recorded.runId]),
    ).toEqual([{ actor: senior.staffId, confirmed_by: otherSenior.staffId }]);
    expect((await begin('receiveRequest', { from: 'parent' })).done).toBe(true);
  });

  it('a proposal confirmed, confirmed again or given back in the same moment has one winner', async () => {
    const thirdSenior = person(['SM']);
    const propose = {
      decision: async (runId: string) => engine.record(runId, given('decideToAssess', '2027-02-01'), senior),
      reversal: async (runId: string) => {
        const [first] = await engine.history(senior, runId);
        return engine.proposeReversal(runId, first?.id ?? '', 'It was entered on the wrong child', newId(), senior);
      },
    };
    const rival = {
      confirms: (id: string) => engine.confirm(id, thirdSenior),
      givesBack: (id: string) => engine.giveBack(id, 'The day must be checked first', thirdSenior),
    };
    for (const what of ['decision', 'reversal'] as const)
      for (const how of ['confirms', 'givesBack'] as const) {
        const runId = await begun();
        const outcome = await propose[what](runId);
        if (outcome.done || !('waits' in outcome)) throw new Error('it did not wait');
        const { proposalId } = outcome.waits;
        // The run is busy, so that both have begun before either can end.
        const [one, other] = await test.database
          .transaction({ authority, actor: 'busy' }, async (tx) => {
            await tx.query('select id from engine.run where id = $1 for update', [runId]);
            const both = [
              engine.confirm(proposalId, otherSenior),
              wait(150).then(() => rival[how](proposalId)),
            ] as const;
            await wait(400);
            return both;
          })
          .then((both) => Promise.all(both));
        expect([what, how, kindOf(one)]).toEqual([what, how, 'done']);
        expect('returned' in other ? 'returned' : kindOf(other)).toBe('out-of-position');
        expect(await count('engine.fact', runId)).toBe(2);
        expect(
          await test.ownerQuery('select status, decided_by from engine.proposal where id = $1', [proposalId]),
        ).toEqual([{ status: 'confirmed', decided_by: otherSenior.staffId }]);
      }
  });

  it('a confirmation that is refused leaves the proposal waiting', async () => {
    const runId = await begun();
    const outcome = await engine.record(runId, given('decideToAssess', '2027-02-01'), senior);
    if (outcome.done || !('waits' in outcome)) throw new Error('it did not wait');
    const caseworker = person(['CW']);
    expect((await engine.confirm(outcome.waits.proposalId, caseworker)).done).toBe(false);
    expect(await engine.confirm(outcome.waits.proposalId, otherSenior)).toMatchObject({ done: true });
  });

  it('what is odd is asked about once, then taken; what is in the future is refused', async () => {
    const runId = await begun('2027-02-10');
    const early = given('decideToAssess', '2027-02-01');
    expect(kindOf(await engine.record(runId, early, senior, { confirmedBy: otherSenior }))).toBe('ask');
    expect(
      kindOf(await engine.record(runId, { ...early, confirmed: true }, senior, { confirmedBy: otherSenior })),
    ).toBe('done');
    expect(await engine.record(runId, given('recordViews', '2027-06-02', { summary: 'x' }), senior)).toMatchObject({
      refusal: { kind: 'invalid', wrong: [{ field: 'on', rule: 'in-the-future' }] },
    });
    await agreesWithHistory(runId);
  });

  it('a late-entered fact moves what depends on it, and says what moved', async () => {
    const runId = await begun('2027-02-10');
    const earlier = await engine.record(runId, given('receiveRequest', '2027-02-01', { from: 'parent' }), senior);
    expect(earlier.done).toBe(true);
    await agreesWithHistory(runId);
  });

  it('a fact taken back is kept, has no effect, and needs two people and a reason', async () => {
    const runId = await begun();
    const decided = await engine.act(runId, given('decideToAssess', '2027-01-20'), senior);
    if (!decided.done) throw new Error('not decided');
    expect(await engine.reverse(runId, decided.factId, 'too short', newId(), senior, otherSenior)).toMatchObject({
      refusal: { kind: 'invalid' },
    });
    expect(
      await engine.reverse(
        runId,
        decided.factId,
        'It was entered on the wrong child by mistake',
        newId(),
        senior,
        senior,
      ),
    ).toMatchObject({ refusal: { kind: 'forbidden' } });
    expect(
      await engine.reverse(
        runId,
        decided.factId,
        'It was entered on the wrong child by mistake',
        newId(),
        senior,
        otherSenior,
      ),
    ).toMatchObject({ done: true, position: 'considering' });
    expect(await count('engine.fact', runId)).toBe(3);
    await agreesWithHistory(runId);
  });
});

describe('the wall', () => {
  it('another authority’s run looks as if it did not exist', async () => {
    const runId = await begun();
    expect(await engine.act(runId, given('decideToAssess', '2027-01-20'), elsewhere)).toMatchObject({
      refusal: { kind: 'not-found' },
    });
    expect(await engine.record(newId(), given('decideToAssess', '2027-01-20'), senior)).toMatchObject({
      refusal: { kind: 'not-found' },
    });
    expect(await engine.history(elsewhere, runId)).toEqual([]);
  });

  it('somebody with no part in the case does not see it, and a caseworker signs no decision', async () => {
    const runId = await begun();
    const caseworker = person(['CW']);
    expect(await engine.act(runId, given('recordViews', '2027-01-20', { summary: 'x' }), caseworker)).toMatchObject({
      refusal: { kind: 'not-found' },
    });
  });
});

describe('for any history through the database', () => {
  const kinds = [
    ['tellFamilyConsidering', {}],
    ['decideToAssess', {}],
    ['decideNotToAssess', { reasons: ['x'] }],
    ['askForAdvice', { requests: [{ request: 'r1', kind: 'health', adviser: 'a' }] }],
    ['recordAdvice', { request: 'r1' }],
    ['decideToIssue', { reasons: ['x'] }],
    ['sendDraftPlan', {}],
    ['recordRepresentations', { nothingMoreToSay: true }],
    ['issueFinalPlan', {}],
    ['recordConcession', {}],
    ['withdrawRequest', { by: 'x' }],
  ] as const;
  const histories = fc.uniqueArray(fc.tuple(fc.nat(kinds.length - 1), fc.nat(120)), {
    minLength: 1,
    maxLength: 5,
    selector: ([kind]) => kind,
  });

  it('any order of arrival, the stored position and deadlines are those of the history', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (list) => {
        const runId = await begun('2027-01-04');
        for (const [kind, days] of list) {
          const [command, fields] = kinds[kind] ?? kinds[0];
          const outcome = await engine.record(
            runId,
            given(command, addDays('2027-01-04', days), fields, { confirmed: true }),
            senior,
            { confirmedBy: otherSenior },
          );
          expect(kindOf(outcome)).toBe('done');
        }
        await agreesWithHistory(runId);
      }),
      { numRuns: 500 },
    );
  }, 600_000);
});

describe('after a change of calendar or law', () => {
  it('shows which dates would move, writes nothing until told to, and then says why', async () => {
    const runId = await begun('2027-01-04');
    await test.ownerQuery(
      `update engine.deadline set due_by = due_by + 1 where run_id = $1 and key = 'plan.issue-final'`,
      [runId],
    );
    const again = (apply: boolean) =>
      recompute(test.database, (id, version) => engine.workflow(id, version), senior, {
        reason: 'A test of the command',
        apply,
        now: clock.now(),
      });
    const dry = await again(false);
    expect(dry.changed.filter((one) => one.runId === runId)).toMatchObject([
      { key: 'plan.issue-final', from: '2027-05-25', to: '2027-05-24' },
    ]);
    const due = () =>
      test.ownerQuery<{ d: string }>(
        `select due_by::text as d from engine.deadline where run_id = $1 and key = 'plan.issue-final'`,
        [runId],
      );
    expect(await due()).toEqual([{ d: '2027-05-25' }]);
    await again(true);
    expect(await due()).toEqual([{ d: '2027-05-24' }]);
    expect((await again(false)).changed.filter((one) => one.runId === runId)).toEqual([]);
    const [audit] = await test.ownerQuery<{ reason: string }>(
      `select reason from access.audit where run_id = $1 and action = 'recompute'`,
      [runId],
    );
    expect(audit?.reason).toBe('A test of the command');
  }, 120_000);
});

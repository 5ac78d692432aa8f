import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideSetting, systemActor } from '@send/access';
import type { Actor } from '@send/access';
import { newId } from '@send/database';
import { checkNightly, type Correspondence, Engine, type Given, orphans, type Outcome, SetClock } from '@send/engine';
import { type Day, schoolYearGroup } from '@send/statute';
import { processes } from '@send/workflows';
import { openTestDatabase, type TestDatabase } from './database';

const authority = 'levelshire';
const person = (): Actor => ({ staffId: newId(), name: 'Invented', authority, roles: ['SM'], team: null });
const senior = person();
const second = person();
const clock = new SetClock(new Date('2027-06-01T09:00:00Z'));
const nobody: Correspondence = {
  needsApproval: () => false,
  addressees: (_, __, letters) =>
    Promise.resolve({ of: Object.fromEntries(letters.map(({ key }) => [key, ['mother']])), held: [] }),
};

let test: TestDatabase;
let engine: Engine;

beforeAll(async () => {
  test = await openTestDatabase({ poolSize: 12 });
  engine = new Engine(test.database, processes, nobody, clock);
});
afterAll(() => test.close());

const given = (command: string, on: Day, fields: Record<string, unknown> = {}): Given => ({
  command,
  key: newId(),
  confirmed: true,
  fields: { on, ...fields },
});
const must = (outcome: Outcome) => {
  if (outcome.done) return outcome;
  throw new Error(JSON.stringify(outcome));
};

/** An assessment of a new child, all of it put on record. */
async function assessed(childId = newId(), issuedOn: Day = '2026-09-14') {
  const begun = must(
    await engine.begin('needs-assessment', childId, given('receiveRequest', '2026-05-04', { from: 'parent' }), senior),
  );
  const runId = begun.runId;
  const issued = await issue(runId, issuedOn);
  return { childId, runId, issued };
}

const issue = async (runId: string, on: Day) =>
  must(await engine.record(runId, given('issueFinalPlan', on), senior, { confirmedBy: second }));

interface RunRow {
  id: string;
  workflow: string;
  position: string;
  closed: boolean;
}
const runsOf = (childId: string): Promise<RunRow[]> =>
  test.ownerQuery<RunRow>(
    'select id, workflow, position, closed from engine.run where child_id = $1 order by workflow, opened_on',
    [childId],
  );
const openDates = (childId: string): Promise<{ duty: string; due: Day }[]> =>
  test.ownerQuery<{ duty: string; due: Day }>(
    `select duty, due_by::text as due from engine.deadline
     where child_id = $1 and met_on is null and ended_on is null and due_by is not null and duty like 'practice.%' order by duty`,
    [childId],
  );
const checkOf = async (childId: string) =>
  (await runsOf(childId)).filter(({ workflow }) => workflow === 'provision-check');

describe('a fact of one run', () => {
  it('begins the process that follows, in the same transaction', async () => {
    const { childId, issued } = await assessed();
    const [check, ...more] = await checkOf(childId);
    expect(more).toEqual([]);
    expect(check).toMatchObject({ workflow: 'provision-check', position: 'asking', closed: false });
    expect(await openDates(childId)).toEqual([{ duty: 'practice.contact-after-plan-issued', due: '2026-12-07' }]);
    const [fact] = await test.ownerQuery<{ actor: string; door: string; source: string }>(
      'select actor, door, source from engine.fact where run_id = $1',
      [check?.id],
    );
    expect(fact).toMatchObject({ actor: 'system', door: 'record' });
    expect(fact?.source).toContain(issued.factId);
  });

  it('corrected, corrects the run that was given it', async () => {
    const { childId, runId, issued } = await assessed();
    const [before] = await checkOf(childId);
    must(await engine.reverse(runId, issued.factId, 'The wrong day was entered', newId(), senior, second));
    expect(await openDates(childId)).toEqual([]);
    expect(await checkOf(childId)).toEqual([expect.objectContaining({ id: before?.id })]);
    await issue(runId, '2026-09-21');
    const runs = await checkOf(childId);
    expect(await openDates(childId)).toEqual([{ duty: 'practice.contact-after-plan-issued', due: '2026-12-14' }]);
    expect(runs.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it('given twice at the same moment, begins one', async () => {
    const childId = newId();
    const { runId } = must(
      await engine.begin(
        'needs-assessment',
        childId,
        given('receiveRequest', '2026-05-04', { from: 'parent' }),
        senior,
      ),
    );
    const same = given('issueFinalPlan', '2026-09-14');
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => engine.record(runId, same, senior, { confirmedBy: second })),
    );
    expect(outcomes.every((one) => one.done)).toBe(true);
    expect(await checkOf(childId)).toHaveLength(1);
  });

  it('ends what it must, whichever came first', async () => {
    const { childId, runId } = await assessed();
    must(await engine.record(runId, given('recordDeath', '2026-10-05'), senior, { confirmedBy: second }));
    expect(await openDates(childId)).toEqual([]);
    expect((await checkOf(childId)).every(({ closed }) => closed)).toBe(true);

    const other = newId();
    const late = must(
      await engine.begin('needs-assessment', other, given('receiveRequest', '2026-05-04', { from: 'parent' }), senior),
    );
    must(await engine.record(late.runId, given('recordDeath', '2026-10-05'), senior, { confirmedBy: second }));
    await issue(late.runId, '2026-09-14');
    expect(await openDates(other)).toEqual([]);
    expect((await checkOf(other)).map(({ closed }) => closed)).toEqual([true]);
  });

  it('ends with a life what was begun before anybody here knew', async () => {
    const { childId, runId } = await assessed();
    const review = given('startReview', '2026-10-12', { planIssuedOn: '2026-09-14' });
    const unaware = must(await engine.begin('annual-review', childId, review, senior, { door: 'record' }));
    must(await engine.record(runId, given('recordDeath', '2026-10-05'), senior, { confirmedBy: second }));
    const later = given('startReview', '2026-10-19', { planIssuedOn: '2026-09-14' });
    must(await engine.begin('annual-review', childId, later, senior, { door: 'record' }));
    expect((await runsOf(childId)).filter(({ closed }) => !closed)).toEqual([]);
    const ends = await test.ownerQuery<{ on: Day }>(
      `select on_day::text as on from engine.fact where run_id = $1 and type = 'childDied'`,
      [unaware.runId],
    );
    expect(ends).toEqual([{ on: '2026-10-12' }]);
    expect(await engine.rejoin(childId, senior)).toBe(0);
  });
});

describe('the next review', () => {
  it('learns that the child has come to year 9 since the plan was made', async () => {
    // Year 6 when the plan is issued, year 7 at the decision, year 9 from September 2026.
    const growing: Correspondence = {
      ...nobody,
      child: (_, __, on) =>
        Promise.resolve({
          dateOfBirth: '2013-03-04',
          yearGroup: schoolYearGroup('2013-03-04', on),
          attends: true,
          lookedAfter: false,
        }),
    };
    const own = new Engine(test.database, processes, growing, clock);
    const childId = newId();
    const begun = must(
      await own.begin('needs-assessment', childId, given('receiveRequest', '2024-01-08', { from: 'parent' }), senior),
    );
    must(await own.record(begun.runId, given('issueFinalPlan', '2024-05-13'), senior, { confirmedBy: second }));
    const reviewOf = async (n: number): Promise<string> => {
      const found = (await runsOf(childId)).filter(({ workflow }) => workflow === 'annual-review');
      expect(found).toHaveLength(n);
      return found[n - 1]?.id ?? '';
    };
    const keep = async (runId: string, meeting: Day, decision: Day) => {
      must(await own.record(runId, given('recordReviewMeeting', meeting), senior));
      const kept = given('keepPlan', decision, { reasons: ['Nothing has changed that the plan must follow'] });
      must(await own.record(runId, kept, senior, { confirmedBy: second }));
    };
    await keep(await reviewOf(1), '2025-04-07', '2025-05-05');
    await keep(await reviewOf(2), '2026-04-06', '2026-05-04');
    const third = await reviewOf(3);
    must(await own.record(third, given('planMeeting', '2027-03-01', { meetingOn: '2027-04-12' }), senior));
    const owed = (runId: string) =>
      test.ownerQuery<{ duty: string }>(
        `select duty from engine.deadline where run_id = $1 and duty = 'review.year-9-adulthood'`,
        [runId],
      );
    expect(await owed(third)).toHaveLength(1);
  });
});

describe('a letter that leaves after what was told with its fact', () => {
  const today = clock.today();
  const does = async (runId: string, command: string, fields: Record<string, unknown> = {}) =>
    must(await engine.act(runId, given(command, today, fields), senior, { confirmedBy: second }));
  const leaves = async (runId: string, letter: string): Promise<void> => {
    const [row] = await test.ownerQuery<{ id: string; group: string }>(
      'select id, group_key as group from letters.letter where run_id = $1 and letter = $2',
      [runId, letter],
    );
    const to = { recipient: 'mother', channel: 'first class post', servedOn: today };
    const sent = { group: row?.group, letter, letterId: row?.id, ...to };
    must(await engine.record(runId, given('noteLetterSent', today, sent), systemActor(authority)));
  };

  it('gives the dispute the day that the family’s time to appeal counts from', async () => {
    const childId = newId();
    const { runId } = must(
      await engine.begin('needs-assessment', childId, given('receiveRequest', today, { from: 'parent' }), senior),
    );
    await does(runId, 'decideNotToAssess', { reasons: ['The school’s own help is enough.'] });
    must(await engine.record(runId, given('recordMediationRequest', today), senior));
    const lastDays = () =>
      test.ownerQuery<{ workflow: string; due: Day | null }>(
        `select r.workflow, d.due_by::text as due from engine.deadline d join engine.run r on r.id = d.run_id
         where r.child_id = $1 and d.duty = 'appeal.time-limit' order by r.workflow`,
        [childId],
      );
    expect((await lastDays()).map(({ due }) => due)).toEqual([null, null]);
    await leaves(runId, 'assessment.refuse');
    const [appeal, decided] = await lastDays();
    expect([appeal?.workflow, decided?.workflow]).toEqual(['appeal', 'needs-assessment']);
    expect(decided?.due).toBe('2027-08-01');
    expect(appeal?.due).toBe(decided?.due);
    expect(await engine.rejoin(childId, senior)).toBe(0);
  });

  it('gives its row the bound of a date that could not be counted before', async () => {
    const begun = must(
      await engine.begin(
        'amendment',
        newId(),
        given('proposeAmendments', today, { reasons: ['The needs have changed.'] }),
        senior,
      ),
    );
    const bound = () =>
      test.ownerQuery(`select due_by::text as due, bound from engine.deadline where run_id = $1 and duty = $2`, [
        begun.runId,
        'amend.notice-contents',
      ]);
    expect(await bound()).toEqual([{ due: null, bound: 'none' }]);
    await leaves(begun.runId, 'amend.without-review');
    expect(await bound()).toEqual([{ due: '2027-07-27', bound: 'max' }]);
  });
});

describe('the nightly check', () => {
  it('finds no date that runs on after an ending, and names one that does', async () => {
    const look = () => test.database.transaction({ authority, actor: 'system' }, (tx) => orphans(tx, processes));
    const { childId, runId } = await assessed();
    must(await engine.record(runId, given('recordDeath', '2026-10-05'), senior, { confirmedBy: second }));
    expect(await look()).toEqual([]);
    const [check] = await checkOf(childId);
    await test.ownerQuery(
      `with a as (select set_config('app.authority', '${authority}', true)) update engine.deadline set ended_on = null from a
       where run_id = $1`,
      [check?.id],
    );
    expect(await look()).toEqual([
      {
        runId: check?.id,
        workflow: 'provision-check',
        duty: 'practice.contact-after-plan-issued',
        why: 'The run is closed and the date runs on',
      },
    ]);
    const first = await checkNightly(test.database, authority, processes, '2027-06-01');
    expect(first?.found).toHaveLength(1);
    expect(await checkNightly(test.database, authority, processes, '2027-06-01')).toBeNull();
  });
});

describe('a setting of the authority', () => {
  it('decides from which plans on there are checks, and is applied to what is on record', async () => {
    const old = await assessed(newId(), '2022-11-07').catch((error: unknown) => error);
    expect(old).not.toBeInstanceOf(Error);
    const { childId } = old as { childId: string };
    expect(await checkOf(childId)).toEqual([]);
    await test.database.transaction({ authority, actor: senior.staffId }, (tx) =>
      decideSetting(tx, senior, {
        name: 'provision-checks-from',
        value: '2022-11-01',
        from: '2027-01-01',
        reason: 'The board decided it',
      }),
    );
    expect(await engine.rejoin(childId, senior)).toBeGreaterThan(0);
    expect(await checkOf(childId)).toHaveLength(1);
    expect(await engine.rejoin(childId, senior)).toBe(0);
  });
});

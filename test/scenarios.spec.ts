import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeChild, changeRelationship, protectAddress, rightsStayWithParentsUntil, setTerm } from '@send/case-file';
import { newId } from '@send/database';
import { needsAssessmentWorkflow } from '@send/workflows';
import type { CaseRun } from '../apps/casework/src/case/case-runs';
import { exceptionsInWords } from '../apps/casework/src/case/proposed-exceptions';
import { CaseWorld, done, testKeys } from './builders/case-with-family';
import { type Dates, datesOf, Post } from './builders/post';

/**
 * Stories of assessments, day by day, on the real engine and database: what is due, what is met, and who is written to.
 * Where the other stories are told stands in docs/scenarios.md.
 */

let world: CaseWorld;
let post: Post;
beforeAll(async () => {
  world = await CaseWorld.open('2026-06-15');
  post = new Post(world);
}, 120_000);
afterAll(async () => {
  await post.close();
  await world.close();
});

const dates = (runId: string, ...duties: string[]): Promise<Dates> => datesOf(world, runId, duties);
const limits = ['assessment.decide-whether-to-assess', 'assessment.notify-no-plan', 'plan.issue-final'];
/** Two names that no other story has, so that a story can say who was written to. */
const named = async (parents = 1) => {
  const family = await world.family(parents);
  const surname = family.child.lastName;
  return { family, ruth: `Ruth ${surname}`, priya: `Priya ${surname}`, rowan: `Rowan ${surname}` };
};

describe('advice is asked on Friday 24 July 2026 of a school that is closed for six weeks', () => {
  it('is proposed as an exception, lifts nothing by itself, and never excuses the adviser', async () => {
    const { family, ruth } = await named();
    await world.as(world.caseworker, async (tx) => {
      await setTerm(tx, family.settingId, 'Summer', { from: '2026-06-01', to: '2026-07-22' });
      await setTerm(tx, family.settingId, 'Autumn', { from: '2026-09-02', to: '2026-10-23' });
    });

    // Monday 15 June: the mother asks. Six weeks, sixteen, twenty.
    const runId = await world.request(family);
    expect(await post.goesOut(runId)).toEqual([`assessment.ack-request to ${ruth}`]);
    expect(await dates(runId, ...limits)).toEqual({
      'assessment.decide-whether-to-assess': { due: '2026-07-27' },
      'assessment.notify-no-plan': { due: '2026-10-05' },
      'plan.issue-final': { due: '2026-11-02' },
    });

    // Monday 20 July: the council will assess, and says so in time.
    world.clock.moveTo('2026-07-20');
    await world.act(runId, 'decideToAssess');
    expect(await post.goesOut(runId)).toContain(`assessment.agree to ${ruth}`);
    expect(await dates(runId, 'assessment.decide-whether-to-assess')).toEqual({
      'assessment.decide-whether-to-assess': { due: '2026-07-27', met: '2026-07-20' },
    });

    // Friday 24 July, two days after the school closed: it is asked for its advice all the same, within six weeks.
    world.clock.moveTo('2026-07-24');
    const request = newId();
    const requests = [{ request, kind: 'education', adviser: family.settingId }];
    await world.act(runId, 'askForAdvice', { requests }, world.caseworker);
    expect(await post.goesOut(runId)).toEqual(['assessment.advice-education to setting']);
    expect(await dates(runId, 'assessment.advice-due')).toEqual({ 'assessment.advice-due': { due: '2026-09-04' } });

    // The record proves it, and somebody is told so; no date has moved.
    const [row] = await world.test.ownerQuery<Pick<CaseRun, 'id' | 'place'>>(
      'select id, place from engine.run where id = $1',
      [runId],
    );
    const run = { ...row, workflow: needsAssessmentWorkflow } as CaseRun;
    const proposed = await world.as(world.caseworker, (tx) => exceptionsInWords(tx, run));
    expect(proposed).toMatchObject([
      { from: '23 July 2026', to: '1 September 2026', facts: expect.stringContaining('re-opened on 2 September 2026') },
    ]);
    expect(await dates(runId, 'plan.issue-final')).toEqual({ 'plan.issue-final': { due: '2026-11-02' } });

    // Thursday 3 September: a caseworker relies on it, which a second person must confirm; the mother is told the same day.
    world.clock.moveTo('2026-09-03');
    const fields = {
      on: '2026-09-03',
      ground: 'settingClosed',
      from: '2026-07-23',
      to: '2026-09-01',
      reason: proposed[0]?.facts,
    };
    const waits = await world.engine.act(runId, { command: 'relyOnException', key: newId(), fields }, world.caseworker);
    if (waits.done || !('waits' in waits)) throw new Error('One person alone relied on it');
    expect(await post.goesOut(runId)).toEqual([]);
    done(await world.engine.confirm(waits.waits.proposalId, world.senior));
    expect(await post.goesOut(runId)).toEqual([`assessment.delay-exception to ${ruth}`]);
    // The 41 days count for the council's own limits, whose day of the law still shows; not for the adviser's.
    expect(await dates(runId, ...limits, 'assessment.advice-due', 'assessment.tell-family-of-exception')).toEqual({
      'assessment.advice-due': { due: '2026-09-04' },
      'assessment.decide-whether-to-assess': { due: '2026-07-27', target: '2026-09-06', met: '2026-07-20' },
      'assessment.notify-no-plan': { due: '2026-10-05', target: '2026-11-15' },
      'assessment.tell-family-of-exception': { met: '2026-09-03' },
      'plan.issue-final': { due: '2026-11-02', target: '2026-12-13' },
    });

    // Tuesday 8 September: the advice comes four days late, and is late.
    world.clock.moveTo('2026-09-08');
    await world.act(runId, 'recordAdvice', { request }, world.caseworker);
    expect(await dates(runId, 'assessment.advice-due')).toEqual({
      'assessment.advice-due': { due: '2026-09-04', met: '2026-09-08' },
    });
    const again = await world.as(world.caseworker, async (tx) => {
      const [now] = await tx.query<Pick<CaseRun, 'id' | 'place'>>('select id, place from engine.run where id = $1', [
        runId,
      ]);
      return exceptionsInWords(tx, { ...now, workflow: needsAssessmentWorkflow } as CaseRun);
    });
    expect(again).toEqual([]);
  }, 300_000);
});

describe('compulsory school age ends while an assessment runs', () => {
  it('a sixteenth birthday on 15 June 2027 changes nothing; the letters pass on after Friday 25 June, and no date moves', async () => {
    world.clock.moveTo('2027-05-24');
    const { family, ruth, rowan } = await named();
    const { child } = family;
    await world.as(world.caseworker, (tx) => changeChild(tx, child.id, child.version, { dateOfBirth: '2011-06-15' }));
    expect(rightsStayWithParentsUntil({ dateOfBirth: '2011-06-15' })).toBe('2027-06-25');

    // Monday 24 May: the mother asks, and is answered.
    const runId = await world.request(family);
    expect(await post.goesOut(runId)).toEqual([`assessment.ack-request to ${ruth}`]);
    const asCounted = await dates(runId, ...limits);
    expect(asCounted).toEqual({
      'assessment.decide-whether-to-assess': { due: '2027-07-05' },
      'assessment.notify-no-plan': { due: '2027-09-13' },
      'plan.issue-final': { due: '2027-10-11' },
    });

    // Wednesday 16 June, the day after the birthday: the decision is told to the mother.
    world.clock.moveTo('2027-06-16');
    await world.act(runId, 'decideToAssess');
    const decided = await post.goesOut(runId);
    expect(decided).toContain(`assessment.agree to ${ruth}`);
    expect(decided).not.toContain(`assessment.agree to ${rowan}`);

    // Friday 25 June is the last day on which she is written to.
    const sorry = {
      what: 'the advice',
      why: 'We were short of staff.',
      newDate: '2027-08-02',
      meanwhile: 'Help goes on.',
    };
    world.clock.moveTo('2027-06-25');
    await world.act(runId, 'explainDelay', sorry, world.caseworker);
    expect(await post.goesOut(runId)).toEqual([`assessment.delay-apology to ${ruth}`]);
    world.clock.moveTo('2027-06-26');
    await world.act(runId, 'explainDelay', { ...sorry, newDate: '2027-08-09' }, world.caseworker);
    expect(await post.goesOut(runId)).toEqual([`assessment.delay-apology to ${rowan}`]);

    // Monday 16 August: decision and draft are the young person's own, and so are the fifteen days.
    world.clock.moveTo('2027-08-16');
    await world.act(runId, 'decideToIssue', { reasons: ['The school cannot give this much help from what it has.'] });
    await world.act(runId, 'sendDraftPlan');
    const letters = await post.goesOut(runId);
    expect(letters).toEqual(expect.arrayContaining([`assessment.agree-plan to ${rowan}`, `plan.draft to ${rowan}`]));
    expect(letters.filter((one) => one.endsWith(ruth))).toEqual([]);
    expect(await dates(runId, ...limits, 'plan.representations-window')).toEqual({
      'assessment.decide-whether-to-assess': { due: '2027-07-05', met: '2027-06-16' },
      'assessment.notify-no-plan': { due: '2027-09-13', ended: '2027-08-16' },
      'plan.issue-final': asCounted['plan.issue-final'],
      'plan.representations-window': { due: '2027-09-01' },
    });
  }, 300_000);
});

describe('two parents live apart, one at an address that is not to be shared, one restricted by a court', () => {
  it('each has a letter of their own, neither sees the other’s, and after the order one alone is written to', async () => {
    world.clock.moveTo('2027-01-11');
    const { family, ruth, priya } = await named(2);
    const [fled, restricted] = family.parents;
    if (fled === undefined || restricted === undefined) throw new Error('Two parents are needed');
    const decision = 'assessment.decide-whether-to-assess';

    // Monday 11 January: both are told that the request came.
    const runId = await world.request(family);
    expect(await post.goesOut(runId)).toEqual([
      `assessment.ack-request to ${ruth}`,
      `assessment.ack-request to ${priya}`,
    ]);

    // Monday 18 January: Ruth has fled to a refuge.
    world.clock.moveTo('2027-01-18');
    await world.as(world.caseworker, (tx) =>
      protectAddress(tx, world.caseworker, testKeys, {
        personId: fled.personId,
        address: { lines: ['3 Refuge Row', 'Haven'], postcode: 'LV8 8QQ' },
        reason: 'She has fled violence at home',
        confirmedBy: world.senior.staffId,
        on: '2027-01-18',
      }),
    );

    // Monday 8 February: the first letter to the new address waits for a second person, and the decision is not told yet.
    world.clock.moveTo('2027-02-08');
    await world.act(runId, 'decideToAssess');
    const first = await post.goesOut(runId);
    expect(first).toEqual(
      expect.arrayContaining([`held: assessment.agree to ${ruth}`, `assessment.agree to ${priya}`]),
    );
    expect(await dates(runId, decision)).toEqual({ [decision]: { due: '2027-02-22' } });

    // Wednesday 10 February: it is confirmed, leaves, and meets the duty on that day.
    world.clock.moveTo('2027-02-10');
    for (const { id, status } of await world.letters(runId))
      if (status === 'held')
        expect(
          await world.desk.release(id, 'The refuge confirmed the address on the phone', {
            ...world.senior,
            staffId: newId(),
          }),
        ).toMatchObject({ done: true });
    expect(await post.goesOut(runId)).toContain(`assessment.agree to ${ruth}`);
    expect(await dates(runId, decision)).toEqual({ [decision]: { due: '2027-02-22', met: '2027-02-10' } });

    // Nothing that is kept or read of any letter shows where she lives; and the other’s shows nothing of her old home.
    const kept = await world.test.ownerQuery<{ letter: string; recipient: string; all: string; hidden: boolean }>(
      `select letter, recipient, coalesce(html, '') || coalesce(values::text, '') as all, address_protected as hidden
       from letters.letter where run_id = $1`,
      [runId],
    );
    for (const one of kept) expect(one.all).not.toMatch(/Refuge Row|LV8 8QQ/);
    const to = (personId: string, letter: string) =>
      kept.find((one) => one.recipient === `person:${personId}` && one.letter === letter);
    expect(to(fled.personId, 'assessment.agree')?.hidden).toBe(true);
    const theirs = to(restricted.personId, 'assessment.agree');
    expect(theirs?.all).toContain(restricted.postcode);
    expect(theirs?.all).not.toContain(fled.postcode);

    // Monday 1 March: a court order of 26 February says that the other parent has no letters.
    world.clock.moveTo('2027-03-01');
    await world.as(world.senior, (tx) =>
      changeRelationship(
        tx,
        restricted.relationshipId,
        {
          receivesRefusedReason: 'court-order',
          receivesRefusedEvidence: 'Order of 26 February 2027',
          receivesRefusedBy: world.senior.staffId,
        },
        '2027-03-01',
      ),
    );

    // Monday 12 April: the plan is agreed; one letter for the family, and its duty waits for nobody else.
    world.clock.moveTo('2027-04-12');
    await world.act(runId, 'decideToIssue', { reasons: ['Rowan needs more speech therapy than the school can give.'] });
    const after = await post.goesOut(runId);
    expect(after).toContain(`assessment.agree-plan to ${ruth}`);
    expect(after.filter((one) => one.endsWith(priya))).toEqual([]);
    expect((await world.letters(runId)).filter(({ status }) => status !== 'sent')).toEqual([]);
  }, 300_000);
});

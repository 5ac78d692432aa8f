import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { openNoticesOfChild } from '@send/case-file';
import { dataFolder, newId } from '@send/database';
import { Typesetter } from '@send/letters';
import { deadline, englandCalendars } from '@send/statute';
import { Worker } from '../apps/worker/src/worker';
import { CaseWorld, done, type Family, testKeys } from './builders/case-with-family';
import { type Dates, datesOf, Post } from './builders/post';

Logger.overrideLogger(false);

/** Stories of reviews, day by day, as in scenarios.spec.ts; the worker is there to remind. */

let world: CaseWorld;
let post: Post;
let worker: Worker;
let folder: string;
beforeAll(async () => {
  world = await CaseWorld.open('2027-01-11');
  post = new Post(world);
  folder = mkdtempSync(join(dataFolder(), 'test', 'plans-'));
  worker = await Worker.open(
    {
      databaseUrl: world.test.url,
      redisUrl: undefined,
      dropFolder: join(folder, 'drop'),
      addressKeys: testKeys,
      sweepSeconds: 3_600,
      pollMilliseconds: 50,
      leaseSeconds: 30,
      atOnce: 2,
      healthPort: undefined,
      today: undefined,
      production: false,
    },
    { clock: world.clock, typesetter: new Typesetter({ inProcess: true }) },
  );
}, 120_000);
afterAll(async () => {
  await worker.onApplicationShutdown();
  await post.close();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

const dates = (runId: string, ...duties: string[]): Promise<Dates> => datesOf(world, runId, duties);
const runsOf = (family: Family) =>
  world.test.ownerQuery<{ id: string; workflow: string; position: string; closed: boolean }>(
    'select id, workflow, position, closed from engine.run where child_id = $1 order by id',
    [family.child.id],
  );

describe('a plan is issued on 29 February 2028', () => {
  it('a day late; its review is due on 27 February 2029, and the 28th is contested', async () => {
    // Twenty weeks from Monday 11 October 2027 end on Monday 28 February.
    world.clock.moveTo('2028-03-01');
    const family = await world.family();
    const { runId } = done(
      await world.engine.begin(
        'needs-assessment',
        family.child.id,
        { command: 'receiveRequest', key: newId(), fields: { on: '2027-10-11', from: 'parent' } },
        world.caseworker,
        { door: 'record' },
      ),
    );
    const issued = { command: 'issueFinalPlan', key: newId(), confirmed: true, fields: { on: '2028-02-29' } };
    const confirmedBy = { ...world.senior, staffId: newId() };
    done(await world.engine.record(runId, issued, world.senior, { confirmedBy }));
    expect(await dates(runId, 'plan.issue-final', 'appeal.time-limit')).toEqual({
      'appeal.time-limit': { due: '2028-04-29' },
      'plan.issue-final': { due: '2028-02-28', met: '2028-02-29' },
    });
    const runs = await runsOf(family);
    const begun = (workflow: string) => runs.find((one) => one.workflow === workflow)?.id ?? '';
    expect(await dates(begun('annual-review'), 'review.every-12-months')).toEqual({
      'review.every-12-months': { due: '2029-02-27' },
    });
    expect(await dates(begun('provision-check'), 'practice.contact-after-plan-issued')).toEqual({
      'practice.contact-after-plan-issued': { due: '2028-05-23' },
    });
    const counted = (finalPlanIssued: string) => {
      const found = deadline('review.every-12-months', { finalPlanIssued }, englandCalendars);
      return 'dueBy' in found ? [found.dueBy, found.contested] : found;
    };
    // A plan of the 28th and one of the 29th have the same last day; only from 1 March is it the 29th of a leap year.
    expect(counted('2028-02-29')).toEqual(['2029-02-27', '2029-02-28']);
    expect(counted('2028-02-28')).toEqual(['2029-02-27', '2029-02-28']);
    expect(counted('2027-03-01')).toEqual(['2028-02-29', '2028-03-01']);
  }, 300_000);
});

describe('a review is held and then nobody decides for nine weeks', () => {
  it('stays open, late and on the lists of caseworker and manager, until its letter has left; the next one counts from there', async () => {
    // The last decision left on Monday 2 February 2026: the review is due on 1 February 2027.
    world.clock.moveTo('2026-12-07');
    const family = await world.family();
    const ruth = `Ruth ${family.child.lastName}`;
    const { runId } = done(
      await world.engine.begin(
        'annual-review',
        family.child.id,
        { command: 'startFromDecision', key: newId(), fields: { on: '2026-02-02' } },
        world.caseworker,
        { door: 'record' },
      ),
    );
    await world.act(runId, 'planMeeting', { meetingOn: '2027-01-13', time: '10am', place: 'School' });
    expect(await post.goesOut(runId)).toContain(`review.invite-family to ${ruth}`);

    // Wednesday 13 January: it is held; the report is due in two weeks, the decision in four.
    world.clock.moveTo('2027-01-13');
    await world.act(runId, 'recordReviewMeeting');
    const owed = ['review.decision-notified', 'review.every-12-months', 'review.meeting-held', 'review.school-report'];
    const undecided = {
      'review.decision-notified': { due: '2027-02-10' },
      'review.every-12-months': { due: '2027-02-01' },
      'review.meeting-held': { met: '2027-01-13' },
      'review.school-report': { due: '2027-01-27' },
    };
    expect(await dates(runId, ...owed)).toEqual(undecided);

    // Day after day nothing is decided: before the day, on it and after it somebody is told, and the setting is written to.
    for (const day of ['2027-01-27', '2027-02-01', '2027-02-05', '2027-02-10', '2027-02-17', '2027-03-17']) {
      world.clock.moveTo(day);
      await worker.sweep.drain();
    }
    const told = await world.as(world.senior, (tx) => openNoticesOfChild(tx, family.child.id));
    const about = (words: string) => told.filter(({ text }) => text === words).map(({ staffId }) => staffId);
    const all = [world.caseworker.staffId, world.senior.staffId];
    const decision = 'Tell the family and the setting what we decided';
    expect(about(`Due in 3 working days, on 10 February 2027: ${decision}`)).toEqual([world.caseworker.staffId]);
    for (const words of [
      `Due on 10 February 2027: ${decision}`,
      `Late by 5 working days; it was due on 10 February 2027: ${decision}`,
    ])
      expect(about(words).sort()).toEqual([...all].sort());
    expect((await world.letters(runId)).filter(({ letter }) => letter === 'review.report-reminder')).toHaveLength(1);

    // Wednesday 17 March, nine weeks on: nothing has fallen off by itself.
    expect(await runsOf(family)).toMatchObject([{ position: 'afterMeeting', closed: false }]);
    expect(await dates(runId, ...owed)).toEqual(undecided);

    // It is decided that day, and told on the next: that day meets both limits, five weeks and more than six weeks late.
    await world.act(runId, 'keepPlan', { reasons: ['The plan still fits what Rowan needs at this school.'] });
    expect(await dates(runId, 'review.decision-notified')).toEqual({
      'review.decision-notified': { due: '2027-02-10' },
    });
    world.clock.moveTo('2027-03-18');
    expect(await post.goesOut(runId)).toEqual(
      expect.arrayContaining([`review.decide-keep to ${ruth}`, 'review.decision-setting to setting']),
    );
    expect(await dates(runId, 'review.decision-notified', 'review.every-12-months', 'appeal.time-limit')).toEqual({
      'appeal.time-limit': { due: '2027-05-18' },
      'review.decision-notified': { due: '2027-02-10', met: '2027-03-18' },
      'review.every-12-months': { due: '2027-02-01', met: '2027-03-18' },
    });
    const [last, next, ...more] = await runsOf(family);
    expect([last, next, more]).toMatchObject([
      { position: 'kept', closed: true },
      { workflow: 'annual-review', position: 'scheduled', closed: false },
      [],
    ]);
    expect(await dates(next?.id ?? '', 'review.every-12-months')).toEqual({
      'review.every-12-months': { due: '2028-03-17' },
    });
    // What reminded of it is nobody's task any more.
    const left = await world.as(world.senior, (tx) => openNoticesOfChild(tx, family.child.id));
    expect(left.filter(({ text }) => text.includes(decision))).toEqual([]);
  }, 300_000);
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Actor, systemActor } from '@send/access';
import { addPlanVersion } from '@send/case-file';
import { newId } from '@send/database';
import { addDays, type Day } from '@send/statute';
import { CaseWorld, done, type Family } from './builders/case-with-family';

let world: CaseWorld;
let second: Actor;
beforeAll(async () => {
  world = await CaseWorld.open('2026-12-01');
  second = { ...world.senior, staffId: world.administrator.staffId, name: world.administrator.name };
}, 60_000);
afterAll(() => world.test.close());

const on = (day: Day): void => world.clock.moveTo(day);
const left = new Set<string>();
const because = { reasons: ['The reading group helps.'] };

async function begin(
  workflow: string,
  family: Family,
  command: string,
  fields: object,
  door: 'act' | 'record' = 'record',
) {
  const given = { command, key: newId(), fields: { on: world.clock.today(), ...fields } };
  return done(await world.engine.begin(workflow, family.child.id, given, world.senior, { door })).runId;
}

/** Every letter that has not left, as it would leave: each can, and does on the clock’s day. */
async function leave(runId: string): Promise<Record<string, string>> {
  const rows = await world.test.ownerQuery<{ id: string; letter: string; group_key: string; recipient: string }>(
    `select id, letter, group_key, recipient from letters.letter where run_id = $1 order by id`,
    [runId],
  );
  const said: Record<string, string> = {};
  const today = world.clock.today();
  for (const { id, letter, group_key, recipient } of rows.filter((row) => !left.has(row.id))) {
    const preview = await world.as(world.senior, (tx) => world.desk.preview(tx, id));
    expect({ letter, problems: preview?.problems }).toEqual({ letter, problems: [] });
    said[letter] = preview?.html ?? '';
    done(
      await world.engine.record(
        runId,
        {
          command: 'noteLetterSent',
          key: `sent:${id}`,
          fields: {
            on: today,
            group: group_key,
            letter,
            letterId: id,
            recipient,
            servedOn: addDays(today, 2),
            channel: 'post',
          },
        },
        systemActor('levelshire'),
      ),
    );
    left.add(id);
  }
  return said;
}

const runs = (family: Family) =>
  world.test.ownerQuery<{ id: string; workflow: string; position: string; closed: boolean }>(
    `select id, workflow, position, closed from engine.run where child_id = $1 order by id`,
    [family.child.id],
  );

it('a review from its plan to the amended plan: every letter can leave, and the next review and check begin', async () => {
  const family = await world.family();
  const runId = await begin('annual-review', family, 'startFromPlan', { fromYear9: true });
  on('2027-06-01');
  await world.act(runId, 'requestEarlyReview', { why: 'Support is missing' });
  await world.act(runId, 'answerEarlyRequest', { answer: 'yes', ...because });
  await world.act(runId, 'requireMeeting');
  await world.act(runId, 'planMeeting', { meetingOn: '2027-07-01', time: '10am', place: 'The school hall' });
  await world.act(runId, 'askForReviewAdvice');
  await world.act(runId, 'circulateAdvice', { reports: ['School report'], missing: ['Report of social care'] });
  const asked = await leave(runId);
  expect(Object.keys(asked)).toEqual(
    expect.arrayContaining([
      'review.advice-circulated',
      'review.advice-request',
      'review.early-request-answer',
      'review.invite-family',
      'review.invite-professionals',
      'review.require-meeting',
    ]),
  );
  expect(asked['review.invite-family']).toContain('1 July 2027');
  expect(asked['review.invite-family']).toContain('16 June 2027');
  expect(asked['review.require-meeting']).toContain('30 November 2027');
  expect((await world.deadline(runId, 'review.meeting-notice'))?.met_on).toBe('2027-06-01');
  on('2027-07-01');
  await world.act(runId, 'recordReviewMeeting', { adulthood: true });
  on('2027-07-10');
  await world.act(runId, 'chaseReport');
  await world.act(runId, 'explainDelay', { what: 'The report', why: 'The school was late.', newDate: '2027-07-20', meanwhile: 'The support goes on.' }); // prettier-ignore
  await world.act(runId, 'proposeAmendments', { ...because, amendments: ['Section F: a longer lesson.'] });
  const proposed = await leave(runId);
  expect(proposed['review.report-reminder']).toContain('15 July 2027');
  expect(proposed['review.decide-amend']).toContain('Section F: a longer lesson.');
  // Sent 10 July: eight weeks are 4 September, before twelve from the meeting. Fifteen days from service on the 13th.
  expect(proposed['review.decide-amend']).toContain('4 September 2027');
  expect(await world.deadline(runId, 'review.decision-notified')).toEqual({
    met_on: '2027-07-10',
    due_by: '2027-07-29',
  });
  expect((await world.deadline(runId, 'amend.issue-final'))?.due_by).toBe('2027-09-04');
  const next = (await runs(family)).filter(({ id, workflow }) => workflow === 'annual-review' && id !== runId);
  expect(next).toMatchObject([{ position: 'scheduled', closed: false }]);
  expect((await world.deadline(next[0]?.id ?? '', 'review.every-12-months'))?.due_by).toBe('2028-07-09');
  on('2027-08-02');
  const version = await world.as(world.senior, (tx) => addPlanVersion(tx, family.child.id, 'amended'));
  const fields = { on: '2027-08-02', changesFOrI: true, planVersion: version.id, ...because };
  const waits = await world.engine.act(runId, { command: 'issueAmendedPlan', key: newId(), fields }, world.senior);
  if (!('waits' in waits)) throw new Error(`An amended plan is signed by two: ${JSON.stringify(waits)}`);
  done(await world.engine.confirm(waits.waits.proposalId, second));
  const issued = await leave(runId);
  expect(issued['review.final-amended']).toContain('9 July 2028');
  expect(issued['review.final-amended']).toContain('You can appeal');
  expect((await runs(family)).map(({ workflow }) => workflow)).toContain('provision-check');
  expect((await runs(family)).find(({ id }) => id === runId)).toMatchObject({ position: 'amended', closed: true });
}, 60_000);

it('a review that keeps the plan of a child out of school, and one that amends without a review', async () => {
  on('2026-12-01');
  const family = await world.family();
  const runId = await begin('annual-review', family, 'startFromPlan', {});
  on('2027-06-01');
  await world.act(runId, 'tellOfRights', { endsOn: '2027-06-25' });
  await world.act(runId, 'planMeeting', { meetingOn: '2027-07-01', attends: false });
  await leave(runId);
  on('2027-07-01');
  await world.act(runId, 'recordReviewMeeting', { attends: false });
  on('2027-07-12');
  await world.act(runId, 'sendOwnReport', { recommendations: ['Keep the plan.'], differences: ['Nobody disagreed.'] });
  await world.act(runId, 'keepPlan', { reasons: ['The plan fits a year on.'] });
  const kept = await leave(runId);
  expect(kept['review.no-school-report']).toContain('Keep the plan.');
  expect(kept['review.decide-keep']).toContain('11 July 2028');
  expect(kept['review.decide-keep']).toContain('12 September 2027');
  expect((await world.deadline(runId, 'review.no-school-decision'))?.met_on).toBe('2027-07-12');
  const amending = await begin('amendment', family, 'proposeAmendments', { reasons: ['Another school has a place.'], amendments: ['Section I: another school.'] }, 'act'); // prettier-ignore
  expect((await leave(amending))['amend.without-review']).toContain('6 September 2027');
  on('2027-08-10');
  await world.act(amending, 'decideNotToAmend', { reasons: ['The school said no, and so did you.'] });
  expect((await leave(amending))['review.decide-not-amend']).toContain('10 October 2027');
}, 60_000);

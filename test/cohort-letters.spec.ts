import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { relate } from '@send/case-file';
import { newId } from '@send/database';
import type { Day } from '@send/statute';
import { CaseWorld, done } from './builders/case-with-family';

let world: CaseWorld;
const today: Day = '2026-11-16';

beforeAll(async () => {
  world = await CaseWorld.open(today);
});
afterAll(() => world.test.close());

const begin = async (workflow: string, childId: string, command: string, fields: object): Promise<string> =>
  done(
    await world.engine.begin(
      workflow,
      childId,
      { command, key: newId(), fields: { on: today, ...fields } },
      world.senior,
      { door: 'record' },
    ),
  ).runId;

/** Every letter of the run as it would leave: which, and what it says. */
async function letters(runId: string): Promise<{ letter: string; html: string }[]> {
  const rows = await world.letters(runId);
  return Promise.all(
    rows.map(async ({ id, letter }) => {
      const preview = await world.as(world.senior, (tx) => world.desk.preview(tx, id));
      expect({ letter, problems: preview?.problems }).toEqual({ letter, problems: [] });
      return { letter, html: preview?.html ?? '' };
    }),
  );
}
const meeting = { meetingOn: '2026-12-01', time: '10am', place: 'Invented Primary, Levelham', attendees: 'a mentor, the school nurse' }; // prettier-ignore

it('every letter of the cohort can leave as the case stands when it is written', async () => {
  const family = await world.family();
  const runId = await begin('exclusion-risk', family.child.id, 'nominate', { by: 'Head of year', reasons: ['Three suspensions'], plan: true }); // prettier-ignore
  await world.act(runId, 'askConsent', { whom: 'parent', sources: [{ source: 'school' }, { source: 'health' }], offers: ['A mentor each week'], until: '2027-07-31' }); // prettier-ignore
  await world.act(runId, 'remindOfConsent');
  await world.act(runId, 'recordConsent', { by: 'Mother', until: '2027-07-31' });
  await world.act(runId, 'putOnWaitingList', { nextLookOn: '2026-11-30', callIfWorse: 'the inclusion team' });
  await world.act(runId, 'arrangeSupportMeeting', meeting);
  await world.act(runId, 'admit', { reasons: ['Close to exclusion'] });
  await world.act(runId, 'agreeSupportPlan', {
    lead: 'Asha Bello',
    leadRole: 'family worker',
    criterion: 'family-choice',
    interventions: [{ what: 'Meet a mentor each Tuesday', owner: 'The school', dueOn: '2026-12-01' }],
  });
  await world.act(runId, 'arrangeReview', meeting);
  await world.act(runId, 'reviewChild', {
    inEducation: true,
    safelyAtHome: true,
    changed: ['Two full weeks in school'],
  });
  await world.act(runId, 'withdrawConsent', { sources: [{ source: 'health' }], shared: 'The school nurse’s advice, with the mentor' }); // prettier-ignore
  await world.act(runId, 'seekEarlyReview', { why: 'Support is not enough' });
  const before = await letters(runId);
  const of = (letter: string): string => before.find((one) => one.letter === letter)?.html ?? '';
  expect([...new Set(before.map(({ letter }) => letter))].sort()).toEqual([
    'cohort.consent-no',
    'cohort.consent-parent',
    'cohort.consent-reminder',
    'cohort.invite-family',
    'cohort.invite-professionals',
    'cohort.next-step-ehc',
    'cohort.review-invite',
    'cohort.review-outcome',
    'cohort.support-plan',
    'cohort.waiting',
  ]);
  expect(of('cohort.consent-parent')).toContain('What school knows of learning and behaviour');
  expect(of('cohort.consent-no')).toContain('What health services know');
  expect(of('cohort.consent-no')).not.toContain('What school knows');
  expect(of('cohort.support-plan')).toContain('1 December 2026');
  expect(of('cohort.review-outcome')).toContain('30 November 2026');
  expect(of('cohort.next-step-ehc')).toContain('We have asked for an early review');
  await world.act(runId, 'leaveCohort', { why: 'aims-reached', inEducation: true, safelyAtHome: true, deleteOn: '2027-07-31' }); // prettier-ignore
  const closed = (await letters(runId)).find(({ letter }) => letter === 'cohort.closed');
  expect(closed?.html).toContain('31 July 2027');
});

it('silence is answered by leaving in peace, and a young person is asked for themselves', async () => {
  const family = await world.family();
  await world.as(world.senior, (tx) =>
    relate(tx, { childId: family.child.id, personId: family.child.personId, kind: 'self', fromDay: '2020-01-01' }),
  );
  const runId = await begin('exclusion-risk', family.child.id, 'nominate', { by: 'Head', reasons: ['x'] });
  await world.act(runId, 'askConsent', { whom: 'young-person', sources: [{ source: 'school' }], offers: ['A mentor'] });
  await world.act(runId, 'remindOfConsent');
  await world.act(runId, 'remindOfConsent');
  await world.act(runId, 'takeNoReply');
  const rows = await world.letters(runId);
  expect(rows.map(({ letter, recipient }) => [letter, recipient])).toEqual([
    ['cohort.consent-young-person', `person:${family.child.personId}`],
    ['cohort.consent-young-person', `person:${family.child.personId}`],
    ['cohort.consent-young-person', `person:${family.child.personId}`],
  ]);
});

it('a permanent exclusion and a third suspension are written about', async () => {
  const family = await world.family();
  const notice = { firstDay: today, sessions: 4, setting: family.settingId };
  const third = await begin('exclusion', family.child.id, 'startExclusion', {
    ...notice,
    kind: 'suspension',
    number: 3,
  });
  await world.act(third, 'offerHelp', { offer: ['A worker who knows the school'] });
  expect((await letters(third))[0]?.html).toContain('A worker who knows the school');
  const other = await world.family();
  const permanent = await begin('exclusion', other.child.id, 'startExclusion', { ...notice, kind: 'permanent' });
  await world.act(permanent, 'arrangeEducation', {
    where: 'The Mount Centre',
    startsOn: '2026-11-20',
    times: 'Monday to Friday, 9am to 3pm',
    transport: 'A taxi calls at 8am',
    askFor: 'Ms Lowe',
  });
  expect((await letters(permanent))[0]?.html).toContain('20 November 2026');
});

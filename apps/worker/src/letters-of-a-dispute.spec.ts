import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { addPlanVersion } from '@send/case-file';
import { dataFolder, newId } from '@send/database';
import { Typesetter } from '@send/letters';
import { CaseWorld, done, type Family, testKeys } from '../../../test/builders/case-with-family';
import { Worker } from './worker';

jest.setTimeout(120_000);
Logger.overrideLogger(false);

let world: CaseWorld;
let worker: Worker;
let drop: string;
let number = 0;
/** No two children’s reasons are alike: nobody approves a letter whose reasons are. */
const reasonsFor = (): string[] => [`Rowan needs more help with reading each week, as report ${++number} says.`];
const second = { staffId: '0198a000-0000-7000-8000-000000000002', name: 'Second' };

beforeAll(async () => {
  world = await CaseWorld.open('2027-06-01');
  drop = mkdtempSync(join(dataFolder(), 'test', 'dispute-'));
  worker = await Worker.open(
    {
      databaseUrl: world.test.url,
      redisUrl: undefined,
      dropFolder: drop,
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
});
afterAll(async () => {
  await worker.onApplicationShutdown();
  rmSync(drop, { recursive: true, force: true });
  await world.close();
});

type Line = readonly [on: string, command: string, fields?: Record<string, unknown>];

/** Lives a dispute day by day: what the family or the Tribunal does is recorded, what we do is done, and the post goes out. */
async function lived(family: Family, [first, ...lines]: readonly [Line, ...Line[]]) {
  const other = { ...world.senior, ...second };
  const given = ([on, command, fields = {}]: Line) => ({
    command,
    key: newId(),
    confirmed: true,
    fields: { on, ...fields },
  });
  const { table } = world.engine.workflow('appeal', '1').commands;
  world.clock.moveTo(first[0]);
  const begun = { door: 'record', confirmedBy: other } as const;
  const { runId } = done(await world.engine.begin('appeal', family.child.id, given(first), world.senior, begun));
  for (const line of lines) {
    world.clock.moveTo(line[0]);
    const acts = table[line[1]]?.doors.includes('act') === true;
    const answer = acts
      ? await world.engine.act(runId, given(line), world.senior, { confirmedBy: other })
      : await world.engine.record(runId, given(line), world.senior, { confirmedBy: other });
    done(answer);
    for (const { id, letter, status } of await world.letters(runId))
      if (status === 'drafted')
        expect({ letter, ...(await world.desk.approve(id, other)) }).toEqual(
          expect.objectContaining({ letter, done: true }),
        );
    await worker.sweep.drain();
  }
  const letters = await world.letters(runId);
  expect(letters.filter(({ status, problem }) => status !== 'sent' || problem !== null)).toEqual([]);
  return { runId, letters: letters.map(({ letter }) => letter) };
}

const withPlan = async (): Promise<{ family: Family; planVersion: string }> => {
  const family = await world.family();
  const { id } = await world.as(world.caseworker, (tx) =>
    addPlanVersion(tx, family.child.id, 'final', {
      provision: [
        {
          id: 'f1',
          section: 'F',
          what: 'Speech therapy',
          howOften: 'weekly',
          howLong: '45 minutes',
          who: 'NHS',
          where: 'At school',
        },
      ],
    }),
  );
  return { family, planVersion: id };
};

describe('every letter of a dispute has all that it needs', () => {
  it('from mediation to the changed plan that was agreed', async () => {
    const { family, planVersion } = await withPlan();
    const { runId, letters } = await lived(family, [
      ['2027-06-01', 'startMediation', { about: 'contents', decisionNoticeSent: '2027-05-18' }],
      ['2027-06-02', 'acknowledgeMediation'],
      ['2027-06-02', 'recordHealthIssues', { issues: ['Speech therapy'] }],
      ['2027-06-03', 'tellCommissioners', { issues: ['How much speech therapy Rowan needs'] }],
      ['2027-06-08', 'planMediation', { meetingOn: '2027-06-22', time: '10am', place: 'Levelham Library' }],
      [
        '2027-06-22',
        'recordMediationAgreement',
        { agreed: 'amend-plan', actions: [{ action: 'visit', what: 'Visit the school together' }] },
      ],
      ['2027-07-13', 'issueAmendedPlan', { planVersion, changesFOrI: true, reasons: reasonsFor() }],
    ]);
    expect(letters).toEqual(
      expect.arrayContaining([
        'dispute.mediation-ack',
        'dispute.mediation-commissioner',
        'dispute.mediation-meeting',
        'dispute.mediation-agreement',
        'dispute.order-amended-plan',
        'review.final-amended-partners',
      ]),
    );
    expect(await world.deadline(runId, 'mediation.inform-commissioners')).toEqual({
      due_by: '2027-06-07',
      met_on: '2027-06-03',
    });
    expect(await world.deadline(runId, 'mediation.comply-appealable-issues')).toEqual({
      due_by: '2027-07-27',
      met_on: '2027-07-13',
    });
  });

  it('an appeal that is not opposed', async () => {
    const { family, planVersion } = await withPlan();
    const { runId, letters } = await lived(family, [
      ['2027-07-14', 'startAppeal', { about: 'contents', decisionNoticeSent: '2027-05-18' }],
      ['2027-07-15', 'acknowledgeAppeal'],
      ['2027-07-20', 'recordAppealPapers'],
      ['2027-07-27', 'concedeAppeal', { reasons: reasonsFor() }],
      ['2027-08-24', 'issueAmendedPlan', { planVersion, changesFOrI: false, reasons: reasonsFor() }],
    ]);
    expect(letters).toEqual(
      expect.arrayContaining(['dispute.appeal-noted', 'dispute.unopposed', 'dispute.order-amended-plan']),
    );
    expect(await world.deadline(runId, 'unopposed-appeal.amend-contents')).toEqual({
      due_by: '2027-08-31',
      met_on: '2027-08-24',
    });
  });

  it('an order to think again, and a recommendation', async () => {
    const family = await world.family();
    const { runId, letters } = await lived(family, [
      ['2027-09-01', 'startAppeal', { about: 'refuse-to-assess', decisionNoticeSent: '2027-07-20' }],
      ['2027-11-02', 'recordOrder', { order: 'reconsider' }],
      ['2027-11-03', 'recordRecommendation', { body: 'social-care' }],
      ['2027-11-09', 'decideAgain', { result: 'changed', reasons: reasonsFor() }],
      ['2027-11-16', 'answerRecommendation', { body: 'social-care', following: 'in-part', reasons: reasonsFor() }],
    ]);
    expect(letters).toEqual(['dispute.order-reconsider', 'dispute.recommendation-reply']);
    expect(await world.deadline(runId, 'tribunal-order.reconsider')).toEqual({
      due_by: '2027-11-16',
      met_on: '2027-11-09',
    });
  });
});

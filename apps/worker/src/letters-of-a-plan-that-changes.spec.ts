import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { addAdviser, addPlanVersion } from '@send/case-file';
import { dataFolder, newId } from '@send/database';
import { Typesetter } from '@send/letters';
import { CaseWorld, done, type Family, testKeys } from '../../../test/builders/case-with-family';
import { Worker } from './worker';

jest.setTimeout(120_000);
Logger.overrideLogger(false);

let world: CaseWorld;
let worker: Worker;
let drop: string;
let children = 0;
/** No two children’s reasons are alike: nobody approves a letter whose reasons are. */
const reasonsFor = (): string[] => [
  `Rowan now needs help with speech that the plan does not speak of, as report ${++children} says.`,
];

beforeAll(async () => {
  world = await CaseWorld.open('2027-01-11');
  drop = mkdtempSync(join(dataFolder(), 'test', 'changes-'));
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

const second = { staffId: '0198a000-0000-7000-8000-000000000001', name: 'Second' };

/** The plan that all of this is about has a review to come, whose day its letters print. */
const reviewed = async (family: Family, on: string): Promise<Family> => {
  world.clock.moveTo(on);
  done(
    await world.engine.begin(
      'annual-review',
      family.child.id,
      { command: 'startFromPlan', key: newId(), fields: { on } },
      world.caseworker,
      { door: 'record' },
    ),
  );
  return family;
};

type Line = readonly [on: string, command: string, fields?: Record<string, unknown>];

/** Acts a case day by day, a second person approving what carries rights, and the post going out after each; the letters that left. */
async function lived(workflow: string, family: Family, [first, ...lines]: readonly Line[]) {
  const send = async (runId: string) => {
    for (const { id, letter, status } of await world.letters(runId))
      if (status === 'drafted')
        expect({ letter, ...(await world.desk.approve(id, { ...world.senior, ...second })) }).toEqual(
          expect.objectContaining({ letter, done: true }),
        );
    await worker.sweep.drain();
  };
  if (first === undefined) throw new Error('A case begins with something');
  const given = ([on, command, fields = {}]: Line) => ({ command, key: newId(), fields: { on, ...fields } });
  world.clock.moveTo(first[0]);
  const { runId } = done(await world.engine.begin(workflow, family.child.id, given(first), world.senior));
  await send(runId);
  for (const line of lines) {
    world.clock.moveTo(line[0]);
    const two = line[1] === 'issueReassessedPlan' || line[1] === 'endPlan';
    const answer = await world.engine.act(
      runId,
      given(line),
      world.senior,
      two ? { confirmedBy: { ...world.senior, ...second } } : {},
    );
    done(answer);
    await send(runId);
  }
  const letters = await world.letters(runId);
  expect(letters.filter(({ status, problem }) => status !== 'sent' || problem !== null)).toEqual([]);
  return { runId, letters: letters.map(({ letter }) => letter) };
}

describe('every letter of a plan that changes, ends or moves has all that it needs', () => {
  it('a reassessment that was asked for, to the plan after it', async () => {
    const family = await reviewed(await world.family(), '2027-01-04');
    const reasons = reasonsFor();
    await world.as(world.caseworker, (tx) =>
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
    const { runId, letters } = await lived('reassessment', family, [
      ['2027-01-11', 'receiveReassessmentRequest', { from: 'setting' }],
      ['2027-01-20', 'decideToReassess', {}],
      ['2027-03-08', 'decideToChangePlan', { reasons }],
      ['2027-03-15', 'sendDraftPlan', {}],
      ['2027-04-06', 'namePlacement', { setting: family.settingId, type: 'Mainstream school', reasons }],
      ['2027-04-20', 'issueReassessedPlan', { changesFOrI: true }],
    ]);
    expect(letters).toEqual(
      expect.arrayContaining(['reassess.ack', 'reassess.agree', 'plan.draft', 'reassess.final', 'plan.final-setting']),
    );
    expect(await world.deadline(runId, 'reassess.issue-final')).toEqual({ due_by: '2027-04-28', met_on: '2027-04-20' });
    // What it changes is checked, as any amended plan whose F or I has changed.
    const checks = await world.test.ownerQuery(
      `select 1 from engine.run where child_id = $1 and workflow = 'provision-check'`,
      [family.child.id],
    );
    expect(checks).toHaveLength(1);
  });

  it('a refusal to reassess, and a plan that stays as it is', async () => {
    const refused = await lived('reassessment', await world.family(), [
      ['2027-05-04', 'receiveReassessmentRequest', { from: 'health' }],
      ['2027-05-12', 'decideNotToReassess', { ground: 'not-necessary', reasons: reasonsFor() }],
    ]);
    expect(refused.letters).toContain('reassess.refuse');
    const unchanged = await lived('reassessment', await world.family(2), [
      ['2027-05-17', 'decideToReassess', {}],
      ['2027-07-05', 'decideNoChange', { reasons: reasonsFor() }],
    ]);
    expect(unchanged.letters).toContain('reassess.no-change');
  });

  it.each([
    ['not-necessary', false, 'cease.decision'],
    ['work', false, 'cease.by-event'],
    ['not-necessary', true, 'review.decide-cease'],
  ])('a plan that ends on the ground %s, from a review: %s', async (ground, review, letter) => {
    const family = await world.family();
    const reasons = reasonsFor();
    const { runId, letters } = await lived('cease-to-maintain', family, [
      ['2027-09-06', 'startCeasing', { review }],
      ['2027-09-07', 'consultOnCeasing', { why: reasons, replyBy: '2027-09-24' }],
      ['2027-09-27', 'decideToCease', { ground, age: ground === 'work' ? 19 : 10, reasons }],
      ['2027-11-30', 'endPlan', { support: ['A mentor until July'] }],
    ]);
    expect(letters).toEqual(
      expect.arrayContaining([
        'cease.consider',
        'cease.consult-setting',
        letter,
        'cease.decision-partners',
        'cease.ended',
      ]),
    );
    expect(letters.filter((one) => one === 'cease.ended')).toHaveLength(3);
    const [run] = await world.test.ownerQuery('select position, closed from engine.run where id = $1', [runId]);
    expect(run).toEqual({ position: 'ceased', closed: true });
  });

  it('a plan that goes on after all', async () => {
    const { letters } = await lived('cease-to-maintain', await reviewed(await world.family(), '2027-12-01'), [
      ['2027-12-01', 'startCeasing'],
      ['2027-12-02', 'consultOnCeasing', { why: reasonsFor() }],
      ['2027-12-20', 'decideNotToCease', { reasons: reasonsFor() }],
    ]);
    expect(letters.filter((one) => one === 'cease.not-ceasing')).toHaveLength(2);
  });

  it('a plan that came from another authority', async () => {
    const family = await world.family();
    const reasons = reasonsFor();
    const authority = await world.as(world.administrator, (tx) =>
      addAdviser(tx, {
        kind: 'other-authority',
        name: 'Farshire County Council',
        role: 'SEND service',
        addressLines: ['Shire Hall'],
        postcode: 'LV8 1AA',
        fromDay: '2020-01-01',
      }),
    );
    const council = 'Farshire County Council';
    const { letters } = await lived('authority-transfer', family, [
      ['2028-01-10', 'startMoveIn', { movedOn: '2028-01-04', council, authority }],
      ['2028-01-11', 'chaseOldAuthority', { missing: ['The plan'], replyBy: '2028-01-21' }],
      ['2028-01-17', 'receivePlan', { council, authority, madeOrReviewedOn: '2027-06-01' }],
      ['2028-01-18', 'tellPartnersOfTransfer'],
      ['2028-01-19', 'informFamilyOfTransfer', { assessmentProposed: false, reviewBy: '2028-05-31' }],
      ['2028-01-20', 'recordNotPracticable', { why: 'Two hours each way' }],
      ['2028-01-21', 'placeForNow', { setting: family.settingId, startsOn: '2028-01-24', reasons }],
      ['2028-01-24', 'closeTransfer'],
    ]);
    expect([...letters].sort()).toEqual([
      'transfer.in-chase',
      'transfer.in-commissioner',
      'transfer.in-family',
      'transfer.in-receipt',
      'transfer.in-setting',
      'transfer.temporary-placement',
      'transfer.temporary-placement',
    ]);
  });

  it('a plan that goes to another authority', async () => {
    const family = await world.family();
    const [known] = await world.test.ownerQuery<{ id: string }>(
      `select id from case_file.adviser where kind = 'other-authority'`,
    );
    const to = { council: 'Farshire County Council', authority: known?.id };
    const { letters } = await lived('authority-transfer', family, [
      ['2028-03-06', 'startMoveOut', { ...to, movesOn: '2028-03-20', what: 'plan' }],
      ['2028-03-20', 'transferPlan', { ...to, madeOrReviewedOn: '2027-06-01', papers: ['The plan', 'All advice'] }],
    ]);
    expect([...letters].sort()).toEqual(['transfer.out-family', 'transfer.out-to-council']);
  });
});

import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { type Actor, identityOf } from '@send/access';
import { addAdvice, addAdviser, addPlanVersion, freezePlan } from '@send/case-file';
import { dataFolder, newId } from '@send/database';
import { Typesetter } from '@send/letters';
import { done, testKeys } from '../../../test/builders/case-with-family';
import { type SmallCounty, smallCounty } from '../../../test/builders/small-county';
import { Worker } from './worker';

jest.setTimeout(60_000);
Logger.overrideLogger(false);

let county: SmallCounty;
let worker: Worker;
let drop: string;
let harrowmoor: string;
let levelshireThere: string;

beforeAll(async () => {
  county = await smallCounty('2027-01-11');
  const { world, stranger } = county;
  drop = mkdtempSync(join(dataFolder(), 'test', 'crossing-'));
  worker = await Worker.open(
    {
      databaseUrl: world.test.url,
      redisUrl: undefined,
      dropFolder: drop,
      addressKeys: testKeys,
      sweepSeconds: 3_600,
      pollMilliseconds: 50,
      leaseSeconds: 5,
      atOnce: 2,
      healthPort: undefined,
      today: undefined,
      production: false,
    },
    { clock: world.clock, typesetter: new Typesetter({ inProcess: true }) },
  );
  const entry = (actor: Actor, name: string, inInstallation: string) =>
    world.test.database.transaction(identityOf(actor), (tx) =>
      addAdviser(tx, {
        kind: 'other-authority',
        name,
        role: 'SEND service',
        organisation: name,
        addressLines: ['Town Hall', 'High Street'],
        postcode: 'LV9 1AA',
        fromDay: '2020-01-01',
        inInstallation,
      }),
    );
  harrowmoor = await entry(world.administrator, 'Harrowmoor Council', 'harrowmoor');
  levelshireThere = await entry(stranger, 'Levelshire County Council', 'levelshire');
});
afterAll(async () => {
  await worker.onApplicationShutdown();
  rmSync(drop, { recursive: true, force: true });
  await county.world.close();
});

const there = () => ({ council: 'Harrowmoor Council', authority: harrowmoor });

const begin = async (workflow: string, childId: string, command: string, fields: Record<string, unknown>) =>
  done(
    await county.world.engine.begin(
      workflow,
      childId,
      { command, key: newId(), fields: { on: county.world.clock.today(), ...fields } },
      county.world.caseworker,
    ),
  ).runId;

interface Intake {
  child_id: string;
  run_id: string;
  workflow: string;
  position: string;
  from_authority: string;
  known_as: string;
}
const intakes = () =>
  county.world.test.ownerQuery<Intake>(
    `select c.child_id, c.run_id, c.from_authority, r.workflow, r.position, k.known_as from case_file.crossing c
     join engine.run r on r.id = c.run_id join case_file.child k on k.id = c.child_id
     where c.authority_id = 'harrowmoor' order by c.taken_at`,
  );
const asStranger = <T extends object>(sql: string, params: unknown[] = []): Promise<T[]> =>
  county.world.test.database.transaction(identityOf(county.stranger), (tx) => tx.query<T>(sql, params));

describe('a child moves between two authorities of one installation', () => {
  it('in the middle of an assessment: the old one ends, the new one decides for itself, with the advice that there is', async () => {
    const { world, known } = county;
    const assessment = await begin('needs-assessment', known.id, 'receiveRequest', { from: 'parent' });
    await world.act(assessment, 'decideToAssess');
    await world.as(world.caseworker, (tx) =>
      addAdvice(tx, {
        childId: known.id,
        requestId: newId(),
        adviceFrom: 'health',
        authorName: 'Dr Invented',
        authorRole: 'Paediatrician',
        summaryNeed: 'Hears little on the left',
        summaryProvision: 'A seat at the front',
        summaryOutcome: 'Follows a lesson',
        receivedOn: '2027-01-11',
      }),
    );
    const move = await begin('authority-transfer', known.id, 'startMoveOut', {
      ...there(),
      movesOn: '2027-02-01',
      what: 'assessment',
    });
    world.clock.moveTo('2027-02-01');
    await world.act(move, 'handAssessmentOver', { ...there(), familyAgrees: true }, world.caseworker);

    // Here the assessment has ended in the same transaction, and nothing of it is owed.
    const [ended] = await world.test.ownerQuery<{ position: string; closed: boolean; open: number }>(
      `select r.position, r.closed, (select count(*)::int from engine.deadline d
         where d.run_id = r.id and d.duty in ('assessment.notify-no-plan', 'plan.issue-final') and d.ended_on is null
           and d.met_on is null) as open
       from engine.run r where r.id = $1`,
      [assessment],
    );
    expect(ended).toMatchObject({ position: 'movedAway', open: 0 });

    await worker.sweep.drain();
    const [intake] = await intakes();
    expect(intake).toMatchObject({
      workflow: 'needs-assessment',
      position: 'considering',
      from_authority: 'levelshire',
      known_as: known.knownAs,
    });
    expect(intake?.child_id).not.toBe(known.id);
    // Six weeks anew, from the day the child came to its notice.
    expect(await world.deadline(intake?.run_id ?? '', 'assessment.decide-whether-to-assess')).toMatchObject({
      due_by: '2027-03-15',
    });
    expect(await asStranger('select summary_need from case_file.advice')).toEqual([
      { summary_need: 'Hears little on the left' },
    ]);
    // People cross by name alone: no address, and nobody is written to before the new authority knows who they are.
    const people = await asStranger<{ last_name: string; parental_responsibility: string }>(
      `select p.last_name, r.parental_responsibility from case_file.relationship r join case_file.person p on p.id = r.person_id
       where r.child_id = $1 and r.kind <> 'self'`,
      [intake?.child_id],
    );
    expect(people.length).toBeGreaterThan(0);
    expect(new Set(people.map((one) => one.parental_responsibility))).toEqual(new Set(['not-known']));
    expect(await asStranger('select 1 from case_file.address')).toEqual([]);
    expect(await asStranger('select kind from case_file.notice where child_id = $1', [intake?.child_id])).toEqual([
      { kind: 'task' },
    ]);
    // The wall stands: neither sees the other's row of the same child.
    expect(await asStranger('select 1 from case_file.child where id = $1', [known.id])).toEqual([]);
  });

  it('with a plan: the plan, its advice and its own day cross once, whatever runs twice', async () => {
    const { world } = county;
    world.clock.moveTo('2027-03-01');
    const family = await world.family();
    const version = await world.as(world.caseworker, async (tx) => {
      const plan = await addPlanVersion(tx, family.child.id, 'final', {
        sections: { A: 'Likes trains', B: 'Finds reading hard' },
        namedSettingId: family.settingId,
        settingType: 'Mainstream school',
      });
      await freezePlan(tx, plan.id, world.clock.now(), '2026-06-15');
      return plan.id;
    });
    const move = await begin('authority-transfer', family.child.id, 'startMoveOut', {
      ...there(),
      movesOn: '2027-03-01',
      what: 'plan',
    });
    await world.act(move, 'transferPlan', { ...there(), madeOrReviewedOn: '2026-06-15', planVersion: version });
    const before = (await intakes()).length;
    const rows = await world.test.ownerQuery<{ id: string; authority: string }>(
      `select id, authority_id as authority from engine.outbox where kind = 'crossing' and status = 'waiting'`,
    );
    expect(rows).toHaveLength(1);
    await worker.sweep.drain();
    // The process dies after the intake and before its row is ended: the row is done again, and takes in nothing new.
    await world.test.ownerQuery(`update engine.outbox set status = 'waiting', claimed_until = null where id = $1`, [
      rows[0]?.id,
    ]);
    await worker.sweep.drain();
    const all = await intakes();
    expect(all).toHaveLength(before + 1);
    const intake = all.at(-1);
    expect(intake).toMatchObject({ workflow: 'authority-transfer', position: 'received' });
    expect(await world.deadline(intake?.run_id ?? '', 'transfer.new-authority-informs')).toMatchObject({
      due_by: '2027-04-12',
    });
    const [plan] = await asStranger<{ sections: Record<string, string>; issued_on: string; name: string }>(
      `select v.sections, v.issued_on::text, s.name from case_file.plan_version v join case_file.setting s on s.id = v.named_setting_id
       where v.child_id = $1`,
      [intake?.child_id],
    );
    expect(plan).toMatchObject({ sections: { A: 'Likes trains' }, issued_on: '2026-06-15' });
    // Its review is scheduled there: the later of twelve months from the plan and three from the transfer.
    const [review] = await world.test.ownerQuery<{ due_by: string }>(
      `select d.due_by::text from engine.deadline d join engine.run r on r.id = d.run_id
       where r.child_id = $1 and r.workflow = 'annual-review' and d.duty = 'transfer.new-authority-review'`,
      [intake?.child_id],
    );
    expect(review).toEqual({ due_by: '2027-06-14' });
    // The old authority's letter has left by the same sweep, to its own entry of the new one.
    expect((await world.letters(move)).map(({ letter, status }) => [letter, status])).toEqual(
      expect.arrayContaining([['transfer.out-to-council', 'sent']]),
    );
    const [known] = await asStranger<{ authority: string }>(
      `select place -> 'context' -> 'transfer' ->> 'authority' as authority from engine.run where id = $1`,
      [intake?.run_id],
    );
    expect(known?.authority).toBe(levelshireThere);
  });

  it('an authority that is not in this installation has its letter, and nothing crosses', async () => {
    const { world } = county;
    const family = await world.family();
    const outside = await world.as(world.administrator, (tx) =>
      addAdviser(tx, {
        kind: 'other-authority',
        name: 'Farshire County Council',
        role: 'SEND service',
        addressLines: ['Shire Hall'],
        postcode: 'LV8 1AA',
        fromDay: '2020-01-01',
      }),
    );
    const to = { council: 'Farshire County Council', authority: outside };
    const move = await begin('authority-transfer', family.child.id, 'startMoveOut', {
      ...to,
      movesOn: '2027-03-01',
      what: 'plan',
    });
    const before = (await intakes()).length;
    await world.act(move, 'transferPlan', { ...to, madeOrReviewedOn: '2026-06-15' });
    await worker.sweep.drain();
    expect(await intakes()).toHaveLength(before);
    const rows = await world.test.ownerQuery<{ status: string }>(
      `select status from engine.outbox where kind = 'crossing' order by id desc limit 1`,
    );
    expect(rows).toEqual([{ status: 'done' }]);
  });
});

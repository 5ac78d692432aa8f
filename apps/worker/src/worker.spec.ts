import { jest } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { addPlanVersion, OnlineForm, settleOnlineRequest } from '@send/case-file';
import { dataFolder, newId } from '@send/database';
import { operationsOf, retryRow } from '@send/engine';
import { Typesetter } from '@send/letters';
import { CaseWorld, type Family, testKeys } from '../../../test/builders/case-with-family';
import { TestRedis } from '../../../test/redis';
import type { WorkerConfig } from './config';
import { Worker } from './worker';

jest.setTimeout(60_000);
Logger.overrideLogger(false);

let world: CaseWorld;
let drop: string;
const open: Worker[] = [];

beforeAll(async () => {
  world = await CaseWorld.open('2027-01-11');
  drop = mkdtempSync(join(dataFolder(), 'test', 'drop-'));
});
afterAll(async () => {
  for (const worker of open) await worker.onApplicationShutdown();
  rmSync(drop, { recursive: true, force: true });
  await world.close();
});

async function aWorker(changes: Partial<WorkerConfig> = {}, queueName?: string): Promise<Worker> {
  const worker = await Worker.open(
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
      ...changes,
    },
    // One typesetter for all: it is closed by whoever closes first, so each worker draws in this process.
    {
      clock: world.clock,
      typesetter: new Typesetter({ inProcess: true }),
      ...(queueName === undefined ? {} : { queueName }),
    },
  );
  open.push(worker);
  return worker;
}

const approver = () => ({ ...world.senior, staffId: '0198a000-0000-7000-8000-000000000001', name: 'Second' });

async function approveAll(runId: string): Promise<void> {
  for (const { id, status } of await world.letters(runId))
    if (status === 'drafted') expect(await world.desk.approve(id, approver())).toMatchObject({ done: true });
}

async function adviceAsked(family: Family): Promise<{ runId: string; request: string }> {
  const runId = await world.request(family);
  await world.act(runId, 'decideToAssess');
  const request = newId();
  await world.act(
    runId,
    'askForAdvice',
    { requests: [{ request, kind: 'health', adviser: family.advisers.health }] },
    world.caseworker,
  );
  return { runId, request };
}

const count = async (sql: string, ...params: unknown[]): Promise<number> =>
  (await world.test.ownerQuery<{ count: number }>(sql, params))[0]?.count ?? -1;
const notices = (childId: string) =>
  world.test.ownerQuery<{ text: string; staff_id: string | null }>(
    'select text, staff_id from case_file.notice where child_id = $1 order by made_at',
    [childId],
  );

describe('the worker', () => {
  it('takes a case from the request to the final plan, with every letter that is sent on the way', async () => {
    const worker = await aWorker();
    const family = await world.family(2);
    world.clock.moveTo('2027-01-11');
    const runId = await world.request(family);
    const go = async (day: string): Promise<void> => {
      await approveAll(runId);
      await worker.sweep.drain();
      world.clock.moveTo(day);
    };
    const by = world.caseworker;
    await world.act(runId, 'tellFamilyConsidering', {}, by);
    await world.act(runId, 'askSchoolForInformation', {}, by);
    await go('2027-02-01');
    await world.act(runId, 'decideToAssess');
    const requests = [
      { request: newId(), kind: 'education', adviser: family.settingId },
      { request: newId(), kind: 'health', adviser: family.advisers.health },
      { request: newId(), kind: 'psychology', adviser: family.advisers.psychology },
      { request: newId(), kind: 'social-care', adviser: family.advisers.social },
    ];
    await world.act(runId, 'askForAdvice', { requests }, by);
    await go('2027-02-10');
    await world.act(
      runId,
      'bookAppointment',
      { appointmentOn: '2027-02-20', time: '2pm', place: 'Levelham Clinic', with: 'an educational psychologist' },
      by,
    );
    for (const { request } of requests) await world.act(runId, 'recordAdvice', { request }, by);
    await world.act(
      runId,
      'explainDelay',
      {
        what: 'the decision',
        why: 'We were short of staff in January.',
        newDate: '2027-03-01',
        meanwhile: 'The help goes on.',
      },
      by,
    );
    await go('2027-03-10');
    await world.act(runId, 'decideToIssue', { reasons: ['Rowan needs more help than the school can give alone.'] });
    const provision = [
      {
        id: 'f1',
        section: 'F' as const,
        what: 'Reading lessons',
        howOften: 'four times a week',
        howLong: '30 minutes',
        who: 'The school',
        where: 'At school',
      },
    ];
    const draft = await world.as(by, (tx) =>
      addPlanVersion(tx, family.child.id, 'draft', { sections: { A: 'Hopes', F: 'Help' }, provision }),
    );
    await world.act(runId, 'sendDraftPlan', { planVersion: draft.id }, by);
    await go('2027-03-15');
    const changed = await world.as(by, (tx) =>
      addPlanVersion(tx, family.child.id, 'draft', { sections: { A: 'Other hopes', F: 'Help' }, provision }),
    );
    await world.act(runId, 'reissueDraftPlan', { planVersion: changed.id }, by);
    await go('2027-03-16');
    await world.act(runId, 'recordMeetingRequest', {}, by);
    await world.act(runId, 'recordSchoolRequest', { setting: family.settingId }, by);
    await world.act(runId, 'consultSetting', { consultation: newId(), setting: family.settingId }, by);
    await world.act(
      runId,
      'arrangeMeeting',
      { meetingOn: '2027-03-20', time: '10am', place: 'https://meet.levelshire.example/1' },
      by,
    );
    await go('2027-03-20');
    await world.act(runId, 'recordMeeting', {}, by);
    await world.act(runId, 'recordRepresentations', { summary: 'They agree', nothingMoreToSay: true }, by);
    await go('2027-04-14');
    await world.act(runId, 'namePlacement', {
      setting: family.settingId,
      type: 'a mainstream primary school',
      reasons: ['It can meet the needs.'],
    });
    const waits = await world.engine.act(
      runId,
      { command: 'issueFinalPlan', key: newId(), fields: { on: world.clock.today(), planVersion: changed.id } },
      { ...world.senior, staffId: newId() },
    );
    if (waits.done || !('waits' in waits)) throw new Error(JSON.stringify(waits));
    expect(await world.engine.confirm(waits.waits.proposalId, world.senior)).toMatchObject({ done: true });
    await go('2027-04-15');

    const letters = await world.letters(runId);
    expect(
      letters
        .filter(({ status }) => status !== 'sent')
        .map(({ letter, status, problem }) => `${letter} ${status} ${problem ?? ''}`),
    ).toEqual([]);
    expect(new Set(letters.map(({ letter }) => letter)).size).toBeGreaterThanOrEqual(24);
    expect(await world.deadline(runId, 'plan.issue-final')).toMatchObject({ met_on: '2027-04-14' });
    expect(await count(`select count(*)::int from engine.fact where run_id = $1 and type = 'letterSent'`, runId)).toBe(
      letters.length,
    );
    const files = readdirSync(drop, { recursive: true, encoding: 'utf8' }).filter((name) =>
      letters.some(({ reference }) => name.endsWith(`${reference}.pdf`)),
    );
    expect(files).toHaveLength(letters.length);
    expect(await count(`select count(*)::int from engine.outbox where run_id = $1 and status <> 'done'`, runId)).toBe(
      0,
    );
    const [closed] = await world.test.ownerQuery<{ closed: boolean; position: string }>(
      'select closed, position from engine.run where id = $1',
      [runId],
    );
    expect(closed).toEqual({ closed: true, position: 'planIssued' });
  });

  it('chases advice by a letter, once a rung, with two workers racing for it', async () => {
    world.clock.moveTo('2027-05-04');
    const [one, two] = [await aWorker(), await aWorker()];
    const family = await world.family();
    const { runId } = await adviceAsked(family);
    await one.sweep.drain();
    const due = await world.deadline(runId, 'assessment.advice-due');
    expect(due?.due_by).toBe('2027-06-15');
    // Ten working days before: 1 June, as 31 May is a bank holiday and does not count.
    world.clock.moveTo('2027-06-01', '07:59:00');
    await Promise.all([one.sweep.drain(), two.sweep.drain()]);
    expect((await world.letters(runId)).filter(({ letter }) => letter === 'assessment.advice-reminder')).toHaveLength(
      0,
    );
    world.clock.moveTo('2027-06-01', '08:00:00');
    await Promise.all([one.sweep.drain(), two.sweep.drain(), one.sweep.drain(), two.sweep.drain()]);
    expect(
      (await world.letters(runId))
        .filter(({ letter }) => letter === 'assessment.advice-reminder')
        .map(({ status }) => status),
    ).toEqual(['sent']);
    world.clock.moveTo('2027-06-16');
    await Promise.all([one.sweep.drain(), two.sweep.drain()]);
    const letters = await world.letters(runId);
    expect(letters.filter(({ letter }) => letter === 'assessment.advice-reminder')).toHaveLength(2);
    expect(letters.filter(({ letter }) => letter === 'assessment.advice-overdue').map(({ status }) => status)).toEqual([
      'sent',
    ]);
    expect(
      (await notices(family.child.id)).some(
        ({ text, staff_id }) => text.startsWith('Late by 1 working day') && staff_id === world.senior.staffId,
      ),
    ).toBe(true);
  });

  it('tells about a rung whose chase is refused all the same, and shows the refusal to the operator', async () => {
    world.clock.moveTo('2027-05-04');
    const worker = await aWorker();
    const family = await world.family();
    const { runId, request } = await adviceAsked(family);
    await worker.sweep.drain();
    const subject = (now: string | null) =>
      world.test.ownerQuery(
        `update engine.deadline set subject = $2 where run_id = $1 and duty = 'assessment.advice-due'`,
        [runId, now],
      );
    await subject(null);
    for (const minute of ['00', '06', '12', '18', '24', '30']) {
      world.clock.moveTo('2027-06-01', `08:${minute}:00`);
      await worker.sweep.drain();
    }
    const seen = await world.as(world.administrator, (tx) => operationsOf(tx, world.clock));
    expect(seen.failed.filter((one) => one.runId === runId)).toMatchObject([
      { kind: 'reminder', failures: 5, cause: 'chaseAdvice was refused: invalid (request)' },
    ]);
    expect((await notices(family.child.id)).filter(({ text }) => text.startsWith('Due in 10'))).toHaveLength(1);
    await subject(request);
    const [failed] = seen.failed.filter((one) => one.runId === runId);
    expect(await retryRow(world.test.database, failed?.id ?? '', world.administrator, world.clock)).toEqual({
      done: true,
    });
    await worker.sweep.drain();
    expect((await world.letters(runId)).map(({ letter }) => letter)).toContain('assessment.advice-reminder');
  });

  it('tells the caseworker before the day, and the manager on it', async () => {
    world.clock.moveTo('2027-06-21');
    const worker = await aWorker();
    const family = await world.family();
    await world.request(family);
    await worker.sweep.drain();
    world.clock.moveTo('2027-08-02');
    await worker.sweep.drain();
    const told = await notices(family.child.id);
    const decide = told.filter(({ text }) => text.includes('2 August 2027'));
    expect(decide.filter(({ text }) => text.startsWith('Due in 10')).map(({ staff_id }) => staff_id)).toContain(
      world.caseworker.staffId,
    );
    expect(decide.filter(({ text }) => text.startsWith('Due on')).map(({ staff_id }) => staff_id)).toEqual(
      expect.arrayContaining([world.caseworker.staffId, world.senior.staffId]),
    );
    await worker.sweep.drain();
    expect(await notices(family.child.id)).toHaveLength(told.length);
  });

  it('reminds the family of the draft while it can still answer, unless it has', async () => {
    world.clock.moveTo('2027-09-01');
    const worker = await aWorker();
    const [silent, heard] = [await world.family(), await world.family()];
    const runs = [await world.request(silent), await world.request(heard)] as const;
    for (const runId of runs) {
      await world.act(runId, 'decideToAssess');
      await world.act(runId, 'decideToIssue', { reasons: [`Rowan needs more help than a school gives (${runId}).`] });
      await world.act(runId, 'sendDraftPlan');
    }
    await worker.sweep.drain();
    await world.act(runs[1], 'recordRepresentations', { summary: 'We like it' }, world.caseworker);
    world.clock.moveTo('2027-09-15');
    await worker.sweep.drain();
    const sent = async (runId: string) =>
      (await world.letters(runId))
        .filter(({ letter }) => letter === 'plan.draft-reminder')
        .map(({ status, problem }) => `${status} ${problem ?? ''}`.trim());
    expect(await sent(runs[0])).toEqual(['sent']);
    expect(await sent(runs[1])).toEqual([]);
  });

  it('reminds a setting of the report of a review, five working days after its day', async () => {
    world.clock.moveTo('2027-09-20');
    const worker = await aWorker();
    const family = await world.family();
    const given = (command: string, fields: Record<string, unknown> = {}) => ({
      command,
      key: newId(),
      fields: { on: '2027-09-20', ...fields },
    });
    const begun = await world.engine.begin('annual-review', family.child.id, given('startReview'), world.caseworker, {
      door: 'record',
    });
    if (!begun.done) throw new Error('No review began');
    await world.engine.record(begun.runId, given('recordReviewMeeting'), world.caseworker);
    await worker.sweep.drain();
    expect((await world.deadline(begun.runId, 'review.school-report'))?.due_by).toBe('2027-10-04');
    const reminders = async () =>
      (await world.letters(begun.runId)).filter(({ letter }) => letter === 'review.report-reminder').length;
    world.clock.moveTo('2027-10-08');
    await worker.sweep.drain();
    expect(await reminders()).toBe(0);
    world.clock.moveTo('2027-10-11');
    await worker.sweep.drain();
    await worker.sweep.drain();
    expect(await reminders()).toBe(1);
  });

  it('tries again what failed, later each time, and then asks the operator, who sees ids and causes alone', async () => {
    world.clock.moveTo('2027-10-04');
    const notAFolder = join(drop, 'a-file');
    writeFileSync(notAFolder, '');
    const worker = await aWorker({ dropFolder: notAFolder });
    const family = await world.family();
    const runId = await world.request(family);
    for (let turn = 0; turn < 6; turn += 1) {
      await worker.sweep.outbox();
      world.clock.moveTo('2027-10-04', `09:${String(10 + turn * 6)}:00`);
    }
    const seen = await world.as(world.administrator, (tx) => operationsOf(tx, world.clock));
    expect(seen.counts.failed).toBeGreaterThan(0);
    expect(JSON.stringify(seen)).not.toMatch(/Invented|Millbrook|Rowan/);
    expect(seen.failed[0]).toMatchObject({ kind: 'letter', failures: 5 });
    const row = seen.failed.find((one) => one.runId === runId);
    expect(await retryRow(world.test.database, row?.id ?? '', world.caseworker, world.clock)).toMatchObject({
      done: false,
      refusal: { kind: 'forbidden' },
    });
    for (const one of seen.failed)
      expect(await retryRow(world.test.database, one.id, world.administrator, world.clock)).toEqual({ done: true });
    await (await aWorker()).sweep.drain();
    expect((await world.letters(runId)).every(({ status }) => status === 'sent')).toBe(true);
  });

  it('takes up a row that a dead worker had, when its lease is over', async () => {
    const family = await world.family();
    const runId = await world.request(family);
    await world.test.ownerQuery(
      `update engine.outbox set claimed_until = $1::timestamptz + interval '5 seconds' where status = 'waiting'`,
      [world.clock.now()],
    );
    const worker = await aWorker();
    expect(await worker.sweep.outbox()).toBe(0);
    world.clock.moveTo('2027-10-04', '10:30:00');
    expect(await worker.sweep.outbox()).toBeGreaterThan(0);
    expect((await world.letters(runId)).every(({ status }) => status === 'sent')).toBe(true);
  });

  it('forgets what was typed into the public form and not sent within a day', async () => {
    const worker = await aWorker();
    const form = new OnlineForm(world.test.database, testKeys);
    const [now, later] = [world.clock.now(), new Date(world.clock.now().getTime() + 60_000)];
    await form.keep('levelshire', 'an old secret', { who: 'parent' }, new Date(now.getTime() - 24 * 60 * 60_000));
    await form.keep('levelshire', 'a new secret', { who: 'parent' }, now);
    expect(await worker.sweep.forget()).toBe(1);
    expect(await worker.sweep.forget()).toBe(0);
    expect(await form.draft('levelshire', 'an old secret', now)).toBeUndefined();
    expect(await form.draft('levelshire', 'a new secret', later)).toEqual({ typed: { who: 'parent' } });
  });

  it('asks the seniors for online requests that nobody opens: by the acknowledgement, and a week before the decision', async () => {
    const worker = await aWorker();
    const before = world.clock.today();
    const form = new OnlineForm(world.test.database, testKeys);
    const answers = {
      askedBy: 'parent',
      child: { firstNames: 'Clover', lastName: 'Invented', dateOfBirth: '2018-05-04' },
      addressProtected: false,
      reach: { channel: 'phone', phone: '+441632960777', format: 'standard' },
    } as const;
    const ask = async (visitor: string, on: string): Promise<string> => {
      const at = new Date(`${on}T09:00:00Z`);
      await form.keep('levelshire', visitor, {}, at);
      return (await form.send('levelshire', visitor, () => answers, { on, at }))?.reference ?? '';
    };
    const tasks = () =>
      world.test.ownerQuery<{ text: string; team: string; due: string }>(
        `select text, team, due_on::text as due from case_file.notice where key like 'online-%' and done_at is null order by made_at, id`,
      );
    // A Friday: the family should hear on Monday, and be told the decision by 16 July.
    const [reference, opened] = [await ask('one', '2027-06-04'), await ask('two', '2027-06-04')];
    for (const day of ['2027-06-04', '2027-06-06']) {
      world.clock.moveTo(day);
      expect([day, await worker.sweep.unopened()]).toEqual([day, 0]);
    }
    world.clock.moveTo('2027-06-07');
    expect([await worker.sweep.unopened(), await worker.sweep.unopened()]).toEqual([2, 0]);
    expect(await tasks()).toEqual(
      [reference, opened].map((one) => ({
        text: `Online request ${one}, received on 4 June 2027, has not been opened. Open it and acknowledge it.`,
        team: 'North',
        due: '2027-06-07',
      })),
    );
    // Whoever opens one need not be asked again.
    const child = (await world.family()).child;
    await world.as(world.caseworker, async (tx) => {
      const [row] = await tx.query<{ id: string }>('select id from case_file.online_request where reference = $1', [
        opened,
      ]);
      const into = { outcome: 'opened', childId: child.id, runId: newId() } as const;
      await settleOnlineRequest(tx, world.caseworker, row?.id ?? '', into, world.clock.now());
    });
    expect((await tasks()).map((one) => one.text)).toEqual([expect.stringContaining(reference)]);
    world.clock.moveTo('2027-07-08');
    expect(await worker.sweep.unopened()).toBe(0);
    world.clock.moveTo('2027-07-09');
    expect([await worker.sweep.unopened(), await worker.sweep.unopened()]).toEqual([1, 0]);
    expect((await tasks()).at(-1)).toEqual({
      text: `Online request ${reference}, received on 4 June 2027, has not been opened. Open it today: the law sets the day of the decision.`,
      team: 'North',
      due: '2027-07-16',
    });
    // A flood of one day is one task, and buries no others.
    await Promise.all(Array.from({ length: 30 }, (_, n) => ask(`flood ${n}`, '2027-07-05')));
    expect(await worker.sweep.unopened()).toBe(30);
    expect((await tasks()).at(-1)?.text).toBe(
      '30 online requests received on 5 July 2027 have not been opened. Open them and acknowledge them.',
    );
    expect(await tasks()).toHaveLength(3);
    world.clock.moveTo(before);
  });

  it('seals the audit, and knows how the queue is', async () => {
    const worker = await aWorker();
    await world.request(await world.family());
    expect(await worker.sweep.seal()).toBeGreaterThan(0);
    expect(await worker.sweep.seal()).toBe(0);
    await worker.sweep.drain();
    expect(await worker.health()).toMatchObject({ ok: true, sweepLag: 0, outboxLag: 0, redis: { used: false } });
  });
});

describe('the fast lane', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await TestRedis.open();
  });
  afterAll(() => redis.close());

  const sentSoon = async (runId: string, milliseconds = 8_000): Promise<boolean> => {
    for (const until = Date.now() + milliseconds; Date.now() < until; await wait(50)) {
      const letters = await world.letters(runId);
      // The row is marked first and the fact follows: only both together are the end of it.
      const noted = await count(
        `select count(*)::int from engine.fact where run_id = $1 and type = 'letterSent'`,
        runId,
      );
      if (letters.length > 0 && letters.every(({ status }) => status === 'sent') && noted >= letters.length)
        return true;
    }
    return false;
  };

  it('sends a letter soon after its decision, through two workers, once', async () => {
    world.clock.moveTo('2027-11-01');
    const workers = [
      await aWorker({ redisUrl: redis.url }, 'lane-a'),
      await aWorker({ redisUrl: redis.url }, 'lane-a'),
    ];
    expect(await workers[0]?.fastLane?.settings()).toEqual([]);
    try {
      for (const worker of workers) worker.onApplicationBootstrap();
      const runId = await world.request(await world.family());
      expect(await sentSoon(runId)).toBe(true);
      expect(
        await count(`select count(*)::int from engine.fact where run_id = $1 and type = 'letterSent'`, runId),
      ).toBe((await world.letters(runId)).length);
    } finally {
      for (const worker of workers) await worker.onApplicationShutdown();
      open.splice(0, open.length, ...open.filter((one) => !workers.includes(one)));
    }
  });

  it('forgets nothing when Redis is flushed, and goes on without it when it is killed', async () => {
    world.clock.moveTo('2027-11-08');
    const worker = await aWorker({ redisUrl: redis.url, sweepSeconds: 1 }, 'lane-b');
    const family = await world.family();
    const { runId } = await adviceAsked(family);
    await worker.sweep.drain();
    // Due on 20 December; the rung ten working days before is reached at eight on the 6th.
    world.clock.moveTo('2027-12-06', '07:00:00');
    await worker.sweep.reminders();
    expect(await worker.fastLane?.feedReminders()).toBeGreaterThan(0);
    await redis.flushAll();
    world.clock.moveTo('2027-12-06', '08:00:00');
    await worker.sweep.drain();
    expect(
      (await world.letters(runId))
        .filter(({ letter }) => letter === 'assessment.advice-reminder')
        .map(({ status }) => status),
    ).toEqual(['sent']);

    await redis.kill();
    expect(await worker.fastLane?.settings()).toEqual(['Redis does not answer: reminders fire by the sweep alone']);
    worker.onApplicationBootstrap();
    const other = await world.request(await world.family());
    expect(await sentSoon(other, 15_000)).toBe(true);
    await worker.onApplicationShutdown();
    open.splice(open.indexOf(worker), 1);
    await redis.start();
  });
});

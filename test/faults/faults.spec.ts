import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemActor } from '@send/access';
import { raiseNotice } from '@send/case-file';
import { HandOver } from '@send/correspondence';
import { dataFolder, type Tx } from '@send/database';
import { armReminders, endRow, fireDue, orphans, outboxRow, systemClock } from '@send/engine';
import { Typesetter } from '@send/letters';
import { addDays } from '@send/statute';
import { processes } from '@send/workflows';
import { CaseWorld } from '../builders/case-with-family';
import type { Holding } from './casebook';
import { enoughCases, fullSize, isClean, quickSize, runsOf, type Size, sizeFrom } from './faults';
import { type Expected, type FaultKind, faultKinds, type Faults, findFaults } from './find-faults';
import { fewestKills, killKinds, killsByKind, killSchedule } from './kill-schedule';
import type { Town } from './town';

describe('the kills of a run', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(killSchedule(7, 210)).toEqual(killSchedule(7, 210));
    expect(killSchedule(7, 210)).not.toEqual(killSchedule(8, 210));
  });

  it('are spread over the whole run, in order', () => {
    const at = killSchedule(1, 210).map((kill) => kill.at);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    for (let part = 0; part < 10; part += 1)
      expect(at.filter((one) => one >= part / 10 && one < (part + 1) / 10).length).toBeGreaterThan(15);
  });

  it('are of each kind, in the quick run too', () => {
    expect(quickSize.kills).toBeGreaterThanOrEqual(Math.max(15, fewestKills));
    for (const seed of [1, 2, 3]) {
      const counts = killsByKind(killSchedule(seed, quickSize.kills));
      expect(killKinds.filter((kind) => counts[kind] === 0)).toEqual([]);
    }
  });

  it('can be asked for by number and seed, and by nothing else', () => {
    expect(sizeFrom(['--quick', '--seed', '4'])).toEqual({ ...quickSize, seed: 4 });
    expect(sizeFrom(['--kills', '300'])).toMatchObject({ runs: 2_000, kills: 300 });
    expect(sizeFrom(['--kill', '300'])).toBeUndefined();
    expect(sizeFrom(['--seed', 'x'])).toBeUndefined();
  });
});

describe('the cases of a run', () => {
  const ids = (name: string, count: number) => Array.from({ length: count }, (_, one) => `${name} ${one + 1}`);
  const town: Town = {
    households: ids('child', 1_000).map((childId) => ({
      childId,
      settingId: 'school',
      caseworkerId: 'caseworker',
      planVersionId: 'plan',
    })),
    seniors: ['one senior', 'the other'],
    advisers: ids('adviser', 4).map((id) => ({ id, kind: id })),
  };
  const casesOf = (size: Size) => enoughCases(town, size, '2027-01-11');
  const processesOf = (size: Size) =>
    new Set(casesOf(size).flatMap(({ holds }) => Object.keys(holds).map((run) => run.split(' ')[0])));

  it('mix six processes at least in the quick run, and ten in the whole', () => {
    expect(processesOf(quickSize).size).toBeGreaterThanOrEqual(6);
    expect([...processesOf(fullSize)].sort()).toEqual([
      'amendment',
      'annual-review',
      'appeal',
      'cease-to-maintain',
      'exclusion',
      'exclusion-risk',
      'needs-assessment',
      'phase-transfer',
      'provision-check',
      'reassessment',
    ]);
  });

  it('come to 2,000 runs under 400 kills in the whole', () => {
    expect(runsOf(casesOf(fullSize))).toBeGreaterThanOrEqual(2_000);
    expect(fullSize.kills).toBeGreaterThanOrEqual(400);
  });
});

describe('what the count finds', () => {
  let world: CaseWorld;
  let drop: string;
  let expected: Expected;
  let begun: { key: string; runId: string; factId: string };
  const typesetter = new Typesetter({ inProcess: true });

  /** One case, requested so long ago that a rung has passed; its letter has left, its reminder has fired. */
  beforeAll(async () => {
    world = await CaseWorld.open();
    drop = mkdtempSync(join(dataFolder(), 'test', 'drop-'));
    const family = await world.family(1, false);
    const runId = await world.request(family, '2026-11-20');
    const [fact] = await world.test.ownerQuery<{ id: string; command_key: string }>(
      'select id, command_key from engine.fact where run_id = $1',
      [runId],
    );
    begun = { key: fact?.command_key ?? '', runId, factId: fact?.id ?? '' };
    const handOver = new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder: drop });
    for (const { id } of await world.letters(runId)) await handOver.handOver('levelshire', id);
    await armReminders(world.test.database, world.clock.now());
    await fireDue(world.test.database, world.clock.now());
    await workThrough();
    expected = {
      acknowledged: [begun],
      finished: [{ childId: family.child.id, holds: { 'needs-assessment 1': { requestReceived: 1 } } }],
      rejoin: (childId) => dry((tx) => world.engine.rejoin(childId, systemActor('levelshire'), tx)),
      orphans: () => world.as(world.caseworker, (tx) => orphans(tx, processes)),
      dropFolder: drop,
      now: world.clock.now(),
    };
  });
  afterAll(async () => {
    await typesetter.close();
    rmSync(drop, { recursive: true, force: true });
    await world.close();
  });

  /** Looks, and keeps nothing of what it wrote. */
  async function dry(look: (tx: Tx) => Promise<number>): Promise<number> {
    let seen = 0;
    const nothingKept = new Error();
    const looking = world.as(systemActor('levelshire'), async (tx) => {
      seen = await look(tx);
      throw nothingKept;
    });
    await looking.catch((failure: unknown) => {
      if (failure !== nothingKept) throw failure;
    });
    return seen;
  }

  /** As the worker does it: a task for the caseworker, then the row is done. */
  async function workThrough(): Promise<void> {
    const rows = await world.test.ownerQuery<{
      id: string;
      kind: string;
      payload: { reminder?: string };
      run_id: string;
    }>(`select id, kind, payload, run_id from engine.outbox where status = 'waiting'`);
    await world.as(world.caseworker, async (tx) => {
      for (const { id, kind, payload } of rows) {
        if (kind === 'reminder' && payload.reminder !== undefined)
          await raiseNotice(tx, {
            key: `rung:${payload.reminder}`,
            kind: 'task',
            text: 'Due',
            staffId: world.caseworker.staffId,
            reminderId: payload.reminder,
          });
        const row = await outboxRow(tx, id);
        if (row !== undefined) await endRow(tx, row, { is: 'done' }, systemClock.now());
      }
    });
  }

  const ask = <T extends object>(sql: string, params: readonly unknown[] = []) => world.test.ownerQuery<T>(sql, params);
  const named = (faults: Faults): FaultKind[] => faultKinds.filter((kind) => faults[kind].length > 0);

  /** Plants a fault, looks, and takes it out again. */
  async function withFault(plant: string, take: string, params: readonly unknown[] = []): Promise<Faults> {
    await ask(plant, params);
    try {
      return (await findFaults(ask, expected)).faults;
    } finally {
      await ask(take, params);
    }
  }

  it('nothing, where nothing is wrong', async () => {
    const { faults, counted } = await findFaults(ask, expected);
    expect(faults).toEqual(Object.fromEntries(faultKinds.map((kind) => [kind, []])));
    expect(counted.letters).toBeGreaterThan(0);
    expect(counted.files).toBe(counted.letters);
    expect(counted.reminders).toBeGreaterThan(0);
    expect(counted.tasks).toBe(counted.reminders);
  });

  it('an acknowledged fact that is not there', async () => {
    const gone = { ...begun, factId: '0198a000-0000-7000-8000-0000000000ff' };
    const { faults } = await findFaults(ask, { ...expected, acknowledged: [begun, gone], finished: [] });
    expect(faults.factsLost).toEqual([`${begun.key}: ${gone.factId}`]);
    expect(faults.factsTwice).toHaveLength(1);
  });

  const holding = (holds: Holding): Expected => ({
    ...expected,
    finished: expected.finished.map(({ childId }) => ({ childId, holds })),
  });

  it('a step that is not there, or there once more than it was taken', async () => {
    const missing = holding({ 'needs-assessment 1': { requestReceived: 1, decidedToAssess: 1 } });
    const { faults } = await findFaults(ask, missing);
    expect(faults.factsLost).toEqual([expect.stringContaining('decidedToAssess 0 times, not 1')]);
    const doubled = await findFaults(ask, holding({ 'needs-assessment 1': { requestReceived: 0 } }));
    expect(doubled.faults.factsTwice).toEqual([expect.stringContaining('requestReceived 1 times, not 0')]);
  });

  it('a run that is not there, or that nothing should have begun', async () => {
    const missing = await findFaults(ask, holding({ 'needs-assessment 1': {}, 'annual-review 1': {} }));
    expect(named(missing.faults)).toEqual(['runsMissing']);
    expect(named((await findFaults(ask, holding({}))).faults)).toEqual(['runsTwice']);
  });

  it('a letter whose file was deleted, altered, doubled, or belongs to nobody', async () => {
    const files = readdirSync(drop, { recursive: true, encoding: 'utf8' });
    const pdf = join(drop, files.find((name) => name.endsWith('.pdf')) ?? '');
    const bytes = readFileSync(pdf);
    rmSync(pdf);
    expect(named((await findFaults(ask, expected)).faults)).toEqual(['lettersMissing']);
    writeFileSync(pdf, Buffer.concat([bytes, Buffer.from(' ')]));
    expect(named((await findFaults(ask, expected)).faults)).toEqual(['lettersAltered']);
    writeFileSync(pdf, bytes);
    const second = join(drop, 'levelshire', addDays(world.clock.today(), 1));
    mkdirSync(second);
    const [, reference = ''] = /([0-9a-f-]{36})\.pdf$/.exec(pdf) ?? [];
    writeFileSync(join(second, `${reference}.pdf`), bytes);
    expect(named((await findFaults(ask, expected)).faults)).toEqual(['lettersTwice']);
    rmSync(second, { recursive: true });
    const stranger = join(drop, 'levelshire', '0198a000-0000-7000-8000-0000000000aa.pdf');
    writeFileSync(stranger, bytes);
    expect(named((await findFaults(ask, expected)).faults)).toEqual(['lettersTwice']);
    rmSync(stranger);
    expect(named((await findFaults(ask, expected)).faults)).toEqual([]);
  });

  it('a letter that was never written down', async () => {
    const faults = await withFault(
      `update letters.letter set group_key = group_key || ':moved'`,
      `update letters.letter set group_key = replace(group_key, ':moved', '')`,
    );
    expect(named(faults)).toEqual(['lettersMissing']);
  });

  it('a doubled task', async () => {
    const faults = await withFault(
      `insert into case_file.notice (id, authority_id, key, kind, text, staff_id, reminder_id)
         select uuidv7(), authority_id, 'again:' || key, kind, text, staff_id, reminder_id from case_file.notice where reminder_id is not null limit 1`,
      `delete from case_file.notice where key like 'again:%'`,
    );
    expect(named(faults)).toEqual(['remindersTwice']);
  });

  it('a task that is not there', async () => {
    const faults = await withFault(
      `update case_file.notice set key = 'lost:' || key where reminder_id is not null`,
      `update case_file.notice set key = replace(key, 'lost:', '') where reminder_id is not null`,
    );
    expect(named(faults)).toEqual(['remindersMissing']);
  });

  it('a reminder that never fired', async () => {
    const faults = await withFault(
      `update engine.reminder set rung = 'x-' || rung`,
      `update engine.reminder set rung = replace(rung, 'x-', '')`,
    );
    expect(named(faults)).toEqual(['remindersMissing']);
  });

  it('a row of the outbox that waits', async () => {
    const faults = await withFault(
      `insert into engine.outbox (authority_id, kind, key, payload) values ('levelshire', 'notice', 'left', '{}')`,
      `delete from engine.outbox where key = 'left'`,
    );
    expect(faults.outboxLeft).toEqual(['left is waiting']);
    expect(named(faults)).toEqual(['outboxLeft']);
  });

  it('a changed place', async () => {
    const [run] = await ask<{ place: string }>('select place::text as place from engine.run where id = $1', [
      begun.runId,
    ]);
    const changed = (run?.place ?? '').replace('considering', 'assessing');
    await ask('update engine.run set place = $2 where id = $1', [begun.runId, changed]);
    expect(named((await findFaults(ask, expected)).faults)).toEqual(['replayDiffers']);
    await ask('update engine.run set place = $2 where id = $1', [begun.runId, run?.place]);
  });

  it('a changed date', async () => {
    const faults = await withFault(
      `update engine.deadline set plan_by = plan_by + 1 where plan_by is not null`,
      `update engine.deadline set plan_by = plan_by - 1 where plan_by is not null`,
    );
    expect(named(faults)).toEqual(['deadlinesDiffer']);
  });

  it('what a join has put on record otherwise than its source has it, and what goes on after an end', async () => {
    const joined = async () => {
      const { faults } = await findFaults(ask, expected);
      return (['joinsDiffer', 'orphans', 'replayDiffers', 'deadlinesDiffer'] as const).filter(
        (kind) => faults[kind].length > 0,
      );
    };
    const family = await world.family(1, false);
    const runId = await world.request(family, '2026-11-20');
    const second = { ...world.senior, staffId: world.caseworker.staffId };
    const record = (command: string, on: string) =>
      world.engine.record(runId, { command, key: command, confirmed: true, fields: { on } }, world.senior, {
        confirmedBy: second,
      });
    expect(await record('issueFinalPlan', '2027-01-04')).toMatchObject({ done: true });
    const told = await ask<{ id: string; said: string }>(
      'select g.fact_id as id, g.said::text from engine.given g join engine.run r on r.id = g.run_id where r.child_id = $1',
      [family.child.id],
    );
    expect(told.length).toBeGreaterThan(1);
    expect(await joined()).toEqual([]);
    const [one] = told;
    await ask(`update engine.given set said = '{"on": "2027-01-05"}' where fact_id = $1`, [one?.id]);
    expect(await joined()).toEqual(['joinsDiffer']);
    await ask('update engine.given set said = $2 where fact_id = $1', [one?.id, one?.said]);
    expect(await joined()).toEqual([]);
    expect(await record('recordDeath', '2027-01-06')).toMatchObject({ done: true });
    expect(await joined()).toEqual([]);
    await ask('update engine.deadline set ended_on = null, met_on = null where child_id = $1', [family.child.id]);
    expect(await joined()).toContain('orphans');
  });

  it('says of a report whether it is clean', () => {
    const none = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
    const report = {
      ...none,
      cases: { asked: 1, finished: 1, leftAlone: 0 },
      runs: 1,
      refused: 0,
      kills: { all: 1, ...killsByKind(killSchedule(1, 1)) },
      acknowledged: 1,
      sentAgain: 0,
      endedByThemselves: 0,
      counted: {
        facts: 1,
        runs: { 'needs-assessment': 1 },
        letters: 0,
        files: 0,
        reminders: 0,
        tasks: 0,
        chases: 0,
        deadlines: 0,
      },
      seed: 1,
      seconds: 1,
    };
    expect(isClean(report)).toBe(true);
    expect(isClean({ ...report, lettersTwice: 1 })).toBe(false);
    expect(isClean({ ...report, cases: { ...report.cases, finished: 0 } })).toBe(false);
  });
});

import { expect, it, describe, beforeAll, afterAll, jest } from '@jest/globals';
import { addChild, addPlanVersion, addSetting, freezePlan } from '@send/case-file';
import { newId } from '@send/database';
import { CaseWorld } from '../../../test/builders/case-with-family';
import { putYearSix } from '../../../test/builders/year-six';
import { readRisk, tellOfRisk } from './at-risk';
import { campaignOf, campaignYears, mayRunCampaigns, notBegun, readYear, runAgain, startCampaign } from './campaign';
import { beginBatch } from './campaign-work';
import { readMovers } from './movers';

jest.setTimeout(120_000);

const today = '2026-09-14';
const many = 300;
let world: CaseWorld;

beforeAll(async () => {
  world = await CaseWorld.open(today);
  await putYearSix(world.test.ownerQuery, 'levelshire', many, 2027, world.senior.staffId);
});
afterAll(() => world.close());

const count = async (sql: string, ...params: unknown[]): Promise<number> =>
  Number((await world.test.ownerQuery<{ n: number }>(`select count(*) as n from ${sql}`, params))[0]?.n);
const runs = (): Promise<number> => count(`engine.run where workflow = 'phase-transfer'`);
const batches = async (id: string): Promise<number[]> =>
  (
    await world.test.ownerQuery<{ batch: number }>(
      `select (payload ->> 'batch')::int as batch from engine.outbox where kind = 'campaign' and payload ->> 'campaign' = $1 order by 1`,
      [id],
    )
  ).map(({ batch }) => batch);
const tools = () => ({ database: world.test.database, engine: world.engine, clock: world.clock });
const work = (campaign: string, batch: number) => beginBatch(tools(), { authority: 'levelshire', campaign, batch });
const start = (key: string, more: { year?: number; seen?: number } = {}) =>
  world.as(world.senior, (tx) =>
    startCampaign(tx, world.senior, { year: 2027, key, on: world.clock.today(), ...more }),
  );

/** A child with a plan in force, as the officer enters one. */
async function child(name: string, dateOfBirth: string, more: { yearGroup?: number; settingId?: string | null } = {}) {
  return world.as(world.senior, async (tx) => {
    const made = await addChild(tx, { firstNames: name, lastName: 'Moving', dateOfBirth, from: today, ...more });
    const plan = await addPlanVersion(tx, made.id, 'final');
    await freezePlan(tx, plan.id, world.clock.now(), '2025-11-03');
    return made;
  });
}

describe('a campaign of a few hundred', () => {
  let id = '';

  it('shows first who would move, who needs a person, and who stays, with the reason', async () => {
    const nursery = await world.as(world.senior, (tx) =>
      addSetting(tx, { name: 'Invented Nursery', kind: 'Nursery', phase: 'Early years' }),
    );
    await child('Ash', '2022-11-01', { settingId: nursery });
    await child('Beech', '2015-10-01', { yearGroup: 5 });
    await child('Cedar', '2011-01-15', { settingId: null });
    await child('Elm', '2019-02-01', { settingId: null });
    const leaver = await child('Fir', '2022-12-01', { settingId: nursery });
    const begun = await world.engine.begin(
      'phase-transfer',
      leaver.id,
      {
        command: 'startPhaseTransfer',
        key: newId(),
        fields: { on: today, year: 2027, phase: 'early-years-to-school' },
      },
      world.senior,
    );
    expect(begun).toMatchObject({ done: true, position: 'preparing' });
    const movers = await world.as(world.senior, (tx) => readMovers(tx, 2027, today));
    expect(movers.moving.filter(({ phase }) => phase === 'primary-to-secondary')).toHaveLength(many);
    expect(movers.moving.filter(({ phase }) => phase === 'early-years-to-school').map(({ name }) => name)).toEqual([
      'Ash Moving',
    ]);
    expect(movers.undecided.map(({ name, why }) => [name, why])).toEqual([
      ['Beech Moving', 'out-of-year'],
      ['Cedar Moving', 'no-setting'],
    ]);
    expect(movers.leftOut).toEqual({ 'started-already': 1, 'earlier-move-open': 0 });
    expect(movers.staying).toEqual({ 'not-a-year-of-moving': 1 });
  });

  it('leaves out whose plan has ended, and whoever has none', async () => {
    await world.as(world.senior, (tx) =>
      addChild(tx, { firstNames: 'Oak', lastName: 'Unplanned', dateOfBirth: '2016-01-05', from: today }),
    );
    const moved = await child('Gorse', '2016-01-06');
    const { runId } = (await world.engine.begin(
      'phase-transfer',
      moved.id,
      { command: 'startPhaseTransfer', key: newId(), fields: { on: today, year: 2027, phase: 'primary-to-secondary' } },
      world.senior,
    )) as { runId: string };
    await world.engine.record(
      runId,
      { command: 'noteMoveAway', key: newId(), fields: { on: today } },
      { staffId: 'system', name: 'The system', authority: 'levelshire', roles: [], team: null },
    );
    const movers = await world.as(world.senior, (tx) => readMovers(tx, 2027, today));
    const names = [...movers.moving, ...movers.undecided].map(({ name }) => name);
    expect(names).not.toContain('Oak Unplanned');
    expect(names).not.toContain('Gorse Moving');
  });

  it('is refused with the way out: a year that is not offered, numbers that have changed', async () => {
    expect(campaignYears(today)).toEqual([2027, 2028]);
    for (const year of ['2026', 'soon', '', undefined, '2027.5'])
      expect(readYear(year, today)).toMatchObject({
        refused: { field: 'year', message: expect.stringContaining('2027 or 2028') },
      });
    expect(readYear('2027', today)).toBe(2027);
    expect(await start('campaign-key-0', { seen: 3 })).toMatchObject({
      refused: { rule: 'changed-since', message: expect.stringContaining('3 children would have moved') },
    });
    expect(await count('case_file.campaign')).toBe(0);
    expect(mayRunCampaigns(world.caseworker).allowed).toBe(false);
    expect(mayRunCampaigns(world.senior).allowed).toBe(true);
  });

  it('starts with one command; the same key starts nothing more', async () => {
    const first = await start('campaign-key-1', { seen: many + 1 });
    expect(first).toMatchObject({ children: many + 1, repeated: false });
    id = 'id' in first ? first.id : '';
    expect(await start('campaign-key-1')).toEqual({ id, children: many + 1, repeated: true });
    expect(await start('campaign-key-1', { year: 2028 })).toMatchObject({ refused: { rule: 'key-reused' } });
    expect(await start('campaign-key-2')).toMatchObject({ refused: { rule: 'nobody-moves' } });
    expect(await batches(id)).toHaveLength(Math.ceil((many + 1) / 50));
  });

  it('is killed again and again half way, and ends with exactly one run for each child', async () => {
    const before = await runs();
    const [first = 0, second = 0, ...others] = await batches(id);
    await work(id, first);
    expect(await runs()).toBe(before + 50);
    // The server cuts the worker’s line while it is in the middle of a batch: nothing of the batch stays.
    for (let kill = 0; kill < 5; kill += 1) {
      const working = work(id, second).then(
        () => 'finished',
        () => 'killed',
      );
      for (let cut = 0; cut === 0;)
        cut = Number(
          (
            await world.test.ownerQuery<{ n: number }>(
              `select count(pg_terminate_backend(pid)) as n from pg_stat_activity
               where datname = current_database() and usename = 'send_app' and xact_start < clock_timestamp() - make_interval(secs => $1)`,
              [0.01 * kill],
            )
          )[0]?.n ?? 0,
        );
      expect(await working).toBe('killed');
      expect(await runs()).toBe(before + 50);
    }
    // Two workers at the same batch, and each batch twice.
    await Promise.all([work(id, second), work(id, second)]);
    for (const batch of others) await Promise.all([work(id, batch), work(id, batch)]);
    for (const batch of await batches(id)) expect(await work(id, batch)).toBe(0);
    expect(await runs()).toBe(before + many + 1);
    const campaign = await world.as(world.senior, (tx) => campaignOf(tx, id));
    expect(campaign).toMatchObject({ total: many + 1, started: many + 1, waiting: 0, refused: 0, year: 2027 });
    expect(
      await count(
        `(select child_id from engine.run where workflow = 'phase-transfer' group by child_id having count(*) > 1) twice`,
      ),
    ).toBe(0);
    expect(await count(`letters.letter where letter = 'review.phase-start' and status = 'approved'`)).toBe(many);
    expect(await world.as(world.senior, (tx) => runAgain(tx, world.senior, id))).toBe(false);
  });

  it('lists each week what the moves lack by the days planned for, with the reason', async () => {
    const risk = (on: string, about = {}) => world.as(world.senior, (tx) => readRisk(tx, on, about));
    expect(await risk(today)).toMatchObject({ week: '2026-09-14', total: 0, onTime: many + 2 });
    const november = await risk('2026-11-25', { size: 5 });
    expect(november).toMatchObject({
      week: '2026-11-23',
      total: many + 2,
      onTime: 0,
      byLack: { preference: many + 2, meeting: many + 2, draft: 0, consultation: 0, plan: 0 },
    });
    expect(november.rows[0]).toMatchObject({
      lastDay: '2027-02-14',
      reasons: [
        { says: 'No preference from the family: planned by 8 November 2026', missed: true, statutory: false },
        { says: 'No review meeting: planned by 22 November 2026', missed: true, statutory: false },
      ],
    });
    const [one] = november.rows;
    const told = await world.engine.act(
      one?.runId ?? '',
      { command: 'recordReviewMeeting', key: newId(), fields: { on: world.clock.today() } },
      world.senior,
    );
    expect(told).toMatchObject({ done: true });
    expect((await risk('2026-11-25')).byLack.meeting).toBe(many + 1);
    expect((await risk('2026-11-25', { lacks: 'meeting', size: 500 })).rows.map(({ runId }) => runId)).not.toContain(
      one?.runId,
    );
    expect((await risk('2027-02-10', { size: 1 })).rows[0]?.reasons.at(-1)).toMatchObject({
      says: 'No plan that names the next setting: the law wants it by 14 February 2027',
      missed: false,
      statutory: true,
    });
  });
});

describe('each week', () => {
  it('every manager is told once how many moves lack what', async () => {
    const tell = (on: string) => tellOfRisk(world.test.database, 'levelshire', on);
    expect(await tell('2026-09-16')).toBe(0);
    expect(await tell('2026-11-24')).toBe(1);
    expect(await tell('2026-11-26')).toBe(0);
    expect(await tell('2026-11-30')).toBe(1);
    const told = await world.test.ownerQuery<{ text: string }>(
      `select text from case_file.notice where key like 'moves-at-risk:%' order by key`,
    );
    expect(told).toHaveLength(2);
    expect(told[0]?.text).toContain(
      `Phase transfers at risk this week: ${many + 2}. Of these: no review meeting ${many + 1}, no preference ${many + 2}.`,
    );
  });
});

describe('one child who cannot be begun', () => {
  it('holds nobody else up, and says why', async () => {
    world.clock.moveTo('2027-09-20');
    const setting = await world.as(world.senior, (tx) =>
      addSetting(tx, { name: 'Invented First School', kind: 'School', phase: 'First', ageFrom: 4, ageTo: 9 }),
    );
    const ready = await child('Holly', '2018-10-01', { settingId: setting });
    const busy = await child('Ivy', '2018-11-01', { settingId: setting });
    const started = await start('campaign-key-3', { year: 2028 });
    const id = 'id' in started ? started.id : '';
    const begun = await world.engine.begin(
      'phase-transfer',
      busy.id,
      {
        command: 'startPhaseTransfer',
        key: newId(),
        fields: { on: '2027-09-20', year: 2028, phase: 'primary-to-middle' },
      },
      world.senior,
    );
    expect(begun).toMatchObject({ done: true });
    expect(await start('campaign-key-3', { year: 2028 })).toMatchObject({ repeated: true, children: 2 });
    for (const batch of await batches(id)) await work(id, batch);
    expect(await world.as(world.senior, (tx) => campaignOf(tx, id))).toMatchObject({
      total: 2,
      started: 1,
      refused: 1,
    });
    const [refused] = await world.as(world.senior, (tx) => notBegun(tx, id));
    expect(refused).toMatchObject({ childId: busy.id, why: expect.stringContaining('still open') });
    expect(await count('engine.run where child_id = $1', ready.id)).toBe(1);
    expect(await world.as(world.senior, (tx) => runAgain(tx, world.senior, id))).toBe(true);
  });
});

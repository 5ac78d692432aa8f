import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { beginBatch } from '@send/campaign';
import { addChild, addPlanVersion, addSetting, freezePlan } from '@send/case-file';
import { newId } from '@send/database';
import { ApiApp } from '../../../../test/builders/api-app';
import { CaseWorld, done } from '../../../../test/builders/case-with-family';
import { PageApp } from '../../../../test/builders/page-app';
import { putYearSix } from '../../../../test/builders/year-six';

jest.setTimeout(120_000);

let world: CaseWorld;
let pages: PageApp;
let api: ApiApp;

beforeAll(async () => {
  world = await CaseWorld.open('2026-09-14');
  await putYearSix(world.test.ownerQuery, 'levelshire', 60, 2027, world.senior.staffId);
  pages = await PageApp.open(world);
  api = await ApiApp.open(world);
});
afterAll(async () => {
  await pages.app.close();
  await api.close();
  await world.close();
});

const workThrough = async (campaign: string): Promise<void> => {
  for (const batch of [0, 1])
    await beginBatch(
      { database: world.test.database, engine: world.engine, clock: world.clock },
      { authority: 'levelshire', campaign, batch },
    );
};
const base = '/api/v1/campaigns';
const ask = async (...of: Parameters<ApiApp['send']>) => {
  const { status, body } = await api.send(...of);
  return { status, body: body as unknown };
};

describe('pages of a campaign', () => {
  let id = '';

  it('are for managers alone', async () => {
    for (const path of ['/campaigns', '/campaigns/new', '/campaigns/risk', `/campaigns/${newId()}`])
      for (const who of [world.caseworker, world.administrator]) expect((await pages.get(path, who)).status).toBe(404);
    expect((await pages.get('/campaigns', world.senior)).text).toContain('No campaign has been started yet');
    for (const path of ['/campaigns/nothing', `/campaigns/${newId()}`])
      expect((await pages.get(path, world.senior)).status).toBe(404);
  });

  it('show who would move before anything is started', async () => {
    const page = await pages.get('/campaigns/new?year=2027', world.senior);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Primary to secondary school');
    expect(page.text).toContain('14 February 2027');
    expect(page.text).toContain('Start the moves of 60 children');
    expect(page.text.match(/Rowan Invented/g)).toHaveLength(5);
    expect((await pages.get('/campaigns/new', world.senior)).text).toContain('Who moves in September 2027');
  });

  it('say what is wrong, with 422 and the way out, and start nothing', async () => {
    const wrong = await pages.get('/campaigns/new?year=1999', world.senior);
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Select the September of the move: 2027 or 2028');
    for (const [fields, says] of [
      [{ year: 'x', key: newId(), seen: '60' }, 'Select the September of the move'],
      [{ year: '2027', key: 'x', seen: '60' }, 'This page was out of date'],
      [{ year: '2027', key: newId(), seen: '-1' }, 'This page was out of date'],
      [{ year: '2027', key: newId(), seen: '59' }, '59 children would have moved when you looked, and now 60 children'],
      [{ year: '2028', key: newId(), seen: '0' }, 'There is no child to start a move for in September 2028'],
    ] as const) {
      const answer = await pages.post('/campaigns', world.senior, fields);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(says);
    }
    expect((await pages.post('/campaigns', world.caseworker, { year: '2027' })).status).toBe(404);
    expect((await pages.get('/campaigns', world.senior)).text).toContain('No campaign has been started yet');
  });

  it('start it once, and show how far it is without a script', async () => {
    const fields = { year: '2027', key: newId(), seen: '60' };
    const started = await pages.post('/campaigns', world.senior, fields);
    expect(started.status).toBe(303);
    id = String(started.headers['location']).replace('/campaigns/', '');
    expect((await pages.post('/campaigns', world.senior, fields)).headers['location']).toBe(`/campaigns/${id}`);
    const before = await pages.get(`/campaigns/${id}`, world.senior);
    expect(before.headers['refresh']).toBe('5');
    expect(before.text).toContain('0 of 60');
    expect(before.text).toMatch(/<progress class="app-progress" max="60" value="0"/);
    const still = await pages.get(`/campaigns/${id}?still=yes`, world.senior);
    expect(still.headers['refresh']).toBeUndefined();
    await workThrough(id);
    const after = await pages.get(`/campaigns/${id}`, world.senior);
    expect(after.headers['refresh']).toBeUndefined();
    expect(after.text).toContain('<strong>All 60</strong> moves have been started');
    expect((await pages.get('/campaigns', world.senior)).text).toContain('All started');
  });

  it('list what is missing, by what is missing', async () => {
    expect((await pages.get('/campaigns/risk', world.senior)).text).toContain('Nothing is missing by now');
    world.clock.moveTo('2026-11-25');
    pages.forgetSessions();
    const risk = await pages.get('/campaigns/risk', world.senior);
    expect(risk.text).toContain('No review meeting: planned by 22 November 2026');
    expect(risk.text).toContain('Week from 23 November 2026');
    expect((await pages.get('/campaigns/risk?page=2&lacks=meeting', world.senior)).text).toContain('60 moves');
    expect((await pages.get('/campaigns/risk?page=9', world.senior)).text).toContain('Go to the first page');
    expect((await pages.get('/campaigns/risk?lacks=plan', world.senior)).text).toContain('Nothing is missing by now');
    for (const query of ['page=x', 'page=0', 'page=9999', 'lacks=everything', 'lacks[]=plan'])
      expect((await pages.get(`/campaigns/risk?${query}`, world.senior)).status).toBe(200);
    world.clock.moveTo('2026-09-14');
    pages.forgetSessions();
  });
});

describe('a child whom no rule can place', () => {
  it('is started by a person who says which move it is', async () => {
    const settingId = await world.as(world.senior, (tx) =>
      addSetting(tx, { name: 'Invented Special School', kind: 'Special school', phase: 'Special' }),
    );
    const child = await world.as(world.senior, async (tx) => {
      const made = await addChild(tx, {
        firstNames: 'Yew',
        lastName: 'Moving',
        dateOfBirth: '2016-02-02',
        settingId,
        from: '2026-09-14',
      });
      await freezePlan(tx, (await addPlanVersion(tx, made.id, 'final')).id, world.clock.now(), '2025-11-03');
      return made;
    });
    const path = `/campaigns/moves/${child.id}`;
    const preview = await pages.get('/campaigns/new?year=2027', world.senior);
    expect(preview.text).toContain(`href="${path}?year=2027"`);
    for (const wrong of [`/campaigns/moves/${newId()}?year=2027`, '/campaigns/moves/x', `${path}?year=1999`])
      expect((await pages.get(wrong, world.senior)).status).toBe(404);
    expect((await pages.get(`${path}?year=2027`, world.caseworker)).status).toBe(404);
    const asked = await pages.get(`${path}?year=2027`, world.senior);
    expect(asked.text).toContain('The ages that the setting teaches are not on record');
    expect(asked.text).toContain('Plan sent by 30 March 2027');
    const nothing = await pages.post(path, world.senior, { year: '2027', key: newId(), phase: 'upwards' });
    expect(nothing.status).toBe(422);
    expect(nothing.text).toContain('Select the move');
    const noKey = await pages.post(path, world.senior, { year: '2027', phase: 'primary-to-secondary' });
    expect(noKey.status).toBe(422);
    const fields = { year: '2027', key: newId(), phase: 'primary-to-secondary' };
    expect((await pages.post(path, world.senior, fields)).headers['location']).toBe(`/cases/${child.id}`);
    // Started already: it is no longer among those who need a decision.
    expect((await pages.get(`${path}?year=2027`, world.senior)).status).toBe(404);
  });
});

describe('the API of campaigns', () => {
  const as = () => world.senior;

  it('refuses with problem details that name field, rule and way out', async () => {
    for (const [method, path] of [
      ['GET', base],
      ['GET', `${base}/preview?year=2027`],
      ['GET', `${base}/risk`],
      ['POST', base],
    ] as const) {
      expect(await ask(method, path)).toMatchObject({ status: 401 });
      const forbidden = await ask(method, path, {
        as: world.caseworker,
        ...(method === 'POST' ? { body: {} } : {}),
      });
      expect(forbidden).toMatchObject({ status: 403, body: { type: '/problems/forbidden', rule: 'role' } });
    }
    for (const [body, field, rule] of [
      [{}, 'year', 'missing'],
      [{ year: 1 }, 'year', 'out-of-range'],
      [{ year: 2030 }, 'year', 'not-offered'],
      [{ year: 2027, seen: 'many' }, 'seen', 'out-of-range'],
      [{ year: 2027, more: 1 }, 'more', 'unknown-field'],
    ] as const)
      expect(await ask('POST', base, { as: as(), body })).toMatchObject({
        status: 422,
        body: { errors: [{ field, rule, message: expect.any(String) }] },
      });
    for (const [query, field] of [
      ['preview', 'year'],
      ['preview?year=soon', 'year'],
      ['preview?year=2027&x=1', 'x'],
      ['risk?lacks=all', 'lacks'],
      ['risk?page=0', 'page'],
    ] as const)
      expect(await ask('GET', `${base}/${query}`, { as: as() })).toMatchObject({
        status: 422,
        body: { errors: [{ field }] },
      });
    expect(await ask('GET', `${base}/${newId()}`, { as: as() })).toMatchObject({ status: 404 });
    expect(await ask('POST', `${base}/nothing/again`, { as: as(), body: {} })).toMatchObject({ status: 404 });
    expect(await ask('POST', base, { as: as(), body: { year: 2027 } })).toMatchObject({
      status: 409,
      body: { type: '/problems/out-of-position', rule: 'nobody-moves' },
    });
  });

  it('shows, starts with a key, tells how far it is, and runs again', async () => {
    const [one] = await world.test.ownerQuery<{ id: string }>(
      `select child_id as id from case_file.campaign_child where authority_id = 'levelshire' order by child_id limit 1`,
    );
    // As after a year: the same children, one of them a year younger by a mistake that has been mended.
    await world.test.ownerQuery(`update case_file.child set date_of_birth = '2016-12-01' where id = $1`, [one?.id]);
    const preview = await ask('GET', `${base}/preview?year=2028`, { as: as() });
    expect(preview).toMatchObject({
      status: 200,
      body: { year: 2028, moving: 0, leftOut: { 'started-already': 0, 'earlier-move-open': 60 } },
    });
    done(
      await world.engine.record(
        await openRun(one?.id),
        { command: 'callOffTransfer', key: newId(), fields: { on: '2026-09-14', reasons: ['Born a year later'] } },
        world.senior,
        { confirmedBy: { ...world.senior, staffId: '0198a000-0000-7000-8000-000000000001', name: 'Second' } },
      ),
    );
    const key = 'campaign-of-spec';
    const started = await ask('POST', base, { as: as(), key, body: { year: 2028, seen: 1 } });
    expect(started).toMatchObject({ status: 201, body: { children: 1, repeated: false } });
    const { id } = started.body as { id: string };
    expect(await ask('POST', base, { as: as(), key, body: { year: 2028 } })).toMatchObject({
      status: 201,
      body: { id, repeated: true },
    });
    expect(await ask('POST', base, { as: as(), key, body: { year: 2027 } })).toMatchObject({
      status: 422,
      body: { type: '/problems/key-reused' },
    });
    expect(await ask('POST', base, { as: as(), body: { year: 2028, seen: 4 } })).toMatchObject({ status: 409 });
    expect(await ask('GET', `${base}/${id}`, { as: as() })).toMatchObject({
      status: 200,
      body: { total: 1, started: 0, waiting: 1, refused: 0, notStarted: [] },
    });
    await workThrough(id);
    expect(await ask('POST', `${base}/${id}/again`, { as: as(), body: {} })).toMatchObject({
      status: 200,
      body: { total: 1, started: 1, waiting: 0 },
    });
    const list = await ask('GET', base, { as: as() });
    expect((list.body as { campaigns: object[] }).campaigns).toHaveLength(2);
    expect(await ask('GET', `${base}/risk`, { as: as() })).toMatchObject({ status: 200, body: { total: 0 } });
  });
});

async function openRun(childId: string | undefined): Promise<string> {
  const [run] = await world.test.ownerQuery<{ id: string }>(
    `select id from engine.run where child_id = $1 and workflow = 'phase-transfer' and not closed`,
    [childId],
  );
  return run?.id ?? '';
}

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@send/database';
import { ApiApp } from '../../../../test/builders/api-app';
import { must, PanelWorld } from '../../../../test/builders/panel-world';

// Whole stories on a real database.
jest.setTimeout(60_000);

let panel: PanelWorld;
let api: ApiApp;

beforeAll(async () => {
  panel = await PanelWorld.open('2026-11-04');
  api = await ApiApp.open(panel.world);
});
afterAll(async () => {
  await api.close();
  await panel.close();
});

const base = '/api/v1/panels';

describe('panels through the API', () => {
  it('take a case from the referral to the decision', async () => {
    const { world, chair, health, parentRep, head } = panel;
    const { caseworker, senior } = world;
    const family = await world.family();
    const assessment = await world.request(family, '2026-11-02');
    const post = (path: string, as: typeof chair, body: object, key?: string) =>
      api.send('POST', `${base}${path}`, { as, body, ...(key === undefined ? {} : { key }) });

    const bad = await post('/items', caseworker, { child: family.child.id, panel: 'nothing', question: 'Q' });
    expect([bad.status, bad.headers['content-type']]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect(bad.body.errors).toEqual([{ field: 'panel', rule: 'not-offered', message: 'Select the panel' }]);
    for (const child of [newId(), 'nothing'])
      expect((await post('/items', senior, { child, panel: PanelWorld.kind, question: 'Q' })).status).toBe(404);
    const body = { child: family.child.id, panel: PanelWorld.kind, question: 'Should we assess?', fromRun: assessment };
    const key = newId();
    const referred = await post('/items', caseworker, body, key);
    expect(referred.status).toBe(201);
    const run = String(referred.body.runId);
    expect((await post('/items', caseworker, body, key)).body.runId).toBe(run);
    expect(
      (await post(`/items/${run}/paper`, caseworker, { summary: 'Reads below age.', ready: true, cost: 4 })).body
        .errors,
    ).toMatchObject([{ field: 'cost', rule: 'unknown-field' }]);
    expect((await post(`/items/${run}/paper`, caseworker, { summary: 'Reads below age.', ready: true })).status).toBe(
      200,
    );

    const arranged = await post('/sittings', chair, {
      kind: PanelWorld.kind,
      meetsOn: '2026-11-18',
      time: '10am',
      place: 'County Hall',
      packReadyBy: '2026-11-11',
    });
    expect(arranged.status).toBe(201);
    const sitting = String(arranged.body.id);
    expect(
      (
        await post('/sittings', health, {
          kind: PanelWorld.kind,
          meetsOn: '2026-11-25',
          time: '10am',
          place: 'Hall',
          packReadyBy: '2026-11-11',
        })
      ).status,
    ).toBe(403);
    expect((await post(`/items/${run}/listing`, caseworker, { sitting })).body).toEqual({ done: true });
    expect((await api.send('GET', `${base}/items/${run}`, { as: health })).body).toMatchObject({
      declared: 'not-yet',
      pack: null,
      paper: null,
    });
    for (const one of [chair, health, senior])
      expect((await post(`/items/${run}/conflict`, one, { conflict: 'none' })).status).toBe(200);
    expect((await post(`/items/${run}/conflict`, head, { conflict: 'own-setting' })).status).toBe(200);
    for (const [verb, path, sent] of [
      ['GET', '', undefined],
      ['POST', '/conflict', { conflict: 'none' }],
      ['POST', '/recommendation', panel.agree],
    ] as const) {
      const closed = await api.send(verb, `${base}/items/${run}${path}`, {
        as: head,
        ...(sent === undefined ? {} : { body: sent }),
      });
      expect([path, closed.status]).toEqual([path, 404]);
    }
    expect((await api.send('GET', `/api/v1/runs/${run}`, { as: head })).status).toBe(404);
    expect((await api.send('GET', `${base}/sittings/${sitting}`, { as: head })).body).toMatchObject({
      closedToMe: 1,
      agenda: { items: [] },
    });

    expect(
      (await post(`/items/${run}/decision`, senior, { decision: 'agree', legalTest: 'CFA', reasons: ['Because'] }))
        .status,
    ).toBe(409);
    world.clock.moveTo('2026-11-18', '09:30:00');
    api.forgetSessions();
    const attendants = [chair, health, parentRep].map(({ staffId }) => ({ staff: staffId, state: 'present' }));
    expect(
      (await post(`/sittings/${sitting}/attendance`, chair, { attendants: [{ staff: newId(), state: 'present' }] }))
        .status,
    ).toBe(422);
    expect((await post(`/sittings/${sitting}/attendance`, chair, { attendants })).status).toBe(200);
    const unquoted = await post(`/items/${run}/recommendation`, chair, { ...panel.agree, reasons: [] });
    expect(unquoted.body.errors).toMatchObject([{ field: 'reasons', rule: 'missing' }]);
    expect((await post(`/items/${run}/recommendation`, chair, panel.agree)).status).toBe(200);
    expect((await post(`/items/${run}/decision`, senior, { decision: 'agree', legalTest: 'CFA' })).status).toBe(422);
    expect(
      (await post(`/items/${run}/decision`, senior, { decision: 'agree', legalTest: 'CFA', reasons: ['Because'] }))
        .status,
    ).toBe(200);
    expect((await post(`/sittings/${sitting}/minutes/signature`, health, {})).status).toBe(403);
    expect((await post(`/sittings/${sitting}/minutes/signature`, senior, {})).body.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await post(`/sittings/${sitting}/minutes/additions`, senior, { words: '' })).status).toBe(422);
    expect(
      (await api.send('GET', `${base}/sittings/${sitting}/minutes`, { as: senior })).body.minutes.parts,
    ).toHaveLength(1);
    expect((await api.send('GET', `${base}/rates`, { as: panel.auditor })).body.panels).toMatchObject([
      { decided: null },
    ]);
    expect((await api.send('GET', `${base}/audit`, { as: health })).status).toBe(403);
    expect((await api.send('GET', base, { as: health })).body.sittings).toHaveLength(1);
    expect((await api.send('GET', `${base}/items/${run}?page=1`, { as: senior })).status).toBe(422);
  });

  it('lets nobody past the panel’s own rules by the general way to a run', async () => {
    const { world, chair } = panel;
    const { run } = await panel.referred('2026-11-18');
    const act = (as: typeof chair, command: string, fields: object) =>
      api.send('POST', `/api/v1/runs/${run}/act`, { as, body: { command, fields: { on: '2026-11-18', ...fields } } });
    const said = { legalTest: 'CFA', criteriaVersion: '1', reasons: ['Because'] };
    expect((await act(chair, 'recordPanelRecommendation', { recommendation: 'agree', ...said })).status).toBe(404);
    must(await panel.items.declare(world.senior, run, { conflict: 'family' }));
    const decided = await act(world.senior, 'decideWithoutPanel', {
      decision: 'agree',
      whyWithout: 'No time',
      ...said,
    });
    expect(decided.status).toBe(404);
  });

  it('describes every address', async () => {
    const description = (await api.send('GET', '/api/v1/openapi.json')).body;
    const paths = Object.keys(description.paths).filter((path) => path.startsWith(base));
    expect(paths).toHaveLength(23);
    const names =
      JSON.stringify(paths.map((path) => description.paths[path])).match(/#\/components\/schemas\/\w+/g) ?? [];
    expect([...new Set(names)].filter((name) => !(name.split('/').at(-1)! in description.components.schemas))).toEqual(
      [],
    );
  });
});

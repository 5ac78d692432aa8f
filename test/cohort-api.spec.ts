import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApiApp } from './builders/api-app';
import { CaseWorld } from './builders/case-with-family';

let world: CaseWorld;
let api: ApiApp;
const at = '/api/v1/cohort';

beforeAll(async () => {
  world = await CaseWorld.open('2026-11-16');
  api = await ApiApp.open(world);
}, 60_000);
afterAll(async () => {
  await api.close();
  await world.close();
});

it('imports through the same door: faults by line as problem details, then the file, then its candidates', async () => {
  const family = await world.family();
  await world.test.ownerQuery("update case_file.child set upn = 'A000000000011' where id = $1", [family.child.id]);
  await world.test.ownerQuery("update case_file.setting set urn = '200001' where id = $1", [family.settingId]);
  const body = {
    kind: 'suspensions',
    fileName: 'notices.csv',
    source: 'Notices of the schools',
    coversFrom: '2026-09-01',
    asOf: '2026-11-16',
    text: 'UPN,SchoolURN,Category,StartDate,Sessions\nA000000000011,200001,SUSP,2026-11-02,12',
  };
  const wrong = await api.send('POST', `${at}/imports`, {
    as: world.senior,
    body: { ...body, text: `${body.text}\nA000000000099,200001,SUSP,2026-11-03,2` },
  });
  expect(wrong.status).toBe(422);
  expect(wrong.headers['content-type']).toContain('application/problem+json');
  expect(wrong.body).toMatchObject({ errors: [{ field: 'line 3 UPN', rule: 'file' }] });
  const taken = await api.send('POST', `${at}/imports`, { as: world.senior, body });
  expect(taken.status).toBe(200);
  expect(taken.body).toMatchObject({ rows: 1, added: 1, begun: 1 });
  const list = await api.send('GET', `${at}/candidates`, { as: world.senior });
  expect(list.body).toMatchObject({ candidates: [{ childId: family.child.id, dropped: [] }] });
});

it('is for seniors, and says what is wrong with each field', async () => {
  for (const path of ['', '/candidates', '/part-time', '/fairness']) {
    expect([path, (await api.send('GET', `${at}${path}`, { as: world.senior })).status]).toEqual([path, 200]);
    expect([path, (await api.send('GET', `${at}${path}`, { as: world.caseworker })).status]).toEqual([path, 403]);
    expect([path, (await api.send('GET', `${at}${path}?x=1`, { as: world.senior })).status]).toEqual([path, 422]);
  }
  const bad = await api.send('POST', `${at}/cap`, { as: world.senior, body: { cap: 0, reason: '', more: 1 } });
  expect(bad.status).toBe(422);
  const { errors } = bad.body as { errors: { field: string }[] };
  expect(errors.map(({ field }) => field).sort()).toEqual(['cap', 'more', 'reason']);
  expect(
    (await api.send('POST', `${at}/cap`, { as: world.caseworker, body: { cap: 61, reason: 'More' } })).status,
  ).toBe(403);
  const changed = await api.send('POST', `${at}/cap`, {
    as: world.senior,
    body: { cap: 61, reason: 'One more worker' },
  });
  expect(changed.body).toMatchObject({ cap: 61 });
  const empty = await api.send('POST', `${at}/imports`, { as: world.senior, body: {} });
  expect(empty.status).toBe(422);
  expect((empty.body as { errors: object[] }).errors.length).toBeGreaterThan(4);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTerm } from '@send/case-file';
import { CaseWorld, type Family } from '../../../../test/builders/case-with-family';
import { headingOf, PageApp } from '../../../../test/builders/page-app';

let world: CaseWorld;
let app: PageApp;
let family: Family;
const upn = 'A000000000011';
const urn = '200001';

beforeAll(async () => {
  world = await CaseWorld.open('2026-11-16');
  app = await PageApp.open(world);
  family = await world.family();
  await world.test.ownerQuery('update case_file.child set upn = $2 where id = $1', [family.child.id, upn]);
  await world.test.ownerQuery('update case_file.setting set urn = $2 where id = $1', [family.settingId, urn]);
  await world.as(world.senior, async (tx) => {
    await setTerm(tx, family.settingId, 'Autumn 1', { from: '2026-09-02', to: '2026-10-23' });
    await setTerm(tx, family.settingId, 'Autumn 2', { from: '2026-11-02', to: '2026-12-18' });
  });
}, 120_000);
afterAll(async () => {
  await app.close();
  await world.test.close();
});

const file = {
  kind: 'suspensions',
  source: 'Notices of the schools',
  coversFrom: '2026-09-01',
  asOf: '2026-11-16',
  text: `UPN,SchoolURN,Category,StartDate,Sessions\n${upn},${urn},SUSP,2026-09-14,4\n${upn},${urn},SUSP,2026-10-12,4\n${upn},${urn},SUSP,2026-11-02,10`,
};
const text = (page: { text: string }): string => page.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the pages of the cohort', () => {
  const paths = ['', '/candidates', '/import', '/part-time', '/schools', '/sources', '/fairness'].map(
    (one) => `/cohort${one}`,
  );

  it('open for whoever answers for every case, and for nobody else', async () => {
    for (const path of paths) {
      const page = await app.get(path, world.senior);
      expect([path, page.status, page.text.match(/<h1/g)?.length]).toEqual([path, 200, 1]);
      expect(page.text).not.toMatch(/undefined|\[object/);
      expect([path, (await app.get(path, world.caseworker)).status]).toEqual([path, 403]);
      expect((await app.get(path)).text).not.toContain('Exclusion-risk cohort');
    }
  });

  it('import: says every fault by line, takes nothing of it, then takes the file whole', async () => {
    const wrong = await app.post('/cohort/import', world.senior, {
      ...file,
      text: `${file.text}\nB1,9,SUSX,31/02/2026,0`,
    });
    expect(wrong.status).toBe(422);
    expect(text(wrong)).toContain('Nothing of the file was taken');
    expect(text(wrong)).toMatch(/5 Category .SUSX. is not a category of the census/);
    expect(text(await app.get('/cohort/candidates', world.senior))).toContain('No child’s indicators');
    const empty = await app.post('/cohort/import', world.senior, {});
    expect(empty.status).toBe(422);
    expect(text(empty)).toContain('Select what the file holds');
    const taken = await app.post('/cohort/import', world.senior, file);
    expect(text(taken)).toContain('3 rows: 3 new, 0 changed, 0 as before');
    expect(text(taken)).toContain('3 suspensions and exclusions have begun');
  });

  it('candidates: each with reasons; a person puts one forward, once', async () => {
    const list = await app.get('/cohort/candidates', world.senior);
    expect(text(list)).toContain('Suspensions this school year: 3');
    expect(text(list)).toContain('Days suspended this term: 9 days');
    const put = await app.post(`/cohort/candidates/${family.child.id}`, world.senior);
    expect(put.status).toBe(303);
    const child = await app.get(String(put.headers['location']), world.senior);
    expect(headingOf(child)).toBe(`Rowan ${family.child.lastName}`);
    expect(text(child)).toContain('Put forward');
    const again = await app.post(`/cohort/candidates/${family.child.id}`, world.senior);
    expect(again.status).toBe(422);
    expect(text(again)).toContain('has been put forward already');
    expect((await app.post('/cohort/candidates/nobody', world.senior)).status).toBe(404);
    expect((await app.get('/cohort/children/nobody', world.senior)).status).toBe(404);
  });

  it('places: changed only with a reason', async () => {
    const none = await app.post('/cohort/cap', world.senior, { cap: '0', reason: '' });
    expect(none.status).toBe(422);
    expect(text(none)).toContain('The number of places must be from 1 to 500');
    expect(text(none)).toContain('Enter the reason');
    expect((await app.post('/cohort/cap', world.senior, { cap: '61', reason: 'One more worker' })).status).toBe(303);
    expect(text(await app.get('/cohort', world.senior))).toContain('0 of 61');
  });

  it('sources: an agreement that has ended drops its source out, and the list says so', async () => {
    const wrong = await app.post('/cohort/sources', world.senior, { until: 'soon' });
    expect(wrong.status).toBe(422);
    const good = {
      source: 'suspensions',
      basis: 'public-task',
      reason: 'Education Act 1996 s.19',
      until: '2026-11-20',
    };
    expect((await app.post('/cohort/sources', world.senior, good)).status).toBe(303);
    world.clock.moveTo('2026-11-23');
    app.forgetSessions();
    expect(text(await app.get('/cohort/sources', world.senior))).toContain('Ended: dropped out');
    expect(text(await app.get('/cohort/candidates', world.senior))).toContain(
      'Suspensions and exclusions dropped out: agreement ended',
    );
  });

  it('an open-ended timetable is first on its page, and is chased', async () => {
    const timetable = {
      ...file,
      kind: 'part-time',
      text: `UPN,SchoolURN,StartDate,HoursPerWeek,Reason\n${upn},${urn},2026-09-14,12,Returning after illness`,
    };
    expect(text(await app.post('/cohort/import', world.senior, { ...timetable, agreed: 'yes' }))).toContain(
      'We agree to no part-time timetable without an end',
    );
    expect((await app.post('/cohort/import', world.senior, timetable)).status).toBe(200);
    const page = await app.get('/cohort/part-time', world.senior);
    expect(text(page)).toContain('Reported with no end date, no review date, no consent.');
    const action = /action="(\/cohort\/part-time\/[0-9a-f-]+)"/.exec(page.text)?.[1] ?? '';
    expect((await app.post(action, world.senior, { how: '' })).status).toBe(422);
    expect((await app.post(action, world.senior, { how: 'Rang the head' })).status).toBe(303);
    expect(text(await app.get('/cohort/part-time', world.senior))).toContain('1 time, last on 23 November 2026');
  });

  it('schools: chosen with a reason, reviewed once a day', async () => {
    expect((await app.post('/cohort/schools', world.senior, { school: 'x', why: '' })).status).toBe(422);
    const chosen = { school: family.settingId, why: 'Three suspensions of one child' };
    expect((await app.post('/cohort/schools', world.senior, chosen)).status).toBe(303);
    expect(text(await app.post('/cohort/schools', world.senior, chosen))).toContain('in the cohort already');
    expect((await app.post('/cohort/schools/review', world.senior, { note: 'Two mentors start' })).status).toBe(303);
    expect((await app.post('/cohort/schools/review', world.senior, { note: 'Again' })).status).toBe(422);
    expect(text(await app.get('/cohort/schools', world.senior))).toContain('The next review is due on 7 December 2026');
  });

  it('fairness: small numbers are not shown, and the rule stands above', async () => {
    const page = text(await app.get('/cohort/fairness', world.senior));
    expect(page).toContain('Counts of 1 to 4 are not shown');
    expect(page).toContain('Not shown');
  });
});

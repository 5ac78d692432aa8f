import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@send/database';
import { headingOf, PageApp } from '../../../../test/builders/page-app';
import { must, PanelWorld } from '../../../../test/builders/panel-world';

// Whole stories on a real database.
jest.setTimeout(60_000);

let panel: PanelWorld;
let app: PageApp;

beforeAll(async () => {
  panel = await PanelWorld.open('2026-11-04');
  app = await PageApp.open(panel.world);
});
afterAll(async () => {
  await app.close();
  await panel.close();
});

const summaryOf = (text: string): string[] =>
  [...(/govuk-error-summary__list[\s\S]*?<\/ul>/.exec(text)?.[0] ?? '').matchAll(/href="#([^"]+)">([^<]+)</g)].map(
    ([, href, message]) => `${href}: ${message}`,
  );

describe('the pages of panels', () => {
  it('lead a case from the referral to the minutes', async () => {
    const { world, chair, health } = panel;
    const { caseworker, senior } = world;
    const family = await world.family();
    await world.request(family, '2026-11-02');
    const { reference } = family.child;

    const asked = await app.get(`/panels/refer/${reference}`, caseworker);
    expect(headingOf(asked)).toBe('Refer this case to a panel');
    expect(asked.text).toContain('East assessment panel: the case is with the North');
    const bare = await app.post(`/panels/refer/${reference}`, caseworker, {});
    expect(bare.status).toBe(422);
    expect(summaryOf(bare.text)).toEqual(['panel: Select the panel']);
    const noQuestion = await app.post(`/panels/refer/${reference}`, caseworker, { panel: PanelWorld.kind });
    expect(summaryOf(noQuestion.text)).toEqual(['question: Enter the question to the panel']);
    const key = newId();
    const fields = {
      panel: PanelWorld.kind,
      question: 'Should we assess?',
      fromRun: /value="([0-9a-f-]{36})" selected/.exec(asked.text)?.[1] ?? '',
      key,
    };
    const referred = await app.post(`/panels/refer/${reference}`, caseworker, fields);
    expect(referred.status).toBe(303);
    const run = /items\/([0-9a-f-]{36})\/paper/.exec(String(referred.headers['location']))?.[1] ?? '';
    // Sent twice, it is one referral.
    expect((await app.post(`/panels/refer/${reference}`, caseworker, fields)).headers['location']).toBe(
      `/panels/items/${run}/paper`,
    );

    expect((await app.post(`/panels/items/${run}/paper`, caseworker, { summary: '' })).status).toBe(422);
    expect(
      (await app.post(`/panels/items/${run}/paper`, caseworker, { summary: 'Reads below age.', ready: 'yes' })).status,
    ).toBe(303);

    const wrong = await app.post('/panels/sittings/new', chair, {
      kind: PanelWorld.kind,
      'meetsOn-day': '32',
      'meetsOn-month': '11',
      'meetsOn-year': '2026',
    });
    expect(wrong.status).toBe(422);
    expect(summaryOf(wrong.text)).toEqual([
      'meetsOn-day: The day it meets must be a real date',
      'time: Enter the time',
      'place: Enter the place',
      'packReadyBy-day: Enter the day by which the pack is ready',
    ]);
    const arranged = await app.post('/panels/sittings/new', chair, {
      kind: PanelWorld.kind, meetsOn: '2026-11-18', time: '10am', place: 'County Hall', packReadyBy: '2026-11-11',
    }); // prettier-ignore
    expect(arranged.status).toBe(303);
    const sitting = String(arranged.headers['location']);
    const id = sitting.split('/').at(-1) ?? '';
    expect((await app.get(sitting, caseworker)).text).toContain('Put on this agenda');
    expect((await app.post(`/panels/items/${run}/list`, caseworker, { sitting: newId() })).status).toBe(422);
    expect((await app.post(`/panels/items/${run}/list`, caseworker, { sitting: id })).status).toBe(303);

    const mine = await app.get('/panels', health);
    expect(mine.text).toContain('1 to declare');
    const before = await app.get(`/panels/items/${run}`, health);
    expect(before.text).toContain('Before you open this case');
    expect(before.text).not.toContain('Reads below age');
    expect((await app.post(`/panels/items/${run}/conflict`, health, { conflict: 'perhaps' })).status).toBe(422);
    for (const one of [health, chair, senior])
      expect((await app.post(`/panels/items/${run}/conflict`, one, { conflict: 'none' })).headers['location']).toBe(
        `/panels/items/${run}`,
      );
    expect((await app.get(`/panels/items/${run}`, health)).text).toContain('Reads below age');

    const early = await app.post(`/panels/items/${run}/recommendation`, chair, {
      recommendation: 'agree',
      legalTest: 'CFA s 36(8)',
      reasons: 'Because',
    });
    expect(early.status).toBe(409);
    expect(summaryOf(early.text)[0]).toContain('has not met yet');
    world.clock.moveTo('2026-11-18', '12:00:00');
    app.forgetSessions();
    const attend = (state: string) =>
      Object.fromEntries([chair, health, panel.parentRep, panel.head].map((one) => [`state.${one.staffId}`, state]));
    const both = await app.post(`${sitting}/attendance`, chair, {
      ...attend('present'),
      [`substitute.${health.staffId}`]: panel.auditor.staffId,
    });
    expect(both.status).toBe(422);
    expect((await app.post(`${sitting}/attendance`, chair, attend('nowhere'))).status).toBe(422);
    expect(
      (
        await app.post(`${sitting}/attendance`, chair, {
          ...attend('present'),
          [`state.${health.staffId}`]: 'apologies',
          [`substitute.${health.staffId}`]: panel.auditor.staffId,
        })
      ).status,
    ).toBe(303);
    expect((await app.get(sitting, chair)).text).toContain('Stands in for Ivo Thornby');

    const bareRecommendation = await app.post(`/panels/items/${run}/recommendation`, chair, {
      recommendation: 'agree',
      'replyBy-day': '1',
    });
    expect(summaryOf(bareRecommendation.text)).toEqual([
      'replyBy-day: The day by which it is wanted must include a month and a year',
      'legalTest: Enter the legal test that was applied',
      'reasons: Enter the reasons',
    ]);
    const bareDefer = await app.post(`/panels/items/${run}/recommendation`, chair, {
      recommendation: 'defer',
      legalTest: 'CFA s 36(8)',
      reasons: 'Because',
    });
    expect(bareDefer.status).toBe(409);
    expect(summaryOf(bareDefer.text)[0]).toContain('enter what is missing');
    const recommended = await app.post(`/panels/items/${run}/recommendation`, chair, {
      recommendation: 'agree-with-conditions', legalTest: 'CFA s 36(8)', reasons: 'One.\n\nTwo.', conditions: 'For a term',
      'actions.0.what': 'Hearing test', 'actions.0.owner': 'Health', 'actions.0.dueBy-day': '1', 'actions.0.dueBy-month': '12', 'actions.0.dueBy-year': '2026',
    }); // prettier-ignore
    expect(recommended.status).toBe(303);

    const signing = await app.get(`/panels/items/${run}/decision`, senior);
    expect(signing.text).toContain('Agree with conditions');
    const noReasons = await app.post(`/panels/items/${run}/decision`, senior, {
      decision: 'agree',
      legalTest: 'CFA s 36(8)',
      reasons: '',
    });
    expect(summaryOf(noReasons.text)).toEqual(['reasons: Enter the reasons']);
    expect(
      (
        await app.post(`/panels/items/${run}/decision`, chair, {
          decision: 'agree',
          legalTest: 'CFA s 36(8)',
          reasons: 'Because',
        })
      ).status,
    ).toBe(403);
    expect(
      (
        await app.post(`/panels/items/${run}/decision`, senior, {
          decision: 'agree',
          legalTest: 'CFA s 36(8)',
          reasons: 'Because',
        })
      ).status,
    ).toBe(303);
    expect((await app.get(`/panels/items/${run}`, caseworker)).text).toContain('Decided');

    expect((await app.get(`${sitting}/minutes`, chair)).text).toContain('Not signed yet');
    expect((await app.post(`${sitting}/minutes/sign`, health)).status).toBe(403);
    expect((await app.post(`${sitting}/minutes/sign`, chair)).status).toBe(303);
    expect((await app.post(`${sitting}/minutes/sign`, chair)).status).toBe(409);
    expect((await app.post(`${sitting}/minutes/add`, chair, { words: '' })).status).toBe(422);
    expect(
      (await app.post(`${sitting}/minutes/add`, chair, { words: 'The test was on 1 December.', run })).status,
    ).toBe(303);
    const minutes = await app.get(`${sitting}/minutes`, chair);
    expect(minutes.text).toMatch(
      /Signed by Uma Larkfield[\s\S]*Hearing test: Health, by 1 December 2026[\s\S]*The test was on 1 December\./,
    );
    const part = await app.get(`${sitting}/minutes/family/${run}`, caseworker);
    expect(headingOf(part)).toBe('What the panel said');
    expect(part.text.replace(/<header[\s\S]*?<\/header>/, '')).not.toContain('Uma');
  });

  it('close a case to a member with a conflict, on every page', async () => {
    const { world, head } = panel;
    world.clock.moveTo('2026-11-19');
    app.forgetSessions();
    const { run } = await panel.referred('2026-11-19');
    const sitting = await panel.sitting('2026-12-02');
    must(await panel.items.list(world.caseworker, run, { sitting }, newId()));
    const closed = await app.post(`/panels/items/${run}/conflict`, head, { conflict: 'own-setting', words: 'A pupil' });
    expect(closed.headers['location']).toBe('/panels');
    for (const page of ['', '/conflict', '/recommendation', '/decision', '/paper'])
      expect((await app.get(`/panels/items/${run}${page}`, head)).status).toBe(404);
    for (const way of ['conflict', 'recommendation', 'withdrawal'])
      expect((await app.post(`/panels/items/${run}/${way}`, head, { conflict: 'none', why: 'x' })).status).toBe(404);
    const page = await app.get(`/panels/sittings/${sitting}`, head);
    expect(page.text).toContain('1 case is closed to you');
    expect(page.text).not.toContain(run);
    expect((await app.get('/panels', head)).text).toContain('1 closed to you');
  });

  it('cancel a sitting with a reason', async () => {
    const { chair, health, world } = panel;
    const sitting = await panel.sitting('2026-12-09');
    expect((await app.get(`/panels/sittings/${sitting}/cancel`, chair)).status).toBe(200);
    expect((await app.post(`/panels/sittings/${sitting}/cancel`, chair, {})).status).toBe(422);
    expect((await app.post(`/panels/sittings/${sitting}/cancel`, health, { reason: 'Snow' })).status).toBe(403);
    expect((await app.post(`/panels/sittings/${sitting}/cancel`, chair, { reason: 'Snow' })).status).toBe(303);
    expect((await app.get(`/panels/sittings/${sitting}`, world.caseworker)).text).toContain('Cancelled');
  });

  it('draw a sample, and show rates, to those who may', async () => {
    const { chair, auditor, health, world } = panel;
    world.clock.moveTo('2027-05-28');
    app.forgetSessions();
    expect((await app.get('/panels/audit', health)).status).toBe(403);
    expect((await app.get('/panels/rates', world.caseworker)).status).toBe(403);
    expect((await app.get('/panels/rates', auditor)).text).toContain('Too few to show');
    expect((await app.post('/panels/audit/draw', chair, { kind: PanelWorld.kind })).status).toBe(422);
    const drawn = await app.post('/panels/audit/draw', chair, {
      kind: PanelWorld.kind,
      cohort: '2026-11-18',
      months: '6',
    });
    expect(drawn.status).toBe(303);
    const sample = String(drawn.headers['location']);
    const run = new RegExp(`${sample}/([0-9a-f-]{36})`).exec((await app.get(sample, auditor)).text)?.[1] ?? '';
    const page = await app.get(`${sample}/${run}`, auditor);
    expect(page.text).not.toContain('For a term');
    const bare = await app.post(`${sample}/${run}`, auditor, { question: 'yes' });
    expect(bare.status).toBe(422);
    expect(summaryOf(bare.text)).toHaveLength(6);
    const finding = {
      question: 'yes',
      test: 'yes',
      evidence: 'yes',
      views: 'no',
      reasons: 'yes',
      time: 'yes',
      findings: 'Views were missing.',
    };
    expect((await app.post(`${sample}/${run}`, auditor, finding)).status).toBe(303);
    expect((await app.get(`${sample}/${run}`, auditor)).text).toContain('For a term');
    expect((await app.post(`${sample}/${run}`, auditor, finding)).status).toBe(409);
  });

  it('are not there for whoever has nothing to do with them', async () => {
    const { world, health } = panel;
    expect((await app.get('/panels', world.administrator)).status).toBe(404);
    for (const page of [
      '/panels/sittings/nothing',
      `/panels/sittings/${newId()}`,
      '/panels/items/nothing',
      `/panels/items/${newId()}`,
      `/panels/items/${newId()}/nothing`,
      '/panels/refer/LEV-0',
      `/panels/audit/${newId()}`,
    ])
      expect([page, (await app.get(page, page.includes('audit') ? panel.auditor : health)).status]).toEqual([
        page,
        404,
      ]);
    expect((await app.get('/panels')).status).toBe(303);
    expect((await app.get('/', health)).headers['location']).toBe('/panels');
  });
});

import { jest } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId, projectFolder } from '@send/database';
import type { Outcome } from '@send/engine';
import { type Browser, chromium } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import { CaseWorld, type Family } from '../../../../test/builders/case-with-family';
import { headingOf, PageApp } from '../../../../test/builders/page-app';

const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');

jest.setTimeout(120_000);

let world: CaseWorld;
let app: PageApp;
let browser: Browser;
let family: Family;
const runs: Record<string, string> = {};

const must = (outcome: Outcome) => {
  if (outcome.done) return outcome;
  throw new Error(JSON.stringify(outcome));
};
const given = (command: string, on: string, fields: object) => ({
  command,
  key: newId(),
  confirmed: true,
  fields: { on, ...fields },
});
const second = () => ({ ...world.senior, staffId: world.administrator.staffId });

/** What is put on record of the family, by whoever may, confirmed by somebody else. */
async function says(workflow: string, command: string, on: string, fields: object = {}): Promise<void> {
  const [found] = await world.test.ownerQuery<{ id: string }>(
    'select id from engine.run where child_id = $1 and workflow = $2 order by opened_on desc limit 1',
    [family.child.id, workflow],
  );
  const runId = (runs[workflow] = found?.id ?? '');
  must(await world.engine.record(runId, given(command, on, fields), world.senior, { confirmedBy: second() }));
}

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  world = await CaseWorld.open('2026-08-12');
  app = await PageApp.open(world);
  family = await world.family();
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await world?.close();
});

const path = (run = ''): string => `/cases/${family.child.id}/appeal${run === '' ? '' : `?run=${run}`}`;

/** The page as axe sees it, on a desk and on a telephone without scripts. */
async function look(as: string): Promise<string> {
  for (const [width, javaScriptEnabled] of [
    [1280, true],
    [320, false],
  ] as const) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      baseURL: app.origin,
      javaScriptEnabled,
    });
    await context.addCookies([{ name: 'session', value: await app.cookie(world.caseworker), url: app.origin }]);
    const page = await context.newPage();
    await page.goto(path());
    if (javaScriptEnabled) expect({ as, found: await violations(page) }).toEqual({ as, found: [] });
    else expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.screenshot({ path: join(screens, `${as}-${width}.png`), fullPage: true });
    await context.close();
  }
  return (await app.get(path(), world.caseworker)).text.replace(/\s+/g, ' ');
}

describe('the page of a dispute', () => {
  it('says that there is none, and how one begins', async () => {
    must(
      await world.engine.begin(
        'needs-assessment',
        family.child.id,
        given('receiveRequest', '2025-08-04', { from: 'parent' }),
        world.senior,
        { door: 'record', confirmedBy: second() },
      ),
    );
    const text = await look('appeal-none');
    expect(text).toContain('No dispute is on record');
    expect(text).not.toContain('>Appeal</a>');
  });

  it('shows the family’s own time, and whose days run, before an appeal', async () => {
    await says('needs-assessment', 'issueFinalPlan', '2026-06-10', { reasons: ['Her needs are met at her school.'] });
    await says('needs-assessment', 'recordMediationRequest', '2026-06-22');
    await says('appeal', 'recordHealthIssues', '2026-06-22', { issues: ['Speech and language therapy'] });
    const text = await look('appeal-before');
    expect(text).toContain('10 August 2026');
    expect(text).toContain('The Tribunal still takes an appeal on 1 September 2026');
    expect(text).toContain('1 September 2026 (20 days)');
    expect(text).toContain('Hold the mediation');
    expect(text).toContain('22 July 2026');
    expect(text).toContain('>Appeal</a>');
  });

  it('shows directions, what else was agreed, the order made and sent, and all that happened', async () => {
    await says('appeal', 'recordMediationAgreement', '2026-07-06', {
      agreed: 'other',
      actions: [
        { action: 'visit', what: 'Visit the school with the family' },
        { action: 'notes', what: 'Send the notes of the visit', dueOn: '2026-09-04' },
      ],
    });
    await says('appeal', 'recordAgreedActionDone', '2026-07-22', { action: 'visit' });
    await says('appeal', 'recordMediationCertificate', '2026-07-08');
    await says('needs-assessment', 'recordAppeal', '2026-07-10');
    await says('appeal', 'recordAppealRegistered', '2026-07-13', { reference: 'EH931/26/00042' });
    await says('appeal', 'recordAppealPapers', '2026-07-13');
    await says('appeal', 'recordDirection', '2026-07-27', {
      step: 'working',
      kind: 'working-document',
      what: 'Send the working document to the Tribunal and the family',
      workingDays: 10,
    });
    await says('appeal', 'recordHearingFixed', '2026-07-27', { hearingOn: '2026-11-16' });
    const pending = await look('appeal-pending');
    expect(pending).toContain('Appeal lodged');
    expect(pending).toContain('EH931/26/00042');
    expect(pending).toContain('8 September 2026');
    expect(pending).toContain('Send our response to the Tribunal');
    await says('appeal', 'recordOrder', '2026-08-03', { order: 'amend-plan', sentOn: '2026-08-06' });
    await says('appeal', 'recordRecommendation', '2026-08-03', { body: 'health', what: ['Therapy each week'] });
    const text = await look('appeal-ordered');
    expect(text).toContain('Carrying out the decision of the appeal');
    expect(text).toContain('Our time runs from the day it was made');
    expect(text).toMatch(/After the order: send the amended plan.*?7 September 2026/);
    expect(text).toContain('Answer the Tribunal’s recommendation (health)');
    expect(text).not.toMatch(/undefined|\[object|NaN/);
    for (const words of ['Mediation asked for', 'Appeal lodged', 'Tribunal order made']) expect(text).toContain(words);
    expect(text.indexOf('Mediation asked for')).toBeLessThan(text.indexOf('Tribunal order made'));
  });

  it('offers what was directed and agreed by name where it is recorded', async () => {
    const at = (command: string) =>
      app.get(`/cases/${family.child.id}/record/${command}?run=${runs['appeal']}`, world.caseworker);
    const page = await at('recordAgreedActionDone');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Send the notes of the visit');
    expect((await at('concedeAppeal')).status).toBe(200);
  });

  it('answers an unknown process, another process and a stranger with not found', async () => {
    for (const run of [newId(), 'nonsense', runs['needs-assessment'] ?? '']) {
      const page = await app.get(path(run), world.caseworker);
      expect([page.status, headingOf(page)]).toEqual([404, 'Page not found']);
    }
    expect((await app.get(`/cases/${newId()}/appeal`, world.caseworker)).status).toBe(404);
    expect((await app.get(path(), world.administrator)).status).toBe(404);
  });
});

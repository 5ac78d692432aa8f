import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { projectFolder } from '@send/database';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import { CaseWorld } from '../../../../test/builders/case-with-family';
import { PageApp } from '../../../../test/builders/page-app';

const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');
let world: CaseWorld;
let app: PageApp;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  world = await CaseWorld.open('2026-11-16');
  app = await PageApp.open(world);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await world?.test.close();
});

it('a senior imports, looks, puts a child forward and follows the help; axe finds no fault on any page', async () => {
  const { senior, engine, clock } = world;
  const family = await world.family();
  await world.test.ownerQuery("update case_file.child set upn = 'A000000000011' where id = $1", [family.child.id]);
  await world.test.ownerQuery("update case_file.setting set urn = '200001' where id = $1", [family.settingId]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: app.origin });
  await context.addCookies([{ name: 'session', value: await app.cookie(senior), url: app.origin }]);
  const page = await context.newPage();
  const look = async (name: string) => {
    expect({ name, faults: await violations(page) }).toEqual({ name, faults: [] });
    await page.screenshot({ path: join(screens, `cohort-${name}.png`), fullPage: true });
  };
  const bring = async (kind: string, text: string) => {
    await page.goto('/cohort/import');
    await page.getByLabel(kind, { exact: true }).check();
    await page.getByLabel('Who sent it?').fill('Notices of the schools');
    await page.getByLabel('The first day it speaks for').fill('2026-09-01');
    await page.getByLabel('The file’s text').fill(text);
    await page.getByRole('button', { name: 'Import' }).click();
  };
  const header = 'UPN,SchoolURN,Category,StartDate,Sessions\n';
  await bring('Suspensions and exclusions', `${header}A000000000019,200001,SUSQ,30/02/2026,0`);
  await look('import-faults');
  await bring('Suspensions and exclusions', `${header}A000000000011,200001,SUSP,2026-09-14,4\nA000000000011,200001,SUSP,2026-10-12,4\nA000000000011,200001,SUSP,2026-11-02,10`); // prettier-ignore
  await look('imported');
  await bring('Part-time timetables', 'UPN,SchoolURN,StartDate,HoursPerWeek,Reason\nA000000000011,200001,2026-09-14,12,Returning after illness'); // prettier-ignore
  await page.goto('/cohort/part-time');
  await look('part-time');
  await page.goto('/cohort/candidates');
  await look('candidates');
  await page.getByRole('button', { name: /Put forward/ }).click();
  const runId = page.url().split('/').at(-1) ?? '';
  const tell = async (command: string, fields: object, door: 'act' | 'record' = 'record') => {
    const given = { command, key: `${command}-${Math.random()}`, fields: { on: clock.today(), ...fields } };
    const outcome = await engine[door](runId, given, senior);
    expect({ command, outcome }).toMatchObject({ command, outcome: { done: true } });
  };
  await tell('askConsent', { whom: 'parent', sources: [{ source: 'school' }], offers: ['A mentor'] });
  await tell('recordConsent', { by: 'Mother', until: '2027-07-31' });
  await tell('admit', { reasons: ['Three suspensions this term'] }, 'act');
  await tell('agreeSupportPlan', {
    lead: 'Asha Bello',
    leadRole: 'Family worker',
    criterion: 'family-choice',
    interventions: [{ what: 'Meet a mentor each Tuesday', owner: 'The school', dueOn: '2026-11-24' }],
  });
  await tell('measureOutcome', { readings: [{ domain: 'belonging', reading: 2 }], with: 'Rowan and a mentor' });
  clock.moveTo('2026-11-30');
  await tell('reviewChild', {
    inEducation: true,
    safelyAtHome: true,
    readings: [{ domain: 'belonging', reading: 3 }],
    changed: ['Three full weeks in school'],
  });
  app.forgetSessions();
  await context.addCookies([{ name: 'session', value: await app.cookie(senior), url: app.origin }]);
  for (const [path, name] of [
    [`/cohort/children/${runId}`, 'child'],
    ['/cohort', 'board'],
    ['/cohort/schools', 'schools'],
    ['/cohort/sources', 'sources'],
    ['/cohort/fairness', 'fairness'],
  ] as const) {
    await page.goto(path);
    await look(name);
  }
  expect(await page.locator('h1').innerText()).toBe('Whom the cohort reaches');
}, 120_000);

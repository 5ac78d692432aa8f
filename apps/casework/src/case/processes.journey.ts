import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '@send/database';
import { workflows } from '@send/workflows';
import { type Browser, chromium, type Page } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import { CaseWorld, type Family } from '../../../../test/builders/case-with-family';
import { PageApp } from '../../../../test/builders/page-app';
import { beginProcess, secondSenior } from '../../../../test/builders/process-run';

let world: CaseWorld;
let pages: PageApp;
let browser: Browser;
let family: Family;
const runs = new Map<string, string>();
const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');

beforeAll(async () => {
  world = await CaseWorld.open('2026-11-20');
  pages = await PageApp.open(world);
  family = await world.family(1);
  const second = await secondSenior(world);
  const ids = { setting: family.settingId, adviser: family.advisers.psychology };
  for (const id of ['needs-assessment', 'provision-check', 'annual-review']) {
    const workflow = workflows.find((one) => one.id === id);
    if (workflow === undefined) throw new Error(`${id} is not installed`);
    runs.set(id, await beginProcess(world, workflow, { childId: family.child.id, on: '2026-11-10', ids, second }));
  }
  mkdirSync(screens, { recursive: true });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await world?.close();
});

async function look(page: Page, path: string, name: string): Promise<void> {
  await page.goto(`${pages.origin}${path}`);
  await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
  expect({ name, faults: await violations(page) }).toEqual({ name, faults: [] });
}

it('shows a child with several processes without a fault, wide and narrow, with scripts and without', async () => {
  const at = (tail: string) => `/cases/${family.child.id}${tail}`;
  const list: [string, string][] = [
    [at(''), 'processes-overview'],
    [at('/tasks'), 'processes-tasks'],
    [at('/dates'), 'processes-dates'],
    [at('/activity'), 'processes-activity'],
    [at('/letters'), 'processes-letters'],
    [at('/record'), 'processes-record'],
    [at(`/record/recordAccount?run=${runs.get('provision-check') ?? ''}`), 'processes-record-account'],
    [at('/start'), 'processes-start'],
    ['/cases?owner=all', 'processes-worklist'],
  ];
  for (const width of [1280, 360]) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      javaScriptEnabled: true,
    });
    await context.addCookies([{ name: 'session', value: await pages.cookie(world.senior), url: pages.origin }]);
    const page = await context.newPage();
    for (const [path, name] of list) await look(page, path, width === 1280 ? name : `${name}-narrow`);
    await context.close();
  }
}, 180_000);

it('starts a process and records in it, with scripts off', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies([{ name: 'session', value: await pages.cookie(world.senior), url: pages.origin }]);
  const page = await context.newPage();
  const child = (await world.family(1)).child.id;
  await page.goto(`${pages.origin}/cases/${child}`);
  await page.getByRole('link', { name: 'Start a process' }).click();
  await page.getByRole('link', { name: 'Start the check of a plan' }).click();
  await page.getByLabel('Day').first().fill('2');
  await page.getByLabel('Month').first().fill('11');
  await page.getByLabel('Year').first().fill('2026');
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Check before you record this');
  await page.getByRole('button', { name: 'Confirm and record' }).click();
  await page.getByRole('link', { name: 'Record another event' }).click();
  await page.getByRole('link', { name: 'Record that nobody was reached' }).click();
  await page.getByLabel('The setting').check();
  await page.getByLabel('By phone').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Confirm and record' }).click();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Tried to reach them, without an answer');
  await context.close();
}, 60_000);

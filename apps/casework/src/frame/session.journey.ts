import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let county: SmallCounty;
let pages: PageApp;
let browser: Browser;

beforeAll(async () => {
  county = await smallCounty('2026-04-20');
  pages = await PageApp.open(county.world);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await county?.world.close();
});

async function desk(options: { javaScriptEnabled?: boolean } = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await context.addCookies([
    { name: 'session', value: await pages.cookie(county.world.caseworker), url: pages.origin },
  ]);
  return context;
}

/** The browser's clock and the service's, forward together. */
async function pass(minutes: number, context: BrowserContext): Promise<void> {
  const { clock } = county.world;
  const at = new Date(clock.now().getTime() + minutes * 60_000).toISOString();
  clock.moveTo(at.slice(0, 10), at.slice(11, 19));
  await context.clock.fastForward(minutes * 60_000);
}

async function hasNoFault(page: Page): Promise<void> {
  const { violations } = await page.evaluate<{ violations: { id: string }[] }>(`${axe}; axe.run()`);
  expect(violations.map(({ id }) => id)).toEqual([]);
}

it('warns five minutes before, in every tab; one press or another page keeps the session', async () => {
  const context = await desk();
  await context.clock.install();
  const [first, second] = [await context.newPage(), await context.newPage()];
  for (const page of [first, second]) await page.goto(`${pages.origin}/search`);
  await first.getByLabel('Name, reference or date of birth', { exact: true }).fill('Marigold');
  const warning = (page: Page) => page.getByRole('dialog', { name: 'You will be signed out soon' });
  await pass(24, context);
  expect([await warning(first).count(), await warning(second).count()]).toEqual([0, 0]);
  await pass(2, context);
  await warning(first).waitFor();
  await warning(second).waitFor();
  await hasNoFault(first);
  await first.getByRole('button', { name: 'Stay signed in' }).click();
  await warning(first).waitFor({ state: 'hidden' });
  await warning(second).waitFor({ state: 'hidden' });
  await first.getByText('you will be signed out at 10:56am').waitFor();

  await pass(31, context);
  const over = first.getByRole('dialog', { name: 'You were signed out' });
  await over.waitFor();
  expect(await over.getByRole('button', { name: 'Stay signed in' }).count()).toBe(0);
  await hasNoFault(first);
  await first.keyboard.press('Escape');
  expect(await first.getByLabel('Name, reference or date of birth', { exact: true }).inputValue()).toBe('Marigold');
  await first.locator('main').getByRole('button', { name: 'Search' }).click();
  expect(await first.getByRole('heading', { level: 1 }).textContent()).toBe('You have been signed out');
  expect(await first.getByRole('button', { name: 'Send my answers again' }).count()).toBe(1);
  await hasNoFault(first);
  await context.close();
}, 60_000);

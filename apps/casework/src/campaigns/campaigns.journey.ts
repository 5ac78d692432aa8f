import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginBatch } from '@send/campaign';
import { addChild, addPlanVersion, addSetting, freezePlan } from '@send/case-file';
import { projectFolder } from '@send/database';
import { type Browser, chromium, type Page } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import { CaseWorld } from '../../../../test/builders/case-with-family';
import { PageApp } from '../../../../test/builders/page-app';
import { putYearSix } from '../../../../test/builders/year-six';

const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');

let world: CaseWorld;
let app: PageApp;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  world = await CaseWorld.open('2026-09-14');
  const { school: primary } = await putYearSix(world.test.ownerQuery, 'levelshire', 120, 2027, world.senior.staffId);
  await world.as(world.senior, async (tx) => {
    const settingId = await addSetting(tx, { name: 'Invented Nursery', kind: 'Nursery', phase: 'Early years' });
    const school = await addSetting(tx, {
      name: 'Invented School',
      kind: 'Academy',
      phase: 'Secondary',
      ageFrom: 11,
      ageTo: 16,
    });
    for (const [firstNames, dateOfBirth, where, yearGroup] of [
      ['Ash', '2022-11-01', settingId, null],
      ['Beech', '2011-01-05', school, null],
      ['Cedar', '2015-10-01', primary, 5],
    ] as const) {
      const child = await addChild(tx, {
        firstNames,
        lastName: 'Moving',
        dateOfBirth,
        settingId: where,
        yearGroup,
        from: '2026-09-14',
      });
      const plan = await addPlanVersion(tx, child.id, 'final');
      await freezePlan(tx, plan.id, world.clock.now(), '2025-11-03');
    }
  });
  app = await PageApp.open(world);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.app.close();
  await world?.close();
});

/** With scripts off, as on an old council laptop; axe looks through a page of its own, which may run one. */
async function desk(): Promise<{ page: Page; check: (name: string) => Promise<void> }> {
  const open = async (javaScriptEnabled: boolean) => {
    const context = await browser.newContext({
      javaScriptEnabled,
      viewport: { width: 1280, height: 900 },
      baseURL: app.origin,
    });
    await context.addCookies([{ name: 'session', value: await app.cookie(world.senior), url: app.origin }]);
    return context.newPage();
  };
  const page = await open(false);
  const mirror = await open(true);
  return {
    page,
    check: async (name) => {
      await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
      await mirror.goto(page.url());
      expect(await violations(mirror)).toEqual([]);
      await mirror.setViewportSize({ width: 360, height: 800 });
      expect(await mirror.evaluate('document.documentElement.scrollWidth <= 360')).toBe(true);
      await mirror.setViewportSize({ width: 1280, height: 900 });
    },
  };
}

describe('a manager starts the moves of a September', () => {
  it('without a script, on pages that axe finds nothing wrong with', async () => {
    const { page, check } = await desk();
    await page.goto('/campaigns');
    await check('campaigns');
    await page.getByRole('link', { name: 'See who moves in September 2027' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Who moves in September 2027');
    expect(await page.getByText('Taught out of their year group').count()).toBe(1);
    await check('campaign-preview');
    await page.getByRole('button', { name: 'Start the moves of 122 children' }).click();
    const id = page.url().split('/').at(-1) ?? '';
    await page.goto(`/campaigns/${id}?still=yes`);
    const batch = (number: number) =>
      beginBatch(
        { database: world.test.database, engine: world.engine, clock: world.clock },
        { authority: 'levelshire', campaign: id, batch: number },
      );
    await batch(0);
    await page.getByRole('link', { name: 'Show the newest numbers' }).click();
    expect(await page.getByText('50 of 122').count()).toBe(1);
    await page.getByRole('link', { name: 'Stop that' }).click();
    await check('campaign-half-way');
    await page.getByRole('button', { name: 'Run again' }).click();
    await batch(1);
    await batch(2);
    await page.goto(`/campaigns/${id}`);
    expect(await page.getByText('All 122').count()).toBe(1);
    await check('campaign-started');
    world.clock.moveTo('2026-11-25');
    app.forgetSessions();
    const later = await desk();
    await later.page.goto('/campaigns/risk');
    expect(await later.page.getByText('No review meeting: planned by 22 November 2026').count()).toBe(50);
    await later.check('campaign-risk');
    await later.page.goto('/campaigns/new?year=1999');
    expect(await later.page.getByRole('alert').count()).toBe(1);
    await later.page.screenshot({ path: join(screens, 'campaign-wrong-year.png') });
  }, 120_000);
});

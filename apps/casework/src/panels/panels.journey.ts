import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '@send/access';
import { newId, projectFolder } from '@send/database';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import { PageApp } from '../../../../test/builders/page-app';
import { must, PanelWorld } from '../../../../test/builders/panel-world';

const folder =
  process.env['KEEP_SCREENS'] === 'yes'
    ? join(projectFolder(), 'docs/screens')
    : join(projectFolder(), '.data/screens');

let panel: PanelWorld;
let pages: PageApp;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  panel = await PanelWorld.open('2026-11-04');
  pages = await PageApp.open(panel.world);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await panel?.close();
});

async function desk(actor: Actor): Promise<BrowserContext> {
  // Forms do without scripts; axe is put in from outside.
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  await context.addCookies([{ name: 'session', value: await pages.cookie(actor), url: pages.origin }]);
  return context;
}

it('every page of the panels has no fault that axe finds, and can be looked at', async () => {
  const { world, items, chair, health, head, auditor } = panel;
  const { caseworker, senior } = world;
  const one = await panel.referred('2026-11-02');
  const two = await panel.referred('2026-10-12');
  const three = await panel.referred('2026-10-20');
  const sitting = await panel.sitting('2026-11-18');
  await panel.sitting('2026-12-02');
  for (const { run } of [one, two]) must(await items.list(caseworker, run, { sitting }, newId()));
  must(await items.declare(head, two.run, { conflict: 'own-setting', words: 'A pupil of mine' }));
  await panel.noConflict(one.run, chair, senior);
  await panel.noConflict(two.run, chair);

  const look = async (actor: Actor, named: Readonly<Record<string, string>>): Promise<void> => {
    const context = await desk(actor);
    const page = await context.newPage();
    for (const [name, path] of Object.entries(named)) {
      await page.goto(`${pages.origin}${path}`);
      expect([name, await violations(page)]).toEqual([name, []]);
      await page.screenshot({ path: join(folder, `panels-${name}.png`), fullPage: true });
    }
    await context.close();
  };
  await look(health, {
    mine: '/panels',
    declare: `/panels/items/${one.run}/conflict`,
    closed: `/panels/items/${one.run}`,
  });
  await look(head, { 'sitting-closed': `/panels/sittings/${sitting}` });
  await look(caseworker, {
    sitting: `/panels/sittings/${sitting}`,
    refer: `/panels/refer/${one.family.child.reference}`,
    paper: `/panels/items/${three.run}/paper`,
    pack: `/panels/items/${one.run}`,
  });
  await look(chair, {
    new: '/panels/sittings/new',
    cancel: `/panels/sittings/${sitting}/cancel`,
    attendance: `/panels/sittings/${sitting}/attendance`,
  });
  world.clock.moveTo('2026-11-18', '12:00:00');
  pages.forgetSessions();
  await panel.allPresent(sitting);
  await look(chair, { recommendation: `/panels/items/${one.run}/recommendation` });
  const errors = await (await desk(chair)).newPage();
  await errors.goto(`${pages.origin}/panels/items/${one.run}/recommendation`);
  await errors.getByLabel('Agree', { exact: true }).check();
  await errors.getByLabel('The legal test that was applied').fill('');
  await errors.getByRole('button', { name: 'Record the recommendation' }).click();
  await errors.getByText('There is a problem').waitFor();
  expect(await errors.title()).toMatch(/^Error: /);
  expect(await violations(errors)).toEqual([]);
  await errors.getByRole('link', { name: 'Enter the reasons' }).click();
  expect(await errors.evaluate('document.activeElement.id')).toBe('reasons');
  await errors.screenshot({ path: join(folder, 'panels-recommendation-error.png'), fullPage: true });

  const agree = {
    ...panel.agree,
    dissent: ['The health officer would wait a term.'],
    actions: [{ what: 'Ask for a hearing test', owner: 'Health', dueBy: '2026-12-01' }],
  };
  must(await items.recommend(chair, one.run, agree, newId()));
  must(await items.recommend(chair, two.run, { ...panel.agree, recommendation: 'do-not-agree' }, newId()));
  await panel.report(one.family, 'A report that came later');
  await look(senior, {
    decision: `/panels/items/${one.run}/decision`,
    without: `/panels/items/${three.run}/decision-without-panel`,
  });
  must(
    await items.sign(
      senior,
      one.run,
      { decision: 'agree', legalTest: 'CFA 2014 s 36(8)', reasons: ['Rowan may need a plan.'] },
      newId(),
    ),
  );
  must(await panel.sittings.signMinutes(chair, sitting));
  must(await panel.sittings.addToMinutes(chair, sitting, { words: 'The test is on 2 December.', run: one.run }));
  await look(caseworker, {
    decided: `/panels/items/${one.run}`,
    'family-part': `/panels/sittings/${sitting}/minutes/family/${one.run}`,
  });
  await look(chair, {
    minutes: `/panels/sittings/${sitting}/minutes`,
    'minutes-add': `/panels/sittings/${sitting}/minutes/add`,
  });

  world.clock.moveTo('2027-05-28', '12:00:00');
  pages.forgetSessions();
  const { id } = must(await panel.audits.draw(chair, { kind: PanelWorld.kind, cohort: '2026-11-18', months: '6' }));
  await look(auditor, {
    audit: '/panels/audit',
    draw: '/panels/audit/draw',
    sample: `/panels/audit/${id}`,
    'audited-case': `/panels/audit/${id}/${one.run}`,
    rates: '/panels/rates',
  });
}, 300_000);

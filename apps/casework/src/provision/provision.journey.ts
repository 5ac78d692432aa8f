import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addPlanVersion, freezePlan, plansOf } from '@send/case-file';
import { newId, projectFolder } from '@send/database';
import { jest } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import { done } from '../../../../test/builders/case-with-family';
import { headingOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';

const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');

/** Three pictures of a page, and axe, take their time on a small machine. */
jest.setTimeout(60_000);

let county: SmallCounty;
let app: PageApp;
let browser: Browser;
let page: Page;
let runId: string;
let caseId: string;

const speech = newId();
const nurse = newId();

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  county = await smallCounty('2026-10-12');
  app = await PageApp.open(county.world);
  caseId = county.known.id;
  const { world } = county;
  const version = await world.as(world.caseworker, async (tx) => {
    const part = { howLong: '30 minutes', where: 'At school', starts: '2026-09-14' };
    const made = await addPlanVersion(tx, caseId, 'final', {
      sections: { F: 'Support at school' },
      provision: [
        {
          ...part,
          id: nurse,
          section: 'G',
          what: 'A visit from the school nurse',
          howOften: 'Once a term',
          who: 'The school nurse',
        },
        {
          ...part,
          id: speech,
          section: 'F',
          what: 'Speech and language therapy',
          howOften: 'Once a week',
          who: 'A therapist',
        },
      ],
    });
    await freezePlan(tx, made.id, new Date('2026-09-14T09:00:00Z'), '2026-09-14');
    return made.id;
  });
  const begun = await world.engine.begin(
    'provision-check',
    caseId,
    {
      command: 'startCheckOfPlan',
      key: newId(),
      fields: { on: '2026-09-14', planVersion: version, setting: county.settingId },
    },
    world.caseworker,
    { door: 'record' },
  );
  runId = done(begun).runId;
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: app.origin });
  const url = new URL(app.origin);
  await context.addCookies([
    { name: 'session', value: await app.cookie(world.caseworker), domain: url.hostname, path: '/', httpOnly: true },
  ]);
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await county?.world.close();
});

/** Every page is looked at by axe, fits a narrow screen, and is kept as a picture. */
async function look(as: string): Promise<string> {
  await page.waitForLoadState('load');
  expect({ as, found: await violations(page) }).toEqual({ as, found: [] });
  await page.screenshot({ path: join(screens, `${as}.png`), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect({ as, wide: await page.evaluate(wide) }).toEqual({ as, wide: 0 });
  await page.setViewportSize({ width: 1280, height: 900 });
  return page.locator('main').innerText();
}

const act = (command: string, fields: Record<string, unknown>) => county.world.act(runId, command, fields);

describe('the provision check', () => {
  it('shows every item with nothing said of it yet', async () => {
    await page.goto(`/cases/${caseId}/provision`);
    const text = await look('provision-new');
    expect(text).toContain('No gap is open.');
    expect(text).toContain('F: Speech and language therapy, Once a week');
    expect(text).toContain('by 7 December 2026');
  });

  it('takes an account through the record page, item by item', async () => {
    await page.goto(`/cases/${caseId}/provision?run=${runId}`);
    await page.getByRole('link', { name: 'Record what they said' }).click();
    expect(await look('provision-account')).not.toContain('Add more rows');
    const sent = {
      contact: 'family',
      channel: 'phone',
      attends: 'yes',
      'items.0.delivered': 'in-full',
      'items.1.delivered': 'not',
      'items.1.since-day': '21',
      'items.1.since-month': '9',
      'items.1.since-year': '2026',
    };
    for (const [name, value] of Object.entries(sent)) {
      const select = page.locator(`select[name="${name}"]`);
      const radio = page.locator(`input[type="radio"][name="${name}"][value="${value}"]`);
      if ((await select.count()) > 0) await select.selectOption(value);
      else if ((await radio.count()) > 0) await radio.check();
      else await page.locator(`[name="${name}"]`).fill(value);
    }
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await look('provision-account-check')).toContain('Speech and language therapy');
    await page.getByRole('button', { name: 'Confirm and record' }).click();
    await look('provision-account-done');
    await page.goto(`/cases/${caseId}/provision`);
    const text = await look('provision-one-account');
    expect(text).toContain('Not delivered');
    expect(text).toContain('since 21 September 2026');
  });

  it('keeps both accounts where they differ, gaps first, with who does what by when', async () => {
    await act('recordAccount', {
      contact: 'setting',
      channel: 'email',
      attends: 'yes',
      items: [
        { item: speech, delivered: 'in-full' },
        { item: nurse, delivered: 'in-full' },
      ],
    });
    await act('agreeGapAction', {
      item: speech,
      action: 'Find a therapist from another service',
      owner: 'Therapy lead',
      dueOn: '2026-11-16',
      provider: 'authority',
    });
    await page.goto(`/cases/${caseId}/provision`);
    const text = await look('provision-gap');
    expect(text).toContain('They differ. Both are kept.');
    expect(text).toContain('Therapy lead, by 16 November 2026');
    expect(text.indexOf('Speech and language therapy')).toBeLessThan(text.indexOf('A visit from the school nurse'));
    await page.getByRole('link', { name: /Close it on evidence/ }).click();
    expect(await look('provision-close')).toContain('F: Speech and language therapy');
  });

  it('shows a closed gap with its evidence, and nothing as open', async () => {
    await act('closeGap', { item: speech, contact: 'family', evidence: 'Her mother has seen two sessions' });
    await page.goto(`/cases/${caseId}/provision`);
    const text = await look('provision-closed');
    expect(text).toContain('No gap is open.');
    expect(text).toContain('Her mother has seen two sessions');
  });

  it('is called by its words on the pages of dates and of what happened, never by a number of ours', async () => {
    for (const tab of ['dates', 'activity', 'tasks', '']) {
      await page.goto(`/cases/${caseId}/${tab}`);
      const text = await look(`provision-${tab || 'overview'}`);
      expect({ tab, ids: text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[^ ]+/g) }).toEqual({ tab, ids: null });
    }
    await page.goto(`/cases/${caseId}/activity`);
    expect(await page.locator('main').innerText()).toContain('Speech and language therapy');
  });

  it('is found by its own address alone, and by nobody of another authority', async () => {
    const { caseworker } = county.world;
    for (const path of ['?run=x', `?run=${newId()}`]) {
      const answer = await app.get(`/cases/${caseId}/provision${path}`, caseworker);
      expect([answer.status, headingOf(answer)]).toEqual([404, 'Page not found']);
    }
    expect((await app.get(`/cases/${caseId}/provision?run=${runId}`, county.stranger)).status).toBe(404);
  });
});

describe('the plan as items', () => {
  const version = async () => {
    const [newest] = await county.world.as(county.world.caseworker, (tx) => plansOf(tx, caseId));
    return newest;
  };

  it('is written with needs, outcomes and the provision that serves them', async () => {
    await page.goto(`/cases/${caseId}/plan`);
    await page.getByRole('button', { name: 'Begin a new version' }).click();
    await page.locator('[name="needs-B"]').fill('Speaks in single words\nFinds it hard to follow two instructions');
    await page.locator('[name="outcomes"]').fill('Asks for help in a sentence | the end of Year 2');
    await page.locator('[name="item-1-howOften"]').fill('Every two weeks');
    await page.locator('[name="item-1-type"]').fill('Therapy');
    await page.locator('[name="item-1-needs"]').fill('b1, B2');
    await page.locator('[name="item-1-outcomes"]').fill('E1');
    await look('plan-items');
    await page.getByRole('button', { name: 'Save' }).click();
    const text = await look('plan-links');
    expect(text).toContain('No need is given for this provision: A visit from the school nurse');
    const saved = await version();
    expect(saved?.provision.find(({ id }) => id === speech)).toMatchObject({
      howOften: 'Every two weeks',
      type: 'Therapy',
      needs: saved?.needs.map(({ id }) => id),
      outcomes: saved?.outcomes.map(({ id }) => id),
    });
    expect(saved?.outcomes[0]).toMatchObject({ byWhen: 'the end of Year 2' });
  });

  it('shows what differs from the version before it, field by field', async () => {
    await page.getByText('What differs from version 1').click();
    const text = await look('plan-changes');
    expect(text).toContain('Section F or I has changed');
    expect(text).toMatch(/How often\s+Once a week\s+Every two weeks/);
    expect(text).toContain('Added: B: Speaks in single words');
  });

  it('keeps ids where words stay, and says what is wrong beside its field, with nothing saved', async () => {
    const before = await version();
    const { caseworker } = county.world;
    const here = `/cases/${caseId}/plan/${before?.id}`;
    const sent = {
      version: String(before?.version),
      'needs-B': 'Speaks in single words',
      outcomes: 'x'.repeat(1001),
      'item-0-id': speech,
      'item-0-what': '',
      'item-0-who': 'A therapist',
      'item-0-needs': 'B9',
      'item-0-outcomes': 'B1',
      'item-0-starts-day': '31',
      'item-0-starts-month': '2',
      'item-0-starts-year': '2027',
    };
    const refused = await app.post(here, caseworker, sent);
    expect(refused.status).toBe(422);
    for (const message of [
      'Each outcome must be 1,000 characters or fewer',
      'B9 in item 1 is not one of the needs above',
      'B1 in item 1 is not one of the outcomes above',
      'The day item 1 starts must be a real date',
      'Enter what is provided in item 1',
    ])
      expect(refused.text).toContain(message);
    expect(refused.text).toContain('value="B9"');
    expect(await version()).toEqual(before);
    await app.post(here, caseworker, { version: String(before?.version), 'needs-B': 'Speaks in single words' });
    expect((await version())?.needs).toEqual(before?.needs.slice(0, 1));
  });

  it('takes a plan of eighty items whole', async () => {
    const before = await version();
    const many: Record<string, string> = { version: String(before?.version) };
    for (let item = 0; item < 80; item += 1)
      for (const part of [
        'id',
        'section',
        'type',
        'what',
        'howOften',
        'howLong',
        'who',
        'where',
        'starts-day',
        'starts-month',
        'starts-year',
        'needs',
        'outcomes',
      ])
        many[`item-${item}-${part}`] = part === 'what' ? `Support ${item}` : part === 'section' ? 'F' : '';
    const saved = await app.post(`/cases/${caseId}/plan/${before?.id}`, county.world.caseworker, many);
    expect(saved.status).toBe(303);
    expect((await version())?.provision).toHaveLength(80);
  });
});

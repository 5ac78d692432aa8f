import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '@send/access';
import { projectFolder } from '@send/database';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { violations } from '../../../test/builders/axe';
import { PageApp } from '../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../test/builders/small-county';

/** The pictures in docs/screens are taken anew only when asked for: a test run leaves the tree as it was. */
const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');
const phone = { width: 390, height: 844 };
const desk = { width: 1280, height: 900 };

let county: SmallCounty;
let app: PageApp;
let browser: Browser;
/** Where axe can run on a page that itself runs no scripts. */
let mirror: Page;
const seen = new Set<string>();

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  county = await smallCounty('2026-06-01');
  app = await PageApp.open(county.world);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  mirror = await (await browser.newContext({ baseURL: app.origin, viewport: phone })).newPage();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await county?.world.close();
});

/** One browser of one person: every state that is met for the first time is looked at by axe and kept as a picture. */
class Seat {
  private constructor(
    readonly page: Page,
    private readonly scripts: boolean,
  ) {}

  static async of({ scripts, as }: { scripts: boolean; as?: Actor }): Promise<Seat> {
    const context: BrowserContext = await browser.newContext({
      javaScriptEnabled: scripts,
      viewport: as === undefined ? phone : desk,
      baseURL: app.origin,
    });
    if (as !== undefined) {
      const url = new URL(app.origin);
      await context.addCookies([
        { name: 'session', value: await app.cookie(as), domain: url.hostname, path: '/', httpOnly: true },
      ]);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return new Seat(page, scripts);
  }

  async go(path: string, as: string): Promise<void> {
    await this.page.goto(path);
    await this.look(as);
  }

  async fill(fields: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      const select = this.page.locator(`select[name="${name}"]`);
      const radio = this.page.locator(`input[type="radio"][name="${name}"][value="${value.replace(/[^\w -]/g, '')}"]`);
      if ((await select.count()) > 0) await select.selectOption(value);
      else if ((await radio.count()) > 0) await radio.check();
      else await this.page.locator(`[name="${name}"]`).first().fill(value);
    }
  }

  async press(button: string, as: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).first().click();
    await this.look(as);
  }

  async follow(link: string | RegExp, as: string): Promise<void> {
    await this.page.getByRole('link', { name: link }).first().click();
    await this.look(as);
  }

  heading(): Promise<string> {
    return this.page.locator('h1').innerText();
  }

  main(): Promise<string> {
    return this.page.locator('main').innerText();
  }

  async look(as: string): Promise<void> {
    await this.page.waitForLoadState('load');
    expect(await this.page.locator('h1').count()).toBe(1);
    const name = `${as}${this.scripts ? '' : '-no-scripts'}`;
    if (seen.has(name)) return;
    seen.add(name);
    if (!this.scripts) {
      await mirror.goto('/ask-for-an-assessment');
      await mirror.setContent(await this.page.content());
    }
    expect({ as, found: await violations(this.scripts ? this.page : mirror) }).toEqual({ as, found: [] });
    // Nothing sticks out at the side of a narrow screen.
    const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    if (this.scripts) expect({ as, wide: await this.page.evaluate(wide) }).toEqual({ as, wide: 0 });
    if (this.scripts) await this.page.screenshot({ path: join(screens, `${as}.png`), fullPage: true });
  }
}

const answers = {
  child: {
    firstNames: 'Clover',
    lastName: 'Inventedparent',
    'born-day': '4',
    'born-month': 'May',
    'born-year': '2018',
  },
  home: {
    'home-line1': '77 Hidden Hollow',
    'home-town': 'Levelham',
    'home-postcode': 'LV4 1AB',
    protect: 'yes',
    notToBeTold: 'Her father',
  },
  setting: { setting: 'Invented Meadow Primary School' },
  you: {
    'you-firstNames': 'Fern',
    'you-lastName': 'Inventedparent',
    relationship: 'parent',
    responsibility: 'yes',
    together: 'yes',
  },
  reach: { channel: 'phone', phone: '01632 960 777' },
  worries: {
    worries: 'She cannot read yet, and hides under the table when she has to.\nSchool says that she is lazy.',
  },
} as const;

/** From the page where a council is chosen to the reference. */
async function ask(seat: Seat): Promise<string> {
  await seat.go('/ask-for-an-assessment', 'ask-councils');
  await seat.follow('Levelshire County Council', 'ask-start');
  await seat.press('Start now', 'ask-who');
  await seat.press('Continue', 'ask-who-error');
  expect(await seat.page.title()).toMatch(/^Error: Who is asking\?/);
  await seat.fill({ who: 'parent' });
  await seat.press('Continue', 'ask-child');
  await seat.fill({ ...answers.child, 'born-day': '31', 'born-month': '2' });
  await seat.press('Continue', 'ask-child-error');
  // What was typed is still there.
  expect(await seat.page.locator('[name="firstNames"]').inputValue()).toBe('Clover');
  for (const [step, fields] of Object.entries(answers)) {
    expect(new URL(seat.page.url()).pathname).toMatch(new RegExp(`/${step}$`));
    await seat.fill(fields);
    const next = Object.keys(answers)[Object.keys(answers).indexOf(step) + 1] ?? 'check';
    await seat.press('Continue', `ask-${next}`);
  }
  expect(await seat.heading()).toBe('Check your answers');
  await seat.page.getByRole('link', { name: /^Change Phone/ }).click();
  await seat.fill({ email: 'fern@invented.example' });
  await seat.press('Continue', 'ask-check');
  expect(await seat.main()).toContain('fern@invented.example');
  await seat.press('Send the request', 'ask-sent');
  expect(await seat.heading()).toBe('We have your request');
  await seat.page.reload();
  expect(await seat.heading()).toBe('We have your request');
  return /ASK-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await seat.main())?.[0] ?? '';
}

describe('a request without an account', () => {
  it('is sent from a phone, with scripts and without, and opened at a desk as of the day it was sent', async () => {
    const withScripts = await ask(await Seat.of({ scripts: true }));
    const family = await Seat.of({ scripts: false });
    const reference = await ask(family);
    expect(reference).not.toBe(withScripts);
    await family.go('/levelshire/ask-for-an-assessment/about', 'ask-about');

    county.world.clock.moveTo('2026-06-09');
    app.forgetSessions();
    const dana = await Seat.of({ scripts: true, as: county.world.caseworker });
    await dana.go('/', 'today-online');
    await dana.follow(reference, 'online-request');
    expect(await dana.main()).not.toMatch(/Hidden Hollow/);
    await dana.follow('See the address that is not to be shared', 'online-address');
    await dana.page.goBack();
    await dana.press('Open this request', 'online-open-child');
    await dana.press('Continue', 'online-open-people');
    expect(await dana.heading()).toBe('The request and the people around the child');
    await dana.fill({ 'p1-second': county.world.senior.staffId, setting: county.settingId });
    await dana.press('Continue', 'online-open-check');
    expect(await dana.main()).toContain('1 June 2026');
    await dana.press('Enter this request', 'online-open-done');
    expect(await dana.main()).toContain('waits for a second person');
    const sam = await Seat.of({ scripts: true, as: county.world.senior });
    for (const left of [2, 1]) {
      await sam.go('/approvals', `approvals-people-${left}`);
      expect(await sam.page.locator('h2#people + table tbody tr').count()).toBe(left);
      await sam.page.locator('h2#people + table tbody th a').first().click();
      await sam.look('online-person-to-confirm');
      await sam.press('Confirm', 'online-person-confirmed');
    }
    const [due] = await county.world.test.ownerQuery<{ due: string }>(
      "select due_by::text as due from engine.deadline where duty = 'assessment.decide-whether-to-assess' order by run_id desc limit 1",
    );
    expect(due?.due).toBe('2026-07-13');
    await dana.go('/online-requests', 'online-list');
    await dana.follow(withScripts, 'online-request');
    await dana.follow('Close it without opening', 'online-close');
    await dana.press('Close this request', 'online-close-error');
    await dana.fill({ outcome: 'not-a-request', why: 'Read twice: it is a letter to the newspaper.' });
    await dana.press('Close this request', 'online-close-waits');
    expect(await dana.main()).toContain('It waits for a second person');
    await dana.follow('See why', 'online-closing-own');
    await dana.go('/online-requests', 'online-list-closing');
    expect(await dana.main()).toContain('Waiting to be closed');
    await sam.go('/approvals', 'approvals-online');
    await sam.follow(withScripts, 'online-closing');
    await sam.press('Give it back', 'online-closing-error');
    await sam.press('Confirm and close', 'online-closed');
    expect(await sam.main()).toContain('Closed: not a request for an assessment by Sam Okafor');
    await dana.go('/', 'today-tell-sender');
    expect(await dana.main()).toContain('Tell whoever sent it');
    process.stdout.write(`axe: 0 violations on ${seen.size} pages and states of online requests\n`);
  }, 240_000);

  it('shows plain pages where the form cannot go on', async () => {
    const seat = await Seat.of({ scripts: true });
    await seat.go('/nowhere/ask-for-an-assessment', 'ask-not-found');
    await seat.go('/levelshire/ask-for-an-assessment/check', 'ask-ended');
    await seat.go('/levelshire/ask-for-an-assessment/questions/who', 'ask-who');
    await seat.fill({ who: 'young-person' });
    await seat.press('Continue', 'ask-child-young');
    await seat.fill({ ...answers.child, 'born-year': '2012' });
    await seat.press('Continue', 'ask-child-too-young');
    await seat.page.context().clearCookies();
    await seat.press('Continue', 'ask-lost-cookie');
    expect(await seat.heading()).toBe('We could not take that page');
    await seat.go('/levelshire/ask-for-an-assessment/questions/who', 'ask-who');
    await seat.fill({ who: 'school' });
    await seat.press('Continue', 'ask-child-school');
    await seat.press('Delete my answers and leave', 'ask-deleted');
    expect(await seat.heading()).toBe('Your answers are deleted');
  }, 60_000);
});

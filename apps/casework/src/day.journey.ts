import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Sessions } from '@send/access';
import { HandOver } from '@send/correspondence';
import { dataFolder, projectFolder } from '@send/database';
import { Typesetter } from '@send/letters';
import { type Browser, chromium, type Page } from 'playwright-core';
import { violations } from '../../../test/builders/axe';
import { PageApp, testSecret } from '../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../test/builders/small-county';
import { signInStandIn } from '../../stand-ins/src/sign-in-stand-in';
import { OutboxWork } from '../../worker/src/outbox-work';
import { Sweep } from '../../worker/src/sweep';

/** The pictures in docs/screens are taken anew only when asked for: a test run leaves the tree as it was. */
const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');

let county: SmallCounty;
let app: PageApp;
/** By the name that the sign-in sends people back to: a cookie belongs to that name. */
let home: string;
let standIn: Server;
let browser: Browser;
let sweep: Sweep;
let typesetter: Typesetter;
let dropFolder: string;
/** Pages and states that axe has seen. */
const seen = new Set<string>();

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  county = await smallCounty('2026-04-20');
  const { database } = county.world.test;
  // Each must know the other's address before either answers.
  const [port, standInPort] = [await freePort(), await freePort()];
  home = `http://localhost:${port}`;
  app = await PageApp.open(county.world, port, `http://localhost:${standInPort}`, { signIn: 100 });
  standIn = createServer(
    signInStandIn({
      sessions: new Sessions(database),
      secret: testSecret,
      backTo: home,
      today: () => county.world.clock.today(),
    }),
  );
  await new Promise<void>((resolve) => standIn.listen(standInPort, 'localhost', resolve));
  typesetter = new Typesetter({ inProcess: true });
  mkdirSync(dataFolder(), { recursive: true });
  dropFolder = mkdtempSync(join(dataFolder(), 'drop-of-journey-'));
  const { engine, desk, clock } = county.world;
  const handOver = new HandOver({ desk, engine, typesetter, dropFolder });
  sweep = new Sweep({
    database,
    clock,
    leaseSeconds: 60,
    atOnce: 2,
    work: new OutboxWork({ database, engine, clock, handOver, leaseSeconds: 60 }),
  });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await typesetter?.close();
  standIn?.close();
  await app?.close();
  await county?.world.close();
  rmSync(dropFolder, { recursive: true, force: true });
});

/** One person at one desk; with `scripts: false` their browser runs none. */
class Desk {
  private constructor(
    readonly page: Page,
    private readonly name: string,
    private readonly scripts: boolean,
  ) {}

  static async of(name: string, scripts = true): Promise<Desk> {
    const context = await browser.newContext({
      javaScriptEnabled: scripts,
      viewport: { width: 1280, height: 900 },
      baseURL: home,
    });
    const desk = new Desk(await context.newPage(), name, scripts);
    desk.page.setDefaultTimeout(15_000);
    await desk.signIn();
    return desk;
  }

  async signIn(): Promise<void> {
    await this.page.context().clearCookies();
    await this.page.goto('/sign-in');
    await this.look('sign-in');
    await this.page.getByLabel(this.name, { exact: true }).check();
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.look(`today-${this.name.split(' ')[0]?.toLowerCase()}`);
    expect(await this.heading()).toMatch(/^Today|System health/);
  }

  heading(): Promise<string> {
    return this.page.locator('h1').innerText();
  }

  async go(path: string, as: string): Promise<void> {
    await this.page.goto(path);
    await this.look(as);
  }

  /** By the names of the fields: radios and selects by value, everything else typed. */
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

  /** Asks, answers, checks, confirms. */
  async record(caseId: string, command: string, fields: Record<string, string>, as = command): Promise<void> {
    await this.go(`/cases/${caseId}/record/${command}`, `record-${as}-question`);
    await this.fill(fields);
    await this.press('Continue', `record-${as}-check`);
    expect(await this.heading()).toMatch(/^Check before you/);
    const confirm = this.page.getByRole('button', { name: /Confirm and record|Send for confirmation/ });
    await confirm.click();
    await this.look(`record-${as}-done`);
  }

  /** The first time a state is met: its picture, axe over it, and the same address again without scripts. */
  async look(as: string): Promise<void> {
    await this.page.waitForLoadState('load');
    const first = !seen.has(as);
    seen.add(as);
    const found = await violations(this.scripts ? this.page : await asScripted(this.page));
    expect({ as, found }).toEqual({ as, found: [] });
    expect(await this.page.locator('h1').count()).toBe(1);
    if (!first) return;
    await this.page.screenshot({ path: join(screens, `${as}.png`), fullPage: true });
    await this.again();
  }

  private async again(): Promise<void> {
    const url = this.page.url();
    const cookies = await this.page.context().cookies();
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
    try {
      await context.addCookies(cookies);
      const page = await context.newPage();
      const answer = await page.goto(url);
      // A page that answered a form has no address of its own: its plain one may not be there.
      if (answer === null || answer.status() === 404) return;
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('main').isVisible()).toBe(true);
    } finally {
      await context.close();
    }
  }
}

let mirror: Page | undefined;

/** The same document where axe can run: the browser that met it runs no scripts, not even ours. */
async function asScripted(page: Page): Promise<Page> {
  mirror ??= await (await browser.newContext({ baseURL: home, viewport: { width: 1280, height: 900 } })).newPage();
  await mirror.goto('/help');
  await mirror.setContent(await page.content());
  return mirror;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const on = (day: string, at = 'on'): Record<string, string> => {
  const [year = '', month = '', date = ''] = day.split('-');
  return { [`${at}-day`]: String(Number(date)), [`${at}-month`]: String(Number(month)), [`${at}-year`]: year };
};

/** Letters leave; time passes, and what falls due by then is done; everybody signs in again. */
async function later(day: string, ...desks: Desk[]): Promise<void> {
  const { clock, test } = county.world;
  const drain = async () => {
    // The database's own clock is not that of the story: what it put off until its now has waited long enough.
    await test.ownerQuery("update engine.outbox set available_at = $1 where status = 'waiting'", [clock.now()]);
    await sweep.drain();
  };
  await drain();
  clock.moveTo(day);
  await drain();
  for (const desk of desks) await desk.signIn();
}

async function approveAll(desk: Desk, as: string): Promise<void> {
  for (let letters = 0; letters < 6; letters += 1) {
    await desk.go('/approvals', `approvals-${as}`);
    const next = desk.page.locator('h2#letters + table tbody tr th a').first();
    if ((await next.count()) === 0) return;
    await next.click();
    await desk.look(`letter-${as}`);
    const approve = desk.page.getByRole('button', { name: 'Approve this letter' });
    await approve.click();
    await desk.look(`letter-${as}-approved`);
  }
}

describe('a day of casework', () => {
  it('takes a request to a final plan through the pages', async () => {
    const dana = await Desk.of('Dana Whitlock');
    const sam = await Desk.of('Sam Okafor');
    const { clock } = county.world;

    await dana.go('/requests', 'request-child');
    await dana.press('Continue', 'request-child-errors');
    expect(await dana.page.title()).toMatch(/^Error: /);
    await dana.fill({
      firstNames: 'Juniper',
      lastName: 'Made-Up',
      'born-day': '12',
      'born-month': 'March',
      'born-year': '2017',
      postcode: 'LV3 4AB',
    });
    await dana.press('Continue', 'request-people');
    await dana.fill({
      ...on('2026-04-20'),
      from: 'parent',
      how: 'post',
      setting: county.settingId,
      'p1-title': 'Ms',
      'p1-firstNames': 'Wren',
      'p1-lastName': 'Made-Up',
      'p1-relationship': 'parent',
      'p1-responsibility': 'yes',
      'p1-second': county.world.senior.staffId,
      'p1-line1': '7 Orchard Way',
      'p1-town': 'Levelham',
      'p1-postcode': 'LV3 4AB',
    });
    await dana.press('Continue', 'request-check');
    await dana.press('Enter this request', 'request-done');
    expect(await dana.heading()).toBe('Request received');
    expect(await dana.page.locator('main').innerText()).toContain(
      'Ms Wren Made-Up waits for a second person. The letter that we have the request is written as soon as they confirm.',
    );
    await dana.page.getByRole('link', { name: 'Go to the case' }).click();
    await dana.look('case-overview');
    const caseId = /cases\/([0-9a-f-]{36})/.exec(dana.page.url())?.[1] ?? '';
    for (const tab of ['tasks', 'dates', 'advice', 'consultations', 'plan', 'letters', 'people', 'activity'])
      await dana.go(`/cases/${caseId}/${tab}`, `case-${tab}-new`);
    const [early] = await county.world.test.ownerQuery<{ letters: number }>(
      "select count(*)::int as letters from letters.letter where child_id = $1 and recipient like 'person:%'",
      [caseId],
    );
    expect(early?.letters).toBe(0);
    await sam.go('/', 'today-asked-to-confirm');
    expect(await sam.page.locator('main').innerText()).toContain('Confirm, as the second person');
    await sam.go('/approvals', 'approvals-person');
    await sam.page.locator('h2#people + table tbody th a').first().click();
    await sam.look('person-to-confirm');
    await sam.press('Confirm', 'person-confirmed');
    await dana.go(`/cases/${caseId}/letters`, 'case-letters-written');
    expect(await dana.page.locator('main').innerText()).toContain('Wren Made-Up');

    await dana.go(`/cases/${caseId}/record`, 'record-choose');
    await dana.record(caseId, 'tellFamilyConsidering', on(clock.today()));
    await dana.go(`/cases/${caseId}/record/askForAdvice`, 'record-askForAdvice-early');

    await later('2026-05-18', dana, sam);
    await dana.go('/cases', 'worklist-caseworker');
    await sam.go('/cases', 'worklist-senior');
    // A caseworker does not sign the decision; a senior does.
    await dana.go(`/cases/${caseId}/record/decideToAssess`, 'record-not-yours');
    await sam.record(caseId, 'decideToAssess', {
      ...on('2026-05-18'),
      reasons: 'Juniper has had help at school for two years and is still far behind.',
    });
    await later('2026-05-19', dana, sam);

    await dana.record(caseId, 'askForAdvice', {
      ...on('2026-05-19'),
      'ask-education': county.settingId,
      'ask-health': county.advisers['health-professional'] ?? '',
      'ask-psychology': county.advisers['educational-psychology'] ?? '',
      'ask-social-care': county.advisers['social-care'] ?? '',
    });
    await later('2026-06-24', dana, sam);
    await dana.go(`/cases/${caseId}/advice`, 'case-advice-asked');
    await dana.page
      .getByRole('link', { name: /^Chase/ })
      .first()
      .click();
    await dana.look('record-chase-question');
    await dana.press('Continue', 'record-chase-check');
    await dana.press('Confirm and record', 'record-chase-done');

    // An exception: proposed by the caseworker, confirmed by a senior, never by the same person.
    await dana.record(
      caseId,
      'relyOnException',
      {
        ...on('2026-06-24'),
        ground: 'awayFromArea',
        ...on('2026-05-20', 'from'),
        ...on('2026-06-20', 'to'),
        reason: 'The family was abroad, as their tickets show.',
      },
      'exception',
    );
    expect(await dana.heading()).toBe('This waits for a second person');
    await sam.go('/', 'today-with-decision');
    await sam.page.getByRole('link', { name: 'Decisions waiting for you' }).click();
    await sam.look('approvals-decision');
    await sam.page.locator('h2#decisions + table tbody th a').first().click();
    await sam.look('proposal-confirm');
    await sam.press('Give it back', 'proposal-return-error');
    await sam.press('Confirm', 'proposal-confirmed');
    expect(await sam.heading()).toBe('Exception relied on');
    await dana.go(`/cases/${caseId}/dates`, 'case-dates-exception');

    for (let advice = 0; advice < 4; advice += 1) {
      await dana.go(`/cases/${caseId}/advice`, 'case-advice-coming');
      await dana.page
        .getByRole('link', { name: /^Record advice/ })
        .first()
        .click();
      await dana.look('record-advice-question');
      await dana.fill({
        need: 'Reading and writing are far below those of the same age.',
        provision: 'A teacher with special training, three hours a week.',
        outcomes: 'To read a page on her own by next summer.',
      });
      await dana.press('Continue', 'record-advice-check');
      await dana.press('Confirm and record', 'record-advice-done');
    }
    await dana.go(`/cases/${caseId}/tasks`, 'case-tasks');

    await later('2026-06-29', dana, sam);
    await sam.record(caseId, 'decideToIssue', {
      ...on('2026-06-29'),
      reasons: 'The advice agrees that school alone cannot give what Juniper needs.',
    });
    await later('2026-06-30', dana, sam);
    await dana.go(`/cases/${caseId}/plan`, 'case-plan');
    await dana.press('Begin a draft plan', 'plan-edit');
    await dana.fill({
      'section-A': 'Juniper likes trains and wants to read about them.',
      'section-B': 'She finds reading and writing hard.',
      'section-E': 'She reads a page on her own by next summer.',
      'section-F': 'Teaching by a specialist.',
      'item-0-what': 'Teaching by a specialist teacher',
      'item-0-howOften': 'Three hours each week',
      'item-0-howLong': 'One year',
      'item-0-who': 'A specialist teacher',
      'item-0-where': 'At school',
    });
    await dana.press('Save', 'case-plan-written');
    await dana.go(`/cases/${caseId}/record/sendDraftPlan`, 'record-sendDraftPlan-question');
    const version = dana.page.locator('input[name="planVersion"]').first();
    if ((await version.count()) > 0) await version.check();
    await dana.press('Continue', 'record-sendDraftPlan-check');
    await dana.press('Confirm and record', 'record-sendDraftPlan-done');
    await later('2026-07-06', dana, sam);

    // The family's fifteen days are theirs.
    await sam.go(`/cases/${caseId}/record/namePlacement`, 'record-namePlacement-question');
    await sam.fill({
      setting: county.settingId,
      type: 'A mainstream primary school',
      reasons: 'The school can meet the needs with the provision in section F.',
    });
    await sam.press('Continue', 'refused-not-yet');
    expect(await sam.heading()).toBe('You cannot do this yet');
    await sam.press('Go back to your answers', 'record-namePlacement-kept');
    expect(await sam.page.locator('[name="type"]').inputValue()).toBe('A mainstream primary school');

    await dana.record(caseId, 'consultSetting', { ...on('2026-07-06'), setting: county.settingId });
    await later('2026-07-14', dana, sam);
    await dana.go(`/cases/${caseId}/consultations`, 'case-consultations');
    await dana.page
      .getByRole('link', { name: /^Record answer/ })
      .first()
      .click();
    await dana.look('record-answer-question');
    await dana.fill({ answer: 'yes' });
    await dana.press('Continue', 'record-answer-check');
    await dana.press('Confirm and record', 'record-answer-done');
    await later('2026-07-20', dana, sam);
    await sam.record(
      caseId,
      'namePlacement',
      {
        ...on('2026-07-20'),
        setting: county.settingId,
        type: 'A mainstream primary school',
        reasons: 'The school can meet the needs with the provision in section F.',
      },
      'placement',
    );

    await dana.go(`/cases/${caseId}/record/issueFinalPlan`, 'record-issueFinalPlan-question');
    const final = dana.page.locator('input[name="planVersion"]').first();
    if ((await final.count()) > 0) await final.check();
    await dana.fill({ reasons: 'The plan names the school that the family asked for.' });
    await dana.press('Continue', 'record-issueFinalPlan-check');
    await dana.press('Send for confirmation', 'record-issueFinalPlan-waits');
    await sam.go('/approvals', 'approvals-final');
    await sam.page.locator('h2#decisions + table tbody th a').first().click();
    await sam.look('proposal-final');
    await sam.press('Confirm', 'proposal-final-confirmed');
    expect(await sam.heading()).toBe('Final plan issued');
    await approveAll(sam, 'final-plan');
    await later('2026-07-21', dana, sam);

    await dana.go(`/cases/${caseId}`, 'case-overview-issued');
    // The plan has begun what the law and the council ask next; the assessment itself is over.
    const stages = await dana.page.locator('.app-identity').innerText();
    expect(stages).toContain('Provision check: Asking family and setting');
    expect(stages).toContain('Review: Review to be arranged');
    expect(await dana.page.getByText('Assessment: Final plan issued').count()).toBe(1);
    await dana.go(`/cases/${caseId}/letters`, 'case-letters-sent');
    expect(await dana.page.getByText('To approve').count()).toBe(0);
    await dana.page.locator('tbody th a').first().click();
    await dana.look('letter-sent');
    for (const tab of ['dates', 'activity', 'tasks', 'people', 'plan'])
      await dana.go(`/cases/${caseId}/${tab}`, `case-${tab}-issued`);
    const [finalLetter] = await county.world.test.ownerQuery<{ sent: number }>(
      "select count(*)::int as sent from letters.letter where child_id = $1 and letter = 'plan.final' and status = 'sent'",
      [caseId],
    );
    expect(finalLetter?.sent).toBe(1);
  }, 600_000);

  it('refuses with reasons, and nobody approves their own letter, all of it without scripts', async () => {
    const caseId = county.known.id;
    await county.world.request({
      child: county.known,
      settingId: county.settingId,
      parents: [],
      advisers: { health: '', social: '', psychology: '' },
    });
    const noor = await Desk.of('Noor Adeyemi', false);
    await noor.go(`/cases/${caseId}`, 'case-overview-attention');
    await noor.go(`/cases/${caseId}/record/decideNotToAssess`, 'record-refuse-question');
    await noor.press('Continue', 'record-refuse-errors');
    await noor.fill({
      ...on(county.world.clock.today()),
      reasons:
        'Marigold makes good progress with the help she has.\n\nHer school says that it can give what she needs.',
      'evidence.0.title': 'School report',
      'evidence.0.author': 'Her class teacher',
      ...on('2026-03-02', 'evidence.0.date'),
    });
    await noor.press('Continue', 'record-refuse-check');
    await noor.press('Confirm and record', 'record-refuse-done');
    await noor.go(`/cases/${caseId}/letters`, 'case-letters-to-approve');
    await noor.page.locator('tbody th a').first().click();
    await noor.look('letter-own');
    await noor.press('Approve this letter', 'letter-own-refused');
    expect(await noor.heading()).toBe('You cannot do this');

    const sam = await Desk.of('Sam Okafor', false);
    await approveAll(sam, 'refusal');
    await later('2026-07-22', sam);
    await sam.go(`/cases/${caseId}/letters`, 'case-letters-refusal-sent');
    const [refusal] = await county.world.test.ownerQuery<{ sent: number }>(
      "select count(*)::int as sent from letters.letter where child_id = $1 and letter = 'assessment.refuse' and status = 'sent'",
      [caseId],
    );
    expect(refusal?.sent).toBe(1);

    await sam.go(`/cases/${caseId}/people`, 'case-people-protected');
    await sam.page.getByRole('link', { name: /See it/ }).click();
    await sam.look('address-reason');
    await sam.press('See the address', 'address-reason-error');
    await sam.fill({ reason: 'To check the address with him on the phone.' });
    await sam.press('See the address', 'address-shown');
    expect(await sam.page.locator('main').innerText()).toContain('1 Quiet Row');
  }, 300_000);

  it('shows each of the other pages', async () => {
    const dana = await Desk.of('Dana Whitlock');
    await dana.page.locator('#frame-search').fill('Marigold');
    await dana.press('Search', 'search-results');
    expect(await dana.heading()).toMatch(/found$/);
    await dana.page.locator('[name="search"]').first().fill('x');
    await dana.press('Search', 'search-error');
    await dana.page.locator('[name="search"]').first().fill('Nobody at all');
    await dana.press('Search', 'search-none');
    for (const page of ['help', 'accessibility', 'privacy', 'cookies']) await dana.go(`/${page}`, page);
    await dana.go('/cases/01890000-0000-7000-8000-000000000000', 'not-found');
    await dana.go('/cases?owner=all&due=overdue&waiting=family', 'worklist-empty');
    const ari = await Desk.of('Ari Stone');
    expect(await ari.heading()).toBe('System health');
    await dana.press('Sign out', 'signed-out');
    expect(await dana.heading()).toBe('You have signed out');
    const ira = await Desk.of('Ira Novak').catch((failure: unknown) => failure);
    expect(ira).toBeInstanceOf(Desk);
    await (ira as Desk).go(`/cases/${county.known.id}`, 'not-found-other-authority');
    expect(await (ira as Desk).heading()).toBe('Page not found');
  }, 120_000);

  it('has looked at every page and state', () => {
    process.stdout.write(`axe: 0 violations on ${seen.size} pages and states\n`);
    expect(seen.size).toBeGreaterThan(60);
  });
});

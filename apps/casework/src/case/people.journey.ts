import type { Actor } from '@send/access';
import { HandOver } from '@send/correspondence';
import { dataFolder, projectFolder } from '@send/database';
import { Typesetter } from '@send/letters';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { violations } from '../../../../test/builders/axe';
import type { Family } from '../../../../test/builders/case-with-family';
import { PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';

const screens = join(projectFolder(), process.env['KEEP_SCREENS'] === 'yes' ? 'docs/screens' : '.data/screens');

let county: SmallCounty;
let app: PageApp;
let browser: Browser;
let typesetter: Typesetter;
let dropFolder: string;
/** Pages and states that axe has seen. */
const seen = new Set<string>();

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  county = await smallCounty('2027-01-11');
  app = await PageApp.open(county.world);
  typesetter = new Typesetter({ inProcess: true });
  mkdirSync(dataFolder(), { recursive: true });
  dropFolder = mkdtempSync(join(dataFolder(), 'drop-of-people-journey-'));
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await typesetter?.close();
  await app?.close();
  await county?.world.close();
  rmSync(dropFolder, { recursive: true, force: true });
});

/** One person at one desk; with `scripts: false` their browser runs none. */
class Desk {
  private constructor(
    readonly page: Page,
    private readonly mirror: Page | undefined,
  ) {}

  static async of(actor: Actor, scripts = true): Promise<Desk> {
    const open = async (javaScriptEnabled: boolean, width: number) => {
      const context = await browser.newContext({
        javaScriptEnabled,
        viewport: { width, height: 900 },
        baseURL: app.origin,
      });
      await context.addCookies([{ name: 'session', value: await app.cookie(actor), url: app.origin }]);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      return page;
    };
    // Without scripts on a phone: axe then looks at the same document in a browser that runs some.
    return new Desk(await open(scripts, scripts ? 1280 : 360), scripts ? undefined : await open(true, 360));
  }

  heading(): Promise<string> {
    return this.page.locator('h1').innerText();
  }

  async go(path: string, as: string): Promise<void> {
    await this.page.goto(path);
    await this.look(as);
  }

  /** By the names of the fields: radios, boxes and selects by value, everything else typed. */
  async fill(fields: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      const [select, chosen] = [
        this.page.locator(`select[name="${name}"]`),
        this.page.locator(
          `input[name="${name}"][value="${value.replace(/[^\w -]/g, '')}"]:is([type=radio],[type=checkbox])`,
        ),
      ];
      if ((await select.count()) > 0) await select.selectOption(value);
      else if ((await chosen.count()) > 0) await chosen.check();
      else await this.page.locator(`[name="${name}"]`).first().fill(value);
    }
  }

  async press(button: string, as: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).first().click();
    await this.look(as);
  }

  async follow(link: RegExp, as: string): Promise<void> {
    // Hidden words begin with their colon, and the browser may put a space before it.
    await this.page
      .getByRole('link', { name: new RegExp(link.source.replace(': ', ' ?: ')) })
      .first()
      .click();
    await this.look(as);
  }

  async look(as: string): Promise<void> {
    await this.page.waitForLoadState('load');
    await this.mirror?.goto('/help');
    await this.mirror?.setContent(await this.page.content());
    expect({ as, found: await violations(this.mirror ?? this.page) }).toEqual({ as, found: [] });
    expect(await this.page.locator('h1').count()).toBe(1);
    // Nothing runs out of the side of the page.
    expect({ as, wide: await this.page.evaluate('document.documentElement.scrollWidth > window.innerWidth') }).toEqual({
      as,
      wide: false,
    });
    if (seen.has(as)) return;
    seen.add(as);
    await this.page.screenshot({ path: join(screens, `${as}.png`), fullPage: true });
  }
}

const day = (name: string, date: string, month: string, year: string): Record<string, string> => ({
  [`${name}-day`]: date,
  [`${name}-month`]: month,
  [`${name}-year`]: year,
});

const linkTo = (family: Family) => `/cases/${family.child.id}/people`;

describe('the people of a case', () => {
  it('rights are recorded, read by a second person, given back and confirmed; with scripts and without', async () => {
    const { world } = county;
    const family = await world.family(2);
    const dana = await Desk.of(world.caseworker);
    const sam = await Desk.of(world.senior, false);
    await dana.go(linkTo(family), 'people');
    await dana.follow(/^Record parental responsibility: Ms Ruth/, 'person-responsibility');
    await dana.fill({ responsibility: 'court-limited', ...day('orderDate', '31', '2', '2026') });
    await dana.press('Continue', 'person-responsibility-errors');
    expect(await dana.page.locator('.govuk-error-summary li').count()).toBe(4);
    await dana.fill({
      limits: 'She may not collect the child from school without the agreement of the father.',
      ...day('orderDate', '3', 'November', '2026'),
      evidence: 'Sealed order of the family court, brought to the office.',
      seenBy: world.caseworker.staffId,
      ...day('until', '1', '6', '2027'),
    });
    await dana.press('Continue', 'person-responsibility-check');
    await dana.press('Change your answers', 'person-responsibility-again');
    await dana.press('Continue', 'person-responsibility-check');
    await dana.press('Record this', 'people-recorded');
    await dana.follow(/^Decide which letters they receive: Ms Ruth/, 'person-letters');
    await dana.fill({ receives: 'some' });
    await dana.press('Continue', 'person-letters-errors');
    await dana.fill({
      'kind-plan': 'yes',
      reason: 'court-order',
      evidence: 'The same order, paragraph 4.',
      decidedBy: world.caseworker.staffId,
    });
    await dana.press('Continue', 'person-letters-check');
    await dana.press('Record this', 'people-recorded');
    await dana.follow(/^See what waits/, 'person-waiting-own');

    await sam.go('/approvals', 'approvals-people');
    await sam.follow(/^Parental responsibility and letters: Ms Ruth/, 'person-waiting');
    await sam.press('Give it back', 'person-waiting-error');
    await sam.fill({ reason: 'Which page of the order says so?' });
    await sam.press('Give it back', 'people-given-back');
    await sam.follow(/^Confirm or give back/, 'person-waiting');
    await sam.press('Confirm', 'people-confirmed');
    expect(await sam.page.locator('main').innerText()).toContain('Only: Letters about the plan');
  }, 120_000);

  it('contact, an address not to be shared, somebody new, and an end', async () => {
    const { world } = county;
    const family = await world.family(2);
    const dana = await Desk.of(world.caseworker, false);
    const sam = await Desk.of(world.senior);
    await dana.go(linkTo(family), 'people-small');
    await dana.follow(/^Change contact details: Ms Ruth/, 'person-contact');
    await dana.fill({ channel: 'email', address: 'new', share: 'yes' });
    await dana.press('Continue', 'person-contact-errors');
    await dana.fill({
      channel: 'phone',
      hours: 'Weekdays before 3pm',
      mayAnswer: 'Nobody else',
      phone: '07700 900 982',
      language: 'pl',
      interpreter: 'Polish',
      format: 'large-print',
      line1: '5 New Road',
      town: 'Levelham',
      postcode: 'LV6 6AA',
    });
    await dana.press('Continue', 'person-contact-check');
    await dana.press('Save these details', 'people-contact-changed');

    await dana.follow(/^Set the address as not to be shared: Ms Ruth/, 'person-protect');
    await dana.press('Continue', 'person-protect-error');
    await dana.fill({ reason: 'She has fled violence at home and told us today.' });
    await dana.press('Continue', 'person-protect-check');
    await dana.press('Hide this address', 'people-hidden');
    await dana.go(`${linkTo(family)}/${family.parents[1]?.personId}/contact`, 'person-contact');
    await dana.fill({ address: 'new', line1: 'Flat 2, 5 New Road', postcode: 'LV6 6AA', share: 'yes' });
    await dana.press('Continue', 'person-contact-check-shared');
    await dana.press('Save these details', 'person-contact-same-place');
    expect(await dana.page.locator('.govuk-error-summary').innerText()).toContain('not to be shared for somebody');

    await sam.go(linkTo(family), 'people-to-confirm');
    await sam.follow(/^Confirm or give back: An address set/, 'person-waiting-protection');
    await sam.press('Confirm', 'people-confirmed');
    await sam.follow(/^Ask that the address may be shared again/, 'person-lift');
    await sam.fill({ reason: 'She rang us and says that it is safe now.' });
    await sam.press('Continue', 'person-lift-check');
    await sam.press('Ask a second person', 'people-lift-asked');

    await sam.press('Add a person', 'person-add');
    await sam.press('Continue', 'person-add-errors');
    await sam.fill({
      title: 'Mr',
      firstNames: 'Otto',
      lastName: 'Newcomer',
      relationship: 'social-worker',
      organisation: 'Children with Disabilities Team',
      jobTitle: 'Social worker',
      address: 'none',
    });
    await sam.press('Continue', 'person-add-check');
    await sam.press('Add this person', 'people-added');
    await sam.follow(/^End this entry: Mr Otto/, 'person-end');
    await sam.fill({ ...day('on', '11', '1', '2027'), reason: 'He left the team in January.' });
    await sam.press('Continue', 'person-end-check');
    await sam.press('End this entry', 'people-ended');
    expect(await sam.page.locator('main').innerText()).toContain('No longer on this case');
  }, 120_000);

  it('a letter that only email may safely bring is held, and let go by post only with a reason', async () => {
    const { world } = county;
    const family = await world.family();
    const runId = await world.request(family);
    const dana = await Desk.of(world.caseworker, false);
    await dana.go(`${linkTo(family)}/${family.parents[0]?.personId}/contact`, 'person-contact');
    await dana.fill({ channel: 'email', email: 'ruth@safe.example', emailAgreed: 'yes' });
    await dana.press('Continue', 'person-contact-check-email');
    await dana.press('Save these details', 'people-contact-changed');
    const letter = (await world.letters(runId)).find((one) => one.letter === 'assessment.ack-request');
    const handOver = new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder });
    expect(await handOver.handOver('levelshire', letter?.id ?? '')).toMatchObject({ is: 'held' });
    await dana.go(`/cases/${family.child.id}`, 'case-letter-held');
    const sam = await Desk.of(county.otherSenior);
    await sam.go(`/cases/${family.child.id}/letters/${letter?.id ?? ''}`, 'letter-held-email');
    await sam.press('Release this letter', 'letter-held-email-error');
    await sam.fill({ reason: 'She asked for it by post to her sister' });
    await sam.press('Release this letter', 'letter-released-to-post');
    expect(await sam.page.locator('main').innerText()).toContain('though only email is recorded as safe');
  }, 120_000);

  it('a neighbour at another house number keeps their address, and whoever loses one is named', async () => {
    const { world, known } = county;
    const dana = await Desk.of(world.caseworker);
    const [father] = await world.test.ownerQuery<{ id: string }>(
      `select p.id from case_file.person p join case_file.relationship r on r.person_id = p.id where r.child_id = $1 and p.first_names = 'Quill'`,
      [known.id],
    );
    const people = `/cases/${known.id}/people`;
    for (const [line1, kept] of [
      ['44 Home Street', true],
      ['Rose Cottage', false],
    ] as const) {
      await dana.go(`${people}/${father?.id}/protect`, 'person-protect-another');
      await dana.fill({ line1, postcode: 'LV3 1AB', reason: 'He asked on the phone that it is not shared.' });
      await dana.press('Continue', 'person-protect-another-check');
      await dana.press('Hide this address', kept ? 'people-neighbour-kept' : 'people-neighbour-lost');
      expect((await dana.page.locator('main').innerText()).includes('9 Home Street')).toBe(kept);
      await dana.go(`/cases/${known.id}`, kept ? 'case-neighbour-kept' : 'case-neighbour-lost');
      expect(await dana.page.locator('main').innerText()).toContain(
        kept
          ? 'The address of Ms Petra Inventedname has the same postcode as an address that is not to be shared'
          : 'Ms Petra Inventedname has no address on record any more',
      );
    }
  }, 120_000);

  it('a letter that shows an address not to be shared opens with a reason', async () => {
    const { world } = county;
    const family = await world.family();
    const runId = await world.request(family);
    await world.act(runId, 'decideNotToAssess', { reasons: [`${family.child.lastName} has enough help at school.`] });
    const letter = (await world.letters(runId)).find((one) => one.letter === 'assessment.refuse');
    if (letter === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, county.otherSenior);
    const handOver = new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder });
    expect(await handOver.handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
    const dana = await Desk.of(world.caseworker);
    await dana.go(`${linkTo(family)}/${family.parents[0]?.personId}/protect`, 'person-protect');
    await dana.fill({ which: 'current', reason: 'She has fled violence at home and told us today.' });
    await dana.press('Continue', 'person-protect-check');
    await dana.press('Hide this address', 'people-hidden');
    await dana.go(`/cases/${family.child.id}/letters/${letter.id}`, 'letter-protected');
    await dana.follow(/^Open it as it was sent/, 'letter-file');
    await dana.press('Open the letter', 'letter-file-error');
    await dana.fill({ reason: 'She asks what exactly we wrote to her.' });
    const [download] = await Promise.all([
      dana.page.waitForEvent('download'),
      dana.page.getByRole('button', { name: 'Open the letter' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^LEV-\d+-letter-as-sent\.pdf$/);
    expect(
      readFileSync(await download.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    process.stdout.write(`axe: 0 violations on ${seen.size} pages and states of people\n`);
    expect(seen.size).toBeGreaterThan(35);
  }, 120_000);
});

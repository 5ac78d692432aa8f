import type { Actor } from '@send/access';
import { HandOver } from '@send/correspondence';
import { dataFolder } from '@send/database';
import { Typesetter } from '@send/letters';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { CaseWorld, type Family } from '../../../../test/builders/case-with-family';
import { headingOf, hiddenOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';

let county: SmallCounty;
let world: CaseWorld;
let pages: PageApp;
let typesetter: Typesetter;
let dropFolder: string;

beforeAll(async () => {
  county = await smallCounty('2027-01-11');
  world = county.world;
  pages = await PageApp.open(world);
  typesetter = new Typesetter({ inProcess: true });
  mkdirSync(dataFolder(), { recursive: true });
  dropFolder = mkdtempSync(join(dataFolder(), 'drop-of-people-'));
}, 120_000);

afterAll(async () => {
  await typesetter.close();
  await pages.close();
  await world.close();
  rmSync(dropFolder, { recursive: true, force: true });
});

const base = (family: Family) => `/cases/${family.child.id}/people`;
const pathOf = (family: Family, word: string, parent = 0) =>
  `${base(family)}/${family.parents[parent]?.personId ?? ''}/${word}`;

/** Opens the form, sends it, checks the answers and confirms: what a person does. */
async function fill(path: string, actor: Actor, answers: Record<string, string>): Promise<Response> {
  const form = await pages.get(path, actor);
  expect([path, form.status]).toEqual([path, 200]);
  const checked = await pages.post(path, actor, { ...hiddenOf(form), ...answers });
  if (checked.status !== 200) return checked;
  expect(headingOf(checked)).toBe('Check before you record this');
  return pages.post(path, actor, { ...hiddenOf(checked), step: 'confirm' });
}

const day = (name: string, text: string): Record<string, string> => {
  const [date = '', month = '', year = ''] = text.split(' ');
  return { [`${name}-day`]: date, [`${name}-month`]: month, [`${name}-year`]: year };
};

async function confirm(family: Family, what: string, actor: Actor, parent = 0): Promise<Response> {
  const path = pathOf(family, `waiting/${what}`, parent);
  const page = await pages.get(path, actor);
  return pages.post(path, actor, { ...hiddenOf(page), answer: 'confirm' });
}

const personOf = async (family: Family, parent = 0) => {
  const [row] = await world.test.ownerQuery<Record<string, unknown>>(
    'select *, order_date::text, responsibility_until::text from case_file.relationship where person_id = $1 and until_day is null',
    [family.parents[parent]?.personId],
  );
  return row;
};

const contactAnswers = {
  channel: 'post',
  emailAgreed: 'no',
  language: 'en',
  format: 'standard',
  address: 'same',
  phone: '01632 960 456',
};

describe('parental responsibility', () => {
  it('is recorded by one, confirmed by another, and counts for the next letter; held letters are let go as ever', async () => {
    const family = await world.family(2);
    const runId = await world.request(family);
    await world.act(runId, 'decideNotToAssess', {
      reasons: [`Each need of ${family.child.lastName} is met by the school.`],
    });
    const letter = (await world.letters(runId)).find(
      (one) => one.letter === 'assessment.refuse' && one.recipient === `person:${family.parents[0]?.personId}`,
    );
    if (letter === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, county.otherSenior);
    const { caseworker, senior } = world;

    const recorded = await fill(pathOf(family, 'responsibility'), caseworker, {
      responsibility: 'court-limited',
      limits: 'She may not collect the child',
      ...day('orderDate', '3 November 2026'),
      evidence: 'Sealed order of the family court',
      seenBy: caseworker.staffId,
      ...day('until', '1 June 2027'),
    });
    expect([recorded.status, recorded.headers['location']]).toEqual([303, `${base(family)}?done=responsibility`]);
    expect(await personOf(family)).toMatchObject({
      parental_responsibility: 'court-limited',
      limits: 'She may not collect the child',
      order_date: '2026-11-03',
      evidence_seen: 'Sealed order of the family court',
      evidence_seen_by: caseworker.staffId,
      responsibility_until: '2027-06-01',
      confirmed_by: null,
    });
    const handOver = new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder });
    expect(await handOver.handOver('levelshire', letter.id)).toMatchObject({ is: 'held' });

    await fill(pathOf(family, 'letters'), caseworker, { receives: 'all' });
    const own = await pages.get(pathOf(family, 'waiting/responsibility'), caseworker);
    expect(own.text).toContain('You did the first part of this yourself');
    expect((await confirm(family, 'responsibility', caseworker)).status).toBe(403);
    expect(await personOf(family)).toMatchObject({ confirmed_by: null });
    const approvals = await pages.get('/approvals', senior);
    expect(approvals.text).toContain(pathOf(family, 'waiting/responsibility'));
    const agreed = await confirm(family, 'responsibility', senior);
    expect(agreed.headers['location']).toBe(`${base(family)}?done=confirmed`);
    const people = await pages.get(String(agreed.headers['location']), senior);
    expect(people.text).toContain('You confirmed it. It counts from the next letter.');
    expect(people.text).toContain(`/cases/${family.child.id}/letters/${letter.id}`);
    expect((await pages.get('/approvals', senior)).text).not.toContain(pathOf(family, 'waiting/responsibility'));

    const released = await pages.post(`/cases/${family.child.id}/letters/${letter.id}/release`, county.otherSenior, {
      reason: 'Her responsibility was confirmed today',
    });
    expect(released.status).toBe(303);
    expect(await handOver.handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
  });

  it('somebody confirmed after a decision has a task about its letters, and none is theirs by itself', async () => {
    const family = await world.family(2);
    await fill(pathOf(family, 'responsibility', 1), world.caseworker, { responsibility: 'not-known' });
    const runId = await world.request(family);
    const to = async () => new Set((await world.letters(runId)).map((one) => one.recipient));
    expect((await to()).has(`person:${family.parents[1]?.personId}`)).toBe(false);
    await fill(pathOf(family, 'responsibility', 1), world.caseworker, {
      responsibility: 'yes',
      evidence: 'Birth certificate',
      seenBy: world.caseworker.staffId,
    });
    expect((await confirm(family, 'responsibility', world.senior, 1)).status).toBe(303);
    const tasks = await world.test.ownerQuery<{ text: string; open: boolean }>(
      'select text, done_at is null as open from case_file.notice where child_id = $1',
      [family.child.id],
    );
    expect(tasks.filter((one) => one.open).map((one) => one.text)).toEqual([
      expect.stringMatching(/^Ms Priya .* may receive letters from now on\. .* without a copy for them\./),
    ]);
    await world.act(runId, 'decideNotToAssess', { reasons: [`${family.child.lastName} has what the law asks for.`] });
    expect((await to()).has(`person:${family.parents[1]?.personId}`)).toBe(true);
  });

  it('is not limited because the other parent asked', async () => {
    const family = await world.family();
    const refused = await fill(pathOf(family, 'letters'), world.caseworker, { receives: 'none' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('That the other parent asked us not to is not a reason');
    expect(refused.text).toMatch(/href="#reason"/);
    const risk = { receives: 'none', reason: 'risk-assessment', evidence: 'Assessment of 4 January 2027' };
    const unsigned = await fill(pathOf(family, 'letters'), world.caseworker, {
      ...risk,
      decidedBy: world.caseworker.staffId,
    });
    expect(unsigned.text).toContain('Select the manager who signed the risk assessment');
    expect(
      (await fill(pathOf(family, 'letters'), world.caseworker, { ...risk, decidedBy: world.senior.staffId })).status,
    ).toBe(303);
    expect((await confirm(family, 'responsibility', county.otherSenior)).status).toBe(303);
    const page = await pages.get(base(family), world.caseworker);
    expect(page.text).toContain('None. Legal reason: a risk assessment signed by a manager');
  });

  it('is given back with what must change', async () => {
    const family = await world.family();
    await fill(pathOf(family, 'letters'), world.caseworker, { receives: 'all' });
    const path = pathOf(family, 'waiting/responsibility');
    const page = await pages.get(path, world.senior);
    const empty = await pages.post(path, world.senior, { ...hiddenOf(page) });
    expect([empty.status, empty.text.includes('Enter what must change')]).toEqual([422, true]);
    const back = await pages.post(path, world.senior, { ...hiddenOf(page), reason: 'Why every letter?' });
    expect(back.headers['location']).toBe(`${base(family)}?done=given-back`);
    expect((await pages.get(`/cases/${family.child.id}`, world.caseworker)).text).toContain('Why every letter?');
  });
});

describe('contact', () => {
  it('is changed for the next letter and remembered; whoever was too late has their answers back', async () => {
    const family = await world.family();
    const path = pathOf(family, 'contact');
    const late = await pages.get(path, world.senior);
    const answers = {
      ...contactAnswers,
      hours: 'Weekdays before 3pm',
      mayAnswer: 'Nobody else',
      language: 'pl',
      interpreter: 'Polish',
      format: 'large-print',
      address: 'new',
      line1: '5 New Road',
      town: 'Levelham',
      postcode: 'lv66aa',
      share: 'yes',
    };
    expect((await fill(path, world.caseworker, answers)).headers['location']).toBe(`${base(family)}?done=contact`);
    const page = await pages.get(base(family), world.caseworker);
    for (const text of [
      '5 New Road, Levelham, LV6 6AA',
      'Weekdays before 3pm',
      'Nobody else',
      'Polish',
      'Large print',
      '01632 960456',
    ])
      expect(page.text).toContain(text);
    expect(page.text).toContain('What was on record before');
    expect(page.text).toMatch(/Until 11 January 2027, address: \d+ Millbrook Close/);

    const lost = await pages.post(path, world.senior, {
      ...hiddenOf(late),
      ...contactAnswers,
      hours: 'Typed by the one who was late',
      step: 'confirm',
    });
    expect([lost.status, headingOf(lost)]).toEqual([409, 'Nothing was changed']);
    const again = await pages.post(path, world.senior, hiddenOf(lost));
    expect(again.text).toContain('Typed by the one who was late');
    expect((await fill(path, world.senior, { ...hiddenOf(again), ...contactAnswers, step: '' })).status).toBe(303);
  });

  it('holds what cannot go by email yet, and says on the letter what it means to let it go by post', async () => {
    const family = await world.family();
    const { caseworker } = world;
    const runId = await world.request(family);
    const email = { ...contactAnswers, channel: 'email', emailAgreed: 'yes', email: 'ruth@safe.example' };
    const form = await pages.get(pathOf(family, 'contact'), caseworker);
    const check = await pages.post(pathOf(family, 'contact'), caseworker, { ...hiddenOf(form), ...email });
    expect(check.text).toContain('This service cannot send email yet. Letters to them are held');
    expect((await fill(pathOf(family, 'contact'), caseworker, email)).status).toBe(303);
    const letter = (await world.letters(runId)).find((one) => one.letter === 'assessment.ack-request');
    const path = `/cases/${family.child.id}/letters/${letter?.id ?? ''}`;
    expect((await pages.get(path, caseworker)).text).toContain('Email. This letter cannot leave that way yet');
    const handOver = new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder });
    expect(await handOver.handOver('levelshire', letter?.id ?? '')).toMatchObject({ is: 'held' });

    const held = 'Only email is safe for this person, and this service cannot send email yet';
    expect((await pages.get(`/cases/${family.child.id}`, caseworker)).text).toContain(held);
    expect((await pages.get(path, caseworker)).text).not.toContain('Release this letter');
    const page = await pages.get(path, county.otherSenior);
    expect(page.text).toContain(held);
    expect(page.text).toContain('it goes by first class post, which is not recorded as safe for this person');
    const empty = await pages.post(`${path}/release`, county.otherSenior, { ...hiddenOf(page), reason: '' });
    expect(empty.status).toBe(422);
    const reason = 'She asked for it by post to her sister';
    expect((await pages.post(`${path}/release`, county.otherSenior, { ...hiddenOf(page), reason })).status).toBe(303);
    expect(await handOver.handOver('levelshire', letter?.id ?? '')).toMatchObject({ is: 'sent' });
    expect((await pages.get(path, caseworker)).text).toContain(
      'First class post, though only email is recorded as safe: decided when it was released',
    );
  });

  it('has no such address twice: the place of an address not to be shared is known again', async () => {
    const family = await world.family(2);
    const protectPath = pathOf(family, 'protect');
    await fill(protectPath, world.caseworker, { which: 'current', reason: 'She has fled violence at home' });
    const typed = {
      ...contactAnswers,
      address: 'new',
      line1: 'Flat 2, another spelling',
      postcode: family.parents[0]?.postcode ?? '',
      share: 'yes',
    };
    const refused = await fill(pathOf(family, 'contact', 1), world.caseworker, typed);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('This is the place of an address that is not to be shared');
    expect(refused.text).not.toContain('Millbrook');
    const hidden = await fill(pathOf(family, 'contact', 1), world.caseworker, {
      ...typed,
      share: 'no',
      protectReason: 'She lives there with her, and is at risk too',
    });
    expect(hidden.status).toBe(303);
    const page = await pages.get(base(family), world.caseworker);
    expect(page.text.match(/<strong>Address not to be shared<\/strong>/g)).toHaveLength(2);
    expect(page.text).not.toMatch(/another spelling|LV4 1QT/);
  });
});

describe('an address not to be shared', () => {
  it('is known again in a new request for the same child, which is not entered', async () => {
    const { known } = county;
    const request = {
      firstNames: known.firstNames,
      lastName: known.lastName,
      ...day('born', '4 5 2016'),
      decided: known.id,
      why: 'The same child: the school says so.',
      ...day('on', '8 January 2027'),
      from: 'parent',
      'p1-firstNames': 'Otto',
      'p1-lastName': 'Lodger',
      'p1-relationship': 'carer',
      'p1-responsibility': 'no',
      'p1-line1': 'Flat 2',
      // Where the father lives, which nobody is to know.
      'p1-postcode': 'LV9 9ZZ',
      key: 'request:place-known-again',
    };
    const refused = await pages.post('/requests/enter', world.caseworker, request);
    expect([refused.status, headingOf(refused)]).toEqual([409, 'The request was not entered']);
    expect(refused.text).toContain('is the place of an address that is not to be shared for somebody in this case');
    expect(await world.test.ownerQuery("select 1 from case_file.person where last_name = 'Lodger'")).toEqual([]);
  });

  it('is hidden on every page at once, and the letter that shows it opens only with a reason, as a file', async () => {
    const family = await world.family();
    const runId = await world.request(family);
    await world.act(runId, 'decideNotToAssess', { reasons: [`The school of ${family.child.lastName} does enough.`] });
    const letter = (await world.letters(runId)).find((one) => one.letter === 'assessment.refuse');
    if (letter === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, county.otherSenior);
    const handOver = new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder });
    expect(await handOver.handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
    const file = `/cases/${family.child.id}/letters/${letter.id}/file`;
    expect((await pages.get(file, world.caseworker)).status).toBe(404);

    const reason = 'She has fled violence at home';
    expect((await fill(pathOf(family, 'protect'), world.caseworker, { which: 'current', reason })).status).toBe(303);
    const [stored] = await world.test.ownerQuery<{ lines: string[]; postcode: string }>(
      'select lines, postcode from case_file.address where person_id = $1',
      [family.parents[0]?.personId],
    );
    expect(stored).toEqual({ lines: ['Address not to be shared'], postcode: '' });
    for (const page of ['', '/people', '/letters', `/letters/${letter.id}`, '/activity', '/tasks'])
      for (const actor of [world.caseworker, world.senior])
        expect((await pages.get(`/cases/${family.child.id}${page}`, actor)).text).not.toMatch(/Millbrook|LV4 1QT/);
    expect((await pages.get('/approvals', world.senior)).text).not.toMatch(/Millbrook|LV4 1QT/);

    const page = await pages.get(`/cases/${family.child.id}/letters/${letter.id}`, world.caseworker);
    expect(page.text).toContain(file);
    expect(headingOf(await pages.get(file, world.caseworker))).toBe(
      'Open a letter that shows an address not to be shared',
    );
    for (const [typed, wanted] of [
      ['short', '20 characters or more'],
      ['x'.repeat(5001), '5,000 characters or fewer'],
    ] as const) {
      const wrong = await pages.post(file, world.caseworker, { reason: typed });
      expect([wrong.status, wrong.text.includes(wanted)]).toEqual([422, true]);
    }
    const opened = await pages.post(file, world.caseworker, { reason: 'She asks what exactly we wrote' });
    expect(opened.headers['content-type']).toBe('application/pdf');
    expect(opened.headers['cache-control']).toBe('no-store');
    expect(opened.headers['content-disposition']).toMatch(/^attachment; filename="LEV-\d+-letter-as-sent\.pdf"$/);
    const trace = await world.test.ownerQuery(
      "select actor, outcome, reason from access.audit where object = $1 and action = 'readProtectedAddress'",
      [`letter ${letter.id}`],
    );
    expect(trace).toEqual([
      { actor: world.caseworker.staffId, outcome: 'done', reason: 'She asks what exactly we wrote' },
    ]);
    expect((await pages.post(file, county.stranger, { reason: 'She asks what exactly we wrote' })).status).toBe(404);
  });

  it('is confirmed by a second person, and shared again only when two agree', async () => {
    const family = await world.family();
    const given = { which: 'new', line1: '3 Refuge Row', postcode: 'LV8 8QQ', reason: 'She has fled violence at home' };
    await fill(pathOf(family, 'protect'), world.caseworker, given);
    const first = await pages.get(pathOf(family, 'waiting/protection'), world.caseworker);
    expect(first.text).toContain('The address is hidden already.');
    expect((await confirm(family, 'protection', world.senior)).status).toBe(303);
    expect((await pages.get(pathOf(family, 'waiting/protection'), world.senior)).status).toBe(404);
    await fill(pathOf(family, 'lift'), world.senior, { reason: 'She rang and says that she is safe now' });
    expect((await confirm(family, 'lift', world.senior)).status).toBe(403);
    expect((await pages.get(base(family), world.senior)).text).toContain('<strong>Address not to be shared</strong>');
    expect((await confirm(family, 'lift', county.otherSenior)).status).toBe(303);
    const page = await pages.get(base(family), world.senior);
    expect(page.text).toContain('No address on record');
    expect(page.text).not.toContain('Refuge Row');
  });
});

describe('who is beside the child', () => {
  const newcomer = {
    title: 'Mr',
    firstNames: 'Otto',
    lastName: 'Invented-Newcomer',
    relationship: 'parent',
    responsibility: 'yes',
    evidence: 'Birth certificate',
    ...contactAnswers,
    address: 'new',
    line1: '8 Elm Road',
    postcode: 'LV7 7AA',
    share: 'yes',
  };

  it('grows by one however often the form is sent, and ends when two agree', async () => {
    const family = await world.family();
    const path = `${base(family)}/add`;
    const form = await pages.get(path, world.caseworker);
    const answers = { ...hiddenOf(form), ...newcomer, seenBy: world.caseworker.staffId };
    const sent = await Promise.all(
      [1, 2].map(() => pages.post(path, world.caseworker, { ...answers, step: 'confirm' })),
    );
    expect(sent.map((one) => one.status)).toEqual([303, 303]);
    expect((await pages.post(path, world.caseworker, { ...answers, step: 'confirm' })).status).toBe(303);
    const page = await pages.get(base(family), world.caseworker);
    expect(page.text.match(/<h2[^>]*>Mr Otto Invented-Newcomer<\/h2>/g)).toHaveLength(1);

    const end = pathOf(family, 'end');
    const ended = await fill(end, world.caseworker, {
      ...day('on', '4 January 2027'),
      reason: 'She is not the mother: the names were mixed up',
    });
    expect(ended.headers['location']).toBe(`${base(family)}?done=end`);
    expect((await confirm(family, 'end', world.senior)).status).toBe(303);
    const after = await pages.get(base(family), world.caseworker);
    expect(after.text).toContain('No longer on this case');
    expect(after.text).toContain('Parent, until 4 January 2027: She is not the mother');
    expect((await pages.get(end, world.caseworker)).status).toBe(404);
    expect((await pages.get(`${base(family)}/${family.child.personId}/end`, world.caseworker)).status).toBe(404);
  });

  it('tells everything that is wrong with a form at once, beside each field, and writes nothing', async () => {
    const family = await world.family();
    const count = () =>
      world.test.ownerQuery(
        `select (select count(*)::int from case_file.person) as people, (select count(*)::int from case_file.relationship) as relationships,
           (select count(*)::int from case_file.address) as addresses, (select count(*)::int from case_file.protected_address) as protected`,
      );
    const before = await count();
    const cases: [string, Record<string, string>, string[]][] = [
      [
        `${base(family)}/add`,
        {},
        ['firstNames', 'lastName', 'relationship', 'channel', 'emailAgreed', 'language', 'address', 'format'],
      ],
      [
        `${base(family)}/add`,
        { ...newcomer, firstNames: '<b>', title: 'x'.repeat(21), seenBy: 'x' },
        ['firstNames', 'title', 'seenBy'],
      ],
      [pathOf(family, 'responsibility'), {}, ['responsibility']],
      [
        pathOf(family, 'responsibility'),
        { responsibility: 'court-limited', ...day('until', '1 1 2020') },
        ['limits', 'orderDate', 'evidence', 'seenBy', 'until'],
      ],
      [
        pathOf(family, 'responsibility'),
        { responsibility: 'yes', ...day('from', '31 February 2020') },
        ['from', 'evidence', 'seenBy'],
      ],
      [pathOf(family, 'letters'), { receives: 'some', reason: 'because' }, ['kind-assessment', 'reason']],
      [
        pathOf(family, 'contact'),
        {
          ...contactAnswers,
          phone: '1',
          email: 'x',
          hours: 'x'.repeat(201),
          mayAnswer: 'x'.repeat(201),
          interpreter: 'x'.repeat(201),
          language: 'xx9',
          format: 'x',
        },
        ['phone', 'email', 'hours', 'mayAnswer', 'interpreter', 'language', 'format'],
      ],
      [
        pathOf(family, 'contact'),
        { ...contactAnswers, address: 'new', postcode: 'x', share: 'no' },
        ['line1', 'postcode', 'protectReason'],
      ],
      [pathOf(family, 'protect'), { which: 'new', reason: 'short' }, ['line1', 'postcode', 'reason']],
      [pathOf(family, 'end'), { 'on-day': '1', reason: 'short' }, ['on', 'reason']],
      [pathOf(family, 'end'), { ...day('on', '12 January 2027'), reason: 'A reason long enough for anybody' }, ['on']],
    ];
    for (const [path, answers, fields] of cases) {
      const { seen = '', id = '' } = hiddenOf(await pages.get(path, world.caseworker));
      for (const step of ['', 'confirm']) {
        const answer = await pages.post(path, world.caseworker, { seen, id, ...answers, step });
        expect([path, answer.status]).toEqual([path, 422]);
        expect(answer.text).toContain('<title>Error: ');
        expect(answer.text).toContain('There is a problem');
        for (const field of fields) {
          expect([path, field, new RegExp(`id="${field}-error"`).test(answer.text)]).toEqual([path, field, true]);
          const link = new RegExp(`href="#(${field}(?:-(?:day|month|year))?)"`).exec(answer.text)?.[1] ?? 'no link';
          expect([path, field, answer.text.includes(`id="${link}"`)]).toEqual([path, field, true]);
        }
      }
    }
    expect(await count()).toEqual(before);
  });

  it('is nobody else’s to change, and no address tells more than there is', async () => {
    const family = await world.family();
    const { administrator } = world;
    const words = ['responsibility', 'letters', 'contact', 'protect', 'end'];
    const colleague: Actor = { ...world.caseworker, ...(await anotherCaseworker()) };
    for (const path of [...words.map((word) => pathOf(family, word)), `${base(family)}/add`]) {
      for (const actor of [county.stranger, administrator]) {
        expect([path, (await pages.get(path, actor)).status]).toEqual([path, 404]);
        expect([path, (await pages.post(path, actor, { step: 'confirm' })).status]).toEqual([path, 404]);
      }
      // Of the same team, but not on the case: they may read it and change nothing.
      expect([path, (await pages.get(path, colleague)).status]).toEqual([path, 403]);
      expect([path, (await pages.post(path, colleague, { step: 'confirm', ...contactAnswers })).status]).toEqual([
        path,
        403,
      ]);
    }
    const page = await pages.get(base(family), colleague);
    expect(page.text).not.toMatch(/Change contact details|Add a person|End this entry/);
    const id = '01890000-0000-7000-8000-000000000000';
    for (const word of [
      ...words,
      'lift',
      'nothing',
      'constructor',
      '__proto__',
      'waiting',
      'waiting/responsibility',
      'waiting/__proto__',
    ])
      for (const person of [id, 'x', family.parents[0]?.personId ?? ''])
        for (const actor of [world.caseworker, world.senior]) {
          const bodies = [
            {},
            { seen: 'x', id: 'x', reason: '\u0000\u202e', answer: 'confirm', step: 'confirm' },
            { seen: id, step: 'change' },
          ];
          for (const body of bodies) {
            const answer = await pages.post(`${base(family)}/${person}/${word}`, actor, body);
            expect([word, person, answer.status < 500]).toEqual([word, person, true]);
          }
        }
  }, 60_000);
});

async function anotherCaseworker(): Promise<{ staffId: string; name: string }> {
  const { addStaff } = await import('@send/access');
  const name = 'Bo Whitfield';
  const staffId = await world.as(world.administrator, (tx) =>
    addStaff(tx, { name, email: 'bo@levelshire.example', roles: ['CW'], team: 'North', activeFrom: '2020-01-01' }),
  );
  return { staffId, name };
}

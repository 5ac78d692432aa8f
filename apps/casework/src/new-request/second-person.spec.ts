import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '@send/access';
import { HandOver } from '@send/correspondence';
import { dataFolder } from '@send/database';
import { Typesetter } from '@send/letters';
import { headingOf, hiddenOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';
import { OutboxWork } from '../../../worker/src/outbox-work';
import { Sweep } from '../../../worker/src/sweep';

let county: SmallCounty;
let pages: PageApp;
let typesetter: Typesetter;
let dropFolder: string;
let sweep: Sweep;

beforeAll(async () => {
  county = await smallCounty('2026-04-20');
  pages = await PageApp.open(county.world);
  typesetter = new Typesetter({ inProcess: true });
  mkdirSync(dataFolder(), { recursive: true });
  dropFolder = mkdtempSync(join(dataFolder(), 'drop-of-second-person-'));
  const { engine, desk, clock, test } = county.world;
  const handOver = new HandOver({ desk, engine, typesetter, dropFolder });
  const work = new OutboxWork({ database: test.database, engine, clock, handOver, leaseSeconds: 60 });
  sweep = new Sweep({ database: test.database, clock, leaseSeconds: 60, atOnce: 2, work });
}, 120_000);

beforeEach(() => {
  county.world.clock.moveTo('2026-04-20');
  pages.forgetSessions();
});

afterAll(async () => {
  await typesetter?.close();
  await pages?.close();
  await county?.world.close();
  rmSync(dropFolder, { recursive: true, force: true });
});

const owned = <T extends object>(sql: string, params: unknown[]) => county.world.test.ownerQuery<T>(sql, params);

/** What the worker does next, whatever the database's own clock says. */
async function worker(): Promise<void> {
  const { clock, test } = county.world;
  await test.ownerQuery("update engine.outbox set available_at = $1 where status = 'waiting'", [clock.now()]);
  await sweep.drain();
}

const adult = (at: string, name: string, lastName: string, more: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries({
      title: 'Ms',
      firstNames: name,
      lastName,
      relationship: 'parent',
      responsibility: 'yes',
      channel: 'post',
      line1: `${name === 'Wren' ? 7 : 8} Orchard Way`,
      town: 'Levelham',
      postcode: name === 'Wren' ? 'LV3 4AB' : 'LV3 5AB',
      ...more,
    }).map(([field, value]) => [`${at}-${field}`, value]),
  );

/** A caseworker enters a request; what came of it. */
async function enter(lastName: string, people: Record<string, string>) {
  const { caseworker } = county.world;
  const check = await pages.post('/requests/check', caseworker, {
    firstNames: 'Juniper',
    lastName,
    'born-day': '12',
    'born-month': '3',
    'born-year': '2017',
    'on-day': '20',
    'on-month': '4',
    'on-year': '2026',
    from: 'parent',
    setting: county.settingId,
    decided: 'new',
    why: 'Nobody of this name is known to us.',
    considered: (await owned<{ id: string }>('select id from case_file.child', [])).map(({ id }) => id).join(' '),
    ...people,
  });
  expect(headingOf(check)).toBe('Check before you enter this request');
  const entered = await pages.post('/requests/enter', caseworker, {
    ...hiddenOf(check),
    // Nobody can say for another that they have confirmed it.
    'p1-confirmedBy': county.world.senior.staffId,
  });
  const page = String(entered.headers['location']);
  const childId = /\/cases\/([0-9a-f-]+)\//.exec(page)?.[1] ?? '';
  const [run] = await owned<{ id: string }>('select id from engine.run where child_id = $1', [childId]);
  const found = await owned<{ personId: string; confirmedBy: string | null }>(
    `select person_id as "personId", confirmed_by as "confirmedBy" from case_file.relationship
     where child_id = $1 and kind = 'parent' order by id`,
    [childId],
  );
  return { check, page, childId, runId: run?.id ?? '', people: found };
}

async function confirm(childId: string, personId: string, what: string, actor: Actor) {
  const path = `/cases/${childId}/people/${personId}/waiting/${what}`;
  return pages.post(path, actor, { ...hiddenOf(await pages.get(path, actor)), answer: 'confirm' });
}

const familyLetters = (childId: string) =>
  owned<{ letter: string; status: string; recipient: string; sentOn: string | null; writtenBy: string }>(
    `select letter, status, recipient, sent_on::text as "sentOn", written_by as "writtenBy" from letters.letter
     where child_id = $1 and recipient like 'person:%' and letter not like '%child%' order by letter, recipient`,
    [childId],
  );
const openTasks = (childId: string) =>
  owned<{ text: string; staff: string | null }>(
    'select text, staff_id as staff from case_file.notice where child_id = $1 and done_at is null order by made_at, id',
    [childId],
  );

describe('the second person of a request', () => {
  it('is asked and not taken for having agreed; the letters go when they confirm, and meet their duties on that day', async () => {
    const { caseworker, senior, clock } = county.world;
    const { otherSenior } = county;
    const entered = await enter('Inventedwait', adult('p1', 'Wren', 'Inventedwait', { second: otherSenior.staffId }));
    const { childId, runId } = entered;
    const personId = entered.people[0]?.personId ?? '';
    expect(entered.check.text).toContain('Noor Adeyemi');
    expect(entered.people).toEqual([{ personId, confirmedBy: null }]);
    expect((await pages.get(entered.page, caseworker)).text).toContain(
      'Ms Wren Inventedwait waits for a second person. The letter that we have the request is written as soon as they confirm.',
    );
    await county.world.act(runId, 'tellFamilyConsidering', {}, caseworker);
    await worker();
    expect(await familyLetters(childId)).toEqual([]);
    expect((await pages.get('/', otherSenior)).text).toContain(
      'Confirm, as the second person, what is recorded about the parental responsibility of Ms Wren Inventedwait',
    );
    expect(await county.world.deadline(runId, 'assessment.notify-family-considering')).toMatchObject({ met_on: null });

    clock.moveTo('2026-04-22');
    pages.forgetSessions();
    expect((await confirm(childId, personId, 'responsibility', caseworker)).status).toBe(403);
    expect(await familyLetters(childId)).toEqual([]);
    // Whoever was named is not the only one: any other senior may.
    expect((await pages.get('/approvals', senior)).text).toContain(`/people/${personId}/waiting/responsibility`);
    expect((await confirm(childId, personId, 'responsibility', otherSenior)).status).toBe(303);
    const written = { recipient: `person:${personId}`, writtenBy: caseworker.staffId };
    expect(await familyLetters(childId)).toEqual([
      { ...written, letter: 'assessment.ack-request', status: 'approved', sentOn: null },
      { ...written, letter: 'assessment.notice-considering', status: 'approved', sentOn: null },
    ]);
    expect((await openTasks(childId)).filter(({ text }) => text.includes('Inventedwait'))).toEqual([]);
    await worker();
    await worker();
    expect((await familyLetters(childId)).map(({ status, sentOn }) => [status, sentOn])).toEqual([
      ['sent', '2026-04-22'],
      ['sent', '2026-04-22'],
    ]);
    expect(await county.world.deadline(runId, 'assessment.notify-family-considering')).toMatchObject({
      met_on: '2026-04-22',
    });
    const [facts] = await owned<{ count: number }>(
      `select count(*)::int as count from engine.fact where run_id = $1 and type = 'letterSent' and payload ->> 'recipient' = $2`,
      [runId, `person:${personId}`],
    );
    expect(facts?.count).toBe(2);
  }, 60_000);

  it('may be anybody of the seniors, before the worker told that somebody was held; a letter with rights waits for approval', async () => {
    const { senior } = county.world;
    const { childId, runId, people } = await enter('Inventedrights', adult('p1', 'Wren', 'Inventedrights'));
    const personId = people[0]?.personId ?? '';
    await county.world.act(runId, 'decideNotToAssess', { reasons: ['Juniper Inventedrights has what she needs.'] });
    expect(await familyLetters(childId)).toEqual([]);
    expect((await confirm(childId, personId, 'responsibility', county.otherSenior)).status).toBe(303);
    await worker();
    expect((await openTasks(childId)).filter(({ text }) => text.includes('Wren'))).toEqual([]);
    expect(await familyLetters(childId)).toMatchObject([
      { letter: 'assessment.ack-request', status: 'sent', sentOn: '2026-04-20' },
      { letter: 'assessment.refuse', status: 'drafted', writtenBy: senior.staffId },
    ]);
    const refusal = (await county.world.letters(runId)).find(({ letter }) => letter === 'assessment.refuse');
    expect(await county.world.desk.approve(refusal?.id ?? '', senior)).toMatchObject({
      done: false,
      refusal: { kind: 'forbidden' },
    });
    expect(await county.world.desk.approve(refusal?.id ?? '', county.otherSenior)).toMatchObject({ done: true });
    await worker();
    expect(await county.world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({
      met_on: '2026-04-20',
    });
  }, 60_000);

  it('confirms one parent after the other: each has the letter while it has not left, and afterwards a task asks', async () => {
    const three = await enter('Inventedthree', {
      ...adult('p1', 'Wren', 'Inventedthree'),
      ...adult('p2', 'Ivy', 'Inventedthree'),
      ...adult('p3', 'Moss', 'Inventedthree'),
    });
    const { childId, people } = three;
    for (const { personId } of people.slice(0, 2))
      expect((await confirm(childId, personId, 'responsibility', county.world.senior)).status).toBe(303);
    expect(await familyLetters(childId)).toHaveLength(2);
    await worker();
    expect((await familyLetters(childId)).map(({ status }) => status)).toEqual(['sent', 'sent']);
    expect((await confirm(childId, people[2]?.personId ?? '', 'responsibility', county.world.senior)).status).toBe(303);
    await worker();
    expect(await familyLetters(childId)).toHaveLength(2);
    expect((await openTasks(childId)).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('One letter was written to the family before without a copy for them'),
    );
  }, 60_000);

  it('reaches nobody by phone alone: the letter is written when an answer is found how it can reach them', async () => {
    const { senior, caseworker } = county.world;
    const entered = await enter(
      'Inventedring',
      adult('p1', 'Wren', 'Inventedring', { channel: 'phone', phone: '01632 960111' }),
    );
    const { childId, people } = entered;
    const personId = people[0]?.personId ?? '';
    expect((await confirm(childId, personId, 'responsibility', senior)).status).toBe(303);
    expect(await familyLetters(childId)).toEqual([]);
    const path = `/cases/${childId}/people/${personId}/contact`;
    const answers = { channel: 'post', emailAgreed: 'no', language: 'en', format: 'standard', address: 'same' };
    const checked = await pages.post(path, caseworker, {
      ...hiddenOf(await pages.get(path, caseworker)),
      ...answers,
      phone: '01632 960111',
    });
    expect(headingOf(checked)).toBe('Check before you record this');
    expect((await pages.post(path, caseworker, { ...hiddenOf(checked), step: 'confirm' })).status).toBe(303);
    await worker();
    expect(await familyLetters(childId)).toMatchObject([{ letter: 'assessment.ack-request', status: 'sent' }]);
  }, 60_000);

  it('writes no letter of a decision that the case does not wait for any more', async () => {
    const { childId, runId, people } = await enter('Inventedgone', adult('p1', 'Wren', 'Inventedgone'));
    await county.world.act(runId, 'withdrawRequest', { by: 'Her mother' }, county.world.caseworker);
    expect((await confirm(childId, people[0]?.personId ?? '', 'responsibility', county.world.senior)).status).toBe(303);
    expect((await familyLetters(childId)).map(({ letter }) => letter)).toEqual(['assessment.withdrawn']);
  }, 60_000);

  it('is asked about an address not to be shared, which is hidden at once', async () => {
    const { senior, caseworker } = county.world;
    const reason = 'She asked us, and showed the order of the court.';
    const more = { second: senior.staffId, protect: 'yes', reason };
    const { childId, people } = await enter('Inventedhid', adult('p1', 'Wren', 'Inventedhid', more));
    const personId = people[0]?.personId ?? '';
    const standing = () =>
      owned('select confirmed_by, until_day from case_file.protected_address where person_id = $1', [personId]);
    expect(await standing()).toEqual([{ confirmed_by: null, until_day: null }]);
    expect((await pages.get(`/cases/${childId}/people`, caseworker)).text).not.toMatch(/Orchard Way|LV3 4AB/);
    expect((await openTasks(childId)).map((one) => one.staff)).toEqual([senior.staffId, senior.staffId]);
    expect((await confirm(childId, personId, 'protection', caseworker)).status).toBe(403);
    expect((await confirm(childId, personId, 'protection', senior)).status).toBe(303);
    expect(await standing()).toEqual([{ confirmed_by: senior.staffId, until_day: null }]);
    const asked = (await openTasks(childId)).filter(({ staff }) => staff === senior.staffId);
    expect(asked.map(({ text }) => text)).toEqual([expect.stringContaining('Letters to them wait for it')]);
  }, 60_000);
});

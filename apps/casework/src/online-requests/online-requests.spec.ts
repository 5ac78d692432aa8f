import { asShown, headingOf, hiddenOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';
import { aParent, Visitor } from '../../../../test/builders/visitor';
import type { Actor } from '@send/access';
import type { Response } from 'supertest';

let county: SmallCounty;
let pages: PageApp;

beforeEach(() => {
  county.world.clock.moveTo('2026-06-01');
  pages.forgetSessions();
});

beforeAll(async () => {
  county = await smallCounty('2026-06-01');
  pages = await PageApp.open(county.world, 0, undefined, { submission: 1000 });
}, 120_000);

afterAll(async () => {
  await pages.close();
  await county.world.close();
});

type Pages = Readonly<Record<string, Record<string, string>>>;

/** Sent from the public form as a family sends it. */
async function sent(answers: Pages): Promise<{ id: string; reference: string }> {
  const reference = await new Visitor(pages.origin).send(answers);
  const [row] = await county.world.test.ownerQuery<{ id: string }>(
    'select id from case_file.online_request where reference = $1',
    [reference],
  );
  return { id: row?.id ?? '', reference };
}

/** From the link on the request to the people page, each form sent as it is shown. */
async function toPeople(id: string, actor: Actor): Promise<Response> {
  const child = await pages.get(`/requests?online=${id}`, actor);
  const next = await pages.post('/requests/child', actor, asShown(child));
  if (headingOf(next) !== 'Is this a child we know?') return next;
  return pages.post('/requests/duplicates', actor, {
    ...asShown(next),
    decided: 'new',
    why: 'Another family: the names of the parents differ.',
  });
}

const caseOf = (entered: Response): string =>
  /\/cases\/([0-9a-f-]+)\//.exec(String(entered.headers['location']))?.[1] ?? '';

describe('opening an online request', () => {
  it('counts from the day it was sent: sent on the 1st and opened on the 9th, it is due six weeks from the 1st', async () => {
    const { caseworker } = county.world;
    const { id, reference } = await sent(aParent);
    county.world.clock.moveTo('2026-06-09');
    pages.forgetSessions();
    const today = await pages.get('/', caseworker);
    expect(today.text).toContain(reference);
    expect(today.text).toContain('Late');
    expect(today.text).toContain('13 July 2026');
    const shown = await pages.get(`/online-requests/${id}`, caseworker);
    expect(shown.text).toContain('She cannot read yet.');
    expect(shown.text).toContain('12 Fern Rise');
    const child = await pages.get(`/requests?online=${id}`, caseworker);
    expect(child.text).toContain('value="Clover"');
    const like = await pages.post('/requests/child', caseworker, { ...aParent.child, online: id, postcode: 'LV4 1AB' });
    expect(headingOf(like)).toBe('The request and the people around the child');
    expect(like.text).toContain('counts from that day whenever it is opened');
    for (const filled of ['value="Fern"', 'value="12 Fern Rise"', 'value="Polish"', 'value="large-print" selected'])
      expect(like.text).toContain(filled);
    expect(like.text).not.toContain('name="on-day"');
    const all = {
      ...hiddenOf(like),
      from: 'parent',
      setting: county.settingId,
      'p1-firstNames': 'Fern',
      'p1-lastName': 'Inventedparent',
      'p1-relationship': 'parent',
      'p1-responsibility': 'yes',
      'p1-second': county.world.senior.staffId,
      'p1-channel': 'post',
      'p1-format': 'large-print',
      'p1-interpreter': 'Polish',
      'p1-line1': '12 Fern Rise',
      'p1-town': 'Levelham',
      'p1-postcode': 'LV4 1AB',
      // Not even a hand-made form moves the day.
      'on-day': '9',
      'on-month': '6',
      'on-year': '2026',
    };
    const check = await pages.post('/requests/check', caseworker, all);
    expect([check.status, headingOf(check)]).toEqual([200, 'Check before you enter this request']);
    expect(check.text).toContain('1 June 2026');
    const entered = await pages.post('/requests/enter', caseworker, hiddenOf(check));
    expect(entered.status).toBe(303);
    const childId = /\/cases\/([0-9a-f-]+)\//.exec(String(entered.headers['location']))?.[1] ?? '';
    const [due] = await county.world.test.ownerQuery<{ due: string }>(
      `select due_by::text as due from engine.deadline d join engine.run r on r.id = d.run_id
       where r.child_id = $1 and d.duty = 'assessment.decide-whether-to-assess'`,
      [childId],
    );
    expect(due?.due).toBe('2026-07-13');
    const [fact] = await county.world.test.ownerQuery<{ on: string; how: string }>(
      `select f.on_day::text as on, f.payload ->> 'how' as how from engine.fact f join engine.run r on r.id = f.run_id
       where r.child_id = $1`,
      [childId],
    );
    expect(fact).toEqual({ on: '2026-06-01', how: 'online' });
    // Nobody of the family is written to before the second person has said their own word.
    const letters = () =>
      county.world.test.ownerQuery<{ letter: string }>('select letter from letters.letter where child_id = $1', [
        childId,
      ]);
    expect(await letters()).toEqual([]);
    const [waiting] = /\/cases\/[0-9a-f-]+\/people\/[0-9a-f-]+\/waiting\/responsibility/.exec(
      (await pages.get(`/cases/${childId}/people`, county.world.senior)).text,
    ) ?? [''];
    const asked = await pages.get(waiting, county.world.senior);
    await pages.post(waiting, county.world.senior, { ...hiddenOf(asked), answer: 'confirm' });
    expect(await letters()).toEqual([{ letter: 'assessment.ack-request' }]);
    const [note] = await county.world.test.ownerQuery<{ kind: string; text: string }>(
      'select kind, text from case_file.note where child_id = $1',
      [childId],
    );
    expect(note).toEqual({ kind: 'family-views', text: aParent.worries.worries });
    expect(
      await county.world.test.ownerQuery(
        "select interpreter, format from case_file.relationship where child_id = $1 and kind = 'parent'",
        [childId],
      ),
    ).toEqual([{ interpreter: 'Polish', format: 'large-print' }]);
    const again = await pages.get(`/requests?online=${id}`, caseworker);
    expect([again.status, headingOf(again)]).toEqual([409, `Online request ${reference} is no longer waiting`]);
    expect((await pages.get('/', caseworker)).text).not.toContain(reference);
    expect((await pages.get(`/online-requests/${id}`, caseworker)).text).toContain('Opened into a case');
    const [audit] = await county.world.test.ownerQuery<{ count: number }>(
      "select count(*)::int as count from access.audit where action = 'openOnlineRequest' and child_id = $1 and object = $2",
      [childId, `online request ${id}`],
    );
    expect(audit?.count).toBe(1);
  });

  it('keeps an address that must not be shared out of every page, and puts it where such addresses are', async () => {
    const { caseworker, senior } = county.world;
    const hidden = { ...aParent, child: { ...aParent.child, firstNames: 'Willow' } };
    const { id, reference } = await sent({
      ...hidden,
      home: { ...aParent.home, 'home-line1': '77 Hidden Hollow', protect: 'yes', notToBeTold: 'Her father' },
    });
    const shown = await pages.get(`/online-requests/${id}`, caseworker);
    expect(shown.text).toContain('Address not to be shared');
    expect(shown.text).toContain('Her father');
    const people = await toPeople(id, caseworker);
    expect(headingOf(people)).toBe('The request and the people around the child');
    const typed = { ...asShown(people), 'p1-second': senior.staffId };
    const open = await pages.post('/requests/check', caseworker, { ...typed, 'p1-protect': 'no' });
    expect([open.status, open.text.includes('Select that this address is not to be shared')]).toEqual([422, true]);
    const check = await pages.post('/requests/check', caseworker, typed);
    expect(headingOf(check)).toBe('Check before you enter this request');
    const entered = await pages.post('/requests/enter', caseworker, hiddenOf(check));
    const childId = caseOf(entered);
    const after = await pages.get(`/cases/${childId}/people`, caseworker);
    for (const page of [shown, people, open, check, after]) expect(page.text).not.toMatch(/Hidden Hollow|LV4 ?1AB/i);
    expect(
      await county.world.test.ownerQuery(
        `select p.reason, p.confirmed_by, p.from_day::text as from from case_file.protected_address p
         join case_file.relationship r on r.person_id = p.person_id where r.child_id = $1`,
        [childId],
      ),
    ).toEqual([
      {
        reason: `Asked for in online request ${reference} of 1 June 2026.`,
        confirmed_by: null,
        from: '2026-06-01',
      },
    ]);
    const inTheOpen = await county.world.test.ownerQuery(
      "select * from case_file.address where array_to_string(lines, ' ') like '%Hidden Hollow%'",
    );
    expect(inTheOpen).toEqual([]);
    // To those who need it, with a reason and a trace.
    expect((await pages.post(`/online-requests/${id}/address`, caseworker, { reason: 'short' })).status).toBe(422);
    const told = await pages.post(`/online-requests/${id}/address`, caseworker, {
      reason: 'To check with her on the phone.',
    });
    expect(told.text).toContain('77 Hidden Hollow');
    const [trace] = await county.world.test.ownerQuery<{ fields: string[] }>(
      "select fields from access.audit where action = 'readOnlineRequest' and reason = 'To check with her on the phone.'",
    );
    expect(trace?.fields).toContain('address');
    const person = /people\/([0-9a-f-]{36})\/address/.exec(after.text)?.[1] ?? '';
    const read = await pages.post(`/cases/${childId}/people/${person}/address`, caseworker, {
      reason: 'To check with her on the phone.',
    });
    expect(read.text).toContain('77 Hidden Hollow');
  });

  it('protects the home of a child whose parent lives elsewhere', async () => {
    const { caseworker, senior } = county.world;
    const { id } = await sent({
      who: aParent.who,
      child: { ...aParent.child, firstNames: 'Hazel', lastName: 'Inventedapart' },
      home: { ...aParent.home, 'home-line1': '5 Secret Spinney', protect: 'yes' },
      setting: {},
      you: { ...aParent.you, together: 'no' },
      yours: { 'you-line1': '6 Other Orchard', 'you-postcode': 'LV7 1AB' },
      reach: aParent.reach,
      worries: {},
    });
    const people = await toPeople(id, caseworker);
    const check = await pages.post('/requests/check', caseworker, {
      ...asShown(people),
      'p1-second': senior.staffId,
    });
    const childId = caseOf(await pages.post('/requests/enter', caseworker, hiddenOf(check)));
    const [own] = await county.world.test.ownerQuery<{ person_id: string }>(
      `select p.person_id from case_file.protected_address p join case_file.child c on c.person_id = p.person_id where c.id = $1`,
      [childId],
    );
    const read = await pages.post(`/cases/${childId}/people/${own?.person_id ?? ''}/address`, caseworker, {
      reason: 'To check where the child lives.',
    });
    expect(read.text).toContain('5 Secret Spinney');
    expect(
      await county.world.test.ownerQuery(
        "select * from case_file.address where array_to_string(lines, ' ') ~ 'Secret Spinney|Other Orchard'",
      ),
    ).toEqual([]);
  });

  it('has one winner where two open it at once, and tells the other who it was', async () => {
    const { caseworker, senior } = county.world;
    const { id } = await sent({ ...aParent, child: { ...aParent.child, lastName: 'Inventedrace' } });
    const ready = async (actor: Actor) => {
      const people = await toPeople(id, actor);
      const check = await pages.post('/requests/check', actor, asShown(people));
      return hiddenOf(check);
    };
    const [mine, theirs] = [await ready(caseworker), await ready(senior)];
    const answers = await Promise.all([
      pages.post('/requests/enter', caseworker, mine),
      pages.post('/requests/enter', caseworker, mine),
      pages.post('/requests/enter', senior, theirs),
    ]);
    expect(answers.map((one) => one.status).sort()).toEqual(
      answers[2]?.status === 303 ? [303, 409, 409] : [303, 303, 409],
    );
    const lost = answers.find((one) => one.status === 409);
    expect(lost?.text).toMatch(/(Dana Whitlock|Sam Okafor) opened this request into a case at 10am on 1 June 2026/);
    const [made] = await county.world.test.ownerQuery<{ children: number; runs: number }>(
      `select (select count(*)::int from case_file.child where last_name = 'Inventedrace') as children,
        (select count(*)::int from engine.run r join case_file.child c on c.id = r.child_id where c.last_name = 'Inventedrace') as runs`,
    );
    expect(made).toEqual({ children: 1, runs: 1 });
  });

  it('shows a child who may be known, keeps who decided and why, and changes nothing on record', async () => {
    const { caseworker } = county.world;
    const { id } = await sent({
      ...aParent,
      child: {
        firstNames: 'Marigold',
        lastName: 'Inventedname',
        'born-day': '4',
        'born-month': '5',
        'born-year': '2016',
      },
      home: { ...aParent.home, protect: 'yes' },
    });
    const child = await pages.get(`/requests?online=${id}`, caseworker);
    const like = await pages.post('/requests/child', caseworker, asShown(child));
    expect(headingOf(like)).toBe('Is this a child we know?');
    const people = await pages.post('/requests/duplicates', caseworker, {
      ...asShown(like),
      decided: county.known.id,
      why: 'Same name, same day of birth, and the school says so.',
    });
    expect(people.text).toContain('Add Fern Inventedparent below only if they are not on record yet');
    expect(asShown(people)['p1-lastName']).toBe('');
    const added = await pages.post('/requests/check', caseworker, { ...asShown(people), step: 'add-asker' });
    expect(asShown(added)['p1-lastName']).toBe('Inventedparent');
    const check = await pages.post('/requests/check', caseworker, asShown(people));
    const entered = await pages.post('/requests/enter', caseworker, hiddenOf(check));
    expect(caseOf(entered)).toBe(county.known.id);
    const [match] = await county.world.test.ownerQuery<{ outcome: string; why: string; confirmed_by: string }>(
      'select outcome, why, confirmed_by from case_file.duplicate_check where child_id = $1',
      [county.known.id],
    );
    expect(match).toEqual({
      outcome: 'match',
      why: 'Same name, same day of birth, and the school says so.',
      confirmed_by: caseworker.staffId,
    });
    expect((await pages.get(`/cases/${county.known.id}/people`, caseworker)).text).not.toContain('Fern');
    expect((await pages.get('/', caseworker)).text).toContain('Check that it is protected on this case');
  });

  it('shows a child whom somebody entered while the form was open', async () => {
    const { caseworker, senior } = county.world;
    const twin = { ...aParent, child: { ...aParent.child, firstNames: 'Juniper', lastName: 'Inventedtwice' } };
    const [first, second] = [await sent(twin), await sent(twin)];
    const ready = async (id: string, actor: Actor) => {
      const check = await pages.post('/requests/check', actor, asShown(await toPeople(id, actor)));
      expect(headingOf(check)).toBe('Check before you enter this request');
      return hiddenOf(check);
    };
    const [mine, theirs] = [await ready(first.id, caseworker), await ready(second.id, senior)];
    expect((await pages.post('/requests/enter', caseworker, mine)).status).toBe(303);
    const late = await pages.post('/requests/enter', senior, theirs);
    expect([late.status, headingOf(late)]).toEqual([200, 'Is this a child we know?']);
    expect((await pages.get(`/online-requests/${second.id}`, senior)).text).toContain('Open this request');
  });

  it('writes to a young person who asks as to the child of the case', async () => {
    const { caseworker } = county.world;
    const { you: _, ...rest } = aParent;
    const { id } = await sent({
      ...rest,
      who: { who: 'young-person' },
      child: { ...aParent.child, firstNames: 'Rush', 'born-year': '2009' },
      reach: { channel: 'email', email: 'rush@invented.example', format: 'easy-read' },
    });
    expect((await pages.get(`/online-requests/${id}`, caseworker)).text).toContain(
      'Nobody has checked what stands here',
    );
    const people = await toPeople(id, caseworker);
    const check = await pages.post('/requests/check', caseworker, asShown(people));
    const childId = caseOf(await pages.post('/requests/enter', caseworker, hiddenOf(check)));
    expect(
      await county.world.test.ownerQuery(
        `select r.kind, r.safe_channel, r.email_agreed, r.format, c.value as email, a.postcode
         from case_file.relationship r
         join case_file.contact_point c on c.person_id = r.person_id and c.until_day is null
         join case_file.address a on a.person_id = r.person_id and a.until_day is null
         where r.child_id = $1 and r.until_day is null`,
        [childId],
      ),
    ).toEqual([
      {
        kind: 'self',
        safe_channel: 'email',
        email_agreed: true,
        format: 'easy-read',
        email: 'rush@invented.example',
        postcode: 'LV4 1AB',
      },
    ]);
  });

  it('takes a request of a school, with the parent it names beside the child', async () => {
    const { caseworker } = county.world;
    const { id } = await sent({
      who: { who: 'school' },
      child: { ...aParent.child, firstNames: 'Teasel' },
      home: { ...aParent.home, protect: 'no' },
      setting: aParent.setting,
      you: { 'you-firstNames': 'Bo', 'you-lastName': 'Inventedhead', role: 'SENCO' },
      family: { 'parent-firstNames': 'Ash', 'parent-lastName': 'Inventedparent' },
      reach: { channel: 'email', email: 'bo@school.example' },
      worries: aParent.worries,
    });
    const people = await toPeople(id, caseworker);
    expect(people.text).toContain('sent by Bo Inventedhead, SENCO');
    expect(asShown(people)).toMatchObject({
      from: 'school',
      setting: county.settingId,
      'p1-firstNames': 'Ash',
      'p1-responsibility': 'not-known',
      // A parent whom somebody else names may live anywhere.
      'p1-line1': '',
    });
    const check = await pages.post('/requests/check', caseworker, asShown(people));
    const childId = caseOf(await pages.post('/requests/enter', caseworker, hiddenOf(check)));
    const letters = await county.world.test.ownerQuery<{ letter: string }>(
      'select letter from letters.letter where child_id = $1 order by letter',
      [childId],
    );
    expect(letters.map((one) => one.letter)).toContain('assessment.ack-request-setting');
  });
});

describe('the pages of online requests', () => {
  it('answers ids that are none, and roles that have no business here, as if there were nothing', async () => {
    const { caseworker, administrator } = county.world;
    const { id } = await sent(aParent);
    for (const odd of ['x', '01890000-0000-7000-8000-000000000000', "' or 1=1", '%00', '..%2f'])
      for (const tail of ['', '/close', '/address'])
        expect([404, 400]).toContain(
          (await pages.get(`/online-requests/${encodeURIComponent(odd)}${tail}`, caseworker)).status,
        );
    for (const query of ['online=x', 'online=', 'online=a&online=b', `online=${id}&online=${id}`])
      expect((await pages.get(`/requests?${query}`, caseworker)).status).toBe(404);
    expect((await pages.post('/requests/check', caseworker, { online: 'x' })).status).toBe(404);
    expect((await pages.post('/requests/enter', caseworker, { online: id, key: 'request:none' })).status).toBe(422);
    for (const path of ['/online-requests', `/online-requests/${id}`, `/online-requests/${id}/close`])
      expect((await pages.get(path, administrator)).status).toBe(404);
    expect((await pages.get(`/online-requests/${id}/address`, caseworker)).status).toBe(404);
    expect((await pages.post(`/online-requests/${id}/close`, county.stranger, { outcome: 'test' })).status).toBe(404);
  });
});

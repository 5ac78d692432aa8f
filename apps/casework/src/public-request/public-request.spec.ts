import { headingOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';
import { aParent, Visitor } from '../../../../test/builders/visitor';
import request from 'supertest';

let county: SmallCounty;
let pages: PageApp;

beforeAll(async () => {
  county = await smallCounty('2026-06-01');
  pages = await PageApp.open(county.world, 0, undefined, { submission: 1000 });
}, 120_000);

afterAll(async () => {
  await pages.close();
  await county.world.close();
});

const count = async (): Promise<number> =>
  (
    await county.world.test.ownerQuery<{ count: number }>('select count(*)::int as count from case_file.online_request')
  )[0]?.count ?? -1;

const waiting = async (reference: string): Promise<string> =>
  (
    await county.world.test.ownerQuery<{ id: string }>('select id from case_file.online_request where reference = $1', [
      reference,
    ])
  )[0]?.id ?? '';

/** Sends it, and gives the reference on the last page. */
async function send(visitor: Visitor): Promise<string> {
  const sent = await visitor.post('send');
  expect(String(sent.headers['location'])).toMatch(/\/sent$/);
  const page = await visitor.get('/sent');
  return /ASK-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(page.text)?.[0] ?? '';
}

const asks = (): Visitor => new Visitor(pages.origin);

describe('asking without an account', () => {
  it('leads from page to page, counts from the day it is sent, and says what happens next', async () => {
    const start = await asks().get();
    expect(start.status).toBe(200);
    expect(start.text).toContain('You do not need an account, a diagnosis, a report');
    expect(start.text).toContain('13 July 2026');
    const visitor = asks();
    expect(await visitor.walk(aParent)).toBe('check');
    const check = await visitor.get('/check');
    expect(headingOf(check)).toBe('Check your answers');
    for (const told of ['Clover Inventedparent', '4 May 2018', '12 Fern Rise', 'LV4 1AB', 'Polish', 'Large print'])
      expect(check.text).toContain(told);
    const before = await count();
    const reference = await send(visitor);
    const page = await visitor.get('/sent');
    expect(headingOf(page)).toBe('We have your request');
    expect(page.text).toContain('We got it on 1 June 2026');
    expect(page.text).toContain('13 July 2026');
    expect(page.text).toContain('2 June 2026');
    expect(page.text).toContain('send@levelshire.example');
    expect(page.text).not.toContain('Clover');
    expect(await count()).toBe(before + 1);
    // Pressed again, reloaded, or gone back to: the first result is shown, and nothing happens twice.
    const again = await visitor.post('send');
    expect([again.status, again.headers['location']]).toEqual([303, '/levelshire/ask-for-an-assessment/sent']);
    expect((await visitor.get('/check')).headers['location']).toMatch(/\/sent$/);
    expect((await visitor.post('who', { who: 'school' })).headers['location']).toMatch(/\/sent$/);
    expect((await visitor.get('/sent')).text).toContain(reference);
    expect(await count()).toBe(before + 1);
    // Another request of the same browser is one of its own.
    await visitor.get('/questions/who');
    expect(await visitor.walk(aParent)).toBe('check');
    expect(await send(visitor)).not.toBe(reference);
    expect(await count()).toBe(before + 2);
  });

  it('makes one request of two presses in the same moment', async () => {
    const visitor = asks();
    await visitor.walk(aParent);
    const before = await count();
    const both = await Promise.all(Array.from({ length: 4 }, () => visitor.post('send')));
    expect(both.map((one) => one.headers['location'])).toEqual(
      Array.from({ length: 4 }, () => '/levelshire/ask-for-an-assessment/sent'),
    );
    expect(await count()).toBe(before + 1);
  });

  it('asks a young person and a school what concerns them, and neither for proof', async () => {
    const young = asks();
    const { who: _, you: __, ...rest } = aParent;
    const led = await young.walk({
      who: { who: 'young-person' },
      ...rest,
      child: { ...aParent.child, 'born-year': '2009' },
      worries: {},
    });
    expect(led).toBe('check');
    expect((await young.get('/questions/you')).headers['location']).toMatch(/\/check$/);
    expect(await send(young)).toMatch(/^ASK-/);
    const school = asks();
    expect(
      await school.walk({
        who: { who: 'school' },
        child: { ...aParent.child, upn: '' },
        home: { protect: 'no' },
        setting: {},
        you: { 'you-firstNames': 'Bo', 'you-lastName': 'Inventedhead' },
        family: {},
        reach: { channel: 'email', email: 'bo@school.example' },
        worries: {},
      }),
    ).toBe('check');
    expect(await send(school)).toMatch(/^ASK-/);
  });

  it('keeps nothing readable at rest, and forgets what is not sent', async () => {
    const visitor = asks();
    await visitor.walk(aParent);
    const kept = async () =>
      JSON.stringify(
        await county.world.test.ownerQuery(
          "select d.*, encode(d.ciphertext, 'escape') as plain from case_file.online_draft d",
        ),
      );
    expect(await kept()).not.toMatch(/Clover|Fern/);
    const gone = await visitor.post('forget');
    expect(headingOf(gone)).toBe('Your answers are deleted');
    expect(visitor.cookie).toBeUndefined();
    const sender = asks();
    await sender.walk(aParent);
    const first = await send(sender);
    const late = asks();
    await late.walk(aParent);
    county.world.clock.moveTo('2026-06-02', '10:00:00');
    const ended = await late.get('/check');
    expect([ended.status, headingOf(ended)]).toEqual([410, 'Your answers are no longer here']);
    expect((await late.post('send')).status).toBe(410);
    // A day after it was sent, the same browser may ask for another child, though nobody has cleared up.
    expect((await sender.get('/sent')).status).toBe(410);
    const [old, before] = [sender.cookie, await count()];
    expect(await sender.walk({ ...aParent, child: { ...aParent.child, firstNames: 'Second' } })).toBe('check');
    expect(sender.cookie).not.toBe(old);
    expect(await send(sender)).not.toBe(first);
    expect(await count()).toBe(before + 1);
    // The same from a first page that lay open all the while, with the cookie of then: it is a request of its own.
    const open = asks();
    open.cookie = old;
    for (const [step, fields] of Object.entries(aParent)) expect((await open.post(step, fields)).status).toBe(303);
    const third = await send(open);
    expect(third).toMatch(/^ASK-/);
    expect(third).not.toBe(first);
    expect([(await open.post('send')).status, await count()]).toEqual([303, before + 2]);
    county.world.clock.moveTo('2026-06-01');
  });
});

describe('the wall', () => {
  it('lets the form put requests in and read nothing of any case', async () => {
    const asPublic = (sql: string) =>
      county.world.test.database.transaction({ authority: 'levelshire', actor: 'online-form' }, async (tx) => {
        await tx.query('set local role send_public');
        return tx.query(sql);
      });
    for (const table of [
      'case_file.child',
      'case_file.person',
      'case_file.address',
      'case_file.protected_address',
      'case_file.online_request',
      'access.staff',
      'access.audit',
      'engine.run',
      'letters.letter',
    ])
      await expect(asPublic(`select * from ${table} limit 1`)).rejects.toThrow(/permission denied/);
    await expect(asPublic("update case_file.online_request set why = 'x'")).rejects.toThrow(/permission denied/);
    await expect(asPublic('delete from case_file.online_request')).rejects.toThrow(/permission denied/);
    await expect(
      asPublic('select * from case_file.open_online_request(gen_random_uuid(), null, null, null, null)'),
    ).rejects.toThrow(/permission denied/);
    await expect(
      county.world.as(county.world.senior, (tx) => tx.query('select ciphertext from case_file.online_request')),
    ).rejects.toThrow(/permission denied/);
  });

  it('answers an authority that is none, or none of this form, with not found', async () => {
    for (const base of [
      '/nowhere/ask-for-an-assessment',
      '/LEVELSHIRE/ask-for-an-assessment',
      "/le'vel/ask-for-an-assessment",
    ]) {
      const page = await new Visitor(pages.origin, base).get('/questions/who');
      expect([base, page.status, headingOf(page)]).toEqual([base, 404, 'Page not found']);
      expect(page.text).not.toContain('Go to Today');
    }
    expect((await asks().get('/questions/nothing')).status).toBe(404);
    expect((await pages.get('/ask-for-an-assessment')).text).toContain('/harrowmoor/ask-for-an-assessment');
  });

  it('shows nothing to another authority, and says the same of a child who is known as of one who is not', async () => {
    const known = asks();
    await known.walk({
      ...aParent,
      child: {
        firstNames: 'Marigold',
        lastName: 'Inventedname',
        'born-day': '4',
        'born-month': '5',
        'born-year': '2016',
      },
    });
    const unknown = asks();
    await unknown.walk(aParent);
    const told = async (visitor: Visitor) => {
      const reference = await send(visitor);
      return (await visitor.get('/sent')).text.replaceAll(reference, '').replace(/nonce="[^"]+"/g, '');
    };
    expect(await told(known)).toBe(await told(unknown));
    const reference = await send(known);
    const id = await waiting(reference);
    for (const tail of ['', '/close', '/address'])
      expect((await pages.get(`/online-requests/${id}${tail}`, county.stranger)).status).toBe(404);
    expect((await pages.get(`/requests?online=${id}`, county.stranger)).status).toBe(404);
    expect((await pages.get('/online-requests', county.stranger)).text).not.toContain(reference);
    expect((await pages.get('/', county.stranger)).text).not.toContain(reference);
    expect((await pages.get(`/online-requests/${id}`, county.world.administrator)).status).toBe(404);
    expect((await pages.get('/online-requests', county.world.caseworker)).text).toContain(reference);
    // Nor does the cookie of one council's form open anything of another's.
    const elsewhere = new Visitor(pages.origin, '/harrowmoor/ask-for-an-assessment');
    elsewhere.cookie = known.cookie;
    expect((await elsewhere.get('/sent')).status).toBe(410);
  });

  it('takes no form that is not from a page of its own', async () => {
    const visitor = asks();
    await visitor.walk({ who: aParent.who });
    for (const [token, headers] of [
      ['', {}],
      ['wrong', {}],
      [undefined, { Origin: 'https://elsewhere.example' }],
      [undefined, { 'Sec-Fetch-Site': 'cross-site' }],
    ] as const)
      for (const step of ['child', 'send', 'forget']) {
        const answer = await visitor.post(step, aParent.child, { ...(token === undefined ? {} : { token }), headers });
        expect([step, answer.status, headingOf(answer)]).toEqual([step, 403, 'We could not take that page']);
      }
    const bare = asks();
    expect((await bare.post('who', { who: 'parent' })).status).toBe(403);
    bare.cookie = 'x'.repeat(5000);
    expect((await bare.post('who', { who: 'parent' })).status).toBeLessThan(500);
  });

  it('slows down whoever sends without end, and keeps their answers', async () => {
    await county.world.test.ownerQuery('delete from access.tries');
    const slow = await PageApp.open(county.world, 0, undefined, { submission: 2 });
    try {
      const statuses: number[] = [];
      let last = new Visitor(slow.origin);
      for (let n = 0; n < 3; n += 1) {
        last = new Visitor(slow.origin);
        await last.walk(aParent);
        statuses.push((await last.post('send')).status);
      }
      expect(statuses).toEqual([303, 303, 429]);
      const refused = await last.post('send');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.text).not.toContain('Go to Today');
      expect((await last.get('/check')).text).toContain('Clover Inventedparent');
    } finally {
      await slow.close();
      await county.world.test.ownerQuery('delete from access.tries');
    }
  });
});

describe('bad input', () => {
  const long = 'x'.repeat(20_000);
  const rows: readonly [step: string, fields: Record<string, string | string[]>, message: string][] = [
    ['who', {}, 'Select who is asking'],
    ['who', { who: 'the-pope' }, 'Select who is asking'],
    ['who', { who: ['constructor', 'parent'] }, 'Select who is asking'],
    ['child', {}, 'Enter a first name'],
    ['child', { ...aParent.child, firstNames: '   ' }, 'Enter a first name'],
    ['child', { ...aParent.child, firstNames: '<script>alert(1)</script>' }, 'First name must only include letters'],
    ['child', { ...aParent.child, lastName: long }, 'Last name must be 120 characters or fewer'],
    ['child', { ...aParent.child, 'born-year': '' }, 'Date of birth must include a year'],
    ['child', { ...aParent.child, 'born-day': '31', 'born-month': '2' }, 'Date of birth must be a real date'],
    ['child', { ...aParent.child, 'born-day': ['31', '4'], 'born-month': '2' }, 'Date of birth must be a real date'],
    ['child', { ...aParent.child, 'born-year': '18' }, 'Year must include 4 numbers'],
    ['child', { ...aParent.child, 'born-year': '2027' }, 'Date of birth must be today or in the past'],
    ['child', { ...aParent.child, 'born-year': '2001' }, 'Date of birth must be less than 25 years ago'],
    ['child', { ...aParent.child, 'born-year': '0001' }, 'Date of birth must be'],
    ['home', {}, 'Select yes if there is anyone who must not be told'],
    ['home', { ...aParent.home, protect: 'perhaps' }, 'Select yes if there is anyone who must not be told'],
    ['home', { ...aParent.home, 'home-postcode': 'nowhere' }, 'Enter a full UK postcode'],
    ['home', { ...aParent.home, 'home-line1': '', 'home-town': '' }, 'Enter address line 1'],
    ['home', { ...aParent.home, 'home-line1': long }, 'Each address line must be 120 characters or fewer'],
    ['home', { ...aParent.home, protect: 'yes', notToBeTold: long }, 'Who must not be told must be 1,000 characters'],
    ['setting', { setting: long }, 'Name of the school, college or nursery must be 200 characters or fewer'],
    ['you', {}, 'Enter a first name'],
    ['you', { ...aParent.you, relationship: 'self' }, 'Select what you are to the child'],
    ['you', { ...aParent.you, responsibility: 'court-limited' }, 'Select whether you have parental responsibility'],
    ['you', { ...aParent.you, together: '' }, 'Select whether you live at the same address'],
    ['reach', {}, 'Select how we may send you our letters'],
    ['reach', { channel: 'pigeon' }, 'Select how we may send you our letters'],
    ['reach', { channel: 'email' }, 'Enter your email address, or choose another way'],
    ['reach', { channel: 'email', email: 'a@b\r\nBcc: c@d.example' }, 'Enter an email address in the correct format'],
    ['reach', { channel: 'phone' }, 'Enter the phone number that we can ring'],
    ['reach', { channel: 'phone', phone: '12' }, 'Enter a phone number, like'],
    ['reach', { ...aParent.reach, interpreter: long }, 'Language of an interpreter must be 60 characters or fewer'],
    ['reach', { ...aParent.reach, format: 'papyrus' }, 'Select how our letters should look, from the list'],
    ['worries', { worries: long }, 'What you write must be 5,000 characters or fewer'],
  ];

  it.each(rows.map(([step, fields, message]) => [step, message, fields] as const))(
    'on %s says: %s',
    async (step, message, fields) => {
      const visitor = asks();
      await visitor.walk({ who: aParent.who, child: aParent.child, home: aParent.home });
      const before = await county.world.test.ownerQuery('select * from case_file.online_draft order by id_hash');
      const answer = await visitor.post(step, fields);
      expect([answer.status, answer.text.includes('There is a problem')]).toEqual([422, true]);
      expect(answer.text).toMatch(/<title[^>]*>Error: /);
      expect(answer.text).toContain(message);
      expect(answer.text.split(message).length).toBeGreaterThan(2);
      expect(answer.text).not.toContain('<script>alert');
      const summary = [...answer.text.matchAll(/<a href="#([^"]+)"/g)].map(([, id]) => id);
      for (const id of summary) expect(answer.text).toContain(`id="${id ?? ''}"`);
      expect(await county.world.test.ownerQuery('select * from case_file.online_draft order by id_hash')).toEqual(
        before,
      );
    },
  );

  it('tells whoever is under 16 who can ask for them, and whoever gave no address that post will not reach them', async () => {
    const young = asks();
    await young.walk({ who: { who: 'young-person' } });
    const answer = await young.post('child', { ...aParent.child, 'born-year': '2011' });
    expect([answer.status, answer.text.includes('You must be 16 or over to ask for yourself')]).toEqual([422, true]);
    const nowhere = asks();
    await nowhere.walk({ ...aParent, home: { protect: 'yes' } });
    expect((await nowhere.post('reach', { channel: 'post' })).text).toContain('You gave no address to post to');
  });

  it('goes back to an answer that another page has made wrong, and says what is wrong', async () => {
    const visitor = asks();
    await visitor.walk({ ...aParent, reach: { channel: 'post' } });
    const changed = await visitor.post('home', { protect: 'no' });
    expect(changed.headers['location']).toMatch(/\/reach$/);
    const page = await visitor.get('/questions/reach');
    expect([page.status, page.text.includes('You gave no address to post to')]).toEqual([200, true]);
    // Somebody else asks after all: their own pages are asked, and the others are not sent.
    await visitor.post('who', { who: 'school' });
    expect((await visitor.get('/check')).headers['location']).toMatch(/\/you$|\/family$/);
  });

  it('answers what no form of ours sends with a page for families, and never with a fault of the service', async () => {
    const visitor = asks();
    await visitor.walk({ who: aParent.who });
    const path = '/levelshire/ask-for-an-assessment/questions/child';
    const send = (method: 'put' | 'delete' | 'post', type: string, body: string) =>
      request(pages.origin)
        [method](path)
        .set('Cookie', `ask=${visitor.cookie ?? ''}`)
        .type(type)
        .send(body)
        .redirects(0)
        .ok(() => true);
    const answers = [
      [await send('put', 'form', ''), 405],
      [await send('delete', 'form', ''), 405],
      [await send('post', 'json', '{"firstNames":["x"]}'), 403],
      [await send('post', 'form', `worries=${'x'.repeat(1_100_000)}`), 413],
      [await send('post', 'form', Array.from({ length: 2000 }, (_, n) => `f${n}=x`).join('&')), 413],
      [await visitor.get(`/${'x'.repeat(3000)}`), 414],
      [await visitor.get('/questions/%E0%A4%A'), 400],
    ] as const;
    for (const [answer, status] of answers) {
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('Go to Today');
      expect(answer.text).toContain('ask-for-an-assessment');
    }
  });

  it('keeps the order: no page is skipped, and none is reached without the ones before', async () => {
    const visitor = asks();
    await visitor.walk({ who: aParent.who, child: aParent.child });
    const before = await count();
    for (const step of ['check', 'sent']) expect((await visitor.get(`/${step}`)).status).toBe(303);
    expect((await visitor.post('send')).headers['location']).toMatch(/\/home$/);
    expect(await count()).toBe(before);
    const odd = await visitor.post('child', { [`x`.repeat(300)]: 'y', __proto__: 'z', ...aParent.child });
    expect(odd.status).toBe(303);
    expect((await visitor.post('nothing', {})).status).toBe(404);
    expect((await asks().post('child', aParent.child)).status).toBe(403);
  });
});

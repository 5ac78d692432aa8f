import { headingOf, hiddenOf, PageApp, testSecret } from '../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../test/builders/small-county';
import { writeSignInCode } from '@send/pages';
import request from 'supertest';

let county: SmallCounty;
let pages: PageApp;
let caseId: string;

beforeAll(async () => {
  county = await smallCounty('2026-04-20');
  pages = await PageApp.open(county.world);
  caseId = county.known.id;
  await county.world.request({
    child: county.known,
    settingId: county.settingId,
    parents: [],
    advisers: { health: '', social: '', psychology: '' },
  });
}, 120_000);

afterAll(async () => {
  await pages.close();
  await county.world.close();
});

describe('sign-in', () => {
  it('takes back whoever the sign-in says, once, and only in the browser that asked', async () => {
    const { caseworker } = county.world;
    const state = 'state-of-this-browser';
    const code = writeSignInCode(
      testSecret,
      { authority: 'levelshire', staffId: caseworker.staffId, state },
      new Date(),
    );
    const back = (cookie: string, given = code) =>
      request(pages.origin)
        .get(`/sign-in/back?code=${given}`)
        .set('Cookie', cookie)
        .ok(() => true)
        .redirects(0);
    expect((await back('sign-in=another-browser')).status).toBe(403);
    expect((await back(`sign-in=${state}`, `${code}x`)).status).toBe(403);
    const taken = await back(`sign-in=${state}`);
    expect(taken.status).toBe(303);
    expect(String(taken.headers['set-cookie'])).toMatch(
      /session=levelshire\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/,
    );
    expect((await back(`sign-in=${state}`)).status).toBe(403);
  });

  it('sends whoever is not signed in to sign in, and ends a session on the server', async () => {
    expect(
      (
        await request(pages.origin)
          .get('/cases')
          .redirects(0)
          .ok(() => true)
      ).headers['location'],
    ).toBe('/sign-in?to=%2Fcases');
    const other = county.world.administrator;
    const cookie = await pages.cookie(other);
    expect((await pages.post('/sign-out', other)).status).toBe(303);
    const after = await request(pages.origin)
      .get('/operator')
      .set('Cookie', `session=${cookie}`)
      .redirects(0)
      .ok(() => true);
    expect(after.headers['location']).toBe('/signed-out?to=%2Foperator');
  });
});

describe('every page', () => {
  const paths = () => [
    '/',
    '/cases',
    '/cases?owner=all&due=week',
    '/search',
    '/requests',
    '/approvals',
    ...[
      '',
      '/tasks',
      '/dates',
      '/advice',
      '/consultations',
      '/plan',
      '/provision',
      '/letters',
      '/people',
      '/activity',
      '/record',
      '/record/decideToAssess',
      '/record/askForAdvice',
      '/record/decideNotToAssess',
      '/record/relyOnException',
    ].map((page) => `/cases/${caseId}${page}`),
    '/help',
    '/accessibility',
    '/privacy',
    '/cookies',
  ];

  it('has one heading, a title that ends with the service, the banner and the headers', async () => {
    for (const path of paths()) {
      const page = await pages.get(path, county.world.caseworker);
      expect([path, page.status]).toEqual([path, 200]);
      expect([path, page.text.match(/<h1/g)?.length]).toEqual([path, 1]);
      expect(page.text).toContain('All people and data here are invented');
      expect(page.text).toMatch(/<title ?>[^<]+ - SEND casework<\/title>/);
      expect(page.text).not.toMatch(/GOV\.UK|GDS Transport|crown|undefined|\[object/);
      expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-.+'; style-src 'self'/);
      expect(page.headers['cache-control']).toBe('no-store');
    }
  }, 30_000);

  it('leaves its trace in the audit', async () => {
    const count = () =>
      county.world.test.ownerQuery<{ count: number }>(
        "select count(*)::int as count from access.audit where child_id = $1 and action = 'openCaseOverview' and outcome = 'done'",
        [caseId],
      );
    const [before] = await count();
    await pages.get(`/cases/${caseId}`, county.world.senior);
    const [after] = await count();
    expect((after?.count ?? 0) - (before?.count ?? 0)).toBe(1);
  });

  it('answers another authority, an unknown id and no id alike', async () => {
    for (const tail of [
      '',
      '/dates',
      '/letters',
      '/record',
      '/people',
      '/record/decideToAssess',
      '/plan',
      '/provision',
    ]) {
      const stranger = await pages.get(`/cases/${caseId}${tail}`, county.stranger);
      const unknown = await pages.get(`/cases/01890000-0000-7000-8000-000000000000${tail}`, county.world.caseworker);
      const odd = await pages.get(`/cases/not-an-id${tail}`, county.world.caseworker);
      expect([stranger.status, unknown.status, odd.status]).toEqual([404, 404, 404]);
      expect(headingOf(stranger)).toBe('Page not found');
      expect(headingOf(unknown)).toBe(headingOf(stranger));
    }
    expect((await pages.get('/operator', county.world.caseworker)).status).toBe(404);
    expect((await pages.get(`/cases/${caseId}`, county.stranger)).text).not.toContain('Marigold');
  });
});

it('the overview reminds of what is still to do, and no longer of what is done', async () => {
  const { test, caseworker } = county.world;
  const [open, done] = await test.ownerQuery<{ run: string; key: string }>(
    `select d.run_id as run, d.key from engine.deadline d join engine.run r on r.id = d.run_id
     where r.child_id = $1 order by (d.met_on is not null) limit 2`,
    [caseId],
  );
  for (const [name, deadline] of Object.entries({ still: open, settled: done })) {
    const [reminder] = await test.ownerQuery<{ id: string }>(
      `insert into engine.reminder (authority_id, run_id, deadline_key, rung, due_by, fire_at)
       values ('levelshire', $1, $2, 'spec', '2026-06-01', now()) returning id`,
      [deadline?.run, deadline?.key],
    );
    await test.ownerQuery(
      `insert into case_file.notice (id, authority_id, key, kind, child_id, reminder_id, text)
       values (gen_random_uuid(), 'levelshire', $1, 'notice', $2, $3, $1)`,
      [`Reminder ${name}`, caseId, reminder?.id],
    );
  }
  await test.ownerQuery('update engine.deadline set met_on = $3 where run_id = $1 and key = $2 and met_on is null', [
    done?.run,
    done?.key,
    '2026-04-20',
  ]);
  const page = await pages.get(`/cases/${caseId}`, caseworker);
  expect(page.text).toContain('Reminder still');
  expect(page.text).not.toContain('Reminder settled');
  await test.ownerQuery("delete from case_file.notice where key like 'Reminder %'");
});

describe('recording an event', () => {
  it('asks, shows what will happen, and does it once', async () => {
    const { caseworker, senior } = county.world;
    const path = `/cases/${caseId}/record/tellFamilyConsidering`;
    const on = { 'on-day': '20', 'on-month': 'April', 'on-year': '2026', door: 'act' };
    const check = await pages.post(path, caseworker, on);
    expect([check.status, headingOf(check)]).toEqual([200, 'Check before you record this']);
    expect(check.text).toContain('We are considering an EHC needs assessment');
    const confirm = { ...hiddenOf(check), step: 'confirm' };
    const done = await pages.post(path, caseworker, confirm);
    expect(done.status).toBe(303);
    const again = await pages.post(path, caseworker, confirm);
    expect(again.headers['location']).toBe(done.headers['location']);
    expect(headingOf(await pages.get(String(done.headers['location']), caseworker))).toBe('Family and partners told');
    // A caseworker does not sign decisions.
    expect(
      (await pages.post(`/cases/${caseId}/record/determineNotNecessary`, senior, { ...on, reasons: '' })).status,
    ).toBe(422);
  });

  it('says who was first, and keeps the answers', async () => {
    const { caseworker, senior } = county.world;
    const on = {
      'on-day': '20',
      'on-month': '4',
      'on-year': '2026',
      door: 'act',
      what: 'the decision',
      'newDate-day': '1',
      'newDate-month': '6',
      'newDate-year': '2026',
      meanwhile: 'They would like help with reading.',
    };
    const path = `/cases/${caseId}/record/explainDelay`;
    const [first, second] = [await pages.post(path, caseworker, on), await pages.post(path, senior, on)];
    expect([first.status, headingOf(first)]).toEqual([200, 'Check before you record this']);
    expect((await pages.post(path, caseworker, { ...hiddenOf(first), step: 'confirm' })).status).toBe(303);
    const lost = await pages.post(path, senior, { ...hiddenOf(second), step: 'confirm' });
    expect([lost.status, headingOf(lost)]).toEqual([409, 'Someone else changed this case first']);
    expect(lost.text).toContain('They would like help with reading.');
    expect(lost.text).toContain(caseworker.name);
  });

  it('waits for a second person, who is not the first', async () => {
    const { senior, caseworker } = county.world;
    const path = `/cases/${caseId}/record/relyOnException`;
    const fields = {
      'on-day': '20',
      'on-month': '4',
      'on-year': '2026',
      door: 'act',
      ground: 'awayFromArea',
      'from-day': '1',
      'from-month': '3',
      'from-year': '2026',
      reason: 'The family was abroad for six weeks.',
    };
    const check = await pages.post(path, senior, fields);
    expect(check.text).toContain('This waits for a second person');
    const waits = await pages.post(path, senior, { ...hiddenOf(check), step: 'confirm' });
    expect(waits.headers['location']).toMatch(/^\/proposals\//);
    const proposal = String(waits.headers['location']);
    expect(headingOf(await pages.get(proposal, senior))).toBe('This waits for a second person');
    const own = await pages.post(`${proposal}/confirm`, senior);
    expect([own.status, headingOf(own)]).toEqual([403, 'You cannot confirm this']);
    expect((await pages.get(proposal, caseworker)).status).toBe(200);
    expect((await pages.get(proposal, county.stranger)).status).toBe(404);
    expect(
      (await pages.post(`${proposal}/return`, senior, { reason: 'The dates must be checked first.' })).status,
    ).toBe(303);
    expect(headingOf(await pages.get(proposal, senior))).toBe('Returned');
  });
});

describe('a new request', () => {
  const child = {
    firstNames: 'Marigold',
    lastName: 'Inventedname',
    'born-day': '4',
    'born-month': 'May',
    'born-year': '2016',
  };

  it('shows who it may be, and enters it once', async () => {
    const { caseworker, senior } = county.world;
    const like = await pages.post('/requests/child', caseworker, child);
    expect(headingOf(like)).toBe('Is this a child we know?');
    expect(headingOf(await pages.post('/requests/duplicates', caseworker, { ...child, decided: 'new' }))).toBe(
      'Is this a child we know?',
    );
    const people = await pages.post('/requests/duplicates', caseworker, {
      ...child,
      decided: 'new',
      why: 'Born the same day, of another family.',
    });
    expect(headingOf(people)).toBe('The request and the people around the child');
    const all = {
      ...hiddenOf(people),
      'on-day': '17',
      'on-month': '4',
      'on-year': '2026',
      from: 'parent',
      setting: county.settingId,
      'p1-title': 'Ms',
      'p1-firstNames': 'Fern',
      'p1-lastName': 'Inventedname',
      'p1-relationship': 'parent',
      'p1-responsibility': 'yes',
      'p1-second': senior.staffId,
      'p1-channel': 'post',
      'p1-line1': '3 Mill Row',
      'p1-town': 'Levelham',
      'p1-postcode': 'lv41ab',
      'p1-protect': 'yes',
      'p1-reason': 'She asked us, and showed the order of the court.',
    };
    const check = await pages.post('/requests/check', caseworker, all);
    expect(headingOf(check)).toBe('Check before you enter this request');
    expect(check.text).toContain('Address not to be shared');
    const entered = await pages.post('/requests/enter', caseworker, hiddenOf(check));
    expect(entered.status).toBe(303);
    expect((await pages.post('/requests/enter', caseworker, hiddenOf(check))).headers['location']).toBe(
      entered.headers['location'],
    );
    const made = /\/cases\/([0-9a-f-]+)\//.exec(String(entered.headers['location']))?.[1] ?? '';
    const shown = await pages.get(`/cases/${made}/people`, caseworker);
    expect(shown.text).toContain('Address not to be shared');
    expect(shown.text).not.toContain('Mill Row');
    const [person] = await county.world.test.ownerQuery<{ person_id: string }>(
      'select person_id from case_file.protected_address order by id desc limit 1',
    );
    const ask = `/cases/${made}/people/${person?.person_id ?? ''}/address`;
    expect((await pages.post(ask, caseworker, { reason: 'short' })).status).toBe(422);
    const opened = await pages.post(ask, caseworker, { reason: 'To check it with her on the phone.' });
    expect(opened.text).toContain('3 Mill Row');
  });

  it('refuses the postcode of a protected address beside somebody else, and takes no home from one who lives elsewhere', async () => {
    const { caseworker, senior } = county.world;
    const adult = (at: string, name: string, postcode: string): Record<string, string> => ({
      [`${at}-firstNames`]: name,
      [`${at}-lastName`]: 'Inventedhome',
      [`${at}-relationship`]: 'parent',
      [`${at}-responsibility`]: 'yes',
      [`${at}-second`]: senior.staffId,
      [`${at}-line1`]: '8 Fern Rise',
      [`${at}-postcode`]: postcode,
    });
    const fields = (postcode: string): Record<string, string> => ({
      ...child,
      firstNames: 'Sorrel',
      lastName: 'Inventedhome',
      'born-day': '9',
      decided: 'new',
      why: 'Nobody of this name is known to us.',
      'on-day': '17',
      'on-month': '4',
      'on-year': '2026',
      from: 'parent',
      ...adult('p1', 'Moss', postcode),
      ...adult('p2', 'Ivy', 'LV4 1AC'),
      'p2-protect': 'yes',
      'p2-reason': 'She asked us, and showed the order of the court.',
    });
    const refused = await pages.post('/requests/check', caseworker, fields('lv4 1ac'));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('This is the postcode of an address that is not to be shared');
    expect(refused.text).toContain('#p1-postcode');
    const check = await pages.post('/requests/check', caseworker, fields('LV4 1AD'));
    const entered = await pages.post('/requests/enter', caseworker, hiddenOf(check));
    const made = /\/cases\/([0-9a-f-]+)\//.exec(String(entered.headers['location']))?.[1] ?? '';
    expect(
      await county.world.test.ownerQuery(
        'select postcode from case_file.address where person_id = (select person_id from case_file.child where id = $1)',
        [made],
      ),
    ).toEqual([]);
  });
});

describe('bad input', () => {
  const bad: readonly [string, Record<string, string>, number][] = [
    ['nothing', {}, 422],
    ['no month', { 'on-day': '1', 'on-year': '2026', door: 'act' }, 422],
    ['an unreal day', { 'on-day': '31', 'on-month': '2', 'on-year': '2026', door: 'act' }, 422],
    ['a month that is none', { 'on-day': '1', 'on-month': 'Brumaire', 'on-year': '2026', door: 'act' }, 422],
    ['a day to come', { 'on-day': '1', 'on-month': '1', 'on-year': '2030', door: 'act' }, 422],
    ['two figures of a year', { 'on-day': '1', 'on-month': '1', 'on-year': '26', door: 'act' }, 422],
    ['a door that is none', { 'on-day': '20', 'on-month': '4', 'on-year': '2026', door: 'window' }, 422],
    ['script', { 'on-day': '<script>alert(1)</script>', 'on-month': '4', 'on-year': '2026', door: 'act' }, 422],
  ];

  it('is answered at every command of a case, and writes nothing', async () => {
    const { caseworker } = county.world;
    const count = async () =>
      (
        await county.world.test.ownerQuery<{ count: number }>(
          'select (select count(*) from engine.fact)::int + (select count(*) from engine.proposal)::int as count',
        )
      )[0]?.count;
    const before = await count();
    const { commands } = county.world.engine.workflow('needs-assessment');
    for (const [name, command] of Object.entries(commands.table)) {
      const path = `/cases/${caseId}/record/${name}`;
      if (command.system === true || command.begins === true) {
        expect((await pages.get(path, caseworker)).status).toBe(404);
        continue;
      }
      for (const [what, fields, status] of bad) {
        const answer = await pages.post(path, caseworker, {
          ...fields,
          step: 'confirm',
          key: 'a-key-of-bad-input',
          version: '1',
        });
        const known =
          command.doors.length === 1 && what === 'a door that is none' ? [200, 303, 403, 409, 422] : [status];
        expect([name, what, known.includes(answer.status) ? 'answered' : answer.status]).toEqual([
          name,
          what,
          'answered',
        ]);
        expect(answer.text).not.toContain('<script>alert');
        if (answer.status === 422) expect(answer.text).toMatch(/<title ?>Error: /);
      }
    }
    const after = await count();
    expect((after ?? 0) - (before ?? 0)).toBeLessThanOrEqual(1);
  }, 120_000);

  it('never gives a 500, whatever the route', async () => {
    const { caseworker, senior, administrator } = county.world;
    const id = '01890000-0000-7000-8000-000000000000';
    const posts = [
      '/search',
      '/requests/child',
      '/requests/duplicates',
      '/requests/check',
      '/requests/enter',
      `/proposals/${id}/confirm`,
      `/proposals/${id}/return`,
      '/proposals/x/confirm',
      `/cases/${caseId}/plan/${id}`,
      `/cases/${caseId}/letters/${id}/approve`,
      `/cases/${caseId}/letters/x/approve`,
      `/cases/${caseId}/letters/${id}/return`,
      `/cases/${caseId}/letters/${id}/rewrite`,
      `/cases/${caseId}/letters/${id}/release`,
      `/cases/${caseId}/people/${id}/address`,
      `/cases/${caseId}/people/x/address`,
      `/cases/${caseId}/reason`,
      `/cases/${caseId}/record/nothing`,
      `/cases/${caseId}/record/constructor`,
      `/cases/${caseId}/record/__proto__`,
      `/notices/${id}/done`,
      '/notices/x/done',
      `/operator/jobs/${id}`,
      '/operator/jobs/x',
      '/nowhere',
      '/cases',
    ];
    const bodies: Record<string, string>[] = [
      {},
      {
        search: 'x'.repeat(5_000),
        reason: '\u0000\u202e',
        decided: id,
        key: '\u0001',
        firstNames: '<b>',
        'born-day': '99',
      },
      { constructor: 'x', toString: 'y', decided: 'new', why: 'x'.repeat(6_000) },
    ];
    for (const path of posts)
      for (const body of bodies)
        for (const actor of [caseworker, senior, county.stranger]) {
          const answer = await pages.post(path, actor, body);
          expect([path, answer.status < 500]).toEqual([path, true]);
        }
    for (const path of [
      '/cases?page=-1&owner=%00&due=constructor&sort=__proto__',
      '/cases?page=99999',
      '/cases?owner[]=a&owner[b]=c',
      `/cases/${caseId}/record/chaseAdvice?request=%F0%9F%98%80&late=maybe`,
      '/%E0%A4%A',
      '/cases/%00',
      `/cases/${caseId}/recorded/x`,
      `/cases/${caseId}/letters/x/pdf`,
      '/sign-in/back?code[]=1',
      '/sign-in/back?code=a.b',
      `/cases?owner=${'x'.repeat(3_000)}`,
    ]) {
      const answer = await pages.get(path, caseworker);
      expect([path, answer.status < 500 ? 'answered' : answer.status]).toEqual([path, 'answered']);
    }
    expect((await pages.get(`/cases?owner=${'x'.repeat(3_000)}`, caseworker)).status).toBe(414);
    const large = await pages.post('/search', caseworker, { search: 'x'.repeat(1_200_000) });
    expect([large.status, headingOf(large)]).toEqual([413, 'That was too much at once']);
    const json = await request(pages.origin)
      .post('/search')
      .set('Cookie', `session=${await pages.cookie(caseworker)}`)
      .set('Content-Type', 'application/json')
      .send('{"a":')
      .ok(() => true);
    expect(json.status).toBe(403);
    expect((await pages.get('/cases', administrator)).status).toBeLessThan(500);
  }, 120_000);

  it('takes no form that is not from a page of this session', async () => {
    const { caseworker } = county.world;
    for (const [token, headers] of [
      ['', {}],
      ['wrong', {}],
      [undefined, { Origin: 'https://elsewhere.example' }],
      [undefined, { 'Sec-Fetch-Site': 'cross-site' }],
    ] as const) {
      const answer = await pages.post(
        '/search',
        caseworker,
        { search: 'Marigold' },
        { ...(token === undefined ? {} : { token }), headers },
      );
      expect([answer.status, headingOf(answer)]).toEqual([403, 'This form is no longer valid']);
    }
    expect(headingOf(await pages.post('/search', caseworker, { search: 'Marigold' }))).toMatch(/cases? found/);
  });
});

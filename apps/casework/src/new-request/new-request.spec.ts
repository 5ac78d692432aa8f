import { asShown, headingOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';
import { aParent, Visitor } from '../../../../test/builders/visitor';
import { testKeys } from '../../../../test/builders/case-with-family';
import { type Actor, addStaff, giveGrant } from '@send/access';
import { addChild, type Child, givesAway, readProtectedAddress } from '@send/case-file';
import { newId } from '@send/database';
import request, { type Response } from 'supertest';

let county: SmallCounty;
let pages: PageApp;
/** A caseworker of another team, on no case. */
let elsewhere: Actor;
/** A colleague of the caseworker's team. */
let colleague: Actor;

beforeAll(async () => {
  county = await smallCounty('2026-06-01');
  pages = await PageApp.open(county.world, 0, undefined, { submission: 1000 });
  const staff = async (name: string, team: string): Promise<Actor> => {
    const email = `${name.split(' ')[0]?.toLowerCase() ?? ''}@levelshire.example`;
    const staffId = await county.world.as(county.world.administrator, (tx) =>
      addStaff(tx, { name, email, roles: ['CW'], team, activeFrom: '2020-01-01' }),
    );
    return { staffId, name, authority: 'levelshire', roles: ['CW'], team };
  };
  elsewhere = await staff('Ola Invented', 'South');
  colleague = await staff('Wren Invented', 'North');
}, 120_000);

afterAll(async () => {
  await pages.close();
  await county.world.close();
});

const rows = <T extends object>(sql: string, given: unknown[] = []): Promise<T[]> =>
  county.world.test.ownerQuery<T>(sql, given);

type Pages = Readonly<Record<string, Record<string, string>>>;

async function sent(answers: Pages): Promise<{ id: string; reference: string }> {
  const visitor = new Visitor(pages.origin);
  expect(await visitor.walk(answers)).toBe('check');
  await visitor.post('send');
  const reference = /ASK-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec((await visitor.get('/sent')).text)?.[0] ?? '';
  const [row] = await rows<{ id: string }>('select id from case_file.online_request where reference = $1', [reference]);
  return { id: row?.id ?? '', reference };
}

const caseOf = (entered: Response): string =>
  /(?:\/cases\/|case=)([0-9a-f-]{36})/.exec(String(entered.headers['location']))?.[1] ?? '';

/** Opened as each form stands; `decided` where the child is known. */
async function opened(id: string, actor: Actor, more: { decided?: string; people?: Record<string, string> } = {}) {
  let next = await pages.post('/requests/child', actor, asShown(await pages.get(`/requests?online=${id}`, actor)));
  if (headingOf(next) === 'Is this a child we know?')
    next = await pages.post('/requests/duplicates', actor, {
      ...asShown(next),
      decided: more.decided ?? 'new',
      why: 'The names of the parents and the school say so.',
    });
  const people = next;
  const check = await pages.post('/requests/check', actor, { ...asShown(people), ...more.people });
  const entered = await pages.post('/requests/enter', actor, asShown(check));
  return { people, check, entered, childId: caseOf(entered) };
}

const secret = {
  'home-line1': '7 Secret Close',
  'home-town': 'Levelham',
  'home-postcode': 'LV7 7ZZ',
  protect: 'yes',
  notToBeTold: 'Her father Rex Inventedhidden must not be told',
};

const ofSchool = (child: Record<string, string>, more: Pages = {}): Pages => ({
  who: { who: 'school' },
  child: { ...aParent.child, upn: '', ...child },
  home: { protect: 'no' },
  setting: {},
  you: { 'you-firstNames': 'Bo', 'you-lastName': 'Inventedhead', role: 'SENCO' },
  family: {},
  reach: { channel: 'email', email: 'bo@school.example' },
  worries: {},
  ...more,
});

describe('where a child lives, asked to be kept from somebody', () => {
  it('never becomes the address of a parent whom a school names: it may be the one who must not be told', async () => {
    const { caseworker } = county.world;
    const { id } = await sent(
      ofSchool(
        { firstNames: 'Elm', lastName: 'Inventedhidden' },
        {
          home: secret,
          family: {
            'parent-firstNames': 'Rex',
            'parent-lastName': 'Inventedhidden',
            'parent-email': 'rex@rex.example',
          },
        },
      ),
    );
    const { people, check, entered, childId } = await opened(id, caseworker, {
      people: {
        'p1-responsibility': 'yes',
        'p1-sent': 'yes',
        'p1-protect': 'yes',
        'p1-reason': 'As the request asks for it.',
      },
    });
    expect(asShown(people)).toMatchObject({ 'p1-lastName': 'Inventedhidden', 'p1-line1': '', 'p1-home': 'no' });
    expect(people.text).toContain('Where the child lives is kept with the child alone');
    expect([check.status, entered.status]).toEqual([200, 303]);
    for (const page of [people, check]) expect(page.text).not.toMatch(/Secret Close|LV7 ?7ZZ/i);
    const hidden = await rows<{ person_id: string; kind: string }>(
      `select a.person_id, p.kind from case_file.protected_address a join case_file.person p on p.id = a.person_id
       join case_file.relationship r on r.person_id = p.id where r.child_id = $1`,
      [childId],
    );
    expect(hidden.map((one) => one.kind)).toEqual(['child']);
    const why = 'To see for whom it is kept here.';
    const read = await county.world.as(caseworker, (tx) =>
      readProtectedAddress(tx, caseworker, testKeys, hidden[0]?.person_id ?? '', why, '2026-06-01'),
    );
    expect(read).toMatchObject({ address: { postcode: 'LV7 7ZZ' } });
    // He has no address at all, so no letter to him can print one.
    expect(
      await rows(
        `select a.* from case_file.address a join case_file.relationship r on r.person_id = a.person_id where r.child_id = $1`,
        [childId],
      ),
    ).toEqual([]);
    expect(await nowhereInTheOpen()).toEqual([]);
  });

  it('is carried into the case: who asked, and behind a reason who must not be told', async () => {
    const { caseworker } = county.world;
    const { id, reference } = await sent(
      ofSchool({ firstNames: 'Oak', lastName: 'Inventedkept' }, { home: secret, family: {} }),
    );
    const { childId } = await opened(id, caseworker, {
      people: {
        'p1-firstNames': 'Ada',
        'p1-lastName': 'Inventedkept',
        'p1-relationship': 'parent',
        'p1-responsibility': 'not-known',
      },
    });
    const overview = await pages.get(`/cases/${childId}`, caseworker);
    expect(overview.text).toContain(`Came from online request ${reference}`);
    expect(overview.text).toContain('Bo Inventedhead, SENCO');
    expect(overview.text).toContain('bo@school.example');
    const people = await pages.get(`/cases/${childId}/people`, caseworker);
    const link = `/cases/${childId}/online/${id}`;
    for (const page of [overview, people]) {
      expect(page.text).toContain('must not be told');
      expect(page.text).toContain(link);
      expect(page.text).not.toContain('Rex Inventedhidden');
    }
    const short = await pages.post(link, caseworker, { reason: 'short' });
    expect([short.status, short.text.includes('Enter a reason, in 20 characters or more')]).toEqual([422, true]);
    const told = await pages.post(link, caseworker, { reason: 'Before we write to the family.' });
    expect([told.status, told.text.includes('Her father Rex Inventedhidden must not be told')]).toEqual([200, true]);
    expect(
      await rows('select actor from access.audit where child_id = $1 and reason = $2', [
        childId,
        'Before we write to the family.',
      ]),
    ).toEqual([{ actor: caseworker.staffId }]);
    // Who reads the case with the team reads no protected address, and not this either.
    expect((await pages.get(`/cases/${childId}/people`, colleague)).text).not.toContain(link);
    expect((await pages.get(link, colleague)).status).toBe(404);
    expect((await pages.post(link, colleague, { reason: 'Before we write to the family.' })).status).toBe(404);
    expect((await pages.get(`/cases/${county.known.id}/online/${id}`, caseworker)).status).toBe(404);
  });

  it('stays sealed where what they wrote tells it', async () => {
    const { caseworker } = county.world;
    const { you, reach } = aParent;
    const { id, reference } = await sent({
      ...aParent,
      child: { ...aParent.child, firstNames: 'Fir', lastName: 'Inventedfir' },
      home: secret,
      setting: { setting: 'Invented Secret School, lv77zz' },
      you,
      reach,
      worries: { worries: 'We fled to secret  close, and he must not know.' },
    });
    const address = `/online-requests/${id}/address`;
    const waiting = await pages.get(`/online-requests/${id}`, caseworker);
    expect(waiting.text).toContain('Not shown: it names an address that is not to be shared');
    const read = await pages.post(address, caseworker, { reason: 'To ring her at the right house.' });
    for (const words of ['We fled to secret  close', 'Invented Secret School, lv77zz'])
      expect(read.text).toContain(words);
    const { people, check, childId } = await opened(id, caseworker);
    expect(childId).not.toBe('');
    for (const page of [waiting, people, check, await pages.get(`/online-requests/${id}`, caseworker)])
      expect(page.text).not.toMatch(/secret +close|LV7 ?7ZZ/i);
    expect((await pages.get(`/online-requests/${id}`, caseworker)).text).not.toContain('Rex Inventedhidden');
    expect(await nowhereInTheOpen()).toEqual([]);
    const activity = await pages.get(`/cases/${childId}/activity`, caseworker);
    expect(activity.text).toContain('it is kept sealed with the request');
    expect((await pages.get('/', caseworker)).text).toContain(`What was written in online request ${reference}`);
    const told = await pages.post(`/cases/${childId}/online/${id}`, caseworker, {
      reason: 'Before we write to the family.',
    });
    expect(told.text).toContain('We fled to secret  close');
  });

  it('is found in any spacing and case, with its number or without, and not where it is not', () => {
    const address = { lines: ['Flat 2, 7 Secret Close', 'Levelham'], postcode: 'LV7 7ZZ' };
    for (const words of ['at lv77zz', 'L V 7 7 Z Z', '7, SECRET-CLOSE', 'near Secret Close', 'flat 2 7 secret close'])
      expect([words, givesAway(words, [address])]).toEqual([words, true]);
    for (const words of ['', 'He keeps secrets close', 'LV7 is where they live', 'seven'])
      expect([words, givesAway(words, [address, undefined])]).toEqual([words, false]);
    expect(givesAway('He is 7 years old', [{ lines: ['7', 'Low Lane'], postcode: 'LV7 7ZZ' }])).toBe(false);
  });
});

/** Tables that hold the secret place as plain text. */
async function nowhereInTheOpen(): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema in ('case_file', 'engine', 'letters', 'access') and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables)
    if (
      (await rows(`select from ${name} x where x::text ~* 'secret +close|LV7 ?7ZZ|Rex Inventedhidden must' limit 1`))
        .length > 0
    )
      found.push(name);
  return found;
}

/** A request on paper for a child on record. */
const paper = {
  from: 'school',
  how: 'post',
  'on-day': '1',
  'on-month': '6',
  'on-year': '2026',
  note: 'Their SENCO rang too.',
};
const typedFor = (child: Child): Record<string, string> => {
  return { firstNames: child.firstNames, lastName: child.lastName, ...bornOf(child) };
};
const bornOf = (child: Child): Record<string, string> => {
  const [year = '', month = '', day = ''] = child.dateOfBirth.split('-');
  return { 'born-day': day, 'born-month': month, 'born-year': year };
};

let born = 0;
async function aKnownChild(lastName: string, more: Partial<Child> = {}): Promise<Child> {
  const { caseworker } = county.world;
  return county.world.as(caseworker, async (tx) => {
    const child = await addChild(tx, {
      from: '2020-01-01',
      firstNames: 'Tansy',
      lastName,
      dateOfBirth: `2017-02-${String(++born + 12)}`,
      caseworkerId: caseworker.staffId,
      team: 'North',
      ...more,
    });
    await giveGrant(tx, { staffId: caseworker.staffId, childId: child.id, kind: 'assigned', from: '2020-01-01' });
    return child;
  });
}

async function entering(child: Child, actor: Actor, fields: Record<string, string> = {}) {
  const typed = typedFor(child);
  const like = await pages.post('/requests/child', actor, typed);
  const people = await pages.post('/requests/duplicates', actor, {
    ...asShown(like),
    ...typed,
    decided: child.id,
    why: 'The same name and birthday, and the school says so.',
  });
  const check = await pages.post('/requests/check', actor, { ...asShown(people), ...paper, ...fields });
  return { like, people, check };
}

const grantsOf = (actor: Actor, childId: string) =>
  rows<{ kind: string }>('select kind from access.case_grant where staff_id = $1 and child_id = $2', [
    actor.staffId,
    childId,
  ]);
const tasksOf = async (actor: Actor): Promise<string> => (await pages.get('/', actor)).text;

describe('a request for a child on record', () => {
  it('gives nobody the case: its caseworker has a task, and whoever entered it is told so', async () => {
    const child = await aKnownChild('Inventedtansy');
    const { people, check } = await entering(child, colleague, {
      'p1-firstNames': 'Nosy',
      'p1-lastName': 'Inventednosy',
      'p1-relationship': 'parent',
      'p1-responsibility': 'yes',
    });
    expect(people.text).toContain('its own caseworker sees to the people on record');
    expect(people.text).not.toContain('name="p1-firstNames"');
    expect(check.text).toContain('The case stays with its own caseworker');
    expect(check.text).not.toContain('You are its caseworker');
    const entered = await pages.post('/requests/enter', colleague, asShown(check));
    const again = await pages.post('/requests/enter', colleague, asShown(check));
    expect([entered.status, again.headers['location']]).toEqual([303, entered.headers['location']]);
    expect(await grantsOf(colleague, child.id)).toEqual([]);
    const overview = await pages.get(`/cases/${child.id}`, colleague);
    expect([overview.status, overview.text.includes('Record an event')]).toEqual([200, false]);
    expect(await rows('select from case_file.person where last_name = $1', ['Inventednosy'])).toEqual([]);
    expect(
      await rows('select position, opened_on::text as on from engine.run where child_id = $1', [child.id]),
    ).toEqual([{ position: 'considering', on: '2026-06-01' }]);
    expect(await tasksOf(county.world.caseworker)).toContain(
      'put on record by Wren Invented, who does not work on this case',
    );
  });

  it('shows nothing of a record that one may not see, and asks a senior to match it', async () => {
    const { senior } = county.world;
    const child = await aKnownChild('Inventedsealed', { classification: 'restricted' });
    const relative = await aKnownChild('Inventednephew');
    await county.world.as(senior, (tx) =>
      giveGrant(tx, {
        staffId: colleague.staffId,
        childId: relative.id,
        kind: 'excluded',
        from: '2020-01-01',
        reason: 'A nephew',
      }),
    );
    for (const [actor, one] of [
      [elsewhere, child],
      [colleague, child],
      [colleague, relative],
    ] as const) {
      const typed = typedFor({ ...one, firstNames: 'Tansie' });
      const like = await pages.post('/requests/child', actor, typed);
      expect(headingOf(like)).toBe('Is this a child we know?');
      expect(like.text).toContain('A record that may be this child exists. Ask a senior to match it');
      for (const leak of [one.id, one.reference, 'Tansy', 'February 2017']) expect(like.text).not.toContain(leak);
      const why = 'The school of the child asked by post.';
      for (const decided of [one.id, 'new']) {
        const no = await pages.post('/requests/duplicates', actor, { ...typed, decided, why });
        expect([no.status, no.text.includes('ask a senior')]).toEqual([422, true]);
        const forced = await pages.post('/requests/check', actor, {
          ...typed,
          decided,
          why,
          considered: one.id,
          ...paper,
        });
        expect([
          decided,
          [404, 200].includes(forced.status),
          headingOf(forced) === 'Check before you enter this request',
        ]).toEqual([decided, true, false]);
      }
      const asked = await pages.post('/requests/duplicates', actor, { ...typed, decided: 'ask', why });
      expect([asked.status, asked.headers['location']]).toEqual([303, '/requests/entered?as=asked']);
      expect(headingOf(await pages.get('/requests/entered?as=asked', actor))).toBe('A senior is asked to match it');
    }
    expect(await tasksOf(senior)).toContain(`reached ${elsewhere.name}: a record that they may not open`);
    const match = await entering(child, senior);
    expect(match.like.text).toContain(child.reference);
    expect(headingOf(match.check)).toBe('Check before you enter this request');
    expect((await pages.post('/requests/enter', senior, asShown(match.check))).status).toBe(303);
    expect(await grantsOf(senior, child.id)).toEqual([]);
  });

  it('begins no second assessment beside one that is open: it is put with that one, and its dates stay', async () => {
    const { caseworker, senior } = county.world;
    const child = await aKnownChild('Inventedyew');
    const first = await entering(child, caseworker, { 'on-day': '18', 'on-month': '5' });
    expect((await pages.post('/requests/enter', caseworker, asShown(first.check))).status).toBe(303);
    const dates = () =>
      rows('select duty, due_by::text as due from engine.deadline where child_id = $1 order by duty', [child.id]);
    const before = await dates();
    const { id } = await sent(ofSchool({ firstNames: 'Tansy', lastName: 'Inventedyew', ...bornOf(child) }));
    const { check, entered, childId } = await opened(id, caseworker, { decided: child.id });
    expect(check.text).toContain('This child has an assessment that is open, and counts from 18 May 2026');
    expect([entered.status, childId]).toEqual([303, child.id]);
    const done = await pages.get(String(entered.headers['location']), caseworker);
    expect(headingOf(done)).toBe('The request is put with the assessment that is open');
    expect(done.text).toContain(`/cases/${child.id}"`);
    const stranger = await pages.get(String(entered.headers['location']), elsewhere);
    expect(stranger.text).not.toContain(child.id);
    expect(await dates()).toEqual(before);
    expect(
      await rows('select r.id from engine.run r join case_file.online_request o on o.run_id = r.id where o.id = $1', [
        id,
      ]),
    ).toHaveLength(1);
    expect(await rows('select from engine.run where child_id = $1', [child.id])).toHaveLength(1);
    expect(await tasksOf(caseworker)).toContain('is put with the assessment that is open');
    expect((await pages.get(`/cases/${child.id}/activity`, caseworker)).text).toContain(
      'whose request counts from 18 May 2026',
    );

    // One that arrived before the first: the dates move only when somebody decided it.
    const earlier = await entering(child, colleague, { 'on-day': '11', 'on-month': '5' });
    expect(earlier.check.text).toContain('The request arrived on 11 May 2026, before that day');
    const twice = await Promise.all([
      pages.post('/requests/enter', colleague, asShown(earlier.check)),
      pages.post('/requests/enter', colleague, asShown(earlier.check)),
    ]);
    expect(twice.map((one) => one.status)).toEqual([303, 303]);
    expect(await dates()).toEqual(before);
    expect(await tasksOf(senior)).toContain('The earlier day counts, 11 May 2026');
    expect(
      await rows("select from case_file.note where child_id = $1 and text like '%11 May%'", [child.id]),
    ).toHaveLength(1);
  });

  it('begins one assessment however many begin at once, by the pages or by the API', async () => {
    const { caseworker, engine } = county.world;
    const child = await aKnownChild('Inventedonce');
    const begin = () =>
      engine.begin(
        'needs-assessment',
        child.id,
        { command: 'receiveRequest', key: newId(), fields: { on: '2026-06-01', from: 'parent' } },
        caseworker,
      );
    const { check } = await entering(child, caseworker);
    const [page, ...outcomes] = await Promise.all([
      pages.post('/requests/enter', caseworker, asShown(check)),
      begin(),
      begin(),
      begin(),
    ]);
    expect(page.status).toBe(303);
    for (const one of outcomes.filter((each) => !each.done))
      expect(one).toMatchObject({ refusal: { kind: 'out-of-position', rule: 'one assessment at a time' } });
    expect(await rows('select from engine.run where child_id = $1', [child.id])).toHaveLength(1);
    const token = await pages.cookie(caseworker);
    const key = newId();
    const further = await request(pages.origin)
      .post('/api/v1/runs')
      .set({ authorization: `Bearer ${token}`, 'idempotency-key': key })
      .send({
        workflow: 'needs-assessment',
        childId: child.id,
        command: 'receiveRequest',
        fields: { on: '2026-06-01', from: 'parent' },
      })
      .ok(() => true);
    expect([further.status, further.body]).toMatchObject([
      409,
      {
        type: '/problems/out-of-position',
        detail: 'This child has an assessment that is still open. Put the further request on record of that one',
      },
    ]);
    expect(await rows('select from engine.run where child_id = $1', [child.id])).toHaveLength(1);
  });
});

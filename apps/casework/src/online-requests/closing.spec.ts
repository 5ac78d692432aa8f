import { headingOf, PageApp } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';
import { aParent, Visitor } from '../../../../test/builders/visitor';
import { type Actor, addStaff, endGrant, giveGrant } from '@send/access';
import { OnlineForm, settleOnlineRequest } from '@send/case-file';
import { newId } from '@send/database';
import { testKeys } from '../../../../test/builders/case-with-family';

let county: SmallCounty;
let pages: PageApp;
/** A caseworker of the same team, and one of another. */
let [beside, elsewhere]: Actor[] = [];

beforeAll(async () => {
  county = await smallCounty('2026-06-01');
  pages = await PageApp.open(county.world, 0, undefined, { submission: 1000 });
  const staff = async (name: string, team: string): Promise<Actor> => ({
    staffId: await county.world.as(county.world.administrator, (tx) =>
      addStaff(tx, {
        name,
        email: `${name.toLowerCase().replace(' ', '.')}@levelshire.example`,
        roles: ['CW'],
        team,
        activeFrom: '2020-01-01',
      }),
    ),
    name,
    authority: 'levelshire',
    roles: ['CW'],
    team,
  });
  [beside, elsewhere] = [await staff('Ola Invented', 'North'), await staff('Uma Invented', 'South')];
}, 120_000);

beforeEach(() => {
  county.world.clock.moveTo('2026-06-01');
  pages.forgetSessions();
});

afterAll(async () => {
  await pages.close();
  await county.world.close();
});

interface Sent {
  readonly id: string;
  readonly reference: string;
}

const query = <T extends object>(sql: string, params: unknown[] = []) => county.world.test.ownerQuery<T>(sql, params);

async function sent(answers: Readonly<Record<string, Record<string, string>>> = aParent): Promise<Sent> {
  const reference = await new Visitor(pages.origin).send(answers);
  const [row] = await query<{ id: string }>('select id from case_file.online_request where reference = $1', [
    reference,
  ]);
  return { id: row?.id ?? '', reference };
}

const outcomeOf = async (id: string) =>
  (await query<{ outcome: string | null }>('select outcome from case_file.online_request where id = $1', [id]))[0]
    ?.outcome;

const openedInto = (id: string, childId: string) =>
  county.world.as(county.world.caseworker, (tx) =>
    settleOnlineRequest(
      tx,
      county.world.caseworker,
      id,
      { outcome: 'opened', childId, runId: newId() },
      county.world.clock.now(),
    ),
  );

const tasksOf = (actor: Actor) =>
  query<{ text: string }>(
    'select text from case_file.notice where (staff_id = $1 or team = $2) and done_at is null order by text',
    [actor.staffId, actor.team],
  );

const why = 'Read twice: it is a letter to the newspaper.';

describe('closing without a case', () => {
  it('of what is no request waits for a senior, shows where they look, and tells who proposed it to tell the family', async () => {
    const { caseworker, senior } = county.world;
    const { id, reference } = await sent();
    const path = `/online-requests/${id}`;
    const bad: readonly [Record<string, string>, string][] = [
      [{}, 'Select why it is not opened'],
      [{ outcome: 'opened', why }, 'Select why it is not opened'],
      [{ outcome: 'test', why: 'short' }, 'Enter how you know, in 20 characters or more'],
      [{ outcome: 'test', why: 'x'.repeat(5001) }, 'How you know must be 5,000 characters or fewer'],
    ];
    for (const [fields, message] of bad) {
      const answer = await pages.post(`${path}/close`, caseworker, fields);
      expect([answer.status, answer.text.includes(message)]).toEqual([422, true]);
    }
    const proposed = await pages.post(`${path}/close`, caseworker, { outcome: 'not-a-request', why });
    expect([proposed.status, await outcomeOf(id)]).toEqual([303, null]);
    // It waits as before, and says so.
    for (const page of ['/online-requests', '/']) {
      const shown = (await pages.get(page, caseworker)).text;
      expect(shown).toContain(reference);
      expect(shown).toContain('Waiting to be closed');
    }
    expect((await pages.get(path, caseworker)).text).toContain('Open this request');
    expect((await pages.get(`/requests?online=${id}`, caseworker)).status).toBe(200);
    expect((await pages.get(`${path}/close`, caseworker)).headers['location']).toBe(`${path}/closing`);
    for (const who of [caseworker, senior])
      expect((await pages.get('/approvals', who)).text).toContain(`${path}/closing`);
    const shown = await pages.get(`${path}/closing`, senior);
    expect([headingOf(shown), shown.text.includes(why)]).toEqual(['Confirm or give back', true]);
    const again = await pages.post(`${path}/close`, beside as Actor, { outcome: 'test', why });
    expect([again.status, headingOf(again)]).toEqual([409, 'This cannot be done now']);
    // Neither the same person nor another caseworker is the second one.
    for (const who of [caseworker, beside as Actor]) {
      expect(headingOf(await pages.get(`${path}/closing`, who))).toBe('This waits for a second person');
      const refused = await pages.post(`${path}/closing`, who, { answer: 'confirm' });
      expect([refused.status, headingOf(refused)]).toEqual([403, 'You cannot confirm this']);
      expect(await outcomeOf(id)).toBeNull();
    }
    const both = await Promise.all([
      pages.post(`${path}/closing`, senior, { answer: 'confirm' }),
      pages.post(`${path}/closing`, county.otherSenior, { answer: 'confirm' }),
    ]);
    expect(both.map((one) => one.status).sort()).toEqual([303, 409]);
    expect(await outcomeOf(id)).toBe('not-a-request');
    expect((await tasksOf(caseworker)).map((one) => one.text)).toContain(
      `Online request ${reference} is closed: it does not ask for an assessment. Tell whoever sent it, as they were told that we have their request.`,
    );
    expect((await pages.get('/', caseworker)).text).toContain(`href="${path}"`);
    expect((await pages.get(`/requests?online=${id}`, caseworker)).status).toBe(409);
    expect((await pages.get(`${path}/close`, caseworker)).status).toBe(409);
    expect((await pages.get('/approvals', senior)).text).not.toContain(`${path}/closing`);
    const trace = await query<{ action: string; actor: string }>(
      "select action, actor from access.audit where object = $1 and action ilike '%clos%' order by at",
      [`online request ${id}`],
    );
    expect(trace.map((one) => one.action)).toEqual(['proposeClosingOnlineRequest', 'closeOnlineRequest']);
    expect(trace[0]?.actor).toBe(caseworker.staffId);
    expect(trace[1]?.actor).not.toBe(caseworker.staffId);
  });

  it('is by two for a senior too, and in the database itself', async () => {
    const { senior } = county.world;
    const { id } = await sent();
    await pages.post(`/online-requests/${id}/close`, senior, { outcome: 'test', why });
    const own = await pages.post(`/online-requests/${id}/closing`, senior, { answer: 'confirm' });
    expect([own.status, own.text.includes('someone else must confirm it')]).toEqual([403, true]);
    await expect(
      county.world.as(senior, (tx) =>
        tx.run(
          "update case_file.online_request set outcome = 'test', settled_by = $2, settled_at = now(), why = 'Alone' where id = $1",
          [id, senior.staffId],
        ),
      ),
    ).rejects.toThrow(/closed_by_two/);
    expect((await pages.post(`/online-requests/${id}/closing`, county.otherSenior, { answer: 'confirm' })).status).toBe(
      303,
    );
    // A test of ours leaves nobody to be told.
    expect((await tasksOf(senior)).filter((one) => one.text.includes('Tell whoever sent it'))).toEqual([]);
    await expect(
      county.world.as(senior, (tx) =>
        tx.run("update case_file.online_request set why = 'Something else was the reason.' where id = $1", [id]),
      ),
    ).rejects.toThrow(/opened or closed once/);
  });

  it('is given back with a reason, and the request waits again for whoever opens it', async () => {
    const { caseworker, senior } = county.world;
    const { id, reference } = await sent();
    const path = `/online-requests/${id}`;
    await pages.post(`${path}/close`, caseworker, { outcome: 'not-a-request', why });
    for (const reason of ['', 'x'.repeat(5001)]) {
      const answer = await pages.post(`${path}/closing`, senior, { reason });
      expect([answer.status, answer.text.includes('There is a problem')]).toEqual([422, true]);
    }
    const back = await pages.post(`${path}/closing`, senior, { reason: 'It asks for help at school: that is one.' });
    expect([back.status, await outcomeOf(id)]).toEqual([303, null]);
    expect((await tasksOf(caseworker)).map((one) => one.text)).toContain(
      `Online request ${reference} is not to be closed, and waits to be opened: It asks for help at school: that is one.`,
    );
    expect((await pages.get(`${path}/closing`, senior)).status).toBe(404);
    const late = await pages.post(`${path}/closing`, senior, { answer: 'confirm' });
    expect([late.status, headingOf(late)]).toEqual([409, 'This cannot be done now']);
    expect((await pages.get(`${path}/close`, caseworker)).status).toBe(200);
    // And one that is opened meanwhile is opened: the request counts.
    await pages.post(`${path}/close`, caseworker, { outcome: 'test', why });
    expect(await openedInto(id, county.known.id)).toBe(true);
    expect((await pages.post(`${path}/closing`, senior, { answer: 'confirm' })).status).toBe(409);
    expect(await outcomeOf(id)).toBe('opened');
  });

  it('of one that was sent twice names the other, a request or a case that is there', async () => {
    const { caseworker } = county.world;
    const [copy, other, third, gone] = [await sent(), await sent(), await sent(), await sent()];
    const close = (which: Sent, fields: Record<string, string>, who = caseworker) =>
      pages.post(`/online-requests/${which.id}/close`, who, { outcome: 'duplicate', why, ...fields });
    const bad: readonly [string, string][] = [
      ['', 'Enter the reference of the other request or of its case'],
      [copy.reference, 'Enter the reference of the other request, not of this one'],
      ['ASK-AAAA-AAAA', 'There is no request or case with this reference'],
      ['LEV-999999', 'There is no request or case with this reference'],
      ['x'.repeat(3000), 'There is no request or case with this reference'],
      ["' or 1=1 --", 'There is no request or case with this reference'],
      [county.known.id, 'There is no request or case with this reference'],
    ];
    for (const [typed, message] of bad) {
      const answer = await close(copy, { other: typed });
      expect([typed.slice(0, 20), answer.status, answer.text.includes(message)]).toEqual([
        typed.slice(0, 20),
        422,
        true,
      ]);
      expect(answer.text).toContain('href="#other"');
    }
    // Nor one of another authority, nor a case that this person may not see.
    const harrowmoor = new Visitor(pages.origin, '/harrowmoor/ask-for-an-assessment');
    const theirs = await harrowmoor.send(aParent);
    expect((await close(copy, { other: theirs })).status).toBe(422);
    expect((await close(copy, { other: county.known.reference }, elsewhere as Actor)).status).toBe(422);
    const closed = await close(copy, { other: ` ${other.reference.toLowerCase()} ` });
    expect([closed.status, await outcomeOf(copy.id)]).toEqual([303, 'duplicate']);
    const page = await pages.get(`/online-requests/${copy.id}`, caseworker);
    expect(page.text).toContain(`/online-requests/${other.id}`);
    // What is closed itself cannot be the one that counts, so that no two close each other.
    const round = await close(other, { other: copy.reference });
    expect([round.status, round.text.includes('That request is closed itself')]).toEqual([422, true]);
    const crossed = await Promise.all([
      close(third, { other: gone.reference }),
      close(gone, { other: third.reference }),
    ]);
    expect(crossed.map((one) => one.status).sort()).toEqual([303, 422]);
    expect((await close(other, { other: county.known.reference })).status).toBe(303);
    // A copy of a copy is of the same case: its rules hold.
    expect((await pages.get(`/online-requests/${copy.id}`, elsewhere)).status).toBe(404);
    expect((await pages.get(`/online-requests/${copy.id}`, caseworker)).text).toContain(`/cases/${county.known.id}`);
  });
});

describe('once there is a case', () => {
  const secret = {
    ...aParent,
    home: {
      ...aParent.home,
      'home-line1': '7 Secret Close',
      'home-postcode': 'LV7 7ZZ',
      protect: 'yes',
      notToBeTold: 'Her father Rex Invented must not be told',
    },
  };
  const reason = 'I am just curious about where they live';
  const traces = async (id: string) =>
    (
      await query<{ actor: string; outcome: string }>(
        "select actor, outcome from access.audit where action in ('readProtectedAddress', 'readOnlineRequest') and reason = $1 and object = $2",
        [reason, `online request ${id}`],
      )
    ).length;

  it('its rules say who sees what was sent: the excluded and those of another team find nothing', async () => {
    const { caseworker } = county.world;
    const { id, reference } = await sent(secret);
    // Waiting, whoever takes requests in may read it; the address for a reason that is kept.
    for (const who of [caseworker, beside, elsewhere])
      expect((await pages.get(`/online-requests/${id}`, who)).text).toContain('Rex Invented');
    expect((await pages.get(`/online-requests/${id}`, caseworker)).text).not.toMatch(/Secret Close|LV7 7ZZ/);
    const told = await pages.post(`/online-requests/${id}/address`, elsewhere as Actor, { reason });
    expect([told.text.includes('7 Secret Close'), await traces(id)]).toEqual([true, 1]);
    await openedInto(id, county.known.id);
    const grant = await county.world.as(county.world.administrator, (tx) =>
      giveGrant(tx, {
        staffId: (beside as Actor).staffId,
        childId: county.known.id,
        kind: 'excluded',
        from: '2026-01-01',
        reason: 'Her own nephew, declared',
      }),
    );
    for (const who of [beside, elsewhere] as Actor[]) {
      for (const [method, path, fields] of [
        ['get', '', {}],
        ['get', '/address', {}],
        ['post', '/address', { reason }],
        ['get', '/close', {}],
        ['post', '/close', { outcome: 'test', why: reason }],
        ['get', '/closing', {}],
        ['post', '/closing', { answer: 'confirm' }],
      ] as const) {
        const at = `/online-requests/${id}${path}`;
        const answer = method === 'get' ? await pages.get(at, who) : await pages.post(at, who, fields);
        expect([who.name, method, path, answer.status]).toEqual([who.name, method, path, 404]);
        expect(answer.text).not.toMatch(/Secret Close|LV7 ?7ZZ|Rex|Clover/);
      }
      const settled = await pages.get(`/requests?online=${id}`, who);
      expect(settled.text).not.toContain(county.known.id);
      expect(settled.text).not.toContain(caseworker.name);
      expect((await pages.get('/online-requests', who)).text).not.toContain(reference);
    }
    expect(await traces(id)).toBe(1);
    // The others of the case read on; the address, and who must not be told, take what they take on the case.
    const ownCase = await pages.get(`/online-requests/${id}`, caseworker);
    expect([ownCase.text.includes('Clover'), ownCase.text.includes('Rex Invented')]).toEqual([true, false]);
    expect((await pages.get('/online-requests', caseworker)).text).toContain(reference);
    const own = await pages.post(`/online-requests/${id}/address`, caseworker, { reason });
    expect(own.text).toContain('7 Secret Close');
    await county.world.as(county.world.administrator, (tx) => endGrant(tx, grant, '2026-06-01'));
    // In the team and not on the case: the overview, and no address not to be shared.
    expect((await pages.get(`/online-requests/${id}`, beside)).status).toBe(200);
    for (const answer of [
      await pages.get(`/online-requests/${id}/address`, beside),
      await pages.post(`/online-requests/${id}/address`, beside as Actor, { reason }),
    ])
      expect([answer.status, answer.text.includes('Secret Close')]).toEqual([404, false]);
    const [kept] = await query<{ count: number }>(
      "select count(*)::int as count from access.audit where action = 'readProtectedAddress' and outcome = 'refused' and actor = $1 and child_id = $2",
      [(beside as Actor).staffId, county.known.id],
    );
    expect(kept?.count).toBe(2);
  });

  it('that is restricted asks a senior for a reason first', async () => {
    const { senior } = county.world;
    const { id } = await sent();
    await openedInto(id, county.known.id);
    await query("update case_file.child set classification = 'restricted' where id = $1", [county.known.id]);
    const asked = await pages.get(`/online-requests/${id}`, senior);
    expect(asked.text).toContain('Why do you need to open this case?');
    expect(asked.text).not.toContain('Clover');
    expect((await pages.get(`/online-requests/${id}`, beside)).status).toBe(404);
    await query("update case_file.child set classification = 'standard' where id = $1", [county.known.id]);
  });
});

describe('a flood of requests', () => {
  it('hides none: all are counted, twenty stand on a page, the oldest or the newest first', async () => {
    const { caseworker, administrator } = county.world;
    await query(
      "update case_file.online_request set outcome = 'opened', settled_by = $1, settled_at = now(), child_id = $2, run_id = $2 where outcome is null and authority_id = 'levelshire'",
      [caseworker.staffId, county.known.id],
    );
    const form = new OnlineForm(county.world.test.database, testKeys);
    const answers = {
      askedBy: 'parent',
      child: { firstNames: 'Flood', lastName: 'Invented', dateOfBirth: '2018-05-04' },
      addressProtected: false,
      reach: { channel: 'phone', phone: '+441632960777', format: 'standard' },
    } as const;
    const all: string[] = [];
    for (let n = 0; n < 45; n += 1) {
      const at = new Date(Date.UTC(2026, 5, 1, 9, n));
      await form.keep('levelshire', `visitor ${n}`, {}, at);
      const one = await form.send('levelshire', `visitor ${n}`, () => answers, { on: '2026-06-01', at });
      all.push(one?.reference ?? '');
    }
    const shown = async (path: string) =>
      [...(await pages.get(path, caseworker)).text.matchAll(/<th scope="row"[^>]*><a[^>]*>(ASK-[A-Z0-9-]+)<\/a>/g)].map(
        ([, reference]) => reference,
      );
    expect(await shown('/online-requests')).toEqual(all.slice(0, 20));
    expect(await shown('/online-requests?page=3')).toEqual(all.slice(40));
    expect(await shown('/online-requests?page=99')).toEqual(all.slice(40));
    expect(await shown('/online-requests?order=newest')).toEqual([...all].reverse().slice(0, 20));
    for (const odd of ['page=0', 'page=-1', 'page=x', 'page=1&page=2', 'order=', 'page=99999999999'])
      expect([odd, await shown(`/online-requests?${odd}`)]).toEqual([odd, all.slice(0, 20)]);
    const list = (await pages.get('/online-requests', caseworker)).text;
    expect(list).toContain('1 to 20 of 45, the oldest first');
    expect((await pages.get('/', caseworker)).text).toContain('See all 45 online requests');
    const health = async () => (await pages.get('/operator', administrator)).text;
    expect(await health()).toMatch(/nobody has opened after the day of the decision: None/);
    county.world.clock.moveTo('2026-07-13');
    pages.forgetSessions();
    expect(await health()).toMatch(/nobody has opened after the day of the decision: None/);
    county.world.clock.moveTo('2026-07-14');
    pages.forgetSessions();
    expect(await health()).toMatch(/nobody has opened after the day of the decision: <strong[^>]*>45</);
  });
});

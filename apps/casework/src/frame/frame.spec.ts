import type { Actor } from '@send/access';
import { csrfToken, writeSignInCode } from '@send/pages';
import request from 'supertest';
import { headingOf, hiddenOf, PageApp, testSecret } from '../../../../test/builders/page-app';
import { type SmallCounty, smallCounty } from '../../../../test/builders/small-county';

let county: SmallCounty;
let pages: PageApp;

beforeAll(async () => {
  county = await smallCounty('2026-04-20');
  pages = await PageApp.open(county.world, 0, 'http://localhost:9', { search: 3, signIn: 2, failedSignIn: 4 });
}, 120_000);
afterAll(async () => {
  await pages.close();
  await county.world.close();
});

const call = (method: 'get' | 'post', path: string, cookie = '', fields?: Record<string, string | string[]>) => {
  const sent = request(pages.origin)[method](path).set('Cookie', cookie).redirects(0);
  return (fields === undefined ? sent : sent.type('form').send(fields)).ok(() => true);
};

let states = 0;

/** Comes back from the sign-in as this person, with what the browser kept meanwhile. */
async function comeBack(actor: Actor, also: string[] = []) {
  const state = `state-${++states}`;
  const { staffId, authority } = actor;
  const code = writeSignInCode(testSecret, { authority, staffId, state }, new Date());
  return call('get', `/sign-in/back?code=${code}`, [`sign-in=${state}`, ...also].join('; '));
}

const cookiesOf = ({ headers }: request.Response): string[] =>
  ((headers['set-cookie'] ?? []) as string[]).map((one) => one.split(';')[0] ?? '');

const sessionOf = (answer: request.Response): string =>
  cookiesOf(answer).find((one) => one.startsWith('session=')) ?? '';

describe('too often', () => {
  it('searching: a page says how long to wait, and keeps what was typed', async () => {
    const { caseworker, senior } = county.world;
    const search = (as: Actor) => pages.post('/search', as, { search: 'Marigold' });
    for (let time = 0; time < 3; time += 1) expect((await search(caseworker)).status).toBe(200);
    const stopped = await search(caseworker);
    expect([stopped.status, headingOf(stopped)]).toEqual([429, 'You have searched too many times']);
    const seconds = Number(stopped.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(stopped.text).toMatch(/Nothing was lost\. Wait \d+ seconds?, then try again\./);
    expect(hiddenOf(stopped)).toEqual({ search: 'Marigold' });
    expect((await search(senior)).status).toBe(200);
  });

  it('signing in: whoever signs in too often waits, and nobody else does', async () => {
    const { caseworker, senior } = county.world;
    expect((await comeBack(caseworker)).status).toBe(303);
    expect((await comeBack(caseworker)).status).toBe(303);
    const stopped = await comeBack(caseworker);
    expect([stopped.status, headingOf(stopped)]).toEqual([429, 'You have signed in too many times']);
    expect(stopped.headers['retry-after']).toBe('60');
    expect(sessionOf(stopped)).toBe('');
    expect((await comeBack(senior)).status).toBe(303);
  });

  it('an address from which too much fails has to wait; what was wrong says nothing of who was meant', async () => {
    const failed = async () => (await call('get', '/sign-in/back?code=a.b', 'sign-in=x')).status;
    const found = [];
    for (let time = 0; time < 6; time += 1) found.push(await failed());
    expect(found.slice(0, 3)).toEqual([403, 403, 403]);
    expect(found.at(-1)).toBe(429);
    // Whoever proves who they are is not kept out by what others failed at behind the same address.
    expect((await comeBack(county.otherSenior)).status).toBe(303);
    expect(await failed()).toBe(429);
    await county.world.test.ownerQuery('delete from access.tries');
  });
});

describe('the API', () => {
  const ask = async (app: PageApp, token?: string): Promise<number> =>
    (
      await request(app.origin)
        .get('/api/v1/children/00000000-0000-4000-8000-000000000000/people')
        .set(token === undefined ? {} : { Authorization: `Bearer ${token}` })
        .ok(() => true)
    ).status;

  it('counts tokens that nobody has for the address they come from, and keeps nobody out who has one', async () => {
    const app = await PageApp.open(county.world, 0, undefined, { request: 5 });
    try {
      const found = [];
      for (let n = 0; n < 8; n += 1) found.push(await ask(app, `levelshire.${String(n).padStart(43, 'a')}`));
      expect(found).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
      expect(await ask(app)).toBe(429);
      const [mine, theirs] = [await app.cookie(county.world.caseworker), await app.cookie(county.world.senior)];
      for (let n = 0; n < 5; n += 1) expect(await ask(app, mine)).toBe(404);
      expect([await ask(app, mine), await ask(app, theirs)]).toEqual([429, 404]);
    } finally {
      await app.close();
    }
  });
});

describe('a page elsewhere that calls the way back from sign-in', () => {
  it('uses up nobody’s tries: without the cookie of a sign-in that was begun here nothing is guessed', async () => {
    for (const headers of [{}, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }])
      for (let time = 0; time < 30; time += 1) {
        const image = await call('get', `/sign-in/back?code=x${time}`).set(headers);
        expect([image.status, headingOf(image), sessionOf(image)]).toEqual([403, 'You are not signed in', '']);
      }
    // Nor is there a code to count where a sign-in was begun and came back without one.
    for (let time = 0; time < 10; time += 1)
      expect((await call('get', '/sign-in/back', 'sign-in=begun')).status).toBe(403);
    expect(await county.world.test.ownerQuery('select sender from access.tries')).toEqual([]);
    expect((await comeBack(county.otherSenior)).status).toBe(303);
    await county.world.test.ownerQuery('delete from access.tries');
  });

  it('takes a code once', async () => {
    const { staffId, authority } = county.otherSenior;
    const code = writeSignInCode(testSecret, { authority, staffId, state: 'once' }, new Date());
    const come = () => call('get', `/sign-in/back?code=${code}`, 'sign-in=once');
    expect([(await come()).status, (await come()).status]).toEqual([303, 403]);
    await county.world.test.ownerQuery('delete from access.tries');
  });
});

describe('a method that an address does not take', () => {
  it.each([
    ['post', '/cases', 'GET, HEAD'],
    ['post', '/help', 'GET, HEAD'],
    ['get', '/sign-out', 'POST'],
  ] as const)('%s %s', async (method, path, allow) => {
    const answer = await call(method, path, '', method === 'post' ? { a: 'b' } : undefined);
    expect([answer.status, answer.headers['allow'], headingOf(answer)]).toEqual([
      405,
      allow,
      'This page cannot be used in this way',
    ]);
  });

  it('an address that nobody has is still not found', async () => {
    for (const path of ['/nothing', '/cases/a/b/c/d', '/%E0%A4%A'])
      expect((await call('post', path, '', { a: 'b' })).status).toBeLessThan(405);
  });
});

describe('the end of a session', () => {
  const nine = '09:00:00';
  const begun = async (actor: Actor) => {
    county.world.clock.moveTo('2026-04-21', nine);
    await county.world.test.ownerQuery('delete from access.tries');
    return sessionOf(await comeBack(actor));
  };

  it('is told on every page in words, and to the script in seconds; any page puts it off', async () => {
    const { clock, caseworker } = county.world;
    const session = await begun(caseworker);
    const first = await call('get', '/help', session);
    expect(first.text).toContain('you will be signed out at 10:30am');
    expect(first.text).toContain('data-session-seconds="1800"');
    clock.moveTo('2026-04-21', '09:00:50');
    // Not written on every request, and so not promised: 50 seconds later it is the same end.
    expect((await call('get', '/help', session)).text).toContain('data-session-seconds="1750"');
    clock.moveTo('2026-04-21', '09:28:00');
    const stay = await call('get', '/session', session);
    expect([stay.status, headingOf(stay)]).toEqual([200, 'You are still signed in']);
    expect(stay.text).toContain('you will be signed out at 10:58am');
    clock.moveTo('2026-04-21', '09:57:59');
    expect((await call('get', '/help', session)).text).toContain('Signed in as');
    expect((await call('get', '/help')).text).not.toContain('data-session-seconds');
  });

  it('says why, and leads back to where one was', async () => {
    const { clock, caseworker } = county.world;
    const session = await begun(caseworker);
    clock.moveTo('2026-04-21', '09:30:00');
    const away = await call('get', '/cases?owner=all&due=week', session);
    const why = await call('get', String(away.headers['location']), session);
    expect([away.status, why.status, headingOf(why)]).toEqual([303, 200, 'You have been signed out']);
    expect(why.text).toContain('You did nothing for 30 minutes');
    const signIn = /href="(\/sign-in[^"]*)"/.exec(why.text)?.[1]?.replace(/&amp;/g, '&') ?? '';
    const begins = await call('get', signIn, session);
    const back = await comeBack(
      caseworker,
      cookiesOf(begins).filter((one) => one.startsWith('sign-in-to=')),
    );
    expect(back.headers['location']).toBe('/cases?owner=all&due=week');
  });

  it('keeps what was typed, and takes it under the next session at the press of a button', async () => {
    const { clock, caseworker } = county.world;
    const session = await begun(caseworker);
    clock.moveTo('2026-04-21', '09:30:00');
    const token = csrfToken(session.replace('session=', ''));
    const typed = { search: 'Marigold', also: ['one', 'two "quoted"'] };
    const late = await call('post', '/search', session, { _csrf: token, ...typed });
    expect([late.status, headingOf(late)]).toEqual([403, 'You have been signed out']);
    expect(hiddenOf(late)).toMatchObject({ search: 'Marigold', also: 'two "quoted"' });
    expect(late.text).toContain('name="also" value="one"');
    const next = sessionOf(await comeBack(caseworker));
    const asked = await call('post', '/search', next, hiddenOf(late));
    expect([asked.status, headingOf(asked)]).toEqual([403, 'This form is no longer valid']);
    const fresh = /name="_csrf" value="([^"]+)">\s*<input type="hidden" name="search"/.exec(asked.text)?.[1] ?? '';
    expect(fresh).toBe(csrfToken(next.replace('session=', '')));
    const sent = await call('post', '/search', next, { _csrf: fresh, ...hiddenOf(asked) });
    expect(sent.status).toBe(200);
  });

  it('keeps nothing for another site’s form', async () => {
    const { caseworker } = county.world;
    const session = await begun(caseworker);
    const forged = await call('post', '/search', session, { search: 'Marigold' }).set('Sec-Fetch-Site', 'cross-site');
    expect(forged.status).toBe(403);
    expect(forged.text).not.toContain('Marigold');
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/sign-out',
    'javascript:alert(1)',
    '/a\nb',
    `/${'x'.repeat(600)}`,
  ])('leads nowhere but into the service: %j', async (to) => {
    const begins = await call('get', `/sign-in?${new URLSearchParams({ to }).toString()}`);
    const kept = cookiesOf(begins).find((one) => one.startsWith('sign-in-to='));
    expect(Buffer.from(kept?.split('=')[1] ?? '', 'base64url').toString()).toBe('/');
    const forged = `sign-in-to=${Buffer.from(to).toString('base64url')}`;
    await county.world.test.ownerQuery('delete from access.tries');
    expect((await comeBack(county.world.caseworker, [forged])).headers['location']).toBe('/');
  });
});

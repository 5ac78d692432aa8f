import { openTestDatabase, type TestDatabase } from '../../../../test/database';
import { readConfig } from '../config';
import { type Limited, mostSenders, RateLimits, TooMany, waitInWords } from './rate-limit';

type Counted = Exclude<Limited, 'request'>;
const secret = 'a secret of the specs, long enough for anybody';

let test: TestDatabase;
/** Two processes of the service on one database. */
let [one, other]: RateLimits[] = [];
let senders = 0;
const somebody = () => `somebody ${++senders}`;

beforeAll(async () => {
  test = await openTestDatabase({ entities: [] });
  [one, other] = [new RateLimits(test.database, secret), new RateLimits(test.database, secret)];
});
afterAll(async () => test.close());

/** Seconds to wait, 0 where it may go on. */
async function wait(limits: RateLimits | undefined, what: Counted, sender: string): Promise<number> {
  try {
    await limits?.count(what, sender);
    return 0;
  } catch (failure) {
    if (failure instanceof TooMany) return failure.seconds;
    throw failure;
  }
}

async function waits(times: number, what: Counted, sender: string): Promise<number[]> {
  const found = [];
  for (let time = 0; time < times; time += 1) found.push(await wait(time % 2 === 0 ? one : other, what, sender));
  return found;
}

/** As if these seconds had passed. */
const pass = (seconds: number) =>
  test.ownerQuery(
    'update access.tries set since = since - make_interval(secs => $1), shut_until = shut_until - make_interval(secs => $1)',
    [seconds],
  );

it.each<[Counted, number, number]>([
  ['search', 60, 60],
  ['failedSignIn', 50, 900],
  ['submission', 20, 3600],
])('%s: %i in %i seconds, by whichever process they come', async (what, most, within) => {
  const sender = somebody();
  const found = await waits(most + 1, what, sender);
  expect(found.slice(0, most)).toEqual(Array(most).fill(0));
  expect(found[most]).toBeGreaterThan(0);
  expect(found[most]).toBeLessThanOrEqual(within);
  expect(await wait(one, what, somebody())).toBe(0);
  await pass(within);
  expect(await wait(other, what, sender)).toBe(0);
});

it('signing in: five are free, then each wait is twice the last, and a quarter of an hour ends it', async () => {
  const sender = somebody();
  expect(await waits(5, 'signIn', sender)).toEqual([0, 0, 0, 0, 0]);
  const grown = [];
  for (let time = 0; time < 5; time += 1) {
    const seconds = await wait(one, 'signIn', sender);
    grown.push(seconds);
    // To ask while waiting makes it no longer.
    expect(await wait(other, 'signIn', sender)).toBeLessThanOrEqual(seconds);
    await pass(seconds);
    expect(await wait(one, 'signIn', sender)).toBe(0);
  }
  expect(grown).toEqual([60, 120, 240, 480, 900]);
  await pass(900);
  expect(await waits(5, 'signIn', sender)).toEqual([0, 0, 0, 0, 0]);
});

it('forgets what is past', async () => {
  const [lately, past] = [somebody(), somebody()];
  await wait(one, 'search', past);
  await pass(86_500);
  await wait(one, 'search', lately);
  await one?.forgetPast();
  const kept = await test.ownerQuery<{ count: number }>('select count(*)::int as count from access.tries');
  expect(kept).toEqual([{ count: 1 }]);
});

it('loses no try of many at once, and keeps no name or address', async () => {
  const sender = 'ada@levelshire.example 203.0.113.7';
  const at = await Promise.all(Array.from({ length: 70 }, (_, n) => wait(n % 2 ? one : other, 'search', sender)));
  expect(at.filter((seconds) => seconds === 0)).toHaveLength(60);
  expect(JSON.stringify(await test.ownerQuery('select * from access.tries'))).not.toMatch(/ada|203\.0/);
});

it('is changed by the settings, which refuse what they do not know', async () => {
  const read = (RATE_LIMITS: string, PROXIES = '0') =>
    readConfig({ DATABASE_URL: 'postgres://x', RATE_LIMITS, PROXIES });
  const strict = new RateLimits(test.database, secret, read('search=2, submission=7').limits);
  const sender = somebody();
  expect([await wait(strict, 'search', sender), await wait(strict, 'search', sender)]).toEqual([0, 0]);
  expect(await wait(strict, 'search', sender)).toBeGreaterThan(0);
  expect(read('').limits).toEqual({});
  for (const wrong of ['searches=2', 'search', 'search=0', 'search=-1', 'search=many'])
    expect(() => read(wrong)).toThrow('RATE_LIMITS is like');
  expect(() => read('', 'yes')).toThrow('PROXIES is how many');
});

it('does not start in production without the number of proxies', () => {
  const production = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres://x',
    CASEWORK_URL: 'https://send.levelshire.example',
    SIGN_IN_SECRET: 'a secret of the specs, long enough for anybody',
  };
  expect(() => readConfig(production)).toThrow('Set PROXIES to how many proxies of your own stand before this app');
  expect(() => readConfig({ ...production, PROXIES: '' })).toThrow('Set PROXIES');
  expect(readConfig({ ...production, PROXIES: '0' }).proxies).toBe(0);
  expect(readConfig({ ...production, PROXIES: '2' }).proxies).toBe(2);
  expect(readConfig({ DATABASE_URL: 'postgres://x' }).proxies).toBe(0);
});

it('counts requests to the API within a process', () => {
  const limits = new RateLimits(test.database, secret, { request: 3 });
  for (let time = 0; time < 3; time += 1) limits.countRequest('one');
  limits.countRequest('another');
  expect(() => limits.countRequest('one')).toThrow(TooMany);
});

it('drops those who were quiet longest where there are too many senders, and goes on counting the others', () => {
  const limits = new RateLimits(test.database, secret, { request: 3 });
  for (let time = 0; time < 3; time += 1) limits.countRequest('busy');
  for (let n = 0; n < 2 * mostSenders; n += 1) {
    limits.countRequest(`sender ${n}`);
    if (n % 1000 === 0) expect(() => limits.countRequest('busy')).toThrow(TooMany);
  }
});

it.each([
  [1, '1 second'],
  [40, '40 seconds'],
  [120, '2 minutes'],
  [121, '3 minutes'],
])('%i seconds are %s', (seconds, words) => {
  expect(waitInWords(seconds)).toBe(words);
});

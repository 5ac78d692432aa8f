import { openTestDatabase, type TestDatabase } from '../../../test/database';
import {
  accessEntities,
  type Actor,
  actorFor,
  addStaff,
  atMost,
  authorities,
  beginSession,
  endSession,
  endSessionsOf,
  idleFor,
  saveAuthority,
  signedIn,
  staffOn,
} from './index';
import type { LetterDetails } from './index';

const letterDetails: LetterDetails = {
  serviceName: 'SEND service',
  addressLines: ['County Hall', 'Levelton', 'ZZ99 1AA'],
  phone: '01632 960001',
  email: 'send@levelshire.example.org',
  website: 'https://levelshire.example.org',
  localOfferUrl: 'https://levelshire.example.org/offer',
  complaintsUrl: 'https://levelshire.example.org/complaints',
  openingHours: 'Monday to Friday, 9am to 5pm',
  sendiass: {
    name: 'Levelshire SENDIASS',
    phone: '01632 960002',
    email: 'help@example.org',
    website: 'https://example.org',
  },
  mediationAdviser: { name: 'Level Mediation', phone: '01632 960003', email: 'mediation@example.org' },
  mediationContact: {
    name: 'SEND mediation officer',
    phone: '01632 960004',
    email: 'mediation@levelshire.example.org',
  },
  disagreementResolution: { name: 'Level Resolution', contact: '01632 960005' },
};

describe('signing in', () => {
  let test: TestDatabase;
  let ada: Actor;
  let adaId: string;
  const levelshire = { authority: 'levelshire', actor: 'set-up' };
  const today = '2027-05-04';
  const nine = new Date('2027-05-04T08:00:00Z');
  const after = (milliseconds: number) => new Date(nine.getTime() + milliseconds);
  const begin = () => test.database.transaction(levelshire, (tx) => beginSession(tx, ada, nine));

  beforeAll(async () => {
    test = await openTestDatabase({ entities: accessEntities });
    for (const [authority, name, prefix] of [
      ['levelshire', 'Levelshire', 'LEV'],
      ['harrowmoor', 'Harrowmoor', 'HAR'],
    ] as const) {
      await test.database.transaction({ authority, actor: 'set-up' }, (tx) =>
        saveAuthority(tx, { name, number: '999', referencePrefix: prefix, letterDetails }),
      );
    }
    await test.database.transaction(levelshire, async (tx) => {
      adaId = await addStaff(tx, {
        name: 'Ada Marsh',
        email: 'ada@example.org',
        roles: ['CW'],
        team: 'North',
        activeFrom: '2026-01-01',
        activeUntil: '2027-06-01',
      });
      const actor = await actorFor(tx, adaId, today);
      if (!actor) throw new Error('Ada works here.');
      ada = actor;
    });
  });
  afterAll(async () => test.close());

  it('names every authority to somebody not signed in, and lets nobody change another’s entry', async () => {
    const names = await test.database.transaction({ authority: 'none', actor: 'sign-in' }, authorities);
    expect(names.map((one) => one.name)).toEqual(['Harrowmoor', 'Levelshire']);
    const changed = await test.database.transaction(levelshire, (tx) =>
      tx.run(`update access.authority set name = 'Ours' where id = 'harrowmoor'`),
    );
    expect(changed).toBe(0);
  });

  it('knows the person by the cookie, and keeps no secret in the table', async () => {
    const cookie = await begin();
    const read = await signedIn(test.database, cookie, after(60_000), today);
    expect(read).toMatchObject({ actor: { staffId: adaId, authority: 'levelshire', roles: ['CW'] }, fresh: true });
    expect(JSON.stringify(await test.ownerQuery('select * from access.session'))).not.toContain(cookie.split('.')[1]);
  });

  it('asks for a new sign-in before what must be fresh, after ten minutes', async () => {
    const read = await signedIn(test.database, await begin(), after(11 * 60_000), today);
    expect(read?.fresh).toBe(false);
  });

  it('ends when idle, and at twelve hours at the latest', async () => {
    expect(await signedIn(test.database, await begin(), after(idleFor), today)).toBeUndefined();
    const cookie = await begin();
    for (let time = 20 * 60_000; time < atMost; time += 20 * 60_000) {
      expect(await signedIn(test.database, cookie, after(time), today)).toBeDefined();
    }
    expect(await signedIn(test.database, cookie, after(atMost), today)).toBeUndefined();
  });

  it('ends by signing out, by closing the account and by leaving', async () => {
    const [out, closed, left] = [await begin(), await begin(), await begin()];
    await endSession(test.database, out, nine);
    expect(await signedIn(test.database, out, nine, today)).toBeUndefined();
    expect(await signedIn(test.database, left, nine, '2027-06-01')).toBeUndefined();
    await test.database.transaction(levelshire, (tx) => endSessionsOf(tx, adaId, nine));
    expect(await signedIn(test.database, closed, nine, today)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    'levelshire.short',
    `harrowmoor.${'a'.repeat(43)}`,
    `levelshire.${'a'.repeat(43)}`,
    `Levelshire' or 1=1.${'a'.repeat(43)}`,
  ])('knows nobody by %p', async (cookie) => {
    expect(await signedIn(test.database, cookie, nine, today)).toBeUndefined();
  });

  it('does not take a cookie of one authority for another', async () => {
    const cookie = await begin();
    expect(await signedIn(test.database, cookie.replace('levelshire', 'harrowmoor'), nine, today)).toBeUndefined();
  });

  it('lists who works there on the day', async () => {
    const on = (day: string) =>
      test.database.transaction(levelshire, async (tx) => (await staffOn(tx, day)).map((one) => one.name));
    expect([await on('2025-12-31'), await on('2026-01-01'), await on('2027-06-01')]).toEqual([[], ['Ada Marsh'], []]);
  });
});

import {
  accessEntities,
  type Actor,
  addStaff,
  endGrant,
  giveGrant,
  grantsOn,
  identityOf,
  saveAuthority,
  systemActor,
} from '@send/access';
import type { LetterDetails } from '@send/access';
import type { Tx } from '@send/database';
import { openTestDatabase, type TestDatabase } from '../../../test/database';
import {
  addAdvice,
  addAdviser,
  addChild,
  addDocument,
  AddressKeys,
  addNote,
  addPerson,
  addPlanVersion,
  addSetting,
  addressees,
  type Addressees,
  caseFileEntities,
  CaseFile,
  caseRelationship,
  changeChild,
  changeRelationship,
  type Child,
  confirmMatch,
  confirmNew,
  confirmRelationship,
  documentsOf,
  endRelationship,
  findSettings,
  finishNotice,
  freezePlan,
  hideDocument,
  liftProtection,
  type NewRelationship,
  noteScan,
  notToBeShared,
  OnlineForm,
  openDocument,
  openNotices,
  peopleOn,
  plansOf,
  possibleDuplicates,
  protectAddress,
  raiseHeld,
  raiseNotice,
  readProtectedAddress,
  recordCapacity,
  relate,
  relationshipHistory,
  resolveAddress,
  savePlan,
  searchCases,
  setAddress,
  setContact,
  contactBefore,
  setTerm,
  termsOf,
} from './index';

const details: LetterDetails = {
  serviceName: 'SEND service',
  addressLines: ['County Hall', 'ZZ99 1AA'],
  phone: '01632 960001',
  email: 'send@example.org',
  website: 'https://example.org',
  localOfferUrl: 'https://example.org/offer',
  complaintsUrl: 'https://example.org/complaints',
  openingHours: 'Monday to Friday',
  sendiass: { name: 'SENDIASS', phone: '01632 960002', email: 'i@example.org', website: 'https://example.org' },
  mediationAdviser: { name: 'Mediation', phone: '01632 960003', email: 'm@example.org' },
  mediationContact: { name: 'Officer', phone: '01632 960004', email: 'o@example.org' },
  disagreementResolution: { name: 'Resolution', contact: '01632 960005' },
};

const on = '2027-05-04';
const keys = new AddressKeys('k1', {
  k1: Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 37) % 251)).toString('base64'),
});
const why = 'Needed to arrange a safe visit today';

let test: TestDatabase;
let ada: Actor; // caseworker
let sam: Actor; // senior
let eve: Actor; // caseworker of another authority
let born = 0;

const as = <T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> =>
  test.database.transaction(identityOf(actor), work);

beforeAll(async () => {
  test = await openTestDatabase({ entities: [...accessEntities, ...caseFileEntities] });
  const staff = async (authority: string, name: string, role: 'CW' | 'SM', team: string): Promise<Actor> => {
    const setUp = { authority, actor: 'set-up' };
    const prefix = authority.slice(0, 3).toUpperCase();
    await test.database.transaction(setUp, (tx) =>
      saveAuthority(tx, { name: authority, number: '999', referencePrefix: prefix, letterDetails: details }),
    );
    const staffId = await test.database.transaction(setUp, (tx) =>
      addStaff(tx, { name, email: `${name}@${authority}.example.org`, roles: [role], team, activeFrom: '2026-01-01' }),
    );
    return { staffId, name, authority, roles: [role], team };
  };
  ada = await staff('levelshire', 'Ada', 'CW', 'North');
  sam = await staff('levelshire', 'Sam', 'SM', 'North');
  eve = await staff('harrowmoor', 'Eve', 'CW', 'North');
});
afterAll(async () => test.close());

const aChild = (changes: Partial<Child> = {}, by = ada): Promise<Child> =>
  as(by, (tx) =>
    addChild(tx, {
      from: '2027-01-04',
      firstNames: 'Robin',
      lastName: `Tester${++born}`,
      dateOfBirth: '2018-03-12',
      caseworkerId: by.staffId,
      team: by.team,
      ...changes,
    }),
  );

/** Another adult beside the child: confirmed by the senior unless told otherwise. */
async function anAdult(
  child: Child,
  name: string,
  relationship: Partial<NewRelationship> = {},
  address: { lines: string[]; postcode: string } | null = { lines: [`1 ${name} Street`], postcode: 'ZZ99 1AA' },
): Promise<{ personId: string; id: string }> {
  return as(ada, async (tx) => {
    const personId = await addPerson(tx, {
      kind: 'adult',
      title: 'Ms',
      firstNames: name,
      lastName: 'Adult',
      from: '2020-01-01',
      ...(address ? { address } : {}),
      email: `${name}@example.org`,
    });
    const id = await relate(tx, {
      childId: child.id,
      personId,
      kind: 'parent',
      fromDay: '2020-01-01',
      parentalResponsibility: 'yes',
      confirmedBy: sam.staffId,
      ...relationship,
    });
    return { personId, id };
  });
}

const told = (child: Child, day = on, letter = 'assessment.agree'): Promise<Addressees> =>
  as(ada, (tx) => addressees(tx, child.id, 'parent-or-young-person', day, letter));
const namesOf = (answer: Addressees) => ({
  send: answer.send.map((one) => `${one.name}${one.asCopy ? ' (copy)' : ''}`),
  held: answer.held.map((one) => one.why),
  leftOut: answer.leftOut.map((one) => one.reason),
});

describe('the wall', () => {
  const withoutAuthority = {
    'access.authority': 'its id is the authority; a public directory, written by its own only',
    'access.tries': 'whoever signs in belongs to none yet; it holds keyed hashes and counts',
  };

  it('stands round every table of the two schemas', async () => {
    const tables = await test.ownerQuery<{
      name: string;
      walled: boolean;
      forced: boolean;
      named: boolean;
      policies: number;
    }>(
      `select n.nspname || '.' || c.relname as name, c.relrowsecurity as walled, c.relforcerowsecurity as forced,
         exists (select from information_schema.columns i where i.table_schema = n.nspname and i.table_name = c.relname
                 and i.column_name = 'authority_id' and i.is_nullable = 'NO') as named,
         (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('access', 'case_file') and c.relkind in ('r', 'p') order by 1`,
    );
    expect(tables.length).toBeGreaterThanOrEqual(23);
    expect(tables.filter((one) => !one.walled || !one.forced || one.policies === 0)).toEqual([]);
    expect(tables.filter((one) => !one.named).map((one) => one.name)).toEqual(Object.keys(withoutAuthority));
  });

  it('shows nothing of one authority to another, in any table, and lets nothing be written there', async () => {
    const child = await aChild({}, eve);
    await as(eve, async (tx) => {
      await addNote(tx, { childId: child.id, text: 'Ours.', happenedOn: on });
      await setAddress(tx, child.personId, { lines: ['1 Far Street'], postcode: 'ZZ99 9ZZ' }, '2027-01-04');
      await giveGrant(tx, { staffId: eve.staffId, childId: child.id, kind: 'assigned', from: on });
    });
    const tables = await test.ownerQuery<{ name: string }>(
      `select table_schema || '.' || table_name as name from information_schema.columns
       where table_schema in ('access', 'case_file') and column_name = 'authority_id'`,
    );
    await new OnlineForm(test.database, keys).keep('harrowmoor', 'a secret', { who: 'parent' }, new Date());
    for (const { name } of tables) {
      // What the public form writes is written under its own role, and its drafts are read by nobody else.
      const publicRole = 'set local role send_public';
      const reads = name === 'case_file.online_draft' ? publicRole : 'select 1';
      const writes = name.startsWith('case_file.online_') ? publicRole : 'select 1';
      const seen = await as(ada, async (tx) => {
        await tx.query(reads);
        return tx.query<{ seen: number }>(
          `select count(id_of)::int as seen from (select authority_id as id_of from ${name}) t where id_of = 'harrowmoor'`,
        );
      });
      expect([name, seen[0]?.seen]).toEqual([name, 0]);
      const forged = as(ada, async (tx) => {
        await tx.query(writes);
        return tx.run(`insert into ${name} (authority_id) values ('harrowmoor')`);
      });
      await expect(forged).rejects.toThrow(/row-level security/);
    }
    // Nor does a foreign key reach over it, though row security does not govern those.
    await expect(as(ada, (tx) => addNote(tx, { childId: child.id, text: 'Theirs.', happenedOn: on }))).rejects.toThrow(
      'foreign key',
    );
    expect(await as(ada, (tx) => caseRelationship(tx, ada, child.id, on))).toBeUndefined();
  });

  it('gives the application no delete and no change of what must stay', async () => {
    for (const sql of [
      'delete from case_file.child',
      'delete from case_file.relationship',
      `update case_file.note set text = 'x'`,
      `update case_file.advice set author_name = 'x'`,
    ]) {
      await expect(as(ada, (tx) => tx.run(sql))).rejects.toThrow('permission denied');
    }
  });
});

describe('a child', () => {
  it('gets the next reference, also when two come at once', async () => {
    const children = await Promise.all([aChild(), aChild(), aChild()]);
    expect(new Set(children.map((child) => child.reference)).size).toBe(3);
    expect(children[0]?.reference).toMatch(/^LEV-1\d{3}$/);
    expect((await aChild({}, eve)).reference).toMatch(/^HAR-/);
  });

  it('is changed only as it was seen, and is still found by a former name', async () => {
    const child = await aChild({ firstNames: 'Wilhelmina', lastName: 'Oldname' });
    expect(await as(ada, (tx) => changeChild(tx, child.id, 1, { lastName: 'Newname' }))).toBe(true);
    expect(await as(ada, (tx) => changeChild(tx, child.id, 1, { lastName: 'Lostname' }))).toBe(false);
    const answer = await as(ada, (tx) => searchCases(tx, ada, 'oldname', on));
    expect(answer).toMatchObject({ results: [{ name: 'Wilhelmina Newname', childId: child.id }] });
  });
});

describe('who must receive a letter', () => {
  it('two parents at two addresses are two addressees, and neither sees the other’s', async () => {
    const child = await aChild();
    await anAdult(child, 'Alice');
    await anAdult(child, 'Bruno', {}, { lines: ['9 Elsewhere Road'], postcode: 'ZZ99 2BB' });
    const answer = await told(child);
    expect(answer.send.map((one) => [one.name, one.salutation, one.addressLines, one.kind, one.channel])).toEqual([
      ['Ms Alice Adult', 'Ms Adult', ['1 Alice Street', 'ZZ99 1AA'], 'parent', 'post'],
      ['Ms Bruno Adult', 'Ms Adult', ['9 Elsewhere Road', 'ZZ99 2BB'], 'parent', 'post'],
    ]);
    expect(answer.held).toEqual([]);
  });

  const order = { receivesRefusedEvidence: 'Order of 3 March 2027' };
  const cases: [string, Partial<NewRelationship>, ReturnType<typeof namesOf>, Partial<Child>?][] = [
    [
      'not known: nothing, and a task',
      { parentalResponsibility: 'not-known' },
      { send: [], held: ['parental-responsibility-not-known'], leftOut: [] },
    ],
    [
      'recorded by one person alone: nothing, and a task',
      { confirmedBy: null },
      { send: [], held: ['not-confirmed'], leftOut: [] },
    ],
    [
      'a court order against letters',
      { ...order, receivesRefusedReason: 'court-order' },
      { send: [], held: ['nobody-on-record'], leftOut: ['court-order'] },
    ],
    [
      'a risk assessment',
      { ...order, receivesRefusedReason: 'risk-assessment' },
      { send: [], held: ['nobody-on-record'], leftOut: ['risk-assessment'] },
    ],
    [
      'an order that leaves these letters',
      { ...order, receivesRefusedReason: 'court-order', receives: ['assessment'] },
      { send: ['Ms Pat Adult'], held: [], leftOut: [] },
    ],
    [
      'an order that leaves other letters',
      { ...order, receivesRefusedReason: 'court-order', receives: ['review'] },
      { send: [], held: ['nobody-on-record'], leftOut: ['court-order'] },
    ],
    [
      'limited by court, letters not decided',
      { parentalResponsibility: 'court-limited', limits: 'No contact' },
      { send: [], held: ['court-limits-not-decided'], leftOut: [] },
    ],
    [
      'limited by court, letters decided',
      { parentalResponsibility: 'court-limited', limits: 'No contact', receives: ['all'] },
      { send: ['Ms Pat Adult'], held: [], leftOut: [] },
    ],
    [
      'a list without a legal reason takes nothing away',
      { receives: ['review'] },
      { send: ['Ms Pat Adult'], held: [], leftOut: [] },
    ],
    [
      'a carer without responsibility',
      { kind: 'carer', parentalResponsibility: 'no' },
      { send: [], held: ['nobody-on-record'], leftOut: [] },
    ],
    [
      'a foster carer who counts as a parent by decision',
      { kind: 'foster-carer', parentalResponsibility: 'no', receives: ['assessment.agree'] },
      { send: ['Ms Pat Adult'], held: [], leftOut: [] },
    ],
    [
      'parent of a looked-after child, not decided',
      {},
      { send: [], held: ['looked-after-not-decided'], leftOut: [] },
      { lookedAfter: true },
    ],
    [
      'parent of a looked-after child, decided',
      { receives: ['all'] },
      { send: ['Ms Pat Adult'], held: [], leftOut: [] },
      { lookedAfter: true },
    ],
    [
      'a social worker of a looked-after child',
      { kind: 'social-worker', parentalResponsibility: 'no', receives: ['all'] },
      { send: ['Ms Pat Adult'], held: [], leftOut: [] },
      { lookedAfter: true },
    ],
    [
      'a social worker of another child',
      { kind: 'social-worker', parentalResponsibility: 'no', receives: ['all'] },
      { send: [], held: ['nobody-on-record'], leftOut: [] },
    ],
    ['reached by phone only', { safeChannel: 'phone' }, { send: [], held: ['phone-only'], leftOut: [] }],
    ['ended before the day', { fromDay: '2028-01-01' }, { send: [], held: ['nobody-on-record'], leftOut: [] }],
    ['a supporter', { kind: 'supporter' }, { send: [], held: ['nobody-on-record'], leftOut: [] }],
  ];
  it.each(cases)('%s', async (_what, relationship, expected, changes = {}) => {
    const child = await aChild(changes);
    const refusedBy = relationship.receivesRefusedReason ? { receivesRefusedBy: sam.staffId } : {};
    await anAdult(child, 'Pat', { ...relationship, ...refusedBy });
    expect(namesOf(await told(child))).toEqual(expected);
  });

  it('keeps the safe way: by email only where that was agreed, and never by post instead', async () => {
    const child = await aChild();
    await anAdult(child, 'Asked', { safeChannel: 'email' });
    await anAdult(child, 'Mail', { safeChannel: 'email', emailAgreed: true });
    const { send } = await told(child);
    expect(send.map((one) => [one.channel, one.email])).toEqual([
      ['email', undefined],
      ['email', 'Mail@example.org'],
    ]);
  });

  it('holds a letter for somebody without an address', async () => {
    const child = await aChild();
    await anAdult(child, 'Roam', {}, null);
    expect(namesOf(await told(child)).held).toEqual(['no-address']);
  });

  it('takes no "the other parent asked us not to": the database wants the paper and the manager', async () => {
    const child = await aChild();
    await expect(anAdult(child, 'Pat', { receivesRefusedReason: 'court-order' })).rejects.toThrow('check constraint');
  });

  describe('over compulsory school age', () => {
    // Sixteen on 1 October 2026, so of compulsory school age until Friday 25 June 2027.
    const sixteen = { dateOfBirth: '2010-10-01', firstNames: 'Jo', lastName: 'Rivers' };
    const at = (child: Child) =>
      as(ada, (tx) => setAddress(tx, child.personId, { lines: ['5 Own Flat'], postcode: 'ZZ99 5EE' }, '2027-01-04'));

    it('the young person has the letters, from the day after and not before', async () => {
      const child = await aChild(sixteen);
      await at(child);
      await anAdult(child, 'Pat');
      expect(namesOf(await told(child, '2027-06-25')).send).toEqual(['Ms Pat Adult']);
      const after = await told(child, '2027-06-26');
      expect(namesOf(after).send).toEqual(['Jo Rivers']);
      expect(after.send[0]).toMatchObject({
        kind: 'young-person',
        salutation: 'Jo',
        addressLines: ['5 Own Flat', 'ZZ99 5EE'],
      });
    });

    it('a parent has a copy where the young person agrees', async () => {
      const child = await aChild(sixteen);
      await at(child);
      await anAdult(child, 'Pat', { youngPersonAgrees: true });
      expect(namesOf(await told(child, '2027-09-01')).send).toEqual(['Jo Rivers', 'Ms Pat Adult (copy)']);
    });

    it('a representative has them while capacity is lacking', async () => {
      const child = await aChild(sixteen);
      const { personId } = await anAdult(child, 'Pat');
      await as(ada, (tx) =>
        recordCapacity(tx, {
          childId: child.id,
          decision: 'The EHC needs assessment',
          lacksCapacity: true,
          decidedOn: '2027-07-01',
          assessor: 'Dr Example',
          reviewOn: '2028-07-01',
          representativeId: personId,
        }),
      );
      expect(namesOf(await told(child, '2027-07-01')).send).toEqual(['Ms Pat Adult']);
      expect(namesOf(await told(child, '2027-06-30')).held).toEqual(['no-address']);
    });
  });

  it('setting, health, social care and one adviser', async () => {
    const ids = await as(ada, async (tx) => ({
      setting: await addSetting(tx, {
        name: 'Oak Hill School',
        kind: 'community school',
        addressLines: ['Oak Hill'],
        postcode: 'ZZ99 3CC',
        email: 'head@example.org',
      }),
      health: await addAdviser(tx, {
        kind: 'health-commissioner',
        name: 'Level ICB',
        role: 'commissioner',
        fromDay: '2026-01-01',
        addressLines: ['1 Health Way'],
        postcode: 'ZZ99 4DD',
      }),
      psychologist: await addAdviser(tx, {
        kind: 'educational-psychology',
        name: 'Dr Example',
        role: 'educational psychologist',
        organisation: 'EP service',
        fromDay: '2026-01-01',
        addressLines: ['2 Mind Way'],
        postcode: 'ZZ99 4DE',
      }),
    }));
    const child = await aChild({ settingId: ids.setting });
    const to = (whom: Parameters<typeof addressees>[2]) => as(ada, (tx) => addressees(tx, child.id, whom, on));
    expect((await to('setting')).send).toMatchObject([
      { id: `setting:${ids.setting}`, name: 'Head teacher', addressLines: ['Oak Hill School', 'Oak Hill', 'ZZ99 3CC'] },
    ]);
    expect((await to('health')).send).toMatchObject([{ id: `adviser:${ids.health}`, kind: 'health' }]);
    expect((await to(`adviser:${ids.psychologist}`)).send).toMatchObject([
      { kind: 'professional', addressLines: ['EP service', '2 Mind Way', 'ZZ99 4DE'] },
    ]);
    expect(namesOf(await to('social-care'))).toEqual({ send: [], held: ['nobody-on-record'], leftOut: [] });
    expect(await as(ada, (tx) => findSettings(tx, 'oak h'))).toHaveLength(1);
    expect(await as(ada, (tx) => findSettings(tx, '%'))).toHaveLength(0);
  });

  it('raises one task for each who is held, once a day', async () => {
    const child = await aChild();
    await anAdult(child, 'Pat', { parentalResponsibility: 'not-known' });
    const { held } = await told(child);
    expect(await as(ada, (tx) => raiseHeld(tx, child.id, held, on))).toBe(1);
    expect(await as(ada, (tx) => raiseHeld(tx, child.id, held, on))).toBe(0);
    const [task] = await as(ada, (tx) => openNotices(tx, ada));
    expect(task).toMatchObject({ childId: child.id, dueOn: on, kind: 'task' });
    expect(task?.text).toContain('Ms Pat Adult has parental responsibility');
    expect(await as(ada, (tx) => finishNotice(tx, task?.id ?? '', new Date()))).toBe(true);
    expect(await as(ada, (tx) => finishNotice(tx, task?.id ?? '', new Date()))).toBe(false);
  });
});

describe('a relationship', () => {
  it('is confirmed by somebody else, and asks again when what it says of rights is changed', async () => {
    const child = await aChild();
    const { id } = await anAdult(child, 'Pat', { confirmedBy: null });
    expect(await as(ada, (tx) => confirmRelationship(tx, id))).toBe('same-person');
    expect(await as(sam, (tx) => confirmRelationship(tx, id))).toBe('done');
    expect(namesOf(await told(child)).send).toEqual(['Ms Pat Adult']);
    const larger = await as(sam, (tx) => changeRelationship(tx, id, { format: 'large-print' }, on));
    expect((await told(child)).send).toMatchObject([{ format: 'large-print' }]);
    await as(ada, (tx) =>
      changeRelationship(tx, larger ?? '', { parentalResponsibility: 'court-limited', limits: 'No contact' }, on),
    );
    expect(namesOf(await told(child)).held).toEqual(['not-confirmed']);
    expect(namesOf(await told(child, '2027-05-03')).send).toEqual(['Ms Pat Adult']);
    const history = await as(ada, (tx) => relationshipHistory(tx, child.id));
    expect(history.map((one) => [one.kind, one.fromDay, one.untilDay])).toEqual([
      ['self', '2027-01-04', null],
      ['parent', '2020-01-01', on],
      ['parent', on, on],
      ['parent', on, null],
    ]);
  });

  it('ends, and was so until then', async () => {
    const child = await aChild();
    const { id } = await anAdult(child, 'Pat');
    expect(await as(ada, (tx) => endRelationship(tx, id, on))).toBe(true);
    expect(namesOf(await told(child)).send).toEqual([]);
    expect(namesOf(await told(child, '2027-05-03')).send).toEqual(['Ms Pat Adult']);
  });

  it('remembers where the person was reached before', async () => {
    const { personId } = await anAdult(await aChild(), 'Old');
    await as(ada, (tx) => setContact(tx, personId, 'email', 'new@example.org', on));
    expect(await as(ada, (tx) => contactBefore(tx, personId, 'email'))).toBe('Old@example.org');
  });
});

describe('an address not to be shared', () => {
  const at = new Date('2027-06-01T09:00:00Z');
  const safe = { lines: ['7 Refuge Row', 'Haven'], postcode: 'ZZ99 7SF' };
  const guarded = async () => {
    const child = await aChild();
    const { personId } = await anAdult(child, 'Hidden', {}, safe);
    await anAdult(child, 'Other', {}, { lines: ['9 Elsewhere Road'], postcode: 'ZZ99 2BB' });
    const done = await as(ada, (tx) =>
      protectAddress(tx, ada, keys, { personId, address: safe, reason: why, confirmedBy: sam.staffId, on }),
    );
    expect(done).toEqual({ done: true });
    return { child, personId };
  };

  it('is masked everywhere, and gone from every open row', async () => {
    const { child, personId } = await guarded();
    const everything = JSON.stringify([
      await told(child),
      await as(ada, (tx) => peopleOn(tx, child.id, on)),
      await as(ada, (tx) => peopleOn(tx, child.id, '2027-05-03')),
      await test.ownerQuery('select * from case_file.address where person_id = $1', [personId]),
      await test.ownerQuery('select * from access.audit'),
      await test.ownerQuery(`select encode(ciphertext, 'escape') as c, reason from case_file.protected_address`),
      await as(ada, (tx) =>
        possibleDuplicates(tx, {
          firstNames: 'Any',
          lastName: 'One',
          dateOfBirth: child.dateOfBirth,
          postcode: safe.postcode,
        }),
      ),
    ]);
    for (const part of ['Refuge', 'Haven', 'ZZ99 7SF']) expect(everything).not.toContain(part);
    expect((await told(child)).send[0]).toMatchObject({
      name: 'Ms Hidden Adult',
      addressLines: [notToBeShared],
      addressProtected: true,
    });
  });

  it('shows through no other row of the same home: the child’s, or anybody’s beside it', async () => {
    const child = await aChild();
    const { personId } = await anAdult(child, 'Hidden', {}, safe);
    const { personId: lodger } = await anAdult(
      child,
      'Lodger',
      {},
      { lines: ['Flat 2', safe.lines[0] ?? ''], postcode: 'zz997sf' },
    );
    const { personId: other } = await anAdult(
      child,
      'Other',
      {},
      { lines: ['9 Elsewhere Road'], postcode: 'ZZ99 2BB' },
    );
    await as(ada, (tx) =>
      setAddress(tx, child.personId, { lines: [...safe.lines], postcode: safe.postcode }, '2027-01-04'),
    );
    await as(ada, (tx) =>
      protectAddress(tx, ada, keys, { personId, address: safe, reason: why, confirmedBy: sam.staffId, on }),
    );
    const rows = await test.ownerQuery<{ person_id: string; lines: string[]; open: boolean }>(
      'select person_id, lines, postcode, until_day is null as open from case_file.address where person_id = any($1)',
      [[personId, lodger, other, child.personId]],
    );
    expect(JSON.stringify(rows)).not.toMatch(/Refuge|Haven|7SF/i);
    const linesOf = (id: string) =>
      rows.filter((row) => row.person_id === id).map(({ lines, open }) => ({ lines, open }));
    for (const id of [lodger, child.personId]) expect(linesOf(id)).toEqual([{ lines: [notToBeShared], open: false }]);
    expect(linesOf(other)).toEqual([{ lines: ['9 Elsewhere Road'], open: true }]);
  });

  it('opens for somebody on the case, with a reason, and leaves its trace', async () => {
    const { child, personId } = await guarded();
    expect(await as(ada, (tx) => readProtectedAddress(tx, ada, keys, personId, why, on))).toEqual({ address: safe });
    const trace = await test.ownerQuery(
      'select actor, role, action, outcome, reason from access.audit where child_id = $1',
      [child.id],
    );
    expect(trace).toEqual([
      { actor: ada.staffId, role: 'CW', action: 'readProtectedAddress', outcome: 'done', reason: why },
    ]);
  });

  it('does not open without a reason, without the case, over the wall or with another key; each refusal is on record', async () => {
    const { personId } = await guarded();
    const stranger: Actor = { ...ada, staffId: '01890000-0000-7000-8000-00000000aaaa' };
    expect(await as(ada, (tx) => readProtectedAddress(tx, ada, keys, personId, 'because', on))).toEqual({
      refused: 'Give a reason of at least 20 characters.',
    });
    expect(await as(stranger, (tx) => readProtectedAddress(tx, stranger, keys, personId, why, on))).toEqual({
      refused: 'You cannot see this address.',
    });
    expect(await as(eve, (tx) => readProtectedAddress(tx, eve, keys, personId, why, on))).toEqual({
      refused: 'You cannot see this address.',
    });
    const otherKeys = new AddressKeys('k1', {
      k1: Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 41 + 1) % 251)).toString('base64'),
    });
    await expect(as(ada, (tx) => readProtectedAddress(tx, ada, otherKeys, personId, why, on))).rejects.toThrow(
      'unable to authenticate',
    );
    const refusals = await test.ownerQuery<{ actor: string }>(
      `select actor from access.audit where object = $1 and outcome = 'refused' order by id`,
      [`person ${personId}`],
    );
    expect(refusals.map((one) => one.actor)).toEqual([ada.staffId, stranger.staffId, eve.staffId]);
  });

  it('cannot be selected: the database’s own door asks for the reason and writes the audit itself', async () => {
    const { child, personId } = await guarded();
    await expect(as(ada, (tx) => tx.query('select ciphertext from case_file.protected_address'))).rejects.toThrow(
      'permission denied',
    );
    await expect(as(ada, (tx) => tx.query('select * from case_file.protected_address'))).rejects.toThrow(
      'permission denied',
    );
    const open = (reason: string) =>
      as(ada, (tx) =>
        tx.query(`select * from case_file.open_protected_address($1, $2, $3, 'direct', null, $4)`, [
          personId,
          on,
          child.id,
          reason,
        ]),
      );
    await expect(open('x')).rejects.toThrow('at least 20 characters');
    expect(await open(why)).toHaveLength(1);
    expect(
      await test.ownerQuery(`select 1 from access.audit where actor = 'direct' and child_id = $1`, [child.id]),
    ).toHaveLength(1);
  });

  it('moved to another person’s row, does not open', async () => {
    const { personId } = await guarded();
    const { personId: other } = await guarded();
    await test.ownerQuery(
      'update case_file.protected_address p set ciphertext = (select ciphertext from case_file.protected_address where person_id = $1) where person_id = $2',
      [personId, other],
    );
    await expect(as(ada, (tx) => readProtectedAddress(tx, ada, keys, other, why, on))).rejects.toThrow(
      'unable to authenticate',
    );
  });

  it('is read by the worker at hand-over, under its own name, and only there', async () => {
    const { child, personId } = await guarded();
    const worker = systemActor('levelshire');
    const handOver = (id: string) =>
      as(worker, (tx) => resolveAddress(tx, worker, keys, child.id, id, 'Hand-over of letter 0189-77', on));
    expect(await handOver(`person:${personId}`)).toEqual(safe);
    const other = (await told(child)).send[1];
    expect(await handOver(other?.id ?? '')).toEqual({ lines: ['9 Elsewhere Road'], postcode: 'ZZ99 2BB' });
    expect(await handOver('person:01890000-0000-7000-8000-00000000aaaa')).toBeUndefined();
    expect(
      await test.ownerQuery(`select reason from access.audit where actor = 'system' and child_id = $1`, [child.id]),
    ).toEqual([{ reason: 'Hand-over of letter 0189-77' }]);
  });

  it('is set and lifted by two, and nothing else puts an address in its place', async () => {
    const { child, personId } = await guarded();
    expect(
      await as(ada, (tx) =>
        protectAddress(tx, ada, keys, { personId, address: safe, reason: why, confirmedBy: ada.staffId, on }),
      ),
    ).toMatchObject({ done: false });
    expect(await as(ada, (tx) => setAddress(tx, personId, { lines: ['1 Open Road'], postcode: 'ZZ99 8OP' }, on))).toBe(
      'protected',
    );
    expect(
      await as(ada, (tx) => liftProtection(tx, ada, keys, { personId, reason: why, confirmedBy: ada.staffId, on, at })),
    ).toMatchObject({ done: false });
    expect(
      await as(ada, (tx) =>
        liftProtection(tx, ada, keys, { personId, reason: why, confirmedBy: sam.staffId, on: '2027-06-01', at }),
      ),
    ).toEqual({ done: true });
    expect(namesOf(await told(child, '2027-06-01')).held).toEqual(['no-address']);
    expect(
      await as(ada, (tx) => setAddress(tx, personId, { lines: ['1 Open Road'], postcode: 'ZZ99 8OP' }, '2027-06-01')),
    ).toBe('done');
  });

  it.each([
    ['short', 'k1', { k1: 'c2hvcnQ=' }],
    ['all alike', 'k1', { k1: Buffer.alloc(32).toString('base64') }],
    ['missing', 'k2', {}],
  ])('takes no key that is %s', (_what, current, given) => {
    expect(() => new AddressKeys(current, given)).toThrow('key');
  });
});

describe('plans and papers', () => {
  it('a frozen version is never changed, whoever asks', async () => {
    const child = await aChild();
    const draft = await as(ada, (tx) => addPlanVersion(tx, child.id, 'draft', { sections: { B: 'Needs' } }));
    expect(await as(ada, (tx) => savePlan(tx, draft.id, 1, { sections: { B: 'Needs', F: 'Provision' } }))).toBe(
      'saved',
    );
    expect(await as(ada, (tx) => savePlan(tx, draft.id, 1, { sections: {} }))).toBe('stale');
    expect(await as(sam, (tx) => freezePlan(tx, draft.id, new Date(), on))).toBe(true);
    expect(await as(sam, (tx) => freezePlan(tx, draft.id, new Date()))).toBe(false);
    expect(await as(ada, (tx) => savePlan(tx, draft.id, 2, { sections: {} }))).toBe('frozen');
    await expect(
      test.ownerQuery(`update case_file.plan_version set sections = '{}' where id = $1`, [draft.id]),
    ).rejects.toThrow('frozen');
    await expect(test.ownerQuery('delete from case_file.plan_version where id = $1', [draft.id])).rejects.toThrow(
      'frozen',
    );
    const final = await as(ada, (tx) => addPlanVersion(tx, child.id, 'final'));
    expect([final.number, final.sections]).toEqual([2, { B: 'Needs', F: 'Provision' }]);
    expect((await as(ada, (tx) => plansOf(tx, child.id))).map((one) => one.kind)).toEqual(['final', 'draft']);
  });

  it('a document keeps its bytes, opens once clean, and is hidden rather than thrown away', async () => {
    const child = await aChild();
    const bytes = Buffer.from('%PDF-1.7 advice');
    const id = await as(ada, (tx) =>
      addDocument(tx, {
        childId: child.id,
        type: 'advice',
        title: 'Advice',
        author: 'Dr Example',
        dated: on,
        fileName: '../../etc/pass"wd.pdf',
        mediaType: 'application/pdf',
        bytes,
      }),
    );
    expect(await as(ada, (tx) => openDocument(tx, id))).toBeUndefined();
    await as(ada, (tx) => noteScan(tx, id, 'clean'));
    const opened = await as(ada, (tx) => openDocument(tx, id));
    expect([opened?.bytes.toString(), opened?.fileName]).toEqual([bytes.toString(), 'pass wd.pdf']);
    expect((await as(ada, (tx) => documentsOf(tx, child.id)))[0]).not.toHaveProperty('bytes');
    await expect(
      test.ownerQuery(`update case_file.document set bytes = 'x', sha256 = encode(sha256('x'), 'hex') where id = $1`, [
        id,
      ]),
    ).rejects.toThrow('never changed');
    expect(await as(ada, (tx) => hideDocument(tx, id, 'Belongs to a sibling', new Date()))).toBe(true);
    expect(await as(ada, (tx) => documentsOf(tx, child.id))).toEqual([]);
    expect(await as(ada, (tx) => documentsOf(tx, child.id, { hidden: true }))).toHaveLength(1);
  });

  it('advice is kept as it came', async () => {
    const child = await aChild();
    const id = await as(ada, (tx) =>
      addAdvice(tx, {
        childId: child.id,
        requestId: '01890000-0000-7000-8000-000000000001',
        adviceFrom: 'educational-psychologist',
        authorName: 'Dr Example',
        authorRole: 'Educational psychologist',
        summaryNeed: 'Need',
        summaryProvision: 'Provision',
        summaryOutcome: 'Outcome',
        receivedOn: on,
      }),
    );
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a notice is raised once for its key', async () => {
    const child = await aChild();
    const notice = {
      key: `reminder:${child.id}`,
      kind: 'notice' as const,
      text: 'Advice is due in 3 working days.',
      childId: child.id,
    };
    expect([await as(ada, (tx) => raiseNotice(tx, notice)), await as(ada, (tx) => raiseNotice(tx, notice))]).toEqual([
      true,
      false,
    ]);
    expect(await as(eve, (tx) => openNotices(tx, eve))).toEqual([]);
  });

  it('terms go to the law library as it wants them', async () => {
    const settingId = await as(ada, (tx) => addSetting(tx, { name: 'Term School', kind: 'academy' }));
    await as(ada, async (tx) => {
      await setTerm(tx, settingId, 'Autumn', { from: '2026-09-01', to: '2026-12-18' });
      await setTerm(tx, settingId, 'Autumn', { from: '2026-09-01', to: '2026-12-18', withoutSession: ['2026-09-02'] });
      await setTerm(tx, settingId, 'Spring', { from: '2027-01-04', to: '2027-03-25' });
    });
    expect(await as(ada, (tx) => termsOf(tx, settingId))).toEqual([
      { from: '2026-09-01', to: '2026-12-18', withoutSession: ['2026-09-02'] },
      { from: '2027-01-04', to: '2027-03-25' },
    ]);
  });
});

describe('possible duplicates', () => {
  let known: Child;
  beforeAll(async () => {
    known = await aChild({
      firstNames: 'Catherine Anne',
      lastName: 'Featherstonehaugh',
      dateOfBirth: '2017-04-03',
      upn: 'N999200000001',
      nhsNumber: '9990000018',
      previousNames: ['Catherine Smythe'],
    });
    await as(ada, (tx) =>
      setAddress(tx, known.personId, { lines: ['3 Known Lane'], postcode: 'ZZ99 6KN' }, '2027-01-04'),
    );
  });
  const like = (given: Partial<Parameters<typeof possibleDuplicates>[1]>) =>
    as(ada, (tx) =>
      possibleDuplicates(tx, { firstNames: 'Zebedee', lastName: 'Quirk', dateOfBirth: '2015-01-01', ...given }),
    );

  it.each([
    ['the same UPN, all else wrong', { upn: 'N999200000001' }, ['Same UPN']],
    ['the same NHS number', { nhsNumber: '9990000018' }, ['Same NHS number']],
    [
      'spelt otherwise',
      { firstNames: 'Katherine', lastName: 'Fetherstonhaugh', dateOfBirth: '2017-04-03' },
      ['Same date of birth', 'Similar name', 'Name sounds alike'],
    ],
    [
      'a former name',
      { firstNames: 'Catherine', lastName: 'Smythe', dateOfBirth: '2017-04-03' },
      ['Same date of birth', 'Same name'],
    ],
    [
      'day and month turned',
      { firstNames: 'Catherine Anne', lastName: 'Featherstonehaugh', dateOfBirth: '2017-03-04' },
      ['Day and month of birth the other way round (3 April 2017)', 'Same name'],
    ],
    [
      'the same birthday at the same postcode',
      { dateOfBirth: '2017-04-03', postcode: 'zz996kn' },
      ['Same date of birth', 'Same postcode'],
    ],
  ])('finds %s', async (_what, given, reasons) => {
    const found = await like(given);
    expect(found.map((one) => [one.reference, one.reasons])).toEqual([[known.reference, reasons]]);
  });

  it.each([
    ['nobody like it', {}],
    ['only the birthday', { dateOfBirth: '2017-04-03' }],
    ['a look-alike over the wall', { upn: 'X' }],
  ])('does not find %s', async (_what, given) => {
    expect(await like(given)).toEqual([]);
  });

  it('is not shown to another authority, and the decision is kept with its reason', async () => {
    expect(
      await as(eve, (tx) =>
        possibleDuplicates(tx, {
          firstNames: 'Catherine',
          lastName: 'Featherstonehaugh',
          dateOfBirth: '2017-04-03',
          upn: 'N999200000001',
        }),
      ),
    ).toEqual([]);
    const considered = await like({ upn: 'N999200000001' });
    await as(ada, (tx) => confirmMatch(tx, known.id, considered, 'Same UPN, mother confirmed by phone'));
    const twin = await aChild();
    await as(ada, (tx) => confirmNew(tx, twin.id, considered, 'A twin'));
    expect(
      await test.ownerQuery('select outcome, why, confirmed_by, considered from case_file.duplicate_check order by id'),
    ).toEqual([
      {
        outcome: 'match',
        why: 'Same UPN, mother confirmed by phone',
        confirmed_by: ada.staffId,
        considered: [known.id],
      },
      { outcome: 'new', why: 'A twin', confirmed_by: ada.staffId, considered: [known.id] },
    ]);
  });
});

describe('search', () => {
  it('by reference, date of birth and a slip of the pen; only what the person may find', async () => {
    const child = await aChild({ firstNames: 'Ptolemy', lastName: 'Okonkwo-Żółty', dateOfBirth: '2016-07-09' });
    const restricted = await aChild({
      firstNames: 'Ptolemy',
      lastName: 'Hush',
      classification: 'restricted',
      caseworkerId: null,
    });
    const find = async (by: Actor, text: string) => {
      const answer = await as(by, (tx) => searchCases(tx, by, text, on));
      return 'results' in answer ? answer.results.map((one) => one.reference) : answer.message;
    };
    for (const text of [
      child.reference,
      child.reference.toLowerCase(),
      'okonkwo',
      'Ptolmey Okonkwo',
      'zolty',
      '9/7/2016',
      '9 July 2016',
      '2016-07-09',
    ]) {
      expect([text, await find(ada, text)]).toEqual([text, expect.arrayContaining([child.reference])]);
      expect(await find(eve, text)).toEqual([]);
    }
    expect(await find(ada, 'Ptolemy')).toEqual([child.reference]);
    expect(await find(sam, 'Ptolemy')).toEqual([restricted.reference, child.reference]);
    expect(await find({ ...ada, team: 'South', staffId: '01890000-0000-7000-8000-00000000bbbb' }, 'Ptolemy')).toEqual(
      [],
    );
    expect([await find(ada, 'x'), await find(ada, '%%'), await find(ada, 'x'.repeat(101))]).toEqual([
      'Enter at least 2 characters',
      [],
      'Search must be 100 characters or fewer',
    ]);
  });
});

describe('opening a case', () => {
  it('is for as long as a grant lasts, from the next request', async () => {
    const child = await aChild({ caseworkerId: null, team: 'South' });
    const live = (day: string) => as(ada, async (tx) => (await caseRelationship(tx, ada, child.id, day))?.live);
    const grant = { staffId: ada.staffId, childId: child.id, kind: 'named' as const, from: on };
    const id = await as(sam, (tx) => giveGrant(tx, grant));
    expect(await as(sam, (tx) => giveGrant(tx, grant))).toBe(id);
    expect([await live('2027-05-03'), await live(on)]).toEqual([false, true]);
    await as(sam, (tx) => endGrant(tx, id, '2027-06-01'));
    expect([await live('2027-05-31'), await live('2027-06-01')]).toEqual([true, false]);
    expect(await as(sam, (tx) => grantsOn(tx, child.id, '2027-06-01'))).toEqual([]);
  });

  it('asks, leaves a trace and does the work in one transaction', async () => {
    const file = new CaseFile(test.database);
    const child = await aChild({ classification: 'restricted' });
    const open = (actor: Actor, reason?: string) =>
      file.open(
        actor,
        { action: 'openCaseOverview', childId: child.id, on, ...(reason === undefined ? {} : { reason }) },
        async (tx) => (await plansOf(tx, child.id)).length,
      );
    expect(await open(ada)).toMatchObject({ result: 0 });
    expect(await open(sam)).toMatchObject({ refused: { rule: 'reason-needed' } });
    expect(await open(sam, why)).toMatchObject({ result: 0 });
    expect(await open(eve)).toMatchObject({ refused: { hidden: true } });
    await as(sam, (tx) =>
      giveGrant(tx, { staffId: ada.staffId, childId: child.id, kind: 'excluded', from: on, reason: 'Neighbour' }),
    );
    expect(await open(ada)).toMatchObject({ refused: { rule: 'excluded', hidden: true } });
    const trace = await test.ownerQuery<{ outcome: string }>(
      'select outcome from access.audit where child_id = $1 order by id',
      [child.id],
    );
    expect(trace.map((one) => one.outcome)).toEqual(['done', 'refused', 'done', 'refused', 'refused']);
  });
});

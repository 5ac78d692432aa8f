import { accessEntities, type Actor, addStaff, giveGrant, identityOf, saveAuthority, type Role } from '@send/access';
import type { Tx } from '@send/database';
import { openTestDatabase, type TestDatabase } from '../../../test/database';
import { letterDetails, testKeys } from '../../../test/builders/case-with-family';
import {
  type About,
  addChild,
  addPerson,
  addPersonToCase,
  addressees,
  AddressKeys,
  type AnswersFor,
  askToLift,
  caseFileEntities,
  changeContact,
  type Child,
  confirmMatter,
  type Contact,
  contactBefore,
  decideLetters,
  endPerson,
  formerPeople,
  giveBackMatter,
  isProtectedPlace,
  notToBeShared,
  peopleOn,
  type PeopleOutcome,
  protect,
  protectAddress,
  readContact,
  readEnding,
  readGivingBack,
  readLifting,
  readNewcomer,
  readProtection,
  readReceiving,
  readResponsibility,
  recordResponsibility,
  relate,
  relationshipHistory,
  setAddress,
  type Responsibility,
  type TypedAnswers,
  type Waiting,
  waitingMatters,
  openNoticesOfChild,
} from './index';

const on = '2027-05-04';
const now = new Date('2027-05-04T10:00:00Z');
const why = 'A risk that was told to us on the phone';
const safe = { lines: ['7 Refuge Row', 'Haven'], postcode: 'ZZ99 7SF' };

let test: TestDatabase;
let ada: Actor; // caseworker on the case
let ben: Actor; // caseworker of the same team, not on the case
let sam: Actor; // senior
let noor: Actor; // another senior
let lou: Actor; // administrator
let eve: Actor; // caseworker of another authority
let kit: Actor; // senior of another authority
let born = 0;

const as = <T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> =>
  test.database.transaction(identityOf(actor), work);

beforeAll(async () => {
  test = await openTestDatabase({ entities: [...accessEntities, ...caseFileEntities] });
  const staff = async (authority: string, name: string, role: Role): Promise<Actor> => {
    const setUp = { authority, actor: 'set-up' };
    const prefix = authority.slice(0, 3).toUpperCase();
    await test.database.transaction(setUp, (tx) =>
      saveAuthority(tx, { name: authority, number: '999', referencePrefix: prefix, letterDetails }),
    );
    const staffId = await test.database.transaction(setUp, (tx) =>
      addStaff(tx, {
        name,
        email: `${name}@${authority}.example.org`,
        roles: [role],
        team: 'North',
        activeFrom: '2026-01-01',
      }),
    );
    return { staffId, name, authority, roles: [role], team: 'North' };
  };
  ada = await staff('levelshire', 'Ada', 'CW');
  ben = await staff('levelshire', 'Ben', 'CW');
  sam = await staff('levelshire', 'Sam', 'SM');
  noor = await staff('levelshire', 'Noor', 'SM');
  lou = await staff('levelshire', 'Lou', 'AD');
  eve = await staff('harrowmoor', 'Eve', 'CW');
  kit = await staff('harrowmoor', 'Kit', 'SM');
});
afterAll(async () => test.close());

async function aCase(parent: Parameters<typeof relate>[1] | object = {}): Promise<{ child: Child; personId: string }> {
  return as(ada, async (tx) => {
    const child = await addChild(tx, {
      from: '2027-01-04',
      firstNames: 'Robin',
      lastName: `Tester${++born}`,
      dateOfBirth: '2018-03-12',
      caseworkerId: ada.staffId,
      team: 'North',
      lookedAfter: false,
    });
    await setAddress(tx, child.personId, { lines: ['1 Pat Street'], postcode: 'ZZ99 1AA' }, '2027-01-04');
    const personId = await addPerson(tx, {
      kind: 'adult',
      title: 'Ms',
      firstNames: 'Pat',
      lastName: 'Adult',
      from: '2020-01-01',
      address: { lines: ['1 Pat Street'], postcode: 'ZZ99 1AA' },
      phone: '+441632960123',
    });
    await relate(tx, { childId: child.id, personId, kind: 'parent', fromDay: '2020-01-01', ...parent });
    return { child, personId };
  });
}

const about = async (childId: string, personId: string): Promise<About> => {
  const people = await as(ada, (tx) => peopleOn(tx, childId, on));
  const seen = people.find((one) => one.person.id === personId)?.relationship.id ?? '';
  return { childId, personId, seen, on };
};

const yes: Responsibility = {
  parentalResponsibility: 'yes',
  limits: null,
  orderDate: null,
  evidenceSeen: 'Birth certificate',
  evidenceSeenBy: null,
  responsibilityFrom: null,
  responsibilityUntil: null,
};
const contact: Contact = {
  safeChannel: 'post',
  safeHours: 'After 6pm',
  mayAnswer: 'Nobody else',
  language: 'en',
  interpreter: null,
  format: 'standard',
  emailAgreed: false,
  phone: '+441632960123',
  email: null,
};

const told = async (child: Child, day = on, letter = 'assessment.agree') => {
  const answer = await as(ada, (tx) => addressees(tx, child.id, 'parent-or-young-person', day, letter));
  return {
    send: answer.send.map((one) => one.name),
    held: answer.held.map((one) => one.why),
    leftOut: answer.leftOut.map((one) => one.reason),
  };
};

const waitingFor = (child: Child) => as(ada, (tx) => waitingMatters(tx, { childId: child.id }));

async function matterOf(child: Child, what: Waiting): Promise<About & { what: Waiting }> {
  const matter = (await waitingFor(child)).find((one) => one.what === what);
  if (matter === undefined) throw new Error(`no ${what} waits`);
  return { childId: child.id, personId: matter.personId, seen: matter.seen, on, what };
}

const auditOf = (child: Child) =>
  test.ownerQuery<{ actor: string; action: string; outcome: string; reason: string | null }>(
    'select actor, action, outcome, reason from access.audit where child_id = $1 order by at, id',
    [child.id],
  );

const openTasks = async (child: Child): Promise<string[]> =>
  (await as(ada, (tx) => openNoticesOfChild(tx, child.id))).map((one) => one.text);

describe('parental responsibility', () => {
  it('not known sends nothing and is a task; recorded by one it waits; confirmed by another it counts for the next letter', async () => {
    const { child, personId } = await aCase();
    expect(await told(child)).toEqual({ send: [], held: ['parental-responsibility-not-known'], leftOut: [] });
    const notKnown = { ...yes, parentalResponsibility: 'not-known', evidenceSeen: null } as const;
    await as(ada, async (tx) => recordResponsibility(tx, ada, await about(child.id, personId), now, notKnown));
    expect(await openTasks(child)).toEqual([expect.stringMatching(/^Find out whether Ms Pat Adult has/)]);

    const recorded = await as(ada, async (tx) =>
      recordResponsibility(tx, ada, await about(child.id, personId), now, yes),
    );
    expect(recorded).toEqual({ done: true, personId, waits: true });
    expect((await told(child)).held).toEqual(['not-confirmed']);
    expect(await openTasks(child)).toEqual([expect.stringContaining('waits for a second person to confirm it')]);

    const matter = await matterOf(child, 'responsibility');
    expect(await as(ada, (tx) => confirmMatter(tx, ada, testKeys, matter, now))).toMatchObject({
      done: false,
      why: 'forbidden',
    });
    expect((await told(child)).send).toEqual([]);
    expect(await as(sam, (tx) => confirmMatter(tx, sam, testKeys, matter, now))).toEqual({
      done: true,
      personId,
      waits: false,
    });
    expect(await told(child)).toEqual({ send: ['Ms Pat Adult'], held: [], leftOut: [] });
    expect(await openTasks(child)).toEqual([]);
    expect(await as(sam, (tx) => confirmMatter(tx, sam, testKeys, matter, now))).toMatchObject({
      done: false,
      why: 'not-now',
    });
    expect((await auditOf(child)).map(({ actor, action, outcome }) => [actor, action, outcome])).toEqual([
      [ada.staffId, 'recordParentalResponsibility', 'done'],
      [ada.staffId, 'recordParentalResponsibility', 'done'],
      [ada.staffId, 'recordParentalResponsibility', 'refused'],
      [sam.staffId, 'recordParentalResponsibility', 'done'],
    ]);
  });

  it('keeps the order, the evidence and who saw it, and holds everything when it has ended', async () => {
    const { child, personId } = await aCase({ parentalResponsibility: 'yes', confirmedBy: sam.staffId });
    const limited: Responsibility = {
      ...yes,
      parentalResponsibility: 'court-limited',
      limits: 'No contact with the school',
      orderDate: '2027-03-03',
      evidenceSeen: 'Sealed order of the family court',
      evidenceSeenBy: ada.staffId,
      responsibilityFrom: '2027-03-03',
      responsibilityUntil: '2027-06-01',
    };
    await as(ada, async (tx) => recordResponsibility(tx, ada, await about(child.id, personId), now, limited));
    await as(ada, async (tx) =>
      decideLetters(tx, ada, await about(child.id, personId), now, {
        receives: ['assessment'],
        receivesRefusedReason: 'court-order',
        receivesRefusedEvidence: 'The same order',
        receivesRefusedBy: ada.staffId,
      }),
    );
    expect((await told(child)).held).toEqual(['not-confirmed']);
    const matter = await matterOf(child, 'responsibility');
    await as(sam, (tx) => confirmMatter(tx, sam, testKeys, matter, now));
    expect(await told(child)).toEqual({ send: ['Ms Pat Adult'], held: [], leftOut: [] });
    expect((await told(child, on, 'plan.draft')).leftOut).toEqual(['court-order']);
    expect((await told(child, '2027-06-01')).held).toEqual(['parental-responsibility-ended']);
    const history = (await as(ada, (tx) => relationshipHistory(tx, child.id))).filter((one) => one.kind === 'parent');
    expect(history).toHaveLength(3);
    expect(history.at(-1)).toMatchObject({ ...limited, confirmedBy: sam.staffId, recordedBy: ada.staffId });
  });

  it('is confirmed by nobody who recorded a part of what waits', async () => {
    const { child, personId } = await aCase();
    await as(sam, async (tx) => recordResponsibility(tx, sam, await about(child.id, personId), now, yes));
    await as(noor, async (tx) =>
      decideLetters(tx, noor, await about(child.id, personId), now, {
        receives: ['all'],
        receivesRefusedReason: null,
        receivesRefusedEvidence: null,
        receivesRefusedBy: null,
      }),
    );
    // What is theirs to say (format, hours) changes the row, and makes nobody its author.
    await as(ada, async (tx) => changeContact(tx, ada, testKeys, await about(child.id, personId), now, contact));
    const matter = await matterOf(child, 'responsibility');
    for (const one of [sam, noor])
      expect(await as(one, (tx) => confirmMatter(tx, one, testKeys, matter, now))).toMatchObject({ why: 'forbidden' });
    expect(await as(ada, (tx) => confirmMatter(tx, ada, testKeys, matter, now))).toMatchObject({ done: true });
  });

  it('is given back with what must change, and goes on waiting', async () => {
    const { child, personId } = await aCase();
    await as(ada, async (tx) => recordResponsibility(tx, ada, await about(child.id, personId), now, yes));
    const matter = await matterOf(child, 'responsibility');
    await as(sam, (tx) => giveBackMatter(tx, sam, matter, now, { reason: 'The certificate is of another child' }));
    expect((await told(child)).held).toEqual(['not-confirmed']);
    const tasks = await test.ownerQuery<{ text: string; staff_id: string }>(
      "select text, staff_id from case_file.notice where child_id = $1 and key like 'given-back:%'",
      [child.id],
    );
    expect(tasks).toEqual([
      {
        text: 'What you recorded about Ms Pat Adult was not agreed: The certificate is of another child',
        staff_id: ada.staffId,
      },
    ]);
  });

  it('of two who change it, the second is told and changes nothing', async () => {
    const { child, personId } = await aCase();
    const seen = await about(child.id, personId);
    const outcomes = await Promise.all([
      as(ada, (tx) => recordResponsibility(tx, ada, seen, now, yes)),
      as(sam, (tx) => recordResponsibility(tx, sam, seen, now, { ...yes, parentalResponsibility: 'no' })),
    ]);
    expect(outcomes.map((one) => one.done).sort()).toEqual([false, true]);
    expect(outcomes.find((one) => !one.done)).toMatchObject({ why: 'changed' });
    const rows = (await as(ada, (tx) => relationshipHistory(tx, child.id))).filter((one) => one.kind === 'parent');
    expect(rows).toHaveLength(2);
  });
});

describe('contact', () => {
  it('is new for the next letter and old in the history; the person hears of it where they were reached before', async () => {
    const { child, personId } = await aCase({ parentalResponsibility: 'yes', confirmedBy: sam.staffId });
    const changed: Contact = {
      ...contact,
      phone: '+447700900982',
      email: 'pat@example.org',
      language: 'pl',
      interpreter: 'Polish',
      format: 'large-print',
      address: { lines: ['5 New Road', 'Levelham'], postcode: 'ZZ99 5NR' },
    };
    const outcome = await as(ada, async (tx) =>
      changeContact(tx, ada, testKeys, await about(child.id, personId), now, changed),
    );
    expect(outcome).toEqual({ done: true, personId, waits: false });
    const { send } = await as(ada, (tx) => addressees(tx, child.id, 'parent-or-young-person', on));
    expect(send).toMatchObject([
      {
        addressLines: ['5 New Road', 'Levelham', 'ZZ99 5NR'],
        language: 'pl',
        interpreter: 'Polish',
        format: 'large-print',
      },
    ]);
    expect(await as(ada, (tx) => contactBefore(tx, personId, 'phone'))).toBe('+441632960123');
    const [yesterday] = (await as(ada, (tx) => peopleOn(tx, child.id, '2027-05-03'))).filter(
      (one) => one.person.id === personId,
    );
    expect(yesterday?.addressLines).toEqual(['1 Pat Street', 'ZZ99 1AA']);
    const [task] = await openTasks(child);
    expect(task).toMatch(/Tell them by the phone number that was on record before/);
    expect(task).not.toMatch(/New Road|ZZ99|0770|7700/);
    expect(await auditOf(child)).toMatchObject([{ action: 'changeContact', outcome: 'done' }]);
    await as(ada, async (tx) =>
      changeContact(tx, ada, testKeys, await about(child.id, personId), now, {
        ...changed,
        email: null,
        address: null,
      }),
    );
    expect((await told(child)).held).toEqual(['no-address']);
    const [after] = (await as(ada, (tx) => peopleOn(tx, child.id, on))).filter((one) => one.person.id === personId);
    expect(after).toMatchObject({ email: null, addressLines: [] });
  });
});

describe('somebody new', () => {
  const newcomer = {
    title: 'Mr',
    firstNames: 'Otto',
    lastName: 'Newcomer',
    kind: 'parent' as const,
    organisation: null,
    jobTitle: null,
    responsibility: yes,
    contact: { ...contact, address: { lines: ['8 Elm Road'], postcode: 'ZZ99 8ER' } },
  };

  it('is added once, however often the form is sent, and has letters once a second person agreed', async () => {
    const { child } = await aCase({ parentalResponsibility: 'yes', confirmedBy: sam.staffId });
    const personId = '01890000-0000-7000-8000-00000000b001';
    const add = () =>
      as(ada, (tx) => addPersonToCase(tx, ada, testKeys, { childId: child.id, personId, on }, now, newcomer));
    expect(await add()).toEqual({ done: true, personId, waits: true });
    expect(await add()).toEqual({ done: true, personId, waits: true });
    expect(await told(child)).toEqual({ send: ['Ms Pat Adult'], held: ['not-confirmed'], leftOut: [] });
    expect(await as(ada, (tx) => peopleOn(tx, child.id, on))).toHaveLength(3);
    const matter = await matterOf(child, 'responsibility');
    await as(sam, (tx) => confirmMatter(tx, sam, testKeys, matter, now));
    expect((await told(child)).send).toEqual(['Ms Pat Adult', 'Mr Otto Newcomer']);
  });

  it('takes nobody of another case by their id', async () => {
    const [one, other] = [await aCase(), await aCase()];
    const outcome = await as(ada, (tx) =>
      addPersonToCase(tx, ada, testKeys, { childId: one.child.id, personId: other.personId, on }, now, newcomer),
    );
    expect(outcome).toMatchObject({ done: false, why: 'not-found' });
    expect((await as(ada, (tx) => peopleOn(tx, one.child.id, on))).map((each) => each.person.id)).not.toContain(
      other.personId,
    );
  });

  it('a parent’s entry ends when two agree, a social worker’s at once; what was stays', async () => {
    const { child, personId } = await aCase({ parentalResponsibility: 'yes', confirmedBy: sam.staffId });
    const worker = '01890000-0000-7000-8000-00000000b002';
    await as(ada, (tx) =>
      addPersonToCase(tx, ada, testKeys, { childId: child.id, personId: worker, on: '2027-04-01' }, now, {
        ...newcomer,
        kind: 'social-worker',
        responsibility: { ...yes, parentalResponsibility: 'no', evidenceSeen: null },
      }),
    );
    const end = async (id: string) =>
      as(ada, async (tx) =>
        endPerson(tx, ada, await about(child.id, id), now, {
          on: '2027-04-30',
          reason: 'She left the service in April',
        }),
      );
    expect(await end(worker)).toMatchObject({ done: true, waits: false });
    expect(await end(personId)).toMatchObject({ done: true, waits: true });
    expect((await told(child)).send).toEqual(['Ms Pat Adult']);
    const matter = await matterOf(child, 'end');
    expect(await as(ada, (tx) => confirmMatter(tx, ada, testKeys, matter, now))).toMatchObject({ why: 'forbidden' });
    expect(await as(sam, (tx) => confirmMatter(tx, sam, testKeys, matter, now))).toMatchObject({ done: true });
    expect((await told(child)).send).toEqual([]);
    expect((await told(child, '2027-04-29')).send).toEqual(['Ms Pat Adult']);
    const former = await as(ada, (tx) => formerPeople(tx, child.id, on));
    expect(former.map((one) => [one.person.lastName, one.relationship.endReason]).sort()).toEqual([
      ['Adult', 'She left the service in April'],
      ['Newcomer', 'She left the service in April'],
    ]);
    const self = await about(child.id, child.personId);
    expect(
      await as(sam, (tx) => endPerson(tx, sam, self, now, { on, reason: 'It should not be possible' })),
    ).toMatchObject({ done: false, why: 'not-now' });
  });

  /** Both at the same moment, and each once the first: what is answered must be what is on record. */
  const race = async (first: () => Promise<PeopleOutcome>, second: () => Promise<PeopleOutcome>) => {
    const outcomes = await Promise.all([first(), second()]);
    for (const one of outcomes) if (!one.done) expect(one.why).toBe('changed');
    return outcomes.map((one) => one.done);
  };

  it.each([0, 1, 2, 3])(
    'an end and a change of contact at the same moment: who is told "done" was (%i)',
    async (turn) => {
      const { child, personId } = await aCase({ parentalResponsibility: 'yes', confirmedBy: sam.staffId });
      await as(ada, async (tx) =>
        endPerson(tx, ada, await about(child.id, personId), now, { on, reason: 'She moved abroad and told us so' }),
      );
      const matter = await matterOf(child, 'end');
      const change = () =>
        as(ada, (tx) => changeContact(tx, ada, testKeys, matter, now, { ...contact, phone: '+441632960999' }));
      const confirm = () => as(sam, (tx) => confirmMatter(tx, sam, testKeys, matter, now));
      const [changed, confirmed] =
        turn % 2 === 0 ? await race(change, confirm) : (await race(confirm, change)).reverse();
      expect([changed, confirmed].filter(Boolean)).toHaveLength(1);
      const rows = (await as(ada, (tx) => relationshipHistory(tx, child.id))).filter(
        (one) => one.personId === personId,
      );
      expect(rows.some((one) => one.untilDay === null)).toBe(!confirmed);
      expect(rows.some((one) => one.endConfirmedBy !== null)).toBe(confirmed);
      const [phone] = await test.ownerQuery<{ value: string }>(
        `select value from case_file.contact_point where person_id = $1 and kind = 'phone' and until_day is null`,
        [personId],
      );
      expect(phone?.value === '+441632960999').toBe(changed);
      if (!confirmed) expect((await matterOf(child, 'end')).seen).not.toBe(matter.seen);
    },
  );

  it('a confirmation that waits for a change of the same row is told so, and confirms nothing', async () => {
    for (const what of ['end', 'responsibility'] as const) {
      const { child, personId } = await aCase(
        what === 'end' ? { parentalResponsibility: 'yes', confirmedBy: sam.staffId } : {},
      );
      const seen = await about(child.id, personId);
      await as(ada, (tx) =>
        what === 'end'
          ? endPerson(tx, ada, seen, now, { on, reason: 'She moved abroad and told us so' })
          : recordResponsibility(tx, ada, seen, now, yes),
      );
      const matter = await matterOf(child, what);
      let answer: Promise<PeopleOutcome> | undefined;
      await as(ada, async (tx) => {
        expect(await changeContact(tx, ada, testKeys, matter, now, contact)).toMatchObject({ done: true });
        answer = as(sam, (tx2) => confirmMatter(tx2, sam, testKeys, matter, now));
        // Its turn comes when this transaction ends.
        const first = await Promise.race([answer, new Promise((later) => setTimeout(later, 300, 'waits'))]);
        expect(first).toBe('waits');
      });
      expect(await answer).toMatchObject({ done: false, why: 'changed' });
      const rows = (await as(ada, (tx) => relationshipHistory(tx, child.id))).filter(
        (one) => one.personId === personId,
      );
      expect(rows.filter((one) => one.untilDay === null)).toHaveLength(1);
      if (what === 'responsibility') expect(rows.every((one) => one.confirmedBy === null)).toBe(true);
      expect((await matterOf(child, what)).seen).not.toBe(matter.seen);
    }
  });

  it('an end before the beginning is refused, and one that is not agreed leaves things as they were', async () => {
    const { child, personId } = await aCase({ fromDay: '2027-03-01' });
    const early = { on: '2027-02-28', reason: 'A reason long enough for anybody' };
    expect(await as(ada, async (tx) => endPerson(tx, ada, await about(child.id, personId), now, early))).toMatchObject({
      why: 'invalid',
      field: 'on',
    });
    await as(ada, async (tx) => endPerson(tx, ada, await about(child.id, personId), now, { ...early, on }));
    const matter = await matterOf(child, 'end');
    await as(sam, (tx) => giveBackMatter(tx, sam, matter, now, { reason: 'He is still her father' }));
    expect(await waitingFor(child)).toEqual([]);
    expect((await as(ada, (tx) => peopleOn(tx, child.id, on))).map((one) => one.person.id)).toContain(personId);
  });
});

describe('an address not to be shared', () => {
  it('is hidden by one at once, agreed by a second, and shown again only by two', async () => {
    const { child, personId } = await aCase({ parentalResponsibility: 'yes', confirmedBy: sam.staffId });
    const address = { lines: ['1 Pat Street'], postcode: 'ZZ99 1AA' };
    const outcome = await as(ada, async (tx) =>
      protect(tx, ada, testKeys, await about(child.id, personId), now, { address, reason: why }),
    );
    expect(outcome).toEqual({ done: true, personId, waits: true });
    const shown = JSON.stringify([
      await as(ada, (tx) => peopleOn(tx, child.id, on)),
      await test.ownerQuery('select * from case_file.address where person_id = any($1)', [[personId, child.personId]]),
      await test.ownerQuery('select * from access.audit'),
      await test.ownerQuery('select * from case_file.notice'),
      await waitingFor(child),
    ]);
    expect(shown).toContain(notToBeShared);
    expect(shown).not.toMatch(/Pat Street|ZZ99 1AA/);

    const set = await matterOf(child, 'protection');
    expect(await as(ada, (tx) => confirmMatter(tx, ada, testKeys, set, now))).toMatchObject({ why: 'forbidden' });
    expect(await as(sam, (tx) => confirmMatter(tx, sam, testKeys, set, now))).toMatchObject({ done: true });
    expect(await waitingFor(child)).toEqual([]);

    const ask = async (reason: string) =>
      as(sam, async (tx) => askToLift(tx, sam, await about(child.id, personId), { reason }));
    expect(await ask('short')).toMatchObject({ why: 'invalid', field: 'reason' });
    expect(await ask('She rang and said that it is safe now')).toMatchObject({ done: true });
    const lift = await matterOf(child, 'lift');
    expect(await as(sam, (tx) => confirmMatter(tx, sam, testKeys, lift, now))).toMatchObject({ why: 'forbidden' });
    expect((await as(ada, (tx) => peopleOn(tx, child.id, on))).find((one) => one.addressProtected)).toBeDefined();
    expect(await as(noor, (tx) => confirmMatter(tx, noor, testKeys, lift, now))).toMatchObject({ done: true });
    expect((await told(child)).held).toEqual(['no-address']);
    const [row] = await test.ownerQuery(
      'select set_by, confirmed_by, lifted_by, lift_confirmed_by from case_file.protected_address where person_id = $1',
      [personId],
    );
    expect(row).toEqual({
      set_by: ada.staffId,
      confirmed_by: sam.staffId,
      lifted_by: sam.staffId,
      lift_confirmed_by: noor.staffId,
    });
  });

  /** Whoever is beside the child, and the child, with what is on record openly of where they live. */
  const openly = async (child: Child) =>
    Object.fromEntries(
      (await as(ada, (tx) => peopleOn(tx, child.id, on))).map((one) => [
        one.person.firstNames,
        one.addressProtected ? [notToBeShared] : one.addressLines,
      ]),
    );
  const beside = (child: Child, firstNames: string, line: string, postcode = 'ZZ99 1AA') =>
    as(ada, async (tx) => {
      const address = { lines: [line, 'Levelham'], postcode };
      const id = await addPerson(tx, { kind: 'adult', firstNames, lastName: 'Near', from: '2020-01-01', address });
      await relate(tx, { childId: child.id, personId: id, kind: 'carer', fromDay: '2020-01-01' });
      return id;
    });
  const hide = async (child: Child, personId: string, line: string, postcode = 'ZZ99 1AA') =>
    as(ada, async (tx) =>
      protect(tx, ada, testKeys, await about(child.id, personId), now, {
        address: { lines: [line, 'Levelham'], postcode },
        reason: why,
      }),
    );
  const lost = (name: string) =>
    `${name} has no address on record any more: it may be the place of an address that is not to be shared. Letters are held for them until an address is entered, or is set as not to be shared.`;
  const near = (name: string) =>
    `The address of ${name} has the same postcode as an address that is not to be shared. Is it the same place? If it is, set it as not to be shared too.`;
  const placeTasks = async (child: Child) =>
    (await openTasks(child)).filter((text) => /no address on record any more|has the same postcode/.test(text)).sort();

  it('leaves a neighbour of another house number their address, and asks at once whether it is the same place', async () => {
    const { child, personId } = await aCase();
    const father = await beside(child, 'Quill', '12 Elsewhere Road', 'ZZ99 2BB');
    await hide(child, father, '44 Pat Street');
    expect(await openly(child)).toEqual({
      Robin: ['1 Pat Street', 'ZZ99 1AA'],
      Pat: ['1 Pat Street', 'ZZ99 1AA'],
      Quill: [notToBeShared],
    });
    const tasks = await placeTasks(child);
    expect(tasks).toEqual([near('Ms Pat Adult'), near(`Robin ${child.lastName}`)]);
    // The same place after all: hidden too, and done with. The child's is another's to say.
    await hide(child, personId, '1 Pat Street');
    expect(await placeTasks(child)).toEqual([lost(`Robin ${child.lastName}`)]);
  });

  it.each([
    ['the same house in short', '1 Pat St.'],
    ['the same number of a house with a letter', '1a Pat Street'],
    ['a flat', 'Flat 2, 44 Pat Street'],
    ['a house with a name', 'Rose Cottage'],
    ['another street of the same postcode', '44 Pat House'],
    ['a range of numbers', '40-44 Pat Street'],
  ])('hides what cannot be told apart: %s', async (_what, line) => {
    const { child } = await aCase();
    const father = await beside(child, 'Quill', '12 Elsewhere Road', 'ZZ99 2BB');
    await hide(child, father, line, 'zz991aa');
    expect(await openly(child)).toEqual({ Robin: [], Pat: [], Quill: [notToBeShared] });
    const tasks = await placeTasks(child);
    expect(tasks).toEqual([lost('Ms Pat Adult'), lost(`Robin ${child.lastName}`)]);
    expect(
      await test.ownerQuery(
        'select lines, postcode from case_file.address where person_id = $1 and until_day is distinct from from_day',
        [child.personId],
      ),
    ).toEqual([{ lines: [notToBeShared], postcode: '' }]);
  });

  it('tells every case of whoever lost their address, and is done when they have one again', async () => {
    const { child, personId } = await aCase();
    const sibling = await aCase();
    await as(ada, (tx) =>
      relate(tx, {
        childId: sibling.child.id,
        personId,
        kind: 'parent',
        fromDay: '2020-01-01',
        confirmedBy: sam.staffId,
      }),
    );
    const father = await beside(child, 'Quill', '12 Elsewhere Road', 'ZZ99 2BB');
    await hide(child, father, 'Rose Cottage');
    const ofPat = async (of: Child) => (await openTasks(of)).filter((text) => text === lost('Ms Pat Adult'));
    expect([await ofPat(child), await ofPat(sibling.child)].map((all) => all.length)).toEqual([1, 1]);
    const entered = await as(ada, async (tx) =>
      changeContact(tx, ada, testKeys, await about(child.id, personId), now, {
        ...contact,
        address: { lines: ['8 New Road'], postcode: 'ZZ99 8NR' },
      }),
    );
    expect(entered).toMatchObject({ done: true });
    expect([await ofPat(child), await ofPat(sibling.child)]).toEqual([[], []]);
  });

  it('gives back what others lost when two have lifted it, and only then', async () => {
    const { child, personId } = await aCase();
    const father = await beside(child, 'Quill', '12 Elsewhere Road', 'ZZ99 2BB');
    await hide(child, father, 'Rose Cottage');
    // Sealed, and given out by the database to nobody before it is lifted.
    expect(JSON.stringify(await test.ownerQuery('select * from case_file.hidden_address'))).not.toMatch(/Pat Street/);
    await expect(as(ada, (tx) => tx.query('select ciphertext from case_file.hidden_address'))).rejects.toThrow(
      'permission denied',
    );
    const set = await matterOf(child, 'protection');
    expect(await as(ada, (tx) => tx.query('select * from case_file.open_hidden_addresses($1)', [set.seen]))).toEqual(
      [],
    );
    await as(sam, (tx) => giveBackMatter(tx, sam, set, now, { reason: 'He lives elsewhere' }));
    expect((await openly(child))['Pat']).toEqual([]);
    // Entered again rightly: what was hidden for the wrong place waits for this one.
    await hide(child, father, '3 Refuge Row', 'ZZ99 7SF');
    expect((await openly(child))['Pat']).toEqual([]);
    await as(ada, async (tx) => askToLift(tx, ada, await about(child.id, father), { reason: why }));
    expect((await openly(child))['Pat']).toEqual([]);
    const lift = await matterOf(child, 'lift');
    expect(await as(sam, (tx) => confirmMatter(tx, sam, testKeys, lift, now))).toMatchObject({ done: true });
    expect(await openly(child)).toEqual({
      Robin: ['1 Pat Street', 'ZZ99 1AA'],
      Pat: ['1 Pat Street', 'ZZ99 1AA'],
      Quill: [],
    });
    expect(await placeTasks(child)).toEqual([]);
    // It can be hidden again, and lifted again.
    await hide(child, personId, '1 Pat Street');
    expect((await openly(child))['Robin']).toEqual([]);
  });

  it('gives back nothing that is the place of another address not to be shared, nor over what was entered since', async () => {
    const { child, personId } = await aCase();
    const lodger = await beside(child, 'Lodger', '1 Pat Street');
    const liftOf = async (whose: string, from: Actor, by: Actor) => {
      await as(from, async (tx) => askToLift(tx, from, await about(child.id, whose), { reason: why }));
      const lift = (await waitingFor(child)).find((one) => one.what === 'lift' && one.personId === whose);
      return as(by, (tx) =>
        confirmMatter(
          tx,
          by,
          testKeys,
          { childId: child.id, personId: whose, seen: lift?.seen ?? '', on, what: 'lift' },
          now,
        ),
      );
    };
    await hide(child, personId, '1 Pat Street');
    await hide(child, lodger, '1 Pat Street');
    expect(await liftOf(personId, ada, sam)).toMatchObject({ done: true });
    // The lodger still lives there.
    expect(await openly(child)).toEqual({ Robin: [], Pat: [], Lodger: [notToBeShared] });
    await as(ada, (tx) => setAddress(tx, child.personId, { lines: ['6 Later Road'], postcode: 'ZZ99 6LR' }, on));
    expect(await liftOf(lodger, ada, sam)).toMatchObject({ done: true });
    expect(await openly(child)).toMatchObject({ Robin: ['6 Later Road', 'ZZ99 6LR'], Lodger: [] });
    expect(
      await test.ownerQuery(
        'select lines, until_day is null as open from case_file.address where person_id = $1 order by from_day',
        [child.personId],
      ),
    ).toEqual([
      { lines: ['1 Pat Street'], open: false },
      { lines: ['6 Later Road'], open: true },
    ]);
  });

  it('stays hidden when the second person does not agree to show it, or to hide it', async () => {
    const { child, personId } = await aCase();
    await as(ada, async (tx) =>
      protect(tx, ada, testKeys, await about(child.id, personId), now, { address: safe, reason: why }),
    );
    const set = await matterOf(child, 'protection');
    await as(sam, (tx) => giveBackMatter(tx, sam, set, now, { reason: 'Say who told us' }));
    await as(ada, async (tx) =>
      askToLift(tx, ada, await about(child.id, personId), { reason: 'It was never so, she says' }),
    );
    const lift = await matterOf(child, 'lift');
    await as(sam, (tx) => giveBackMatter(tx, sam, lift, now, { reason: 'Ask her again' }));
    expect((await waitingFor(child)).map((one) => one.what)).toContain('protection');
    const [person] = (await as(ada, (tx) => peopleOn(tx, child.id, on))).filter((one) => one.person.id === personId);
    expect(person).toMatchObject({ addressProtected: true, addressLines: [notToBeShared] });
  });

  it('moves with the person: the new one is hidden too, and the old one stays encrypted', async () => {
    const { child, personId } = await aCase();
    for (const address of [safe, { lines: ['2 Second Row'], postcode: 'ZZ99 2SR' }])
      await as(ada, async (tx) =>
        protect(tx, ada, testKeys, await about(child.id, personId), now, { address, reason: why }),
      );
    const rows = await test.ownerQuery<{ open: boolean; replaced: boolean }>(
      'select until_day is null as open, replaced_by is not null as replaced from case_file.protected_address where person_id = $1 order by id',
      [personId],
    );
    expect(rows).toEqual([
      { open: false, replaced: true },
      { open: true, replaced: false },
    ]);
    expect(
      await as(ada, async (tx) =>
        changeContact(tx, ada, testKeys, await about(child.id, personId), now, { ...contact, address: safe }),
      ),
    ).toMatchObject({ done: false, field: 'address' });
  });

  it('is known again when the same place is typed for somebody else in the case, and is not written down', async () => {
    const { child, personId } = await aCase();
    await as(ada, async (tx) =>
      protect(tx, ada, testKeys, await about(child.id, personId), now, { address: safe, reason: why }),
    );
    const other = await as(ada, async (tx) => {
      const id = await addPerson(tx, { kind: 'adult', firstNames: 'Lodger', lastName: 'Else', from: '2020-01-01' });
      await relate(tx, { childId: child.id, personId: id, kind: 'carer', fromDay: '2020-01-01' });
      return id;
    });
    const typed = { lines: ['Flat 2', '7 refuge row'], postcode: 'zz997sf' };
    const change = async (given: Contact) =>
      as(ada, async (tx) => changeContact(tx, ada, testKeys, await about(child.id, other), now, given));
    expect(await change({ ...contact, address: typed })).toMatchObject({ why: 'invalid', field: 'postcode' });
    expect(await test.ownerQuery('select 1 from case_file.address where person_id = $1', [other])).toEqual([]);
    expect(await change({ ...contact, address: { ...typed, postcode: 'ZZ99 7SG' } })).toMatchObject({ done: true });
    expect(await change({ ...contact, address: typed, protect: why })).toMatchObject({ done: true, waits: true });
    const added = await as(ada, (tx) =>
      addPersonToCase(
        tx,
        ada,
        testKeys,
        { childId: child.id, personId: '01890000-0000-7000-8000-00000000b003', on },
        now,
        {
          title: null,
          firstNames: 'Third',
          lastName: 'One',
          kind: 'supporter',
          organisation: null,
          jobTitle: null,
          responsibility: { ...yes, parentalResponsibility: 'no' },
          contact: { ...contact, address: typed },
        },
      ),
    );
    expect(added).toMatchObject({ why: 'invalid', field: 'postcode' });
    // Trying places leaves a trace.
    expect((await auditOf(child)).filter((one) => one.outcome === 'refused')).toHaveLength(2);
    // Elsewhere it is a place like any other: nothing is told over cases or authorities.
    const stranger = await aCase();
    const asked = (actor: Actor, keys: AddressKeys, childId: string) =>
      as(actor, (tx) => isProtectedPlace(tx, keys, { childId, postcode: typed.postcode, on }));
    expect(await asked(ada, testKeys, child.id)).toBe(true);
    expect(await asked(ada, testKeys, stranger.child.id)).toBe(false);
    expect(await asked(eve, testKeys, child.id)).toBe(false);
  });

  it('is known again after the key was changed, and where its row had no mark yet', async () => {
    const { child, personId } = await aCase();
    const key = (step: number) =>
      Buffer.from(Array.from({ length: 32 }, (_, n) => (n * step) % 251)).toString('base64');
    const old = new AddressKeys('old', { old: key(37) });
    const both = new AddressKeys('new', { new: key(41), old: key(37) });
    await as(ada, (tx) =>
      protectAddress(tx, ada, old, { personId, address: safe, reason: why, confirmedBy: sam.staffId, on }),
    );
    const asked = (postcode: string) =>
      as(ada, (tx) => isProtectedPlace(tx, both, { childId: child.id, postcode, on }));
    expect([await asked(safe.postcode), await asked('ZZ99 9ZZ')]).toEqual([true, false]);
    await test.ownerQuery('update case_file.protected_address set place_mark = null where person_id = $1', [personId]);
    expect([await asked('ZZ99 9ZZ'), await asked(safe.postcode)]).toEqual([false, true]);
    const marked = await test.ownerQuery<{ marked: boolean }>(
      'select place_mark is not null as marked from case_file.protected_address where person_id = $1',
      [personId],
    );
    expect(marked).toEqual([{ marked: true }]);
    // A mark can be compared, never read.
    await expect(as(ada, (tx) => tx.query('select place_mark from case_file.protected_address'))).rejects.toThrow(
      'permission denied',
    );
  });
});

describe('who may', () => {
  const typedAddress = { address: safe, reason: why };
  const acts: [string, (tx: Tx, actor: Actor, of: About) => Promise<PeopleOutcome>][] = [
    ['record responsibility', (tx, actor, of) => recordResponsibility(tx, actor, of, now, yes)],
    [
      'decide letters',
      (tx, actor, of) =>
        decideLetters(tx, actor, of, now, {
          receives: ['all'],
          receivesRefusedReason: null,
          receivesRefusedEvidence: null,
          receivesRefusedBy: null,
        }),
    ],
    ['change contact', (tx, actor, of) => changeContact(tx, actor, testKeys, of, now, contact)],
    ['protect', (tx, actor, of) => protect(tx, actor, testKeys, of, now, typedAddress)],
    ['ask to lift', (tx, actor, of) => askToLift(tx, actor, of, { reason: why })],
    ['end', (tx, actor, of) => endPerson(tx, actor, of, now, { on, reason: why })],
    [
      'add',
      (tx, actor, of) =>
        addPersonToCase(tx, actor, testKeys, { ...of, personId: '01890000-0000-7000-8000-00000000b0ff' }, now, {
          title: null,
          firstNames: 'New',
          lastName: 'One',
          kind: 'parent',
          organisation: null,
          jobTitle: null,
          responsibility: yes,
          contact,
        }),
    ],
    ['confirm', (tx, actor, of) => confirmMatter(tx, actor, testKeys, { ...of, what: 'responsibility' }, now)],
    [
      'give back',
      (tx, actor, of) => giveBackMatter(tx, actor, { ...of, what: 'responsibility' }, now, { reason: why }),
    ],
  ];

  it.each(acts)(
    '%s: nobody off the case, without the role, over the wall or excluded; nothing is written',
    async (_, act) => {
      const { child, personId } = await aCase({ parentalResponsibility: 'yes' });
      const excluded = sam;
      await as(ada, (tx) =>
        giveGrant(tx, {
          staffId: excluded.staffId,
          childId: child.id,
          kind: 'excluded',
          from: on,
          reason: 'Her own family',
        }),
      );
      const of = await about(child.id, personId);
      const count = () =>
        test.ownerQuery(
          `select (select count(*)::int from case_file.relationship) as relationships, (select count(*)::int from case_file.person) as people,
           (select count(*)::int from case_file.address) as addresses, (select count(*)::int from case_file.protected_address) as protected,
           (select count(*)::int from case_file.notice) as notices`,
        );
      const before = await count();
      for (const [actor, wanted] of [
        [ben, 'forbidden'],
        [lou, 'not-found'],
        [eve, 'not-found'],
        [kit, 'not-found'],
        [excluded, 'not-found'],
      ] as const)
        expect([actor.name, await as(actor, (tx) => act(tx, actor, of))]).toEqual([
          actor.name,
          expect.objectContaining({ done: false, why: wanted }),
        ]);
      expect(await count()).toEqual(before);
      const refused = await test.ownerQuery<{ actor: string }>(
        "select actor from access.audit where child_id = $1 and outcome = 'refused' order by at, id",
        [child.id],
      );
      expect(refused.map((one) => one.actor)).toEqual([ben, lou, eve, kit, excluded].map((one) => one.staffId));
    },
  );

  it.each(acts.slice(0, 6))('%s: not for somebody who is not beside this child', async (_, act) => {
    const [one, other] = [await aCase(), await aCase()];
    const of = { ...(await about(other.child.id, other.personId)), childId: one.child.id };
    expect(await as(ada, (tx) => act(tx, ada, of))).toMatchObject({ done: false, why: 'not-found' });
  });
});

describe('answers that cannot be taken', () => {
  const known: AnswersFor = {
    today: on,
    born: '2018-03-12',
    lookedAfter: false,
    staff: ['ada', 'sam'],
    managers: ['sam'],
  };
  const wrongOf = (read: { value: unknown } | { wrong: readonly { field: string; message: string }[] }) =>
    'wrong' in read ? Object.fromEntries(read.wrong.map((one) => [one.field, one.message])) : {};
  const good: TypedAnswers = { responsibility: 'yes', evidence: 'Birth certificate', seenBy: 'ada' };
  const long = 'x'.repeat(5001);

  it.each<[TypedAnswers, string, RegExp]>([
    [{}, 'responsibility', /^Select whether they have/],
    [{ responsibility: 'perhaps' }, 'responsibility', /^Select whether they have/],
    [{ ...good, responsibility: 'court-limited' }, 'limits', /^Enter what the court order limits/],
    [{ ...good, responsibility: 'court-limited' }, 'orderDate', /^Enter the date of the court order/],
    [{ ...good, responsibility: 'court-limited', orderDate: '2027-05-05' }, 'orderDate', /today or in the past/],
    [{ ...good, responsibility: 'court-limited', orderDate: '2027-02-30' }, 'orderDate', /a real date/],
    [{ ...good, limits: long }, 'limits', /5,000 characters or fewer/],
    [{ ...good, evidence: '' }, 'evidence', /^Enter what evidence was seen/],
    [{ ...good, evidence: long }, 'evidence', /5,000 characters or fewer/],
    [{ ...good, seenBy: 'nobody' }, 'seenBy', /^Select who saw/],
    [{ ...good, from: '2018-03-11' }, 'from', /date of birth/],
    [{ ...good, until: on }, 'until', /must be in the future/],
  ])('responsibility %j', (typed, field, message) => {
    expect(wrongOf(readResponsibility(typed, known))[field]).toMatch(message);
  });

  it('parental responsibility is limited only by a legal reason with its paper and a name', () => {
    expect(wrongOf(readReceiving({}, known, 'yes'))).toHaveProperty('receives');
    expect(wrongOf(readReceiving({ receives: 'none' }, known, 'yes'))['reason']).toMatch(
      /other parent asked us not to/,
    );
    expect(wrongOf(readReceiving({ receives: 'none', reason: 'other-parent' }, known, 'no'))).toHaveProperty('reason');
    expect(wrongOf(readReceiving({ receives: 'some', reason: 'adoption' }, known, 'yes'))).toMatchObject({
      'kind-assessment': expect.stringMatching(/^Select which kinds/),
      evidence: expect.stringMatching(/^Enter what was seen/),
      decidedBy: expect.stringMatching(/^Select who decided/),
    });
    const risk = { receives: 'none', reason: 'risk-assessment', evidence: 'Of 1 May', decidedBy: 'ada' };
    expect(wrongOf(readReceiving(risk, known, 'yes'))).toEqual({
      decidedBy: 'Select the manager who signed the risk assessment',
    });
    expect(readReceiving({ ...risk, decidedBy: 'sam' }, known, 'yes')).toEqual({
      value: {
        receives: [],
        receivesRefusedReason: 'risk-assessment',
        receivesRefusedEvidence: 'Of 1 May',
        receivesRefusedBy: 'sam',
      },
    });
    expect(readReceiving({ receives: 'law' }, known, 'yes')).toMatchObject({ value: { receives: null } });
  });

  const reach: TypedAnswers = {
    channel: 'post',
    emailAgreed: 'no',
    language: 'en',
    format: 'standard',
    address: 'same',
  };
  it.each<[TypedAnswers, string]>([
    [{ ...reach, channel: 'pigeon' }, 'channel'],
    [{ ...reach, channel: 'email' }, 'email'],
    [{ ...reach, channel: 'email', email: 'a@example.org' }, 'emailAgreed'],
    [{ ...reach, channel: 'phone' }, 'phone'],
    [{ ...reach, phone: '12' }, 'phone'],
    [{ ...reach, email: 'no at' }, 'email'],
    [{ ...reach, hours: 'x'.repeat(201) }, 'hours'],
    [{ ...reach, mayAnswer: 'x'.repeat(201) }, 'mayAnswer'],
    [{ ...reach, mayAnswer: 'one\ntwo' }, 'mayAnswer'],
    [{ ...reach, interpreter: 'x'.repeat(201) }, 'interpreter'],
    [{ ...reach, language: 'klingonish' }, 'language'],
    [{ ...reach, language: '__proto__' }, 'language'],
    [{ ...reach, format: 'skywriting' }, 'format'],
    [{ ...reach, emailAgreed: '' }, 'emailAgreed'],
    [{ ...reach, address: '' }, 'address'],
    [{ ...reach, address: 'new', share: 'yes' }, 'line1'],
    [{ ...reach, address: 'new', share: 'yes', line1: '1 Road', postcode: 'no' }, 'postcode'],
    [{ ...reach, address: 'new', line1: '1 Road', postcode: 'ZZ99 1AA' }, 'share'],
    [
      { ...reach, address: 'new', share: 'no', line1: '1 Road', postcode: 'ZZ99 1AA', protectReason: 'x' },
      'protectReason',
    ],
  ])('contact %j', (typed, field) => {
    expect(Object.keys(wrongOf(readContact(typed, known)))).toContain(field);
  });

  it('and the rest', () => {
    expect(Object.keys(wrongOf(readEnding({ on: '2027-05-05', reason: 'short' }, known))).sort()).toEqual([
      'on',
      'reason',
    ]);
    expect(Object.keys(wrongOf(readEnding({}, known))).sort()).toEqual(['on', 'reason']);
    expect(wrongOf(readLifting({ reason: 'short' }, known))['reason']).toMatch(/20 characters or more/);
    expect(wrongOf(readGivingBack({ reason: 'x'.repeat(501) }, known))['reason']).toMatch(/500 characters or fewer/);
    expect(wrongOf(readGivingBack({}, known))['reason']).toBe('Enter what must change');
    expect(Object.keys(wrongOf(readProtection({}, known, safe))).sort()).toEqual(['reason', 'which']);
    expect(Object.keys(wrongOf(readProtection({ which: 'new', reason: why }, known, undefined))).sort()).toEqual([
      'line1',
      'postcode',
    ]);
    expect(Object.keys(wrongOf(readNewcomer({}, known)))).toEqual(
      expect.arrayContaining(['firstNames', 'lastName', 'relationship', 'channel', 'address']),
    );
    expect(Object.keys(wrongOf(readNewcomer({ relationship: 'self' }, known)))).toContain('relationship');
    expect(Object.keys(wrongOf(readNewcomer({ relationship: 'parent' }, known)))).toContain('responsibility');
    expect(Object.keys(wrongOf(readNewcomer({ relationship: 'professional' }, known)))).not.toContain('responsibility');
  });
});

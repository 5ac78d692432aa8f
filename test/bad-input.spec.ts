import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, addStaff, saveAuthority } from '@send/access';
import { addAdviser, addChild, addSetting } from '@send/case-file';
import { newId } from '@send/database';
import { csrfToken } from '@send/pages';
import { addDays, type Day } from '@send/statute';
import { type Command, type Field, hasWayFor, type Place } from '@send/workflow-kit';
import { needsAssessmentWorkflow } from '@send/workflows';
import fc from 'fast-check';
import { outwardCommands } from '../apps/casework/src/api/command-schema';
import { peopleFields } from '../apps/casework/src/api/people.controller';
import { ApiApp, type Sent } from './builders/api-app';
import { BadInput, type Expected, onWrong, random } from './builders/bad-input';
import { CaseWorld, done, type Family, letterDetails } from './builders/case-with-family';

const today: Day = '2026-11-20';
const lastOnRecord: Day = '2026-11-10';
const why = { 'Access-Reason': 'Asked by the ombudsman about this case.' };

let world: CaseWorld;
let api: ApiApp;
let family: Family;
let second: Actor;
let auditor: Actor;
let stranger: Actor;
/** The same things of another authority: none of them is there. */
let theirs: {
  senior: Actor;
  child: string;
  run: string;
  setting: string;
  adviser: string;
  letter: string;
  proposal: string;
};
/** A run that a decision is awaited on, one that is closed, and what belongs to the first. */
let ours: { run: string; closed: string; letter: string; proposal: string; row: string };
let bad: BadInput;
const refuses: BadInput['refuses'] = (...sent) => bad.refuses(...sent);
const well: BadInput['well'] = (sent) => (bad === undefined ? sent : bad.well(sent));
const rightFields: BadInput['rightFields'] = (fields) => bad?.rightFields(fields) ?? {};

beforeAll(async () => {
  world = await CaseWorld.open(today);
  api = await ApiApp.open(world);
  family = await world.family(1);
  const staff = async (name: string, roles: Actor['roles'], team: string | null = 'North'): Promise<Actor> => {
    const email = `${name.toLowerCase().replace(' ', '.')}@levelshire.example`;
    const staffId = await world.as(world.senior, (tx) =>
      addStaff(tx, { name, email, roles: [...roles], team, activeFrom: '2020-01-01' }),
    );
    return { staffId, name, authority: 'levelshire', roles, team };
  };
  second = await staff('Nia Bright', ['SM']);
  auditor = await staff('Ola Reed', ['AU'], null);
  stranger = await staff('Jo Ash', ['CW'], 'South');
  const closed = await begunRun(family.child.id, world.senior);
  await world.act(closed, 'withdrawRequest', { on: lastOnRecord, by: 'The parent' });
  const run = await begunRun(family.child.id, world.senior);
  const [letter] = await world.letters(run);
  const [row] = await world.test.ownerQuery<{ id: string }>('select id from engine.outbox limit 1');
  const waits = await world.engine.record(
    run,
    { command: 'decideToAssess', key: newId(), fields: { on: lastOnRecord } },
    world.senior,
  );
  ours = {
    run,
    closed,
    letter: letter?.id ?? '',
    row: row?.id ?? '',
    proposal: 'waits' in waits ? waits.waits.proposalId : '',
  };
  theirs = await otherAuthority();
  bad = new BadInput(world, api, {
    setting: { ours: family.settingId, theirs: theirs.setting },
    adviser: { ours: family.advisers.psychology, theirs: theirs.adviser },
  });
  // A sign-in is noted in the audit: it is no part of what is sent afterwards.
  for (const one of [world.caseworker, world.senior, world.administrator, second, auditor, stranger, theirs.senior])
    await api.session(one);
}, 120_000);
afterAll(async () => {
  await api.close();
  await world.close();
});

async function begunRun(childId: string, actor: Actor): Promise<string> {
  const given = { command: 'receiveRequest', key: newId(), fields: { on: lastOnRecord, from: 'parent' } };
  return done(await well(world.engine.begin('needs-assessment', childId, given, actor))).runId;
}

async function otherAuthority(): Promise<typeof theirs> {
  const setUp = { authority: 'harrowmoor', actor: 'set-up' };
  const made = await world.test.database.transaction(setUp, async (tx) => {
    await saveAuthority(tx, { name: 'Harrowmoor Council', number: '998', referencePrefix: 'HAR', letterDetails });
    const staffId = await addStaff(tx, {
      name: 'Bo Hale',
      email: 'bo.hale@harrowmoor.example',
      roles: ['SM'],
      team: null,
      activeFrom: '2020-01-01',
    });
    const setting = await addSetting(tx, {
      name: 'Other Invented Primary',
      kind: 'community school',
      addressLines: ['Moor Lane'],
      postcode: 'HM1 1AA',
    });
    const adviser = await addAdviser(tx, {
      kind: 'educational-psychology',
      name: 'Other psychologists',
      role: 'psychology',
      fromDay: '2020-01-01',
      addressLines: ['Moor Lane'],
      postcode: 'HM1 1AA',
    });
    const child = await addChild(tx, {
      from: '2026-01-01',
      firstNames: 'Wren',
      lastName: 'Elsewhere',
      dateOfBirth: '2017-03-12',
      settingId: setting,
    });
    return { staffId, setting, adviser, child: child.id };
  });
  const senior: Actor = { staffId: made.staffId, name: 'Bo Hale', authority: 'harrowmoor', roles: ['SM'], team: null };
  const run = await begunRun(made.child, senior);
  const waits = await world.engine.record(
    run,
    { command: 'decideToAssess', key: newId(), fields: { on: lastOnRecord } },
    senior,
  );
  const letter = newId();
  await world.test.ownerQuery(
    `insert into letters.letter (id, authority_id, run_id, child_id, fact_id, group_key, letter, recipient, status, written_by, written_on)
     select $1, 'harrowmoor', $2, $3, id, 'spec', 'assessment.refuse', 'person:x', 'drafted', $4, $5 from engine.fact where run_id = $2 limit 1`,
    [letter, run, made.child, made.staffId, lastOnRecord],
  );
  return { senior, ...made, run, letter, proposal: 'waits' in waits ? waits.waits.proposalId : '' };
}

/** Guards that look at the act's own fields, and what they refuse. */
const unfit: Readonly<Record<string, Record<string, unknown>>> = { reuseAdvice: { familyAgrees: false } };

/** The assessment's in full; every other process's in bad-commands.spec.ts. */
const every = [needsAssessmentWorkflow].flatMap((workflow) =>
  outwardCommands(workflow).map(([name, command]) => ({ workflow, name, command })),
);
const doorOf = (command: Command): 'acts' | 'records' => (command.doors.includes('act') ? 'acts' : 'records');

/** By the schema of its body. */
const peoplePaths: Readonly<Record<keyof typeof peopleFields, string>> = {
  PersonResponsibility: 'responsibility',
  PersonLetters: 'letters',
  PersonContact: 'contact',
  PersonProtection: 'protection',
  PersonLifting: 'lifting',
  PersonEnd: 'end',
  PersonConfirmation: 'confirmation',
  PersonReturn: 'return',
};

describe('every act on a person', () => {
  it.each(Object.keys(peoplePaths) as (keyof typeof peopleFields)[])(
    '%s',
    async (schema) => {
      const fields: Readonly<Record<string, Field>> = peopleFields[schema];
      const at = (child: string, person: string) => `/api/v1/children/${child}/people/${person}/${peoplePaths[schema]}`;
      const path = at(family.child.id, family.parents[0]?.personId ?? '');
      const good = rightFields(fields);
      for (const [field, of] of Object.entries(fields))
        for (const { is, value, rule, below = '' } of bad.wrongValues(of))
          await refuses(
            `${schema}, ${field} ${is}`,
            'POST',
            path,
            { as: world.senior, body: { ...good, [field]: value } },
            { status: 422, kind: 'invalid', error: { field: `${field}${below}`, rule } },
          );
      const unknown = { field: 'unknown', rule: 'unknown-field' };
      await refuses(
        `${schema}, an unknown field`,
        'POST',
        path,
        { as: world.senior, body: { ...good, unknown: 1 } },
        { status: 422, error: unknown },
      );
      // What has the right shape and names an entry that is not there.
      await refuses(
        `${schema}, an unknown entry`,
        'POST',
        path,
        { as: world.senior, body: { ...good, seen: random } },
        { status: [409, 422] },
      );
      for (const [who, child, person] of [
        ['nobody’s person', family.child.id, random],
        ['another child’s person', family.child.id, 'x'],
        ['another authority’s child', theirs.child, family.parents[0]?.personId ?? ''],
        ['no child', random, random],
      ] as const)
        await refuses(
          `${schema}, ${who}`,
          'POST',
          at(child, person),
          { as: world.senior, body: good },
          { status: [404, 409, 422] },
        );
      await refuses(
        `${schema}, by somebody off the case`,
        'POST',
        path,
        { as: stranger, body: good },
        { status: [403, 404] },
      );
    },
    120_000,
  );
});

describe('every command of the assessment', () => {
  it.each(every)(
    '$name: fields',
    async ({ name, command }) => {
      const path = `/api/v1/runs/${ours.run}/${doorOf(command)}`;
      const good = { on: today, ...rightFields(command.fields) };
      const send = (what: string, fields: object, error: { field: string; rule: string }) =>
        refuses(
          `${name}, ${what}`,
          'POST',
          path,
          { as: world.senior, body: { command: name, fields } },
          { status: 422, kind: 'invalid', error },
        );
      for (const { is, value, rule } of onWrong) await send(`on ${is}`, { ...good, on: value }, { field: 'on', rule });
      await send('an unknown field', { ...good, unknown: 1 }, { field: 'unknown', rule: 'unknown-field' });
      for (const [field, of] of Object.entries(command.fields)) {
        for (const { is, value, rule, below = '' } of bad.wrongValues(of))
          await send(`${field} ${is}`, { ...good, [field]: value }, { field: `${field}${below}`, rule });
      }
      for (const fields of ['text', [], 7, null])
        await send(`fields ${JSON.stringify(fields)}`, fields as object, { field: 'fields', rule: 'wrong-type' });
    },
    120_000,
  );

  it.each(every)(
    '$name: who, where and when',
    async ({ name, command, workflow }) => {
      const door = doorOf(command);
      const fields = { on: today, ...rightFields(command.fields) };
      const send = (what: string, run: string, sent: Sent, expected: Expected, through: string = door) =>
        refuses(
          `${name}, ${what}`,
          'POST',
          `/api/v1/runs/${run}/${through}`,
          { body: { command: name, fields }, ...sent },
          expected,
        );
      await send('nobody signed in', ours.run, {}, { status: 401, kind: 'not-signed-in' });
      await send('an unknown run', random, { as: world.senior }, { status: 404, kind: 'not-found' });
      await send('another authority’s run', theirs.run, { as: world.senior }, { status: 404, kind: 'not-found' });
      await send('somebody with no part in the case', ours.run, { as: stranger }, { status: 404, kind: 'not-found' });
      await send('an administrator', ours.run, { as: world.administrator }, { status: 404, kind: 'not-found' });
      await send('an auditor without a reason', ours.run, { as: auditor }, { status: 403, kind: 'forbidden' });
      await send(
        'an auditor',
        ours.run,
        { as: auditor, headers: why },
        { status: 403, kind: 'forbidden', says: 'Your role does not let you' },
      );
      await send(
        'another version',
        ours.run,
        { as: world.senior, headers: { 'If-Match': '"99"' } },
        { status: 409, kind: 'conflict', says: 'Somebody else changed this case first' },
      );
      const other = door === 'acts' ? 'records' : 'acts';
      if (command.doors.length === 1)
        await send('the wrong door', ours.run, { as: world.senior }, { status: 409, kind: 'out-of-position' }, other);
      if (command.doors.includes('act')) {
        const early = { command: name, fields: { ...fields, on: addDays(lastOnRecord, -1) } };
        await send(
          'a date out of order',
          ours.run,
          { as: world.senior, body: early },
          { status: 409, kind: 'out-of-position', error: { field: 'on', rule: 'out-of-order' } },
        );
        for (const run of [ours.run, ours.closed]) {
          const [row] = await world.test.ownerQuery<{ place: Place }>('select place from engine.run where id = $1', [
            run,
          ]);
          if (row !== undefined && !hasWayFor(workflow, row.place, command.fact, today, true))
            await send(
              `out of position in ${run === ours.run ? 'an open' : 'a closed'} run`,
              run,
              { as: world.senior, body: { command: name, fields: { ...fields, ...unfit[name] } } },
              { status: 409, kind: ['out-of-position', 'not-now'] },
            );
        }
      }
      if (command.begins !== true) {
        const body = { workflow: workflow.id, childId: family.child.id, command: name, door: 'record', fields };
        await refuses(
          `${name}, to begin with`,
          'POST',
          '/api/v1/runs',
          { as: world.senior, body },
          { status: 422, kind: 'invalid', error: { field: 'command', rule: 'unknown-command' } },
        );
      }
    },
    120_000,
  );

  it.each(every)(
    '$name: sent twice happens once, and nobody is their own second',
    async ({ name, command }) => {
      const door = command.doors.includes('record') ? 'records' : 'acts';
      const run =
        door === 'records' ? await begunRun((await world.family(1)).child.id, world.senior) : await longAgo(name);
      const path = `/api/v1/runs/${run}/${door}`;
      const key = api.newKey();
      const body = {
        command: name,
        fields: { on: today, ...rightFields(command.fields) },
        ...(door === 'records' ? { confirmed: true } : {}),
      };
      const first = await well(api.send('POST', path, { as: world.senior, key, body }));
      expect([name, first.status, first.body.errors]).toEqual([
        name,
        command.secondPerson === undefined ? 200 : 202,
        undefined,
      ]);
      const again = await refuses(
        `${name} again`,
        'POST',
        path,
        { as: world.senior, key, body },
        { status: first.status },
      );
      if (first.status === 200)
        expect(again.body).toMatchObject({ factId: first.body.factId, version: first.body.version, repeated: true });
      else expect(again.body.proposal).toBe(first.body.proposal);
      const otherCommand =
        name === 'recordMove'
          ? { command: 'explainDelay', fields: { on: today, what: 'x', newDate: addDays(today, 5), meanwhile: 'y' } }
          : { command: 'recordMove', fields: { on: today, to: 'x' } };
      await refuses(
        `${name}, its key for something else`,
        'POST',
        `/api/v1/runs/${run}/records`,
        { as: world.senior, key, body: otherCommand },
        { status: 422, kind: 'key-reused' },
      );
      if (first.status !== 202) return;
      await refuses(
        `${name}, the same person as second`,
        'POST',
        `/api/v1/proposals/${first.body.proposal}/confirmation`,
        { as: world.senior },
        { status: 403, kind: 'forbidden', says: 'You did the first part of this yourself' },
      );
      await refuses(
        `${name}, an administrator as second`,
        'POST',
        `/api/v1/proposals/${first.body.proposal}/confirmation`,
        { as: world.administrator },
        { status: 404, kind: 'not-found' },
      );
      expect([
        name,
        (await well(api.send('POST', `/api/v1/proposals/${first.body.proposal}/confirmation`, { as: second }))).status,
      ]).toEqual([name, 200]);
      await refuses(
        `${name}, confirmed again`,
        'POST',
        `/api/v1/proposals/${first.body.proposal}/confirmation`,
        { as: second },
        { status: 409, kind: 'already-decided' },
      );
    },
    120_000,
  );

  it.each(every.filter(({ command }) => command.odd !== undefined))(
    '$name: a record out of order is asked about once, then taken',
    async ({ name, command }) => {
      const run = await begunRun((await world.family(1)).child.id, world.senior);
      const body = { command: name, fields: { on: addDays(lastOnRecord, -20), ...rightFields(command.fields) } };
      const key = api.newKey();
      await refuses(
        `${name}, before the request`,
        'POST',
        `/api/v1/runs/${run}/records`,
        { as: world.senior, key, body },
        { status: 409, kind: 'confirm-needed', says: 'Is it right that' },
      );
      const taken = await well(
        api.send('POST', `/api/v1/runs/${run}/records`, { as: world.senior, key, body: { ...body, confirmed: true } }),
      );
      expect([name, taken.status]).toEqual([name, command.secondPerson === undefined ? 200 : 202]);
    },
  );

  /** A run of long ago, to act on where a command cannot be recorded: each after what went before it. */
  async function longAgo(name: string): Promise<string> {
    const given = (command: string, on: Day, fields: object = {}) => ({
      command,
      key: newId(),
      fields: { on, ...fields },
    });
    const { child } = await world.family(1);
    const run = done(
      await well(
        world.engine.begin(
          'needs-assessment',
          child.id,
          given('receiveRequest', '2026-01-05', { from: 'parent' }),
          world.senior,
        ),
      ),
    ).runId;
    const before =
      name === 'closeAfterRefusal'
        ? [given('decideNotToAssess', '2026-02-02', { reasons: ['Words.'] })]
        : [
            given('decideToAssess', '2026-02-02'),
            given('decideToIssue', '2026-04-02', { reasons: ['Words.'] }),
            given('sendDraftPlan', '2026-04-20'),
          ];
    for (const one of before) done(await world.engine.record(run, one, world.senior, { confirmedBy: second }));
    return run;
  }
});

interface RouteOf {
  readonly method: string;
  readonly path: string;
  /** The address with an id of ours in it. */
  readonly here: string;
  readonly as: Actor;
  readonly body?: Record<string, unknown>;
  /** Ids of another authority, for the same place in the address. */
  readonly elsewhere?: string;
  readonly keyed?: true;
}

/** Every route, each with a request that would pass. */
function routes(): RouteOf[] {
  const senior = world?.senior;
  const run = ours?.run;
  const route = (method: string, path: string, more: Partial<RouteOf> & { id?: string } = {}): RouteOf => {
    const { id, ...rest } = more;
    const here = path.replace('{id}', id ?? '').replace('{personId}', family?.parents[0]?.personId ?? '');
    return { method, path, here, as: senior, ...rest };
  };
  const act = { command: 'recordMove', fields: { on: today, to: 'Another council' } };
  return [
    route('POST', '/api/v1/runs', {
      keyed: true,
      body: {
        workflow: 'needs-assessment',
        childId: family?.child.id,
        command: 'receiveRequest',
        fields: { on: today, from: 'parent' },
      },
    }),
    route('GET', '/api/v1/runs/{id}', { id: run, elsewhere: theirs?.run }),
    route('GET', '/api/v1/runs/{id}/history', { id: run, elsewhere: theirs?.run }),
    route('POST', '/api/v1/runs/{id}/acts', { id: run, elsewhere: theirs?.run, keyed: true, body: act }),
    route('POST', '/api/v1/runs/{id}/records', { id: run, elsewhere: theirs?.run, keyed: true, body: act }),
    route('POST', '/api/v1/runs/{id}/reversals', {
      id: run,
      elsewhere: theirs?.run,
      keyed: true,
      body: { factId: random, reason: 'It was entered on the wrong child.' },
    }),
    route('GET', '/api/v1/proposals'),
    route('GET', '/api/v1/proposals/{id}', { id: ours?.proposal, elsewhere: theirs?.proposal }),
    route('POST', '/api/v1/proposals/{id}/confirmation', { id: ours?.proposal, elsewhere: theirs?.proposal, body: {} }),
    route('POST', '/api/v1/proposals/{id}/return', {
      id: ours?.proposal,
      elsewhere: theirs?.proposal,
      body: { reason: 'Not so.' },
    }),
    route('GET', '/api/v1/children'),
    route('POST', '/api/v1/children', {
      body: { firstNames: 'Wilf', lastName: 'Newcomer', dateOfBirth: '2018-01-02' },
    }),
    route('GET', '/api/v1/children/{id}', { id: family?.child.id, elsewhere: theirs?.child }),
    route('GET', '/api/v1/children/{id}/people', { id: family?.child.id, elsewhere: theirs?.child }),
    ...Object.entries(peoplePaths).map(([schema, act]) =>
      route('POST', `/api/v1/children/{id}/people/{personId}/${act}`, {
        id: family?.child.id,
        elsewhere: theirs?.child,
        body: rightFields(peopleFields[schema as keyof typeof peopleFields]),
      }),
    ),
    route('GET', '/api/v1/duties'),
    route('GET', '/api/v1/duties/{id}', { id: 'plan.issue-final', elsewhere: 'no.such-duty' }),
    route('POST', '/api/v1/deadlines', { body: { dutyId: 'plan.issue-final', asked: '2026-05-21' } }),
    route('GET', '/api/v1/workflows'),
    route('GET', '/api/v1/letters/{id}', { id: ours?.letter, elsewhere: theirs?.letter }),
    route('POST', '/api/v1/letters/{id}/approval', { id: ours?.letter, elsewhere: theirs?.letter, body: {} }),
    route('POST', '/api/v1/letters/{id}/return', {
      id: ours?.letter,
      elsewhere: theirs?.letter,
      body: { reason: 'Not so.' },
    }),
    route('POST', '/api/v1/letters/{id}/reasons', {
      id: ours?.letter,
      elsewhere: theirs?.letter,
      body: { reasons: ['Words.'] },
    }),
    route('POST', '/api/v1/letters/{id}/release', {
      id: ours?.letter,
      elsewhere: theirs?.letter,
      body: { reason: 'The address is right, she said on the phone.' },
    }),
    route('GET', '/api/v1/operations', { as: world?.administrator }),
    route('POST', '/api/v1/operations/rows/{id}/retry', {
      as: world?.administrator,
      id: ours?.row,
      elsewhere: random,
      body: {},
    }),
    route('POST', '/api/v1/operations/rows/{id}/park', {
      as: world?.administrator,
      id: ours?.row,
      elsewhere: random,
      body: { cause: 'By hand' },
    }),
  ];
}

const names = routes().map(({ method, path }) => `${method} ${path}`);
const named = (name: string): RouteOf => {
  const found = routes().find(({ method, path }) => `${method} ${path}` === name);
  if (found === undefined) throw new Error(name);
  return found;
};

describe('every route', () => {
  const described = async (): Promise<string[]> => {
    const { body } = await api.send('GET', '/api/v1/openapi.json');
    return Object.entries<object>(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
  };
  /** Panels, campaigns and the cohort have specs of their own for what is in their bodies. */
  const hasOwnSpec = (name: string) => /\/api\/v1\/(panels|sittings|panel-[a-z]+|campaigns|cohort)\b/.test(name);

  it('is in this table, or belongs to a part that has a spec of its own', async () => {
    const all = await described();
    const others = all.filter((name) => hasOwnSpec(name));
    expect([...names, ...others, 'GET /api/v1/openapi.json'].sort()).toEqual(all.sort());
  });

  it('of every other part is shut to nobody, reads JSON alone, and knows no strange query or id', async () => {
    for (const name of (await described()).filter((one) => hasOwnSpec(one))) {
      const [method = '', path = ''] = name.split(' ');
      const here = path.replace(/\{\w+\}/g, random);
      const as = world.senior;
      await refuses(`${name}, nobody`, method, here, {}, { status: 401, kind: 'not-signed-in' });
      await refuses(`${name}, a query with NUL`, method, `${here}?q=%00`, { as }, { status: 400, kind: 'malformed' });
      if (method === 'GET') {
        await refuses(`${name}, an unknown query`, method, `${here}?unknown=1`, { as }, { status: [403, 404, 422] });
        continue;
      }
      await refuses(`${name}, no JSON`, method, here, { as, raw: '{' }, { status: 400, kind: 'malformed' });
      await refuses(
        `${name}, as text`,
        method,
        here,
        { as, raw: '{"a":1}', headers: { 'Content-Type': 'text/plain' } },
        { status: 415, kind: 'content-not-read' },
      );
      await refuses(
        `${name}, an unknown field`,
        method,
        here,
        { as, body: { unknown: 1 } },
        { status: [400, 403, 404, 422] },
      );
    }
  }, 120_000);

  it.each(names)(
    '%s: who sends it, how, and what is in its address',
    async (name) => {
      const { method, path, here, as, body, elsewhere, keyed } = named(name);
      const send = (what: string, address: string, sent: Sent, expected: Expected, verb = method) =>
        refuses(`${name}, ${what}`, verb, address, { ...(body === undefined ? {} : { body }), ...sent }, expected);
      await send('nobody', here, {}, { status: 401, kind: 'not-signed-in' });
      await send(
        'a session that ended',
        here,
        { headers: { Authorization: `Bearer levelshire.${'x'.repeat(43)}` } },
        { status: 401 },
      );
      await send('a strange credential', here, { headers: { Authorization: 'Basic c2VuZDpzZW5k' } }, { status: 401 });
      await send(
        'no JSON wanted',
        here,
        { as, headers: { Accept: 'text/html' } },
        { status: 406, kind: 'not-acceptable' },
      );
      await send(
        'an address too long',
        `${here}?q=${'x'.repeat(2100)}`,
        { as },
        { status: 414, kind: 'address-too-long' },
      );
      await send(
        'an unknown query',
        `${here}?unknown=1`,
        { as },
        { status: 422, kind: 'invalid', error: { field: 'unknown', rule: 'unknown-field' } },
      );
      await send('a query with NUL', `${here}?q=%00`, { as }, { status: 400, kind: 'malformed' });
      await send('a query twice', `${here}?q=ab&q=cd`, { as }, { status: 400, kind: 'malformed' });
      const offered = names.filter((one) => one.endsWith(` ${path}`)).map((one) => one.split(' ')[0]);
      for (const verb of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !offered.includes(one))) {
        const refused = await send(`by ${verb}`, here, { as }, { status: 405, kind: 'method-not-offered' }, verb);
        expect(refused.headers['allow']).toContain(offered[0]);
      }
      if (method === 'GET') await send('its head, by nobody', here, {}, { status: 401 }, 'HEAD');
      if (elsewhere !== undefined) {
        const unknown = await send(
          'an unknown id',
          path.replace('{id}', random),
          { as },
          { status: 404, kind: 'not-found' },
        );
        const theirsToo = await send(
          'another authority’s id',
          path.replace('{id}', elsewhere),
          { as },
          { status: 404, kind: 'not-found' },
        );
        expect({ ...theirsToo.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
        for (const bad of ['x', '%00', '%E0%A4%A', `${random}0`, '..%2f..', "'%20or%201=1", 'a'.repeat(500)])
          await send(`no id: ${bad.slice(0, 20)}`, path.replace('{id}', bad), { as }, { status: 404 });
      }
      if (keyed) {
        for (const key of ['short', 'with a space in it', 'x'.repeat(201)])
          await send(
            'a key that is none',
            here,
            { as, key },
            { status: 400, kind: 'malformed', error: { field: 'Idempotency-Key' } },
          );
        for (const version of ['"x"', '-1', '1.5', '99999999999'])
          await send(
            'a version that is none',
            here,
            { as, headers: { 'If-Match': version } },
            { status: 400, kind: 'malformed', error: { field: 'If-Match' } },
          );
      }
      const mayNot = path.startsWith('/api/v1/operations')
        ? [world.senior, world.caseworker, auditor]
        : /runs|proposals\/|letters|children\//.test(path)
          ? [world.administrator, stranger]
          : [];
      for (const one of mayNot)
        await send(`by ${one.name}`, here, { as: one }, { status: path === '/api/v1/runs' ? [422, 403] : [403, 404] });
    },
    120_000,
  );

  it.each(names.filter((name) => name.startsWith('POST')))(
    '%s: its body',
    async (name) => {
      const { here, as, body } = named(name);
      const json = (value: unknown) => JSON.stringify(value);
      const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
      const send = (what: string, sent: Sent, expected: Expected) =>
        refuses(`${name}, ${what}`, 'POST', here, { as, ...sent }, expected);
      const typed = (type: string, extra: Record<string, string> = {}) => ({
        raw: json({ ...body, a: 1 }),
        headers: { 'Content-Type': type, ...extra },
      });
      for (const type of [
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        'application/json; charset=latin1',
        'multipart/form-data; boundary=x',
      ])
        await send(type, typed(type), { status: 415, kind: 'content-not-read' });
      await send('compressed', typed('application/json', { 'Content-Encoding': 'gzip' }), {
        status: 415,
        kind: 'content-not-read',
      });
      for (const raw of [
        '{',
        '{"a":}',
        'null',
        '[]',
        '"text"',
        '7',
        '{"a":1}}',
        'undefined',
        '\u0000',
        '{"a":1e999}',
        '{"a":"\\ud800"}',
        '{"\\udfff":1}',
        '{"__proto__":{"x":1}}',
        '{"constructor":{"prototype":{}}}',
        json(deep(6)),
        json({ a: [[[[[1]]]]] }),
        '['.repeat(100_000),
      ])
        await send(raw.slice(0, 30), { raw }, { status: 400, kind: 'malformed' });
      await send(
        'not UTF-8',
        {
          raw: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
          headers: { 'Content-Type': 'application/json' },
        },
        { status: 400, kind: 'malformed' },
      );
      await send(
        '201 fields',
        { body: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, n])) },
        { status: 400, kind: 'malformed' },
      );
      await send(
        'a list of 201',
        { body: { a: Array.from({ length: 201 }, () => 1) } },
        { status: 400, kind: 'malformed' },
      );
      await send('over 1 MB', { body: { a: 'x'.repeat(1024 * 1024) } }, { status: 413, kind: 'too-large' });
      await send(
        'an unknown field',
        { body: { ...body, unknown: 1 } },
        { status: 422, kind: 'invalid', error: { field: 'unknown', rule: 'unknown-field' } },
      );
      for (const field of Object.keys(body ?? {})) {
        const { [field]: _, ...rest } = body ?? {};
        if (field !== 'dutyId')
          await send(
            `${field} missing`,
            { body: rest },
            { status: 422, kind: 'invalid', error: { field, rule: 'missing' } },
          );
        await send(
          `${field} of the wrong type`,
          { body: { ...body, [field]: field === 'fields' || field === 'reasons' ? 7 : [{ a: 1 }] } },
          { status: 422, kind: 'invalid', error: { field } },
        );
        if (typeof body?.[field] === 'string')
          await send(
            `${field} oversized`,
            { body: { ...body, [field]: 'x'.repeat(30_000) } },
            { status: 422, kind: 'invalid', error: { field } },
          );
      }
    },
    120_000,
  );
});

describe('fields of routes that are no commands', () => {
  it.each<[string, string, string, object, string]>([
    ['a child nobody knows', 'POST', '/api/v1/runs', { childId: random }, 'childId'],
    ['no id', 'POST', '/api/v1/runs', { childId: 'abc' }, 'childId'],
    ['no workflow of ours', 'POST', '/api/v1/runs', { workflow: 'panel' }, 'workflow'],
    ['no door', 'POST', '/api/v1/runs', { door: 'window' }, 'door'],
    ['what the product says to itself', 'POST', '/api/v1/runs', { command: 'noteLetterSent' }, 'command'],
    ['born on 31 February', 'POST', '/api/v1/children', { dateOfBirth: '2018-02-31' }, 'dateOfBirth'],
    ['born tomorrow', 'POST', '/api/v1/children', { dateOfBirth: '2026-11-21' }, 'dateOfBirth'],
    ['born before 1996', 'POST', '/api/v1/children', { dateOfBirth: '1995-12-31' }, 'dateOfBirth'],
    ['a name of digits', 'POST', '/api/v1/children', { firstNames: '12345' }, 'firstNames'],
    ['a name too long', 'POST', '/api/v1/children', { lastName: 'x'.repeat(121) }, 'lastName'],
    ['a UPN with a wrong letter', 'POST', '/api/v1/children', { upn: 'B123456789012' }, 'upn'],
    ['an NHS number with a wrong digit', 'POST', '/api/v1/children', { nhsNumber: '9991234567' }, 'nhsNumber'],
    ['no need on the list', 'POST', '/api/v1/children', { primaryNeed: 'XYZ' }, 'primaryNeed'],
    ['a setting nobody knows', 'POST', '/api/v1/children', { settingId: random }, 'settingId'],
    ['an unknown duty', 'POST', '/api/v1/deadlines', { dutyId: 'no.such' }, 'dutyId'],
    ['31 February', 'POST', '/api/v1/deadlines', { asked: '2026-02-31' }, 'asked'],
    ['a day beyond the calendar', 'POST', '/api/v1/deadlines', { asked: '2126-01-01' }, 'asked'],
    ['no limb', 'POST', '/api/v1/deadlines', { limb: 'left' }, 'limb'],
    ['a year of another age', 'POST', '/api/v1/deadlines', { year: 1066 }, 'year'],
  ])('%s', async (name, method, path, change, field) => {
    const { as, body } = named(`${method} ${path}`);
    await refuses(
      name,
      method,
      path,
      { as, body: { ...body, ...change } },
      { status: 422, kind: 'invalid', error: { field } },
    );
  });

  it('another authority’s child and setting answer like ones that nobody has', async () => {
    const answers = async (path: string, field: string, ids: string[]) => {
      const { as, body } = named(`POST ${path}`);
      const both = [];
      for (const id of ids)
        both.push(
          (
            await refuses(
              `${path} ${field} ${id}`,
              'POST',
              path,
              { as, body: { ...body, [field]: id } },
              { status: 422, error: { field, rule: 'unknown' } },
            )
          ).body,
        );
      expect({ ...both[0], instance: '' }).toEqual({ ...both[1], instance: '' });
    };
    await answers('/api/v1/runs', 'childId', [random, theirs.child]);
    await answers('/api/v1/children', 'settingId', [random, theirs.setting]);
  });

  it.each([
    ['', 'too-short'],
    ['?q=', 'too-short'],
    ['?q=a', 'too-short'],
    [`?q=${'x'.repeat(101)}`, 'too-long'],
  ])('search %s', async (query, rule) => {
    await refuses(
      `search ${query}`,
      'GET',
      `/api/v1/children${query}`,
      { as: world.senior },
      { status: 422, kind: 'invalid', error: { field: 'q', rule } },
    );
  });

  it('only the product itself notes that a letter left', async () => {
    const fields = { on: today, ...rightFields(needsAssessmentWorkflow.commands.find('noteLetterSent')?.fields ?? {}) };
    await refuses(
      'noteLetterSent',
      'POST',
      `/api/v1/runs/${ours.run}/records`,
      { as: world.senior, body: { command: 'noteLetterSent', fields } },
      { status: 422, error: { field: 'command', rule: 'unknown-command' } },
    );
  });

  it.each([
    '/api',
    '/api/',
    '/api/v1',
    '/api/v2/runs',
    '/api/v1/nothing',
    '/api/v1/runs/x/y/z',
    '/api/v1/%E0%A4%A',
    '/API/v1/runs',
    '/api/v1/runs/../../etc',
    '/api/v1//runs',
  ])('%s is not there', async (path) => {
    for (const method of ['GET', 'POST'])
      await refuses(path, method, path, { as: world.senior }, { status: [404, 405] });
  });
});

describe('anything at all', () => {
  const spots = () => names.map(named);
  const id = fc.oneof(
    fc.constant('here'),
    fc.uuid(),
    fc.string({ maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  const json = fc.jsonValue({ maxDepth: 6 });
  const named2 = fc.dictionary(
    fc.constantFrom(
      'command',
      'fields',
      'workflow',
      'childId',
      'on',
      'reason',
      'reasons',
      'requests',
      'asked',
      'dutyId',
      'firstNames',
      'lastName',
      'dateOfBirth',
      'door',
      'confirmed',
      'source',
      'cause',
      'factId',
    ),
    fc.oneof(
      json,
      fc.string({ unit: 'binary' }),
      fc.constantFrom<unknown>('2026-11-05', today, 'needs-assessment', 'receiveRequest'),
    ),
    { maxKeys: 8 },
  );
  /** A command by its name, with something in some of its fields. */
  const command = fc.constantFrom(...every).chain(({ name, command: { fields } }) =>
    fc
      .record(
        {
          on: fc.constantFrom<unknown>(today, '2026-11-31', 5),
          ...Object.fromEntries(
            Object.keys(fields).map((field) => [field, fc.oneof(json, fc.string({ unit: 'binary' }))]),
          ),
        },
        { requiredKeys: [] },
      )
      .map((given) => ({ command: name, fields: given })),
  );
  const body = fc.oneof(json, named2, command, fc.string({ unit: 'binary' }));
  const request = fc.record({
    spot: fc.nat(names.length - 1),
    id,
    body,
    raw: fc.boolean(),
    query: fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map((one) => `?${one}`),
    ),
  });

  async function fire(
    {
      spot,
      id: given,
      body: sent,
      raw,
      query,
    }: { spot: number; id: string; body: unknown; raw: boolean; query: string },
    as?: Actor,
  ): Promise<number> {
    const route = spots()[spot];
    if (route === undefined) throw new Error('no such spot');
    const address =
      given === 'here'
        ? route.here
        : route.path.replace('{id}', encodeURIComponent(given.replace(/\p{Surrogate}/gu, '')));
    const text = raw && typeof sent === 'string' ? sent : JSON.stringify(sent);
    const { status } = await api.send(route.method, `${address}${query}`, {
      ...(as === undefined ? {} : { as }),
      ...(route.method === 'GET' ? {} : { raw: text }),
    });
    return status;
  }

  it('sent by nobody is refused, and writes nothing: 1,000 requests', async () => {
    const before = await bad.everythingKept();
    await fc.assert(
      fc.asyncProperty(request, async (one) => {
        bad.cases += 1;
        expect([401, 404, 405, 414]).toContain(await fire(one));
      }),
      { numRuns: 1000 },
    );
    expect(await bad.everythingKept()).toBe(before);
  }, 300_000);

  it('sent by somebody gets an answer, never a failure: 1,500 requests', async () => {
    const people = fc.constantFrom<() => Actor>(
      () => world.senior,
      () => world.caseworker,
      () => world.administrator,
      () => auditor,
      () => theirs.senior,
    );
    await fc.assert(
      fc.asyncProperty(request, people, async (one, who) => {
        bad.cases += 1;
        expect(await well(fire(one, who()))).toBeLessThan(500);
      }),
      { numRuns: 1500 },
    );
  }, 300_000);
});

describe('anything at all, to the pages', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('2026-02-31', '31', '2', '2026', random, 'x'.repeat(30_000), '\u0000', '<script>', '__proto__'),
  );
  const word = fc.constantFrom(
    'command',
    'on',
    'on-day',
    'on-month',
    'on-year',
    'reason',
    'reasons',
    'key',
    'version',
    'door',
    'q',
    'firstNames',
    'lastName',
    'dateOfBirth-day',
    'step',
    'confirmed',
    'cause',
    '__proto__',
    'a[b]',
  );
  const sent = fc.record({
    spot: fc.nat(1000),
    ids: fc.array(
      fc.oneof(
        fc.constantFrom('run', 'child', 'letter', 'proposal', 'row'),
        fc.uuid(),
        fc.string({ minLength: 1, maxLength: 20 }),
      ),
      { minLength: 3, maxLength: 3 },
    ),
    fields: fc.array(fc.tuple(word, text), { maxLength: 8 }),
    query: fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map((one) => `?${one}`),
    ),
  });
  type Page = typeof sent extends fc.Arbitrary<infer T> ? T : never;

  /** Every address of the app that is none of the API's. */
  function pages(): { method: string; path: string }[] {
    const { router } = api.app.getHttpAdapter().getInstance() as unknown as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    return router.stack.flatMap(({ route }) =>
      route === undefined || route.path.startsWith('/api/') || route.path === '/sign-out'
        ? []
        : Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })),
    );
  }

  async function fire({ spot, ids, fields, query }: Page, as?: Actor): Promise<number> {
    const all = pages();
    const page = all[spot % all.length];
    if (page === undefined) throw new Error('no such page');
    const of: Readonly<Record<string, string>> = {
      run: ours.run,
      child: family.child.id,
      letter: ours.letter,
      proposal: ours.proposal,
      row: ours.row,
    };
    let at = 0;
    const path = page.path.replace(/[:*]\w+/g, () => {
      const id = ids[at++ % ids.length] ?? random;
      return Object.hasOwn(of, id) ? (of[id] ?? '') : encodeURIComponent(id.replace(/\p{Surrogate}/gu, ''));
    });
    const cookie = as === undefined ? undefined : await api.session(as);
    const form = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
    if (cookie !== undefined) form.set('_csrf', csrfToken(cookie));
    const { status } = await api.send(page.method, `${path}${query}`, {
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(cookie === undefined ? {} : { Cookie: `session=${cookie}` }),
      },
      ...(page.method === 'POST' ? { raw: form.toString() } : {}),
    });
    return status;
  }

  it('a method that no page has there is refused, and says which are', async () => {
    const all = pages();
    const cookie = await api.session(world.caseworker);
    for (const path of new Set(all.map((page) => page.path))) {
      const address = path.replace(/[:*]\w+/g, random);
      const fits = (pattern: string) => new RegExp(`^${pattern.replace(/[:*]\w+/g, '[^/]+')}$`).test(address);
      const taken = [...new Set(all.filter((page) => fits(page.path)).map(({ method }) => method))];
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !taken.includes(one))) {
        bad.cases += 1;
        const before = await bad.everythingKept();
        const { status, headers, text } = await api.send(method, address, {
          headers: { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: `session=${cookie}` },
          raw: 'a=b',
        });
        const allow = String(headers['allow']).split(', ');
        expect({ method, path, status, allow }).toEqual({
          method,
          path,
          status: 405,
          allow: expect.arrayContaining(taken),
        });
        expect(text).toContain('This page cannot be used in this way');
        expect(await bad.everythingKept()).toBe(before);
      }
    }
  }, 120_000);

  it('sent by nobody writes nothing: 300 requests', async () => {
    const before = await bad.everythingKept();
    await fc.assert(
      fc.asyncProperty(sent, async (one) => {
        bad.cases += 1;
        expect(await fire(one)).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
    expect(await bad.everythingKept()).toBe(before);
  }, 300_000);

  it('sent by somebody gets a page, never a failure: 700 requests', async () => {
    const people = fc.constantFrom<() => Actor>(
      () => world.senior,
      () => world.caseworker,
      () => world.administrator,
      () => theirs.senior,
    );
    await fc.assert(
      fc.asyncProperty(sent, people, async (one, who) => {
        bad.cases += 1;
        expect(await well(fire(one, who()))).toBeLessThan(500);
      }),
      { numRuns: 700 },
    );
  }, 300_000);
});

it('was tried on every command and route', () => {
  process.stdout.write(
    `bad input: ${bad.cases} requests over ${every.length} commands and ${names.length + 1} routes\n`,
  );
  expect(bad.cases).toBeGreaterThan(6000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addStaff, giveGrant } from '@send/access';
import type { Actor } from '@send/access';
import { csrfToken } from '@send/pages';
import { workflows } from '@send/workflows';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaName } from '../apps/casework/src/api/command-schema';
import { ApiApp } from './builders/api-app';
import { CaseWorld, type Family } from './builders/case-with-family';

const needs = ['Rowan reads as well as most children of his age, with the help he has.'];

let world: CaseWorld;
let api: ApiApp;
let family: Family;
let second: Actor;

beforeAll(async () => {
  world = await CaseWorld.open('2026-11-20');
  api = await ApiApp.open(world);
  const staffId = await world.as(world.senior, (tx) =>
    addStaff(tx, {
      name: 'Nia Bright',
      email: 'nia.bright@levelshire.example',
      roles: ['SM'],
      team: 'North',
      activeFrom: '2020-01-01',
    }),
  );
  second = { ...world.senior, staffId, name: 'Nia Bright' };
}, 120_000);
// Each test has a child of its own: a child has one open assessment.
beforeEach(async () => {
  family = await world.family(2);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const begin = (on = '2026-11-02', as = world.caseworker, key?: string) =>
  api.send('POST', '/api/v1/runs', {
    as,
    ...(key === undefined ? {} : { key }),
    body: {
      workflow: 'needs-assessment',
      childId: family.child.id,
      command: 'receiveRequest',
      fields: { on, from: 'parent' },
    },
  });

describe('a run over HTTP', () => {
  it('begins, acts, records and is read, with its dates and why', async () => {
    const begun = await begin();
    expect(begun.status).toBe(201);
    const { runId } = begun.body;
    expect(begun.headers['location']).toBe(`/api/v1/runs/${runId}`);
    const act = await api.send('POST', `/api/v1/runs/${runId}/acts`, {
      as: world.senior,
      body: { command: 'decideNotToAssess', fields: { on: '2026-11-10', reasons: needs } },
      headers: { 'If-Match': '"1"' },
    });
    expect([act.status, act.body.position, act.headers['etag']]).toEqual([200, 'refusedToAssess', '"2"']);
    const run = await api.send('GET', `/api/v1/runs/${runId}`, { as: world.caseworker });
    expect(run.status).toBe(200);
    expect(run.body).toMatchObject({
      position: 'refusedToAssess',
      called: 'Refused to assess',
      version: 2,
      closed: false,
    });
    const decide = (run.body.deadlines as { duty: string }[]).find(
      (one) => one.duty === 'assessment.decide-whether-to-assess',
    );
    expect(decide).toMatchObject({
      dueBy: '2026-12-14',
      late: false,
      law: expect.stringContaining('reg 5(1)'),
      why: expect.stringContaining('2 November 2026'),
    });
    expect((run.body.letters as { letter: string }[]).map(({ letter }) => letter)).toContain('assessment.refuse');
    expect((run.body.commands as { command: string }[]).map(({ command }) => command)).toContain('recordAppeal');
    const history = await api.send('GET', `/api/v1/runs/${runId}/history`, { as: world.caseworker });
    expect((history.body.facts as { type: string }[]).map(({ type }) => type)).toEqual([
      'requestReceived',
      'decidedNotToAssess',
    ]);
    const child = await api.send('GET', `/api/v1/children/${family.child.id}`, { as: world.caseworker });
    expect(child.body.runs).toEqual([expect.objectContaining({ id: runId, position: 'refusedToAssess' })]);
  });

  it('the same key gives the first result again; the loser of a race is told who won', async () => {
    const first = await begin('2026-11-03', world.caseworker, 'same-key-1');
    const again = await begin('2026-11-03', world.caseworker, 'same-key-1');
    expect([again.status, again.body.runId, again.body.repeated]).toEqual([200, first.body.runId, true]);
    const path = `/api/v1/runs/${first.body.runId}/acts`;
    const race = await Promise.all(
      [world.senior, second].map((as) =>
        api.send('POST', path, {
          as,
          body: { command: 'decideToAssess', fields: { on: '2026-11-10' } },
          headers: { 'If-Match': '"1"' },
        }),
      ),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = race.find(({ status }) => status === 409);
    expect(lost?.body).toMatchObject({ type: '/problems/conflict', winner: { version: 2, what: 'decidedToAssess' } });
    expect(lost?.headers['content-type']).toContain('application/problem+json');
  });

  it('what needs a second person answers 202 and waits for somebody else', async () => {
    const {
      body: { runId },
    } = await begin('2026-11-03');
    const sent = { command: 'decideToAssess', fields: { on: '2026-11-10' } };
    const waits = await api.send('POST', `/api/v1/runs/${runId}/records`, { as: world.caseworker, body: sent });
    expect(waits.status).toBe(202);
    const where = String(waits.headers['location']);
    const listed = await api.send('GET', '/api/v1/proposals', { as: world.senior });
    expect((listed.body.proposals as { id: string }[]).map(({ id }) => id)).toContain(waits.body.proposal);
    expect((await api.send('GET', where, { as: world.senior })).body).toMatchObject({
      status: 'waiting',
      command: 'decideToAssess',
      fields: sent.fields,
    });
    expect((await api.send('POST', `${where}/confirmation`, { as: world.caseworker, body: {} })).body).toMatchObject({
      status: 403,
      detail: expect.stringContaining('You did the first part'),
    });
    const confirmed = await api.send('POST', `${where}/confirmation`, { as: world.senior });
    expect([confirmed.status, confirmed.body.position]).toEqual([200, 'assessing']);
    expect((await api.send('POST', `${where}/confirmation`, { as: second })).body).toMatchObject({
      type: '/problems/already-decided',
      status: 409,
    });
    expect((await api.send('POST', `${where}/return`, { as: second, body: { reason: 'Not so' } })).status).toBe(409);
  });

  it('a caseworker beside the case confirms nothing that is a senior’s to sign', async () => {
    const staffId = await world.as(world.senior, (tx) =>
      addStaff(tx, {
        name: 'Kit Moss',
        email: 'kit.moss@levelshire.example',
        roles: ['CW'],
        team: 'North',
        activeFrom: '2020-01-01',
      }),
    );
    await world.as(world.senior, (tx) =>
      giveGrant(tx, { staffId, childId: family.child.id, kind: 'assigned', from: '2026-01-01' }),
    );
    const kit: Actor = { ...world.caseworker, staffId, name: 'Kit Moss' };
    const {
      body: { runId },
    } = await begin('2026-11-03');
    const waits = await api.send('POST', `/api/v1/runs/${runId}/records`, {
      as: world.caseworker,
      body: { command: 'decideToAssess', fields: { on: '2026-11-10' } },
    });
    for (const verb of ['confirmation', 'return']) {
      const answer = await api.send('POST', `/api/v1/proposals/${waits.body.proposal}/${verb}`, {
        as: kit,
        body: verb === 'return' ? { reason: 'Not so' } : {},
      });
      expect([verb, answer.status, answer.body.detail]).toEqual([
        verb,
        403,
        expect.stringContaining('Your role does not let you: sign a decision'),
      ]);
    }
    expect(
      (
        await api.send('POST', `/api/v1/proposals/${waits.body.proposal}/return`, {
          as: world.senior,
          body: { reason: 'The date is that of the letter.' },
        })
      ).body,
    ).toEqual({ returned: true });
  });

  it('takes a fact back by two people, each asked', async () => {
    const {
      body: { runId, factId },
    } = await begin('2026-11-03');
    const path = `/api/v1/runs/${runId}/reversals`;
    const body = { factId, reason: 'It was entered on the wrong child by mistake.' };
    expect((await api.send('POST', path, { as: world.caseworker, body })).status).toBe(403);
    const waits = await api.send('POST', path, { as: world.senior, body });
    expect(waits.status).toBe(202);
    const done = await api.send('POST', `/api/v1/proposals/${waits.body.proposal}/confirmation`, { as: second });
    expect([done.status, done.body.position]).toEqual([200, 'awaitingRequest']);
    expect((await api.send('POST', path, { as: world.senior, body })).body).toMatchObject({
      type: '/problems/already-decided',
    });
  });

  it('what is odd is asked about once, then taken', async () => {
    const {
      body: { runId },
    } = await begin('2026-11-03');
    const body = { command: 'decideToAssess', fields: { on: '2026-10-01' } };
    const key = api.newKey();
    const asked = await api.send('POST', `/api/v1/runs/${runId}/records`, { as: world.senior, key, body });
    expect(asked.body).toMatchObject({
      type: '/problems/confirm-needed',
      status: 409,
      detail: expect.stringContaining('Is it right'),
    });
    expect(
      (
        await api.send('POST', `/api/v1/runs/${runId}/records`, {
          as: world.senior,
          key,
          body: { ...body, confirmed: true },
        })
      ).status,
    ).toBe(202);
  });

  it('a letter is read, given back, and approved by somebody who did not write it', async () => {
    const {
      body: { runId },
    } = await begin('2026-11-03');
    await api.send('POST', `/api/v1/runs/${runId}/acts`, {
      as: world.senior,
      body: {
        command: 'decideNotToAssess',
        fields: {
          on: '2026-11-10',
          reasons: [
            'Rowan reads as well as children of the same age, and the school gives the help that is needed for that.',
          ],
          evidence: [{ title: 'School report', author: 'The school', date: '2026-10-01' }],
        },
      },
    });
    const [letter] = (await world.letters(runId)).filter((one) => one.letter === 'assessment.refuse');
    const path = `/api/v1/letters/${letter?.id}`;
    const read = await api.send('GET', path, { as: world.caseworker });
    expect([read.status, read.body.status, read.body.html]).toEqual([
      200,
      'drafted',
      expect.stringContaining('Rowan reads as well'),
    ]);
    expect((await api.send('POST', `${path}/approval`, { as: world.senior })).status).toBe(403);
    expect((await api.send('POST', `${path}/approval`, { as: world.caseworker })).status).toBe(403);
    expect(
      (await api.send('POST', `${path}/return`, { as: second, body: { reason: 'Say what was read.' } })).status,
    ).toBe(200);
    const approved = await api.send('POST', `${path}/approval`, { as: second });
    expect([approved.status, approved.body]).toEqual([
      200,
      expect.objectContaining({ done: true, status: 'approved' }),
    ]);
    expect((await api.send('POST', `${path}/approval`, { as: second })).status).toBe(409);
  });
});

describe('children', () => {
  it('are found, and added with a likeness asked about', async () => {
    const found = await api.send('GET', '/api/v1/children?q=invented1', { as: world.senior });
    expect([found.status, found.body.results.length > 0]).toEqual([200, true]);
    const body = { firstNames: 'Tamsin', lastName: 'Fernleigh', dateOfBirth: '2018-04-05' };
    const made = await api.send('POST', '/api/v1/children', { as: world.caseworker, body });
    expect([made.status, made.body.reference, made.headers['location']]).toEqual([
      201,
      expect.stringMatching(/^LEV-/),
      `/api/v1/children/${made.body.id}`,
    ]);
    const again = await api.send('POST', '/api/v1/children', { as: world.caseworker, body });
    expect(again.body).toMatchObject({
      type: '/problems/possible-duplicate',
      status: 409,
      candidates: [expect.objectContaining({ childId: made.body.id })],
    });
    expect(
      (
        await api.send('POST', '/api/v1/children', {
          as: world.caseworker,
          body: { ...body, newBecause: 'A cousin of the same name.' },
        })
      ).status,
    ).toBe(201);
    const run = await api.send('POST', '/api/v1/runs', {
      as: world.caseworker,
      body: {
        workflow: 'needs-assessment',
        childId: made.body.id,
        command: 'receiveRequest',
        fields: { on: '2026-11-10', from: 'parent' },
      },
    });
    expect(run.status).toBe(201);
  });
});

describe('the law', () => {
  it('answers when a duty is due, with its working', async () => {
    const answer = await api.send('POST', '/api/v1/deadlines', {
      as: world.caseworker,
      body: { dutyId: 'plan.issue-final', asked: '2025-05-21' },
    });
    expect(answer.body).toMatchObject({
      dutyId: 'plan.issue-final',
      dueBy: '2025-10-08',
      law: expect.stringContaining('reg 13'),
    });
    expect(
      (
        await api.send('POST', '/api/v1/deadlines', {
          as: world.caseworker,
          body: { dutyId: 'no.such', asked: '2025-05-21' },
        })
      ).body,
    ).toMatchObject({ status: 422, errors: [{ field: 'dutyId', rule: 'unknown' }] });
    const duties = await api.send('GET', '/api/v1/duties', { as: world.caseworker });
    expect(duties.body.duties.length).toBeGreaterThan(50);
    expect(
      (await api.send('GET', '/api/v1/duties/plan.issue-final', { as: world.caseworker })).body.duties[0].provision,
    ).toContain('reg 13');
    expect((await api.send('GET', '/api/v1/duties/no.such', { as: world.caseworker })).status).toBe(404);
  });
});

describe('people', () => {
  it('are changed by the same acts as on the pages: recorded by one, confirmed by another, hidden at once', async () => {
    const made = await world.family();
    const path = `/api/v1/children/${made.child.id}/people`;
    const person = `${path}/${made.parents[0]?.personId}`;
    const entry = async () =>
      (await api.send('GET', path, { as: world.caseworker })).body as {
        people: { id: string; entry: string; confirmed: boolean; addressLines: string[] }[];
        waiting: { what: string; entry: string }[];
      };
    const of = async () => (await entry()).people.find((one) => one.id === made.parents[0]?.personId);
    const post = (act: string, as: Actor, body: object) => api.send('POST', `${person}/${act}`, { as, body });
    const responsibility = {
      responsibility: 'yes',
      evidence: 'Birth certificate',
      seenBy: world.caseworker.staffId,
    };
    const first = (await of())?.entry;
    const recorded = await post('responsibility', world.caseworker, { ...responsibility, seen: first });
    expect([recorded.status, recorded.body]).toEqual([
      200,
      { done: true, personId: made.parents[0]?.personId, waits: true },
    ]);
    const late = await post('responsibility', world.senior, { ...responsibility, seen: first });
    expect([late.status, late.body.type]).toEqual([409, '/problems/conflict']);
    const word = { what: 'responsibility', seen: (await entry()).waiting[0]?.entry };
    expect((await post('confirmation', world.caseworker, word)).status).toBe(403);
    expect((await post('return', world.senior, { ...word, reason: 'Whose certificate?' })).status).toBe(200);
    expect((await post('confirmation', world.senior, word)).status).toBe(200);
    expect((await of())?.confirmed).toBe(true);

    const less = { seen: (await of())?.entry, receives: 'none' };
    const refused = await post('letters', world.caseworker, less);
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [expect.objectContaining({ field: 'reason', message: expect.stringContaining('other parent asked us not to') })],
    ]);
    const contact = {
      seen: (await of())?.entry,
      channel: 'post',
      emailAgreed: false,
      language: 'en',
      format: 'standard',
      address: 'new',
      line1: '5 New Road',
      postcode: 'LV6 6AA',
      share: true,
    };
    expect((await post('contact', world.caseworker, contact)).status).toBe(200);
    expect((await of())?.addressLines).toEqual(['5 New Road', 'LV6 6AA']);
    const hide = { seen: (await of())?.entry, which: 'current', reason: 'She has fled violence at home' };
    expect((await post('protection', world.caseworker, hide)).status).toBe(200);
    expect(JSON.stringify(await entry())).not.toContain('New Road');
    const lift = { seen: hide.seen, reason: 'She rang and says that she is safe now' };
    expect((await post('lifting', world.senior, lift)).status).toBe(200);
    expect((await of())?.addressLines).toEqual(['Address not to be shared']);
    const end = { seen: hide.seen, on: '2026-11-10', reason: 'She is not the mother of this child' };
    expect((await post('end', world.caseworker, end)).body).toMatchObject({ waits: true });
  });
});

describe('operations', () => {
  it('are the administrator’s, and show no case data', async () => {
    expect((await api.send('GET', '/api/v1/operations', { as: world.senior })).status).toBe(403);
    const shown = await api.send('GET', '/api/v1/operations', { as: world.administrator });
    expect(shown.status).toBe(200);
    expect(JSON.stringify(shown.body)).not.toContain('Rowan');
    const [row] = await world.test.ownerQuery<{ id: string }>(
      `select id from engine.outbox where status = 'waiting' limit 1`,
    );
    expect(
      (
        await api.send('POST', `/api/v1/operations/rows/${row?.id}/park`, {
          as: world.administrator,
          body: { cause: 'Looked at by hand' },
        })
      ).body,
    ).toEqual({ done: true });
    expect(
      (await api.send('POST', `/api/v1/operations/rows/${row?.id}/retry`, { as: world.administrator })).body,
    ).toEqual({ done: true });
    expect(
      (await api.send('POST', `/api/v1/operations/rows/${row?.id}/retry`, { as: world.administrator })).status,
    ).toBe(409);
    expect(
      (await api.send('GET', `/api/v1/runs/${(await begin()).body.runId}`, { as: world.administrator })).status,
    ).toBe(404);
  });
});

describe('who sends it', () => {
  it('a cookie alone changes nothing; with its token it does', async () => {
    const cookie = await api.session(world.caseworker);
    const body = { dutyId: 'plan.issue-final', asked: '2025-05-21' };
    expect((await api.send('POST', '/api/v1/deadlines', { body })).body).toMatchObject({
      type: '/problems/not-signed-in',
      status: 401,
    });
    expect(
      (await api.send('POST', '/api/v1/deadlines', { body, headers: { Cookie: `session=${cookie}` } })).body,
    ).toMatchObject({ type: '/problems/not-your-own', status: 403 });
    const own = { Cookie: `session=${cookie}`, 'X-CSRF-Token': csrfToken(cookie) };
    expect((await api.send('POST', '/api/v1/deadlines', { body, headers: own })).status).toBe(200);
    expect(
      (await api.send('POST', '/api/v1/deadlines', { body, headers: { ...own, 'Sec-Fetch-Site': 'cross-site' } }))
        .status,
    ).toBe(403);
    expect((await api.send('GET', '/api/v1/duties', { headers: { Cookie: `session=${cookie}` } })).status).toBe(200);
    expect(
      (await api.send('GET', '/api/v1/duties', { headers: { Authorization: 'Bearer levelshire.' + 'a'.repeat(43) } }))
        .status,
    ).toBe(401);
  });

  it('a session that sends too much is told when to go on', async () => {
    const slow = await ApiApp.open(world, { request: 50, search: 2 });
    const answers = [];
    for (let one = 0; one < 4; one += 1)
      answers.push(await slow.send('GET', '/api/v1/children?q=rowan', { as: world.caseworker }));
    const limited = answers.at(-1);
    expect(limited?.body).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
    expect(Number(limited?.headers['retry-after'])).toBeGreaterThan(0);
    await slow.close();
  });
});

describe('the description', () => {
  it('is OpenAPI 3.1, holds every route of the app, every command with its fields, and nothing that points nowhere', async () => {
    const { status, body: described } = await api.send('GET', '/api/v1/openapi.json');
    expect([status, described.openapi]).toEqual([200, '3.1.0']);
    expect(described.info).toMatchObject({ title: expect.any(String), version: '1' });
    const stack = (
      api.app.getHttpAdapter().getInstance() as unknown as {
        router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
      }
    ).router.stack;
    const routes = stack.flatMap(({ route }) =>
      route === undefined || !route.path.startsWith('/api/v1/')
        ? []
        : Object.keys(route.methods).map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`),
    );
    const operations: [string, Record<string, object>][] = Object.entries<Record<string, object>>(
      described.paths,
    ).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Record<string, object>] => [
        `${method} ${path}`,
        operation as Record<string, object>,
      ]),
    );
    expect(routes.length).toBeGreaterThanOrEqual(20);
    expect(operations.map(([name]) => name).sort()).toEqual([...routes].sort());
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, operation] of operations) {
      expect([name, Object.keys(operation['responses'] ?? {})]).toEqual([
        name,
        expect.arrayContaining(['400', '401', '429', '500']),
      ]);
      for (const parameter of name.match(/(?<=\{)\w+(?=\})/g) ?? [])
        expect([name, operation['parameters']]).toEqual([
          name,
          expect.arrayContaining([expect.objectContaining({ name: parameter, in: 'path', required: true })]),
        ]);
    }
    const schemas = described.components.schemas;
    const refs = [...JSON.stringify(described).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(refs.filter((name) => schemas[name] === undefined)).toEqual([]);
    for (const workflow of workflows) {
      for (const [name, command] of Object.entries(workflow.commands.table)) {
        const schema = schemas[schemaName(workflow, name)];
        if (command.system === true) expect(schema).toBeUndefined();
        else
          expect([name, Object.keys(schema.properties).sort()]).toEqual([
            name,
            ['on', ...Object.keys(command.fields)].sort(),
          ]);
      }
    }
  });

  it('its schemas are schemas, and what is answered fits them', async () => {
    const { body: described } = await api.send('GET', '/api/v1/openapi.json');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', components: described.components });
    for (const name of Object.keys(described.components.schemas))
      expect(typeof ajv.getSchema(`api#/components/schemas/${name}`)).toBe('function');
    const fits = (name: string, value: unknown) => {
      const check = ajv.getSchema(`api#/components/schemas/${name}`);
      expect([name, check?.(value), check?.errors]).toEqual([name, true, null]);
    };
    const begun = await begin();
    fits('Done', begun.body);
    await world.act(begun.body.runId, 'decideToAssess', { on: '2026-11-10' });
    await world.act(begun.body.runId, 'askForAdvice', {
      on: '2026-11-11',
      requests: [{ request: 'r1', kind: 'psychology', adviser: family.advisers.psychology }],
    });
    const get = async (path: string, as: Actor = world.senior) => (await api.send('GET', path, { as })).body;
    fits('Run', await get(`/api/v1/runs/${begun.body.runId}`));
    fits('History', await get(`/api/v1/runs/${begun.body.runId}/history`));
    fits('Child', await get(`/api/v1/children/${family.child.id}`));
    fits('Found', await get('/api/v1/children?q=rowan'));
    fits('People', await get(`/api/v1/children/${family.child.id}/people`));
    fits('Proposals', await get('/api/v1/proposals'));
    fits('Duties', await get('/api/v1/duties'));
    fits('Workflows', await get('/api/v1/workflows'));
    fits('Operations', await get('/api/v1/operations', world.administrator));
    const [letter] = await world.letters(begun.body.runId);
    fits('Letter', await get(`/api/v1/letters/${letter?.id}`));
    fits('Problem', await get('/api/v1/runs/not-an-id'));
    fits('Act', { command: 'decideToAssess', fields: { on: '2026-11-10' } });
    const act = ajv.getSchema('api#/components/schemas/Act');
    expect(act?.({ command: 'decideToAssess', fields: { on: '2026-11-10', unknown: 1 } })).toBe(false);
  }, 60_000);
});

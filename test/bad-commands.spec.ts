import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Action, type Actor, addStaff, cell } from '@send/access';
import { addDays, type Day } from '@send/statute';
import type { Command, Workflow } from '@send/workflow-kit';
import { needsAssessmentWorkflow, workflows } from '@send/workflows';
import { outwardCommands } from '../apps/casework/src/api/command-schema';
import { ApiApp, type Sent } from './builders/api-app';
import { BadInput, type Expected, onWrong, random, type Wrongness } from './builders/bad-input';
import { CaseWorld, type Family } from './builders/case-with-family';
import { beginProcess, secondSenior } from './builders/process-run';

/**
 * Every command of every process but the assessment, whose own are in bad-input.spec.ts: what is wrong with its fields, who
 * may not give it, what it is not given to, and that it happens once. The rows are made from the tables; of the faults of a
 * command's fields some are drawn, others each time another BAD_INPUT_SEED is given.
 */
const today: Day = '2026-11-20';
const begunOn: Day = '2026-11-10';
const most = 14;
const seed = Number(process.env['BAD_INPUT_SEED'] ?? 20261120);

let world: CaseWorld;
let api: ApiApp;
let bad: BadInput;
let family: Family;
let second: Actor;
let stranger: Actor;
/** One run of each process, and one of a process that is over. */
const runs = new Map<string, string>();

beforeAll(async () => {
  world = await CaseWorld.open(today);
  api = await ApiApp.open(world);
  family = await world.family(1);
  const other = await world.family(1);
  second = await secondSenior(world);
  const strangerId = await world.as(world.senior, (tx) =>
    addStaff(tx, {
      name: 'Jo Ash',
      email: 'jo.ash@levelshire.example',
      roles: ['CW'],
      team: 'South',
      activeFrom: '2020-01-01',
    }),
  );
  stranger = { staffId: strangerId, name: 'Jo Ash', authority: 'levelshire', roles: ['CW'], team: 'South' };
  bad = new BadInput(world, api, {
    setting: { ours: family.settingId, theirs: random },
    adviser: { ours: family.advisers.psychology, theirs: random },
  });
  for (const workflow of others) runs.set(workflow.id, await begunRun(workflow, other));
  for (const one of [world.senior, world.administrator, second, stranger]) await api.session(one);
}, 300_000);
afterAll(async () => {
  await api.close();
  await world.close();
});

const others = workflows.filter(({ id }) => id !== needsAssessmentWorkflow.id);
const every = others.flatMap((workflow) =>
  outwardCommands(workflow).map(([name, command]) => ({ id: `${workflow.id} ${name}`, workflow, name, command })),
);

const begunRun = (workflow: Workflow, { child }: Family): Promise<string> =>
  beginProcess(world, workflow, {
    childId: child.id,
    on: begunOn,
    ids: { setting: family.settingId, adviser: family.advisers.psychology },
    second,
  });

/** Numbers that look like any others, the same for the same seed. */
function* drawing(of: string): Generator<number> {
  let state = [...of].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, seed >>> 0);
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

/** So many of a list, each with the same chance, in the list's order. */
function drawn<T>(list: readonly T[], count: number, of: string): T[] {
  const numbers = drawing(of);
  return list
    .map((one, at) => ({ one, at, by: numbers.next().value as number }))
    .sort((a, b) => a.by - b.by)
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

interface Spoilt extends Wrongness {
  readonly field: string;
}

/** Everything that can be wrong with what is given, each alone. */
function faultsOf(command: Command): Spoilt[] {
  return [
    ...onWrong.map((one) => ({ ...one, field: 'on' })),
    ...Object.entries(command.fields).flatMap(([field, of]) => bad.wrongValues(of).map((one) => ({ ...one, field }))),
  ];
}

const doorOf = (command: Command): 'acts' | 'records' => (command.doors.includes('act') ? 'acts' : 'records');

/** Only on a panel of theirs may anybody say what it recommends: there is a door of its own for that. */
const isPanels = (command: Command): boolean => cell(command.action as Action, 'SM') === '-';

/** How a command is sent: to a run of its process, or to begin one. */
function wayOf(workflow: Workflow, name: string, command: Command) {
  const begins = command.begins === true;
  const run = runs.get(workflow.id) ?? '';
  return {
    path: begins ? '/api/v1/runs' : `/api/v1/runs/${run}/${doorOf(command)}`,
    body: (fields: unknown) =>
      begins
        ? {
            workflow: workflow.id,
            childId: family.child.id,
            command: name,
            door: command.doors.includes('act') ? 'act' : 'record',
            fields,
          }
        : { command: name, fields },
  };
}

describe('every command of every other process', () => {
  it.each(every)(
    '$id: its fields',
    async ({ id, workflow, name, command }) => {
      const { path, body } = wayOf(workflow, name, command);
      const good = { on: today, ...bad.rightFields(command.fields) };
      const send = (what: string, fields: unknown, error: { field: string; rule: string }) =>
        bad.refuses(
          `${id}, ${what}`,
          'POST',
          path,
          { as: world.senior, body: body(fields) },
          isPanels(command) ? { status: 403, kind: 'forbidden' } : { status: 422, kind: 'invalid', error },
        );
      for (const { is, value, rule, field, below = '' } of drawn(faultsOf(command), most, id))
        await send(`${field} ${is}`, { ...good, [field]: value }, { field: `${field}${below}`, rule });
      await send('an unknown field', { ...good, unknown: 1 }, { field: 'unknown', rule: 'unknown-field' });
      await bad.refuses(
        `${id}, no fields`,
        'POST',
        path,
        { as: world.senior, body: body('text') },
        { status: 422, kind: 'invalid', error: { field: 'fields', rule: 'wrong-type' } },
      );
    },
    120_000,
  );

  it.each(every)(
    '$id: who, and where',
    async ({ id, workflow, name, command }) => {
      const { path, body } = wayOf(workflow, name, command);
      const fields = { on: today, ...bad.rightFields(command.fields) };
      const send = (what: string, at: string, sent: Sent, expected: Expected) =>
        bad.refuses(`${id}, ${what}`, 'POST', at, { body: body(fields), ...sent }, expected);
      await send('nobody signed in', path, {}, { status: 401, kind: 'not-signed-in' });
      for (const one of [stranger, world.administrator])
        await send(`by ${one.name}`, path, { as: one }, { status: [403, 404, 422] });
      if (command.begins === true) return;
      const at = (run: string, door: string = doorOf(command)) => `/api/v1/runs/${run}/${door}`;
      const as = world.senior;
      await send('an unknown run', at(random), { as }, { status: 404, kind: 'not-found' });
      const run = runs.get(workflow.id) ?? '';
      const other = doorOf(command) === 'acts' ? 'records' : 'acts';
      if (command.doors.length === 1)
        await send('the wrong door', at(run, other), { as }, { status: 409, kind: 'out-of-position' });
      await send(
        'another version',
        at(run),
        { as, headers: { 'If-Match': '"99"' } },
        isPanels(command) ? { status: 403, kind: 'forbidden' } : { status: 409, kind: 'conflict' },
      );
      if (command.doors.includes('act'))
        await send(
          'a date out of order',
          at(run, 'acts'),
          { as, body: body({ ...fields, on: addDays(begunOn, -1) }) },
          isPanels(command)
            ? { status: 403, kind: 'forbidden' }
            : { status: 409, kind: 'out-of-position', error: { field: 'on', rule: 'out-of-order' } },
        );
      await bad.refuses(
        `${id}, to begin with`,
        'POST',
        '/api/v1/runs',
        {
          as,
          body: { workflow: workflow.id, childId: family.child.id, command: name, door: 'record', fields },
        },
        { status: 422, kind: 'invalid', error: { field: 'command', rule: 'unknown-command' } },
      );
    },
    120_000,
  );

  it.each(every.filter(({ command }) => command.begins !== true))(
    '$id: sent twice happens once, and nobody is their own second',
    async ({ id, workflow, name, command }) => {
      const run = await bad.well(begunRun(workflow, await bad.well(world.family(1))));
      const door = command.doors.includes('record') ? 'records' : 'acts';
      const path = `/api/v1/runs/${run}/${door}`;
      const as = world.senior;
      const key = api.newKey();
      const body = {
        command: name,
        fields: { on: today, ...bad.rightFields(command.fields) },
        ...(door === 'records' ? { confirmed: true } : {}),
      };
      const first = await bad.well(api.send('POST', path, { as, key, body }));
      // An act that the position has no way for is refused, in words; what is recorded is always taken.
      const stated = isPanels(command) ? [403] : door === 'records' ? [200, 202] : [200, 202, 409];
      expect([id, first.status, first.body.errors, stated.includes(first.status)]).toEqual([
        id,
        first.status,
        undefined,
        true,
      ]);
      const again = await bad.refuses(`${id} again`, 'POST', path, { as, key, body }, { status: first.status });
      if (first.status === 200) expect(again.body).toMatchObject({ factId: first.body.factId, repeated: true });
      if (first.status !== 202) return;
      expect(again.body.proposal).toBe(first.body.proposal);
      const confirmation = `/api/v1/proposals/${first.body.proposal}/confirmation`;
      await bad.refuses(
        `${id}, the same person as second`,
        'POST',
        confirmation,
        { as },
        { status: 403, kind: 'forbidden', says: 'You did the first part of this yourself' },
      );
      expect([id, (await bad.well(api.send('POST', confirmation, { as: second }))).status]).toEqual([id, 200]);
      await bad.refuses(
        `${id}, confirmed again`,
        'POST',
        confirmation,
        { as: second },
        { status: 409, kind: 'already-decided' },
      );
    },
    120_000,
  );
});

it('was tried on every command', () => {
  process.stdout.write(
    `bad commands: ${bad.cases} requests over ${every.length} commands of ${others.length} processes, seed ${seed}\n`,
  );
  expect(bad.cases).toBeGreaterThan(every.length * 10);
});

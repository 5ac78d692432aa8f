import type { Actor } from '../../libs/access/src/index';
import { type Database, newId } from '../../libs/database/src/index';
import { type Correspondence, Engine, type Given, SetClock } from '../../libs/engine/src/index';
import { processes } from '../../workflows/index';

/** An assessment in which advice has come, and what a caseworker then does to it without a letter: one case, ten facts. */

export const authority = 'bench';
const clock = new SetClock(new Date('2027-03-17T09:00:00Z'));
export const today = clock.today();

export const caseworker: Actor = { staffId: newId(), name: 'Caseworker', authority, roles: ['CW'], team: null };
const senior: Actor = { staffId: newId(), name: 'Senior', authority, roles: ['SM'], team: null };

const nobody: Correspondence = {
  needsApproval: () => true,
  addressees: () => Promise.resolve({ of: {}, held: [] }),
};

export const benchEngine = (database: Database): Engine => new Engine(database, processes, nobody, clock);

type Plain = Omit<Given, 'key'>;

const heard =
  'She likes drawing, animals and being outside. Noise in the dining hall is too much for her and she eats little at ' +
  'school. She would like one adult who knows her, a quiet place at midday, and help to join in when games begin. Her ' +
  'parents say that mornings are hard since September and that she sleeps badly before a school day.';
const help = 'An interpreter for the meeting, papers in large print, and a call the day before.';

const advisers = ['education', 'health', 'psychology', 'social-care', 'adulthood'] as const;

/** What is on record before anything is measured. */
const before: readonly Plain[] = [
  { command: 'decideToAssess', confirmed: true, fields: { on: '2027-01-29' } },
  {
    command: 'askForAdvice',
    confirmed: true,
    fields: {
      on: '2027-02-01',
      requests: advisers.map((kind) => ({ request: `advice-${kind}`, kind, adviser: `adviser-${kind}` })),
    },
  },
  ...advisers.map((kind, index) => ({
    command: 'recordAdvice',
    fields: { on: `2027-03-0${index + 1}`, request: `advice-${kind}`, need: heard },
  })),
];

/** What is measured: six of the ten change a deadline, four do not. */
export const plainCommands: readonly Plain[] = [
  { command: 'recordViews', fields: { on: '2027-03-08', summary: heard } },
  {
    command: 'returnAdvice',
    fields: { on: '2027-03-09', request: 'advice-health', missing: 'It has no date and no signature.' },
  },
  { command: 'considerSupport', fields: { on: '2027-03-10', summary: help } },
  { command: 'recordViews', fields: { on: '2027-03-11', summary: heard } },
  {
    command: 'returnAdvice',
    fields: { on: '2027-03-12', request: 'advice-psychology', missing: 'It names no hours of help.' },
  },
  { command: 'considerSupport', fields: { on: '2027-03-13', summary: help } },
  {
    command: 'reuseAdvice',
    fields: {
      on: '2027-03-14',
      request: 'advice-earlier',
      adviser: 'adviser-earlier',
      kind: 'other',
      adviceDate: '2026-11-20',
      authorAgrees: 'yes',
      authorityAgrees: 'yes',
      familyAgrees: 'yes',
    },
  },
  { command: 'recordViews', fields: { on: '2027-03-15', summary: heard } },
  {
    command: 'returnAdvice',
    fields: { on: '2027-03-16', request: 'advice-education', missing: 'The outcomes are not dated.' },
  },
  { command: 'recordViews', fields: { on: '2027-03-17', summary: heard } },
];

/** Sees over the wall and arranges. */
export type Ask = <T extends object>(sql: string, params?: readonly unknown[]) => Promise<T[]>;

export interface Case {
  readonly runId: string;
  readonly childId: string;
}

/** The people, and a first case brought to where the measured commands begin; others are copied from it. */
export async function firstCase(database: Database, ask: Ask): Promise<Case> {
  await ask(
    `insert into access.authority (id, name, number, reference_prefix) values ($1, 'Bench', '998', 'BE') on conflict do nothing`,
    [authority],
  );
  for (const { staffId, name, roles } of [caseworker, senior])
    await ask(
      `insert into access.staff (id, authority_id, name, email, roles, active_from) values ($1::uuid, $2, $3, $1::text || '@bench.example', $4, '2020-01-01')`,
      [staffId, authority, name, roles],
    );
  const engine = benchEngine(database);
  const first: Case = { runId: newId(), childId: newId() };
  await children(ask, [first]);
  await engine.begin(
    'needs-assessment',
    first.childId,
    { command: 'receiveRequest', key: newId(), fields: { on: '2027-01-12', from: 'parent' } },
    senior,
    {
      door: 'record',
      runId: first.runId,
    },
  );
  for (const given of before) {
    const outcome = await engine.record(first.runId, { ...given, key: newId() }, caseworker, { confirmedBy: senior });
    if (!outcome.done) throw new Error(`The first case stopped at ${given.command}: ${JSON.stringify(outcome)}`);
  }
  return first;
}

/** Cases in the same state as the first, each of another child; the caseworker has each of them. */
export async function copyCase(ask: Ask, first: Case, count: number): Promise<Case[]> {
  const cases = Array.from({ length: count }, (): Case => ({ runId: newId(), childId: newId() }));
  await children(ask, cases);
  const ids = [first.runId, cases.map(({ runId }) => runId), cases.map(({ childId }) => childId)];
  const copies = 'unnest($2::uuid[], $3::uuid[]) as copy(run, child)';
  await ask(
    `insert into engine.run select (jsonb_populate_record(r, jsonb_build_object('id', copy.run, 'child_id', copy.child))).*
     from engine.run r, ${copies} where r.id = $1`,
    ids,
  );
  await ask(
    `insert into engine.fact select (jsonb_populate_record(f, jsonb_build_object('id', uuidv7(), 'run_id', copy.run, 'command_key', uuidv7()))).*
     from engine.fact f, ${copies} where f.run_id = $1 order by copy.run, f.seq`,
    ids,
  );
  await ask(
    `insert into engine.deadline select (jsonb_populate_record(d, jsonb_build_object('run_id', copy.run, 'child_id', copy.child))).*
     from engine.deadline d, ${copies} where d.run_id = $1`,
    ids,
  );
  return cases;
}

/** The children are there before their cases are, and the caseworker has them. */
async function children(ask: Ask, cases: readonly Case[]): Promise<void> {
  const ids = cases.map(({ childId }) => childId);
  await ask(
    `insert into case_file.person (id, authority_id, kind, first_names, last_name) select child, $1, 'child', 'Bench', 'Invented' from unnest($2::uuid[]) as child`,
    [authority, ids],
  );
  await ask(
    `insert into case_file.child (id, authority_id, reference, person_id, known_as, first_names, last_name, date_of_birth)
     select child, $1, 'BE-' || upper(right(replace(child::text, '-', ''), 20)), child, 'Bench', 'Bench', 'Invented', '2018-05-04'
     from unnest($2::uuid[]) as child`,
    [authority, ids],
  );
  await ask(
    `insert into access.case_grant (id, authority_id, staff_id, child_id, kind, from_day, given_by)
     select uuidv7(), $1, $2, child, 'assigned', '2020-01-01', 'bench' from unnest($3::uuid[]) as child`,
    [authority, caseworker.staffId, ids],
  );
}

/** All plain commands of one case, one after another, as its caseworker gives them. */
export async function workThrough(engine: Engine, { runId }: Case): Promise<void> {
  for (const given of plainCommands) {
    const outcome = await engine.act(runId, { ...given, key: newId() }, caseworker);
    if (!outcome.done) throw new Error(`${given.command} was not done: ${JSON.stringify(outcome)}`);
  }
}

/** Each client takes the next piece of work when it has done its last. */
export async function shareOut<T>(
  work: readonly T[],
  clients: number,
  one: (piece: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let piece = work[next++]; piece !== undefined; piece = work[next++]) await one(piece);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

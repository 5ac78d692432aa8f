import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { allRows, ladderOf, type Orphan } from '@send/engine';
import { type Day, englandCalendars } from '@send/statute';
import { type Fact, fold, type Place, positionOf, type RunDeadline, type Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import type { Holding } from './casebook';

/** Over the wall: the whole of the installation is looked at. */
export type Ask = <T extends object>(sql: string, params?: readonly unknown[]) => Promise<T[]>;

export interface Expected {
  /** Commands that somebody was told were done. */
  readonly acknowledged: readonly { readonly key: string; readonly runId: string; readonly factId: string }[];
  /** Children whose cases were driven to the end, and what their runs must hold. */
  readonly finished: readonly { readonly childId: string; readonly holds: Holding }[];
  /** Joins a child's runs anew, and keeps nothing of it: how much there was to put right. */
  readonly rejoin: (childId: string) => Promise<number>;
  /** What goes on though it should have ended. */
  readonly orphans: () => Promise<readonly Orphan[]>;
  readonly dropFolder: string;
  readonly now: Date;
}

/** What must never be, each with its ids: empty lists are what a run is for. */
export const faultKinds = [
  'factsLost',
  'factsTwice',
  'runsMissing',
  'runsTwice',
  'joinsDiffer',
  'orphans',
  'lettersMissing',
  'lettersTwice',
  'lettersAltered',
  'remindersMissing',
  'remindersTwice',
  'outboxLeft',
  'replayDiffers',
  'deadlinesDiffer',
] as const;
export type FaultKind = (typeof faultKinds)[number];
export type Faults = Record<FaultKind, string[]>;

export interface Counted {
  readonly facts: number;
  readonly runs: Readonly<Record<string, number>>;
  readonly letters: number;
  readonly files: number;
  readonly reminders: number;
  readonly tasks: number;
  readonly chases: number;
  readonly deadlines: number;
}

export interface Found {
  readonly faults: Faults;
  readonly counted: Counted;
}

/** Reads everything that is stored and everything that was dropped, and compares it with what was promised. */
export async function findFaults(ask: Ask, expected: Expected): Promise<Found> {
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, []])) as unknown as Faults;
  const facts = await readFacts(ask);
  checkFacts(facts, expected, faults);
  const runs = await readRuns(ask, facts);
  checkRuns(runs, expected, faults);
  await checkJoins(runs, expected, faults);
  const deadlines = await readDeadlines(ask);
  for (const run of runs) checkReplay(run, deadlines.get(run.id) ?? [], faults);
  const letters = await checkLetters(ask, runs, facts, expected.dropFolder, faults);
  const reminders = await checkReminders(ask, facts, deadlines, expected.now, faults);
  const left = await ask<{ key: string; status: string; last_error: string | null }>(
    // What begins a process that is not built yet is put aside on purpose.
    `select key, status, last_error from engine.outbox where status <> 'done'`,
  );
  faults.outboxLeft.push(
    ...left.map(({ key, status, last_error: cause }) => `${key} is ${status}${cause === null ? '' : `: ${cause}`}`),
  );
  return {
    faults,
    counted: {
      facts: facts.length,
      runs: Object.fromEntries([...countBy(runs, ({ workflow }) => workflow.id)].sort()),
      deadlines: [...deadlines.values()].flat().length,
      ...letters,
      ...reminders,
    },
  };
}

interface StoredFact extends Fact {
  readonly runId: string;
  readonly key: string;
}

function readFacts(ask: Ask): Promise<StoredFact[]> {
  return ask<StoredFact & { reverses: string | null }>(
    `select id, run_id as "runId", command_key as key, type, on_day::text as "on", door, actor as "by", seq, payload, reverses from engine.fact order by run_id, seq`,
  ).then((rows) => rows.map(({ reverses, ...fact }) => (reverses === null ? fact : { ...fact, reverses })));
}

function checkFacts(facts: readonly StoredFact[], { acknowledged }: Expected, faults: Faults): void {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  for (const { key, runId, factId } of acknowledged) {
    const fact = byId.get(factId);
    if (fact === undefined || fact.runId !== runId || fact.key !== key) faults.factsLost.push(`${key}: ${factId}`);
  }
  const keys = countBy(facts, ({ key }) => key);
  for (const [key, count] of keys) if (count > 1) faults.factsTwice.push(`${key}: ${count} facts`);
  const answers = new Map<string, Set<string>>();
  for (const { key, factId } of acknowledged) answers.set(key, (answers.get(key) ?? new Set()).add(factId));
  for (const [key, ids] of answers)
    if (ids.size > 1) faults.factsTwice.push(`${key}: two answers, ${[...ids].join(' and ')}`);
}

/** Each run that a case should have is there, there is no other, and each holds what was done in it, once. */
function checkRuns(runs: readonly StoredRun[], { finished }: Expected, faults: Faults): void {
  const byChild = new Map<string, Map<string, StoredRun>>();
  for (const run of [...runs].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const mine = byChild.get(run.childId) ?? new Map<string, StoredRun>();
    const earlier = [...mine.values()].filter(({ workflow }) => workflow.id === run.workflow.id).length;
    byChild.set(run.childId, mine.set(`${run.workflow.id} ${earlier + 1}`, run));
  }
  for (const { childId, holds } of finished) {
    const mine = byChild.get(childId) ?? new Map<string, StoredRun>();
    for (const name of mine.keys()) if (holds[name] === undefined) faults.runsTwice.push(`${childId}: ${name}`);
    for (const [name, types] of Object.entries(holds)) {
      const run = mine.get(name);
      if (run === undefined) faults.runsMissing.push(`${childId}: no ${name}`);
      const counts = countBy(standing(run?.history ?? []), ({ type }) => type);
      for (const [type, wanted] of Object.entries(run === undefined ? {} : types)) {
        const count = counts.get(type) ?? 0;
        if (count < wanted) faults.factsLost.push(`${childId}, ${name}: ${type} ${count} times, not ${wanted}`);
        if (count > wanted) faults.factsTwice.push(`${childId}, ${name}: ${type} ${count} times, not ${wanted}`);
      }
    }
  }
}

/** What a join gave and gives anew, corrected, stands once. */
function standing(history: readonly StoredFact[]): readonly StoredFact[] {
  const takenBack = new Set(history.map(({ reverses }) => reverses));
  return history.filter(({ id, reverses }) => reverses === undefined && !takenBack.has(id));
}

/** The database lets nothing be given twice; whether something is missing or other than its source is asked of the joins. */
async function checkJoins(runs: readonly StoredRun[], { rejoin, orphans }: Expected, faults: Faults): Promise<void> {
  for (const childId of new Set(runs.map((run) => run.childId))) {
    const wrong = await rejoin(childId).catch((failure: unknown) => String(failure));
    if (wrong !== 0) faults.joinsDiffer.push(`${childId}: ${wrong} to put right`);
  }
  for (const { runId, workflow, duty, why } of await orphans())
    faults.orphans.push(`${runId} ${workflow} ${duty ?? ''}: ${why}`);
}

interface StoredRun {
  readonly id: string;
  readonly childId: string;
  readonly version: number;
  readonly place: Place;
  readonly position: string;
  readonly unplaced: readonly string[];
  readonly workflow: Workflow;
  readonly history: readonly StoredFact[];
}

async function readRuns(ask: Ask, facts: readonly StoredFact[]): Promise<StoredRun[]> {
  const histories = new Map<string, StoredFact[]>();
  for (const fact of facts) histories.set(fact.runId, [...(histories.get(fact.runId) ?? []), fact]);
  const rows = await ask<{
    id: string;
    childId: string;
    name: string;
    edition: string;
    version: number;
    place: Place;
    position: string;
    unplaced: string[];
  }>(
    'select id, child_id as "childId", workflow as name, workflow_version as edition, version, place, position, unplaced from engine.run',
  );
  return rows.map(({ name, edition, ...run }) => {
    const workflow = workflows.find(({ id, version }) => id === name && version === edition);
    if (workflow === undefined) throw new Error(`Run ${run.id} is of ${name}@${edition}, which is not installed`);
    return { ...run, workflow, history: histories.get(run.id) ?? [] };
  });
}

async function readDeadlines(ask: Ask): Promise<Map<string, StoredDeadline[]>> {
  const rows = await ask<StoredDeadline>(
    `select run_id as "runId", key, duty, subject, rule, kind, owner, bound, anchor_fact as "anchorFact", anchor_on::text as "anchorOn", due_by::text as "dueBy",
       plan_by::text as "planBy", target_by::text as "targetBy", exceptions, met_on::text as "metOn", ended_on::text as "endedOn", law, why,
       cannot_compute as "cannotCompute" from engine.deadline`,
  );
  const byRun = new Map<string, StoredDeadline[]>();
  for (const row of rows) byRun.set(row.runId, [...(byRun.get(row.runId) ?? []), row]);
  return byRun;
}

interface StoredDeadline extends RunDeadline {
  readonly runId: string;
}

/** The stored position is a cache: the history must give it again, and every date with it. */
function checkReplay(run: StoredRun, stored: readonly StoredDeadline[], faults: Faults): void {
  const folded = fold(run.workflow, run.history);
  const last = run.history.at(-1)?.seq ?? 0;
  if (
    run.history.length !== last ||
    run.version !== last ||
    positionOf(run.workflow, folded.place) !== run.position ||
    ordered(folded.place) !== ordered(run.place) ||
    ordered([...folded.unplaced].sort()) !== ordered([...run.unplaced].sort())
  )
    faults.replayDiffers.push(run.id);
  const computed = new Map(
    allRows(folded.place).map(({ ladder: _ladder, nextRungAt: _next, ...row }) => [row.key, row]),
  );
  for (const { runId, ...row } of stored) {
    const again = computed.get(row.key);
    computed.delete(row.key);
    // A date whose fact was taken back stands on record as fallen away.
    if (again === undefined ? row.endedOn === null : ordered(again) !== ordered(row))
      faults.deadlinesDiffer.push(`${runId} ${row.key}`);
  }
  for (const key of computed.keys()) faults.deadlinesDiffer.push(`${run.id} ${key} is not stored`);
}

interface StoredLetter {
  readonly id: string;
  readonly runId: string;
  readonly authority: string;
  readonly group: string;
  readonly recipient: string;
  readonly status: string;
  readonly reference: string;
  readonly sha256: string | null;
  readonly sentOn: Day | null;
}

async function checkLetters(
  ask: Ask,
  runs: readonly StoredRun[],
  facts: readonly StoredFact[],
  dropFolder: string,
  faults: Faults,
) {
  const letters = await ask<StoredLetter>(
    `select id, run_id as "runId", authority_id as authority, group_key as "group", recipient, status, reference, sha256, sent_on::text as "sentOn" from letters.letter`,
  );
  const rows = countBy(letters, ({ group, recipient }) => `${group} ${recipient}`);
  for (const [who, count] of rows) if (count > 1) faults.lettersTwice.push(`${who}: ${count} rows`);
  // Not asked of the table: what each decision sends is asked of the workflow, and to whom was written down with it.
  for (const { workflow, history } of runs) {
    const { effects } = fold(workflow, history);
    for (const fact of history.filter(({ door }) => door === 'act'))
      for (const effect of effects.get(fact.id) ?? []) {
        if (effect.kind !== 'letter') continue;
        const to =
          (fact.payload['addressees'] as Record<string, string[]> | undefined)?.[
            effect.group.slice(fact.id.length + 1)
          ] ?? [];
        for (const recipient of to)
          if (!rows.has(`${effect.group} ${recipient}`))
            faults.lettersMissing.push(`${effect.group} to ${recipient}: no row`);
      }
  }
  const said = countBy(
    facts.filter(({ type }) => type === 'letterSent'),
    ({ payload }) => String(payload['letterId']),
  );
  const dropped = filesIn(dropFolder);
  for (const letter of letters) checkFiles(letter, dropped, said.get(letter.id) ?? 0, faults);
  const known = new Set(letters.map(({ reference }) => reference));
  for (const [reference, files] of dropped)
    if (!known.has(reference)) faults.lettersTwice.push(`${files.join(', ')}: of no letter`);
  return {
    letters: letters.length,
    files: [...dropped.values()].flat().filter((file) => file.endsWith('.pdf')).length,
  };
}

function checkFiles(letter: StoredLetter, dropped: ReadonlyMap<string, string[]>, said: number, faults: Faults): void {
  const files = dropped.get(letter.reference) ?? [];
  const pdfs = files.filter((file) => file.endsWith('.pdf'));
  const manifests = files.filter((file) => file.endsWith('.json'));
  if (pdfs.length > 1 || manifests.length > 1) faults.lettersTwice.push(`${letter.id}: ${files.join(', ')}`);
  if (said > 1) faults.lettersTwice.push(`${letter.id}: said ${said} times that it left`);
  if (letter.status !== 'sent') {
    faults.lettersMissing.push(`${letter.id}: ${letter.status}`);
    if (files.length > 0) faults.lettersTwice.push(`${letter.id}: ${letter.status}, and yet ${files.join(', ')}`);
    return;
  }
  const [pdf] = pdfs;
  const [manifest] = manifests;
  if (said === 0) faults.lettersMissing.push(`${letter.id}: nothing says that it left`);
  if (pdf === undefined || manifest === undefined) {
    faults.lettersMissing.push(`${letter.id}: ${pdf === undefined ? 'no file' : 'no manifest'}`);
    return;
  }
  const noted = JSON.parse(readFileSync(manifest, 'utf8')) as { sha256: string; date: Day };
  const hash = createHash('sha256').update(readFileSync(pdf)).digest('hex');
  const inPlace = pdf.split(sep).slice(-3, -1).join('/') === `${letter.authority}/${letter.sentOn ?? ''}`;
  if (hash !== letter.sha256 || noted.sha256 !== hash || noted.date !== letter.sentOn || !inPlace)
    faults.lettersAltered.push(`${letter.id}: ${pdf}`);
}

/** By the reference of the letter: a file's name up to its first point. */
function filesIn(folder: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const [reference = '', ...ends] = basename(name).split('.');
    const isHandedOver = ends.length === 1 && (ends[0] === 'pdf' || ends[0] === 'json');
    if (isHandedOver) found.set(reference, [...(found.get(reference) ?? []), join(folder, name)]);
  }
  return found;
}

interface StoredReminder {
  readonly id: string;
  readonly runId: string;
  readonly key: string;
  readonly rung: string;
  readonly dueBy: Day;
  readonly status: string;
}

/** Their own last days are theirs: no task of ours is made of them. */
const theFamilys = new Set(['parent-or-young-person', 'parent', 'young-person']);

/** Rungs of these are letters, sent by a command under a key made from the reminder. */
const chased = new Set(['assessment.advice-due']);

async function checkReminders(
  ask: Ask,
  facts: readonly StoredFact[],
  deadlines: ReadonlyMap<string, readonly StoredDeadline[]>,
  now: Date,
  faults: Faults,
) {
  const reminders = await ask<StoredReminder>(
    `select id, run_id as "runId", deadline_key as key, rung, due_by::text as "dueBy", status from engine.reminder`,
  );
  const rows = countBy(
    await ask<{ key: string }>(`select key from engine.outbox where kind = 'reminder' and status = 'done'`),
    ({ key }) => key,
  );
  const notices = await ask<{ reminder: string | null; key: string; staff: string | null }>(
    `select reminder_id as reminder, key, staff_id as staff from case_file.notice where reminder_id is not null`,
  );
  const told = countBy(notices, ({ reminder }) => String(reminder));
  const toldEach = countBy(notices, ({ reminder, staff }) => `${reminder ?? ''} told ${staff ?? 'nobody'}`);
  const acts = countBy(
    facts.filter(({ key }) => key.startsWith('rung:')),
    ({ key }) => key.slice('rung:'.length),
  );
  for (const [who, count] of toldEach) if (count > 1) faults.remindersTwice.push(`${who} ${count} times`);
  for (const [id, count] of acts) if (count > 1) faults.remindersTwice.push(`${id}: ${count} letters`);
  const rungs = new Map<string, StoredReminder[]>();
  for (const one of reminders)
    rungs.set(`${one.runId} ${one.key} ${one.rung}`, [
      ...(rungs.get(`${one.runId} ${one.key} ${one.rung}`) ?? []),
      one,
    ]);
  for (const [rung, several] of rungs) {
    const fired = several.filter(({ status }) => status === 'fired');
    if (new Set(fired.map(({ dueBy }) => dueBy)).size < fired.length)
      faults.remindersTwice.push(`${rung}: ${fired.length} fired`);
  }
  for (const { id, runId, key, status } of reminders) {
    const done = rows.get(`reminder:${id}`) ?? 0;
    if (status === 'fired' && done !== 1)
      faults.remindersMissing.push(`${id}: fired, and ${done} rows of the outbox done`);
    if (status !== 'fired' && (done > 0 || told.has(id) || acts.has(id)))
      faults.remindersTwice.push(`${id}: ${status}, and yet something came of it`);
    const row = deadlines.get(runId)?.find((one) => one.key === key);
    if (status !== 'fired' || row === undefined || !isOpen(row)) continue;
    const tasks = notices.filter((one) => one.key === `rung:${id}`).length;
    if (tasks !== 1 && !theFamilys.has(row.owner))
      faults.remindersMissing.push(`${id}: fired, and ${tasks} tasks for its caseworker`);
    if (chased.has(row.duty) && !acts.has(id))
      faults.remindersMissing.push(`${id}: fired, and no letter to ${row.key}`);
  }
  for (const row of [...deadlines.values()].flat()) {
    const passed = isOpen(row) ? ladderOf(row, englandCalendars).rungs.filter(([, at]) => new Date(at) <= now) : [];
    // Of rungs that had passed before the date was known, the last is reached at once and the others never.
    const last = passed.at(-1)?.[0];
    const fired = (rungs.get(`${row.runId} ${row.key} ${last ?? ''}`) ?? []).some(
      ({ status, dueBy }) => status === 'fired' && dueBy === row.dueBy,
    );
    if (last !== undefined && !fired) faults.remindersMissing.push(`${row.runId} ${row.key}: ${last} has passed`);
  }
  return {
    reminders: reminders.filter(({ status }) => status === 'fired').length,
    tasks: notices.length,
    chases: acts.size,
  };
}

const isOpen = (row: RunDeadline): boolean => row.metOn === null && row.endedOn === null && row.dueBy !== null;

function countBy<T>(list: readonly T[], name: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(name(one), (counts.get(name(one)) ?? 0) + 1);
  return counts;
}

/** The same text for the same content, in whatever order the fields came back. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

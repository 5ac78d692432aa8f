import { difference } from '@send/engine';
import { formatDay, type Day } from '@send/statute';
import {
  calledBy,
  type Command,
  type Door,
  type Effect,
  type Fact,
  fold,
  inLegalOrder,
  type Place,
  rankOf,
  type Refusal,
  start,
  step,
  type Workflow,
} from '@send/workflow-kit';
import { dutyAbout } from '../case/case-frame';
import type { CaseRun } from '../case/case-runs';
import { thingsNamedIn } from '../case/named-in-run';

type SubjectName = (subject: string | null) => string | null;

export interface ForeseenDate {
  readonly text: string;
  readonly change: 'starts' | 'moves' | 'met' | 'ends';
  readonly words: string;
}

export interface Foreseen {
  readonly placed: boolean;
  readonly from: string;
  readonly to: string;
  readonly dates: readonly ForeseenDate[];
  readonly letters: readonly { letter: string; to: string }[];
  readonly refusal?: Refusal;
}

/** A fact as it would be written, before it is: the id stands in nobody's record. */
const asIf = (command: Command, door: Door, on: Day, payload: Fact['payload'], seq: number): Fact => ({
  id: '00000000-0000-7000-8000-000000000000',
  type: command.fact,
  on,
  door,
  by: 'foreseen',
  seq,
  payload,
});

/** Where a process stands that has not begun. */
export const notBegun = (workflow: Workflow): CaseRun => {
  const place = start(workflow);
  return {
    id: '',
    version: 0,
    place,
    position: '',
    closed: false,
    opened_on: '',
    last_on: '',
    last_rank: 0,
    unplaced: [],
    workflow,
    called: calledBy(workflow, place),
    deadlines: [],
  };
};

/** What would happen: the same step the engine will take, thrown away afterwards. Nothing is asked of the database. */
export function foresee(
  run: CaseRun,
  history: readonly Fact[],
  command: Command,
  door: Door,
  on: Day,
  payload: Fact['payload'],
  subjectName: SubjectName,
): Foreseen {
  const { workflow } = run;
  const fact = asIf(command, door, on, payload, run.version + 1);
  const latest = on > run.last_on || (on === run.last_on && rankOf(workflow, fact.type) >= run.last_rank);
  const after = latest ? step(workflow, run.place, fact, door === 'act') : folded(workflow, history, fact);
  const from = calledBy(workflow, run.place);
  if (!after.placed) {
    const refusal = door === 'act' ? command.refusal?.(run.place.context, on) : undefined;
    return { placed: false, from, to: from, dates: [], letters: [], ...(refusal === undefined ? {} : { refusal }) };
  }
  const letters =
    door === 'act'
      ? after.effects.flatMap((one) => (one.kind === 'letter' ? [{ letter: one.letter, to: one.to }] : []))
      : [];
  return {
    placed: true,
    from,
    to: calledBy(workflow, after.place),
    dates: changedDates(run.place, after.place, on, subjectName),
    letters,
  };
}

function folded(
  workflow: Workflow,
  history: readonly Fact[],
  fact: Fact,
): { place: Place; effects: readonly Effect[]; placed: boolean } {
  // A guard is asked where the fact would stand, not where the case stands now.
  if (fact.door === 'act') {
    const before = fold(
      workflow,
      history.filter((one) => inLegalOrder(workflow, one, fact) < 0),
    );
    const asked = step(workflow, before.place, fact, true);
    if (!asked.placed) return asked;
  }
  const whole = fold(workflow, [...history, fact]);
  return { place: whole.place, effects: whole.effects.get(fact.id) ?? [], placed: !whole.unplaced.includes(fact.id) };
}

function changedDates(before: Place, after: Place, on: Day, subjectName: SubjectName): ForeseenDate[] {
  const { rows } = difference(before, after, on);
  return rows.flatMap((row): ForeseenDate[] => {
    const text = dutyAbout(row.duty, subjectName(row.subject));
    const was = before.context.duties[row.key];
    const by = row.targetBy ?? row.dueBy;
    if (row.metOn !== null && was?.metOn === undefined)
      return [{ text, change: 'met', words: `Met on ${formatDay(row.metOn)}` }];
    if (row.endedOn !== null && was?.endedOn === undefined)
      return by === null ? [] : [{ text, change: 'ends', words: `No longer needed (it was due ${formatDay(by)})` }];
    // What was done or dropped before is no news, whatever its date would now be.
    if (row.metOn !== null || row.endedOn !== null) return [];
    if (by === null)
      return row.exceptions.length > 0 ? [{ text, change: 'moves', words: 'No date while the exception lasts' }] : [];
    return was === undefined
      ? [{ text, change: 'starts', words: `Due ${formatDay(by)}` }]
      : [{ text, change: 'moves', words: `Now due ${formatDay(by)}` }];
  });
}

/** Every choice with every other, as long as there are not too many to try. */
const most = 64;

/** Payloads that a guard might ask for: the choices a command offers, and what the process has named. */
function samples(command: Command, run: CaseRun): Fact['payload'][] {
  const named = thingsNamedIn(run);
  let found: Record<string, unknown>[] = [{}];
  for (const [name, field] of Object.entries(command.fields)) {
    const values: unknown[] =
      field.kind === 'choice'
        ? Object.keys(field.options)
        : field.kind === 'yes-no'
          ? [true, false]
          : field.kind === 'id'
            ? named.filter((one) => one.field === name).map(({ id }) => id)
            : [];
    if (values.length === 0 || found.length * values.length > most) continue;
    found = values.flatMap((value) => found.map((one) => ({ ...one, [name]: value })));
  }
  return found;
}

/**
 * How the position takes this command, if it does: as an act of ours now, or only as something to put on record. Whether
 * the law allows it is asked with the real answers.
 */
export function possibleBy(run: CaseRun, command: Command, today: Day): Door | undefined {
  const payloads = samples(command, run);
  return (['act', 'record'] as const).find(
    (door) =>
      command.doors.includes(door) &&
      payloads.some((payload) => {
        try {
          return step(run.workflow, run.place, asIf(command, door, today, payload, run.version + 1), false).placed;
        } catch {
          return false;
        }
      }),
  );
}

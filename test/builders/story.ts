import type { Day } from '@send/statute';
import {
  deadlines,
  type Fact,
  fold,
  positionOf,
  type RunDeadline,
  start,
  step,
  type Workflow,
} from '@send/workflow-kit';

/** One line of a story: what an officer does, on which day, with which fields. */
export type Line = readonly [command: string, on: Day, fields?: Readonly<Record<string, unknown>>];

export interface Told {
  readonly position: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly letters: readonly string[];
  readonly facts: readonly Fact[];
  readonly clock: (name: string) => Day | undefined;
  readonly due: (duty: string) => RunDeadline | undefined;
  /** Duties that still stand open. */
  readonly open: readonly string[];
}

interface How {
  /** When each letter leaves: on the same day, unless it says later or, with null, never. */
  readonly leaves?: (letter: string, on: Day) => Day | null;
  /** The day on which each line is typed in; the day it tells of, unless said. */
  readonly today?: Day;
}

const recipients = new Proxy({}, { get: () => ['one'] }) as Record<string, string[]>;

/**
 * Tells a story to a workflow: each line is read as a form would be, goes through the act door where there is one, and its
 * letters leave for one recipient. A line that begins with `record:` goes through the record door. A refusal throws.
 */
export function story(workflow: Workflow, lines: readonly Line[], { leaves = (_, on) => on, today }: How = {}): Told {
  let place = start(workflow);
  const facts: Fact[] = [];
  const letters: string[] = [];
  let waiting: { on: Day; payload: Record<string, unknown> }[] = [];
  const put = (type: string, on: Day, door: Fact['door'], payload: Record<string, unknown>, asked: boolean) => {
    const seq = facts.length + 1;
    const fact: Fact = { id: `f${seq}`, type, on, door, by: 'officer', seq, payload };
    const next = step(workflow, place, fact, asked);
    if (!next.placed) throw new Error(`refused: ${type} on ${on} at ${positionOf(workflow, place)}`);
    facts.push(fact);
    place = next.place;
    for (const effect of next.effects) {
      if (effect.kind !== 'letter') continue;
      letters.push(effect.letter);
      const left = leaves(effect.letter, on);
      if (left !== null)
        waiting.push({
          on: left,
          payload: { group: effect.group, letter: effect.letter, recipient: 'one', servedOn: left },
        });
    }
  };
  const post = (until: Day) => {
    const now = waiting.filter(({ on }) => on <= until).sort((a, b) => (a.on < b.on ? -1 : 1));
    waiting = waiting.filter(({ on }) => on > until);
    for (const { on, payload } of now) put('letterSent', on, 'record', payload, false);
  };
  for (const [given, on, fields = {}] of lines) {
    const name = given.replace(/^record:/, '');
    const command = workflow.commands.find(name);
    if (command === undefined) throw new Error(`No command is called ${name}`);
    const read = workflow.commands.read(name, { on, ...fields }, today ?? on);
    if ('wrong' in read) throw new Error(`${name}: ${JSON.stringify(read.wrong)}`);
    post(on);
    const acts = name === given && command.doors.includes('act');
    put(command.fact, on, acts ? 'act' : 'record', { ...read.sent.payload, addressees: recipients }, acts);
    post(on);
  }
  post('9999-12-31');
  const { context } = place;
  return {
    position: positionOf(workflow, place),
    value: place.value as Record<string, unknown>,
    context: context as unknown as Record<string, unknown>,
    letters,
    facts,
    clock: (name) => context.facts[name],
    due: (duty) => deadlines(place).find(({ key }) => key === duty),
    open: Object.entries(context.duties).flatMap(([key, { metOn, endedOn }]) =>
      metOn === undefined && endedOn === undefined ? [key] : [],
    ),
  };
}

/** The same facts put on record in another order, folded; what a story must come out as whichever way it is told. */
export function retold(workflow: Workflow, { facts }: Pick<Told, 'facts'>, order: (facts: readonly Fact[]) => Fact[]) {
  const renumbered = order(facts).map((fact, index) => ({ ...fact, seq: index + 1 }));
  const { place, unplaced } = fold(workflow, renumbered);
  return { value: place.value, duties: place.context.duties, unplaced };
}

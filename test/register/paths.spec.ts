import { describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '@send/statute';
import { type Fact, type Place, start, step, type Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import type { StateNode, StateValue } from 'xstate';
import { statesOf, takenBy, transitionsOf } from './machine-reading';
import { walks } from './walks/index';
import type { Walk } from './walks/walk';

const nowhere: Walk = { variants: {}, likeness: () => [] };

interface Visit {
  readonly place: Place;
  readonly on: Day;
  readonly depth: number;
}

const likeness = (walk: Walk, { place }: Visit): string =>
  JSON.stringify([lookedAt(walk, place.value), ...walk.likeness(place.context as never)]);

function lookedAt({ apart = [] }: Walk, value: StateValue): StateValue {
  return typeof value === 'string' || apart.length === 0
    ? value
    : Object.fromEntries(Object.entries(value).filter(([region]) => !apart.includes(region)));
}

/** Walks the machine breadth first by every fact through both doors, each letter leaving at once, until nothing new is met. */
function explore(
  workflow: Workflow,
  walk: Walk,
): { walked: Set<string>; reached: Set<string>; places: number; paths: number } {
  const all = new Set(transitionsOf(workflow.machine).map(({ id }) => id));
  const facts = [...new Set(Object.values(workflow.commands.table).map(({ fact }) => fact))];
  const walked = new Set<string>();
  const reached = new Set<string>();
  const seen = new Set<string>();
  const first: Visit = { place: start(workflow), on: '2026-01-05', depth: 0 };
  let queue: Visit[] = [first];
  let paths = 0;
  note(workflow, first.place.value, reached);
  while (queue.length > 0 && walked.size < all.size && seen.size < 12_000) {
    const next: Visit[] = [];
    for (const visit of queue) {
      if (walked.size === all.size) break;
      for (const type of facts) {
        for (const payload of walk.variants[type] ?? [{}]) {
          for (const door of ['act', 'record'] as const) {
            const on = addDays(visit.on, walk.days?.[type] ?? 20);
            const fact: Fact = { id: `${type}-${visit.depth}`, type, on, door, by: 'walker', seq: 1, payload };
            const at = workflow.machine.resolveState({ value: visit.place.value, context: visit.place.context });
            const taken = takenBy(workflow.machine, at, {
              type,
              on,
              door,
              factId: fact.id,
              by: 'walker',
              asked: door === 'act',
              payload,
            } as { type: string });
            if (taken.length === 0) continue;
            let after = step(workflow, visit.place, fact, door === 'act');
            if (!after.placed) continue;
            paths += 1;
            for (const id of taken) walked.add(id);
            for (const effect of after.effects) {
              if (effect.kind !== 'letter') continue;
              after = step(workflow, after.place, {
                id: `sent-${visit.depth}`,
                type: 'letterSent',
                on,
                door: 'record',
                by: 'system',
                seq: 1,
                payload: { group: effect.group, recipient: 'one', servedOn: on },
              });
            }
            const there: Visit = { place: after.place, on, depth: visit.depth + 1 };
            note(workflow, after.place.value, reached);
            const name = likeness(walk, there);
            if (seen.has(name) || there.depth > (walk.depth ?? 10) - 1) continue;
            seen.add(name);
            next.push(there);
          }
        }
      }
    }
    queue = next;
  }
  return { walked, reached, places: seen.size, paths };
}

function note(workflow: Workflow, value: StateValue, reached: Set<string>): void {
  const walk = (node: StateNode, at: StateValue | undefined): void => {
    reached.add(node.id);
    if (typeof at === 'string') {
      const child = node.states[at];
      if (child !== undefined) walk(child, undefined);
    } else if (at !== undefined)
      for (const [name, below] of Object.entries(at)) {
        const child = node.states[name];
        if (child !== undefined) walk(child, below);
      }
  };
  walk(workflow.machine.root as StateNode, value);
}

describe.each(workflows.map((workflow) => [workflow.id, workflow] as const))('%s', (_, workflow) => {
  let explored: ReturnType<typeof explore> | undefined;
  const walkOnce = () => (explored ??= explore(workflow, walks[workflow.id] ?? nowhere));
  const all = transitionsOf(workflow.machine);

  it('reaches every position', () => {
    const found = walkOnce();
    expect(
      statesOf(workflow.machine)
        .map(({ id }) => id)
        .filter((id) => !found.reached.has(id)),
    ).toEqual([]);
  }, 120_000);

  it('walks every transition', () => {
    const found = walkOnce();
    process.stdout.write(
      `paths: ${workflow.id}: ${found.walked.size} of ${all.length} transitions walked by ${found.paths} steps through ${found.places} places\n`,
    );
    expect(all.map(({ id }) => id).filter((id) => !found.walked.has(id))).toEqual([]);
  }, 120_000);
});

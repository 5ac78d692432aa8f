import { describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '@send/statute';
import { type Fact, type Place, start, step, type Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import type { StateNode, StateValue } from 'xstate';
import { statesOf, takenBy, transitionsOf } from './machine-reading';

/** Payloads that lead somewhere else than the fact's bare name. */
const variants: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  requestReceived: [{ from: 'parent' }, { from: 'other' }],
  adviceSought: [
    {
      requests: [
        { request: 'r1', kind: 'education', adviser: 'a1' },
        { request: 'r2', kind: 'health', adviser: 'a2' },
      ],
    },
  ],
  adviceReceived: [{ request: 'r1' }, { request: 'r2' }],
  adviceReturned: [{ request: 'r1' }],
  adviceChased: [{ request: 'r1' }],
  adviceReused: [
    { request: 'r3', kind: 'psychology', adviser: 'a3', authorAgrees: true, authorityAgrees: true, familyAgrees: true },
  ],
  mediationAgreed: [{ agreed: 'assess' }, { agreed: 'make-plan' }],
  tribunalOrderMade: [{ order: 'assess' }, { order: 'make-plan' }],
  representationsReceived: [{}, { nothingMoreToSay: true }],
  schoolRequested: [{ setting: 's1' }],
  settingConsulted: [
    { consultation: 'c1', setting: 's1' },
    { consultation: 'c2', setting: 's2' },
  ],
  settingAnswered: [
    { consultation: 'c1', answer: 'yes' },
    { consultation: 'c2', answer: 'yes' },
  ],
  consultationChased: [{ consultation: 'c1' }],
  placementNamed: [{ setting: 's1', type: 'Mainstream' }],
  exceptionRelied: [{ ground: 'awayFromArea', from: '2026-01-05', to: '2026-02-05', reason: 'Abroad' }],
  letterSent: [{ group: 'none', recipient: 'one' }],
  letterServed: [{ clock: 'draftPlanServed' }],
};

interface Visit {
  readonly place: Place;
  readonly on: Day;
  readonly depth: number;
}

/** Where the guards look, beside the position itself: two visits alike in this lead to the same places. */
function likeness({ place }: Visit): string {
  const { context } = place as unknown as {
    context: {
      plan: {
        familyIsDone: boolean;
        meeting: string;
        requestedSettings: string[];
        consultations: Record<string, { answeredOn?: string }>;
      };
      advice: Record<string, { receivedOn?: string }>;
      facts: Record<string, string>;
    };
  };
  return JSON.stringify([
    place.value,
    context.plan.familyIsDone,
    context.plan.meeting,
    Object.values(context.plan.consultations).map((one) => one.answeredOn !== undefined),
    Object.values(context.advice).map((one) => one.receivedOn !== undefined),
    'decidedToAssess' in context.facts,
    'draftPlanServed' in context.facts,
    'finalPlanIssued' in context.facts,
    'decisionNoticeSent' in context.facts,
  ]);
}

/** Walks the machine breadth first by every fact through both doors, each letter leaving at once, until nothing new is met. */
function explore(workflow: Workflow): { walked: Set<string>; reached: Set<string>; places: number; paths: number } {
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
      for (const type of facts) {
        for (const payload of variants[type] ?? [{}]) {
          for (const door of ['act', 'record'] as const) {
            const on = addDays(visit.on, type === 'caseClosed' ? 90 : 20);
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
            const name = likeness(there);
            if (seen.has(name) || there.depth > 9) continue;
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
  const found = explore(workflow);
  const all = transitionsOf(workflow.machine);

  it('reaches every position', () => {
    expect(
      statesOf(workflow.machine)
        .map(({ id }) => id)
        .filter((id) => !found.reached.has(id)),
    ).toEqual([]);
  });

  it('walks every transition', () => {
    process.stdout.write(
      `paths: ${workflow.id}: ${found.walked.size} of ${all.length} transitions walked by ${found.paths} steps through ${found.places} places\n`,
    );
    expect(all.map(({ id }) => id).filter((id) => !found.walked.has(id))).toEqual([]);
  });
});

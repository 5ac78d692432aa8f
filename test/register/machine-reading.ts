import type { Position, Says, Workflow } from '@send/workflow-kit';
import type { AnyStateMachine, StateNode } from 'xstate';

/** Every state of a machine, the machine itself first. */
export function statesOf(machine: AnyStateMachine): StateNode[] {
  const all: StateNode[] = [];
  const walk = (node: StateNode): void => {
    all.push(node);
    for (const child of Object.values(node.states)) walk(child);
  };
  walk(machine.root);
  return all;
}

export const positionMeta = (node: StateNode): Position | undefined => node.meta;

export interface ReadTransition {
  readonly id: string;
  readonly source: StateNode;
  readonly event: string;
  readonly targets: readonly string[];
  readonly says: readonly Says[];
}

const idOf = (source: StateNode, event: string, index: number): string => `${source.id} on ${event} [${index}]`;

/** Every transition that the machine defines, with what its actions say they do. */
export function transitionsOf(machine: AnyStateMachine): ReadTransition[] {
  return statesOf(machine).flatMap((source) =>
    [...source.transitions.entries()].flatMap(([event, list]) =>
      list.map((one, index) => ({
        id: idOf(source, event, index),
        source,
        event,
        targets: (one.target ?? []).map((target) => target.id),
        says: one.actions.flatMap((action) => {
          const says = (action as unknown as { says?: Says }).says;
          return says === undefined ? [] : [says];
        }),
      })),
    ),
  );
}

/** The transitions that an event would take from a state, by the same ids. */
export function takenBy(machine: AnyStateMachine, at: unknown, event: { type: string }): string[] {
  return machine.getTransitionData(at as never, event as never).map((one) => {
    const list = one.source.transitions.get(event.type) ?? [];
    return idOf(one.source, event.type, list.indexOf(one as never));
  });
}

export const lettersOf = (workflow: Workflow): Set<string> =>
  new Set(
    transitionsOf(workflow.machine).flatMap(({ says }) =>
      says.flatMap(({ sends }) => (sends === undefined ? [] : [sends.letter])),
    ),
  );

export const dutiesOwed = (workflow: Workflow): Set<string> =>
  new Set(
    statesOf(workflow.machine).flatMap((node) => {
      const meta = positionMeta(node);
      return [...(meta?.owes ?? []), ...(meta?.each === undefined ? [] : [meta.each.duty])];
    }),
  );

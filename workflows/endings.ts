import { change, type Command, noLimit, type RunContext, startClock } from '@send/workflow-kit';

/** What ends every process about a plan: the file of joins tells each open run of it. */
export const endingCommands = {
  notePlanEnded: {
    fact: 'planEnded',
    label: 'The plan ended',
    happened: 'The plan ended',
    action: 'recordEvent',
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 860,
    fields: { why: { kind: 'text', label: 'Why it ended', optional: true, max: 300 } },
  },
  noteMoveAway: {
    fact: 'movedAway',
    label: 'Moved to another area',
    happened: 'Moved to another area',
    action: 'recordEvent',
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 865,
    fields: { to: { kind: 'text', label: 'The new authority', optional: true, max: 120 } },
  },
  recordDeath: {
    fact: 'childDied',
    label: 'Record that the child has died',
    happened: 'The child died',
    action: 'recordEvent',
    secondPerson: 'always',
    doors: ['act', 'record'],
    region: 'path',
    rank: 870,
    fields: {},
  },
} as const satisfies Record<string, Command>;

/** Letters of a process that is over stay where they are. */
export const nothingMoreLeaves = <C extends RunContext>() => change<C>(() => ({ awaiting: {} }) as Partial<C>);

/** The transitions, for the `on` of a workflow's `path` region; its other regions take the same facts to a resting place. */
export const endings = <C extends RunContext>(target = '.ended') => ({
  planEnded: { target, actions: [nothingMoreLeaves<C>(), startClock<C>('planEnded')] },
  movedAway: { target, actions: [nothingMoreLeaves<C>(), startClock<C>('movedAway')] },
  childDied: { target, actions: [nothingMoreLeaves<C>(), startClock<C>('childDied')] },
});

/** The same, for a region that only comes to rest. */
export const atRest = (target: string) => ({ planEnded: target, movedAway: target, childDied: target });

/** The position they lead to. */
export const ended = {
  tags: 'closed',
  meta: noLimit('Ended', 'The plan, or our responsibility for it, has ended'),
};

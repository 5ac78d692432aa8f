import { change, type Command, type FactEvent, noLimit, type RunContext, startClock } from '@send/workflow-kit';

/** What ends every process about a plan: the file of joins tells each open run of it. */
export const endingCommands = {
  notePlanEnded: {
    fact: 'planEnded',
    law: 'CFA 2014 s.45',
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
    law: 'SEND Regs 2014 reg 15',
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
    law: 'CFA 2014 s.45(1)(a)',
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

export const endingFacts = ['planEnded', 'movedAway', 'childDied'] as const;

type Asked = { context: RunContext; event: FactEvent };
interface Way {
  readonly target?: string;
  readonly guard?: (args: never) => boolean;
}

/** A process that has ended takes nothing more: what is put on record for a later day is put before a person. */
export function unlessEnded<On extends Record<string, unknown>>(on: On): On {
  const guarded = (given: unknown): Way => {
    const way: Way = typeof given === 'string' ? { target: given } : (given as Way);
    const guard = (args: Asked): boolean =>
      endingFacts.every((fact) => args.context.facts[fact] === undefined) && way.guard?.(args as never) !== false;
    return { ...way, guard };
  };
  return Object.fromEntries(
    Object.entries(on).map(([fact, ways]) => [fact, Array.isArray(ways) ? ways.map(guarded) : guarded(ways)]),
  ) as On;
}

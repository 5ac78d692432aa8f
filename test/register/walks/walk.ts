import type { RunContext } from '@send/workflow-kit';

/** What a walk through a machine must try, beside each fact's bare name. */
export interface Walk {
  /** Payloads that lead somewhere else, by fact. */
  readonly variants: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Where the guards look, beside the position itself: two places alike in this lead to the same places. */
  readonly likeness: (context: never) => readonly unknown[];
  /** Regions that no guard looks at and that no order of facts leads deeper into: places that differ in these alone are alike. */
  readonly apart?: readonly string[];
  /** Days that pass before a fact; 20 where none is named. */
  readonly days?: Readonly<Record<string, number>>;
  /** How deep the walk goes before it stops looking; 10 where none is named. */
  readonly depth?: number;
}

export const walk = <C extends RunContext>(
  one: Omit<Walk, 'likeness'> & { likeness: (context: C) => readonly unknown[] },
) => one as unknown as Walk;

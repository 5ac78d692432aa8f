import type { Day, Term } from '@send/statute';

/** What has become of one duty of a run. Lateness is not here: it is read from the dates. */
export interface DutyState {
  /** The day on which the position first owed it. */
  since: Day;
  metOn?: Day;
  /** The day it fell away unmet. What was late by then stays late. */
  endedOn?: Day;
  /** Days that it goes on being measured by, though the same clock has been started anew for others since. */
  countedFrom?: Record<string, Day>;
}

/** Letters of one decision that must all have left before its duties are met. */
export interface Awaiting {
  letter: string;
  outstanding: string[];
  meets: string[];
  sent?: string | string[];
  served?: string;
  /** Latest service so far: a shared window runs from the last. */
  servedOn?: Day;
}

export interface ExceptionInForce {
  id: string;
  ground: string;
  from: Day;
  /** Null while the facts last. */
  to: Day | null;
  /** Limits it was confirmed for; empty means every limit of the run that the law lets it excuse. */
  duties: string[];
  reason: string;
}

/** Effects are data: what the engine must write with the position. */
export type Effect =
  | {
      kind: 'letter';
      letter: string;
      to: string;
      /** One decision, one group: `<fact id>:<letter>[:<subject>]`. */
      group: string;
      subject: string | null;
      factId: string;
    }
  | { kind: 'notice'; notice: string; factId: string }
  /** To an authority of the same installation, by its entry among those we write to: the sender's outbox, the receiver's intake. */
  | { kind: 'crossing'; what: 'plan' | 'assessment'; to: string; factId: string };

/** What every machine's context holds; a workflow adds its own fields. */
export interface RunContext {
  /** Legal dates by the fact's name, or `name#subject` where there is one for each of several. */
  facts: Record<string, Day>;
  duties: Record<string, DutyState>;
  awaiting: Record<string, Awaiting>;
  exceptions: ExceptionInForce[];
  /** Last days printed in letters, by duty: what a letter promises binds us. */
  promised: Record<string, Day>;
  /** Terms of the child's school, where the run was told of them: school days are counted by no other calendar. */
  terms?: readonly Term[];
  /** The day on which the authority's own policy came into force, where the run was told of another than the entries name. */
  policyInForceFrom?: Day;
  /** The order of reg 44 that an agreement in mediation stands for: its time is that order’s, reg 42(2). */
  agreedAs?: string;
  /** Filled by one transition and emptied before it is stored. */
  effects: Effect[];
}

export const emptyContext = (): RunContext => ({
  facts: {},
  duties: {},
  awaiting: {},
  exceptions: [],
  promised: {},
  effects: [],
});

/** `plan.issue-final`, or `assessment.advice-due#<subject>` for one of several. */
export const dutyKey = (duty: string, subject?: string | null): string =>
  subject === undefined || subject === null ? duty : `${duty}#${subject}`;

export function splitKey(key: string): { name: string; subject: string | null } {
  const at = key.indexOf('#');
  return at < 0 ? { name: key, subject: null } : { name: key.slice(0, at), subject: key.slice(at + 1) };
}

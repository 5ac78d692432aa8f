import type { Refused } from '@send/access';
import type { Day } from '@send/statute';
import type { Wrong } from '@send/workflow-kit';

/** A date that a command moved, and what it was before: for the audit and the caseworker. */
export interface Moved {
  readonly key: string;
  readonly from: Day | null;
  readonly to: Day | null;
}

export interface Done {
  readonly done: true;
  readonly runId: string;
  readonly factId: string;
  readonly version: number;
  readonly position: string;
  readonly moved: readonly Moved[];
  /** Letters drafted, and people to whom none could be addressed. */
  readonly letters: number;
  readonly held: readonly string[];
  /** The command had been given before: this is what it did then. */
  readonly repeated: boolean;
  /** False where the fact found no place: it is kept and put before a person. */
  readonly placed: boolean;
}

export type RefusalKind =
  /** A field is missing, wrong or unknown. */
  | 'invalid'
  /** There is no such case, or none for this person. */
  | 'not-found'
  | 'forbidden'
  /** The law does not allow it now. */
  | 'not-now'
  /** The case is not where this can be done. */
  | 'out-of-position'
  /** Somebody else was first. */
  | 'conflict'
  /** Odd but possible: say again that it is right. */
  | 'ask'
  /** The key was used for another command. */
  | 'key-reused';

export interface NotDone {
  readonly done: false;
  readonly refusal: {
    readonly kind: RefusalKind;
    readonly message: string;
    /** The law or house rule that stands in the way. */
    readonly rule: string;
    readonly wrong: readonly Wrong[];
    /** Who was first, where somebody was. */
    readonly winner?: { readonly actor: string; readonly at: Date; readonly what: string; readonly version: number };
  };
}

/** Nothing has happened yet: somebody else must confirm it. */
export interface Waits {
  readonly done: false;
  readonly waits: { readonly proposalId: string };
}

export type Outcome = Done | NotDone | Waits;

export const refuse = (
  kind: RefusalKind,
  message: string,
  rule: string,
  extra: { wrong?: readonly Wrong[]; winner?: NotDone['refusal']['winner'] } = {},
): NotDone => ({
  done: false,
  refusal: {
    kind,
    message,
    rule,
    wrong: extra.wrong ?? [],
    ...(extra.winner === undefined ? {} : { winner: extra.winner }),
  },
});

export const isWaiting = (outcome: Outcome): outcome is Waits => !outcome.done && 'waits' in outcome;
export const isRefused = (outcome: Outcome): outcome is NotDone => !outcome.done && 'refusal' in outcome;

export const invalid = (wrong: readonly Wrong[]): NotDone =>
  refuse('invalid', 'There is a problem with what was sent', 'fields', { wrong });

export const notFound = refuse('not-found', 'There is no such case', 'not found');

/** What may not even be seen is not there. */
export const forbidden = (refused: Refused): NotDone =>
  refused.hidden ? notFound : refuse('forbidden', refused.message, refused.rule);

export const keyReused = refuse(
  'key-reused',
  'This key was used for something else. Send the command again with a new key',
  'idempotency key',
);

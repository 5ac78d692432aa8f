import { shortestReason } from '@send/access';
import { type Fact, tidy } from '@send/workflow-kit';
import { invalid, type NotDone, refuse } from './outcome';

/** Not a command of any workflow: it takes a fact back. */
export const reversal = 'reverse';

export const longestReason = 5000;
export const reasonTooLong = {
  field: 'reason',
  rule: 'too-long',
  message: 'The reason must be 5,000 characters or fewer',
};

/** The reason and key as they count, or why they do not. */
export function readReversal(reason: string, key: string): { key: string; because: string } | { refused: NotDone } {
  const read = tidyKey(key);
  if (read === undefined) return { refused: badKey };
  const because = tidy(reason);
  if (because.length < shortestReason) {
    const message = `Enter the reason, in ${shortestReason} characters or more`;
    return { refused: invalid([{ field: 'reason', rule: because === '' ? 'missing' : 'too-short', message }]) };
  }
  return because.length > longestReason ? { refused: invalid([reasonTooLong]) } : { key: read, because };
}

/** Why a fact of this history cannot be taken back; nothing where it can. */
export function cannotReverse(history: readonly Fact[], factId: string): NotDone | undefined {
  const target = history.find((fact) => fact.id === factId);
  if (target === undefined || target.reverses !== undefined) {
    return invalid([
      { field: 'factId', rule: 'unknown', message: 'Select something that is on the record of this case' },
    ]);
  }
  return history.some((fact) => fact.reverses === factId)
    ? refuse('out-of-position', 'This was already taken back. Nothing was changed', 'already reversed')
    : undefined;
}

/** A key of 8 to 200 visible characters. */
export function tidyKey(key: unknown): string | undefined {
  return typeof key === 'string' && /^[\x21-\x7e]{8,200}$/.test(key) ? key : undefined;
}

export const badKey = refuse(
  'invalid',
  'Send a key of 8 to 200 visible characters, new for each command',
  'idempotency key',
  {
    wrong: [
      { field: 'key', rule: 'missing', message: 'Send a key of 8 to 200 visible characters, new for each command' },
    ],
  },
);

import type { Actor } from './actor';
import { type Allowed, may, type Refused, type Relationship } from './may';
import type { Action } from './policy';

export const sameAsFirst = 'You did the first part of this yourself, so someone else must confirm it.';

/** The shortest reason that counts as one. */
export const shortestReason = 20;

/** What to answer where `may` asks for a reason and there is none, or none that says anything. */
export function reasonMissing(answer: Allowed, reason: string | undefined): Refused | undefined {
  if (!answer.reason || (reason ?? '').trim().length >= shortestReason) return undefined;
  return {
    allowed: false,
    rule: 'reason-needed',
    hidden: false,
    message: `Give a reason of at least ${shortestReason} characters.`,
  };
}

/**
 * Whether this person may be the second one. Writer and approver differ, and the second is asked the same question as
 * the first: a person who may not do a thing may not confirm it either.
 */
export function maySecond(
  firstStaffId: string,
  second: Actor,
  action: Action,
  relationship: Relationship,
): Allowed | Refused {
  if (second.staffId === firstStaffId) return { allowed: false, rule: 'role', hidden: false, message: sameAsFirst };
  return may(second, action, relationship);
}

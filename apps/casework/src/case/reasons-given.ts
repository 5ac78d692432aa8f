import type { Actor } from '@send/access';
import { Injectable } from '@nestjs/common';

/** Thrown where a case opens only for a reason that has not been given yet. */
export class ReasonNeeded extends Error {
  constructor(readonly caseId: string) {
    super('A reason is needed');
  }
}

const lasts = 60 * 60_000;

/** Reasons for opening a case, for an hour: on another server, or after a restart, the person is asked again. */
@Injectable()
export class ReasonsGiven {
  private readonly reasons = new Map<string, { reason: string; until: number }>();

  note(actor: Actor, caseId: string, reason: string, now: Date): void {
    for (const [key, { until }] of this.reasons) if (until < now.getTime()) this.reasons.delete(key);
    this.reasons.set(keyOf(actor, caseId), { reason, until: now.getTime() + lasts });
  }

  given(actor: Actor, caseId: string, now: Date): string | undefined {
    const found = this.reasons.get(keyOf(actor, caseId));
    return found !== undefined && found.until >= now.getTime() ? found.reason : undefined;
  }
}

const keyOf = (actor: Actor, caseId: string): string => `${actor.authority} ${actor.staffId} ${caseId}`;

import type { Calendars } from './calendar';
import { addDays, addMonths, type Day, earlier } from './day';
import { deadline, type DeadlineOptions, englandCalendars, isCannotCompute } from './deadline';
import type { Facts } from './facts';

export interface WindowOptions extends DeadlineOptions {
  readonly calendars?: Calendars;
  /** A later last day that a letter promised the family: it then binds. */
  readonly promisedUntil?: Day;
}

/**
 * Whether the time that belongs to somebody else is over on a day. Fifteen days "beginning with" service on the 4th end with
 * the 18th, so it is over on the 19th. Where the law gives no length (consult first), it is over as soon as its fact is on
 * record. With the fact missing the time has not begun, and so is not over.
 */
export function windowIsOver(dutyId: string, on: Day, facts: Facts, options: WindowOptions = {}): boolean {
  const { calendars = englandCalendars, promisedUntil, ...rest } = options;
  if (promisedUntil !== undefined && on <= promisedUntil) return false;
  const answer = deadline(dutyId, facts, calendars, { ...rest, explain: false });
  if (isCannotCompute(answer)) return false;
  if (answer.window) return answer.dueBy !== null && on > answer.dueBy;
  return answer.dueBy === null && on >= answer.anchor.on;
}

/** The earlier of two limits that run side by side: sent + 8 weeks (reg 22(3)) and meeting + 12 weeks (Devon). */
export const tighter = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null ? a : earlier(a, b));

/** E2: ten per cent rounded up, at least one case where there is any. */
export const auditSampleSize = (cases: number, percent = 10): number => Math.ceil((cases * percent) / 100);

/** The last day of the month of a decision: what was decided in one month is audited together. */
export const auditCohort = (on: Day): Day => addDays(addMonths(`${on.slice(0, 8)}01`, 1), -1);

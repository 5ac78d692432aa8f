import { addWorkingDays, type Calendars, type Day, isCalendarEnds, workingDaysBefore } from '@send/statute';
import type { RunDeadline } from '@send/workflow-kit';

/** Working days before (-) or after (+) the legal day. */
export type Rungs = readonly number[];

/** Ten and three working days before, on the day, five after; a letter's own rungs where the catalogue names others. */
export const usualRungs: Rungs = [-10, -3, 0, 5];
export const adviceRungs: Rungs = [-10, -3, 1, 5, 10];

export const rungName = (rung: number): string => (rung === 0 ? 'due' : rung < 0 ? `${-rung}-before` : `${rung}-after`);

export interface Ladder {
  /** Rung and the instant it is reached, in order of time. */
  readonly rungs: readonly (readonly [rung: string, at: string])[];
  /** Set where a calendar does not reach a rung: shown to the operator, never guessed. */
  readonly missing: string | null;
}

/** The family's own time has one rung: a reminder while there is still time to answer. */
export const familyRungs: Rungs = [-5];

/** The family's days to comment: on a draft plan, on proposed changes. */
const remindedOf: ReadonlySet<string> = new Set(['plan.representations-window', 'amend.representations-window']);

export const rungsFor = (duty: string): Rungs => {
  if (duty === 'assessment.advice-due') return adviceRungs;
  return remindedOf.has(duty) ? familyRungs : usualRungs;
};

/** Somebody else's time passes without us, but for what the catalogue has us remind them of. */
const hasRungs = (row: RunDeadline): boolean => row.bound !== 'min' || remindedOf.has(row.duty);

/** Rungs are reached at eight in the morning; in winter that is nine by the clock of summer, which harms nobody. */
const morning = (day: Day): string => `${day}T08:00:00Z`;

/** The rungs of a deadline that is still open. One that is met, fell away or has no day has none. */
export function ladderOf(row: RunDeadline, calendars: Calendars): Ladder {
  const dueBy = row.targetBy ?? row.dueBy;
  if (dueBy === null || row.metOn !== null || row.endedOn !== null || !hasRungs(row))
    return { rungs: [], missing: null };
  const rungs: (readonly [string, string])[] = [];
  let missing: string | null = null;
  for (const rung of rungsFor(row.duty)) {
    const day =
      rung === 0
        ? dueBy
        : rung < 0
          ? workingDaysBefore(dueBy, -rung, calendars)
          : addWorkingDays(dueBy, rung, calendars);
    if (isCalendarEnds(day)) missing = `${rungName(rung)}: ${day.calendar}`;
    else rungs.push([rungName(rung), morning(day)]);
  }
  return { rungs, missing };
}

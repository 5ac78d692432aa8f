import { referenceTermEnd } from './calendar';
import type { Day } from './day';
import { schoolYearOf } from './school-age';

/** Part or all of one school day on which a pupil was suspended: a lunchtime or half day is 0.5. */
export interface SuspendedDay {
  readonly settingId: string;
  readonly on: Day;
  readonly days: number;
}

export interface SuspensionTotals {
  /** Days in the school year at every setting together, against the limit of 45. */
  readonly year: number;
  /** Days in the reference term at each setting, against the thresholds of 5 and 15. */
  readonly term: Readonly<Record<string, number>>;
}

/**
 * D2: for a pupil with two schools in a year the days add up across schools for the 45, and by school for the term's totals.
 * A term is the statutory period to 31 December, Easter Monday or 31 July, never a half-term.
 */
export function suspensionTotals(days: readonly SuspendedDay[], on: Day): SuspensionTotals {
  const thisYear = days.filter((day) => schoolYearOf(day.on) === schoolYearOf(on) && day.on <= on);
  const term: Record<string, number> = {};
  for (const day of thisYear) {
    if (referenceTermEnd(day.on) === referenceTermEnd(on)) term[day.settingId] = (term[day.settingId] ?? 0) + day.days;
  }
  return { year: thisYear.reduce((sum, day) => sum + day.days, 0), term };
}

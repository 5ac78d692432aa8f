import {
  addDays,
  type Calendars,
  type Day,
  isCalendarEnds,
  isSchoolDay,
  isWorkingDay,
  type SuspendedDay,
  type Term,
} from '@send/statute';
import type { Category, ElsewhereKind } from './codes';

/** What a row came from, and the day it speaks of. */
export interface Origin {
  readonly source: string;
  readonly asOf: Day;
}

export interface Exclusion extends Origin {
  readonly id: string;
  readonly settingId: string;
  readonly category: Category;
  readonly firstDay: Day;
  readonly lastDay: Day | null;
  readonly sessions: number;
  /** Kept when cancelled: the days served until then still count. */
  readonly cancelledOn: Day | null;
  readonly exam: boolean;
  readonly runId: string | null;
}

export interface Elsewhere extends Origin {
  readonly kind: ElsewhereKind;
  readonly settingId: string;
  readonly firstDay: Day;
  readonly lastDay: Day | null;
}

export interface AttendedDay extends Origin {
  readonly settingId: string;
  readonly on: Day;
  readonly morning: string;
  readonly afternoon: string;
}

export interface PartTimeTimetable extends Origin {
  readonly id: string;
  readonly settingId: string;
  readonly agreedByUs: boolean;
  readonly hoursAWeek: number;
  readonly firstDay: Day;
  readonly endsOn: Day | null;
  readonly reviewOn: Day | null;
  readonly consentOn: Day | null;
  readonly why: string;
}

/** The terms of each school, as far as they are on record. */
export interface SchoolCalendars {
  readonly calendars: Calendars;
  readonly terms: Readonly<Record<string, readonly Term[]>>;
}

/** A school day by the school's own terms; where they do not reach, a weekday that is no bank holiday, and we say so. */
export function schoolDayAt(
  settingId: string,
  on: Day,
  { calendars, terms }: SchoolCalendars,
): { is: boolean; known: boolean } {
  const own = terms[settingId];
  if (own !== undefined && own.length > 0) {
    const is = isSchoolDay(on, { ...calendars, terms: own });
    if (!isCalendarEnds(is)) return { is, known: true };
  }
  const is = isWorkingDay(on, calendars);
  return { is: !isCalendarEnds(is) && is, known: false };
}

const longest = 400;

/** The days of a suspension, two sessions to a day, one for a lunchtime; cut short where it was cancelled. */
export function daysOf(one: Exclusion, schools: SchoolCalendars): { days: SuspendedDay[]; known: boolean } {
  const days: SuspendedDay[] = [];
  let known = true;
  let left = one.category === 'PERM' ? 0 : one.sessions;
  const perDay = one.category === 'LNCH' ? 1 : 2;
  let on = one.firstDay;
  for (let tries = 0; left > 0 && tries < longest; tries += 1, on = addDays(on, 1)) {
    if (one.cancelledOn !== null && on >= one.cancelledOn) break;
    const school = schoolDayAt(one.settingId, on, schools);
    known &&= school.known;
    if (!school.is) continue;
    const sessions = Math.min(perDay, left);
    days.push({ settingId: one.settingId, on, days: sessions / 2 });
    left -= sessions;
  }
  return { days, known };
}

/** The next school day after a day, at that school. */
function nextSchoolDay(settingId: string, after: Day, schools: SchoolCalendars): Day {
  let on = addDays(after, 1);
  for (let tries = 0; tries < longest && !schoolDayAt(settingId, on, schools).is; tries += 1) on = addDays(on, 1);
  return on;
}

/** Suspensions of whole days that follow straight on from each other, without a day back in school between them. */
export interface InARow {
  readonly exclusions: readonly Exclusion[];
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly days: number;
  readonly known: boolean;
}

export function inARow(exclusions: readonly Exclusion[], schools: SchoolCalendars): InARow[] {
  const found: InARow[] = [];
  const whole = exclusions
    .filter(({ category }) => category === 'SUSP')
    .sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1));
  for (const one of whole) {
    const { days, known } = daysOf(one, schools);
    const last = days.at(-1);
    if (last === undefined) continue;
    const count = days.reduce((sum, day) => sum + day.days, 0);
    const before = found.at(-1);
    const follows =
      before?.exclusions[0]?.settingId === one.settingId &&
      one.firstDay <= nextSchoolDay(one.settingId, before.lastDay, schools);
    const row = { exclusions: [one], firstDay: one.firstDay, lastDay: last.on, days: count, known };
    if (!follows) found.push(row);
    else
      found[found.length - 1] = {
        exclusions: [...before.exclusions, one],
        firstDay: before.firstDay,
        lastDay: last.on > before.lastDay ? last.on : before.lastDay,
        days: before.days + count,
        known: before.known && known,
      };
  }
  return found;
}

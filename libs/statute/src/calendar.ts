import { type Day, addDays, fromSerial, partsOf, serialOf, toSerial, weekdayOfSerial } from './day';

/**
 * Which days count. Every calendar says how far it reaches; past that there is no answer, only `CalendarEnds`, because a
 * guessed bank holiday or school day is a wrong date on somebody's letter.
 */

export type CalendarName = 'bankHolidays' | 'councilClosures' | 'terms';

/** The answer when a calendar does not reach the day that a sum needs. */
export interface CalendarEnds {
  readonly calendar: CalendarName;
  /** The day that could not be judged. */
  readonly needed: Day;
  readonly why: string;
}

export interface BankHolidays {
  readonly name: string;
  readonly from: Day;
  readonly to: Day;
  readonly serials: ReadonlySet<number>;
  readonly fromSerial: number;
  readonly toSerial: number;
}

export function bankHolidays(table: { name: string; from: Day; to: Day; days: readonly Day[] }): BankHolidays {
  return {
    name: table.name,
    from: table.from,
    to: table.to,
    serials: new Set(table.days.map(toSerial)),
    fromSerial: toSerial(table.from),
    toSerial: toSerial(table.to),
  };
}

/** A term of one setting, first and last day in session. Days inside it without a session (training days) are listed. */
export interface Term {
  readonly from: Day;
  readonly to: Day;
  readonly withoutSession?: readonly Day[];
}

export interface Calendars {
  readonly bankHolidays: BankHolidays;
  /** Days on which the council's offices are shut besides bank holidays. They never move a statutory day. */
  readonly councilClosures?: readonly Day[];
  /** The terms of the setting in question, in any order; school days can be counted only inside their reach. */
  readonly terms?: readonly Term[];
}

export const isCalendarEnds = (answer: unknown): answer is CalendarEnds =>
  typeof answer === 'object' && answer !== null && 'calendar' in answer && 'needed' in answer;

type DayTest = (serial: number) => boolean | CalendarEnds;

const bankHolidaysEnd = (table: BankHolidays, serial: number): CalendarEnds => ({
  calendar: 'bankHolidays',
  needed: fromSerial(serial),
  why: `The calendar "${table.name}" does not reach ${fromSerial(serial)}.`,
});

/** Monday to Friday other than Christmas Day, Good Friday and bank holidays in England. */
function workingDay({ bankHolidays: table }: Calendars): DayTest {
  return (serial) => {
    if (weekdayOfSerial(serial) > 5) return false;
    if (serial < table.fromSerial || serial > table.toSerial) return bankHolidaysEnd(table, serial);
    return !table.serials.has(serial);
  };
}

/** HESC Rules 2008 r.12(3)(b): 25 December to 1 January and the whole of August are left out. */
function tribunalDay(calendars: Calendars): DayTest {
  const working = workingDay(calendars);
  return (serial) => (isTribunalVacation(fromSerial(serial)) ? false : working(serial));
}

function officeDay(calendars: Calendars): DayTest {
  const working = workingDay(calendars);
  const closed = calendars.councilClosures ?? [];
  return (serial) => (closed.length > 0 && closed.includes(fromSerial(serial)) ? false : working(serial));
}

/**
 * Between two terms on record lies a holiday. A longer gap is no holiday, it is a term that nobody has entered: no school
 * shuts for ten weeks.
 */
const LONGEST_HOLIDAY = 69;

interface Reach {
  readonly from: number;
  readonly to: number;
  readonly without: ReadonlySet<number>;
}

/** Terms as they are stored do not change, so their sorted form is kept beside them. */
const reaches = new WeakMap<readonly Term[], readonly Reach[]>();

function inOrder(terms: readonly Term[]): readonly Reach[] {
  const known = reaches.get(terms);
  if (known) return known;
  const sorted = terms
    .map((term) => ({
      from: toSerial(term.from),
      to: toSerial(term.to),
      without: new Set((term.withoutSession ?? []).map(toSerial)),
    }))
    .sort((a, b) => a.from - b.from);
  reaches.set(terms, sorted);
  return sorted;
}

const termsEnd = (serial: number): CalendarEnds => ({
  calendar: 'terms',
  needed: fromSerial(serial),
  why: `The setting's term dates do not reach ${fromSerial(serial)}.`,
});

/** A day with a session at that setting: Education Act 1996 s.579. */
function schoolDay(calendars: Calendars): DayTest {
  const terms = inOrder(calendars.terms ?? []);
  const working = workingDay(calendars);
  return (serial) => {
    let before: Reach | undefined;
    for (const term of terms) {
      if (serial < term.from) {
        return before && term.from - before.to - 1 <= LONGEST_HOLIDAY ? false : termsEnd(serial);
      }
      if (serial <= term.to) return term.without.has(serial) ? false : working(serial);
      before = term;
    }
    return termsEnd(serial);
  };
}

/** Nothing on record is as far off as this; a calendar that holds no such day at all must not be searched for ever. */
const SEARCH_LIMIT = 4000;

function walk(day: Day, test: DayTest, count: number, step: 1 | -1): Day | CalendarEnds {
  let serial = toSerial(day);
  let left = count;
  for (let tries = 0; left > 0; tries += 1) {
    serial += step;
    const counts = test(serial);
    if (typeof counts !== 'boolean') return counts;
    if (counts) left -= 1;
    if (tries > SEARCH_LIMIT) throw new RangeError(`No day found within ${SEARCH_LIMIT} days of ${day}`);
  }
  return fromSerial(serial);
}

/** Steps one day back first, so that the day itself is the first that may count. */
const walkFrom = (day: Day, test: DayTest, count: number): Day | CalendarEnds => walk(addDays(day, -1), test, count, 1);

export const isWorkingDay = (day: Day, calendars: Calendars): boolean | CalendarEnds =>
  workingDay(calendars)(toSerial(day));
export const isSchoolDay = (day: Day, calendars: Calendars): boolean | CalendarEnds =>
  schoolDay(calendars)(toSerial(day));

/** The nth working day after the day, which is not counted. */
export const addWorkingDays = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walk(day, workingDay(calendars), count, 1);
/** The nth working day "beginning with" the day: it is day one if it is a working day. */
export const workingDaysBeginningWith = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walkFrom(day, workingDay(calendars), count);
/** The nth working day before the day, which is not counted. */
export const workingDaysBefore = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walk(day, workingDay(calendars), count, -1);
/** The first working day after the day. */
export const nextWorkingDay = (day: Day, calendars: Calendars): Day | CalendarEnds => addWorkingDays(day, 1, calendars);
/** The last working day before the day. */
export const previousWorkingDay = (day: Day, calendars: Calendars): Day | CalendarEnds =>
  workingDaysBefore(day, 1, calendars);
/** The day itself where it is a working day, else the next: the day printed for a family moves forward. */
export const onOrAfterWorkingDay = (day: Day, calendars: Calendars): Day | CalendarEnds =>
  walkFrom(day, workingDay(calendars), 1);
/** The last day on or before on which the council's offices are open: a limit of ours is planned backward. */
export const officeDayOnOrBefore = (day: Day, calendars: Calendars): Day | CalendarEnds =>
  walk(addDays(day, 1), officeDay(calendars), 1, -1);

export const addSchoolDays = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walk(day, schoolDay(calendars), count, 1);
export const schoolDaysBeginningWith = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walkFrom(day, schoolDay(calendars), count);
export const schoolDaysBefore = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walk(day, schoolDay(calendars), count, -1);
export const addTribunalDays = (day: Day, count: number, calendars: Calendars): Day | CalendarEnds =>
  walk(day, tribunalDay(calendars), count, 1);

/** 25 December to 1 January, and all of August: HESC Rules 2008 r.12(3). */
export function isTribunalVacation(day: Day): boolean {
  const { month, day: number } = partsOf(day);
  return month === 8 || (month === 12 && number >= 25) || (month === 1 && number === 1);
}

/**
 * The last day on which the Tribunal still accepts a step whose time ends on `day`: a last day in the vacation runs on to
 * the first working day after it, r.12(3)(a); any other that is not a working day runs on to the next, r.12(2).
 */
export function tribunalAcceptsUntil(day: Day, calendars: Calendars): Day | CalendarEnds {
  const { year, month } = partsOf(day);
  if (!isTribunalVacation(day)) return onOrAfterWorkingDay(day, calendars);
  if (month === 8) return nextWorkingDay(fromSerial(serialOf(year, 8, 31)), calendars);
  return nextWorkingDay(fromSerial(serialOf(month === 12 ? year + 1 : year, 1, 1)), calendars);
}

/** A time when the setting is shut, both days included; it re-opens the day after `to`. */
export interface Closure {
  readonly from: Day;
  readonly to: Day;
  readonly reopens: Day;
}

/** Closures of at least four continuous weeks: SEND Regs 2014 reg 10(4)(a). Weekends beside a holiday are part of it. */
export function longClosures(terms: readonly Term[], atLeastDays = 28): Closure[] {
  const found: Closure[] = [];
  const sorted = inOrder(terms);
  for (const [index, term] of sorted.entries()) {
    const next = sorted[index + 1];
    if (!next) break;
    const days = next.from - term.to - 1;
    if (days < atLeastDays || days > LONGEST_HOLIDAY) continue;
    found.push({ from: fromSerial(term.to + 1), to: fromSerial(next.from - 1), reopens: fromSerial(next.from) });
  }
  return found;
}

/** The last day that the terms on record can speak for. */
export function termsReach(terms: readonly Term[]): Day | null {
  const last = inOrder(terms).at(-1);
  return last ? fromSerial(last.to) : null;
}

/** Easter Sunday plus one, Gregorian calendar (the anonymous algorithm of 1876). */
export function easterMonday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return fromSerial(serialOf(year, Math.floor(sum / 31), (sum % 31) + 1) + 1);
}

/**
 * The last day of the "term" that a day belongs to where a school has more than three terms: 31 December, Easter Monday or
 * 31 July, SI 2012/1033 reg 2(1). A half-term never ends one.
 */
export function referenceTermEnd(on: Day): Day {
  const { year } = partsOf(on);
  const easter = easterMonday(year);
  if (on <= easter) return easter;
  return on <= `${year}-07-31` ? `${year}-07-31` : `${year}-12-31`;
}

/** A break in the middle of one of these months parts two halves of one term: February, late May, late October. */
const HALF_TERM_MONTHS: ReadonlySet<number> = new Set([2, 5, 6, 10, 11]);

/** Two halves of one term: a few days between them, or a half-term break. Christmas, Easter and summer end a term. */
function isSameTerm(before: Reach, next: Reach): boolean {
  const days = next.from - before.to - 1;
  if (days < 5) return true;
  return days <= 21 && HALF_TERM_MONTHS.has(partsOf(fromSerial(before.to + 1 + Math.floor(days / 2))).month);
}

/**
 * The last day of the term in which somebody starts, E1: 31 December for a September start; else the end of the setting's
 * own term, its half-terms joined, where a day in the holidays starts with the next term. Where the terms on record do not
 * hold the day, or may not hold all of that term, the statutory period ends it.
 */
export function endOfFirstTerm(on: Day, terms: readonly Term[]): Day {
  const sorted = inOrder(terms);
  const serial = toSerial(on);
  const at = sorted.findIndex(({ to }) => serial <= to);
  const first = sorted[at];
  const before = sorted[at - 1];
  const known =
    first !== undefined &&
    (serial >= first.from || (before !== undefined && first.from - before.to - 1 <= LONGEST_HOLIDAY));
  const { year, month } = partsOf(known && serial < first.from ? fromSerial(first.from) : on);
  if (month === 9) return `${year}-12-31`;
  if (!known) return referenceTermEnd(on);
  let last = first;
  for (const next of sorted.slice(at + 1)) {
    if (!isSameTerm(last, next)) return fromSerial(last.to);
    last = next;
  }
  // Nothing on record after it: a whole term where it runs up to its holiday, the first half of one where it does not.
  const end = referenceTermEnd(fromSerial(last.from));
  return toSerial(end) - last.to <= 28 ? fromSerial(last.to) : end;
}

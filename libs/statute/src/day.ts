/**
 * Civil days. A `Day` is an ISO string, 'YYYY-MM-DD': it sorts as text, travels as JSON and fits SQL `date`.
 * Inside this library days are counted as whole numbers (1 January 1970 is 0); no `Date` takes part in any sum.
 */
export type Day = string;

export const FIRST_DAY: Day = '1996-01-01';
export const LAST_DAY: Day = '2125-12-31';

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const MONTH_NAMES = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
] as const; // prettier-ignore

export interface YearMonthDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

/** Days from civil, after Howard Hinnant: years counted from 1 March, so that the leap day comes last. */
export function serialOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** The inverse of `serialOf`. */
export function civilOf(serial: number): YearMonthDay {
  const z = serial + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const ZERO = 48;

/** Year, month and day of a well-formed day; the parts are not checked to be real. */
export function partsOf(day: Day): YearMonthDay {
  const digit = (at: number): number => day.charCodeAt(at) - ZERO;
  return {
    year: digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3),
    month: digit(5) * 10 + digit(6),
    day: digit(8) * 10 + digit(9),
  };
}

export function toSerial(day: Day): number {
  const parts = partsOf(day);
  return serialOf(parts.year, parts.month, parts.day);
}

/** Every day is written out once and kept: a county asks for the same few thousand over and over. */
const written = new Map<number, Day>();

export function fromSerial(serial: number): Day {
  const known = written.get(serial);
  if (known !== undefined) return known;
  const { year, month, day } = civilOf(serial);
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  if (text >= FIRST_DAY && text <= LAST_DAY) written.set(serial, text);
  return text;
}

/** A real date in the form YYYY-MM-DD: 2027-02-29 is not one. */
export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const { year, month, day } = partsOf(value);
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Inside the years this engine reckons with, 1996 to 2125; a real date outside them is most likely a slip of the pen. */
export const isInRange = (day: Day): boolean => day >= FIRST_DAY && day <= LAST_DAY;

export const addDays = (day: Day, days: number): Day => fromSerial(toSerial(day) + days);

/** The corresponding date: the same number in the later month, or that month's last day (Dodds v Walker). */
export function addMonths(day: Day, months: number): Day {
  const parts = partsOf(day);
  const count = parts.year * 12 + parts.month - 1 + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return fromSerial(serialOf(year, month, Math.min(parts.day, daysInMonth(year, month))));
}

/** Days from the first to the second; negative where the second is earlier. */
export const daysBetween = (from: Day, to: Day): number => toSerial(to) - toSerial(from);

/** Monday is 1, Sunday is 7, as in ISO 8601. */
export const weekdayOfSerial = (serial: number): number => ((((serial + 3) % 7) + 7) % 7) + 1;
export const weekday = (day: Day): number => weekdayOfSerial(toSerial(day));

export const earlier = (a: Day, b: Day): Day => (a <= b ? a : b);
export const later = (a: Day, b: Day): Day => (a >= b ? a : b);

/** '2027-05-04' is written 4 May 2027. */
export function formatDay(day: Day): string {
  const parts = partsOf(day);
  return `${parts.day} ${MONTH_NAMES[parts.month - 1] ?? ''} ${parts.year}`;
}

const london = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The civil day in London at an instant: at 23:30 UTC on 30 June it is already 1 July. */
export function londonDay(instant: Date): Day {
  // London's day never changes within an hour of UTC, and whoever asks mostly asks about now.
  const hour = Math.floor(instant.getTime() / 3_600_000);
  if (hour !== lastAsked.hour) {
    const parts = new Map(london.formatToParts(instant).map(({ type, value }) => [type, value]));
    lastAsked = { hour, day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}` };
  }
  return lastAsked.day;
}

let lastAsked: { hour: number; day: Day } = { hour: Number.NaN, day: '' };

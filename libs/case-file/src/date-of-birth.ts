import { addMonths, type Day, isDay } from '@send/statute';
import type { Read } from './identifiers';

/** Outside 0 to 25 on the day of the event is odd, and said; it is not refused. */
export function readDateOfBirth(typed: string, today: Day): Read<Day> & { readonly warning?: string } {
  if (!isDay(typed)) return { message: 'Date of birth must be a real date' };
  if (typed >= today) return { message: 'Date of birth must be in the past' };
  if (typed < '1996-01-01') return { message: 'Date of birth must be on or after 1 January 1996' };
  return addMonths(typed, 26 * 12) <= today
    ? { value: typed, warning: 'This person is over 25. Check the date of birth.' }
    : { value: typed };
}

/** In whole years. A birthday on 29 February is kept on the 28th where there is no 29th. */
export function ageOn(dateOfBirth: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(dateOfBirth.slice(0, 4));
  return addMonths(dateOfBirth, years * 12) <= on ? years : years - 1;
}

import { type Day, fromSerial, partsOf, serialOf, weekdayOfSerial } from './day';

/** The school year is named by the year in which its 1 September falls. */
export function schoolYearOf(on: Day): number {
  const { year, month } = partsOf(on);
  return month >= 9 ? year : year - 1;
}

/**
 * Year group by age on 1 September: 0 is reception, 1 to 13 the years, below 0 the years before school. A child taught
 * out of their year group has a year group of their own on the case; this is the usual one.
 */
export const schoolYearGroup = (dateOfBirth: Day, on: Day): number =>
  schoolYearOf(on) - (schoolYearOf(dateOfBirth) + 5);

/** The last Friday in June of the school year of the sixteenth birthday: Education Act 1996 s.8. */
export function compulsorySchoolAgeEnds(dateOfBirth: Day): Day {
  const june30 = serialOf(schoolYearOf(dateOfBirth) + 17, 6, 30);
  return fromSerial(june30 - ((weekdayOfSerial(june30) + 2) % 7));
}

/** Rights are the young person's own from the day after compulsory school age ends, not from the sixteenth birthday. */
export const isOverCompulsorySchoolAge = (dateOfBirth: Day, on: Day): boolean =>
  on > compulsorySchoolAgeEnds(dateOfBirth);

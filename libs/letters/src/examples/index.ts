import type { LetterDates, LetterValues } from '../values';

/** What each subject adds to the invented case that any letter can be tried with; one file a subject, spread here. */
export const typicalExamples: Partial<Omit<LetterValues, 'dates'>> = {};

/** Days of the same case. */
export const typicalDates: LetterDates = {};

/** The same at its longest and most awkward. */
export const worstExamples = (
  _awkward: string,
  _longName: string,
  _sixty: <T>(make: (n: number) => T) => T[],
): Partial<Omit<LetterValues, 'dates'>> => ({});

import type { LetterDates, LetterValues } from '../values';
import { phaseTransferDates, phaseTransferExamples } from './phase-transfer';

/** What each subject adds to the invented case that any letter can be tried with; one file a subject, spread here. */
export const typicalExamples: Partial<Omit<LetterValues, 'dates'>> = { ...phaseTransferExamples };

/** Days of the same case. */
export const typicalDates: LetterDates = { ...phaseTransferDates };

/** The same at its longest and most awkward. */
export const worstExamples = (
  _awkward: string,
  _longName: string,
  _sixty: <T>(make: (n: number) => T) => T[],
): Partial<Omit<LetterValues, 'dates'>> => ({});

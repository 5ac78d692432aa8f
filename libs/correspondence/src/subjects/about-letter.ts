import type { Tx } from '@send/database';
import type { LetterDates, LetterTemplate, LetterValues } from '@send/letters';
import type { Calendars, Day } from '@send/statute';
import type { Telling } from '../telling';

export interface AboutLetter {
  readonly tx: Tx;
  readonly telling: Telling;
  readonly template: LetterTemplate;
  /** The day on which the letter leaves. */
  readonly on: Day;
  readonly calendars: Calendars;
  /** What every letter has, worked out before. */
  readonly values: LetterValues;
}

/** What the letters of one subject say beside what every letter does. */
export type SubjectValues = (
  about: AboutLetter,
) => Promise<Partial<Omit<LetterValues, 'dates'>> & { dates?: LetterDates }>;

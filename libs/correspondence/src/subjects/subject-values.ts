import type { Tx } from '@send/database';
import type { LetterDates, LetterTemplate, LetterValues } from '@send/letters';
import type { Calendars, Day } from '@send/statute';
import type { Telling } from '../telling';
import { ceasingValues, reassessmentValues, transferValues } from './ceasing';
import { disputeValues } from './dispute';
import { panelValues } from './panel';
import { cohortValues } from './cohort';
import { isPhaseLetter, phaseTransferValues } from './phase-transfer';
import { provisionValues } from './provision';
import { reviewValues } from './review';

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

/** By the first word of the letter’s id. */
export const subjectValues: Readonly<Record<string, SubjectValues>> = {
  cohort: cohortValues,
  panel: panelValues,
  cease: ceasingValues,
  dispute: disputeValues,
  provision: provisionValues,
  reassess: reassessmentValues,
  review: (about) => (isPhaseLetter(about.template.id) ? phaseTransferValues(about) : reviewValues(about)),
  amend: reviewValues,
  transfer: transferValues,
};

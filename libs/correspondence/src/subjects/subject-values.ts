import type { SubjectValues } from './about-letter';
import { ceasingValues, reassessmentValues, transferValues } from './ceasing';
import { disputeValues } from './dispute';
import { panelValues } from './panel';
import { cohortValues } from './cohort';
import { isPhaseLetter, phaseTransferValues } from './phase-transfer';
import { provisionValues } from './provision';
import { reviewValues } from './review';

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

import type { LetterDates, LetterValues } from '../values';
import { panelDates, panelExamples, worstPanelExamples } from './panel';
import { ceasingDates, ceasingExamples, worstCeasingExamples } from './ceasing';
import { disputeExamples, worstDisputeExamples } from './dispute';
import { cohortExamples, worstCohortExamples } from './cohort';
import { phaseTransferDates, phaseTransferExamples } from './phase-transfer';
import { provisionExamples, worstProvisionExamples } from './provision';
import { reviewDates, reviewExamples, worstReviewExamples } from './review';

/** What each subject adds to the invented case that any letter can be tried with; one file a subject, spread here. */
export const typicalExamples: Partial<Omit<LetterValues, 'dates'>> = {
  ...panelExamples,
  ...ceasingExamples,
  ...disputeExamples,
  ...cohortExamples,
  ...phaseTransferExamples,
  ...provisionExamples,
  ...reviewExamples,
};

/** Days of the same case. */
export const typicalDates: LetterDates = { ...ceasingDates, ...panelDates, ...phaseTransferDates, ...reviewDates };

/** The same at its longest and most awkward. */
export const worstExamples = (
  awkward: string,
  longName: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Partial<Omit<LetterValues, 'dates'>> => ({
  ...worstPanelExamples(awkward, longName, sixty),
  ...worstCeasingExamples(awkward, longName, sixty),
  ...worstDisputeExamples(awkward, longName, sixty),
  ...worstCohortExamples(awkward, longName, sixty),
  ...worstReviewExamples(awkward, sixty),
  ...worstProvisionExamples(awkward, longName, sixty),
});

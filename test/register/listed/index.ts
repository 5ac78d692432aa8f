import { custodyListed } from './custody';
import { disputeLettersListed, disputeListed } from './dispute';
import { exclusionListed } from './exclusion';
import { identificationListed } from './identification';
import type { Listed, ListedLetter } from './listed';
import { panelLettersListed } from './panel';
import { reviewListsLetters, reviewListsListed } from './phase-transfer';
import { planLettersListed, planListed } from './plan';
import { reformListed } from './reform';
import { temporaryListed } from './temporary';

/** Duties of the law pack that no position owes, one file for each subject. */
export const listed: readonly Listed[] = [
  ...custodyListed,
  ...disputeListed,
  ...identificationListed,
  ...exclusionListed,
  ...reviewListsListed,
  ...planListed,
  ...temporaryListed,
  ...reformListed,
];

/** Letters of the catalogue that no transition sends. */
export const listedLetters: readonly ListedLetter[] = [
  ...disputeLettersListed,
  ...panelLettersListed,
  ...reviewListsLetters,
  ...planLettersListed,
];

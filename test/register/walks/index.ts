import { amendmentWalk } from './amendment';
import { annualReviewWalk } from './annual-review';
import { appealWalk } from './appeal';
import { authorityTransferWalk } from './authority-transfer';
import { ceaseToMaintainWalk } from './cease-to-maintain';
import { exclusionWalk } from './exclusion';
import { exclusionRiskWalk } from './exclusion-risk';
import { needsAssessmentWalk } from './needs-assessment';
import { panelDecisionWalk } from './panel-decision';
import { phaseTransferWalk } from './phase-transfer';
import { provisionCheckWalk } from './provision-check';
import { reassessmentWalk } from './reassessment';
import type { Walk } from './walk';

/** One for each workflow, by its id. */
export const walks: Readonly<Record<string, Walk>> = {
  'annual-review': annualReviewWalk,
  amendment: amendmentWalk,
  appeal: appealWalk,
  'authority-transfer': authorityTransferWalk,
  'cease-to-maintain': ceaseToMaintainWalk,
  exclusion: exclusionWalk,
  'exclusion-risk': exclusionRiskWalk,
  'needs-assessment': needsAssessmentWalk,
  'panel-decision': panelDecisionWalk,
  'phase-transfer': phaseTransferWalk,
  'provision-check': provisionCheckWalk,
  reassessment: reassessmentWalk,
};

import { exclusionWalk } from './exclusion';
import { exclusionRiskWalk } from './exclusion-risk';
import { needsAssessmentWalk } from './needs-assessment';
import { panelDecisionWalk } from './panel-decision';
import { phaseTransferWalk } from './phase-transfer';
import { provisionCheckWalk } from './provision-check';
import type { Walk } from './walk';

/** One for each workflow, by its id. */
export const walks: Readonly<Record<string, Walk>> = {
  exclusion: exclusionWalk,
  'exclusion-risk': exclusionRiskWalk,
  'needs-assessment': needsAssessmentWalk,
  'panel-decision': panelDecisionWalk,
  'phase-transfer': phaseTransferWalk,
  'provision-check': provisionCheckWalk,
};

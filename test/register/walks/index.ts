import { exclusionWalk } from './exclusion';
import { needsAssessmentWalk } from './needs-assessment';
import { panelDecisionWalk } from './panel-decision';
import { phaseTransferWalk } from './phase-transfer';
import type { Walk } from './walk';

/** One for each workflow, by its id. */
export const walks: Readonly<Record<string, Walk>> = {
  exclusion: exclusionWalk,
  'needs-assessment': needsAssessmentWalk,
  'panel-decision': panelDecisionWalk,
  'phase-transfer': phaseTransferWalk,
};

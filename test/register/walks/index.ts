import { needsAssessmentWalk } from './needs-assessment';
import { panelDecisionWalk } from './panel-decision';
import type { Walk } from './walk';

/** One for each workflow, by its id. */
export const walks: Readonly<Record<string, Walk>> = {
  'needs-assessment': needsAssessmentWalk,
  'panel-decision': panelDecisionWalk,
};

import type { Workflow } from '@send/workflow-kit';
import { assessmentCommands } from './needs-assessment/needs-assessment.commands';
import { needsAssessment } from './needs-assessment/needs-assessment.workflow';
import { panelCommands } from './panel-decision/panel-decision.commands';
import { panelDecision } from './panel-decision/panel-decision.workflow';
import { provisionCommands } from './provision-check/provision-check.commands';
import { provisionCheck } from './provision-check/provision-check.workflow';

export { adviceKinds, type AdviceKind, type AssessmentContext } from './needs-assessment/needs-assessment.workflow';
export { type AskedSetting, type ProposedException, proposedExceptions } from './needs-assessment/proposed-exceptions';
export {
  cohortOf,
  type PanelContext,
  type PanelDecision,
  type PanelItem,
  type Recommendation,
  recommendations,
} from './panel-decision/panel-decision.workflow';
export type { PlanContext } from './plan/plan-stretch';

export const needsAssessmentWorkflow: Workflow = {
  id: 'needs-assessment',
  version: '1',
  title: 'Assessment',
  machine: needsAssessment,
  commands: assessmentCommands,
  path: 'path',
};

export const provisionCheckWorkflow: Workflow = {
  id: 'provision-check',
  version: '1',
  title: 'Provision check',
  machine: provisionCheck,
  commands: provisionCommands,
  path: 'path',
};

export const panelDecisionWorkflow: Workflow = {
  id: 'panel-decision',
  version: '1',
  title: 'Panel',
  machine: panelDecision,
  commands: panelCommands,
  path: 'path',
};

/** Every workflow the product runs, newest version of each last. */
export const workflows: readonly Workflow[] = [needsAssessmentWorkflow, provisionCheckWorkflow, panelDecisionWorkflow];

import type { Processes, Workflow } from '@send/workflow-kit';
import { amendmentCommands } from './amendment/amendment.commands';
import { amendment } from './amendment/amendment.workflow';
import { reviewCommands } from './annual-review/annual-review.commands';
import { annualReview } from './annual-review/annual-review.workflow';
import { appealCommands } from './appeal/appeal.commands';
import { appeal } from './appeal/appeal.workflow';
import { transferCommands } from './authority-transfer/authority-transfer.commands';
import { authorityTransfer } from './authority-transfer/authority-transfer.workflow';
import { ceasingCommands } from './cease-to-maintain/cease-to-maintain.commands';
import { ceaseToMaintain } from './cease-to-maintain/cease-to-maintain.workflow';
import { exclusionCommands } from './exclusion/exclusion.commands';
import { exclusion } from './exclusion/exclusion.workflow';
import { exclusionRiskCommands } from './exclusion-risk/exclusion-risk.commands';
import { exclusionRisk } from './exclusion-risk/exclusion-risk.workflow';
import { joins } from './joins';
import { assessmentCommands } from './needs-assessment/needs-assessment.commands';
import { needsAssessment } from './needs-assessment/needs-assessment.workflow';
import { panelCommands } from './panel-decision/panel-decision.commands';
import { panelDecision } from './panel-decision/panel-decision.workflow';
import { phaseTransferCommands } from './phase-transfer/phase-transfer.commands';
import { phaseTransfer } from './phase-transfer/phase-transfer.workflow';
import { reassessmentCommands } from './reassessment/reassessment.commands';
import { reassessment } from './reassessment/reassessment.workflow';
import { provisionCommands } from './provision-check/provision-check.commands';
import { provisionCheck } from './provision-check/provision-check.workflow';

export type { AppealContext } from './appeal/appeal-facts';
export { agreedOtherwise, concessionDoneIn, type DoneIn, matters, orderDoneIn, outcomes } from './appeal/outcomes';
export type { TransferContext } from './authority-transfer/authority-transfer.workflow';
export type { CeasingContext } from './cease-to-maintain/cease-to-maintain.workflow';
export { adviceKinds, type AdviceKind } from './advice/advice-region';
export type { AssessmentContext } from './needs-assessment/needs-assessment.workflow';
export { type AskedSetting, type ProposedException, proposedExceptions } from './needs-assessment/proposed-exceptions';
export {
  type PanelContext,
  type PanelDecision,
  type PanelItem,
  type Recommendation,
  recommendations,
} from './panel-decision/panel-decision.workflow';
export {
  bases as cohortBases,
  type CohortContext,
  mayUse,
  sources as cohortSources,
} from './exclusion-risk/cohort-facts';
export { leadCriteria } from './exclusion-risk/exclusion-risk.commands';
export type { ExclusionContext } from './exclusion/exclusion.workflow';
export { transferPhases } from './phase-transfer/phase-transfer.commands';
export type { PhaseTransferContext } from './phase-transfer/phase-transfer.workflow';
export type { AmendmentContext } from './amendment/amendment.workflow';
export { nextReview, type Outcome, type ReviewContext } from './annual-review/review-cycle';
export type { ReassessmentContext } from './reassessment/reassessment.workflow';
export type { PlanContext } from './plan/plan-stretch';
export type { ProvisionContext } from './provision-check/provision-check.workflow';

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

export const exclusionWorkflow: Workflow = {
  id: 'exclusion',
  version: '1',
  title: 'Suspension or exclusion',
  machine: exclusion,
  commands: exclusionCommands,
  path: 'path',
};

export const phaseTransferWorkflow: Workflow = {
  id: 'phase-transfer',
  version: '1',
  title: 'Phase transfer',
  machine: phaseTransfer,
  commands: phaseTransferCommands,
  path: 'path',
};

export const ceaseToMaintainWorkflow: Workflow = {
  id: 'cease-to-maintain',
  version: '1',
  title: 'Ceasing a plan',
  machine: ceaseToMaintain,
  commands: ceasingCommands,
  path: 'path',
};

export const exclusionRiskWorkflow: Workflow = {
  id: 'exclusion-risk',
  version: '1',
  title: 'Exclusion-risk cohort',
  machine: exclusionRisk,
  commands: exclusionRiskCommands,
  path: 'path',
};

export const annualReviewWorkflow: Workflow = {
  id: 'annual-review',
  version: '1',
  title: 'Review',
  machine: annualReview,
  commands: reviewCommands,
  path: 'path',
};

export const amendmentWorkflow: Workflow = {
  id: 'amendment',
  version: '1',
  title: 'Amendment',
  machine: amendment,
  commands: amendmentCommands,
  path: 'path',
};

export const appealWorkflow: Workflow = {
  id: 'appeal',
  version: '1',
  title: 'Mediation and appeal',
  machine: appeal,
  commands: appealCommands,
  path: 'path',
};

export const reassessmentWorkflow: Workflow = {
  id: 'reassessment',
  version: '1',
  title: 'Reassessment',
  machine: reassessment,
  commands: reassessmentCommands,
  path: 'path',
};

export const authorityTransferWorkflow: Workflow = {
  id: 'authority-transfer',
  version: '1',
  title: 'Move between authorities',
  machine: authorityTransfer,
  commands: transferCommands,
  path: 'path',
};

/** Every workflow the product runs, newest version of each last. */
export const workflows: readonly Workflow[] = [
  needsAssessmentWorkflow,
  provisionCheckWorkflow,
  annualReviewWorkflow,
  amendmentWorkflow,
  panelDecisionWorkflow,
  exclusionWorkflow,
  exclusionRiskWorkflow,
  ceaseToMaintainWorkflow,
  phaseTransferWorkflow,
  appealWorkflow,
  reassessmentWorkflow,
  authorityTransferWorkflow,
];

const knows = (workflow: string, command: string): boolean =>
  workflows.some(({ id, commands }) => id === workflow && commands.find(command) !== undefined);

/** Every workflow, and how they meet. */
export const processes: Processes = {
  workflows,
  joins: joins.flatMap((join) =>
    join.begins === undefined
      ? [{ ...join, tells: (join.tells ?? []).filter((workflow) => knows(workflow, join.command)) }]
      : knows(join.begins, join.command)
        ? [join]
        : [],
  ),
};

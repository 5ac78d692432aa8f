import { identificationDuties } from './identification';
import { assessmentDuties } from './assessment';
import { planDuties } from './plan';
import { transferDuties } from './transfer';
import { reviewDuties } from './review';
import { amendmentDuties } from './amendment';
import { reassessmentDuties } from './reassessment';
import { ceasingDuties } from './ceasing';
import { mediationDuties } from './mediation';
import { appealDuties } from './appeal';
import { tribunalOrderDuties } from './tribunal-order';
import { unopposedAppealDuties } from './unopposed-appeal';
import { budgetDuties } from './budget';
import { custodyDuties } from './custody';
import { exclusionDuties } from './exclusion';
import { offsiteDirectionDuties } from './offsite-direction';
import { reviewPolicy } from './review-policy';
import { phaseTransferPolicy } from './phase-transfer-policy';
import { practiceDuties } from './practice';
import { provisionPolicy } from './provision-policy';
import { temporaryDuties } from './temporary';
import { reformDuties } from './reform';

/** Every duty, in the order of the Acts and Regulations. */
export const allDuties = [
  ...identificationDuties,
  ...assessmentDuties,
  ...planDuties,
  ...transferDuties,
  ...reviewDuties,
  ...amendmentDuties,
  ...reassessmentDuties,
  ...ceasingDuties,
  ...mediationDuties,
  ...appealDuties,
  ...tribunalOrderDuties,
  ...unopposedAppealDuties,
  ...budgetDuties,
  ...custodyDuties,
  ...exclusionDuties,
  ...offsiteDirectionDuties,
  ...practiceDuties,
  ...reviewPolicy,
  ...provisionPolicy,
  ...phaseTransferPolicy,
  ...temporaryDuties,
  ...reformDuties,
] as const;

export type DutyId = (typeof allDuties)[number]['id'];

import type { AssessmentContext } from '@send/workflows';
import { adviceVariants, planVariants } from './stretches';
import { walk } from './walk';

export const needsAssessmentWalk = walk<AssessmentContext>({
  variants: {
    requestReceived: [{ from: 'parent' }, { from: 'other' }],
    ...adviceVariants,
    mediationAgreed: [{ agreed: 'assess' }, { agreed: 'make-plan' }],
    tribunalOrderMade: [{ order: 'assess' }, { order: 'make-plan' }],
    ...planVariants,
  },
  days: { caseClosed: 90 },
  likeness: ({ plan, advice, facts }) => [
    plan.familyIsDone,
    plan.meeting,
    Object.values(plan.consultations).map((one) => one.answeredOn !== undefined),
    Object.values(advice).map((one) => one.receivedOn !== undefined),
    'decidedToAssess' in facts,
    'draftPlanServed' in facts,
    'finalPlanIssued' in facts,
    'decisionNoticeSent' in facts,
  ],
});

import type { ReassessmentContext } from '@send/workflows';
import { adviceVariants, planVariants } from './stretches';
import { walk } from './walk';

export const reassessmentWalk = walk<ReassessmentContext>({
  variants: {
    reassessmentRequested: [{ from: 'parent' }, { from: 'health' }],
    ...adviceVariants,
    mediationAgreed: [{ agreed: 'reassess' }, { agreed: 'other' }],
    tribunalOrderMade: [{ order: 'reassess' }, { order: 'other' }],
    ...planVariants,
  },
  days: { caseClosed: 90 },
  likeness: ({ plan, advice, facts }) => [
    plan.familyIsDone,
    plan.meeting,
    Object.values(plan.consultations).map((one) => one.answeredOn !== undefined),
    Object.values(advice).map((one) => one.receivedOn !== undefined),
    'decidedToReassess' in facts,
    'reassessmentCompleted' in facts,
    'draftPlanServed' in facts,
    'finalPlanIssued' in facts,
    'decisionNoticeSent' in facts,
  ],
});

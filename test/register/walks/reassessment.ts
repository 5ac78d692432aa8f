import type { ReassessmentContext } from '@send/workflows';
import { walk } from './walk';

export const reassessmentWalk = walk<ReassessmentContext>({
  variants: {
    reassessmentRequested: [{ from: 'parent' }, { from: 'health' }],
    adviceSought: [
      {
        requests: [
          { request: 'r1', kind: 'education', adviser: 'a1' },
          { request: 'r2', kind: 'health', adviser: 'a2' },
        ],
      },
    ],
    adviceReceived: [{ request: 'r1' }, { request: 'r2' }],
    adviceReturned: [{ request: 'r1' }],
    adviceChased: [{ request: 'r1' }],
    adviceReused: [
      {
        request: 'r3',
        kind: 'psychology',
        adviser: 'a3',
        authorAgrees: true,
        authorityAgrees: true,
        familyAgrees: true,
      },
    ],
    mediationAgreed: [{ agreed: 'reassess' }, { agreed: 'other' }],
    tribunalOrderMade: [{ order: 'reassess' }, { order: 'other' }],
    representationsReceived: [{}, { nothingMoreToSay: true }],
    schoolRequested: [{ setting: 's1' }],
    settingConsulted: [
      { consultation: 'c1', setting: 's1' },
      { consultation: 'c2', setting: 's2' },
    ],
    settingAnswered: [
      { consultation: 'c1', answer: 'yes' },
      { consultation: 'c2', answer: 'yes' },
    ],
    consultationChased: [{ consultation: 'c1' }],
    placementNamed: [{ setting: 's1', type: 'Mainstream' }],
    exceptionRelied: [{ ground: 'awayFromArea', from: '2026-01-05', to: '2026-02-05', reason: 'Abroad' }],
    letterSent: [{ group: 'none', recipient: 'one' }],
    letterServed: [{ clock: 'draftPlanServed' }],
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

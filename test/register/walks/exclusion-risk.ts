import { type CohortContext, mayUse } from '@send/workflows';
import { walk } from './walk';

const sources = [{ source: 'school' }];

export const exclusionRiskWalk = walk<CohortContext>({
  variants: {
    childNominated: [{ reasons: ['x'] }, { reasons: ['x'], plan: true }],
    riskIndicatorsMet: [{ reasons: ['x'] }, { reasons: ['x'], plan: true }],
    consentAsked: [
      { whom: 'parent', sources },
      { whom: 'young-person', sources },
    ],
    consentGiven: [{ sources: [...sources, { source: 'health' }] }],
    consentWithdrawn: [{ sources }, {}],
    supportPlanAgreed: [{ lead: 'A', interventions: [{ what: 'One', owner: 'B', dueOn: '2026-10-01' }] }],
    interventionDone: [{ what: 'One' }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  likeness: ({ cohort }) => [
    cohort.reminders,
    cohort.interventions.filter(({ doneOn }) => doneOn === undefined).length,
    Object.values(cohort.sources).filter((use) => mayUse(use, '2026-01-05')).length,
  ],
});

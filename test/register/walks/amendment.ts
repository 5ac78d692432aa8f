import type { AmendmentContext } from '@send/workflows';
import { walk } from './walk';

/** What the stretch from proposed amendments to the amended plan needs, in every workflow that amends one. */
export const amendVariants = {
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
  amendedFinalPlanIssued: [{ changesFOrI: true }],
  letterSent: [{ group: 'none', recipient: 'one' }],
  letterServed: [{ clock: 'amendmentsServed' }],
} as const;

export const amendLikeness = ({ plan, facts }: Pick<AmendmentContext, 'plan' | 'facts'>): unknown[] => [
  plan.familyIsDone,
  plan.meeting,
  Object.values(plan.consultations).map((one) => one.answeredOn !== undefined),
  'amendmentsServed' in facts,
];

export const amendmentWalk = walk<AmendmentContext>({ variants: amendVariants, likeness: amendLikeness });

import type { CeasingContext } from '@send/workflows';
import { walk } from './walk';

const outcomes = ['dismissed', 'continue', 'continue-and-amend', 'other'];

export const ceaseToMaintainWalk = walk<CeasingContext>({
  variants: {
    ceasingConsidered: [{}, { review: true }],
    ceasingConsulted: [{ replyBy: '2026-02-01' }],
    ceasingViewsReceived: [{ from: 'family' }, { from: 'setting' }],
    cessationDecided: [{ ground: 'not-necessary', age: 17 }],
    returnReviewed: [
      { wantsToReturn: true, returnIsRight: true },
      { wantsToReturn: false, returnIsRight: true },
    ],
    tribunalOrderMade: outcomes.map((order) => ({ order })),
    mediationAgreed: outcomes.map((agreed) => ({ agreed })),
    appealConceded: [{}, { amendmentAgreed: true }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  days: { planCeased: 120, twentyFifthBirthday: 20 },
  likeness: ({ ceasing, duties, facts }) => [
    ceasing.leaving,
    duties['cease.consult-first']?.metOn !== undefined,
    'cessationDecided' in facts,
    'decidedNotToCease' in facts,
    'appealLodged' in facts,
    'decisionNoticeSent' in facts,
  ],
});

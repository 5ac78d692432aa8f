import type { TransferContext } from '@send/workflows';
import { walk } from './walk';

const there = { council: 'Farshire', authority: 'a1' };

export const authorityTransferWalk = walk<TransferContext>({
  variants: {
    becameAwareOfMove: [
      { ...there, movesOn: '2026-01-05', what: 'plan' },
      { ...there, movesOn: '2026-01-05', what: 'assessment' },
    ],
    moveDayChanged: [{ movesOn: '2026-01-10' }],
    movedIn: [{ ...there, movedOn: '2026-01-05' }],
    planTransferred: [{ ...there, madeOrReviewedOn: '2025-06-01' }],
    planTransferredIn: [{ ...there, madeOrReviewedOn: '2025-06-01' }],
    assessmentHandedOver: [{ ...there, familyAgrees: true }],
    familyInformedOfTransfer: [{ assessmentProposed: true, reviewBy: '2026-12-01' }],
    placedForNow: [{ setting: 's1', startsOn: '2026-02-02' }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  likeness: ({ duties, facts }) => [
    'planTransferred' in facts,
    'assessmentHandedOver' in facts,
    'becameAwareOfMove' in facts,
    Object.values(duties).every(({ metOn, endedOn }) => metOn !== undefined || endedOn !== undefined),
  ],
});

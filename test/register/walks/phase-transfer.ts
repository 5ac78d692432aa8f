import type { PhaseTransferContext } from '@send/workflows';
import { walk } from './walk';

export const phaseTransferWalk = walk<PhaseTransferContext>({
  variants: {
    phaseTransferDue: [
      { year: 2027, phase: 'primary-to-secondary' },
      { year: 2027, phase: 'secondary-to-post-16' },
      { year: 2015, phase: 'secondary-to-post-16' },
      { year: 2027, phase: 'post-16', movesOn: '2027-04-12' },
    ],
    amendedFinalPlanIssued: [{}, { setting: 's1' }],
    planKept: [{}, { namesNext: true }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  likeness: ({ move }) => [move.reviewed],
});

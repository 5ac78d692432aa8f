import type { PanelContext } from '@send/workflows';
import { walk } from './walk';

const decision = { decision: 'agree', reasons: ['Because'] };

export const panelDecisionWalk = walk<PanelContext>({
  variants: {
    putOnAgenda: [{ sitting: 's1', meetsOn: '2026-02-10' }],
    takenOffAgenda: [{}, { sitting: 's2' }],
    sittingCancelled: [{ sitting: 's1' }, { sitting: 's2' }],
    panelRecommended: [
      {
        recommendation: 'defer',
        sitting: 's2',
        missing: ['A report'],
        missingFrom: 'The school',
        replyBy: '2026-03-01',
        nextMeetsOn: '2026-03-10',
      },
      { recommendation: 'agree', reasons: ['Because'] },
      {
        recommendation: 'defer',
        missing: ['A report'],
        missingFrom: 'The school',
        replyBy: '2026-03-01',
        nextMeetsOn: '2026-03-10',
      },
    ],
    panelDecisionMade: [decision],
    decidedWithoutPanel: [decision],
    auditDrawn: [{ months: 6, inSample: true }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  likeness: ({ item, facts }) => [
    item.decision,
    item.over,
    item.recommendedBy,
    item.sitting,
    'planEnded' in facts,
    'movedAway' in facts,
    'childDied' in facts,
  ],
});

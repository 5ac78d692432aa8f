import type { PanelContext } from '@send/workflows';
import { walk } from './walk';

const decision = { decision: 'agree', reasons: ['Because'] };

export const panelDecisionWalk = walk<PanelContext>({
  variants: {
    putOnAgenda: [{ sitting: 's1', meetsOn: '2026-02-10' }],
    panelRecommended: [
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
    'planEnded' in facts,
    'movedAway' in facts,
    'childDied' in facts,
  ],
});

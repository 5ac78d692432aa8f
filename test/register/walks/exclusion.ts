import type { ExclusionContext } from '@send/workflows';
import { walk } from './walk';

const notice = { firstDay: '2026-01-05', sessions: 2, number: 1 };

export const exclusionWalk = walk<ExclusionContext>({
  variants: {
    exclusionDecided: [
      { ...notice, kind: 'suspension' },
      { ...notice, kind: 'suspension', number: 3, plan: true, lookedAfter: true, sessions: 12, earlierInYear: 80 },
      { ...notice, kind: 'suspension', earlierInTerm: 30, socialWorker: true },
      { ...notice, kind: 'suspension', ofSchoolAge: false },
      { ...notice, kind: 'permanent', exam: true },
      { ...notice, kind: 'permanent', livesHere: false },
      { ...notice, kind: 'permanent', ofSchoolAge: false },
    ],
    offsiteDirectionDecided: [{ schoolKind: 'maintained' }, { schoolKind: 'pru' }],
    toldOfExclusion: [{ who: 'parent' }, { who: 'public-places' }, { who: 'authority' }, { who: 'social-worker' }],
    boardDecided: [{ outcome: 'upheld' }, { outcome: 'reinstated' }],
    panelDecided: [{ outcome: 'upheld' }, { outcome: 'quashed' }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  days: { exclusionClosed: 5 },
  depth: 6,
  likeness: ({ exclusion, duties }) =>
    [
      exclusion === null,
      ['exclusion.sixth-day-permanent', 'practice.exclusion-risk-three-suspensions'].map((duty) => duties[duty]?.metOn),
    ].map((one) => JSON.stringify(one)),
});

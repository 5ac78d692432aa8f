import type { AppealContext } from '@send/workflows';
import { walk } from './walk';

export const appealWalk = walk<AppealContext>({
  variants: {
    mediationRequested: [{ about: 'contents' }],
    mediationDeclined: [{ about: 'contents' }],
    appealLodged: [
      { about: 'contents' },
      { about: 'placement' },
      { about: 'cease' },
      { about: 'refuse-to-assess', onRecord: true },
    ],
    mediationPlanned: [{ meetingOn: '2026-03-02', time: '10am', place: 'The library' }],
    mediationAgreed: [
      { agreed: 'amend-plan' },
      { agreed: 'assess' },
      {
        agreed: 'other',
        actions: [
          { action: 'a1', what: 'Ring the school' },
          { action: 'a2', what: 'Send the report' },
        ],
      },
    ],
    agreedActionDone: [{ action: 'a1' }, { action: 'a2' }],
    healthIssuesTold: [{}, { nothingElse: true }],
    stepDirected: [
      { step: 's1', what: 'Send evidence', kind: 'evidence', dueOn: '2026-06-01' },
      { step: 's2', what: 'Send the bundle', kind: 'bundle', workingDays: 10 },
    ],
    stepDone: [{ step: 's1' }, { step: 's2' }],
    hearingFixed: [{ hearingOn: '2026-09-01' }],
    tribunalOrderMade: [
      { order: 'amend-plan' },
      { order: 'amend-placement' },
      { order: 'reconsider' },
      { order: 'continue' },
      { order: 'continue-and-amend' },
      { order: 'assess' },
      { order: 'dismissed' },
      { order: 'other' },
    ],
    recommendationMade: [{ body: 'health' }],
    recommendationAnswered: [{ body: 'health', following: 'no' }],
    amendedFinalPlanIssued: [{ changesFOrI: true }],
    exceptionRelied: [{ ground: 'awayTwoWeeks', from: '2026-01-05', to: '2026-02-05', reason: 'Abroad' }],
    letterSent: [{ group: 'none', recipient: 'one' }],
  },
  days: { caseClosed: 120 },
  depth: 3,
  likeness: ({ dispute, facts }) => [
    dispute.about,
    dispute.mediation,
    Object.values(dispute.steps).map((one) => (one.doneOn ?? one.droppedOn) === undefined),
    Object.values(dispute.actions).map((one) => one.doneOn === undefined),
    'appealLodged' in facts,
    'mediationRequested' in facts,
  ],
});

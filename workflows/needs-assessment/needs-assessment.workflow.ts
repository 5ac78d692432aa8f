import {
  change,
  delivered,
  emptyContext,
  type FactEvent,
  isRecorded,
  meet,
  noLimit,
  owes,
  recorded,
  send,
  serviceProved,
  startClock,
  text,
  timePassed,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { panelTold } from '../panel-told';
import { type AdviceContext, adviceRegion, noAdviceYet } from '../advice/advice-region';
import { exceptionFacts, exceptionsRegion } from '../exceptions';
import {
  consultationRegion,
  freshRights,
  isDrafted,
  issuing,
  noPlanYet,
  type PlanContext,
  planPositions,
  planRecorded,
  recordedUnless,
  requestsRegion,
} from '../plan/plan-stretch';

export interface AssessmentContext extends PlanContext, AdviceContext {
  /** Who asked: parent, young-person, school or other (brought to attention, CFA s 24). */
  requestFrom: string;
}

type C = AssessmentContext;
type Args = { context: C; event: FactEvent };

/** What is met once all are asked. */
const advisersAsked = ['assessment.seek-advice', 'assessment.copies-to-advisers'];

const decided = whenAsked<C>(({ context }) => context.facts['decidedToAssess'] !== undefined);

const takeRequest = [
  change<C>(({ context, event }) => {
    const from = text(event.payload, 'from') ?? 'parent';
    const fact = from === 'other' ? 'responsibilityBegan' : 'requestReceived';
    return {
      requestFrom: from,
      fromYear9: event.payload['fromYear9'] === true,
      facts: { ...context.facts, [fact]: event.on },
    };
  }),
  send<C>('assessment.ack-request', 'parent-or-young-person'),
  send<C>('assessment.ack-request-setting', ({ event }) =>
    text(event.payload, 'from') === 'school' ? 'setting' : null,
  ),
];

const isPlanComing = (context: C): boolean => isDrafted(context) || context.facts['decidedToIssue'] !== undefined;
const isDecided = (context: C): boolean => isPlanComing(context) || context.facts['assessmentDecided'] !== undefined;

const isFirstRequest = ({ context, event }: Args): boolean =>
  event.door === 'record' &&
  context.facts['requestReceived'] === undefined &&
  context.facts['responsibilityBegan'] === undefined;

const isAskedAgain = ({ context, event }: Args): boolean =>
  event.door === 'record' &&
  issuing.some((duty) => {
    const state = context.duties[duty];
    return state !== undefined && state.metOn === undefined && state.endedOn === undefined;
  });

/** Reg 45(1) itself decides the appeal: nothing is left to do for that. */
const conceded = [startClock<C>('appealConceded'), meet<C>('unopposed-appeal.treated-as-won')];

const considering = [
  startClock<C>('consideringAssessment'),
  send<C>('assessment.notice-considering', 'parent-or-young-person', {
    meets: ['assessment.consult-on-request', 'assessment.notify-family-considering'],
  }),
  send<C>('assessment.notify-partners-considering', 'partners', { meets: ['assessment.notify-others-considering'] }),
  send<C>('assessment.child-explainer', 'child'),
];

/** The partners told under reg 4(2) are told of the decision too: reg 5(2). */
const tellPartners = send<C>('assessment.decision-partners', 'partners', {
  meets: ['assessment.notify-others-of-decision'],
});

const agreeToAssess = [
  startClock<C>('decidedToAssess'),
  startClock<C>('assessmentDecided'),
  send<C>('assessment.agree', 'parent-or-young-person', {
    meets: [
      'assessment.decide-whether-to-assess',
      'tribunal-order.assess-notify',
      'unopposed-appeal.assess-notify',
      'unopposed-appeal.as-made-version',
    ],
  }),
  send<C>('assessment.views-parent', 'parent-or-young-person'),
  tellPartners,
  send<C>('assessment.child-decision', 'child'),
  send<C>('assessment.child-views', 'child'),
];

const refuseToAssess = [
  freshRights<C>(),
  startClock<C>('decidedNotToAssess'),
  startClock<C>('assessmentDecided'),
  send<C>('assessment.refuse', 'parent-or-young-person', {
    meets: [
      'assessment.decide-whether-to-assess',
      'assessment.notify-not-necessary-at-outset',
      'assessment.refusal-to-assess-notice',
    ],
    sent: 'decisionNoticeSent',
  }),
  tellPartners,
  send<C>('assessment.child-decision', 'child'),
];

const refusePlan = [
  freshRights<C>(),
  startClock<C>('decidedNotToIssue'),
  send<C>('assessment.refuse-plan', 'parent-or-young-person', {
    meets: ['assessment.notify-no-plan', 'tribunal-order.assess-no-plan', 'unopposed-appeal.assess-no-plan'],
    sent: 'decisionNoticeSent',
  }),
  send<C>('assessment.refuse-plan-partners', 'partners', { meets: ['assessment.notify-others-no-plan'] }),
  send<C>('assessment.child-decision', 'child'),
];

const agreePlan = [
  startClock<C>('decidedToIssue'),
  send<C>('assessment.agree-plan', 'parent-or-young-person'),
  send<C>('assessment.child-decision', 'child'),
];

/** Letters of decisions that no longer stand stay where they are. */
const nothingMoreLeaves = change<C>(() => ({ awaiting: {} }));

/** On record for people and reports; it moves no position and no date. */
const noChange = change<C>(() => ({}));

const withdraw = [startClock<C>('withdrawn'), send<C>('assessment.withdrawn', 'parent-or-young-person')];

const order =
  (...orders: string[]) =>
  ({ event }: Args) =>
    event.door === 'record' && orders.includes(text(event.payload, 'order') ?? text(event.payload, 'agreed') ?? '');

const toAssess = order('assess');
const toMakePlan = order('make-plan');

/**
 * EHC needs assessment, from the request to the final plan: CFA 2014 ss 36 to 40; SEND Regs 2014 regs 3 to 14.
 * Four things go on side by side: the path to the plan, the limit that runs, the advice, the settings consulted.
 */
export const needsAssessment = setup({
  types: { context: {} as AssessmentContext, events: {} as FactEvent },
  guards: {},
}).createMachine({
  id: 'needs-assessment',
  version: '1',
  type: 'parallel',
  context: {
    ...emptyContext(),
    plan: noPlanYet(),
    requestFrom: 'not on record',
    ...noAdviceYet(),
  },
  states: {
    path: {
      initial: 'awaitingRequest',
      on: {
        letterSent: { actions: delivered<C>() },
        letterServed: { actions: serviceProved<C>() },
        ...exceptionFacts<C>(),
        ...panelTold<C>(),
        appointmentMade: { actions: send<C>('assessment.appointment', 'parent-or-young-person') },
        schoolInformationRequested: { actions: send<C>('assessment.request-school-information', 'setting') },
        appointmentMissed: { actions: noChange },
        lateCauseRecorded: { actions: noChange },
        requestWithdrawn: { target: '.withdrawn', actions: [nothingMoreLeaves, ...withdraw] },
        movedAway: { target: '.movedAway', actions: nothingMoreLeaves },
        notResponsible: {
          target: '.notResponsible',
          actions: [nothingMoreLeaves, send<C>('assessment.not-responsible', 'parent-or-young-person')],
        },
        childDied: { target: '.ended', actions: nothingMoreLeaves },
        mediationAgreed: [
          { guard: toAssess, target: '.assessing', actions: startClock<C>('mediationAgreed') },
          { guard: toMakePlan, target: '.preparingDraft', actions: startClock<C>('mediationAgreed') },
        ],
        tribunalOrderMade: [
          { guard: toAssess, target: '.assessing', actions: startClock<C>('tribunalOrderMade') },
          { guard: toMakePlan, target: '.preparingDraft', actions: startClock<C>('tribunalOrderMade') },
        ],
        ...recorded({
          mediationRequested: { actions: meet<C>('mediation.contact-adviser') },
          mediationCertificateIssued: { actions: startClock<C>('mediationCertificateIssued') },
          appealLodged: { actions: meet<C>('appeal.time-limit', 'mediation.contact-adviser') },
        }),
        /** While a limit for a plan runs, the first request's date stands. When it is over, a new request is a new case. */
        requestReceived: [
          { guard: isFirstRequest, target: '.considering', actions: takeRequest },
          { guard: isAskedAgain, actions: noChange },
        ],
        ...recorded({
          decidedNotToAssess: { target: '.refusedToAssess', actions: refuseToAssess },
          determinedNotNecessary: { target: '.refusedAtOutset', actions: refuseToAssess },
          decidedNotToIssue: { target: '.planRefused', actions: refusePlan },
          /** No refusal is on record: what was conceded can only be one to assess. */
          appealConceded: { target: '.assessing', actions: conceded },
        }),
        viewsReceived: { actions: meet<C>('assessment.matters-to-take-into-account') },
        supportConsidered: { actions: meet<C>('assessment.information-and-support-needs') },
        consideringAssessment: recordedUnless<C>(isDecided, '.considering', considering),
        decidedToAssess: recordedUnless<C>(isPlanComing, '.assessing', agreeToAssess),
        decidedToIssue: recordedUnless<C>(isDrafted, '.preparingDraft', agreePlan),
        ...planRecorded<C>(),
      },
      states: {
        awaitingRequest: {
          meta: noLimit('Waiting for a request', 'No request is on record yet'),
          on: { requestReceived: { target: 'considering', actions: takeRequest } },
        },
        /** Six weeks to decide, from the day the request was received: reg 5(1). */
        considering: {
          meta: owes(
            'Deciding whether to assess',
            'assessment.who-may-request',
            'assessment.consult-on-request',
            'assessment.notify-family-considering',
            'assessment.notify-others-considering',
            'assessment.decide-whether-to-assess',
            'assessment.test-for-assessment',
          ),
          on: {
            consideringAssessment: { actions: considering },
            decidedToAssess: { target: 'assessing', actions: agreeToAssess },
            decidedNotToAssess: { target: 'refusedToAssess', actions: refuseToAssess },
            determinedNotNecessary: { target: 'refusedAtOutset', actions: refuseToAssess },
          },
        },
        refusedToAssess: {
          meta: owes(
            'Refused to assess',
            'assessment.decide-whether-to-assess',
            'assessment.notify-others-of-decision',
            'assessment.refusal-to-assess-notice',
            'appeal.time-limit',
            'mediation.contact-adviser',
          ),
          on: { ...afterRefusal('assessing', agreeToAssess) },
        },
        /** Reg 4(1): no plan can be necessary. Six weeks, and no exception excuses it. */
        refusedAtOutset: {
          meta: owes(
            'Refused at the outset',
            'assessment.decide-whether-to-assess',
            'assessment.notify-not-necessary-at-outset',
            'assessment.notify-others-of-decision',
            'assessment.refusal-to-assess-notice',
            'appeal.time-limit',
            'mediation.contact-adviser',
          ),
          on: { ...afterRefusal('assessing', agreeToAssess) },
        },
        assessing: {
          meta: owes(
            'Assessing',
            'assessment.decide-whether-to-assess',
            'assessment.notify-others-of-decision',
            'assessment.seek-advice',
            'assessment.existing-advice-not-resought',
            'assessment.copies-to-advisers',
            'assessment.matters-to-take-into-account',
            'assessment.information-and-support-needs',
          ),
          on: {
            /** After a concession, an order or an agreement the family is told that we will assess. */
            decidedToAssess: {
              guard: whenAsked<C>(({ context }) => context.facts['decidedToAssess'] === undefined),
              actions: agreeToAssess,
            },
            decidedToIssue: { target: 'preparingDraft', actions: agreePlan },
            decidedNotToIssue: { target: 'planRefused', actions: refusePlan },
          },
        },
        planRefused: {
          meta: owes(
            'Refused a plan',
            'assessment.notify-others-no-plan',
            'appeal.time-limit',
            'mediation.contact-adviser',
          ),
          on: { ...afterRefusal('preparingDraft', agreePlan, 'decidedToIssue') },
        },
        ...planPositions<C>(),
        withdrawn: { tags: 'closed', meta: noLimit('Withdrawn', 'The request was withdrawn: nothing is owed on it') },
        movedAway: {
          tags: 'closed',
          meta: noLimit('Moved away', 'The new authority is responsible from the day of the move'),
        },
        notResponsible: {
          tags: 'closed',
          meta: noLimit('Not this authority', 'Another authority is responsible: CFA s 24'),
        },
        ended: { tags: 'closed', meta: noLimit('Closed', 'No letter is sent any more') },
        appealTimeOver: {
          tags: 'closed',
          meta: noLimit('Closed after refusal', 'The time to appeal is over and no appeal is on record'),
          on: { appealConceded: { guard: isRecorded, target: 'assessing', actions: conceded } },
        },
      },
    },

    /** Which limit runs. It follows the path; an order or an agreement brings its own, a refusal ends it. */
    limit: {
      initial: 'notStarted',
      on: {
        requestWithdrawn: '.noneRuns',
        movedAway: '.noneRuns',
        notResponsible: '.noneRuns',
        childDied: '.noneRuns',
        decidedNotToAssess: '.noneRuns',
        determinedNotNecessary: '.noneRuns',
        mediationAgreed: [
          { guard: toAssess, target: '.afterOrderToAssess' },
          { guard: toMakePlan, target: '.afterOrderToMakePlan' },
        ],
        tribunalOrderMade: [
          { guard: toAssess, target: '.afterOrderToAssess' },
          { guard: toMakePlan, target: '.afterOrderToMakePlan' },
        ],
      },
      states: {
        notStarted: {
          meta: { noLimit: 'Nothing has started a limit' },
          on: {
            appealConceded: { guard: isRecorded, target: 'afterConcession' },
            requestReceived: 'fromRequest',
            consideringAssessment: 'fromRequest',
            decidedToAssess: 'fromRequest',
            decidedNotToIssue: 'fromRequest.noPlan',
            decidedToIssue: 'fromRequest.planComing',
            draftPlanSent: 'fromRequest.planComing',
            finalPlanIssued: 'fromRequest.planComing',
          },
        },
        /** Weeks 16 and 20 run from the request, not from the decision to assess: regs 10(1) and 13(2). */
        fromRequest: {
          initial: 'planOrNot',
          states: {
            planOrNot: {
              meta: {
                owes: ['assessment.notify-no-plan', 'assessment.proceed-to-plan-by-week-16', 'plan.issue-final'],
              },
              on: {
                decidedNotToIssue: 'noPlan',
                decidedToIssue: 'planComing',
                draftPlanSent: 'planComing',
                finalPlanIssued: 'planComing',
                appealConceded: { guard: isRecorded, target: '#needs-assessment.limit.afterConcession' },
              },
            },
            planComing: {
              meta: { owes: ['assessment.proceed-to-plan-by-week-16', 'plan.issue-final', 'plan.final-plan-notice'] },
              on: { decidedNotToIssue: 'noPlan' },
            },
            noPlan: {
              meta: { owes: ['assessment.notify-no-plan'] },
              on: {
                decidedToIssue: 'planComing',
                draftPlanSent: 'planComing',
                finalPlanIssued: 'planComing',
                appealConceded: { guard: isRecorded, target: '#needs-assessment.limit.afterConcessionToMakePlan' },
              },
            },
          },
        },
        /** Reg 44(2)(b), and reg 42(2) where mediation agreed it. */
        afterOrderToAssess: {
          initial: 'planOrNot',
          states: {
            planOrNot: {
              meta: {
                owes: [
                  'tribunal-order.assess-notify',
                  'tribunal-order.assess-no-plan',
                  'tribunal-order.assess-final-plan',
                ],
              },
              on: {
                decidedNotToIssue: 'noPlan',
                decidedToIssue: 'planComing',
                draftPlanSent: 'planComing',
                finalPlanIssued: 'planComing',
              },
            },
            planComing: {
              meta: { owes: ['tribunal-order.assess-notify', 'tribunal-order.assess-final-plan'] },
              on: { decidedNotToIssue: 'noPlan' },
            },
            noPlan: {
              meta: { owes: ['tribunal-order.assess-notify', 'tribunal-order.assess-no-plan'] },
              on: { decidedToIssue: 'planComing', draftPlanSent: 'planComing', finalPlanIssued: 'planComing' },
            },
          },
        },
        /** Reg 44(2)(c): the draft in five weeks, the final plan in eleven. */
        afterOrderToMakePlan: { meta: { owes: ['tribunal-order.make-plan-draft', 'tribunal-order.make-plan-final'] } },
        /**
         * The authority does not oppose. Before its response was filed reg 45 gives the limit; with no order the
         * 20 weeks stay counted from the request: R (W) v Hertfordshire [2023] EWHC 3138 (Admin), README C2. Where
         * the record does not say which, both are owed and the earlier is worked to.
         */
        afterConcession: {
          initial: 'planOrNot',
          states: {
            planOrNot: {
              meta: {
                owes: [
                  'unopposed-appeal.treated-as-won',
                  'unopposed-appeal.as-made-version',
                  'unopposed-appeal.assess-notify',
                  'unopposed-appeal.assess-no-plan',
                  'unopposed-appeal.assess-final-plan',
                  'appeal.concession-without-order',
                  'assessment.notify-no-plan',
                  'plan.issue-final',
                ],
              },
              on: {
                decidedNotToIssue: 'noPlan',
                decidedToIssue: 'planComing',
                draftPlanSent: 'planComing',
                finalPlanIssued: 'planComing',
              },
            },
            planComing: {
              meta: {
                owes: [
                  'unopposed-appeal.as-made-version',
                  'unopposed-appeal.assess-notify',
                  'unopposed-appeal.assess-final-plan',
                  'appeal.concession-without-order',
                  'plan.issue-final',
                ],
              },
              on: { decidedNotToIssue: 'noPlan' },
            },
            noPlan: {
              meta: {
                owes: [
                  'unopposed-appeal.assess-notify',
                  'unopposed-appeal.assess-no-plan',
                  'assessment.notify-no-plan',
                ],
              },
              on: { decidedToIssue: 'planComing', draftPlanSent: 'planComing', finalPlanIssued: 'planComing' },
            },
          },
        },
        afterConcessionToMakePlan: {
          meta: {
            owes: [
              'unopposed-appeal.treated-as-won',
              'unopposed-appeal.as-made-version',
              'unopposed-appeal.make-plan-draft',
              'unopposed-appeal.make-plan-final',
            ],
          },
        },
        noneRuns: {
          meta: { noLimit: 'A refusal, a withdrawal or a move ends the limit for a plan' },
          on: {
            /** Reversed with no order: the weeks stay counted from the request (README C2). */
            decidedToAssess: 'fromRequest',
            decidedToIssue: 'fromRequest.planComing',
            draftPlanSent: 'fromRequest.planComing',
            finalPlanIssued: 'fromRequest.planComing',
            appealConceded: { guard: isRecorded, target: 'afterConcession' },
            requestReceived: 'fromRequest',
          },
        },
      },
    },

    advice: adviceRegion<C>({ decided, met: advisersAsked }),

    exceptions: exceptionsRegion(),
    consultation: consultationRegion<C>(),
    requests: requestsRegion(),
  },
});

function afterRefusal(target: 'assessing' | 'preparingDraft', actions: typeof agreeToAssess, fact = 'decidedToAssess') {
  return {
    [fact]: { target, actions },
    appealConceded: { guard: isRecorded, target, actions: conceded },
    /** The case is put away once the family's time to appeal is over. */
    caseClosed: {
      guard: whenAsked<C>(({ context, event }) => timePassed(context, 'appeal.time-limit', event.on)),
      target: 'appealTimeOver',
    },
  };
}

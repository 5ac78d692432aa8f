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
  sendEach,
  serviceProved,
  startClock,
  text,
  timePassed,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { type AdviceContext, adviceRegion, noAdviceYet } from '../advice/advice-region';
import { atRest, ended, endings, nothingMoreLeaves } from '../endings';
import { exceptionFacts, exceptionsRegion } from '../exceptions';
import { panelTold } from '../panel-told';
import { rightsUsed } from '../plan/amend-stretch';
import {
  consultationRegion,
  familyHeard,
  freshRights,
  isDrafted,
  noPlanYet,
  plan,
  type PlanContext,
  planPositions,
  planRecorded,
  recordedUnless,
  requestsRegion,
} from '../plan/plan-stretch';
import { concedesRefusal, limitRegion, toReassess } from './reassessment-limit';

export interface ReassessmentContext extends PlanContext, AdviceContext {
  /** Who asked: parent, young-person, setting or health; nobody where the authority decided by itself, s.44(3). */
  requestFrom: string;
}

type C = ReassessmentContext;
type Args = { context: C; event: FactEvent };

const is = (context: C, fact: string): boolean => context.facts[fact] !== undefined;
const nothing = change<C>(() => ({}));
const asksHealth = ({ event }: Args): boolean => text(event.payload, 'from') === 'health';

const takeRequest = [
  change<C>(({ event }) => ({
    requestFrom: text(event.payload, 'from') ?? 'not on record',
    fromYear9: event.payload['fromYear9'] === true,
  })),
  startClock<C>('reassessmentRequested'),
  sendEach<C>('reassess.ack', ({ event }) => {
    const from = text(event.payload, 'from');
    const asker = from === 'health' || from === 'setting' ? [{ subject: 'asker', to: from }] : [];
    return [{ subject: 'family', to: 'parent-or-young-person' }, ...asker];
  }),
];

const notified = ['reassess.decision-notified', 'tribunal-order.assess-notify', 'unopposed-appeal.assess-notify'];

/** The notification starts the fourteen weeks where somebody asked; where nobody did, the decision has: reg 27(2). */
const agree = [
  startClock<C>('decidedToReassess'),
  meet<C>('reassess.on-request', 'reassess.on-health-request'),
  change<C>(({ context, event }) => ({ fromYear9: context.fromYear9 || event.payload['fromYear9'] === true })),
  send<C>('reassess.agree', ({ context }) => (is(context, 'reassessmentRequested') ? 'parent-or-young-person' : null), {
    meets: notified,
    sent: 'reassessmentNotified',
  }),
  send<C>('reassess.agree', ({ context }) => (is(context, 'reassessmentRequested') ? null : 'parent-or-young-person'), {
    meets: notified,
  }),
];

const refuse = [
  freshRights<C>(),
  startClock<C>('decidedNotToReassess'),
  send<C>('reassess.refuse', 'parent-or-young-person', {
    meets: ['reassess.decision-notified'],
    sent: 'decisionNoticeSent',
  }),
];

/** The plan will change: from here on as regs 11 to 14 have it, by reg 27(1). */
const changePlan = [startClock<C>('decidedToIssue'), meet<C>('reassess.procedure')];

/** Reg 27(4) and (5): with reasons and rights. */
const noChange = [
  freshRights<C>(),
  startClock<C>('reassessmentCompleted'),
  meet<C>('reassess.procedure'),
  send<C>('reassess.no-change', 'parent-or-young-person', {
    meets: [
      'reassess.no-change-notice',
      'tribunal-order.assess-no-plan',
      'unopposed-appeal.assess-no-plan',
      'unopposed-appeal.as-made-version',
    ],
    sent: 'decisionNoticeSent',
  }),
];

const issuing = [
  'reassess.issue-final',
  'tribunal-order.assess-final-plan',
  'unopposed-appeal.assess-final-plan',
  'unopposed-appeal.as-made-version',
];

/** To the family, the named setting and the health commissioner: reg 27(1) with 13(2). The last to leave meets the duty. */
const issue = [
  freshRights<C>(),
  startClock<C>('finalPlanIssued'),
  startClock<C>('amendedFinalPlanIssued'),
  meet<C>('reassess.procedure'),
  plan<C>(({ event }) => {
    const finalVersion = text(event.payload, 'planVersion');
    return finalVersion === undefined ? {} : { finalVersion };
  }),
  send<C>('reassess.final', 'parent-or-young-person', {
    meets: [...issuing, 'plan.sign-and-date'],
    sent: 'decisionNoticeSent',
  }),
  send<C>(
    'plan.final-setting',
    ({ context }) =>
      context.plan.placement?.setting === undefined ? null : `setting:${context.plan.placement.setting}`,
    { meets: issuing },
  ),
  send<C>('plan.final-commissioner', 'health', { meets: issuing }),
  send<C>('plan.child-final', 'child'),
];

/** Reg 45(1) itself decides the appeal: nothing is left to do for that. */
const conceded = [startClock<C>('appealConceded'), meet<C>('unopposed-appeal.treated-as-won')];

const isSettled = (context: C): boolean => isDrafted(context) || is(context, 'reassessmentCompleted');
const isFirst = ({ context, event }: Args): boolean =>
  event.door === 'record' && !is(context, 'reassessmentRequested') && !is(context, 'decidedToReassess');
/** While a reassessment runs a further request changes nothing. When it is over, a new request is a new case. */
const isAskedAgain = ({ context, event }: Args): boolean =>
  event.door === 'record' && is(context, 'decidedToReassess') && !is(context, 'reassessmentCompleted');

const { finalPlanIssued: _, ...recordedOfPlan } = planRecorded<C>();
const { finalising, ...positions } = planPositions<C>();
const { finalPlanIssued: __, ...whileFinalising } = finalising.on;

const ordered = (fact: string) => [
  { guard: toReassess, target: '.assessing', actions: startClock<C>(fact) },
  { guard: isRecorded, actions: nothing },
];

const afterDecision = {
  decidedToReassess: { target: 'assessing', actions: agree },
  /** The case is put away once the family's time to appeal is over. */
  caseClosed: {
    guard: whenAsked<C>(({ context, event }) => timePassed(context, 'appeal.time-limit', event.on)),
    target: 'appealTimeOver',
  },
};

const deciding = {
  decidedToReassess: { target: 'assessing', actions: agree },
  decidedNotToReassess: { target: 'refused', actions: refuse },
};

const over = ['amendedFinalPlanIssued', 'decidedNoChange', 'requestWithdrawn', 'planEnded', 'movedAway', 'childDied'];

/**
 * Reassessment of a child or young person who has a plan: CFA 2014 s 44(2) and (3); SEND Regs 2014 regs 23 to 27. An
 * answer in fifteen days; then advice and draft as for a first plan, and the plan within fourteen weeks.
 */
export const reassessment = setup({
  types: { context: {} as ReassessmentContext, events: {} as FactEvent },
}).createMachine({
  id: 'reassessment',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), plan: noPlanYet(), requestFrom: 'nobody', ...noAdviceYet() },
  states: {
    path: {
      initial: 'awaitingRequest',
      on: {
        letterSent: { actions: delivered<C>() },
        letterServed: { actions: serviceProved<C>() },
        ...endings<C>(),
        ...panelTold<C>(),
        ...exceptionFacts<C>(),
        ...rightsUsed<C>(),
        ...recordedOfPlan,
        viewsReceived: { actions: nothing },
        requestWithdrawn: { target: '.withdrawn', actions: nothingMoreLeaves<C>() },
        reassessmentRequested: [
          {
            guard: (args: Args) => isFirst(args) && asksHealth(args),
            target: '.decidingForHealth',
            actions: takeRequest,
          },
          { guard: isFirst, target: '.deciding', actions: takeRequest },
          { guard: isAskedAgain, actions: nothing },
        ],
        decidedToReassess: recordedUnless<C>(isSettled, '.assessing', agree),
        decidedToChangePlan: recordedUnless<C>(isDrafted, '.preparingDraft', changePlan),
        ...recorded({
          decidedNotToReassess: { target: '.refused', actions: refuse },
          decidedNoChange: { target: '.unchanged', actions: noChange },
          amendedFinalPlanIssued: { target: '.planIssued', actions: issue },
        }),
        /** What was refused is then done; what is already being done moves neither back nor on. */
        appealConceded: [
          {
            guard: (args: Args) => concedesRefusal(args) && !is(args.context, 'decidedToReassess'),
            target: '.assessing',
            actions: conceded,
          },
          { guard: concedesRefusal, actions: conceded },
          { guard: isRecorded, actions: nothing },
        ],
        mediationAgreed: ordered('mediationAgreed'),
        tribunalOrderMade: ordered('tribunalOrderMade'),
      },
      states: {
        awaitingRequest: {
          meta: noLimit(
            'Waiting for a request or a decision',
            'Nobody has asked for a reassessment',
            'CFA 2014 s.44(2)',
          ),
          on: {
            reassessmentRequested: [
              { guard: asksHealth, target: 'decidingForHealth', actions: takeRequest },
              { target: 'deciding', actions: takeRequest },
            ],
            decidedToReassess: { target: 'assessing', actions: agree },
          },
        },
        /** Fifteen days to answer, from the day the request was received: reg 25(1). */
        deciding: {
          meta: owes('Deciding whether to reassess', 'reassess.on-request', 'reassess.decision-notified'),
          on: deciding,
        },
        /** The same where the health commissioner asks: reg 23. */
        decidingForHealth: {
          meta: owes(
            'Deciding whether to reassess for the health commissioner',
            'reassess.on-health-request',
            'reassess.decision-notified',
          ),
          on: deciding,
        },
        refused: {
          meta: owes(
            'Refused to reassess',
            'reassess.decision-notified',
            'appeal.time-limit',
            'mediation.contact-adviser',
          ),
          on: afterDecision,
        },
        /** As a first assessment: advice of reg 6, and regs 7 to 9: reg 26. */
        assessing: {
          meta: owes('Reassessing', 'reassess.decision-notified', 'reassess.procedure'),
          on: {
            /** After an order, an agreement or a concession the family is told that we will reassess. */
            decidedToReassess: {
              guard: whenAsked<C>(({ context }) => !is(context, 'decidedToReassess')),
              actions: agree,
            },
            decidedToChangePlan: { target: 'preparingDraft', actions: changePlan },
            decidedNoChange: { target: 'unchanged', actions: noChange },
          },
        },
        unchanged: {
          meta: owes(
            'The plan stays as it is',
            'reassess.no-change-notice',
            'appeal.time-limit',
            'mediation.contact-adviser',
          ),
          on: { caseClosed: afterDecision.caseClosed },
        },
        ...positions,
        finalising: {
          ...finalising,
          on: {
            ...whileFinalising,
            amendedFinalPlanIssued: { guard: familyHeard, target: 'planIssued', actions: issue },
          },
        },
        withdrawn: {
          tags: 'closed',
          meta: noLimit('Withdrawn', 'The request was withdrawn: nothing is owed on it', 'CFA 2014 s.44(2)'),
        },
        appealTimeOver: {
          tags: 'closed',
          meta: noLimit(
            'Closed',
            'The time to appeal is over and no appeal is on record',
            'HESC Rules 2008 r.20(1)(c)',
          ),
        },
        ended,
      },
    },
    limit: limitRegion(atRest('.noneRuns')),
    advice: adviceRegion<C>({
      decided: whenAsked<C>(({ context }) => is(context, 'decidedToReassess')),
      met: [],
      over,
    }),
    exceptions: exceptionsRegion(over),
    consultation: consultationRegion<C>(['draftPlanSent', 'decidedToIssue'], over),
    requests: requestsRegion(over),
  },
});

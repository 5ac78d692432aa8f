import { type FactEvent, type RunContext, text } from '@send/workflow-kit';

type Args = { context: RunContext; event: FactEvent };

/** An order or an agreement to reassess. Orders to assess are told by the same word. */
export const toReassess = ({ event }: Args): boolean =>
  event.door === 'record' && (text(event.payload, 'order') ?? text(event.payload, 'agreed')) === 'reassess';

/** What is conceded is a refusal to reassess, unless the reassessment has ended: then it is about the plan. */
export const concedesRefusal = ({ context: { facts }, event }: Args): boolean =>
  event.door === 'record' && facts['reassessmentCompleted'] === undefined && facts['finalPlanIssued'] === undefined;

const coming = 'planComing';
const plan = {
  decidedToChangePlan: coming,
  draftPlanSent: coming,
  amendedFinalPlanIssued: 'issued',
} as const;

/** Places of one limit: not known yet whether the plan changes, it does, it has, or it stays. Then nobody is told any more that we assess. */
const stages = (before: readonly string[], noChange: readonly string[], changed: readonly string[]) => ({
  initial: 'changeOrNot',
  states: {
    changeOrNot: {
      meta: { owes: [...new Set([...before, ...noChange, ...changed])] },
      on: { ...plan, decidedNoChange: 'noChange' },
    },
    planComing: {
      meta: { owes: [...before, ...changed] },
      on: { decidedNoChange: 'noChange', amendedFinalPlanIssued: 'issued' },
    },
    issued: { meta: { owes: [...changed] } },
    noChange: { meta: { owes: [...noChange] }, on: plan },
  },
});

/** Which limit runs. It follows the path; an order or an agreement brings its own, a refusal ends it. */
export const limitRegion = (over: Readonly<Record<string, string>>) => ({
  initial: 'noneRuns',
  on: {
    ...over,
    requestWithdrawn: '.noneRuns',
    decidedNotToReassess: '.noneRuns',
    mediationAgreed: { guard: toReassess, target: '.afterOrder' },
    tribunalOrderMade: { guard: toReassess, target: '.afterOrder' },
    appealConceded: { guard: concedesRefusal, target: '.afterConcession' },
  },
  states: {
    noneRuns: {
      meta: { noLimit: 'No limit for a plan runs' },
      on: {
        decidedToReassess: 'fromDecision',
        decidedToChangePlan: 'fromDecision',
        draftPlanSent: 'fromDecision',
        amendedFinalPlanIssued: 'fromDecision',
      },
    },
    /** Fourteen weeks from the notification, or from a decision that nobody asked for: reg 27(2). */
    fromDecision: { meta: { owes: ['reassess.issue-final'] }, on: { decidedNoChange: 'noneRuns' } },
    /** Reg 44(2)(b), and reg 42(2) where mediation agreed it. */
    afterOrder: stages(
      ['tribunal-order.assess-notify'],
      ['tribunal-order.assess-no-plan'],
      ['tribunal-order.assess-final-plan'],
    ),
    /** Reg 45. As it stood before 23 March 2015, four weeks for all of it. */
    afterConcession: stages(
      ['unopposed-appeal.treated-as-won', 'unopposed-appeal.assess-notify'],
      ['unopposed-appeal.as-made-version', 'unopposed-appeal.assess-no-plan'],
      ['unopposed-appeal.as-made-version', 'unopposed-appeal.assess-final-plan'],
    ),
  },
});

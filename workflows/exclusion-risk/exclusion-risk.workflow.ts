import {
  change,
  delivered,
  emptyContext,
  type FactEvent,
  meet,
  noLimit,
  owes,
  owesEach,
  send,
  startClock,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { nothingMoreLeaves } from '../endings';
import { panelTold } from '../panel-told';
import {
  admitted,
  type Args,
  asksThemselves,
  type CohortContext,
  consentAsked,
  consentGiven,
  consentRefused,
  consentWithdrawn,
  exclusionNoted,
  interventionDone,
  interventionsAdded,
  isPlanned,
  leaves,
  leavesNoConsent,
  measured,
  nextReview,
  noCohortYet,
  planAgreed,
  putForward,
  reminded,
  reviewed,
  sourceNamed,
  whomAsked,
} from './cohort-facts';

type C = CohortContext;

const family = 'parent-or-young-person';
const done = meet<C>('practice.exclusion-risk-cohort');
const noChange = change<C>(() => ({}));

/** What a young person said for themselves is told to them in person, by whoever asked, and to no parent. */
const parentsOnly = (args: Args): string | null => (asksThemselves(args) ? null : family);
const themselvesOnly = (args: Args): string | null => (asksThemselves(args) ? 'child' : null);

/** One letter for whoever is asked: the parent, or the young person of 16 or over who decides for themselves. */
const ask = [
  whomAsked,
  consentAsked,
  send<C>('cohort.consent-parent', parentsOnly),
  send<C>('cohort.consent-young-person', themselvesOnly),
];
/** The reminder of a young person is their own letter again. */
const remind = [
  reminded,
  send<C>('cohort.consent-reminder', parentsOnly),
  send<C>('cohort.consent-young-person', themselvesOnly),
];
const saidNo = send<C>('cohort.consent-no', parentsOnly);

/** At most two reminders; then we say that we will not write about it again. */
const mayRemind = whenAsked<C>(({ context }) => context.cohort.reminders < 2);
const mayGiveUp = whenAsked<C>(({ context }) => context.cohort.reminders >= 2);

const meeting = [
  send<C>('cohort.invite-family', family),
  send<C>('cohort.invite-professionals', 'partners'),
  send<C>('cohort.child-invite', 'child'),
];
const planGoes = [planAgreed, send<C>('cohort.support-plan', family), send<C>('cohort.support-plan', 'setting')];
const reviewGoes = [reviewed, send<C>('cohort.review-outcome', family), send<C>('cohort.review-outcome', 'setting')];
const closing = [
  nothingMoreLeaves<C>(),
  leaves,
  done,
  send<C>('cohort.closed', family),
  send<C>('cohort.closed', 'setting'),
];

/** What stops the use of what was shared, wherever the child stands: UK GDPR art 7(3). */
const stops = (target: string) => ({
  consentWithdrawn: [
    { guard: leavesNoConsent, target, actions: [nothingMoreLeaves<C>(), consentWithdrawn, leaves, done, saidNo] },
    { actions: [consentWithdrawn, saidNo] },
  ],
});

const withConsent = {
  ...stops('consentEnded'),
  supportMeetingArranged: { actions: meeting },
  supportMeetingHeld: { actions: noChange },
  /** A person lets the child in; how many may be in is kept by the database (R-COH-02). */
  childAdmitted: { target: 'inCohort', actions: admitted },
  childNotAdmitted: { target: 'notAdmitted', actions: closing },
};

const hasPlan = ({ event }: Args): boolean => event.payload['plan'] === true;
const isPutForward = ({ context }: Args): boolean => context.facts['riskIndicatorsMet'] !== undefined;

/** The family is told on the day of the outcome; asking is what the guidance wants, and meets it. */
const nextStepGoes = [
  meet<C>('exclusion.early-review-for-ehcp-at-risk'),
  send<C>('cohort.next-step-ehc', family),
  send<C>('cohort.next-step-ehc', 'setting'),
];

/**
 * Help for a child at risk of exclusion, one run for each child put forward: Somerset SEND Accelerated Progress Plan 2023,
 * actions 2.2 to 2.4 and KPI 11. Nothing here is a duty in law but what it brings about: consent is asked before anything
 * is shared (UK GDPR arts 6 and 7), a person decides, and the family may stop it on any day.
 */
export const exclusionRisk = setup({
  types: { context: {} as CohortContext, events: {} as FactEvent },
}).createMachine({
  id: 'exclusion-risk',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), cohort: noCohortYet() },
  states: {
    path: {
      initial: 'awaitingNomination',
      on: {
        letterSent: { actions: delivered<C>() },
        ...panelTold<C>(),
        sourceNamed: { actions: sourceNamed },
        exclusionNoted: { actions: exclusionNoted },
        movedAway: { target: '.ended', actions: [nothingMoreLeaves<C>(), startClock<C>('movedAway')] },
        childDied: { target: '.ended', actions: [nothingMoreLeaves<C>(), startClock<C>('childDied')] },
      },
      states: {
        awaitingNomination: {
          meta: noLimit('Waiting to be put forward', 'No indicator and no nomination is on record'),
          on: {
            riskIndicatorsMet: { target: 'putForward', actions: putForward },
            childNominated: { target: 'putForward', actions: putForward },
          },
        },
        putForward: {
          meta: owes('Put forward for help', 'practice.exclusion-risk-cohort'),
          on: {
            consentAsked: { target: 'askingConsent', actions: ask },
            /** Told by word of mouth: nothing was sent. */
            consentGiven: { target: 'consented', actions: consentGiven },
            consentRefused: { target: 'declined', actions: [consentRefused, done, saidNo] },
            childNotAdmitted: { target: 'notAdmitted', actions: [leaves, done] },
          },
        },
        askingConsent: {
          meta: owes('Asking for consent', 'practice.exclusion-risk-cohort'),
          on: {
            consentAsked: { actions: ask },
            consentReminded: { guard: mayRemind, actions: remind },
            consentGiven: { target: 'consented', actions: consentGiven },
            consentRefused: { target: 'declined', actions: [nothingMoreLeaves<C>(), consentRefused, done, saidNo] },
            noReplyTaken: {
              guard: mayGiveUp,
              target: 'noReply',
              actions: [nothingMoreLeaves<C>(), done, send<C>('cohort.no-reply', parentsOnly)],
            },
          },
        },
        consented: {
          meta: owes('Consent given', 'practice.exclusion-risk-cohort'),
          on: {
            ...withConsent,
            consentGiven: { actions: consentGiven },
            /** The cohort is full: the family is told on the same day when the list is looked at next. */
            putOnWaitingList: { target: 'waiting', actions: send<C>('cohort.waiting', family) },
          },
        },
        waiting: {
          meta: owes('On the waiting list', 'practice.exclusion-risk-cohort'),
          on: { ...withConsent, consentGiven: { actions: consentGiven } },
        },
        inCohort: {
          meta: owesEach<C>('In the cohort', 'practice.exclusion-risk-fortnightly-review', nextReview),
          on: {
            ...stops('consentEnded'),
            consentGiven: { actions: consentGiven },
            supportMeetingArranged: { actions: meeting },
            supportMeetingHeld: { actions: noChange },
            supportPlanAgreed: { actions: planGoes },
            interventionsAdded: { actions: interventionsAdded },
            interventionDone: { guard: isPlanned, actions: interventionDone },
            outcomeMeasured: { actions: measured },
            reviewArranged: {
              actions: [send<C>('cohort.review-invite', family), send<C>('cohort.review-invite', 'setting')],
            },
            cohortReviewed: { actions: reviewGoes },
            learningRecorded: { actions: noChange },
            leftCohort: { target: 'left', actions: closing },
          },
        },
        declined: {
          tags: 'closed',
          meta: noLimit('The family said no', 'Nothing is shared, and nothing changes for the child'),
        },
        noReply: {
          tags: 'closed',
          meta: noLimit('No reply', 'Two reminders had no answer: we do not write again about it'),
        },
        consentEnded: {
          tags: 'closed',
          meta: noLimit('Consent withdrawn', 'Nothing that was shared is used any more'),
        },
        notAdmitted: { tags: 'closed', meta: noLimit('Not let in', 'A person decided that other help fits better') },
        left: { tags: 'closed', meta: noLimit('Left the cohort', 'The help has finished, with its reason') },
        ended: { tags: 'closed', meta: noLimit('Ended', 'Our responsibility for the child has ended') },
      },
    },

    /** Support is not enough: an early review of a plan, or an assessment. Never a condition for either. */
    nextStep: {
      initial: 'none',
      on: {
        movedAway: '.rest',
        childDied: '.rest',
        leftCohort: '.rest',
        childNotAdmitted: '.rest',
        consentRefused: '.rest',
        noReplyTaken: '.rest',
        consentWithdrawn: { guard: leavesNoConsent, target: '.rest' },
      },
      states: {
        none: {
          meta: noLimit('No next step', 'Nothing beyond the help is asked for'),
          on: {
            riskIndicatorsMet: { guard: hasPlan, target: 'planHeld' },
            childNominated: { guard: hasPlan, target: 'planHeld' },
            earlyReviewSought: { guard: isPutForward, target: 'sought', actions: nextStepGoes },
            assessmentSuggested: { guard: isPutForward, target: 'sought', actions: nextStepGoes },
          },
        },
        planHeld: {
          meta: owes('The child has a plan', 'exclusion.early-review-for-ehcp-at-risk'),
          on: { earlyReviewSought: { target: 'sought', actions: nextStepGoes } },
        },
        sought: {
          meta: noLimit('A next step is asked for', 'The review or the request has its own dates'),
          on: { earlyReviewSought: { actions: nextStepGoes } },
        },
        rest: { meta: noLimit('No next step', 'The help is over') },
      },
    },
  },
});

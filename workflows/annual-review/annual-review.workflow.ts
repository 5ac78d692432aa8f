import {
  change,
  delivered,
  emptyContext,
  type FactEvent,
  isRecorded,
  meet,
  noLimit,
  owes,
  owesEach,
  recorded,
  type RunContext,
  send,
  serviceProved,
  startClock,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { ended, endings } from '../endings';
import { panelTold } from '../panel-told';
import { amendingOver, amendmentsGo, amendStretch, isAmended, isProposed, rightsUsed } from '../plan/amend-stretch';
import { consultationRegion, freshRights, noPlanYet, recordedUnless, requestsRegion } from '../plan/plan-stretch';
import {
  adulthoodConsidered,
  answered,
  answerEarly,
  type Args,
  askEarly,
  attends,
  begin,
  beginAfterTransfer,
  beginByHand,
  type C,
  decide,
  deciding,
  givesNotice,
  holdMeeting,
  inviteTo,
  noteOutcomes,
  noteStanding,
  nothingKnown,
  notice,
  openRequests,
  owedMeanwhile,
  planMeeting,
  progressConsidered,
  provisionAsked,
  type ReviewContext,
  tellOfRights,
  underWay,
} from './review-cycle';

const stretch = amendStretch<C>({
  letter: 'review.decide-amend',
  limits: ['review.final-amended-plan-12-weeks', 'review.decision-to-amend-carries-amendments'],
  implied: deciding,
  sent: [notice],
});

const tellSetting = send<C>('review.decision-setting', 'setting', { meets: ['review.decision-notified'] });

/** Reg 20(10) and (11): the plan stays as it is, with the reasons and the family's rights. */
const keep = [
  freshRights<C>(),
  decide('keep'),
  startClock<C>('decidedToKeep'),
  send<C>('review.decide-keep', 'parent-or-young-person', {
    meets: [...deciding, 'review.notice-contents'],
    sent: [notice, 'decisionNoticeSent'],
  }),
  tellSetting,
  send<C>('review.child-outcome', 'child'),
];

/** The amendments go with the decision, not after it: R (L, M and P) v Devon [2022] EWHC 493 (Admin). */
const amendWith = [
  decide('amend'),
  startClock<C>('decidedToAmend'),
  ...amendmentsGo<C>('review.decide-amend', { meets: deciding, sent: [notice] }),
  tellSetting,
];
/** README B6: the decision was notified; what goes with it was not, and the eight weeks have not begun. */
const amendWithout = [
  decide('amend'),
  startClock<C>('decidedToAmend'),
  send<C>('review.decide-amend', 'parent-or-young-person', { meets: deciding, sent: notice }),
  tellSetting,
];
/** The amendments follow a decision that was notified: the next twelve months run from that decision (README B3). */
const sendLate = amendmentsGo<C>('review.decide-amend');

const consider = [startClock<C>('ceasingConsidered')];
const cease = [decide('cease'), startClock<C>(notice), meet<C>(...deciding, 'review.notice-contents')];

const noChange = change<C>(() => ({}));

const carriesAmendments = ({ event }: Args): boolean => event.payload['enclosed'] !== false;
const isNotified = ({ context }: Args): boolean => context.facts[notice] !== undefined;
const mayDecideToAmend = (args: Args): boolean =>
  isRecorded(args) && !isAmended(args.context) && !isProposed(args.context);
const isHeld = (context: RunContext): boolean => context.facts['reviewMeetingHeld'] !== undefined;
const isDecided = (context: RunContext): boolean =>
  isAmended(context) ||
  context.facts['amendmentsSent'] !== undefined ||
  (context as ReviewContext).review.decision !== undefined;

const planned = [
  { guard: (args: Args) => attends(args) && givesNotice(args), actions: [...planMeeting, ...inviteTo(true)] },
  { guard: (args: Args) => !attends(args) && givesNotice(args), actions: [...planMeeting, ...inviteTo(false)] },
];
const toMeeting = (target: string, guard: (args: Args) => boolean = () => true) =>
  planned.map(({ guard: own, actions }) => ({ guard: (args: Args) => own(args) && guard(args), target, actions }));

const report = [adulthoodConsidered, progressConsidered, noteOutcomes];

const notYetHeld = {
  reviewMeetingPlanned: [{ guard: attends, target: 'plannedInSetting' }, { target: 'plannedByAuthority' }],
};
/** Which regulation applies was settled by the first meeting. */
const heldBefore = { reviewMeetingHeld: { actions: noChange } };

/**
 * One review of a plan, from the plan or the last decision to the decision on this one, and to the amended plan where it
 * is amended: CFA 2014 s 44; SEND Regs 2014 regs 18 to 22. It ends with the decision that was sent, not with the meeting.
 */
export const annualReview = setup({
  types: { context: {} as ReviewContext, events: {} as FactEvent },
}).createMachine({
  id: 'annual-review',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), plan: noPlanYet(), review: nothingKnown },
  states: {
    path: {
      initial: 'awaitingPlan',
      on: {
        letterSent: { actions: delivered<C>() },
        letterServed: { actions: serviceProved<C>() },
        standingNoted: { actions: noteStanding },
        /** Reg 29(2): under 18 and out of education, the plan is reviewed so that they are in it again. */
        leftEducation: {
          actions: [
            startClock<C>('leftEducation'),
            change<C>(({ context }) => ({ review: { ...context.review, attends: false } })),
          ],
        },
        /** From the day after, rights are the young person's own: CFA s 83; not from the sixteenth birthday. */
        rightsPassing: { actions: tellOfRights },
        /** Once the decision has left, the next review is asked. */
        earlyReviewRequested: [{ guard: (args: Args) => !isNotified(args), actions: askEarly }, { actions: noChange }],
        earlyReviewAnswered: {
          guard: whenAsked<C>(({ context }) => openRequests(context).length > 0),
          actions: [...answerEarly, answered],
        },
        delayExplained: { actions: send<C>('review.overdue-apology', 'parent-or-young-person') },
        outcomesNoted: { actions: report },
        ...panelTold<C>(),
        ...rightsUsed<C>(),
        finalPlanIssued: { actions: [startClock<C>('finalPlanIssued'), ...begin] },
        reviewDecisionSent: { actions: [startClock<C>('reviewDecisionSent'), ...begin] },
        planTransferred: { actions: beginAfterTransfer },
        reviewStarted: { actions: beginByHand },
        ...recorded({
          reviewAdviceSought: { actions: send<C>('review.advice-request', 'partners') },
          adviceCirculated: {
            actions: send<C>('review.advice-circulated', 'family-and-partners', {
              meets: ['review.obtain-and-circulate-advice'],
            }),
          },
          reviewReportSent: { actions: [meet<C>('review.school-report'), ...report] },
          ownReportSent: {
            actions: [
              ...report,
              send<C>('review.no-school-report', 'family-and-partners', { meets: ['review.no-school-report'] }),
            ],
          },
          decidedToKeep: { target: '.kept', actions: keep },
          cessationNoticeSent: { target: '.ceasing', actions: cease },
        }),
        reviewMeetingPlanned: [
          ...toMeeting(
            '.meetingPlanned',
            ({ context, event }) => event.door === 'record' && !isHeld(context) && !isDecided(context),
          ),
          { guard: isRecorded, actions: noChange },
        ],
        reviewMeetingHeld: [
          /** A meeting that went on another day counts from its first: that is the earlier date for the family. */
          { guard: (args: Args) => isRecorded(args) && isHeld(args.context), actions: report },
          ...recordedUnless<C>(isDecided, '.afterMeeting', holdMeeting),
        ],
        ceasingConsidered: recordedUnless<C>(isDecided, '.consideringCease', consider),
        decidedNotToCease: { guard: isRecorded, actions: noChange },
        ...stretch.recorded,
        decidedToAmend: [
          {
            guard: (args: Args) => mayDecideToAmend(args) && carriesAmendments(args),
            target: '.amending',
            actions: amendWith,
          },
          { guard: mayDecideToAmend, target: '.amendmentsOwed', actions: amendWithout },
          { guard: isRecorded, actions: decide('amend') },
        ],
        amendmentsSent: [
          {
            guard: (args: Args) =>
              isNotified(args) && isRecorded(args) && !isAmended(args.context) && !isProposed(args.context),
            target: '.amending',
            actions: sendLate,
          },
          ...stretch.recorded.amendmentsSent,
        ],
        ...endings<C>(),
      },
      states: {
        awaitingPlan: {
          meta: noLimit('Waiting for a plan', 'No plan is on record that must be reviewed', 'CFA 2014 s.44(1)'),
          on: {
            finalPlanIssued: { target: 'scheduled', actions: [startClock<C>('finalPlanIssued'), ...begin] },
            reviewDecisionSent: { target: 'scheduled', actions: [startClock<C>('reviewDecisionSent'), ...begin] },
            planTransferred: { target: 'scheduled', actions: beginAfterTransfer },
            reviewStarted: { target: 'scheduled', actions: beginByHand },
          },
        },
        /** The twelve months run; no meeting has been asked for yet. */
        scheduled: {
          meta: noLimit(
            'Review to be arranged',
            'The review is due at the end of the twelve months',
            'CFA 2014 s.44(1)',
          ),
          on: {
            /** Reg 20(1): the head of a school listed in reg 20(12) can be required to arrange and hold it; a college cannot. */
            meetingRequired: {
              target: 'arranging',
              actions: [underWay, send<C>('review.require-meeting', 'setting')],
            },
            reviewMeetingPlanned: toMeeting('meetingPlanned'),
            reviewMeetingHeld: { guard: provisionAsked, target: 'afterMeeting', actions: holdMeeting },
          },
        },
        arranging: {
          meta: owes('Meeting being arranged', 'review.meeting-held', 'review.conduct'),
          on: {
            reviewMeetingPlanned: toMeeting('meetingPlanned'),
            reviewMeetingHeld: { guard: provisionAsked, target: 'afterMeeting', actions: holdMeeting },
          },
        },
        meetingPlanned: {
          meta: owes('Meeting planned', 'review.meeting-held', 'review.conduct'),
          on: {
            reviewAdviceSought: { actions: send<C>('review.advice-request', 'partners') },
            adviceCirculated: {
              actions: send<C>('review.advice-circulated', 'family-and-partners', {
                meets: ['review.obtain-and-circulate-advice'],
              }),
            },
            reviewMeetingPlanned: toMeeting('meetingPlanned'),
            reviewMeetingHeld: { guard: provisionAsked, target: 'afterMeeting', actions: holdMeeting },
          },
        },
        /** The four weeks run from the meeting, whether or not the report has come: reg 20(10). Open until the letter has left. */
        afterMeeting: {
          meta: owes('Deciding after the meeting', 'review.meeting-considers-progress'),
          on: {
            reportChased: { actions: send<C>('review.report-reminder', 'setting') },
            reviewReportSent: { actions: [meet<C>('review.school-report'), ...report] },
            ownReportSent: {
              actions: [
                ...report,
                send<C>('review.no-school-report', 'family-and-partners', { meets: ['review.no-school-report'] }),
              ],
            },
            decidedToKeep: { target: 'kept', actions: keep },
            decidedToAmend: { guard: carriesAmendments, target: 'amending', actions: amendWith },
            ceasingConsidered: { target: 'consideringCease', actions: consider },
          },
        },
        /** Reg 31(1): the family and the setting are consulted first, in the process that this begins. */
        consideringCease: {
          meta: owes('Considering whether to end the plan', 'review.meeting-considers-progress'),
          on: {
            decidedNotToCease: { guard: isRecorded, target: 'afterMeeting', actions: noChange },
          },
        },
        kept: {
          tags: 'closed',
          meta: owes('Plan kept as it is', 'review.notice-contents', 'appeal.time-limit', 'mediation.contact-adviser'),
        },
        /** The plan stays in force while an appeal can be brought: CFA s 45(4), in the process of ceasing. */
        ceasing: {
          tags: 'closed',
          meta: owes('Decided to end the plan', 'review.notice-contents'),
        },
        amendmentsOwed: {
          meta: owes(
            'Decided to amend, without the changes',
            'review.decision-to-amend-carries-amendments',
            'review.final-amended-plan-12-weeks',
            'amend.notice-of-proposed-amendments',
          ),
          on: { amendmentsSent: { target: 'amending', actions: sendLate } },
        },
        ...stretch.positions,
        ended,
      },
    },

    /** What the meeting asks for: of whoever arranges it where a setting is attended, of the authority where none is. */
    meeting: {
      initial: 'none',
      on: {
        reviewMeetingHeld: [
          // A decision that went before the meeting stands: no second one is owed because of it.
          { guard: ({ context }: Args) => isDecided(context) },
          { guard: attends, target: '.heldInSetting' },
          { target: '.heldByAuthority' },
        ],
        planEnded: '.none',
        movedAway: '.none',
        childDied: '.none',
      },
      states: {
        none: { meta: { noLimit: 'No meeting has been planned' }, on: notYetHeld },
        plannedInSetting: {
          meta: { owes: ['review.invitees', 'review.meeting-notice', 'review.obtain-and-circulate-advice'] },
          on: notYetHeld,
        },
        plannedByAuthority: { meta: { owes: ['review.no-school-meeting'] }, on: notYetHeld },
        heldInSetting: {
          meta: { owes: ['review.school-report', 'review.decision-notified'] },
          on: { ...heldBefore, ...overTo('overInSetting') },
        },
        heldByAuthority: {
          meta: { owes: ['review.no-school-report', 'review.no-school-decision'] },
          on: { ...heldBefore, ...overTo('overByAuthority') },
        },
        /** A report that never came is not waited for once the review is over; its decision may still have to leave. */
        overInSetting: { meta: { owes: ['review.decision-notified'] }, on: heldBefore },
        overByAuthority: { meta: { owes: ['review.no-school-decision'] }, on: heldBefore },
      },
    },

    /** By when the review must be complete: CFA s 44(1), README B3 and B4; after a transfer reg 15(5). */
    schedule: {
      initial: 'notBegun',
      on: {
        finalPlanIssued: '.everyTwelveMonths',
        reviewDecisionSent: '.everyTwelveMonths',
        reviewStarted: '.everyTwelveMonths',
        planTransferred: '.afterTransfer',
        planEnded: '.notBegun',
        movedAway: '.notBegun',
        childDied: '.notBegun',
      },
      states: {
        notBegun: { meta: { noLimit: 'Nothing has started the twelve months' } },
        everyTwelveMonths: {
          meta: {
            owes: ['review.every-12-months', 'review.completed-within-12-months'],
            each: owesEach<C>('', 'review.completed-within-12-months', owedMeanwhile.lastMeeting).each,
          },
        },
        afterTransfer: { meta: { owes: ['transfer.new-authority-review'] } },
      },
    },

    /** A plan may say that it is reviewed sooner than every twelve months. */
    interval: always('practice.review-written-in-plan', owedMeanwhile.interval),
    /** Code 9.178. */
    underFives: always('review.under-fives', owedMeanwhile.underFives),
    /** Regs 20(6) and 21(6). */
    adulthood: always('review.year-9-adulthood', owedMeanwhile.adulthood),
    /** Code 9.169: with the review of the care plan or the personal education plan, where possible. */
    lookedAfter: always('review.looked-after-child-alignment', owedMeanwhile.lookedAfter),
    /** Reg 29(2). */
    education: always('review.under-18-not-in-education', owedMeanwhile.leftEducation),
    /** Each request for an early review is answered, either way. */
    early: always('practice.early-review-answer', owedMeanwhile.earlyRequests),

    consultation: consultationRegion<C>(['amendmentsSent'], amendingOver),
    requests: requestsRegion(amendingOver),
  },
});

/** What ends the review's own work. */
function overTo(target: string) {
  return {
    decidedToKeep: target,
    cessationNoticeSent: target,
    amendedFinalPlanIssued: target,
    decidedNotToAmend: target,
  };
}

/** A region of one position: what it owes follows from what is on record, and no fact leads out of it. */
function always(duty: string, of: (context: C) => readonly string[]) {
  return { initial: 'asItStands', states: { asItStands: { meta: owesEach<C>('As it stands', duty, of) } } };
}

import { formatDay } from '@send/statute';
import { Commands, type Field, type RunContext } from '@send/workflow-kit';
import { disputeCommands } from '../dispute.commands';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';
import { panelToldCommands } from '../panel-told';
import {
  amendCommands,
  amendments,
  amendmentsServedCommand,
  evidence,
  planVersion,
  reasons,
} from '../plan/amend.commands';
import { isQuestionAsked, type ReviewContext } from './review-cycle';

const act = ['act', 'record'] as const;
const recordOnly = ['record'] as const;
const event = 'recordEvent';

const outcomes: Field = {
  kind: 'rows',
  label: 'Outcomes in the plan',
  optional: true,
  most: 40,
  of: {
    outcome: { kind: 'text', label: 'The outcome', max: 1000 },
    target: { kind: 'text', label: 'What was to be reached by now', optional: true, max: 1000 },
    progress: {
      kind: 'choice',
      label: 'Progress',
      optional: true,
      options: {
        achieved: 'Achieved',
        'on-track': 'On track',
        some: 'Some progress',
        none: 'No progress',
        'not-known': 'Not known',
      },
    },
    evidence: { kind: 'text', label: 'How we know', optional: true, max: 1000 },
    saidBy: { kind: 'text', label: 'Who said so', optional: true, max: 120 },
  },
};

const standing = {
  attends: { kind: 'yes-no', label: 'Attends a school, college or other setting', optional: true },
  fiveOn: { kind: 'day', label: 'The fifth birthday, if under five', optional: true },
  fromYear9: { kind: 'yes-no', label: 'In year 9 or above', optional: true },
  lookedAfter: { kind: 'yes-no', label: 'Looked after by a council', optional: true },
  reviewBy: {
    kind: 'day',
    label: 'The day by which the plan says it is reviewed',
    hint: 'Only where the plan asks for a review sooner than 12 months.',
    optional: true,
  },
} as const satisfies Record<string, Field>;

const begins = {
  planVersion,
  ...standing,
  provisionQuestionFrom: {
    kind: 'day',
    label: 'The day from which each review asks whether provision is delivered',
    optional: true,
  },
} as const satisfies Record<string, Field>;

const adulthood: Field = { kind: 'yes-no', label: 'Preparing for adulthood was considered', optional: true };

const notHeld = () => ({
  rule: 'SEND Regs 2014 reg 20(10)',
  message: 'A decision follows the review meeting. Record the meeting first',
});

const twoWeeks = () => ({
  rule: 'SEND Regs 2014 reg 20(3)',
  message:
    'Everyone invited has at least two clear weeks’ notice: choose a day at least 15 days from today, or record that they all agree to less. A meeting that was held is no longer planned',
});

/** Every command of a review of a plan. */
export const reviewCommands = new Commands({
  startFromPlan: {
    fact: 'finalPlanIssued',
    label: 'Start the first review of a plan',
    happened: 'Final plan issued',
    action: event,
    begins: true,
    doors: recordOnly,
    region: 'path',
    rank: 100,
    fields: begins,
  },
  startFromDecision: {
    fact: 'reviewDecisionSent',
    label: 'Start the next review',
    happened: 'Last review decision sent',
    action: event,
    begins: true,
    doors: recordOnly,
    region: 'path',
    rank: 105,
    fields: {
      ...begins,
      lastMeetingOn: { kind: 'day', label: 'The last review meeting', optional: true, past: true },
      outcomes,
    },
  },
  startFromTransfer: {
    fact: 'planTransferred',
    label: 'Start the review of a plan from another council',
    happened: 'Plan transferred to us',
    action: event,
    begins: true,
    doors: recordOnly,
    region: 'path',
    rank: 110,
    fields: {
      ...begins,
      madeOrReviewedOn: {
        kind: 'day',
        label: 'The day the plan was made or last reviewed',
        optional: true,
        past: true,
      },
    },
  },
  startReview: {
    fact: 'reviewStarted',
    label: 'Start a review',
    happened: 'Review started',
    action: event,
    begins: true,
    doors: act,
    region: 'path',
    rank: 115,
    fields: {
      ...begins,
      planIssuedOn: { kind: 'day', label: 'The day the plan was first issued', optional: true, past: true },
      lastDecisionOn: { kind: 'day', label: 'The day the last review decision was sent', optional: true, past: true },
      outcomes,
    },
  },
  noteStanding: {
    fact: 'standingNoted',
    label: 'Record what the review must take into account',
    happened: 'Circumstances recorded',
    action: event,
    doors: act,
    region: 'path',
    rank: 140,
    fields: standing,
  },
  recordLeftEducation: {
    fact: 'leftEducation',
    label: 'Record that education or training ended before 18',
    happened: 'Left education or training before 18',
    action: event,
    doors: act,
    region: 'path',
    rank: 150,
    fields: {},
  },
  tellOfRights: {
    fact: 'rightsPassing',
    label: 'Tell the young person and the family whose rights they are',
    happened: 'Told that rights pass to the young person',
    action: event,
    doors: act,
    region: 'path',
    rank: 155,
    fields: {
      endsOn: {
        kind: 'day',
        label: 'The last day of compulsory school age',
        hint: 'The last Friday in June of the school year of the 16th birthday, not the birthday.',
      },
    },
  },
  requestEarlyReview: {
    fact: 'earlyReviewRequested',
    label: 'Record that an early review is asked for',
    happened: 'Early review asked for',
    action: event,
    doors: act,
    region: 'path',
    rank: 160,
    fields: {
      why: { kind: 'text', label: 'Why it is asked for', optional: true, max: 2000 },
      by: {
        kind: 'choice',
        label: 'Who asks',
        optional: true,
        options: { family: 'The family', setting: 'The setting', other: 'Someone else' },
      },
    },
  },
  answerEarlyRequest: {
    fact: 'earlyReviewAnswered',
    label: 'Answer the request for an early review',
    happened: 'Early review request answered',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 165,
    fields: {
      answer: {
        kind: 'choice',
        label: 'The answer',
        options: { yes: 'We will hold an early review', no: 'We will not hold an early review' },
      },
      reasons,
    },
    refusal: () => ({
      rule: 'CFA 2014 s.44(1)',
      message: 'No request for an early review is waiting for an answer. Record the request first',
    }),
  },
  requireMeeting: {
    fact: 'meetingRequired',
    label: 'Ask the head to hold the review meeting',
    happened: 'Setting asked to hold the meeting',
    action: event,
    doors: act,
    region: 'path',
    rank: 200,
    fields: { replyBy: { kind: 'day', label: 'The day to reply by', optional: true } },
  },
  planMeeting: {
    fact: 'reviewMeetingPlanned',
    label: 'Plan the review meeting and invite everyone',
    happened: 'Review meeting planned',
    action: event,
    doors: act,
    region: 'path',
    rank: 210,
    fields: {
      meetingOn: { kind: 'day', label: 'The day of the meeting' },
      time: { kind: 'text', label: 'The time', max: 20, optional: true },
      place: { kind: 'text', label: 'The place or link', max: 200, optional: true },
      attends: standing.attends,
      shortNoticeAgreed: { kind: 'yes-no', label: 'Everyone invited has agreed to shorter notice', optional: true },
    },
    refusal: twoWeeks,
  },
  askForReviewAdvice: {
    fact: 'reviewAdviceSought',
    label: 'Ask for advice for the review',
    happened: 'Advice for the review asked for',
    action: event,
    doors: act,
    region: 'path',
    rank: 220,
    fields: { replyBy: { kind: 'day', label: 'The day to reply by', optional: true } },
  },
  circulateAdvice: {
    fact: 'adviceCirculated',
    label: 'Send the reports to everyone invited',
    happened: 'Reports for the meeting sent',
    action: event,
    doors: act,
    region: 'path',
    rank: 230,
    fields: {
      reports: { kind: 'paragraphs', label: 'Reports that are enclosed', optional: true, most: 12, max: 200 },
      missing: { kind: 'paragraphs', label: 'Reports that have not come', optional: true, most: 12, max: 200 },
    },
  },
  recordReviewMeeting: {
    fact: 'reviewMeetingHeld',
    label: 'Record the review meeting',
    happened: 'Review meeting held',
    action: event,
    doors: act,
    region: 'path',
    rank: 240,
    fields: {
      attends: standing.attends,
      provisionDelivered: {
        kind: 'choice',
        label: 'Is the provision in the plan being delivered?',
        optional: true,
        options: { 'in-full': 'In full', 'in-part': 'In part', not: 'Not', 'not-known': 'Not known' },
      },
      adulthood,
      outcomes,
      summary: { kind: 'text', label: 'What was said, with views that differ', optional: true, max: 20000 },
    },
    refusal: (context) =>
      isQuestionAsked(context as ReviewContext)
        ? {
            rule: 'Somerset SEND Accelerated Progress Plan 2023, action 1.2',
            message: `Every review begun since ${formatDay((context as ReviewContext).review.provisionQuestionFrom ?? '')} asks whether the provision in the plan is being delivered. Answer it, “Not known” where nobody knows`,
          }
        : undefined,
  },
  recordOutcomes: {
    fact: 'outcomesNoted',
    label: 'Record progress towards the outcomes',
    happened: 'Progress towards the outcomes recorded',
    action: event,
    doors: act,
    region: 'path',
    rank: 250,
    fields: { outcomes: { ...outcomes, optional: false }, adulthood },
  },
  recordReport: {
    fact: 'reviewReportSent',
    label: 'Record the setting’s report of the meeting',
    happened: 'Setting’s report of the meeting sent',
    action: event,
    doors: act,
    region: 'path',
    rank: 260,
    fields: {
      recommends: {
        kind: 'choice',
        label: 'What the report recommends',
        optional: true,
        options: { keep: 'Keep the plan', amend: 'Amend the plan', cease: 'End the plan' },
      },
      differences: { kind: 'text', label: 'Views that differ', optional: true, max: 5000 },
      adulthood,
      outcomes,
      document: { kind: 'id', of: 'document', label: 'The document', optional: true },
    },
  },
  sendOwnReport: {
    fact: 'ownReportSent',
    label: 'Send our own report of the meeting',
    happened: 'Our report of the meeting sent',
    action: event,
    doors: act,
    region: 'path',
    rank: 265,
    fields: {
      recommendations: { kind: 'paragraphs', label: 'What the report recommends', optional: true },
      differences: { kind: 'paragraphs', label: 'Views that differ', optional: true },
      adulthood,
      outcomes,
    },
  },
  chaseReport: {
    fact: 'reportChased',
    label: 'Remind the setting of its report',
    happened: 'Setting reminded of its report',
    action: event,
    doors: ['act'],
    region: 'path',
    rank: 270,
    fields: {},
  },
  keepPlan: {
    fact: 'decidedToKeep',
    label: 'Decide to keep the plan as it is',
    happened: 'Decided to keep the plan as it is',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 280,
    fields: { reasons, evidence },
    refusal: notHeld,
  },
  proposeAmendments: {
    fact: 'decidedToAmend',
    label: 'Decide to amend the plan, and send the changes',
    happened: 'Decided to amend the plan',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 285,
    fields: {
      reasons,
      amendments: { ...amendments, optional: true },
      planVersion,
      enclosed: {
        kind: 'yes-no',
        label: 'The proposed changes went with the decision',
        hint: 'Yes unless the letter went without them.',
        optional: true,
      },
      servedOn: { kind: 'day', label: 'The day of service, if proved', optional: true, past: true },
    },
    refusal: (context: RunContext) =>
      context.facts['reviewMeetingHeld'] === undefined
        ? notHeld()
        : {
            rule: 'R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)',
            message: 'The proposed changes go with the decision to amend. Send them together',
          },
  },
  considerCeasing: {
    fact: 'ceasingConsidered',
    label: 'Consider ending the plan',
    happened: 'Ending the plan is considered',
    action: event,
    doors: act,
    region: 'path',
    rank: 290,
    fields: { reasons: { ...reasons, optional: true } },
    refusal: notHeld,
  },
  noteNotCeasing: {
    fact: 'decidedNotToCease',
    label: 'The plan does not end',
    happened: 'Decided not to end the plan',
    action: event,
    system: true,
    doors: recordOnly,
    region: 'path',
    rank: 295,
    fields: {},
  },
  noteCeaseDecided: {
    fact: 'cessationNoticeSent',
    label: 'The decision to end the plan was sent',
    happened: 'Decision to end the plan sent',
    action: event,
    system: true,
    doors: recordOnly,
    region: 'path',
    rank: 300,
    fields: {},
  },
  sendAmendments: {
    fact: 'amendmentsSent',
    label: 'Send the proposed changes',
    happened: 'Proposed changes sent',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 690,
    fields: {
      reasons: { ...reasons, optional: true },
      amendments: { ...amendments, optional: true },
      planVersion,
      servedOn: { kind: 'day', label: 'The day of service, if proved', optional: true, past: true },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 22(1)',
      message: 'Changes are proposed once it is decided to amend the plan. Decide to amend, and send both together',
    }),
  },
  explainDelay: {
    fact: 'delayExplained',
    label: 'Say sorry for a delay',
    happened: 'Delay explained to the family',
    action: event,
    doors: act,
    region: 'path',
    rank: 620,
    fields: {
      what: { kind: 'text', label: 'What is late', max: 300 },
      why: {
        kind: 'text',
        label: 'Why it is late',
        optional: true,
        max: 1000,
        hint: 'The letter to the family cannot go without it.',
      },
      newDate: { kind: 'day', label: 'The new date', future: true },
      meanwhile: { kind: 'text', label: 'What happens meanwhile', max: 1000 },
    },
  },
  ...amendCommands,
  ...disputeCommands,
  ...panelToldCommands,
  ...endingCommands,
  ...letterCommands,
  ...amendmentsServedCommand,
});

import { formatDay } from '@send/statute';
import type { Command, Field } from '@send/workflow-kit';
import { isQuestionAsked, type ReviewContext } from './review-cycle';

const act = ['act', 'record'] as const;
const event = 'recordEvent';

export const outcomes: Field = {
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

export const standing = {
  attends: { kind: 'yes-no', label: 'Attends a school, college or other setting', optional: true },
  fiveOn: { kind: 'day', label: 'The fifth birthday, if under five', optional: true },
  fromYear9: { kind: 'yes-no', label: 'In year 9 or above', optional: true },
  year9On: { kind: 'day', label: 'The first day of year 9, if it is still to come', optional: true },
  lookedAfter: { kind: 'yes-no', label: 'Looked after by a council', optional: true },
  reviewBy: {
    kind: 'day',
    label: 'The day by which the plan says it is reviewed',
    hint: 'Only where the plan asks for a review sooner than 12 months.',
    optional: true,
  },
} as const satisfies Record<string, Field>;

const adulthood: Field = { kind: 'yes-no', label: 'Preparing for adulthood was considered', optional: true };

const twoWeeks = () => ({
  rule: 'SEND Regs 2014 reg 20(3)',
  message:
    'Everyone invited has at least two clear weeks’ notice: choose a day at least 15 days from today, or record that they all agree to less. A meeting that was held is no longer planned',
});

/** From arranging the meeting to its report: regs 20 and 21. */
export const meetingCommands = {
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
    law: 'SEND Regs 2014 regs 20(2) and (3), 21',
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
    law: 'SEND Regs 2014 regs 20(4), 21',
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
    law: 'SEND Regs 2014 regs 20(1), 21',
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
} as const satisfies Record<string, Command>;

import { formatDay } from '@send/statute';
import { type Command, Commands, dutyKey, type Field, type RunContext } from '@send/workflow-kit';
import { disputeCommands, outcomeCommands } from '../dispute.commands';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';
import { panelToldCommands } from '../panel-told';
import type { CeasingContext } from './cease-to-maintain.workflow';

const both = ['act', 'record'] as const;
const event = 'recordEvent';

const ground: Field = {
  kind: 'choice',
  label: 'The ground',
  options: {
    'not-necessary': 'The child or young person no longer needs the support in the plan (CFA s.45(2))',
    'outcomes-achieved': 'Over 18, and the outcomes in the plan have been achieved (CFA s.45(3))',
    'left-education': 'Aged 18 or over and left education (reg 30)',
    'higher-education': 'Started higher education',
    work: 'Started paid work, not an apprenticeship',
    'not-responsible': 'We are no longer responsible (CFA s.45(1)(a))',
  },
};

/** What stands in the way of a decision, and the way out. */
function beforeDeciding(context: RunContext, on: string) {
  const { leaving, family, setting, replyBy } = (context as CeasingContext).ceasing;
  if (leaving === 'review-owed')
    return {
      rule: 'SEND Regs 2014 reg 30(1)',
      message:
        'The young person has left education: a review comes first. Hold it, and record whether they want to return',
    };
  if (leaving === 'returning')
    return {
      rule: 'SEND Regs 2014 reg 30(2)',
      message: 'The young person wants to return, and it is right for them: amend the plan instead',
    };
  if (context.duties['cease.consult-first']?.metOn === undefined)
    return {
      rule: 'SEND Regs 2014 reg 31(1)',
      message:
        'The family and the named setting come first: consult both, and wait until both letters have left, before you decide',
    };
  if (replyBy !== undefined && on <= replyBy && (family === undefined || setting === undefined))
    return {
      rule: 'SEND Regs 2014 reg 31(1)',
      message: `Our letters give the family and the setting until ${formatDay(replyBy)} to reply. Wait until then, or record what both have said`,
    };
  return {
    rule: 'SEND Regs 2014 reg 29(1)',
    message: 'Under 18, a plan can end only because it is no longer necessary. Check the age and the ground',
  };
}

/** Every command of ceasing to maintain a plan. */
export const ceasingCommands = new Commands({
  startCeasing: {
    fact: 'ceasingConsidered',
    label: 'Consider ending the plan',
    happened: 'Ending the plan is considered',
    action: event,
    begins: true,
    doors: both,
    region: 'path',
    rank: 100,
    fields: {
      ground: { ...ground, optional: true },
      review: { kind: 'yes-no', label: 'It comes from a review of the plan', optional: true },
      note: { kind: 'text', label: 'Anything to note', optional: true, max: 1000 },
    },
  },
  recordTwentyFifthBirthday: {
    fact: 'twentyFifthBirthday',
    label: 'Record that the young person has turned 25',
    happened: 'Turned 25',
    action: event,
    begins: true,
    doors: both,
    region: 'path',
    rank: 110,
    fields: {
      continueTo: {
        kind: 'day',
        label: 'The last day of the academic year, if the plan goes on until then (CFA s.46)',
        optional: true,
      },
    },
  },
  recordLeaving: {
    fact: 'leftNamedInstitution',
    label: 'Record that a young person of 18 or over has left education',
    happened: 'Left the named setting, aged 18 or over',
    action: event,
    doors: both,
    region: 'leaving',
    rank: 120,
    fields: {},
  },
  recordReturnReview: {
    fact: 'returnReviewed',
    label: 'Record the review after leaving education',
    happened: 'Review after leaving education held',
    action: event,
    doors: both,
    region: 'leaving',
    rank: 125,
    fields: {
      wantsToReturn: { kind: 'yes-no', label: 'The young person wants to return to education' },
      returnIsRight: { kind: 'yes-no', label: 'Returning is right for them' },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 30(1)',
      message: 'This review follows when a young person has left education. Record first that they have left',
    }),
  },
  consultOnCeasing: {
    fact: 'ceasingConsulted',
    label: 'Consult the family and the named setting',
    happened: 'Family and setting consulted on ending the plan',
    action: event,
    doors: both,
    region: 'path',
    rank: 200,
    fields: {
      why: {
        kind: 'paragraphs',
        label: 'Why we are thinking of it',
        hint: 'It goes into the letters as you write it.',
      },
      replyBy: { kind: 'day', label: 'The day to reply by', future: true, optional: true },
    },
  },
  recordCeasingViews: {
    fact: 'ceasingViewsReceived',
    label: 'Record what the family or the setting says',
    happened: 'Views on ending the plan received',
    action: event,
    doors: both,
    region: 'path',
    rank: 210,
    law: 'SEND Regs 2014 reg 31(1)',
    fields: {
      from: { kind: 'choice', label: 'Who said it', options: { family: 'The family', setting: 'The setting' } },
      summary: { kind: 'text', label: 'What they said', max: 20000 },
    },
  },
  decideToCease: {
    fact: 'cessationDecided',
    label: 'Decide to end the plan',
    happened: 'Decided to end the plan',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 260,
    law: 'SEND Regs 2014 reg 31(2)-(3)',
    fields: {
      ground,
      age: { kind: 'number', label: 'The age of the child or young person', min: 0, max: 25 },
      reasons: {
        kind: 'paragraphs',
        label: 'The reasons',
        hint: 'About this child, in plain words. Under 18: why a plan is no longer necessary. Over 18: whether the outcomes have been achieved.',
      },
      evidence: {
        kind: 'rows',
        label: 'What was read',
        optional: true,
        most: 60,
        of: {
          title: { kind: 'text', label: 'Title', max: 200 },
          author: { kind: 'text', label: 'Author', max: 120 },
          date: { kind: 'day', label: 'Date' },
        },
      },
    },
    refusal: beforeDeciding,
  },
  decideNotToCease: {
    fact: 'decidedNotToCease',
    label: 'Decide that the plan goes on',
    happened: 'Decided that the plan goes on',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 270,
    law: 'SEND Regs 2014 reg 31',
    fields: { reasons: { kind: 'paragraphs', label: 'The reasons' } },
  },
  ...disputeCommands,
  ...outcomeCommands({
    dismissed: 'The appeal is dismissed: the plan ends',
    continue: 'The plan goes on as it is',
    'continue-and-amend': 'The plan goes on, with changes',
    other: 'Something else',
  }),
  recordConcession: {
    fact: 'appealConceded',
    label: 'Record that the appeal is not opposed',
    happened: 'Appeal conceded',
    action: event,
    secondPerson: 'when-recorded',
    doors: ['record'],
    region: 'path',
    rank: 340,
    fields: { amendmentAgreed: { kind: 'yes-no', label: 'A change of the plan was agreed', optional: true } },
  },
  recordAppealWithdrawn: {
    fact: 'appealWithdrawn',
    label: 'Record that the appeal was withdrawn',
    happened: 'Appeal withdrawn',
    action: event,
    doors: ['record'],
    region: 'path',
    rank: 345,
    law: 'CFA 2014 s.45(4)',
    fields: {},
  },
  recordAmendedPlan: {
    fact: 'amendedFinalPlanIssued',
    label: 'Record that the amended plan was sent',
    happened: 'Amended plan sent',
    action: event,
    doors: ['record'],
    region: 'path',
    rank: 350,
    fields: {
      planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
      changesFOrI: { kind: 'yes-no', label: 'Section F or I has changed', optional: true },
    },
  },
  endPlan: {
    fact: 'planCeased',
    label: 'End the plan',
    happened: 'The plan ended',
    action: 'signDecision',
    secondPerson: 'always',
    doors: both,
    region: 'path',
    rank: 400,
    fields: {
      support: { kind: 'paragraphs', label: 'What support remains', optional: true, most: 6 },
    },
    refusal: (context) => ({
      rule: 'CFA 2014 s.45(4)',
      message:
        context.facts['appealLodged'] !== undefined
          ? 'An appeal is on record. The plan stays in force until it has ended: record how it ended first'
          : context.duties[dutyKey('cease.plan-continues-pending-appeal')] === undefined
            ? 'Nobody has decided to end this plan yet'
            : 'The family can still appeal, and the plan stays in force until that time is over. End it after that day',
    }),
  },
  ...panelToldCommands,
  ...letterCommands,
  ...endingCommands,
} satisfies Record<string, Command>);

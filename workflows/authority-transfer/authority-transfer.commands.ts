import { formatDay } from '@send/statute';
import { type Command, Commands, type Field } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';

const both = ['act', 'record'] as const;
const event = 'recordEvent';

/** The other authority by name, and by its entry among the advisers where it has one: letters go to that. */
const council: Field = { kind: 'text', label: 'The other authority', max: 120 };
const authority: Field = { kind: 'id', of: 'adviser', label: 'Its entry among those we write to', optional: true };
const movesOn: Field = { kind: 'day', label: 'The day of the move' };

const { notePlanEnded, recordDeath } = endingCommands;

/** Every command of a move between authorities, on either side of it. */
export const transferCommands = new Commands({
  startMoveOut: {
    fact: 'becameAwareOfMove',
    label: 'Record that the family moves away',
    happened: 'Became aware of the move',
    action: event,
    begins: true,
    doors: both,
    region: 'path',
    rank: 100,
    fields: {
      movesOn,
      council,
      authority,
      what: {
        kind: 'choice',
        label: 'What moves with the child or young person',
        options: { plan: 'A plan', assessment: 'An assessment that has not ended' },
      },
    },
    law: 'SEND Regs 2014 reg 15(2)',
  },
  changeMoveDay: {
    fact: 'moveDayChanged',
    label: 'Change the day of the move',
    happened: 'Day of the move changed',
    action: event,
    doors: both,
    region: 'path',
    rank: 110,
    fields: { movesOn },
    law: 'SEND Regs 2014 reg 15(2)',
  },
  recordMoveCancelled: {
    fact: 'moveCancelled',
    label: 'Record that the family stays',
    happened: 'The family stays',
    action: event,
    doors: both,
    region: 'path',
    rank: 120,
    fields: { why: { kind: 'text', label: 'How we know', max: 1000 } },
    law: 'SEND Regs 2014 reg 15(1)',
  },
  transferPlan: {
    fact: 'planTransferred',
    label: 'Transfer the plan to the new authority',
    happened: 'Plan transferred to the new authority',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 200,
    law: 'SEND Regs 2014 reg 15(2)',
    fields: {
      council,
      authority,
      madeOrReviewedOn: { kind: 'day', label: 'The day the plan was made or last reviewed', past: true },
      planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
      papers: { kind: 'paragraphs', label: 'What goes with it', optional: true, most: 12 },
    },
    refusal: (context) => ({
      rule: 'SEND Regs 2014 reg 15(2)',
      message:
        context.facts['movedAway'] === undefined
          ? 'Record first that the family moves away, and when'
          : `The plan goes to the new authority on the day of the move, ${formatDay(context.facts['movedAway'])}: until then it is ours to maintain. Where the day has changed, change it first`,
    }),
  },
  handAssessmentOver: {
    fact: 'assessmentHandedOver',
    label: 'Hand an unfinished assessment over',
    happened: 'Unfinished assessment handed over',
    action: event,
    doors: both,
    region: 'path',
    rank: 210,
    fields: {
      council,
      authority,
      familyAgrees: { kind: 'yes-no', label: 'The family agrees that what we have goes to the new authority' },
      papers: { kind: 'paragraphs', label: 'What goes with it', optional: true, most: 12 },
    },
    law: 'CFA 2014 s.24',
    refusal: (context) => ({
      rule: 'UK GDPR art 6; CFA 2014 s.24',
      message:
        context.facts['movedAway'] === undefined
          ? 'Record first that the family moves away, with an assessment that has not ended'
          : 'What we hold goes to the new authority on or after the day of the move, and only if the family agrees. Ask the family first',
    }),
  },
  startMoveIn: {
    fact: 'movedIn',
    label: 'Record that a family with a plan has moved in',
    happened: 'Family with a plan moved in',
    action: event,
    begins: true,
    doors: both,
    region: 'path',
    rank: 300,
    fields: { movedOn: { kind: 'day', label: 'The day of the move', past: true }, council, authority },
    law: 'SEND Regs 2014 reg 15(1)',
  },
  chaseOldAuthority: {
    fact: 'papersChased',
    label: 'Ask the old authority for what is missing',
    happened: 'Old authority asked for what is missing',
    action: event,
    doors: both,
    region: 'path',
    rank: 310,
    fields: {
      missing: { kind: 'paragraphs', label: 'What is missing', most: 12 },
      replyBy: { kind: 'day', label: 'The day to reply by', future: true },
    },
    law: 'SEND Regs 2014 reg 15(2)',
  },
  receivePlan: {
    fact: 'planTransferredIn',
    label: 'Receive a plan from another authority',
    happened: 'Plan transferred to us',
    action: event,
    begins: true,
    doors: both,
    region: 'path',
    rank: 320,
    fields: {
      council,
      authority,
      madeOrReviewedOn: {
        kind: 'day',
        label: 'The day the plan was made or last reviewed',
        hint: 'Leave it out where the papers do not say. The day of the review then waits for it: nothing is guessed.',
        past: true,
        optional: true,
      },
      planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
    },
  },
  recordPlanDay: {
    fact: 'planDayLearned',
    label: 'Record when the plan was made or last reviewed',
    happened: 'Learned when the plan was made or last reviewed',
    action: event,
    doors: both,
    region: 'path',
    rank: 325,
    fields: {
      madeOrReviewedOn: { kind: 'day', label: 'The day the plan was made or last reviewed', past: true },
    },
    law: 'SEND Regs 2014 reg 15(5)',
  },
  tellPartnersOfTransfer: {
    fact: 'partnersToldOfTransfer',
    label: 'Tell the setting and the health commissioner',
    happened: 'Setting and health commissioner told',
    action: event,
    doors: both,
    region: 'path',
    rank: 330,
    fields: {},
    law: 'SEND Regs 2014 reg 16',
  },
  informFamilyOfTransfer: {
    fact: 'familyInformedOfTransfer',
    label: 'Tell the family what we will do',
    happened: 'Family told about the transfer',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 340,
    fields: {
      assessmentProposed: { kind: 'yes-no', label: 'We propose to make an EHC needs assessment' },
      reviewBy: { kind: 'day', label: 'When we will review the plan', future: true },
      reasons: { kind: 'paragraphs', label: 'Anything the family should know', optional: true, most: 6 },
    },
  },
  recordNotPracticable: {
    fact: 'namedSettingNotPracticable',
    label: 'Record that the named setting is too far to attend',
    happened: 'Attending the named setting is no longer practicable',
    action: event,
    doors: both,
    region: 'placement',
    rank: 400,
    fields: { why: { kind: 'text', label: 'Why it is not practicable', max: 1000 } },
  },
  placeForNow: {
    fact: 'placedForNow',
    label: 'Place at another setting for now',
    happened: 'Placed at another setting for now',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'placement',
    rank: 410,
    fields: {
      setting: { kind: 'id', of: 'setting', label: 'The setting for now' },
      startsOn: { kind: 'day', label: 'The first day there' },
      reasons: { kind: 'paragraphs', label: 'The reasons' },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 15(6)',
      message: 'Record first why it is not practicable to attend the setting that the plan names',
    }),
  },
  recordCommissionerChange: {
    fact: 'commissionerChangeKnown',
    label: 'Record that the health commissioner changes with the move',
    happened: 'Change of health commissioner known, on the move',
    action: event,
    doors: ['record'],
    region: 'commissioner',
    rank: 500,
    fields: { movedOn: { kind: 'day', label: 'The day of the move', optional: true } },
  },
  recordCommissionerChangeWithin: {
    fact: 'commissionerChangeWithinAreaKnown',
    label: 'Record that the health commissioner changes, with no change of authority',
    happened: 'Change of health commissioner known, without a change of authority',
    action: event,
    begins: true,
    doors: ['record'],
    region: 'path',
    rank: 510,
    law: 'SEND Regs 2014 reg 16(1)-(2)',
    fields: {},
  },
  recordCommissionerTold: {
    fact: 'commissionerTold',
    label: 'Record that the old commissioner has told the new one',
    happened: 'New health commissioner told by the old one',
    action: event,
    doors: ['record'],
    region: 'commissioner',
    rank: 520,
    fields: {},
  },
  recordCommissionerAsks: {
    fact: 'commissionerAsked',
    label: 'Record what the new commissioner asks for',
    happened: 'New health commissioner has answered',
    action: event,
    doors: ['record'],
    region: 'commissioner',
    rank: 530,
    fields: {
      asks: {
        kind: 'choice',
        label: 'What it asks for',
        options: {
          nothing: 'Nothing: the health care in the plan goes on',
          assessment: 'An assessment',
          review: 'A review of the plan',
        },
      },
    },
  },
  closeTransfer: {
    fact: 'transferSettled',
    label: 'Close the move: everything about it is done',
    happened: 'Move closed',
    action: event,
    doors: ['act'],
    region: 'path',
    rank: 600,
    fields: {},
    law: 'SEND Regs 2014 regs 15 and 16',
    refusal: () => ({
      rule: 'SEND Regs 2014 regs 15 and 16',
      message:
        'Something about this move is still owed, or a letter has not left yet. Do what stands on its list of dates first',
    }),
  },
  ...letterCommands,
  /** A move away is what this process is about: it ends none of it. */
  notePlanEnded,
  recordDeath,
} satisfies Record<string, Command>);

import { type Command, Commands, type Field } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';
import type { PhaseTransferContext } from './phase-transfer.workflow';

const act = ['act', 'record'] as const;
const record = 'recordEvent';

export const transferPhases = {
  'early-years-to-school': 'Early years to school',
  'infant-to-junior': 'Infant to junior school',
  'primary-to-middle': 'Primary to middle school',
  'primary-to-secondary': 'Primary to secondary school',
  'middle-to-secondary': 'Middle to secondary school',
  'secondary-to-post-16': 'Secondary school to a post-16 institution',
  'post-16': 'One post-16 institution to another',
} as const;

const setting = (label: string): Field => ({ kind: 'id', of: 'setting', label, optional: true });
const type: Field = { kind: 'text', label: 'The type of setting', optional: true, max: 120 };

const noMove = () => ({
  rule: 'SEND Regs 2014 reg 18',
  message: 'No move is being prepared in this case now. Check which of the child’s moves it is',
});

/** Every command of the phase transfer. */
export const phaseTransferCommands = new Commands({
  startPhaseTransfer: {
    fact: 'phaseTransferDue',
    label: 'Start a phase transfer',
    happened: 'Phase transfer started',
    action: record,
    begins: true,
    doors: act,
    region: 'path',
    rank: 100,
    law: 'SEND Regs 2014 reg 18',
    fields: {
      year: { kind: 'number', label: 'The year of the move', min: 2014, max: 2124 },
      phase: { kind: 'choice', label: 'The move', options: transferPhases },
      movesOn: {
        kind: 'day',
        label: 'The day of the move',
        hint: 'Only for a move between post-16 institutions; otherwise 1 September',
        optional: true,
      },
      leaves: setting('The setting that the child leaves'),
    },
  },
  recordPreference: {
    fact: 'preferenceReceived',
    label: 'Record what the family would like',
    happened: 'Family said which setting it would like',
    action: record,
    doors: act,
    region: 'preference',
    rank: 200,
    law: 'CFA 2014 s.38(2)(b), as reg 22(2)(b) applies it',
    fields: {
      setting: setting('The setting'),
      type,
      words: { kind: 'text', label: 'In the family’s own words', optional: true },
    },
    refusal: noMove,
  },
  recordReviewMeeting: {
    fact: 'reviewMeetingHeld',
    label: 'Record the review meeting before the move',
    happened: 'Review meeting before the move held',
    action: record,
    doors: act,
    region: 'meeting',
    rank: 210,
    law: 'SEND Regs 2014 regs 20 and 21',
    fields: {},
    refusal: noMove,
  },
  recordAmendmentsSent: {
    fact: 'amendmentsSent',
    label: 'Record that the amendments went to the family',
    happened: 'Proposed amendments sent to the family',
    action: record,
    doors: act,
    region: 'draft',
    rank: 220,
    law: 'SEND Regs 2014 reg 22(2)',
    fields: {},
    refusal: noMove,
  },
  recordConsultation: {
    fact: 'settingConsulted',
    label: 'Record that a setting was consulted about the move',
    happened: 'Setting consulted about the move',
    action: record,
    doors: act,
    region: 'consultation',
    rank: 230,
    law: 'CFA 2014 s.39(2)',
    fields: { setting: setting('The setting') },
    refusal: noMove,
  },
  noteAmendedPlanIssued: {
    fact: 'amendedFinalPlanIssued',
    label: 'Amended plan sent',
    happened: 'Amended plan sent',
    action: record,
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 300,
    law: 'SEND Regs 2014 reg 18',
    fields: {
      planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
      setting: setting('The setting that the plan names'),
      type,
      changesFOrI: { kind: 'yes-no', label: 'Section F or I was changed', optional: true },
    },
  },
  notePlanKept: {
    fact: 'planKept',
    label: 'Plan kept after the review',
    happened: 'Plan kept after the review',
    action: record,
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 310,
    law: 'SEND Regs 2014 reg 18',
    fields: { namesNext: { kind: 'yes-no', label: 'It already names the next setting', optional: true } },
  },
  confirmPlanNamesNext: {
    fact: 'nextSettingNamed',
    label: 'Confirm that the plan names the next setting',
    happened: 'Confirmed that the plan names the next setting',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 320,
    law: 'SEND Regs 2014 reg 18',
    fields: {
      setting: setting('The setting that the plan names'),
      type,
      reasons: { kind: 'paragraphs', label: 'Where the plan says so, and why nothing needs to be amended' },
    },
    refusal: (context) =>
      (context as PhaseTransferContext).move.reviewed === undefined
        ? {
            rule: 'SEND Regs 2014 reg 18',
            message:
              'The plan must be reviewed before the move, and the review has not ended. Finish the review first, and this can be confirmed then',
          }
        : noMove(),
  },
  recordStartAtSetting: {
    fact: 'startedAtNewSetting',
    label: 'Record the first day at the new setting',
    happened: 'Started at the new setting',
    action: record,
    doors: act,
    region: 'path',
    rank: 400,
    law: 'CFA 2014 s.42(2)',
    fields: { setting: setting('The new setting') },
    refusal: noMove,
    odd: (context) =>
      (context as PhaseTransferContext).move.named === undefined
        ? 'The plan does not name a next setting yet. Has the child really started there?'
        : undefined,
  },
  callOffTransfer: {
    fact: 'transferCalledOff',
    label: 'Record that the child does not move',
    happened: 'No move after all',
    action: record,
    secondPerson: 'always',
    doors: act,
    region: 'path',
    rank: 410,
    law: 'SEND Regs 2014 reg 18',
    fields: { reasons: { kind: 'paragraphs', label: 'Why the child does not move' } },
    refusal: noMove,
  },
  ...endingCommands,
  ...letterCommands,
} satisfies Record<string, Command>);

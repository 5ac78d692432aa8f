import { Commands, type Field } from '@send/workflow-kit';
import { letterCommands } from '../letter.commands';

const act = ['act', 'record'] as const;
const record = 'recordEvent';

const contact: Field = {
  kind: 'choice',
  label: 'Who was asked',
  options: { family: 'The family', setting: 'The setting' },
};
const channel: Field = {
  kind: 'choice',
  label: 'How',
  options: { phone: 'By phone', email: 'By email', letter: 'By letter', visit: 'By a visit', meeting: 'In a meeting' },
};
const item: Field = { kind: 'id', label: 'The item of provision' };
const begins = {
  planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
  setting: { kind: 'id', of: 'setting', label: 'The setting', optional: true },
} as const satisfies Record<string, Field>;
const noSuchGap = () => ({
  rule: 'Provision check, gaps',
  message: 'No gap is open for this item. Check which item it is, or record what was said about it first',
});

/** Every command of the provision check. */
export const provisionCommands = new Commands({
  startCheckOfPlan: {
    fact: 'finalPlanIssued',
    label: 'Start the check of a plan',
    happened: 'Final plan issued',
    action: record,
    begins: true,
    doors: ['record'],
    region: 'path',
    rank: 100,
    fields: begins,
  },
  startCheckAfterMove: {
    fact: 'startedAtNewSetting',
    label: 'Start the check after a move',
    happened: 'Started at a new setting',
    action: record,
    begins: true,
    doors: ['record'],
    region: 'path',
    rank: 110,
    fields: begins,
  },
  recordContactTried: {
    fact: 'contactTried',
    label: 'Record that nobody was reached',
    happened: 'Tried to reach them, without an answer',
    action: record,
    doors: act,
    region: 'path',
    rank: 200,
    fields: { contact, channel },
  },
  recordAccount: {
    fact: 'accountGiven',
    label: 'Record what they said',
    happened: 'Family or setting said how provision is',
    action: record,
    doors: act,
    region: 'path',
    rank: 210,
    fields: {
      contact,
      channel,
      attends: {
        kind: 'choice',
        label: 'Does the child attend?',
        options: { yes: 'Yes', 'in-part': 'In part', no: 'No', 'not-known': 'Not known' },
      },
      attendsSince: { kind: 'day', label: 'Not, or only in part, since', optional: true, past: true },
      items: {
        kind: 'rows',
        label: 'Items of provision',
        most: 200,
        of: {
          item,
          delivered: {
            kind: 'choice',
            label: 'Is it delivered?',
            options: { 'in-full': 'In full', 'in-part': 'In part', not: 'Not', 'not-known': 'Not known' },
          },
          since: { kind: 'day', label: 'Since', optional: true, past: true },
        },
      },
    },
  },
  reportCannotDeliver: {
    fact: 'settingCannotDeliver',
    label: 'Record that the setting cannot deliver',
    happened: 'Setting said that it cannot deliver',
    action: record,
    doors: act,
    region: 'gaps',
    rank: 220,
    fields: {
      item,
      since: { kind: 'day', label: 'Since', optional: true, past: true },
      why: { kind: 'text', label: 'What the setting said' },
    },
  },
  agreeGapAction: {
    fact: 'gapActionAgreed',
    label: 'Agree what is done about a gap',
    happened: 'Action about a gap agreed',
    action: record,
    doors: act,
    region: 'gaps',
    rank: 230,
    fields: {
      item,
      action: { kind: 'text', label: 'What will be done' },
      owner: { kind: 'text', label: 'Who does it', max: 120 },
      dueOn: { kind: 'day', label: 'By when', future: true },
    },
    refusal: noSuchGap,
  },
  escalateGap: {
    fact: 'gapEscalated',
    label: 'Take a gap one step up',
    happened: 'Gap taken one step up',
    action: record,
    doors: act,
    region: 'gaps',
    rank: 240,
    fields: { item },
    refusal: noSuchGap,
  },
  closeGap: {
    fact: 'gapClosed',
    label: 'Close a gap on evidence',
    happened: 'Gap closed on evidence',
    action: record,
    doors: act,
    region: 'gaps',
    rank: 250,
    fields: { item, contact, evidence: { kind: 'text', label: 'What they said or sent that shows it' } },
    refusal: noSuchGap,
  },
  recordPlanEnded: {
    fact: 'planEnded',
    label: 'Record that the plan has ended',
    happened: 'Plan ended',
    action: record,
    doors: ['record'],
    region: 'path',
    rank: 900,
    fields: {},
  },
  ...letterCommands,
});

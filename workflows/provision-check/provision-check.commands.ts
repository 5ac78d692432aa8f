import { Commands, type Field, type RunContext } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';
import { openGaps, type ProvisionContext } from './provision-answers';

const act = ['act', 'record'] as const;
const record = 'recordEvent';
const section42 = 'CFA 2014 s.42(2)';
const action12 = 'Somerset SEND Accelerated Progress Plan 2023, action 1.2';

const contact: Field = {
  kind: 'choice',
  label: 'Who',
  options: { family: 'The family', setting: 'The setting' },
};
const informant: Field = {
  kind: 'choice',
  label: 'Who says so',
  options: {
    family: 'The family',
    setting: 'The setting',
    health: 'The health service (section G)',
    'social-care': 'Social care (section H)',
  },
};
const channel: Field = {
  kind: 'choice',
  label: 'How',
  options: { phone: 'By phone', email: 'By email', letter: 'By letter', visit: 'By a visit', meeting: 'In a meeting' },
};
const item = { kind: 'id', label: 'The item of provision' } as const satisfies Field;
const since: Field = { kind: 'day', label: 'Since', optional: true, past: true };

const begins = {
  planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
  setting: { kind: 'id', of: 'setting', label: 'The setting', optional: true },
  inForceFrom: { kind: 'day', label: 'The day on which our own policy came into force', optional: true },
} as const satisfies Record<string, Field>;

const noSuchGap = () => ({
  rule: 'Provision check, gaps',
  message: 'No gap is open for this item. Check which item it is, or record what was said about it first',
});

const gapsOf = (context: RunContext): string[] => openGaps(context as ProvisionContext);

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
  startCheckOfAmendedPlan: {
    fact: 'amendedFinalPlanIssued',
    label: 'Start the check of an amended plan',
    happened: 'Amended final plan issued',
    action: record,
    begins: true,
    doors: ['record'],
    region: 'path',
    rank: 105,
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
    fields: {
      ...begins,
      terms: {
        kind: 'rows',
        label: 'The setting’s terms or half-terms',
        optional: true,
        most: 20,
        of: {
          from: { kind: 'day', label: 'The first day of the term' },
          to: { kind: 'day', label: 'The last day of the term' },
        },
      },
    },
  },
  askFamily: {
    fact: 'familyAsked',
    label: 'Ask the family',
    happened: 'Asked the family how provision is',
    action: record,
    doors: act,
    region: 'path',
    rank: 150,
    law: action12,
    fields: {},
  },
  askSetting: {
    fact: 'settingAsked',
    label: 'Ask the setting',
    happened: 'Asked the setting how provision is',
    action: record,
    doors: act,
    region: 'path',
    rank: 155,
    law: action12,
    fields: {},
  },
  askHealth: {
    fact: 'healthAsked',
    label: 'Ask the health commissioner about section G',
    happened: 'Asked the health commissioner about section G',
    action: record,
    doors: act,
    region: 'path',
    rank: 160,
    law: 'CFA 2014 s.42(3)',
    fields: {},
  },
  askSocialCare: {
    fact: 'socialCareAsked',
    label: 'Ask social care about section H',
    happened: 'Asked social care about section H',
    action: record,
    doors: act,
    region: 'path',
    rank: 165,
    law: 'Chronically Sick and Disabled Persons Act 1970 s.2',
    fields: {},
  },
  remind: {
    fact: 'contactReminded',
    label: 'Send a reminder',
    happened: 'Reminder sent',
    action: record,
    doors: act,
    region: 'path',
    rank: 170,
    law: action12,
    fields: { contact },
  },
  recordContactTried: {
    fact: 'contactTried',
    label: 'Record that nobody was reached',
    happened: 'Tried to reach them, without an answer',
    action: record,
    doors: act,
    region: 'path',
    rank: 200,
    law: action12,
    fields: { contact, channel },
  },
  recordAccount: {
    fact: 'accountGiven',
    label: 'Record what they said',
    happened: 'Said how provision is',
    action: record,
    doors: act,
    region: 'path',
    rank: 210,
    law: action12,
    fields: {
      contact: informant,
      channel,
      attends: {
        kind: 'choice',
        label: 'Whether the child attends',
        options: { yes: 'Yes', 'in-part': 'In part', no: 'No', 'not-known': 'Not known' },
      },
      attendsSince: { kind: 'day', label: 'Not, or only in part, since', optional: true, past: true },
      items: {
        kind: 'rows',
        label: 'Items of provision',
        optional: true,
        most: 200,
        of: {
          item: { ...item, each: true },
          delivered: {
            kind: 'choice',
            label: 'Whether it is delivered',
            options: { 'in-full': 'In full', 'in-part': 'In part', not: 'Not delivered', 'not-known': 'Not known' },
          },
          since,
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
    law: section42,
    fields: { item, since, why: { kind: 'text', label: 'What the setting said' } },
  },
  agreeGapAction: {
    fact: 'gapActionAgreed',
    label: 'Agree what is done about a gap',
    happened: 'Action about a gap agreed',
    action: record,
    doors: act,
    region: 'gaps',
    rank: 230,
    law: section42,
    fields: {
      item,
      action: { kind: 'text', label: 'What will be done', max: 600 },
      owner: { kind: 'text', label: 'Who does it', max: 120 },
      dueOn: { kind: 'day', label: 'The day by which it is done' },
      provider: {
        kind: 'choice',
        label: 'Who must provide it, and is written to',
        options: {
          setting: 'The setting',
          health: 'The health commissioner',
          'social-care': 'Social care',
          authority: 'We do: no letter',
        },
      },
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
    law: section42,
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
    law: section42,
    fields: {
      item,
      contact,
      evidence: { kind: 'text', label: 'What they said or sent that shows it', max: 1000 },
    },
    refusal: noSuchGap,
  },
  tellFamilyOfGaps: {
    fact: 'familyToldOfGaps',
    label: 'Tell the family what we do about the gaps',
    happened: 'Told the family what we do about the gaps',
    action: record,
    doors: act,
    region: 'telling',
    rank: 260,
    law: section42,
    fields: {},
    refusal: (context) => ({
      rule: 'Provision check, gaps',
      message:
        gapsOf(context).length === 0
          ? 'No gap is open, so there is nothing to tell. Record what is missing first'
          : 'Agree what is done about each open gap, by whom and by when, before the family is told',
    }),
  },
  seekEarlyReview: {
    fact: 'earlyReviewSought',
    label: 'Ask for an early review of the plan',
    happened: 'Asked for an early review of the plan',
    action: record,
    doors: act,
    region: 'path',
    rank: 270,
    law: 'CFA 2014 s.44(1)',
    fields: { why: { kind: 'text', label: 'Why the plan should be reviewed early', max: 1000 } },
    refusal: () => ({
      rule: 'Provision check, gaps',
      message: 'A check asks for an early review because of a gap, and none is open. Record what is missing first',
    }),
  },
  ...endingCommands,
  ...letterCommands,
});

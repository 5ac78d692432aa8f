import { type Command, Commands, type Field, type RunContext } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';
import { type PanelContext, type PanelDecision, recommendations } from './panel-decision.workflow';

const act = ['act', 'record'] as const;

const why: Field = { kind: 'text', label: 'Why', max: 1000 };
const onlyDeferred = 'Only where the panel defers';
const reasons: Field = {
  kind: 'paragraphs',
  label: 'The reasons',
  hint: 'In plain words, about this child. They can go into the letter as they stand.',
};
const conditions: Field = { kind: 'paragraphs', label: 'The conditions', optional: true };
const test = {
  legalTest: { kind: 'text', label: 'The legal test that was applied', max: 1000 },
  criteriaVersion: { kind: 'text', label: 'The version of the criteria', max: 80 },
} as const satisfies Record<string, Field>;

const { defer: _, ...ways } = recommendations;
const decisions: Readonly<Record<PanelDecision, string>> = ways;
const decision = {
  decision: { kind: 'choice', label: 'The decision', options: decisions },
  ...test,
  reasons,
  conditions,
} as const satisfies Record<string, Field>;

const itemOf = (context: RunContext) => (context as PanelContext).item;

const noConditions = {
  rule: 'Terms of reference, conditions',
  message: 'Enter the conditions, or choose to agree without any',
};

const incomplete = (): { rule: string; message: string } => ({
  rule: 'Terms of reference, recommendation',
  message:
    'To agree with conditions, enter the conditions. To defer, enter what is missing, who will get it, the day by which it is wanted and the day of the next sitting. If the case is on no agenda, put it on one first',
});

const decidedAlready = (context: RunContext) =>
  itemOf(context).decision === undefined && itemOf(context).over !== true
    ? noConditions
    : {
        rule: 'Terms of reference, decision',
        message: 'This is over: it was decided or withdrawn. Refer the case again',
      };

/** Every command of a case before a panel. */
export const panelCommands = new Commands({
  referToPanel: {
    fact: 'panelReferred',
    law: 'Local terms of reference',
    label: 'Refer the case to a panel',
    happened: 'Referred to a panel',
    action: 'listForPanel',
    begins: true,
    doors: act,
    region: 'path',
    rank: 100,
    fields: {
      panel: { kind: 'id', label: 'The panel' },
      question: { kind: 'text', label: 'The question to the panel', max: 1000 },
      legalTest: { kind: 'text', label: 'The legal test', max: 1000 },
      fromRun: { kind: 'id', label: 'The process that asks', optional: true },
    },
  },
  putOnAgenda: {
    fact: 'putOnAgenda',
    law: 'Local terms of reference; CFA 2014 s 19',
    label: 'Put the case on an agenda',
    happened: 'Put on a panel’s agenda',
    action: 'listForPanel',
    doors: act,
    region: 'path',
    rank: 200,
    fields: {
      sitting: { kind: 'id', label: 'The sitting' },
      meetsOn: { kind: 'day', label: 'The day of the sitting' },
      time: { kind: 'text', label: 'The time', max: 40, optional: true },
      place: { kind: 'text', label: 'The place', max: 200, optional: true },
      viewsBy: { kind: 'day', label: 'The day by which the family’s views are wanted', optional: true },
      attendees: { kind: 'paragraphs', label: 'Who sits on it, by role', optional: true },
    },
    refusal: decidedAlreadyOr('The panel has heard it. It waits for the decision'),
  },
  takeOffAgenda: {
    fact: 'takenOffAgenda',
    law: 'Local terms of reference',
    label: 'Take the case off the agenda',
    happened: 'Taken off the agenda',
    action: 'listForPanel',
    doors: act,
    region: 'path',
    rank: 210,
    fields: { why, sitting: { kind: 'id', label: 'The sitting', optional: true } },
    refusal: decidedAlreadyOr('It is on no agenda'),
  },
  noteSittingCancelled: {
    fact: 'sittingCancelled',
    law: 'Local terms of reference',
    label: 'The sitting was cancelled',
    happened: 'The sitting was cancelled: back to the pool',
    action: 'recordEvent',
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 220,
    fields: { sitting: { kind: 'id', label: 'The sitting' }, why },
  },
  notePanelHeard: {
    fact: 'panelHeard',
    law: 'Local terms of reference',
    label: 'Record that the panel heard the case',
    happened: 'The panel heard the case',
    action: 'recordRecommendation',
    doors: act,
    region: 'path',
    rank: 300,
    fields: { present: { kind: 'paragraphs', label: 'Who was present, by role', optional: true, most: 40 } },
    refusal: decidedAlreadyOr('It is on no agenda. Put it on one first'),
  },
  recordPanelRecommendation: {
    fact: 'panelRecommended',
    law: 'Local terms of reference; CFA 2014 s 36',
    label: 'Record what the panel recommends',
    happened: 'The panel recommended',
    action: 'recordRecommendation',
    doors: act,
    region: 'path',
    rank: 310,
    fields: {
      recommendation: { kind: 'choice', label: 'What the panel recommends', options: recommendations },
      sitting: { kind: 'id', label: 'The sitting', optional: true },
      ...test,
      reasons,
      evidence: { kind: 'paragraphs', label: 'The evidence relied on', optional: true },
      conditions,
      dissent: { kind: 'paragraphs', label: 'Who disagreed, by role, and why', optional: true },
      actions: {
        kind: 'rows',
        label: 'Actions',
        optional: true,
        most: 20,
        of: {
          what: { kind: 'text', label: 'What will be done', max: 300 },
          owner: { kind: 'text', label: 'Who does it', max: 120 },
          dueBy: { kind: 'day', label: 'By when' },
        },
      },
      missing: { kind: 'paragraphs', label: 'What is missing', optional: true, hint: onlyDeferred },
      missingFrom: { kind: 'text', label: 'Who will get it', optional: true, max: 200, hint: onlyDeferred },
      replyBy: { kind: 'day', label: 'The day by which it is wanted', optional: true, hint: onlyDeferred },
      nextMeetsOn: { kind: 'day', label: 'The day of the next sitting', optional: true, hint: onlyDeferred },
    },
    refusal: (context) => (itemOf(context).over === true ? decidedAlready(context) : incomplete()),
  },
  signPanelDecision: {
    fact: 'panelDecisionMade',
    law: 'Local terms of reference; CFA 2014 s 36',
    label: 'Sign the decision',
    happened: 'Decided',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 400,
    fields: decision,
    refusal: (context) =>
      itemOf(context).recommendation === undefined
        ? { rule: 'Terms of reference, decision', message: 'The panel has recommended nothing. Decide without it' }
        : itemOf(context).decision === undefined && itemOf(context).over !== true
          ? {
              rule: 'Terms of reference, separate signature',
              message:
                'Whoever recorded the recommendation does not sign the decision: somebody else must. To agree with conditions, enter the conditions',
            }
          : decidedAlready(context),
  },
  decideWithoutPanel: {
    fact: 'decidedWithoutPanel',
    law: 'SEND Regs 2014 regs 5 and 10, which know no panel',
    label: 'Decide without the panel',
    happened: 'Decided without the panel',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 410,
    fields: { ...decision, whyWithout: { kind: 'text', label: 'Why the panel was not waited for', max: 1000 } },
    refusal: decidedAlready,
  },
  withdrawFromPanel: {
    fact: 'panelWithdrawn',
    law: 'Local terms of reference',
    label: 'Withdraw the case from the panel',
    happened: 'Withdrawn from the panel',
    action: 'listForPanel',
    doors: act,
    region: 'path',
    rank: 500,
    fields: { why },
    refusal: decidedAlready,
  },
  noteAuditDrawn: {
    fact: 'auditDrawn',
    law: 'Somerset SEND Accelerated Progress Plan 2023, action 1.1',
    label: 'The audit sample was drawn',
    happened: 'The audit sample of its month was drawn',
    action: 'recordEvent',
    system: true,
    doors: ['record'],
    region: 'audit',
    rank: 600,
    fields: {
      months: { kind: 'number', label: 'Months after the month of the decision', min: 1, max: 60 },
      inSample: { kind: 'yes-no', label: 'Whether the case is in the sample' },
    },
  },
  ...endingCommands,
  ...letterCommands,
} satisfies Record<string, Command>);

function decidedAlreadyOr(message: string) {
  return (context: RunContext) =>
    itemOf(context).decision === undefined && itemOf(context).over !== true
      ? { rule: 'Terms of reference, agenda', message }
      : decidedAlready(context);
}

import type { Command, Field } from '@send/workflow-kit';
import { planCommands, unfinished } from './plan.commands';
import type { PlanContext } from './plan-stretch';

const act = ['act', 'record'] as const;

export const reasons: Field = {
  kind: 'paragraphs',
  label: 'The reasons',
  hint: 'About this child, in plain words. They go into the letter as you write them.',
};
export const evidence: Field = {
  kind: 'rows',
  label: 'What was read',
  optional: true,
  most: 60,
  of: {
    title: { kind: 'text', label: 'Title', max: 200 },
    author: { kind: 'text', label: 'Author', max: 120 },
    date: { kind: 'day', label: 'Date' },
  },
};
export const planVersion: Field = { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true };
/** What the notice says about each change: reg 22(2)(a). */
export const amendments: Field = {
  kind: 'paragraphs',
  label: 'The changes we propose',
  hint: 'One paragraph for each change: the section, what it says now and what it would say. They go into the notice.',
  most: 12,
};

/** The family's time to say what it thinks of the changes, and what stops us meanwhile. */
const withAmendments = {
  served: 'amendmentsServed',
  rule: 'SEND Regs 2014 reg 22(2)(c)',
  what: 'the proposed amendments have',
} as const;

export const stillWithFamily = (context: PlanContext): { rule: string; message: string } | undefined => {
  const stopped = unfinished(context, withAmendments);
  const undecided = context.plan.requestedSettings.length > 0 && context.plan.placement === undefined;
  return stopped !== undefined && undecided && stopped.message.includes('Wait until')
    ? {
        rule: 'CFA 2014 s.39(3)',
        message: `${stopped.message}. The family asked for a setting: say which one the plan names, or decide the placement`,
      }
    : stopped;
};

const {
  recordRepresentations,
  remindFamilyOfDraft,
  recordSchoolRequest,
  recordMeetingRequest,
  arrangeMeeting,
  recordMeeting,
  consultSetting,
  recordSettingAnswer,
  chaseConsultation,
  namePlacement,
} = planCommands;

const refusal = (context: unknown) => stillWithFamily(context as PlanContext);

/** Commands of the stretch from proposed amendments to the amended plan, for every workflow that amends one. */
export const amendCommands = {
  recordRepresentations: { ...recordRepresentations, label: 'Record the family’s comments on the changes' },
  remindFamilyOfChanges: {
    ...remindFamilyOfDraft,
    label: 'Remind the family of the proposed changes',
    happened: 'Family reminded of the proposed changes',
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 22(2)(c)',
      message: 'The family has no proposed changes to comment on now',
    }),
  },
  recordSchoolRequest,
  recordMeetingRequest: { ...recordMeetingRequest, happened: 'Meeting about the changes requested' },
  arrangeMeeting: {
    ...arrangeMeeting,
    label: 'Arrange the meeting about the changes',
    happened: 'Meeting about the changes arranged',
  },
  recordMeetingOnChanges: {
    ...recordMeeting,
    label: 'Record the meeting about the changes',
    happened: 'Meeting about the changes held',
  },
  consultSetting: {
    ...consultSetting,
    refusal: () => ({
      rule: 'CFA 2014 s.39(2)',
      message: 'A setting is consulted once changes to the plan are proposed. Send the proposed changes first',
    }),
  },
  recordSettingAnswer,
  chaseConsultation,
  namePlacement: { ...namePlacement, refusal },
  decideNotToAmend: {
    fact: 'decidedNotToAmend',
    label: 'Decide not to amend the plan',
    happened: 'Decided not to amend the plan',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    law: 'SEND Regs 2014 reg 22(4)',
    doors: act,
    region: 'path',
    rank: 790,
    fields: { reasons, evidence },
    refusal,
  },
  issueAmendedPlan: {
    fact: 'amendedFinalPlanIssued',
    label: 'Issue the amended plan',
    happened: 'Amended plan issued',
    action: 'signFinalPlan',
    secondPerson: 'always',
    law: 'SEND Regs 2014 reg 22(3)',
    doors: act,
    region: 'path',
    rank: 800,
    fields: {
      planVersion,
      changesFOrI: { kind: 'yes-no', label: 'Section F or Section I has changed' },
      setting: { kind: 'id', of: 'setting', label: 'The setting that Section I names', optional: true },
      reasons: { ...reasons, optional: true },
    },
    refusal,
  },
} as const satisfies Record<string, Command>;

/** Service proved on another day than the channel's rule gives: the fifteen days run from it. */
export const amendmentsServedCommand = {
  recordService: {
    fact: 'letterServed',
    law: 'Education Act 1996 s.572',
    label: 'Record proof of service',
    happened: 'Service proved',
    action: 'recordEvent',
    doors: ['record'],
    region: 'path',
    rank: 910,
    fields: {
      clock: { kind: 'choice', label: 'The letter', options: { amendmentsServed: 'The proposed changes' } },
      proof: { kind: 'text', label: 'The proof', max: 300 },
    },
  },
} as const satisfies Record<string, Command>;

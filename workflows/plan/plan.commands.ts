import { type Day, formatDay } from '@send/statute';
import { type Command, type Field, windowClosed } from '@send/workflow-kit';
import { meetingDone, type PlanContext, requestedConsulted } from './plan-stretch';

const planVersion: Field = { kind: 'id', of: 'plan-version', label: 'The version of the plan' };
const consultation = { kind: 'id', label: 'The consultation' } as const satisfies Field;
const act = ['act', 'record'] as const;

/** The family's fifteen days: with a draft plan, or with proposed amendments. */
export const withDraft = {
  served: 'draftPlanServed',
  rule: 'SEND Regs 2014 reg 13(1)(a)',
  what: 'the draft plan has',
} as const;

/** The family has been heard, and only what Section I will name is still open. */
const placementFirst = (context: PlanContext, on: Day): { rule: string; message: string } | undefined =>
  context.plan.placement === undefined &&
  meetingDone(context) &&
  requestedConsulted(context) &&
  (context.plan.familyIsDone || windowClosed(context, 'plan.representations-window', on))
    ? {
        rule: 'CFA 2014 ss.39 and 40',
        message: 'It is not decided yet which setting, or type of setting, the plan names. Decide the placement first',
      }
    : undefined;

/** What stops the stretch, and the way out. */
export function unfinished(
  context: PlanContext,
  { served, rule, what }: { readonly served: string; readonly rule: string; readonly what: string } = withDraft,
): { rule: string; message: string } | undefined {
  const servedOn = context.facts[served];
  if (!context.plan.familyIsDone && servedOn === undefined) {
    return {
      rule,
      message: `The family’s 15 days have not begun: ${what} not been served yet. Check that its letter has left`,
    };
  }
  if (!meetingDone(context)) {
    return {
      rule: `${rule}(ii)`,
      message: 'The family has asked for a meeting. Hold it, and record it, before you go on',
    };
  }
  if (!requestedConsulted(context)) {
    return {
      rule: 'CFA 2014 s.39(2)',
      message: 'The family asked for a setting that has not been consulted. Consult it first',
    };
  }
  return {
    rule,
    message: `The family has at least 15 days to comment${
      servedOn === undefined ? '' : `, counted from ${formatDay(servedOn)}`
    }. Wait until they are over, or record that the family has nothing more to say`,
  };
}

/** Commands of the stretch from draft to final plan, used by every workflow that makes a plan. */
export const planCommands = {
  sendDraftPlan: {
    fact: 'draftPlanSent',
    label: 'Send the draft plan',
    happened: 'Draft plan sent',
    action: 'editPlan',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 700,
    fields: { planVersion: { ...planVersion, optional: true } },
  },
  reissueDraftPlan: {
    fact: 'draftReissued',
    label: 'Send a changed draft plan',
    happened: 'Changed draft plan sent',
    law: 'CFA 2014 s.38(1)',
    action: 'editPlan',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 710,
    fields: { planVersion: { ...planVersion, optional: true } },
  },
  recordRepresentations: {
    fact: 'representationsReceived',
    label: 'Record the family’s comments on the draft',
    happened: 'Family’s comments received',
    law: 'SEND Regs 2014 reg 13(1)',
    action: 'recordEvent',
    doors: act,
    region: 'path',
    rank: 725,
    fields: {
      summary: { kind: 'text', label: 'What the family said', optional: true },
      nothingMoreToSay: { kind: 'yes-no', label: 'The family has nothing more to say', optional: true },
    },
  },
  remindFamilyOfDraft: {
    fact: 'familyReminded',
    label: 'Remind the family of the draft',
    happened: 'Family reminded of the draft',
    action: 'recordEvent',
    doors: ['act'],
    region: 'path',
    rank: 721,
    fields: {},
    refusal: () => ({ rule: 'SEND Regs 2014 reg 13(1)(a)', message: 'The family has no draft to comment on now' }),
  },
  recordSchoolRequest: {
    fact: 'schoolRequested',
    label: 'Record that the family asks for a setting',
    happened: 'Setting requested by the family',
    law: 'CFA 2014 s.38(3)',
    action: 'recordEvent',
    doors: act,
    region: 'path',
    rank: 722,
    fields: { setting: { kind: 'id', of: 'setting', label: 'The setting' } },
  },
  recordMeetingRequest: {
    fact: 'meetingRequested',
    label: 'Record that the family asks for a meeting',
    happened: 'Meeting about the draft requested',
    law: 'SEND Regs 2014 reg 13(1)',
    action: 'recordEvent',
    doors: act,
    region: 'path',
    rank: 723,
    fields: {},
  },
  arrangeMeeting: {
    fact: 'meetingArranged',
    label: 'Arrange the meeting about the draft',
    happened: 'Meeting about the draft arranged',
    law: 'SEND Regs 2014 reg 13(1)',
    action: 'recordEvent',
    doors: act,
    region: 'path',
    rank: 730,
    fields: {
      meetingOn: { kind: 'day', label: 'The day of the meeting', future: true },
      time: { kind: 'text', label: 'The time', max: 20 },
      place: { kind: 'text', label: 'The place or link', max: 200 },
    },
  },
  recordMeeting: {
    fact: 'meetingHeld',
    label: 'Record the meeting about the draft',
    happened: 'Meeting about the draft held',
    action: 'recordEvent',
    doors: act,
    region: 'path',
    rank: 740,
    fields: { summary: { kind: 'text', label: 'What was said', optional: true } },
  },
  consultSetting: {
    fact: 'settingConsulted',
    label: 'Consult a setting',
    happened: 'Setting consulted',
    action: 'recordEvent',
    doors: act,
    region: 'consultation',
    rank: 750,
    fields: {
      consultation: { ...consultation, new: true },
      setting: { kind: 'id', of: 'setting', label: 'The setting' },
      maintainedBy: { kind: 'id', label: 'The authority that maintains it, if another', optional: true },
    },
    refusal: () => ({
      rule: 'CFA 2014 ss.38 and 39',
      message: 'A setting is consulted once there is to be a plan. Decide to issue a plan first',
    }),
  },
  recordSettingAnswer: {
    fact: 'settingAnswered',
    label: 'Record a setting’s answer',
    happened: 'Setting answered',
    action: 'recordEvent',
    doors: act,
    region: 'consultation',
    rank: 760,
    fields: {
      consultation,
      answer: {
        kind: 'choice',
        label: 'The answer',
        options: {
          yes: 'Yes, it can meet the needs',
          unsuitable: 'No: unsuitable for age, ability, aptitude or needs (s.39(4)(a))',
          others: 'No: incompatible with the education of others (s.39(4)(b)(i))',
          resources: 'No: incompatible with the efficient use of resources (s.39(4)(b)(ii))',
        },
      },
      reasons: { kind: 'text', label: 'The setting’s reasons', optional: true },
    },
  },
  chaseConsultation: {
    fact: 'consultationChased',
    label: 'Chase a setting',
    happened: 'Setting reminded',
    action: 'recordEvent',
    doors: act,
    region: 'consultation',
    rank: 770,
    fields: { consultation },
  },
  namePlacement: {
    fact: 'placementNamed',
    label: 'Decide the placement',
    happened: 'Placement decided',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: act,
    region: 'path',
    rank: 780,
    fields: {
      setting: { kind: 'id', of: 'setting', label: 'The setting to be named', optional: true },
      type: { kind: 'text', label: 'The type of setting', max: 120 },
      reasons: { kind: 'paragraphs', label: 'The reasons' },
    },
    refusal: (context) => unfinished(context as PlanContext),
  },
  issueFinalPlan: {
    fact: 'finalPlanIssued',
    label: 'Issue the final plan',
    happened: 'Final plan issued',
    action: 'signFinalPlan',
    secondPerson: 'always',
    doors: act,
    region: 'path',
    rank: 800,
    fields: {
      planVersion: { ...planVersion, optional: true },
      reasons: { kind: 'paragraphs', label: 'The reasons', optional: true },
    },
    refusal: (context, on) => placementFirst(context as PlanContext, on) ?? unfinished(context as PlanContext),
  },
} as const satisfies Record<string, Command>;

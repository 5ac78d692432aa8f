import { type Command, Commands, type Field } from '@send/workflow-kit';
import { adviceCommands } from '../advice/advice.commands';
import { disputeCommands, outcomeCommands } from '../dispute.commands';
import { endingCommands } from '../endings';
import { exceptionCommands } from '../exceptions';
import { draftServedCommand, letterCommands } from '../letter.commands';
import { panelToldCommands } from '../panel-told';
import { evidence, reasons } from '../plan/amend.commands';
import { planCommands } from '../plan/plan.commands';

const both = ['act', 'record'] as const;
const event = 'recordEvent';

const fromYear9: Field = { kind: 'yes-no', label: 'In year 9 or above', optional: true };
const { issueFinalPlan, ...stretchCommands } = planCommands;

/** Every command of a reassessment. */
export const reassessmentCommands = new Commands({
  receiveReassessmentRequest: {
    fact: 'reassessmentRequested',
    label: 'Enter a request to reassess',
    happened: 'Request to reassess received',
    action: event,
    begins: true,
    doors: both,
    region: 'path',
    rank: 100,
    law: 'CFA 2014 s.44(2)',
    fields: {
      from: {
        kind: 'choice',
        label: 'Who asked',
        options: {
          parent: 'A parent or carer',
          'young-person': 'The young person',
          setting: 'The school, college or other setting',
          health: 'The health commissioner (reg 23)',
        },
      },
      fromYear9,
      note: { kind: 'text', label: 'Anything to note', optional: true, max: 1000 },
    },
  },
  decideToReassess: {
    fact: 'decidedToReassess',
    label: 'Decide to reassess',
    happened: 'Decided to reassess',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    begins: true,
    doors: both,
    region: 'path',
    rank: 350,
    fields: { fromYear9, reasons: { ...reasons, optional: true } },
  },
  decideNotToReassess: {
    fact: 'decidedNotToReassess',
    label: 'Decide not to reassess',
    happened: 'Decided not to reassess',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 290,
    law: 'SEND Regs 2014 reg 24',
    fields: {
      ground: {
        kind: 'choice',
        label: 'The ground (reg 24)',
        options: {
          'within-six-months': 'Assessed or reassessed in the six months before the request',
          'not-necessary': 'Another assessment is not necessary: the needs have not changed significantly',
        },
      },
      reasons,
      evidence,
    },
  },
  ...disputeCommands,
  ...outcomeCommands({ reassess: 'To reassess', other: 'Something else' }),
  recordConcession: {
    fact: 'appealConceded',
    label: 'Record that the appeal is not opposed',
    happened: 'Appeal conceded',
    action: event,
    secondPerson: 'when-recorded',
    doors: ['record'],
    region: 'path',
    rank: 340,
    law: 'SEND Regs 2014 reg 45',
    fields: {},
  },
  ...adviceCommands,
  recordViews: {
    fact: 'viewsReceived',
    label: 'Record the family’s views',
    happened: 'Family’s views received',
    action: 'writeFamilyViews',
    doors: both,
    region: 'path',
    rank: 430,
    law: 'SEND Regs 2014 reg 26',
    fields: { summary: { kind: 'text', label: 'What they said', max: 20000 } },
  },
  ...exceptionCommands,
  decideToChangePlan: {
    fact: 'decidedToChangePlan',
    label: 'Decide to amend or replace the plan',
    happened: 'Decided to amend or replace the plan',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 660,
    fields: { reasons },
  },
  decideNoChange: {
    fact: 'decidedNoChange',
    label: 'Decide that the plan stays as it is',
    happened: 'Decided that the plan stays as it is',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 650,
    law: 'SEND Regs 2014 reg 27(4)-(5)',
    fields: { reasons, evidence },
  },
  ...stretchCommands,
  /** Never a first plan: what is issued after a reassessment amends or replaces one. */
  issueReassessedPlan: {
    ...issueFinalPlan,
    fact: 'amendedFinalPlanIssued',
    label: 'Issue the plan after the reassessment',
    happened: 'Plan issued after the reassessment',
    law: 'SEND Regs 2014 reg 27(1)-(2)',
    fields: {
      ...issueFinalPlan.fields,
      changesFOrI: { kind: 'yes-no', label: 'Section F or Section I has changed', optional: true },
    },
  },
  withdrawRequest: {
    fact: 'requestWithdrawn',
    label: 'Record that the request is withdrawn',
    happened: 'Request withdrawn',
    action: event,
    doors: both,
    region: 'path',
    rank: 850,
    law: 'CFA 2014 s.44(2)',
    fields: {
      by: { kind: 'text', label: 'Who withdrew it', max: 120 },
      reason: { kind: 'text', label: 'Why', optional: true },
    },
  },
  closeAfterDecision: {
    fact: 'caseClosed',
    label: 'Close the case after a refusal or a decision of no change',
    happened: 'Case closed',
    action: event,
    doors: ['act'],
    region: 'path',
    rank: 880,
    fields: {},
    refusal: () => ({
      rule: 'HESC Rules 2008 r.20(1)(c)',
      message: 'The family can still appeal. The case can be closed when that time is over',
    }),
  },
  ...panelToldCommands,
  ...letterCommands,
  ...draftServedCommand,
  ...endingCommands,
} satisfies Record<string, Command>);

import { Commands } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { disputeCommands } from '../dispute.commands';
import { letterCommands } from '../letter.commands';
import { panelToldCommands } from '../panel-told';
import { amendCommands, amendments, amendmentsServedCommand, planVersion, reasons } from '../plan/amend.commands';

/** Every command of an amendment outside a review. */
export const amendmentCommands = new Commands({
  proposeAmendments: {
    fact: 'amendmentsSent',
    label: 'Propose changes to the plan without a review',
    happened: 'Proposed changes sent',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    law: 'SEND Regs 2014 regs 22(1) and (2), 28',
    begins: true,
    doors: ['act', 'record'],
    region: 'path',
    rank: 690,
    fields: {
      reasons,
      amendments: { ...amendments, optional: true },
      planVersion,
      servedOn: { kind: 'day', label: 'The day of service, if proved', optional: true, past: true },
    },
  },
  ...amendCommands,
  ...disputeCommands,
  ...panelToldCommands,
  ...endingCommands,
  ...letterCommands,
  ...amendmentsServedCommand,
});

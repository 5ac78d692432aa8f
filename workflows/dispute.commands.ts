import type { Command, Field } from '@send/workflow-kit';

const event = 'recordEvent';
const recordOnly = ['record'] as const;

/** What the family does about a decision, in every process whose decisions can be appealed. */
export const disputeCommands = {
  recordMediationRequest: {
    fact: 'mediationRequested',
    label: 'Record that the family asks for mediation',
    happened: 'Mediation asked for',
    action: event,
    doors: recordOnly,
    region: 'path',
    rank: 310,
    fields: {},
  },
  recordMediationCertificate: {
    fact: 'mediationCertificateIssued',
    label: 'Record a mediation certificate',
    happened: 'Mediation certificate issued',
    action: event,
    doors: recordOnly,
    region: 'path',
    rank: 315,
    fields: {},
  },
  recordAppeal: {
    fact: 'appealLodged',
    label: 'Record an appeal',
    happened: 'Appeal lodged',
    action: event,
    doors: recordOnly,
    region: 'path',
    rank: 320,
    fields: {},
  },
} as const satisfies Record<string, Command>;

/** How a dispute comes out, with what can be ordered or agreed about this process’s decisions. */
export const outcomeCommands = <O extends Readonly<Record<string, string>>>(options: O) => {
  const outcome = (label: string) => ({ kind: 'choice', label, options }) as const satisfies Field;
  return {
    recordMediationAgreement: {
      fact: 'mediationAgreed',
      label: 'Record a mediation agreement',
      happened: 'Mediation agreed',
      action: event,
      doors: recordOnly,
      region: 'path',
      rank: 330,
      law: 'SEND Regs 2014 reg 42(2)',
      fields: { agreed: outcome('What was agreed') },
    },
    recordOrder: {
      fact: 'tribunalOrderMade',
      label: 'Record a Tribunal order',
      happened: 'Tribunal order made',
      action: event,
      doors: recordOnly,
      region: 'path',
      rank: 335,
      law: 'SEND Regs 2014 reg 44(2)',
      fields: {
        order: outcome('What was ordered'),
        reference: { kind: 'text', label: 'The Tribunal’s reference', max: 60, optional: true },
      },
    },
  } as const satisfies Record<string, Command>;
};

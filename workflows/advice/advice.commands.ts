import type { Command, Field } from '@send/workflow-kit';

const both = ['act', 'record'] as const;
const event = 'recordEvent';

export const request: Field = { kind: 'id', label: 'The request for advice' };

/** Commands of the advice beside the path, in every workflow that asks for it. */
export const adviceCommands = {
  askForAdvice: {
    fact: 'adviceSought',
    label: 'Ask for advice',
    happened: 'Advice asked for',
    action: event,
    doors: both,
    region: 'advice',
    rank: 400,
    fields: {
      requests: {
        kind: 'rows',
        label: 'Who is asked',
        most: 20,
        of: {
          request: { ...request, new: true },
          kind: {
            kind: 'choice',
            label: 'The kind of advice',
            options: {
              education: 'Education',
              health: 'Health',
              psychology: 'Educational psychology',
              'social-care': 'Social care',
              adulthood: 'Preparing for adulthood',
              other: 'Someone else',
            },
          },
          adviser: { kind: 'id', of: 'adviser', label: 'The adviser' },
        },
      },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 6(1)',
      message: 'Advice is asked for once it is decided to assess. Record the decision first',
    }),
  },
  reuseAdvice: {
    fact: 'adviceReused',
    label: 'Use advice that already exists',
    happened: 'Earlier advice used',
    action: event,
    doors: both,
    region: 'advice',
    rank: 410,
    fields: {
      request: { ...request, new: true },
      adviser: { kind: 'id', of: 'adviser', label: 'Who gave it' },
      kind: {
        kind: 'choice',
        label: 'The kind of advice',
        options: {
          education: 'Education',
          health: 'Health',
          psychology: 'Educational psychology',
          'social-care': 'Social care',
          adulthood: 'Preparing for adulthood',
          other: 'Someone else',
        },
      },
      adviceDate: { kind: 'day', label: 'The date of the advice', past: true },
      authorAgrees: { kind: 'yes-no', label: 'Its author agrees that it is enough' },
      authorityAgrees: { kind: 'yes-no', label: 'The council agrees that it is enough' },
      familyAgrees: { kind: 'yes-no', label: 'The family agrees that it is enough' },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 6(4)',
      message:
        'Earlier advice can be used only if its author, the council and the family all agree. Ask for new advice instead',
    }),
  },
  recordAdvice: {
    fact: 'adviceReceived',
    label: 'Record advice received',
    happened: 'Advice received',
    action: event,
    doors: both,
    region: 'advice',
    rank: 500,
    fields: {
      request,
      need: { kind: 'text', label: 'The needs', optional: true, max: 20000 },
      provision: { kind: 'text', label: 'The provision advised', optional: true, max: 20000 },
      outcomes: { kind: 'text', label: 'The outcomes sought', optional: true, max: 20000 },
      document: { kind: 'id', of: 'document', label: 'The document', optional: true },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 6(1)',
      message: 'Nobody is waiting to give advice on this case. Record who was asked first',
    }),
  },
  returnAdvice: {
    fact: 'adviceReturned',
    label: 'Send advice back to its author',
    happened: 'Advice sent back',
    action: event,
    doors: both,
    region: 'advice',
    rank: 510,
    fields: { request, missing: { kind: 'text', label: 'What is missing' } },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 6(1)',
      message: 'That advice has not been received, so it cannot be sent back',
    }),
  },
  chaseAdvice: {
    fact: 'adviceChased',
    label: 'Chase advice',
    happened: 'Adviser reminded',
    law: 'SEND Regs 2014 reg 8(1)',
    action: event,
    doors: both,
    region: 'advice',
    rank: 520,
    fields: { request, late: { kind: 'yes-no', label: 'Is it overdue?', optional: true } },
  },
} as const satisfies Record<string, Command>;

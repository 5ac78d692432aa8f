import type { Command } from '@send/workflow-kit';

/** What the product itself puts on record of a letter, in every workflow that sends one. */
export const letterCommands = {
  noteLetterSent: {
    fact: 'letterSent',
    law: 'CFA 2014 s.83; Education Act 1996 s.572',
    label: 'Letter sent',
    happened: 'Letter sent',
    action: 'recordEvent',
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 900,
    fields: {
      group: { kind: 'text', label: 'The decision', max: 200 },
      letter: { kind: 'text', label: 'The letter', max: 80 },
      letterId: { kind: 'id', label: 'The letter’s id' },
      recipient: { kind: 'text', label: 'The recipient', max: 80 },
      servedOn: { kind: 'day', label: 'The day of service' },
      channel: { kind: 'text', label: 'The channel', max: 40 },
      /** Last days that the letter printed for its reader: they bind us. */
      promised: {
        kind: 'rows',
        label: 'The last days printed',
        optional: true,
        most: 5,
        of: { duty: { kind: 'text', label: 'The duty', max: 80 }, lastDay: { kind: 'day', label: 'The last day' } },
      },
    },
  },
} as const satisfies Record<string, Command>;

/** Service of a draft proved on another day than the channel’s rule gives: the fifteen days run from it. */
export const draftServedCommand = {
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
      clock: { kind: 'choice', label: 'The letter', options: { draftPlanServed: 'The draft plan' } },
      proof: { kind: 'text', label: 'The proof', max: 300 },
    },
  },
} as const satisfies Record<string, Command>;

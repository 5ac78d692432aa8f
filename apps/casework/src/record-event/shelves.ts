import type { Command } from '@send/workflow-kit';

/** A part of the list that a caseworker chooses from, in the order of a case. */
export interface Shelf {
  readonly name: string;
  readonly holds: (command: Command) => boolean;
}

const isAppeal = (fact: string): boolean => /mediation|appeal|tribunal/i.test(fact);
const appeals: Shelf = { name: 'Appeal and mediation', holds: ({ fact }) => isAppeal(fact) };
const endings: readonly Shelf[] = [
  { name: 'Ending the case', holds: ({ rank }) => rank >= 850 && rank < 900 },
  { name: 'Proof of service', holds: ({ rank }) => rank >= 900 },
];

/** Ranks put a day's facts into the order of the law, and so into the order of a case. */
const usual: readonly Shelf[] = [
  { name: 'Next steps', holds: ({ rank, fact }) => rank < 850 && !isAppeal(fact) },
  appeals,
  ...endings,
];

const own: Readonly<Record<string, readonly Shelf[]>> = {
  'needs-assessment': [
    { name: 'Request and first decision', holds: ({ rank, fact }) => rank < 400 && !isAppeal(fact) },
    { name: 'Advice and views', holds: ({ rank }) => rank >= 400 && rank < 600 },
    { name: 'Delays and exceptions', holds: ({ rank }) => rank >= 600 && rank < 650 },
    { name: 'Decision on a plan', holds: ({ rank }) => rank >= 650 && rank < 700 },
    { name: 'Draft, consultation and final plan', holds: ({ rank }) => rank >= 700 && rank < 850 },
    appeals,
    ...endings,
  ],
  appeal: [{ name: 'Next steps', holds: ({ rank }) => rank < 850 }, ...endings],
};

export const shelvesOf = (workflow: string): readonly Shelf[] => own[workflow] ?? usual;

import type { LetterValues } from '../values';

type Examples = Partial<Omit<LetterValues, 'dates'>>;

export const disputeExamples: Examples = {
  dispute: {
    matter: 'what the plan says',
    reference: 'EH931/26/00042',
    contactBy: '2027-01-20',
    appealBy: '2027-01-20',
    mediationBy: '2027-01-09',
    responseBy: '2027-01-28',
    how: 'ordered',
    decidedOn: '2026-12-07',
    orderedOn: '2026-12-07',
    agreedOn: '2026-12-07',
    concededOn: '2026-12-07',
    beforeResponse: true,
    what: 'We will change what the plan says.',
    doneBy: '2027-01-11',
    noPlanBy: '2027-02-15',
    finalBy: '2027-03-15',
    actions: [
      { what: 'Send you the notes of the school visit', by: '2026-12-21' },
      { what: 'Ask the school nurse to ring you', by: '2027-01-15' },
    ],
    issues: ['How much speech and language therapy is needed'],
    provision: ['45 minutes of speech and language therapy each week'],
    healthOnly: false,
    result: 'changed',
    recommendation: { about: 'social care', sentOn: '2026-11-30', following: 'in-part' },
  },
};

export const worstDisputeExamples = (
  awkward: string,
  longName: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Examples => ({
  dispute: {
    matter: awkward,
    reference: longName,
    how: 'conceded',
    decidedOn: '2026-02-28',
    orderedOn: '2026-02-28',
    agreedOn: '2026-02-28',
    concededOn: '2026-02-28',
    what: awkward,
    noPlanBy: '2027-02-28',
    finalBy: '2027-02-28',
    actions: sixty((n) => ({ what: `${awkward} ${n}`, by: '2027-02-28' })),
    issues: sixty((n) => `${awkward} ${n}`),
    healthOnly: true,
    result: 'unchanged',
    recommendation: { about: 'health', sentOn: '2026-02-28', following: 'no' },
  },
});

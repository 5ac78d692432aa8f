import type { LetterValues } from '../values';

type Examples = Partial<Omit<LetterValues, 'dates'>>;

export const provisionExamples: Examples = {
  check: {
    dueBy: '2027-03-04',
    settingName: 'Oak Hill School',
    items: [
      { section: 'F', what: 'Reading lessons in a group of three, 30 minutes, four times a week' },
      { section: 'F', what: 'Speech and language therapy, 45 minutes, once a fortnight' },
      { section: 'G', what: 'A visit from the school nurse, once a term' },
    ],
    gaps: [
      {
        what: 'Speech and language therapy, 45 minutes, once a fortnight',
        action: 'Find a therapist from another service until the post is filled',
        owner: 'Levelham Community Health',
        by: '2027-01-18',
      },
      {
        what: 'Going to school every day',
        action: 'A slow start each morning',
        owner: 'Oak Hill School',
        by: '2027-01-11',
      },
    ],
    gap: {
      what: 'Speech and language therapy, 45 minutes, once a fortnight',
      action: 'Find a therapist from another service until the post is filled.',
      by: '2027-01-18',
    },
    nextReview: '2027-11-02',
  },
};

export const worstProvisionExamples = (
  awkward: string,
  longName: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Examples => ({
  check: {
    settingName: longName,
    items: sixty((n) => ({ section: 'H1', what: `${awkward} ${n}` })),
    gaps: sixty((n) =>
      n % 2 === 0 ? { what: `${awkward} ${n}` } : { what: awkward, action: awkward, owner: longName, by: '2027-02-28' },
    ),
    gap: { what: awkward, action: awkward, by: '2027-02-28' },
  },
});

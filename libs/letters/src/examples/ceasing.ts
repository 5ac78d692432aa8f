import type { LetterDates, LetterValues } from '../values';

/** A request to reassess, a plan that may end, and a move to another council. */
export const ceasingExamples: Partial<Omit<LetterValues, 'dates'>> = {
  reassessment: { ground: 'not-necessary' },
  ceasing: {
    because: 'there is a paid job now',
    how: 'appeal',
    support: ['A mentor at college until July', 'Extra time in exams'],
  },
  moving: {
    oldCouncil: 'Farshire County Council',
    newCouncil: 'Levelshire County Council',
    assessment: 'no',
    missing: ['The advice of the educational psychologist', 'The last review report'],
    papers: ['The plan', 'All the advice in Section K', 'The last review report'],
  },
};

export const ceasingDates: LetterDates = {
  reassessAsked: '2026-11-30',
  reassessAnswerBy: '2026-12-15',
  reassessPlanBy: '2027-03-18',
  planEnded: '2026-12-09',
  moved: '2026-11-23',
  transferred: '2026-11-30',
  planMadeOrReviewed: '2026-03-16',
  reviewPlanned: '2027-03-15',
};

export const worstCeasingExamples = (
  awkward: string,
  longName: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Partial<Omit<LetterValues, 'dates'>> => ({
  reassessment: { ground: 'within-six-months' },
  ceasing: { because: awkward, how: 'age', support: sixty((n) => `${awkward} ${n}`) },
  moving: {
    oldCouncil: longName,
    newCouncil: longName,
    assessment: 'yes',
    missing: sixty((n) => `${awkward} ${n}`),
    papers: sixty((n) => `${awkward} ${n}`),
  },
});

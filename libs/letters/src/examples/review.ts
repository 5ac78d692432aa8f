import type { LetterDates, LetterValues } from '../values';

export const reviewExamples: Partial<Omit<LetterValues, 'dates'>> = {
  amendments: [
    'Section F: “reading support” would say “reading lessons in a group of three, 30 minutes, four times a week”.',
    'Section E: a new outcome, to read a page aloud to a friend by July 2027.',
  ],
  review: {
    time: '10am',
    place: 'Oak Hill School',
    link: 'https://meet.levelshire.example/review',
    fromYear9: true,
    reports: ['School report', 'Report of the speech and language therapist'],
    missing: ['Report of social care'],
    recommendations: ['Keep the reading group, and say how long each lesson is.'],
    differences: ['The family would like a smaller school. The school thinks that this is the right place.'],
    answer: 'yes',
  },
};

export const reviewDates: LetterDates = {
  circulateBy: '2026-12-02',
  reportDue: '2026-12-31',
  decisionBy: '2027-01-14',
  schoolAgeEnds: '2027-06-25',
};

export const worstReviewExamples = (
  awkward: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Partial<Omit<LetterValues, 'dates'>> => ({
  amendments: sixty((n) => `${awkward} ${n}`),
  review: {
    time: 'half past two',
    place: awkward,
    reports: sixty((n) => `${awkward} ${n}`),
    missing: [awkward],
    recommendations: sixty((n) => `${awkward} ${n}`),
    differences: [awkward],
    answer: 'no',
  },
});

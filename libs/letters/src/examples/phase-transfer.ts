import type { LetterDates, LetterValues } from '../values';

export const phaseTransferExamples: Partial<Omit<LetterValues, 'dates'>> = {
  transfer: { from: 'primary school', to: 'secondary school', when: 'September 2027' },
  reviewList: {
    setting: 'Oak Hill School',
    termStarts: '2027-01-05',
    children: [
      {
        name: 'Rowan Fenwick',
        born: '2015-03-09',
        setting: 'Oak Hill School',
        why: 'Yearly review',
        meetBy: '2027-02-12',
      },
      {
        name: 'Ash Mercer',
        born: '2016-01-21',
        setting: 'Oak Hill School',
        why: 'Move to secondary school',
        meetBy: '2027-01-08',
      },
    ],
  },
};

export const phaseTransferDates: LetterDates = { movePlanBy: '2027-02-14', preferenceBy: '2026-12-22' };

import type { LetterDates, LetterValues } from '../values';

export const phaseTransferExamples: Partial<Omit<LetterValues, 'dates'>> = {
  transfer: { from: 'primary school', to: 'secondary school', when: 'September 2027' },
};

export const phaseTransferDates: LetterDates = { movePlanBy: '2027-02-14', preferenceBy: '2026-12-22' };

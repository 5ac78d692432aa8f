import type { LetterDates, LetterValues } from '../values';

type Examples = Partial<Omit<LetterValues, 'dates'>>;

export const panelExamples: Examples = {
  panel: {
    name: 'east assessment panel',
    question: 'Is support needed that has to come through a plan?',
    missing: ['The school’s record of the help it has given since September', 'A hearing test'],
    missingFrom: 'Oak Hill School and the health service',
  },
};

export const panelDates: LetterDates = { nextPanel: '2027-01-13', stillDue: '2027-02-22' };

export const worstPanelExamples = (
  awkward: string,
  longName: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Examples => ({
  panel: {
    name: longName,
    question: awkward.repeat(8),
    missing: sixty((n) => `${awkward} ${n}`),
    missingFrom: longName,
  },
});

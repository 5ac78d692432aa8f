import { type Day, phaseTransferDuties, schoolYearGroup, schoolYearOf, type TransferPhase } from '@send/statute';

/** What is on record of the setting that a child is in, as far as it says who leaves it and when. */
export interface Taught {
  readonly phase: string | null;
  readonly ageFrom: number | null;
  /** The age at which children leave: 11 where year 6 is the last. */
  readonly ageTo: number | null;
}

export interface MayMove {
  readonly dateOfBirth: Day;
  /** Only where the child is taught out of their year. */
  readonly yearGroup: number | null;
  readonly setting: Taught | null;
}

/** Why nobody but a person can say whether, or how, a child moves. */
export const forAPerson = {
  'out-of-year': 'Taught out of their year group: say which move comes next, and when',
  'no-setting': 'No setting is on record: say whether the child is in education, and where',
  'ages-not-known': 'The ages that the setting teaches are not on record: say whether the child leaves it',
  'past-its-ages': 'Older than the ages that the setting teaches: check the setting or the year group',
  'unusual-ages': 'The setting ends between two phases: say which move it is',
  'leaves-sixth-form': 'Leaves a school’s sixth form: say whether this is a move to a post-16 institution',
} as const;
export type ForAPerson = keyof typeof forAPerson;

export const staying = {
  'not-a-year-of-moving': 'Stays in the same setting in this year group',
  'begun-one-by-one': 'In a post-16 institution: a move is begun when it is planned',
  'too-young': 'Not yet in the year before reception',
} as const;
export type Staying = keyof typeof staying;

export type Answer = { readonly moves: TransferPhase } | { readonly decide: ForAPerson } | { readonly stays: Staying };

/** The age at which a phase ends, where a setting's own ages are not on record. Special schools and units have no usual one. */
const usualEnd: Readonly<Record<string, number>> = {
  infant: 7,
  first: 9,
  primary: 11,
  junior: 11,
  middle: 13,
  secondary: 16,
  'all-through': 18,
  'middle deemed primary': 12,
  'middle deemed secondary': 13,
};

const phaseIn = ({ phase }: Taught): string => (phase ?? '').trim().toLowerCase().replaceAll('_', ' ');
const isPostSixteen = (setting: Taught): boolean => /^(post-?16|16 plus)/.test(phaseIn(setting));

/** The last year group taught: at 11 leaves year 6. */
const lastYearOf = (setting: Taught): number | null => {
  const end = setting.ageTo ?? usualEnd[phaseIn(setting)];
  return end === undefined ? null : end - 5;
};

/** The move of everybody who leaves after this year group, by where reg 2 draws its lines. */
const moveAfter = (year: number): TransferPhase | null => {
  if (year <= 2) return 'infant-to-junior';
  if (year <= 5) return 'primary-to-middle';
  if (year === 6) return 'primary-to-secondary';
  return year <= 8 ? 'middle-to-secondary' : null;
};

/**
 * Who moves next September, from nothing but the date of birth, the year group and the setting: SEND Regs 2014 reg 2.
 * `year` is that of the September; `on` is the day on which the record is read.
 */
export function whoMoves(child: MayMove, year: number, on: Day): Answer {
  const before = `${year}-08-31`;
  const usual = schoolYearGroup(child.dateOfBirth, before);
  const own = child.yearGroup === null ? usual : child.yearGroup + (year - 1 - schoolYearOf(on));
  const answer = inYear(own, child.setting);
  if (own === usual) return answer;
  const asUsual = inYear(usual, child.setting);
  return 'stays' in answer && 'stays' in asUsual ? answer : { decide: 'out-of-year' };
}

function inYear(year: number, setting: Taught | null): Answer {
  if (year < -1) return { stays: 'too-young' };
  // From relevant early years education to school, also where the nursery belongs to the school.
  if (year === -1) return setting === null ? { decide: 'no-setting' } : { moves: 'early-years-to-school' };
  if (setting === null) return year === 6 || year === 11 ? { decide: 'no-setting' } : { stays: 'not-a-year-of-moving' };
  if (isPostSixteen(setting)) return year < 11 ? { decide: 'past-its-ages' } : { stays: 'begun-one-by-one' };
  // Reading B2: every pupil of year 11, also where the school has a sixth form.
  if (year === 11) return { moves: 'secondary-to-post-16' };
  const last = lastYearOf(setting);
  if (last === null) return year === 6 || year > 11 ? { decide: 'ages-not-known' } : { stays: 'not-a-year-of-moving' };
  if (year > last) return { decide: 'past-its-ages' };
  if (year < last) return { stays: 'not-a-year-of-moving' };
  if (year > 11) return { decide: 'leaves-sixth-form' };
  const moves = moveAfter(year);
  return moves === null ? { decide: 'unusual-ages' } : { moves };
}

/** Every move that a campaign can begin, in the order of their days. A move after 16 is begun when it is planned. */
export const campaignPhases = (Object.keys(phaseTransferDuties) as TransferPhase[]).filter(
  (phase) => phase !== 'post-16',
);

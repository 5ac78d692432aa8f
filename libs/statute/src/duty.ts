import type { AnchorFact } from './facts';
import type { Day } from './day';

/** How the entry binds: only the first two can be breached; the others can only be missed. */
export type Kind = 'statute' | 'case-law' | 'guidance' | 'policy';

export const canBeBreached = (kind: Kind): boolean => kind === 'statute' || kind === 'case-law';

/**
 * `max` is the owner's limit. `min` is somebody else's time: where it runs forward (a window) acting inside it is the
 * breach, where it runs back from an event (`before`) it is the least notice to give. The others are not limits.
 */
export type Bound =
  | 'max' | 'min' | 'target' | 'none' | 'start-by' | 'window' | 'recurring'
  | 'look-back' | 'unit' | 'threshold' | 'cumulative-max' | 'cap'; // prettier-ignore

/** Bounds that measure or total something and so never give a day. */
export const MEASURES: ReadonlySet<Bound> = new Set<Bound>(['look-back', 'unit', 'threshold', 'cumulative-max', 'cap']);

export type Unit = 'weeks' | 'days' | 'months' | 'workingDays' | 'schoolDays';

interface Terms {
  readonly bound: Bound;
  readonly asSoonAsPracticable?: true;
  readonly before?: string;
  readonly range?: string;
  readonly wording?: string;
  readonly window?: string;
}

export type Period =
  | ({ readonly weeks: number } & Terms)
  | ({ readonly days: number } & Terms)
  | ({ readonly months: number } & Terms)
  | ({ readonly workingDays: number } & Terms)
  | ({ readonly schoolDays: number } & Terms)
  | { readonly fixedDate: string; readonly operator: 'before'; readonly year?: string }
  | { readonly fixedTime: string; readonly bound: Bound }
  | { readonly immediate: true; readonly wording?: string }
  | { readonly asSoonAsPracticable: true; readonly bound: 'none' }
  | { readonly laterOf: readonly { readonly months: number; readonly from: AnchorFact }[]; readonly bound: Bound }
  | { readonly untilLaterOf: readonly string[] }
  /** The time of another duty; 'tribunal-order.*' is whichever of that family fits what was agreed. */
  | { readonly sameAs: string; readonly from?: AnchorFact }
  | { readonly terms: number; readonly bound: Bound }
  | {
      readonly milestones: readonly { readonly months: number }[];
      readonly samplePercent: number;
      readonly bound: Bound;
    }
  | { readonly cohortMax: number; readonly bound: Bound };

export type Counting =
  | 'day-of-trigger-excluded'
  | 'day-of-trigger-included'
  | 'clear-backward'
  | 'before-fixed-date'
  | 'corresponding-date'
  | 'corresponding-date-backward'
  | 'school-days'
  | 'school-days-day-of-trigger-excluded'
  | 'school-days-day-of-trigger-included'
  | 'tribunal-days'
  | 'same-day'
  | 'end-of-first-term'
  | 'not-applicable';

/** The statutory ground of an exception. */
export type Ground =
  | 'settingClosed'
  | 'earlyYearsClosed'
  | 'exceptionalPersonalCircumstances'
  | 'exceptionalCircumstances'
  | 'awayFromArea'
  | 'awayTwoWeeks'
  | 'missedAppointment'
  | 'representationsAfterWindow'
  /** Any of the grounds of reg 13(3), taken over into regs 44 and 45. */
  | 'regulation13'
  | 'coronavirus'
  | 'alternativeArrangements'
  | 'reassessedWithinSixMonths'
  | 'reassessmentNotNecessary'
  | 'blockFunding'
  | 'placementOnly'
  | 'tribunalLeave'
  | 'mediationCannotBeArranged'
  | 'timescaleAgreed'
  | 'nextWorkingDay'
  | 'augustAndChristmas'
  | 'tribunalExtension'
  | 'detailsUnknown'
  | 'noRepresentations'
  | 'over45Days'
  | 'examsDone'
  | 'planLimitsHours'
  | 'nearLeavingAge'
  | 'shorterNoticeConsented';

export interface Exception {
  readonly id: string;
  readonly ground: Ground;
  readonly provision: string;
  readonly condition: string;
  readonly effect: string;
}

/** Who owes what to whom, by when, how it is counted and on whose authority. */
export interface Duty {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: Kind;
  readonly provision: string;
  readonly source: string;
  readonly owner: string;
  readonly owedTo: readonly string[];
  readonly duty: string;
  /** The trigger in the law's words. */
  readonly trigger: string;
  /** The fact that the time runs from, or several that each can start it; null where the duty is continuing. */
  readonly from: AnchorFact | readonly AnchorFact[] | null;
  /** Which of several facts governs; the earliest where nothing is said. */
  readonly governs?: 'latest' | 'firstNamed';
  readonly period: Period | null;
  readonly counting: Counting;
  /** A fact from which the same entry is counted in another way. */
  readonly countedOtherwise?: { readonly from: AnchorFact; readonly counting: Counting };
  /** The limit is never earlier than the day of this fact. */
  readonly notBefore?: AnchorFact;
  /** A date that an order or a written agreement sets instead of the period. */
  readonly replacedBy?: AnchorFact;
  readonly exceptions: readonly Exception[];
  readonly noticeMustContain: readonly string[];
  readonly appealable: boolean;
  /** Both days inclusive; a null start is a rule not known to be in force, a null end is open. */
  readonly effective: readonly [from: Day | null, to: Day | null];
  /** Only `true` may be called a breach without a named person's confirmation. */
  readonly verified: true | false | 'from memory';
  readonly basis: 'primary' | 'verbatim-copy' | 'official-notes-or-guidance' | 'secondary' | 'project-brief' | 'memory';
  readonly notes?: string;
}

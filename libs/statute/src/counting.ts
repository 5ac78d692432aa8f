import {
  addSchoolDays,
  addTribunalDays,
  addWorkingDays,
  type CalendarEnds,
  type Calendars,
  endOfFirstTerm,
  isCalendarEnds,
  schoolDaysBefore,
  schoolDaysBeginningWith,
  tribunalAcceptsUntil,
  workingDaysBefore,
  workingDaysBeginningWith,
} from './calendar';
import { addDays, addMonths, type Day } from './day';
import { type Counting, MEASURES } from './duty';
import type { AnchorFact, Facts } from './facts';
import { type Anchor, fixedDay, type Rule } from './rule';

/** What counting gives, before it is put into words. */
export interface Counted {
  readonly dueBy: Day | null;
  readonly contested?: Day;
  readonly amber?: Day;
  readonly inTimeUntil?: Day;
  readonly milestones?: readonly Day[];
  /** The limb of a later-of limit that governed: its own months and fact. */
  readonly limb?: { readonly months: number; readonly anchor: Anchor; readonly among: boolean };
}

const day = (found: Day | CalendarEnds): Counted | CalendarEnds => (isCalendarEnds(found) ? found : { dueBy: found });

/** An entry may be counted in another way from one of its facts. */
export const countingFrom = ({ duty }: Rule, anchor: Anchor): Counting =>
  duty.countedOtherwise?.from === anchor.fact ? duty.countedOtherwise.counting : duty.counting;

function forward({ unit, count }: Rule, on: Day, included: boolean, calendars: Calendars): Counted | CalendarEnds {
  switch (unit) {
    case 'weeks':
      return day(addDays(on, count * 7 - (included ? 1 : 0)));
    case 'days':
      return day(addDays(on, count - (included ? 1 : 0)));
    case 'months': {
      const corresponding = addMonths(on, count);
      // B4: "starting with" the day leaves the eve of the anniversary; others publish the anniversary itself.
      return included ? { dueBy: addDays(corresponding, -1), contested: corresponding } : day(corresponding);
    }
    case 'workingDays':
      return day((included ? workingDaysBeginningWith : addWorkingDays)(on, count, calendars));
    case 'schoolDays':
      return day((included ? schoolDaysBeginningWith : addSchoolDays)(on, count, calendars));
    case null:
      return { dueBy: null };
  }
}

/** "At least N before": neither day counted, B5. */
function clearBackward({ unit, count }: Rule, on: Day, calendars: Calendars): Counted | CalendarEnds {
  switch (unit) {
    case 'weeks':
      return day(addDays(on, -count * 7 - 1));
    case 'days':
      return day(addDays(on, -count - 1));
    case 'months':
      return day(addDays(addMonths(on, -count), -1));
    case 'workingDays':
      return day(workingDaysBefore(on, count + 1, calendars));
    case 'schoolDays':
      return day(schoolDaysBefore(on, count + 1, calendars));
    case null:
      return { dueBy: null };
  }
}

/** "At once" is the day itself. D1: without delay is the same school day, flagged at the next one where terms are known. */
function atOnce({ duty }: Rule, on: Day, calendars: Calendars): Counted {
  if (!duty.period || !('immediate' in duty.period)) return { dueBy: null };
  const next = duty.period.wording && calendars.terms ? addSchoolDays(on, 1, calendars) : null;
  return next === null || isCalendarEnds(next) ? { dueBy: on } : { dueBy: on, amber: next };
}

/** The day that the counting rule of an entry gives from its anchor. */
export function countFrom(
  rule: Rule,
  anchor: Anchor,
  calendars: Calendars,
  year: number | undefined,
): Counted | CalendarEnds {
  const { on } = anchor;
  const { period } = rule.duty;
  if (MEASURES.has(rule.bound)) return { dueBy: null };
  const counting = countingFrom(rule, anchor);
  switch (counting) {
    case 'day-of-trigger-excluded':
    case 'school-days-day-of-trigger-excluded':
      return forward(rule, on, false, calendars);
    case 'day-of-trigger-included':
    case 'school-days-day-of-trigger-included':
      return forward(rule, on, true, calendars);
    case 'corresponding-date': {
      if (!period || !('milestones' in period)) return forward(rule, on, false, calendars);
      const milestones = period.milestones.map(({ months }) => addMonths(on, months));
      return { dueBy: milestones[0] ?? null, milestones };
    }
    case 'clear-backward':
      return clearBackward(rule, on, calendars);
    case 'corresponding-date-backward':
      return day(addMonths(on, -rule.count));
    case 'before-fixed-date': {
      // B1: "before" a day is the day before it; the day itself is what others publish.
      const contested = fixedDay(rule.duty, on, year);
      return contested === null ? { dueBy: null } : { dueBy: addDays(contested, -1), contested };
    }
    case 'tribunal-days':
      return rule.unit === null ? { dueBy: null } : day(addTribunalDays(on, rule.count, calendars));
    case 'same-day':
      return { dueBy: on };
    case 'end-of-first-term':
      return { dueBy: endOfFirstTerm(on, calendars.terms ?? []) };
    case 'school-days':
      // The one plain count of school days that ends on a day is the notice before an off-site direction starts.
      return period && 'before' in period ? day(schoolDaysBefore(on, rule.count, calendars)) : { dueBy: null };
    case 'not-applicable':
      return atOnce(rule, on, calendars);
  }
}

export type Limb = 'notice' | 'certificate';

const LIMB_FACTS: Readonly<Record<Limb, AnchorFact>> = {
  notice: 'decisionNoticeSent',
  certificate: 'mediationCertificateIssued',
};

/** The later of several limits, each from its own fact; null where none of the facts is on record. */
export function laterOf(rule: Rule, facts: Facts, calendars: Calendars, limb: Limb | undefined): Counted | null {
  const { period, counting } = rule.duty;
  if (!period || !('laterOf' in period)) return null;
  const included = counting === 'day-of-trigger-included';
  let governing: Counted | null = null;
  let latest = '';
  let seen = 0;
  for (const { from, months } of period.laterOf) {
    const on = facts[from];
    if (on === undefined || (limb !== undefined && from !== LIMB_FACTS[limb])) continue;
    seen += 1;
    const dueBy = addDays(addMonths(on, months), included ? -1 : 0);
    if (dueBy <= latest) continue;
    latest = dueBy;
    governing = { dueBy, limb: { months, anchor: { fact: from, on }, among: false } };
  }
  if (governing?.limb && seen > 1) governing = { ...governing, limb: { ...governing.limb, among: true } };
  if (!governing || rule.duty.id !== 'appeal.time-limit') return governing;
  // Only the Tribunal's own rules roll a last day forward. Past the calendar's end the statutory day stands alone.
  const inTimeUntil = tribunalAcceptsUntil(latest, calendars);
  return isCalendarEnds(inTimeUntil) ? governing : { ...governing, inTimeUntil };
}

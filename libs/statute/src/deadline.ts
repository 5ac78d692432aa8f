import { type CalendarEnds, type Calendars, isCalendarEnds, officeDayOnOrBefore } from './calendar';
import { type Counted, countFrom, laterOf, type Limb } from './counting';
import { addDays, addMonths, type Day, formatDay, isDay, isInRange, later } from './day';
import type { Bound, Duty, Kind } from './duty';
import { englandBankHolidays } from './england-bank-holidays';
import { explain, inWords } from './explanation';
import type { Facts } from './facts';
import { dutyCalled, inForceInstead, isInForce, versionsOf } from './register';
import { type Anchor, anchorOf, fixedDay, type Rule, ruleOf } from './rule';

/** A date with its working. */
export interface Deadline {
  readonly dutyId: string;
  /** Which entry of the duty was used: '<id>@<the day it took effect>'. */
  readonly rule: string;
  readonly kind: Kind;
  readonly verified: Duty['verified'];
  readonly anchor: { readonly fact: string; readonly on: Day };
  /** The statutory day itself, weekend or not; null where the law sets no day. */
  readonly dueBy: Day | null;
  readonly bound: Bound;
  /** The time is somebody else's and runs until the end of `dueBy`: acting on or before it is the breach. */
  readonly window: boolean;
  /** B1, B4: the next day, which others read as the limit; late only after it. */
  readonly contested?: Day;
  /** A day to warn by. B3: twelve months from the last review meeting. D1: the school day after "without delay". */
  readonly amber?: Day;
  /** The last day on which the Tribunal's own rules still accept the step. */
  readonly inTimeUntil?: Day;
  /** Where one rule gives several days (a sample at 6, 9 and 12 months). */
  readonly milestones?: readonly Day[];
  /** The last day on or before `dueBy` on which the council is at work; absent where the calendar does not reach. */
  readonly planBy?: Day;
  readonly law: string;
  /** One sentence with its citation; empty where explanations were turned off. */
  readonly why: string;
}

export interface CannotCompute {
  readonly dutyId: string;
  readonly cannotCompute:
    'unknown duty' | 'not a date' | 'fact missing' | 'calendar missing' | 'not in force' | 'choice missing';
  /** The facts, calendars or choices that are wanted. */
  readonly missing: readonly string[];
  readonly law: string | null;
  readonly why: string;
}

export type DeadlineAnswer = Deadline | CannotCompute;

export const isCannotCompute = (answer: DeadlineAnswer): answer is CannotCompute => 'cannotCompute' in answer;

export interface DeadlineOptions {
  /** False leaves out `why` and `planBy`, for speed. */
  readonly explain?: boolean;
  /** One limb of an appeal's time alone: from the decision notice, or from the mediation certificate. */
  readonly limb?: Limb;
  /** The calendar year of a phase transfer where it is not the year of the fact. */
  readonly year?: number;
  /** The 'tribunal-order.*' duty that was agreed in mediation. */
  readonly as?: string;
  /** A3: the adviser is a school or college, on whom the six weeks rest by guidance only. */
  readonly owedBySetting?: boolean;
  /** The day on which this authority's own policy came into force, in place of the one that the entry names. */
  readonly policyInForceFrom?: Day;
}

/** England's bank holidays and nothing else: enough for every rule that does not ask for a setting's terms. */
export const englandCalendars: Calendars = { bankHolidays: englandBankHolidays };

interface Entry {
  readonly rule: Rule;
  readonly anchor: Anchor;
}

function notInForce(duty: Duty, on: Day): CannotCompute {
  const instead = inForceInstead(duty.id, on);
  const also = instead.length > 0 ? `; ${instead.join(', ')} applied then` : '';
  const why = `"${duty.id}" was not in force on ${formatDay(on)}${also}: ${duty.provision}`;
  return { dutyId: duty.id, cannotCompute: 'not in force', missing: [], law: duty.provision, why };
}

/** A local policy binds an authority from the day on which it took it up; the law binds from its own. */
const asAdopted = (duty: Duty, { policyInForceFrom }: DeadlineOptions): Duty =>
  policyInForceFrom === undefined || duty.kind !== 'policy'
    ? duty
    : { ...duty, effective: [policyInForceFrom, duty.effective[1]] };

/** The entry that was in force on the day of its trigger. */
function entryFor(dutyId: string, facts: Facts, options: DeadlineOptions): Entry | CannotCompute {
  const versions = versionsOf(dutyId);
  const newest = versions.at(-1);
  if (!newest) {
    const why = `There is no duty "${dutyId}".`;
    return { dutyId, cannotCompute: 'unknown duty', missing: [dutyId], law: null, why };
  }
  const law = newest.provision;
  let seen: Anchor | null = null;
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const duty = versions[index] ?? newest;
    const rule = ruleOf(duty);
    const anchor = anchorOf(rule, facts);
    if (!anchor) continue;
    if (!isDay(anchor.on) || !isInRange(anchor.on)) {
      const why = `"${anchor.on}" is not a date from 1996 to 2125: ${law}`;
      return { dutyId, cannotCompute: 'not a date', missing: [anchor.fact], law, why };
    }
    seen = anchor;
    // A duty to act before a fixed day is already owed when that day comes, months before the transfer that dates it.
    const bites = duty.counting === 'before-fixed-date' ? fixedDay(duty, anchor.on, options.year) : anchor.on;
    if (isInForce(asAdopted(duty, options), bites ?? anchor.on)) return { rule, anchor };
  }
  if (seen) return notInForce(newest, seen.on);
  const { from } = ruleOf(newest);
  const why =
    from.length === 0
      ? `A continuing duty, which no day starts: ${law}`
      : `Not on record: ${from.join(' or ')}. ${law}`;
  return { dutyId, cannotCompute: 'fact missing', missing: from, law, why };
}

/** Follows `sameAs` to the entry that has the time; null where the choice that it needs was not made. */
function timedBy(rule: Rule, options: DeadlineOptions): Rule | null {
  let by = rule;
  for (let { period } = by.duty; period && 'sameAs' in period; { period } = by.duty) {
    const next = dutyCalled(period.sameAs.endsWith('.*') ? (options.as ?? '') : period.sameAs);
    if (!next) return null;
    by = ruleOf(next);
  }
  return by;
}

/** The law as cited: an agreement in mediation brings reg 44 in by reg 42(2). */
function citation({ duty }: Rule, anchor: Anchor, options: DeadlineOptions): string {
  if (anchor.fact === 'mediationAgreed' && duty.id.startsWith('tribunal-order.')) {
    return `SEND Regs 2014 reg 42(2) applying ${duty.provision.replace('SEND Regs 2014 ', '')}`;
  }
  return guidanceOnly(duty, options) ? 'SEND Code of Practice 2015 paras 9.40-9.44' : duty.provision;
}

/** A3: reg 8 binds the bodies of CFA s.31; a school or college gives its advice in six weeks by the Code alone. */
const guidanceOnly = (duty: Duty, { owedBySetting }: DeadlineOptions): boolean =>
  owedBySetting === true && duty.id === 'assessment.advice-due';

/** CFA s.45(4): a plan runs on while an appeal can be brought; once one is, until it is determined. */
function untilAppealTimeIsOver(facts: Facts, calendars: Calendars): Counted | CalendarEnds {
  if (facts['appealLodged'] !== undefined) return { dueBy: facts['appealDetermined'] ?? null };
  const appeal = deadline('appeal.time-limit', facts, calendars, { explain: false });
  if (isCannotCompute(appeal) || appeal.dueBy === null) return { dueBy: null };
  if (appeal.inTimeUntil !== undefined) return { dueBy: appeal.inTimeUntil };
  const why = `The calendar "${calendars.bankHolidays.name}" does not reach the end of the time for appealing.`;
  return { calendar: 'bankHolidays', needed: appeal.dueBy, why };
}

/** B3: those who count a review from its meeting expect the next one within twelve months of the last meeting. */
function reviewAmber(duty: Duty, facts: Facts, dueBy: Day | null): Day | undefined {
  const met = facts['reviewMeetingHeld'];
  if (duty.id !== 'review.every-12-months' || met === undefined || dueBy === null) return undefined;
  const fromMeeting = addDays(addMonths(met, 12), -1);
  return fromMeeting < dueBy ? fromMeeting : undefined;
}

function count(by: Rule, { rule, anchor }: Entry, facts: Facts, calendars: Calendars, options: DeadlineOptions) {
  const { period } = by.duty;
  if (period && 'laterOf' in period) return laterOf(by, facts, calendars, options.limb);
  if (period && 'untilLaterOf' in period) return untilAppealTimeIsOver(facts, calendars);
  const found = countFrom(by, anchor, calendars, options.year);
  const notBefore = rule.duty.notBefore ? facts[rule.duty.notBefore] : undefined;
  return notBefore === undefined || isCalendarEnds(found) || found.dueBy === null
    ? found
    : { ...found, dueBy: later(found.dueBy, notBefore) };
}

/**
 * The day by which a duty is due, with its working; or why there is none to be had. A pure sum: the same facts, calendars
 * and options give the same answer. A day is never moved off a weekend or holiday; `planBy` says when to be done by.
 */
export function deadline(
  dutyId: string,
  facts: Facts,
  calendars: Calendars = englandCalendars,
  options: DeadlineOptions = {},
): DeadlineAnswer {
  const entry = entryFor(dutyId, facts, options);
  if ('cannotCompute' in entry) return entry;
  const { rule, anchor } = entry;
  const { duty } = rule;
  const law = citation(rule, anchor, options);
  const by = timedBy(rule, options);
  const ownDay = duty.replacedBy === undefined ? undefined : facts[duty.replacedBy];
  const own = isDay(ownDay) ? ownDay : null;
  if (!by && own === null) {
    return { dutyId, cannotCompute: 'choice missing', missing: ['as'], law, why: `Say which order was agreed: ${law}` };
  }
  const timing = by ?? rule;
  const found = own === null ? count(timing, entry, facts, calendars, options) : { dueBy: own };
  if (found === null) {
    return {
      dutyId,
      cannotCompute: 'fact missing',
      missing: timing.from,
      law,
      why: `Not on record: ${timing.from.join(' or ')}. ${law}`,
    };
  }
  if (isCalendarEnds(found)) {
    return { dutyId, cannotCompute: 'calendar missing', missing: [found.calendar], law, why: `${found.why} ${law}` };
  }
  return dress(entry, timing, found, { law, own, facts, calendars, options });
}

interface Dress {
  readonly law: string;
  readonly own: Day | null;
  readonly facts: Facts;
  readonly calendars: Calendars;
  readonly options: DeadlineOptions;
}

function dress({ rule, anchor }: Entry, timing: Rule, found: Counted, dressing: Dress): Deadline {
  const { law, own, facts, calendars, options } = dressing;
  const { duty } = rule;
  const explained = options.explain !== false;
  const planBy = explained && found.dueBy !== null ? officeDayOnOrBefore(found.dueBy, calendars) : null;
  const amber = found.amber ?? reviewAmber(duty, facts, found.dueBy);
  return {
    dutyId: duty.id,
    rule: rule.name,
    kind: guidanceOnly(duty, options) ? 'guidance' : duty.kind,
    verified: duty.verified,
    anchor: found.limb?.anchor ?? anchor,
    dueBy: found.dueBy,
    bound: timing.bound,
    window: timing.window,
    ...(found.contested !== undefined && { contested: found.contested }),
    ...(amber !== undefined && { amber }),
    ...(found.inTimeUntil !== undefined && { inTimeUntil: found.inTimeUntil }),
    ...(found.milestones !== undefined && { milestones: found.milestones }),
    ...(planBy !== null && !isCalendarEnds(planBy) && { planBy }),
    law,
    why: explained ? sentence(timing, anchor, found, law, own, duty) : '',
  };
}

function sentence(timing: Rule, anchor: Anchor, found: Counted, law: string, own: Day | null, duty: Duty): string {
  if (own !== null && duty.replacedBy) return `${formatDay(own)}, ${inWords(duty.replacedBy)}: ${law}`;
  if (timing.duty.period && 'untilLaterOf' in timing.duty.period) {
    const end =
      found.dueBy === null
        ? 'the appeal is finally determined'
        : `the end of ${formatDay(found.dueBy)}, when the time for appealing or the appeal is over`;
    return `Until ${end}: ${law}`;
  }
  return explain(timing, anchor, found, law);
}

import {
  addSchoolDays,
  addTribunalDays,
  addWorkingDays,
  type CalendarEnds,
  type Calendars,
  isCalendarEnds,
  officeDayOnOrBefore,
  referenceTermEnd,
  schoolDaysBefore,
  schoolDaysBeginningWith,
  tribunalAcceptsUntil,
  workingDaysBefore,
  workingDaysBeginningWith,
} from './calendar';
import { addDays, addMonths, type Day, earlier, formatDay, isDay, isInRange, later, partsOf } from './day';
import { type Bound, type Counting, type Duty, type Kind, MEASURES, type Period, type Unit } from './duty';
import { englandBankHolidays } from './england-bank-holidays';
import { type AnchorFact, type Facts, factWords } from './facts';
import { dutyCalled, inForceInstead, isInForce, versionsOf } from './register';

/** A date with its working. */
export interface Deadline {
  readonly dutyId: string;
  /** Which entry of the duty was used: '<id>@<the day it took effect>'. */
  readonly rule: string;
  readonly kind: Kind;
  readonly verified: Duty['verified'];
  readonly anchor: { readonly fact: string; readonly on: Day } | null;
  /** The statutory day itself, weekend or not; null where the law sets no day. */
  readonly dueBy: Day | null;
  readonly bound: Bound;
  /** The time is somebody else's and runs until the end of `dueBy`: acting on or before it is the breach. */
  readonly window: boolean;
  /** B1, B4: the next day, which others read as the limit; late only after it. */
  readonly contested?: Day;
  /** B3: review completed by this day would also satisfy those who count from the meeting. D1: the day to flag. */
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
  /** One limb of a later-of limit alone: the decision notice, or the mediation certificate. */
  readonly limb?: 'notice' | 'certificate';
  /** The calendar year of a phase transfer where it is not the year of the fact. */
  readonly year?: number;
  /** The order or agreement that a 'tribunal-order.*' time follows. */
  readonly as?: string;
  /** A3: the adviser is a school or college, on whom the six weeks rest by guidance only. */
  readonly owedBySetting?: boolean;
}

/** England's bank holidays and nothing else: enough for every rule that does not ask for a setting's terms. */
export const englandCalendars: Calendars = { bankHolidays: englandBankHolidays };

const MONTHS: Readonly<Record<string, string>> = {
  January: '01', February: '02', March: '03', April: '04', May: '05', June: '06',
  July: '07', August: '08', September: '09', October: '10', November: '11', December: '12',
}; // prettier-ignore

const UNITS = ['weeks', 'days', 'months', 'workingDays', 'schoolDays'] as const;

/** An entry made ready for counting: looking up the unit of a period is done once, not for every date. */
interface Rule {
  readonly duty: Duty;
  readonly name: string;
  readonly unit: Unit | null;
  readonly count: number;
  readonly bound: Bound;
  readonly window: boolean;
  readonly from: readonly string[];
}

function lengthOf(period: Period | null): readonly [Unit, number] | null {
  if (!period) return null;
  for (const unit of UNITS) {
    const count = (period as Partial<Record<Unit, number>>)[unit];
    if (count !== undefined) return [unit, count];
  }
  return null;
}

const rules = new Map<Duty, Rule>();

function ruleOf(duty: Duty): Rule {
  const known = rules.get(duty);
  if (known) return known;
  const length = lengthOf(duty.period);
  const bound = duty.period && 'bound' in duty.period ? duty.period.bound : duty.period ? 'max' : 'none';
  const backward = duty.period !== null && 'before' in duty.period;
  const rule: Rule = {
    duty,
    name: `${duty.id}@${duty.effective[0] ?? 'undated'}`,
    unit: length?.[0] ?? null,
    count: length?.[1] ?? 0,
    bound,
    window: bound === 'min' && !backward,
    from: duty.from === null ? [] : typeof duty.from === 'string' ? [duty.from] : duty.from,
  };
  rules.set(duty, rule);
  return rule;
}

type Anchor = { readonly fact: string; readonly on: Day };

/** The fact that governs: the earliest on record, unless the entry says otherwise. */
function anchorOf(rule: Rule, facts: Facts): Anchor | null {
  let found: Anchor | null = null;
  for (const fact of rule.from) {
    const on = facts[fact];
    if (on === undefined) continue;
    if (found === null) found = { fact, on };
    else if (rule.duty.governs === 'firstNamed') break;
    else if (rule.duty.governs === 'latest' ? on > found.on : on < found.on) found = { fact, on };
  }
  return found;
}

/** What the counting gives before it is dressed as a `Deadline`. */
interface Counted {
  readonly dueBy: Day | null;
  readonly contested?: Day;
  readonly inTimeUntil?: Day;
  readonly amber?: Day;
  readonly milestones?: readonly Day[];
  /** Said in place of the usual sentence. */
  readonly said?: string;
  readonly anchor?: Anchor;
}

type Count = Counted | CalendarEnds;

const due = (day: Day | CalendarEnds): Count => (isCalendarEnds(day) ? day : { dueBy: day });

function countForward(rule: Rule, counting: Counting, on: Day, calendars: Calendars): Count {
  const { count } = rule;
  const included = counting === 'day-of-trigger-included' || counting === 'school-days-day-of-trigger-included';
  switch (rule.unit) {
    case 'weeks':
      return due(addDays(on, count * 7 - (included ? 1 : 0)));
    case 'days':
      return due(addDays(on, count - (included ? 1 : 0)));
    case 'months': {
      const corresponding = addMonths(on, count);
      // B4: "starting with" the day leaves the eve of the anniversary; others publish the anniversary itself.
      return included ? { dueBy: addDays(corresponding, -1), contested: corresponding } : due(corresponding);
    }
    case 'workingDays':
      return due(included ? workingDaysBeginningWith(on, count, calendars) : addWorkingDays(on, count, calendars));
    case 'schoolDays':
      return due(included ? schoolDaysBeginningWith(on, count, calendars) : addSchoolDays(on, count, calendars));
    case null:
      return { dueBy: null };
  }
}

/** "At least N before": neither day counted, B5. */
function countBackward(rule: Rule, on: Day, calendars: Calendars): Count {
  const { count } = rule;
  switch (rule.unit) {
    case 'weeks':
      return due(addDays(on, -count * 7 - 1));
    case 'days':
      return due(addDays(on, -count - 1));
    case 'months':
      return due(addMonths(on, -count));
    case 'workingDays':
      return due(workingDaysBefore(on, count + 1, calendars));
    case 'schoolDays':
      return due(schoolDaysBefore(on, count + 1, calendars));
    case null:
      return { dueBy: null };
  }
}

function fixedDay(period: Period | null, on: Day, year: number | undefined): Day | null {
  if (!period || !('fixedDate' in period)) return null;
  const [number = '', month = '', ownYear] = period.fixedDate.split(' ');
  return `${ownYear ?? String(year ?? partsOf(on).year)}-${MONTHS[month] ?? ''}-${number.padStart(2, '0')}`;
}

/** E1: the first term ends with the statutory period that the first day falls in: 31 December for a September start. */
const endOfFirstTerm = (on: Day): Day => referenceTermEnd(on);

function countFrom(rule: Rule, anchor: Anchor, calendars: Calendars, options: DeadlineOptions): Count {
  const { duty } = rule;
  const counting = duty.countedOtherwise?.from === anchor.fact ? duty.countedOtherwise.counting : duty.counting;
  if (MEASURES.has(rule.bound)) return { dueBy: null };
  switch (counting) {
    case 'day-of-trigger-excluded':
    case 'day-of-trigger-included':
    case 'school-days-day-of-trigger-excluded':
    case 'school-days-day-of-trigger-included':
      return countForward(rule, counting, anchor.on, calendars);
    case 'corresponding-date': {
      if (duty.period && 'milestones' in duty.period) {
        const milestones = duty.period.milestones.map(({ months }) => addMonths(anchor.on, months));
        return { dueBy: milestones[0] ?? null, milestones };
      }
      return countForward(rule, counting, anchor.on, calendars);
    }
    case 'clear-backward':
      return countBackward(rule, anchor.on, calendars);
    case 'corresponding-date-backward':
      return due(addMonths(anchor.on, -rule.count));
    case 'before-fixed-date': {
      // B1: "before" a day is the day before it; the day itself is what others publish.
      const contested = fixedDay(duty.period, anchor.on, options.year);
      return contested === null ? { dueBy: null } : { dueBy: addDays(contested, -1), contested };
    }
    case 'tribunal-days':
      return rule.unit === null ? { dueBy: null } : due(addTribunalDays(anchor.on, rule.count, calendars));
    case 'same-day':
      return { dueBy: anchor.on };
    case 'end-of-first-term':
      return { dueBy: endOfFirstTerm(anchor.on) };
    case 'school-days':
      // The only plain count of school days that ends on a day is notice before an off-site direction starts.
      return duty.period && 'before' in duty.period
        ? due(schoolDaysBefore(anchor.on, rule.count, calendars))
        : { dueBy: null };
    case 'not-applicable': {
      if (!duty.period || !('immediate' in duty.period)) return { dueBy: null };
      if (duty.period.wording !== 'without delay' || !calendars.terms) return { dueBy: anchor.on };
      // D1: the same school day, flagged at the next one.
      const flag = addSchoolDays(anchor.on, 1, calendars);
      return isCalendarEnds(flag) ? { dueBy: anchor.on } : { dueBy: anchor.on, amber: flag };
    }
  }
}

const LIMBS: Readonly<Record<'notice' | 'certificate', AnchorFact>> = {
  notice: 'decisionNoticeSent',
  certificate: 'mediationCertificateIssued',
};

function laterOf(
  rule: Rule,
  limbs: readonly { readonly months: number; readonly from: AnchorFact }[],
  facts: Facts,
  calendars: Calendars,
  options: DeadlineOptions,
): Count | null {
  let governing: { dueBy: Day; anchor: Anchor; months: number } | null = null;
  const included = rule.duty.counting === 'day-of-trigger-included';
  const wanted = options.limb ? LIMBS[options.limb] : null;
  let unknown = 0;
  for (const limb of limbs) {
    if (wanted !== null && limb.from !== wanted) continue;
    const on = facts[limb.from];
    if (on === undefined) {
      unknown += 1;
      continue;
    }
    const dueBy = addDays(addMonths(on, limb.months), included ? -1 : 0);
    if (governing === null || dueBy > governing.dueBy) {
      governing = { dueBy, anchor: { fact: limb.from, on }, months: limb.months };
    }
  }
  if (governing === null) return null;
  const { dueBy, anchor, months } = governing;
  const among = wanted === null && unknown === 0 ? ', the later of the two limits' : '';
  const opening = included ? 'beginning with' : 'from';
  const said =
    options.explain === false
      ? ''
      : `${plural(months, 'month')} ${opening} ${formatDay(anchor.on)}, ${happened(anchor.fact)}${among}: ${rule.duty.provision}`;
  if (rule.duty.counting !== 'corresponding-date') return { dueBy, anchor, said };
  const inTimeUntil = tribunalAcceptsUntil(dueBy, calendars);
  return isCalendarEnds(inTimeUntil) ? inTimeUntil : { dueBy, anchor, said, inTimeUntil };
}

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  weeks: 'week',
  days: 'day',
  months: 'month',
  workingDays: 'working day',
  schoolDays: 'school day',
};

const words: Readonly<Record<string, string>> = factWords;

/** 'when the request was received' */
const happened = (fact: string): string => `when ${words[fact] ?? `"${fact}" happened`}`;

function explain(rule: Rule, anchor: Anchor, counted: Counted, law: string, counting: Counting): string {
  const { duty, unit, count } = rule;
  const event = `${formatDay(anchor.on)}, ${happened(anchor.fact)}`;
  const dueBy = counted.dueBy;
  if (dueBy === null) {
    const start = duty.period && 'asSoonAsPracticable' in duty.period ? 'As soon as practicable after' : 'After';
    return `${start} ${event}; the law sets no day: ${law}`;
  }
  const length = unit ? plural(count, UNIT_WORDS[unit]) : '';
  switch (counting) {
    case 'day-of-trigger-excluded':
    case 'school-days-day-of-trigger-excluded':
      return `${length} from ${event}: ${law}`;
    case 'corresponding-date':
      return counted.milestones
        ? `At ${counted.milestones.map(formatDay).join(', ')}, counted in months from ${event}: ${law}`
        : `${length} from ${event}: ${law}`;
    case 'day-of-trigger-included':
    case 'school-days-day-of-trigger-included':
      return rule.window
        ? `At least ${length} beginning with ${event}, so not over before the end of ${formatDay(dueBy)}: ${law}`
        : `${length} beginning with ${event}: ${law}`;
    case 'clear-backward':
      return `At least ${plural(count, unit ? `clear ${UNIT_WORDS[unit]}` : 'day')} before ${event}: ${law}`;
    case 'corresponding-date-backward':
    case 'school-days':
      return `At least ${length} before ${event}: ${law}`;
    case 'before-fixed-date':
      return `Before ${formatDay(counted.contested ?? dueBy)}, the year of the transfer: ${law}`;
    case 'tribunal-days':
      return `${length} from ${event}, leaving out 25 December to 1 January and August: ${law}`;
    case 'same-day':
      return `On the same day as ${event}: ${law}`;
    case 'end-of-first-term':
      return `By the end of the first term from ${event}: ${law}`;
    case 'not-applicable':
      return `At once on ${event}: ${law}`;
  }
}

function cannot(
  dutyId: string,
  reason: CannotCompute['cannotCompute'],
  missing: readonly string[],
  law: string | null,
  why: string,
): CannotCompute {
  return { dutyId, cannotCompute: reason, missing, law, why };
}

/** The law as cited: an agreement in mediation brings reg 44 in by reg 42(2). */
function citation(rule: Rule, anchor: Anchor, options: DeadlineOptions): string {
  const { duty } = rule;
  if (anchor.fact === 'mediationAgreed' && duty.id.startsWith('tribunal-order.')) {
    return `SEND Regs 2014 reg 42(2) applying ${duty.provision.replace('SEND Regs 2014 ', '')}`;
  }
  if (options.owedBySetting && duty.id === 'assessment.advice-due') {
    return 'SEND Code of Practice 2015 para 9.52 (a school or college is not bound by SEND Regs 2014 reg 8)';
  }
  return duty.provision;
}

/** Follows `sameAs` to the entry that has the time, keeping the name and citation of the one that was asked for. */
function timed(duty: Duty, options: DeadlineOptions): { readonly by: Duty } | { readonly wanted: string } {
  let by = duty;
  for (let steps = 0; by.period && 'sameAs' in by.period && steps < 5; steps += 1) {
    const target: string = by.period.sameAs.endsWith('.*') ? (options.as ?? '') : by.period.sameAs;
    if (target === '') return { wanted: by.period.sameAs };
    const next = dutyCalled(target);
    if (!next) return { wanted: target };
    by = next;
  }
  return { by };
}

/** The entry that was in force at its trigger. */
function entryFor(
  dutyId: string,
  facts: Facts,
  options: DeadlineOptions,
): { rule: Rule; anchor: Anchor } | CannotCompute {
  const versions = versionsOf(dutyId);
  const newest = versions.at(-1);
  if (!newest) return cannot(dutyId, 'unknown duty', [dutyId], null, `There is no duty "${dutyId}".`);
  let seen: Anchor | null = null;
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const duty = versions[index] ?? newest;
    const rule = ruleOf(duty);
    const anchor = anchorOf(rule, facts);
    if (!anchor) continue;
    if (!isDay(anchor.on) || !isInRange(anchor.on)) {
      return cannot(
        dutyId,
        'not a date',
        [anchor.fact],
        duty.provision,
        `"${anchor.on}" is not a date from 1996 to 2125.`,
      );
    }
    seen = anchor;
    // A duty to act before a fixed day bites before the transfer that gives it its year: it must be in force on that day.
    const bites = duty.counting === 'before-fixed-date' ? fixedDay(duty.period, anchor.on, options.year) : anchor.on;
    if (isInForce(duty, bites ?? anchor.on)) return { rule, anchor };
  }
  if (!seen) {
    const wanted = ruleOf(newest).from;
    const why =
      wanted.length === 0
        ? 'This duty is continuing: nothing starts a time.'
        : `Not on record: ${wanted.join(' or ')}.`;
    return cannot(dutyId, 'fact missing', wanted, newest.provision, `${why} ${newest.provision}`);
  }
  const instead = inForceInstead(dutyId, seen.on);
  const also = instead.length > 0 ? `; ${instead.join(', ')} applied then` : '';
  return cannot(
    dutyId,
    'not in force',
    [],
    newest.provision,
    `"${dutyId}" was not in force on ${formatDay(seen.on)}${also}: ${newest.provision}`,
  );
}

/**
 * The day by which a duty is due, with its working; or why there is none to be had. A pure sum: the same facts, calendars and
 * options give the same answer. A day is never moved off a weekend or holiday; `planBy` says when to be done by.
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
  const target = timed(duty, options);
  if ('wanted' in target) {
    return cannot(
      dutyId,
      'choice missing',
      ['as'],
      duty.provision,
      `Say which of ${target.wanted} was agreed: ${duty.provision}`,
    );
  }
  const by = target.by === duty ? rule : ruleOf(target.by);
  const law = citation(rule, anchor, options);
  const own = duty.replacedBy ? facts[duty.replacedBy] : undefined;
  const ownDay = own !== undefined && isDay(own) ? own : null;

  let counted: Count | null;
  if (ownDay !== null && duty.replacedBy) {
    counted = { dueBy: ownDay, said: `${formatDay(ownDay)}, ${words[duty.replacedBy] ?? duty.replacedBy}: ${law}` };
  } else if (by.duty.period && 'laterOf' in by.duty.period) {
    counted = laterOf(by, by.duty.period.laterOf, facts, calendars, options);
  } else if (by.duty.period && 'untilLaterOf' in by.duty.period) {
    counted = untilAppealTimeIsOver(duty, facts, calendars);
  } else {
    counted = countFrom(by, anchor, calendars, options);
  }
  if (counted === null) {
    return cannot(dutyId, 'fact missing', by.from, law, `Not on record: ${by.from.join(' or ')}. ${law}`);
  }
  if (isCalendarEnds(counted))
    return cannot(dutyId, 'calendar missing', [counted.calendar], law, `${counted.why} ${law}`);

  const dueBy =
    duty.notBefore && counted.dueBy ? later(counted.dueBy, facts[duty.notBefore] ?? counted.dueBy) : counted.dueBy;
  const from = counted.anchor ?? anchor;
  const counting = by.duty.countedOtherwise?.from === from.fact ? by.duty.countedOtherwise.counting : by.duty.counting;
  const explained = options.explain !== false;
  const planBy = explained && dueBy !== null ? officeDayOnOrBefore(dueBy, calendars) : null;
  const amber = counted.amber ?? reviewAmber(duty, facts, dueBy);
  return {
    dutyId,
    rule: rule.name,
    kind: options.owedBySetting && duty.id === 'assessment.advice-due' ? 'guidance' : duty.kind,
    verified: duty.verified,
    anchor: from,
    dueBy,
    bound: by.bound,
    window: by.window || (by.duty.period !== null && 'untilLaterOf' in by.duty.period),
    ...(counted.contested !== undefined && { contested: counted.contested }),
    ...(amber !== undefined && { amber }),
    ...(counted.inTimeUntil !== undefined && { inTimeUntil: counted.inTimeUntil }),
    ...(counted.milestones !== undefined && { milestones: counted.milestones }),
    ...(planBy !== null && !isCalendarEnds(planBy) && { planBy }),
    law,
    why: explained ? (counted.said ?? explain(by, from, { ...counted, dueBy }, law, counting)) : '',
  };
}

/** B3: those who count a review from its meeting would expect the next one within twelve months of the last meeting. */
function reviewAmber(duty: Duty, facts: Facts, dueBy: Day | null): Day | undefined {
  const met = facts['reviewMeetingHeld'];
  if (duty.id !== 'review.every-12-months' || met === undefined || dueBy === null) return undefined;
  const fromMeeting = addDays(addMonths(met, 12), -1);
  return fromMeeting < dueBy ? fromMeeting : undefined;
}

/** CFA s.45(4): a plan runs on while an appeal can be brought; once one is, until it is determined. */
function untilAppealTimeIsOver(duty: Duty, facts: Facts, calendars: Calendars): Count | null {
  if (facts['appealLodged'] !== undefined) {
    const ended = facts['appealDetermined'];
    return ended === undefined
      ? { dueBy: null, said: `Until the appeal is finally determined: ${duty.provision}` }
      : { dueBy: ended, said: `Until ${formatDay(ended)}, when the appeal was finally determined: ${duty.provision}` };
  }
  const appeal = deadline('appeal.time-limit', facts, calendars);
  if (isCannotCompute(appeal)) return null;
  const until = appeal.inTimeUntil ?? appeal.dueBy;
  return {
    dueBy: until,
    said: `Until the time for appealing is over on ${until === null ? '' : formatDay(until)}: ${duty.provision}`,
  };
}

export interface WindowOptions extends DeadlineOptions {
  readonly calendars?: Calendars;
  /** A later last day that a letter promised the family: it then binds. */
  readonly promisedUntil?: Day;
}

/**
 * Whether the time that belongs to somebody else is over on a day. Fifteen days "beginning with" service on the 4th end with
 * the 18th, so it is over on the 19th. Where the law gives no length (consult first), it is over as soon as its fact is on
 * record. With the fact missing the time has not begun, and so is not over.
 */
export function windowIsOver(dutyId: string, on: Day, facts: Facts, options: WindowOptions = {}): boolean {
  if (options.promisedUntil !== undefined && on <= options.promisedUntil) return false;
  const answer = deadline(dutyId, facts, options.calendars ?? englandCalendars, { ...options, explain: false });
  if (isCannotCompute(answer) || answer.anchor === null) return false;
  return answer.dueBy !== null && answer.window
    ? on > answer.dueBy
    : answer.dueBy === null && !answer.window && on >= answer.anchor.on;
}

/** The earlier of two limits that run side by side, such as sent + 8 weeks and meeting + 12 weeks. */
export const tighter = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null ? a : earlier(a, b));

/** E2: ten per cent rounded up, at least one case where there is any. */
export const auditSampleSize = (cases: number, percent = 10): number => Math.ceil((cases * percent) / 100);

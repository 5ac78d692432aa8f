import { type Calendars, longClosures, type Term, termsReach } from './calendar';
import { addDays, type Day, daysBetween, earlier, formatDay, later } from './day';
import { deadline, englandCalendars, isCannotCompute } from './deadline';
import type { Exception, Ground } from './duty';
import { overlaidExceptions } from './overlays';
import { dutyInForce, versionsOf } from './register';

/** A stretch of days, both included; a null end is not over yet. */
export interface Stretch {
  readonly from: Day;
  readonly to: Day | null;
}

export interface AdviceAsked {
  readonly settingId: string;
  readonly kind: 'school' | 'earlyYears' | 'post16';
  readonly on: Day;
}

/** What is on record about the family and the settings while a limit ran. */
export interface Evidence {
  /** The day the limit runs from. */
  readonly anchor: Day;
  readonly adviceAskedOfSettings?: readonly AdviceAsked[];
  /** Each setting's own terms. */
  readonly terms?: Readonly<Record<string, readonly Term[]>>;
  /** Times out of the authority's area. */
  readonly absences?: readonly Stretch[];
  readonly circumstances?: readonly (Stretch & { readonly what?: string })[];
  readonly missedAppointments?: readonly Day[];
  /** The family asked to make representations after the fifteen days: reg 44(3)(c). */
  readonly lateRepresentations?: readonly Stretch[];
  readonly coronavirusReason?: Stretch & { readonly what: string };
}

/** An exception that the facts on record seem to prove. A person decides whether it is relied on. */
export interface Proposal {
  readonly exceptionId: string;
  readonly ground: Ground;
  readonly provision: string;
  readonly from: Day;
  readonly to: Day | null;
  /** The facts that prove it, in words. */
  readonly facts: string;
}

interface Period {
  readonly from: Day;
  readonly to: Day;
}

const A_WEEK = 7;

const inWords = ({ from, to }: Stretch): string =>
  to === null ? `from ${formatDay(from)}, not over on record` : `from ${formatDay(from)} to ${formatDay(to)}`;

const touches = (stretch: Stretch, period: Period): boolean =>
  stretch.from <= period.to && (stretch.to === null || stretch.to >= period.from);

/** Days of a stretch that lie inside the period. One that is not over is taken to last until the period's end. */
const daysInside = (stretch: Stretch, period: Period): number =>
  daysBetween(later(stretch.from, period.from), earlier(stretch.to ?? period.to, period.to)) + 1;

type Found = Pick<Proposal, 'from' | 'to' | 'facts'>;

/**
 * Advice asked of a setting from one week before the first day of a long closure until one week before it re-opens, both
 * days included: closed from 23 July, re-opening on 2 September, means asked from 16 July to 26 August.
 */
function closures(evidence: Evidence, period: Period, kinds: readonly AdviceAsked['kind'][]): Found[] {
  return (evidence.adviceAskedOfSettings ?? [])
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ settingId, on }) =>
      longClosures(evidence.terms?.[settingId] ?? [])
        .filter(({ from, reopens }) => on >= addDays(from, -A_WEEK) && on <= addDays(reopens, -A_WEEK))
        .filter((closure) => touches(closure, period))
        .map(({ from, to, reopens }) => ({
          from,
          to,
          facts:
            `Advice was asked of the setting on ${formatDay(on)}. It was closed from ${formatDay(from)} and re-opened ` +
            `on ${formatDay(reopens)}; requests from ${formatDay(addDays(from, -A_WEEK))} to ` +
            `${formatDay(addDays(reopens, -A_WEEK))} count.`,
        })),
    );
}

const away = (evidence: Evidence, period: Period, weeks: number): Found[] =>
  (evidence.absences ?? [])
    .filter((absence) => touches(absence, period) && daysInside(absence, period) >= weeks * A_WEEK)
    .map((absence) => ({
      from: absence.from,
      to: absence.to,
      facts: `Out of the area ${inWords(absence)}: at least ${weeks} unbroken weeks of the time the limit covers.`,
    }));

const circumstances = (evidence: Evidence, period: Period): Found[] =>
  (evidence.circumstances ?? [])
    .filter((stretch) => touches(stretch, period))
    .map((stretch) => ({
      from: stretch.from,
      to: stretch.to,
      facts: `Circumstances recorded ${inWords(stretch)}${stretch.what ? `: ${stretch.what}` : ''}.`,
    }));

/** What on record answers to a ground. Grounds that do not excuse a time limit have nothing to find. */
function find(ground: Ground, evidence: Evidence, period: Period): Found[] {
  switch (ground) {
    case 'settingClosed':
      return closures(evidence, period, ['school', 'post16']);
    case 'earlyYearsClosed':
      return closures(evidence, period, ['earlyYears']);
    case 'exceptionalPersonalCircumstances':
    case 'exceptionalCircumstances':
      return circumstances(evidence, period);
    case 'awayFromArea':
      return away(evidence, period, 4);
    case 'awayTwoWeeks':
      return away(evidence, period, 2);
    case 'missedAppointment':
      return (evidence.missedAppointments ?? [])
        .filter((on) => on >= period.from && on <= period.to)
        .map((on) => ({
          from: on,
          to: on,
          facts: `An appointment for an examination or test was missed on ${formatDay(on)}.`,
        }));
    case 'representationsAfterWindow':
      return (evidence.lateRepresentations ?? [])
        .filter((stretch) => touches(stretch, period))
        .map((stretch) => ({
          ...stretch,
          facts: `The family asked to make representations after the 15 days, ${inWords(stretch)}.`,
        }));
    case 'coronavirus':
    case 'regulation13':
    case 'alternativeArrangements':
    case 'reassessedWithinSixMonths':
    case 'reassessmentNotNecessary':
    case 'blockFunding':
    case 'placementOnly':
    case 'tribunalLeave':
    case 'mediationCannotBeArranged':
    case 'timescaleAgreed':
    case 'nextWorkingDay':
    case 'augustAndChristmas':
    case 'tribunalExtension':
    case 'detailsUnknown':
    case 'noRepresentations':
    case 'over45Days':
    case 'examsDone':
    case 'planLimitsHours':
    case 'nearLeavingAge':
    case 'shorterNoticeConsented':
      return [];
  }
}

/** Regs 44 and 45 take over reg 13(3), which takes over reg 10(4)(a) to (d). */
const REGULATION_13: readonly Ground[] = [
  'settingClosed',
  'earlyYearsClosed',
  'exceptionalPersonalCircumstances',
  'awayFromArea',
];

function proposals(exception: Exception, evidence: Evidence, period: Period): Proposal[] {
  const grounds = exception.ground === 'regulation13' ? REGULATION_13 : [exception.ground];
  return grounds.flatMap((ground) =>
    find(ground, evidence, period).map((found) => ({
      exceptionId: exception.id,
      ground,
      provision: exception.provision,
      ...found,
    })),
  );
}

function coronavirusProposals(dutyId: string, { coronavirusReason: reason }: Evidence, period: Period): Proposal[] {
  if (!reason) return [];
  return overlaidExceptions(dutyId, period.from, period.to).flatMap(({ id, ground, provision, overlay }) => {
    const from = later(reason.from, overlay.effective[0]);
    const to = earlier(reason.to ?? overlay.effective[1], overlay.effective[1]);
    return from > to || !touches({ from, to }, period)
      ? []
      : [
          {
            exceptionId: id,
            ground,
            provision,
            from,
            to,
            facts: `A reason relating to coronavirus, ${inWords({ from, to })}: ${reason.what}.`,
          },
        ];
  });
}

/** The time that the limit covers, from its first day to its last; null where the duty has no limit that day. */
function periodOf(dutyId: string, anchor: Day, calendars: Calendars): Period | null {
  const from = versionsOf(dutyId).at(-1)?.from;
  const fact = typeof from === 'string' ? from : from?.[0];
  if (fact === undefined) return null;
  const answer = deadline(dutyId, { [fact]: anchor }, calendars, { explain: false });
  return isCannotCompute(answer) || answer.dueBy === null ? null : { from: anchor, to: answer.dueBy };
}

/**
 * The exceptions that the evidence would support, by the law in force on the anchor day. Only what the regulation lists can
 * come out: staff shortage, a waiting list or a late report is no ground anywhere.
 */
export function proposeExceptions(
  dutyId: string,
  evidence: Evidence,
  calendars: Calendars = englandCalendars,
): Proposal[] {
  const period = periodOf(dutyId, evidence.anchor, calendars);
  if (!period) return [];
  const listed = dutyInForce(dutyId, evidence.anchor)?.exceptions ?? [];
  return [
    ...listed.flatMap((exception) => proposals(exception, evidence, period)),
    ...coronavirusProposals(dutyId, evidence, period),
  ];
}

/** Settings whose terms on record do not reach the end of the limit: whether they were closed cannot be told. */
export function settingsWithoutTerms(evidence: Evidence, dueBy: Day): string[] {
  const asked = new Set((evidence.adviceAskedOfSettings ?? []).map(({ settingId }) => settingId));
  return [...asked].filter((settingId) => {
    const reach = termsReach(evidence.terms?.[settingId] ?? []);
    return reach === null || reach < dueBy;
  });
}

export interface ExceptedTarget {
  /** The statutory limit, which stays and goes on being shown. */
  readonly original: Day;
  /** The date to work to while exceptions are relied on; null while one of them is not over. */
  readonly target: Day | null;
  readonly daysLost: number;
  readonly why: string;
}

/** Overlapping and touching stretches made one, earliest first, each starting after the anchor. */
function union(anchor: Day, stretches: readonly Stretch[]): Stretch[] {
  const dayAfter = addDays(anchor, 1);
  const clipped = stretches
    .map(({ from, to }) => ({ from: later(from, dayAfter), to }))
    .filter(({ from, to }) => to === null || to >= from)
    .sort((a, b) => (a.from === b.from ? 0 : a.from < b.from ? -1 : 1));
  const joined: { from: Day; to: Day | null }[] = [];
  for (const stretch of clipped) {
    const last = joined.at(-1);
    if (last && (last.to === null || stretch.from <= last.to)) {
      last.to = last.to === null || stretch.to === null ? null : later(last.to, stretch.to);
    } else joined.push({ ...stretch });
  }
  return joined;
}

/**
 * A4: the text lifts a limit and puts none in its place, so a clock is never paused. To have a day to work to, each stretch
 * that begins on or before the target moves it by its own days, days shared by two counted once. In whatever order the
 * exceptions were recorded, the target is the same.
 */
export function targetWithExceptions(dueBy: Day, anchor: Day, exceptions: readonly Stretch[]): ExceptedTarget {
  let target = dueBy;
  let daysLost = 0;
  for (const { from, to } of union(anchor, exceptions)) {
    if (from > target) break;
    if (to === null) {
      return {
        original: dueBy,
        target: null,
        daysLost,
        why: `The limit of ${formatDay(dueBy)} is lifted while the facts last.`,
      };
    }
    const days = daysBetween(from, to) + 1;
    daysLost += days;
    target = addDays(target, days);
  }
  const why =
    daysLost === 0
      ? `No exception moves the limit of ${formatDay(dueBy)}.`
      : `The limit was ${formatDay(dueBy)}; ${daysLost} excepted days make the target ${formatDay(target)}. The act is owed as soon as practicable.`;
  return { original: dueBy, target, daysLost, why };
}

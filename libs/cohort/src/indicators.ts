import {
  addDays,
  type Day,
  deadline,
  formatDay,
  isCannotCompute,
  schoolYearOf,
  type SuspendedDay,
  suspensionTotals,
} from '@send/statute';
import {
  type AttendedDay,
  daysOf,
  type Elsewhere,
  type Exclusion,
  inARow,
  type PartTimeTimetable,
  type SchoolCalendars,
} from './absence';
import { attendanceCodes, elsewhereKinds } from './codes';

/** Sources by the names that consent is asked for. */
export type IndicatorSource = 'suspensions' | 'attendance' | 'part-time';

/** Days that the imports of one source cover; null where nothing was imported. */
export type Covered = { readonly from: Day; readonly to: Day } | null;

export interface ChildData {
  readonly exclusions: readonly Exclusion[];
  readonly elsewhere: readonly Elsewhere[];
  readonly attendance: readonly AttendedDay[];
  readonly partTime: readonly PartTimeTimetable[];
  readonly covered: Readonly<Record<IndicatorSource, Covered>>;
}

/** How loud an indicator is: a number to look at, or something to act on. Never a decision. */
export type Flag = 'none' | 'look' | 'act';

export interface Indicator {
  readonly id: IndicatorId;
  readonly label: string;
  readonly source: IndicatorSource;
  readonly value: string;
  readonly flag: Flag;
  /** The newest day behind the number. */
  readonly on: Day | null;
  /** How the number came about, in a sentence. */
  readonly why: string;
  readonly complete: boolean;
  /** What is missing, or up to when the data reach. */
  readonly completeness: string;
}

/** The book that a board can read: what each indicator counts, and what a flag weighs. It decides nothing. */
export const indicatorBook = {
  'term-days': { label: 'Days suspended this term', weight: 3, flags: 'More than 5 days: look. More than 15: act.' },
  'year-days': { label: 'Days suspended this school year, all schools', weight: 3, flags: '40 or more: look. More than 45, which the law forbids: act.' },
  suspensions: { label: 'Suspensions this school year', weight: 3, flags: 'Two: look. Three or more: act.' },
  'longest-run': { label: 'Longest run of days without school', weight: 2, flags: '5 days: look. More: act.' },
  'sixth-day': { label: 'Education from the sixth day', weight: 2, flags: 'Due or past: act.' },
  permanent: { label: 'Permanently excluded this school year', weight: 5, flags: 'Any: act.' },
  absence: { label: 'Sessions missed this school year', weight: 2, flags: '10% or more: look. 50% or more: act.' },
  'fifteen-days': { label: 'School days missed this school year, other than by suspension', weight: 1, flags: '15 or more: look, as section 19 must be considered.' },
  'part-time': { label: 'Part-time timetable', weight: 2, flags: 'Any in force: look. Without an end, a review or consent: act.' },
  elsewhere: { label: 'Moved or kept apart: off-site, managed move, separation', weight: 1, flags: 'Any this school year: look. Never added to a total.' },
  'sent-home': { label: 'Sent home without a suspension', weight: 2, flags: 'Any: act. It is not lawful, and adds to no total.' },
} as const; // prettier-ignore
export type IndicatorId = keyof typeof indicatorBook;

const day = (count: number, what = 'day'): string => `${count} ${what}${count === 1 ? '' : 's'}`;

interface Reading {
  value: string;
  flag: Flag;
  on?: Day | null | undefined;
  why: string;
  known?: boolean;
}

const isPossible = (code: string): boolean => {
  const group = attendanceCodes.get(code);
  return group !== undefined && group !== 'unable' && group !== 'not-counted';
};
const isMissed = (code: string): boolean => ['authorised', 'unauthorised'].includes(attendanceCodes.get(code) ?? '');

/**
 * What can be computed safely of one child on a day. Pure: the same data give the same numbers. Need, sex, ethnicity and
 * disability are not asked here; `fairness` looks at whom the flags fall on. What may not be used is left out, and said.
 */
export function indicatorsOf(
  data: ChildData,
  on: Day,
  schools: SchoolCalendars,
  mayUse: (source: IndicatorSource) => boolean = () => true,
): Indicator[] {
  const found: Indicator[] = [];
  const year = schoolYearOf(on);
  const yearBegan: Day = `${year}-09-01`;
  const inYear = (one: { firstDay: Day }): boolean => schoolYearOf(one.firstDay) === year && one.firstDay <= on;

  const add = (id: IndicatorId, source: IndicatorSource, read: () => Reading): void => {
    if (!mayUse(source)) return;
    const reading = read();
    const covered = data.covered[source];
    const gap =
      covered === null
        ? 'Nothing has been imported'
        : covered.from > yearBegan
          ? `Nothing before ${formatDay(covered.from)}`
          : covered.to < addDays(on, -7)
            ? `Nothing after ${formatDay(covered.to)}`
            : reading.known === false
              ? 'Counted by weekdays: the school’s term dates do not reach these days'
              : null;
    found.push({
      id,
      label: indicatorBook[id].label,
      source,
      value: reading.value,
      flag: reading.flag,
      on: reading.on ?? null,
      why: reading.why,
      complete: gap === null,
      completeness: gap ?? `Data to ${formatDay(covered?.to ?? on)}`,
    });
  };

  const spread = data.exclusions.map((one) => ({ one, ...daysOf(one, schools) }));
  const days: SuspendedDay[] = spread.flatMap((each) => each.days);
  const known = spread.every((each) => each.known);
  const totals = suspensionTotals(days, on);
  const newest = days
    .filter((each) => each.on <= on)
    .reduce<Day | null>((last, each) => (last === null || each.on > last ? each.on : last), null);
  const standing = data.exclusions.filter((one) => inYear(one) && one.cancelledOn === null);
  const cancelled = data.exclusions.filter((one) => inYear(one) && one.cancelledOn !== null).length;
  const also =
    cancelled === 0 ? '' : ` ${day(cancelled, 'cancelled suspension')} kept on record; the days served count.`;

  add('term-days', 'suspensions', () => {
    const most = Math.max(0, ...Object.values(totals.term));
    const flag = most > 15 ? 'act' : most > 5 ? 'look' : 'none';
    const schoolsCounted = Object.keys(totals.term).length;
    return {
      value: day(most),
      flag,
      on: newest,
      known,
      why: `The most at one school in the period to 31 December, Easter Monday or 31 July${schoolsCounted > 1 ? `; ${schoolsCounted} schools, each alone` : ''}. Half days count 0.5.${also}`,
    };
  });
  add('year-days', 'suspensions', () => ({
    value: day(totals.year),
    flag: totals.year > 45 ? 'act' : totals.year >= 40 ? 'look' : 'none',
    on: newest,
    known,
    why: `All schools together since 1 September ${year}; the law allows 45.${also}`,
  }));
  add('suspensions', 'suspensions', () => {
    const count = standing.filter(({ category }) => category !== 'PERM').length;
    const last = standing
      .filter(({ category }) => category !== 'PERM')
      .map(({ firstDay }) => firstDay)
      .sort()
      .at(-1);
    return {
      value: String(count),
      flag: count >= 3 ? 'act' : count === 2 ? 'look' : 'none',
      on: last,
      why: `Since 1 September ${year}, lunchtimes among them.${also}`,
    };
  });
  const rows = inARow(data.exclusions, schools).filter(
    (row) => schoolYearOf(row.firstDay) === year && row.firstDay <= on,
  );
  add('longest-run', 'suspensions', () => {
    const row = rows.reduce<(typeof rows)[number] | null>(
      (best, each) => (best === null || each.days > best.days ? each : best),
      null,
    );
    if (row === null) return { value: '0 days', flag: 'none', why: 'No suspension of a whole day.' };
    const together =
      row.exclusions.length === 1 ? 'One suspension' : `${row.exclusions.length} suspensions back to back`;
    return {
      value: day(row.days),
      flag: row.days > 5 ? 'act' : row.days === 5 ? 'look' : 'none',
      on: row.lastDay,
      known: row.known,
      why: `${together} from ${formatDay(row.firstDay)}.`,
    };
  });
  add('sixth-day', 'suspensions', () => sixthDay(data, rows, on, schools));
  add('permanent', 'suspensions', () => {
    const one = standing.find(({ category }) => category === 'PERM');
    return one === undefined
      ? { value: 'No', flag: 'none', why: 'None on record this school year.' }
      : { value: 'Yes', flag: 'act', on: one.firstDay, why: `From ${formatDay(one.firstDay)}.` };
  });

  const sessions = data.attendance.filter((each) => schoolYearOf(each.on) === year && each.on <= on);
  const codes = sessions.flatMap((each) => [each.morning, each.afternoon]);
  add('absence', 'attendance', () => {
    const possible = codes.filter(isPossible).length;
    const missed = codes.filter(isMissed).length;
    const share = possible === 0 ? 0 : Math.round((missed / possible) * 1000) / 10;
    return {
      value: possible === 0 ? 'Not known' : `${share}%`,
      flag: share >= 50 ? 'act' : share >= 10 ? 'look' : 'none',
      on: sessions
        .map((each) => each.on)
        .sort()
        .at(-1),
      why: `${missed} of ${possible} possible sessions. Sessions that the child could not attend are left out.`,
    };
  });
  add('fifteen-days', 'attendance', () => {
    const missed = codes.filter((code) => isMissed(code) && code !== 'E').length / 2;
    return {
      value: day(missed),
      flag: missed >= 15 ? 'look' : 'none',
      on: sessions
        .map((each) => each.on)
        .sort()
        .at(-1),
      why: 'Counted over the school year, whether or not in a row.',
    };
  });

  add('part-time', 'part-time', () => {
    const running = data.partTime.filter((one) => one.firstDay <= on && (one.endsOn === null || one.endsOn >= on));
    const lacking = running.flatMap(whatIsLacking);
    const first = running.map(({ firstDay }) => firstDay).sort()[0];
    return running.length === 0
      ? { value: 'No', flag: 'none', why: 'None in force.' }
      : {
          value: lacking.length === 0 ? 'Yes' : `Yes, ${lacking.join(', ')}`,
          flag: lacking.length === 0 ? 'look' : 'act',
          why: `${running[0]?.hoursAWeek ?? 0} hours a week since ${formatDay(first ?? on)}. It adds to no total of suspensions.`,
        };
  });
  const others = data.elsewhere.filter(inYear);
  add('elsewhere', 'suspensions', () => {
    const kept = others.filter(({ kind }) => kind !== 'sent-home');
    return {
      value: kept.length === 0 ? 'No' : kept.map(({ kind }) => elsewhereKinds[kind]).join(', '),
      flag: kept.length === 0 ? 'none' : 'look',
      on: kept
        .map(({ firstDay }) => firstDay)
        .sort()
        .at(-1),
      why: 'Not suspensions: they add to no total.',
    };
  });
  add('sent-home', 'suspensions', () => {
    const count = others.filter(({ kind }) => kind === 'sent-home').length;
    return {
      value: String(count),
      flag: count > 0 ? 'act' : 'none',
      on: others
        .filter(({ kind }) => kind === 'sent-home')
        .map(({ firstDay }) => firstDay)
        .sort()
        .at(-1),
      why: 'Only a recorded suspension may send a pupil home. It adds to no total.',
    };
  });
  return found;
}

function sixthDay(data: ChildData, rows: ReturnType<typeof inARow>, on: Day, schools: SchoolCalendars): Reading {
  const permanent = data.exclusions.find(
    (one) =>
      one.category === 'PERM' &&
      one.cancelledOn === null &&
      schoolYearOf(one.firstDay) === schoolYearOf(on) &&
      one.firstDay <= on,
  );
  const running = rows.find((row) => row.lastDay >= on && row.firstDay <= on && row.days > 5);
  const began = permanent?.firstDay ?? running?.firstDay;
  const settingId = permanent?.settingId ?? running?.exclusions[0]?.settingId;
  if (began === undefined || settingId === undefined)
    return { value: 'Not reached', flag: 'none', why: 'No exclusion in force reaches a sixth school day.' };
  const duty = permanent === undefined ? 'exclusion.sixth-day-suspension' : 'exclusion.sixth-day-permanent';
  const terms = schools.terms[settingId];
  const found = deadline(
    duty,
    { exclusionBegan: began },
    terms === undefined ? schools.calendars : { ...schools.calendars, terms },
  );
  if (isCannotCompute(found) || found.dueBy === null)
    return {
      value: 'Cannot be worked out',
      flag: 'look',
      on: began,
      known: false,
      why: `From ${formatDay(began)}: the school’s term dates do not reach the sixth school day.`,
    };
  return { value: formatDay(found.dueBy), flag: found.dueBy <= on ? 'act' : 'look', on: began, why: found.why };
}

/** What a part-time timetable lacks to be one that anybody should agree to. */
export const whatIsLacking = (one: PartTimeTimetable): string[] => [
  ...(one.endsOn === null ? ['no end date'] : []),
  ...(one.reviewOn === null ? ['no review date'] : []),
  ...(one.consentOn === null ? ['no consent'] : []),
];

/** Flagged indicators by what they weigh; a weight of the authority's own stands before the book's. */
export const weightOf = (indicators: readonly Indicator[], weights: Readonly<Record<string, number>> = {}): number =>
  indicators.reduce(
    (sum, { id, flag }) =>
      sum + (flag === 'none' ? 0 : (weights[id] ?? indicatorBook[id].weight) * (flag === 'act' ? 2 : 1)),
    0,
  );

const whenAllAreTold: Day = '2022-09-01';

/** Before that day schools told the authority at once only of longer suspensions: older figures are too low. */
export const comparabilityWarning = (from: Day, to: Day): string | null =>
  from < whenAllAreTold && to >= whenAllAreTold
    ? `Do not compare figures before ${formatDay(whenAllAreTold)} with those since: until then schools told the authority at once only of permanent exclusions, of more than 5 days in a term and of lost exams, so short suspensions are missing.`
    : null;

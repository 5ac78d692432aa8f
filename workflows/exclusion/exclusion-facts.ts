import { type Day, isDay, type Term } from '@send/statute';
import { change, day, type FactEvent, type RunContext, text } from '@send/workflow-kit';

/** What kind of exclusion it is. A lunchtime is half a school day; a safeguarding separation and an off-site direction are none. */
export const exclusionKinds = {
  suspension: 'Suspension',
  lunchtime: 'Lunchtime suspension',
  permanent: 'Permanent exclusion',
} as const;
export type ExclusionKind = keyof typeof exclusionKinds;

/** What the notice of an exclusion says, and what is known of the child on that day. Sessions are half days. */
export interface Given {
  readonly kind: ExclusionKind;
  readonly firstDay: Day;
  readonly lastDay?: Day;
  readonly sessions: number;
  /** Sessions at this school earlier in the term, and at every school earlier in the school year: README D2. */
  readonly earlierInTerm: number;
  readonly earlierInYear: number;
  /** First day, and sessions, of suspensions that this one follows straight on from. */
  readonly followsOnFrom?: Day;
  readonly followsOnSessions: number;
  /** Which suspension of the school year it is, from 1. */
  readonly number: number;
  readonly exam: boolean;
  readonly plan: boolean;
  readonly socialWorker: boolean;
  readonly lookedAfter: boolean;
  readonly ofSchoolAge: boolean;
  readonly livesHere: boolean;
}

export interface ExclusionContext extends RunContext {
  exclusion: Given | null;
  /** Where the pupil goes from the sixth day, as arranged. */
  education: { readonly where: string; readonly startsOn: Day } | null;
}

type C = ExclusionContext;
export type Args = { context: C; event: FactEvent };

const count = (event: FactEvent, field: string): number => {
  const value = event.payload[field];
  return typeof value === 'number' ? value : 0;
};
const yes = (event: FactEvent, field: string): boolean => event.payload[field] === true;

export function given(event: FactEvent): Given {
  const kind = text(event.payload, 'kind');
  const lastDay = day(event.payload, 'lastDay');
  const followsOnFrom = day(event.payload, 'followsOnFrom');
  return {
    kind: kind === 'permanent' || kind === 'lunchtime' ? kind : 'suspension',
    firstDay: day(event.payload, 'firstDay') ?? event.on,
    ...(lastDay === undefined ? {} : { lastDay }),
    sessions: count(event, 'sessions'),
    earlierInTerm: count(event, 'earlierInTerm'),
    earlierInYear: count(event, 'earlierInYear'),
    ...(followsOnFrom === undefined ? {} : { followsOnFrom }),
    followsOnSessions: count(event, 'followsOnSessions'),
    number: Math.max(1, count(event, 'number')),
    exam: yes(event, 'exam'),
    plan: yes(event, 'plan'),
    socialWorker: yes(event, 'socialWorker'),
    lookedAfter: yes(event, 'lookedAfter'),
    // Most pupils are: only a "no" takes the duty away.
    ofSchoolAge: event.payload['ofSchoolAge'] !== false,
    livesHere: event.payload['livesHere'] !== false,
  };
}

/** Sessions are half days. */
const inDays = (sessions: number): number => sessions / 2;
export const termTotal = (one: Given): number => inDays(one.earlierInTerm + one.sessions);
export const yearTotal = (one: Given): number => inDays(one.earlierInYear + one.sessions);
/** School days in a row without school, this suspension and those that it follows straight on from. */
export const daysInARow = (one: Given): number => inDays(one.followsOnSessions + one.sessions);

export const isPermanent = (one: Given): boolean => one.kind === 'permanent';
/** The board must be told at once, and may have to meet: more than 5 days in the term, an exam at stake, or for good. */
export const meetsThreshold = (one: Given): boolean => isPermanent(one) || termTotal(one) > 5 || one.exam;
export const isNearYearLimit = (one: Given): boolean => yearTotal(one) >= 40;

/** A guard over what the notice says. */
export const when =
  (holds: (one: Given) => boolean) =>
  ({ event }: Args): boolean =>
    holds(given(event));

/** A guard over what is on record: nothing of an exclusion is known before its notice. */
export const known =
  (holds: (one: Given) => boolean = () => true) =>
  ({ context }: Args): boolean =>
    context.exclusion !== null && holds(context.exclusion);

/** Nothing follows from a short suspension once the child is back: no board, no plan, no third of the year. */
export const nothingFollows = known(
  (one) => !meetsThreshold(one) && !one.plan && !one.socialWorker && !one.lookedAfter && one.number !== 3,
);

export const takeNotice = change<C>(({ context, event }) => {
  const exclusion = given(event);
  return {
    exclusion,
    facts: {
      ...context.facts,
      exclusionDecided: event.on,
      exclusionBegan: exclusion.firstDay,
      riskOfExclusionSeen: event.on,
      ...(exclusion.followsOnFrom === undefined ? {} : { backToBackBegan: exclusion.followsOnFrom }),
      ...(exclusion.number === 3 && !isPermanent(exclusion) ? { thirdSuspension: event.on } : {}),
    },
  };
});

interface TermRow {
  from?: unknown;
  to?: unknown;
  withoutSession?: unknown;
}

/** School days are counted by this school's terms and by no guess: where they end, no date is given and the reason said. */
export const takeTerms = change<C>(({ event }) => {
  const rows = Array.isArray(event.payload['terms']) ? (event.payload['terms'] as TermRow[]) : [];
  const terms = rows.flatMap(({ from, to, withoutSession }): Term[] => {
    if (typeof from !== 'string' || typeof to !== 'string') return [];
    const without =
      typeof withoutSession === 'string' ? withoutSession.split(/[\s,]+/).filter((one) => isDay(one)) : [];
    return [without.length === 0 ? { from, to } : { from, to, withoutSession: without }];
  });
  return terms.length === 0 ? {} : { terms };
});

export const noChange = change<C>(() => ({}));

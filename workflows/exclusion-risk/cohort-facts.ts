import type { Day } from '@send/statute';
import { change, day, dutyKey, type FactEvent, metOn, type RunContext, text } from '@send/workflow-kit';

/** Where what is known of a child comes from. Each has a legal basis of its own, and consent may be it. */
export const sources = {
  suspensions: 'Suspensions and exclusions',
  attendance: 'Attendance',
  'part-time': 'Part-time timetables',
  school: 'The school’s own account',
  'social-care': 'Social care',
  'early-help': 'Early help',
  health: 'Health',
  'youth-justice': 'Youth justice',
  police: 'Police',
} as const;
export type CohortSource = keyof typeof sources;

/** UK GDPR art 6(1)(a), (c), (e). */
export const bases = {
  consent: 'Consent',
  'legal-duty': 'A duty in law',
  'public-task': 'A public task',
} as const;
export type Basis = keyof typeof bases;

/** How one source may be used for this child. */
export interface SourceUse {
  readonly basis: Basis;
  readonly state: 'asked' | 'given' | 'refused' | 'withdrawn' | 'not needed';
  readonly on: Day;
  /** Consent is for a time; after this day the source drops out until it is given anew. */
  readonly until?: Day;
}

export interface Intervention {
  readonly what: string;
  readonly owner: string;
  readonly dueOn: Day;
  readonly doneOn?: Day;
  readonly came?: string;
}

/** One reading of the outcome measure: the authority's own domains, each with its number. */
export interface Reading {
  readonly on: Day;
  readonly readings: Readonly<Record<string, number>>;
}

export interface CohortReview {
  readonly on: Day;
  readonly inEducation: boolean;
  readonly safelyAtHome: boolean;
}

export interface CohortContext extends RunContext {
  cohort: {
    readonly reasons: readonly string[];
    readonly nominatedBy?: string;
    readonly sources: Readonly<Partial<Record<CohortSource, SourceUse>>>;
    readonly reminders: number;
    /** The young person of 16 or over is asked for themselves, and answered themselves. */
    readonly askedThemselves?: true;
    readonly lead?: { readonly name: string; readonly role: string; readonly criterion: string };
    readonly interventions: readonly Intervention[];
    readonly outcomes: readonly Reading[];
    readonly reviews: readonly CohortReview[];
    /** Suspensions and exclusions since the child was put forward, told by their own runs. */
    readonly exclusions: readonly { readonly on: Day; readonly kind: string }[];
    readonly admittedOn?: Day;
    readonly left?: { readonly on: Day; readonly why: string };
  };
}

type C = CohortContext;
export type Args = { context: C; event: FactEvent };

export const noCohortYet = (): C['cohort'] => ({
  reasons: [],
  sources: {},
  reminders: 0,
  interventions: [],
  outcomes: [],
  reviews: [],
  exclusions: [],
});

/**
 * May what comes from this source be used on that day? Consent refused, withdrawn or run out stops it; what is not asked
 * about yet may not be used either. A duty in law or a public task asks nobody.
 */
export function mayUse(use: SourceUse | undefined, on: Day): boolean {
  if (use === undefined) return false;
  if (use.until !== undefined && on > use.until) return false;
  return use.basis !== 'consent' || use.state === 'given';
}

const cohort = (how: (args: Args) => Partial<C['cohort']>) =>
  change<C>((args) => ({ cohort: { ...args.context.cohort, ...how(args) } }));

const list = (event: FactEvent, field: string): readonly string[] => {
  const value = event.payload[field];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
};
const rows = (event: FactEvent, field: string): readonly Record<string, unknown>[] => {
  const value = event.payload[field];
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
};
const isSource = (name: string | undefined): name is CohortSource => name !== undefined && Object.hasOwn(sources, name);

export const putForward = change<C>(({ context, event }) => ({
  facts: { ...context.facts, riskIndicatorsMet: event.on, riskOfExclusionSeen: event.on },
  cohort: {
    ...context.cohort,
    reasons: list(event, 'reasons'),
    ...(text(event.payload, 'by') === undefined ? {} : { nominatedBy: text(event.payload, 'by') ?? '' }),
  },
}));

export const sourceNamed = cohort(({ context, event }) => {
  const source = text(event.payload, 'source');
  const basis = text(event.payload, 'basis') ?? '';
  if (!isSource(source) || !Object.hasOwn(bases, basis) || basis === 'consent') return {};
  const until = day(event.payload, 'until');
  return {
    sources: {
      ...context.cohort.sources,
      [source]: {
        basis: basis as Basis,
        state: 'not needed',
        on: event.on,
        ...(until === undefined ? {} : { until }),
      },
    },
  };
});

/** The sources that a fact about consent speaks of: those named, else all that consent is asked for. */
function namedSources({ context, event }: Args): CohortSource[] {
  const named = [...list(event, 'sources'), ...rows(event, 'sources').flatMap(({ source }) => source as string)];
  const all = named.filter((one) => isSource(one));
  return all.length > 0
    ? all
    : (Object.keys(context.cohort.sources) as CohortSource[]).filter(
        (one) => context.cohort.sources[one]?.basis === 'consent',
      );
}

const consent = (state: SourceUse['state']) =>
  cohort((args) => {
    const until = day(args.event.payload, 'until');
    const changed = namedSources(args).map((source): [CohortSource, SourceUse] => [
      source,
      { basis: 'consent', state, on: args.event.on, ...(until === undefined ? {} : { until }) },
    ]);
    return { sources: { ...args.context.cohort.sources, ...Object.fromEntries(changed) } };
  });

export const consentAsked = consent('asked');
export const consentGiven = consent('given');
export const consentRefused = consent('refused');
export const consentWithdrawn = consent('withdrawn');

/** With this fact nothing that consent was given for is left. */
export const leavesNoConsent = (args: Args): boolean => {
  const gone = new Set(namedSources(args));
  return !Object.entries(args.context.cohort.sources).some(
    ([source, use]) => use.basis === 'consent' && use.state === 'given' && !gone.has(source as CohortSource),
  );
};

export const whomAsked = cohort(({ event }) =>
  text(event.payload, 'whom') === 'young-person' ? { askedThemselves: true } : {},
);

/** Asked for themselves, a young person is written to alone: no copy of it goes to a parent. */
export const asksThemselves = ({ context, event }: Args): boolean =>
  context.cohort.askedThemselves === true || text(event.payload, 'whom') === 'young-person';

export const reminded = cohort(({ context }) => ({ reminders: context.cohort.reminders + 1 }));

const planned = (event: FactEvent): Intervention[] =>
  rows(event, 'interventions').map(({ what, owner, dueOn }) => ({
    what: String(what),
    owner: String(owner),
    dueOn: String(dueOn),
  }));

export const planAgreed = cohort(({ context, event }) => ({
  lead: {
    name: text(event.payload, 'lead') ?? 'not on record',
    role: text(event.payload, 'leadRole') ?? '',
    criterion: text(event.payload, 'criterion') ?? '',
  },
  interventions: [...context.cohort.interventions.filter(({ doneOn }) => doneOn !== undefined), ...planned(event)],
}));

export const interventionsAdded = cohort(({ context, event }) => ({
  interventions: [...context.cohort.interventions, ...planned(event)],
}));

export const isPlanned = ({ context, event }: Args): boolean =>
  context.cohort.interventions.some(({ what, doneOn }) => what === text(event.payload, 'what') && doneOn === undefined);

export const interventionDone = cohort(({ context, event }) => {
  const what = text(event.payload, 'what');
  const at = context.cohort.interventions.findIndex((one) => one.what === what && one.doneOn === undefined);
  return {
    interventions: context.cohort.interventions.map((one, index) =>
      index === at
        ? {
            ...one,
            doneOn: event.on,
            ...(text(event.payload, 'came') === undefined ? {} : { came: text(event.payload, 'came') ?? '' }),
          }
        : one,
    ),
  };
});

const reading = (event: FactEvent): Reading[] => {
  const found = rows(event, 'readings');
  return found.length === 0
    ? []
    : [
        {
          on: event.on,
          readings: Object.fromEntries(found.map((row) => [String(row['domain']), Number(row['reading'])])),
        },
      ];
};

export const measured = cohort(({ context, event }) => ({
  outcomes: [...context.cohort.outcomes, ...reading(event)],
}));

const fortnightly = 'practice.exclusion-risk-fortnightly-review';
const nth = (context: C): string => String(context.cohort.reviews.length + 1);

/** The review that is next: each has a deadline of its own, a fortnight after the one before. */
export const nextReview = (context: C): readonly string[] =>
  context.cohort.admittedOn === undefined ? [] : [nth(context)];

/** The fortnight runs from the day a person let the child in. */
export const admitted = change<C>(
  ({ context, event }) => ({
    cohort: { ...context.cohort, admittedOn: event.on },
    facts: {
      ...context.facts,
      admittedToCohort: event.on,
      [dutyKey('admittedToCohort', nth(context))]: event.on,
    },
    duties: metOn(context.duties, ['practice.exclusion-risk-cohort'], event.on),
  }),
  { meets: ['practice.exclusion-risk-cohort'], starts: 'admittedToCohort' },
);

export const reviewed = change<C>(
  ({ context, event }) => {
    const reviews = [
      ...context.cohort.reviews,
      {
        on: event.on,
        inEducation: event.payload['inEducation'] === true,
        safelyAtHome: event.payload['safelyAtHome'] === true,
      },
    ];
    return {
      duties: metOn(context.duties, [dutyKey(fortnightly, nth(context))], event.on),
      facts: { ...context.facts, [dutyKey('cohortReviewed', String(reviews.length + 1))]: event.on },
      cohort: { ...context.cohort, reviews, outcomes: [...context.cohort.outcomes, ...reading(event)] },
    };
  },
  { meets: [fortnightly], starts: 'cohortReviewed' },
);

export const exclusionNoted = cohort(({ context, event }) => ({
  exclusions: [...context.cohort.exclusions, { on: event.on, kind: text(event.payload, 'kind') ?? 'suspension' }],
}));

export const leaves = cohort(({ event }) => ({
  left: { on: event.on, why: text(event.payload, 'why') ?? 'not on record' },
}));

import type { Day } from '@send/statute';
import {
  change,
  dutyKey,
  type FactEvent,
  isRecorded,
  meet,
  meetEach,
  metOn,
  owesEach,
  type RunContext,
  sendEach,
  text,
  whenAsked,
} from '@send/workflow-kit';
import { leadTo } from '../plan/plan-stretch';

/** Whose advice reg 6(1) wants: (b) education, (c) health, (d) psychology, (e) social care, (f) and (h) others, (g) adulthood. */
export const adviceKinds = ['education', 'health', 'psychology', 'social-care', 'adulthood', 'other'] as const;
export type AdviceKind = (typeof adviceKinds)[number];
const alwaysNeeded: readonly AdviceKind[] = ['education', 'health', 'psychology', 'social-care'];

/** Advice in an assessment or a reassessment: SEND Regs 2014 regs 6 and 8; for the second by reg 26. */
export interface AdviceContext extends RunContext {
  fromYear9: boolean;
  advice: Record<
    string,
    { kind: AdviceKind; adviser: string; askedOn: Day; receivedOn?: Day; reused?: true; returned?: true }
  >;
}

export const noAdviceYet = (): Pick<AdviceContext, 'fromYear9' | 'advice'> => ({ fromYear9: false, advice: {} });

type Args<C> = { context: C; event: FactEvent };

interface AdviceRow {
  request: string;
  kind: AdviceKind;
  adviser: string;
}

const asked = (event: FactEvent): AdviceRow[] => (event.payload['requests'] as AdviceRow[] | undefined) ?? [];
const requestOf = (event: FactEvent): string => text(event.payload, 'request') ?? 'unspecified';

/** Every source of reg 6(1) asked, or its earlier advice agreed: only then has advice been sought. */
const allAsked = (context: AdviceContext): boolean =>
  [...alwaysNeeded, ...(context.fromYear9 ? (['adulthood'] as const) : [])].every((kind) =>
    Object.values(context.advice).some((one) => one.kind === kind),
  );

const askForAdvice = <C extends AdviceContext>(advisersAsked: readonly string[]) => [
  change<C>(
    ({ context, event }) =>
      ({
        advice: {
          ...context.advice,
          ...Object.fromEntries(
            asked(event).map(({ request, kind, adviser }) => [request, { kind, adviser, askedOn: event.on }]),
          ),
        },
      }) as Partial<C>,
  ),
  ...adviceKinds.map((kind) =>
    sendEach<C>(
      `assessment.advice-${kind}`,
      ({ event }) =>
        asked(event)
          .filter((one) => one.kind === kind)
          .map((one) => ({ subject: one.request, to: `adviser:${one.adviser}` })),
      { sent: 'adviceRequestReceived', meets: [] },
    ),
  ),
  change<C>(
    ({ context, event }) =>
      ({
        duties: metOn(context.duties, allAsked(context) ? advisersAsked : [], event.on),
      }) as Partial<C>,
    { meets: advisersAsked },
  ),
];

const takeAdvice = <C extends AdviceContext>() => [
  change<C>(({ context, event }) => {
    const request = requestOf(event);
    const before = context.advice[request] ?? { kind: 'other' as const, adviser: 'not on record', askedOn: event.on };
    return { advice: { ...context.advice, [request]: { ...before, receivedOn: event.on } } } as Partial<C>;
  }),
  meetEach<C>('assessment.advice-due', ({ event }) => requestOf(event)),
  sendEach<C>('assessment.advice-received', ({ context, event }) => {
    const adviser = context.advice[requestOf(event)]?.adviser;
    return adviser === undefined || adviser === 'not on record'
      ? []
      : [{ subject: requestOf(event), to: `adviser:${adviser}` }];
  }),
];

/** Advice that lacks a signature, a date or an amount goes back; the adviser's six weeks run on: R-ADV-03. */
const returnAdvice = <C extends AdviceContext>() =>
  change<C>(({ context, event }) => {
    const request = requestOf(event);
    const before = context.advice[request];
    if (before === undefined) return {};
    const { receivedOn: _, ...open } = before;
    const key = dutyKey('assessment.advice-due', request);
    return {
      advice: { ...context.advice, [request]: { ...open, returned: true } },
      duties: { ...context.duties, [key]: { since: context.duties[key]?.since ?? before.askedOn } },
    } as Partial<C>;
  });

const lastAdvice = ({ context, event }: Args<AdviceContext>): boolean =>
  Object.entries(context.advice).every(([id, one]) => id === requestOf(event) || one.receivedOn !== undefined);

const chaseAdvice = <C extends AdviceContext>(letter: string) =>
  sendEach<C>(letter, ({ context, event }) => {
    const one = context.advice[requestOf(event)];
    const late = event.payload['late'] === true;
    return one === undefined || late !== (letter === 'assessment.advice-overdue')
      ? []
      : [{ subject: requestOf(event), to: `adviser:${one.adviser}` }];
  });

/** Earlier advice stands in only if its author, the authority and the family all agree: reg 6(4). */
const allThreeAgree = whenAsked<AdviceContext>(
  ({ event }) =>
    event.payload['authorAgrees'] === true &&
    event.payload['authorityAgrees'] === true &&
    event.payload['familyAgrees'] === true,
);

interface AdviceRegion<C extends AdviceContext> {
  /** Advice is asked for once this allows it. */
  readonly decided: (args: Args<C>) => boolean;
  /** What is met once all are asked. */
  readonly met: readonly string[];
  /** Facts after which no advice is waited for. */
  readonly over?: readonly string[];
}

/** Advice asked for, given, sent back and chased, beside the path of whichever process needs it. */
export const adviceRegion = <C extends AdviceContext>({ decided, met, over = [] }: AdviceRegion<C>) => {
  const takes = takeAdvice<C>();
  return {
    initial: 'notSought',
    on: {
      ...leadTo('.notSought', over),
      adviceSought: { guard: decided, target: '.gathering', actions: askForAdvice<C>(met) },
      adviceReused: {
        guard: allThreeAgree,
        actions: [
          change<C>(
            ({ context, event }) =>
              ({
                advice: {
                  ...context.advice,
                  [requestOf(event)]: {
                    kind: (text(event.payload, 'kind') ?? 'other') as AdviceKind,
                    adviser: text(event.payload, 'adviser') ?? 'not on record',
                    askedOn: event.on,
                    receivedOn: event.on,
                    reused: true,
                  },
                },
              }) as Partial<C>,
          ),
          change<C>(
            ({ context, event }) =>
              ({
                duties: metOn(context.duties, allAsked(context) ? met : [], event.on),
              }) as Partial<C>,
          ),
          meet<C>('assessment.existing-advice-not-resought'),
        ],
      },
      adviceReturned: {
        guard: ({ context, event }: Args<C>) => context.advice[requestOf(event)]?.receivedOn !== undefined,
        target: '.gathering',
        actions: returnAdvice<C>(),
      },
    },
    states: {
      notSought: {
        meta: { noLimit: 'No adviser has been asked' },
        on: { adviceReceived: { guard: isRecorded, target: 'gathered', actions: takes } },
      },
      gathering: {
        meta: owesEach<C>('Gathering advice', 'assessment.advice-due', (context) =>
          Object.entries(context.advice)
            .filter(
              ([id, one]) => one.receivedOn === undefined && context.facts[`adviceRequestReceived#${id}`] !== undefined,
            )
            .map(([id]) => id),
        ),
        on: {
          adviceReceived: [{ guard: lastAdvice, target: 'gathered', actions: takes }, { actions: takes }],
          adviceChased: {
            actions: [chaseAdvice<C>('assessment.advice-reminder'), chaseAdvice<C>('assessment.advice-overdue')],
          },
        },
      },
      gathered: {
        meta: { noLimit: 'Everyone asked has given advice' },
        on: {
          adviceReceived: { guard: isRecorded, actions: takes },
          /** We chased what, as we learned later, had come by then. */
          adviceChased: { guard: whenAsked<C>(() => false), actions: change<C>(() => ({})) },
        },
      },
    },
  };
};

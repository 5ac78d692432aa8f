import type { Day } from '@send/statute';
import {
  change,
  day,
  dutyKey,
  type ExceptionInForce,
  type FactEvent,
  meet,
  meetEach,
  type RunContext,
  send,
  sendEach,
  startClock,
  text,
} from '@send/workflow-kit';
import {
  concessionDoneIn,
  directedDay,
  isOutcome,
  type Matter,
  matters,
  orderDoneIn,
  type OutcomeKind,
  outcomes,
} from './outcomes';

export interface DirectedStep {
  readonly what: string;
  readonly kind: string;
  readonly directedOn: Day;
  readonly dueOn?: Day;
  readonly doneOn?: Day;
  /** The appeal was over before it was done. */
  readonly droppedOn?: Day;
}

export interface AgreedAction {
  readonly what: string;
  readonly agreedOn: Day;
  readonly dueOn?: Day;
  readonly doneOn?: Day;
}

export interface AppealContext extends RunContext {
  dispute: {
    readonly about: Matter;
    /** The decision is in a case on record here, which carries out what belongs to it. */
    readonly onRecord: boolean;
    readonly reference?: string;
    /** Open until a session was held, or nobody wants one any more. */
    readonly mediation: 'none' | 'open' | 'over';
    readonly hearing?: { readonly on: Day; readonly heldOn?: Day };
    readonly outcome?: {
      readonly how: 'ordered' | 'agreed' | 'conceded';
      readonly kind?: OutcomeKind;
      readonly on: Day;
      /** C1: the period runs from the day the order was made; the day it was sent is kept beside it. */
      readonly sentOn?: Day;
      /** Reg 45: notified before the response was sent. */
      readonly beforeResponse?: boolean;
    };
    readonly steps: Readonly<Record<string, DirectedStep>>;
    readonly actions: Readonly<Record<string, AgreedAction>>;
    readonly recommendations: Readonly<Record<string, { readonly sentOn: Day; readonly answeredOn?: Day }>>;
    /** What keeps the file open, beside agreed actions and recommendations. */
    readonly healthOpen: boolean;
    readonly pathOpen: boolean;
    /** The facts that carry out what was ordered, agreed or conceded here; none once one of them has. */
    readonly doneBy: readonly string[];
  };
}

export type C = AppealContext;
export type Args = { context: C; event: FactEvent };

export const dispute = (how: (args: Args) => Partial<C['dispute']>) =>
  change<C>((args) => ({ dispute: { ...args.context.dispute, ...how(args) } }));

export const noChange = change<C>(() => ({}));
export const pathIs = (pathOpen: boolean) => dispute(() => ({ pathOpen }));
export const healthIs = (healthOpen: boolean) => dispute(() => ({ healthOpen }));
export const doneBy = (...facts: string[]) => dispute(() => ({ doneBy: facts }));
export const carriesOut = ({ context, event }: Args): boolean => context.dispute.doneBy.includes(event.type);

/** Excused altogether, whenever its time began: never later than the notice or request that it comes from. */
const excused = (context: C, event: FactEvent, ground: string, duty: string, since: string): ExceptionInForce[] => {
  const began = context.facts[since] ?? event.on;
  const from = began < event.on ? began : event.on;
  const id = `${event.factId}:${duty}`;
  return [
    ...context.exceptions.filter((one) => one.id !== id),
    { id, ground, from, to: null, duties: [duty], reason: '' },
  ];
};

/** What the dispute is about, and when the notice of that decision was sent: the family's time runs from it. */
export const takeMatter = [
  dispute(({ context, event }) => {
    const about = text(event.payload, 'about');
    return {
      onRecord: context.dispute.onRecord || event.payload['onRecord'] === true,
      ...(about !== undefined && Object.hasOwn(matters, about) ? { about: about as Matter } : {}),
    };
  }),
  change<C>(({ context, event }) => {
    const sent = day(event.payload, 'decisionNoticeSent');
    return sent === undefined ? {} : { facts: { ...context.facts, decisionNoticeSent: sent } };
  }),
  /** An appeal about Section I alone needs no certificate, and nobody need be contacted first: CFA s.55(2). */
  change<C>(({ context, event }) => {
    const duty = 'mediation.contact-adviser';
    const others = context.exceptions.filter((one) => one.ground !== 'placementOnly');
    const isPlacement = context.dispute.about === 'placement';
    if (!isPlacement) return others.length === context.exceptions.length ? {} : { exceptions: others };
    return {
      exceptions: excused({ ...context, exceptions: others }, event, 'placementOnly', duty, 'decisionNoticeSent'),
    };
  }),
];

/** Late, with the Tribunal's leave: rr.5(3)(a) and 20(4), CFA s.55(3). */
const withLeave = change<C>(({ context, event }) => {
  if (event.payload['leaveGiven'] !== true) return {};
  const exceptions = excused(context, event, 'tribunalExtension', 'appeal.time-limit', 'decisionNoticeSent');
  return {
    exceptions: excused(
      { ...context, exceptions },
      event,
      'tribunalLeave',
      'mediation.contact-adviser',
      'decisionNoticeSent',
    ),
  };
});

const takeReference = dispute(({ event }) => {
  const reference = text(event.payload, 'reference');
  return reference === undefined ? {} : { reference };
});

export const lodge = [
  ...takeMatter,
  withLeave,
  takeReference,
  change<C>(({ context, event }) => ({
    facts: { ...context.facts, appealLodged: context.facts['appealLodged'] ?? event.on },
  })),
  meet<C>('appeal.time-limit', 'mediation.contact-adviser'),
];

/** The Tribunal's own timetable takes the place of the thirty days. */
export const directResponse = [
  takeReference,
  change<C>(({ context, event }) => {
    const until = day(event.payload, 'responseDueOn');
    return until === undefined ? {} : { facts: { ...context.facts, responseDateDirected: until } };
  }),
];

// ---- mediation

const mediationIs = (mediation: C['dispute']['mediation']) => dispute(() => ({ mediation }));

export const mediationIsOpen = mediationIs('open');
export const mediationOpens = [startClock<C>('mediationRequested'), mediationIsOpen];
export const mediationEnds = mediationIs('over');

/** Whoever has turned to the adviser has a month more once the certificate comes; an appeal about Section I needs none. */
export const awaitsCertificate = ({ facts, dispute: { about } }: C): boolean =>
  about !== 'placement' &&
  (facts['mediationRequested'] ?? facts['mediationDeclined']) !== undefined &&
  facts['mediationCertificateIssued'] === undefined;

/** Reg 37: the day of the mediation dates its notice; a shorter one needs the family's consent. */
export const planMediation = [
  change<C>(({ context, event }) => {
    const { 'mediation.date-notice': _, ...duties } = context.duties;
    const consented = event.payload['shorterNotice'] === true;
    return {
      duties,
      facts: { ...context.facts, mediationPlanned: day(event.payload, 'meetingOn') ?? event.on },
      ...(consented
        ? {
            exceptions: excused(
              context,
              event,
              'shorterNoticeConsented',
              'mediation.date-notice',
              'mediationRequested',
            ),
          }
        : { exceptions: context.exceptions.filter(({ ground }) => ground !== 'shorterNoticeConsented') }),
    };
  }),
  send<C>('dispute.mediation-meeting', 'parent-or-young-person', { meets: ['mediation.date-notice'] }),
];

/** C6: what counts is that a session takes place. */
export const sessionHeld = [
  mediationEnds,
  meet<C>('mediation.arrange', 'mediation.attend-with-authority', 'mediation.arrange-health-only'),
];

export const certified = [
  startClock<C>('mediationCertificateIssued'),
  meet<C>(
    'mediation.certificate-no-mediation',
    'mediation.certificate-not-pursued',
    'mediation.certificate-after-mediation',
  ),
];

// ---- agreements, orders, concessions

const kindOf = (event: FactEvent): OutcomeKind => {
  const kind = text(event.payload, 'order') ?? text(event.payload, 'agreed') ?? 'other';
  return isOutcome(kind) ? kind : 'other';
};

export const isKind =
  (...kinds: OutcomeKind[]) =>
  ({ event }: Args): boolean =>
    kinds.includes(kindOf(event));

/** What the fact itself says of the matter counts already: guards are asked before its actions. */
const aboutOf = ({ context, event }: Args): { about: Matter; onRecord: boolean } => {
  const about = text(event.payload, 'about');
  return {
    about: about !== undefined && Object.hasOwn(matters, about) ? (about as Matter) : context.dispute.about,
    onRecord: context.dispute.onRecord || event.payload['onRecord'] === true,
  };
};

export const orderDoneHere = (args: Args): boolean => {
  const { about, onRecord } = aboutOf(args);
  return orderDoneIn(kindOf(args.event), about, onRecord) === 'appeal';
};
export const orderDoneNowhere = (args: Args): boolean => {
  const { about, onRecord } = aboutOf(args);
  return orderDoneIn(kindOf(args.event), about, onRecord) === 'nowhere';
};
export const isHereAnd =
  (kind: OutcomeKind) =>
  (args: Args): boolean =>
    isKind(kind)(args) && orderDoneHere(args);

/** Reg 45 is for whoever tells the Tribunal before the response is sent; later a consent order must come (README C2). */
export const beforeResponse = ({ context }: Args): boolean => context.facts['responseSent'] === undefined;
export const concededHere = ({ context: { dispute: one } }: Args): boolean =>
  concessionDoneIn(one.about, one.onRecord) === 'appeal';

const outcomeIs = (how: 'ordered' | 'agreed' | 'conceded') =>
  dispute(({ context, event }) => {
    const sentOn = day(event.payload, 'sentOn');
    const isConceded = how === 'conceded';
    return {
      outcome: {
        how,
        on: event.on,
        ...(isConceded ? { beforeResponse: beforeResponse({ context, event }) } : { kind: kindOf(event) }),
        ...(sentOn === undefined ? {} : { sentOn }),
      },
    };
  });

export const ordered = [
  takeReference,
  outcomeIs('ordered'),
  startClock<C>('tribunalOrderMade'),
  change<C>(({ context, event }) => {
    const own = day(event.payload, 'dateSetByOrder');
    // Reg 44 counts from the order, whatever was agreed before it: an agreement keeps its own day in the ledger.
    const { dateSetByOrder: _, mediationAgreed: __, ...facts } = context.facts;
    return { facts: own === undefined ? facts : { ...facts, dateSetByOrder: own } };
  }),
];

const rowsOf = (event: FactEvent) =>
  (event.payload['actions'] as readonly { action: string; what: string; dueOn?: Day }[] | undefined) ?? [];

export const agreed = [
  outcomeIs('agreed'),
  startClock<C>('mediationAgreed'),
  dispute(({ context, event }) => ({
    actions: {
      ...context.dispute.actions,
      ...Object.fromEntries(
        rowsOf(event).map(({ action, what, dueOn }) => [
          action,
          { what, agreedOn: event.on, ...(dueOn === undefined ? {} : { dueOn }) },
        ]),
      ),
    },
  })),
  change<C>(({ context, event }) => {
    const facts = { ...context.facts };
    for (const { action, dueOn } of rowsOf(event)) {
      facts[dutyKey('mediationAgreed', action)] = event.on;
      if (dueOn !== undefined) facts[dutyKey('timescaleAgreedInWriting', action)] = dueOn;
    }
    const own = day(event.payload, 'timescaleAgreedOn');
    if (own !== undefined) facts['appealableTimescaleAgreedInWriting'] = own;
    else delete facts['appealableTimescaleAgreedInWriting'];
    // The order of reg 44 that the agreement stands for: reg 42(2).
    const { duty } = outcomes[kindOf(event)] as { duty?: string };
    return { facts, ...(duty === undefined ? {} : { agreedAs: duty }) };
  }),
  send<C>('dispute.mediation-agreement', 'parent-or-young-person'),
];

const actionOf = ({ event }: Args): string => text(event.payload, 'action') ?? '';
export const knowsAction = (args: Args): boolean => args.context.dispute.actions[actionOf(args)] !== undefined;
export const isLastAction = (args: Args): boolean =>
  knowsAction(args) &&
  Object.entries(args.context.dispute.actions).every(([id, one]) => id === actionOf(args) || one.doneOn !== undefined);
export const hasActions = ({ event }: Args): boolean => rowsOf(event).length > 0;
export const actionsOf = ({ dispute: { actions } }: C): string[] => Object.keys(actions);
export const actionDone = [
  dispute((args) => {
    const one = args.context.dispute.actions[actionOf(args)];
    return one === undefined
      ? {}
      : { actions: { ...args.context.dispute.actions, [actionOf(args)]: { ...one, doneOn: args.event.on } } };
  }),
  meetEach<C>('mediation.comply-other-issues', actionOf),
];

/** Reg 45(1) itself decides the appeal: nothing is left to do for that. */
export const concede = [
  outcomeIs('conceded'),
  startClock<C>('appealConceded'),
  send<C>('dispute.unopposed', 'parent-or-young-person'),
];
export const treatedAsWon = meet<C>('unopposed-appeal.treated-as-won');

/** The amended plan to the family with its rights, to the setting and to the commissioner: reg 44(2)(e) and (f), reg 45(4). */
export const issueAmendedPlan = [
  startClock<C>('amendedFinalPlanIssued'),
  send<C>('dispute.order-amended-plan', 'parent-or-young-person', {
    meets: [
      'tribunal-order.amend-provision',
      'tribunal-order.amend-placement-only',
      'tribunal-order.continue-and-amend',
      'mediation.comply-appealable-issues',
      'unopposed-appeal.amend-contents',
      'unopposed-appeal.amend-placement-only',
      'unopposed-appeal.as-made-version',
      'unopposed-appeal.cease-conceded',
    ],
  }),
  send<C>('review.final-amended-partners', 'partners', {
    meets: ['unopposed-appeal.amend-contents', 'unopposed-appeal.as-made-version'],
  }),
];

/** What came of thinking again, with its reasons: reg 44(2)(d). */
export const reconsidered = [
  startClock<C>('reconsidered'),
  send<C>('dispute.order-reconsider', 'parent-or-young-person', {
    meets: ['tribunal-order.reconsider', 'mediation.comply-appealable-issues'],
  }),
];

/** What needs no letter of ours: the plan goes on, or the order is carried out in its own way. */
export const carriedOut = [
  startClock<C>('orderCarriedOut'),
  meet<C>('tribunal-order.continue-plan', 'mediation.comply-appealable-issues', 'unopposed-appeal.cease-conceded'),
];

// ---- directions, hearing

const stepOf = ({ event }: Args): string => text(event.payload, 'step') ?? '';
const isOpen = (one: DirectedStep): boolean => one.doneOn === undefined && one.droppedOn === undefined;

export const openSteps = ({ dispute: { steps } }: C): string[] =>
  Object.entries(steps).flatMap(([id, one]) => (isOpen(one) ? [id] : []));

export const directStep = change<C>((args) => {
  const { context, event } = args;
  const id = stepOf(args);
  const days = event.payload['workingDays'];
  const dueOn = day(event.payload, 'dueOn') ?? (typeof days === 'number' ? directedDay(event.on, days) : undefined);
  const step: DirectedStep = {
    what: text(event.payload, 'what') ?? 'not on record',
    kind: text(event.payload, 'kind') ?? 'other',
    directedOn: event.on,
    ...(dueOn === undefined ? {} : { dueOn }),
  };
  return {
    dispute: { ...context.dispute, steps: { ...context.dispute.steps, [id]: step } },
    facts: {
      ...context.facts,
      [dutyKey('tribunalStepDirected', id)]: event.on,
      ...(dueOn === undefined ? {} : { [dutyKey('tribunalStepDue', id)]: dueOn }),
    },
  };
});

const changeSteps = (how: (one: DirectedStep, id: string, args: Args) => DirectedStep) =>
  dispute((args) => ({
    steps: Object.fromEntries(Object.entries(args.context.dispute.steps).map(([id, one]) => [id, how(one, id, args)])),
  }));

export const knowsStep = (args: Args): boolean => openSteps(args.context).includes(stepOf(args));
export const isLastStep = (args: Args): boolean =>
  knowsStep(args) && openSteps(args.context).every((id) => id === stepOf(args));
export const doStep = [
  changeSteps((one, id, args) => (id === stepOf(args) ? { ...one, doneOn: args.event.on } : one)),
  meetEach<C>('appeal.tribunal-time-other-steps', stepOf),
];
export const dropSteps = changeSteps((one, _, { event }) => (isOpen(one) ? { ...one, droppedOn: event.on } : one));

export const fixHearing = [
  dispute(({ event }) => ({ hearing: { on: day(event.payload, 'hearingOn') ?? event.on } })),
  change<C>(({ context, event }) => ({
    facts: { ...context.facts, hearingFixedFor: day(event.payload, 'hearingOn') ?? event.on },
  })),
];
export const holdHearing = [
  startClock<C>('hearingHeld'),
  dispute(({ context, event }) => ({ hearing: { on: context.dispute.hearing?.on ?? event.on, heldOn: event.on } })),
];

// ---- recommendations on health and social care: SI 2017/1306

const bodyOf = ({ event }: Args): string => text(event.payload, 'body') ?? 'health';
export const bodiesOf = ({ dispute: { recommendations } }: C): string[] => Object.keys(recommendations);
export const isRecommendedTo = (args: Args): boolean => bodiesOf(args.context).includes(bodyOf(args));
const withoutSubject = <T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));

/** Five weeks from the day it was sent; one made again is answered again. */
export const recommended = [
  change<C>((args) => {
    const { context, event } = args;
    const body = bodyOf(args);
    const sentOn = day(event.payload, 'sentOn') ?? event.on;
    return {
      dispute: {
        ...context.dispute,
        recommendations: { ...context.dispute.recommendations, [body]: { sentOn } },
      },
      facts: { ...context.facts, [dutyKey('recommendationSent', body)]: sentOn },
      duties: withoutSubject(context.duties, dutyKey('appeal.health-and-care-recommendations', body)),
    };
  }),
];

export const recommendationAnswered = [
  dispute((args) => {
    const body = bodyOf(args);
    const one = args.context.dispute.recommendations[body] ?? { sentOn: args.event.on };
    return {
      recommendations: { ...args.context.dispute.recommendations, [body]: { ...one, answeredOn: args.event.on } },
    };
  }),
  sendEach<C>('dispute.recommendation-reply', (args) => [{ subject: bodyOf(args), to: 'parent-or-young-person' }], {
    meets: ['appeal.health-and-care-recommendations'],
  }),
];

/** Health issues in mediation: the commissioners are told in three working days, reg 35. */
export const tellCommissioners = [
  healthIs(false),
  send<C>('dispute.mediation-commissioner', 'health', {
    meets: ['mediation.inform-commissioners'],
    sent: 'commissionerToldOfIssues',
  }),
];

const awaitsResponse = ({ facts, dispute: { outcome } }: C): boolean =>
  facts['appealPapersReceived'] !== undefined &&
  facts['responseSent'] === undefined &&
  facts['appealWithdrawn'] === undefined &&
  (outcome === undefined || outcome.how === 'agreed');

/** Nothing agreed, recommended, ordered or pending is left. */
export const nothingLeft = ({ context }: Args): boolean => {
  const { dispute: one } = context;
  return (
    !one.pathOpen &&
    !one.healthOpen &&
    one.mediation !== 'open' &&
    one.doneBy.length === 0 &&
    !awaitsResponse(context) &&
    openSteps(context).length === 0 &&
    Object.values(one.actions).every(({ doneOn }) => doneOn !== undefined) &&
    Object.values(one.recommendations).every(({ answeredOn }) => answeredOn !== undefined)
  );
};

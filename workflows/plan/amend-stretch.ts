import {
  change,
  type FactEvent,
  isRecorded,
  meet,
  owes,
  recorded,
  type RunContext,
  send,
  startClock,
  text,
  whenAsked,
} from '@send/workflow-kit';
import {
  familyFacts,
  familyHeardIn,
  freshRights,
  mayNamePlacementIn,
  meetingDone,
  placementNamed,
  plan,
  type PlanContext,
  recordedUnless,
  requestedConsulted,
} from './plan-stretch';

/**
 * From proposed amendments to the amended plan, or to the decision not to amend: SEND Regs 2014 reg 22, which reg 28 lends
 * to amendments outside a review. Reg 22 imports no exception of reg 10(4).
 */
const window = 'amend.representations-window';

/** What the amended plan's going meets, and the decision not to amend's: reg 22(3) and (4). */
const issuingAmended = [
  'amend.issue-final',
  'amend.without-review',
  'amend.notice-contents',
  'review.final-amended-plan-12-weeks',
  'plan.sign-and-date',
];
const refusingToAmend = ['amend.decide-not-to-amend', 'amend.without-review', 'amend.notice-contents'];

/** What sending the proposed amendments meets, whoever decided to. */
export const proposing = ['amend.notice-of-proposed-amendments', 'review.decision-to-amend-carries-amendments'];

/** The plan with its notice goes to the family: sent starts the eight weeks, served the fifteen days (README C3). */
export const amendmentsGo = <C extends PlanContext>(
  letter: string,
  { meets = [], sent = [] }: { meets?: readonly string[]; sent?: readonly string[] } = {},
) => [
  plan<C>(({ event }) => ({
    familyIsDone: false,
    ...(text(event.payload, 'planVersion') === undefined
      ? {}
      : { draftVersion: text(event.payload, 'planVersion') ?? '' }),
  })),
  send<C>(letter, 'parent-or-young-person', {
    meets: [...proposing, ...meets],
    sent: ['amendmentsSent', ...sent],
    served: 'amendmentsServed',
  }),
  send<C>('plan.child-draft', 'child'),
];

/** Changed proposals give the family fifteen days more; the eight weeks stay counted from the first notice. */
export const amendmentsGoAgain = <C extends PlanContext>(letter: string) => [
  plan<C>(() => ({ familyIsDone: false })),
  send<C>(letter, 'parent-or-young-person', { served: 'amendmentsServed' }),
];

/**
 * The amended plan to the family, the setting and the health commissioner: reg 22(3). `implied` is what must have been
 * done by then where no step before it is on record.
 */
export const amendedPlanGoes = <C extends PlanContext>(
  implied: readonly string[] = [],
  letter = 'review.final-amended',
) => [
  freshRights<C>(),
  startClock<C>('amendedFinalPlanIssued'),
  plan<C>(({ context, event }) => {
    const setting = text(event.payload, 'setting');
    return {
      ...(text(event.payload, 'planVersion') === undefined
        ? {}
        : { finalVersion: text(event.payload, 'planVersion') ?? '' }),
      ...(setting === undefined
        ? {}
        : { placement: { type: context.plan.placement?.type ?? 'not on record', setting, on: event.on } }),
    };
  }),
  // Where a setting was asked for, the plan that goes now says whether it is named.
  meet<C>('plan.name-requested-school'),
  send<C>(letter, 'parent-or-young-person', {
    meets: [...issuingAmended, ...proposing, ...implied],
    sent: ['decisionNoticeSent', 'amendedPlanSent'],
  }),
  send<C>('review.final-amended-partners', 'partners', { meets: ['amend.issue-final'] }),
  send<C>('plan.final-setting', ({ context, event }) => {
    const setting = text(event.payload, 'setting') ?? context.plan.placement?.setting;
    return setting === undefined ? null : `setting:${setting}`;
  }),
  send<C>('plan.child-final', 'child'),
];

/** The authority keeps the plan as it is after all, with its reasons and the family's rights: reg 22(4) and (5). */
export const notAmendedGoes = <C extends PlanContext>(implied: readonly string[] = []) => [
  freshRights<C>(),
  startClock<C>('decidedNotToAmend'),
  meet<C>('plan.name-requested-school'),
  send<C>('review.decide-not-amend', 'parent-or-young-person', {
    meets: [...refusingToAmend, ...proposing, ...implied],
    sent: 'decisionNoticeSent',
  }),
];

/** What the family does with its rights is another body's to record, and another process's to carry on. */
export const rightsUsed = <C extends RunContext>() =>
  recorded({
    mediationRequested: { actions: meet<C>('mediation.contact-adviser') },
    mediationCertificateIssued: { actions: startClock<C>('mediationCertificateIssued') },
    appealLodged: { actions: meet<C>('appeal.time-limit', 'mediation.contact-adviser') },
  });

export const isAmended = (context: RunContext): boolean =>
  context.facts['amendedFinalPlanIssued'] !== undefined || context.facts['decidedNotToAmend'] !== undefined;

export const isProposed = (context: RunContext): boolean => context.facts['amendmentsSent'] !== undefined;

type Args<C> = { context: C; event: FactEvent };
const mayPropose = <C extends RunContext>(args: Args<C>): boolean => isRecorded(args) && !isAmended(args.context);
const noChange = <C extends RunContext>() => change<C>(() => ({}));

/** Nothing is settled in the family's time, before the meeting it asked for, or without the setting it asked for being consulted. */
const mayIssueAmended = whenAsked<PlanContext>(
  (args) =>
    mayNamePlacementIn(window)(args) &&
    (args.context.plan.requestedSettings.length === 0 ||
      args.context.plan.placement !== undefined ||
      text(args.event.payload, 'setting') !== undefined),
);
const mayRefuse = whenAsked<PlanContext>(
  (args) => familyHeardIn(window)(args) && meetingDone(args.context) && requestedConsulted(args.context),
);

interface Stretch {
  /** Limits that run beside those of reg 22: the twelve weeks of Devon, or reg 28's own eight. */
  readonly limits: readonly string[];
  /** What must have been done by the time an amended plan, or a refusal to amend, is put on record. */
  readonly implied?: readonly string[];
  /** The letter with the proposed amendments. */
  readonly letter: string;
  readonly sent?: readonly string[];
}

/** The stretch as one workflow uses it: positions for its `path` region, and what is recorded from any open one. */
export const amendStretch = <C extends PlanContext>({ limits, implied = [], letter, sent = [] }: Stretch) => {
  const facts = familyFacts<C>(window);
  const proposed = amendmentsGo<C>(letter, { meets: implied, sent });
  const issued = amendedPlanGoes<C>(implied);
  const refused = notAmendedGoes<C>(implied);
  const running = [
    'amend.notice-of-proposed-amendments',
    'amend.issue-final',
    'amend.decide-not-to-amend',
    'amend.notice-contents',
    ...limits,
  ];
  const finish = {
    amendedFinalPlanIssued: { guard: mayIssueAmended, target: 'amended', actions: issued },
    decidedNotToAmend: { guard: mayRefuse, target: 'notAmended', actions: refused },
  };
  const { representationsReceived, schoolRequested, meetingRequested, meetingArranged, meetingHeld } = facts;
  return {
    proposed,
    recorded: {
      ...recorded({
        representationsReceived,
        schoolRequested,
        meetingRequested,
        meetingArranged,
        meetingHeld,
        amendedFinalPlanIssued: { target: '.amended', actions: issued },
        decidedNotToAmend: { target: '.notAmended', actions: refused },
      }),
      amendmentsSent: [
        {
          guard: (args: Args<C>) => mayPropose(args) && !isProposed(args.context),
          target: '.amending',
          actions: proposed,
        },
        { guard: mayPropose, target: '.amending', actions: amendmentsGoAgain<C>(letter) },
        { guard: isRecorded, actions: noChange<C>() },
      ],
      placementNamed: recordedUnless<C>(isAmended, '.finalisingAmendments', placementNamed<C>()),
    },
    positions: {
      /** The family has the plan and the changes that we propose: reg 22(2). */
      amending: {
        meta: owes('Changes with the family', window, ...running),
        on: {
          ...facts,
          placementNamed: {
            guard: mayNamePlacementIn(window),
            target: 'finalisingAmendments',
            actions: placementNamed<C>(),
          },
          ...finish,
        },
      },
      finalisingAmendments: {
        meta: owes('Making the amended plan', 'plan.content-sections', ...running),
        on: { ...facts, ...finish },
      },
      /** As soon as practicable, and within eight weeks of sending: reg 22(3). */
      amended: {
        tags: 'closed',
        meta: owes(
          'Amended plan issued',
          'amend.notice-of-proposed-amendments',
          'amend.issue-final',
          'amend.notice-contents',
          'plan.sign-and-date',
          ...limits,
          'appeal.time-limit',
          'mediation.contact-adviser',
        ),
      },
      /** Reg 22(4): the decision not to amend carries the same rights. */
      notAmended: {
        tags: 'closed',
        meta: owes(
          'Decided not to amend',
          'amend.notice-of-proposed-amendments',
          'amend.decide-not-to-amend',
          'amend.notice-contents',
          ...limits.filter((limit) => refusingToAmend.includes(limit)),
          'appeal.time-limit',
          'mediation.contact-adviser',
        ),
      },
    },
  };
};

/** What ends the wait for a meeting, a setting or a placement beside the path. */
export const amendingOver = ['amendedFinalPlanIssued', 'decidedNotToAmend', 'planEnded', 'movedAway', 'childDied'];

import type { Day } from '@send/statute';
import {
  change,
  type FactEvent,
  isRecorded,
  meet,
  meetEach,
  owes,
  owesEach,
  recorded,
  type RunContext,
  send,
  sendEach,
  startClock,
  text,
  whenAsked,
  windowClosed,
} from '@send/workflow-kit';

/** The stretch from draft to final plan, CFA 2014 ss 38 to 40; SEND Regs 2014 regs 11 to 14. */
export interface PlanContext extends RunContext {
  plan: {
    draftVersion?: string;
    finalVersion?: string;
    /** The family has said that it has nothing more to say before its fifteen days were over. */
    familyIsDone: boolean;
    meeting: 'none' | 'required' | 'arranged' | 'held';
    requestedSettings: string[];
    consultations: Record<string, { setting: string; sentOn: Day; answer?: string; answeredOn?: Day }>;
    placement?: { setting?: string; type: string; on: Day };
  };
}

export const noPlanYet = (): PlanContext['plan'] => ({
  familyIsDone: false,
  meeting: 'none',
  requestedSettings: [],
  consultations: {},
});

type Args<C> = { context: C; event: FactEvent };

/** The 15 days are the family's: nothing is settled inside them unless the family says it has no more to say. */
const heardIn =
  (window: string) =>
  ({ context, event }: { context: PlanContext; event: FactEvent }): boolean =>
    context.plan.familyIsDone || windowClosed(context, window, event.on);

export const familyHeardIn = (window: string) => whenAsked<PlanContext>(heardIn(window));
export const familyHeard = familyHeardIn('plan.representations-window');

/** A meeting that the family required comes before the placement is settled: reg 13(1)(a)(ii). */
export const meetingDone = (context: PlanContext): boolean =>
  context.plan.meeting === 'none' || context.plan.meeting === 'held';

/** A setting the family asked for is consulted before it is decided: CFA s 39(2). Its reply is not waited for (README A5). */
export const requestedConsulted = (context: PlanContext): boolean =>
  context.plan.requestedSettings.every((setting) =>
    Object.values(context.plan.consultations).some((one) => one.setting === setting),
  );

export const mayNamePlacementIn = (window: string) =>
  whenAsked<PlanContext>(
    (args) => heardIn(window)(args) && meetingDone(args.context) && requestedConsulted(args.context),
  );
export const mayNamePlacement = mayNamePlacementIn('plan.representations-window');

export const plan = <C extends PlanContext>(how: (args: Args<C>) => Partial<PlanContext['plan']>) =>
  change<C>((args) => ({ plan: { ...args.context.plan, ...how(args) } }) as Partial<C>);

const consultationOf = (event: FactEvent): string => text(event.payload, 'consultation') ?? 'unspecified';

/** A new decision gives the family new rights: its time to appeal, and to ask for mediation, begins anew. */
export const freshRights = <C extends RunContext>() =>
  change<C>(({ context }) => {
    const { decisionNoticeSent: _, mediationCertificateIssued: __, ...facts } = context.facts;
    const { 'appeal.time-limit': ___, 'mediation.contact-adviser': ____, ...duties } = context.duties;
    return { facts, duties } as unknown as Partial<C>;
  });

/** Limits for the draft. A final plan meets them too where no draft is on record: there must have been one by then. */
const drafting = [
  'assessment.proceed-to-plan-by-week-16',
  'tribunal-order.make-plan-draft',
  'unopposed-appeal.make-plan-draft',
];

/** Letters and clocks of the draft: sent, then served; the fifteen days begin with the day of service. */
export const draftGoes = <C extends PlanContext>() => [
  startClock<C>('draftPlanSent'),
  plan<C>(({ event }) => ({
    familyIsDone: false,
    ...(text(event.payload, 'planVersion') === undefined
      ? {}
      : { draftVersion: text(event.payload, 'planVersion') ?? '' }),
  })),
  send<C>('plan.draft', 'parent-or-young-person', {
    meets: ['plan.send-draft-with-notice', 'plan.consult-on-draft', ...drafting],
    served: 'draftPlanServed',
  }),
  send<C>('plan.child-draft', 'child'),
];

/** The final plan to the family, the named setting and the health commissioner: reg 13(2). The last to leave meets the duty. */
export const issuing = [
  'plan.issue-final',
  'tribunal-order.assess-final-plan',
  'tribunal-order.make-plan-final',
  'unopposed-appeal.assess-final-plan',
  'unopposed-appeal.make-plan-final',
  'unopposed-appeal.as-made-version',
  'appeal.concession-without-order',
];

export const finalGoes = <C extends PlanContext>() => [
  freshRights<C>(),
  startClock<C>('finalPlanIssued'),
  plan<C>(({ event }) => ({
    ...(text(event.payload, 'planVersion') === undefined
      ? {}
      : { finalVersion: text(event.payload, 'planVersion') ?? '' }),
  })),
  send<C>('plan.final', 'parent-or-young-person', {
    meets: [...issuing, ...drafting, 'plan.final-plan-notice', 'plan.sign-and-date'],
    sent: 'decisionNoticeSent',
  }),
  send<C>(
    'plan.final-setting',
    ({ context }) =>
      context.plan.placement?.setting === undefined ? null : `setting:${context.plan.placement.setting}`,
    { meets: issuing },
  ),
  send<C>('plan.final-commissioner', 'health', { meets: issuing }),
  send<C>('plan.child-final', 'child'),
];

/** What the family may do in its fifteen days, with a draft or with proposed amendments: regs 13(1) and 22(2). */
export const familyFacts = <C extends PlanContext>(window: string) => ({
  representationsReceived: {
    actions: [
      plan<C>(({ event, context }) => ({
        familyIsDone: context.plan.familyIsDone || event.payload['nothingMoreToSay'] === true,
      })),
      change<C>(({ context, event }) =>
        event.payload['nothingMoreToSay'] === true
          ? ({
              duties: {
                ...context.duties,
                [window]: { since: context.duties[window]?.since ?? event.on, metOn: event.on },
              },
            } as unknown as Partial<C>)
          : {},
      ),
      send<C>('plan.representations-ack', 'parent-or-young-person'),
    ],
  },
  familyReminded: { actions: send<C>('plan.draft-reminder', 'parent-or-young-person') },
  schoolRequested: {
    actions: [
      startClock<C>('schoolRequested'),
      plan<C>(({ context, event }) => ({
        requestedSettings: [
          ...new Set([...context.plan.requestedSettings, text(event.payload, 'setting') ?? 'unspecified']),
        ],
      })),
    ],
  },
  meetingRequested: {
    actions: [startClock<C>('meetingRequested'), plan<C>(() => ({ meeting: 'required' }))],
  },
  meetingArranged: {
    actions: [plan<C>(() => ({ meeting: 'arranged' })), send<C>('plan.draft-meeting', 'parent-or-young-person')],
  },
  meetingHeld: { actions: [plan<C>(() => ({ meeting: 'held' })), meet<C>('plan.meeting-on-draft')] },
});

const draftFacts = <C extends PlanContext>() => ({
  ...familyFacts<C>('plan.representations-window'),
  /** Changes beyond the family's comments give it a new fifteen days; week 20 does not move: Code 9.125. */
  draftReissued: {
    target: 'draftWithFamily',
    reenter: true,
    actions: [
      plan<C>(({ event }) => ({
        familyIsDone: false,
        draftVersion: text(event.payload, 'planVersion') ?? 'unspecified',
      })),
      change<C>(({ context }) => {
        const { draftPlanServed: _, ...facts } = context.facts;
        const { 'plan.representations-window': __, ...duties } = context.duties;
        return { facts, duties } as unknown as Partial<C>;
      }),
      send<C>('plan.draft-reissued', 'parent-or-young-person', { served: 'draftPlanServed' }),
    ],
  },
});

export const placementNamed = <C extends PlanContext>() => [
  meet<C>('plan.name-requested-school'),
  plan<C>(({ event }) => ({
    placement: {
      ...(text(event.payload, 'setting') === undefined ? {} : { setting: text(event.payload, 'setting') ?? '' }),
      type: text(event.payload, 'type') ?? 'not on record',
      on: event.on,
    },
  })),
];

/** What is put on record leads to its position from any open one, unless the case is past it: then it stays where it is. */
export const recordedUnless = <C extends RunContext>(
  past: (context: C) => boolean,
  target: string,
  actions: ReturnType<typeof change<C>>[],
) => [
  { guard: ({ context, event }: Args<C>) => event.door === 'record' && !past(context), target, actions },
  { guard: isRecorded, actions },
];

export const isIssued = (context: RunContext): boolean => context.facts['finalPlanIssued'] !== undefined;
export const isDrafted = (context: RunContext): boolean =>
  isIssued(context) || context.facts['draftPlanSent'] !== undefined;

/** Facts of the stretch that are put on record after the event, however late or early. */
export const planRecorded = <C extends PlanContext>() => {
  const { schoolRequested, meetingRequested, meetingArranged, meetingHeld, draftReissued } = draftFacts<C>();
  return {
    ...recorded({
      schoolRequested,
      meetingRequested,
      meetingArranged,
      meetingHeld,
      finalPlanIssued: { target: '.planIssued', actions: finalGoes<C>() },
    }),
    draftPlanSent: recordedUnless<C>(isIssued, '.draftWithFamily', draftGoes<C>()),
    draftReissued: recordedUnless<C>(isIssued, '.draftWithFamily', draftReissued.actions),
    representationsReceived: recordedUnless<C>(isIssued, '.draftWithFamily', [change<C>(() => ({}))]),
    placementNamed: recordedUnless<C>(isIssued, '.finalising', placementNamed<C>()),
  };
};

/** What was refused is already being done: the concession moves the case neither back nor on. */
const concededMeanwhile = <C extends PlanContext>() => ({
  appealConceded: { guard: isRecorded, actions: startClock<C>('appealConceded') },
});

/** Positions of the stretch, for the `path` region of a workflow that makes a plan. */
export const planPositions = <C extends PlanContext>() => ({
  preparingDraft: {
    meta: owes('Preparing the draft plan', 'plan.send-draft-with-notice', 'plan.consult-on-draft'),
    on: { ...concededMeanwhile<C>(), draftPlanSent: { target: 'draftWithFamily', actions: draftGoes<C>() } },
  },
  /** The family has the draft. Section I is blank: CFA s 38(5). */
  draftWithFamily: {
    meta: owes(
      'Draft plan with the family',
      'plan.send-draft-with-notice',
      'plan.consult-on-draft',
      'plan.representations-window',
      'plan.final-changes-limited',
    ),
    on: {
      ...concededMeanwhile<C>(),
      ...draftFacts<C>(),
      placementNamed: { guard: mayNamePlacement, target: 'finalising', actions: placementNamed<C>() },
    },
  },
  finalising: {
    meta: owes('Making the final plan', 'plan.sign-and-date', 'plan.content-sections'),
    on: {
      ...concededMeanwhile<C>(),
      ...draftFacts<C>(),
      finalPlanIssued: { guard: familyHeard, target: 'planIssued', actions: finalGoes<C>() },
    },
  },
  planIssued: {
    tags: 'closed',
    meta: owes('Final plan issued', 'plan.sign-and-date', 'appeal.time-limit', 'mediation.contact-adviser'),
    on: { ...concededMeanwhile<C>() },
  },
});

/** Settings consulted and answering, beside the path, once one of these is on record: CFA ss 39(2) and 40(3); Code 9.83. */
export const consultationRegion = <C extends PlanContext>(
  once: readonly string[] = ['draftPlanSent', 'decidedToIssue'],
  over: readonly string[] = [],
) => {
  const consult = {
    target: '.awaitingReplies',
    guard: whenAsked<C>(({ context }) => once.some((fact) => context.facts[fact] !== undefined)),
    actions: [
      plan<C>(({ context, event }) => ({
        consultations: {
          ...context.plan.consultations,
          [consultationOf(event)]: { setting: text(event.payload, 'setting') ?? 'unspecified', sentOn: event.on },
        },
      })),
      sendEach<C>(
        'plan.consult-setting',
        ({ event }) => [
          { subject: consultationOf(event), to: `setting:${text(event.payload, 'setting') ?? 'unspecified'}` },
        ],
        { served: 'consultationReceived' },
      ),
      meet<C>('plan.consult-school'),
      sendEach<C>('plan.consult-authority', ({ event }) => {
        const authority = text(event.payload, 'maintainedBy');
        return authority === undefined ? [] : [{ subject: consultationOf(event), to: `authority:${authority}` }];
      }),
    ],
  };
  const answered = [
    plan<C>(({ context, event }) => {
      const id = consultationOf(event);
      const asked = context.plan.consultations[id] ?? {
        setting: text(event.payload, 'setting') ?? 'unspecified',
        sentOn: event.on,
      };
      return {
        consultations: {
          ...context.plan.consultations,
          [id]: { ...asked, answer: text(event.payload, 'answer') ?? 'not on record', answeredOn: event.on },
        },
      };
    }),
    meetEach<C>('plan.school-consultation-response', ({ event }) => consultationOf(event)),
  ];
  const lastAnswer = ({ context, event }: Args<C>) =>
    Object.entries(context.plan.consultations).every(
      ([id, one]) => id === consultationOf(event) || one.answeredOn !== undefined,
    );
  const chase = {
    actions: sendEach<C>('plan.consult-reminder', ({ context, event }) => {
      const asked = context.plan.consultations[consultationOf(event)];
      return asked === undefined ? [] : [{ subject: consultationOf(event), to: `setting:${asked.setting}` }];
    }),
  };
  return {
    initial: 'nobodyConsulted',
    on: { settingConsulted: consult, ...leadTo('.nobodyConsulted', over) },
    states: {
      nobodyConsulted: {
        meta: { noLimit: 'No setting has been consulted' },
        on: { settingAnswered: { guard: isRecorded, target: 'allAnswered', actions: answered } },
      },
      awaitingReplies: {
        meta: owesEach<C>('Settings consulted', 'plan.school-consultation-response', (context) =>
          Object.entries(context.plan.consultations)
            .filter(
              ([id, one]) => one.answeredOn === undefined && context.facts[`consultationReceived#${id}`] !== undefined,
            )
            .map(([id]) => id),
        ),
        on: {
          settingAnswered: [{ guard: lastAnswer, target: 'allAnswered', actions: answered }, { actions: answered }],
          consultationChased: chase,
        },
      },
      allAnswered: {
        meta: { noLimit: 'Every setting consulted has answered' },
        on: { settingAnswered: { guard: isRecorded, actions: answered } },
      },
    },
  };
};

/** What ends the process brings its regions to rest. */
export const leadTo = (target: string, facts: readonly string[]): Record<string, string> =>
  Object.fromEntries(facts.map((fact) => [fact, target]));

/** A meeting or a school asked for is owed an answer only once asked: beside the path. */
export const requestsRegion = (over: readonly string[] = []) => ({
  initial: 'nothingAsked',
  on: leadTo('.nothingAsked', over),
  states: {
    nothingAsked: {
      meta: { noLimit: 'The family has not asked for a meeting or a school' },
      on: {
        meetingRequested: 'meetingOwed',
        schoolRequested: 'schoolOwed',
      },
    },
    meetingOwed: {
      meta: { owes: ['plan.meeting-on-draft'] },
      on: { schoolRequested: 'bothOwed', meetingHeld: 'nothingAsked' },
    },
    schoolOwed: {
      meta: { owes: ['plan.consult-school', 'plan.name-requested-school'] },
      on: { meetingRequested: 'bothOwed', placementNamed: 'nothingAsked' },
    },
    bothOwed: {
      meta: { owes: ['plan.meeting-on-draft', 'plan.consult-school', 'plan.name-requested-school'] },
      on: { meetingHeld: 'schoolOwed', placementNamed: 'meetingOwed' },
    },
  },
});

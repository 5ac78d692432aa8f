import { type Day, deadline, englandCalendars, isCannotCompute } from '@send/statute';
import { change, day, type FactEvent, meet, send, sendEach, startClock, text, whenAsked } from '@send/workflow-kit';
import type { PlanContext } from '../plan/plan-stretch';

/** What was hoped for, how far it has come, how we know, and who said so: followed from review to review. */
export interface Outcome {
  readonly outcome: string;
  readonly target?: string;
  readonly progress?: string;
  readonly evidence?: string;
  readonly saidBy?: string;
}

/** What stands about the child while the review runs, as far as it has been told. */
export interface Standing {
  readonly attends: boolean;
  /** The fifth birthday of a child who was under five when that was said. */
  readonly fiveOn?: Day;
  readonly fromYear9: boolean;
  /** The first day of year 9 of a child who had not reached it when that was said. */
  readonly year9On?: Day;
  readonly lookedAfter: boolean;
  /** The day by which the plan itself says that it is reviewed, where sooner than twelve months. */
  readonly reviewBy?: Day;
}

export interface ReviewContext extends PlanContext {
  review: Standing & {
    readonly begunOn?: Day;
    /** From this day the authority wants each review to ask whether provision is delivered; reviews begun before are spared. */
    readonly provisionQuestionFrom?: Day;
    readonly lastMeetingOn?: Day;
    readonly lastOutcomes: readonly Outcome[];
    readonly meetingOn?: Day;
    readonly outcomes: readonly Outcome[];
    readonly provisionDelivered?: string;
    readonly early: Readonly<Record<string, { readonly on: Day; readonly why: string; readonly answeredOn?: Day }>>;
    readonly decision?: 'keep' | 'amend' | 'cease';
  };
}

export type C = ReviewContext;
export type Args = { context: C; event: FactEvent };

export const nothingKnown: C['review'] = {
  attends: true,
  fromYear9: false,
  lookedAfter: false,
  lastOutcomes: [],
  outcomes: [],
  early: {},
};

export const review = (how: (args: Args) => Partial<C['review']>) =>
  change<C>((args) => ({ review: { ...args.context.review, ...how(args) } }));

const setClock = (how: (args: Args) => Readonly<Record<string, Day | undefined>>) =>
  change<C>((args) => {
    const facts = { ...args.context.facts };
    for (const [name, on] of Object.entries(how(args))) if (on !== undefined) facts[name] = on;
    return { facts };
  });

const rows = (event: FactEvent): readonly Outcome[] | undefined => event.payload['outcomes'] as Outcome[] | undefined;

const told = ({ payload }: FactEvent, field: string, value: boolean): boolean =>
  typeof payload[field] === 'boolean' ? payload[field] : value;

/** Only what is said changes: the rest stands as it was. */
export const standing = review(({ context: { review: was }, event }) => {
  const fiveOn = day(event.payload, 'fiveOn') ?? was.fiveOn;
  const year9On = day(event.payload, 'year9On') ?? was.year9On;
  const reviewBy = day(event.payload, 'reviewBy') ?? was.reviewBy;
  return {
    attends: told(event, 'attends', was.attends),
    ...(fiveOn === undefined ? {} : { fiveOn }),
    fromYear9: told(event, 'fromYear9', was.fromYear9),
    ...(year9On === undefined ? {} : { year9On }),
    lookedAfter: told(event, 'lookedAfter', was.lookedAfter),
    ...(reviewBy === undefined ? {} : { reviewBy }),
  };
});

/** A shorter interval stands in the plan; one beyond twelve months would move nothing. */
const intervalOfPlan = setClock(({ context }) => ({ reviewWrittenInPlan: context.review.reviewBy }));
export const noteStanding = [standing, intervalOfPlan];

/** From here to the decision notice: begun by a plan, by the last decision, by a transfer, or by hand. */
export const begin = [
  standing,
  review(({ context, event }) => {
    const from = day(event.payload, 'provisionQuestionFrom');
    const met = day(event.payload, 'lastMeetingOn');
    return {
      begunOn: context.review.begunOn ?? event.on,
      lastOutcomes: rows(event) ?? context.review.lastOutcomes,
      ...(from === undefined ? {} : { provisionQuestionFrom: from }),
      ...(met === undefined ? {} : { lastMeetingOn: met }),
    };
  }),
  change<C>(({ context, event }) => {
    const finalVersion = text(event.payload, 'planVersion');
    return finalVersion === undefined ? {} : { plan: { ...context.plan, finalVersion } };
  }),
  intervalOfPlan,
  // Those who count from the meeting expect the next review within twelve months of it: README B3.
  setClock(({ context }) => ({ 'reviewDecisionSent#last-meeting': context.review.lastMeetingOn })),
];

export const beginAfterTransfer = [
  ...begin,
  startClock<C>('planTransferred'),
  setClock(({ event }) => ({ planMadeOrReviewed: day(event.payload, 'madeOrReviewedOn') })),
];
export const beginByHand = [
  ...begin,
  setClock(({ event }) => ({
    reviewDecisionSent: day(event.payload, 'lastDecisionOn'),
    finalPlanIssued: day(event.payload, 'planIssuedOn'),
  })),
];

/** The review is under way: reg 19. */
export const underWay = setClock(({ context, event }) => ({
  reviewBegan: context.facts['reviewBegan'] ?? event.on,
}));

/** A decision on the review as it is met when its letters have left; also what a later step implies. */
export const deciding = [
  'review.decision-notified',
  'review.no-school-decision',
  'review.every-12-months',
  'review.completed-within-12-months',
  'review.completed-within-12-months#last-meeting',
  'practice.review-written-in-plan#child',
  'review.under-fives#child',
  'review.under-18-not-in-education#child',
  'transfer.new-authority-review',
];
export const notice = 'reviewDecisionNoticeSent';

const noticeDuties = [
  'review.invitees',
  'review.meeting-notice',
  'review.obtain-and-circulate-advice',
  'review.no-school-meeting',
];

/** The law counts back from the day of the meeting. A new day asks for new notice, and for the papers again. */
export const planMeeting = [
  underWay,
  standing,
  review(({ event }) => ({ meetingOn: day(event.payload, 'meetingOn') ?? event.on })),
  change<C>(({ context, event }) => ({
    facts: { ...context.facts, reviewMeetingPlanned: day(event.payload, 'meetingOn') ?? event.on },
    duties: Object.fromEntries(Object.entries(context.duties).filter(([duty]) => !noticeDuties.includes(duty))),
  })),
];
export const inviteTo = (attends: boolean) => [
  send<C>(attends ? 'review.invite-family' : 'review.no-school-invite', 'parent-or-young-person', {
    meets: attends ? ['review.invitees', 'review.meeting-notice'] : ['review.no-school-meeting'],
  }),
  send<C>('review.invite-professionals', 'partners', {
    meets: attends ? ['review.invitees', 'review.meeting-notice'] : ['review.no-school-meeting'],
  }),
  send<C>('review.child-invite', 'child'),
];

/** Reg 20 where a school or institution is attended, reg 21 where none is. */
export const attends = ({ context, event }: Args): boolean => told(event, 'attends', context.review.attends);

/** Two clear weeks, unless all who are invited agree to less: the duty stays missed, and shown as missed. */
export const givesNotice = whenAsked<C>(({ event }) => {
  const meetingOn = day(event.payload, 'meetingOn');
  if (meetingOn === undefined || event.payload['shortNoticeAgreed'] === true) return true;
  const by = deadline('review.meeting-notice', { reviewMeetingPlanned: meetingOn }, englandCalendars, {
    explain: false,
  });
  return !isCannotCompute(by) && by.dueBy !== null && event.on <= by.dueBy;
});

export const isQuestionAsked = ({ review: { provisionQuestionFrom, begunOn } }: C): boolean =>
  provisionQuestionFrom !== undefined && begunOn !== undefined && begunOn >= provisionQuestionFrom;

/** Reviews begun before the authority wanted the question are held as they were begun (R-REV-04). */
export const provisionAsked = whenAsked<C>(
  ({ context, event }) => !isQuestionAsked(context) || text(event.payload, 'provisionDelivered') !== undefined,
);

export const noteOutcomes = review(({ context, event }) => ({
  outcomes: rows(event) ?? context.review.outcomes,
}));

export const meetWhen = (duty: string, when: (args: Args) => boolean) =>
  change<C>(
    (args) => {
      const state = args.context.duties[duty];
      return !when(args) || state?.metOn !== undefined
        ? {}
        : {
            duties: { ...args.context.duties, [duty]: { since: state?.since ?? args.event.on, metOn: args.event.on } },
          };
    },
    { meets: [duty] },
  );
/** Preparation for adulthood was on the agenda: regs 20(6) and 21(6). */
export const adulthoodConsidered = meetWhen(
  'review.year-9-adulthood#child',
  ({ event }) => event.payload['adulthood'] === true,
);
export const progressConsidered = meetWhen(
  'review.meeting-considers-progress',
  ({ event }) => (rows(event) ?? []).length > 0,
);

export const holdMeeting = [
  underWay,
  standing,
  startClock<C>('reviewMeetingHeld'),
  meet<C>('review.meeting-held', 'review.conduct'),
  noteOutcomes,
  review(({ event }) => {
    const delivered = text(event.payload, 'provisionDelivered');
    return { meetingOn: event.on, ...(delivered === undefined ? {} : { provisionDelivered: delivered }) };
  }),
  adulthoodConsidered,
  progressConsidered,
];

export const decide = (decision: 'keep' | 'amend' | 'cease') => review(() => ({ decision }));

/** Each request is answered, either way (R-REV-09). */
export const askEarly = [
  review(({ context, event }) => ({
    early: {
      ...context.review.early,
      [event.factId]: { on: event.on, why: text(event.payload, 'why') ?? 'not on record' },
    },
  })),
  setClock(({ event }) => ({ [`earlyReviewRequested#${event.factId}`]: event.on })),
];
export const openRequests = ({ review: { early } }: C): string[] =>
  Object.entries(early).flatMap(([id, { answeredOn }]) => (answeredOn === undefined ? [id] : []));
export const answerEarly = [
  sendEach<C>(
    'review.early-request-answer',
    ({ context }) => openRequests(context).map((subject) => ({ subject, to: 'parent-or-young-person' })),
    { meets: ['practice.early-review-answer'] },
  ),
];
/** The answer is on its way: nothing more is to be answered. It is met when its letter has left. */
export const answered = review(({ context, event }) => ({
  early: Object.fromEntries(
    Object.entries(context.review.early).map(([id, one]) => [
      id,
      one.answeredOn === undefined ? { ...one, answeredOn: event.on } : one,
    ]),
  ),
}));

/** Told apart, while the parents can still be told; once school age has ended, the young person alone. */
export const tellOfRights = [
  setClock(({ event }) => ({ schoolAgeEnds: day(event.payload, 'endsOn') })),
  sendEach<C>('review.rights-at-16', ({ event }) => [
    { subject: 'young-person', to: 'child' },
    ...(event.on <= (day(event.payload, 'endsOn') ?? event.on)
      ? [{ subject: 'family', to: 'parent-or-young-person' }]
      : []),
  ]),
];

/** Nothing is owed any more once the plan, our responsibility or a life has ended. */
const runsOn = ({ facts }: C): boolean =>
  ['planEnded', 'movedAway', 'childDied'].every((ending) => facts[ending] === undefined);
const whileTrue =
  (holds: (one: C) => boolean) =>
  (context: C): readonly string[] =>
    runsOn(context) && holds(context) ? ['child'] : [];

/** Regs 20(6) and 21(6) ask about the day of the meeting, not the day on which the twelve months began. */
const isFromYear9 = ({ fromYear9, year9On, meetingOn }: C['review']): boolean =>
  fromYear9 || (year9On !== undefined && meetingOn !== undefined && meetingOn >= year9On);

/** What is owed for as long as the record says so, whatever the position. */
export const owedMeanwhile = {
  underFives: whileTrue(({ review: { fiveOn, begunOn } }) => fiveOn !== undefined && (begunOn ?? '') < fiveOn),
  adulthood: whileTrue(({ review: one, facts }) => isFromYear9(one) && facts['reviewMeetingPlanned'] !== undefined),
  lookedAfter: whileTrue(({ review: { lookedAfter, decision } }) => lookedAfter && decision === undefined),
  leftEducation: whileTrue(({ facts }) => facts['leftEducation'] !== undefined),
  interval: whileTrue(({ facts }) => facts['reviewWrittenInPlan'] !== undefined),
  lastMeeting: (context: C) => (runsOn(context) && context.review.lastMeetingOn !== undefined ? ['last-meeting'] : []),
  /** Also while the answer is written: the duty is met when it has left. */
  earlyRequests: (context: C) =>
    runsOn(context)
      ? Object.entries(context.review.early).flatMap(([id, { answeredOn }]) =>
          // The review that was asked for is over: nobody waits for an answer whether it will be held.
          answeredOn === undefined && context.facts[notice] !== undefined ? [] : [id],
        )
      : [],
};

/** What the next review is given of this one. */
export const nextReview = (source: { readonly context: object; readonly on: Day }): Record<string, unknown> => {
  const { facts, plan, review: one } = source.context as C;
  return Object.fromEntries(
    Object.entries({
      lastMeetingOn: facts['reviewMeetingHeld'],
      outcomes: one.outcomes.length > 0 ? one.outcomes : one.lastOutcomes.length > 0 ? one.lastOutcomes : undefined,
      planVersion: plan.finalVersion,
      attends: one.attends,
      lookedAfter: one.lookedAfter ? true : undefined,
      fromYear9: isFromYear9(one) ? true : undefined,
      year9On: isFromYear9(one) ? undefined : one.year9On,
      fiveOn: one.fiveOn !== undefined && source.on < one.fiveOn ? one.fiveOn : undefined,
    }).filter(([, value]) => value !== undefined),
  );
};

import { addDays, type Day } from '@send/statute';
import {
  change,
  day,
  delivered,
  emptyContext,
  type FactEvent,
  meet,
  metOn,
  noLimit,
  owes,
  isRecorded,
  recorded,
  type RunContext,
  send,
  sendEach,
  startClock,
  text,
  whenAsked,
  windowClosed,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { atRest, ended, endings } from '../endings';
import { panelTold } from '../panel-told';
import { freshRights, recordedUnless } from '../plan/plan-stretch';

export interface CeasingContext extends RunContext {
  ceasing: {
    /** It came from a review: the decision is then the review’s own, in its letter. */
    readonly fromReview: boolean;
    /** Reg 30: whether a young person of 18 or over who has left education wants to return. */
    readonly leaving: 'no' | 'review-owed' | 'returning' | 'not-returning';
    /** The last day that our letters give to reply. */
    readonly replyBy?: Day;
    readonly family?: Day;
    readonly setting?: Day;
    readonly continueTo?: Day;
  };
}

type C = CeasingContext;
type Args = { context: C; event: FactEvent };

const ceasing = (how: (args: Args) => Partial<C['ceasing']>) =>
  change<C>((args) => ({ ceasing: { ...args.context.ceasing, ...how(args) } }));

/** No least time is in the law: fifteen days, where nobody says otherwise (duties.json, cease.consult-first). */
const daysToReply = 15;

const consider = [
  startClock<C>('ceasingConsidered'),
  ceasing(({ context, event }) => ({ fromReview: context.ceasing.fromReview || event.payload['review'] === true })),
];

/** Two steps, two letters: reg 31(1). The duty is met when the last of both has left. */
const consult = [
  change<C>(({ context, event }) => ({
    facts: { ...context.facts, ceasingConsidered: context.facts['ceasingConsidered'] ?? event.on },
  })),
  ceasing(({ event }) => ({ replyBy: day(event.payload, 'replyBy') ?? addDays(event.on, daysToReply) })),
  send<C>('cease.consider', 'parent-or-young-person', { meets: ['cease.consult-first'] }),
  send<C>('cease.consult-setting', 'setting', { meets: ['cease.consult-first'] }),
  send<C>('cease.child', 'child'),
];

const hear = ceasing(({ event }) =>
  text(event.payload, 'from') === 'setting' ? { setting: event.on } : { family: event.on },
);

/** The family’s letter is the review’s own where a review led here, and says what ends the plan where something has. */
const byEvent = ['higher-education', 'work', 'not-responsible'];
const letterOf = ({ context, event }: Args): string => {
  if (context.ceasing.fromReview) return 'review.decide-cease';
  return byEvent.includes(text(event.payload, 'ground') ?? '') ? 'cease.by-event' : 'cease.decision';
};
const told = (letter: string) =>
  send<C>(letter, (args) => (letterOf(args) === letter ? 'parent-or-young-person' : null), {
    meets: ['cease.notify-decision'],
    sent: ['decisionNoticeSent', 'cessationNoticeSent'],
  });

/** Reg 31(2) and (3): the family with its rights, the named setting and the commissioner. */
const decide = [
  freshRights<C>(),
  startClock<C>('cessationDecided'),
  told('cease.decision'),
  told('cease.by-event'),
  told('review.decide-cease'),
  send<C>('cease.decision-partners', 'partners', { meets: ['cease.notify-decision'] }),
  send<C>('cease.child', 'child'),
];

/** Letters of one wording for the family and for those who support the plan. */
const toldOfEnd = [
  { subject: 'family', to: 'parent-or-young-person' },
  { subject: 'partners', to: 'partners' },
];

/** The plan goes on: both who were asked are told. */
const goOn = [startClock<C>('decidedNotToCease'), sendEach<C>('cease.not-ceasing', () => toldOfEnd)];

const stretch = 'cease.plan-continues-pending-appeal';

/** CFA s.45(4): until the time to appeal is over or the appeal has ended. A plan ended inside it shows as the breach it was. */
const end = [
  change<C>(
    ({ context, event }) => ({
      duties: windowClosed(context, stretch, event.on) ? metOn(context.duties, [stretch], event.on) : context.duties,
    }),
    { meets: [stretch] },
  ),
  meet<C>('tribunal-order.dismissed-cease-appeal', 'cease.after-25th-birthday'),
  startClock<C>('planCeased'),
  sendEach<C>('cease.ended', () => toldOfEnd),
];

/** Nothing is decided before both are consulted, nor inside the time that our letters give, nor against regs 29 and 30. */
const mayDecide = whenAsked<C>(({ context, event }) => {
  const { leaving, replyBy, family, setting } = context.ceasing;
  const heard = replyBy === undefined || event.on > replyBy || (family !== undefined && setting !== undefined);
  const age = event.payload['age'];
  const under18 = typeof age === 'number' && age < 18;
  return (
    (leaving === 'no' || leaving === 'not-returning') &&
    context.duties['cease.consult-first']?.metOn !== undefined &&
    heard &&
    (!under18 || text(event.payload, 'ground') === 'not-necessary')
  );
});

const appealTimeOver = whenAsked<C>(({ context, event }) => windowClosed(context, stretch, event.on));
const birthdayPast = whenAsked<C>(
  ({ context, event }) =>
    event.on > (context.facts['twentyFifthBirthday'] ?? event.on) && event.on > (context.ceasing.continueTo ?? ''),
);

const outcome =
  (...kinds: string[]) =>
  ({ event }: Args) =>
    event.door === 'record' && kinds.includes(text(event.payload, 'order') ?? text(event.payload, 'agreed') ?? '');

/** The appeal has kept the plan in force for as long as it ran: CFA s.45(4). */
const determined = [startClock<C>('appealDetermined'), meet<C>(stretch)];

const outcomes = (fact: string) => [
  { guard: outcome('dismissed'), target: '.appealDismissed', actions: [startClock<C>(fact), ...determined] },
  {
    guard: outcome('continue'),
    target: '.continued',
    actions: [startClock<C>(fact), ...determined, meet<C>('tribunal-order.continue-plan')],
  },
  {
    guard: outcome('continue-and-amend'),
    target: '.continuedWithChanges',
    actions: [startClock<C>(fact), ...determined],
  },
  { guard: outcome('other'), actions: startClock<C>(fact) },
];

/** Reg 45: treated as decided for the family; the plan is kept, and what was agreed to change is changed. */
const concede = [startClock<C>('appealConceded'), ...determined, meet<C>('unopposed-appeal.treated-as-won')];

/** Reg 30: what the review has shown. */
const left = ceasing(() => ({ leaving: 'review-owed' }));
const returning = ceasing(() => ({ leaving: 'returning' }));
const notReturning = ceasing(() => ({ leaving: 'not-returning' }));
const returns = ({ event }: Args): boolean =>
  event.payload['wantsToReturn'] === true && event.payload['returnIsRight'] === true;

const birthday = [
  startClock<C>('twentyFifthBirthday'),
  ceasing(({ event }) => {
    const continueTo = day(event.payload, 'continueTo');
    return continueTo === undefined ? {} : { continueTo };
  }),
];

const notDecided = ({ facts }: C): boolean => facts['cessationDecided'] === undefined;
const isDecided = (context: C): boolean => !notDecided(context) || context.facts['decidedNotToCease'] !== undefined;
const nothing = change<C>(() => ({}));

const lodge = [startClock<C>('appealLodged'), meet<C>('appeal.time-limit', 'mediation.contact-adviser')];
const amend = [
  startClock<C>('amendedFinalPlanIssued'),
  meet<C>('tribunal-order.continue-and-amend', 'unopposed-appeal.cease-conceded', 'cease.18-plus-return-amend'),
];

const deciding = {
  cessationDecided: { guard: mayDecide, target: 'decided', actions: decide },
  decidedNotToCease: [
    { guard: ({ context }: Args) => context.ceasing.leaving === 'returning', target: 'toBeAmended', actions: goOn },
    { target: 'goesOn', actions: goOn },
  ],
};

/**
 * Ceasing to maintain a plan: CFA 2014 ss 45 and 46; SEND Regs 2014 regs 29 to 31. Consult, decide, tell; and the plan
 * stays in force until nobody can appeal any more, or the appeal has ended.
 */
export const ceaseToMaintain = setup({
  types: { context: {} as CeasingContext, events: {} as FactEvent },
}).createMachine({
  id: 'cease-to-maintain',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), ceasing: { fromReview: false, leaving: 'no' } },
  states: {
    path: {
      initial: 'notConsidered',
      on: {
        ...endings<C>(),
        ...panelTold<C>(),
        letterSent: { actions: delivered<C>() },
        ceasingConsidered: recordedUnless<C>(isDecided, '.considering', consider),
        ceasingConsulted: recordedUnless<C>(isDecided, '.consulting', consult),
        ceasingViewsReceived: { actions: hear },
        /** Without a decision an appeal has nothing to be about: it keeps its row and moves nothing. */
        appealLodged: recordedUnless<C>(notDecided, '.underAppeal', lodge),
        ...recorded({
          cessationDecided: { target: '.decided', actions: decide },
          decidedNotToCease: { target: '.goesOn', actions: goOn },
          mediationRequested: { actions: meet<C>('mediation.contact-adviser') },
          mediationCertificateIssued: { actions: startClock<C>('mediationCertificateIssued') },
          appealWithdrawn: { actions: nothing },
          planCeased: { target: '.ceased', actions: end },
          amendedFinalPlanIssued: { actions: amend },
        }),
        appealConceded: [
          {
            guard: ({ event }: Args) => event.door === 'record' && event.payload['amendmentAgreed'] === true,
            target: '.concededWithChanges',
            actions: concede,
          },
          {
            guard: isRecorded,
            target: '.conceded',
            actions: [...concede, meet<C>('unopposed-appeal.cease-conceded')],
          },
        ],
        tribunalOrderMade: outcomes('tribunalOrderMade'),
        mediationAgreed: outcomes('mediationAgreed'),
        /** Nobody over 25 has a plan, but for the rest of that academic year: CFA ss 46 and 83(2). No decision is needed. */
        twentyFifthBirthday: [
          { guard: ({ context }: Args) => !isDecided(context), target: '.pastTwentyFive', actions: birthday },
          { actions: birthday },
        ],
      },
      states: {
        notConsidered: {
          meta: noLimit('Nothing is considered', 'Nobody has thought of ending this plan', 'CFA 2014 s.45(1)'),
          on: { ceasingConsidered: { target: 'considering', actions: consider } },
        },
        /** The grounds of s.45, and reg 29 under 18; both who must be consulted are still to be asked. */
        considering: {
          meta: owes('Considering ending the plan', 'cease.grounds', 'cease.under-18', 'cease.consult-first'),
          on: { ...deciding, ceasingConsulted: { target: 'consulting', actions: consult } },
        },
        consulting: {
          meta: owes('Consulting on ending the plan', 'cease.grounds', 'cease.under-18', 'cease.consult-first'),
          on: deciding,
        },
        /** The plan is maintained meanwhile: CFA s.45(4). */
        decided: {
          meta: owes(
            'Decided to end the plan',
            'cease.notify-decision',
            stretch,
            'appeal.time-limit',
            'mediation.contact-adviser',
          ),
          on: {
            appealLodged: { target: 'underAppeal', actions: lodge },
            planCeased: { guard: appealTimeOver, target: 'ceased', actions: end },
          },
        },
        underAppeal: {
          meta: owes('Under appeal: the plan stays in force', 'cease.notify-decision', stretch),
          on: {
            /** For the Act refuses what the machine lets be recorded: no plan ends under appeal. */
            planCeased: { guard: whenAsked<C>(() => false), target: 'ceased', actions: end },
            /** Only the time to appeal holds the plan now. */
            appealWithdrawn: {
              target: 'decided',
              actions: change<C>(({ context: { facts } }) => {
                const { appealLodged: _, ...rest } = facts;
                return { facts: rest };
              }),
            },
          },
        },
        /** The Tribunal leaves the decision: the plan ends at once, by a person’s word: reg 44(2)(h). */
        appealDismissed: {
          meta: owes('Appeal dismissed', 'tribunal-order.dismissed-cease-appeal'),
          on: { planCeased: { target: 'ceased', actions: end } },
        },
        continuedWithChanges: {
          meta: owes('The plan goes on, with changes to make', 'tribunal-order.continue-and-amend'),
          on: { amendedFinalPlanIssued: { target: 'amended', actions: amend } },
        },
        concededWithChanges: {
          meta: owes(
            'Appeal conceded, with changes to make',
            'unopposed-appeal.treated-as-won',
            'unopposed-appeal.cease-conceded',
          ),
          on: { amendedFinalPlanIssued: { target: 'amended', actions: amend } },
        },
        toBeAmended: {
          meta: owes('To be amended for a return to education', 'cease.18-plus-return-amend'),
          on: { amendedFinalPlanIssued: { target: 'amended', actions: amend } },
        },
        /** A power, not a duty: the plan may run to the end of the academic year. */
        pastTwentyFive: {
          meta: owes('Turned 25', 'cease.after-25th-birthday'),
          on: { planCeased: { guard: birthdayPast, target: 'ceased', actions: end } },
        },
        goesOn: {
          tags: 'closed',
          meta: noLimit('The plan goes on', 'It was decided not to end it', 'SEND Regs 2014 reg 31'),
        },
        continued: { tags: 'closed', meta: owes('The plan goes on', 'tribunal-order.continue-plan') },
        conceded: {
          tags: 'closed',
          meta: owes(
            'The plan goes on: appeal conceded',
            'unopposed-appeal.treated-as-won',
            'unopposed-appeal.cease-conceded',
          ),
        },
        amended: {
          tags: 'closed',
          meta: noLimit('The plan goes on, amended', 'The amended plan was sent', 'SEND Regs 2014 reg 44(2)(g)'),
        },
        ceased: {
          tags: 'closed',
          meta: noLimit('The plan has ended', 'Nothing is owed under a plan that has ended', 'CFA 2014 s.45'),
        },
        ended,
      },
    },

    /** 18 and over, out of education: a review first, and a change of the plan for whoever wants to return: reg 30. */
    leaving: {
      initial: 'notLeft',
      on: { ...atRest('.atRest'), cessationDecided: '.atRest', decidedNotToCease: '.atRest', planCeased: '.atRest' },
      states: {
        notLeft: {
          meta: { noLimit: 'Nobody has left education' },
          on: {
            leftNamedInstitution: { target: 'reviewOwed', actions: [left, startClock<C>('leftNamedInstitution')] },
          },
        },
        reviewOwed: {
          meta: { owes: ['cease.18-plus-left-education'] },
          on: {
            returnReviewed: [
              { guard: returns, target: 'returning', actions: [returning, meet<C>('cease.18-plus-left-education')] },
              { target: 'notReturning', actions: [notReturning, meet<C>('cease.18-plus-left-education')] },
            ],
          },
        },
        returning: {
          meta: { owes: ['cease.18-plus-return-amend'] },
          on: { amendedFinalPlanIssued: { target: 'atRest', actions: ceasing(() => ({ leaving: 'no' })) } },
        },
        notReturning: { meta: { noLimit: 'A review has shown that they do not return' } },
        atRest: { meta: { noLimit: 'It is decided whether the plan goes on' } },
      },
    },
  },
});

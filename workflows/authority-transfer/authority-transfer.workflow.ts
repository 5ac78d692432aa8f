import {
  change,
  day,
  delivered,
  emptyContext,
  type FactEvent,
  isRecorded,
  meet,
  noLimit,
  owes,
  recorded,
  type RunContext,
  send,
  sendEach,
  startClock,
  text,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { ended, endings } from '../endings';
import { leadTo, recordedUnless } from '../plan/plan-stretch';

export interface TransferContext extends RunContext {
  transfer: {
    /** The other authority’s entry among those we write to. */
    readonly authority?: string;
    readonly council?: string;
    readonly what?: 'plan' | 'assessment';
    /** Where the child is placed until the plan is amended: reg 15(6). */
    readonly placedAt?: string;
  };
}

type C = TransferContext;
type Args = { context: C; event: FactEvent };

const is = (context: C, fact: string): boolean => context.facts[fact] !== undefined;

const other = change<C>(({ context, event }) => {
  const authority = text(event.payload, 'authority');
  const council = text(event.payload, 'council');
  const what = text(event.payload, 'what');
  return {
    transfer: {
      ...context.transfer,
      ...(authority === undefined ? {} : { authority }),
      ...(council === undefined ? {} : { council }),
      ...(what === undefined ? {} : { what: what === 'assessment' ? 'assessment' : 'plan' }),
    },
  };
});

/** A letter goes to an authority that has an entry among those we write to. */
const toCouncil = ({ context, event }: Args): string | null => {
  const id = text(event.payload, 'authority') ?? context.transfer.authority;
  return id === undefined ? null : `authority:${id}`;
};

/** The clock of the move itself, which may still lie ahead. */
const moves = (field: string) =>
  change<C>(
    ({ context, event }) => {
      const on = day(event.payload, field);
      return on === undefined ? {} : { facts: { ...context.facts, movedAway: on } };
    },
    { starts: 'movedAway' },
  );

const aware = [startClock<C>('becameAwareOfMove'), moves('movesOn'), other];

/** Leaves for an authority of the same installation by the outbox alone: no session reads both (architecture, section 6). */
const crosses = (what: 'plan' | 'assessment') =>
  change<C>(({ context, event }) => {
    const to = text(event.payload, 'authority') ?? context.transfer.authority;
    return event.door === 'record' || to === undefined
      ? {}
      : { effects: [...context.effects, { kind: 'crossing', what, to, factId: event.factId }] };
  });

const send15 = 'transfer.old-authority-sends-plan';

/** Where the other authority has no entry here, the plan has gone by hand on the day it is said to have: the fact meets the duty. */
const byHand = change<C>(
  ({ context, event }) =>
    toCouncil({ context, event }) !== null
      ? {}
      : { duties: { ...context.duties, [send15]: { since: event.on, ...context.duties[send15], metOn: event.on } } },
  { meets: [send15] },
);

/** Reg 15(2): the plan itself, and all that the new authority needs. */
const transferOut = [
  other,
  startClock<C>('planTransferred'),
  startClock<C>('planSent'),
  send<C>('transfer.out-to-council', toCouncil, { meets: [send15] }),
  byHand,
  send<C>('transfer.out-family', 'parent-or-young-person'),
  crosses('plan'),
];

const handOver = [other, startClock<C>('assessmentHandedOver'), crosses('assessment')];

const chase = send<C>('transfer.in-chase', toCouncil);

/** Twelve months of the review run from the plan’s own day, which the papers may not say at first. */
const datePlan = change<C>(
  ({ context, event }) => {
    const on = day(event.payload, 'madeOrReviewedOn');
    return on === undefined ? {} : { facts: { ...context.facts, planMadeOrReviewed: on } };
  },
  { starts: 'planMadeOrReviewed' },
);

/** From that day the plan is ours, as if we had made it on its own date: reg 15(3). */
const takeIn = [
  other,
  startClock<C>('planTransferred'),
  startClock<C>('planTransferredIn'),
  datePlan,
  meet<C>('transfer.plan-treated-as-own'),
  send<C>('transfer.in-receipt', toCouncil),
];

const tellPartners = [
  startClock<C>('partnersToldOfTransfer'),
  send<C>('transfer.in-setting', 'setting'),
  send<C>('transfer.in-commissioner', 'health'),
];

/** The three facts of reg 15(4): transferred, whether we assess, when we review. */
const inform = [
  startClock<C>('familyInformedOfTransfer'),
  send<C>('transfer.in-family', 'parent-or-young-person', { meets: ['transfer.new-authority-informs'] }),
];

const place = [
  change<C>(({ context, event }) => ({
    transfer: { ...context.transfer, placedAt: text(event.payload, 'setting') ?? 'not on record' },
  })),
  sendEach<C>('transfer.temporary-placement', ({ event }) => [
    { subject: 'family', to: 'parent-or-young-person' },
    { subject: 'setting', to: `setting:${text(event.payload, 'setting') ?? 'unspecified'}` },
  ]),
  meet<C>('transfer.interim-placement'),
];

const movedBy = ({ context, event }: Args): boolean =>
  context.facts['movedAway'] !== undefined && event.on >= context.facts['movedAway'];
const onTheDay = whenAsked<C>(movedBy);
const withConsent = whenAsked<C>((args) => movedBy(args) && args.event.payload['familyAgrees'] === true);

const ofAssessment = ({ event }: Args): boolean => text(event.payload, 'what') === 'assessment';
const beforeTheMove = {
  moveDayChanged: { actions: moves('movesOn') },
  moveCancelled: { target: 'stays', actions: startClock<C>('moveCancelled') },
};

/** Nothing is owed any more, and every letter has left. */
const allDone = whenAsked<C>(
  ({ context }) =>
    Object.keys(context.awaiting).length === 0 &&
    Object.values(context.duties).every(({ metOn, endedOn }) => metOn !== undefined || endedOn !== undefined),
);

const nothing = change<C>(() => ({}));
const isTransferred = (context: C): boolean => is(context, 'planTransferred') || is(context, 'assessmentHandedOver');
/** Ours no longer, or done with: what is learned after belongs to another case. */
const isOver = (context: C): boolean =>
  ['planSent', 'assessmentHandedOver', 'moveCancelled', 'transferSettled', 'planEnded', 'childDied'].some((fact) =>
    is(context, fact),
  );
const goesOn = ({ context }: Args): boolean => !isOver(context);
const isOurs = ({ context }: Args): boolean => is(context, 'planTransferredIn') && !isOver(context);
const { planEnded, childDied } = endings<C>();
const over = ['planEnded', 'childDied', 'moveCancelled'];

/**
 * A child or young person with a plan who moves to another authority, from either side: CFA 2014 s 47; SEND Regs 2014
 * regs 15 and 16. The old authority sends the plan; the new one maintains it as its own from that day.
 */
export const authorityTransfer = setup({
  types: { context: {} as TransferContext, events: {} as FactEvent },
}).createMachine({
  id: 'authority-transfer',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), transfer: {} },
  states: {
    path: {
      initial: 'noMove',
      on: {
        letterSent: { actions: delivered<C>() },
        planEnded,
        childDied,
        becameAwareOfMove: [
          {
            guard: (args: Args) => isRecorded(args) && !isTransferred(args.context) && ofAssessment(args),
            target: '.handingOver',
            actions: aware,
          },
          ...recordedUnless<C>(isTransferred, '.sendingPlan', aware),
        ],
        movedIn: recordedUnless<C>(isTransferred, '.awaitingPlan', [moves('movedOn'), other]),
        commissionerChangeWithinAreaKnown: { actions: nothing },
        ...recorded({
          planTransferred: { target: '.planSent', actions: transferOut },
          assessmentHandedOver: { target: '.assessmentSent', actions: handOver },
          planTransferredIn: { target: '.received', actions: takeIn },
          partnersToldOfTransfer: { actions: tellPartners },
          planDayLearned: { actions: datePlan },
          familyInformedOfTransfer: { actions: inform },
          papersChased: { actions: nothing },
        }),
      },
      states: {
        noMove: {
          meta: noLimit('No move is known', 'Nobody is on record as moving', 'SEND Regs 2014 reg 15(1)'),
          on: {
            becameAwareOfMove: [
              { guard: ofAssessment, target: 'handingOver', actions: aware },
              { target: 'sendingPlan', actions: aware },
            ],
            movedIn: { target: 'awaitingPlan', actions: [moves('movedOn'), other] },
            planTransferredIn: { target: 'received', actions: takeIn },
            commissionerChangeWithinAreaKnown: 'sameAuthority',
          },
        },
        /** On the day of the move, or within fifteen working days beginning with the day we became aware: reg 15(2). */
        sendingPlan: {
          meta: owes('Moving away: the plan is to be sent', send15),
          on: { ...beforeTheMove, planTransferred: { guard: onTheDay, target: 'planSent', actions: transferOut } },
        },
        /** No plan yet: there is nothing for reg 15 to transfer, and the new authority decides for itself: CFA s.24. */
        handingOver: {
          meta: noLimit(
            'Moving away: an assessment is to be handed over',
            'Reg 15 transfers plans only',
            'CFA 2014 s.24',
          ),
          on: {
            ...beforeTheMove,
            assessmentHandedOver: { guard: withConsent, target: 'assessmentSent', actions: handOver },
          },
        },
        /** The new authority is responsible; our letter may still have to leave. */
        planSent: { tags: 'closed', meta: owes('Plan sent to the new authority', send15) },
        assessmentSent: {
          tags: 'closed',
          meta: noLimit('Assessment handed over', 'The new authority decides anew whether to assess', 'CFA 2014 s.24'),
        },
        stays: {
          tags: 'closed',
          meta: noLimit('The family stays', 'Nobody moves: the plan stays ours', 'SEND Regs 2014 reg 15(1)'),
        },
        awaitingPlan: {
          meta: noLimit(
            'Moved in: waiting for the plan',
            'The old authority owes us the plan: ask for it',
            'SEND Regs 2014 reg 15(2)',
          ),
          on: {
            papersChased: { actions: chase },
            planTransferredIn: { target: 'received', actions: takeIn },
          },
        },
        /** Six weeks to tell the family: reg 15(4). The review is a process of its own: reg 15(5). */
        received: {
          meta: owes('Plan received', 'transfer.plan-treated-as-own', 'transfer.new-authority-informs'),
          on: {
            papersChased: { actions: chase },
            partnersToldOfTransfer: { actions: tellPartners },
            planDayLearned: { actions: datePlan },
            familyInformedOfTransfer: { actions: inform },
            transferSettled: { guard: allDone, target: 'settled', actions: startClock<C>('transferSettled') },
          },
        },
        /** Another commissioner, the same authority: reg 16. */
        sameAuthority: {
          meta: noLimit('Another health commissioner', 'The authority stays the same', 'SEND Regs 2014 reg 16(1)'),
          on: { transferSettled: { guard: allDone, target: 'settled', actions: startClock<C>('transferSettled') } },
        },
        settled: {
          tags: 'closed',
          meta: noLimit('Move closed', 'Everything about this move is done', 'SEND Regs 2014 reg 15(3)'),
        },
        ended,
      },
    },

    /** Too far to the named setting: another one until the plan is amended: reg 15(6) and (7). */
    placement: {
      initial: 'practicable',
      // Whoever has the plan next places the child.
      on: leadTo('.practicable', [...over, 'planTransferred', 'assessmentHandedOver']),
      states: {
        practicable: {
          meta: { noLimit: 'Nobody has said that the named setting is too far' },
          on: {
            namedSettingNotPracticable: {
              guard: isOurs,
              target: 'notPracticable',
              actions: startClock<C>('namedSettingNotPracticable'),
            },
            placedForNow: { guard: (args: Args) => isRecorded(args) && isOurs(args), target: 'placed', actions: place },
          },
        },
        notPracticable: {
          meta: { owes: ['transfer.interim-placement'] },
          on: { placedForNow: { target: 'placed', actions: place } },
        },
        placed: { meta: { owes: ['transfer.interim-placement'] } },
      },
    },

    /** Health commissioners tell each other; fifteen working days, counted in two ways: reg 16. */
    commissioner: {
      initial: 'same',
      on: leadTo('.same', [...over, 'planTransferred', 'assessmentHandedOver', 'transferSettled']),
      states: {
        same: {
          meta: { noLimit: 'The health commissioner is the same, as far as is known' },
          on: {
            commissionerChangeKnown: {
              guard: goesOn,
              target: 'toTell',
              actions: [startClock<C>('commissionerChangeKnown'), moves('movedOn')],
            },
            commissionerChangeWithinAreaKnown: {
              guard: goesOn,
              target: 'toTell',
              actions: startClock<C>('commissionerChangeWithinAreaKnown'),
            },
          },
        },
        toTell: {
          meta: { owes: ['transfer.commissioner-notifies-commissioner'] },
          on: {
            commissionerTold: {
              target: 'toAnswer',
              actions: [startClock<C>('newCommissionerAware'), meet<C>('transfer.commissioner-notifies-commissioner')],
            },
          },
        },
        toAnswer: {
          meta: { owes: ['transfer.new-commissioner-requests-review'] },
          on: {
            commissionerAsked: { target: 'answered', actions: meet<C>('transfer.new-commissioner-requests-review') },
          },
        },
        answered: { meta: { noLimit: 'The new commissioner has answered' } },
      },
    },
  },
});

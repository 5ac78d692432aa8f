import {
  delivered,
  emptyContext,
  type FactEvent,
  isRecorded,
  meet,
  noLimit,
  owes,
  owesEach,
  recorded,
  send,
  startClock,
  timePassed,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { atRest, ended, endingFacts, endings, unlessEnded } from '../endings';
import { exceptionFacts, exceptionsRegion } from '../exceptions';
import {
  actionDone,
  actionsOf,
  awaitsCertificate,
  agreed,
  type AppealContext,
  type Args,
  beforeResponse,
  bodiesOf,
  carriesOut,
  type C,
  concede,
  concededHere,
  directResponse,
  directStep,
  doStep,
  dropSteps,
  fixHearing,
  hasActions,
  holdHearing,
  isKind,
  isLastAction,
  isLastStep,
  isRecommendedTo,
  knowsAction,
  knowsStep,
  lodge,
  noChange,
  nothingLeft,
  openSteps,
  ordered,
  orderDoneHere,
  orderDoneNowhere,
  pathIs,
  recommendationAnswered,
  recommended,
  takeMatter,
  treatedAsWon,
} from './appeal-facts';
import { complianceRegion } from './compliance-region';
import { healthRegion, mediationRegion } from './mediation-region';

/** The Tribunal has decided, or need not any more. An agreement takes no right to appeal away. */
const isSettled = ({ context }: Args): boolean =>
  context.dispute.outcome?.how === 'ordered' ||
  context.dispute.outcome?.how === 'conceded' ||
  context.facts['appealWithdrawn'] !== undefined;
const isPending = (args: Args): boolean => args.context.facts['appealLodged'] !== undefined && !isSettled(args);
const isBefore = (args: Args): boolean =>
  isRecorded(args) &&
  args.context.facts['appealLodged'] === undefined &&
  args.context.dispute.outcome === undefined &&
  !isSettled(args);

/** The family has turned to the adviser: reg 33. */
const adviserContacted = meet<C>('mediation.contact-adviser');
const before = (...more: (typeof noChange)[]) => [
  { guard: isBefore, target: '.beforeAppeal', actions: [...takeMatter, ...more, adviserContacted] },
  { guard: isRecorded, actions: [...takeMatter, ...more] },
];

/** Nobody’s time is cut short: the last day, the Tribunal’s own later one, and the month after a certificate still to come. */
const timeIsOver = whenAsked<C>(
  ({ context, event }) => !awaitsCertificate(context) && timePassed(context, 'appeal.time-limit', event.on),
);

const pending = whenAsked<C>(isPending);
const inMediation = whenAsked<C>(({ context }) => context.facts['mediationRequested'] !== undefined);
const open = pathIs(true);
const over = pathIs(false);

/** What changes or keeps the plan has been done: the compliance region owes its limit until the letters have left. */
const carried = { guard: carriesOut, target: 'carriedOut' };
const done = { amendedFinalPlanIssued: carried, reconsidered: carried, orderCarriedOut: carried };

/**
 * Mediation and appeal about one decision: CFA 2014 ss 51 to 57; SEND Regs 2014 regs 32 to 45; HESC Rules 2008. The path
 * says where the dispute is. Beside it go mediation, the authority’s response, what the Tribunal directs, and carrying out
 * what was ordered, agreed or conceded, where no other process does (outcomes.ts).
 */
export const appeal = setup({
  types: { context: {} as AppealContext, events: {} as FactEvent },
}).createMachine({
  id: 'appeal',
  version: '1',
  type: 'parallel',
  context: {
    ...emptyContext(),
    dispute: {
      about: 'contents',
      onRecord: false,
      mediation: 'none',
      steps: {},
      actions: {},
      recommendations: {},
      healthOpen: false,
      pathOpen: true,
      doneBy: [],
    },
  },
  states: {
    path: {
      initial: 'awaitingFamily',
      on: {
        ...endings<C>(),
        letterSent: { actions: delivered<C>() },
        ...unlessEnded({
          ...exceptionFacts<C>(),
          mediationRequested: before(),
          mediationDeclined: before(),
          mediationCertificateIssued: before(startClock<C>('mediationCertificateIssued')),
          appealLodged: [
            { guard: (args: Args) => isRecorded(args) && !isSettled(args), target: '.appealed', actions: lodge },
            { guard: isRecorded, actions: lodge },
          ],
          mediationAcknowledged: {
            guard: whenAsked<C>(({ context }) => context.facts['mediationRequested'] !== undefined),
            actions: send<C>('dispute.mediation-ack', 'parent-or-young-person'),
          },
          appealAcknowledged: {
            guard: whenAsked<C>(({ context }) => context.facts['appealLodged'] !== undefined),
            actions: send<C>('dispute.appeal-noted', 'parent-or-young-person'),
          },
          hearingHeld: [
            { guard: isPending, target: '.heard', actions: holdHearing },
            { guard: isRecorded, actions: holdHearing },
          ],
          appealWithdrawn: { guard: isRecorded, target: '.withdrawn', actions: startClock<C>('appealWithdrawn') },
          /** Reg 42. While an appeal is pending the agreement is carried out beside it. */
          mediationAgreed: [
            { guard: (args: Args) => inMediation(args) && isPending(args), actions: agreed },
            {
              guard: (args: Args) => inMediation(args) && !orderDoneHere(args) && !orderDoneNowhere(args),
              target: '.goesOnElsewhere',
              actions: agreed,
            },
            {
              guard: (args: Args) => inMediation(args) && isKind('other')(args),
              target: '.agreedOtherwise',
              actions: agreed,
            },
            { guard: inMediation, target: '.agreed', actions: agreed },
          ],
          /** C1: the period runs from the day the order was made. */
          tribunalOrderMade: [
            {
              guard: (args: Args) => isRecorded(args) && orderDoneNowhere(args),
              target: '.dismissed',
              actions: ordered,
            },
            {
              guard: (args: Args) => isRecorded(args) && orderDoneHere(args),
              target: '.carryingOut',
              actions: ordered,
            },
            { guard: isRecorded, target: '.goesOnElsewhere', actions: ordered },
          ],
          /** Reg 45(1) where the response has not been sent; without an order, outside it, no limit of reg 45 runs (C2). */
          appealConceded: [
            {
              guard: (args: Args) => pending(args) && !concededHere(args),
              target: '.goesOnElsewhere',
              actions: concede,
            },
            {
              guard: (args: Args) => pending(args) && beforeResponse(args),
              target: '.carryingOut',
              actions: [...concede, treatedAsWon],
            },
            { guard: pending, target: '.concededOutside', actions: concede },
          ],
        }),
      },
      states: {
        awaitingFamily: {
          meta: noLimit('No dispute', 'The family has asked neither for mediation nor for an appeal', 'CFA 2014 s.51'),
        },
        /** The family’s own time: reg 33, r.20(1)(c). */
        beforeAppeal: {
          entry: open,
          meta: owes('Before an appeal', 'appeal.time-limit', 'mediation.contact-adviser'),
          on: { caseClosed: { guard: timeIsOver, target: 'appealTimeOver' } },
        },
        appealed: {
          entry: open,
          meta: owes('Appeal lodged', 'appeal.time-limit', 'mediation.contact-adviser'),
        },
        heard: {
          entry: open,
          meta: noLimit('Heard', 'The Tribunal has still to send its decision', 'HESC Rules 2008 r.30'),
        },
        /** The right to appeal goes on while what was agreed is carried out. */
        agreed: {
          entry: open,
          meta: owes('Carrying out what was agreed', 'appeal.time-limit', 'mediation.contact-adviser'),
          on: done,
        },
        agreedOtherwise: {
          entry: over,
          meta: {
            ...owes('Agreed on what cannot be appealed', 'appeal.time-limit', 'mediation.contact-adviser'),
            law: 'SEND Regs 2014 reg 42(3)',
          },
        },
        carryingOut: {
          entry: open,
          meta: noLimit(
            'Carrying out the decision of the appeal',
            'Its limit stands in “compliance”',
            'SEND Regs 2014 regs 44 and 45',
          ),
          on: done,
        },
        concededOutside: {
          entry: open,
          meta: noLimit(
            'Conceded after the response',
            'Regulation 45 gives no limit after the response was sent: the consent order does. Ask the Tribunal for it',
            'SEND Regs 2014 reg 45(1)',
          ),
          on: { amendedFinalPlanIssued: carried, orderCarriedOut: carried },
        },
        goesOnElsewhere: {
          entry: over,
          meta: noLimit(
            'Goes on in the case that decided',
            'What was ordered, agreed or conceded is carried out there, and its limits are owed there',
            'SEND Regs 2014 regs 42, 44 and 45',
          ),
        },
        carriedOut: {
          entry: over,
          meta: noLimit('Carried out', 'What was ordered, agreed or conceded is done', 'SEND Regs 2014 reg 44(2)'),
        },
        dismissed: {
          entry: over,
          meta: noLimit('Appeal dismissed', 'The Tribunal has left the decision as it was', 'CFA 2014 s.51(4)'),
        },
        withdrawn: {
          entry: over,
          meta: noLimit('Appeal withdrawn', 'The family has withdrawn its appeal', 'HESC Rules 2008 r.17'),
        },
        appealTimeOver: {
          entry: over,
          meta: noLimit(
            'Time to appeal is over',
            'The family’s last day has passed, and no appeal is on record',
            'HESC Rules 2008 r.20(1)(c)',
          ),
        },
        ended,
      },
    },
    mediation: mediationRegion,
    health: healthRegion,
    compliance: complianceRegion,

    /** What else was agreed, each with its day: two weeks, or what was agreed in writing, reg 42(3) and (5). */
    actions: {
      initial: 'noneOpen',
      on: {
        ...atRest('.noneOpen'),
        ...unlessEnded({
          mediationAgreed: { guard: hasActions, target: '.open' },
          agreedActionDone: [
            { guard: isLastAction, target: '.noneOpen', actions: actionDone },
            { guard: knowsAction, actions: actionDone },
          ],
        }),
      },
      states: {
        noneOpen: { meta: noLimit('Nothing else is agreed', 'No other action agreed in mediation is open') },
        open: { meta: owesEach<C>('Other actions agreed', 'mediation.comply-other-issues', actionsOf) },
      },
    },

    /** Thirty working days, by the Tribunal’s days, from the day the papers came: r.21. */
    response: {
      initial: 'noPapers',
      on: {
        ...atRest('.over'),
        ...unlessEnded({
          appealRegistered: { guard: isRecorded, actions: directResponse },
          responseTimeExtended: { guard: isRecorded, actions: directResponse },
          appealPapersReceived: [
            {
              guard: (args: Args) => isRecorded(args) && beforeResponse(args) && !isSettled(args),
              target: '.due',
              actions: startClock<C>('appealPapersReceived'),
            },
            { guard: isRecorded, actions: startClock<C>('appealPapersReceived') },
          ],
          responseSent: {
            guard: pending,
            target: '.sent',
            actions: [meet<C>('appeal.authority-response'), startClock<C>('responseSent')],
          },
          appealWithdrawn: { guard: isRecorded, target: '.over' },
          tribunalOrderMade: { guard: isRecorded, target: '.over' },
          appealConceded: '.over',
        }),
      },
      states: {
        noPapers: {
          meta: noLimit('No appeal papers', 'No papers have come from the Tribunal', 'HESC Rules 2008 r.21'),
        },
        due: { meta: owes('Response to the appeal', 'appeal.authority-response') },
        sent: { meta: noLimit('Response sent', 'The response is with the Tribunal', 'HESC Rules 2008 r.21') },
        over: { meta: noLimit('No response is due', 'The appeal is over', 'HESC Rules 2008 r.21') },
      },
    },

    /** Evidence, bundles, attendance and the like, each by the day that the Tribunal set; and the hearing. */
    directions: {
      initial: 'noneOpen',
      on: {
        ...Object.fromEntries(endingFacts.map((fact) => [fact, { target: '.noneOpen', actions: dropSteps }])),
        ...unlessEnded({
          appealConceded: { target: '.noneOpen', actions: dropSteps },
          ...recorded({
            appealWithdrawn: { target: '.noneOpen', actions: dropSteps },
            tribunalOrderMade: { target: '.noneOpen', actions: dropSteps },
            stepDirected: { target: '.open', actions: directStep },
            hearingFixed: { actions: fixHearing },
          }),
          stepDone: [
            { guard: isLastStep, target: '.noneOpen', actions: doStep },
            { guard: knowsStep, actions: doStep },
          ],
        }),
      },
      states: {
        noneOpen: {
          meta: noLimit('Nothing is directed', 'No direction of the Tribunal is open', 'HESC Rules 2008 r.5'),
        },
        open: { meta: owesEach<C>('Directions of the Tribunal', 'appeal.tribunal-time-other-steps', openSteps) },
      },
    },

    /** Recommendations are not binding; a written answer within five weeks is: SI 2017/1306. */
    recommendations: {
      initial: 'none',
      on: {
        ...atRest('.none'),
        ...unlessEnded({
          recommendationMade: { guard: isRecorded, target: '.made', actions: recommended },
          recommendationAnswered: { guard: isRecommendedTo, actions: recommendationAnswered },
        }),
      },
      states: {
        none: { meta: noLimit('No recommendation', 'The Tribunal has recommended nothing', 'SI 2017/1306') },
        made: { meta: owesEach<C>('Recommendations', 'appeal.health-and-care-recommendations', bodiesOf) },
      },
    },

    exceptions: exceptionsRegion(endingFacts),

    /** The file is shut once the dispute is over and nothing of it is left to do. */
    file: {
      initial: 'open',
      states: {
        open: {
          always: { guard: nothingLeft, target: 'shut' },
          meta: noLimit('File open', 'Something of the dispute is still to be done'),
        },
        shut: {
          tags: 'closed',
          always: { guard: (args: Args) => !nothingLeft(args), target: 'open' },
          meta: noLimit('File shut', 'Nothing of the dispute is left to do'),
        },
      },
    },
  },
});

import { change, meet, noLimit, owes, startClock, text } from '@send/workflow-kit';
import { rest } from './child-regions';
import {
  type Args,
  type ExclusionContext,
  isPermanent,
  known,
  meetsThreshold,
  noChange,
  termTotal,
  when,
} from './exclusion-facts';

type C = ExclusionContext;

const decision =
  (...outcomes: string[]) =>
  ({ event, context }: Args): boolean =>
    context.exclusion !== null && outcomes.includes(text(event.payload, 'outcome') ?? '');

const met = meet<C>(
  'exclusion.notify-governing-board',
  'exclusion.board-permanent',
  'exclusion.board-over-15-days',
  'exclusion.board-over-5-days-with-representations',
  'exclusion.board-5-days-or-fewer',
  'exclusion.board-hears-social-worker-and-virtual-head',
);

/** The board's decision, whenever it comes: a late one stands all the same. Only a permanent exclusion goes on to a panel. */
const boardDecided = [
  {
    guard: (args: Args) => decision('upheld')(args) && known(isPermanent)(args),
    target: '.upheld',
    actions: [met, startClock<C>('boardDecisionNoticeGiven')],
  },
  { guard: known(), target: '.settled', actions: met },
];

const told = [startClock<C>('boardNotified'), meet<C>('exclusion.notify-governing-board')];

/** The clock of the panel's closing date runs from the application, made on the second working day after first class post. */
const panelAsked = { guard: known(), target: '.panel', actions: startClock<C>('panelApplicationMade') };
const panelDecided = [
  {
    guard: decision('recommended', 'quashed'),
    target: '.reconsidering',
    actions: [startClock<C>('panelDecisionNotified'), meet<C>('exclusion.irp-application', 'exclusion.irp-meeting')],
  },
  { guard: known(), target: '.settled', actions: meet<C>('exclusion.irp-application', 'exclusion.irp-meeting') },
];

/**
 * The governing board, and the panel after it: SI 2012/1033 regs 4 to 8 (maintained schools), 13 to 17 (PRUs), 22 to 26
 * (Academies). All of it is watched: none of it is the authority's own, but the panel of a maintained school.
 */
export const boardRegion = {
  initial: 'notNeeded',
  on: {
    ...rest(),
    boardNotified: { guard: known(), actions: told },
    boardDecided,
    panelAsked,
    panelDecided,
    boardReconsidered: {
      guard: known(),
      target: '.settled',
      actions: meet<C>('exclusion.irp-reconsideration'),
    },
    representationsMade: { guard: known(), actions: noChange },
  },
  states: {
    notNeeded: {
      meta: noLimit('The board need not meet', 'Five school days or fewer in the term, and no exam or test at stake'),
      on: {
        exclusionDecided: [
          /** Fifteen school days from receiving notice, whatever the parent does: regs 15(1) and 24(1). */
          { guard: when(isPermanent), target: 'permanent' },
          { guard: when((one) => termTotal(one) > 15), target: 'overFifteen' },
          { guard: when(meetsThreshold), target: 'overFive' },
        ],
        /** Representations are considered; there is no power to reinstate. */
        representationsMade: {
          guard: known(),
          target: 'considering',
          actions: startClock<C>('representationsToBoardReceived'),
        },
      },
    },
    considering: { meta: owes('The board considers representations', 'exclusion.board-5-days-or-fewer') },
    permanent: {
      meta: owes(
        'The board must meet: permanent exclusion',
        'exclusion.notify-governing-board',
        'exclusion.board-permanent',
        'exclusion.board-hears-social-worker-and-virtual-head',
      ),
    },
    overFifteen: {
      meta: owes(
        'The board must meet: more than 15 days in the term',
        'exclusion.notify-governing-board',
        'exclusion.board-over-15-days',
        'exclusion.board-hears-social-worker-and-virtual-head',
      ),
    },
    /** Fifty school days, and only if the parent makes representations. */
    overFive: {
      meta: owes('The board meets if the parent asks', 'exclusion.notify-governing-board'),
      on: { representationsMade: { target: 'overFiveAsked', actions: noChange } },
    },
    overFiveAsked: {
      meta: owes(
        'The board must meet: the parent has asked',
        'exclusion.notify-governing-board',
        'exclusion.board-over-5-days-with-representations',
        'exclusion.board-hears-social-worker-and-virtual-head',
      ),
    },
    /** Fifteen school days after the day of the written notice are the family's: Sch 1 para 2(1). */
    upheld: { meta: owes('The family may ask for a panel', 'exclusion.irp-application') },
    panel: { meta: owes('Independent review panel', 'exclusion.irp-application', 'exclusion.irp-meeting') },
    /** Ten school days after the panel's decision is notified: regs 8, 17 and 26. */
    reconsidering: { meta: owes('The board thinks again', 'exclusion.irp-reconsideration') },
    settled: { meta: noLimit('The board has decided', 'Nothing more is open with the board or a panel') },
    rest: { meta: noLimit('The board is done', 'The exclusion is over or was cancelled') },
  },
};

/** An exam or national test at stake: within 15 school days, and before it so far as reasonably practicable. */
export const examRegion = {
  initial: 'none',
  on: rest(),
  states: {
    none: {
      meta: noLimit('No exam at stake', 'The notice names no public exam or national test'),
      on: { exclusionDecided: { guard: when((one) => one.exam), target: 'atStake' } },
    },
    atStake: {
      meta: owes('An exam or test is at stake', 'exclusion.board-exam'),
      on: { boardDecided: { target: 'rest', actions: meet<C>('exclusion.board-exam') } },
    },
    rest: { meta: noLimit('The exam is seen to', 'The board has decided, or the exclusion is over') },
  },
};

export const markPlace = change<C>(({ context, event }) => ({
  education: {
    where: text(event.payload, 'where') ?? context.education?.where ?? 'not on record',
    startsOn: text(event.payload, 'startsOn') ?? event.on,
  },
}));

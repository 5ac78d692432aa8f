import { isRecorded, noLimit, owes, whenAsked } from '@send/workflow-kit';
import { atRest, unlessEnded } from '../endings';
import {
  type Args,
  beforeResponse,
  type C,
  carriedOut,
  doneBy,
  concededHere,
  isHereAnd,
  issueAmendedPlan,
  noChange,
  orderDoneHere,
  reconsidered,
} from './appeal-facts';

const over = doneBy();

const ordered = (kind: Parameters<typeof isHereAnd>[0], target: string) => ({
  guard: (args: Args) => isRecorded(args) && isHereAnd(kind)(args),
  target,
});

const byPlan = doneBy('amendedFinalPlanIssued');
const byWord = doneBy('orderCarriedOut');
const byEither = doneBy('amendedFinalPlanIssued', 'orderCarriedOut');
const amends = { amendedFinalPlanIssued: { actions: [...issueAmendedPlan, over] } };
const ends = { orderCarriedOut: { actions: [...carriedOut, over] } };
const thinks = { reconsidered: { actions: [...reconsidered, over] } };
const mayConcede = whenAsked<C>(({ context }) => context.facts['appealLodged'] !== undefined);
const concededBefore = (args: Args): boolean => mayConcede(args) && beforeResponse(args) && concededHere(args);
const aboutIs =
  (...about: string[]) =>
  (args: Args): boolean =>
    concededBefore(args) && about.includes(args.context.dispute.about);

/**
 * Carrying out what was ordered, agreed or conceded, where it is done here (outcomes.ts): regs 42, 44 and 45. The limit
 * stays owed until the letters have left.
 */
export const complianceRegion = {
  initial: 'nothingToDo',
  on: {
    ...atRest('.nothingToDo'),
    ...unlessEnded({
      tribunalOrderMade: [
        ordered('amend-plan', '.amendingPlan'),
        ordered('amend-placement', '.amendingPlacement'),
        ordered('reconsider', '.reconsidering'),
        ordered('continue', '.continuing'),
        ordered('continue-and-amend', '.continuingAndAmending'),
        ordered('other', '.asTheOrderSays'),
        { guard: isRecorded, target: '.nothingToDo' },
      ],
      /** As if it had been ordered, within the same limits: reg 42(2). */
      mediationAgreed: [
        { guard: isHereAnd('other'), actions: noChange },
        { guard: orderDoneHere, target: '.afterAgreement' },
        { actions: noChange },
      ],
      appealConceded: [
        { guard: aboutIs('contents', 'refuse-to-amend'), target: '.amendingAfterConcession' },
        { guard: aboutIs('placement'), target: '.amendingPlacementAfterConcession' },
        { guard: aboutIs('cease'), target: '.continuingAfterConcession' },
        { guard: (args: Args) => mayConcede(args) && concededHere(args), target: '.outsideRegulation45' },
        { guard: mayConcede, target: '.nothingToDo' },
      ],
      /** On record, though nothing here asked for it. */
      amendedFinalPlanIssued: { guard: isRecorded, actions: issueAmendedPlan },
      reconsidered: { guard: isRecorded, actions: reconsidered },
      orderCarriedOut: { guard: isRecorded, actions: carriedOut },
    }),
  },
  states: {
    nothingToDo: {
      entry: over,
      meta: noLimit('Nothing to carry out here', 'Nothing was ordered, agreed or conceded that is done here'),
    },
    /** Reg 44(2)(e): five weeks. */
    amendingPlan: {
      entry: byPlan,
      meta: owes('Changing the plan as ordered', 'tribunal-order.amend-provision'),
      on: amends,
    },
    /** Reg 44(2)(f): two weeks. */
    amendingPlacement: {
      entry: byPlan,
      meta: owes('Changing Section I as ordered', 'tribunal-order.amend-placement-only'),
      on: amends,
    },
    /** Reg 44(2)(d): the order’s own date, or two weeks. */
    reconsidering: {
      entry: doneBy('reconsidered'),
      meta: owes('Thinking again as ordered', 'tribunal-order.reconsider'),
      on: thinks,
    },
    /** Reg 44(2)(g): at once. */
    continuing: { entry: byWord, meta: owes('Keeping the plan as ordered', 'tribunal-order.continue-plan'), on: ends },
    continuingAndAmending: {
      entry: byPlan,
      meta: owes('Keeping and changing the plan as ordered', 'tribunal-order.continue-and-amend'),
      on: amends,
    },
    afterAgreement: {
      entry: doneBy('amendedFinalPlanIssued', 'orderCarriedOut', 'reconsidered'),
      meta: owes('Carrying out the agreement', 'mediation.comply-appealable-issues'),
      on: { ...amends, ...ends, ...thinks },
    },
    /** Reg 45(4): five weeks; four as the regulation stood before 23 March 2015. */
    amendingAfterConcession: {
      entry: byPlan,
      meta: owes(
        'Changing the plan after conceding',
        'unopposed-appeal.treated-as-won',
        'unopposed-appeal.amend-contents',
        'unopposed-appeal.as-made-version',
      ),
      on: amends,
    },
    /** Reg 45(5): two weeks, in both versions. */
    amendingPlacementAfterConcession: {
      entry: byPlan,
      meta: owes(
        'Changing Section I after conceding',
        'unopposed-appeal.treated-as-won',
        'unopposed-appeal.amend-placement-only',
      ),
      on: amends,
    },
    continuingAfterConcession: {
      entry: byEither,
      meta: owes(
        'Keeping the plan after conceding',
        'unopposed-appeal.treated-as-won',
        'unopposed-appeal.cease-conceded',
      ),
      on: { ...amends, ...ends },
    },
    asTheOrderSays: {
      entry: byEither,
      meta: noLimit(
        'As the order says',
        'The law sets no time for an order of this kind: the order does',
        'HESC Rules 2008 r.30',
      ),
      on: { ...amends, ...ends },
    },
    outsideRegulation45: {
      entry: byEither,
      meta: noLimit(
        'Conceded after the response',
        'No limit of regulation 45 runs: the consent order will set one',
        'SEND Regs 2014 reg 45(1)',
      ),
      on: { ...amends, ...ends },
    },
  },
};

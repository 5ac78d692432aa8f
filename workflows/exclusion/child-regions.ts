import { change, day, meet, noLimit, owes, send, startClock, text } from '@send/workflow-kit';
import {
  type Args,
  type ExclusionContext,
  isNearYearLimit,
  isPermanent,
  known,
  nothingFollows,
  when,
} from './exclusion-facts';

type C = ExclusionContext;

/** What is over brings the other regions to rest. */
export const rest = (target = '.rest') => ({
  exclusionCancelled: { guard: known(), target },
  pupilReturned: { guard: nothingFollows, target },
  exclusionClosed: { target },
  offsiteDirectionEnded: { target },
  separationEnded: { target },
  movedAway: { target },
  childDied: { target },
});

const schoolIs =
  (...kinds: string[]) =>
  ({ event }: Args): boolean =>
    kinds.includes(text(event.payload, 'schoolKind') ?? 'maintained');

export const whoIs =
  (...who: string[]) =>
  ({ event }: Args): boolean =>
    who.includes(text(event.payload, 'who') ?? '');

/** The first school day on which the pupil must attend elsewhere: reg 2. */
const directionStarts = change<C>(
  ({ context, event }) => ({
    facts: { ...context.facts, offsiteDirectionStarts: day(event.payload, 'startsOn') ?? event.on },
  }),
  { starts: 'offsiteDirectionStarts' },
);

/** Education Act 1996 s.19(1): whoever is out of suitable education, for whatever reason. */
export const withoutEducationRegion = {
  initial: 'no',
  on: rest(),
  states: {
    no: {
      meta: noLimit('Not known to be without education', 'Nobody has said that the child is without education'),
      on: {
        safeguardingSeparationImposed: 'yes',
        outOfEducationSeen: { target: 'yes', actions: startClock<C>('outOfSuitableEducation') },
      },
    },
    yes: {
      meta: owes('Without suitable education', 'exclusion.alternative-education-section-19'),
      on: {
        suitableEducationBegan: {
          target: 'no',
          actions: meet<C>('exclusion.alternative-education-section-19'),
        },
      },
    },
    rest: { meta: noLimit('Not asked any more', 'The exclusion is over') },
  },
};

/** Social worker and virtual school head, told without delay since 1 September 2022. */
export const whoElseRegion = {
  initial: 'nobody',
  on: rest(),
  states: {
    nobody: {
      meta: noLimit('No social worker', 'None is named in the notice'),
      on: {
        exclusionDecided: [
          { guard: when((one) => one.lookedAfter), target: 'lookedAfter' },
          { guard: when((one) => one.socialWorker), target: 'socialWorker' },
        ],
      },
    },
    socialWorker: {
      meta: owes('Social worker to be told', 'exclusion.notify-social-worker-and-virtual-head'),
      on: {
        toldOfExclusion: {
          guard: whoIs('social-worker'),
          actions: meet<C>('exclusion.notify-social-worker-and-virtual-head'),
        },
      },
    },
    lookedAfter: {
      meta: owes(
        'Social worker and virtual school to be told',
        'exclusion.notify-social-worker-and-virtual-head',
        'exclusion.looked-after-first-day',
        'exclusion.interim-pep-review',
      ),
      on: {
        toldOfExclusion: {
          guard: whoIs('social-worker'),
          actions: meet<C>('exclusion.notify-social-worker-and-virtual-head'),
        },
        educationStarted: { actions: meet<C>('exclusion.looked-after-first-day') },
        pepReviewed: { actions: meet<C>('exclusion.interim-pep-review') },
      },
    },
    rest: { meta: noLimit('Nobody more to tell', 'The exclusion is over or was cancelled') },
  },
};

/** A child with a plan: is it delivered, and is it still right? An early review is asked for. */
export const planRegion = {
  initial: 'none',
  on: rest(),
  states: {
    none: {
      meta: noLimit('No plan', 'The notice names no EHC plan'),
      on: { exclusionDecided: { guard: when((one) => one.plan), target: 'held' } },
    },
    held: {
      meta: owes('The child has a plan', 'exclusion.early-review-for-ehcp-at-risk'),
      on: {
        earlyReviewSought: { target: 'sought', actions: meet<C>('exclusion.early-review-for-ehcp-at-risk') },
      },
    },
    sought: { meta: noLimit('An early review is asked for', 'The review has its own dates') },
    rest: { meta: noLimit('No more to ask', 'The exclusion is over or was cancelled') },
  },
};

/** Local policy at the third suspension of a school year: we write, blame nobody and offer help. */
export const thirdRegion = {
  initial: 'no',
  on: rest(),
  states: {
    no: {
      meta: noLimit('Not the third suspension', 'Fewer, or the offer was made at the third'),
      on: { exclusionDecided: { guard: when((one) => one.number === 3 && !isPermanent(one)), target: 'yes' } },
    },
    yes: {
      meta: owes('Third suspension of the school year', 'practice.exclusion-risk-three-suspensions'),
      on: {
        helpOffered: {
          target: 'offered',
          actions: send<C>('cohort.third-suspension', 'parent-or-young-person', {
            meets: ['practice.exclusion-risk-three-suspensions'],
          }),
        },
      },
    },
    offered: { meta: owes('Help is offered', 'practice.exclusion-risk-three-suspensions') },
    rest: { meta: noLimit('No more to offer', 'The exclusion is over or was cancelled') },
  },
};

/** Never more than 45 school days in a school year, at all schools together: reg 4, README D2. */
export const yearRegion = {
  initial: 'within',
  on: rest(),
  states: {
    within: {
      meta: noLimit('Well within the year’s 45 days', 'Fewer than 40 school days in the school year'),
      on: { exclusionDecided: { guard: when(isNearYearLimit), target: 'near' } },
    },
    near: { meta: owes('Near or over the year’s 45 days', 'exclusion.annual-limit-45') },
    rest: { meta: noLimit('No more days', 'The exclusion is over or was cancelled') },
  },
};

/** Off-site direction: notice two school days before it starts, reviews on request. Not an exclusion. */
export const offsiteRegion = {
  initial: 'none',
  on: rest(),
  states: {
    none: {
      meta: noLimit('No off-site direction', 'None is on record'),
      on: {
        offsiteDirectionDecided: [
          {
            guard: schoolIs('academy', 'pru'),
            target: 'academy',
            actions: directionStarts,
          },
          { target: 'maintained', actions: directionStarts },
        ],
      },
    },
    /** SI 2010/1156 reg 3: maintained schools. */
    maintained: {
      meta: owes('Off-site direction', 'offsite-direction.power'),
      on: {
        offsiteNoticeGiven: { actions: meet<C>('offsite-direction.power') },
        offsiteReviewRequested: { target: 'review', actions: startClock<C>('offsiteReviewRequested') },
      },
    },
    /** From 26 July 2026 the same regime: Children's Wellbeing and Schools Act 2026 Part 2. */
    academy: {
      meta: owes('Off-site direction by an academy or PRU', 'offsite-direction.academies-and-prus'),
      on: { offsiteNoticeGiven: { actions: meet<C>('offsite-direction.academies-and-prus') } },
    },
    review: {
      meta: owes('Review of the direction asked for', 'offsite-direction.power', 'offsite-direction.review-on-request'),
      on: {
        offsiteReviewHeld: { target: 'maintained', actions: meet<C>('offsite-direction.review-on-request') },
        offsiteNoticeGiven: { actions: meet<C>('offsite-direction.power') },
      },
    },
    rest: { meta: noLimit('Direction over', 'The pupil is back, or the direction has ended') },
  },
};

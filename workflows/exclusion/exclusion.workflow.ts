import {
  delivered,
  emptyContext,
  type FactEvent,
  meet,
  noLimit,
  owes,
  send,
  startClock,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { nothingMoreLeaves } from '../endings';
import { boardRegion, examRegion, markPlace } from './board-region';
import {
  offsiteRegion,
  planRegion,
  rest,
  thirdRegion,
  whoElseRegion,
  whoIs,
  withoutEducationRegion,
  yearRegion,
} from './child-regions';
import {
  daysInARow,
  type ExclusionContext,
  type Given,
  isPermanent,
  known,
  meetsThreshold,
  noChange,
  nothingFollows,
  takeNotice,
  takeTerms,
  when,
} from './exclusion-facts';

export type { ExclusionContext } from './exclusion-facts';

type C = ExclusionContext;

const reachesSixthDay = (one: Given): boolean => one.ofSchoolAge && daysInARow(one) > 5;
const educated = meet<C>('exclusion.sixth-day-permanent', 'exclusion.sixth-day-suspension');

/** Nothing that we owe ourselves is open: then a person may close the run. */
const oursIsDone = whenAsked<C>(({ context }) =>
  ['exclusion.sixth-day-permanent', 'practice.exclusion-risk-three-suspensions'].every((duty) => {
    const state = context.duties[duty];
    return state === undefined || state.metOn !== undefined || state.endedOn !== undefined;
  }),
);

const close = { target: 'over', actions: nothingMoreLeaves<C>() };

/**
 * A suspension or a permanent exclusion, one run for each: Education Act 2002 s.51A; SI 2012/1033; SI 2007/1870; Education
 * Act 1996 s.19. The head's and the board's duties are watched, ours are owed. An off-site direction (Education Act 2002
 * s.29A) and a safeguarding separation are no exclusions and add to no total; they have their own places here.
 */
export const exclusion = setup({
  types: { context: {} as ExclusionContext, events: {} as FactEvent },
}).createMachine({
  id: 'exclusion',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), exclusion: null, education: null },
  states: {
    path: {
      initial: 'awaitingNotice',
      on: {
        letterSent: { actions: delivered<C>() },
        schoolTermsKnown: { actions: takeTerms },
        movedAway: { target: '.ended', actions: [nothingMoreLeaves<C>(), startClock<C>('movedAway')] },
        childDied: { target: '.ended', actions: [nothingMoreLeaves<C>(), startClock<C>('childDied')] },
      },
      states: {
        awaitingNotice: {
          meta: noLimit('Waiting for a notice', 'No suspension or exclusion is on record yet'),
          on: {
            exclusionDecided: [
              { guard: when(isPermanent), target: 'permanentlyExcluded', actions: [takeNotice, takeTerms] },
              { target: 'suspended', actions: [takeNotice, takeTerms] },
            ],
            offsiteDirectionDecided: {
              target: 'directedOffSite',
              actions: [startClock<C>('offsiteDirectionDecided'), takeTerms],
            },
            safeguardingSeparationImposed: {
              target: 'separated',
              actions: [startClock<C>('safeguardingSeparationImposed'), startClock<C>('outOfSuitableEducation')],
            },
          },
        },
        suspended: {
          meta: noLimit('Suspended', 'What each has to do, and by when, stands with it'),
          on: {
            pupilReturned: [
              { guard: nothingFollows, target: 'over', actions: nothingMoreLeaves<C>() },
              { target: 'backInSchool', actions: startClock<C>('pupilReturned') },
            ],
            exclusionCancelled: { target: 'cancelled', actions: startClock<C>('exclusionCancelled') },
            exclusionClosed: { guard: oursIsDone, ...close },
          },
        },
        permanentlyExcluded: {
          meta: noLimit('Permanently excluded', 'What each has to do, and by when, stands with it'),
          on: {
            pupilReturned: { target: 'backInSchool', actions: startClock<C>('pupilReturned') },
            exclusionCancelled: { target: 'cancelled', actions: startClock<C>('exclusionCancelled') },
            exclusionClosed: { guard: oursIsDone, ...close },
          },
        },
        backInSchool: {
          meta: noLimit('Back in school', 'The board may still have to meet'),
          on: {
            exclusionCancelled: { target: 'cancelled', actions: startClock<C>('exclusionCancelled') },
            exclusionClosed: { guard: oursIsDone, ...close },
          },
        },
        /** The head may cancel until the board begins to meet, and tells everybody without delay: regs 8A, 17A and 26A. */
        cancelled: {
          meta: owes('Cancelled', 'exclusion.cancel'),
          on: {
            cancellationTold: { target: 'cancelledAndTold', actions: meet<C>('exclusion.cancel') },
            exclusionClosed: { ...close },
          },
        },
        cancelledAndTold: {
          tags: 'closed',
          meta: noLimit('Cancelled', 'Kept on record; the days served still count'),
        },
        directedOffSite: {
          meta: noLimit('Directed off site', 'Not an exclusion: it adds to no total'),
          on: { offsiteDirectionEnded: { target: 'over', actions: nothingMoreLeaves<C>() } },
        },
        separated: {
          meta: noLimit('Kept apart for safeguarding', 'Not a suspension: it adds to no total'),
          on: { separationEnded: { target: 'over', actions: nothingMoreLeaves<C>() } },
        },
        over: { tags: 'closed', meta: noLimit('Over', 'Nothing more follows from it') },
        ended: { tags: 'closed', meta: noLimit('Ended', 'Our responsibility for the child has ended') },
      },
    },

    /** Whom the head must tell at once: regs 5, 14 and 23; Education and Inspections Act 2006 s.104. */
    telling: {
      initial: 'nobody',
      on: {
        ...rest(),
        toldOfExclusion: [
          { guard: whoIs('parent'), actions: meet<C>('exclusion.notify-parent-without-delay') },
          { guard: whoIs('public-places'), actions: meet<C>('exclusion.section-104-notice') },
          {
            guard: whoIs('authority'),
            actions: meet<C>('exclusion.notify-authority-2012', 'exclusion.notify-authority-2022'),
          },
          { guard: whoIs('social-worker'), actions: noChange },
        ],
      },
      states: {
        nobody: {
          meta: noLimit('Nobody to tell', 'No notice is on record'),
          on: {
            exclusionDecided: [
              { guard: when((one) => meetsThreshold(one) && one.ofSchoolAge), target: 'tellingAll' },
              { guard: when(meetsThreshold), target: 'tellingAllOverAge' },
              { guard: when((one) => one.ofSchoolAge), target: 'tellingShort' },
              { target: 'tellingOverAge' },
            ],
          },
        },
        /** Until 31 August 2022 the authority was told at once only of these; since then of every one (SI 2022/788). */
        tellingAll: {
          meta: owes(
            'The head tells parent and authority',
            'exclusion.notify-parent-without-delay',
            'exclusion.section-104-notice',
            'exclusion.notify-authority-2012',
            'exclusion.notify-authority-2022',
          ),
        },
        tellingAllOverAge: {
          meta: owes(
            'The head tells parent and authority',
            'exclusion.notify-parent-without-delay',
            'exclusion.notify-authority-2012',
            'exclusion.notify-authority-2022',
          ),
        },
        tellingShort: {
          meta: owes(
            'The head tells parent and authority',
            'exclusion.notify-parent-without-delay',
            'exclusion.section-104-notice',
            'exclusion.notify-authority-2022',
          ),
        },
        tellingOverAge: {
          meta: owes(
            'The head tells parent and authority',
            'exclusion.notify-parent-without-delay',
            'exclusion.notify-authority-2022',
          ),
        },
        rest: { meta: noLimit('Telling is done', 'The exclusion is over or was cancelled') },
      },
    },

    board: boardRegion,
    exam: examRegion,

    /** Full-time education from the sixth school day: s.19(3A), by the home authority after a permanent exclusion; SI 2007/1870, by the school in a suspension. */
    education: {
      initial: 'none',
      on: {
        ...rest(),
        pupilReturned: { guard: known(), target: '.rest' },
        /** SI 2007/1870 reg 5(2). */
        sixthDayNotOwed: { guard: known(), target: '.notOwed' },
        educationStarted: { guard: known(), target: '.started', actions: [markPlace, educated] },
      },
      states: {
        none: {
          meta: noLimit('The sixth day is not reached', 'Five school days in a row or fewer'),
          on: {
            exclusionDecided: [
              { guard: when((one) => isPermanent(one) && one.ofSchoolAge && one.livesHere), target: 'ours' },
              { guard: when((one) => isPermanent(one) && one.ofSchoolAge), target: 'anotherAuthoritys' },
              { guard: when((one) => !isPermanent(one) && reachesSixthDay(one)), target: 'schools' },
            ],
          },
        },
        ours: {
          meta: owes('We arrange education from the sixth day', 'exclusion.sixth-day-permanent'),
          on: {
            educationArranged: {
              target: 'arranged',
              actions: [markPlace, send<C>('cohort.sixth-day-education', 'parent-or-young-person')],
            },
          },
        },
        /** Arranged is not begun: the duty is met when the pupil is taught. */
        arranged: {
          meta: owes('Education from the sixth day is arranged', 'exclusion.sixth-day-permanent'),
          on: {
            educationArranged: {
              actions: [markPlace, send<C>('cohort.sixth-day-education', 'parent-or-young-person')],
            },
          },
        },
        anotherAuthoritys: {
          meta: noLimit(
            'Another authority arranges education',
            'The child lives in its area: its duty from the sixth day',
          ),
        },
        schools: { meta: owes('The school arranges education', 'exclusion.sixth-day-suspension') },
        notOwed: {
          meta: noLimit('No education from the sixth day is owed', 'SI 2007/1870 reg 5(2): the ground is on record'),
        },
        started: { meta: noLimit('Education has started', 'The pupil is taught elsewhere') },
        rest: { meta: noLimit('No more to arrange', 'Back in school, or the exclusion is over') },
      },
    },

    withoutEducation: withoutEducationRegion,
    whoElse: whoElseRegion,
    plan: planRegion,
    third: thirdRegion,
    year: yearRegion,
    offsite: offsiteRegion,
  },
});

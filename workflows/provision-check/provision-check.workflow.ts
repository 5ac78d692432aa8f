import {
  change,
  delivered,
  emptyContext,
  type FactEvent,
  isRecorded,
  meet,
  meetEach,
  noLimit,
  owes,
  owesEach,
  send,
  sendEach,
  startClock,
  text,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { atRest, ended, endings } from '../endings';
import {
  agreed,
  allVisited,
  answered,
  type Args,
  attempted,
  bothHeard,
  bothTried,
  cannotDeliver,
  closed,
  closesLast,
  contactOf,
  escalated,
  everyGapHasAction,
  gapOf,
  hasGap,
  nothingAnswered,
  openGaps,
  type ProvisionContext,
  rungOf,
  soughtReview,
  speaksOfGap,
  takeBeginning,
  tellsOfGap,
  toAgree,
  toAnswer,
  toClimb,
} from './provision-answers';

export type { ProvisionContext };

type C = ProvisionContext;

const section42 = 'CFA 2014 s.42(2)';
const action12 = 'Somerset SEND Accelerated Progress Plan 2023, action 1.2';

const settingOf = ({ context }: Args): string =>
  context.check.setting === undefined ? 'setting' : `setting:${context.check.setting}`;
const moved = ({ context }: Args): boolean => context.facts['startedAtNewSetting'] !== undefined;

/** The letters that ask: after a move in the words of the new setting. */
const familyAsked = [
  send<C>('provision.check-family', (args) => (moved(args) ? null : 'parent-or-young-person')),
  send<C>('provision.phase-check-family', (args) => (moved(args) ? 'parent-or-young-person' : null)),
  send<C>('provision.check-child', 'child'),
];
const settingAsked = [
  send<C>('provision.check-setting', (args) => (moved(args) ? null : settingOf(args))),
  send<C>('provision.phase-check-setting', (args) => (moved(args) ? settingOf(args) : null)),
];
const reminded = send<C>('provision.reminder', (args) =>
  contactOf(args.event) === 'family' ? 'parent-or-young-person' : settingOf(args),
);

const bothAsked = meet<C>('practice.contact-after-plan-issued', 'practice.contact-after-phase-transfer');
const visited = meet<C>('practice.visit-unreached');
const allInPlace = send<C>('provision.outcome-in-place', 'parent-or-young-person');

/** What may be said or done in every open position. */
const atAnyTime = {
  familyAsked: { actions: familyAsked },
  settingAsked: { actions: settingAsked },
  healthAsked: { actions: send<C>('provision.check-health', 'health') },
  socialCareAsked: { actions: send<C>('provision.check-social-care', 'social-care') },
  contactReminded: { actions: reminded },
  accountGiven: { actions: answered },
  contactTried: { actions: attempted },
  /** A gap can be answered by a review of the plan: CFA s 44(1). */
  earlyReviewSought: {
    guard: whenAsked<C>(({ context }) => openGaps(context).length > 0),
    actions: soughtReview,
  },
};

/** Two contacts make a check; three attempts by two channels that failed are a result too. */
const asking = {
  ...atAnyTime,
  accountGiven: [
    { guard: (args: Args) => bothHeard(args) && hasGap(args), target: 'following', actions: [answered, bothAsked] },
    { guard: bothHeard, target: 'done', actions: [answered, bothAsked, allInPlace] },
    { guard: bothTried, target: 'notReached', actions: [answered, bothAsked, startClock<C>('nobodyReached')] },
    { actions: answered },
  ],
  contactTried: [
    { guard: bothTried, target: 'notReached', actions: [attempted, bothAsked, startClock<C>('nobodyReached')] },
    { actions: attempted },
  ],
};

const begins = (clock: string) => [startClock<C>(clock), takeBeginning];

/** The letter that this `letterSent` speaks of is the last of the family's to leave. */
const familyLetterLeft = ({ context, event }: Args): boolean => {
  const waiting = context.awaiting[text(event.payload, 'group') ?? ''];
  return (
    waiting?.letter === 'provision.outcome-gaps' &&
    waiting.outstanding.every((one) => one === text(event.payload, 'recipient'))
  );
};

const toldFamily = sendEach<C>(
  'provision.outcome-gaps',
  ({ context }) => [{ subject: String(context.check.found), to: 'parent-or-young-person' }],
  { meets: ['practice.family-told-of-gaps'] },
);
const familyToBeTold = owesEach<C>('To tell the family about gaps', 'practice.family-told-of-gaps', (context) => [
  String(context.check.found),
]);

/** Gaps are found where none was open any more. */
const findsAnew = (args: Args): boolean =>
  openGaps(args.context).length === 0 && (args.event.type === 'settingCannotDeliver' || tellsOfGap(args));

/** Action agreed: the provider is written to where it is another than the authority itself. */
const writeToProvider = sendEach<C>('provision.escalate-provider', (args) => {
  const subject = gapOf(args);
  const provider = text(args.event.payload, 'provider') ?? 'authority';
  return subject === undefined || provider === 'authority'
    ? []
    : [{ subject, to: provider === 'setting' ? settingOf(args) : provider }];
});

/**
 * Is what the plan promises delivered? Two contacts, family and setting, within 12 weeks of a final plan, or of an
 * amended one whose section F or I changed, and within the first term after a move: Somerset SEND Accelerated Progress
 * Plan 2023, action 1.2. CFA 2014 s.42(2) makes the authority secure the provision, whoever delivers it.
 */
export const provisionCheck = setup({
  types: { context: {} as ProvisionContext, events: {} as FactEvent },
}).createMachine({
  id: 'provision-check',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), check: nothingAnswered },
  states: {
    path: {
      initial: 'awaitingPlan',
      on: { letterSent: { actions: delivered<C>() }, ...endings<C>() },
      states: {
        awaitingPlan: {
          meta: noLimit('Waiting for a plan', 'No plan is on record that asks for a check', action12),
          on: {
            finalPlanIssued: { target: 'asking', actions: begins('finalPlanIssued') },
            amendedFinalPlanIssued: { target: 'asking', actions: begins('amendedFinalPlanIssued') },
            startedAtNewSetting: { target: 'askingAfterMove', actions: begins('startedAtNewSetting') },
          },
        },
        /** Twelve weeks from the plan: action 1.2. */
        asking: { meta: owes('Asking family and setting', 'practice.contact-after-plan-issued'), on: asking },
        /** Within the first term at the new setting: action 1.2, README E1. */
        askingAfterMove: {
          meta: owes('Asking family and new setting', 'practice.contact-after-phase-transfer'),
          on: asking,
        },
        /** A result of its own, that goes to a list of visits and calls: R-PRV-08. */
        notReached: {
          meta: owes('Somebody could not be reached', 'practice.visit-unreached'),
          on: {
            ...atAnyTime,
            accountGiven: [
              { guard: (args) => bothHeard(args) && hasGap(args), target: 'following', actions: [answered, visited] },
              { guard: bothHeard, target: 'done', actions: [answered, visited, allInPlace] },
              { actions: answered },
            ],
            contactTried: [
              { guard: (args) => allVisited(args) && hasGap(args), target: 'following', actions: [attempted, visited] },
              { guard: allVisited, target: 'done', actions: [attempted, visited] },
              { actions: attempted },
            ],
          },
        },
        /** Everybody was asked, and something is missing: the authority must secure it, s 42(2). */
        following: {
          meta: noLimit('Provision is missing', 'Each gap has its owner and its own days', section42),
          on: {
            ...atAnyTime,
            gapClosed: {
              guard: closesLast,
              target: 'done',
              actions: send<C>('provision.closed', 'parent-or-young-person'),
            },
          },
        },
        done: {
          tags: 'closed',
          meta: noLimit('Checked', 'Family and setting were asked, and no gap is open', action12),
          on: {
            ...atAnyTime,
            accountGiven: [{ guard: tellsOfGap, target: 'following', actions: answered }, { actions: answered }],
            settingCannotDeliver: 'following',
          },
        },
        ended,
      },
    },
    /** Each gap has an owner and a day, climbs setting, caseworker, manager, senior officer, and closes on evidence alone. */
    gaps: {
      initial: 'none',
      on: atRest('.over'),
      states: {
        none: {
          meta: noLimit('No gap is open', 'Nothing has been said to be missing', section42),
          on: {
            accountGiven: { guard: tellsOfGap, target: 'open' },
            settingCannotDeliver: { target: 'open', actions: cannotDeliver },
          },
        },
        open: {
          type: 'parallel',
          states: {
            agreeing: {
              meta: owesEach<C>('Gaps without an action', 'practice.gap-action-agreed', toAgree),
            },
            answering: {
              meta: owesEach<C>('Settings to answer', 'practice.cannot-deliver-answered', toAnswer),
            },
            climbing: { meta: owesEach<C>('Gaps that climb', 'practice.gap-escalated', toClimb) },
            closing: { meta: owesEach<C>('Gaps to close', 'practice.gap-closed', openGaps) },
          },
          on: {
            settingCannotDeliver: { actions: cannotDeliver },
            gapActionAgreed: {
              guard: speaksOfGap,
              actions: [
                meetEach<C>('practice.gap-action-agreed', gapOf),
                meetEach<C>('practice.cannot-deliver-answered', gapOf),
                writeToProvider,
                agreed,
              ],
            },
            gapEscalated: {
              guard: speaksOfGap,
              actions: [meetEach<C>('practice.gap-escalated', rungOf), escalated],
            },
            gapClosed: [
              {
                guard: closesLast,
                target: 'none',
                actions: [meetEach<C>('practice.gap-closed', gapOf), closed],
              },
              { guard: speaksOfGap, actions: [meetEach<C>('practice.gap-closed', gapOf), closed] },
            ],
          },
        },
        over: { meta: noLimit('Over', 'The process has ended', section42) },
      },
    },
    /** The family hears what is missing, who puts it right and by when, each time that gaps are found. */
    telling: {
      initial: 'nothing',
      on: atRest('.nothing'),
      states: {
        nothing: {
          meta: noLimit('Nothing to tell', 'No gap has been found, or the letter has left', section42),
          on: {
            accountGiven: { guard: tellsOfGap, target: 'toTell' },
            settingCannotDeliver: 'toTell',
            familyToldOfGaps: { guard: isRecorded, actions: change<C>(() => ({})) },
          },
        },
        toTell: {
          meta: familyToBeTold,
          on: {
            familyToldOfGaps: [
              { guard: isRecorded, target: 'told', actions: toldFamily },
              {
                guard: whenAsked<C>(({ context }) => everyGapHasAction(context)),
                target: 'leaving',
                actions: toldFamily,
              },
            ],
            gapClosed: { guard: closesLast, target: 'nothing' },
          },
        },
        /** The letter has not left yet. */
        leaving: {
          meta: familyToBeTold,
          on: { letterSent: { guard: familyLetterLeft, target: 'told' } },
        },
        told: {
          meta: noLimit('The family has been told', 'What we do about the gaps is in their letter', section42),
          on: {
            familyToldOfGaps: { guard: whenAsked<C>(({ context }) => everyGapHasAction(context)), actions: toldFamily },
            accountGiven: { guard: findsAnew, target: 'toTell' },
            settingCannotDeliver: { guard: findsAnew, target: 'toTell' },
          },
        },
      },
    },
  },
});

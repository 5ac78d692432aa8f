import {
  addDays,
  type Day,
  deadline,
  englandCalendars,
  isCannotCompute,
  phaseTransferDuties,
  type TransferPhase,
} from '@send/statute';
import {
  change,
  day,
  delivered,
  emptyContext,
  type FactEvent,
  meet,
  noLimit,
  owes,
  type RunContext,
  send,
  startClock,
  text,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { atRest, ended, endings, nothingMoreLeaves } from '../endings';

/** One move of one child: reg 2 names the phases, reg 18 the day of each. */
export interface PhaseTransferContext extends RunContext {
  move: {
    readonly phase?: TransferPhase;
    readonly year?: number;
    /** The setting that the child leaves: a plan that names it names no next one. */
    readonly leaves?: string;
    readonly preferred?: {
      readonly setting?: string;
      readonly type?: string;
      readonly words?: string;
      readonly on: Day;
    };
    readonly meetingOn?: Day;
    readonly consulted: readonly string[];
    /** How the review ended: the plan was amended, or kept as it is. */
    readonly reviewed?: 'amended' | 'kept';
    readonly named?: { readonly setting?: string; readonly type?: string; readonly on: Day };
    readonly startedAt?: string;
  };
}

type C = PhaseTransferContext;
type Args = { context: C; event: FactEvent };

const move = (how: (args: Args) => Partial<C['move']>) =>
  change<C>((args) => ({ move: { ...args.context.move, ...how(args) } }));

/** Leaves out what was not said. */
const said = (event: FactEvent, ...fields: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = text(event.payload, field);
      return value === undefined ? [] : [[field, value]];
    }),
  );

const isPhase = (phase: string | undefined): phase is TransferPhase =>
  phase !== undefined && Object.hasOwn(phaseTransferDuties, phase);

/** Where the fact does not say which: the phase whose day is the earliest, so that nobody is late by a guess. */
const phaseOf = (event: FactEvent): TransferPhase => {
  const phase = text(event.payload, 'phase');
  return isPhase(phase) ? phase : 'primary-to-secondary';
};

const yearOf = (event: FactEvent): number => {
  const year = event.payload['year'];
  return typeof year === 'number' ? year : Number(event.on.slice(0, 4)) + (event.on.slice(5) < '09-01' ? 0 : 1);
};

/** The first day at the next setting: 1 September, but where a move after 16 has a day of its own. */
const movesOn = (event: FactEvent): Day =>
  (phaseOf(event) === 'post-16' ? day(event.payload, 'movesOn') : undefined) ?? `${yearOf(event)}-09-01`;

/** Reg 18(3): for those who moved to a post-16 institution on 1 September 2015 alone, 31 May took the place of 31 March. */
const dutyOf = (event: FactEvent) => {
  const duty = phaseTransferDuties[phaseOf(event)];
  return duty === 'review.phase-transfer-31-march' && movesOn(event) === '2015-09-01'
    ? 'review.phase-transfer-2015-transitional'
    : duty;
};
const owed =
  (duty: ReturnType<typeof dutyOf>) =>
  ({ event }: Args): boolean =>
    dutyOf(event) === duty;

/** Local targets are counted back from the day before which the next setting must be named. */
const clocks = (event: FactEvent): RunContext['facts'] => {
  const phaseTransferDue = movesOn(event);
  const found = deadline(dutyOf(event), { phaseTransferDue }, englandCalendars, { explain: false });
  return isCannotCompute(found) || found.dueBy === null
    ? { phaseTransferDue }
    : { phaseTransferDue, nextSettingNamedBefore: addDays(found.dueBy, 1) };
};

const begin = [
  change<C>(
    ({ context, event }) => ({
      move: { ...context.move, phase: phaseOf(event), year: yearOf(event), ...said(event, 'leaves') },
      facts: { ...context.facts, ...clocks(event) },
    }),
    { starts: 'phaseTransferDue' },
  ),
  send<C>('review.phase-start', ({ event }) => (phaseOf(event) === 'post-16' ? null : 'parent-or-young-person')),
  send<C>('review.phase-post16', ({ event }) => (phaseOf(event) === 'post-16' ? 'parent-or-young-person' : null)),
];

/** A plan that names the setting being left does not name the next one; where it names none, its type is enough. */
const namesNext = ({ context, event }: Args): boolean => {
  switch (event.type) {
    case 'amendedFinalPlanIssued': {
      const setting = text(event.payload, 'setting');
      return setting === undefined ? text(event.payload, 'type') !== undefined : setting !== context.move.leaves;
    }
    case 'planKept':
      return event.payload['namesNext'] === true;
    default:
      return true;
  }
};

const reviewEnded = move(({ context, event }) => {
  const reviewed = { amendedFinalPlanIssued: 'amended', planKept: 'kept' } as const;
  return {
    ...(event.type in reviewed ? { reviewed: reviewed[event.type as keyof typeof reviewed] } : {}),
    ...(namesNext({ context, event }) ? { named: { ...said(event, 'setting', 'type'), on: event.on } } : {}),
  };
});

/** We act on it only once the review has ended: reg 18 wants the review, and the amendment where one is necessary. */
const reviewHasEnded = whenAsked<C>(({ context }) => context.move.reviewed !== undefined);

const naming = ['amendedFinalPlanIssued', 'planKept', 'nextSettingNamed'] as const;

/** What names the next setting leads there; what ends a review without naming it is noted. */
const onNaming = (target: string) => ({
  amendedFinalPlanIssued: [{ guard: namesNext, target, actions: reviewEnded }, { actions: reviewEnded }],
  planKept: [{ guard: namesNext, target, actions: reviewEnded }, { actions: reviewEnded }],
  nextSettingNamed: { guard: reviewHasEnded, target, actions: reviewEnded },
});

/** The same for a region that follows: only where the plan names the next setting. */
const whenNamed = (target: string, actions: ReturnType<typeof meet<C>>[] = []) =>
  Object.fromEntries(naming.map((fact) => [fact, { guard: namesNext, target, actions }]));

const started = move(({ event }) => {
  const setting = text(event.payload, 'setting');
  return setting === undefined ? {} : { startedAt: setting };
});
const starts = [startClock<C>('startedAtNewSetting'), started];

/** A limit that runs until a plan that names the next setting is sent. */
const runningLimit = (called: string, duty: string) => ({
  meta: owes(called, duty),
  on: { ...whenNamed('met', [meet<C>(duty)]), transferCalledOff: 'over', ...atRest('over') },
});

/** One of the steps before the plan, each with a local day counted back from the limit. */
const stepRegion = (fact: string, called: string, duty: string, done: string, actions: ReturnType<typeof move>[]) => ({
  initial: 'notYetDue',
  states: {
    notYetDue: {
      meta: noLimit('No move is on record', 'No move to another phase is on record'),
      on: { phaseTransferDue: 'due', [fact]: { target: 'done', actions }, ...whenNamed('over'), ...atRest('over') },
    },
    due: {
      meta: owes(called, duty),
      on: {
        [fact]: { target: 'done', actions: [...actions, meet<C>(duty)] },
        ...whenNamed('over'),
        transferCalledOff: 'over',
        ...atRest('over'),
      },
    },
    done: { meta: noLimit(done, 'This step is done'), on: { [fact]: { actions } } },
    over: {
      meta: noLimit('Needed no more', 'The plan names the next setting, or there is no move'),
      on: { [fact]: { actions } },
    },
  },
});

/**
 * A move from one phase of education to the next, from the first letter to the first day at the new setting: SEND Regs
 * 2014 reg 18. The plan is reviewed and amended in runs of their own (regs 20 to 22, 28), which tell this one. Beside
 * each other go the path, the limit of reg 18, and four steps with local days of their own.
 */
export const phaseTransfer = setup({
  types: { context: {} as PhaseTransferContext, events: {} as FactEvent },
}).createMachine({
  id: 'phase-transfer',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), move: { consulted: [] } },
  states: {
    path: {
      initial: 'awaitingMove',
      on: { letterSent: { actions: delivered<C>() }, ...endings<C>() },
      states: {
        awaitingMove: {
          meta: noLimit('Waiting for a move', 'No move to another phase is on record', 'SEND Regs 2014 reg 18'),
          on: { phaseTransferDue: { target: 'preparing', actions: begin }, ...onNaming('named') },
        },
        /** The family says where the child should go; the review is held; settings are asked. */
        preparing: {
          meta: noLimit('Preparing the move', 'The limit for the plan runs beside this', 'SEND Regs 2014 reg 18'),
          on: {
            ...onNaming('named'),
            startedAtNewSetting: { target: 'movedBeforePlan', actions: starts },
            transferCalledOff: { target: 'calledOff', actions: nothingMoreLeaves<C>() },
          },
        },
        /** Reg 18(1) and (2): the plan names the school or institution, or its type. */
        named: {
          meta: noLimit('The plan names the next setting', 'Waiting for the first day there', 'SEND Regs 2014 reg 18'),
          on: {
            phaseTransferDue: { actions: begin },
            amendedFinalPlanIssued: { actions: reviewEnded },
            planKept: { actions: reviewEnded },
            nextSettingNamed: { guard: reviewHasEnded, actions: reviewEnded },
            startedAtNewSetting: { target: 'moved', actions: starts },
            transferCalledOff: { target: 'calledOff', actions: nothingMoreLeaves<C>() },
          },
        },
        /** The child has moved and the plan still names no such setting: the limit runs on. */
        movedBeforePlan: {
          meta: noLimit('Moved before the plan', 'The limit for the plan runs beside this', 'SEND Regs 2014 reg 18'),
          on: onNaming('moved'),
        },
        moved: {
          tags: 'closed',
          meta: noLimit('Started at the new setting', 'The provision check asks after the first term', 'CFA 2014 s.42'),
        },
        calledOff: { tags: 'closed', meta: noLimit('No move', 'The child stays in the setting they are in') },
        ended,
      },
    },
    /** One day for each kind of move. No exception lifts any of them. */
    limit: {
      initial: 'noMove',
      states: {
        noMove: {
          meta: noLimit('No limit runs', 'No move to another phase is on record'),
          on: {
            phaseTransferDue: [
              { guard: owed('review.phase-transfer-31-march'), target: 'by31March' },
              { guard: owed('review.phase-transfer-2015-transitional'), target: 'by31May2015' },
              { guard: owed('review.post-16-to-post-16'), target: 'fiveMonthsBefore' },
              { target: 'by15February' },
            ],
            ...whenNamed('met'),
            ...atRest('over'),
          },
        },
        /** Reg 18(1)(b). */
        by15February: runningLimit('The plan is due before 15 February', 'review.phase-transfer-15-february'),
        /** Reg 18(1)(a). */
        by31March: runningLimit('The plan is due before 31 March', 'review.phase-transfer-31-march'),
        /** Reg 18(3), for one year only. */
        by31May2015: runningLimit('The plan is due before 31 May 2015', 'review.phase-transfer-2015-transitional'),
        /** Reg 18(2). */
        fiveMonthsBefore: runningLimit('The plan is due five months before the move', 'review.post-16-to-post-16'),
        met: { meta: noLimit('The plan names the next setting', 'Reg 18 has been met') },
        over: { meta: noLimit('No limit runs', 'There is no move any more, or no plan') },
      },
    },
    preference: stepRegion(
      'preferenceReceived',
      'Waiting for the family’s preference',
      'practice.phase-transfer-preference',
      'The family has said what it would like',
      [move(({ event }) => ({ preferred: { ...said(event, 'setting', 'type', 'words'), on: event.on } }))],
    ),
    meeting: stepRegion(
      'reviewMeetingHeld',
      'The review meeting is to be held',
      'practice.phase-transfer-meeting',
      'The review meeting was held',
      [move(({ event }) => ({ meetingOn: event.on }))],
    ),
    draft: stepRegion(
      'amendmentsSent',
      'The amendments are to be sent',
      'practice.phase-transfer-draft',
      'The family has the amendments',
      [move(() => ({}))],
    ),
    consultation: stepRegion(
      'settingConsulted',
      'Settings are to be consulted',
      'practice.phase-transfer-consultation',
      'A setting has been consulted',
      [
        move(({ context, event }) => ({
          consulted: [...new Set([...context.move.consulted, text(event.payload, 'setting') ?? 'not on record'])],
        })),
      ],
    ),
  },
});

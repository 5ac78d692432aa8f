import { auditCohort, type Day } from '@send/statute';
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
  type Payload,
  type RunContext,
  send,
  text,
  whenAsked,
} from '@send/workflow-kit';
import { setup } from 'xstate';
import { ended, endings } from '../endings';

/** What a panel may recommend. It advises: a named officer decides (R-PRI-02). */
export const recommendations = {
  agree: 'Agree',
  'agree-with-conditions': 'Agree with conditions',
  'do-not-agree': 'Do not agree',
  defer: 'Defer until more is known',
} as const;
export type Recommendation = keyof typeof recommendations;
/** What the decision-maker may decide: whoever decides does not defer. */
export type PanelDecision = Exclude<Recommendation, 'defer'>;

/** One case before a panel. What was said and why is in the facts; here is what the next step and the lists need. */
export interface PanelItem {
  readonly panel?: string;
  readonly question?: string;
  readonly legalTest?: string;
  /** The process that asked. Nothing of the panel changes a date of it. */
  readonly fromRun?: string;
  readonly sitting?: string;
  readonly meetsOn?: Day;
  /** How often it has come before a sitting. */
  readonly listed: number;
  readonly recommendation?: Recommendation;
  readonly recommendedOn?: Day;
  readonly recommendedBy?: string;
  readonly decision?: PanelDecision;
  readonly decidedOn?: Day;
  readonly decidedBy?: string;
  /** Months after the cohort's end at which its audit sample was drawn, and whether this case was in it. */
  readonly audited: Readonly<Record<string, boolean>>;
  readonly over?: true;
}

export interface PanelContext extends RunContext {
  item: PanelItem;
}

type C = PanelContext;
type Args = { context: C; event: FactEvent };

const item = (how: (args: Args) => Partial<PanelItem>) =>
  change<C>((args) => ({ item: { ...args.context.item, ...how(args) } }));

const kept = (payload: Payload, ...names: readonly ('panel' | 'question' | 'legalTest' | 'fromRun')[]) =>
  Object.fromEntries(names.flatMap((name) => (text(payload, name) === undefined ? [] : [[name, text(payload, name)]])));

const referred = item(({ event }) => kept(event.payload, 'panel', 'question', 'legalTest', 'fromRun'));
const listed = item(({ context, event }) => ({
  ...kept(event.payload, 'panel'),
  sitting: text(event.payload, 'sitting') ?? 'not on record',
  meetsOn: day(event.payload, 'meetsOn') ?? event.on,
  listed: context.item.listed + 1,
}));
/** Back to the pool: the next agenda is built from it. */
const unlisted = change<C>(({ context }) => {
  const { sitting: _, meetsOn: __, ...rest } = context.item;
  return { item: rest };
});
const recommended = item(({ event }) => ({
  recommendation: (text(event.payload, 'recommendation') ?? 'defer') as Recommendation,
  recommendedOn: event.on,
  recommendedBy: event.by,
}));
const decided = item(({ event }) => ({
  decision: (text(event.payload, 'decision') ?? 'do-not-agree') as PanelDecision,
  decidedOn: event.on,
  decidedBy: event.by,
}));
const over = item(() => ({ over: true }));

/** Decisions of one month are one cohort, which is audited from the end of that month: practice.panel-audit-10-percent. */
const cohortBegins = change<C>(
  ({ context, event }) => ({ facts: { ...context.facts, panelDecisionMade: auditCohort(event.on) } }),
  { starts: 'panelDecisionMade' },
);
const monthsOf = ({ payload }: FactEvent): string =>
  typeof payload['months'] === 'number' ? String(payload['months']) : 'not on record';
const drawn = item(({ context, event }) => ({
  audited: { ...context.item.audited, [monthsOf(event)]: event.payload['inSample'] === true },
}));

/** Of another agenda than the one it is on: it was moved there since, on the same day, and stays there. */
const ofAnotherSitting = ({ context, event }: Args): boolean => {
  const sitting = text(event.payload, 'sitting');
  return sitting !== undefined && context.item.sitting !== undefined && sitting !== context.item.sitting;
};
const isDeferral = ({ event }: Args): boolean => text(event.payload, 'recommendation') === 'defer';

/** The family is told what is missing, who gets it, and by when: without that a case is not deferred. */
export const saysWhatIsMissing = (payload: Payload): boolean =>
  Array.isArray(payload['missing']) &&
  text(payload, 'missingFrom') !== undefined &&
  day(payload, 'replyBy') !== undefined &&
  day(payload, 'nextMeetsOn') !== undefined;

const mayDefer = (args: Args): boolean =>
  isDeferral(args) && whenAsked<C>(({ event }) => saysWhatIsMissing(event.payload))(args);
/** Conditions are named where the panel agrees with conditions. */
const mayRecommend = (args: Args): boolean =>
  !isDeferral(args) &&
  whenAsked<C>(
    ({ event }) =>
      text(event.payload, 'recommendation') !== 'agree-with-conditions' || Array.isArray(event.payload['conditions']),
  )(args);
/** Whoever wrote down what the panel recommends does not also decide. */
const signsSeparately = whenAsked<C>(({ context, event }) => event.by !== context.item.recommendedBy);
const namesConditions = whenAsked<C>(
  ({ event }) =>
    text(event.payload, 'decision') !== 'agree-with-conditions' || Array.isArray(event.payload['conditions']),
);

const invite = send<C>('panel.notice-family', 'parent-or-young-person');
const tellDeferred = send<C>('panel.deferred', 'parent-or-young-person');

const list = { target: 'onAgenda', actions: [listed, invite] };
const withdraw = { target: 'withdrawn', actions: [unlisted, over] };
/** At any time: a panel never delays a date (R-PAN-01). */
const withoutPanel = { guard: namesConditions, target: 'decidedWithout', actions: [decided, unlisted, over] };
/** Off the agenda, unless it has been moved to another one. */
const backToPool = [
  { guard: ofAnotherSitting, actions: change<C>(() => ({})) },
  { target: 'referred', actions: unlisted },
];
const recommend = [
  { guard: mayDefer, target: 'deferred', actions: [recommended, unlisted, tellDeferred] },
  { guard: mayRecommend, target: 'recommended', actions: recommended },
];

const isOver = ({ item: { over: without }, facts }: C): boolean =>
  without === true || ['planEnded', 'movedAway', 'childDied'].some((fact) => facts[fact] !== undefined);
const whileOpen = ({ context, event }: Args): boolean => isRecorded({ event }) && !isOver(context);
const notYetDecided = (args: Args): boolean => whileOpen(args) && args.context.item.decision === undefined;
const told = (target: string, actions: readonly ReturnType<typeof change<C>>[]) => [
  { guard: notYetDecided, target, actions: [...actions] },
];

const terms = 'Local terms of reference';
const goesOn = 'The dates of the case run on: a panel moves none of them';

/**
 * A case before a panel: local terms of reference. The panel advises and a named officer decides, with the panel's
 * recommendation or without it, at any time. No date of any other process depends on it: neither reg 5 nor reg 10 of the
 * SEND Regs 2014 knows a panel. A tenth of what panels decided is audited: Somerset SEND Accelerated Progress Plan 2023,
 * action 1.1.
 */
export const panelDecision = setup({
  types: { context: {} as PanelContext, events: {} as FactEvent },
}).createMachine({
  id: 'panel-decision',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), item: { listed: 0, audited: {} } },
  states: {
    path: {
      initial: 'awaitingReferral',
      on: {
        letterSent: { actions: delivered<C>() },
        // What is recorded leads to its position from any open one.
        panelReferred: [{ guard: whileOpen, actions: referred }],
        putOnAgenda: told('.onAgenda', [listed]),
        takenOffAgenda: told('.referred', [unlisted]),
        sittingCancelled: told('.referred', [unlisted]),
        panelHeard: told('.heard', []),
        panelRecommended: [
          {
            guard: (args: Args) => notYetDecided(args) && isDeferral(args),
            target: '.deferred',
            actions: [recommended, unlisted],
          },
          { guard: notYetDecided, target: '.recommended', actions: recommended },
          // A recommendation that is told of after the decision changes nothing of it.
          { guard: whileOpen, actions: recommended },
        ],
        panelDecisionMade: told('.decided', [decided]),
        decidedWithoutPanel: told('.decidedWithout', [decided, unlisted, over]),
        panelWithdrawn: told('.withdrawn', [unlisted, over]),
        ...endings<C>(),
      },
      states: {
        awaitingReferral: {
          meta: noLimit('Waiting to be referred', 'Nobody has asked a panel anything', terms),
          on: { panelReferred: { target: 'referred', actions: referred } },
        },
        /** In the pool from which agendas are built, the earliest legal date first. */
        referred: {
          meta: noLimit('Waiting for a panel', goesOn, terms),
          on: { putOnAgenda: list, decidedWithoutPanel: withoutPanel, panelWithdrawn: withdraw },
        },
        onAgenda: {
          meta: noLimit('On a panel’s agenda', goesOn, terms),
          on: {
            putOnAgenda: list,
            takenOffAgenda: backToPool,
            /** The sitting does not take place: its cases go back to the pool, and none of their dates waits. */
            sittingCancelled: backToPool,
            panelHeard: 'heard',
            panelRecommended: [
              { guard: (args: Args) => mayDefer(args) && ofAnotherSitting(args), actions: [recommended, tellDeferred] },
              ...recommend,
            ],
            decidedWithoutPanel: withoutPanel,
            panelWithdrawn: withdraw,
          },
        },
        heard: {
          meta: noLimit('Heard by the panel', goesOn, terms),
          on: { panelRecommended: recommend, decidedWithoutPanel: withoutPanel, panelWithdrawn: withdraw },
        },
        /** What is missing is being got; the decision is still due on the day that the law sets. */
        deferred: {
          meta: noLimit('Deferred by the panel', goesOn, terms),
          on: { putOnAgenda: list, decidedWithoutPanel: withoutPanel, panelWithdrawn: withdraw },
        },
        recommended: {
          meta: noLimit('The panel has recommended', 'The decision-maker signs separately, with reasons', terms),
          on: {
            panelDecisionMade: {
              guard: (args: Args) => signsSeparately(args) && namesConditions(args),
              target: 'decided',
              actions: decided,
            },
            decidedWithoutPanel: withoutPanel,
            panelWithdrawn: withdraw,
          },
        },
        decided: { meta: noLimit('Decided', 'The decision is signed. The process that asked goes on with it', terms) },
        decidedWithout: {
          tags: 'closed',
          meta: noLimit(
            'Decided without the panel',
            'The decision is signed. The process that asked goes on with it',
            terms,
          ),
        },
        withdrawn: { tags: 'closed', meta: noLimit('Withdrawn', 'The panel is no longer asked', terms) },
        ended,
      },
    },
    /** A sample of a tenth of each month's decisions, at 6, 9 and 12 months: action 1.1. */
    audit: {
      initial: 'notDue',
      on: { planEnded: '.atRest', movedAway: '.atRest', childDied: '.atRest' },
      states: {
        notDue: {
          meta: noLimit('No audit is due', 'Only what a panel advised on and somebody then decided is audited', terms),
          on: {
            panelDecisionMade: { target: 'awaited', actions: cohortBegins },
            decidedWithoutPanel: 'atRest',
            panelWithdrawn: 'atRest',
          },
        },
        awaited: {
          meta: owes('Waiting for the audit of its month', 'practice.panel-audit-10-percent'),
          on: { auditDrawn: { target: 'drawn', actions: [drawn, meet<C>('practice.panel-audit-10-percent')] } },
        },
        drawn: {
          tags: 'closed',
          meta: noLimit(
            'The audit sample was drawn',
            'The later samples of the month are drawn from the same cases',
            terms,
          ),
          on: { auditDrawn: { actions: drawn } },
        },
        atRest: { meta: noLimit('Not audited', 'No decision that a panel advised on is to be audited', terms) },
      },
    },
  },
});

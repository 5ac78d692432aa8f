import type { Day } from '@send/statute';
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
  sendEach,
  serviceProved,
  startClock,
  text,
} from '@send/workflow-kit';
import { setup } from 'xstate';

/** Who is asked. Both accounts are kept, also where they differ. */
export const contacts = ['family', 'setting'] as const;
export type Contact = (typeof contacts)[number];

/** How far an item of provision is delivered, as one contact says. */
export type Delivered = 'in-full' | 'in-part' | 'not' | 'not-known';

/** The ladder of a gap: who must see that it closes. */
export const rungs = ['setting', 'caseworker', 'manager', 'senior-officer'] as const;
export type Rung = (typeof rungs)[number];

export interface Attempt {
  readonly contact: Contact;
  readonly channel: string;
  readonly on: Day;
}

export interface Account {
  readonly on: Day;
  readonly attends: 'yes' | 'in-part' | 'no' | 'not-known';
  readonly items: Readonly<Record<string, { readonly delivered: Delivered; readonly since?: Day }>>;
}

/** Provision that is not delivered, or a child who does not attend; closed on evidence alone. */
export interface Gap {
  readonly item: string;
  readonly says: Contact;
  readonly since?: Day;
  readonly openedOn: Day;
  readonly action?: string;
  readonly owner?: string;
  readonly dueOn?: Day;
  readonly rung: Rung;
  readonly closedOn?: Day;
  readonly evidenceFrom?: Contact;
}

export interface ProvisionContext extends RunContext {
  check: {
    readonly planVersion?: string;
    readonly setting?: string;
    readonly attempts: readonly Attempt[];
    readonly accounts: Readonly<Partial<Record<Contact, Account>>>;
    readonly unreachable: Readonly<Partial<Record<Contact, Day>>>;
    readonly gaps: Readonly<Record<string, Gap>>;
  };
}

type C = ProvisionContext;
type Args = { context: C; event: FactEvent };

const check = (how: (args: Args) => Partial<C['check']>) =>
  change<C>((args) => ({ check: { ...args.context.check, ...how(args) } }));

const contactOf = (event: FactEvent): Contact => (text(event.payload, 'contact') === 'setting' ? 'setting' : 'family');

/** Three attempts that failed, by two channels at least: a result of its own (R-PRV-08). */
export function triedEnough(attempts: readonly Attempt[], contact: Contact): boolean {
  const failed = attempts.filter((one) => one.contact === contact);
  return failed.length >= 3 && new Set(failed.map(({ channel }) => channel)).size >= 2;
}

const withAttempt = ({ context, event }: Args): readonly Attempt[] => [
  ...context.check.attempts,
  { contact: contactOf(event), channel: text(event.payload, 'channel') ?? 'not on record', on: event.on },
];

const attempted = check((args) => {
  const contact = contactOf(args.event);
  const attempts = withAttempt(args);
  const { unreachable, accounts } = args.context.check;
  return accounts[contact] === undefined && unreachable[contact] === undefined && triedEnough(attempts, contact)
    ? { attempts, unreachable: { ...unreachable, [contact]: args.event.on } }
    : { attempts };
});

interface AnswerRow {
  item: string;
  delivered: Delivered;
  since?: Day;
}

const rowsOf = (event: FactEvent): readonly AnswerRow[] => (event.payload['items'] as AnswerRow[] | undefined) ?? [];

/** A gap keeps its place on the ladder when the same item is told of again. */
const gapOf = (gaps: C['check']['gaps'], item: string, says: Contact, on: Day, since: Day | undefined): Gap => {
  const open = gaps[item];
  return open !== undefined && open.closedOn === undefined
    ? open
    : { item, says, openedOn: on, rung: 'setting', ...(since === undefined ? {} : { since }) };
};

const answered = check(({ context, event }) => {
  const contact = contactOf(event);
  const rows = rowsOf(event);
  const attends = (text(event.payload, 'attends') ?? 'not-known') as Account['attends'];
  const gaps: Record<string, Gap> = { ...context.check.gaps };
  for (const { item, delivered: how, since } of rows)
    if (how === 'not' || how === 'in-part') gaps[item] = gapOf(gaps, item, contact, event.on, since);
  if (attends === 'no' || attends === 'in-part')
    gaps[attendance] = gapOf(gaps, attendance, contact, event.on, day(event.payload, 'attendsSince'));
  const items = Object.fromEntries(
    rows.map(({ item, delivered: how, since }) => [
      item,
      { delivered: how, ...(since === undefined ? {} : { since }) },
    ]),
  );
  const { [contact]: _, ...unreachable } = context.check.unreachable;
  return {
    accounts: { ...context.check.accounts, [contact]: { on: event.on, attends, items } },
    unreachable,
    gaps,
  };
});

/** The child's attendance is asked of both, and a gap in it is handled as one in an item of provision. */
export const attendance = 'attendance';

/** At any time the setting may say that it cannot deliver (R-PRV-05). */
const cannotDeliver = check(({ context, event }) => {
  const item = text(event.payload, 'item') ?? 'not on record';
  const gap = gapOf(context.check.gaps, item, 'setting', event.on, day(event.payload, 'since'));
  // The setting has said that it cannot: the next to act is the authority.
  const rung: Rung = gap.rung === 'setting' ? 'caseworker' : gap.rung;
  return { gaps: { ...context.check.gaps, [item]: { ...gap, rung } } };
});

const changeGap = (how: (gap: Gap, event: FactEvent) => Gap) =>
  check(({ context, event }) => {
    const item = text(event.payload, 'item') ?? '';
    const gap = context.check.gaps[item];
    return gap === undefined ? {} : { gaps: { ...context.check.gaps, [item]: how(gap, event) } };
  });

const agreed = changeGap((gap, event) => ({
  ...gap,
  action: text(event.payload, 'action') ?? '',
  owner: text(event.payload, 'owner') ?? '',
  dueOn: day(event.payload, 'dueOn') ?? event.on,
}));

const escalated = changeGap((gap) => ({
  ...gap,
  rung: rungs[Math.min(rungs.indexOf(gap.rung) + 1, rungs.length - 1)] ?? gap.rung,
}));

const closed = changeGap((gap, event) => ({ ...gap, closedOn: event.on, evidenceFrom: contactOf(event) }));

const openGaps = (gaps: C['check']['gaps']): string[] =>
  Object.values(gaps).flatMap((gap) => (gap.closedOn === undefined ? [gap.item] : []));

const names = ({ event }: Args): string => text(event.payload, 'item') ?? '';
/** The one gap that is still open is the one this fact speaks of. */
const closesLast = (args: Args): boolean => openGaps(args.context.check.gaps).every((item) => item === names(args));
const isOpen = (args: Args): boolean => openGaps(args.context.check.gaps).includes(names(args));

const tellsOfGap = ({ event }: Args): boolean =>
  rowsOf(event).some(({ delivered: how }) => how === 'not' || how === 'in-part') ||
  ['no', 'in-part'].includes(text(event.payload, 'attends') ?? '');
const hasGap = (args: Args): boolean => openGaps(args.context.check.gaps).length > 0 || tellsOfGap(args);

/** What each contact has come to once this fact counts. */
const after = (args: Args): Readonly<Record<Contact, 'heard' | 'not reached' | 'open'>> => {
  const { accounts, unreachable } = args.context.check;
  const now = contactOf(args.event);
  const of = (contact: Contact) => {
    if (accounts[contact] !== undefined || (args.event.type === 'accountGiven' && now === contact)) return 'heard';
    const tried = args.event.type === 'contactTried' ? withAttempt(args) : args.context.check.attempts;
    return unreachable[contact] !== undefined || triedEnough(tried, contact) ? 'not reached' : 'open';
  };
  return { family: of('family'), setting: of('setting') };
};
const bothHeard = (args: Args): boolean => contacts.every((contact) => after(args)[contact] === 'heard');
const bothTried = (args: Args): boolean => contacts.every((contact) => after(args)[contact] !== 'open');

const bothAsked = meet<C>('practice.contact-after-plan-issued', 'practice.contact-after-phase-transfer');
const outcome = sendEach<C>('provision.outcome-gaps', (args) =>
  hasGap(args) ? [{ subject: 'family', to: 'parent-or-young-person' }] : [],
);
const allInPlace = sendEach<C>('provision.outcome-in-place', (args) =>
  hasGap(args) ? [] : [{ subject: 'family', to: 'parent-or-young-person' }],
);

/** Two contacts make a check; three attempts by two channels that failed are a result too. */
const asking = {
  accountGiven: [
    { guard: bothHeard, target: 'asked', actions: [answered, bothAsked, outcome, allInPlace] },
    { guard: bothTried, target: 'notReached', actions: [answered, bothAsked] },
    { actions: answered },
  ],
  contactTried: [{ guard: bothTried, target: 'notReached', actions: [attempted, bothAsked] }, { actions: attempted }],
};

const ask = [
  check(({ event }) => ({
    ...(text(event.payload, 'planVersion') === undefined
      ? {}
      : { planVersion: text(event.payload, 'planVersion') ?? '' }),
    ...(text(event.payload, 'setting') === undefined ? {} : { setting: text(event.payload, 'setting') ?? '' }),
  })),
];

/**
 * Is what the plan promises delivered? Two contacts, family and setting, within 12 weeks of a final plan, and within the
 * first term after a move: Somerset SEND Accelerated Progress Plan 2023, action 1.2; CFA 2014 s.42(2) makes the authority
 * secure the provision, whoever delivers it.
 */
export const provisionCheck = setup({
  types: { context: {} as ProvisionContext, events: {} as FactEvent },
}).createMachine({
  id: 'provision-check',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), check: { attempts: [], accounts: {}, unreachable: {}, gaps: {} } },
  states: {
    path: {
      initial: 'awaitingPlan',
      on: {
        letterSent: { actions: delivered<C>() },
        letterServed: { actions: serviceProved<C>() },
        accountGiven: { actions: answered },
        contactTried: { actions: attempted },
        planEnded: { target: '.ended' },
      },
      states: {
        awaitingPlan: {
          meta: noLimit('Waiting for a plan', 'No plan is on record that asks for a check'),
          on: {
            finalPlanIssued: { target: 'asking', actions: [startClock<C>('finalPlanIssued'), ...ask] },
            startedAtNewSetting: {
              target: 'askingAfterMove',
              actions: [startClock<C>('startedAtNewSetting'), ...ask],
            },
          },
        },
        /** Twelve weeks from the plan: action 1.2. */
        asking: { meta: owes('Asking family and setting', 'practice.contact-after-plan-issued'), on: asking },
        /** Within the first term at the new setting: action 1.2, README E1. */
        askingAfterMove: {
          meta: owes('Asking family and new setting', 'practice.contact-after-phase-transfer'),
          on: asking,
        },
        notReached: {
          meta: noLimit('Somebody could not be reached', 'Tried three times by two channels: visit, or ring again'),
          on: { accountGiven: [{ guard: bothHeard, target: 'asked', actions: [answered, outcome, allInPlace] }] },
        },
        asked: { meta: noLimit('Family and setting were asked', 'What they said is on record') },
        ended: { meta: noLimit('Ended', 'The plan, or our responsibility for it, has ended'), type: 'final' },
      },
    },
    /** Each gap has an owner and a day, climbs the ladder, and closes on evidence alone. */
    gaps: {
      initial: 'none',
      states: {
        none: {
          meta: noLimit('No gap is open', 'Nothing has been said to be missing'),
          on: {
            accountGiven: { guard: tellsOfGap, target: 'open' },
            settingCannotDeliver: { target: 'open', actions: cannotDeliver },
          },
        },
        open: {
          meta: noLimit('Provision is missing', 'Each gap has an owner and a day of its own'),
          on: {
            settingCannotDeliver: { actions: cannotDeliver },
            gapActionAgreed: { guard: isOpen, actions: agreed },
            gapEscalated: { guard: isOpen, actions: [escalated, send<C>('provision.escalate-provider', 'setting')] },
            gapClosed: [
              {
                guard: (args: Args) => isOpen(args) && closesLast(args),
                target: 'none',
                actions: [closed, send<C>('provision.closed', 'parent-or-young-person')],
              },
              { guard: isOpen, actions: closed },
            ],
          },
        },
      },
    },
  },
});

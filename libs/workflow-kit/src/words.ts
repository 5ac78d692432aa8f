import {
  type Day,
  deadline,
  englandCalendars,
  isCannotCompute,
  isCalendarEnds,
  servedBy,
  windowIsOver,
} from '@send/statute';
import { assign } from 'xstate';
import { addresseesOf, day, type FactEvent, text } from './fact';
import { type Awaiting, dutyKey, type RunContext } from './run-context';

/**
 * The few words a workflow may use: owes, owesEach, send, meet, startClock, delivered, recorded.
 * Each action is pure: it changes the context, and what must leave the building is listed in `effects`.
 */

/** What a position owes; `each` names the subjects of a duty owed once for each of several people. */
export interface Position {
  owes?: readonly string[];
  each?: { readonly duty: string; readonly of: (context: RunContext) => readonly string[] };
  /** Why no limit runs here, in a caseworker's words. */
  noLimit?: string;
  /** What a caseworker calls it. */
  called?: string;
  /** The provision it stands on, where no duty that it owes says so. */
  law?: string;
}

export const owes = (called: string, ...duties: string[]): Position => ({ called, owes: duties });

export const owesEach = <C extends RunContext>(
  called: string,
  duty: string,
  of: (context: C) => readonly string[],
): Position => ({ called, owes: [], each: { duty, of: of as (context: RunContext) => readonly string[] } });

export const noLimit = (called: string, why: string, law?: string): Position => ({
  called,
  noLimit: why,
  ...(law === undefined ? {} : { law }),
});

type Args<C> = { context: C; event: FactEvent };
type Change<C> = (args: Args<C>) => Partial<C>;

/** Carries what an action does on its face, so that the register and the diagram can read it. */
export interface Says {
  sends?: { letter: string; to: string; meets: readonly string[]; clocks: readonly string[] };
  meets?: readonly string[];
  starts?: string;
}

export function change<C extends RunContext>(how: Change<C>, says: Says = {}) {
  return Object.assign(
    assign<C, FactEvent, undefined, FactEvent, never>(({ context, event }) => how({ context, event })),
    { says },
  );
}

/** The duties with these met on a day, where they were not met before. */
export const metOn = (duties: RunContext['duties'], keys: readonly string[], on: Day): RunContext['duties'] => {
  if (keys.length === 0) return duties;
  const next = { ...duties };
  for (const key of keys) {
    const before = next[key];
    if (before?.metOn === undefined) next[key] = { since: before?.since ?? on, metOn: on };
  }
  return next;
};

/** The duty is met by this fact itself, on its day. */
export const meet = <C extends RunContext>(...duties: string[]) =>
  change<C>(({ context, event }) => ({ duties: metOn(context.duties, duties, event.on) }) as Partial<C>, {
    meets: duties,
  });

/** The duty owed to, or by, one of several is met. */
export const meetEach = <C extends RunContext>(duty: string, subjectOf: (args: Args<C>) => string | undefined) =>
  change<C>(
    (args) => {
      const subject = subjectOf(args);
      return subject === undefined
        ? {}
        : ({ duties: metOn(args.context.duties, [dutyKey(duty, subject)], args.event.on) } as Partial<C>);
    },
    { meets: [duty] },
  );

/** The law counts from this fact. */
export const startClock = <C extends RunContext>(fact: string) =>
  change<C>(({ context, event }) => ({ facts: { ...context.facts, [fact]: event.on } }) as Partial<C>, {
    starts: fact,
  });

export interface Sending {
  /** Duties met when the last of these letters has left. */
  meets?: readonly string[];
  /** The clocks that run from sending, and the one that runs from service. */
  sent?: string | readonly string[];
  served?: string;
}

const clocksOf = ({ sent, served }: Sending): string[] => [sent ?? [], served ?? []].flat();

/**
 * Drafts one letter for each recipient. Acting meets nothing: `letterSent` does, on the day the last one left.
 * What is recorded as done has been sent by other hands: its duties are met on its own day, and a letter with no
 * service date is served by first class post (README C4).
 */
export const send = <C extends RunContext>(
  letter: string,
  to: string | ((args: Args<C>) => string | null),
  sending: Sending = {},
) =>
  change<C>(
    (args) => {
      const whom = typeof to === 'string' ? to : to(args);
      return whom === null ? {} : (sendOne(args.context, args.event, letter, whom, sending, null) as Partial<C>);
    },
    {
      sends: {
        letter,
        to: typeof to === 'string' ? to : 'as the case has it',
        meets: sending.meets ?? [],
        clocks: clocksOf(sending),
      },
    },
  );

/** As `send`, once for each of several: an adviser asked, a setting consulted. Duties and clocks are the subject's own. */
export const sendEach = <C extends RunContext>(
  letter: string,
  of: (args: Args<C>) => readonly { subject: string; to: string }[],
  sending: Sending = {},
) =>
  change<C>(
    (args) => {
      let next: RunContext = args.context;
      for (const { subject, to } of of(args)) {
        next = { ...next, ...sendOne(next, args.event, letter, to, sending, subject) };
      }
      return next as unknown as Partial<C>;
    },
    { sends: { letter, to: 'each', meets: sending.meets ?? [], clocks: clocksOf(sending) } },
  );

const namesOf = (clocks: string | readonly string[] | undefined): readonly string[] =>
  typeof clocks === 'string' ? [clocks] : (clocks ?? []);

function sendOne(
  context: RunContext,
  event: FactEvent,
  letter: string,
  to: string,
  sending: Sending,
  subject: string | null,
): Partial<RunContext> {
  const clock = (name: string) => dutyKey(name, subject);
  const meets = (sending.meets ?? []).map((duty) => dutyKey(duty, subject));
  if (event.door === 'record') {
    const facts = { ...context.facts };
    for (const name of namesOf(sending.sent)) facts[clock(name)] = event.on;
    if (sending.served !== undefined)
      facts[clock(sending.served)] = day(event.payload, 'servedOn') ?? firstClass(event.on);
    return { facts, duties: metOn(context.duties, meets, event.on) };
  }
  const group = `${event.factId}:${letter}${subject === null ? '' : `:${subject}`}`;
  const awaiting: Awaiting = {
    letter,
    outstanding: [...(addresseesOf(event.payload)[group.slice(event.factId.length + 1)] ?? [])],
    meets,
  };
  if (typeof sending.sent === 'string') awaiting.sent = clock(sending.sent);
  else if (sending.sent !== undefined) awaiting.sent = sending.sent.map(clock);
  if (sending.served !== undefined) awaiting.served = clock(sending.served);
  return {
    awaiting: { ...context.awaiting, [group]: awaiting },
    effects: [...context.effects, { kind: 'letter', letter, to, group, subject, factId: event.factId }],
  };
}

/** `letterSent`: one letter has left. The last of its group meets the duties and starts the clocks. */
export const delivered = <C extends RunContext>() =>
  change<C>(({ context, event }) => {
    const group = text(event.payload, 'group') ?? '';
    const waiting = context.awaiting[group];
    if (waiting === undefined) return {};
    const servedOn = later(waiting.servedOn, day(event.payload, 'servedOn') ?? event.on);
    const outstanding = waiting.outstanding.filter((one) => one !== text(event.payload, 'recipient'));
    const promised = promisedBy(context, event);
    if (outstanding.length > 0) {
      return {
        promised,
        awaiting: { ...context.awaiting, [group]: { ...waiting, outstanding, servedOn } },
      } as Partial<C>;
    }
    const awaiting = { ...context.awaiting };
    delete awaiting[group];
    const facts = { ...context.facts };
    for (const name of namesOf(waiting.sent)) facts[name] = event.on;
    if (waiting.served !== undefined) facts[waiting.served] = servedOn;
    // Where several must be told, the duty is met when the last letter has left.
    const stillToLeave = new Set(Object.values(awaiting).flatMap((other) => other.meets));
    const met = waiting.meets.filter((duty) => !stillToLeave.has(duty));
    return { promised, awaiting, facts, duties: metOn(context.duties, met, event.on) } as Partial<C>;
  });

function promisedBy(context: RunContext, event: FactEvent): Record<string, Day> {
  const printed = event.payload['promised'] as readonly { duty: string; lastDay: Day }[] | undefined;
  if (printed === undefined) return context.promised;
  const promised = { ...context.promised };
  for (const { duty, lastDay } of printed) promised[duty] = later(promised[duty], lastDay);
  return promised;
}

/** Service proved on another day than the channel's rule gives. */
export const serviceProved = <C extends RunContext>() =>
  change<C>(({ context, event }) => {
    const clock = text(event.payload, 'clock');
    return clock === undefined ? {} : ({ facts: { ...context.facts, [clock]: event.on } } as Partial<C>);
  });

/**
 * Somebody else's time is over: the law's last day and, where later, the one printed in their letter, have passed.
 * A window that has not begun to run is not over.
 */
export function windowClosed(context: RunContext, duty: string, on: Day): boolean {
  const printed = context.promised[duty];
  return windowIsOver(duty, on, context.facts, printed === undefined ? {} : { promisedUntil: printed });
}

/** The family's last day, and the Tribunal's own later one where its rules give it, have passed. */
export function timePassed(context: RunContext, duty: string, on: Day): boolean {
  const found = deadline(duty, context.facts, englandCalendars, { explain: false });
  return !isCannotCompute(found) && found.dueBy !== null && on > (found.inTimeUntil ?? found.dueBy);
}

/** Guards are conditions in the law, asked when we act and never again. */
export const whenAsked =
  <C extends RunContext>(allows: (args: Args<C>) => boolean) =>
  (args: Args<C>): boolean =>
    !args.event.asked || allows(args);

export const isRecorded = ({ event }: { event: FactEvent }): boolean => event.door === 'record';

/**
 * Recorded facts lead to the position they imply from any open one. A workflow spreads this over the region where
 * the fact belongs: `...recorded({ finalPlanIssued: { target: '.planIssued', actions } })`.
 */
export function recorded<T extends Record<string, { target?: string; actions?: unknown; reenter?: boolean }>>(
  facts: T,
): { [K in keyof T]: T[K] & { guard: typeof isRecorded } } {
  return Object.fromEntries(
    Object.entries(facts).map(([fact, to]) => [fact, { ...to, guard: isRecorded }]),
  ) as unknown as { [K in keyof T]: T[K] & { guard: typeof isRecorded } };
}

/** Where the calendar ends no later day can be shown: the day of sending protects nobody less than a guess would. */
export function firstClass(on: Day): Day {
  const served = servedBy('first-class', on, englandCalendars);
  return isCalendarEnds(served) ? on : served;
}

export const later = (a: Day | undefined, b: Day): Day => (a === undefined || b > a ? b : a);

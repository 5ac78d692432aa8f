import { type Day, isDay, type Term } from '@send/statute';
import { change, day, dutyKey, type FactEvent, type RunContext, text } from '@send/workflow-kit';

/** Who is asked. A check has both their accounts, or has tried; they are kept also where they differ (R-PRV-02). */
export const contacts = ['family', 'setting'] as const;
export type Contact = (typeof contacts)[number];
/** Whose account counts beside theirs: health for section G, social care for H. */
export type Informant = Contact | 'health' | 'social-care';

/** How far an item of provision is delivered, as one of them says. */
export type Delivered = 'in-full' | 'in-part' | 'not' | 'not-known';

/** The ladder of a gap: who must see that it closes (R-PRV-03). */
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
  readonly attendsSince?: Day;
  readonly items: Readonly<Record<string, { readonly delivered: Delivered; readonly since?: Day }>>;
}

/** Provision that is not delivered, or a child who does not attend. */
export interface Gap {
  readonly item: string;
  readonly says: Informant;
  readonly since?: Day;
  readonly openedOn: Day;
  readonly rung: Rung;
  /** The setting said that it cannot deliver; the authority has answered once an action is agreed after it. */
  readonly reportedOn?: Day;
  readonly answered?: boolean;
  readonly action?: string;
  readonly owner?: string;
  readonly dueOn?: Day;
  readonly firstDueOn?: Day;
  readonly closedOn?: Day;
  readonly evidence?: string;
  readonly evidenceFrom?: Contact;
}

export interface ProvisionContext extends RunContext {
  check: {
    readonly planVersion?: string;
    readonly setting?: string;
    readonly attempts: readonly Attempt[];
    readonly accounts: Readonly<Partial<Record<Informant, Account>>>;
    readonly unreachable: Readonly<Partial<Record<Contact, Day>>>;
    /** By item; an item that is missing again after its gap was closed has a second one, `<item>~2`. */
    readonly gaps: Readonly<Record<string, Gap>>;
    /** How often gaps have been found where none was open: each time the family is told what we will do. */
    readonly found: number;
    readonly earlyReviewSoughtOn?: Day;
  };
}

export const nothingAnswered: ProvisionContext['check'] = {
  attempts: [],
  accounts: {},
  unreachable: {},
  gaps: {},
  found: 0,
};

type C = ProvisionContext;
export type Args = { context: C; event: FactEvent };

/** The child's attendance is asked of both, and a gap in it is handled as one in an item of provision. */
export const attendance = 'attendance';

const check = (how: (args: Args) => Partial<C['check']>) =>
  change<C>((args) => ({ check: { ...args.context.check, ...how(args) } }));

export const contactOf = (event: FactEvent): Contact =>
  text(event.payload, 'contact') === 'setting' ? 'setting' : 'family';
const informantOf = (event: FactEvent): Informant => (text(event.payload, 'contact') ?? 'family') as Informant;

interface TermRow {
  from?: unknown;
  to?: unknown;
}

/** What the run is given of the plan, the setting and its terms, and of the authority's own policy. */
export const takeBeginning = change<C>(({ context, event }) => {
  const { payload } = event;
  const planVersion = text(payload, 'planVersion');
  const setting = text(payload, 'setting');
  const policyInForceFrom = day(payload, 'inForceFrom');
  const rows = Array.isArray(payload['terms']) ? (payload['terms'] as TermRow[]) : [];
  const terms = rows.flatMap(({ from, to }): Term[] =>
    typeof from === 'string' && typeof to === 'string' && isDay(from) && isDay(to) ? [{ from, to }] : [],
  );
  return {
    check: {
      ...context.check,
      ...(planVersion === undefined ? {} : { planVersion }),
      ...(setting === undefined ? {} : { setting }),
    },
    ...(policyInForceFrom === undefined ? {} : { policyInForceFrom }),
    ...(terms.length === 0 ? {} : { terms }),
  };
});

/** Three attempts that failed, by two channels at least: a result of its own (R-PRV-08). */
function triedEnough(attempts: readonly Attempt[], contact: Contact): boolean {
  const failed = attempts.filter((one) => one.contact === contact);
  return failed.length >= 3 && new Set(failed.map(({ channel }) => channel)).size >= 2;
}

const withAttempt = ({ context, event }: Args): readonly Attempt[] => [
  ...context.check.attempts,
  { contact: contactOf(event), channel: text(event.payload, 'channel') ?? 'not on record', on: event.on },
];

export const attempted = check((args) => {
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

type Gaps = C['check']['gaps'];

const isOpen = (gap: Gap | undefined): gap is Gap => gap !== undefined && gap.closedOn === undefined;

/** Keys of the gaps that are open. */
export const openGaps = ({ check: { gaps } }: C): string[] => Object.keys(gaps).filter((key) => isOpen(gaps[key]));

/** The open gap of an item, else the key that a new one takes. */
function keyOf(gaps: Gaps, item: string): string {
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? item : `${item}~${number}`;
    const gap = gaps[key];
    if (gap === undefined || gap.closedOn === undefined) return key;
  }
}

export const atRung = (key: string, rung: Rung): string => `${key}~${rung}`;

/** Opens the gaps that this fact tells of; one that is open already keeps its place on the ladder. */
function opened(context: C, event: FactEvent, told: readonly Pick<Gap, 'item' | 'says' | 'since'>[], rung: Rung) {
  const gaps: Record<string, Gap> = { ...context.check.gaps };
  const facts = { ...context.facts };
  let { found } = context.check;
  for (const { item, says, since } of told) {
    const key = keyOf(gaps, item);
    if (gaps[key] !== undefined) continue;
    if (!Object.values(gaps).some(isOpen)) {
      found += 1;
      facts[dutyKey('gapsFound', String(found))] = event.on;
    }
    gaps[key] = { item, says, openedOn: event.on, rung, ...(since === undefined ? {} : { since }) };
    facts[dutyKey('gapOpened', key)] = event.on;
    facts[dutyKey('gapAtRung', atRung(key, rung))] = event.on;
  }
  return { gaps, facts, found };
}

const missing = (how: Delivered): boolean => how === 'not' || how === 'in-part';

const toldOf = (event: FactEvent): Pick<Gap, 'item' | 'says' | 'since'>[] => {
  const says = informantOf(event);
  const since = (on: Day | undefined) => (on === undefined ? {} : { since: on });
  return [
    ...rowsOf(event).flatMap((row) => (missing(row.delivered) ? [{ item: row.item, says, ...since(row.since) }] : [])),
    ...(['no', 'in-part'].includes(text(event.payload, 'attends') ?? '')
      ? [{ item: attendance, says, ...since(day(event.payload, 'attendsSince')) }]
      : []),
  ];
};

export const answered = change<C>(({ context, event }) => {
  const who = informantOf(event);
  const { gaps, facts, found } = opened(context, event, toldOf(event), 'setting');
  const since = day(event.payload, 'attendsSince');
  const items = Object.fromEntries(
    rowsOf(event).map((row) => [
      row.item,
      { delivered: row.delivered, ...(row.since === undefined ? {} : { since: row.since }) },
    ]),
  );
  const before = context.check.accounts[who];
  const account: Account = {
    on: event.on,
    attends: (text(event.payload, 'attends') ?? before?.attends ?? 'not-known') as Account['attends'],
    ...(since === undefined ? {} : { attendsSince: since }),
    items: { ...before?.items, ...items },
  };
  const unreachable = { ...context.check.unreachable };
  if (who === 'family' || who === 'setting') delete unreachable[who];
  return {
    facts,
    check: { ...context.check, gaps, found, unreachable, accounts: { ...context.check.accounts, [who]: account } },
  };
});

/** At any time the setting may say that it cannot deliver (R-PRV-05): the next to act is the authority. */
export const cannotDeliver = change<C>(({ context, event }) => {
  const item = text(event.payload, 'item') ?? 'not on record';
  const since = day(event.payload, 'since');
  const now = opened(
    context,
    event,
    [{ item, says: 'setting', ...(since === undefined ? {} : { since }) }],
    'caseworker',
  );
  const key = keyOf(now.gaps, item);
  const gap = now.gaps[key];
  if (gap === undefined) return {};
  const rung: Rung = gap.rung === 'setting' ? 'caseworker' : gap.rung;
  const facts = { ...now.facts, [dutyKey('cannotDeliverReported', key)]: event.on };
  if (rung !== gap.rung) facts[dutyKey('gapAtRung', atRung(key, rung))] = event.on;
  return {
    facts,
    check: {
      ...context.check,
      found: now.found,
      gaps: { ...now.gaps, [key]: { ...gap, rung, reportedOn: event.on, answered: false } },
    },
  };
});

/** The open gap that a fact speaks of. */
export const gapOf = ({ context, event }: Args): string | undefined => {
  const key = keyOf(context.check.gaps, text(event.payload, 'item') ?? '');
  return isOpen(context.check.gaps[key]) ? key : undefined;
};

const changeGap = (how: (gap: Gap, key: string, args: Args) => { gap: Gap; facts?: Record<string, Day> }) =>
  change<C>((args) => {
    const { context } = args;
    const key = gapOf(args);
    const gap = key === undefined ? undefined : context.check.gaps[key];
    if (key === undefined || gap === undefined) return {};
    const next = how(gap, key, args);
    return {
      facts: { ...context.facts, ...next.facts },
      check: { ...context.check, gaps: { ...context.check.gaps, [key]: next.gap } },
    };
  });

export const agreed = changeGap((gap, key, { event }) => {
  const dueOn = day(event.payload, 'dueOn') ?? event.on;
  return {
    gap: {
      ...gap,
      action: text(event.payload, 'action') ?? '',
      owner: text(event.payload, 'owner') ?? '',
      dueOn,
      firstDueOn: gap.firstDueOn ?? dueOn,
      ...(gap.reportedOn === undefined ? {} : { answered: true }),
    },
    facts: {
      [dutyKey('gapActionDue', key)]: dueOn,
      [dutyKey('gapActionDue', atRung(key, gap.rung))]: dueOn,
    },
  };
});

const above = (rung: Rung): Rung => rungs[Math.min(rungs.indexOf(rung) + 1, rungs.length - 1)] ?? rung;

export const escalated = changeGap((gap, key, { event }) => ({
  gap: { ...gap, rung: above(gap.rung) },
  facts: { [dutyKey('gapAtRung', atRung(key, above(gap.rung)))]: event.on },
}));

export const closed = changeGap((gap, _key, { event }) => ({
  gap: {
    ...gap,
    closedOn: event.on,
    evidence: text(event.payload, 'evidence') ?? '',
    evidenceFrom: contactOf(event),
  },
}));

export const soughtReview = check(({ event }) => ({ earlyReviewSoughtOn: event.on }));

export const rungOf = (args: Args): string | undefined => {
  const key = gapOf(args);
  const gap = key === undefined ? undefined : args.context.check.gaps[key];
  return key === undefined || gap === undefined ? undefined : atRung(key, gap.rung);
};

const gaps = ({ check: { gaps: all } }: C, which: (gap: Gap) => boolean): [string, Gap][] =>
  Object.entries(all).filter(([, gap]) => isOpen(gap) && which(gap));
const keysOf = (context: C, which: (gap: Gap) => boolean): string[] => gaps(context, which).map(([key]) => key);

/** What each open gap still needs. */
export const toAgree = (context: C): string[] =>
  keysOf(context, (gap) => gap.action === undefined && gap.reportedOn === undefined);
export const toAnswer = (context: C): string[] =>
  keysOf(context, (gap) => gap.reportedOn !== undefined && gap.answered !== true);
export const toClimb = (context: C): string[] =>
  gaps(context, (gap) => gap.rung !== 'senior-officer').map(([key, gap]) => atRung(key, gap.rung));
export const everyGapHasAction = (context: C): boolean =>
  openGaps(context).length > 0 && gaps(context, (gap) => gap.action === undefined).length === 0;

export const tellsOfGap = ({ event }: Args): boolean => toldOf(event).length > 0;
export const hasGap = (args: Args): boolean => openGaps(args.context).length > 0 || tellsOfGap(args);
/** The one gap that is still open is the one this fact speaks of. */
export const closesLast = (args: Args): boolean => {
  const key = gapOf(args);
  return key !== undefined && openGaps(args.context).every((one) => one === key);
};
export const speaksOfGap = (args: Args): boolean => gapOf(args) !== undefined;

/** What each contact has come to once this fact counts. */
const after = (args: Args, contact: Contact): 'heard' | 'not reached' | 'open' => {
  const { accounts, unreachable, attempts } = args.context.check;
  const { event } = args;
  if (accounts[contact] !== undefined || (event.type === 'accountGiven' && informantOf(event) === contact))
    return 'heard';
  const tried = event.type === 'contactTried' ? withAttempt(args) : attempts;
  return unreachable[contact] !== undefined || triedEnough(tried, contact) ? 'not reached' : 'open';
};
export const bothHeard = (args: Args): boolean => contacts.every((contact) => after(args, contact) === 'heard');
export const bothTried = (args: Args): boolean => contacts.every((contact) => after(args, contact) !== 'open');
/** Whoever was not reached has been visited too. */
export const allVisited = (args: Args): boolean =>
  contacts.every(
    (contact) =>
      after(args, contact) === 'heard' ||
      withAttempt(args).some((one) => one.contact === contact && one.channel === 'visit'),
  );

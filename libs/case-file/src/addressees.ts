import type { Actor } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import { In } from 'typeorm';
import type { AddressKeys, PostalAddress } from './address-keys';
import { capacityOn, childOf, fullName, rightsHolder } from './child';
import type { Child } from './child.entity';
import { raiseNotice } from './notice';
import { familyKinds, peopleOn, type PersonBeside, withDetails } from './people';
import { type LetterFormat, Relationship, type SafeChannel } from './people.entity';
import { readProtectedAddress } from './protected-address';
import { notToBeShared } from './same-place';
import { Adviser, type AdviserKind, Setting } from './setting.entity';

/** Whom a letter is for, before anybody knows who that is. */
export type LetterTo =
  | 'parent-or-young-person'
  | 'child'
  | 'setting'
  | 'health'
  | 'social-care'
  | `setting:${string}`
  | `adviser:${string}`
  | `person:${string}`;

/** One who must have the letter. A letter is made for each; nothing of one is ever in another's. */
export interface Addressee {
  /** Stable: `person:<id>`, `setting:<id>` or `adviser:<id>`. Part of the letter's unique key. */
  readonly id: string;
  readonly kind:
    'parent' | 'young-person' | 'child' | 'setting' | 'health' | 'social-care' | 'professional' | 'authority';
  readonly name: string;
  /** What follows "Dear". */
  readonly salutation: string;
  readonly role?: string;
  /** Postcode last. Where the address is not to be shared, one line that says so: `resolveAddress` reads it at hand-over. */
  readonly addressLines: readonly string[];
  readonly addressProtected: boolean;
  /** The way that is safe for them. What goes by another one, a person has decided on for that letter. */
  readonly channel: Exclude<SafeChannel, 'phone'>;
  readonly email?: string;
  readonly language: string;
  readonly interpreter?: string;
  readonly format: LetterFormat;
  /** A copy, by the young person's leave: it carries no rights of its own. */
  readonly asCopy?: true;
}

export type WhyHeld =
  | 'parental-responsibility-not-known'
  | 'parental-responsibility-ended'
  | 'not-confirmed'
  | 'court-limits-not-decided'
  | 'looked-after-not-decided'
  | 'no-address'
  | 'phone-only'
  | 'nobody-on-record';

/** Somebody to whom nothing goes before a person has decided or found out. Legal dates run on meanwhile. */
export interface Held {
  readonly id: string;
  readonly name: string;
  readonly why: WhyHeld;
  /** What is to be done about it, for the task. */
  readonly text: string;
}

/** Somebody with parental responsibility who is left out on a legal ground. */
export interface LeftOut {
  readonly id: string;
  readonly name: string;
  readonly reason: 'court-order' | 'risk-assessment' | 'adoption';
}

export interface Addressees {
  readonly send: readonly Addressee[];
  readonly held: readonly Held[];
  readonly leftOut: readonly LeftOut[];
}

type Found = { send: Addressee } | { held: Held } | { leftOut: LeftOut } | undefined;

/**
 * Who must receive a letter on that day. `letter` is its id in the catalogue, for whoever receives some kinds and not others.
 * Everyone with parental responsibility does, unless a recorded legal reason says otherwise; over compulsory school age
 * the young person does instead.
 */
export async function addressees(tx: Tx, childId: string, to: LetterTo, on: Day, letter = 'any'): Promise<Addressees> {
  const child = await childOf(tx, childId);
  const found = await lookUp(tx, child, to, on, letter);
  const answer = {
    send: found.flatMap((one) => (one && 'send' in one ? [one.send] : [])),
    held: found.flatMap((one) => (one && 'held' in one ? [one.held] : [])),
    leftOut: found.flatMap((one) => (one && 'leftOut' in one ? [one.leftOut] : [])),
  };
  const main = answer.send.filter((one) => !one.asCopy);
  // A letter without anybody to send it to must not pass for a letter sent.
  if (main.length === 0 && answer.held.length === 0) answer.held.push(nobody(to));
  return answer;
}

async function lookUp(tx: Tx, child: Child, to: LetterTo, on: Day, letter: string): Promise<Found[]> {
  switch (to) {
    case 'parent-or-young-person':
      return rightsHolder(child, on) === 'parent' ? parents(tx, child, on, letter) : youngPerson(tx, child, on, letter);
    case 'child':
      return (await peopleOn(tx, child.id, on))
        .filter((one) => one.relationship.kind === 'self')
        .map((one) => toPerson(one, rightsHolder(child, on) === 'parent' ? 'child' : 'young-person', child));
    case 'setting':
      return child.settingId === null ? [] : settings(tx, child.settingId);
    case 'health':
      return advisers(tx, 'health-commissioner', on);
    case 'social-care':
      return advisers(tx, 'social-care', on);
    default: {
      const [kind, id = ''] = to.split(':', 2);
      if (kind === 'setting') return settings(tx, id);
      if (kind === 'adviser') return (await tx.repository(Adviser).findBy({ id })).map(toAdviser);
      return (await peopleOn(tx, child.id, on))
        .filter((one) => one.person.id === id)
        .map((one) => toPerson(one, familyKinds.includes(one.relationship.kind) ? 'parent' : 'professional', child));
    }
  }
}

async function parents(tx: Tx, child: Child, on: Day, letter: string): Promise<Found[]> {
  const people = await peopleOn(tx, child.id, on);
  return people.map((one) =>
    familyKinds.includes(one.relationship.kind) ? toParent(one, child, on, letter) : toOfficer(one, child, letter),
  );
}

/** The law's default is that a parent is told. Each way out of it here is a recorded decision, confirmed by two. */
function toParent(one: PersonBeside, child: Child, on: Day, letter: string): Found {
  const { relationship } = one;
  const { receives } = relationship;
  if (relationship.parentalResponsibility === 'not-known') {
    return hold(
      one,
      'parental-responsibility-not-known',
      `Find out whether ${nameOf(one)} has parental responsibility. Nothing is sent to them until that is recorded.`,
    );
  }
  if (relationship.responsibilityUntil !== null && relationship.responsibilityUntil <= on) {
    return hold(
      one,
      'parental-responsibility-ended',
      `What is recorded about the parental responsibility of ${nameOf(one)} no longer holds. Record what holds now. Nothing is sent to them until then.`,
    );
  }
  if (relationship.confirmedBy === null) {
    return hold(
      one,
      'not-confirmed',
      `What is recorded about the parental responsibility of ${nameOf(one)} waits for a second person to confirm it.`,
    );
  }
  const decidedFor = receives !== null && covers(receives, letter);
  if (relationship.receivesRefusedReason !== null) {
    return decidedFor
      ? toPerson(one, 'parent', child)
      : { leftOut: { id: keyOf(one), name: nameOf(one), reason: relationship.receivesRefusedReason } };
  }
  if (relationship.parentalResponsibility === 'no') {
    // A carer or foster carer can count as a parent, by a named officer's decision: Education Act 1996 s 576.
    return decidedFor ? toPerson(one, 'parent', child) : undefined;
  }
  if (child.lookedAfter === true && receives === null) {
    return hold(
      one,
      'looked-after-not-decided',
      `The child is looked after. Decide and record which letters ${nameOf(one)} receives.`,
    );
  }
  if (relationship.parentalResponsibility === 'court-limited' && receives === null) {
    return hold(
      one,
      'court-limits-not-decided',
      `A court has limited the parental responsibility of ${nameOf(one)}. Decide and record which letters they receive.`,
    );
  }
  if (child.lookedAfter === true || relationship.parentalResponsibility === 'court-limited') {
    return decidedFor ? toPerson(one, 'parent', child) : undefined;
  }
  return toPerson(one, 'parent', child);
}

/** For a looked-after child the social worker and the virtual school head are parties too, as far as was decided. */
function toOfficer(one: PersonBeside, child: Child, letter: string): Found {
  const { kind, receives } = one.relationship;
  if (child.lookedAfter !== true || receives === null || !covers(receives, letter)) return undefined;
  if (kind === 'social-worker') return toPerson(one, 'social-care', child);
  return kind === 'virtual-school-head' ? toPerson(one, 'professional', child) : undefined;
}

async function youngPerson(tx: Tx, child: Child, on: Day, letter: string): Promise<Found[]> {
  const people = await peopleOn(tx, child.id, on);
  const capacity = await capacityOn(tx, child.id, on);
  const copies = people
    .filter((one) => familyKinds.includes(one.relationship.kind) && one.relationship.youngPersonAgrees)
    .filter((one) => one.relationship.confirmedBy !== null)
    .filter(
      (one) => one.relationship.receivesRefusedReason === null && covers(one.relationship.receives ?? ['all'], letter),
    )
    .filter((one) => one.person.id !== capacity?.representativeId)
    .map((one): Found => {
      const found = toPerson(one, 'parent', child);
      return found && 'send' in found ? { send: { ...found.send, asCopy: true } } : found;
    });
  if (capacity?.lacksCapacity && capacity.representativeId !== null) {
    const known = people.find((one) => one.person.id === capacity.representativeId);
    const [representative] = known ? [known] : await unrelated(tx, child, capacity.representativeId, on);
    return [representative && toPerson(representative, 'parent', child), ...copies];
  }
  return [
    ...people.filter((one) => one.relationship.kind === 'self').map((one) => toPerson(one, 'young-person', child)),
    ...copies,
  ];
}

/** A representative need not stand beside the child in any other way. */
async function unrelated(tx: Tx, child: Child, personId: string, on: Day): Promise<PersonBeside[]> {
  const asIf = Object.assign(new Relationship(), {
    childId: child.id,
    personId,
    kind: 'representative',
    safeChannel: 'post',
    language: 'en',
    interpreter: null,
    format: 'standard',
    emailAgreed: false,
  });
  return withDetails(tx, [asIf], on);
}

const keyOf = (one: PersonBeside): string => `person:${one.person.id}`;
const nameOf = (one: PersonBeside): string =>
  [one.person.title, one.person.firstNames, one.person.lastName].filter(Boolean).join(' ');
const hold = (one: PersonBeside, why: WhyHeld, text: string): Found => ({
  held: { id: keyOf(one), name: nameOf(one), why, text },
});

const covers = (receives: readonly string[], letter: string): boolean =>
  receives.some((kind) => kind === 'all' || kind === letter || letter.startsWith(`${kind}.`));

function toPerson(one: PersonBeside, kind: Addressee['kind'], child: Child): Found {
  const { relationship, person } = one;
  const { safeChannel, language, interpreter, format } = relationship;
  const name = nameOf(one);
  if (safeChannel === 'phone') {
    return hold(
      one,
      'phone-only',
      `The only safe way to reach ${name} is by phone. Ring them and agree how a letter can reach them.`,
    );
  }
  if (safeChannel === 'post' && one.addressLines.length === 0) {
    return hold(
      one,
      'no-address',
      `There is no address on record for ${name}. Find out where they can safely receive post.`,
    );
  }
  const own = relationship.kind === 'self';
  return {
    send: {
      id: keyOf(one),
      kind,
      channel: safeChannel,
      language,
      format,
      name: own ? fullName(child) : name,
      salutation: own ? child.knownAs : person.title === null ? name : `${person.title} ${person.lastName}`,
      ...(person.jobTitle === null ? {} : { role: person.jobTitle }),
      addressLines: one.addressLines,
      addressProtected: one.addressProtected,
      // A letter by email needs their consent. Without it there is no way to write to them: post is not the safe one.
      ...(safeChannel === 'email' && relationship.emailAgreed && one.email !== null ? { email: one.email } : {}),
      ...(interpreter === null ? {} : { interpreter }),
    },
  };
}

async function settings(tx: Tx, id: string): Promise<Found[]> {
  return (await tx.repository(Setting).findBy({ id })).map((one) => ({
    send: {
      ...plain,
      id: `setting:${one.id}`,
      kind: 'setting',
      name: one.headTitle,
      salutation: one.headTitle,
      role: one.headTitle.toLowerCase(),
      addressLines: [one.name, ...one.addressLines, ...(one.postcode === null ? [] : [one.postcode])],
      channel: 'post',
      ...(one.email === null ? {} : { email: one.email }),
    },
  }));
}

async function advisers(tx: Tx, kind: AdviserKind, on: Day): Promise<Found[]> {
  const all = await tx.repository(Adviser).find({ where: { kind: In([kind]) }, order: { name: 'ASC', id: 'ASC' } });
  return all.filter((one) => one.fromDay <= on && (one.untilDay === null || on < one.untilDay)).map(toAdviser);
}

function toAdviser(one: Adviser): Found {
  return {
    send: {
      ...plain,
      id: `adviser:${one.id}`,
      kind: kindOfAdviser(one.kind),
      name: one.name,
      salutation: one.name,
      role: one.role,
      addressLines: [
        ...(one.organisation === null ? [] : [one.organisation]),
        ...one.addressLines,
        ...(one.postcode === null ? [] : [one.postcode]),
      ],
      channel: 'post',
      ...(one.email === null ? {} : { email: one.email }),
    },
  };
}

const plain = { addressProtected: false, language: 'en', format: 'standard' } as const;

function kindOfAdviser(kind: AdviserKind): Addressee['kind'] {
  switch (kind) {
    case 'health-commissioner':
    case 'designated-clinical-officer':
    case 'health-professional':
      return 'health';
    case 'social-care':
      return 'social-care';
    case 'other-authority':
      return 'authority';
    case 'virtual-school':
    case 'educational-psychology':
    case 'sensory-teacher':
    case 'preparation-for-adulthood':
    case 'other':
      return 'professional';
  }
}

function nobody(to: LetterTo): Held {
  const whom: Record<string, string> = {
    'parent-or-young-person': 'Nobody on record can receive this letter. Find out who has parental responsibility.',
    child: 'The child has no entry among the people. Add one, with a safe address.',
    setting: 'The child has no setting on record. Record it, or record that there is none.',
    health: 'No health commissioner is on record for this authority. Add one under advisers.',
    'social-care': 'No social care service is on record for this authority. Add one under advisers.',
  };
  return {
    id: to,
    name: to,
    why: 'nobody-on-record',
    text: whom[to] ?? 'Whoever this letter is for is not on record.',
  };
}

/** A task for the caseworker for each who was held, on that day, and once only. */
export async function raiseHeld(tx: Tx, childId: string, held: readonly Held[], on: Day): Promise<number> {
  const child = await childOf(tx, childId);
  let raised = 0;
  for (const one of held) {
    const isNew = await raiseNotice(tx, {
      id: newId(),
      key: `held:${childId}:${one.id}:${one.why}:${on}`,
      kind: 'task',
      childId,
      text: one.text,
      dueOn: on,
      staffId: child.caseworkerId,
      team: child.team,
    });
    if (isNew) raised += 1;
  }
  return raised;
}

/**
 * The address as it is at the moment of hand-over, for the worker alone: never stored with the letter's values, never
 * logged. A protected one is opened with the reason given, and leaves its audit row. Undefined where there is none any
 * more: the letter is held.
 */
export async function resolveAddress(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  childId: string,
  addresseeId: string,
  reason: string,
  on: Day,
): Promise<PostalAddress | undefined> {
  const [kind, id = ''] = addresseeId.split(':', 2);
  if (kind === 'person') {
    const known = (await peopleOn(tx, childId, on)).find((one) => one.person.id === id);
    const [person] = known ? [known] : await representativeOf(tx, childId, id, on);
    if (!person) return undefined;
    if (person.addressProtected) {
      const opened = await readProtectedAddress(tx, actor, keys, id, reason, on);
      return 'address' in opened ? opened.address : undefined;
    }
    return split(person.addressLines);
  }
  const [found] =
    kind === 'setting' ? await settings(tx, id) : (await tx.repository(Adviser).findBy({ id })).map(toAdviser);
  return found && 'send' in found ? split(found.send.addressLines) : undefined;
}

async function representativeOf(tx: Tx, childId: string, personId: string, on: Day): Promise<PersonBeside[]> {
  const capacity = await capacityOn(tx, childId, on);
  return capacity?.representativeId === personId ? unrelated(tx, await childOf(tx, childId), personId, on) : [];
}

function split(lines: readonly string[]): PostalAddress | undefined {
  const postcode = lines.at(-1);
  if (postcode === undefined || postcode === notToBeShared) return undefined;
  return { lines: lines.slice(0, -1), postcode };
}

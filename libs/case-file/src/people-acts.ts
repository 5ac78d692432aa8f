import {
  type Action,
  type Actor,
  type Allowed,
  may,
  type Refused,
  type Relationship as Ties,
  shortestReason,
  writeAudit,
} from '@send/access';
import { newId, type Tx } from '@send/database';
import { type Day, formatDay } from '@send/statute';
import { addressees, type Held, raiseHeld } from './addressees';
import type { AddressKeys, PostalAddress } from './address-keys';
import { caseRelationship } from './case-relationship';
import { childOf } from './child';
import { raiseNotice } from './notice';
import type { Contact, NewcomerAnswers, Receiving, Responsibility } from './people-answers';
import { isProfessional } from './people-answers';
import {
  addPerson,
  changeRelationship,
  endAddress,
  endContact,
  endRelationship,
  familyKinds,
  relate,
  setAddress,
  setContact,
  withDetails,
} from './people';
import { Person, Relationship } from './people.entity';
import { isProtectedPlace, protectAddress } from './protected-address';
import { settlePlaceTasks } from './same-place';

export type WhyNot = 'not-found' | 'forbidden' | 'invalid' | 'changed' | 'not-now';

export interface PeopleRefused {
  readonly done: false;
  readonly why: WhyNot;
  readonly message: string;
  /** The answer at fault, where it is one. */
  readonly field?: string;
}

export type PeopleOutcome = { readonly done: true; readonly personId: string; readonly waits: boolean } | PeopleRefused;

/** Whom an act is about, and the row its page showed: `seen` loses against whoever was quicker. */
export interface About {
  readonly childId: string;
  readonly personId: string;
  readonly seen: string;
  readonly on: Day;
}

export const refuse = (why: WhyNot, message: string, field?: string): PeopleRefused => ({
  done: false,
  why,
  message,
  ...(field === undefined ? {} : { field }),
});

export const nobody = refuse('not-found', 'There is no such person on this case.');
export const quicker = refuse(
  'changed',
  'What is on record about this person was changed after you opened the page. Nothing of yours was saved: look at it as it is now, and do it again.',
);

interface Asked {
  readonly allowed: Allowed;
  readonly ties: Ties;
}

/** Asks the table of access, does the work, and leaves the trace of either in the same transaction. */
export async function guarded(
  tx: Tx,
  actor: Actor,
  action: Action,
  about: { childId: string; on: Day; object: string; fields: readonly string[]; reason?: string },
  work: (asked: Asked) => Promise<PeopleOutcome>,
): Promise<PeopleOutcome> {
  const ties = await caseRelationship(tx, actor, about.childId, about.on);
  const answer = ties && may(actor, action, ties);
  const outcome: PeopleOutcome =
    ties === undefined || answer === undefined
      ? nobody
      : answer.allowed
        ? await work({ allowed: answer, ties })
        : refusedBy(answer);
  if (outcome.done || outcome.why === 'forbidden' || outcome.why === 'not-found') {
    await writeAudit(tx, actor, {
      action,
      outcome: outcome.done ? 'done' : 'refused',
      childId: about.childId,
      object: about.object,
      fields: about.fields,
      ...(answer?.allowed ? { role: answer.role } : {}),
      ...(about.reason === undefined ? {} : { reason: about.reason }),
    });
  }
  return outcome;
}

export const refusedBy = (answer: Refused): PeopleRefused =>
  answer.hidden ? nobody : refuse('forbidden', answer.message);

/** The row that its page showed, locked: of two who change it one waits, and then loses. */
async function seenStanding(tx: Tx, about: About): Promise<Relationship | PeopleRefused> {
  const rows = await tx.query<{ id: string }>(
    `select id from case_file.relationship where child_id = $1 and person_id = $2 and until_day is null for update`,
    [about.childId, about.personId],
  );
  // Whoever waited for the lock finds the row ended, and does not see yet what came in its place.
  if (rows.length === 0)
    return (await tx.repository(Relationship).countBy({ childId: about.childId, personId: about.personId })) > 0
      ? quicker
      : nobody;
  const seen = rows.find((one) => one.id === about.seen);
  return seen === undefined ? quicker : tx.repository(Relationship).findOneByOrFail({ id: seen.id });
}

const isRefused = (one: Relationship | PeopleRefused): one is PeopleRefused => 'why' in one;

const nameOf = async (tx: Tx, personId: string): Promise<string> => {
  const { title, firstNames, lastName } = await tx.repository(Person).findOneByOrFail({ id: personId });
  return [title, firstNames, lastName].filter(Boolean).join(' ');
};

export const heldNow = async (tx: Tx, about: { childId: string; on: Day }): Promise<readonly Held[]> =>
  (await addressees(tx, about.childId, 'parent-or-young-person', about.on)).held;

/** Tasks about somebody who can be written to now are done; what still stands in the way is a task from today. */
export async function settleTasks(
  tx: Tx,
  about: Omit<About, 'seen'>,
  before: readonly Held[],
  at: Date,
): Promise<void> {
  const now = await heldNow(tx, about);
  const over = before.map((one) => one.text).filter((text) => !now.some((one) => one.text === text));
  await tx.run(
    `update case_file.notice set done_at = $3, done_by = $4 where child_id = $1 and text = any($2) and done_at is null`,
    [about.childId, over, at, tx.identity.actor],
  );
  await settlePlaceTasks(tx, about, at);
  await raiseHeld(
    tx,
    about.childId,
    now.filter((one) => one.id === `person:${about.personId}`),
    about.on,
  );
}

export async function task(
  tx: Tx,
  about: { childId: string; on: Day },
  key: string,
  text: string,
  staffId?: string | null,
): Promise<void> {
  const child = await childOf(tx, about.childId);
  await raiseNotice(tx, {
    key,
    kind: 'task',
    childId: about.childId,
    text,
    dueOn: about.on,
    staffId: staffId ?? child.caseworkerId,
    team: child.team,
  });
}

/** Changes what may be written to somebody. Nothing of it counts before a second person agrees; until then nothing is sent. */
function changeRights(
  tx: Tx,
  actor: Actor,
  about: About,
  now: Date,
  changes: Responsibility | Receiving,
): Promise<PeopleOutcome> {
  const trace = { ...about, object: `person ${about.personId}`, fields: Object.keys(changes) };
  return guarded(tx, actor, 'recordParentalResponsibility', trace, async () => {
    const row = await seenStanding(tx, about);
    if (isRefused(row)) return row;
    if (!familyKinds.includes(row.kind))
      return refuse(
        'not-now',
        'Only a member of the family can have parental responsibility or receive letters by it.',
      );
    const before = await heldNow(tx, about);
    await changeRelationship(tx, row.id, changes, about.on);
    await settleTasks(tx, about, before, now);
    return { done: true, personId: about.personId, waits: true };
  });
}

export const recordResponsibility = (
  tx: Tx,
  actor: Actor,
  about: About,
  now: Date,
  given: Responsibility,
): Promise<PeopleOutcome> => changeRights(tx, actor, about, now, given);

export const decideLetters = (
  tx: Tx,
  actor: Actor,
  about: About,
  now: Date,
  given: Receiving,
): Promise<PeopleOutcome> => changeRights(tx, actor, about, now, given);

const same = refuse(
  'invalid',
  'This is the place of an address that is not to be shared for somebody in this case. Select that this one is not to be shared either, or enter another address',
  'postcode',
);

/** Whether this place may be written down openly. Asking is an act too: whoever tries places leaves a trace. */
async function openly(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  about: Omit<About, 'seen'>,
  address: PostalAddress | null | undefined,
): Promise<PeopleRefused | undefined> {
  if (address == null) return undefined;
  const { childId, personId, on } = about;
  if (!(await isProtectedPlace(tx, keys, { childId, personId, postcode: address.postcode, on }))) return undefined;
  await writeAudit(tx, actor, {
    action: 'changeContact',
    outcome: 'refused',
    childId,
    object: `person ${personId}`,
    fields: ['address'],
  });
  return same;
}

/** Where and how somebody is reached. It counts from the next letter; what was on record stays in the history. */
export function changeContact(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  about: About,
  now: Date,
  contact: Contact,
): Promise<PeopleOutcome> {
  const trace = { ...about, object: `person ${about.personId}`, fields: Object.keys(contact) };
  return guarded(tx, actor, 'changeContact', trace, async ({ ties }) => {
    const row = await seenStanding(tx, about);
    if (isRefused(row)) return row;
    const [was] = await withDetails(tx, [row], about.on);
    if (was === undefined) return nobody;
    if (was.addressProtected && contact.address !== undefined)
      return refuse('not-now', 'This address is not to be shared. It is changed on its own page.', 'address');
    if (contact.protect !== undefined && !may(actor, 'protectAddress', ties).allowed)
      return refuse('forbidden', 'You cannot set an address as not to be shared.');
    const hidden = contact.protect === undefined ? await openly(tx, actor, keys, about, contact.address) : undefined;
    if (hidden !== undefined) return hidden;
    const before = await heldNow(tx, about);
    const { address, protect, phone, email, ...rest } = contact;
    const next = await changeRelationship(tx, row.id, rest, about.on);
    if (next === undefined) return quicker;
    for (const [kind, value, old] of [
      ['phone', phone, was.phone],
      ['email', email, was.email],
    ] as const) {
      if (value === old) continue;
      if (value === null) await endContact(tx, about.personId, kind, about.on);
      else await setContact(tx, about.personId, kind, value, about.on);
    }
    if (address === null) await endAddress(tx, about.personId, about.on);
    else if (address !== undefined && protect === undefined) await setAddress(tx, about.personId, address, about.on);
    else if (address !== undefined && protect !== undefined)
      await hide(tx, actor, keys, about, { address, reason: protect });
    await settleTasks(tx, about, before, now);
    if (address != null || phone !== was.phone || email !== was.email)
      await tellThemOfChange(tx, about, next, was.phone, was.email);
    return { done: true, personId: about.personId, waits: protect !== undefined };
  });
}

/** Somebody else may have asked for the change: the person hears of it where they could be reached before. */
async function tellThemOfChange(
  tx: Tx,
  about: About,
  change: string,
  phone: string | null,
  email: string | null,
): Promise<void> {
  const way = phone !== null ? 'phone number' : email !== null ? 'email address' : undefined;
  if (way === undefined) return;
  await task(
    tx,
    about,
    `contact-changed:${change}`,
    `The contact details of ${await nameOf(tx, about.personId)} were changed. Tell them by the ${way} that was on record before, and do not say the new details.`,
  );
}

/** Hides it at once and asks for the second person. */
async function hide(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  about: Omit<About, 'seen'>,
  given: { address: PostalAddress; reason: string },
): Promise<PeopleRefused | undefined> {
  const { personId, on } = about;
  const done = await protectAddress(tx, actor, keys, { personId, on, ...given });
  if (!done.done) return refuse('invalid', done.refused, 'reason');
  await task(
    tx,
    about,
    `protection:${personId}:${newId()}`,
    `The address of ${await nameOf(tx, personId)} is not to be shared. A second person must confirm that.`,
  );
  return undefined;
}

/** "Address not to be shared", or another one in its place. Hidden from now on; a second person agrees afterwards. */
export function protect(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  about: About,
  now: Date,
  given: { address: PostalAddress; reason: string },
): Promise<PeopleOutcome> {
  const trace = { ...about, object: `person ${about.personId}`, fields: ['address'], reason: given.reason };
  return guarded(tx, actor, 'protectAddress', trace, async () => {
    const row = await seenStanding(tx, about);
    if (isRefused(row)) return row;
    const before = await heldNow(tx, about);
    const wrong = await hide(tx, actor, keys, about, given);
    if (wrong !== undefined) return wrong;
    await settleTasks(tx, about, before, now);
    return { done: true, personId: about.personId, waits: true };
  });
}

/** Asks that an address may be shared again. It stays hidden until a second person agrees. */
export function askToLift(tx: Tx, actor: Actor, about: About, given: { reason: string }): Promise<PeopleOutcome> {
  const trace = { ...about, object: `person ${about.personId}`, fields: ['address'], reason: given.reason };
  return guarded(tx, actor, 'protectAddress', trace, async () => {
    const row = await seenStanding(tx, about);
    if (isRefused(row)) return row;
    if (given.reason.trim().length < shortestReason)
      return refuse(
        'invalid',
        `Enter why the address may be shared again, in ${shortestReason} characters or more`,
        'reason',
      );
    const asked = await tx.run(
      `update case_file.protected_address set lift_asked_by = $2, lift_asked_on = $3, lift_reason = $4
       where person_id = $1 and until_day is null`,
      [about.personId, actor.staffId, about.on, given.reason.trim()],
    );
    if (asked === 0) return refuse('not-now', 'This address is not protected. Nothing was changed.');
    await task(
      tx,
      about,
      `lift:${about.personId}:${newId()}`,
      `Somebody asked that the address of ${await nameOf(tx, about.personId)} may be shared again. It stays hidden until a second person agrees.`,
    );
    return { done: true, personId: about.personId, waits: true };
  });
}

/** Asks that somebody stands beside the child no more; for a member of the family a second person must agree. */
export function endPerson(
  tx: Tx,
  actor: Actor,
  about: About,
  now: Date,
  given: { on: Day; reason: string },
): Promise<PeopleOutcome> {
  const trace = { ...about, object: `person ${about.personId}`, fields: ['untilDay'], reason: given.reason };
  return guarded(tx, actor, 'recordParentalResponsibility', trace, async () => {
    const row = await seenStanding(tx, about);
    if (isRefused(row)) return row;
    if (row.kind === 'self') return refuse('not-now', 'This is the child’s own entry, and it does not end.');
    // A change of anything begins a new row; they stood beside the child since the first.
    const rows = await tx.repository(Relationship).findBy({ childId: about.childId, personId: about.personId });
    const since = rows.map((one) => one.fromDay).sort()[0] ?? row.fromDay;
    if (given.on < since)
      return refuse(
        'invalid',
        `The date it ended must be on or after ${formatDay(since)}, when they were first on record here`,
        'on',
      );
    const family = familyKinds.includes(row.kind);
    await tx.run('update case_file.relationship set end_on = $2, end_reason = $3, end_asked_by = $4 where id = $1', [
      row.id,
      given.on,
      given.reason,
      actor.staffId,
    ]);
    if (!family) {
      const before = await heldNow(tx, about);
      await endRelationship(tx, row.id, given.on);
      await settleTasks(tx, about, before, now);
    } else
      await task(
        tx,
        about,
        `end:${row.id}:${newId()}`,
        `Somebody asked to end the entry of ${await nameOf(tx, about.personId)}. It goes on until a second person agrees.`,
      );
    return { done: true, personId: about.personId, waits: family };
  });
}

/** Somebody new beside the child. The id is the form's own, so that a form sent twice adds one person. */
export function addPersonToCase(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  about: Omit<About, 'seen'>,
  now: Date,
  given: NewcomerAnswers,
): Promise<PeopleOutcome> {
  const { childId, personId, on } = about;
  const { kind, contact, responsibility } = given;
  const family = familyKinds.includes(kind);
  const action = family ? 'recordParentalResponsibility' : 'changeContact';
  const trace = { ...about, object: `person ${personId}`, fields: ['person', 'relationship', ...Object.keys(contact)] };
  return guarded(tx, actor, action, trace, async () => {
    // Sent twice at once: the second waits here, and finds the person there.
    await tx.query('select 1 from case_file.child where id = $1 for no key update', [childId]);
    if ((await tx.repository(Relationship).countBy({ childId, personId })) > 0)
      return { done: true, personId, waits: family };
    if ((await tx.repository(Person).countBy({ id: personId })) > 0) return nobody;
    const hidden = contact.protect === undefined ? await openly(tx, actor, keys, about, contact.address) : undefined;
    if (hidden !== undefined) return hidden;
    const { address, protect: why, phone, email, ...rest } = contact;
    await addPerson(tx, {
      id: personId,
      kind: isProfessional(kind) ? 'professional' : 'adult',
      title: given.title,
      firstNames: given.firstNames,
      lastName: given.lastName,
      organisation: given.organisation,
      jobTitle: given.jobTitle,
      from: on,
      ...(address == null || why !== undefined ? {} : { address }),
      ...(phone === null ? {} : { phone }),
      ...(email === null ? {} : { email }),
    });
    await relate(tx, { childId, personId, kind, fromDay: on, ...responsibility, ...rest });
    if (address != null && why !== undefined) await hide(tx, actor, keys, about, { address, reason: why });
    await settleTasks(tx, about, [], now);
    return { done: true, personId, waits: family || why !== undefined };
  });
}

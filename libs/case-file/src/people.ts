import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import { In, IsNull } from 'typeorm';
import type { PostalAddress } from './address-keys';
import { Address, ContactPoint, Person, Relationship, type RelationshipKind } from './people.entity';
import { protectionOn } from './protected-address';
import { notToBeShared } from './same-place';

export type NewPerson = Pick<Person, 'kind' | 'firstNames' | 'lastName'> &
  Partial<Pick<Person, 'id' | 'title' | 'organisation' | 'jobTitle'>> & {
    readonly from: Day;
    readonly address?: PostalAddress;
    readonly phone?: string;
    readonly email?: string;
  };

export async function addPerson(tx: Tx, person: NewPerson): Promise<string> {
  const { from, address, phone, email, ...names } = person;
  const id = names.id ?? newId();
  await tx.repository(Person).insert({ ...names, id, authorityId: tx.identity.authority });
  if (address) await setAddress(tx, id, address, from);
  if (phone !== undefined) await setContact(tx, id, 'phone', phone, from);
  if (email !== undefined) await setContact(tx, id, 'email', email, from);
  return id;
}

/** The address from that day on. Refused while an address not to be shared is in force: it has its own way. */
export async function setAddress(
  tx: Tx,
  personId: string,
  address: PostalAddress,
  from: Day,
): Promise<'done' | 'protected'> {
  if ((await protectionOn(tx, [personId], from)).size > 0) return 'protected';
  await endCurrent(tx, 'address', personId, from);
  await tx.repository(Address).insert({
    lines: [...address.lines],
    postcode: address.postcode,
    id: newId(),
    authorityId: tx.identity.authority,
    personId,
    fromDay: from,
    recordedBy: tx.identity.actor,
  });
  return 'done';
}

/** Phone or email from that day on. A notice of the change goes to the one before: see `contactBefore`. */
export async function setContact(
  tx: Tx,
  personId: string,
  kind: ContactPoint['kind'],
  value: string,
  from: Day,
): Promise<void> {
  await endCurrent(tx, 'contact_point', personId, from, kind);
  await tx.repository(ContactPoint).insert({
    id: newId(),
    authorityId: tx.identity.authority,
    personId,
    kind,
    value,
    fromDay: from,
    recordedBy: tx.identity.actor,
  });
}

/** From that day on there is none on record; what was stays in the history. */
export async function endContact(tx: Tx, personId: string, kind: ContactPoint['kind'], on: Day): Promise<void> {
  await endCurrent(tx, 'contact_point', personId, on, kind);
}

export async function endAddress(tx: Tx, personId: string, on: Day): Promise<void> {
  await endCurrent(tx, 'address', personId, on);
}

async function endCurrent(
  tx: Tx,
  table: 'address' | 'contact_point',
  personId: string,
  on: Day,
  kind?: string,
): Promise<void> {
  await tx.run(
    `update case_file.${table} set until_day = greatest(from_day, $2::date)
     where person_id = $1 and until_day is null ${kind === undefined ? '' : 'and kind = $3'}`,
    kind === undefined ? [personId, on] : [personId, on, kind],
  );
}

/** Where the person could be reached before the present number or address of mail. */
export async function contactBefore(tx: Tx, personId: string, kind: ContactPoint['kind']): Promise<string | undefined> {
  const [, before] = await tx
    .repository(ContactPoint)
    .find({ where: { personId, kind }, order: { fromDay: 'DESC', id: 'DESC' }, take: 2 });
  return before?.value;
}

/** Kinds that can hold parental responsibility, or count as a parent: Education Act 1996 s 576. */
export const familyKinds: readonly RelationshipKind[] = ['parent', 'step-parent', 'carer', 'guardian', 'foster-carer'];

export type NewRelationship = Pick<Relationship, 'childId' | 'personId' | 'kind' | 'fromDay'> &
  Partial<Omit<Relationship, 'id' | 'authorityId' | 'recordedBy' | 'recordedAt' | 'untilDay'>>;

/**
 * Puts a person beside a child. What it says of parental responsibility and of letters has no effect for a member of the
 * family before a second person has confirmed it (`confirmRelationship`, or `confirmedBy` where that is done already).
 */
export async function relate(tx: Tx, relationship: NewRelationship): Promise<string> {
  const id = newId();
  const parentalResponsibility =
    relationship.parentalResponsibility ?? (familyKinds.includes(relationship.kind) ? 'not-known' : 'no');
  await tx.repository(Relationship).insert({
    ...relationship,
    parentalResponsibility,
    id,
    authorityId: tx.identity.authority,
    recordedBy: tx.identity.actor,
  });
  return id;
}

export type RelationshipChanges = Partial<
  Omit<
    Relationship,
    'id' | 'authorityId' | 'childId' | 'personId' | 'fromDay' | 'untilDay' | 'recordedBy' | 'recordedAt'
  >
>;

/** Matters that need a second person; the rest (channel, language, format) is the person's own to say. */
const needsSecondPerson: readonly (keyof RelationshipChanges)[] = [
  'kind',
  'parentalResponsibility',
  'limits',
  'orderDate',
  'evidenceSeen',
  'evidenceSeenBy',
  'responsibilityFrom',
  'responsibilityUntil',
  'receives',
  'receivesRefusedReason',
  'receivesRefusedEvidence',
  'receivesRefusedBy',
];

/** Never rewritten: the row ends on that day, and another begins with what is different. Undefined where it had ended already. */
export async function changeRelationship(
  tx: Tx,
  id: string,
  changes: RelationshipChanges,
  on: Day,
): Promise<string | undefined> {
  const rows = tx.repository(Relationship);
  const current = await rows.findOneBy({ id, untilDay: IsNull() });
  if (!current) return undefined;
  const from = on < current.fromDay ? current.fromDay : on;
  await rows.update({ id }, { untilDay: from });
  const asksAgain = needsSecondPerson.some((field) => field in changes);
  const { recordedAt, untilDay, ...kept } = current;
  void recordedAt;
  void untilDay;
  const next = newId();
  await rows.insert({
    ...kept,
    confirmedBy: asksAgain ? null : current.confirmedBy,
    ...changes,
    id: next,
    fromDay: from,
    // Whose word still stands, or still waits, keeps its author, or the second person could turn out to be the first.
    recordedBy: asksAgain ? tx.identity.actor : current.recordedBy,
  });
  return next;
}

export async function endRelationship(tx: Tx, id: string, on: Day): Promise<boolean> {
  const ended = await tx.run(
    'update case_file.relationship set until_day = greatest(from_day, $2::date) where id = $1 and until_day is null',
    [id, on],
  );
  return ended === 1;
}

/** The second person's word. Refused to whoever recorded it. */
export async function confirmRelationship(tx: Tx, id: string): Promise<'done' | 'same-person' | 'not-found'> {
  const rows = tx.repository(Relationship);
  const current = await rows.findOneBy({ id, untilDay: IsNull() });
  if (!current) return 'not-found';
  if ((await authorsOf(tx, current)).has(tx.identity.actor)) return 'same-person';
  const confirmed = await rows.update({ id, untilDay: IsNull() }, { confirmedBy: tx.identity.actor });
  return confirmed.affected === 1 ? 'done' : 'not-found';
}

/** Whoever recorded a part of what waits, in this row or in those it replaced since the last word of a second person. */
export async function authorsOf(tx: Tx, current: Relationship): Promise<Set<string>> {
  const all = await tx.repository(Relationship).find({
    where: { childId: current.childId, personId: current.personId },
    order: { recordedAt: 'DESC', id: 'DESC' },
  });
  const confirmed = all.findIndex((one) => one.confirmedBy !== null);
  const waiting = all.slice(0, confirmed < 0 ? undefined : confirmed);
  return new Set([
    current.recordedBy,
    // That nothing is known says nothing which somebody else could have to confirm.
    ...waiting.filter((one) => one.parentalResponsibility !== 'not-known').map((one) => one.recordedBy),
  ]);
}

/** One person beside a child as the People page shows them: an address not to be shared is masked here, always. */
export interface PersonBeside {
  readonly relationship: Relationship;
  readonly person: Person;
  readonly addressLines: readonly string[];
  readonly addressProtected: boolean;
  readonly phone: string | null;
  readonly email: string | null;
}

export async function peopleOn(tx: Tx, childId: string, on: Day): Promise<PersonBeside[]> {
  const all = await tx.repository(Relationship).find({ where: { childId }, order: { fromDay: 'ASC', id: 'ASC' } });
  return withDetails(
    tx,
    all.filter((one) => inForce(one, on)),
    on,
  );
}

/** Those who stood beside the child once and do not now. */
export async function formerPeople(tx: Tx, childId: string, on: Day): Promise<PersonBeside[]> {
  const all = await tx.repository(Relationship).find({ where: { childId }, order: { recordedAt: 'DESC', id: 'DESC' } });
  const standingNow = new Set(all.filter((one) => inForce(one, on)).map((one) => one.personId));
  const last = new Map<string, Relationship>();
  for (const one of all) if (!standingNow.has(one.personId) && !last.has(one.personId)) last.set(one.personId, one);
  return withDetails(tx, [...last.values()], on);
}

/** Every relationship the child ever had on record, oldest first. */
export async function relationshipHistory(tx: Tx, childId: string): Promise<Relationship[]> {
  return tx.repository(Relationship).find({ where: { childId }, order: { recordedAt: 'ASC', id: 'ASC' } });
}

export async function withDetails(tx: Tx, relationships: readonly Relationship[], on: Day): Promise<PersonBeside[]> {
  const ids = relationships.map((one) => one.personId);
  if (ids.length === 0) return [];
  const [people, addresses, contacts, protectedOnes] = [
    await tx.repository(Person).findBy({ id: In(ids) }),
    await tx.repository(Address).findBy({ personId: In(ids) }),
    await tx.repository(ContactPoint).findBy({ personId: In(ids) }),
    await protectionOn(tx, ids, on),
  ];
  const details: PersonBeside[] = [];
  for (const relationship of relationships) {
    const person = people.find((one) => one.id === relationship.personId);
    if (!person) continue;
    const address = addresses.find((one) => one.personId === person.id && inForce(one, on));
    const contact = (kind: ContactPoint['kind']) =>
      contacts.find((one) => one.personId === person.id && one.kind === kind && inForce(one, on))?.value ?? null;
    const addressProtected = protectedOnes.has(person.id);
    const addressLines = addressProtected ? [notToBeShared] : address ? [...address.lines, address.postcode] : [];
    details.push({
      relationship,
      person,
      addressLines,
      addressProtected,
      phone: contact('phone'),
      email: contact('email'),
    });
  }
  return details;
}

export const inForce = (row: { readonly fromDay: Day; readonly untilDay: Day | null }, on: Day): boolean =>
  row.fromDay <= on && (row.untilDay === null || on < row.untilDay);

/** Where and how people could be reached before: the newest first. What was blotted out stays so. */
export async function formerContacts(
  tx: Tx,
  personIds: readonly string[],
): Promise<{ personId: string; what: 'address' | 'phone' | 'email'; text: string; from: Day; until: Day }[]> {
  return tx.query(
    `select * from (
       select person_id as "personId", 'address' as what, array_to_string(lines || case when postcode = '' then '{}' else array[postcode] end, ', ') as text,
         from_day as "from", until_day as "until"
       from case_file.address where person_id = any($1) and until_day is not null
       union all
       select person_id, kind, value, from_day, until_day from case_file.contact_point where person_id = any($1) and until_day is not null) former
     order by "until" desc, "from" desc limit 500`,
    [personIds],
  );
}

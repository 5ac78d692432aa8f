import { newId, type Tx } from '@send/database';
import { compulsorySchoolAgeEnds, type Day, isOverCompulsorySchoolAge, schoolYearGroup } from '@send/statute';
import { CapacityDecision, Child } from './child.entity';
import { Person, Relationship } from './people.entity';

export type NewChild = Pick<Child, 'firstNames' | 'lastName' | 'dateOfBirth'> &
  Partial<Omit<Child, 'authorityId' | 'personId' | 'version' | 'createdAt'>> & {
    /** The first day of the record, as a rule the day of the request. */
    readonly from: Day;
  };

/**
 * A new record, with the next reference of the authority. The child's own entry among the people is made with it, so that
 * letters to the child or young person have an address and a format of their own.
 */
export async function addChild(tx: Tx, { from, ...child }: NewChild): Promise<Child> {
  const authorityId = tx.identity.authority;
  const id = child.id ?? newId();
  const personId = newId();
  const reference = child.reference ?? (await nextReferences(tx, 1))[0];
  if (!reference) throw new Error('No reference was given out.');
  const { firstNames, lastName } = child;
  await tx.repository(Person).insert({ id: personId, authorityId, kind: 'child', firstNames, lastName });
  await tx
    .repository(Child)
    .insert({ knownAs: firstNames.split(' ')[0] ?? firstNames, ...child, id, authorityId, personId, reference });
  await tx.repository(Relationship).insert({
    id: newId(),
    authorityId,
    childId: id,
    personId,
    kind: 'self',
    parentalResponsibility: 'no',
    fromDay: from,
    recordedBy: tx.identity.actor,
  });
  return childOf(tx, id);
}

export async function childOf(tx: Tx, childId: string): Promise<Child> {
  return tx.repository(Child).findOneByOrFail({ id: childId });
}

export async function findChild(tx: Tx, idOrReference: string): Promise<Child | null> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrReference);
  return tx.repository(Child).findOneBy(isId ? { id: idOrReference } : { reference: idOrReference.toUpperCase() });
}

/**
 * Gives out references: LEV-1001, LEV-1002 and so on. One row for each authority, so two intakes of one authority wait for
 * each other here; a gap stays where a transaction fails, and no reference is ever given twice.
 */
export async function nextReferences(tx: Tx, count: number): Promise<string[]> {
  const [given] = await tx.query<{ last: number; prefix: string }>(
    `with counted as (
       insert into case_file.reference_counter (authority_id, last) values ($1, 1000 + $2)
       on conflict (authority_id) do update set last = reference_counter.last + $2 returning last)
     select last, (select reference_prefix from access.authority where id = $1) as prefix from counted`,
    [tx.identity.authority, count],
  );
  if (!given?.prefix) throw new Error(`The authority ${tx.identity.authority} has no entry yet.`);
  return Array.from({ length: count }, (_, place) => `${given.prefix}-${given.last - count + 1 + place}`);
}

export type ChildChanges = Partial<
  Omit<Child, 'id' | 'authorityId' | 'reference' | 'personId' | 'version' | 'createdAt' | 'previousNames'>
>;

/**
 * Changes a record that is still as the form showed it; false where somebody was quicker. A former name is kept, to be
 * found by it.
 */
export async function changeChild(
  tx: Tx,
  childId: string,
  seenVersion: number,
  changes: ChildChanges,
): Promise<boolean> {
  const child = await tx.repository(Child).findOneBy({ id: childId });
  if (child?.version !== seenVersion) return false;
  const names = (one: Pick<Child, 'firstNames' | 'lastName'>) => `${one.firstNames} ${one.lastName}`;
  const renamed = names({ ...child, ...changes }) !== names(child);
  const previousNames = renamed ? [...child.previousNames, names(child)] : child.previousNames;
  const changed = await tx
    .repository(Child)
    .update({ id: childId, version: seenVersion }, { ...changes, previousNames, version: seenVersion + 1 });
  if (renamed && changed.affected === 1) {
    const { firstNames, lastName } = { ...child, ...changes };
    await tx.repository(Person).update({ id: child.personId }, { firstNames, lastName });
  }
  return changed.affected === 1;
}

export const fullName = (child: Pick<Child, 'firstNames' | 'lastName'>): string =>
  `${child.firstNames} ${child.lastName}`;

export type RightsHolder = 'parent' | 'young-person';

/** Rights pass on the day after compulsory school age ends, not on the sixteenth birthday: CFA 2014 s 83(2), EA 1996 s 8. */
export const rightsHolder = (child: Pick<Child, 'dateOfBirth'>, on: Day): RightsHolder =>
  isOverCompulsorySchoolAge(child.dateOfBirth, on) ? 'young-person' : 'parent';

/** The last day on which the rights are the parents': the family is warned a term before. */
export const rightsStayWithParentsUntil = (child: Pick<Child, 'dateOfBirth'>): Day =>
  compulsorySchoolAgeEnds(child.dateOfBirth);

export const yearGroupOf = (child: Pick<Child, 'dateOfBirth' | 'yearGroup'>, on: Day): number =>
  child.yearGroup ?? schoolYearGroup(child.dateOfBirth, on);

/** Records, for one matter, whether the young person can decide it, and who speaks for them if not. */
export async function recordCapacity(
  tx: Tx,
  decision: Pick<
    CapacityDecision,
    'childId' | 'decision' | 'lacksCapacity' | 'decidedOn' | 'assessor' | 'reviewOn' | 'representativeId'
  >,
): Promise<string> {
  const id = newId();
  await tx
    .repository(CapacityDecision)
    .insert({ ...decision, id, authorityId: tx.identity.authority, recordedBy: tx.identity.actor });
  return id;
}

/** The decision in force on that day, if any was made. */
export async function capacityOn(tx: Tx, childId: string, on: Day): Promise<CapacityDecision | undefined> {
  const all = await tx
    .repository(CapacityDecision)
    .find({ where: { childId }, order: { decidedOn: 'DESC', id: 'DESC' } });
  return all.find((one) => one.decidedOn <= on && (one.untilDay === null || on < one.untilDay));
}

import { newId, type Tx } from '@send/database';
import { IsNull } from 'typeorm';
import type { Actor } from './actor';
import { Authority, CaseGrant, type GrantKind, type LetterDetails, Staff } from './staff.entity';

type Day = string;

export type NewStaff = Pick<Staff, 'name' | 'email' | 'roles' | 'activeFrom'> &
  Partial<Pick<Staff, 'id' | 'jobTitle' | 'team' | 'phone' | 'activeUntil'>>;

/** Makes the transaction's authority known, or brings its entry up to date. */
export async function saveAuthority(
  tx: Tx,
  details: { name: string; number: string; referencePrefix: string; letterDetails: LetterDetails },
): Promise<void> {
  await tx.repository(Authority).upsert({ id: tx.identity.authority, ...details }, ['id']);
}

/** Every authority of the installation, for the page where one is chosen. */
export async function authorities(tx: Tx): Promise<Authority[]> {
  return tx.repository(Authority).find({ order: { name: 'ASC' } });
}

export async function authorityOf(tx: Tx): Promise<Authority> {
  return tx.repository(Authority).findOneByOrFail({ id: tx.identity.authority });
}

export async function addStaff(tx: Tx, staff: NewStaff): Promise<string> {
  const id = staff.id ?? newId();
  await tx.repository(Staff).insert({ ...staff, id, authorityId: tx.identity.authority });
  return id;
}

/** Those who work here on that day, by name. */
export async function staffOn(tx: Tx, on: Day): Promise<Staff[]> {
  const everyone = await tx.repository(Staff).find({ order: { name: 'ASC' } });
  return everyone.filter((one) => worksOn(one, on));
}

/** The person as an actor; undefined once they have left, or before they came. */
export async function actorFor(tx: Tx, staffId: string, on: Day): Promise<Actor | undefined> {
  const staff = await tx.repository(Staff).findOneBy({ id: staffId });
  return staff && worksOn(staff, on) ? asActor(staff) : undefined;
}

/** Lets somebody into a case, or shuts them out of it. What is so already is not written twice. */
export async function giveGrant(
  tx: Tx,
  grant: { staffId: string; childId: string; kind: GrantKind; from: Day; until?: Day; reason?: string },
): Promise<string> {
  const { staffId, childId, kind } = grant;
  const standing = await tx.repository(CaseGrant).findOneBy({ staffId, childId, kind, untilDay: IsNull() });
  if (standing && standing.fromDay <= grant.from) return standing.id;
  const id = newId();
  await tx.repository(CaseGrant).insert({
    id,
    authorityId: tx.identity.authority,
    staffId,
    childId,
    kind,
    fromDay: grant.from,
    untilDay: grant.until ?? null,
    reason: grant.reason ?? null,
    givenBy: tx.identity.actor,
  });
  return id;
}

/** From that day on it no longer counts. */
export async function endGrant(tx: Tx, grantId: string, on: Day): Promise<boolean> {
  const changed = await tx.repository(CaseGrant).update({ id: grantId }, { untilDay: on, endedBy: tx.identity.actor });
  return changed.affected === 1;
}

export async function grantsOn(tx: Tx, childId: string, on: Day): Promise<CaseGrant[]> {
  const all = await tx.repository(CaseGrant).findBy({ childId });
  return all.filter((grant) => grant.fromDay <= on && (grant.untilDay === null || on < grant.untilDay));
}

export const asActor = (staff: Staff): Actor => ({
  staffId: staff.id,
  name: staff.name,
  authority: staff.authorityId,
  roles: staff.roles,
  team: staff.team,
});

const worksOn = (staff: Staff, on: Day): boolean =>
  staff.activeFrom <= on && (staff.activeUntil === null || on < staff.activeUntil);

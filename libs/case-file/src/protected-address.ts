import { type Actor, isSystem, may, sameAsFirst, shortestReason, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { AddressKeys, PostalAddress } from './address-keys';
import { caseRelationship } from './case-relationship';

/** What stands everywhere in the place of a protected address. */
export const notToBeShared = 'Address not to be shared';

export type Opened = { readonly address: PostalAddress } | { readonly refused: string };
export type Done = { readonly done: true } | { readonly done: false; readonly refused: string };

const boundTo = (authority: string, personId: string, id: string): string => `${authority}/${personId}/${id}`;

/** Who of these has an address not to be shared on that day. */
export async function protectionOn(tx: Tx, personIds: readonly string[], on: Day): Promise<Set<string>> {
  const rows = await tx.query<{ person_id: string }>(
    `select person_id from case_file.protected_address
     where person_id = any($1::uuid[]) and from_day <= $2::date and (until_day is null or $2::date < until_day)`,
    [personIds, on],
  );
  return new Set(rows.map((row) => row.person_id));
}

/**
 * From that day on the address is kept encrypted and shown to nobody without a reason. What the open table says of the same
 * place is blotted out, in the rows of the child and of whoever else is beside it too: one row of the same home would show
 * it. Whoever lives there as well has no address until it is protected for them. To hide is safe, so it has effect at once
 * and a second person agrees then or afterwards (`confirmedBy`); whether they may is for the caller to have asked.
 */
export async function protectAddress(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  protect: { personId: string; address: PostalAddress; reason: string; confirmedBy?: string; on: Day },
): Promise<Done> {
  const { personId, address, confirmedBy, on } = protect;
  const reason = protect.reason.trim();
  if (confirmedBy === actor.staffId) return { done: false, refused: sameAsFirst };
  if (reason.length < shortestReason) return { done: false, refused: tooShort };
  const id = newId();
  const { ciphertext, keyId } = keys.seal(address, boundTo(tx.identity.authority, personId, id));
  await tx.run(
    `update case_file.protected_address set until_day = greatest(from_day, $2::date), replaced_by = $3
     where person_id = $1 and until_day is null`,
    [personId, on, actor.staffId],
  );
  await tx.run(
    'update case_file.address set until_day = greatest(from_day, $2::date) where person_id = $1 and until_day is null',
    [personId, on],
  );
  await tx.run(
    `update case_file.address set lines = array[$3], postcode = '',
       until_day = case when until_day is null then greatest(from_day, $4::date) else until_day end
     where regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g') = regexp_replace(upper($2), '[^A-Z0-9]', '', 'g')
       and (person_id = $1 or person_id in (
         select near.person_id from case_file.relationship own join case_file.relationship near on near.child_id = own.child_id
         where own.person_id = $1
         union
         select c.person_id from case_file.relationship own join case_file.child c on c.id = own.child_id
         where own.person_id = $1))`,
    [personId, address.postcode, notToBeShared, on],
  );
  await tx.run(
    `insert into case_file.protected_address (id, authority_id, person_id, ciphertext, key_id, set_by, confirmed_by, reason, from_day, place_mark)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      tx.identity.authority,
      personId,
      ciphertext,
      keyId,
      actor.staffId,
      confirmedBy ?? null,
      reason,
      on,
      keys.mark(tx.identity.authority, address),
    ],
  );
  await writeAudit(tx, actor, {
    action: 'protectAddress',
    outcome: 'done',
    object: `person ${personId}`,
    fields: ['address'],
    reason,
  });
  return { done: true };
}

/** Ends the protection. The address itself stays encrypted; one that may be shared is entered anew. */
export async function liftProtection(
  tx: Tx,
  actor: Actor,
  lift: { personId: string; reason: string; confirmedBy: string; on: Day; liftedBy?: string },
): Promise<Done> {
  const reason = lift.reason.trim();
  const liftedBy = lift.liftedBy ?? actor.staffId;
  if (lift.confirmedBy === liftedBy) return { done: false, refused: sameAsFirst };
  if (reason.length < shortestReason) return { done: false, refused: tooShort };
  const lifted = await tx.run(
    `update case_file.protected_address set until_day = greatest(from_day, $2::date), lifted_by = $3, lift_confirmed_by = $4
     where person_id = $1 and until_day is null`,
    [lift.personId, lift.on, liftedBy, lift.confirmedBy],
  );
  if (lifted === 0) return { done: false, refused: 'This address is not protected.' };
  await writeAudit(tx, actor, {
    action: 'protectAddress',
    outcome: 'done',
    object: `person ${lift.personId}`,
    fields: ['address'],
    reason,
  });
  return { done: true };
}

const tooShort = `Give a reason of at least ${shortestReason} characters.`;

/**
 * The one way to read a protected address: for somebody who may, with a reason, and never without a trace. The database
 * holds the same door (`open_protected_address`): the ciphertext cannot be selected, and the function that gives it writes
 * the audit row itself. A refusal leaves its trace too.
 */
export async function readProtectedAddress(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  personId: string,
  reason: string,
  on: Day,
): Promise<Opened> {
  const allowed = await childThrough(tx, actor, personId, on);
  const refuse = async (refused: string): Promise<Opened> => {
    await writeAudit(tx, actor, {
      action: 'readProtectedAddress',
      outcome: 'refused',
      object: `person ${personId}`,
      fields: ['address'],
      reason,
      ...(allowed ? { childId: allowed.childId } : {}),
    });
    return { refused };
  };
  if (!allowed) return refuse('You cannot see this address.');
  if (reason.trim().length < shortestReason) return refuse(tooShort);
  const [row] = await tx.query<{ id: string; ciphertext: Buffer; key_id: string }>(
    'select id, ciphertext, key_id from case_file.open_protected_address($1, $2, $3, $4, $5, $6)',
    [personId, on, allowed.childId, actor.staffId, allowed.role, reason],
  );
  if (!row) return { refused: 'This person has no protected address.' };
  return { address: keys.open(row.ciphertext, row.key_id, boundTo(tx.identity.authority, personId, row.id)) };
}

/** A child beside this person on whose case the actor may read it. */
async function childThrough(
  tx: Tx,
  actor: Actor,
  personId: string,
  on: Day,
): Promise<{ childId: string; role: string } | undefined> {
  const children = await tx.query<{ child_id: string }>(
    `select distinct child_id from case_file.relationship
     where person_id = $1 and from_day <= $2::date and (until_day is null or $2::date < until_day)`,
    [personId, on],
  );
  for (const { child_id: childId } of children) {
    if (isSystem(actor)) return { childId, role: 'system' };
    const relationship = await caseRelationship(tx, actor, childId, on);
    const answer = relationship && may(actor, 'readProtectedAddress', relationship);
    if (answer?.allowed) return { childId, role: answer.role };
  }
  return undefined;
}

/**
 * Whether this is the place of an address not to be shared of somebody beside the child, or beside another child of the
 * same person. Told from marks: nothing is opened. A row from before there were marks is opened once to get its own, under
 * the system's name and with its trace.
 */
export async function isProtectedPlace(
  tx: Tx,
  keys: AddressKeys,
  about: { childId: string; personId?: string; postcode: string; on: Day },
): Promise<boolean> {
  const { authority } = tx.identity;
  const marks = keys.marks(authority, about);
  const found = await tx.query<{ id: string; person_id: string; unmarked: boolean }>(
    `with cases as (
       select $1::uuid as child_id union select child_id from case_file.relationship where person_id = $2),
     people as (
       select person_id from case_file.relationship join cases using (child_id)
       union select c.person_id from case_file.child c join cases on cases.child_id = c.id)
     select p.id, p.person_id, p.unmarked
     from case_file.protected_at_place((select array_agg(person_id) from people), $3, $4) p`,
    [about.childId, about.personId ?? null, marks, about.on],
  );
  if (found.some((one) => !one.unmarked)) return true;
  let same = false;
  for (const { id, person_id: personId } of found) {
    const [row] = await tx.query<{ ciphertext: Buffer; key_id: string }>(
      `select ciphertext, key_id from case_file.open_protected_address($1, $2, $3, 'system', 'system', $4)`,
      [personId, about.on, about.childId, 'To mark its place, so that the same place is known again'],
    );
    if (row === undefined) continue;
    const mark = keys.mark(authority, keys.open(row.ciphertext, row.key_id, boundTo(authority, personId, id)));
    await tx.run('update case_file.protected_address set place_mark = $2 where id = $1', [id, mark]);
    same ||= marks.some((one) => one.equals(mark));
  }
  return same;
}

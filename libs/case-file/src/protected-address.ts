import { type Actor, isSystem, may, sameAsFirst, shortestReason, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { AddressKeys, PostalAddress } from './address-keys';
import { caseRelationship } from './case-relationship';
import { boundTo, hideSamePlace, settlePlaceTasks } from './same-place';

export type Opened = { readonly address: PostalAddress } | { readonly refused: string };
export type Done = { readonly done: true } | { readonly done: false; readonly refused: string };

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
 * From that day on the address is kept encrypted and shown to nobody without a reason, and what open rows of the case say of
 * the same place is hidden with it. Whoever lives there as well has no address until one is entered or protected for them.
 * To hide is safe, so it has effect at once and a second person agrees then or afterwards (`confirmedBy`); whether they may
 * is for the caller to have asked.
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
  // What was hidden beside the one before comes back when this one is lifted.
  await tx.run(
    `update case_file.hidden_address set hidden_for = $2 where restored_at is null and hidden_for in (
       select id from case_file.protected_address where person_id = $1 and id <> $2)`,
    [personId, id],
  );
  await hideSamePlace(tx, keys, { protectedId: id, personId, address, on });
  await writeAudit(tx, actor, {
    action: 'protectAddress',
    outcome: 'done',
    object: `person ${personId}`,
    fields: ['address'],
    reason,
  });
  return { done: true };
}

/**
 * Ends the protection. The address itself stays encrypted; one that may be shared is entered anew. Whoever else lost an
 * address beside it has it back.
 */
export async function liftProtection(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  lift: { personId: string; reason: string; confirmedBy: string; on: Day; at: Date; liftedBy?: string },
): Promise<Done> {
  const { personId, on } = lift;
  const reason = lift.reason.trim();
  const liftedBy = lift.liftedBy ?? actor.staffId;
  if (lift.confirmedBy === liftedBy) return { done: false, refused: sameAsFirst };
  if (reason.length < shortestReason) return { done: false, refused: tooShort };
  const [standing] = await tx.query<{ id: string }>(
    'select id from case_file.protected_address where person_id = $1 and until_day is null for update',
    [personId],
  );
  if (standing === undefined) return { done: false, refused: 'This address is not protected.' };
  await tx.run(
    `update case_file.protected_address set until_day = greatest(from_day, $2::date), lifted_by = $3, lift_confirmed_by = $4
     where id = $1`,
    [standing.id, on, liftedBy, lift.confirmedBy],
  );
  await showAgain(tx, keys, standing.id, lift);
  await writeAudit(tx, actor, {
    action: 'protectAddress',
    outcome: 'done',
    object: `person ${personId}`,
    fields: ['address'],
    reason,
  });
  return { done: true };
}

/** Gives back what was blotted out beside it. What is the place of another protected address waits for that one. */
async function showAgain(
  tx: Tx,
  keys: AddressKeys,
  lifted: string,
  { personId, on, at }: { personId: string; on: Day; at: Date },
): Promise<void> {
  const rows = await tx.query<HiddenRow>(
    `select h.id, h.person_id as "whose", h.address_id as "addressId", h.ciphertext, h.key_id as "keyId", h.was_open as "wasOpen",
       (select r.child_id from case_file.relationship r where r.person_id = h.person_id limit 1) as "childId"
     from case_file.open_hidden_addresses($1) h`,
    [lifted],
  );
  for (const { id, whose, addressId, ciphertext, keyId, wasOpen, childId } of rows) {
    const { lines, postcode } = keys.open(ciphertext, keyId, boundTo(tx.identity.authority, whose, id));
    const another = childId && (await protectedAt(tx, keys, { childId, personId: whose, postcode, on }));
    if (another) {
      await tx.run('update case_file.hidden_address set hidden_for = $2 where id = $1', [id, another]);
      continue;
    }
    // Whose protection ends has the address to use entered anew; nobody gets a second one beside what was entered since.
    await tx.run(
      `update case_file.address a set lines = $2, postcode = $3, until_day = case when $4
           and not exists (select from case_file.address b where b.person_id = a.person_id and b.until_day is null)
           and not exists (select from case_file.protected_address p where p.person_id = a.person_id and p.until_day is null)
         then null else until_day end
       where a.id = $1`,
      [addressId, lines, postcode, wasOpen && whose !== personId],
    );
    await tx.run('update case_file.hidden_address set restored_at = $2 where id = $1', [id, at]);
    await settlePlaceTasks(tx, { personId: whose, childId }, at);
  }
  await tx.run(
    `update case_file.notice set done_at = $2, done_by = $3
     where starts_with(key, 'same-postcode:') and split_part(key, ':', 3) = $1 and done_at is null`,
    [lifted, at, tx.identity.actor],
  );
}

interface HiddenRow {
  readonly id: string;
  readonly whose: string;
  readonly addressId: string;
  readonly ciphertext: Buffer;
  readonly keyId: string;
  readonly wasOpen: boolean;
  readonly childId: string | null;
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

interface PlaceAsked {
  readonly childId: string;
  readonly personId?: string;
  readonly postcode: string;
  readonly on: Day;
}

/**
 * Whether this is the place of an address not to be shared of somebody beside the child, or beside another child of the
 * same person. Told from marks: nothing is opened. A row from before there were marks is opened once to get its own, under
 * the system's name and with its trace.
 */
export const isProtectedPlace = async (tx: Tx, keys: AddressKeys, about: PlaceAsked): Promise<boolean> =>
  (await protectedAt(tx, keys, about)) !== undefined;

async function protectedAt(tx: Tx, keys: AddressKeys, about: PlaceAsked): Promise<string | undefined> {
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
  const known = found.find((one) => !one.unmarked);
  if (known !== undefined) return known.id;
  let same: string | undefined;
  for (const { id, person_id: personId } of found) {
    const [row] = await tx.query<{ ciphertext: Buffer; key_id: string }>(
      `select ciphertext, key_id from case_file.open_protected_address($1, $2, $3, 'system', 'system', $4)`,
      [personId, about.on, about.childId, 'To mark its place, so that the same place is known again'],
    );
    if (row === undefined) continue;
    const mark = keys.mark(authority, keys.open(row.ciphertext, row.key_id, boundTo(authority, personId, id)));
    await tx.run('update case_file.protected_address set place_mark = $2 where id = $1', [id, mark]);
    if (marks.some((one) => one.equals(mark))) same ??= id;
  }
  return same;
}

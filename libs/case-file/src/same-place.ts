import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { AddressKeys, PostalAddress } from './address-keys';
import { raiseNotice } from './notice';

/** What stands everywhere in the place of a protected address. */
export const notToBeShared = 'Address not to be shared';

/** Ties what is sealed to its row: moved to another person, it does not open. */
export const boundTo = (authority: string, personId: string, id: string): string => `${authority}/${personId}/${id}`;

const inFull: Readonly<Record<string, string>> = {
  AV: 'AVENUE',
  AVE: 'AVENUE',
  CL: 'CLOSE',
  CRES: 'CRESCENT',
  CT: 'COURT',
  DR: 'DRIVE',
  GDNS: 'GARDENS',
  GRN: 'GREEN',
  GR: 'GROVE',
  LN: 'LANE',
  PL: 'PLACE',
  RD: 'ROAD',
  SQ: 'SQUARE',
  ST: 'STREET',
  TER: 'TERRACE',
  TERR: 'TERRACE',
};

/** House number and street of a first line like "44 Home Street"; a flat, a house with a name or "44a" has none. */
function houseIn({ lines }: Pick<PostalAddress, 'lines'>): { number: number; street: string } | undefined {
  const [, number, street] = /^\s*(\d+)\s*,?\s+([^\d,]+)(?:,[^\d]*)?$/.exec(lines[0] ?? '') ?? [];
  if (number === undefined || street === undefined) return undefined;
  const words = street
    .toUpperCase()
    .replace(/[^A-Z ]/g, '')
    .split(' ')
    .filter((word) => word !== '');
  return { number: Number(number), street: words.map((word) => inFull[word] ?? word).join(' ') };
}

/** Two of one postcode are two places only where both say so: another number in the same street. Any doubt is the same place. */
export function isAnotherHouse(one: Pick<PostalAddress, 'lines'>, other: Pick<PostalAddress, 'lines'>): boolean {
  const [here, there] = [houseIn(one), houseIn(other)];
  return here !== undefined && there !== undefined && here.street === there.street && here.number !== there.number;
}

/**
 * Blots out what open rows say of this place: the person's own, and those of the child and of whoever else is beside it, as
 * one row of the same home would show it. What they said is kept sealed. Who lost their address is a task on each of their
 * cases; so is whoever keeps one of the same postcode.
 */
export async function hideSamePlace(
  tx: Tx,
  keys: AddressKeys,
  about: { protectedId: string; personId: string; address: PostalAddress; on: Day },
): Promise<void> {
  const { protectedId, personId, address, on } = about;
  const { authority } = tx.identity;
  const rows = await tx.query<{ id: string; personId: string; lines: string[]; postcode: string; open: boolean }>(
    `select id, person_id as "personId", lines, postcode, until_day is null as open from case_file.address
     where regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g') = regexp_replace(upper($2), '[^A-Z0-9]', '', 'g')
       and (person_id = $1 or person_id in (
         select near.person_id from case_file.relationship own join case_file.relationship near on near.child_id = own.child_id
         where own.person_id = $1
         union
         select c.person_id from case_file.relationship own join case_file.child c on c.id = own.child_id
         where own.person_id = $1))
     order by id for update`,
    [personId, address.postcode],
  );
  for (const { id, personId: whose, lines, postcode, open } of rows) {
    if (whose !== personId && isAnotherHouse({ lines }, address)) {
      if (open)
        await taskAbout(
          tx,
          { key: `same-postcode:${whose}:${protectedId}:${id}`, personId: whose, on },
          (name) =>
            `The address of ${name} has the same postcode as an address that is not to be shared. Is it the same place? If it is, set it as not to be shared too.`,
        );
      continue;
    }
    const hidden = newId();
    const { ciphertext, keyId } = keys.seal({ lines, postcode }, boundTo(authority, whose, hidden));
    await tx.run(
      `insert into case_file.hidden_address (id, authority_id, person_id, address_id, hidden_for, ciphertext, key_id, was_open)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [hidden, authority, whose, id, protectedId, ciphertext, keyId, open],
    );
    await tx.run(
      `update case_file.address set lines = array[$2], postcode = '',
         until_day = case when until_day is null then greatest(from_day, $3::date) else until_day end where id = $1`,
      [id, notToBeShared, on],
    );
    if (open && whose !== personId)
      await taskAbout(
        tx,
        { key: `address-lost:${whose}:${protectedId}`, personId: whose, on },
        (name) =>
          `${name} has no address on record any more: it may be the place of an address that is not to be shared. Letters are held for them until an address is entered, or is set as not to be shared.`,
      );
  }
}

/** A task on every case on which this person stands. */
async function taskAbout(
  tx: Tx,
  about: { key: string; personId: string; on: Day },
  text: (name: string) => string,
): Promise<void> {
  const cases = await tx.query<{ childId: string; caseworkerId: string | null; team: string | null; name: string }>(
    `select c.id as "childId", c.caseworker_id as "caseworkerId", c.team,
       concat_ws(' ', p.title, p.first_names, p.last_name) as name
     from case_file.person p join case_file.child c on c.person_id = p.id or c.id in (
       select child_id from case_file.relationship r where r.person_id = p.id and r.until_day is null)
     where p.id = $1`,
    [about.personId],
  );
  for (const { childId, caseworkerId, team, name } of cases)
    await raiseNotice(tx, {
      key: `${about.key}:${childId}`,
      kind: 'task',
      childId,
      text: text(name),
      dueOn: about.on,
      staffId: caseworkerId,
      team,
    });
}

/** Done with are the tasks about somebody who has an address again, and on the case those about an address that holds no more. */
export async function settlePlaceTasks(
  tx: Tx,
  { personId, childId }: { personId: string; childId: string | null },
  at: Date,
): Promise<void> {
  await tx.run(
    `update case_file.notice n set done_at = $3, done_by = $4 where n.done_at is null and (
       starts_with(n.key, 'address-lost:' || $1 || ':') and (
         exists (select from case_file.address a where a.person_id = $1::uuid and a.until_day is null)
         or exists (select from case_file.protected_address p where p.person_id = $1::uuid and p.until_day is null))
       or starts_with(n.key, 'same-postcode:') and (n.child_id = $2::uuid or split_part(n.key, ':', 2) = $1) and not exists (
         select from case_file.address a where a.id::text = split_part(n.key, ':', 4) and a.until_day is null))`,
    [personId, childId, at, tx.identity.actor],
  );
}

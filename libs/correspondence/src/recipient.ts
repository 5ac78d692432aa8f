import { systemActor } from '@send/access';
import {
  type Addressee,
  type Addressees,
  addressees,
  type AddressKeys,
  type LetterTo,
  type PostalAddress,
  resolveAddress,
} from '@send/case-file';
import type { Tx } from '@send/database';
import { type LetterTemplate, type RecipientKind } from '@send/letters';
import type { Day } from '@send/statute';
import { createHash } from 'node:crypto';
import type { Telling } from './telling';

export type Found = { readonly addressee: Addressee; readonly kind: RecipientKind } | { readonly cannot: string };

/** Whether this person, setting or adviser may have this letter about this child on that day, and as whom. */
export async function recipientOf(
  tx: Tx,
  telling: Pick<Telling, 'childId' | 'recipient' | 'letter'>,
  template: LetterTemplate,
  on: Day,
): Promise<Found> {
  const { recipient, childId, letter } = telling;
  // A letter may be written to the child and to the parents: each person is looked for among those it is for.
  const among: readonly LetterTo[] = recipient.startsWith('person:')
    ? [
        ...(template.to.includes('child') ? (['child'] as const) : []),
        ...(!template.to.includes('child') || template.to.includes('parent')
          ? (['parent-or-young-person'] as const)
          : []),
      ]
    : [recipient as LetterTo];
  const found: Addressees[] = [];
  for (const to of among) found.push(await addressees(tx, childId, to, on, letter));
  const addressee = found.flatMap(({ send }) => send).find((one) => one.id === recipient);
  if (addressee !== undefined) return { addressee, kind: kindFor(addressee.kind, template) };
  const held = found.flatMap((one) => one.held).find((one) => one.id === recipient);
  return {
    cannot: held?.text ?? 'This recipient may not receive this letter any more. Check the people beside the child',
  };
}

/** The only safe way to this reader, where it is not post: the file drop is the one way out of the building so far. */
export type OnlyBy = Exclude<Addressee['channel'], 'post'> | null;

export const onlyByOf = ({ channel }: Addressee): OnlyBy => (channel === 'post' ? null : channel);

/** Why such a letter is held, and what to do; `whom` is a name only where names may stand. */
export function notByPost(onlyBy: Exclude<OnlyBy, null>, whom = 'this person'): string {
  const why =
    onlyBy === 'email'
      ? `Only email is safe for ${whom}, and this service cannot send email yet`
      : `Only an online account is safe for ${whom}, and this service has none yet`;
  return `${why}. Ask for a safe postal address, or ring them`;
}

/** A party whom the authority decided to write to as to a parent (a social worker, a virtual head) reads the parent's letter. */
export const kindFor = (kind: RecipientKind, template: LetterTemplate): RecipientKind =>
  template.to.includes(kind) ? kind : (template.to[0] ?? kind);

/**
 * Where a letter goes, as a fingerprint to compare with: of a protected address its row's id alone, as the hash of an
 * address can be guessed.
 */
export async function addressMark(tx: Tx, addressee: Addressee, on: Day): Promise<string> {
  if (addressee.addressProtected) {
    const [row] = await tx.query<{ id: string }>(
      `select id from case_file.protected_address where person_id = $1 and from_day <= $2::date and (until_day is null or $2::date < until_day)`,
      [addressee.id.slice('person:'.length), on],
    );
    return `protected:${row?.id ?? 'none'}`;
  }
  const plain = addressee.addressLines.map((line) => line.toUpperCase().replace(/[^A-Z0-9]+/g, '')).join('|');
  return `sha256:${createHash('sha256').update(`${addressee.id}|${plain}`).digest('hex')}`;
}

/** The address itself, for the moment of hand-over. One that is protected is opened with a reason, and leaves its trace. */
export async function addressAtHandOver(
  tx: Tx,
  keys: AddressKeys,
  telling: Telling,
  on: Day,
): Promise<PostalAddress | undefined> {
  return resolveAddress(
    tx,
    systemActor(tx.identity.authority),
    keys,
    telling.childId,
    telling.recipient,
    `Hand-over of the letter ${telling.letter}`,
    on,
  );
}

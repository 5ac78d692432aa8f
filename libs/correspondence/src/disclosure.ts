import { systemActor } from '@send/access';
import { type AddressKeys, peopleOn, readProtectedAddress } from '@send/case-file';
import type { Tx } from '@send/database';
import type { LetterValues } from '@send/letters';
import type { Day } from '@send/statute';
import type { Telling } from './telling';

/** What of somebody else must not stand in a letter: where they live and how to reach them. */
interface Secret {
  readonly what: string;
  readonly text: string;
}

const squeezed = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9@]+/g, '');

const plainText = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"');

/**
 * Postcode, first line, phone and email of every other person beside the child, protected or not. The protected ones are
 * opened only when a letter is handed over (`keys` given), and leave their trace.
 */
async function secretsOfOthers(tx: Tx, telling: Telling, on: Day, keys: AddressKeys | undefined): Promise<Secret[]> {
  const secrets: Secret[] = [];
  for (const one of await peopleOn(tx, telling.childId, on)) {
    if (`person:${one.person.id}` === telling.recipient) continue;
    const add = (what: string, text: string | null | undefined): void => {
      if (text != null && squeezed(text).length >= 5) secrets.push({ what, text: squeezed(text) });
    };
    if (one.addressProtected && keys !== undefined) {
      const opened = await readProtectedAddress(
        tx,
        systemActor(tx.identity.authority),
        keys,
        one.person.id,
        `Check that the letter ${telling.letter} to somebody else does not carry it`,
        on,
      );
      if ('address' in opened) {
        add('an address not to be shared', opened.address.postcode);
        add('an address not to be shared', opened.address.lines[0]);
      }
    } else if (!one.addressProtected && one.addressLines.length > 0) {
      add('the postcode of somebody else', one.addressLines.at(-1));
      add('the address of somebody else', one.addressLines[0]);
    }
    // The child's own contact is the family's; an adult's is theirs alone.
    if (one.relationship.kind !== 'self') {
      add('the phone number of somebody else', one.phone);
      add('the email address of somebody else', one.email);
    }
  }
  return secrets;
}

/** What keeps this text from this reader, in words without any of it. */
export async function leaksIn(
  tx: Tx,
  telling: Telling,
  values: LetterValues,
  html: string,
  on: Day,
  keys?: AddressKeys,
): Promise<string[]> {
  const secrets = await secretsOfOthers(tx, telling, on, keys);
  // What everybody may know anyway: the council's own details, and the recipient's.
  const known = squeezed(
    JSON.stringify([values.council, values.iass, values.mediation, values.caseworker, values.recipient.addressLines]),
  );
  const text = squeezed(plainText(html));
  const found = secrets
    .filter((secret) => !known.includes(secret.text) && text.includes(secret.text))
    .map((secret) => `The letter carries ${secret.what}`);
  return [...new Set(found)];
}

/** Reasons are about this child: the same words in another child's decision are a copy that nobody thought about. */
export async function copiedReasons(tx: Tx, telling: Telling, values: LetterValues): Promise<string[]> {
  if (values.reasons === undefined || values.reasons.length === 0) return [];
  const [other] = await tx.query<{ id: string }>(
    `select f.id from engine.fact f join engine.run r on r.id = f.run_id
     where f.authority_id = $1 and md5(f.payload ->> 'reasons') = md5($2::jsonb #>> '{}') and f.payload ->> 'reasons' is not null
       and f.payload -> 'reasons' = $2::jsonb and r.child_id <> $3 limit 1`,
    [tx.identity.authority, JSON.stringify(values.reasons), telling.childId],
  );
  return other === undefined
    ? []
    : ['The reasons are word for word those of another child. Write them about this child'];
}

import type { AddressKeys } from '@send/case-file';
import type { Tx } from '@send/database';

/** What ties an encrypted file to its letter: on another's row it does not open. */
export const fileOf = (letterId: string): string => `letter/${letterId}`;

/** The file as it was, or will be, handed over; undefined where none has been made. */
export async function storedFile(tx: Tx, keys: AddressKeys, letterId: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ pdf: Buffer | null; pdf_sealed: Buffer | null; pdf_key: string | null }>(
    'select pdf, pdf_sealed, pdf_key from letters.letter where id = $1',
    [letterId],
  );
  if (row?.pdf_sealed != null && row.pdf_key !== null)
    return keys.openBytes(row.pdf_sealed, row.pdf_key, fileOf(letterId));
  return row?.pdf ?? undefined;
}

import { createHash } from 'node:crypto';
import { newId, type Tx } from '@send/database';
import { IsNull } from 'typeorm';
import { StoredDocument } from './papers.entity';

export type NewDocument = Pick<
  StoredDocument,
  'childId' | 'type' | 'title' | 'author' | 'dated' | 'fileName' | 'mediaType' | 'bytes'
> &
  Partial<Pick<StoredDocument, 'id' | 'sensitivity' | 'pages' | 'scan' | 'replacesId'>>;

export async function addDocument(tx: Tx, document: NewDocument): Promise<string> {
  const id = document.id ?? newId();
  await tx.repository(StoredDocument).insert({
    ...document,
    id,
    authorityId: tx.identity.authority,
    fileName: cleanFileName(document.fileName),
    sha256: createHash('sha256').update(document.bytes).digest('hex'),
    recordedBy: tx.identity.actor,
  });
  return id;
}

/** Without their bytes, newest first. One that was removed is kept, and shown only where it is asked for. */
export async function documentsOf(
  tx: Tx,
  childId: string,
  options: { hidden?: boolean } = {},
): Promise<StoredDocument[]> {
  const where = options.hidden ? { childId } : { childId, hiddenAt: IsNull() };
  return tx.repository(StoredDocument).find({ where, order: { dated: 'DESC', recordedAt: 'DESC', id: 'DESC' } });
}

export async function documentOf(tx: Tx, id: string): Promise<StoredDocument | null> {
  return tx.repository(StoredDocument).findOneBy({ id });
}

/** The file itself; not before it was found clean, and not once it was removed. */
export async function openDocument(tx: Tx, id: string): Promise<StoredDocument | undefined> {
  const document = await tx
    .repository(StoredDocument)
    .createQueryBuilder('document')
    .addSelect('document.bytes')
    .where('document.id = :id and document.scan = :scan and document.hidden_at is null', { id, scan: 'clean' })
    .getOne();
  return document ?? undefined;
}

export async function noteScan(tx: Tx, id: string, scan: 'clean' | 'infected'): Promise<boolean> {
  return (await tx.repository(StoredDocument).update({ id }, { scan })).affected === 1;
}

/** Kept, hidden, reasoned. */
export async function hideDocument(tx: Tx, id: string, reason: string, at: Date): Promise<boolean> {
  const hidden = await tx
    .repository(StoredDocument)
    .update({ id, hiddenAt: IsNull() }, { hiddenAt: at, hiddenBy: tx.identity.actor, hiddenReason: reason });
  return hidden.affected === 1;
}

/** A name to show, never a path: nothing that a file system or a header reads as its own. */
export function cleanFileName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const cleaned = last
    .normalize('NFC')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069"<>:|?*\s]+/gu, ' ')
    .trim()
    .replace(/^\.+/, '');
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(cleaned)?.[0] ?? '';
  return cleaned === '' ? 'document' : cleaned.length <= 200 ? cleaned : cleaned.slice(0, 200 - ending.length) + ending;
}

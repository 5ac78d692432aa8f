import { newId, type Tx } from '@send/database';
import { Advice, Note } from './papers.entity';

export type NewAdvice = Omit<
  Advice,
  'id' | 'authorityId' | 'recordedBy' | 'recordedAt' | 'adviserId' | 'settingId' | 'documentId'
> &
  Partial<Pick<Advice, 'id' | 'adviserId' | 'settingId' | 'documentId'>>;

/** Kept as it came. A correction is another advice on the same request; the newest is shown first. */
export async function addAdvice(tx: Tx, advice: NewAdvice): Promise<string> {
  const id = advice.id ?? newId();
  await tx
    .repository(Advice)
    .insert({ ...advice, id, authorityId: tx.identity.authority, recordedBy: tx.identity.actor });
  return id;
}

export async function adviceOf(tx: Tx, childId: string): Promise<Advice[]> {
  return tx
    .repository(Advice)
    .find({ where: { childId }, order: { receivedOn: 'DESC', recordedAt: 'DESC', id: 'DESC' } });
}

export type NewNote = Pick<Note, 'childId' | 'text' | 'happenedOn'> &
  Partial<Pick<Note, 'id' | 'kind' | 'replyDue' | 'onBehalfOf'>>;

export async function addNote(tx: Tx, note: NewNote): Promise<string> {
  const id = note.id ?? newId();
  await tx.repository(Note).insert({ ...note, id, authorityId: tx.identity.authority, writtenBy: tx.identity.actor });
  return id;
}

export async function notesOf(tx: Tx, childId: string): Promise<Note[]> {
  return tx.repository(Note).find({ where: { childId }, order: { happenedOn: 'DESC', writtenAt: 'DESC', id: 'DESC' } });
}

import { notesOf } from '@send/case-file';
import type { Day } from '@send/statute';
import { cameFrom } from '../new-request/from-online';
import type { OpenedCase } from './case-frame';

/** An online request that led to this case, as its pages show it. */
export interface CameOnline {
  readonly id: string;
  readonly reference: string;
  readonly receivedOn: Day;
  /** It says that somebody must not be told where they live. */
  readonly addressProtected: boolean;
  /** Who asked, in the words put on record when it was opened. */
  readonly lines: readonly string[];
  /** Where what is kept sealed is read with a reason, for those who may. */
  readonly sealed: string | null;
}

export async function cameOnline(opened: OpenedCase): Promise<CameOnline[]> {
  const { tx, child } = opened;
  const rows = await tx.query<Omit<CameOnline, 'lines' | 'sealed'>>(
    `select id, reference, received_on as "receivedOn", address_protected as "addressProtected"
     from case_file.online_request where child_id = $1 order by received_at, id`,
    [child.id],
  );
  if (rows.length === 0) return [];
  const notes = opened.may('readStaffNotes') ? await notesOf(tx, child.id) : [];
  return rows.map((one) => ({
    ...one,
    lines: notes.find(({ text }) => text.startsWith(`${cameFrom} ${one.reference},`))?.text.split('\n') ?? [
      `${cameFrom} ${one.reference}.`,
    ],
    sealed: one.addressProtected && opened.may('readProtectedAddress') ? `/cases/${child.id}/online/${one.id}` : null,
  }));
}

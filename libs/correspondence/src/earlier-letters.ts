import { addressees, childOf, raiseNotice } from '@send/case-file';
import type { Tx } from '@send/database';
import { lettersOwed, writeLetters } from '@send/engine';
import { letterCatalogue } from '@send/letters';
import type { Day } from '@send/statute';
import { needsApproval } from './case-correspondence';

/**
 * Somebody may be written to from now on. Letters that nobody of the family had are written to them now. Of those that others
 * had, a task asks whether they must have one too: no second copy goes by itself that nobody decided to send.
 */
export async function noteEarlierLetters(tx: Tx, childId: string, personId: string, on: Day): Promise<void> {
  const recipient = `person:${personId}`;
  const { send } = await addressees(tx, childId, 'parent-or-young-person', on);
  const now = send.find((one) => one.id === recipient);
  if (now === undefined) return;
  await writeLettersOwed(tx, childId, on);
  const [found] = await tx.query<{ count: number }>(
    `select count(distinct l.group_key)::int as count from letters.letter l
     where l.child_id = $1 and l.letter = any($3) and l.status <> 'cancelled'
       and not exists (select from letters.letter o where o.group_key = l.group_key and o.recipient = $2)`,
    [childId, recipient, familyLetters()],
  );
  const count = found?.count ?? 0;
  if (count === 0) return;
  const child = await childOf(tx, childId);
  const [letters, them] = count === 1 ? ['One letter was', 'it'] : [`${count} letters were`, 'them'];
  await raiseNotice(tx, {
    key: `earlier-letters:${personId}:${on}`,
    kind: 'task',
    childId,
    text: `${now.name} may receive letters from now on. ${letters} written to the family before without a copy for them. Decide whether they must have ${them}.`,
    dueOn: on,
    staffId: child.caseworkerId,
    team: child.team,
  });
}

/**
 * A decision held somebody's letter: whether it still is. Who was let go in the meantime, or in the moment of the decision
 * itself, is written to now.
 */
export async function stillHeld(tx: Tx, childId: string, who: string, on: Day): Promise<boolean> {
  const { send, held } = await addressees(tx, childId, 'parent-or-young-person', on);
  const free = held.some(({ text }) => text === who) ? undefined : send.find(({ name }) => who.includes(name));
  if (free === undefined) return true;
  await noteEarlierLetters(tx, childId, free.id.replace('person:', ''), on);
  return false;
}

/**
 * Letters to the family that could be written to nobody when their decisions were taken are written to whoever can be written
 * to now, while the case still waits for them. A copy by a young person's leave alone is none: the young person must be told.
 */
export async function writeLettersOwed(tx: Tx, childId: string, on: Day): Promise<void> {
  for (const owed of await lettersOwed(tx, childId)) {
    if (!familyLetters().includes(owed.letter)) continue;
    const { send } = await addressees(tx, childId, 'parent-or-young-person', on, owed.letter);
    if (send.every((one) => one.asCopy)) continue;
    const recipients = send.map((one) => one.id);
    await writeLetters(tx, owed, recipients, needsApproval(letterCatalogue(), owed.letter), on);
  }
}

/** Letters that go to whoever holds the rights: not those for the child alone, nor those for others. */
const familyLetters = (): string[] =>
  letterCatalogue()
    .templates.filter(({ to }) => to.includes('parent'))
    .map(({ id }) => id);

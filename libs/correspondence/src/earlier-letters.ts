import { addressees, childOf, raiseNotice } from '@send/case-file';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

/**
 * Letters of earlier decisions have no copy for whoever could not be written to when they were taken. Once they can be, a
 * task asks whether they must have one: nothing is sent by itself that nobody decided to send.
 */
export async function noteEarlierLetters(tx: Tx, childId: string, personId: string, on: Day): Promise<void> {
  const recipient = `person:${personId}`;
  const { send } = await addressees(tx, childId, 'parent-or-young-person', on);
  const now = send.find((one) => one.id === recipient);
  if (now === undefined) return;
  const [found] = await tx.query<{ count: number }>(
    `select count(distinct l.group_key)::int as count from letters.letter l
     where l.child_id = $1 and l.recipient like 'person:%' and l.status <> 'cancelled'
       and not exists (select from letters.letter o where o.group_key = l.group_key and o.recipient = $2)`,
    [childId, recipient],
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

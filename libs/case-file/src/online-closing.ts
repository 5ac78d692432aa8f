import { type Actor, type Allowed, maySecond, noCase, type Refused, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import { raiseNotice } from './notice';
import { endReminders, findOnlineRequest, type OnlineRequest } from './online-request';

/** How closing ends: done, waiting for a second person, too late, or not to be done. */
export type ClosingOutcome =
  | { readonly done: 'closed' | 'proposed' | 'given-back' }
  | { readonly settled: OnlineRequest }
  | { readonly refused: 'other-closed' | 'nothing-waits' | 'waits-already' | Refused };

/** A second person is needed: the request stays where it is, and waits to be closed. */
export async function proposeClosing(
  tx: Tx,
  actor: Actor,
  id: string,
  given: { readonly closing: 'not-a-request' | 'test'; readonly why: string },
  at: Date,
): Promise<ClosingOutcome> {
  const online = await findOnlineRequest(tx, id, true);
  if (online?.outcome !== null) return settledOr(online);
  if (online.closing !== null) return { refused: 'waits-already' };
  await tx.run(
    `update case_file.online_request set closing = $2, closing_why = $3, closing_by = $4, closing_at = $5 where id = $1`,
    [id, given.closing, given.why, actor.staffId, at],
  );
  await audit(tx, actor, 'proposeClosingOnlineRequest', id, `${given.closing}: ${given.why}`);
  return { done: 'proposed' };
}

/** Sent twice: the other one, a request or a case of this authority, counts and is named. One person may say so. */
export async function closeAsDuplicate(
  tx: Tx,
  actor: Actor,
  id: string,
  given: { readonly of: { readonly request: string } | { readonly child: string }; readonly why: string },
  at: Date,
): Promise<ClosingOutcome> {
  const other = 'request' in given.of ? given.of.request : undefined;
  // In one order, so that two people who close each the other's request wait, and do not stop each other.
  await tx.query('select id from case_file.online_request where id = any($1) order by id for update', [
    other === undefined ? [id] : [id, other],
  ]);
  const online = await findOnlineRequest(tx, id);
  if (online?.outcome !== null) return settledOr(online);
  if (other !== undefined) {
    // Two that are closed as copies of each other would both be gone.
    const outcome = (await findOnlineRequest(tx, other))?.outcome;
    if (other === id || (outcome !== null && outcome !== 'opened')) return { refused: 'other-closed' };
  }
  await tx.run(
    `update case_file.online_request set outcome = 'duplicate', settled_by = $2, settled_at = $3, why = $4,
       duplicate_of = $5, duplicate_of_child = $6, closing = null, closing_why = null, closing_by = null, closing_at = null
     where id = $1`,
    [id, actor.staffId, at, given.why, other ?? null, 'child' in given.of ? given.of.child : null],
  );
  await endReminders(tx, id, at);
  await audit(tx, actor, 'closeOnlineRequest', id, `duplicate: ${given.why}`);
  return { done: 'closed' };
}

/** Who signs decisions may confirm that there is none to make, unless they proposed it. */
export const mayCloseSecond = (online: OnlineRequest, actor: Actor): Allowed | Refused =>
  maySecond(online.closingBy ?? '', actor, 'signDecision', noCase(actor.authority));

export async function confirmClosing(tx: Tx, actor: Actor, id: string, at: Date): Promise<ClosingOutcome> {
  const found = await waiting(tx, actor, id);
  if (!('online' in found)) return found;
  const { closing, closingWhy, closingBy, reference } = found.online;
  await tx.run(
    `update case_file.online_request set outcome = closing, settled_by = $2, settled_at = $3, why = closing_why where id = $1`,
    [id, actor.staffId, at],
  );
  await endReminders(tx, id, at);
  await audit(tx, actor, 'closeOnlineRequest', id, `${closing ?? ''}: ${closingWhy ?? ''}`);
  // Whoever sent it has read "We have your request", and waits for an answer unless somebody tells them.
  if (closing === 'not-a-request')
    await raiseNotice(tx, {
      key: `online-closed:${id}`,
      kind: 'task',
      text: `Online request ${reference} is closed: it does not ask for an assessment. Tell whoever sent it, as they were told that we have their request.`,
      staffId: closingBy,
    });
  return { done: 'closed' };
}

/** Not agreed: the request waits to be opened, as before. */
export async function giveBackClosing(tx: Tx, actor: Actor, id: string, reason: string): Promise<ClosingOutcome> {
  const found = await waiting(tx, actor, id);
  if (!('online' in found)) return found;
  const { closingBy, reference } = found.online;
  await tx.run(
    'update case_file.online_request set closing = null, closing_why = null, closing_by = null, closing_at = null where id = $1',
    [id],
  );
  await audit(tx, actor, 'giveBackClosingOnlineRequest', id, reason);
  await raiseNotice(tx, {
    key: `online-given-back:${id}:${newId()}`,
    kind: 'task',
    text: `Online request ${reference} is not to be closed, and waits to be opened: ${reason}`,
    staffId: closingBy,
  });
  return { done: 'given-back' };
}

async function waiting(tx: Tx, actor: Actor, id: string): Promise<{ online: OnlineRequest } | ClosingOutcome> {
  const online = await findOnlineRequest(tx, id, true);
  if (online?.outcome !== null) return settledOr(online);
  if (online.closing === null) return { refused: 'nothing-waits' };
  const answer = mayCloseSecond(online, actor);
  return answer.allowed ? { online } : { refused: answer };
}

const settledOr = (online: OnlineRequest | undefined): ClosingOutcome =>
  online === undefined ? { refused: 'nothing-waits' } : { settled: online };

async function audit(tx: Tx, actor: Actor, action: string, id: string, reason: string): Promise<void> {
  await writeAudit(tx, actor, { action, outcome: 'done', object: `online request ${id}`, reason });
}

import type { Actor } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Door } from '@send/workflow-kit';
import type { Given } from './given';
import { keyReused, type NotDone, refuse, type Waits } from './outcome';

/** A command that waits for its second person. Nothing has happened until it is confirmed. */
export interface Proposal {
  readonly door: Door;
  readonly runId: string;
  readonly childId: string;
  readonly status: string;
  readonly proposedBy: Actor;
  readonly given: Given;
}

export const alreadyDecided = refuse('out-of-position', 'This was already decided. Nothing was changed', 'proposal');

/** The same key proposes once, however often it is sent. */
export async function putProposal(tx: Tx, proposal: Omit<Proposal, 'status'>): Promise<Waits | NotDone> {
  const { door, runId, childId, proposedBy: actor, given } = proposal;
  const put = await tx.query<{ id: string }>(
    `insert into engine.proposal (id, authority_id, run_id, child_id, door, command, proposed_by, command_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (authority_id, command_key) do nothing returning id`,
    [newId(), actor.authority, runId, childId, door, JSON.stringify({ actor, given }), actor.staffId, given.key],
  );
  if (put[0] !== undefined) return { done: false, waits: { proposalId: put[0].id } };
  const [before] = await tx.query<{ id: string; run_id: string; command: { given: Given } }>(
    'select id, run_id, command from engine.proposal where command_key = $1',
    [given.key],
  );
  return before?.run_id === runId && before.command.given.command === given.command
    ? { done: false, waits: { proposalId: before.id } }
    : keyReused;
}

export async function readProposal(tx: Tx, id: string): Promise<Proposal | undefined> {
  const [row] = await tx.query<{
    door: Door;
    run_id: string;
    child_id: string;
    status: string;
    command: { actor: Actor; given: Given };
  }>('select door, run_id, child_id, status, command from engine.proposal where id = $1', [id]);
  return row === undefined
    ? undefined
    : {
        door: row.door,
        runId: row.run_id,
        childId: row.child_id,
        status: row.status,
        proposedBy: row.command.actor,
        given: row.command.given,
      };
}

/** Decides a proposal that waits: false where somebody did before. Whoever tries in the same moment waits for the end. */
export async function settleProposal(
  tx: Tx,
  id: string,
  decision: { status: 'confirmed' | 'returned'; by: Actor; at: Date; reason?: string },
): Promise<boolean> {
  const changed = await tx.run(
    `update engine.proposal set status = $2, decided_by = $3, decided_at = $4, reason = $5 where id = $1 and status = 'waiting'`,
    [id, decision.status, decision.by.staffId, decision.at, decision.reason ?? null],
  );
  return changed === 1;
}

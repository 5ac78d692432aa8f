import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { Awaiting } from '@send/workflow-kit';

/** Letters of one decision that nobody could be written to when it was taken. */
export interface LettersOwed {
  readonly runId: string;
  readonly factId: string;
  readonly group: string;
  readonly letter: string;
}

/**
 * What the open runs of a child still wait for with nobody to write to. The runs are locked: a decision taken in the same
 * moment comes before this or after it.
 */
export async function lettersOwed(tx: Tx, childId: string): Promise<LettersOwed[]> {
  const runs = await tx.query<{ id: string; awaiting: Record<string, Awaiting> }>(
    `select id, place -> 'context' -> 'awaiting' as awaiting from engine.run
     where child_id = $1 and not closed order by id for no key update`,
    [childId],
  );
  return runs.flatMap(({ id, awaiting }) =>
    Object.entries(awaiting)
      .filter(([, { outstanding }]) => outstanding.length === 0)
      .map(([group, { letter }]) => ({ runId: id, factId: group.slice(0, group.indexOf(':')), group, letter })),
  );
}

/**
 * Writes such a letter for each of these people, as the decision would have: by whoever took it, from today. How many were
 * new. Asked twice it is written once.
 */
export async function writeLetters(
  tx: Tx,
  { runId, factId, group, letter }: LettersOwed,
  recipients: readonly string[],
  needsApproval: boolean,
  on: Day,
): Promise<number> {
  const subject = group.slice(factId.length + letter.length + 2) || null;
  const ids = recipients.map(() => newId());
  const [written] = await tx.query<{ count: number }>(
    `with written as (
       insert into letters.letter (id, authority_id, run_id, child_id, fact_id, group_key, letter, subject, recipient, status,
         written_by, written_on)
       select l.id, r.authority_id, r.id, r.child_id, f.id, $3, $4, $5, l.recipient, $6, f.actor, $9::date
       from engine.run r join engine.fact f on f.run_id = r.id, unnest($7::uuid[], $8::text[]) as l(id, recipient)
       where r.id = $1 and f.id = $2
       on conflict (authority_id, group_key, recipient) do nothing
       returning id, authority_id, run_id, status),
     queued as (
       insert into engine.outbox (authority_id, run_id, kind, key, payload)
       select authority_id, run_id, 'letter', 'letter:' || id, jsonb_build_object('letter', id) from written
       where status = 'approved')
     select count(*)::int as count from written`,
    [runId, factId, group, letter, subject, needsApproval ? 'drafted' : 'approved', ids, recipients, on],
  );
  return written?.count ?? 0;
}

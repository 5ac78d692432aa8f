import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

/** The day by which the plan is reviewed next, as the child's own review process counts it. */
export async function nextReviewOf(tx: Tx, childId: string): Promise<Day | undefined> {
  const [row] = await tx.query<{ due: Day }>(
    `select d.due_by::text as due from engine.deadline d join engine.run r on r.id = d.run_id
     where r.child_id = $1 and d.duty in ('review.every-12-months', 'transfer.new-authority-review') and d.met_on is null and d.ended_on is null and d.due_by is not null
     order by d.due_by limit 1`,
    [childId],
  );
  return row?.due;
}

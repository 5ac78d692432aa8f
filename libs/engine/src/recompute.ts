import { type Actor, writeAudit } from '@send/access';
import type { Database } from '@send/database';
import { type Calendars, type Day, englandCalendars } from '@send/statute';
import { fold, type Workflow } from '@send/workflow-kit';
import { allRows, type DeadlineRow } from './rows';
import { historyOf } from './stored-run';

/** A deadline that today's law and calendars give otherwise than it is stored. */
export interface Recomputed {
  readonly runId: string;
  readonly childId: string;
  readonly key: string;
  readonly from: Day | null;
  readonly to: Day | null;
  readonly why: string;
}

/** A run whose stored position is not what its history gives: never mended silently. */
export interface Recomputation {
  readonly runs: number;
  readonly changed: readonly Recomputed[];
  readonly differs: readonly string[];
}

interface StoredRun {
  id: string;
  child_id: string;
  workflow: string;
  workflow_version: string;
  place: unknown;
}

/**
 * After a change of rule or calendar: folds every open run of an authority again and compares its deadlines with the
 * stored ones. Without `apply` nothing is written and the list shows who is affected; with it the difference is written,
 * with the reason, one run a transaction.
 */
export async function recompute(
  database: Database,
  workflowOf: (id: string, version: string) => Workflow,
  actor: Actor,
  options: { reason: string; apply: boolean; now: Date; calendars?: Calendars },
): Promise<Recomputation> {
  const calendars = options.calendars ?? englandCalendars;
  const identity = { authority: actor.authority, actor: actor.staffId };
  const open = await database.transaction(identity, (tx) =>
    tx.query<{ id: string }>('select id from engine.run where not closed order by id'),
  );
  const changed: Recomputed[] = [];
  const differs: string[] = [];
  for (const { id } of open) {
    await database.transaction(identity, async (tx) => {
      const [run] = await tx.query<StoredRun>(
        `select id, child_id, workflow, workflow_version, place from engine.run where id = $1 ${options.apply ? 'for update' : ''}`,
        [id],
      );
      if (run === undefined) return;
      const { place } = fold(workflowOf(run.workflow, run.workflow_version), await historyOf(tx, id));
      if (canonical(place) !== canonical(run.place)) {
        differs.push(id);
        return;
      }
      const stored = new Map((await tx.query<StoredDeadline>(storedSql, [id])).map((row) => [row.key, row]));
      const moved = allRows(place, calendars, options.now).filter((row) => !asStored(row, stored.get(row.key)));
      if (moved.length === 0) return;
      for (const row of moved) {
        const was = stored.get(row.key);
        changed.push({
          runId: id,
          childId: run.child_id,
          key: row.key,
          from: was?.due_by ?? null,
          to: row.dueBy,
          why: row.why,
        });
      }
      if (!options.apply) return;
      await tx.query('select engine.put_deadlines($1, $2, $3, $4)', [
        id,
        actor.authority,
        run.child_id,
        JSON.stringify(moved),
      ]);
      await writeAudit(tx, actor, {
        action: 'recompute',
        outcome: 'done',
        childId: run.child_id,
        runId: id,
        fields: moved.map(({ key }) => key),
        reason: options.reason,
      });
    });
  }
  return { runs: open.length, changed, differs };
}

interface StoredDeadline {
  key: string;
  rule: string;
  due_by: Day | null;
  target_by: Day | null;
  cannot_compute: string | null;
}

const storedSql = 'select key, rule, due_by, target_by, cannot_compute from engine.deadline where run_id = $1';

const asStored = (row: DeadlineRow, was: StoredDeadline | undefined): boolean =>
  was !== undefined &&
  was.rule === row.rule &&
  was.due_by === row.dueBy &&
  was.target_by === row.targetBy &&
  was.cannot_compute === row.cannotCompute;

/** The same data gives the same text, whatever order its keys were written in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

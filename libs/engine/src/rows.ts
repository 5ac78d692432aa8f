import { type Calendars, englandCalendars } from '@send/statute';
import { deadlines, type Place, type RunDeadline } from '@send/workflow-kit';
import { ladderOf } from './ladder';
import type { Moved } from './outcome';

/** A deadline as it is stored: with its rungs, and the next one not yet reached. */
export type DeadlineRow = RunDeadline & {
  readonly ladder: readonly (readonly [string, string])[];
  readonly nextRungAt: string | null;
};

const same = (a: RunDeadline, b: RunDeadline): boolean =>
  a.dueBy === b.dueBy &&
  a.metOn === b.metOn &&
  a.endedOn === b.endedOn &&
  a.anchorOn === b.anchorOn &&
  a.anchorFact === b.anchorFact &&
  a.targetBy === b.targetBy &&
  a.rule === b.rule &&
  a.cannotCompute === b.cannotCompute &&
  (a.exceptions.length === 0 && b.exceptions.length === 0
    ? true
    : JSON.stringify(a.exceptions) === JSON.stringify(b.exceptions));

export interface Difference {
  readonly rows: DeadlineRow[];
  readonly moved: Moved[];
}

/**
 * The whole set is computed again, and the difference written. A deadline whose duty is no longer on the ledger at all
 * (its fact was taken back) is written as fallen away, never removed.
 */
export function difference(before: Place | null, after: Place, on: string, calendars: Calendars = englandCalendars): Difference {
  const old = new Map((before === null ? [] : deadlines(before, calendars, false)).map((row) => [row.key, row]));
  const changed = new Set<string>();
  const moved: Moved[] = [];
  for (const row of deadlines(after, calendars, false)) {
    const was = old.get(row.key);
    old.delete(row.key);
    if (was !== undefined && same(was, row)) continue;
    changed.add(row.key);
    if (was !== undefined && (was.dueBy !== row.dueBy || was.targetBy !== row.targetBy))
      moved.push({ key: row.key, from: was.targetBy ?? was.dueBy, to: row.targetBy ?? row.dueBy });
  }
  const rows: DeadlineRow[] = [];
  if (changed.size > 0)
    for (const row of deadlines(after, calendars, true, changed)) rows.push(withLadder(row, calendars));
  for (const gone of old.values()) {
    moved.push({ key: gone.key, from: gone.targetBy ?? gone.dueBy, to: null });
    rows.push({ ...gone, endedOn: gone.endedOn ?? on, dueBy: null, planBy: null, targetBy: null, why: 'The fact it was counted from was taken back', ladder: [], nextRungAt: null });
  }
  return { rows, moved };
}

/** Every deadline of a place as it should be stored. */
export const allRows = (place: Place, calendars: Calendars = englandCalendars): DeadlineRow[] =>
  deadlines(place, calendars).map((row) => withLadder(row, calendars));

function withLadder(row: RunDeadline, calendars: Calendars): DeadlineRow {
  const ladder = ladderOf(row, calendars);
  return {
    ...row,
    cannotCompute: row.cannotCompute ?? ladder.missing,
    ladder: ladder.rungs,
    nextRungAt: ladder.rungs[0]?.[1] ?? null,
  };
}

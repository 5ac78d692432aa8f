import { type Calendars, englandCalendars } from '@send/statute';
import { deadlines, type Place, type RunContext, type RunDeadline } from '@send/workflow-kit';
import { ladderOf } from './ladder';
import type { Moved } from './outcome';

/** A deadline as it is stored: with its rungs, and the next one not yet reached. */
export type DeadlineRow = RunDeadline & {
  readonly ladder: readonly (readonly [string, string])[];
  readonly nextRungAt: string | null;
};

/** What of a stored deadline changes when it is met, falls away or opens again: its day and its reasons stay. */
export type SettledRow = Pick<DeadlineRow, 'key' | 'metOn' | 'endedOn' | 'cannotCompute' | 'ladder' | 'nextRungAt'>;

const sameDates = (a: RunDeadline, b: RunDeadline): boolean =>
  a.dueBy === b.dueBy &&
  a.anchorOn === b.anchorOn &&
  a.anchorFact === b.anchorFact &&
  a.targetBy === b.targetBy &&
  a.rule === b.rule &&
  a.cannotCompute === b.cannotCompute &&
  a.why === b.why &&
  (a.exceptions.length === 0 && b.exceptions.length === 0
    ? true
    : JSON.stringify(a.exceptions) === JSON.stringify(b.exceptions));

export interface Difference {
  /** Written whole: what is new, or has another day. */
  readonly rows: DeadlineRow[];
  /** The one deadline that was met, fell away or opened again, where nothing else changed: most commands change so much. */
  readonly settled: SettledRow | null;
  readonly moved: Moved[];
}

/**
 * The whole set is computed again, and the difference written. A deadline whose duty is no longer on the ledger at all
 * (its fact was taken back) is written as fallen away, never removed.
 */
export function difference(
  before: Place | null,
  after: Place,
  on: string,
  calendars: Calendars = englandCalendars,
  now: Date | null = null,
): Difference {
  const only = before === null ? undefined : touched(before.context, after.context);
  // Where the dates they count from changed, the same day may have another reason.
  const explain = only === undefined && before !== null;
  const old = new Map(
    (before === null ? [] : deadlines(before, calendars, explain, only)).map((row) => [row.key, row]),
  );
  const changed = new Set<string>();
  const moved: Moved[] = [];
  const settled: RunDeadline[] = [];
  for (const row of deadlines(after, calendars, explain, only)) {
    const was = old.get(row.key);
    old.delete(row.key);
    if (was !== undefined && sameDates(was, row)) {
      if (was.metOn !== row.metOn || was.endedOn !== row.endedOn) settled.push(row);
      continue;
    }
    changed.add(row.key);
    if (was !== undefined && (was.dueBy !== row.dueBy || was.targetBy !== row.targetBy))
      moved.push({ key: row.key, from: was.targetBy ?? was.dueBy, to: row.targetBy ?? row.dueBy });
  }
  const [first] = settled;
  if (first !== undefined && settled.length === 1 && changed.size === 0 && old.size === 0)
    return { rows: [], settled: settledRow(withLadder(first, calendars, now)), moved };
  for (const { key } of settled) changed.add(key);
  const rows: DeadlineRow[] = [];
  if (changed.size > 0)
    for (const row of deadlines(after, calendars, true, changed)) rows.push(withLadder(row, calendars, now));
  for (const gone of old.values()) {
    moved.push({ key: gone.key, from: gone.targetBy ?? gone.dueBy, to: null });
    rows.push({
      ...gone,
      endedOn: gone.endedOn ?? on,
      dueBy: null,
      planBy: null,
      targetBy: null,
      why: 'The fact it was counted from was taken back',
      ladder: [],
      nextRungAt: null,
    });
  }
  return { rows, settled: null, moved };
}

const settledRow = ({ key, metOn, endedOn, cannotCompute, ladder, nextRungAt }: DeadlineRow): SettledRow => ({
  key,
  metOn,
  endedOn,
  cannotCompute,
  ladder,
  nextRungAt,
});

/**
 * The duties whose dates a step can have moved; all of them where the dates they count from, or what excuses them, are
 * not the very same. What a step leaves alone is the same object before and after it.
 */
function touched(before: RunContext, after: RunContext): ReadonlySet<string> | undefined {
  if (before.facts !== after.facts || before.exceptions !== after.exceptions) return undefined;
  const keys = new Set<string>();
  for (const key in before.duties) if (before.duties[key] !== after.duties[key]) keys.add(key);
  for (const key in after.duties) if (before.duties[key] !== after.duties[key]) keys.add(key);
  return keys;
}

/** Every deadline of a place as it should be stored. */
export const allRows = (
  place: Place,
  calendars: Calendars = englandCalendars,
  now: Date | null = null,
): DeadlineRow[] => deadlines(place, calendars).map((row) => withLadder(row, calendars, now));

/** A deadline that is learned of late has rungs behind it: the last of them is reached at once, those before it are past. */
function withLadder(row: RunDeadline, calendars: Calendars, now: Date | null): DeadlineRow {
  const ladder = ladderOf(row, calendars);
  const passed = now === null ? 0 : ladder.rungs.filter(([, at]) => new Date(at) <= now).length;
  const rungs = passed > 1 ? ladder.rungs.slice(passed - 1) : ladder.rungs;
  return {
    ...row,
    cannotCompute: row.cannotCompute ?? ladder.missing,
    ladder: rungs,
    nextRungAt: rungs[0]?.[1] ?? null,
  };
}

import { type Actor, isSystem } from '@send/access';
import type { Database, Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { Fact, Payload, Place } from '@send/workflow-kit';
import type { Moved } from './outcome';
import type { KnownRun } from './recent-runs';

/** A run as a command needs it: its place, what ties the actor to its child, and the fact that bears the command's key. */
export interface Loaded extends KnownRun {
  readonly grants: readonly string[];
  readonly repeated: RepeatedFact | null;
}

/** A fact that a command left when it was given before. */
export interface RepeatedFact {
  readonly id: string;
  readonly run_id: string;
  readonly seq: number;
  readonly type: string;
  readonly on_day: Day;
  readonly moved: Moved[];
  readonly payload: Payload;
}

type About = [
  childId: string,
  workflow: string,
  workflowVersion: string,
  version: number,
  lastOn: Day,
  lastRank: number,
  unplaced: string[],
  grants: string[] | null,
  repeated: RepeatedFact | null,
];

/** In one round trip. Nothing where there is no such run for this authority. */
export async function loadRun(
  database: Database,
  actor: Actor,
  runId: string,
  key: string,
  tx?: Tx,
): Promise<Loaded | undefined> {
  const sql = 'select about, place from engine.load($1, $2, $3, $4)';
  const params = [actor.authority, actor.staffId, runId, key];
  const rows: { about: string | null; place: string | null }[] =
    tx === undefined ? await database.one('engine.load', sql, params) : await tx.query(sql, params);
  const row = rows[0];
  if (row === undefined || row.about === null || row.place === null) return undefined;
  const [childId, workflow, workflowVersion, version, lastOn, lastRank, unplaced, grants, repeated] = JSON.parse(
    row.about,
  ) as About;
  return {
    childId,
    workflow,
    workflowVersion,
    version,
    lastOn,
    lastRank,
    unplaced,
    repeated,
    grants: grants ?? [],
    place: JSON.parse(row.place) as Place,
    stored: row.place,
  };
}

/** A run's whole history, as recorded. */
export async function historyOf(tx: Tx, runId: string): Promise<Fact[]> {
  const rows = await tx.query<Fact & { reverses: string | null }>(
    'select id, type, on_day as "on", door, actor as "by", seq, payload, reverses from engine.fact where run_id = $1 order by seq',
    [runId],
  );
  return rows.map(({ reverses, ...fact }): Fact => (reverses === null ? fact : { ...fact, reverses }));
}

/** What ties a person to a child today; the product itself needs no tie. */
export async function grantsOf(tx: Tx, actor: Actor, childId: string): Promise<string[]> {
  if (isSystem(actor)) return [];
  const rows = await tx.query<{ kind: string }>(
    `select kind from access.case_grant where child_id = $1 and staff_id = $2 and current_date >= from_day and (until_day is null or current_date < until_day)`,
    [childId, actor.staffId],
  );
  return rows.map(({ kind }) => kind);
}

/** The fact that a key left, in whatever run. */
export async function factOfKey(tx: Tx, key: string): Promise<RepeatedFact | undefined> {
  const rows = await tx.query<RepeatedFact>(
    'select id, run_id, seq, type, on_day, moved, payload from engine.fact where command_key = $1',
    [key],
  );
  return rows[0];
}

/** Who wrote last. */
export async function lastFactOf(
  tx: Tx,
  runId: string,
): Promise<{ actor: string; recorded_at: Date; type: string; seq: number } | undefined> {
  const rows = await tx.query<{ actor: string; recorded_at: Date; type: string; seq: number }>(
    'select actor, recorded_at, type, seq from engine.fact where run_id = $1 order by seq desc limit 1',
    [runId],
  );
  return rows[0];
}

import type { Database } from '@send/database';

/** Rows claimed in one statement: enough to be quick, few enough that another worker has its share. */
const batch = 1_000;

/** Rungs reached before `until` become reminder rows. However often it runs, and in however many processes, one row each. */
export async function armReminders(database: Database, until: Date, limit = batch): Promise<number> {
  let armed = 0;
  for (;;) {
    const [row] = await database.one<{ armed: number }>(
      'engine.arm_reminders',
      'select engine.arm_reminders($1, $2) as armed',
      [until, limit],
    );
    armed += row?.armed ?? 0;
    if ((row?.armed ?? 0) < limit) return armed;
  }
}

export interface WaitingReminder {
  readonly id: string;
  readonly authority: string;
  readonly fireAt: Date;
}

/** Ids and authorities, soonest first; nothing else is seen across the wall. */
export async function waitingReminders(
  database: Database,
  after: Date,
  until: Date,
  limit = batch,
): Promise<WaitingReminder[]> {
  const rows = await database.one<{ id: string; authority_id: string; fire_at: Date }>(
    'engine.waiting_reminders',
    'select * from engine.waiting_reminders($1, $2, $3)',
    [after, until, limit],
  );
  return rows.map((row) => ({ id: row.id, authority: row.authority_id, fireAt: row.fire_at }));
}

/** Fires reminders of one authority: claimed, effect in the outbox, marked done, in one statement. How many were fired by us. */
export async function fireReminders(
  database: Database,
  authority: string,
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const [row] = await database.one<{ fired: number }>(
    'engine.fire_reminders',
    'select engine.fire_reminders($1, $2, $3) as fired',
    [authority, [...ids], now],
  );
  return row?.fired ?? 0;
}

const longAgo = new Date('1996-01-01T00:00:00Z');

/** Fires everything that is due, whoever forgot it. `goOn` is asked between batches. */
export async function fireDue(database: Database, now: Date, goOn: () => boolean = () => true): Promise<number> {
  let fired = 0;
  while (goOn()) {
    const due = await waitingReminders(database, longAgo, now);
    const byAuthority = new Map<string, string[]>();
    for (const { id, authority } of due) {
      const ids = byAuthority.get(authority);
      if (ids === undefined) byAuthority.set(authority, [id]);
      else ids.push(id);
    }
    for (const [authority, ids] of byAuthority) fired += await fireReminders(database, authority, ids, now);
    if (due.length < batch) break;
  }
  return fired;
}

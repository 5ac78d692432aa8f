import { type Actor, identityOf, may, noCase, writeAudit } from '@send/access';
import type { Database, Tx } from '@send/database';
import { type Day, daysBetween, englandCalendars } from '@send/statute';
import type { Clock } from './clock';
import { type NotDone, refuse } from './outcome';

/** One thing an operator can look at: ids, causes and counts, never what a case is about. */
export interface Trouble {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly cause: string;
  readonly runId: string | null;
  readonly since: Date;
  readonly attempts: number;
  readonly failures: number;
}

export interface Operations {
  readonly counts: Readonly<
    Record<
      | 'lateDuties'
      | 'dueReminders'
      | 'waiting'
      | 'stuck'
      | 'failed'
      | 'held'
      | 'parked'
      | 'cannotCompute'
      | 'unplaced'
      | 'heldLetters',
      number
    >
  >;
  /** Duties of ours that are open after their day, by duty. */
  readonly late: readonly { readonly duty: string; readonly count: number; readonly oldest: Day }[];
  readonly stuck: readonly Trouble[];
  readonly failed: readonly Trouble[];
  readonly held: readonly Trouble[];
  readonly parked: readonly Trouble[];
  readonly cannotCompute: readonly { readonly runId: string; readonly duty: string; readonly cause: string }[];
  /** Facts that found no place in their run. */
  readonly unplaced: readonly { readonly runId: string; readonly facts: number }[];
}

/** Waiting so long without being taken means that no worker runs, or that one dies on it again and again. */
const stuckAfterMinutes = 10;
const shown = 100;

/** What the operator's page of one authority shows. */
export async function operationsOf(tx: Tx, clock: Clock): Promise<Operations> {
  const now = clock.now();
  const troubles = (where: string, params: readonly unknown[] = []): Promise<Trouble[]> =>
    tx.query<Trouble>(
      `select id, kind, status, coalesce(last_error, 'waiting since it was made') as cause, run_id as "runId", created_at as since, attempts, failures
       from engine.outbox where ${where} order by created_at limit ${shown}`,
      params,
    );
  const stuckSince = new Date(now.getTime() - stuckAfterMinutes * 60_000);
  const late = await tx.query<{ duty: string; count: number; oldest: Day }>(
    `select duty, count(*)::int as count, min(coalesce(target_by, due_by)) as oldest from engine.deadline
     where met_on is null and ended_on is null and due_by is not null and bound <> 'min' and owner = 'local-authority'
       and case when exceptions <> '[]' then target_by < $1::date else due_by < $1::date end
     group by duty order by count desc, duty`,
    [clock.today()],
  );
  const [counts] = await tx.query<{
    waiting: number;
    due_reminders: number;
    stuck: number;
    failed: number;
    held: number;
    parked: number;
    cannot: number;
    unplaced: number;
    held_letters: number;
  }>(
    `select
       (select count(*)::int from engine.outbox where status = 'waiting') as waiting,
       (select count(*)::int from engine.reminder where status = 'waiting' and fire_at <= $1) as due_reminders,
       (select count(*)::int from engine.outbox where status = 'waiting' and available_at < $2) as stuck,
       (select count(*)::int from engine.outbox where status = 'failed') as failed,
       (select count(*)::int from engine.outbox where status = 'held') as held,
       (select count(*)::int from engine.outbox where status = 'parked') as parked,
       (select count(*)::int from engine.deadline where cannot_compute is not null and met_on is null and ended_on is null) as cannot,
       (select count(*)::int from engine.run where unplaced <> '[]') as unplaced,
       (select count(*)::int from letters.letter where status = 'held') as held_letters`,
    [now, stuckSince],
  );
  return {
    counts: {
      lateDuties: late.reduce((sum, one) => sum + one.count, 0),
      dueReminders: counts?.due_reminders ?? 0,
      waiting: counts?.waiting ?? 0,
      stuck: counts?.stuck ?? 0,
      failed: counts?.failed ?? 0,
      held: counts?.held ?? 0,
      parked: counts?.parked ?? 0,
      cannotCompute: counts?.cannot ?? 0,
      unplaced: counts?.unplaced ?? 0,
      heldLetters: counts?.held_letters ?? 0,
    },
    late,
    stuck: await troubles(`status = 'waiting' and available_at < $1`, [stuckSince]),
    failed: await troubles(`status = 'failed'`),
    held: await troubles(`status = 'held'`),
    parked: await troubles(`status = 'parked'`),
    cannotCompute: await tx.query(
      `select run_id as "runId", duty, cannot_compute as cause from engine.deadline
       where cannot_compute is not null and met_on is null and ended_on is null order by run_id, key limit ${shown}`,
    ),
    unplaced: await tx.query(
      `select id as "runId", jsonb_array_length(unplaced) as facts from engine.run where unplaced <> '[]' order by id limit ${shown}`,
    ),
  };
}

export type Handled = { readonly done: true } | NotDone;

/** Lets the worker try a row again, from the beginning. Held letters are released where they are read, not here. */
export async function retryRow(database: Database, id: string, actor: Actor, clock: Clock): Promise<Handled> {
  return handle(database, id, actor, 'retry', (tx) =>
    tx.run(
      `update engine.outbox set status = 'waiting', failures = 0, available_at = $2, claimed_until = null, last_error = null
       where id = $1 and (status in ('failed', 'parked') or (status = 'held' and kind <> 'letter'))`,
      [id, clock.now()],
    ),
  );
}

/** Puts a row aside with its cause; it can be tried again later. */
export async function parkRow(database: Database, id: string, cause: string, actor: Actor): Promise<Handled> {
  const because = cause.trim();
  if (because === '' || because.length > 300)
    return refuse('invalid', 'Enter the cause, in 300 characters or fewer', 'fields', {
      wrong: [{ field: 'cause', rule: 'missing', message: 'Enter the cause, in 300 characters or fewer' }],
    });
  return handle(database, id, actor, 'park', (tx) =>
    tx.run(
      `update engine.outbox set status = 'parked', last_error = $2, claimed_until = null where id = $1 and status in ('failed', 'held', 'waiting')`,
      [id, because],
    ),
  );
}

/** The operator's page is the administrator's: it needs no case, and shows none. */
export const mayOperate = (actor: Actor): boolean =>
  actor.roles.includes('AD') && may(actor, 'manageUsers', noCase(actor.authority)).allowed;

async function handle(
  database: Database,
  id: string,
  actor: Actor,
  verb: 'retry' | 'park',
  change: (tx: Tx) => Promise<number>,
): Promise<Handled> {
  if (!mayOperate(actor)) return refuse('forbidden', 'Only an administrator can do this', 'role');
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id))
    return refuse('not-found', 'There is no such row', 'not found');
  return database.transaction(identityOf(actor), async (tx): Promise<Handled> => {
    const changed = await change(tx);
    if (changed === 0)
      return refuse('out-of-position', 'This row is not waiting for you any more. Nothing was changed', 'row');
    await writeAudit(tx, actor, { action: verb, outcome: 'done', object: `outbox ${id}`, fields: ['status'] });
    return { done: true };
  });
}

export interface QueueHealth {
  readonly ok: boolean;
  /** Seconds that the oldest due reminder, and the oldest waiting row, have waited. */
  readonly sweepLag: number;
  readonly outboxLag: number;
  readonly depth: number;
  readonly failed: number;
  readonly held: number;
  /** Last day of the bank holidays on record, and whether it lies 24 months ahead. */
  readonly calendarUntil: Day;
  readonly calendarReaches: boolean;
  readonly says: readonly string[];
}

const worryingLag = 900;
const monthsAhead = 730;

/** Over all authorities, counts only. */
export async function queueHealth(database: Database, clock: Clock): Promise<QueueHealth> {
  const now = clock.now();
  const [row] = await database.one<{
    due_reminders: number;
    oldest_reminder: Date | null;
    waiting_rows: number;
    oldest_row: Date | null;
    unarmed: number;
    oldest_rung: Date | null;
    failed: number;
    held: number;
  }>('engine.queue_health', 'select * from engine.queue_health($1)', [now]);
  const age = (since: Date | null | undefined): number =>
    since == null ? 0 : Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  const sweepLag = Math.max(age(row?.oldest_reminder), age(row?.oldest_rung));
  const outboxLag = age(row?.oldest_row);
  const calendarUntil = englandCalendars.bankHolidays.to;
  const calendarReaches = daysBetween(clock.today(), calendarUntil) >= monthsAhead;
  const says = [
    ...(sweepLag > worryingLag ? ['Reminders are due and are not fired: is a worker running?'] : []),
    ...(outboxLag > worryingLag ? ['Letters or reminders wait and are not taken: is a worker running?'] : []),
    ...((row?.failed ?? 0) > 0 ? [`${row?.failed ?? 0} rows failed and wait for a person`] : []),
    ...(calendarReaches
      ? []
      : [
          `The bank holidays on record end on ${calendarUntil}, less than 24 months ahead: later dates cannot be computed`,
        ]),
  ];
  return {
    ok: sweepLag <= worryingLag && outboxLag <= worryingLag,
    sweepLag,
    outboxLag,
    depth: (row?.waiting_rows ?? 0) + (row?.due_reminders ?? 0),
    failed: row?.failed ?? 0,
    held: row?.held ?? 0,
    calendarUntil,
    calendarReaches,
    says,
  };
}

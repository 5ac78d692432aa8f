import type { Database, Tx } from '@send/database';

/** What must happen because of a command, outside of its transaction. */
export interface OutboxRow {
  readonly id: string;
  readonly authority: string;
  readonly runId: string | null;
  readonly kind: string;
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly failures: number;
}

export interface RowRef {
  readonly id: string;
  readonly authority: string;
}

/** After so many failures a person is asked. */
export const mostFailures = 5;

/** Ids of rows that nobody works on; another process may claim them in the same moment. */
export async function waitingRows(
  database: Database,
  now: Date,
  limit: number,
): Promise<(RowRef & { attempts: number })[]> {
  const rows = await database.one<{ id: string; authority_id: string; attempts: number }>(
    'engine.waiting_outbox',
    'select * from engine.waiting_outbox($1, $2)',
    [now, limit],
  );
  return rows.map((row) => ({ id: row.id, authority: row.authority_id, attempts: row.attempts }));
}

/** Takes rows for the length of the lease. A process that dies gives them back by dying. */
export async function claimRows(database: Database, now: Date, leaseSeconds: number, limit: number): Promise<RowRef[]> {
  const rows = await database.one<{ id: string; authority_id: string }>(
    'engine.claim_outbox',
    'select * from engine.claim_outbox($1, make_interval(secs => $2), $3)',
    [now, leaseSeconds, limit],
  );
  return rows.map((row) => ({ id: row.id, authority: row.authority_id }));
}

/** Takes one row by its id; false where somebody else has it, or it is done. */
export function claimRow(database: Database, row: RowRef, now: Date, leaseSeconds: number): Promise<boolean> {
  return database.transaction({ authority: row.authority, actor: 'system' }, async (tx) => {
    const claimed = await tx.run(
      `update engine.outbox set claimed_until = $2::timestamptz + make_interval(secs => $3), attempts = attempts + 1
       where id = $1 and status = 'waiting' and available_at <= $2 and (claimed_until is null or claimed_until < $2)`,
      [row.id, now, leaseSeconds],
    );
    return claimed === 1;
  });
}

export async function outboxRow(tx: Tx, id: string): Promise<OutboxRow | undefined> {
  const [row] = await tx.query<OutboxRow & { status: string }>(
    `select id, authority_id as authority, run_id as "runId", kind, key, payload, failures, status from engine.outbox
     where id = $1 and status = 'waiting'`,
    [id],
  );
  return row;
}

export type RowEnd =
  | { readonly is: 'done' }
  /** Waits for a person, or for a part of the product that is not there: the cause says which. */
  | { readonly is: 'held' | 'parked'; readonly cause: string }
  /** Tried again, each time later; after five failures it is shown to the operator. The cause holds no personal data. */
  | { readonly is: 'failed'; readonly cause: string };

/** Writes how the work on a row ended. Nothing where somebody else has ended it meanwhile. */
export async function endRow(tx: Tx, row: Pick<OutboxRow, 'id' | 'failures'>, end: RowEnd, now: Date): Promise<void> {
  switch (end.is) {
    case 'done':
      await tx.run(
        `update engine.outbox set status = 'done', done_at = $2, claimed_until = null, last_error = null where id = $1 and status = 'waiting'`,
        [row.id, now],
      );
      return;
    case 'held':
    case 'parked':
      await tx.run(
        `update engine.outbox set status = $2, last_error = $3, claimed_until = null where id = $1 and status = 'waiting'`,
        [row.id, end.is, end.cause.slice(0, 500)],
      );
      return;
    case 'failed': {
      const failures = row.failures + 1;
      await tx.run(
        `update engine.outbox set failures = $2::int, last_error = $3, claimed_until = null,
           status = case when $2::int >= $4::int then 'failed' else 'waiting' end,
           available_at = $5::timestamptz + make_interval(secs => $6)
         where id = $1 and status = 'waiting'`,
        [row.id, failures, end.cause.slice(0, 500), mostFailures, now, delayAfter(failures)],
      );
    }
  }
}

/** 5 seconds, 20 seconds, 80 seconds, 5 minutes. */
const delayAfter = (failures: number): number => Math.min(300, 5 * 4 ** (failures - 1));

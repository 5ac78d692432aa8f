import { beginBatch, sendReviewList } from '@send/campaign';
import { childOf, raiseNotice } from '@send/case-file';
import { type HandOver, HandOverStopped, stillHeld } from '@send/correspondence';
import { type Database, sqlState } from '@send/database';
import {
  claimRow,
  type Clock,
  endRow,
  type Engine,
  outboxRow,
  type OutboxRow,
  type RowEnd,
  type RowRef,
} from '@send/engine';
import { carryAcross } from './crossing';
import { reachRung } from './rung';

export interface OutboxTools {
  readonly database: Database;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly handOver: HandOver;
  readonly leaseSeconds: number;
}

/** Does what a row of the outbox says, under the row's own authority, and writes how it ended. */
export class OutboxWork {
  constructor(private readonly tools: OutboxTools) {}

  /** For whoever knows a row's id: takes it if nobody has it. */
  async take(row: RowRef): Promise<boolean> {
    const { database, clock, leaseSeconds } = this.tools;
    if (!(await claimRow(database, row, clock.now(), leaseSeconds))) return false;
    await this.work(row);
    return true;
  }

  /** The row is ours for the length of the lease. What fails is tried again later; a database that is gone is thrown. */
  async work(ref: RowRef): Promise<void> {
    const { database, clock } = this.tools;
    const identity = { authority: ref.authority, actor: 'system' };
    const row = await database.transaction(identity, (tx) => outboxRow(tx, ref.id));
    if (row === undefined) return;
    const end = await this.perform(row).catch((failure: unknown): RowEnd => {
      if (isConnectionLost(failure)) throw failure;
      return { is: 'failed', cause: causeOf(failure) };
    });
    await database.transaction(identity, (tx) => endRow(tx, row, end, clock.now()));
  }

  private async perform(row: OutboxRow): Promise<RowEnd> {
    switch (row.kind) {
      case 'letter': {
        const handed = await this.tools.handOver.handOver(row.authority, String(row.payload['letter']));
        return handed.is === 'held' ? { is: 'held', cause: handed.cause } : { is: 'done' };
      }
      case 'reminder':
        return reachRung(this.tools, row);
      case 'campaign': {
        const { campaign, batch } = row.payload;
        await beginBatch(this.tools, { authority: row.authority, campaign: String(campaign), batch: Number(batch) });
        return { is: 'done' };
      }
      case 'review-list': {
        const { database, handOver, clock } = this.tools;
        const sent = await sendReviewList(
          database,
          handOver,
          row.authority,
          String(row.payload['list']),
          clock.today(),
        );
        return typeof sent === 'object' ? { is: 'held', cause: sent.held } : { is: 'done' };
      }
      case 'notice':
        return this.notice(row);
      case 'crossing':
        return carryAcross(this.tools, row);
      default:
        return { is: 'parked', cause: `Nothing here does "${row.kind}"` };
    }
  }

  private async notice(row: OutboxRow): Promise<RowEnd> {
    const childId = String(row.payload['child']);
    const held = row.payload['notice'] === 'addressee-held';
    const text = held ? String(row.payload['who']) : `Look at this case: ${String(row.payload['notice'])}.`;
    await this.tools.database.transaction({ authority: row.authority, actor: 'system' }, async (tx) => {
      if (held && !(await stillHeld(tx, childId, text, this.tools.clock.today()))) return;
      const child = await childOf(tx, childId);
      await raiseNotice(tx, {
        key: row.key,
        kind: 'task',
        childId,
        runId: row.runId,
        text,
        staffId: child.caseworkerId,
        team: child.team,
        dueOn: this.tools.clock.today(),
      });
    });
    return { is: 'done' };
  }
}

/** The server stopped, starts, or cut the line: nobody's fault but the moment's, so it is not counted against the row. */
export function isConnectionLost(failure: unknown): boolean {
  const code = sqlState(failure) ?? '';
  if (/^(57P0[1-4]|08...|ECONN(REFUSED|RESET)|EPIPE|ETIMEDOUT)$/.test(code)) return true;
  return (
    failure instanceof Error &&
    // TypeORM lets go of a connection that breaks between two statements, and then says only that it has.
    (failure.name === 'QueryRunnerAlreadyReleasedError' ||
      /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i.test(
        failure.message,
      ))
  );
}

/** A message of somebody else's code may quote a letter: only the kind of failure and where it was are kept. */
export function causeOf(failure: unknown): string {
  if (failure instanceof HandOverStopped) return failure.message;
  const code = sqlState(failure);
  if (code !== undefined) return `database error ${code}`;
  if (!(failure instanceof Error)) return 'unknown failure';
  const where = /at (?:async )?([\w.<>]+) /.exec(
    failure.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '',
  )?.[1];
  return where === undefined ? failure.name : `${failure.name} in ${where}`;
}

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Database, dataFolder, EmbeddedPostgres, isAlive, migrate } from '../../libs/database/src/index';
import { ownTime, serverTime } from './processor-time';

/** What a stretch of work took. */
export interface Taken {
  readonly seconds: number;
  /** Microseconds of processor, ours and the server's. */
  readonly processor: number;
  readonly ownProcessor: number;
  /** Bytes of the write-ahead log. */
  readonly wal: number;
  /** Transactions that wrote: each is one commit that waits for the disk. */
  readonly commits: number;
}

/**
 * A server of the bench's own, as safe against power cuts as production's: nobody else's work counts in its log and its
 * processor time.
 */
export class BenchServer {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
    readonly database: Database,
    /** Sees over the wall: arranges, counts, and writes as fast as SQL can. */
    readonly owner: pg.Pool,
  ) {}

  static async open(clients: number): Promise<BenchServer> {
    await sweep();
    const folder = join(dataFolder(), `bench-${process.pid}`);
    const server = new EmbeddedPostgres({
      folder,
      // No checkpoint inside a round: its page images would count for whoever met it.
      settings: { checkpoint_timeout: '1h', max_wal_size: '8GB', max_connections: '100' },
    });
    await server.start();
    await server.createDatabase('bench');
    await migrate(server.url('bench', 'send_owner'));
    const database = await Database.open({ url: server.url('bench', 'send_app'), entities: [], poolSize: clients });
    const owner = new pg.Pool({ connectionString: server.url('bench', 'postgres'), max: clients });
    owner.on('error', () => undefined);
    return new BenchServer(server, folder, database, owner);
  }

  url(database: string): string {
    return this.server.url(database, 'postgres');
  }

  async createDatabase(name: string): Promise<void> {
    await this.server.createDatabase(name);
  }

  async rows<T extends pg.QueryResultRow>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return (await this.owner.query<T>(sql, [...params])).rows;
  }

  async take(work: () => Promise<void>): Promise<Taken> {
    const pid = this.server.pid() ?? 0;
    const before = await this.position();
    const [processor, own] = [serverTime(pid), ownTime()];
    const began = performance.now();
    await work();
    const seconds = (performance.now() - began) / 1000;
    const ours = ownTime() - own;
    const theirs = serverTime(pid) - processor;
    const after = await this.position();
    return {
      seconds,
      processor: ours + theirs,
      ownProcessor: ours,
      wal: after.wal - before.wal,
      commits: after.commits - before.commits,
    };
  }

  /** How far the log has been written, and how many transactions have been given a number: those that write get one. */
  private async position(): Promise<{ wal: number; commits: number }> {
    const [at] = await this.rows<{ wal: string; next: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal, pg_snapshot_xmax(pg_current_snapshot())::text as next`,
    );
    return { wal: Number(at?.wal), commits: Number(at?.next) };
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.owner.end();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a bench that was killed left behind: its server, and its data. */
async function sweep(): Promise<void> {
  if (!existsSync(dataFolder())) return;
  for (const name of readdirSync(dataFolder())) {
    const user = Number(/^bench-(\d+)$/.exec(name)?.[1] ?? process.pid);
    if (isAlive(user)) continue;
    const folder = join(dataFolder(), name);
    await new EmbeddedPostgres({ folder, user }).stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

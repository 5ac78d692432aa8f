import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedPostgres, migrate, projectFolder } from '@send/database';
import pg from 'pg';
import { endAbandonedRedis, TestRedis } from '../redis';
import { KeptProcess } from './kept-process';
import type { Kill } from './kill-schedule';

const databaseName = 'faults';
const workers = 2;

/** Short times, so that what a killed worker held is soon taken up by another. */
const workerTimes = { SWEEP_SECONDS: '2', POLL_MILLISECONDS: '500', LEASE_SECONDS: '6' };

/** A whole installation of real processes, each of which may be killed at any moment and is started again at once. */
export class Installation {
  private stopping = false;
  private readonly starting: Promise<unknown>[] = [];

  private constructor(
    readonly folder: string,
    private readonly postgres: EmbeddedPostgres,
    private readonly redis: TestRedis,
    private readonly app: KeptProcess,
    private readonly workers: readonly KeptProcess[],
    readonly url: string,
    /** Sees over the wall; for counting at the end, and for nothing that is tested. */
    readonly owner: pg.Pool,
  ) {}

  static async open(folder: string): Promise<Installation> {
    mkdirSync(folder, { recursive: true });
    endAbandonedRedis(folder);
    const postgres = new EmbeddedPostgres({ folder, settings: { max_connections: '100' } });
    await postgres.start();
    await postgres.createDatabase(databaseName);
    await migrate(postgres.url(databaseName, 'send_owner'));
    const redis = await TestRedis.open(folder).catch(async (failure: unknown) => {
      await postgres.stop();
      throw failure;
    });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = {
      DATABASE_URL: postgres.url(databaseName, 'send_app'),
      REDIS_URL: redis.url,
      CASEWORK_URL: url,
      DROP_FOLDER: join(folder, 'drop'),
      SEND_TODAY: '',
      NODE_ENV: '',
    };
    const preload = join(projectFolder(), 'dist/apps/console/src/end-with-parent.js');
    const logFolder = join(folder, 'logs');
    const app = new KeptProcess({
      name: 'casework',
      file: built('casework'),
      environment: { ...environment, PORT: String(port) },
      logFolder,
      preload,
    });
    const kept = Array.from(
      { length: workers },
      (_, one) =>
        new KeptProcess({
          name: `worker-${one + 1}`,
          file: built('worker'),
          environment: { ...environment, ...workerTimes },
          logFolder,
          preload,
        }),
    );
    const owner = new pg.Pool({ connectionString: postgres.url(databaseName, 'postgres'), max: 2 });
    owner.on('error', () => undefined);
    return new Installation(folder, postgres, redis, app, kept, url, owner);
  }

  get databaseUrl(): string {
    return this.postgres.url(databaseName, 'send_app');
  }

  get dropFolder(): string {
    return join(this.folder, 'drop');
  }

  async start(): Promise<void> {
    this.app.start();
    for (const worker of this.workers) worker.start();
    const giveUpAt = Date.now() + 60_000;
    while (Date.now() < giveUpAt) {
      if (await this.answers()) return;
      await wait(100);
    }
    throw new Error(
      `The casework app did not answer within a minute. Its log: ${join(this.folder, 'logs/casework.log')}`,
    );
  }

  private answers(): Promise<boolean> {
    return fetch(`${this.url}/api/v1/runs/x`, { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
  }

  /** Strikes; true when there was something to strike. A server that is still rising from the last blow is waited for. */
  async strike({ kind, which }: Kill): Promise<boolean> {
    await Promise.all(this.starting.splice(0));
    if (this.stopping) return false;
    switch (kind) {
      case 'app':
        this.app.kill();
        return true;
      case 'worker':
        this.workers[which % workers]?.kill();
        return true;
      case 'postgres': {
        const pid = this.postgres.pid();
        if (pid === undefined) return false;
        process.kill(pid, 'SIGKILL');
        this.rising(this.raisePostgres());
        return true;
      }
      case 'session':
        return this.killSession(which);
      case 'redis':
        await this.redis.kill();
        this.rising(this.redis.start());
        return true;
      case 'flushall':
        await this.redis.flushAll();
        return true;
    }
  }

  /** Waited for before the next blow; a server that does not come up stops the run there. */
  private rising(start: Promise<unknown>): void {
    start.catch(() => undefined);
    this.starting.push(start);
  }

  private async raisePostgres(): Promise<void> {
    for (let tries = 0; this.postgres.pid() !== undefined && tries < 200; tries += 1) await wait(10);
    if (!this.stopping) await this.postgres.start();
  }

  /** One session of the application; PostgreSQL then throws all of them out and recovers by itself. */
  private async killSession(which: number): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.postgres.url(databaseName, 'postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where usename = 'send_app' order by state = 'active' desc, pid`,
      );
      const busy = rows[which % Math.max(1, Math.min(rows.length, 4))];
      if (busy === undefined) return false;
      process.kill(busy.pid, 'SIGKILL');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** After the last blow: everything stands again. */
  async settle(): Promise<void> {
    await Promise.all(this.starting.splice(0));
    for (let tries = 0; tries < 400 && !(await this.answers()); tries += 1) await wait(100);
  }

  /** Processes that ended without being struck: a supervisor starts them again, and we want to know. */
  endedByThemselves(): number {
    return [this.app, ...this.workers].reduce((sum, one) => sum + one.endedByItself, 0);
  }

  async stopProcesses(): Promise<void> {
    await Promise.all([this.app, ...this.workers].map((one) => one.stop()));
  }

  async close(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.starting.splice(0));
    await this.stopProcesses();
    await this.owner.end().catch(() => undefined);
    await this.redis.close();
    await this.postgres.stop();
  }
}

/** From the folder of the build, wherever this is run from. */
function built(app: string): string {
  const file = join(projectFolder(), `dist/apps/${app}/src/main.js`);
  if (!existsSync(file)) throw new Error(`The ${app} app is not built.`);
  return file;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

import Bull from 'bull';
import type { Database } from '@send/database';
import { type Clock, fireReminders, waitingReminders, waitingRows } from '@send/engine';
import type { OutboxWork } from './outbox-work';

export interface FastLaneTools {
  readonly redisUrl: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly work: OutboxWork;
  readonly atOnce: number;
  readonly say: (words: string) => void;
  /** Apart from other installations on the same Redis. */
  readonly name?: string;
}

/** A job carries an id and nothing else; whoever runs it claims the row as the sweep does, so that twice is harmless. */
interface Job {
  readonly kind: 'reminder' | 'outbox';
  readonly id: string;
  readonly authority: string;
}

const day = 24 * 60 * 60 * 1_000;
/** So that Redis stays small whatever the caseload: the sweep fires the rest. */
const mostReminders = 5_000;
const mostRows = 500;
const patience = 3_000;

/**
 * Bull on Redis as an alarm clock: what is due in the next 24 hours is timed to the second and spread over any number of
 * workers. A flushed, killed or lost Redis costs promptness only.
 */
export class FastLane {
  private readonly queue: Bull.Queue<Job>;
  private lostSince: number | undefined;
  private closed = false;

  constructor(private readonly tools: FastLaneTools) {
    this.queue = new Bull<Job>(tools.name ?? 'send', tools.redisUrl, {
      // By default an add to a Redis that is gone waits for ever.
      redis: { maxRetriesPerRequest: 1, connectTimeout: 2_000 },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    this.queue.on('error', (failure) => this.lost(failure));
  }

  start(): void {
    void this.queue
      .process(this.tools.atOnce, async ({ data }) => {
        if (!this.closed) await this.run(data);
      })
      .catch((failure: unknown) => this.lost(failure));
  }

  private async run({ kind, id, authority }: Job): Promise<void> {
    const { database, clock, work } = this.tools;
    switch (kind) {
      case 'reminder': {
        const fired = await fireReminders(database, authority, [id], clock.now());
        if (fired > 0) await this.feedRows();
        return;
      }
      case 'outbox':
        await work.take({ id, authority });
    }
  }

  /** Times the reminders of the next 24 hours; those that have their job already keep it. */
  async feedReminders(): Promise<number> {
    const { database, clock } = this.tools;
    const now = clock.now();
    const soon = await waitingReminders(
      database,
      new Date(now.getTime() - 1),
      new Date(now.getTime() + day),
      mostReminders,
    );
    return this.add(
      soon.map(({ id, authority, fireAt }) => ({
        data: { kind: 'reminder', id, authority },
        opts: { jobId: `reminder-${id}`, delay: Math.max(0, fireAt.getTime() - now.getTime()) },
      })),
    );
  }

  /** A prompt job for each row that waits. */
  async feedRows(): Promise<number> {
    const rows = await waitingRows(this.tools.database, this.tools.clock.now(), mostRows);
    return this.add(
      rows.map(({ id, authority, attempts }) => ({
        data: { kind: 'outbox', id, authority },
        opts: { jobId: `outbox-${id}-${attempts}` },
      })),
    );
  }

  private async add(jobs: { data: Job; opts: Bull.JobOptions }[]): Promise<number> {
    if (jobs.length === 0 || this.closed) return 0;
    try {
      const timed = jobs.map(({ data, opts }) => ({
        data,
        opts: { ...opts, removeOnComplete: true, removeOnFail: true },
      }));
      await within(patience, this.queue.addBulk(timed));
      this.lostSince = undefined;
      return jobs.length;
    } catch (failure) {
      this.lost(failure);
      return 0;
    }
  }

  /** Told once a minute: the sweep goes on without it. */
  private lost(_failure: unknown): void {
    const now = Date.now();
    if (this.closed || (this.lostSince !== undefined && now - this.lostSince < 60_000)) return;
    this.lostSince = now;
    this.tools.say('Redis is not there: the sweep does its work, a little later.');
  }

  /** What is wrong with the settings of this Redis; empty when nothing is. */
  async settings(): Promise<string[]> {
    try {
      const { client } = this.queue;
      await within(patience, this.queue.isReady());
      const policy = (await client.config('GET', 'maxmemory-policy')) as string[];
      const appendOnly = (await client.config('GET', 'appendonly')) as string[];
      return [
        ...(policy[1] === 'noeviction'
          ? []
          : [`Redis must have maxmemory-policy noeviction, not ${policy[1] ?? 'unknown'}: it throws jobs away`]),
        ...(appendOnly[1] === 'yes' ? [] : ['Redis must have appendonly yes: without it a restart forgets every job']),
      ];
    } catch {
      return ['Redis does not answer: reminders fire by the sweep alone'];
    }
  }

  async depth(): Promise<number> {
    try {
      const counts = await within(patience, this.queue.getJobCounts());
      return counts.waiting + counts.delayed + counts.active;
    } catch {
      return 0;
    }
  }

  /** Jobs in hand are finished; a Redis that does not answer is not waited for. */
  async close(): Promise<void> {
    this.closed = true;
    await within(patience, this.queue.close()).catch(() => undefined);
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It took too long.')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

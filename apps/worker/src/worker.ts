import { createServer, type Server } from 'node:http';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { accessEntities } from '@send/access';
import { caseFileEntities } from '@send/case-file';
import { CaseCorrespondence, HandOver, LetterDesk } from '@send/correspondence';
import { Database } from '@send/database';
import { type Clock, Engine, queueHealth, type QueueHealth, SetClock, systemClock } from '@send/engine';
import { Typesetter } from '@send/letters';
import { processes, workflows } from '@send/workflows';
import type { WorkerConfig } from './config';
import { FastLane } from './fast-lane';
import { OutboxWork } from './outbox-work';
import { Loop, Sweep } from './sweep';

export interface WorkerHealth extends QueueHealth {
  readonly redis: { readonly used: boolean; readonly says: readonly string[]; readonly jobs: number };
}

const minute = 60_000;

/** The worker as a whole: the sweep, the fast lane where there is a Redis, the sealer of the audit. */
@Injectable()
export class Worker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('worker');
  private readonly loops: Loop[] = [];
  private server: Server | undefined;

  private constructor(
    private readonly config: WorkerConfig,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly typesetter: Typesetter,
    readonly sweep: Sweep,
    readonly fastLane: FastLane | undefined,
  ) {}

  static async open(
    config: WorkerConfig,
    given: { clock?: Clock; typesetter?: Typesetter; queueName?: string } = {},
  ): Promise<Worker> {
    const clock =
      given.clock ?? (config.today === undefined ? systemClock : new SetClock(new Date(`${config.today}T09:00:00Z`)));
    const database = await Database.open({
      url: config.databaseUrl,
      entities: [...accessEntities, ...caseFileEntities],
      poolSize: config.atOnce * 2 + 4,
      applicationName: 'send-worker',
    });
    const typesetter = given.typesetter ?? new Typesetter();
    const engine = new Engine(database, processes, new CaseCorrespondence(database), clock);
    const desk = new LetterDesk({ database, workflows, keys: config.addressKeys, clock });
    const handOver = new HandOver({ desk, engine, typesetter, dropFolder: config.dropFolder });
    const { leaseSeconds, atOnce, redisUrl } = config;
    const work = new OutboxWork({ database, engine, clock, handOver, leaseSeconds });
    const logger = new Logger('worker');
    const lane =
      redisUrl === undefined
        ? undefined
        : new FastLane({
            redisUrl,
            database,
            clock,
            work,
            atOnce,
            say: (words) => logger.warn(words),
            ...(given.queueName === undefined ? {} : { name: given.queueName }),
          });
    return new Worker(
      config,
      database,
      clock,
      typesetter,
      new Sweep({ database, clock, work, leaseSeconds, atOnce }),
      lane,
    );
  }

  onApplicationBootstrap(): void {
    const { sweepSeconds, pollMilliseconds, healthPort } = this.config;
    const { sweep, fastLane } = this;
    const say = (words: string): void => this.logger.warn(words);
    const loop = (name: string, pause: number, task: () => Promise<unknown>): void =>
      void this.loops.push(new Loop(name, pause, task, say));
    loop('sweep', sweepSeconds * 1_000, async () => {
      await sweep.reminders();
      if (fastLane === undefined) return;
      await sweep.outbox();
      await fastLane.feedReminders();
    });
    if (fastLane === undefined) loop('outbox', pollMilliseconds, () => sweep.outbox());
    else loop('fast lane', pollMilliseconds, () => fastLane.feedRows());
    loop('seal', minute, () => sweep.seal());
    loop('forget', 10 * minute, () => sweep.forget());
    loop('online requests', 10 * minute, () => sweep.unopened());
    loop('review lists', 60 * minute, () => sweep.reviewLists());
    loop('moves at risk', 60 * minute, () => sweep.movesAtRisk());
    loop('nightly check', 10 * minute, () => sweep.orphans());
    for (const one of this.loops) one.start();
    fastLane?.start();
    if (fastLane !== undefined) void fastLane.settings().then((says) => says.forEach(say));
    if (healthPort !== undefined) this.serveHealth(healthPort);
    this.logger.log(fastLane === undefined ? 'Working by the sweep alone.' : 'Working by the sweep and by Bull.');
  }

  async health(): Promise<WorkerHealth> {
    const queue = await queueHealth(this.database, this.clock);
    const says = this.fastLane === undefined ? [] : await this.fastLane.settings();
    return { ...queue, redis: { used: this.fastLane !== undefined, says, jobs: (await this.fastLane?.depth()) ?? 0 } };
  }

  private serveHealth(port: number): void {
    this.server = createServer((_request, response) => {
      void this.health().then(
        (health) =>
          response.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(health)),
        () =>
          response
            .writeHead(503, { 'content-type': 'application/json' })
            .end('{"ok":false,"says":["The database does not answer"]}'),
      );
    }).listen(port, '127.0.0.1');
  }

  /** The rows in hand are finished, nothing new is begun. */
  async onApplicationShutdown(): Promise<void> {
    this.sweep.stop();
    this.server?.close();
    await Promise.all([...this.loops.map((one) => one.stop()), this.fastLane?.close()]);
    await this.typesetter.close();
    await this.database.close();
  }
}

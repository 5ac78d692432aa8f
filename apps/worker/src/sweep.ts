import { authorities, sealAudit } from '@send/access';
import { makeReviewLists, tellOfRisk } from '@send/campaign';
import { forgetOldDrafts, remindOfUnopened } from '@send/case-file';
import type { Database } from '@send/database';
import { armReminders, checkNightly, claimRows, type Clock, fireDue } from '@send/engine';
import { processes } from '@send/workflows';
import { isConnectionLost, type OutboxWork } from './outbox-work';

export interface SweepTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly work: OutboxWork;
  readonly leaseSeconds: number;
  readonly atOnce: number;
}

const day = 24 * 60 * 60 * 1_000;

/** The floor that everything stands on: it finds whatever is due, whoever was to remember it and did not. Needs no Redis. */
export class Sweep {
  private stopping = false;

  constructor(private readonly tools: SweepTools) {}

  /** Nothing new is begun from now on. */
  stop(): void {
    this.stopping = true;
  }

  /** Rungs of the next 24 hours become rows, and those that are due fire. */
  async reminders(): Promise<{ armed: number; fired: number }> {
    const { database, clock } = this.tools;
    const now = clock.now();
    const armed = await armReminders(database, new Date(now.getTime() + day));
    const fired = await fireDue(database, now, () => !this.stopping);
    return { armed, fired };
  }

  /** Works through the outbox until nothing waits, a few rows at a time; on stopping, the rows in hand are finished. */
  async outbox(): Promise<number> {
    const { database, clock, leaseSeconds, atOnce, work } = this.tools;
    let worked = 0;
    while (!this.stopping) {
      const rows = await claimRows(database, clock.now(), leaseSeconds, atOnce);
      if (rows.length === 0) break;
      const ends = await Promise.allSettled(rows.map((row) => work.work(row)));
      worked += rows.length;
      const lost = ends.find((end) => end.status === 'rejected');
      if (lost !== undefined) throw lost.reason;
    }
    return worked;
  }

  /** Chains the audit rows of the last minute, authority by authority. */
  async seal(): Promise<number> {
    const { database } = this.tools;
    const all = await database.transaction({ authority: 'none', actor: 'sealer' }, authorities);
    let sealed = 0;
    for (const { id } of all) if (!this.stopping) sealed += (await sealAudit(database, id)).sealed;
    return sealed;
  }

  /** What families typed into the public form and did not send goes, as the form says it does. */
  async forget(): Promise<number> {
    const { database, clock } = this.tools;
    const all = await database.transaction({ authority: 'none', actor: 'sweep' }, authorities);
    let forgotten = 0;
    for (const { id } of all) if (!this.stopping) forgotten += await forgetOldDrafts(database, id, clock.now());
    return forgotten;
  }

  /** Online requests that nobody has opened in time become tasks, once for each of the days that count. */
  async unopened(): Promise<number> {
    const { database, clock } = this.tools;
    const all = await database.transaction({ authority: 'none', actor: 'sweep' }, authorities);
    let reminded = 0;
    for (const { id } of all) if (!this.stopping) reminded += await remindOfUnopened(database, id, clock.today());
    return reminded;
  }

  /** Once a week: which moves to another phase lack something by the day planned for it. */
  async movesAtRisk(): Promise<number> {
    const { database, clock } = this.tools;
    const all = await database.transaction({ authority: 'none', actor: 'sweep' }, authorities);
    let told = 0;
    for (const { id } of all) if (!this.stopping) told += await tellOfRisk(database, id, clock.today());
    return told;
  }

  /** Lists of the reviews of the coming term, for settings and partners: Code 9.172. */
  async reviewLists(): Promise<number> {
    const { database, clock } = this.tools;
    const all = await database.transaction({ authority: 'none', actor: 'sweep' }, authorities);
    let made = 0;
    for (const { id } of all) if (!this.stopping) made += await makeReviewLists(database, id, clock.today());
    return made;
  }

  /** Once a day: dates that run on though their case is over. There should be none; the operator’s page says what it found. */
  async orphans(): Promise<number> {
    const { database, clock } = this.tools;
    const all = await database.transaction({ authority: 'none', actor: 'sweep' }, authorities);
    let found = 0;
    for (const { id } of all)
      if (!this.stopping) found += (await checkNightly(database, id, processes, clock.today()))?.found.length ?? 0;
    return found;
  }

  /** Everything once, as a spec or a demonstration wants it: until nothing is left to do now. */
  async drain(): Promise<void> {
    for (let rounds = 0; rounds < 50; rounds += 1) {
      const { fired } = await this.reminders();
      const worked = await this.outbox();
      if (fired === 0 && worked === 0) return;
    }
  }
}

/** Runs a task again and again, with a pause after each, until it is stopped. What it throws is told, and it goes on. */
export class Loop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly pause: number,
    private readonly task: () => Promise<unknown>,
    private readonly say: (words: string) => void,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.running = this.task().then(
      () => undefined,
      (failure: unknown) =>
        this.say(
          `${this.name}: ${isConnectionLost(failure) ? 'the database is not there; trying again' : failure instanceof Error ? failure.name : 'failed'}`,
        ),
    );
    void this.running.then(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.start(), this.pause);
    });
  }

  /** Resolves when the round in hand is finished. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }
}

import { createHmac } from 'node:crypto';
import { Database } from '@send/database';
import { HttpException } from '@nestjs/common';

interface Limit {
  /** So many tries are free. */
  readonly most: number;
  /** In so many seconds. */
  readonly within: number;
  /** The wait in seconds after the last free try; it doubles with each try after it. */
  readonly firstWait?: number;
}

const quarterHour = 900;

const limits = {
  /** A person who has proved who they are: nobody else can use up their tries. */
  signIn: { most: 5, within: quarterHour, firstWait: 60 },
  /** An address from which nobody could sign in; a whole office behind one address signs in freely. */
  failedSignIn: { most: 50, within: quarterHour },
  search: { most: 60, within: 60 },
  /** Forms of people who are not signed in, by their address. A library or a school has one address for many families. */
  submission: { most: 20, within: 3600 },
  /** Requests of one session to the API, or of one address without a session that we know. */
  request: { most: 600, within: 60 },
} as const satisfies Record<string, Limit>;

export type Limited = keyof typeof limits;
export const limitNames = Object.keys(limits) as Limited[];

/** So many senders are counted at once. */
export const mostSenders = 20_000;

/** Answered with 429, Retry-After, and the same in plain words. */
export class TooMany extends HttpException {
  constructor(
    readonly what: Limited,
    readonly seconds: number,
  ) {
    super('Too many requests', 429);
  }
}

/**
 * Counts what one sender may do only so often. The counts are in the database, so that they hold for all processes
 * together; only requests to the API are counted in each process by itself, as a write for each would cost more than it
 * saves: they slow somebody who loops, and with several processes allow as many times more.
 */
export class RateLimits {
  private requests = new Map<string, number>();
  private minute = 0;

  constructor(
    private readonly database: Database,
    private readonly secret: string,
    private readonly others: Partial<Record<Limited, number>> = {},
  ) {}

  /** Throws `TooMany` where the sender has to wait. A try while waiting does not make the wait longer. */
  async count(what: Exclude<Limited, 'request'>, sender: string): Promise<void> {
    const { within, ...limit }: Limit = limits[what];
    const [answer] = await this.database.one<{ wait: number }>(
      'count-try',
      'select access.count_try($1, $2, $3, $4) as wait',
      [this.keyOf(what, sender), this.most(what), within, limit.firstWait ?? null],
    );
    if (answer !== undefined && answer.wait > 0) throw new TooMany(what, answer.wait);
  }

  /** What is long past goes. */
  async forgetPast(): Promise<void> {
    await this.database.one(
      'forget-tries',
      "delete from access.tries where greatest(since, shut_until) < clock_timestamp() - interval '1 day'",
    );
  }

  countRequest(sender: string): void {
    const now = Date.now();
    const minute = Math.floor(now / 60_000);
    if (minute !== this.minute) {
      this.requests = new Map();
      this.minute = minute;
    }
    const count = (this.requests.get(sender) ?? 0) + 1;
    // Set anew, so that whoever was longest quiet stands first: they alone go where there are too many to keep.
    this.requests.delete(sender);
    this.requests.set(sender, count);
    for (const quiet of this.requests.keys()) {
      if (this.requests.size <= mostSenders) break;
      this.requests.delete(quiet);
    }
    if (count > this.most('request')) throw new TooMany('request', Math.ceil(((minute + 1) * 60_000 - now) / 1000));
  }

  private most(what: Limited): number {
    return this.others[what] ?? limits[what].most;
  }

  /** An address says where somebody was: it is kept as a keyed hash. */
  private keyOf(what: Limited, sender: string): string {
    return `${what} ${createHmac('sha256', this.secret).update(sender).digest('base64url')}`;
  }
}

/** "40 seconds", "2 minutes". */
export const waitInWords = (seconds: number): string =>
  seconds < 100 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`;

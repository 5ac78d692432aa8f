/** How many requests one session, or one address without a session, may send in a minute. */
export interface RateLimits {
  readonly requests: number;
  readonly searches: number;
}

export const RATE_LIMITS = Symbol('rate limits');
export const usualLimits: RateLimits = { requests: 600, searches: 60 };

const minute = 60_000;
const mostSenders = 20_000;

/** Counts in memory, by whole minutes. It slows somebody who loops; it is no wall against many machines. */
export class RateLimit {
  private counts = new Map<string, number>();
  private since = 0;

  constructor(private readonly most: number) {}

  /** Seconds to wait; zero where it may go on. */
  wait(sender: string, now: Date): number {
    const at = Math.floor(now.getTime() / minute);
    if (at !== this.since || this.counts.size > mostSenders) {
      this.counts = new Map();
      this.since = at;
    }
    const count = (this.counts.get(sender) ?? 0) + 1;
    this.counts.set(sender, count);
    return count > this.most ? Math.ceil(((at + 1) * minute - now.getTime()) / 1000) : 0;
  }
}

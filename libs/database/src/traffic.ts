import pg from 'pg';

/** What the database was asked for. A round trip is one wait for the server's answer. */
export class Traffic {
  roundTrips = 0;
  /** Transactions that ended well; a statement outside of any transaction is one of its own. */
  commits = 0;

  reset(): void {
    this.roundTrips = 0;
    this.commits = 0;
  }
}

/** A pg client that counts: given to the pool, so that TypeORM's own statements are counted with ours. */
export function countedClient(traffic: Traffic): typeof pg.Client {
  return class CountedClient extends pg.Client {
    private inTransaction = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // A server that dies is reported by the statement that meets it. Between two statements nobody listens, and an error
      // that nobody listens to ends the process.
      this.on('error', () => undefined);
      const send = this.query.bind(this) as (...args: unknown[]) => unknown;
      this.query = ((...args: unknown[]) => {
        this.note(args[0]);
        return send(...args);
      }) as typeof this.query;
    }

    private note(statement: unknown): void {
      traffic.roundTrips += 1;
      const text = typeof statement === 'string' ? statement : '';
      if (/^\s*(start transaction|begin)\b/i.test(text)) this.inTransaction = true;
      else if (/^\s*rollback\s*;?\s*$/i.test(text)) this.inTransaction = false;
      else if (/^\s*commit\b/i.test(text)) {
        this.inTransaction = false;
        traffic.commits += 1;
      } else if (!this.inTransaction) traffic.commits += 1;
    }
  };
}

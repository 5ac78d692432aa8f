import { setTimeout as wait } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** It was sent before, and that time nobody heard whether it was done. */
  readonly again: boolean;
}

export interface CallerCounts {
  sent: number;
  /** Sent again because nothing, or a failure, came back. */
  again: number;
}

const patience = 20_000;
/** Longer each time, so that a server that rises is not kept busy by those who wait for it. */
const pauseAfter = (tries: number): number => Math.min(1_500, 100 * 2 ** (tries - 1));

/** Sends a request until somebody answers it: what was not acknowledged is sent again, with the same key. */
export class Caller {
  readonly counts: CallerCounts = { sent: 0, again: 0 };

  constructor(
    private readonly url: string,
    private readonly goOn: () => boolean,
  ) {}

  async post(path: string, token: () => Promise<string>, body: object, key?: string): Promise<Answer> {
    return this.send('POST', path, token, body, key);
  }

  async get(path: string, token: () => Promise<string>): Promise<Answer> {
    return this.send('GET', path, token);
  }

  private async send(
    method: string,
    path: string,
    token: () => Promise<string>,
    body?: object,
    key?: string,
  ): Promise<Answer> {
    for (let tries = 0; this.goOn(); tries += 1) {
      if (tries > 0) {
        this.counts.again += 1;
        await wait(pauseAfter(tries));
      }
      this.counts.sent += 1;
      try {
        const answer = await fetch(`${this.url}/api/v1/${path}`, {
          method,
          headers: {
            authorization: `Bearer ${await token()}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(patience),
        });
        const text = await answer.text();
        if (answer.status === 429) await wait(1_000 * Number(answer.headers.get('retry-after') ?? 1));
        // A race that was lost and a failure of the moment are no answers: nothing was done.
        else if (answer.status < 500 && !isLostRace(answer.status, text))
          return { status: answer.status, body: read(text), again: tries > 0 };
      } catch {
        // Killed, starting, or cut off half-way: whether it was done is not known.
      }
    }
    throw new Error('The run was stopped.');
  }
}

const isLostRace = (status: number, text: string): boolean => status === 409 && text.includes('/problems/conflict');

function read(text: string): Record<string, unknown> {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

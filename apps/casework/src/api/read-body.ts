import type { IncomingMessage } from 'node:http';
import { ApiProblem } from './problems';

export const mostBytes = 1024 * 1024;
export const mostFields = 200;
export const mostDepth = 5;

/** Names that reach an object's prototype wherever somebody copies it carelessly. */
const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const malformed = (detail: string): ApiProblem => new ApiProblem('malformed', detail);

/** The object that was sent. Its size, depth, count of fields and text are checked before anything else looks at it. */
export async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers['content-type'];
  // Before the first byte: what is not for us may have been read by somebody else already.
  if (type !== undefined && !/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type))
    throw new ApiProblem('content-not-read');
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  if (type === undefined) throw new ApiProblem('content-not-read');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw malformed('The body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed('The body must be a JSON object.');
  new Limits().check(body, 1);
  return body as Readonly<Record<string, unknown>>;
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (request.headers['content-encoding'] !== undefined && request.headers['content-encoding'] !== 'identity')
    throw new ApiProblem('content-not-read', 'Send the body as it is, not compressed.');
  const tooLarge = new ApiProblem('too-large', undefined, { headers: { Connection: 'close' } });
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge;
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const end = (how: () => void): void => {
      request.off('data', take).off('end', done).off('error', broken).off('aborted', broken);
      how();
    };
    const take = (part: Buffer): void => {
      size += part.length;
      if (size <= mostBytes) parts.push(part);
      else end(() => reject(tooLarge));
    };
    const done = (): void => end(() => resolve(Buffer.concat(parts)));
    const broken = (): void => end(() => reject(malformed('The body ended before its time.')));
    request.on('data', take).on('end', done).on('error', broken).on('aborted', broken);
  });
}

/** Half of a character pair is no text, and no database keeps it. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

class Limits {
  private fields = 0;

  check(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      if (!isWellFormed(value)) throw malformed('A text holds half of a character pair.');
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw malformed('A number is too large.');
    } else if (typeof value === 'object' && value !== null) {
      if (depth > mostDepth) throw malformed(`The body may be ${mostDepth} levels deep at most.`);
      if (Array.isArray(value)) {
        if (value.length > mostFields) throw malformed(`A list may have ${mostFields} entries at most.`);
        for (const one of value) this.check(one, depth + 1);
      } else {
        for (const [name, one] of Object.entries(value)) {
          this.fields += 1;
          if (this.fields > mostFields) throw malformed(`The body may have ${mostFields} fields at most.`);
          if (forbiddenNames.has(name)) throw malformed('A field has a name that no field may have.');
          if (!isWellFormed(name)) throw malformed('The name of a field holds half of a character pair.');
          this.check(one, depth + 1);
        }
      }
    }
  }
}

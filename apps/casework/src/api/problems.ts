import { randomUUID } from 'node:crypto';
import type { NotDone, RefusalKind } from '@send/engine';
import { type Problem, problemType } from '@send/pages';
import type { Wrong } from '@send/workflow-kit';
import { TooMany, waitInWords } from '../frame/rate-limit';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';

/** Everything the API may answer instead of doing what it was asked: status, title, and what to do about it. */
export const problemKinds = {
  malformed: [400, 'The request cannot be read', 'Mend the request: nothing of it was looked at.'],
  'not-signed-in': [401, 'Sign in first', 'Send the token of a session that has not ended.'],
  'not-your-own': [
    403,
    'The request does not come from this service',
    'With a cookie, send the session’s token in X-CSRF-Token from the service’s own origin.',
  ],
  forbidden: [403, 'This is not allowed', 'Ask somebody whose role allows it, or who is on the case.'],
  'not-found': [404, 'Not found', 'There is nothing here, or nothing for you.'],
  'method-not-offered': [405, 'This method is not offered here', 'Use one of the methods in Allow.'],
  'not-acceptable': [406, 'This form of answer is not offered', 'Accept application/json.'],
  conflict: [409, 'Somebody else was first', 'Read the case again, check, and send with its version and a new key.'],
  'not-now': [409, 'The law does not allow it now', 'The detail says what has to happen first.'],
  'out-of-position': [409, 'The case is not where this can be done', 'Read the case again: it lists what can be done.'],
  'already-decided': [409, 'This was already decided', 'Nothing was changed: read it to see by whom.'],
  'confirm-needed': [409, 'Is that right?', 'Odd but possible: send it again with "confirmed": true and the same key.'],
  'possible-duplicate': [
    409,
    'This may be somebody on record',
    'Use the record that is there, or say in "newBecause" why this is somebody else.',
  ],
  'too-large': [413, 'The request is too large', 'The body may have 1 MB at most.'],
  'address-too-long': [414, 'The address is too long', 'Path and query may have 2 kB at most.'],
  'content-not-read': [415, 'This kind of content is not read', 'Send application/json in UTF-8.'],
  invalid: [422, 'There is a problem with what was sent', 'Each error names the field, the rule and what to enter.'],
  'key-reused': [422, 'This key was used for something else', 'Send the command again with a new Idempotency-Key.'],
  'too-many-requests': [429, 'Too many requests', 'Wait for the seconds in Retry-After.'],
  failed: [500, 'Something went wrong', 'Nothing was recorded in part. Send it again with the same key.'],
} as const satisfies Record<string, readonly [status: number, title: string, wayOut: string]>;

export type ProblemKind = keyof typeof problemKinds;

/** The type of a problem: the same in every version of the API. */
export const typeOf = (kind: ProblemKind): string => `/problems/${kind}`;

export const statusOf = (kind: ProblemKind): number => problemKinds[kind][0];

/** More faults than this help nobody. */
const mostErrors = 50;

interface Extra {
  readonly errors?: readonly Wrong[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** Thrown where the API does not do what it was asked; sent as problem details, RFC 9457. */
export class ApiProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly detail: string = problemKinds[kind][2],
    readonly extra: Extra = {},
  ) {
    super(kind);
  }
}

export const invalid = (errors: readonly Wrong[]): ApiProblem => new ApiProblem('invalid', undefined, { errors });

export const wrongField = (field: string, rule: string, message: string): ApiProblem =>
  invalid([{ field, rule, message }]);

const kindOf: Readonly<Record<RefusalKind, ProblemKind>> = {
  invalid: 'invalid',
  'not-found': 'not-found',
  forbidden: 'forbidden',
  'not-now': 'not-now',
  'out-of-position': 'out-of-position',
  conflict: 'conflict',
  ask: 'confirm-needed',
  'key-reused': 'key-reused',
};

/** The engine's refusal as a problem, with its rule, the fields, and who was first. */
export function refused({ refusal }: NotDone): ApiProblem {
  const kind =
    refusal.rule === 'proposal' || refusal.rule === 'already reversed' ? 'already-decided' : kindOf[refusal.kind];
  return new ApiProblem(kind, refusal.message, {
    rule: refusal.rule,
    ...(refusal.wrong.length === 0 ? {} : { errors: refusal.wrong }),
    ...(refusal.winner === undefined ? {} : { winner: refusal.winner }),
  });
}

export function sendProblem(response: Response, { kind, detail, extra }: ApiProblem, instance: string): void {
  const [status, title] = problemKinds[kind];
  const { errors, headers = {}, ...more } = extra;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const body: Problem = {
    type: typeOf(kind),
    title,
    status,
    detail,
    instance: `urn:uuid:${instance}`,
    ...more,
    ...(errors === undefined ? {} : { errors: errors.slice(0, mostErrors) }),
  };
  response.status(status).setHeader('Cache-Control', 'no-store').type(problemType).send(JSON.stringify(body));
}

const log = new Logger('api');

/** Messages of the database can hold what was typed: of what was not foreseen only the trace is kept. */
export function problemOf(failure: unknown, instance: string): ApiProblem {
  if (failure instanceof ApiProblem) return failure;
  if (failure instanceof TooMany)
    return new ApiProblem('too-many-requests', `Wait ${waitInWords(failure.seconds)}, then send it again.`, {
      headers: { 'Retry-After': String(failure.seconds) },
    });
  const status = statusIn(failure);
  if (status < 500) {
    const found = (Object.keys(problemKinds) as ProblemKind[]).find((kind) => statusOf(kind) === status);
    return new ApiProblem(found ?? 'malformed');
  }
  const trace =
    failure instanceof Error
      ? (failure.stack ?? '')
          .split('\n')
          .slice(1, 10)
          .map((line) => line.trim())
          .join(' < ')
      : typeof failure;
  log.error(`${instance} ${failure instanceof Error ? failure.name : ''} ${trace}`);
  return new ApiProblem('failed');
}

/** Errors of reading a request carry their status. */
function statusIn(failure: unknown): number {
  if (failure instanceof HttpException) return failure.getStatus();
  const status = typeof failure === 'object' && failure !== null && 'status' in failure ? Number(failure.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

/** The last resort of the API's own controllers. */
@Catch()
export class ApiProblems implements ExceptionFilter {
  catch(failure: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { requestId = randomUUID() } = host.switchToHttp().getRequest<Request & { requestId?: string }>();
    if (response.headersSent) return void response.end();
    sendProblem(response, problemOf(failure, requestId), requestId);
  }
}

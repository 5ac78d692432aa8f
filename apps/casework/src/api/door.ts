import { createHash, randomUUID } from 'node:crypto';
import { type Actor, Sessions } from '@send/access';
import { type Clock } from '@send/engine';
import { isOurOwn, isSafe, readCookie } from '@send/pages';
import { type Field, readFields } from '@send/workflow-kit';
import { createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { CaseworkConfig } from '../config';
import { RateLimits } from '../frame/rate-limit';
import type { CaseworkRequest } from '../frame/request';
import { csrfHeader, sessionCookieName } from '../frame/signed-in.guard';
import { CLOCK, CONFIG } from '../frame/surroundings';
import { ApiProblem, invalid, problemOf, sendProblem } from './problems';
import { isWellFormed, readBody } from './read-body';
import { ROUTES, type Routes } from './routes';

/** A request that has passed the door: who sends it, and what. */
export interface Entered {
  readonly actor: Actor;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, string>>;
  /** The command's key, of Idempotency-Key. */
  readonly key: string;
  /** The version of the run that was seen, of If-Match. */
  readonly version: number | undefined;
  /** Why this case is opened, of Access-Reason, where the role asks for a reason. */
  readonly reason: string | undefined;
}

export interface AtDoor extends CaseworkRequest {
  entered?: Entered;
}

const longestAddress = 2048;
export const keyHeader = 'idempotency-key';
export const reasonHeader = 'access-reason';

/** The one way into the API. What cannot be read, or comes from nobody, goes no further. */
@Injectable()
export class ApiDoor {
  constructor(
    private readonly sessions: Sessions,
    @Inject(ROUTES) private readonly routes: Routes,
    @Inject(CONFIG) private readonly config: CaseworkConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly limits: RateLimits,
  ) {}

  async use(request: AtDoor, response: Response, next: () => void): Promise<void> {
    request.requestId = randomUUID();
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // A version is no mark of the whole answer: lateness changes with the day.
    delete request.headers['if-none-match'];
    try {
      if (await this.enter(request, response)) next();
    } catch (failure) {
      sendProblem(response, problemOf(failure, request.requestId), request.requestId);
    }
  }

  /** False where the door itself has answered. */
  private async enter(request: AtDoor, response: Response): Promise<boolean> {
    const address = request.originalUrl;
    if (address.length > longestAddress) throw new ApiProblem('address-too-long');
    const [path = '', search = ''] = splitOnce(address);
    const route = this.routes.find(path);
    if (route === undefined) throw new ApiProblem('not-found');
    const allow = route.methods.join(', ');
    if (request.method === 'OPTIONS') {
      response.status(204).setHeader('Allow', allow).end();
      return false;
    }
    if (!route.methods.includes(request.method))
      throw new ApiProblem('method-not-offered', undefined, { headers: { Allow: allow } });
    if (request.accepts(['application/json', 'application/problem+json']) === false)
      throw new ApiProblem('not-acceptable');
    if (route.open) {
      this.limits.countRequest(`address ${request.ip ?? ''}`);
      return true;
    }
    const actor = await this.whoSends(request);
    if (route.search) await this.limits.count('search', actor.staffId);
    const query = readQuery(search);
    const body = isSafe(request.method) ? {} : await readBody(request);
    if (!isSafe(request.method)) refuseQuery(query);
    request.entered = {
      actor,
      body,
      query,
      version: readVersion(request.headers['if-match']),
      // Reading an address needs no key, though a command may be sent to the same one.
      key: route.keyed && !isSafe(request.method) ? readKey(request.headers[keyHeader]) : '',
      reason: readReason(request.headers[reasonHeader]),
    };
    return true;
  }

  private async whoSends(request: AtDoor): Promise<Actor> {
    const nobody = new ApiProblem('not-signed-in', undefined, { headers: { 'WWW-Authenticate': 'Bearer' } });
    const bearer = /^Bearer ([A-Za-z0-9._-]{1,120})$/.exec(request.headers.authorization ?? '')?.[1];
    const cookie =
      request.headers.authorization === undefined
        ? readCookie(request, sessionCookieName, this.config.production)
        : undefined;
    const token = bearer ?? cookie;
    const signedIn =
      token === undefined ? undefined : await this.sessions.read(token, this.clock.now(), this.clock.today());
    if (token === undefined || signedIn === undefined) {
      // A token that nobody has counts for its sender: another one for each request would count for nobody.
      this.limits.countRequest(`address ${request.ip ?? ''}`);
      throw nobody;
    }
    this.limits.countRequest(createHash('sha256').update(token).digest('base64'));
    // A browser adds the cookie by itself, so a cookie alone does not say that its person meant it.
    if (cookie !== undefined && !isSafe(request.method) && !isOurOwn(request, cookie, request.headers[csrfHeader]))
      throw new ApiProblem('not-your-own');
    request.signedIn = signedIn;
    return signedIn.actor;
  }
}

/** What came through the door; nothing does without somebody signed in. */
export const ThroughDoor = createParamDecorator((_: unknown, context: ExecutionContext): Entered => {
  const { entered } = context.switchToHttp().getRequest<AtDoor>();
  if (entered === undefined) throw new ApiProblem('not-signed-in');
  return entered;
});

export const idPattern = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An id in an address that is none is not found, like one that nobody has. */
export function idIn(address: string): string {
  if (!idPattern.test(address)) throw new ApiProblem('not-found');
  return address.toLowerCase();
}

/** Reads what belongs to no command, by the rules that commands are read by. */
export function read(
  fields: Readonly<Record<string, Field>>,
  given: Readonly<Record<string, unknown>>,
  clock: Clock,
): Readonly<Record<string, unknown>> {
  const found = readFields(fields, given, clock.today());
  if ('wrong' in found) throw invalid(found.wrong);
  return found.read;
}

/** An address that takes no query refuses one, like any unknown field. */
export function refuseQuery(query: Entered['query']): void {
  const wrong = Object.keys(query).map((name) => ({
    field: name.slice(0, 60),
    rule: 'unknown-field',
    message: 'This field is not known here: leave it out',
  }));
  if (wrong.length > 0) throw invalid(wrong);
}

function splitOnce(address: string): [string, string] {
  const at = address.indexOf('?');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

function readQuery(search: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === '__proto__' || !isWellFormed(value) || /\0/.test(value))
      throw new ApiProblem('malformed', 'The query cannot be read.');
    if (Object.hasOwn(query, name)) throw new ApiProblem('malformed', 'A part of the query is there twice.');
    query[name] = value;
  }
  return query;
}

function readKey(header: unknown): string {
  if (typeof header === 'string' && /^[\x21-\x7e]{8,200}$/.test(header)) return header;
  const message = 'Send an Idempotency-Key of 8 to 200 visible characters, new for each command';
  throw new ApiProblem('malformed', message, {
    errors: [{ field: 'Idempotency-Key', rule: header === undefined ? 'missing' : 'not-a-key', message }],
  });
}

function readVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  const message = 'Send in If-Match the version of the run as you read it, like "3"';
  throw new ApiProblem('malformed', message, { errors: [{ field: 'If-Match', rule: 'not-a-version', message }] });
}

function readReason(header: unknown): string | undefined {
  return typeof header === 'string' && header.length <= 500 ? header : undefined;
}

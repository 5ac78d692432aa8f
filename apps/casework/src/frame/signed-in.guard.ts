import { randomUUID } from 'node:crypto';
import { Sessions } from '@send/access';
import { type Clock } from '@send/engine';
import { csrfField, isOurOwn, isSafe, readCookie } from '@send/pages';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { CaseworkConfig } from '../config';
import { type CaseworkRequest, openToAll } from './request';
import { CLOCK, CONFIG } from './surroundings';

export const sessionCookieName = 'session';

/** The header in which a script or a program sends the token that a form has in a field. */
export const csrfHeader = 'x-csrf-token';

/** Reads the session, and lets nothing change by a request that did not come from a page of ours. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: CaseworkConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CaseworkRequest>();
    // The API has a door of its own, which answers programs in their way.
    if (request.path.startsWith('/api/')) return true;
    request.requestId = randomUUID();
    const cookie = readCookie(request, sessionCookieName, this.config.production);
    if (cookie !== undefined) {
      const signedIn = await this.sessions.read(cookie, this.clock.now(), this.clock.today());
      if (signedIn !== undefined) {
        request.signedIn = signedIn;
        request.sessionCookie = cookie;
      } else request.sessionEnded = true;
    }
    if (
      this.reflector.getAllAndOverride<boolean | undefined>(openToAll, [context.getHandler(), context.getClass()]) ===
      true
    )
      return true;
    if (request.signedIn === undefined || request.sessionCookie === undefined) throw new UnauthorizedException();
    if (!isSafe(request.method)) {
      const body = request.body as Record<string, unknown> | undefined;
      const token = request.headers[csrfHeader] ?? body?.[csrfField];
      if (!isOurOwn(request, request.sessionCookie, token)) throw new ForbiddenException('csrf');
    }
    return true;
  }
}

import type { SignedIn } from '@send/access';
import { createParamDecorator, type ExecutionContext, SetMetadata, UnauthorizedException } from '@nestjs/common';
import type { Actor } from '@send/access';
import type { Request, Response } from 'express';

/** A request as the guard leaves it. */
export interface CaseworkRequest extends Request {
  signedIn?: SignedIn;
  sessionCookie?: string;
  /** The browser still has the cookie of a session that has ended. */
  sessionEnded?: true;
  requestId?: string;
}

export type CaseworkResponse = Response<unknown, { cspNonce?: string }>;

/** Every address of the pages with its methods. */
export const PAGE_ROUTES = Symbol('routes of the pages');

export const openToAll = 'open to all';

/** Nobody needs to be signed in for this. */
export const OpenToAll = () => SetMetadata(openToAll, true);

export function actorOf(request: CaseworkRequest): Actor {
  if (request.signedIn === undefined) throw new UnauthorizedException();
  return request.signedIn.actor;
}

/** The person signed in. */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext) =>
  actorOf(context.switchToHttp().getRequest<CaseworkRequest>()),
);

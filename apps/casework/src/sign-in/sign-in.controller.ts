import { randomBytes } from 'node:crypto';
import { Sessions } from '@send/access';
import { type Clock } from '@send/engine';
import { readCookie, readSignInCode, setCookie } from '@send/pages';
import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { CaseworkConfig } from '../config';
import { PageAnswer } from '../frame/page-answer';
import { type CaseworkRequest, type CaseworkResponse, OpenToAll } from '../frame/request';
import { sessionCookieName } from '../frame/signed-in.guard';
import { CLOCK, CONFIG } from '../frame/surroundings';

const stateCookie = 'sign-in';

/** Sends people to where they prove who they are, and takes them back with a session. */
@Controller()
export class SignInController {
  /** Codes already used, until they would be too old anyway. */
  private readonly used = new Map<string, number>();

  constructor(
    private readonly sessions: Sessions,
    private readonly answer: PageAnswer,
    @Inject(CONFIG) private readonly config: CaseworkConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('sign-in')
  @OpenToAll()
  async begin(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    if (request.signedIn !== undefined) return response.redirect(303, '/');
    const { standInsUrl, url } = this.config;
    if (standInsUrl === undefined)
      return this.answer.send(
        request,
        response,
        'refused.view.njk',
        {
          title: 'Sign-in is not set up',
          lines: ['This service does not know your council’s sign-in yet. Ask your administrator.'],
        },
        503,
      );
    const state = randomBytes(24).toString('base64url');
    setCookie(response, stateCookie, state, { tls: this.config.production, maxAge: 600 });
    response.redirect(
      303,
      `${standInsUrl}/sign-in?${new URLSearchParams({ state, back: `${url}/sign-in/back` }).toString()}`,
    );
  }

  @Get('sign-in/back')
  @OpenToAll()
  async back(
    @Query('code') code: unknown,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const { production, signInSecret } = this.config;
    const state = readCookie(request, stateCookie, production);
    const claims =
      typeof code === 'string' && state !== undefined
        ? readSignInCode(signInSecret, code, state, new Date())
        : undefined;
    const begun =
      claims !== undefined && this.isFirstUse(claims.state)
        ? await this.sessions.begin(claims.authority, claims.staffId, this.clock.now(), this.clock.today())
        : undefined;
    setCookie(response, stateCookie, '', { tls: production });
    if (begun === undefined)
      return this.answer.send(
        request,
        response,
        'refused.view.njk',
        {
          title: 'You are not signed in',
          lines: ['Your sign-in has expired, or was used already.'],
          onward: { text: 'Sign in', href: '/sign-in' },
        },
        403,
      );
    setCookie(response, sessionCookieName, begun.cookie, { tls: production });
    response.redirect(303, '/');
  }

  @Post('sign-out')
  async out(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    if (request.sessionCookie !== undefined) await this.sessions.end(request.sessionCookie, this.clock.now());
    setCookie(response, sessionCookieName, '', { tls: this.config.production });
    response.setHeader('Clear-Site-Data', '"cache", "storage"');
    response.redirect(303, '/signed-out');
  }

  @Get('signed-out')
  @OpenToAll()
  async signedOut(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    await this.answer.send(request, response, 'refused.view.njk', {
      title: 'You have signed out',
      lines: ['Close this window if others use this computer.'],
      onward: { text: 'Sign in again', href: '/sign-in' },
    });
  }

  private isFirstUse(state: string): boolean {
    const now = Date.now();
    for (const [old, at] of this.used) if (now - at > 120_000) this.used.delete(old);
    if (this.used.has(state)) return false;
    this.used.set(state, now);
    return true;
  }
}

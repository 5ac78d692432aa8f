import { randomBytes } from 'node:crypto';
import { Sessions } from '@send/access';
import { type Clock } from '@send/engine';
import { readCookie, readSignInCode, setCookie, timeInWords } from '@send/pages';
import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { CaseworkConfig } from '../config';
import { PageAnswer } from '../frame/page-answer';
import { RateLimits } from '../frame/rate-limit';
import { type CaseworkRequest, type CaseworkResponse, OpenToAll } from '../frame/request';
import { sessionCookieName } from '../frame/signed-in.guard';
import { CLOCK, CONFIG } from '../frame/surroundings';
import { readWayBack, withWayBack } from '../frame/way-back';

const stateCookie = 'sign-in';
const wayBackCookie = 'sign-in-to';

/** Sends people to where they prove who they are, and takes them back with a session. */
@Controller()
export class SignInController {
  /** Codes already used, until they would be too old anyway. */
  private readonly used = new Map<string, number>();

  constructor(
    private readonly sessions: Sessions,
    private readonly answer: PageAnswer,
    private readonly limits: RateLimits,
    @Inject(CONFIG) private readonly config: CaseworkConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('sign-in')
  @OpenToAll()
  async begin(
    @Query() query: Record<string, unknown>,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const to = readWayBack(query);
    if (request.signedIn !== undefined) return response.redirect(303, to);
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
    setCookie(response, wayBackCookie, Buffer.from(to).toString('base64url'), {
      tls: this.config.production,
      maxAge: 600,
    });
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
    const state = readCookie(request, stateCookie, production) ?? '';
    // Whoever has not begun to sign in here guesses at nothing: a page elsewhere that calls this address, with an image
    // or a link, sends no such cookie, and may not use up the tries of everybody behind its reader's address.
    const tried = typeof code === 'string' && state !== '';
    const claims = tried ? readSignInCode(signInSecret, code, state, new Date()) : undefined;
    // Who is meant is known only once it is proved, so nobody can use up the tries of another.
    if (claims !== undefined) await this.limits.count('signIn', `${claims.authority} ${claims.staffId}`);
    const begun =
      claims !== undefined && this.isFirstUse(claims.state)
        ? await this.sessions.begin(claims.authority, claims.staffId, this.clock.now(), this.clock.today())
        : undefined;
    setCookie(response, stateCookie, '', { tls: production });
    if (begun === undefined) {
      // Only now: a good sign-in is never refused for what others failed at from the same address.
      if (tried) await this.limits.count('failedSignIn', request.ip ?? '');
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
    }
    await this.limits.forgetPast();
    const to = Buffer.from(readCookie(request, wayBackCookie, production) ?? '', 'base64url').toString();
    setCookie(response, wayBackCookie, '', { tls: production });
    setCookie(response, sessionCookieName, begun.cookie, { tls: production });
    response.redirect(303, readWayBack({ to }));
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
  async signedOut(
    @Query() query: Record<string, unknown>,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (request.sessionEnded === true)
      return this.answer.send(request, response, 'sign-in/session-ended.view.njk', {
        title: 'You have been signed out',
        signIn: withWayBack('/sign-in', readWayBack(query)),
      });
    await this.answer.send(request, response, 'refused.view.njk', {
      title: 'You have signed out',
      lines: ['Close this window if others use this computer.'],
      onward: { text: 'Sign in again', href: '/sign-in' },
    });
  }

  /** Opening any page keeps a session alive; this one is for that alone, beside a form that is half filled in. */
  @Get('session')
  async session(@Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    const endsAt = request.signedIn?.endsAt ?? this.clock.now();
    await this.answer.send(request, response, 'refused.view.njk', {
      title: 'You are still signed in',
      lines: [
        `If you do nothing, you will be signed out at ${timeInWords(endsAt)}.`,
        'You can close this tab and go on with what you were doing.',
      ],
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

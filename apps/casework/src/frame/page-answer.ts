import { type Actor, type Role, roles } from '@send/access';
import { type Clock } from '@send/engine';
import { csrfToken, type FieldError, type Frame, PageWriter } from '@send/pages';
import { Inject, Injectable } from '@nestjs/common';
import type { CaseworkConfig } from '../config';
import { forFamilies } from '../public-request/for-families';
import type { CaseworkRequest, CaseworkResponse } from './request';
import { CLOCK, CONFIG } from './surroundings';
import { WhoIsWho } from './who-is-who';

export interface PageValues {
  readonly title: string;
  readonly back?: { readonly href: string; readonly text?: string };
  readonly errors?: readonly FieldError[];
  readonly caseReference?: string;
  readonly [value: string]: unknown;
}

/** The one way from a controller to a page: the frame round it, the status before it. */
@Injectable()
export class PageAnswer {
  constructor(
    private readonly writer: PageWriter,
    private readonly who: WhoIsWho,
    @Inject(CONFIG) private readonly config: CaseworkConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async send(
    request: CaseworkRequest,
    response: CaseworkResponse,
    view: string,
    values: PageValues,
    status?: number,
  ): Promise<void> {
    const frame = await this.frame(request, response);
    const faults = (values.errors?.length ?? 0) > 0;
    const page = this.writer.write(view, { ...values, frame, today: this.clock.today() });
    response
      .status(status ?? (faults ? 422 : 200))
      .type('html')
      .send(page);
  }

  /** An error page must come even where the database is gone: the frame then does without names. */
  async sendWhatever(
    request: CaseworkRequest,
    response: CaseworkResponse,
    view: string,
    values: PageValues,
    status: number,
  ): Promise<void> {
    const families = forFamilies(request, this.config.production);
    const frame = await this.frame(request, response).catch(() => this.bareFrame(response));
    response
      .status(status)
      .type('html')
      .send(this.writer.write(view, { ...families, ...values, frame, today: this.clock.today() }));
  }

  private bareFrame(response: CaseworkResponse): Frame {
    const { serviceName, production } = this.config;
    return {
      serviceName,
      cspNonce: response.locals.cspNonce ?? '',
      demonstration: !production,
      today: this.clock.today(),
    };
  }

  private async frame(request: CaseworkRequest, response: CaseworkResponse): Promise<Frame> {
    const bare = this.bareFrame(response);
    const { signedIn, sessionCookie } = request;
    const families = forFamilies(request, this.config.production);
    // Whoever sits at a page for families is nobody we know, signed in or not.
    if (families !== undefined) return families.csrf === undefined ? bare : { ...bare, csrf: families.csrf };
    if (signedIn === undefined || sessionCookie === undefined) return bare;
    const { actor } = signedIn;
    const authority = await this.who.authority(actor.authority);
    return {
      ...bare,
      csrf: csrfToken(sessionCookie),
      signedIn: { name: actor.name, role: roleInWords(actor), authority: authority.name },
      session: {
        endsAt: signedIn.endsAt,
        seconds: Math.round((signedIn.endsAt.getTime() - this.clock.now().getTime()) / 1000),
      },
      navigation: navigationOf(actor, request.path),
      ...(worksOnCases(actor) ? { search: '/search' } : {}),
    };
  }
}

export const worksOnCases = (actor: Actor): boolean => actor.roles.some((role) => role === 'CW' || role === 'SM');
export const isSenior = (actor: Actor): boolean => actor.roles.includes('SM');

const roleInWords = (actor: Actor): string => actor.roles.map((role: Role) => roles[role]).join(', ');

function navigationOf(actor: Actor, path: string): { text: string; href: string; current?: boolean }[] {
  const item = (text: string, href: string, ...also: string[]) => ({
    text,
    href,
    current: href === '/' ? path === '/' : [href, ...also].some((one) => path.startsWith(one)),
  });
  const work = worksOnCases(actor)
    ? [
        item('Today', '/'),
        item('Cases', '/cases', '/search'),
        item('New request', '/requests', '/online-requests'),
        item('Approvals', '/approvals', '/proposals'),
        ...(isSenior(actor) ? [item('Phase transfers', '/campaigns'), item('Exclusion risk', '/cohort')] : []),
      ]
    : [];
  const panels = actor.roles.some((role) => ['CW', 'SM', 'PC', 'PM', 'AU'].includes(role))
    ? [item('Panels', '/panels')]
    : [];
  return [...work, ...panels, ...(actor.roles.includes('AD') ? [item('System health', '/operator')] : [])];
}

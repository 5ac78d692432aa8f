import { type Actor, beginSession, identityOf } from '@send/access';
import { csrfToken } from '@send/pages';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { caseworkApp, pageWriter } from '../../apps/casework/src/casework-app';
import type { CaseworkConfig } from '../../apps/casework/src/config';
import { testKeys, type CaseWorld } from './case-with-family';

export const testSecret = 'a secret of the specs, long enough for anybody';

/** The whole casework app on a real database, and a session for each person that asks it. */
export class PageApp {
  private readonly cookies = new Map<string, Promise<string>>();

  private constructor(
    readonly app: NestExpressApplication,
    readonly world: CaseWorld,
    readonly origin: string,
  ) {}

  static async open(
    world: CaseWorld,
    port = 0,
    standInsUrl?: string,
    limits: NonNullable<CaseworkConfig['limits']> = {},
  ): Promise<PageApp> {
    const { database } = world.test;
    const config: CaseworkConfig = {
      databaseUrl: world.test.url,
      port,
      url: `http://localhost:${port}`,
      standInsUrl,
      signInSecret: testSecret,
      production: false,
      addressKeys: undefined,
      today: undefined,
      serviceName: 'SEND casework',
      limits,
    };
    const app = await caseworkApp({
      config,
      database,
      clock: world.clock,
      engine: world.engine,
      letterDesk: world.desk,
      writer: pageWriter(),
      addressKeys: testKeys,
    });
    await app.listen(port, 'localhost');
    return new PageApp(app, world, await app.getUrl());
  }

  cookie(actor: Actor): Promise<string> {
    const known = this.cookies.get(actor.staffId);
    if (known !== undefined) return known;
    const begun = this.world.test.database.transaction(identityOf(actor), (tx) =>
      beginSession(tx, actor, this.world.clock.now()),
    );
    this.cookies.set(actor.staffId, begun);
    return begun;
  }

  /** After the clock moved on: everybody signs in anew. */
  forgetSessions(): void {
    this.cookies.clear();
  }

  async get(path: string, as?: Actor): Promise<request.Response> {
    const call = request(this.origin)
      .get(path)
      .ok(() => true);
    return as === undefined ? call : call.set('Cookie', `session=${await this.cookie(as)}`);
  }

  /** A form as a page would send it, with its token. */
  async post(
    path: string,
    as: Actor,
    fields: Record<string, string> = {},
    also: { token?: string; headers?: Record<string, string> } = {},
  ): Promise<request.Response> {
    const cookie = await this.cookie(as);
    let call = request(this.origin)
      .post(path)
      .ok(() => true)
      .redirects(0)
      .set('Cookie', `session=${cookie}`)
      .type('form');
    for (const [name, value] of Object.entries(also.headers ?? {})) call = call.set(name, value);
    return call.send({ _csrf: also.token ?? csrfToken(cookie), ...fields });
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

/** What a page's heading says. */
export const headingOf = (page: request.Response): string =>
  /<h1[^>]*>([\s\S]*?)<\/h1>/
    .exec(page.text)?.[1]
    ?.replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim() ?? '';

/** Fields a form carries along out of sight, by name. */
export function hiddenOf(page: request.Response): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)) {
    if (name !== '_csrf')
      found[name] = value
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&');
  }
  return found;
}

/** What a page's form would send as it stands: hidden fields, and what is filled in, chosen or checked. */
export function asShown(page: request.Response): Record<string, string> {
  const found = hiddenOf(page);
  const decode = (text: string) =>
    text
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
  for (const [input] of page.text.matchAll(/<input class="govuk-(?:input|radios|date-input)[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1];
    if (/type="radio"/.test(input) && !/ checked/.test(input)) continue;
    found[attribute('name') ?? ''] = decode(attribute('value') ?? '');
  }
  for (const [, name = '', inside = ''] of page.text.matchAll(/<select[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    found[name] = /value="([^"]*)" selected/.exec(inside)?.[1] ?? '';
  for (const [, name = '', inside = ''] of page.text.matchAll(
    /<textarea[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g,
  ))
    found[name] = decode(inside);
  return found;
}

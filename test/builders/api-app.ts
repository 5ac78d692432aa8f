import { type Actor, beginSession, identityOf } from '@send/access';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { caseworkApp, pageWriter } from '../../apps/casework/src/casework-app';
import type { CaseworkConfig } from '../../apps/casework/src/config';
import { type CaseWorld, testKeys } from './case-with-family';
import { testSecret } from './page-app';

export interface Sent {
  readonly as?: Actor;
  readonly body?: unknown;
  /** As it goes over the wire, in place of `body`. */
  readonly raw?: string | Buffer;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The API of the whole casework app over HTTP: a real database behind it, and a session for each person. */
export class ApiApp {
  private readonly sessions = new Map<string, Promise<string>>();
  private keys = 0;

  private constructor(
    readonly app: NestExpressApplication,
    private readonly world: CaseWorld,
    readonly origin: string,
  ) {}

  static async open(
    world: CaseWorld,
    limits: NonNullable<CaseworkConfig['limits']> = { request: 1_000_000, search: 1_000_000 },
  ): Promise<ApiApp> {
    const config: CaseworkConfig = {
      databaseUrl: world.test.url,
      port: 0,
      url: 'http://localhost',
      standInsUrl: 'http://localhost:9',
      signInSecret: testSecret,
      production: false,
      addressKeys: undefined,
      today: undefined,
      serviceName: 'SEND casework',
      limits,
    };
    const { clock, engine, desk: letterDesk } = world;
    const { database } = world.test;
    const app = await caseworkApp({
      config,
      database,
      clock,
      engine,
      letterDesk,
      writer: pageWriter(),
      addressKeys: testKeys,
    });
    await app.listen(0, '127.0.0.1');
    return new ApiApp(app, world, await app.getUrl());
  }

  /** The value of a session of this person, begun once. */
  session(actor: Actor): Promise<string> {
    const known = this.sessions.get(actor.staffId);
    if (known !== undefined) return known;
    const begun = this.world.test.database.transaction(identityOf(actor), (tx) =>
      beginSession(tx, actor, this.world.clock.now()),
    );
    this.sessions.set(actor.staffId, begun);
    return begun;
  }

  /** After the clock moved on: everybody signs in anew. */
  forgetSessions(): void {
    this.sessions.clear();
  }

  newKey(): string {
    return `key-of-spec-${++this.keys}`;
  }

  async send(method: string, path: string, { as, body, raw, key, headers = {} }: Sent = {}): Promise<request.Response> {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';
    let call = request(this.origin)
      [verb](path)
      .ok(() => true);
    if (as !== undefined) call = call.set('Authorization', `Bearer ${await this.session(as)}`);
    if (method === 'POST') call = call.set('Idempotency-Key', key ?? this.newKey());
    if (raw !== undefined || body !== undefined) call = call.set('Content-Type', 'application/json');
    for (const [name, value] of Object.entries(headers)) call = call.set(name, value);
    // Bytes that are no text go as they are.
    if (Buffer.isBuffer(raw)) call = call.serialize((bytes: unknown) => bytes as string);
    if (raw !== undefined) return call.send(raw);
    return body === undefined ? call : call.send(JSON.stringify(body));
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

import { type Actor, AuditChain, beginSession, identityOf, Sessions } from '@send/access';
import { AddressKeys, CaseFile } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { Database } from '@send/database';
import { Engine } from '@send/engine';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { ApiModule } from '../../apps/casework/src/api/api.module';
import { RATE_LIMITS } from '../../apps/casework/src/api/rate-limit';
import { CLOCK, CONFIG } from '../../apps/casework/src/frame/surroundings';
import { type CaseWorld, testKeys } from './case-with-family';

export interface Sent {
  readonly as?: Actor;
  readonly body?: unknown;
  /** As it goes over the wire, in place of `body`. */
  readonly raw?: string | Buffer;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The API over HTTP, with nothing of the pages: a real database behind it, and a session for each person. */
export class ApiApp {
  private readonly sessions = new Map<string, Promise<string>>();
  private keys = 0;

  private constructor(
    readonly app: NestExpressApplication,
    private readonly world: CaseWorld,
    readonly origin: string,
  ) {}

  static async open(world: CaseWorld, limits = { requests: 1_000_000, searches: 1_000_000 }): Promise<ApiApp> {
    const { database } = world.test;
    const providers = [
      { provide: CONFIG, useValue: { production: false, url: 'http://localhost' } },
      { provide: CLOCK, useValue: world.clock },
      { provide: Database, useValue: database },
      { provide: Engine, useValue: world.engine },
      { provide: LetterDesk, useValue: world.desk },
      { provide: AddressKeys, useValue: testKeys },
      { provide: Sessions, useValue: new Sessions(database) },
      { provide: AuditChain, useValue: new AuditChain(database) },
      { provide: CaseFile, useValue: new CaseFile(database) },
    ];
    class Around {}
    Module({})(Around);
    const module = await Test.createTestingModule({
      imports: [
        { module: Around, global: true, providers, exports: providers.map(({ provide }) => provide) },
        ApiModule,
      ],
    })
      .overrideProvider(RATE_LIMITS)
      .useValue(limits)
      .compile();
    const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: ['error'] });
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

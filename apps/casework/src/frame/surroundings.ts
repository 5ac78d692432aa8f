import { CaseFile, AddressKeys, OnlineForm } from '@send/case-file';
import { AuditChain, Sessions } from '@send/access';
import { Database } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { PageWriter } from '@send/pages';
import type { DynamicModule } from '@nestjs/common';
import type { CaseworkConfig } from '../config';
import { LetterDesk } from '@send/correspondence';
import { RateLimits } from './rate-limit';
import { WhoIsWho } from './who-is-who';

export const CLOCK = Symbol('clock');
export const CONFIG = Symbol('config');

/** What the app is given from outside; specs give their own database and clock. */
export interface Surroundings {
  readonly config: CaseworkConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly letterDesk: LetterDesk;
  readonly writer: PageWriter;
  readonly addressKeys: AddressKeys;
}

class SurroundingsModule {}

export function surroundingsModule(given: Surroundings): DynamicModule {
  const providers = [
    { provide: CONFIG, useValue: given.config },
    { provide: CLOCK, useValue: given.clock },
    { provide: Database, useValue: given.database },
    { provide: Engine, useValue: given.engine },
    { provide: LetterDesk, useValue: given.letterDesk },
    { provide: PageWriter, useValue: given.writer },
    { provide: AddressKeys, useValue: given.addressKeys },
    { provide: Sessions, useFactory: () => new Sessions(given.database) },
    { provide: AuditChain, useFactory: () => new AuditChain(given.database) },
    { provide: CaseFile, useFactory: () => new CaseFile(given.database) },
    { provide: OnlineForm, useFactory: () => new OnlineForm(given.database, given.addressKeys) },
    {
      provide: RateLimits,
      useFactory: () => new RateLimits(given.database, given.config.signInSecret, given.config.limits),
    },
    WhoIsWho,
  ];
  return {
    module: SurroundingsModule,
    global: true,
    providers,
    exports: providers.map((one) => ('provide' in one ? one.provide : one)),
  };
}

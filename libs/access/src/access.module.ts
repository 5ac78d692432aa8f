import { Injectable, Module } from '@nestjs/common';
import { Database } from '@send/database';
import type { Actor } from './actor';
import { beginSession, endSession, signedIn, type SignedIn } from './session';
import { actorFor, authorities, staffOn } from './staff';
import type { Authority, Staff } from './staff.entity';
import { sealAudit, type Sealed, verifyAudit, type ChainFault } from './audit-chain';

/** Sign-in of staff. Who they are was proved elsewhere; here a session begins, is read, and ends. */
@Injectable()
export class Sessions {
  constructor(private readonly database: Database) {}

  /** Whom the sign-in page of a demonstration offers. */
  choices(authority: string, on: string): Promise<Staff[]> {
    return this.database.transaction({ authority, actor: 'sign-in' }, (tx) => staffOn(tx, on));
  }

  authorities(): Promise<Authority[]> {
    return this.database.transaction({ authority: 'none', actor: 'sign-in' }, authorities);
  }

  /** The cookie's value; undefined for somebody who does not work there. */
  begin(
    authority: string,
    staffId: string,
    now: Date,
    today: string,
  ): Promise<{ cookie: string; actor: Actor } | undefined> {
    return this.database.transaction({ authority, actor: staffId }, async (tx) => {
      const actor = await actorFor(tx, staffId, today);
      return actor && { actor, cookie: await beginSession(tx, actor, now) };
    });
  }

  read(cookie: string, now: Date, today: string): Promise<SignedIn | undefined> {
    return signedIn(this.database, cookie, now, today);
  }

  end(cookie: string, now: Date): Promise<void> {
    return endSession(this.database, cookie, now);
  }
}

/** The one sealer of the audit, and the check of what it sealed. */
@Injectable()
export class AuditChain {
  constructor(private readonly database: Database) {}

  seal(authority: string): Promise<Sealed> {
    return sealAudit(this.database, authority);
  }

  verify(authority: string): Promise<ChainFault[]> {
    return verifyAudit(this.database, authority);
  }
}

/** Expects a global provider of `Database`. */
@Module({ providers: [Sessions, AuditChain], exports: [Sessions, AuditChain] })
export class AccessModule {}

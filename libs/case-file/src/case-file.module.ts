import { Injectable, Module } from '@nestjs/common';
import {
  type Actor,
  type Action,
  type Allowed,
  identityOf,
  may,
  reasonMissing,
  type Refused,
  writeAudit,
} from '@send/access';
import { Database, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import { caseRelationship } from './case-relationship';
import { type SearchAnswer, searchCases } from './search';

export type Opened<T> = { readonly allowed: Allowed; readonly result: T } | { readonly refused: Refused };

/** The way from a page into a case: nobody gets a transaction on one without an answer from `may`, and a trace of it. */
@Injectable()
export class CaseFile {
  constructor(private readonly database: Database) {}

  /** For what is about no one case. */
  within<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(identityOf(actor), work);
  }

  search(actor: Actor, typed: string, on: Day): Promise<SearchAnswer> {
    return this.within(actor, (tx) => searchCases(tx, actor, typed, on));
  }

  /** Asks, notes the answer in the audit, and does the work in the same transaction, or refuses. */
  open<T>(
    actor: Actor,
    about: {
      action: Action;
      childId: string;
      on: Day;
      own?: boolean;
      panel?: boolean;
      fields?: readonly string[];
      reason?: string;
      requestId?: string;
    },
    work: (tx: Tx, allowed: Allowed) => Promise<T>,
  ): Promise<Opened<T>> {
    return this.within(actor, async (tx): Promise<Opened<T>> => {
      const relationship = await caseRelationship(tx, actor, about.childId, about.on, about);
      const asked = relationship ? may(actor, about.action, relationship) : noSuchCase;
      const answer = (asked.allowed && reasonMissing(asked, about.reason)) || asked;
      await writeAudit(tx, actor, {
        action: about.action,
        outcome: answer.allowed ? 'done' : 'refused',
        childId: about.childId,
        ...(answer.allowed ? { role: answer.role } : {}),
        ...(about.fields ? { fields: about.fields } : {}),
        ...(about.reason === undefined ? {} : { reason: about.reason }),
        ...(about.requestId === undefined ? {} : { requestId: about.requestId }),
      });
      return answer.allowed ? { allowed: answer, result: await work(tx, answer) } : { refused: answer };
    });
  }
}

const noSuchCase: Refused = {
  allowed: false,
  rule: 'no-relationship',
  hidden: true,
  message: 'There is no such case.',
};

/** Expects a global provider of `Database`. */
@Module({ providers: [CaseFile], exports: [CaseFile] })
export class CaseFileModule {}

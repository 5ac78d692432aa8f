import type { Identity } from '@send/database';
import type { Role } from './policy';

/** Whoever acts, as far as an answer to "may they?" and the audit need to know. */
export interface Actor {
  /** A staff id; `system` where the product itself acts: a letter left, a reminder was reached. */
  readonly staffId: string;
  readonly name: string;
  readonly authority: string;
  readonly roles: readonly Role[];
  readonly team: string | null;
}

export const systemActor = (authority: string): Actor => ({
  staffId: 'system',
  name: 'The system',
  authority,
  roles: [],
  team: null,
});

export const isSystem = (actor: Actor): boolean => actor.staffId === 'system';

/** What a transaction is opened with, so that PostgreSQL shows this authority's rows and no others. */
export const identityOf = (actor: Actor): Identity => ({ authority: actor.authority, actor: actor.staffId });

import { newId, type Tx } from '@send/database';
import type { Actor } from './actor';

export interface AuditEntry {
  /** An action of the access table, or a verb of our own: signIn, seal. */
  readonly action: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** The role under which it was allowed; the first of the actor's where it does not matter. */
  readonly role?: string;
  readonly onBehalfOf?: string;
  readonly childId?: string;
  readonly runId?: string;
  /** What was touched, as kind and id: never a name, an address or a text. */
  readonly object?: string;
  /** Names of the fields read or changed, never their values. */
  readonly fields?: readonly string[];
  readonly reason?: string;
  readonly requestId?: string;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly role: string | null;
  readonly onBehalfOf: string | null;
  readonly action: string;
  readonly childId: string | null;
  readonly runId: string | null;
  readonly object: string | null;
  readonly fields: readonly string[];
  readonly outcome: string;
  readonly reason: string | null;
}

/** In the same transaction as what it tells of: neither is there without the other. */
export async function writeAudit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<string> {
  const id = newId();
  await tx.run(
    `insert into access.audit (id, authority_id, actor, role, on_behalf_of, action, child_id, run_id, object, fields, outcome, reason, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      tx.identity.authority,
      actor.staffId,
      entry.role ?? actor.roles[0] ?? null,
      entry.onBehalfOf ?? null,
      entry.action,
      entry.childId ?? null,
      entry.runId ?? null,
      oneLine(entry.object),
      (entry.fields ?? []).map((field) => oneLine(field)),
      entry.outcome,
      oneLine(entry.reason),
      entry.requestId ?? null,
    ],
  );
  return id;
}

/** Who did what to this child's record, newest first. */
export async function auditOfChild(tx: Tx, childId: string, limit = 200): Promise<AuditRow[]> {
  return tx.query<AuditRow>(
    `select id, at, actor, role, on_behalf_of as "onBehalfOf", action, child_id as "childId", run_id as "runId", object, fields, outcome, reason
     from access.audit where authority_id = $1 and child_id = $2 order by at desc, id desc limit $3`,
    [tx.identity.authority, childId, limit],
  );
}

/** A line break in a logged value could forge a second entry wherever the audit is printed. */
function oneLine(text: string | undefined): string | null {
  return text === undefined ? null : text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

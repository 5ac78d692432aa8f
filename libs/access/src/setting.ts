import type { Tx } from '@send/database';
import type { Actor } from './actor';
import { writeAudit } from './audit';

/** A setting of an authority, from a day on. What was decided before stays on record. */
export interface NewSetting {
  /** Lower case, words joined by hyphens: `provision-checks-from`. */
  readonly name: string;
  readonly value: unknown;
  /** As 2026-11-02. */
  readonly from: string;
  readonly reason: string;
}

/** All settings of the identity’s authority as they stand on a day, by name. */
export async function settingsOn(tx: Tx, on: string): Promise<Readonly<Record<string, unknown>>> {
  const rows = await tx.query<{ name: string; value: unknown }>(
    `select distinct on (name) name, value from access.setting where authority_id = $1 and from_day <= $2
     order by name, from_day desc, id desc`,
    [tx.identity.authority, on],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Adds the setting; audited in the same transaction. Whether this actor may is asked before. */
export async function decideSetting(tx: Tx, actor: Actor, { name, value, from, reason }: NewSetting): Promise<void> {
  await tx.run(
    `insert into access.setting (authority_id, name, value, from_day, decided_by, reason) values ($1, $2, $3, $4, $5, $6)`,
    [tx.identity.authority, name, JSON.stringify(value), from, actor.staffId, reason],
  );
  await writeAudit(tx, actor, { action: 'decideSetting', outcome: 'done', object: name, reason });
}

import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';

export const conflicts = {
  family: 'The child is mine, a relative’s or a friend’s',
  'works-with-child': 'I work with the child or the family',
  'own-setting': 'The child goes to the setting I work for, or it is asked to take the child',
  'earlier-decision': 'I took part in an earlier decision about this child',
  other: 'Another reason',
} as const;
export type Conflict = keyof typeof conflicts;

/** The same, said of somebody else. */
export const conflictOf: Readonly<Record<Conflict, string>> = {
  family: 'the child is theirs, a relative’s or a friend’s',
  'works-with-child': 'they work with the child or the family',
  'own-setting': 'the child goes to the setting they work for, or it is asked to take the child',
  'earlier-decision': 'they took part in an earlier decision about this child',
  other: 'another reason',
};

export interface Declaration {
  readonly id: string;
  readonly runId: string;
  readonly staffId: string;
  readonly name: string;
  /** Null where they declared that they have none. */
  readonly conflict: Conflict | null;
  readonly words: string | null;
  readonly declaredOn: Day;
}

const standing = `select d.id, d.run_id as "runId", d.staff_id as "staffId", s.name, d.conflict, d.words, d.declared_on as "declaredOn"
  from panels.declaration d join access.staff s on s.id = d.staff_id where d.ended_on is null`;

export async function declarationsAbout(tx: Tx, runId: string): Promise<Declaration[]> {
  return tx.query<Declaration>(`${standing} and d.run_id = $1 order by s.name`, [runId]);
}

/** What this person has declared; a conflict among them closes the item to them. */
export async function declarationsBy(tx: Tx, staffId: string): Promise<Declaration[]> {
  return tx.query<Declaration>(`${standing} and d.staff_id::text = $1 order by d.declared_on desc, d.id`, [staffId]);
}

/** A conflict declared later stands in place of an earlier word; only somebody else can lift it. */
export async function putDeclaration(
  tx: Tx,
  said: {
    runId: string;
    fromRun: string | null;
    staffId: string;
    conflict: Conflict | null;
    words: string | null;
    on: Day;
  },
): Promise<void> {
  await tx.run(
    `insert into panels.declaration as d (id, authority_id, run_id, from_run, staff_id, conflict, words, declared_on, declared_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (run_id, staff_id) where ended_on is null
     do update set conflict = excluded.conflict, words = excluded.words, declared_on = excluded.declared_on,
       declared_by = excluded.declared_by where d.conflict is null`,
    [
      newId(),
      tx.identity.authority,
      said.runId,
      said.fromRun,
      said.staffId,
      said.conflict,
      said.words,
      said.on,
      tx.identity.actor,
    ],
  );
}

/** Somebody else finds that there is no conflict: the item is open again, and they may declare anew. */
export async function endDeclaration(tx: Tx, id: string, on: Day, reason: string): Promise<boolean> {
  const ended = await tx.run(
    `update panels.declaration set ended_on = $2, ended_by = $3, ended_reason = $4
     where id = $1 and ended_on is null and staff_id::text <> $3`,
    [id, on, tx.identity.actor, reason],
  );
  return ended === 1;
}

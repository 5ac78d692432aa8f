import type { Tx } from '@send/database';

/** An id that somebody typed or chose, and what it should be the id of. */
export interface NamedId {
  readonly of: 'setting' | 'adviser' | 'plan-version' | 'document';
  readonly id: string;
}

const isId = (text: string): boolean => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);

const found = {
  setting: 'select id from case_file.setting where id = any ($1::uuid[]) and $2::uuid is not null',
  adviser: 'select id from case_file.adviser where id = any ($1::uuid[]) and $2::uuid is not null',
  'plan-version': 'select id from case_file.plan_version where id = any ($1::uuid[]) and child_id = $2',
  document: 'select id from case_file.document where id = any ($1::uuid[]) and child_id = $2',
} as const satisfies Record<NamedId['of'], string>;

/** Those that name nothing here: of another authority, of another child, or of nobody. They are not told apart. */
export async function unknownIds<T extends NamedId>(tx: Tx, childId: string, named: readonly T[]): Promise<T[]> {
  const known = new Set<string>();
  for (const of of new Set(named.map((one) => one.of))) {
    const ids = named.filter((one) => one.of === of && isId(one.id)).map((one) => one.id.toLowerCase());
    if (ids.length === 0) continue;
    for (const { id } of await tx.query<{ id: string }>(found[of], [ids, childId])) known.add(`${of} ${id}`);
  }
  return named.filter((one) => !known.has(`${one.of} ${one.id.toLowerCase()}`));
}

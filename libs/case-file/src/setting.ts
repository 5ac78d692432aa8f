import { newId, type Tx } from '@send/database';
import type { Day, Term } from '@send/statute';
import { ILike } from 'typeorm';
import { Adviser, type AdviserKind, Setting } from './setting.entity';

export type NewSetting = Pick<Setting, 'name' | 'kind'> & Partial<Omit<Setting, 'authorityId'>>;

export async function addSetting(tx: Tx, setting: NewSetting): Promise<string> {
  const id = setting.id ?? newId();
  await tx.repository(Setting).insert({ ...setting, id, authorityId: tx.identity.authority });
  return id;
}

export async function settingOf(tx: Tx, id: string): Promise<Setting | null> {
  return tx.repository(Setting).findOneBy({ id });
}

/** For a choice: by any part of the name. A literal % or _ is looked for as it stands. */
export async function findSettings(tx: Tx, part: string, limit = 50): Promise<Setting[]> {
  const name = ILike(`%${part.trim().replace(/[\\%_]/g, '\\$&')}%`);
  return tx.repository(Setting).find({ where: { name }, order: { name: 'ASC' }, take: limit });
}

/** Replaces the term that begins on the same day. */
export async function setTerm(tx: Tx, settingId: string, name: string, term: Term): Promise<void> {
  await tx.run(
    `insert into case_file.setting_term (id, authority_id, setting_id, name, first_day, last_day, without_session)
     values ($1, $2, $3, $4, $5, $6, $7::date[])
     on conflict (setting_id, first_day) do update
       set name = excluded.name, last_day = excluded.last_day, without_session = excluded.without_session`,
    [newId(), tx.identity.authority, settingId, name, term.from, term.to, [...(term.withoutSession ?? [])]],
  );
}

/** The setting's terms as the law library counts by them. */
export async function termsOf(tx: Tx, settingId: string): Promise<Term[]> {
  const rows = await tx.query<{ from: Day; to: Day; without: Day[] }>(
    `select first_day as from, last_day as to, without_session::text[] as without
     from case_file.setting_term where setting_id = $1 order by first_day`,
    [settingId],
  );
  return rows.map(({ from, to, without }) =>
    without.length === 0 ? { from, to } : { from, to, withoutSession: without },
  );
}

export type NewAdviser = Pick<Adviser, 'kind' | 'name' | 'role' | 'fromDay'> & Partial<Omit<Adviser, 'authorityId'>>;

export async function addAdviser(tx: Tx, adviser: NewAdviser): Promise<string> {
  const id = adviser.id ?? newId();
  await tx.repository(Adviser).insert({ ...adviser, id, authorityId: tx.identity.authority });
  return id;
}

export async function adviserOf(tx: Tx, id: string): Promise<Adviser | null> {
  return tx.repository(Adviser).findOneBy({ id });
}

export async function advisersOn(tx: Tx, on: Day, kind?: AdviserKind): Promise<Adviser[]> {
  const all = await tx
    .repository(Adviser)
    .find({ where: kind === undefined ? {} : { kind }, order: { kind: 'ASC', name: 'ASC' } });
  return all.filter((one) => one.fromDay <= on && (one.untilDay === null || on < one.untilDay));
}

import { newId, type Tx } from '@send/database';
import { IsNull, type SelectQueryBuilder } from 'typeorm';
import { Notice } from './papers.entity';

export type NewNotice = Pick<Notice, 'key' | 'kind' | 'text'> &
  Partial<Pick<Notice, 'id' | 'staffId' | 'team' | 'childId' | 'runId' | 'reminderId' | 'dueOn'>>;

/** Raised once for its key, however often it is asked for. False where it was there already. */
export async function raiseNotice(tx: Tx, notice: NewNotice): Promise<boolean> {
  const written = await tx.run(
    `insert into case_file.notice (id, authority_id, key, kind, text, staff_id, team, child_id, run_id, reminder_id, due_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (authority_id, key) do nothing`,
    [
      notice.id ?? newId(),
      tx.identity.authority,
      notice.key,
      notice.kind,
      notice.text,
      notice.staffId ?? null,
      notice.team ?? null,
      notice.childId ?? null,
      notice.runId ?? null,
      notice.reminderId ?? null,
      notice.dueOn ?? null,
    ],
  );
  return written === 1;
}

/** What waits for this person, and what waits for anybody of their team; what is due first comes first. */
export async function openNotices(tx: Tx, whose: { staffId: string; team: string | null }): Promise<Notice[]> {
  return standing(tx)
    .andWhere('(notice.staffId = :staffId or (notice.staffId is null and notice.team = :team))', whose)
    .orderBy({ 'notice.dueOn': { order: 'ASC', nulls: 'NULLS LAST' }, 'notice.madeAt': 'ASC', 'notice.id': 'ASC' })
    .getMany();
}

/** What waits to be done for a child, by whomever; the newest first. */
export async function openNoticesOfChild(tx: Tx, childId: string): Promise<Notice[]> {
  return standing(tx)
    .andWhere('notice.childId = :childId', { childId })
    .orderBy({ 'notice.madeAt': 'DESC', 'notice.id': 'DESC' })
    .getMany();
}

/** What nobody has done yet; but nothing that reminds of what was done or fell away since. */
const standing = (tx: Tx): SelectQueryBuilder<Notice> =>
  tx
    .repository(Notice)
    .createQueryBuilder('notice')
    .where('notice.doneAt is null')
    .andWhere(
      `not exists (select from engine.reminder r join engine.deadline d on d.run_id = r.run_id and d.key = r.deadline_key
         where r.id = notice.reminderId and (d.met_on is not null or d.ended_on is not null))`,
    )
    .take(200);

/** False where it was done already, or is not there. */
export async function finishNotice(tx: Tx, id: string, at: Date): Promise<boolean> {
  const done = await tx.repository(Notice).update({ id, doneAt: IsNull() }, { doneAt: at, doneBy: tx.identity.actor });
  return done.affected === 1;
}

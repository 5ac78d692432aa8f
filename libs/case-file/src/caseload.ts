import { type Actor, endSessionsOf, may, maySecond, noCase, Staff, staffOn, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import { type PeopleRefused, refuse, refusedBy } from './people-acts';

export type HandedOver =
  | {
      readonly done: true;
      /** Children who have another caseworker now. */
      readonly cases: number;
      readonly tasks: number;
      /** Cases that the giver is shut out of: somebody else must hand these over. */
      readonly staying: number;
    }
  | PeopleRefused;

interface Held {
  readonly id: string;
  readonly reference: string;
  readonly shutOut: readonly string[];
}

/** Whatever ties somebody to a case as its worker: they are its caseworker, were let into it, or have a task about it. */
const held = `
  select c.id, c.reference, coalesce((
    select array_agg(g.staff_id::text) from access.case_grant g
    where g.authority_id = c.authority_id and g.child_id = c.id and g.kind = 'excluded' and g.from_day <= $3::date
      and (g.until_day is null or $3::date < g.until_day)), '{}') as "shutOut"
  from case_file.child c
  where c.authority_id = $1 and (c.caseworker_id = $2
    or exists (select from access.case_grant g where g.authority_id = c.authority_id and g.child_id = c.id and g.staff_id = $2
      and g.kind in ('assigned', 'named') and (g.until_day is null or $3::date < g.until_day))
    or exists (select from case_file.notice n where n.authority_id = c.authority_id and n.child_id = c.id and n.staff_id = $2
      and n.done_at is null))
  order by c.reference for update of c`;

/**
 * All the cases and open tasks of one person go to others in one go, dealt in turn; nobody is dealt a case that they are
 * shut out of. From then on the giver's own way into these cases is over, and each case says in its audit whose it is.
 */
export async function handOverCases(
  tx: Tx,
  actor: Actor,
  { from, to, on }: { from: string; to: readonly string[]; on: Day },
): Promise<HandedOver> {
  const answer = may(actor, 'allocateCases', noCase(actor.authority));
  if (!answer.allowed) {
    await writeAudit(tx, actor, { action: 'allocateCases', outcome: 'refused', object: `staff:${from}` });
    return refusedBy(answer);
  }
  const giver = await lockStaff(tx, from);
  if (giver === null) return refuse('not-found', 'Nobody here has that id.', 'from');
  const takers = [...new Set(to)];
  if (takers.length === 0) return refuse('invalid', 'Choose who takes the cases over', 'to');
  if (takers.includes(from))
    return refuse('invalid', `${giver.name} cannot take over their own cases. Choose somebody else`, 'to');
  const here = await staffOn(tx, on);
  for (const one of takers) {
    const taker = here.find(({ id }) => id === one);
    if (taker === undefined) return refuse('invalid', 'Choose people who work here on that day', 'to');
    if (!taker.roles.includes('CW') && !taker.roles.includes('SM'))
      return refuse('invalid', `${taker.name} is no caseworker. Choose a caseworker or a manager`, 'to');
  }

  const all = await tx.query<Held>(held, [tx.identity.authority, from, on]);
  const theirs = all.filter(({ shutOut }) => !shutOut.includes(actor.staffId));
  const dealt = new Map<string, string[]>(takers.map((one) => [one, []]));
  const nobodys: string[] = [];
  theirs.forEach(({ id, reference, shutOut }, place) => {
    const inTurn = takers.map((_, step) => takers[(place + step) % takers.length]);
    const taker = inTurn.find((one) => one !== undefined && !shutOut.includes(one));
    if (taker === undefined) nobodys.push(reference);
    else dealt.get(taker)?.push(id);
  });
  if (nobodys.length > 0)
    return refuse(
      'invalid',
      `All of those chosen are shut out of ${nobodys.slice(0, 5).join(', ')}${nobodys.length > 5 ? ` and ${nobodys.length - 5} more` : ''}. Choose somebody else as well`,
      'to',
    );

  let cases = 0;
  let tasks = 0;
  for (const [taker, ids] of dealt) {
    cases += await tx.run(
      'update case_file.child set caseworker_id = $3, version = version + 1 where caseworker_id = $2 and id = any($1::uuid[])',
      [ids, from, taker],
    );
    tasks += await tx.run(
      'update case_file.notice set staff_id = $3 where staff_id = $2 and done_at is null and child_id = any($1::uuid[])',
      [ids, from, taker],
    );
    await tx.run(
      `insert into access.case_grant (id, authority_id, staff_id, child_id, kind, from_day, given_by)
       select made.id, $3, $4, made.child, 'assigned', $5, $6 from unnest($1::uuid[], $2::uuid[]) as made(id, child)
       where not exists (select from access.case_grant g where g.child_id = made.child and g.staff_id = $4
         and g.kind = 'assigned' and g.from_day <= $5::date and g.until_day is null)`,
      [ids.map(() => newId()), ids, tx.identity.authority, taker, on, tx.identity.actor],
    );
    for (const childId of ids)
      await writeAudit(tx, actor, {
        action: 'allocateCases',
        outcome: 'done',
        role: answer.role,
        childId,
        object: `staff:${taker}`,
        fields: ['caseworker', 'tasks'],
      });
  }
  // One that had not begun yet ends on its own first day, so that it never counts.
  await tx.run(
    `update access.case_grant set until_day = greatest(from_day, $3::date), ended_by = $4
     where staff_id = $2 and child_id = any($1::uuid[]) and kind in ('assigned', 'named') and (until_day is null or $3::date < until_day)`,
    [theirs.map(({ id }) => id), from, on, tx.identity.actor],
  );
  // What is about no child is the first one's to look at.
  tasks += await tx.run(
    'update case_file.notice set staff_id = $2 where staff_id = $1 and done_at is null and child_id is null',
    [from, takers[0]],
  );
  return { done: true, cases, tasks, staying: all.length - theirs.length };
}

export interface StillOwned {
  readonly staffId: string;
  readonly name: string;
  readonly cases: number;
  readonly tasks: number;
}

/** What nobody looks after: cases and open tasks of people who do not work here any more. Empty when all is well. */
export const ownedByLeavers = (tx: Tx, on: Day): Promise<StillOwned[]> => owned(tx, 'where s.active_until <= $1', [on]);

const owned = (tx: Tx, whose: string, params: readonly unknown[]): Promise<StillOwned[]> =>
  tx.query<StillOwned>(
    `select * from (
       select s.id as "staffId", s.name,
         (select count(*)::int from case_file.child c where c.authority_id = s.authority_id and c.caseworker_id = s.id) as cases,
         (select count(*)::int from case_file.notice n where n.authority_id = s.authority_id and n.staff_id = s.id and n.done_at is null) as tasks
       from access.staff s ${whose}) of_each where cases > 0 or tasks > 0 order by name`,
    params,
  );

export type Left = { readonly done: true } | PeopleRefused;

/** Closes the account of somebody who has left, from now on. Refused while any case or task is still theirs. */
export async function closeAccount(
  tx: Tx,
  actor: Actor,
  { staffId, on, now }: { staffId: string; on: Day; now: Date },
  confirmedBy: Actor,
): Promise<Left> {
  const about = { action: 'manageUsers', object: `staff:${staffId}`, fields: ['activeUntil'] } as const;
  const first = may(actor, 'manageUsers', noCase(actor.authority));
  const answer = first.allowed ? maySecond(actor.staffId, confirmedBy, 'manageUsers', noCase(actor.authority)) : first;
  if (!answer.allowed) {
    await writeAudit(tx, actor, { ...about, outcome: 'refused' });
    return refusedBy(answer);
  }
  const leaver = await lockStaff(tx, staffId);
  if (leaver === null) return refuse('not-found', 'Nobody here has that id.', 'staffId');
  if (leaver.activeUntil !== null && leaver.activeUntil <= on)
    return refuse('not-now', `The account of ${leaver.name} is closed already.`, 'staffId');
  const [left] = await owned(tx, 'where s.id = $1', [staffId]);
  if (left !== undefined)
    return refuse(
      'not-now',
      `${leaver.name} still has ${left.cases} ${left.cases === 1 ? 'case' : 'cases'} and ${left.tasks} ${left.tasks === 1 ? 'task' : 'tasks'}. A manager must hand them over first.`,
      'staffId',
    );
  await tx.repository(Staff).update({ id: staffId }, { activeUntil: on });
  await endSessionsOf(tx, staffId, now);
  for (const one of [actor, confirmedBy]) await writeAudit(tx, one, { ...about, outcome: 'done' });
  return { done: true };
}

/** Whoever gives them a case or a task in this moment waits, and is seen by what is counted next. */
async function lockStaff(tx: Tx, staffId: string): Promise<Staff | null> {
  const [row] = await tx.query('select id from access.staff where id = $1 for update', [staffId]);
  return row === undefined ? null : tx.repository(Staff).findOneBy({ id: staffId });
}

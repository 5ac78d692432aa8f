import { type Action, type Actor, maySecond, type Relationship as Ties } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { AddressKeys } from './address-keys';
import {
  type About,
  guarded,
  heldNow,
  type PeopleOutcome,
  quicker,
  refuse,
  refusedBy,
  settleTasks,
  task,
} from './people-acts';
import { authorsOf, confirmRelationship, endRelationship, familyKinds } from './people';
import { Person, Relationship, type RelationshipKind } from './people.entity';
import { liftProtection } from './protected-address';

/** What waits for a second person about somebody beside a child. */
export type Waiting = 'responsibility' | 'end' | 'protection' | 'lift';

export interface WaitingMatter {
  readonly what: Waiting;
  readonly childId: string;
  readonly reference: string;
  readonly childName: string;
  readonly personId: string;
  readonly personName: string;
  readonly kind: RelationshipKind;
  /** The row that waits: an answer to it names it, so that nobody agrees to what they have not seen. */
  readonly seen: string;
  readonly by: string;
  readonly reason: string | null;
  readonly on: Day | null;
}

/** What waits for a second person: about one child, on the cases of one caseworker, or on all; the oldest 200. */
export async function waitingMatters(
  tx: Tx,
  of: { childId?: string; staffId?: string } = {},
): Promise<WaitingMatter[]> {
  return tx.query<WaitingMatter>(
    `with beside as (
       select r.*, c.reference, c.first_names || ' ' || c.last_name as child_name,
         concat_ws(' ', p.title, p.first_names, p.last_name) as person_name
       from case_file.relationship r join case_file.child c on c.id = r.child_id join case_file.person p on p.id = r.person_id
       where r.until_day is null and ($1::uuid is null or r.child_id = $1)
         and ($3::text is null or $3 in (c.caseworker_id::text, r.recorded_by, r.end_asked_by) or exists (
           select from access.case_grant g where g.child_id = c.id and g.staff_id::text = $3 and g.kind in ('assigned', 'named')
             and g.until_day is null))),
     matters as (
       select 'responsibility' as what, b.id as seen, b.recorded_by as by, null as reason, null::date as on_day, b.id as relationship
       from beside b where b.confirmed_by is null and b.parental_responsibility <> 'not-known' and b.kind = any($2)
       union all
       select 'end', b.id, b.end_asked_by, b.end_reason, b.end_on, b.id from beside b where b.end_on is not null
       union all
       select case when a.lift_asked_by is null then 'protection' else 'lift' end, a.id,
         coalesce(a.lift_asked_by, a.set_by)::text, coalesce(a.lift_reason, a.reason), coalesce(a.lift_asked_on, a.from_day), b.id
       from beside b join case_file.protected_address a on a.person_id = b.person_id and a.until_day is null
       where a.confirmed_by is null or a.lift_asked_by is not null)
     select m.what, b.child_id as "childId", b.reference, b.child_name as "childName", b.person_id as "personId",
       b.person_name as "personName", b.kind, m.seen, m.by, m.reason, m.on_day as "on"
     from matters m join beside b on b.id = m.relationship order by b.recorded_at, b.id, m.what limit 200`,
    [of.childId ?? null, familyKinds, of.staffId ?? null],
  );
}

const actionOf = (what: Waiting): Action =>
  what === 'responsibility' || what === 'end' ? 'recordParentalResponsibility' : 'protectAddress';

/** The second person's answer. Who did the first part cannot give it, nor can who may not do the thing at all. */
function second(
  tx: Tx,
  actor: Actor,
  about: About & { what: Waiting },
  work: (matter: WaitingMatter) => Promise<PeopleOutcome>,
  reason?: string,
): Promise<PeopleOutcome> {
  const action = actionOf(about.what);
  const trace = {
    ...about,
    object: `person ${about.personId}`,
    fields: [about.what],
    ...(reason === undefined ? {} : { reason }),
  };
  return guarded(tx, actor, action, trace, async ({ ties }) => {
    // Locked before it is read: of two who change it at the same moment one waits, and then sees what the other did.
    const table = action === 'protectAddress' ? 'protected_address' : 'relationship';
    await tx.query(
      `select id from case_file.${table} where id::text = $1 and person_id = $2 and until_day is null for update`,
      [about.seen, about.personId],
    );
    const matters = await waitingMatters(tx, { childId: about.childId });
    const matter = matters.find((one) => one.personId === about.personId && one.what === about.what);
    if (matter === undefined)
      return refuse('not-now', 'This does not wait for a second person any more. Nothing was changed.');
    const answer = maySecond(matter.by, actor, action, ties);
    if (!answer.allowed) return refusedBy(answer);
    if (matter.seen !== about.seen) return quicker;
    return work(matter);
  });
}

export function confirmMatter(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  about: About & { what: Waiting },
  now: Date,
): Promise<PeopleOutcome> {
  const { childId, personId, on } = about;
  return second(tx, actor, about, async (matter) => {
    const before = await heldNow(tx, about);
    switch (matter.what) {
      case 'responsibility': {
        const said = await confirmRelationship(tx, matter.seen);
        if (said === 'same-person')
          return refuse('forbidden', 'You did the first part of this yourself, so someone else must confirm it.');
        if (said === 'not-found') return quicker;
        break;
      }
      case 'end':
        if (!(await endRelationship(tx, matter.seen, matter.on ?? on))) return quicker;
        await tx.run('update case_file.relationship set end_confirmed_by = $2 where id = $1', [
          matter.seen,
          actor.staffId,
        ]);
        break;
      case 'protection': {
        const confirmed = await tx.run(
          'update case_file.protected_address set confirmed_by = $2 where id = $1 and until_day is null',
          [matter.seen, actor.staffId],
        );
        if (confirmed === 0) return quicker;
        break;
      }
      case 'lift': {
        const lifted = await liftProtection(tx, actor, keys, {
          personId,
          reason: matter.reason ?? '',
          liftedBy: matter.by,
          confirmedBy: actor.staffId,
          on,
          at: now,
        });
        if (!lifted.done) return refuse('not-now', lifted.refused);
        break;
      }
    }
    await doneWith(tx, childId, matter, now);
    await settleTasks(tx, about, before, now);
    return { done: true, personId, waits: false };
  });
}

/** Not agreed, with what must change. Where an address is to be hidden it stays hidden: showing it takes two. */
export function giveBackMatter(
  tx: Tx,
  actor: Actor,
  about: About & { what: Waiting },
  now: Date,
  given: { reason: string },
): Promise<PeopleOutcome> {
  const { childId, personId } = about;
  return second(
    tx,
    actor,
    about,
    async (matter) => {
      const undo =
        matter.what === 'end'
          ? 'update case_file.relationship set end_on = null, end_reason = null, end_asked_by = null'
          : matter.what === 'lift'
            ? 'update case_file.protected_address set lift_asked_by = null, lift_asked_on = null, lift_reason = null'
            : undefined;
      if (undo !== undefined && (await tx.run(`${undo} where id = $1 and until_day is null`, [matter.seen])) === 0)
        return quicker;
      await doneWith(tx, childId, matter, now);
      const by = /^[0-9a-f]{8}-/.test(matter.by) ? matter.by : null;
      await task(
        tx,
        about,
        `given-back:${matter.seen}:${newId()}`,
        `What you recorded about ${matter.personName} was not agreed: ${given.reason}`,
        by,
      );
      return { done: true, personId, waits: false };
    },
    given.reason,
  );
}

/**
 * Asks for the second person: a task tells whoever is named to confirm it. Any other senior may: it waits under Approvals.
 * What is recorded of rights has a task of its own only where somebody is named.
 */
export async function askSecondPerson(
  tx: Tx,
  about: Omit<About, 'seen'>,
  what: 'responsibility' | 'protection',
  staffId?: string,
): Promise<void> {
  if (what === 'responsibility' && staffId === undefined) return;
  const { title, firstNames, lastName } = await tx.repository(Person).findOneByOrFail({ id: about.personId });
  const name = [title, firstNames, lastName].filter(Boolean).join(' ');
  const words =
    what === 'responsibility'
      ? `Confirm, as the second person, what is recorded about the parental responsibility of ${name}. Letters to them wait for it.`
      : `The address of ${name} is not to be shared. A second person must confirm that.`;
  await task(tx, about, `${what}:${about.personId}:${newId()}`, words, staffId);
}

/** The task that asked for the second person is done with the answer. */
async function doneWith(tx: Tx, childId: string, matter: WaitingMatter, now: Date): Promise<void> {
  const about = matter.what === 'end' ? matter.seen : matter.personId;
  await tx.run(
    `update case_file.notice set done_at = $3, done_by = $4 where child_id = $1 and starts_with(key, $2) and done_at is null`,
    [childId, `${matter.what}:${about}:`, now, tx.identity.actor],
  );
}

/** Whether this actor may be the second person for it: they may do the thing, and did not do the first part. */
export async function mayAnswerMatter(tx: Tx, actor: Actor, matter: WaitingMatter, ties: Ties): Promise<boolean> {
  if (!maySecond(matter.by, actor, actionOf(matter.what), ties).allowed) return false;
  if (matter.what !== 'responsibility') return true;
  const row = await tx.repository(Relationship).findOneBy({ id: matter.seen });
  return row !== null && !(await authorsOf(tx, row)).has(actor.staffId);
}

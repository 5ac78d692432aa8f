import type { Actor, Relationship } from '@send/access';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

export interface CaseTies {
  readonly classification: Relationship['classification'];
  readonly own_views_private: boolean;
  readonly live: boolean;
  readonly team: boolean;
  readonly excluded: boolean;
}

/** The ties of an actor ($actor, $team) to the child in row `c` on a day, as columns: for one case and for a list alike. */
export const tieColumns = (actor: string, team: string, on: string): string => `
  c.classification, c.own_views_private,
  (coalesce(c.caseworker_id::text = ${actor}, false) or coalesce(g.live, false)) as live,
  (coalesce(c.team = ${team}, false) or coalesce(g.team, false)) as team,
  coalesce(g.excluded, false) as excluded
  from case_file.child c
  left join lateral (
    select bool_or(kind in ('assigned', 'named')) as live, bool_or(kind = 'team') as team, bool_or(kind = 'excluded') as excluded
    from access.case_grant
    where authority_id = c.authority_id and child_id = c.id and staff_id::text = ${actor}
      and from_day <= ${on} and (until_day is null or ${on} < until_day)
  ) g on true`;

/** What a reader of the database knows of the ties; what only the object at hand can say is given by the caller. */
export const asRelationship = (
  actor: Actor,
  ties: CaseTies,
  also: { own?: boolean; panel?: boolean } = {},
): Relationship => ({
  authority: actor.authority,
  live: ties.live,
  team: ties.team,
  own: also.own ?? false,
  panel: also.panel ?? false,
  excluded: ties.excluded,
  classification: ties.classification,
  ownViewsPrivate: ties.own_views_private,
});

/**
 * What this actor has to do with this child's case on that day, for `may`. Undefined where the transaction's authority has
 * no such child, which is answered like a case one may not know of.
 */
export async function caseRelationship(
  tx: Tx,
  actor: Actor,
  childId: string,
  on: Day,
  also: { own?: boolean; panel?: boolean } = {},
): Promise<Relationship | undefined> {
  const [ties] = await tx.query<CaseTies>(`select ${tieColumns('$1', '$2', '$3::date')} where c.id = $4`, [
    actor.staffId,
    actor.team,
    on,
    childId,
  ]);
  return ties && asRelationship(actor, ties, also);
}

import { type Actor, may } from '@send/access';
import { caseRelationship, waitingMatters } from '@send/case-file';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import { waitingWords } from '../case/people-shown';
import { isSenior } from '../frame/page-answer';

export interface WaitingProposal {
  readonly id: string;
  readonly childId: string;
  readonly reference: string;
  readonly name: string;
  readonly workflow: string;
  readonly workflowVersion: string;
  readonly command: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
}

/** What waits for a second person: for a senior every case's, for a caseworker what they proposed themselves. */
export async function waitingProposals(tx: Tx, actor: Actor): Promise<WaitingProposal[]> {
  return tx.query<WaitingProposal>(
    `select p.id, p.child_id as "childId", c.reference, c.first_names || ' ' || c.last_name as name, r.workflow, r.workflow_version as "workflowVersion",
       p.command -> 'given' ->> 'command' as command, p.proposed_by as "proposedBy", p.proposed_at as "proposedAt"
     from engine.proposal p join case_file.child c on c.id = p.child_id join engine.run r on r.id = p.run_id
     where p.authority_id = $1 and p.status = 'waiting' and ($2::boolean or p.proposed_by = $3)
       and not exists (select from access.case_grant g where g.child_id = c.id and g.staff_id::text = $3 and g.kind = 'excluded'
         and (g.until_day is null or g.until_day > current_date))
     order by p.proposed_at, p.id limit 200`,
    [actor.authority, isSenior(actor), actor.staffId],
  );
}

export interface WaitingLetter {
  readonly id: string;
  readonly childId: string;
  readonly reference: string;
  readonly name: string;
  readonly letter: string;
  readonly recipient: string;
  readonly writtenBy: string;
  readonly writtenOn: Day;
  /** The next limit of the case: the oldest comes first. */
  readonly due: Day | null;
}

export async function waitingLetters(tx: Tx, actor: Actor): Promise<WaitingLetter[]> {
  return tx.query<WaitingLetter>(
    `select l.id, l.child_id as "childId", c.reference, c.first_names || ' ' || c.last_name as name, l.letter, l.recipient,
       l.written_by as "writtenBy", l.written_on as "writtenOn",
       (select min(coalesce(d.target_by, d.due_by)) from engine.deadline d where d.run_id = l.run_id and d.met_on is null and d.ended_on is null
          and d.owner = 'local-authority' and d.bound <> 'min' and d.kind in ('statute', 'case-law')) as due
     from letters.letter l join case_file.child c on c.id = l.child_id
     where l.authority_id = $1 and l.status = 'drafted' and ($2::boolean or c.caseworker_id::text = $3 or l.written_by = $3)
       and not exists (select from access.case_grant g where g.child_id = c.id and g.staff_id::text = $3 and g.kind = 'excluded'
         and (g.until_day is null or g.until_day > current_date))
     order by due nulls last, l.written_on, l.id limit 200`,
    [actor.authority, isSenior(actor), actor.staffId],
  );
}

export interface WaitingPerson {
  readonly words: string;
  readonly reference: string;
  readonly name: string;
  readonly by: string;
  readonly href: string;
}

/** What was recorded about people and waits for a second person: for a senior every case's, for a caseworker their own cases'. */
export async function waitingPeople(tx: Tx, actor: Actor, on: Day): Promise<WaitingPerson[]> {
  const found = [];
  for (const matter of await waitingMatters(tx, isSenior(actor) ? {} : { staffId: actor.staffId })) {
    const ties = await caseRelationship(tx, actor, matter.childId, on);
    if (ties === undefined || !may(actor, 'openCaseOverview', ties).allowed) continue;
    found.push({
      words: `${waitingWords[matter.what]}: ${matter.personName}`,
      reference: matter.reference,
      name: matter.childName,
      by: matter.by,
      href: `/cases/${matter.childId}/people/${matter.personId}/waiting/${matter.what}`,
    });
  }
  return found;
}

import { asActor, staffOn, systemActor } from '@send/access';
import { raiseNotice } from '@send/case-file';
import type { Database, Tx } from '@send/database';
import type { Clock, Engine, NotDone, OutboxRow, RowEnd } from '@send/engine';
import { type Day, dutyName, formatDay } from '@send/statute';

export interface RungTools {
  readonly database: Database;
  readonly engine: Engine;
  readonly clock: Clock;
}

interface Reached {
  readonly duty: string;
  readonly subject: string | null;
  readonly owner: string;
  readonly dueBy: Day;
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  readonly childId: string;
  readonly caseworkerId: string | null;
  readonly team: string | null;
  readonly commented: boolean;
}

/** Their own last days are theirs: nobody here is told off about them. */
const theFamilys: ReadonlySet<string> = new Set(['parent-or-young-person', 'parent', 'young-person']);
const theirDays: ReadonlySet<string> = new Set(['plan.representations-window', 'amend.representations-window']);

/**
 * A rung of a deadline's ladder was reached. Before the day the caseworker is told, on it and after it the managers of the
 * team too. Where the catalogue has a letter for it, the letter is sent by a command, under a key made from the reminder.
 */
export async function reachRung(tools: RungTools, row: OutboxRow): Promise<RowEnd> {
  const { reminder, deadline, rung, dueBy } = row.payload as {
    reminder: string;
    deadline: string;
    rung: string;
    dueBy: Day;
  };
  const identity = { authority: row.authority, actor: 'system' };
  const reached = await tools.database.transaction(identity, (tx) => stillOpen(tx, row.runId, deadline, dueBy));
  if (reached === undefined) return { is: 'done' };
  const chase = commandFor(reached, rung);
  // Several processes owe the same duty, and not each of them has a letter about it.
  const { commands } = tools.engine.workflow(reached.workflow, reached.version);
  const command = chase !== undefined && commands.find(chase.name) !== undefined ? chase : undefined;
  let refusal: NotDone['refusal'] | undefined;
  if (command !== undefined) {
    const outcome = await tools.engine.act(
      reached.runId,
      { command: command.name, key: `rung:${reminder}`, fields: { on: tools.clock.today(), ...command.fields } },
      systemActor(row.authority),
    );
    if (!outcome.done && 'refusal' in outcome) refusal = outcome.refusal;
    if (refusal?.kind === 'conflict') throw new Error('Somebody else changed the case in the same moment');
  }
  if (!theFamilys.has(reached.owner) && !theirDays.has(reached.duty))
    await tools.database.transaction(identity, (tx) => tell(tx, reached, reminder, rung, tools.clock.today()));
  return command === undefined || refusal === undefined || hasMovedOn(refusal)
    ? { is: 'done' }
    : { is: 'failed', cause: `${command.name} was refused: ${causeOf(refusal)}` };
}

/** There is nothing to chase any more. Anything else that refuses a chase is a fault of ours, and is shown. */
const hasMovedOn = ({ kind }: NotDone['refusal']): boolean => kind === 'out-of-position' || kind === 'not-now';

/** Names of kinds and fields; what was in them stays out of the operator's sight. */
const causeOf = ({ kind, rule, wrong }: NotDone['refusal']): string =>
  `${kind} (${wrong.length === 0 ? rule : wrong.map(({ field }) => field).join(', ')})`;

async function stillOpen(tx: Tx, runId: string | null, key: string, dueBy: Day): Promise<Reached | undefined> {
  const [row] = await tx.query<Reached>(
    `select d.duty, d.subject, d.owner, d.due_by as "dueBy", d.run_id as "runId", r.workflow, r.workflow_version as version, d.child_id as "childId",
       c.caseworker_id as "caseworkerId", c.team,
       exists (select from engine.fact f where f.run_id = d.run_id and f.type = 'representationsReceived' and f.seq > (
         select max(draft.seq) from engine.fact draft where draft.run_id = d.run_id and draft.type in ('draftPlanSent', 'draftReissued', 'amendmentsSent'))) as commented
     from engine.deadline d join engine.run r on r.id = d.run_id left join case_file.child c on c.id = d.child_id
     where d.run_id = $1 and d.key = $2 and d.due_by = $3 and d.met_on is null and d.ended_on is null`,
    [runId, key, dueBy],
  );
  return row;
}

function commandFor(reached: Reached, rung: string): { name: string; fields: Record<string, unknown> } | undefined {
  const after = rung.endsWith('-after');
  switch (reached.duty) {
    case 'assessment.advice-due':
      return { name: 'chaseAdvice', fields: { request: reached.subject, late: after } };
    case 'plan.school-consultation-response':
      return rung === '3-before' || rung === '5-after'
        ? { name: 'chaseConsultation', fields: { consultation: reached.subject } }
        : undefined;
    case 'plan.representations-window':
      return reached.commented ? undefined : { name: 'remindFamilyOfDraft', fields: {} };
    case 'amend.representations-window':
      return reached.commented ? undefined : { name: 'remindFamilyOfChanges', fields: {} };
    case 'review.school-report':
      return after ? { name: 'chaseReport', fields: {} } : undefined;
    default:
      return undefined;
  }
}

async function tell(tx: Tx, reached: Reached, reminder: string, rung: string, today: Day): Promise<void> {
  const about = {
    kind: 'task' as const,
    childId: reached.childId,
    runId: reached.runId,
    reminderId: reminder,
    dueOn: reached.dueBy,
    text: `${when(rung, reached.dueBy)}: ${dutyName(reached.duty)}`,
  };
  await raiseNotice(tx, { ...about, key: `rung:${reminder}`, staffId: reached.caseworkerId, team: reached.team });
  if (rung !== 'due' && !rung.endsWith('-after')) return;
  const managers = (await staffOn(tx, today))
    .map(asActor)
    .filter((one) => one.roles.includes('SM') && one.team === reached.team && one.staffId !== reached.caseworkerId);
  for (const { staffId, team } of managers)
    await raiseNotice(tx, { ...about, key: `rung:${reminder}:${staffId}`, staffId, team });
}

function when(rung: string, dueBy: Day): string {
  const [count = '', side] = rung.split('-');
  if (side === 'before') return `Due in ${count} working days, on ${formatDay(dueBy)}`;
  if (side === 'after')
    return `Late by ${count} working ${count === '1' ? 'day' : 'days'}; it was due on ${formatDay(dueBy)}`;
  return `Due on ${formatDay(dueBy)}`;
}

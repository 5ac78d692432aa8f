import { type Action, type Actor, may, type Relationship } from '@send/access';
import type { Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { calledBy, hasWayFor, isBreach, isLate, type Place, type RunDeadline, type Workflow } from '@send/workflow-kit';
import type { AssessmentContext } from '@send/workflows';
import { outwardCommands } from './command-schema';
import { ApiProblem } from './problems';

interface RunRow {
  readonly id: string;
  readonly childId: string;
  readonly workflow: string;
  readonly workflowVersion: string;
  readonly version: number;
  readonly place: Place;
  readonly position: string;
  readonly closed: boolean;
  readonly openedOn: string;
  readonly lastOn: string;
  readonly unplaced: readonly string[];
}

const runColumns = `id, child_id as "childId", workflow, workflow_version as "workflowVersion", version, place, position, closed,
  opened_on as "openedOn", last_on as "lastOn", unplaced`;

/** A run as a program reads it: where it is, what is owed and why, what can be done next. */
export async function viewRun(tx: Tx, engine: Engine, runId: string, actor: Actor, tie: Relationship, clock: Clock) {
  const [run] = await tx.query<RunRow>(`select ${runColumns} from engine.run where id = $1`, [runId]);
  if (run === undefined) throw new ApiProblem('not-found');
  const workflow = engine.workflow(run.workflow, run.workflowVersion);
  const { place, unplaced, ...about } = run;
  return {
    ...about,
    called: calledBy(workflow, place),
    title: workflow.title,
    unplaced,
    deadlines: await deadlinesOf(tx, runId, clock),
    exceptions: place.context.exceptions,
    advice: adviceIn(place),
    letters: await lettersOf(tx, runId),
    proposals: await tx.query(
      `select id, command -> 'given' ->> 'command' as command, proposed_by as "proposedBy", proposed_at as "proposedAt" from engine.proposal where run_id = $1 and status = 'waiting' order by proposed_at`,
      [runId],
    ),
    commands: commandsNow(workflow, place, actor, tie, clock),
  };
}

export async function runsOfChild(tx: Tx, engine: Engine, childId: string) {
  const rows = await tx.query<RunRow>(
    `select ${runColumns} from engine.run where child_id = $1 order by opened_on desc, id`,
    [childId],
  );
  return rows.map(({ id, workflow, workflowVersion, version, position, closed, openedOn, place }) => {
    const process = engine.workflow(workflow, workflowVersion);
    return {
      id,
      workflow,
      title: process.title,
      version,
      position,
      called: calledBy(process, place),
      closed,
      openedOn,
    };
  });
}

/** Lateness is read against today, never stored. */
async function deadlinesOf(tx: Tx, runId: string, clock: Clock) {
  const rows = await tx.query<RunDeadline>(
    `select key, duty, subject, rule, kind, owner, bound, anchor_fact as "anchorFact", anchor_on as "anchorOn", due_by as "dueBy", plan_by as "planBy",
       target_by as "targetBy", exceptions, met_on as "metOn", ended_on as "endedOn", law, why, cannot_compute as "cannotCompute"
     from engine.deadline where run_id = $1 order by due_by nulls last, key`,
    [runId],
  );
  const today = clock.today();
  return rows.map((row) => ({ ...row, late: isLate(row, today), breach: isBreach(row, today) }));
}

export const lettersOf = (tx: Tx, runId: string) =>
  tx.query(
    `select id, letter, subject, recipient, status, written_on as "writtenOn", sent_on as "sentOn", served_on as "servedOn", problem
     from letters.letter where run_id = $1 order by written_on, letter, recipient`,
    [runId],
  );

function adviceIn(place: Place) {
  const { advice } = place.context as Partial<AssessmentContext>;
  return Object.entries(advice ?? {}).map(([request, one]) => ({ request, ...one }));
}

/** What this person may do here now. A condition says what stands in the way of an act that the position has a way for. */
function commandsNow(workflow: Workflow, place: Place, actor: Actor, tie: Relationship, clock: Clock) {
  const today = clock.today();
  return outwardCommands(workflow).flatMap(([command, one]) => {
    const proposes = one.secondPerson !== undefined;
    const allowed = (action: Action) => may(actor, action, tie).allowed;
    const mine = allowed(one.action as Action);
    if (!mine && !(proposes && allowed('recordEvent'))) return [];
    const mayAct =
      one.doors.includes('act') &&
      (mine || one.secondPerson === 'always') &&
      hasWayFor(workflow, place, one.fact, today);
    const mayRecord = one.doors.includes('record');
    if (!mayAct && !mayRecord) return [];
    const condition =
      mayAct && !hasWayFor(workflow, place, one.fact, today, true) ? one.refusal?.(place.context, today) : undefined;
    return [
      {
        command,
        label: one.label,
        act: mayAct,
        record: mayRecord,
        ...(one.secondPerson === undefined ? {} : { secondPerson: one.secondPerson }),
        ...(condition === undefined ? {} : { condition }),
      },
    ];
  });
}

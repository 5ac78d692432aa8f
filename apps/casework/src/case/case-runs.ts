import type { Tx } from '@send/database';
import type { Engine } from '@send/engine';
import { accompanyingDuties, type Day } from '@send/statute';
import { calledBy, type Place, type Workflow } from '@send/workflow-kit';
import type { AssessmentContext } from '@send/workflows';
import { NotFoundException } from '@nestjs/common';

export interface RunRow {
  readonly id: string;
  readonly version: number;
  readonly place: Place;
  readonly position: string;
  readonly closed: boolean;
  readonly opened_on: Day;
  readonly last_on: Day;
  readonly last_rank: number;
  readonly unplaced: string[];
}

export interface DeadlineRow {
  readonly run_id: string;
  readonly key: string;
  readonly duty: string;
  readonly subject: string | null;
  readonly kind: string;
  readonly owner: string;
  readonly bound: string;
  readonly anchor_fact: string | null;
  readonly anchor_on: Day | null;
  readonly due_by: Day | null;
  readonly plan_by: Day | null;
  readonly target_by: Day | null;
  readonly exceptions: { id: string; from: Day; to: Day | null }[];
  readonly met_on: Day | null;
  readonly ended_on: Day | null;
  readonly law: string;
  readonly why: string;
  readonly cannot_compute: string | null;
}

/** One process of a child: where it stands, and what is owed in it. */
export interface CaseRun extends RunRow {
  readonly workflow: Workflow;
  /** Its position as a caseworker calls it. */
  readonly called: string;
  readonly deadlines: readonly DeadlineRow[];
}

/** Every process of a child: the open ones first, the newest first. One question for the runs, one for their dates. */
export async function runsOf(tx: Tx, engine: Engine, authority: string, childId: string): Promise<CaseRun[]> {
  const rows = await tx.query<RunRow & { workflow: string; workflow_version: string }>(
    `select id, workflow, workflow_version, version, place, position, closed, opened_on, last_on, last_rank, unplaced
     from engine.run where authority_id = $1 and child_id = $2 order by closed, opened_on desc, id desc`,
    [authority, childId],
  );
  if (rows.length === 0) return [];
  const deadlines = await tx.query<DeadlineRow>(
    `select run_id, key, duty, subject, kind, owner, bound, anchor_fact, anchor_on, due_by, plan_by, target_by, exceptions, met_on, ended_on, law,
       why, cannot_compute
     from engine.deadline where run_id = any ($1) order by coalesce(target_by, due_by) nulls last, duty = any ($2), key, run_id`,
    [rows.map(({ id }) => id), accompanyingDuties],
  );
  return rows.map(({ workflow: id, workflow_version, ...row }) => {
    const workflow = engine.workflow(id, workflow_version);
    return {
      ...row,
      workflow,
      called: calledBy(workflow, row.place),
      deadlines: deadlines.filter(({ run_id }) => run_id === row.id),
    };
  });
}

/** The process that an address names, or else the newest that fits, an open one before a closed one. */
export function chosenRun(
  runs: readonly CaseRun[],
  asked: string | undefined,
  fits: (run: CaseRun) => boolean = () => true,
): CaseRun {
  const found = asked === undefined ? runs.find(fits) : runs.find((run) => run.id === asked && fits(run));
  if (found === undefined) throw new NotFoundException();
  return found;
}

/** What `?run=` says, and nothing where it says nothing. */
export const runAsked = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What the assessment keeps in its context and others may not have. */
export const assessmentIn = (run: CaseRun | undefined): Partial<AssessmentContext> => run?.place.context ?? {};

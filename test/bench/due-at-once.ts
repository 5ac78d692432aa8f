import { armReminders, fireDue } from '../../libs/engine/src/index';
import type { BenchServer } from './bench-server';
import { authority } from './plain-case';

const instant = new Date('2027-03-15T08:00:00Z');
const ofOneRun = 20;

export interface DueAtOnce {
  readonly deadlines: number;
  readonly seconds: number;
}

/**
 * So many deadlines reach a rung at the same instant. Each is a full firing: its reminder is armed and claimed, its effect
 * put in the outbox, and the row marked done. Memory holds one batch of row ids, however many wait.
 */
export async function dueAtOnce(server: BenchServer, deadlines: number): Promise<DueAtOnce> {
  await putDeadlines(server, deadlines);
  const { seconds } = await server.take(async () => {
    await armReminders(server.database, instant);
    await fireDue(server.database, instant);
  });
  const [fired] = await server.rows<{ done: number; sent: number }>(
    `select (select count(*)::int from engine.reminder where status = 'fired' and fired_at is not null) as done,
       (select count(distinct key)::int from engine.outbox where kind = 'reminder') as sent`,
  );
  if (fired?.done !== deadlines || fired.sent !== deadlines)
    throw new Error(`Of ${deadlines} deadlines ${fired?.done} were fired and ${fired?.sent} put in the outbox`);
  return { deadlines, seconds: Number(seconds.toFixed(2)) };
}

async function putDeadlines(server: BenchServer, deadlines: number): Promise<void> {
  await server.rows(
    `insert into engine.run (id, authority_id, child_id, workflow, workflow_version, version, place, position, opened_on, last_on, last_rank)
     select uuidv7(), $1, uuidv7(), 'due-at-once', '1', 1, '{}', 'assessing', '2027-01-12', '2027-01-12', 10
     from generate_series(1, $2::int)`,
    [authority, Math.ceil(deadlines / ofOneRun)],
  );
  await server.rows(
    `insert into engine.deadline (run_id, key, authority_id, child_id, duty, rule, kind, owner, bound, due_by, law, why, ladder, next_rung_at)
     select r.id, 'assessment.advice-due#' || n, r.authority_id, r.child_id, 'assessment.advice-due', 'assessment.advice-due@2014-09-01',
       'statute', 'adviser', 'max', '2027-03-15', 'SEND Regs 2014 reg 8(1)', '6 weeks from 1 February 2027, when the advice was asked for: reg 8(1)',
       jsonb_build_array(jsonb_build_array('due', $1::text)), $1::timestamptz
     from (select id, authority_id, child_id from engine.run where workflow = 'due-at-once') r, generate_series(1, $2::int) n
     limit $3`,
    [instant.toISOString(), ofOneRun, deadlines],
  );
  // As autovacuum leaves a table that has grown.
  await server.rows('vacuum analyze engine.deadline');
}

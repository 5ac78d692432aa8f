import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A duty that is owed before anything can be counted has no bound yet, and its row was first written so. Once its day was
 * known the row kept that, and whose it is: both are now written with every other part of it.
 */
export class DeadlineKeepsItsBound implements MigrationInterface {
  name = 'DeadlineKeepsItsBound1790000000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function engine.put_deadlines(p_run uuid, p_authority text, p_child uuid, p_rows jsonb)
      returns void language sql as $$
        insert into engine.deadline (run_id, key, authority_id, child_id, duty, subject, rule, kind, owner, bound, anchor_fact, anchor_on,
          due_by, plan_by, target_by, exceptions, met_on, ended_on, law, why, cannot_compute, ladder, next_rung_at)
        select p_run, d.key, p_authority, p_child, d.duty, d.subject, d.rule, d.kind, d.owner, d.bound, d."anchorFact", d."anchorOn",
          d."dueBy", d."planBy", d."targetBy", d.exceptions, d."metOn", d."endedOn", d.law, d.why, d."cannotCompute", d.ladder, d."nextRungAt"
        from jsonb_to_recordset(p_rows) as d(key text, duty text, subject text, rule text, kind text, owner text, bound text,
          "anchorFact" text, "anchorOn" date, "dueBy" date, "planBy" date, "targetBy" date, exceptions jsonb, "metOn" date, "endedOn" date,
          law text, why text, "cannotCompute" text, ladder jsonb, "nextRungAt" timestamptz)
        on conflict (run_id, key) do update set rule = excluded.rule, kind = excluded.kind, owner = excluded.owner, bound = excluded.bound,
          anchor_fact = excluded.anchor_fact, anchor_on = excluded.anchor_on, due_by = excluded.due_by, plan_by = excluded.plan_by,
          target_by = excluded.target_by, exceptions = excluded.exceptions, met_on = excluded.met_on, ended_on = excluded.ended_on,
          law = excluded.law, why = excluded.why, cannot_compute = excluded.cannot_compute, ladder = excluded.ladder,
          next_rung_at = excluded.next_rung_at
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

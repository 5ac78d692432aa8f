import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Parts of `engine.commit`. Where a command opens and moves no deadline, and settles one at most, they make up one
 * statement, which costs two thirds of what the parts cost one after another; whoever loses a race moves no run, and so
 * writes nothing. A caller that did not read the run for this command knows its grants from an earlier one, as bits: the
 * same row is where it is asked whether they are still these.
 */
const moveRun = `
          update engine.run r set version = p_expected + 1, place = coalesce(p_place, r.place), position = p_position,
            closed = p_closed, last_on = p_last_on, last_rank = p_last_rank, unplaced = p_unplaced
          where r.id = p_run and r.version = p_expected
            and (p_grants is null or p_grants = (
              select coalesce(bit_or(case g.kind when 'assigned' then 1 when 'team' then 2 when 'named' then 4 else 8 end), 0)
              from access.case_grant g
              where g.authority_id = p_authority and g.child_id = r.child_id and g.staff_id::text = p_actor
                and current_date >= g.from_day and (g.until_day is null or current_date < g.until_day)))`;
const addFact = `
          insert into engine.fact (id, authority_id, run_id, seq, type, on_day, door, actor, confirmed_by, command_key, payload,
            reverses, source, moved)
          select p_fact, p_authority, p_run, p_expected + 1, p_type, p_on, p_door, p_actor, p_confirmed_by, p_key, p_payload,
            p_reverses, p_source, p_moved`;
const settle = `
          update engine.deadline d set met_on = p_met_on, ended_on = p_ended_on, cannot_compute = p_cannot_compute,
            ladder = p_ladder, next_rung_at = p_next_rung_at
          from run where d.run_id = p_run and d.key = p_settled_key`;
const addAudit = `
          insert into access.audit (authority_id, actor, role, action, child_id, run_id, object, outcome)
          select p_authority, p_actor, p_role, p_action, p_child, p_run, p_type, 'done'`;

/** The write of a command, the identity set inside; and deadlines written whole, for the write and for a recomputation. */
export class WriteACommandInOneStatement implements MigrationInterface {
  name = 'WriteACommandInOneStatement1790000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$ declare old regprocedure;
      begin
        for old in select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname = 'engine' and p.proname = 'commit'
        loop execute format('drop function %s', old); end loop;
      end $$;

      create function engine.put_deadlines(p_run uuid, p_authority text, p_child uuid, p_rows jsonb)
      returns void language sql as $$
        insert into engine.deadline (run_id, key, authority_id, child_id, duty, subject, rule, kind, owner, bound, anchor_fact, anchor_on,
          due_by, plan_by, target_by, exceptions, met_on, ended_on, law, why, cannot_compute, ladder, next_rung_at)
        select p_run, d.key, p_authority, p_child, d.duty, d.subject, d.rule, d.kind, d.owner, d.bound, d."anchorFact", d."anchorOn",
          d."dueBy", d."planBy", d."targetBy", d.exceptions, d."metOn", d."endedOn", d.law, d.why, d."cannotCompute", d.ladder, d."nextRungAt"
        from jsonb_to_recordset(p_rows) as d(key text, duty text, subject text, rule text, kind text, owner text, bound text,
          "anchorFact" text, "anchorOn" date, "dueBy" date, "planBy" date, "targetBy" date, exceptions jsonb, "metOn" date, "endedOn" date,
          law text, why text, "cannotCompute" text, ladder jsonb, "nextRungAt" timestamptz)
        on conflict (run_id, key) do update set rule = excluded.rule, kind = excluded.kind, anchor_fact = excluded.anchor_fact,
          anchor_on = excluded.anchor_on, due_by = excluded.due_by, plan_by = excluded.plan_by, target_by = excluded.target_by,
          exceptions = excluded.exceptions, met_on = excluded.met_on, ended_on = excluded.ended_on, law = excluded.law,
          why = excluded.why, cannot_compute = excluded.cannot_compute, ladder = excluded.ladder, next_rung_at = excluded.next_rung_at
      $$;

      create function engine.commit(
        p_authority text, p_actor text, p_role text, p_action text, p_run uuid, p_child uuid, p_expected int, p_grants int,
        p_workflow text, p_workflow_version text,
        p_place json, p_position text, p_closed boolean, p_last_on date, p_last_rank int, p_unplaced jsonb,
        p_fact uuid, p_type text, p_on date, p_door text, p_confirmed_by text, p_key text, p_payload jsonb, p_reverses uuid,
        p_source text, p_moved jsonb,
        p_settled_key text, p_met_on date, p_ended_on date, p_cannot_compute text, p_ladder jsonb, p_next_rung_at timestamptz,
        p_deadlines jsonb, p_letters jsonb, p_outbox jsonb)
      -- Every run of it is alike: planned once for a connection, never anew for the values.
      returns boolean language plpgsql set plan_cache_mode = force_generic_plan as $$
      declare identity text; -- an assignment is evaluated at once; \`perform\` would be one more statement
      begin
        identity := set_config('app.authority', p_authority, true) || set_config('app.actor', p_actor, true);
        if p_expected > 0 and p_deadlines is null and p_settled_key is null then
          with run as (${moveRun} returning r.id), fact as (${addFact} from run) ${addAudit} from run;
          if not found then return false; end if;
        elsif p_expected > 0 and p_deadlines is null then
          with run as (${moveRun} returning r.id), settled as (${settle}), fact as (${addFact} from run) ${addAudit} from run;
          if not found then return false; end if;
        else
          if p_expected = 0 then
            insert into engine.run (id, authority_id, child_id, workflow, workflow_version, version, place, position, closed,
              opened_on, last_on, last_rank, unplaced)
            values (p_run, p_authority, p_child, p_workflow, p_workflow_version, 1, p_place, p_position, p_closed,
              p_on, p_last_on, p_last_rank, p_unplaced);
          else
            ${moveRun};
            if not found then return false; end if;
          end if;
          ${addFact};
          if p_deadlines is not null then perform engine.put_deadlines(p_run, p_authority, p_child, p_deadlines); end if;
          ${addAudit};
        end if;
        if p_letters is not null then
          insert into letters.letter (id, authority_id, run_id, child_id, fact_id, group_key, letter, subject, recipient, status,
            written_by, written_on)
          select l.id, p_authority, p_run, p_child, p_fact, l."group", l.letter, l.subject, l.recipient, l.status, p_actor, p_on
          from jsonb_to_recordset(p_letters) as l(id uuid, "group" text, letter text, subject text, recipient text, status text)
          on conflict (authority_id, group_key, recipient) do nothing;
        end if;
        if p_outbox is not null then
          insert into engine.outbox (authority_id, run_id, kind, key, payload)
          select p_authority, p_run, o.kind, o.key, o.payload
          from jsonb_to_recordset(p_outbox) as o(kind text, key text, payload jsonb)
          on conflict (authority_id, key) do nothing;
        end if;
        return true;
      end $$;

      revoke execute on function engine.commit, engine.put_deadlines from public;
      grant execute on function engine.commit, engine.put_deadlines to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

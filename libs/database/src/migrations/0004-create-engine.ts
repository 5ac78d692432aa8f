import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A run's history, its stored position, its deadlines, and what must happen because of them. `engine.load` and
 * `engine.commit` (0012) are the hot path: one round trip each, with the identity set inside.
 */
export class CreateEngine implements MigrationInterface {
  name = 'CreateEngine1790000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table engine.run (
        id uuid primary key,
        authority_id text not null,
        child_id uuid not null,
        workflow text not null,
        workflow_version text not null,
        version int not null,
        -- Kept as it was written: read and written whole at each command, and compared with what a replay gives.
        place json not null,
        position text not null,
        closed boolean not null default false,
        opened_on date not null,
        last_on date not null,
        last_rank int not null,
        unplaced jsonb not null default '[]'
      );
      create index run_of_child on engine.run (authority_id, child_id);
      create index run_open on engine.run (authority_id, workflow, position) where not closed;

      create table engine.fact (
        id uuid primary key,
        authority_id text not null,
        run_id uuid not null references engine.run,
        seq int not null,
        type text not null,
        on_day date not null,
        door text not null check (door in ('act', 'record')),
        actor text not null,
        confirmed_by text,
        command_key text not null,
        payload jsonb not null,
        reverses uuid,
        source text,
        moved jsonb not null default '[]',
        recorded_at timestamptz not null default clock_timestamp(),
        unique (authority_id, command_key),
        unique (run_id, seq)
      );

      create table engine.deadline (
        run_id uuid not null references engine.run,
        key text not null,
        authority_id text not null,
        child_id uuid not null,
        duty text not null,
        subject text,
        rule text not null,
        kind text not null,
        owner text not null,
        bound text not null,
        anchor_fact text,
        anchor_on date,
        due_by date,
        plan_by date,
        target_by date,
        exceptions jsonb not null default '[]',
        met_on date,
        ended_on date,
        law text not null,
        why text not null,
        cannot_compute text,
        ladder jsonb not null default '[]',
        next_rung_at timestamptz,
        primary key (run_id, key)
      );
      create index deadline_next_rung on engine.deadline (next_rung_at) where next_rung_at is not null;
      create index deadline_open on engine.deadline (authority_id, due_by) where met_on is null and ended_on is null and due_by is not null;
      create index deadline_stuck on engine.deadline (authority_id) where cannot_compute is not null;

      create table engine.reminder (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        run_id uuid not null,
        deadline_key text not null,
        rung text not null,
        due_by date not null,
        fire_at timestamptz not null,
        status text not null default 'waiting' check (status in ('waiting', 'fired', 'void')),
        fired_at timestamptz,
        unique (run_id, deadline_key, rung, due_by)
      );
      create index reminder_waiting on engine.reminder (fire_at) where status = 'waiting';

      create table engine.outbox (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        run_id uuid,
        kind text not null,
        key text not null,
        payload jsonb not null,
        status text not null default 'waiting' check (status in ('waiting', 'done', 'failed', 'held', 'parked')),
        attempts int not null default 0,
        available_at timestamptz not null default clock_timestamp(),
        claimed_until timestamptz,
        last_error text,
        created_at timestamptz not null default clock_timestamp(),
        done_at timestamptz,
        unique (authority_id, key)
      );
      create index outbox_waiting on engine.outbox (available_at) where status = 'waiting';
      create index outbox_trouble on engine.outbox (authority_id, status) where status in ('failed', 'held');

      -- What waits for its second person. Nothing has happened until it is confirmed.
      create table engine.proposal (
        id uuid primary key,
        authority_id text not null,
        run_id uuid not null references engine.run,
        child_id uuid not null,
        door text not null check (door in ('act', 'record')),
        command jsonb not null,
        proposed_by text not null,
        proposed_at timestamptz not null default clock_timestamp(),
        command_key text not null,
        status text not null default 'waiting' check (status in ('waiting', 'confirmed', 'returned')),
        decided_by text,
        decided_at timestamptz,
        reason text,
        unique (authority_id, command_key)
      );
      create index proposal_waiting on engine.proposal (authority_id) where status = 'waiting';
    `);
    for (const table of ['run', 'fact', 'deadline', 'reminder', 'outbox', 'proposal'])
      await runner.query(`select public.protect('engine.${table}'::regclass)`);
    for (const table of ['deadline', 'reminder', 'outbox'])
      await runner.query(`select public.let_sweep('engine.${table}'::regclass)`);
    await runner.query(`
      grant insert on engine.reminder to send_sweep;
      -- History is added to, never rewritten.
      revoke update, delete, truncate on engine.fact from send_app;
    `);

    await runner.query(`
      -- Two texts of JSON: what is known about the run for this actor and key, and its place as it was stored.
      create function engine.load(p_authority text, p_actor text, p_run uuid, p_key text, out about text, out place text)
      language plpgsql as $$
      begin
        about := set_config('app.authority', p_authority, true);
        about := set_config('app.actor', p_actor, true);
        select json_build_array(r.child_id, r.workflow, r.workflow_version, r.version, r.last_on, r.last_rank, r.unplaced,
            (select json_agg(g.kind) from access.case_grant g
              where g.authority_id = p_authority and g.child_id = r.child_id and g.staff_id::text = p_actor
                and current_date >= g.from_day and (g.until_day is null or current_date < g.until_day)),
            (select to_json(f) from engine.fact f where f.authority_id = p_authority and f.command_key = p_key))::text,
          r.place::text
          into about, place
        from engine.run r where r.id = p_run;
      end $$;
    `);

    // The sweep sees row ids and authorities, and nothing else.
    await runner.query(`
      -- Rungs that fall before the given instant become reminder rows: one for each deadline, rung and date, however often it runs.
      create function engine.arm_reminders(p_until timestamptz, p_limit int)
      returns int language plpgsql security definer set search_path = engine, pg_temp as $$
      declare armed int;
      begin
        with due as (
          select d.run_id, d.key from engine.deadline d
          where d.next_rung_at <= p_until order by d.next_rung_at limit p_limit for update skip locked
        ), rung as (
          select d.run_id, d.key, d.authority_id, d.due_by, r.value ->> 0 as rung, (r.value ->> 1)::timestamptz as at
          from due join engine.deadline d using (run_id, key), jsonb_array_elements(d.ladder) as r(value)
        ), put as (
          insert into engine.reminder (authority_id, run_id, deadline_key, rung, due_by, fire_at)
          select authority_id, run_id, key, rung, due_by, at from rung where at <= p_until
          on conflict do nothing
        ), next as (
          select run_id, key, min(at) filter (where at > p_until) as at from rung group by run_id, key
        )
        update engine.deadline d set next_rung_at = next.at from next where d.run_id = next.run_id and d.key = next.key;
        get diagnostics armed = row_count;
        return armed;
      end $$;
      alter function engine.arm_reminders(timestamptz, int) owner to send_sweep;

      create function engine.waiting_reminders(p_from timestamptz, p_until timestamptz, p_limit int)
      returns table (id uuid, authority_id text, fire_at timestamptz) language sql security definer set search_path = engine, pg_temp as $$
        select r.id, r.authority_id, r.fire_at from engine.reminder r
        where r.status = 'waiting' and r.fire_at > p_from and r.fire_at <= p_until order by r.fire_at limit p_limit
      $$;
      alter function engine.waiting_reminders(timestamptz, timestamptz, int) owner to send_sweep;

      create function engine.claim_outbox(p_now timestamptz, p_lease interval, p_limit int)
      returns table (id uuid, authority_id text) language sql security definer set search_path = engine, pg_temp as $$
        update engine.outbox o set claimed_until = p_now + p_lease, attempts = attempts + 1
        where o.id in (
          select w.id from engine.outbox w
          where w.status = 'waiting' and w.available_at <= p_now and (w.claimed_until is null or w.claimed_until < p_now)
          order by w.available_at limit p_limit for update skip locked)
        returning o.id, o.authority_id
      $$;
      alter function engine.claim_outbox(timestamptz, interval, int) owner to send_sweep;

      -- Fires once: the row is claimed, its effect put in the outbox and the row marked done in one statement. A
      -- deadline that was met, fell away or moved since is not reminded of.
      create function engine.fire_reminders(p_authority text, p_ids uuid[], p_now timestamptz)
      returns int language plpgsql as $$
      declare fired int;
      begin
        perform set_config('app.authority', p_authority, true), set_config('app.actor', 'system', true);
        with mine as (
          select r.id from engine.reminder r
          where r.id = any (p_ids) and r.status = 'waiting' and r.fire_at <= p_now for update skip locked
        ), fire as (
          update engine.reminder r set fired_at = p_now,
            status = case when d.met_on is null and d.ended_on is null and d.due_by = r.due_by then 'fired' else 'void' end
          from mine, engine.deadline d
          where r.id = mine.id and d.run_id = r.run_id and d.key = r.deadline_key
          returning r.id, r.run_id, r.deadline_key, r.rung, r.due_by, r.status
        )
        insert into engine.outbox (authority_id, run_id, kind, key, payload)
        select p_authority, f.run_id, 'reminder', 'reminder:' || f.id,
          jsonb_build_object('reminder', f.id, 'deadline', f.deadline_key, 'rung', f.rung, 'dueBy', f.due_by)
        from fire f where f.status = 'fired'
        on conflict (authority_id, key) do nothing;
        get diagnostics fired = row_count;
        return fired;
      end $$;
    `);
    await runner.query(`
      revoke execute on all functions in schema engine from public;
      grant execute on all functions in schema engine to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

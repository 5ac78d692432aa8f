import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is kept of a letter between its approval and its going, and what the sweep and the operator may know of the queue. */
export class AddHandOver implements MigrationInterface {
  name = 'AddHandOver1790000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table letters.letter
        -- Reasons and other free text that a person wrote for this letter after the decision.
        add column own_words jsonb,
        -- Where it was approved to go, as a fingerprint: a change after approval holds the letter.
        add column approved_to text,
        -- Where it went, as the same fingerprint: the first letter to a new address needs a second person.
        add column sent_to text,
        add column address_protected boolean not null default false,
        add column returned_by text,
        add column returned_at timestamptz;
      create index letter_to_recipient on letters.letter (authority_id, recipient) where status = 'sent';

      -- Kills are not failures: attempts counts claims, failures counts what went wrong.
      alter table engine.outbox add column failures int not null default 0;

      create index fact_reasons on engine.fact (authority_id, md5(payload ->> 'reasons')) where payload ->> 'reasons' is not null;
    `);
    await runner.query(`
      create function engine.waiting_outbox(p_now timestamptz, p_limit int)
      returns table (id uuid, authority_id text, attempts int) language sql security definer set search_path = engine, pg_temp as $$
        select o.id, o.authority_id, o.attempts from engine.outbox o
        where o.status = 'waiting' and o.available_at <= p_now and (o.claimed_until is null or o.claimed_until < p_now)
        order by o.available_at limit p_limit
      $$;
      alter function engine.waiting_outbox(timestamptz, int) owner to send_sweep;

      -- Counts and ages over all authorities, without an id: whether the queue moves.
      create function engine.queue_health(p_now timestamptz)
      returns table (due_reminders bigint, oldest_reminder timestamptz, waiting_rows bigint, oldest_row timestamptz,
        unarmed bigint, oldest_rung timestamptz, failed bigint, held bigint)
      language sql security definer set search_path = engine, pg_temp as $$
        select
          (select count(*) from engine.reminder where status = 'waiting' and fire_at <= p_now),
          (select min(fire_at) from engine.reminder where status = 'waiting' and fire_at <= p_now),
          (select count(*) from engine.outbox where status = 'waiting' and available_at <= p_now),
          (select min(available_at) from engine.outbox where status = 'waiting' and available_at <= p_now),
          (select count(*) from engine.deadline where next_rung_at <= p_now),
          (select min(next_rung_at) from engine.deadline where next_rung_at <= p_now),
          (select count(*) from engine.outbox where status = 'failed'),
          (select count(*) from engine.outbox where status = 'held')
      $$;
      alter function engine.queue_health(timestamptz) owner to send_sweep;

      revoke execute on all functions in schema engine from public;
      grant execute on all functions in schema engine to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

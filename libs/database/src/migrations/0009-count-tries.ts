import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often somebody tried something, counted once for all processes of the service: the limits on sign-in and search. */
export class CountTries implements MigrationInterface {
  name = 'CountTries1790000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`

      -- Unlogged: what a crash of the server loses here is a few minutes of counting.
      create unlogged table access.tries (
        sender text primary key check (length(sender) <= 120),
        count integer not null,
        since timestamptz not null,
        shut_until timestamptz not null
      );
      alter table access.tries enable row level security;
      alter table access.tries force row level security;
      -- Whoever signs in belongs to no authority yet. A row holds a keyed hash and a count, and nothing of any case.
      create policy of_nobody on access.tries for all using (true) with check (true);
      grant select, insert, update, delete on access.tries to send_app;

      -- Counts a try, and answers the seconds to wait: 0 where it may go on. With p_first_wait the wait after the last free
      -- try doubles each time, and p_within quiet seconds forget it all; without, the wait lasts to the end of p_within.
      create function access.count_try(p_sender text, p_most integer, p_within integer, p_first_wait integer)
      returns integer language plpgsql as $$
      declare
        tried access.tries;
        moment timestamptz;
        within interval := make_interval(secs => p_within);
      begin
        insert into access.tries values (p_sender, 0, clock_timestamp(), '-infinity') on conflict (sender) do nothing;
        select * into tried from access.tries where sender = p_sender for update;
        if not found then return 0; end if;
        moment := clock_timestamp();
        if tried.shut_until > moment then
          return ceil(extract(epoch from tried.shut_until - moment));
        end if;
        if tried.since + within <= moment then
          tried.count := 0;
          tried.since := moment;
        end if;
        tried.count := tried.count + 1;
        if p_first_wait is not null then
          tried.since := moment;
        end if;
        if tried.count >= p_most then
          tried.shut_until := case
            when p_first_wait is null then tried.since + within
            else moment + least(within, make_interval(secs => p_first_wait * 2.0 ^ least(tried.count - p_most, 20)))
          end;
        end if;
        update access.tries set count = tried.count, since = tried.since, shut_until = tried.shut_until
        where sender = p_sender;
        return 0;
      end $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

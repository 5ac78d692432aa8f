import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Thousands of runs begun by one command, and the lists of reviews that go to settings before each term. A campaign holds
 * each child once: a worker that dies between two children leaves what it has begun, and the next one goes on.
 */
export class AddCampaigns implements MigrationInterface {
  name = 'AddCampaigns1790000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table case_file.setting
        add column age_from integer check (age_from between 0 and 25),
        add column age_to integer check (age_to between 0 and 25),
        add check (age_to > age_from);
      comment on column case_file.setting.age_to is 'The age at which children leave: 11 where year 6 is the last.';

      create table case_file.campaign (
        id uuid primary key,
        authority_id text not null references access.authority,
        year integer not null check (year between 2014 and 2124),
        command_key text not null,
        started_by text not null,
        started_on date not null,
        started_at timestamptz not null default clock_timestamp(),
        -- What was left out when it started: how many for each reason.
        left_out jsonb not null,
        unique (authority_id, id),
        unique (authority_id, command_key)
      );

      create table case_file.campaign_child (
        authority_id text not null,
        campaign_id uuid not null,
        child_id uuid not null,
        year integer not null,
        phase text not null,
        leaves uuid,
        batch integer not null check (batch >= 0),
        status text not null default 'waiting' check (status in ('waiting', 'started', 'refused')),
        run_id uuid,
        why text check (length(why) between 1 and 1000),
        ended_at timestamptz,
        primary key (campaign_id, child_id),
        -- A child moves once a year, whoever starts it and in whichever campaign.
        unique (authority_id, child_id, year),
        foreign key (authority_id, campaign_id) references case_file.campaign (authority_id, id),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id),
        foreign key (authority_id, leaves) references case_file.setting (authority_id, id),
        check ((status = 'started') = (run_id is not null)),
        check ((status = 'refused') = (why is not null))
      );
      create index campaign_child_to_do on case_file.campaign_child (campaign_id, batch) where status = 'waiting';

      -- As of an assessment: one open move of a child at a time.
      create trigger one_open_move before insert on engine.run
        for each row when (new.workflow = 'phase-transfer' and not new.closed) execute function engine.keep_one_open();

      create table case_file.review_list (
        id uuid primary key,
        authority_id text not null references access.authority,
        -- Whom it goes to: 'setting:<id>' or 'adviser:<id>'.
        recipient text not null,
        setting_id uuid,
        term_name text not null,
        term_first_day date not null,
        due_by date not null,
        -- The children as the list names them, with the day of each: what was sent stays what it was.
        children jsonb not null,
        reference text,
        sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
        sent_on date,
        unique (authority_id, recipient, term_first_day),
        foreign key (authority_id, setting_id) references case_file.setting (authority_id, id),
        check ((sent_on is null) = (sha256 is null))
      );
      create index review_list_due on case_file.review_list (authority_id, due_by) where sent_on is null;
    `);
    for (const table of ['campaign', 'campaign_child', 'review_list']) {
      await runner.query(`select public.protect('case_file.${table}'::regclass)`);
      await runner.query(`revoke all on case_file.${table} from send_app`);
      await runner.query(`grant select, insert on case_file.${table} to send_app`);
    }
    await runner.query(`
      grant update (status, run_id, why, ended_at) on case_file.campaign_child to send_app;
      grant update (children, reference, sha256, sent_on) on case_file.review_list to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kinds of panel, who sits on them and when, what they saw, and what stands of it afterwards. */
const tables = `
      create table panels.kind (
        authority_id text not null references access.authority,
        id text not null check (id ~ '^[a-z][a-z0-9-]{1,59}$'),
        name text not null check (length(name) between 3 and 120),
        purpose text not null check (purpose in ('statutory-assessment', 'resource', 'placement', 'area-partnership', 'cohort')),
        quorum integer not null check (quorum between 1 and 30),
        required_roles text[] not null default '{}',
        routing jsonb not null default '{}',
        legal_test text not null check (length(legal_test) between 3 and 1000),
        criteria_version text not null check (length(criteria_version) between 1 and 80),
        from_day date not null,
        until_day date check (until_day > from_day),
        primary key (authority_id, id)
      );
      create table panels.seat (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        kind_id text not null,
        staff_id uuid not null,
        chairs boolean not null default false,
        represents text not null,
        from_day date not null,
        until_day date check (until_day > from_day),
        foreign key (authority_id, kind_id) references panels.kind (authority_id, id),
        foreign key (authority_id, staff_id) references access.staff (authority_id, id)
      );
      create index seat_of_staff on panels.seat (authority_id, staff_id);
      create table panels.sitting (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        kind_id text not null,
        meets_on date not null,
        time text not null check (length(time) between 1 and 40),
        place text not null check (length(place) between 1 and 200),
        pack_ready_by date not null check (pack_ready_by <= meets_on),
        arranged_by text not null,
        cancelled_on date,
        cancelled_by text,
        cancelled_reason text check (length(btrim(cancelled_reason)) between 3 and 1000),
        unique (authority_id, id),
        foreign key (authority_id, kind_id) references panels.kind (authority_id, id),
        check ((cancelled_on is null) = (cancelled_reason is null) and (cancelled_on is null) = (cancelled_by is null))
      );
      create unique index one_sitting_a_time on panels.sitting (authority_id, kind_id, meets_on, time) where cancelled_on is null;
      create table panels.attendance (
        sitting_id uuid not null references panels.sitting,
        authority_id text not null,
        staff_id uuid not null,
        state text not null check (state in ('present', 'apologies', 'substitute')),
        stands_for uuid check (stands_for <> staff_id),
        represents text not null,
        recorded_by text not null,
        primary key (sitting_id, staff_id),
        foreign key (authority_id, staff_id) references access.staff (authority_id, id),
        foreign key (authority_id, stands_for) references access.staff (authority_id, id),
        check ((state = 'substitute') = (stands_for is not null))
      );
      -- What lists and agendas read of a run before a panel. Follows its place, so that whatever moves the run moves it.
      create table panels.item (
        run_id uuid primary key references engine.run,
        authority_id text not null,
        child_id uuid not null,
        kind_id text,
        sitting_id text,
        meets_on date,
        question text,
        legal_test text,
        from_run text,
        position text not null,
        listed integer not null,
        recommendation text,
        recommended_on date,
        recommended_by text,
        decision text,
        decided_on date,
        decided_by text
      );
      create index item_at_sitting on panels.item (authority_id, sitting_id) where sitting_id is not null;
      create index item_in_position on panels.item (authority_id, position);
      create index item_decided on panels.item (authority_id, decided_on) where decided_on is not null;
      create table panels.paper (
        run_id uuid primary key references engine.run,
        authority_id text not null,
        summary text not null check (length(summary) <= 5000),
        options text[] not null default '{}',
        ready_on date,
        written_by text not null
      );
      create table panels.declaration (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        run_id uuid not null references engine.run,
        from_run text,
        staff_id uuid not null,
        conflict text check (conflict in ('family', 'works-with-child', 'own-setting', 'earlier-decision', 'other')),
        words text check (length(words) <= 1000),
        declared_on date not null,
        declared_by text not null,
        ended_on date,
        ended_by text,
        ended_reason text check (length(btrim(ended_reason)) >= 20),
        foreign key (authority_id, staff_id) references access.staff (authority_id, id),
        check ((ended_on is null) = (ended_by is null) and (ended_on is null) = (ended_reason is null)),
        check (ended_by <> staff_id::text)
      );
      create unique index one_declaration_stands on panels.declaration (run_id, staff_id) where ended_on is null;
      create index conflict_of_staff on panels.declaration (authority_id, staff_id) where conflict is not null and ended_on is null;
      create table panels.evidence (
        run_id uuid not null references engine.run,
        stage text not null check (stage in ('panel', 'decision')),
        round integer not null,
        document_id uuid not null,
        authority_id text not null,
        title text not null,
        author text not null,
        dated date not null,
        version integer not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        frozen_at timestamptz not null default clock_timestamp(),
        primary key (run_id, stage, round, document_id)
      );
      create table panels.action_done (
        fact_id uuid not null references engine.fact,
        place integer not null,
        authority_id text not null,
        run_id uuid not null references engine.run,
        done_on date not null,
        note text not null check (length(btrim(note)) between 3 and 1000),
        noted_by text not null,
        primary key (fact_id, place)
      );
      create table panels.minutes (
        sitting_id uuid primary key references panels.sitting,
        authority_id text not null,
        header jsonb not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        signed_by text not null,
        signed_on date not null,
        signed_at timestamptz not null default clock_timestamp()
      );
      create table panels.minutes_part (
        sitting_id uuid not null references panels.minutes,
        run_id uuid not null references engine.run,
        authority_id text not null,
        place integer not null,
        said jsonb not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        primary key (sitting_id, run_id)
      );
      create table panels.minutes_addition (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        sitting_id uuid not null references panels.minutes,
        run_id uuid references engine.run,
        words text not null check (length(btrim(words)) between 3 and 5000),
        added_by text not null,
        added_on date not null,
        added_at timestamptz not null default clock_timestamp()
      );
      create table panels.audit_draw (
        id uuid primary key default uuidv7(),
        authority_id text not null,
        kind_id text not null,
        cohort date not null,
        months integer not null check (months between 1 and 60),
        drawn_on date not null,
        seed text not null check (length(seed) between 1 and 80),
        percent integer not null check (percent between 1 and 100),
        pool uuid[] not null,
        sample uuid[] not null check (sample <@ pool),
        drawn_by text not null,
        unique (authority_id, kind_id, cohort, months),
        foreign key (authority_id, kind_id) references panels.kind (authority_id, id)
      );
      create table panels.audit_finding (
        draw_id uuid not null references panels.audit_draw,
        run_id uuid not null references engine.run,
        authority_id text not null,
        checklist jsonb not null,
        findings text not null check (length(btrim(findings)) between 3 and 5000),
        found_by text not null,
        found_on date not null,
        primary key (draw_id, run_id)
      );`;

const each = ['kind', 'seat', 'sitting', 'attendance', 'item', 'paper', 'declaration', 'evidence', 'action_done', 'minutes',
  'minutes_part', 'minutes_addition', 'audit_draw', 'audit_finding']; // prettier-ignore
/** What was frozen, signed, drawn or found is added to and never changed. */
const neverChanged = [
  'evidence',
  'action_done',
  'minutes',
  'minutes_part',
  'minutes_addition',
  'audit_draw',
  'audit_finding',
];
const aboutOneItem = ['item', 'paper', 'evidence', 'action_done', 'minutes_part', 'audit_finding'];
/** Facts that say what a panel was asked, said or led to: also where the process that asked was told of it. */
const panelFacts = ['panelReferred', 'putOnAgenda', 'takenOffAgenda', 'sittingCancelled', 'panelHeard', 'panelRecommended',
  'panelDecisionMade', 'decidedWithoutPanel', 'panelWithdrawn']; // prettier-ignore

/**
 * A declared conflict closes an item to that member in the database itself: whichever page, API or query asks in that
 * member's name, the item, its papers, its run and what was said are not there.
 */
export class AddPanels implements MigrationInterface {
  name = 'AddPanels1790000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema panels;
      grant usage on schema panels to send_app, send_sweep;
      ${tables}
    `);
    for (const table of each) {
      await runner.query(`select public.protect('panels.${table}'::regclass)`);
      const may = neverChanged.includes(table) ? 'select, insert' : 'select, insert, update';
      await runner.query(`grant ${may} on panels.${table} to send_app`);
    }
    await runner.query(`
      -- An attendance is put right while the sitting goes on.
      grant delete on panels.attendance to send_app;

      create function panels.closed_to_me(wanted uuid) returns boolean language sql stable as $$
        select exists (
          select from panels.declaration d
          where d.authority_id = current_setting('app.authority', true) and d.staff_id::text = current_setting('app.actor', true)
            and d.conflict is not null and d.ended_on is null and (d.run_id = wanted or d.from_run = wanted::text))
      $$;
      comment on function panels.closed_to_me(uuid) is
        'Whether the person in whose name this transaction speaks has declared a conflict about this run, or about the item it asked a panel about.';

      -- A number and nothing else: whoever signs or reads minutes learns that there is more than they may see.
      create function panels.closed_at_sitting(wanted text) returns bigint language sql stable security definer
        set search_path = pg_catalog as $$
          select count(*) from panels.declaration d join panels.item i on i.run_id = d.run_id
          where d.authority_id = current_setting('app.authority', true) and i.authority_id = d.authority_id
            and d.staff_id::text = current_setting('app.actor', true) and d.conflict is not null and d.ended_on is null
            and (i.sitting_id = wanted or exists (
              select from engine.fact f where f.run_id = i.run_id and f.authority_id = i.authority_id and f.type = 'putOnAgenda'
                and f.payload ->> 'sitting' = wanted))
        $$;
      revoke execute on function panels.closed_at_sitting(text) from public;
      grant execute on function panels.closed_at_sitting(text) to send_app;

      create policy closed_by_conflict on engine.run as restrictive for select to send_app
        using (workflow <> 'panel-decision' or not panels.closed_to_me(id));
      create policy closed_by_conflict on engine.fact as restrictive for select to send_app
        using (type not in (${panelFacts.map((fact) => `'${fact}'`).join(', ')}) or not panels.closed_to_me(run_id));
      create policy closed_by_conflict on letters.letter as restrictive for select to send_app
        using (letter not like 'panel.%' or not panels.closed_to_me(run_id));

      create function panels.follow_run() returns trigger language plpgsql as $$
      declare
        item json := new.place -> 'context' -> 'item';
        before json;
        which text;
        on_day date;
        today date := (clock_timestamp() at time zone 'Europe/London')::date;
      begin
        if tg_op = 'UPDATE' then before := old.place -> 'context' -> 'item'; end if;
        insert into panels.item as i (run_id, authority_id, child_id, kind_id, sitting_id, meets_on, question, legal_test, from_run,
          position, listed, recommendation, recommended_on, recommended_by, decision, decided_on, decided_by)
        values (new.id, new.authority_id, new.child_id, item ->> 'panel', item ->> 'sitting', (item ->> 'meetsOn')::date,
          item ->> 'question', item ->> 'legalTest', item ->> 'fromRun', new.position, (item ->> 'listed')::int,
          item ->> 'recommendation', (item ->> 'recommendedOn')::date, item ->> 'recommendedBy',
          item ->> 'decision', (item ->> 'decidedOn')::date, item ->> 'decidedBy')
        on conflict (run_id) do update set kind_id = excluded.kind_id, sitting_id = excluded.sitting_id, meets_on = excluded.meets_on,
          question = excluded.question, legal_test = excluded.legal_test, from_run = excluded.from_run, position = excluded.position,
          listed = excluded.listed, recommendation = excluded.recommendation, recommended_on = excluded.recommended_on,
          recommended_by = excluded.recommended_by, decision = excluded.decision, decided_on = excluded.decided_on,
          decided_by = excluded.decided_by;
        -- What the panel had before it, and what the decision-maker had: frozen in the transaction that says so.
        foreach which in array array['panel', 'decision'] loop
          on_day := (item ->> case which when 'panel' then 'recommendedOn' else 'decidedOn' end)::date;
          if on_day is null or (before is not null
            and on_day is not distinct from (before ->> case which when 'panel' then 'recommendedOn' else 'decidedOn' end)::date)
          then continue; end if;
          insert into panels.evidence (run_id, stage, round, document_id, authority_id, title, author, dated, version, sha256)
          select new.id, which, (select coalesce(max(e.round), 0) + 1 from panels.evidence e where e.run_id = new.id and e.stage = which),
            d.id, new.authority_id, d.title, d.author, d.dated,
            (with recursive before_it as (
               select d.replaces_id as id, 1 as n union all
               select o.replaces_id, b.n + 1 from before_it b join case_file.document o on o.id = b.id
             ) select max(n) from before_it), d.sha256
          from case_file.document d
          where d.authority_id = new.authority_id and d.child_id = new.child_id and d.hidden_at is null and d.scan <> 'infected'
            and d.dated <= on_day and (on_day >= today or (d.recorded_at at time zone 'Europe/London')::date <= on_day)
            and not exists (select from case_file.document n where n.replaces_id = d.id
              and (on_day >= today or (n.recorded_at at time zone 'Europe/London')::date <= on_day));
        end loop;
        return null;
      end $$;
      create trigger panel_item after insert or update of place on engine.run
        for each row when (new.workflow = 'panel-decision') execute function panels.follow_run();
    `);
    for (const table of aboutOneItem)
      await runner.query(
        `create policy closed_by_conflict on panels.${table} as restrictive for select to send_app using (not panels.closed_to_me(run_id))`,
      );
    await runner.query(`
      create policy closed_by_conflict on panels.minutes_addition as restrictive for select to send_app
        using (run_id is null or not panels.closed_to_me(run_id));
    `);
  }

  /** Forward only: what was decided about a child, and why, is never dropped by a deployment. */
  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accessEntities, type Actor, type Role, systemActor } from '@send/access';
import { caseFileEntities } from '@send/case-file';
import { addressKeysFrom, CaseCorrespondence, LetterDesk } from '@send/correspondence';
import { Database, newId } from '@send/database';
import { Engine, orphans, SetClock } from '@send/engine';
import type { Day } from '@send/statute';
import { processes, workflows } from '@send/workflows';
import { openTestDatabase, type TestDatabase } from '../../../../test/database';
import { seedCounty } from '../seed';
import { signMinutes } from './sign-minutes';

const today: Day = '2026-11-20';
const sampled = 3;

interface StoredFact {
  id: string;
  seq: number;
  type: string;
  on: Day;
  door: 'act' | 'record';
  actor: string;
  confirmedBy: string | null;
  payload: Record<string, unknown>;
  source: string | null;
  moved: unknown;
  recordedOn: Day;
}

let place: TestDatabase;
let database: Database | undefined;

beforeAll(async () => {
  place = await openTestDatabase();
  await seedCounty({ url: place.url, ownerUrl: place.ownerUrl, plans: 150, today, seed: 'spec' });
  database = await Database.open({ url: place.url, entities: [...accessEntities, ...caseFileEntities], poolSize: 4 });
}, 120_000);

afterAll(async () => {
  await database?.close();
  await place.close();
});

/** What the county gave from run to run is what the engine would have given. */
it('leaves the joins nothing to do', async () => {
  const authority = 'levelshire';
  if (database === undefined) throw new Error('No database');
  const clock = new SetClock(new Date(`${today}T09:00:00Z`));
  const engine = new Engine(database, processes, new CaseCorrespondence(database), clock);
  const children = await place.ownerQuery<{ id: string; runs: number }>(
    `select child_id as id, count(*)::int as runs from engine.run
     where authority_id = $1
     group by child_id having count(*) > 2 order by child_id limit 40`,
    [authority],
  );
  expect(children.length).toBeGreaterThan(20);
  // And everybody who has a dispute, a move, an exclusion or another process beside plan, check and review.
  children.push(
    ...(await place.ownerQuery<{ id: string; runs: number }>(
      `select child_id as id, count(*)::int as runs from engine.run where authority_id = $1
       group by child_id having bool_or(workflow not in ('needs-assessment', 'provision-check', 'annual-review')) order by child_id`,
      [authority],
    )),
  );
  expect(children.length).toBeGreaterThan(70);
  for (const { id } of children) expect(await engine.rejoin(id, systemActor(authority))).toBe(0);
  const left = await database.transaction({ authority, actor: 'system' }, (tx) => orphans(tx, processes));
  expect(left).toEqual([]);
}, 120_000);

/** The same history given to the engine, fact by fact, on the days it was told. */
it('writes by the engine what it wrote in bulk', async () => {
  const authority = 'levelshire';
  if (database === undefined) throw new Error('No database');
  const clock = new SetClock(new Date(`${today}T09:00:00Z`));
  // One run alone: what the joins make of it has been looked at above.
  const alone = { workflows, joins: [] };
  const engine = new Engine(database, alone, new CaseCorrespondence(database), clock);
  const staff = new Map(
    (
      await place.ownerQuery<{ id: string; name: string; roles: Role[]; team: string | null }>(
        'select id, name, roles, team from access.staff where authority_id = $1',
        [authority],
      )
    ).map(({ id, ...one }): [string, Actor] => [id, { staffId: id, authority, ...one }]),
  );
  const actorOf = (id: string): Actor => staff.get(id) ?? systemActor(authority);
  const runs = await place.ownerQuery<{ id: string; childId: string; position: string }>(
    `select id, child_id as "childId", position from (
       select *, row_number() over (partition by position order by id) as place_in from engine.run
       where authority_id = $1 and workflow = 'needs-assessment') r
     where place_in <= $2 order by position, id`,
    [authority, sampled],
  );
  expect(runs.length).toBeGreaterThanOrEqual(20);
  expect(new Set(runs.map(({ position }) => position)).size).toBeGreaterThanOrEqual(12);

  // Each history is told a second time for the same child; that a child has one open assessment is another spec's matter.
  await place.ownerQuery('alter table engine.run disable trigger one_open');
  for (const run of runs) {
    const facts = await place.ownerQuery<StoredFact>(
      `select id, seq, type, on_day::text as "on", door, actor, confirmed_by as "confirmedBy", payload, source, moved,
         (recorded_at at time zone 'UTC')::date::text as "recordedOn"
       from engine.fact where run_id = $1 order by seq`,
      [run.id],
    );
    const again = newId();
    /** Each id of the second telling, and what it was in the first. */
    const first = new Map<string, string>([[again, run.id]]);
    const second = new Map<string, string>();
    for (const fact of facts) {
      clock.moveTo(fact.recordedOn > fact.on ? fact.recordedOn : fact.on);
      const command = workflows[0]?.commands.forFact(fact.type);
      const { addressees: _, ...payload } = fact.payload;
      const fields: Record<string, unknown> = { on: fact.on, ...payload };
      if (fact.type === 'letterSent') {
        const group = String(fields['group']);
        fields['group'] = `${second.get(group.slice(0, 36)) ?? ''}${group.slice(36)}`;
        const letters = await place.ownerQuery<{ id: string }>(
          'select id from letters.letter where group_key = $1 and recipient = $2',
          [fields['group'], fields['recipient']],
        );
        expect(letters).toHaveLength(1);
        first.set(letters[0]?.id ?? '', String(fields['letterId']));
        fields['letterId'] = letters[0]?.id;
      }
      const given = {
        command: command?.name ?? '',
        key: `again:${again}:${fact.seq}`,
        fields,
        confirmed: true,
        ...(fact.source === null ? {} : { source: fact.source }),
      };
      const options = fact.confirmedBy === null ? {} : { confirmedBy: actorOf(fact.confirmedBy) };
      const outcome =
        fact.seq === 1
          ? await engine.begin('needs-assessment', run.childId, given, actorOf(fact.actor), {
              door: fact.door,
              runId: again,
            })
          : await engine[fact.door](again, given, actorOf(fact.actor), options);
      if (!outcome.done) throw new Error(`${run.position} ${fact.type} on ${fact.on}: ${JSON.stringify(outcome)}`);
      first.set(outcome.factId, fact.id);
      second.set(fact.id, outcome.factId);
    }
    const rows = async (of: string): Promise<unknown> => {
      const tell = async (sql: string) => await place.ownerQuery(sql, [of]);
      const found = {
        run: await tell(
          `select position, closed, version, opened_on::text, last_on::text, last_rank, unplaced, child_id, workflow, workflow_version, place::jsonb from engine.run where id = $1`,
        ),
        facts: await tell(
          `select seq, type, on_day::text, door, actor, confirmed_by, payload, reverses, source, moved from engine.fact where run_id = $1 order by seq`,
        ),
        // Not the words of why: the engine keeps those of the day on which a date last changed.
        deadlines:
          await tell(`select key, duty, subject, rule, kind, owner, bound, anchor_fact, anchor_on::text, due_by::text, plan_by::text, target_by::text, exceptions,
          met_on::text, ended_on::text, law, cannot_compute from engine.deadline where run_id = $1 order by key`),
        letters:
          await tell(`select l.letter, l.subject, l.recipient, l.group_key, l.written_by, l.written_on::text, f.seq from letters.letter l join engine.fact f on f.id = l.fact_id
          where l.run_id = $1 order by f.seq, l.letter, l.subject, l.recipient`),
        audit: await tell(
          `select actor, role, action, object, outcome, child_id from access.audit where run_id = $1 and action <> 'readProtectedAddress' order by id`,
        ),
      };
      const text = JSON.stringify(found);
      return JSON.parse([...first].reduce((all, [now, then]) => all.replaceAll(now, then), text));
    };
    expect(await rows(again)).toEqual(await rows(run.id));
  }
}, 300_000);

/** Letters of before are set in type when somebody first opens them, and stay as they are. */
it('keeps the values of its letters, from which they are set in type', async () => {
  if (database === undefined) throw new Error('No database');
  const clock = new SetClock(new Date(`${today}T09:00:00Z`));
  const desk = new LetterDesk({ database, workflows, keys: addressKeysFrom(undefined, false), clock });
  const identity = { authority: 'levelshire', actor: 'system' };
  const [letter] = await place.ownerQuery<{ id: string }>(
    `select id from letters.letter where authority_id = 'levelshire' and letter = 'plan.final' and status = 'sent' order by id limit 1`,
  );
  const id = letter?.id ?? '';
  const open = () => database?.transaction(identity, (tx) => desk.pdfOf(tx, id));
  const first = await open();
  expect(first?.subarray(0, 5).toString()).toBe('%PDF-');
  expect((await open())?.equals(first ?? Buffer.alloc(0))).toBe(true);
  await expect(
    database.transaction(identity, (tx) =>
      tx.run(`update letters.letter set pdf = null, sha256 = null where id = $1`, [id]),
    ),
  ).rejects.toThrow('never changed');
}, 60_000);

it('has sat on cases in more than one panel, signed the minutes of what is past and put cases on the next agenda', async () => {
  const rows = await place.ownerQuery<{
    kind: string;
    past: number;
    decided: number;
    signed: number;
    parts: number;
    next: number;
  }>(
    `select t.kind_id as kind, count(distinct t.id) filter (where t.meets_on < $1)::int as past,
       count(i.run_id) filter (where i.position = 'decided')::int as decided, count(distinct m.sitting_id)::int as signed,
       count(p.run_id)::int as parts, count(i.run_id) filter (where t.meets_on > $1 and i.position = 'onAgenda')::int as next
     from panels.sitting t left join panels.item i on i.sitting_id = t.id::text left join panels.minutes m on m.sitting_id = t.id
       left join panels.minutes_part p on p.sitting_id = t.id and p.run_id = i.run_id
     where t.authority_id = 'levelshire' group by 1 order by 1`,
    [today],
  );
  const whole = rows.filter(({ past, decided, signed, next }) => past > 0 && decided > 0 && signed > 0 && next > 0);
  expect(whole.length).toBeGreaterThanOrEqual(2);
  for (const { parts, decided } of whole) expect(parts).toBeGreaterThanOrEqual(decided);
  const [told] = await place.ownerQuery<{ count: number }>(
    `select count(*)::int as count from engine.given where command = 'notePanelRecommendation'`,
  );
  expect(told?.count).toBeGreaterThanOrEqual(5);
  // Signed once: another start does nothing.
  if (database === undefined) throw new Error('No database');
  expect(await signMinutes(database, 'levelshire', today)).toBe(0);
});

import { systemActor } from '@send/access';
import type { Database, Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { Processes } from '@send/workflow-kit';

/** A date of ours that still runs though nothing is left that could meet it. */
export interface Orphan {
  readonly runId: string;
  readonly workflow: string;
  /** Null where a whole run goes on that should have ended. */
  readonly duty: string | null;
  readonly why: string;
}

export interface NightlyCheck {
  readonly ranOn: Day;
  readonly found: readonly Orphan[];
}

const ofClosedRuns = `
  select d.run_id as "runId", r.workflow, d.duty, 'The run is closed and the date runs on' as why
  from engine.deadline d join engine.run r on r.id = d.run_id
  where r.closed and d.met_on is null and d.ended_on is null and d.due_by is not null
    and d.bound <> 'min' and d.owner = 'local-authority'
  order by d.run_id, d.key limit 1000`;

/** Facts that end other runs of the child, as the map of joins has them: which fact, of which workflows, ends which. */
const ends: ReadonlySet<string> = new Set(['notePlanEnded', 'noteMoveAway', 'recordDeath']);

const pastTheirEnd = `
  select r.id as "runId", r.workflow, null as duty, 'It goes on after ' || f.type as why
  from engine.run r join engine.run o on o.child_id = r.child_id and o.id <> r.id join engine.fact f on f.run_id = o.id
  where not r.closed and f.type = $1 and o.workflow = any($2) and r.workflow = any($3) and ($4 or r.opened_on <= f.on_day)
    and r.position not in ('ended', 'movedAway') and f.reverses is null
    and not exists (select from engine.fact b where b.run_id = f.run_id and b.reverses = f.id)
  order by r.id limit 1000`;

/** Of the identity’s authority. An authority whose joins and endings work has none. */
export async function orphans(tx: Tx, { joins }: Processes): Promise<Orphan[]> {
  const found = await tx.query<Orphan>(ofClosedRuns);
  for (const { fact, command, from, tells, evenLater } of joins)
    if (fact !== undefined && ends.has(command))
      found.push(...(await tx.query<Orphan>(pastTheirEnd, [fact, from, tells ?? [], evenLater === true])));
  return found;
}

/** Looks once a day, whichever worker is first; null where somebody has looked today. */
export async function checkNightly(
  database: Database,
  authority: string,
  processes: Processes,
  today: Day,
): Promise<NightlyCheck | null> {
  const { staffId: actor } = systemActor(authority);
  return database.transaction({ authority, actor }, async (tx) => {
    const mine = await tx.run(
      'insert into engine.nightly_check (authority_id, ran_on) values ($1, $2) on conflict do nothing',
      [authority, today],
    );
    if (mine === 0) return null;
    const found = await orphans(tx, processes);
    await tx.run('update engine.nightly_check set found = $3 where authority_id = $1 and ran_on = $2', [
      authority,
      today,
      JSON.stringify(found),
    ]);
    return { ranOn: today, found };
  });
}

/** The newest one; undefined before the first night. */
export async function lastNightlyCheck(tx: Tx): Promise<NightlyCheck | undefined> {
  const [row] = await tx.query<NightlyCheck>(
    'select ran_on as "ranOn", found from engine.nightly_check order by ran_on desc limit 1',
  );
  return row;
}

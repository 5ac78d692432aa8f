import { type Actor, settingsOn, systemActor } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import {
  type ChildNow,
  type Fact,
  isClosed,
  type JoinedRun,
  type Place,
  type Processes,
  sourceNames,
  type Wanted,
  wantedBy,
  type Workflow,
} from '@send/workflow-kit';
import type { Given } from './given';
import type { Outcome } from './outcome';

/** How a join puts things on record: the engine’s own ways in, inside the transaction of the fact that caused it. */
export interface JoinDoors {
  workflow(id: string, version: string): Workflow;
  begin(workflow: string, childId: string, given: Given, actor: Actor, tx: Tx): Promise<Outcome>;
  record(runId: string, given: Given, actor: Actor, tx: Tx): Promise<Outcome>;
  /** Nothing where the case file does not know the child. */
  child(childId: string, on: Day, tx: Tx): Promise<ChildNow | undefined>;
  takeBack(runId: string, factId: string, reason: string, actor: Actor, tx: Tx): Promise<Outcome>;
}

/** What a command changed, as far as other runs may have to hear of it. */
export interface Step {
  readonly workflow: Workflow;
  readonly fact: Fact;
  readonly before: Place | null;
  readonly after: Place;
}

/** More rounds than the longest chain of joins: a run begun by one is told by the next. */
const mostRounds = 8;

/** Carries facts from run to run of one child, as `workflows/joins.ts` has it, in the transaction of their source. */
export class Joining {
  private readonly told: ReadonlySet<string>;
  private readonly names = new Map<string, ReturnType<typeof sourceNames>>();

  constructor(
    private readonly processes: Processes,
    private readonly doors: JoinDoors,
  ) {
    this.told = new Set(processes.joins.flatMap(({ tells, begins }) => [...(tells ?? []), ...(begins ?? [])]));
  }

  /** Whether any other run may have to hear of this. Asked of every command, so it looks only at names. */
  concerns({ workflow, fact, before, after }: Step): boolean {
    const { facts, clocks } = this.namesOf(workflow.id);
    if (facts.has(fact.type) || fact.type === 'factReversed') return true;
    for (const clock of clocks) if (before?.context.facts[clock] !== after.context.facts[clock]) return true;
    if (!this.told.has(workflow.id)) return false;
    return before === null || (isClosed(workflow, before) && !isClosed(workflow, after));
  }

  private namesOf(workflow: string): ReturnType<typeof sourceNames> {
    let found = this.names.get(workflow);
    if (found === undefined) this.names.set(workflow, (found = sourceNames(this.processes.joins, workflow)));
    return found;
  }

  /** One at a time for a child. Taken before anything of it is written, so that two cannot wait for each other. */
  async lock(tx: Tx, childId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 16))', [childId]);
  }

  /** Compares what the joins want of this child with what they have put on record, and writes the difference. */
  async rejoin(tx: Tx, actor: Actor, childId: string, today: Day): Promise<number> {
    // Whoever acts may not see every run of the child (a member of a panel with a conflict): the joins see all of them.
    await tx.query(`select set_config('app.actor', 'system', true)`);
    const settings = await settingsOn(tx, today);
    const system = systemActor(actor.authority);
    let written = 0;
    for (let round = 1; ; round++) {
      const { runs, begun, standing } = await this.read(tx, childId);
      const wanted = wantedBy(this.processes.joins, runs, settings);
      const changes = difference(wanted, standing, begun);
      if (changes.give.length + changes.takeBack.length === 0) break;
      if (round > mostRounds) throw new Error('The joins between the runs of this child do not come to rest');
      for (const one of changes.takeBack) {
        must(
          await this.doors.takeBack(one.runId, one.factId, 'What this came from was changed', system, tx),
          one.command,
        );
        await tx.run('update engine.given set taken_back = true where fact_id = $1', [one.factId]);
      }
      for (const one of changes.give) await this.give(tx, system, childId, one, begun);
      written += changes.give.length + changes.takeBack.length;
    }
    // The rows of a join are the product’s; what follows in this transaction is its caller’s again.
    await tx.query(`select set_config('app.actor', $1, true)`, [actor.staffId]);
    return written;
  }

  private async give(
    tx: Tx,
    system: Actor,
    childId: string,
    { to, sourceRun, source, command, on, fields, ofChild }: Wanted,
    begun: ReadonlyMap<string, string>,
  ): Promise<void> {
    const child = ofChild === undefined ? undefined : await this.doors.child(childId, on, tx);
    const given: Given = {
      command,
      key: `join:${newId()}`,
      confirmed: true,
      fields: { on, ...fields, ...(child === undefined ? {} : ofChild?.(child)) },
      source: `${source} of run ${sourceRun}`,
    };
    const known = 'run' in to ? to.run : (begun.get(groupOf(sourceRun, to)) ?? (await emptied(tx, sourceRun, to)));
    const outcome =
      known === undefined && 'begins' in to
        ? await this.doors.begin(to.begins, childId, given, system, tx)
        : await this.doors.record(known ?? '', given, system, tx);
    const { runId, factId } = must(outcome, command);
    if (known === undefined && 'begins' in to)
      await tx.run(
        'insert into engine.begun (run_id, authority_id, workflow, source_run, alike) values ($1, $2, $3, $4, $5)',
        [runId, system.authority, to.begins, sourceRun, to.alike],
      );
    await tx.run(
      `insert into engine.given (fact_id, authority_id, run_id, source_run, source, command, said)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [factId, system.authority, runId, sourceRun, source, command, said(on, fields)],
    );
  }

  private async read(
    tx: Tx,
    childId: string,
  ): Promise<{
    runs: JoinedRun[];
    begun: Map<string, string>;
    standing: Standing[];
  }> {
    const rows = await tx.query<StoredRun>(
      `select r.id, r.workflow, r.workflow_version, r.place, b.source_run, b.alike
       from engine.run r left join engine.begun b on b.run_id = r.id where r.child_id = $1 order by r.id for update of r`,
      [childId],
    );
    const facts = await tx.query<StoredFact>(
      `select f.id, f.type, f.on_day as "on", f.door, f.actor as "by", f.seq, f.payload, f.run_id, g.source_run, g.source,
         g.command, g.said::text as said
       from engine.fact f left join engine.given g on g.fact_id = f.id
       where f.run_id = any($1) and f.reverses is null
         and not exists (select from engine.fact r where r.run_id = f.run_id and r.reverses = f.id)
       order by f.seq`,
      [rows.map(({ id }) => id)],
    );
    const runs = rows.map((row): JoinedRun => {
      const own = facts.filter(({ run_id }) => run_id === row.id);
      return {
        id: row.id,
        workflow: this.doors.workflow(row.workflow, row.workflow_version),
        place: row.place,
        history: own.map(({ id, type, on, door, by, seq, payload }): Fact => ({
          id,
          type,
          on,
          door,
          by,
          seq,
          payload,
        })),
        given: new Set(own.filter(({ source }) => source !== null).map(({ id }) => id)),
        begunFrom: row.source_run === null ? null : { run: row.source_run, alike: row.alike ?? '' },
      };
    });
    const begun = new Map(
      rows.flatMap((row): [string, string][] =>
        row.source_run === null
          ? []
          : [[groupOf(row.source_run, { begins: row.workflow, alike: row.alike ?? '' }), row.id]],
      ),
    );
    const standing = facts.flatMap((fact): Standing[] =>
      fact.source === null
        ? []
        : [
            {
              runId: fact.run_id,
              factId: fact.id,
              command: fact.command ?? '',
              said: fact.said ?? '',
              key: keyOf(fact.run_id, fact.source_run ?? '', fact.source, fact.command ?? ''),
            },
          ],
    );
    return { runs, begun, standing };
  }
}

interface StoredRun {
  id: string;
  workflow: string;
  workflow_version: string;
  place: Place;
  source_run: string | null;
  alike: string | null;
}

type StoredFact = Fact & {
  run_id: string;
  source_run: string | null;
  source: string | null;
  command: string | null;
  said: string | null;
};

/** Something that a join has put on record and that stands. */
interface Standing {
  readonly runId: string;
  readonly factId: string;
  readonly command: string;
  readonly said: string;
  readonly key: string;
}

const groupOf = (sourceRun: string, to: { begins: string; alike: string }): string =>
  `${sourceRun} ${to.begins} ${to.alike}`;
const keyOf = (run: string, sourceRun: string, source: string, command: string): string =>
  `${run} ${sourceRun} ${source} ${command}`;

/** A run whose beginning was taken back and is now put on record anew, corrected, goes on as the same run. */
async function emptied(
  tx: Tx,
  sourceRun: string,
  { begins, alike }: { begins: string; alike: string },
): Promise<string | undefined> {
  const [found] = await tx.query<{ run_id: string }>(
    `select b.run_id from engine.begun b where b.source_run = $1 and b.workflow = $2
       and not exists (select from engine.given g where g.run_id = b.run_id and g.source_run = $1 and not g.taken_back)
     order by b.run_id limit 1`,
    [sourceRun, begins],
  );
  if (found !== undefined) await tx.run('update engine.begun set alike = $2 where run_id = $1', [found.run_id, alike]);
  return found?.run_id;
}

/** What was given, as text that compares: the day and the fields, keys in order. */
const said = (on: Day, fields: Readonly<Record<string, unknown>>): string => inOrder({ on, ...fields });

const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

function difference(
  wanted: readonly Wanted[],
  standing: readonly Standing[],
  begun: ReadonlyMap<string, string>,
): { give: Wanted[]; takeBack: Standing[] } {
  const left = new Map(standing.map((one) => [one.key, one]));
  const give = wanted.filter((one) => {
    const run = 'run' in one.to ? one.to.run : begun.get(groupOf(one.sourceRun, one.to));
    if (run === undefined) return true;
    const key = keyOf(run, one.sourceRun, one.source, one.command);
    const there = left.get(key);
    if (there === undefined || inOrder(JSON.parse(there.said)) !== said(one.on, one.fields)) return true;
    left.delete(key);
    return false;
  });
  return { give, takeBack: [...left.values()] };
}

/** A join that is refused is a fault of the product: nothing of its source is kept either, and it is not silent. */
function must(outcome: Outcome, command: string): { runId: string; factId: string } {
  if (outcome.done) return outcome;
  const why =
    'refusal' in outcome
      ? [outcome.refusal.message, ...outcome.refusal.wrong.map(({ field, message }) => `${field}: ${message}`)].join(
          '; ',
        )
      : 'waits for a second person';
  throw new Error(`A join could not put ${command} on record: ${why}`);
}

import { systemActor } from '@send/access';
import { type Database, sqlState, type Tx } from '@send/database';
import type { Clock, Engine } from '@send/engine';
import type { Day } from '@send/statute';
import { campaignSource } from './campaign';

export interface CampaignTools {
  readonly database: Database;
  readonly engine: Engine;
  readonly clock: Clock;
}

export interface Batch {
  readonly authority: string;
  readonly campaign: string;
  readonly batch: number;
}

interface ToBegin {
  readonly childId: string;
  readonly phase: string;
  readonly leaves: string | null;
  readonly year: number;
  readonly startedOn: Day;
}

/**
 * Begins the runs of one batch in one transaction: a worker that dies leaves all of the batch or none. Where one child
 * spoils it, each is begun alone, so that nobody waits for another. The key of each run is the campaign's and the child's:
 * however often this is done, a child has one run.
 */
export async function beginBatch(tools: CampaignTools, batch: Batch): Promise<number> {
  try {
    return await beginWaiting(tools, batch);
  } catch (failure) {
    if (!isAboutOne(failure)) throw failure;
    return oneByOne(tools, batch);
  }
}

async function oneByOne(tools: CampaignTools, batch: Batch): Promise<number> {
  const identity = { authority: batch.authority, actor: 'system' };
  const waiting = await tools.database.transaction(identity, (tx) => toBegin(tx, batch));
  const failures: unknown[] = [];
  for (const { childId } of waiting)
    await beginWaiting(tools, batch, childId).catch((failure: unknown) => failures.push(failure));
  if (failures.length > 0) throw failures[0];
  return waiting.length;
}

/** The database refused what was written for somebody. A server that is gone spoils it for all, and is tried again later. */
const isAboutOne = (failure: unknown): boolean => /^(22|23|SE)/.test(sqlState(failure) ?? '');

function beginWaiting({ database, engine, clock }: CampaignTools, batch: Batch, childId?: string): Promise<number> {
  const { authority, campaign } = batch;
  const system = systemActor(authority);
  return database.transaction({ authority, actor: system.staffId }, async (tx) => {
    const waiting = await toBegin(tx, batch, childId);
    const busy = await withOpenMove(
      tx,
      waiting.map((one) => one.childId),
    );
    const ends: { child: string; run: string | null; why: string | null }[] = [];
    for (const { childId: child, phase, leaves, year, startedOn } of waiting) {
      if (busy.has(child)) {
        ends.push({
          child,
          run: null,
          why: 'Another move of this child has been started meanwhile, and is still open',
        });
        continue;
      }
      const given = {
        command: 'startPhaseTransfer',
        key: `campaign:${campaign}:${child}`,
        fields: { on: clock.today(), year, phase, ...(leaves === null ? {} : { leaves }) },
        source: campaignSource(year, startedOn),
      };
      const outcome = await engine.begin('phase-transfer', child, given, system, { tx });
      if (outcome.done) ends.push({ child, run: outcome.runId, why: null });
      else
        ends.push({ child, run: null, why: 'refusal' in outcome ? outcome.refusal.message : 'It waits for a person' });
    }
    if (ends.length > 0)
      await tx.run(
        `update case_file.campaign_child d
         set status = case when e.run is null then 'refused' else 'started' end, run_id = e.run, why = e.why, ended_at = $2
         from jsonb_to_recordset($3::jsonb) as e(child uuid, run uuid, why text)
         where d.campaign_id = $1 and d.child_id = e.child`,
        [campaign, clock.now(), JSON.stringify(ends)],
      );
    return waiting.length;
  });
}

const toBegin = (tx: Tx, { campaign, batch }: Batch, childId?: string): Promise<ToBegin[]> =>
  tx.query<ToBegin>(
    `select d.child_id as "childId", d.phase, d.leaves, d.year, c.started_on as "startedOn"
     from case_file.campaign_child d join case_file.campaign c on c.id = d.campaign_id
     where d.campaign_id = $1 and d.batch = $2 and d.status = 'waiting' and ($3::uuid is null or d.child_id = $3)
     order by d.child_id for update of d`,
    [campaign, batch, childId ?? null],
  );

/** On the children's rows, as the database itself asks when a run is begun: whoever is first, the other one sees it. */
async function withOpenMove(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  await tx.query('select from case_file.child where id = any($1) order by id for no key update', [ids]);
  const rows = await tx.query<{ id: string }>(
    `select child_id as id from engine.run
     where authority_id = $1 and child_id = any($2) and workflow = 'phase-transfer' and not closed`,
    [tx.identity.authority, ids],
  );
  return new Set(rows.map(({ id }) => id));
}

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
  const identity = { authority: batch.authority, actor: 'system' };
  try {
    return await tools.database.transaction(identity, async (tx) => {
      const waiting = await toBegin(tx, batch);
      for (const one of waiting) await begin(tools, tx, batch, one);
      return waiting.length;
    });
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
    await tools.database
      .transaction(identity, async (tx) => {
        const [one] = await toBegin(tx, batch, childId);
        if (one !== undefined) await begin(tools, tx, batch, one);
      })
      .catch((failure: unknown) => failures.push(failure));
  if (failures.length > 0) throw failures[0];
  return waiting.length;
}

/** The database refused what was written for somebody. A server that is gone spoils it for all, and is tried again later. */
const isAboutOne = (failure: unknown): boolean => /^(22|23|SE)/.test(sqlState(failure) ?? '');

const toBegin = (tx: Tx, { campaign, batch }: Batch, childId?: string): Promise<ToBegin[]> =>
  tx.query<ToBegin>(
    `select d.child_id as "childId", d.phase, d.leaves, d.year, c.started_on as "startedOn"
     from case_file.campaign_child d join case_file.campaign c on c.id = d.campaign_id
     where d.campaign_id = $1 and d.batch = $2 and d.status = 'waiting' and ($3::uuid is null or d.child_id = $3)
     order by d.child_id for update of d`,
    [campaign, batch, childId ?? null],
  );

async function begin(
  { engine, clock }: CampaignTools,
  tx: Tx,
  { authority, campaign }: Batch,
  one: ToBegin,
): Promise<void> {
  const { childId, phase, leaves, year, startedOn } = one;
  const moving = await openMove(tx, childId);
  const outcome =
    moving !== undefined
      ? undefined
      : await engine.begin(
          'phase-transfer',
          childId,
          {
            command: 'startPhaseTransfer',
            key: `campaign:${campaign}:${childId}`,
            fields: { on: clock.today(), year, phase, ...(leaves === null ? {} : { leaves }) },
            source: campaignSource(year, startedOn),
          },
          systemActor(authority),
          { tx },
        );
  const began = outcome?.done === true ? outcome.runId : undefined;
  const why = 'Another move of this child has been started meanwhile, and is still open';
  await tx.run(
    `update case_file.campaign_child set status = $3, run_id = $4, why = $5, ended_at = $6
     where campaign_id = $1 and child_id = $2`,
    [
      campaign,
      childId,
      began === undefined ? 'refused' : 'started',
      began ?? null,
      began !== undefined ? null : outcome !== undefined && 'refusal' in outcome ? outcome.refusal.message : why,
      clock.now(),
    ],
  );
}

/** On the child's row, as the database itself asks when a run is begun: whoever is first, the other one sees it. */
async function openMove(tx: Tx, childId: string): Promise<string | undefined> {
  await tx.query('select from case_file.child where id = $1 for no key update', [childId]);
  const [found] = await tx.query<{ id: string }>(
    `select id from engine.run where authority_id = $1 and child_id = $2 and workflow = 'phase-transfer' and not closed limit 1`,
    [tx.identity.authority, childId],
  );
  return found?.id;
}

import { type Actor, may, noCase, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import { type Day, formatDay, schoolYearOf, type TransferPhase } from '@send/statute';
import { type LeftOutWhy, leftOutWhy, readMovers } from './movers';
import { forAPerson } from './who-moves';

/** Children whose runs are begun in one transaction. */
export const batchSize = 50;

/** What was left out of a campaign when it started, in words, with how many. */
export type LeftOut = readonly { readonly why: string; readonly children: number }[];

export interface Campaign {
  readonly id: string;
  readonly year: number;
  readonly startedBy: string;
  readonly startedOn: Day;
  readonly startedAt: Date;
  readonly leftOut: LeftOut;
  readonly counts: readonly { readonly phase: TransferPhase; readonly children: number }[];
  readonly total: number;
  readonly started: number;
  readonly waiting: number;
  readonly refused: number;
}

export interface CampaignRefused {
  readonly refused: { readonly field: string; readonly rule: string; readonly message: string };
}

/** Septembers that a campaign may be about: the next one, and the one after. */
export const campaignYears = (on: Day): readonly number[] => [schoolYearOf(on) + 1, schoolYearOf(on) + 2];

/** Cases are handed out by managers, and so are thousands of them at once. */
export const mayRunCampaigns = (actor: Actor) => may(actor, 'allocateCases', noCase(actor.authority));

export function readYear(given: unknown, on: Day): number | CampaignRefused {
  const years = campaignYears(on);
  const year = Number(given);
  if (years.includes(year)) return year;
  return {
    refused: {
      field: 'year',
      rule: given === undefined || given === '' ? 'missing' : 'not-offered',
      message: `Select the September of the move: ${years.join(' or ')}`,
    },
  };
}

/**
 * Starts the moves of a September with one command: the campaign, its children and the work that begins their runs are
 * written together, or not at all. The same key gives the same campaign. `seen` is how many children the person was shown.
 */
export async function startCampaign(
  tx: Tx,
  actor: Actor,
  { year, key, seen, on }: { year: number; key: string; seen?: number; on: Day },
): Promise<{ id: string; children: number; repeated: boolean } | CampaignRefused> {
  const { authority } = tx.identity;
  // Two managers at once: the second sees what the first has started.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('campaign ' || $1, 0))`, [authority]);
  const [before] = await tx.query<{ id: string; children: number; year: number }>(
    `select c.id, c.year, (select count(*)::int from case_file.campaign_child d where d.campaign_id = c.id) as children
     from case_file.campaign c where c.authority_id = $1 and c.command_key = $2`,
    [authority, key],
  );
  if (before !== undefined)
    return before.year === year
      ? { id: before.id, children: before.children, repeated: true }
      : refuse('key', 'key-reused', 'This key has started the campaign of another year. Use a new key');
  const { moving, undecided, leftOut, staying } = await readMovers(tx, year, on);
  if (moving.length === 0)
    return refuse(
      'year',
      'nobody-moves',
      `There is no child to start a move for in September ${year}. Those who need a person’s decision are started one by one`,
    );
  if (seen !== undefined && seen !== moving.length)
    return refuse(
      'seen',
      'changed-since',
      `The record has changed: ${children(seen)} would have moved when you looked, and now ${children(moving.length)}. Check the numbers and start again`,
    );
  const id = newId();
  const counted = (Object.keys(leftOut) as LeftOutWhy[]).map((why) => ({
    why: leftOutWhy[why],
    children: leftOut[why],
  }));
  const open = Object.entries(forAPerson).map(([code, why]) => ({
    why,
    children: undecided.filter((one) => one.why === code).length,
  }));
  const stays = { why: 'Do not move that September', children: Object.values(staying).reduce((sum, n) => sum + n, 0) };
  await tx.run(
    `insert into case_file.campaign (id, authority_id, year, command_key, started_by, started_on, left_out)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      authority,
      year,
      key,
      actor.staffId,
      on,
      JSON.stringify([...counted, ...open, stays].filter((one) => one.children > 0)),
    ],
  );
  await tx.run(
    `insert into case_file.campaign_child (authority_id, campaign_id, child_id, year, phase, leaves, batch)
     select $1, $2, child, $3, phase, leaves, (place - 1) / $7
     from unnest($4::uuid[], $5::text[], $6::uuid[]) with ordinality as of (child, phase, leaves, place)
     on conflict (authority_id, child_id, year) do nothing`,
    [
      authority,
      id,
      year,
      moving.map((one) => one.childId),
      moving.map((one) => one.phase),
      moving.map((one) => one.leaves),
      batchSize,
    ],
  );
  await queue(tx, id);
  await writeAudit(tx, actor, {
    action: 'startCampaign',
    outcome: 'done',
    object: `campaign ${id}`,
    fields: [`year ${year}`, children(moving.length)],
  });
  return { id, children: moving.length, repeated: false };
}

/** Puts what has not been begun before the workers again: what was begun stays begun. True where there was any. */
export async function runAgain(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  await tx.run(
    `update case_file.campaign_child set status = 'waiting', why = null, ended_at = null
     where authority_id = $1 and campaign_id = $2 and status = 'refused'`,
    [tx.identity.authority, id],
  );
  await queue(tx, id);
  await writeAudit(tx, actor, { action: 'runCampaignAgain', outcome: 'done', object: `campaign ${id}` });
  const [left] = await tx.query<{ some: boolean }>(
    `select exists (select from case_file.campaign_child where authority_id = $1 and campaign_id = $2 and status = 'waiting') as some`,
    [tx.identity.authority, id],
  );
  return left?.some === true;
}

/** One row of the outbox for each batch that still has somebody in it. */
const queue = (tx: Tx, id: string): Promise<number> =>
  tx.run(
    `insert into engine.outbox (authority_id, kind, key, payload)
     select $1, 'campaign', 'campaign:' || $2::text || ':' || batch, jsonb_build_object('campaign', $2::text, 'batch', batch)
     from case_file.campaign_child where authority_id = $1 and campaign_id = $2::uuid and status = 'waiting' group by batch
     on conflict (authority_id, key) do update
       set status = 'waiting', available_at = clock_timestamp(), claimed_until = null, failures = 0
       where outbox.status <> 'waiting'`,
    [tx.identity.authority, id],
  );

const columns = `c.id, c.year, c.started_by as "startedBy", c.started_on as "startedOn", c.started_at as "startedAt", c.left_out as "leftOut",
  n.total, n.started, n.waiting, n.refused, n.counts`;
const counts = `
  cross join lateral (
    select coalesce(sum(many), 0)::int as total, coalesce(sum(started), 0)::int as started, coalesce(sum(waiting), 0)::int as waiting,
      coalesce(sum(refused), 0)::int as refused,
      coalesce(jsonb_agg(jsonb_build_object('phase', phase, 'children', many)), '[]') as counts
    from (
      select phase, count(*) as many, count(*) filter (where status = 'started') as started,
        count(*) filter (where status = 'waiting') as waiting, count(*) filter (where status = 'refused') as refused
      from case_file.campaign_child d where d.campaign_id = c.id group by phase order by phase) by_phase) n`;

/** Newest first. */
export const campaigns = (tx: Tx): Promise<Campaign[]> =>
  tx.query<Campaign>(
    `select ${columns} from case_file.campaign c ${counts} where c.authority_id = $1 order by c.started_at desc limit 100`,
    [tx.identity.authority],
  );

export async function campaignOf(tx: Tx, id: string): Promise<Campaign | undefined> {
  const [found] = await tx.query<Campaign>(
    `select ${columns} from case_file.campaign c ${counts} where c.authority_id = $1 and c.id = $2`,
    [tx.identity.authority, id],
  );
  return found;
}

export interface NotBegun {
  readonly childId: string;
  readonly reference: string;
  readonly why: string;
}

export const notBegun = (tx: Tx, id: string): Promise<NotBegun[]> =>
  tx.query<NotBegun>(
    `select d.child_id as "childId", c.reference, d.why from case_file.campaign_child d
     join case_file.child c on c.id = d.child_id
     where d.authority_id = $1 and d.campaign_id = $2 and d.status = 'refused' order by c.reference limit 200`,
    [tx.identity.authority, id],
  );

const children = (count: number): string => `${count.toLocaleString('en-GB')} ${count === 1 ? 'child' : 'children'}`;
const refuse = (field: string, rule: string, message: string): CampaignRefused => ({
  refused: { field, rule, message },
});

export const campaignSource = (year: number, on: Day): string =>
  `Campaign for the moves of September ${year}, started on ${formatDay(on)}`;

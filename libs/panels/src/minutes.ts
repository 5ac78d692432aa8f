import { createHash } from 'node:crypto';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import { itemsOf } from './agenda';
import { conflictOf, declarationsAbout } from './declarations';
import { type Said, saidOf } from './item-desk';
import { attendanceOf, type Sitting } from './sittings';

export interface MinutesPart {
  readonly runId: string;
  readonly reference: string;
  readonly name: string;
  readonly question: string;
  readonly legalTest: string;
  readonly criteriaVersion: string | null;
  /** Member, and why they took no part. */
  readonly conflicts: readonly string[];
  readonly recommendation: string | null;
  readonly reasons: readonly string[];
  readonly evidence: readonly string[];
  readonly conditions: readonly string[];
  readonly dissent: readonly string[];
  readonly actions: readonly { readonly what: string; readonly owner: string; readonly dueBy: Day }[];
  readonly missing: readonly string[];
}

export interface MinutesHeader {
  readonly panel: string;
  readonly meetsOn: Day;
  readonly time: string;
  readonly place: string;
  readonly present: readonly string[];
  readonly apologies: readonly string[];
}

export interface Addition {
  readonly runId: string | null;
  readonly words: string;
  readonly by: string;
  readonly on: Day;
}

export interface Minutes {
  readonly header: MinutesHeader;
  readonly parts: readonly MinutesPart[];
  readonly signed: { readonly by: string; readonly on: Day; readonly sha256: string } | null;
  readonly additions: readonly Addition[];
}

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);
const words = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Keys in one order, so that the same words have the same mark. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
export const markOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

/** Items that this sitting heard: what it recommended on, also where they have come back to another since. */
const heardAt = `select f.run_id as "runId", f.id as "factId" from engine.fact f
  where f.type = 'panelRecommended' and f.reverses is null
    and not exists (select from engine.fact r where r.run_id = f.run_id and r.reverses = f.id)
    and (select l.payload ->> 'sitting' from engine.fact l where l.run_id = f.run_id and l.type = 'putOnAgenda' and l.reverses is null
         and l.on_day <= f.on_day and l.seq < f.seq order by l.seq desc limit 1) = $1
  order by f.seq`;

/** Made from the records, for whoever may see them. */
export async function madeMinutes(tx: Tx, sitting: Sitting): Promise<Pick<Minutes, 'header' | 'parts'>> {
  const attendants = await attendanceOf(tx, sitting);
  const asWords = (one: (typeof attendants)[number]): string =>
    `${one.name} (${one.represents.replaceAll('-', ' ')}${one.standsForName === null ? '' : `, for ${one.standsForName}`})`;
  const header: MinutesHeader = {
    panel: sitting.kindName,
    meetsOn: sitting.meetsOn,
    time: sitting.time,
    place: sitting.place,
    present: attendants.filter(({ state }) => state === 'present' || state === 'substitute').map(asWords),
    apologies: attendants.filter(({ state }) => state === 'apologies').map(asWords),
  };
  const heard = await tx.query<{ runId: string; factId: string }>(heardAt, [sitting.id]);
  const parts: MinutesPart[] = [];
  for (const { runId, factId } of heard) {
    const [item] = await itemsOf(tx, { run: runId });
    const said = (await saidOf(tx, runId)).find((one) => one.factId === factId);
    if (item === undefined || said === undefined) continue;
    parts.push(
      partOf(
        item,
        said,
        (await declarationsAbout(tx, runId)).flatMap(({ name, conflict }) =>
          conflict === null ? [] : [`${name} took no part: ${conflictOf[conflict]}`],
        ),
      ),
    );
  }
  return { header, parts };
}

const partOf = (
  item: { runId: string; reference: string; name: string; question: string },
  { payload }: Said,
  closedTo: readonly string[],
): MinutesPart => ({
  runId: item.runId,
  reference: item.reference,
  name: item.name,
  question: item.question,
  legalTest: words(payload['legalTest'], 'Not on record'),
  criteriaVersion: words(payload['criteriaVersion'], 'Not on record'),
  conflicts: closedTo,
  recommendation: words(payload['recommendation'], 'Not on record'),
  reasons: list<string>(payload['reasons']),
  evidence: list<string>(payload['evidence']),
  conditions: list<string>(payload['conditions']),
  dissent: list<string>(payload['dissent']),
  actions: list<{ what: string; owner: string; dueBy: Day }>(payload['actions']),
  missing: list<string>(payload['missing']),
});

/** As signed, with what was added since; as the records would make them, where nobody has signed yet. */
export async function minutesOf(tx: Tx, sitting: Sitting): Promise<Minutes> {
  const [signed] = await tx.query<{ header: MinutesHeader; by: string; on: Day; sha256: string }>(
    `select m.header, coalesce(s.name, 'Somebody who has left') as "by", m.signed_on as "on", m.sha256
     from panels.minutes m left join access.staff s on s.id::text = m.signed_by where m.sitting_id = $1`,
    [sitting.id],
  );
  if (signed === undefined) return { ...(await madeMinutes(tx, sitting)), signed: null, additions: [] };
  const parts = await tx.query<{ said: MinutesPart }>(
    'select said from panels.minutes_part where sitting_id = $1 order by place',
    [sitting.id],
  );
  const additions = await tx.query<Addition>(
    `select a.run_id as "runId", a.words, coalesce(s.name, 'Somebody who has left') as "by", a.added_on as "on"
     from panels.minutes_addition a left join access.staff s on s.id::text = a.added_by where a.sitting_id = $1 order by a.added_at, a.id`,
    [sitting.id],
  );
  const { header, by, on, sha256 } = signed;
  return { header, parts: parts.map(({ said }) => said), signed: { by, on, sha256 }, additions };
}

/** Locked from then on: the rows can be added to and never changed. */
export async function lockMinutes(
  tx: Tx,
  sittingId: string,
  { header, parts }: Pick<Minutes, 'header' | 'parts'>,
  on: Day,
): Promise<string> {
  const sha256 = markOf({ header, parts });
  const { authority, actor } = tx.identity;
  await tx.run(
    'insert into panels.minutes (sitting_id, authority_id, header, sha256, signed_by, signed_on) values ($1, $2, $3, $4, $5, $6)',
    [sittingId, authority, header, sha256, actor, on],
  );
  for (const [place, said] of parts.entries())
    await tx.run(
      'insert into panels.minutes_part (sitting_id, run_id, authority_id, place, said, sha256) values ($1, $2, $3, $4, $5, $6)',
      [sittingId, said.runId, authority, place, said, markOf(said)],
    );
  return sha256;
}

import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

export interface Paper {
  readonly summary: string;
  readonly options: readonly string[];
  readonly readyOn: Day | null;
}

export async function paperOf(tx: Tx, runId: string): Promise<Paper | undefined> {
  const [paper] = await tx.query<Paper>(
    'select summary, options, ready_on as "readyOn" from panels.paper where run_id = $1',
    [runId],
  );
  return paper;
}

export async function writePaper(tx: Tx, runId: string, paper: Paper): Promise<void> {
  await tx.run(
    `insert into panels.paper (run_id, authority_id, summary, options, ready_on, written_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (run_id) do update set summary = excluded.summary, options = excluded.options, ready_on = excluded.ready_on,
       written_by = excluded.written_by`,
    [runId, tx.identity.authority, paper.summary, paper.options, paper.readyOn, tx.identity.actor],
  );
}

/** A document as it stood, or as it stands. */
export interface PackDocument {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly dated: Day;
  readonly version: number;
  readonly sha256: string;
  /** After the freeze: what the panel and the decision-maker had, and what came later. */
  readonly standing: 'before-it' | 'not-before-the-panel' | 'after-the-decision';
}

export interface Pack {
  /** The child's own views, then the family's: first in every pack. */
  readonly views: readonly { readonly whose: 'child' | 'family'; readonly text: string; readonly on: Day }[];
  readonly advice: readonly { readonly from: string; readonly role: string; readonly receivedOn: Day }[];
  readonly documents: readonly PackDocument[];
  /** Null until the panel has recommended or somebody has decided. */
  readonly frozenAt: Date | null;
}

export async function packOf(tx: Tx, runId: string, childId: string, ownViews: boolean): Promise<Pack> {
  const views = await tx.query<{ whose: 'child' | 'family'; text: string; on: Day }>(
    `select case kind when 'child-views' then 'child' else 'family' end as whose, text, happened_on as "on"
     from case_file.note where child_id = $1 and (kind = 'family-views' or (kind = 'child-views' and $2))
     order by kind, happened_on desc, id limit 40`,
    [childId, ownViews],
  );
  const advice = await tx.query<{ from: string; role: string; receivedOn: Day }>(
    `select author_name as "from", author_role as role, received_on as "receivedOn" from case_file.advice where child_id = $1
     order by received_on, id`,
    [childId],
  );
  const documents = await tx.query<PackDocument>(
    `with last as (
       select e.* from panels.evidence e where e.run_id = $1
         and e.round = (select max(o.round) from panels.evidence o where o.run_id = e.run_id and o.stage = e.stage)
     ), at as (
       select bool_or(recommended_on is not null) as recommended, bool_or(decision is not null) as decided from panels.item where run_id = $1
     ), frozen as (
       select e.document_id as id, e.title, e.author, e.dated, e.version, e.sha256,
         case when at.recommended and not exists (select from last p where p.stage = 'panel' and p.document_id = e.document_id)
           then 'not-before-the-panel' else 'before-it' end as standing
       from last e, at where e.stage = case when at.decided then 'decision' else 'panel' end
     ), now as (
       select d.id, d.title, d.author, d.dated, 1 as version, d.sha256,
         case when at.decided then 'after-the-decision' when at.recommended then 'not-before-the-panel' else 'before-it' end as standing
       from case_file.document d, at where d.child_id = $2 and d.hidden_at is null and d.scan <> 'infected'
         and not exists (select from frozen f where f.id = d.id)
         and not exists (select from case_file.document n where n.replaces_id = d.id)
     )
     select * from (select * from frozen union all select * from now) docs
     order by standing = 'after-the-decision', standing, dated, title, id`,
    [runId, childId],
  );
  const [frozen] = await tx.query<{ at: Date | null }>(
    'select max(frozen_at) as at from panels.evidence where run_id = $1',
    [runId],
  );
  return { views, advice, documents, frozenAt: frozen?.at ?? null };
}

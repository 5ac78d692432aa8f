import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

/** One case as an agenda sees it. */
export interface AgendaItem {
  readonly runId: string;
  readonly childId: string;
  readonly reference: string;
  readonly name: string;
  readonly settingName: string | null;
  readonly kindId: string | null;
  readonly question: string;
  readonly position: string;
  readonly sittingId: string | null;
  readonly readyOn: Day | null;
  /** The legal day that stands first in the process that asked; null where none is open. */
  readonly legalDate: Day | null;
  readonly recommendation: string | null;
}

export interface Agenda {
  /** What this sitting hears, the earliest legal date first. */
  readonly items: readonly AgendaItem[];
  /** Ready, on no agenda: in the same order. */
  readonly ready: readonly AgendaItem[];
  readonly notReady: readonly AgendaItem[];
  /** What will be late before the next sitting, unless this one hears it or somebody decides without a panel. */
  readonly warnings: readonly { readonly item: AgendaItem; readonly why: string }[];
}

const byLegalDate = (a: AgendaItem, b: AgendaItem): number =>
  (a.legalDate ?? '9').localeCompare(b.legalDate ?? '9') || a.reference.localeCompare(b.reference);

/** Built from what is ready. A panel moves no date: what cannot wait for a sitting is said, not put off. */
export function buildAgenda(
  sitting: { readonly id: string; readonly meetsOn: Day },
  next: Day | null,
  all: readonly AgendaItem[],
): Agenda {
  const sorted = [...all].sort(byLegalDate);
  const waiting = sorted.filter(
    ({ sittingId, position }) => sittingId === null && ['referred', 'deferred'].includes(position),
  );
  const items = sorted.filter(({ sittingId }) => sittingId === sitting.id);
  const early = items
    .filter(({ legalDate, position }) => legalDate !== null && legalDate < sitting.meetsOn && position === 'onAgenda')
    .map((item) => ({ item, why: 'Its legal date is before this sitting: decide without the panel' }));
  const left = waiting
    .filter(({ legalDate }) => legalDate !== null && (next === null || legalDate < next))
    .map((item) => ({
      item,
      why:
        (item.legalDate ?? '') < sitting.meetsOn
          ? 'Its legal date is before this sitting: decide without the panel'
          : item.readyOn === null
            ? `Its legal date is before the next sitting, and its paper is not ready`
            : 'Its legal date is before the next sitting: hear it now, or decide without the panel',
    }));
  return {
    items,
    ready: waiting.filter(({ readyOn }) => readyOn !== null),
    notReady: waiting.filter(({ readyOn }) => readyOn === null),
    warnings: [...early, ...left].sort((a, b) => byLegalDate(a.item, b.item)),
  };
}

/** Cases of a kind of panel that are not over, or of one sitting. Those closed to the reader are not there. */
export async function itemsOf(tx: Tx, where: { kind?: string; sitting?: string; run?: string }): Promise<AgendaItem[]> {
  return tx.query<AgendaItem>(
    `select i.run_id as "runId", i.child_id as "childId", c.reference, c.known_as || ' ' || c.last_name as name, s.name as "settingName",
       i.kind_id as "kindId", coalesce(i.question, 'Not on record') as question, i.position, i.sitting_id as "sittingId",
       p.ready_on as "readyOn", i.recommendation,
       (select min(coalesce(d.target_by, d.due_by)) from engine.deadline d
        where d.run_id::text = i.from_run and d.met_on is null and d.ended_on is null and d.bound <> 'min'
          and d.owner = 'local-authority' and d.kind in ('statute', 'case-law')) as "legalDate"
     from panels.item i join case_file.child c on c.id = i.child_id left join case_file.setting s on s.id = c.setting_id
     left join panels.paper p on p.run_id = i.run_id
     where ($1::text is null or (i.kind_id = $1 and i.position not in ('decided', 'decidedWithout', 'withdrawn', 'ended')))
       and ($2::text is null or i.sitting_id = $2) and ($3::uuid is null or i.run_id = $3)
     order by 1 limit 1000`,
    [where.kind ?? null, where.sitting ?? null, where.run ?? null],
  );
}

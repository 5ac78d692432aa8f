import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

/** One decision that a panel advised on. */
export interface DecidedItem {
  readonly panel: string;
  readonly need: string;
  readonly school: string;
  readonly decision: string;
  readonly recommendation: string | null;
}

export interface Rate {
  readonly name: string;
  /** Null where it is too small to be shown. */
  readonly decided: number | null;
  readonly agreed: number | null;
  /** Percent of the decided. */
  readonly rate: number | null;
  /** Where the decision-maker did not follow the panel. */
  readonly notFollowed: number | null;
}

/** Fewer than this could be told apart by those who know them. */
export const smallest = 5;

/**
 * How often each panel, need or school was agreed with. A group of fewer than five is not shown, nor one whose other part
 * is smaller than five but not nothing; where one group alone is hidden, the next smallest is hidden too, as it could be
 * worked out from the total.
 */
export function ratesBy(of: 'panel' | 'need' | 'school', items: readonly DecidedItem[]): Rate[] {
  const groups = new Map<string, DecidedItem[]>();
  for (const one of items) groups.set(one[of], [...(groups.get(one[of]) ?? []), one]);
  const counted = [...groups].map(([name, all]) => {
    const agreed = all.filter(({ decision }) => decision !== 'do-not-agree').length;
    const notFollowed = all.filter(
      ({ decision, recommendation }) =>
        recommendation !== null && recommendation !== 'defer' && recommendation !== decision,
    ).length;
    return { name, decided: all.length, agreed, notFollowed };
  });
  const tooSmall = (n: number) => n > 0 && n < smallest;
  const hidden = new Set(counted.filter(({ decided }) => tooSmall(decided)).map(({ name }) => name));
  if (hidden.size === 1) {
    const next = counted.filter(({ name }) => !hidden.has(name)).sort((a, b) => a.decided - b.decided)[0];
    if (next !== undefined) hidden.add(next.name);
  }
  return counted
    .map(({ name, decided, agreed, notFollowed }): Rate => {
      if (hidden.has(name)) return { name, decided: null, agreed: null, rate: null, notFollowed: null };
      const showParts = !tooSmall(agreed) && !tooSmall(decided - agreed);
      return {
        name,
        decided,
        agreed: showParts ? agreed : null,
        rate: showParts ? Math.round((100 * agreed) / decided) : null,
        notFollowed: tooSmall(notFollowed) ? null : notFollowed,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Decisions of these days, whichever panel advised. */
export async function decidedItems(tx: Tx, from: Day, to: Day): Promise<DecidedItem[]> {
  return tx.query<DecidedItem>(
    `select coalesce(k.name, 'Not on record') as panel, coalesce(c.primary_need, 'Not known') as need, coalesce(s.name, 'No setting') as school,
       i.decision, i.recommendation
     from panels.item i join case_file.child c on c.id = i.child_id
     left join panels.kind k on k.id = i.kind_id left join case_file.setting s on s.id = c.setting_id
     where i.decision is not null and i.position = 'decided' and i.decided_on between $1 and $2`,
    [from, to],
  );
}

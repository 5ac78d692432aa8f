import type { Tx } from '@send/database';
import { cohortOn } from './cohort-board';

/** A count below this is not shown, nor one from which it could be worked out. */
export const smallestShown = 5;

/**
 * The rule, as it stands under each table: the Department for Education's practice for small numbers in its statistics
 * (counts of 1 to 4 are not shown; a second count goes where the first could be worked out from the total).
 */
export const suppressionRule = `Counts of 1 to ${smallestShown - 1} are not shown. Where only one count of a table is hidden, the next smallest is hidden too, as it could be worked out. This follows how the Department for Education treats small numbers in its statistics.`;

export interface FairnessRow {
  readonly group: string;
  /** Null: too small to show. */
  readonly putForward: number | null;
  readonly letIn: number | null;
  readonly stayed: number | null;
}

export interface FairnessTable {
  readonly by: string;
  readonly rows: readonly FairnessRow[];
  readonly total: { readonly putForward: number; readonly letIn: number; readonly stayed: number };
}

export interface Counted {
  readonly group: string;
  readonly letIn: boolean;
  /** In education and safely at home at the latest review. */
  readonly stayed: boolean;
}

/** Hides what is too small, column by column; pure. */
export function hideSmall(counts: readonly number[]): (number | null)[] {
  const small = (count: number) => count > 0 && count < smallestShown;
  const shown: (number | null)[] = counts.map((count) => (small(count) ? null : count));
  const hidden = shown.filter((count) => count === null).length;
  if (hidden !== 1) return shown;
  const next = shown.reduce<number>((best, count, index) => {
    if (count === null || count === 0) return best;
    const now = best < 0 ? null : (shown[best] ?? null);
    return now === null || count < now ? index : best;
  }, -1);
  if (next >= 0) shown[next] = null;
  return shown;
}

export function fairnessOf(by: string, children: readonly Counted[]): FairnessTable {
  const groups = [...new Set(children.map(({ group }) => group))].sort((a, b) => a.localeCompare(b));
  const count = (holds: (one: Counted) => boolean): number[] =>
    groups.map((group) => children.filter((one) => one.group === group && holds(one)).length);
  const columns = [count(() => true), count((one) => one.letIn), count((one) => one.stayed)];
  const [putForward, letIn, stayed] = columns.map(hideSmall);
  const sum = (index: number): number => (columns[index] ?? []).reduce((total, one) => total + one, 0);
  return {
    by,
    rows: groups.map((group, index) => ({
      group,
      putForward: putForward?.[index] ?? null,
      letIn: letIn?.[index] ?? null,
      stayed: stayed?.[index] ?? null,
    })),
    total: { putForward: sum(0), letIn: sum(1), stayed: sum(2) },
  };
}

const dimensions = ['Need', 'Sex', 'Ethnicity', 'Care status', 'Area'] as const;

interface Who {
  readonly id: string;
  readonly need: string | null;
  readonly sex: string;
  readonly ethnicity: string | null;
  readonly care: boolean | null;
  readonly area: string | null;
}

/** Whom the cohort reaches and whom it helps, by need, sex, ethnicity, care status and area: R-COH-05. */
export async function fairness(tx: Tx): Promise<FairnessTable[]> {
  const runs = await cohortOn(tx);
  const people = await tx.query<Who>(
    `select c.id, c.primary_need as need, c.sex, c.ethnicity, c.looked_after as care, split_part(s.postcode, ' ', 1) as area
     from case_file.child c left join case_file.setting s on s.id = c.setting_id where c.id = any($1)`,
    [runs.map(({ childId }) => childId)],
  );
  const byId = new Map(people.map((one) => [one.id, one]));
  const groupOf = (who: Who | undefined, by: (typeof dimensions)[number]): string => {
    if (by === 'Need') return who?.need ?? 'Not known';
    if (by === 'Sex') return who?.sex === 'F' ? 'Girls' : who?.sex === 'M' ? 'Boys' : 'Not known';
    if (by === 'Ethnicity') return who?.ethnicity ?? 'Not known';
    if (by === 'Care status')
      return who?.care === true ? 'Looked after' : who?.care === false ? 'Not looked after' : 'Not known';
    return who?.area === undefined || who.area === null || who.area === '' ? 'Not known' : who.area;
  };
  return dimensions.map((by) =>
    fairnessOf(
      by,
      runs.map(({ childId, cohort }) => {
        const review = cohort.reviews.at(-1);
        return {
          group: groupOf(byId.get(childId), by),
          letIn: cohort.admittedOn !== undefined,
          stayed: review?.inEducation === true && review.safelyAtHome,
        };
      }),
    ),
  );
}

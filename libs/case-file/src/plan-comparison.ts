import type { NeedItem, OutcomeItem, PlanSection, PlanVersion, ProvisionItem } from './papers.entity';
import { planSections } from './papers.entity';

/** As much of a version as a comparison looks at. */
export type Comparable = Pick<
  PlanVersion,
  'sections' | 'provision' | 'needs' | 'outcomes' | 'namedSettingId' | 'settingType'
>;

export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface ItemChanges<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly { readonly before: T; readonly after: T; readonly fields: readonly FieldChange[] }[];
}

export interface PlanComparison {
  readonly sections: readonly { readonly section: PlanSection; readonly before: string; readonly after: string }[];
  readonly needs: ItemChanges<NeedItem>;
  readonly outcomes: ItemChanges<OutcomeItem>;
  readonly provision: ItemChanges<ProvisionItem>;
  /** The named setting by its id, and the type of setting. */
  readonly placement: readonly FieldChange[];
  readonly same: boolean;
  /** Section F or I is not what it was: the plan is checked anew within twelve weeks (R-PRV-01). */
  readonly changesFOrI: boolean;
}

interface Item {
  readonly id: string;
}

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();

/** Fields in words, as they are compared and shown; an old item without a field has it empty. */
const fieldsOf = {
  need: ({ section, need }: NeedItem) => ({ section, need }),
  outcome: ({ outcome, byWhen }: OutcomeItem) => ({ outcome, byWhen }),
  provision: (item: ProvisionItem) => ({
    section: item.section,
    type: item.type ?? '',
    what: item.what,
    howOften: item.howOften,
    howLong: item.howLong,
    who: item.who,
    where: item.where,
    starts: item.starts ?? '',
    needs: [...(item.needs ?? [])].sort().join(', '),
    outcomes: [...(item.outcomes ?? [])].sort().join(', '),
  }),
};

/**
 * An item is the same one by its id, which a new version copies. Where a plan was typed anew, one that says the same
 * is the same.
 */
function items<T extends Item>(
  before: readonly T[],
  after: readonly T[],
  fields: (item: T) => Readonly<Record<string, string>>,
  says: (item: T) => string,
): ItemChanges<T> {
  const left = new Map(before.map((item) => [item.id, item]));
  const pairs: [T, T][] = [];
  const unmatched: T[] = [];
  for (const item of after) {
    const former = left.get(item.id);
    if (former === undefined) unmatched.push(item);
    else {
      pairs.push([former, item]);
      left.delete(item.id);
    }
  }
  const added: T[] = [];
  for (const item of unmatched) {
    const former = [...left.values()].find((one) => plain(says(one)) === plain(says(item)));
    if (former === undefined) added.push(item);
    else {
      pairs.push([former, item]);
      left.delete(former.id);
    }
  }
  const changed = pairs.flatMap(([former, item]) => {
    const was = fields(former);
    const changes = Object.entries(fields(item)).flatMap(([field, now]) =>
      plain(was[field] ?? '') === plain(now) ? [] : [{ field, before: was[field] ?? '', after: now }],
    );
    return changes.length === 0 ? [] : [{ before: former, after: item, fields: changes }];
  });
  return { added, removed: [...left.values()], changed };
}

const isSame = ({ added, removed, changed }: ItemChanges<unknown>): boolean =>
  added.length + removed.length + changed.length === 0;

/** What is different in the later of two versions, item by item and field by field. Spaces and capitals do not count. */
export function comparePlans(before: Comparable, after: Comparable): PlanComparison {
  const sections = (Object.keys(planSections) as PlanSection[]).flatMap((section) => {
    const was = before.sections[section] ?? '';
    const now = after.sections[section] ?? '';
    return plain(was) === plain(now) ? [] : [{ section, before: was, after: now }];
  });
  const needs = items(before.needs, after.needs, fieldsOf.need, (one) => `${one.section} ${one.need}`);
  const outcomes = items(before.outcomes, after.outcomes, fieldsOf.outcome, (one) => one.outcome);
  const provision = items(before.provision, after.provision, fieldsOf.provision, (one) => `${one.section} ${one.what}`);
  const placement = [
    { field: 'namedSetting', before: before.namedSettingId ?? '', after: after.namedSettingId ?? '' },
    { field: 'settingType', before: before.settingType ?? '', after: after.settingType ?? '' },
  ].filter((one) => plain(one.before) !== plain(one.after));
  const touchesF = [
    ...provision.added,
    ...provision.removed,
    ...provision.changed.flatMap((one) => [one.before, one.after]),
  ].some(({ section }) => section === 'F');
  return {
    sections,
    needs,
    outcomes,
    provision,
    placement,
    same: sections.length + placement.length === 0 && [needs, outcomes, provision].every(isSame),
    changesFOrI: touchesF || placement.length > 0 || sections.some(({ section }) => section === 'F' || section === 'I'),
  };
}

/** Every section in which something is different, in the plan's order. */
export function changedSections({ sections, needs, outcomes, provision, placement }: PlanComparison): PlanSection[] {
  const every = <T>({ added, removed, changed }: ItemChanges<T>): T[] => [
    ...added,
    ...removed,
    ...changed.flatMap(({ before, after }) => [before, after]),
  ];
  const found = new Set<PlanSection>([
    ...sections.map(({ section }) => section),
    ...every(needs).map(({ section }) => section),
    ...every(provision).map(({ section }) => section),
    ...(every(outcomes).length === 0 ? [] : (['E'] as const)),
    ...(placement.length === 0 ? [] : (['I'] as const)),
  ]);
  return (Object.keys(planSections) as PlanSection[]).filter((section) => found.has(section));
}

/** Links that a plan still lacks: each need has provision, each provision a need and an outcome (Code 9.69). */
export function missingLinks({ needs, outcomes, provision }: Comparable) {
  const known = new Set([...needs, ...outcomes].map(({ id }) => id));
  const met = new Set(provision.flatMap((item) => item.needs ?? []));
  const none = (ids: readonly string[] | undefined): boolean => !(ids ?? []).some((id) => known.has(id));
  return {
    needsWithoutProvision: needs.filter(({ id }) => !met.has(id)),
    provisionWithoutNeed: provision.filter((item) => none(item.needs)),
    provisionWithoutOutcome: provision.filter((item) => none(item.outcomes)),
  };
}

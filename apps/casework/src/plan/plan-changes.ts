import {
  comparePlans,
  type ItemChanges,
  missingLinks,
  planSections,
  type PlanVersion,
  type ProvisionItem,
} from '@send/case-file';
import { formatDay } from '@send/statute';

const fieldNames: Readonly<Record<string, string>> = {
  section: 'Section',
  type: 'Type',
  what: 'What',
  howOften: 'How often',
  howLong: 'How long',
  who: 'Who',
  where: 'Where',
  starts: 'Starts',
  needs: 'Meets needs',
  outcomes: 'Works towards outcomes',
  need: 'Need',
  outcome: 'Outcome',
  byWhen: 'By when',
  namedSetting: 'Setting named in section I',
  settingType: 'Type of setting',
};

export interface ShownChange {
  readonly what: 'Added' | 'Removed' | 'Changed';
  readonly about: string;
  readonly fields: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

export interface ShownChanges {
  readonly from: number;
  readonly same: boolean;
  readonly changesFOrI: boolean;
  readonly groups: readonly { readonly heading: string; readonly changes: readonly ShownChange[] }[];
}

/** What an item of provision says, in one line. */
export const provisionInWords = (item: ProvisionItem): string =>
  [item.what, item.howOften, item.howLong, item.who === '' ? '' : `by ${item.who}`, item.where]
    .filter((part) => part !== '')
    .join(', ');

/** The comparison of two versions as an officer, or the family, reads it. */
export function changesInWords(
  before: PlanVersion,
  after: PlanVersion,
  settingName: (id: string) => string,
): ShownChanges {
  const found = comparePlans(before, after);
  const texts = new Map(
    [...before.needs, ...after.needs]
      .map(({ id, need }): [string, string] => [id, need])
      .concat([...before.outcomes, ...after.outcomes].map(({ id, outcome }): [string, string] => [id, outcome])),
  );
  const value = (field: string, raw: string): string => {
    if (raw === '') return 'Nothing';
    if (field === 'needs' || field === 'outcomes')
      return raw
        .split(', ')
        .map((id) => texts.get(id) ?? 'One that the plan no longer has')
        .join('; ');
    if (field === 'starts') return formatDay(raw);
    return field === 'namedSetting' ? settingName(raw) : raw;
  };
  const field = (one: { field: string; before: string; after: string }) => ({
    name: fieldNames[one.field] ?? one.field,
    before: value(one.field, one.before),
    after: value(one.field, one.after),
  });
  const items = <T>(changes: ItemChanges<T>, words: (item: T) => string): ShownChange[] => [
    ...changes.added.map((item): ShownChange => ({ what: 'Added', about: words(item), fields: [] })),
    ...changes.removed.map((item): ShownChange => ({ what: 'Removed', about: words(item), fields: [] })),
    ...changes.changed.map((one): ShownChange => ({
      what: 'Changed',
      about: words(one.after),
      fields: one.fields.map(field),
    })),
  ];
  const groups = [
    {
      heading: 'Provision',
      changes: items(found.provision, (item) => `${item.section}: ${provisionInWords(item)}`),
    },
    { heading: 'Needs', changes: items(found.needs, ({ section, need }) => `${section}: ${need}`) },
    { heading: 'Outcomes', changes: items(found.outcomes, ({ outcome }) => outcome) },
    {
      heading: 'Setting',
      changes: found.placement.map((one): ShownChange => ({
        what: 'Changed',
        about: fieldNames[one.field] ?? one.field,
        fields: [field(one)],
      })),
    },
    {
      heading: 'Text of the sections',
      changes: found.sections.map((one): ShownChange => ({
        what: one.before === '' ? 'Added' : one.after === '' ? 'Removed' : 'Changed',
        about: `${one.section}. ${planSections[one.section]}`,
        fields: [{ name: 'Text', before: value('text', one.before), after: value('text', one.after) }],
      })),
    },
  ].filter(({ changes }) => changes.length > 0);
  return { from: before.number, same: found.same, changesFOrI: found.changesFOrI, groups };
}

/** What a version still lacks, for whoever writes it. */
export function linksInWords(version: PlanVersion): string[] {
  const { needsWithoutProvision, provisionWithoutNeed, provisionWithoutOutcome } = missingLinks(version);
  return [
    ...needsWithoutProvision.map(({ section, need }) => `No provision meets this need of section ${section}: ${need}`),
    ...provisionWithoutNeed.map(({ what }) => `No need is given for this provision: ${what}`),
    ...provisionWithoutOutcome.map(({ what }) => `No outcome is given for this provision: ${what}`),
  ];
}

import {
  type Adviser,
  type AdviserKind,
  adviserKinds,
  advisersOn,
  documentsOf,
  findSettings,
  plansOf,
  type Setting,
  settingOf,
} from '@send/case-file';
import { kindsOn, sittingsAround } from '@send/panels';
import { formatDay } from '@send/statute';
import type { FieldError } from '@send/pages';
import type { Command, Field } from '@send/workflow-kit';
import type { ProvisionContext } from '@send/workflows';
import type { OpenedCase } from '../case/case-frame';
import type { CaseRun } from '../case/case-runs';
import { thingsNamedIn } from '../case/named-in-run';
import { provisionInWords } from '../plan/plan-changes';

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** By the field's name; by `rows.field` within rows. A field that is not there is typed, and not chosen. */
export type Choices = Readonly<Record<string, readonly Option[]>>;

/** Which advisers are offered for each kind of advice. */
export const advisersFor: Readonly<Record<string, readonly AskedOf['kind'][]>> = {
  education: ['setting', 'virtual-school', 'sensory-teacher', 'other'],
  health: ['health-professional', 'designated-clinical-officer', 'health-commissioner'],
  psychology: ['educational-psychology'],
  'social-care': ['social-care'],
  adulthood: ['preparation-for-adulthood'],
  other: Object.keys(adviserKinds) as AdviserKind[],
};

/** An adviser, or the child's own setting: a school gives educational advice without an entry among the advisers. */
export type AskedOf = Pick<Adviser, 'id' | 'name' | 'role' | 'organisation'> & {
  readonly kind: AdviserKind | 'setting';
};

async function whoCanBeAsked({ tx, child, today }: OpenedCase): Promise<AskedOf[]> {
  const setting: Setting | null = child.settingId === null ? null : await settingOf(tx, child.settingId);
  const own: AskedOf[] =
    setting === null
      ? []
      : [{ id: setting.id, name: setting.name, role: setting.headTitle, organisation: null, kind: 'setting' }];
  return [...own, ...(await advisersOn(tx, today))];
}

export const adviserOption = (one: AskedOf): Option => ({
  value: one.id,
  text: [one.name, one.role, one.organisation].filter(Boolean).join(', '),
});

/** Asked once, and only where a field wants it. */
const once = <T>(read: () => Promise<T>): (() => Promise<T>) => {
  let found: Promise<T> | undefined;
  return () => (found ??= read());
};

/**
 * What a case offers for fields that name something: what is on record by what the field says it is an id of, and what
 * processes have named by the field's own name. A process that names new things adds them to `thingsNamedIn`.
 */
export async function choicesFor(
  opened: OpenedCase,
  run: CaseRun | undefined,
  command: Command,
): Promise<{ choices: Choices; advisers: readonly AskedOf[] }> {
  const { tx, child } = opened;
  const advisers = once(() => whoCanBeAsked(opened));
  const settings = once(async () =>
    (await findSettings(tx, '', 500)).map((one): Option => ({ value: one.id, text: one.name })),
  );
  const named = run === undefined ? [] : thingsNamedIn(run);

  const onRecord: Record<NonNullable<Extract<Field, { kind: 'id' }>['of']>, () => Promise<Option[]>> = {
    setting: settings,
    adviser: async () => (await advisers()).map(adviserOption),
    'plan-version': async () =>
      (await plansOf(tx, child.id)).map((one) => ({
        value: one.id,
        text: `Version ${one.number}, ${one.kind}${one.frozenAt === null ? '' : ' (already sent)'}`,
      })),
    document: async () =>
      (await documentsOf(tx, child.id)).map((one) => ({
        value: one.id,
        text: `${one.title}, ${one.author}, ${formatDay(one.dated)}`,
      })),
  };
  const byName: Readonly<Record<string, () => Promise<Option[]>>> = {
    maintainedBy: async () => (await advisers()).filter(({ kind }) => kind === 'other-authority').map(adviserOption),
    ...(run?.workflow.id === 'provision-check' ? { item: () => provisionItems(opened, run, command) } : {}),
    panel: async () => (await kindsOn(tx, opened.today)).map(({ id, name }) => ({ value: id, text: name })),
    sitting: async () => {
      const kinds = await kindsOn(tx, opened.today);
      const sittings = await sittingsAround(
        tx,
        opened.today,
        kinds.map(({ id }) => id),
      );
      return sittings.map((one) => ({
        value: one.id,
        text: `${kinds.find(({ id }) => id === one.kindId)?.name ?? 'A panel'}, ${formatDay(one.meetsOn)}`,
      }));
    },
    fromRun: async () =>
      opened.runs.map((one) => ({
        value: one.id,
        text: `${one.workflow.title}, since ${formatDay(one.opened_on)}: ${one.called}`,
      })),
  };
  const nameOf = async (whose: string): Promise<string> =>
    (await advisers()).find(({ id }) => id === whose)?.name ??
    (await settings()).find(({ value }) => value === whose)?.text ??
    'somebody not on record';

  const choices: Record<string, readonly Option[]> = {};
  const take = async (prefix: string, fields: Readonly<Record<string, Field>>): Promise<void> => {
    for (const [name, field] of Object.entries(fields)) {
      if (field.kind === 'rows') await take(`${name}.`, field.of);
      if (field.kind !== 'id' || field.new === true) continue;
      const things = named.filter((one) => one.field === name);
      const read = field.of === undefined ? byName[name] : onRecord[field.of];
      if (read !== undefined) choices[`${prefix}${name}`] = await read();
      else if (things.length > 0) {
        const options: Option[] = [];
        for (const one of things) {
          const name = one.whose === one.id ? '' : await nameOf(one.whose);
          options.push({ value: one.id, text: one.words(name) });
        }
        choices[`${prefix}${name}`] = options;
      } else if (namedElsewhere.has(name)) choices[`${prefix}${name}`] = [];
    }
  };
  await take('', command.fields);
  return { choices, advisers: 'requests' in command.fields ? await advisers() : [] };
}

/** Items of the plan that is checked, and attendance; where a gap is spoken of, those with an open one. */
async function provisionItems(
  { tx, child }: OpenedCase,
  run: CaseRun | undefined,
  { fields }: Command,
): Promise<Option[]> {
  const { check } = (run?.place.context ?? {}) as Partial<ProvisionContext>;
  const versions = await plansOf(tx, child.id);
  const version =
    versions.find(({ id }) => id === check?.planVersion) ?? versions.find(({ issuedOn }) => issuedOn !== null);
  const items = (version?.provision ?? []).map((item) => ({
    value: item.id,
    text: `${item.section}: ${provisionInWords(item)}`,
  }));
  // Whether the child attends is a question of its own in an account.
  if ('items' in fields) return items;
  const all = [...items, { value: 'attendance', text: 'Going to school, college or nursery' }];
  if ('why' in fields) return all;
  const open = Object.values(check?.gaps ?? {}).filter(({ closedOn }) => closedOn === undefined);
  return open.map(
    ({ item }) => all.find(({ value }) => value === item) ?? { value: item, text: 'An item of another version' },
  );
}

/** Fields that name what a process made itself: where it has made none, there is nothing to choose. */
const namedElsewhere: ReadonlySet<string> = new Set(['request', 'consultation', 'exception', 'action', 'step']);

/** A choice is only ever one that was offered to this person now. */
export function notOffered(command: Command, given: Readonly<Record<string, unknown>>, choices: Choices): FieldError[] {
  const strange = (field: string, key: string, of: Field, value: unknown): FieldError[] => {
    if (of.kind === 'rows')
      return Array.isArray(value)
        ? (value as Record<string, unknown>[]).flatMap((row, index) =>
            Object.entries(of.of).flatMap(([inner, innerOf]) =>
              strange(`${field}.${index}.${inner}`, `${field}.${inner}`, innerOf, row[inner]),
            ),
          )
        : [];
    const offered = choices[key];
    if (of.kind !== 'id' || typeof value !== 'string' || offered === undefined) return [];
    if (offered.some((one) => one.value === value)) return [];
    return [{ field, message: `Select ${of.label.charAt(0).toLowerCase()}${of.label.slice(1)}` }];
  };
  return Object.entries(command.fields).flatMap(([name, field]) =>
    name === 'requests' ? strangeAdvisers(given[name], choices) : strange(name, name, field, given[name]),
  );
}

/** Advice is asked by its kind, and so the fault stands at the kind. */
function strangeAdvisers(value: unknown, choices: Choices): FieldError[] {
  const rows = Array.isArray(value) ? (value as { adviser: string; kind: string }[]) : [];
  const found = rows.find((row) => choices['requests.adviser']?.every((one) => one.value !== row.adviser));
  return found === undefined
    ? []
    : [{ field: 'requests', message: 'Choose an adviser from the list', href: `ask-${found.kind}` }];
}

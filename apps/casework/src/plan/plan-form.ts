import {
  type NeedItem,
  type OutcomeItem,
  type PlanContent,
  type PlanSection,
  planSections,
  type PlanVersion,
  type ProvisionItem,
} from '@send/case-file';
import { newId } from '@send/database';
import type { FieldError, Form } from '@send/pages';
import { partsOf } from '@send/statute';

export const sections = Object.keys(planSections) as PlanSection[];

/** Text fields of an item of provision, as they stand on the form. */
export const provisionParts = {
  type: 'Type, such as speech and language therapy',
  what: 'What',
  howOften: 'How often',
  howLong: 'How long',
  who: 'Who',
  where: 'Where',
} as const;
type Part = keyof typeof provisionParts;

const needSections = ['B', 'C', 'D'] as const;

/** A need or an outcome as an officer writes it down: B1, C2, E1. */
const numbered = (version: Pick<PlanVersion, 'needs' | 'outcomes'>): Map<string, string> => {
  const numbers = new Map<string, string>();
  for (const section of needSections)
    version.needs
      .filter((one) => one.section === section)
      .forEach(({ id }, index) => numbers.set(id, `${section}${index + 1}`));
  version.outcomes.forEach(({ id }, index) => numbers.set(id, `E${index + 1}`));
  return numbers;
};

const numbersOf = (ids: readonly string[] | undefined, numbers: ReadonlyMap<string, string>): string =>
  (ids ?? []).flatMap((id) => numbers.get(id) ?? []).join(', ');

/** Everything that the form shows of a version. */
export function shownPlan(version: Pick<PlanVersion, 'sections' | 'needs' | 'outcomes' | 'provision'>) {
  const numbers = numbered(version);
  return {
    sections: sections.map((section) => ({
      section,
      heading: planSections[section],
      text: version.sections[section] ?? '',
    })),
    needs: needSections.map((section) => ({
      section,
      items: version.needs
        .filter((one) => one.section === section)
        .map(({ id, need }) => ({ number: numbers.get(id) ?? '', text: need })),
    })),
    outcomes: version.outcomes.map(({ id, outcome, byWhen }) => ({
      number: numbers.get(id) ?? '',
      text: byWhen === '' ? outcome : `${outcome} (by ${byWhen})`,
    })),
    provision: version.provision.map((item) => ({
      ...item,
      needs: numbersOf(item.needs, numbers),
      outcomes: numbersOf(item.outcomes, numbers),
    })),
  };
}

/** The same as the inputs of the form, from a version or from what was typed. */
export function inputsOf(version: Pick<PlanVersion, 'sections' | 'needs' | 'outcomes' | 'provision'>, form?: Form) {
  const numbers = numbered(version);
  const typed = (name: string, otherwise: string): string => (form === undefined ? otherwise : form.text(name));
  const rows = form === undefined ? version.provision.map((_, index) => index) : itemNumbers(form);
  const more = form?.text('step') === 'add-item' || rows.length === 0 ? [(rows.at(-1) ?? -1) + 1] : [];
  return {
    sections: sections.map((section) => ({
      section,
      heading: planSections[section],
      text: typed(`section-${section}`, version.sections[section] ?? ''),
    })),
    needs: needSections.map((section) => ({
      name: `needs-${section}`,
      label: `Needs in section ${section}, one on each line`,
      value: typed(
        `needs-${section}`,
        version.needs.flatMap((one) => (one.section === section ? one.need : [])).join('\n'),
      ),
    })),
    outcomes: typed(
      'outcomes',
      version.outcomes.map(({ outcome, byWhen }) => (byWhen === '' ? outcome : `${outcome} | ${byWhen}`)).join('\n'),
    ),
    items: [...rows, ...more].map((row) => {
      const item = form === undefined ? version.provision[row] : undefined;
      const at = `item-${row}-`;
      const starts = item?.starts === undefined ? undefined : partsOf(item.starts);
      return {
        at,
        id: typed(`${at}id`, item?.id ?? ''),
        section: typed(`${at}section`, item?.section ?? 'F') || 'F',
        parts: (Object.entries(provisionParts) as [Part, string][]).map(([part, label]) => ({
          part,
          label,
          value: typed(at + part, item?.[part] ?? ''),
        })),
        starts: {
          day: form?.text(`${at}starts-day`) ?? String(starts?.day ?? ''),
          month: form?.text(`${at}starts-month`) ?? String(starts?.month ?? ''),
          year: form?.text(`${at}starts-year`) ?? String(starts?.year ?? ''),
        },
        needs: typed(`${at}needs`, numbersOf(item?.needs, numbers)),
        outcomes: typed(`${at}outcomes`, numbersOf(item?.outcomes, numbers)),
      };
    }),
  };
}

const itemNumbers = (form: Form): number[] =>
  [...new Set(form.names().flatMap((name) => /^item-(\d{1,3})-/.exec(name)?.[1] ?? []))]
    .map(Number)
    .sort((a, b) => a - b);

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Items keep their ids where their words stay; one whose words were changed keeps that of its place. */
function sameIds(lines: readonly string[], before: readonly { id: string; text: string }[]): string[] {
  const left = [...before];
  const found = lines.map((line) => {
    const at = left.findIndex((one) => one.text === line);
    return at < 0 ? undefined : left.splice(at, 1)[0]?.id;
  });
  return found.map((id, index) => {
    if (id !== undefined) return id;
    const at = left.findIndex((one) => one.id === before[index]?.id);
    return (at < 0 ? undefined : left.splice(at, 1)[0]?.id) ?? newId();
  });
}

const longest = 1000;

/** What was typed, as a version holds it, and every fault in it. */
export function planOf(
  form: Form,
  before: Pick<PlanVersion, 'needs' | 'outcomes'>,
): { content: Required<Pick<PlanContent, 'sections' | 'needs' | 'outcomes' | 'provision'>>; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const tooLong = (field: string, what: string, text: string, most: number) => {
    if (text.length > most)
      errors.push({ field, message: `${what} must be ${most.toLocaleString('en-GB')} characters or fewer` });
  };
  const text: Partial<Record<PlanSection, string>> = {};
  for (const section of sections) {
    const typed = form.text(`section-${section}`);
    tooLong(`section-${section}`, `Section ${section}`, typed, 20_000);
    if (typed !== '') text[section] = typed;
  }
  const needs: NeedItem[] = needSections.flatMap((section) => {
    const lines = linesOf(form.text(`needs-${section}`));
    for (const line of lines) tooLong(`needs-${section}`, `Each need in section ${section}`, line, longest);
    const own = before.needs.filter((one) => one.section === section).map(({ id, need }) => ({ id, text: need }));
    const ids = sameIds(lines, own);
    return lines.map((need, index) => ({ id: ids[index] ?? newId(), section, need }));
  });
  const typedOutcomes = linesOf(form.text('outcomes')).map((line) => {
    tooLong('outcomes', 'Each outcome', line, longest);
    const [outcome = '', ...rest] = line.split('|');
    return { outcome: outcome.trim(), byWhen: rest.join('|').trim() };
  });
  const outcomeIds = sameIds(
    typedOutcomes.map(({ outcome }) => outcome),
    before.outcomes.map(({ id, outcome }) => ({ id, text: outcome })),
  );
  const outcomes: OutcomeItem[] = typedOutcomes.map((one, index) => ({ id: outcomeIds[index] ?? newId(), ...one }));
  const byNumber = new Map([...numbered({ needs, outcomes })].map(([id, number]) => [number, id]));
  const provision = itemNumbers(form).flatMap((row) => provisionItem(form, row, byNumber, errors, tooLong));
  return { content: { sections: text, needs, outcomes, provision }, errors };
}

function provisionItem(
  form: Form,
  row: number,
  byNumber: ReadonlyMap<string, string>,
  errors: FieldError[],
  tooLong: (field: string, what: string, text: string, most: number) => void,
): ProvisionItem[] {
  const at = `item-${row}-`;
  const where = `item ${row + 1}`;
  const part = (name: Part): string => {
    const typed = form.text(at + name);
    tooLong(at + name, `${provisionParts[name].split(',')[0] ?? name} in ${where}`, typed, longest);
    return typed;
  };
  const links = (name: 'needs' | 'outcomes', kind: string): string[] =>
    form
      .text(at + name)
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter((number) => number !== '')
      .flatMap((number) => {
        const id = /^E/.test(number) === (name === 'outcomes') ? byNumber.get(number) : undefined;
        if (id !== undefined) return [id];
        errors.push({
          field: at + name,
          message: `${number.slice(0, 20)} in ${where} is not one of the ${kind} above. Use numbers such as ${name === 'needs' ? 'B1 or C2' : 'E1'}`,
        });
        return [];
      });
  const starts = form.day(`${at}starts`, `The day ${where} starts`);
  if ('message' in starts)
    errors.push({ field: `${at}starts`, message: starts.message, href: `${at}starts-${starts.part}` });
  const type = part('type');
  const item = {
    what: part('what'),
    howOften: part('howOften'),
    howLong: part('howLong'),
    who: part('who'),
    where: part('where'),
  };
  const needs = links('needs', 'needs');
  const outcomes = links('outcomes', 'outcomes');
  const isEmpty =
    [...Object.values(item), type, form.text(`${at}needs`), form.text(`${at}outcomes`)].every((one) => one === '') &&
    'empty' in starts;
  if (isEmpty) return [];
  if (item.what === '') errors.push({ field: `${at}what`, message: `Enter what is provided in ${where}` });
  return [
    {
      ...item,
      id: form.text(`${at}id`) || newId(),
      section: form.choice(`${at}section`, ['F', 'G', 'H1', 'H2'] as const) ?? 'F',
      ...(type === '' ? {} : { type }),
      ...('day' in starts ? { starts: starts.day } : {}),
      ...(needs.length === 0 ? {} : { needs }),
      ...(outcomes.length === 0 ? {} : { outcomes }),
    },
  ];
}

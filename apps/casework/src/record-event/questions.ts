import { type Day, formatDay, partsOf } from '@send/statute';
import type { FieldError, Form } from '@send/pages';
import type { Command, Field, Wrong } from '@send/workflow-kit';
import { newId } from '@send/database';
import { adviceWords } from '../case/named-in-run';
import { type AskedOf, adviserOption, advisersFor, type Choices, type Option } from './choices';

/** One question of a page, as the form macros draw it. */
export interface Question {
  readonly name: string;
  readonly kind: 'day' | 'area' | 'radios' | 'select' | 'text' | 'hidden';
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly parts?: { day: string; month: string; year: string };
  readonly options?: readonly { value: string; text: string; selected?: boolean }[];
  readonly rows?: number;
  readonly error?: string;
}

/** A list of things of the same shape: who is asked, what was read. */
export interface RowsQuestion {
  readonly name: string;
  readonly kind: 'rows';
  readonly label: string;
  readonly hint?: string;
  readonly error?: string;
  readonly sets: readonly { readonly legend: string; readonly questions: readonly Question[] }[];
  /** There is a row for everything already. */
  readonly whole?: true;
}

/** The questions of a command, with what was typed and what is wrong with it. The day comes first. */
export function questionsOf(
  command: Command,
  choices: Choices,
  advisers: readonly AskedOf[],
  form: Form | undefined,
  errors: readonly FieldError[],
  today: Day,
): (Question | RowsQuestion)[] {
  const asked: (Question | RowsQuestion)[] = [
    dayQuestion('on', 'When did it happen?', `For example, ${formatDay(today)}`, form, errors, today),
  ];
  for (const [field, of] of Object.entries(command.fields)) {
    if (of.kind === 'rows' && field === 'requests') asked.push(requestRows(of.label, advisers, form, errors));
    else if (of.kind === 'rows') asked.push(rowsQuestion(field, of, choices, form, errors));
    else if (of.kind === 'id' && of.new === true)
      asked.push({ name: field, kind: 'hidden', label: of.label, value: form?.text(field) || newId() });
    // What may be left out and has nothing to choose from is not asked.
    else if (of.kind !== 'id' || of.optional !== true || (choices[field] ?? []).length > 0)
      asked.push(question(field, of, choices[field], form, errors));
  }
  return asked;
}

const errorFor = (errors: readonly FieldError[], name: string): { error?: string } => {
  const found = errors.find((one) => one.field === name);
  return found === undefined ? {} : { error: found.message };
};

function dayQuestion(
  name: string,
  label: string,
  hint: string | undefined,
  form: Form | undefined,
  errors: readonly FieldError[],
  preset?: Day,
): Question {
  const typed = form?.text(name) ?? '';
  const from =
    typed !== '' && /^\d{4}-\d{2}-\d{2}$/.test(typed)
      ? partsOf(typed)
      : form === undefined && preset !== undefined
        ? partsOf(preset)
        : undefined;
  return {
    name,
    kind: 'day',
    label,
    ...(hint === undefined ? {} : { hint }),
    ...errorFor(errors, name),
    parts: {
      day: form?.text(`${name}-day`) || (from === undefined ? '' : String(from.day)),
      month: form?.text(`${name}-month`) || (from === undefined ? '' : String(from.month)),
      year: form?.text(`${name}-year`) || (from === undefined ? '' : String(from.year)),
    },
  };
}

function question(
  name: string,
  field: Exclude<Field, { kind: 'rows' }>,
  options: readonly Option[] | undefined,
  form: Form | undefined,
  errors: readonly FieldError[],
): Question {
  const label = field.optional === true ? `${field.label} (optional)` : field.label;
  const hint = field.hint === undefined ? {} : { hint: field.hint };
  const value = form?.text(name) ?? '';
  const base = { name, label, ...hint, ...errorFor(errors, name), value };
  switch (field.kind) {
    case 'day':
      return dayQuestion(name, label, field.hint, form, errors);
    case 'text':
      return (field.max ?? 5000) > 200
        ? { ...base, kind: 'area', rows: (field.max ?? 5000) > 5000 ? 8 : 5 }
        : { ...base, kind: 'text' };
    case 'paragraphs':
      return {
        ...base,
        kind: 'area',
        rows: 8,
        hint: `${field.hint ?? ''} Leave an empty line between paragraphs.`.trim(),
      };
    case 'choice':
      return {
        ...base,
        kind: 'radios',
        options: Object.entries(field.options).map(([option, text]) => ({ value: option, text })),
      };
    case 'yes-no':
      return {
        ...base,
        kind: 'radios',
        options: [
          { value: 'yes', text: 'Yes' },
          { value: 'no', text: 'No' },
        ],
      };
    case 'number':
      return { ...base, kind: 'text' };
    case 'id': {
      if (options === undefined) return { ...base, kind: 'text' };
      if (options.length > 0 && options.length <= 8) {
        return {
          ...base,
          kind: 'radios',
          options: [...options, ...(field.optional === true ? [{ value: '', text: 'None' }] : [])],
        };
      }
      return {
        ...base,
        kind: 'select',
        options: [
          { value: '', text: options.length === 0 ? 'There is nothing to choose from' : 'Choose one' },
          ...options,
        ],
      };
    }
  }
}

/** Advice is asked of one adviser for each kind at a time, chosen from those who give that kind. */
function requestRows(
  label: string,
  advisers: readonly AskedOf[],
  form: Form | undefined,
  errors: readonly FieldError[],
): RowsQuestion {
  return {
    name: 'requests',
    kind: 'rows',
    label,
    hint: 'Choose an adviser for each kind of advice you ask for now. Education, health, psychology and social care are always needed.',
    ...errorFor(errors, 'requests'),
    sets: Object.entries(adviceWords).map(([kind, words]) => {
      const fitting = advisers.filter((one) => advisersFor[kind]?.includes(one.kind) === true);
      const name = `ask-${kind}`;
      return {
        legend: words,
        questions: [
          {
            name,
            kind: 'select' as const,
            label: words,
            value: form?.text(name) ?? '',
            options: [
              { value: '', text: fitting.length === 0 ? 'Nobody on record gives this' : 'Do not ask now' },
              ...fitting.map(adviserOption),
            ],
          },
        ],
      };
    }),
  };
}

const shownRows = 3;

/** The inputs of one row. A field within that is optional says so; one that names something is chosen from what there is. */
function rowFields(
  name: string,
  index: number,
  field: Extract<Field, { kind: 'rows' }>,
  choices: Choices,
  form: Form | undefined,
  errors: readonly FieldError[],
): Question[] {
  return Object.entries(field.of).flatMap(([inner, of]): Question[] => {
    const full = `${name}.${index}.${inner}`;
    const offered = choices[`${name}.${inner}`];
    if (of.kind === 'rows') return [];
    if (of.kind === 'id' && of.new === true)
      return [{ name: full, kind: 'hidden', label: of.label, value: form?.text(full) || newId() }];
    if (of.kind === 'id' && of.optional === true && offered?.length === 0) return [];
    const asked = question(full, of, offered, form, errors);
    return [asked.kind === 'radios' && (asked.options?.length ?? 0) > 3 ? asSelect(asked) : asked];
  });
}

/** Where there are many rows, a list to open takes less room than its options one below the other. */
const asSelect = (asked: Question): Question => ({
  ...asked,
  kind: 'select',
  options: [{ value: '', text: 'Choose one' }, ...(asked.options ?? []).filter(({ value }) => value !== '')],
});

function rowsQuestion(
  name: string,
  field: Extract<Field, { kind: 'rows' }>,
  choices: Choices,
  form: Form | undefined,
  errors: readonly FieldError[],
): RowsQuestion {
  const eachOf = nameOfEach(field);
  const each = eachOf === undefined ? undefined : choices[`${name}.${eachOf}`];
  if (eachOf !== undefined && each !== undefined && each.length > 0)
    return {
      name,
      kind: 'rows',
      whole: true,
      label: field.optional === true ? `${field.label} (optional)` : field.label,
      ...errorFor(errors, name),
      sets: each.map(({ value, text }, index) => ({
        legend: text,
        questions: rowFields(name, index, field, choices, form, errors).map((one) =>
          one.name === `${name}.${index}.${eachOf}`
            ? { name: one.name, kind: 'hidden' as const, label: one.label, value }
            : one,
        ),
      })),
    };
  const filled = form === undefined ? 0 : (rowNumbers(name, field, form).at(-1) ?? -1) + 1;
  const count = Math.min(field.most ?? 40, Math.max(shownRows, filled + (form?.text('step') === 'add-row' ? 2 : 0)));
  return {
    name,
    kind: 'rows',
    label: field.optional === true ? `${field.label} (optional)` : field.label,
    ...errorFor(errors, name),
    sets: Array.from({ length: count }, (_, index) => ({
      legend: `${field.label} ${index + 1}`,
      questions: rowFields(name, index, field, choices, form, errors),
    })),
  };
}

/** The field of a row by which a page asks about each of those there are. */
const nameOfEach = (field: Extract<Field, { kind: 'rows' }>): string | undefined =>
  Object.entries(field.of).find(([, of]) => of.kind === 'id' && of.each === true)?.[0];

/** The rows in which something was typed. What the page made itself is no answer. */
function rowNumbers(name: string, field: Extract<Field, { kind: 'rows' }>, form: Form): number[] {
  const made = new Set(
    Object.entries(field.of).flatMap(([inner, of]) =>
      of.kind === 'id' && (of.new === true || of.each === true) ? [inner] : [],
    ),
  );
  const seen = new Set<number>();
  for (const typed of form.names()) {
    const match = new RegExp(`^${name}\\.(\\d{1,3})\\.([A-Za-z]+)`).exec(typed);
    if (match !== null && !made.has(match[2] ?? '') && form.text(typed) !== '') seen.add(Number(match[1]));
  }
  return [...seen].sort((a, b) => a - b);
}

/** The form as the body of a command; dates from their three boxes. What is wrong with a date is said here. */
export function bodyOf(command: Command, form: Form): { body: Record<string, unknown>; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const body: Record<string, unknown> = {};
  const day = (name: string, what: string, into: Record<string, unknown>, key: string) => {
    const read = form.day(name, what);
    if ('day' in read) into[key] = read.day;
    else if ('message' in read) errors.push({ field: name, message: read.message, href: `${name}-${read.part}` });
  };
  day('on', 'The date it happened', body, 'on');
  for (const [name, field] of Object.entries(command.fields)) {
    if (field.kind === 'day') day(name, field.label, body, name);
    else if (field.kind === 'rows' && name === 'requests') {
      const requests = Object.keys(adviceWords).flatMap((kind) => {
        const adviser = form.text(`ask-${kind}`);
        return adviser === '' ? [] : [{ request: form.text(`request-${kind}`) || newId(), kind, adviser }];
      });
      if (requests.length > 0) body[name] = requests;
    } else if (field.kind === 'rows') {
      const rows = rowNumbers(name, field, form).map((index) => {
        const row: Record<string, unknown> = {};
        for (const [inner, of] of Object.entries(field.of)) {
          if (of.kind === 'day') day(`${name}.${index}.${inner}`, of.label, row, inner);
          else if (form.text(`${name}.${index}.${inner}`) !== '') row[inner] = form.text(`${name}.${index}.${inner}`);
        }
        return row;
      });
      if (rows.length > 0) body[name] = rows;
    } else if (form.text(name) !== '') body[name] = form.text(name);
  }
  return { body, errors };
}

/** The reader's faults as the page's: a date already faulted is not faulted twice, and links lead to an input that is there. */
export function asFieldErrors(
  wrong: readonly Wrong[],
  already: readonly FieldError[],
  asked: readonly (Question | RowsQuestion)[],
): FieldError[] {
  const days = new Set(
    asked
      .flatMap((one) => (one.kind === 'rows' ? one.sets.flatMap((set) => set.questions) : [one]))
      .filter((one) => one.kind === 'day')
      .map((one) => one.name),
  );
  const found = wrong
    .filter(({ field }) => !already.some((one) => one.field === field))
    .map(({ field, message }): FieldError => ({
      field,
      message: field === 'requests' ? 'Choose at least one adviser' : message,
      href: days.has(field) ? `${field}-day` : field === 'requests' ? 'ask-education' : field,
    }));
  const order = ['on', ...asked.map((one) => one.name)];
  return [...already, ...found].sort(
    (a, b) => order.indexOf(a.field.split('.')[0] ?? '') - order.indexOf(b.field.split('.')[0] ?? ''),
  );
}

/** The answers in words, for check answers. */
export function answersInWords(
  command: Command,
  payload: Readonly<Record<string, unknown>>,
  on: Day,
  choices: Choices,
): { key: string; value: string }[] {
  const words = (name: string, field: Field, value: unknown): string => {
    switch (field.kind) {
      case 'day':
        return formatDay(value as Day);
      case 'yes-no':
        return value === true ? 'Yes' : 'No';
      case 'choice':
        return field.options[value as string] ?? String(value);
      case 'id':
        return choices[name]?.find((one) => one.value === value)?.text ?? String(value);
      case 'paragraphs':
        return (value as string[]).join('\n\n');
      case 'rows':
        return (value as Record<string, unknown>[])
          .map((row) =>
            Object.entries(field.of)
              .filter(([inner, of]) => row[inner] !== undefined && !(of.kind === 'id' && of.new === true))
              .map(([inner, of]) => words(`${name}.${inner}`, of, row[inner]))
              .join(', '),
          )
          .join('\n');
      case 'text':
      case 'number':
        return String(value);
    }
  };
  return [
    { key: 'Date it happened', value: formatDay(on) },
    ...Object.entries(command.fields).flatMap(([name, field]) =>
      payload[name] === undefined || (field.kind === 'id' && field.new === true)
        ? []
        : [{ key: field.label, value: words(name, field, payload[name]) }],
    ),
  ];
}

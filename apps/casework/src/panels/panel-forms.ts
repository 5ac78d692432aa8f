import type { NotDone } from '@send/engine';
import type { FieldError, Form } from '@send/pages';
import type { Field, Wrong } from '@send/workflow-kit';

export interface Question {
  readonly name: string;
  readonly kind: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly options?: readonly {
    readonly value: string;
    readonly text: string;
    readonly hint?: { readonly text: string };
  }[];
  readonly parts?: Readonly<Record<'day' | 'month' | 'year', string>>;
  readonly rows?: number;
  readonly error?: string;
}

export type Choices = Readonly<Record<string, readonly { readonly value: string; readonly text: string }[]>>;

/** How many empty rows a page offers for a list. */
const rowsOffered = 3;

/** What a form of these fields would send, as the desks read it; faults of dates are said here, as three boxes are the page's own. */
export function bodyOf(
  fields: Readonly<Record<string, Field>>,
  form: Form,
): { body: Record<string, unknown>; wrong: Wrong[] } {
  const body: Record<string, unknown> = {};
  const wrong: Wrong[] = [];
  const take = (name: string, field: Field): unknown => {
    if (field.kind === 'day') {
      const read = form.day(name, field.label);
      if (!('message' in read)) return 'day' in read ? read.day : undefined;
      wrong.push({ field: name, rule: 'not-a-date', message: read.message });
      // Sent on as it is, so that it is refused with everything else that is wrong.
      return 'not a date';
    }
    const typed = form.text(name);
    return typed === '' ? undefined : typed;
  };
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === 'rows') {
      const rows = Array.from({ length: rowsOffered }, (_, at) =>
        Object.fromEntries(
          Object.entries(field.of).flatMap(([part, of]) => {
            const value = take(`${name}.${at}.${part}`, of);
            return value === undefined ? [] : [[part, value]];
          }),
        ),
      ).filter((row) => Object.keys(row).length > 0);
      if (rows.length > 0) body[name] = rows;
      continue;
    }
    const value = take(name, field);
    if (value !== undefined) body[name] = value;
  }
  return { body, wrong };
}

/** The questions of these fields, with what was typed and what is wrong with it. */
export function questionsOf(
  fields: Readonly<Record<string, Field>>,
  form: Form,
  errors: readonly FieldError[],
  choices: Choices = {},
): Question[] {
  const one = (name: string, field: Field): Question => {
    const error = errors.find((each) => each.field === name)?.message;
    const shared = {
      name,
      label: `${label(field)}${field.optional === true ? ' (optional)' : ''}`,
      ...(field.hint === undefined ? {} : { hint: field.hint }),
      ...(error === undefined ? {} : { error }),
      value: form.text(name),
    };
    switch (field.kind) {
      case 'day': {
        const [year = '', month = '', day = ''] = form.text(name).split('-');
        const part = (which: string, whole: string) => form.text(`${name}-${which}`) || whole.replace(/^0/, '');
        return {
          ...shared,
          kind: 'day',
          parts: { day: part('day', day), month: part('month', month), year: part('year', year) },
        };
      }
      case 'choice':
        return {
          ...shared,
          kind: 'radios',
          options: Object.entries(field.options).map(([value, text]) => ({ value, text })),
        };
      case 'yes-no':
        return {
          ...shared,
          kind: 'radios',
          options: [
            { value: 'yes', text: 'Yes' },
            { value: 'no', text: 'No' },
          ],
        };
      case 'id':
        return {
          ...shared,
          kind: 'select',
          options: [{ value: '', text: field.optional === true ? 'None' : 'Select' }, ...(choices[name] ?? [])],
        };
      case 'paragraphs':
        return { ...shared, kind: 'area', rows: 5, hint: field.hint ?? 'Leave an empty line between two paragraphs' };
      case 'text':
        return (field.max ?? 5000) > 200 ? { ...shared, kind: 'area', rows: 4 } : { ...shared, kind: 'text' };
      case 'number':
      case 'rows':
        return { ...shared, kind: 'text' };
    }
  };
  return Object.entries(fields).flatMap(([name, field]) =>
    field.kind !== 'rows'
      ? [one(name, field)]
      : Array.from({ length: rowsOffered }, (_, at) =>
          Object.entries(field.of).map(([part, of]) => ({
            ...one(`${name}.${at}.${part}`, of),
            label: `${field.label.replace(/s$/, '')} ${at + 1}: ${lower(of.label)}`,
          })),
        ).flat(),
  );
}

const label = (field: Field): string => field.label.charAt(0).toUpperCase() + field.label.slice(1);
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** What was refused, as the error summary says it; what is about no field leads to the first of them. */
export function errorsOf(
  refusal: NotDone['refusal'],
  fields: Readonly<Record<string, Field>>,
  extra: readonly Wrong[] = [],
): FieldError[] {
  const first = Object.keys(fields)[0] ?? 'form';
  const dates = new Set(extra.map(({ field }) => field));
  const wrong = [...extra, ...refusal.wrong.filter(({ field }) => !dates.has(field))];
  if (wrong.length === 0) return [{ field: '', message: sentence(refusal.message), href: hrefOf(first, fields) }];
  return wrong.map(({ field, message }) => ({ field, message, href: hrefOf(field, fields) }));
}

const hrefOf = (name: string, fields: Readonly<Record<string, Field>>): string => {
  const [top = '', , part = ''] = name.split('.');
  const field = fields[top];
  const of = field?.kind === 'rows' ? field.of[part] : field;
  if (field === undefined) return 'form';
  if (field.kind === 'rows' && part === '') return `${top}.0.${Object.keys(field.of)[0] ?? ''}`;
  return of?.kind === 'day' ? `${name}-day` : name;
};

export const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

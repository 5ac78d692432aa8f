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
import { type Day, formatDay, partsOf } from '@send/statute';
import type { FieldError, Form } from '@send/pages';
import type { Command, Field, Wrong } from '@send/workflow-kit';
import { newId } from '@send/database';
import type { OpenedCase } from '../case/case-frame';

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
}

type Option = { value: string; text: string };
export type Choices = Readonly<Record<string, readonly Option[]>>;

const adviceWords: Record<string, string> = {
  education: 'Education',
  health: 'Health',
  psychology: 'Educational psychology',
  'social-care': 'Social care',
  adulthood: 'Preparing for adulthood',
  other: 'Someone else',
};

/** Which advisers are offered for each kind of advice. */
const advisersFor: Record<string, readonly AskedOf['kind'][]> = {
  education: ['setting', 'virtual-school', 'sensory-teacher', 'other'],
  health: ['health-professional', 'designated-clinical-officer', 'health-commissioner'],
  psychology: ['educational-psychology'],
  'social-care': ['social-care'],
  adulthood: ['preparation-for-adulthood'],
  other: Object.keys(adviserKinds) as AdviserKind[],
};

/** An adviser, or the child's own setting: a school gives educational advice without an entry among the advisers. */
type AskedOf = Pick<Adviser, 'id' | 'name' | 'role' | 'organisation'> & { readonly kind: AdviserKind | 'setting' };

async function whoCanBeAsked({ tx, child, today }: OpenedCase): Promise<AskedOf[]> {
  const setting: Setting | null = child.settingId === null ? null : await settingOf(tx, child.settingId);
  const own: AskedOf[] =
    setting === null
      ? []
      : [{ id: setting.id, name: setting.name, role: setting.headTitle, organisation: null, kind: 'setting' }];
  return [...own, ...(await advisersOn(tx, today))];
}

const adviserOption = (one: AskedOf): Option => ({
  value: one.id,
  text: [one.name, one.role, one.organisation].filter(Boolean).join(', '),
});

/** What the case offers for fields that name something: an adviser, a setting, a request, a plan version. */
export async function choicesFor(
  opened: OpenedCase,
  command: Command,
): Promise<{ choices: Choices; advisers: AskedOf[] }> {
  const { tx, child, run } = opened;
  const wanted = new Set(Object.keys(command.fields));
  const advisers =
    wanted.has('requests') || wanted.has('adviser') || wanted.has('request') || wanted.has('maintainedBy')
      ? await whoCanBeAsked(opened)
      : [];
  const advice = run?.place.context.advice ?? {};
  const settings = wanted.has('setting') || wanted.has('consultation') ? await findSettings(tx, '', 500) : [];
  const nameOfSetting = (id: string) => settings.find((one) => one.id === id)?.name ?? 'A setting';
  const consultations = Object.entries(run?.place.context.plan.consultations ?? {});
  return {
    advisers,
    choices: {
      adviser: advisers.map(adviserOption),
      maintainedBy: advisers.filter((one) => one.kind === 'other-authority').map(adviserOption),
      request: Object.entries(advice).map(([id, one]) => ({
        value: id,
        text: `${adviceWords[one.kind] ?? one.kind}: ${advisers.find(({ id: adviser }) => adviser === one.adviser)?.name ?? 'adviser not on record'}, asked ${formatDay(one.askedOn)}${one.receivedOn === undefined ? '' : `, received ${formatDay(one.receivedOn)}`}`,
      })),
      setting: settings.map((one) => ({ value: one.id, text: one.name })),
      consultation: consultations.map(([id, one]) => ({
        value: id,
        text: `${nameOfSetting(one.setting)}, asked ${formatDay(one.sentOn)}${one.answeredOn === undefined ? '' : `, answered ${formatDay(one.answeredOn)}`}`,
      })),
      planVersion: wanted.has('planVersion')
        ? (await plansOf(tx, child.id)).map((one) => ({
            value: one.id,
            text: `Version ${one.number}, ${one.kind}${one.frozenAt === null ? '' : ' (already sent)'}`,
          }))
        : [],
      exception: (run?.place.context.exceptions ?? []).map((one) => ({
        value: one.id,
        text: `${one.ground}, from ${formatDay(one.from)}`,
      })),
      document: wanted.has('document')
        ? (await documentsOf(tx, child.id)).map((one) => ({
            value: one.id,
            text: `${one.title}, ${one.author}, ${formatDay(one.dated)}`,
          }))
        : [],
    },
  };
}

const newIdField = (name: string, command: string): boolean =>
  (command === 'consultSetting' && name === 'consultation') || (command === 'reuseAdvice' && name === 'request');

/** The questions of a command, with what was typed and what is wrong with it. The day comes first. */
export function questionsOf(
  name: string,
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
    else if (of.kind === 'rows') asked.push(rowsQuestion(field, of, form, errors));
    else if (newIdField(field, name))
      asked.push({ name: field, kind: 'hidden', label: of.label, value: form?.text(field) || newId() });
    // What may be left out and has nothing to choose from is not asked.
    else if (of.kind !== 'id' || of.optional !== true || (choices[field] ?? []).length > 0)
      asked.push(question(field, of, choices[field] ?? [], form, errors));
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
  options: readonly Option[],
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

function rowsQuestion(
  name: string,
  field: Extract<Field, { kind: 'rows' }>,
  form: Form | undefined,
  errors: readonly FieldError[],
): RowsQuestion {
  const filled = form === undefined ? 0 : rowNumbers(name, form).length;
  const count = Math.min(field.most ?? 40, Math.max(shownRows, filled + (form?.text('step') === 'add-row' ? 2 : 0)));
  return {
    name,
    kind: 'rows',
    label: field.optional === true ? `${field.label} (optional)` : field.label,
    ...errorFor(errors, name),
    sets: Array.from({ length: count }, (_, index) => ({
      legend: `${field.label} ${index + 1}`,
      questions: Object.entries(field.of).map(([inner, of]): Question => {
        const full = `${name}.${index}.${inner}`;
        return of.kind === 'day'
          ? dayQuestion(full, of.label, undefined, form, errors)
          : { name: full, kind: 'text', label: of.label, value: form?.text(full) ?? '', ...errorFor(errors, full) };
      }),
    })),
  };
}

function rowNumbers(name: string, form: Form): number[] {
  const seen = new Set<number>();
  for (const field of form.names()) {
    const match = new RegExp(`^${name}\\.(\\d{1,2})\\.`).exec(field);
    if (match !== null && form.text(field) !== '') seen.add(Number(match[1]));
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
      const rows = rowNumbers(name, form).map((index) => {
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
        return choices[name]?.find((one) => one.value === value)?.text ?? 'New';
      case 'paragraphs':
        return (value as string[]).join('\n\n');
      case 'rows':
        return (value as Record<string, unknown>[])
          .map((row) =>
            Object.entries(field.of)
              .filter(([inner]) => row[inner] !== undefined && inner !== 'request')
              .map(([inner, of]) => words(inner, of, row[inner]))
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
      payload[name] === undefined ||
      (field.kind === 'id' && (choices[name] ?? []).every((one) => one.value !== payload[name]))
        ? []
        : [{ key: field.label, value: words(name, field, payload[name]) }],
    ),
  ];
}

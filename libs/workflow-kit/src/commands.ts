import { type Day, formatDay, isDay } from '@send/statute';
import type { Payload } from './fact';
import type { RunContext } from './run-context';

/** What may be typed into one field, and how it is refused. */
export type Field = { readonly label: string; readonly hint?: string; readonly optional?: boolean } & (
  | { readonly kind: 'text'; readonly max?: number }
  | { readonly kind: 'day'; readonly past?: boolean; readonly future?: boolean }
  | { readonly kind: 'choice'; readonly options: Readonly<Record<string, string>> }
  | { readonly kind: 'yes-no' }
  /**
   * `of`: whose id it must be, where it names something on record; `new`: whoever sends it makes it, to name it by later;
   * `each`, in a row: a page asks one row about each of those there are.
   */
  | {
      readonly kind: 'id';
      readonly of?: 'setting' | 'adviser' | 'plan-version' | 'document';
      readonly new?: true;
      readonly each?: true;
    }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'paragraphs'; readonly max?: number; readonly most?: number }
  | { readonly kind: 'rows'; readonly of: Readonly<Record<string, Field>>; readonly most?: number }
);

export interface Wrong {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

/** Why an act is refused where the machine has a guard for it, in words that say the way out. */
export interface Refusal {
  readonly rule: string;
  readonly message: string;
}

export interface Command {
  /** The fact it puts on record. */
  readonly fact: string;
  /** An officer's verb: "Decide to assess". */
  readonly label: string;
  /** What the record says happened: "Decided to assess". */
  readonly happened: string;
  /** Action of the access table (security.md section 3) that its doer must be allowed. */
  readonly action: string;
  /** A second person must confirm: always, or when one of our own acts is put on record after the event. */
  readonly secondPerson?: 'always' | 'when-recorded';
  /** Doors it goes through. An act of another body can only be recorded. */
  readonly doors: readonly ('act' | 'record')[];
  /** Region of the machine that takes the fact, where other regions also follow it. */
  readonly region?: string;
  /** Place within a day, as the law expects: low first. */
  readonly rank: number;
  readonly fields: Readonly<Record<string, Field>>;
  /** The provision it is done under, where no duty that it meets or leads to says so. */
  readonly law?: string;
  /** Starts a run of this workflow. */
  readonly begins?: true;
  /** Only the product itself says this: a letter left, a rung was reached. */
  readonly system?: true;
  /** Says why, after the machine refused. */
  readonly refusal?: (context: RunContext, on: Day) => Refusal | undefined;
  /** Odd but possible when recorded: asked about once, then taken. */
  readonly odd?: (context: RunContext, on: Day) => string | undefined;
}

/** What an officer sends: the command's name, its day, its fields. */
export interface Sent {
  readonly command: string;
  readonly on: Day;
  readonly payload: Payload;
}

export class Commands {
  private readonly ranks = new Map<string, number>();
  private readonly byFact = new Map<string, string>();

  constructor(readonly table: Readonly<Record<string, Command>>) {
    for (const [name, command] of Object.entries(table)) {
      this.ranks.set(command.fact, command.rank);
      this.byFact.set(command.fact, name);
    }
  }

  find(name: string): Command | undefined {
    return Object.hasOwn(this.table, name) ? this.table[name] : undefined;
  }

  /** The command that puts this fact on record. */
  forFact(fact: string): (Command & { name: string }) | undefined {
    const name = this.byFact.get(fact);
    const command = name === undefined ? undefined : this.table[name];
    return name === undefined || command === undefined ? undefined : { ...command, name };
  }

  rank(fact: string): number {
    return this.ranks.get(fact) ?? 500;
  }

  /**
   * Reads what was typed. Unknown fields are refused; text is normalised and trimmed, control and bidirectional
   * override characters removed. Every fault is named, not only the first.
   */
  read(name: string, body: Readonly<Record<string, unknown>>, today: Day): { sent: Sent } | { wrong: Wrong[] } {
    const command = this.find(name);
    if (command === undefined) {
      return {
        wrong: [{ field: 'command', rule: 'unknown-command', message: 'Select something you can do on this case' }],
      };
    }
    const wrong: Wrong[] = [];
    const { on, ...fields } = body;
    const day = readOn(on, command, today, wrong);
    const payload = readEach('', command.fields, fields, today, wrong);
    return wrong.length > 0 || day === undefined ? { wrong } : { sent: { command: name, on: day, payload } };
  }
}

/** Reads fields that belong to no command by the same rules. */
export function readFields(
  fields: Readonly<Record<string, Field>>,
  body: Readonly<Record<string, unknown>>,
  today: Day,
): { read: Readonly<Record<string, unknown>> } | { wrong: Wrong[] } {
  const wrong: Wrong[] = [];
  const read = readEach('', fields, body, today, wrong);
  return wrong.length > 0 ? { wrong } : { read };
}

export const earliestDay: Day = '1996-01-01';
export const latestDay: Day = '2125-12-31';

function readOn(on: unknown, command: Command, today: Day, wrong: Wrong[]): Day | undefined {
  const what = 'The date it happened';
  if (on === undefined || on === null || on === '') {
    wrong.push({ field: 'on', rule: 'missing', message: 'Enter the date it happened' });
    return undefined;
  }
  if (typeof on !== 'string' || !isDay(on)) {
    wrong.push({ field: 'on', rule: 'not-a-date', message: `${what} must be a real date` });
    return undefined;
  }
  if (on < earliestDay) {
    wrong.push({ field: 'on', rule: 'too-early', message: `${what} must be on or after ${formatDay(earliestDay)}` });
    return undefined;
  }
  if (on > today) {
    wrong.push({ field: 'on', rule: 'in-the-future', message: `${what} must be today or in the past` });
    return undefined;
  }
  return on;
}

// Control characters but line breaks and tabs; bidirectional overrides and isolates; halves of a pair that no text has.
// eslint-disable-next-line no-control-regex
const unwanted = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/gu;

export const tidy = (text: string): string =>
  text.normalize('NFC').replace(unwanted, '').replace(/\r\n?/g, '\n').trim();

const lower = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);

function readField(name: string, field: Field, value: unknown, today: Day, wrong: Wrong[]): unknown {
  const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  const say = (rule: string, message: string): undefined => {
    wrong.push({ field: name, rule, message });
    return undefined;
  };
  if (empty) {
    if (field.optional === true) return undefined;
    const verb = field.kind === 'choice' || field.kind === 'yes-no' || field.kind === 'id' ? 'Select' : 'Enter';
    return say('missing', `${verb} ${lower(field.label)}`);
  }
  switch (field.kind) {
    case 'text': {
      if (typeof value !== 'string') return say('wrong-type', `${field.label} must be text`);
      const text = tidy(value);
      const max = field.max ?? 5000;
      if (text === '') return field.optional === true ? undefined : say('missing', `Enter ${lower(field.label)}`);
      if (text.length > max)
        return say('too-long', `${field.label} must be ${max.toLocaleString('en-GB')} characters or fewer`);
      return text;
    }
    case 'paragraphs': {
      const list: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/\n\s*\n/) : [];
      if (list.length === 0 || !list.every((one) => typeof one === 'string'))
        return say('wrong-type', `${field.label} must be text`);
      const most = field.most ?? 12;
      const max = field.max ?? 600;
      const paragraphs = list.map((one) => tidy(one)).filter((one) => one !== '');
      if (paragraphs.length === 0)
        return field.optional === true ? undefined : say('missing', `Enter ${lower(field.label)}`);
      if (paragraphs.length > most) return say('too-many', `${field.label} must have ${most} paragraphs or fewer`);
      if (paragraphs.some((one) => one.length > max))
        return say('too-long', `Each paragraph of ${lower(field.label)} must be ${max} characters or fewer`);
      return paragraphs;
    }
    case 'day': {
      if (typeof value !== 'string' || !isDay(value) || value < earliestDay || value > latestDay)
        return say('not-a-date', `${field.label} must be a real date`);
      if (field.past === true && value > today)
        return say('in-the-future', `${field.label} must be today or in the past`);
      if (field.future === true && value < today) return say('in-the-past', `${field.label} must be today or later`);
      return value;
    }
    case 'choice':
      return typeof value === 'string' && Object.hasOwn(field.options, value)
        ? value
        : say('not-offered', `Select ${lower(field.label)}`);
    case 'yes-no':
      if (value === true || value === 'yes') return true;
      if (value === false || value === 'no') return false;
      return say('not-offered', `Select yes or no for ${lower(field.label)}`);
    case 'id':
      return typeof value === 'string' && /^[A-Za-z0-9-]{1,60}$/.test(value)
        ? value
        : say('not-an-id', `Select ${lower(field.label)}`);
    case 'number': {
      const number =
        typeof value === 'number'
          ? value
          : typeof value === 'string' && /^-?\d{1,9}$/.test(value)
            ? Number(value)
            : NaN;
      return Number.isInteger(number) && number >= field.min && number <= field.max
        ? number
        : say('out-of-range', `${field.label} must be a number between ${field.min} and ${field.max}`);
    }
    case 'rows': {
      if (!Array.isArray(value)) return say('wrong-type', `${field.label} must be a list`);
      if (value.length > (field.most ?? 40))
        return say('too-many', `${field.label} must have ${field.most ?? 40} rows or fewer`);
      return value.map((row: unknown, index) => readRow(`${name}.${index}`, field.of, row, today, wrong));
    }
  }
}

function readRow(
  name: string,
  of: Readonly<Record<string, Field>>,
  row: unknown,
  today: Day,
  wrong: Wrong[],
): Record<string, unknown> {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    wrong.push({ field: name, rule: 'wrong-type', message: 'Each row must have its fields by name' });
    return {};
  }
  return readEach(`${name}.`, of, row as Record<string, unknown>, today, wrong);
}

function readEach(
  prefix: string,
  fields: Readonly<Record<string, Field>>,
  given: Readonly<Record<string, unknown>>,
  today: Day,
  wrong: Wrong[],
): Record<string, unknown> {
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(fields, field))
      wrong.push({
        field: `${prefix}${field.slice(0, 60)}`,
        rule: 'unknown-field',
        message: 'This field is not known here: leave it out',
      });
  }
  const read: Record<string, unknown> = {};
  for (const [field, kind] of Object.entries(fields)) {
    const found = readField(
      `${prefix}${field}`,
      kind,
      Object.hasOwn(given, field) ? given[field] : undefined,
      today,
      wrong,
    );
    if (found !== undefined) read[field] = found;
  }
  return read;
}

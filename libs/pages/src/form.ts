import { type Day, isDay } from '@send/statute';
import { csrfField } from './own-request';

/** Control characters but line breaks and tabs; marks that turn the direction of text round. */
// eslint-disable-next-line no-control-regex
const unwanted = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

const tidy = (typed: string): string => typed.normalize('NFC').replace(unwanted, '').replace(/\r\n?/g, '\n');

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

export type ReadDay =
  | { readonly day: Day }
  | { readonly empty: true }
  | { readonly message: string; readonly part: 'day' | 'month' | 'year' };

/** One thing wrong with a form, and the field it is said beside. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  /** The id of the input that the error summary leads to; the field's own where nothing is said. */
  readonly href?: string;
}

/** As many as the body parser takes: a plan of a hundred items, or an answer about each of them. */
export const mostFields = 1600;

/** What was sent by a page's form: flat, text only. Anything else in it is left out, never a failure. */
export class Form {
  private readonly fields = new Map<string, string[]>();

  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null) return;
    for (const [name, value] of Object.entries(body).slice(0, mostFields)) {
      const values = (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
      if (values.length > 0) this.fields.set(name, values.map(tidy));
    }
  }

  names(): string[] {
    return [...this.fields.keys()];
  }

  /** As typed, but trimmed; empty where nothing was. */
  text(name: string): string {
    return (this.fields.get(name)?.[0] ?? '').trim();
  }

  all(name: string): string[] {
    return this.fields.get(name) ?? [];
  }

  /** Everything typed, to be carried along out of sight; without the token, which belongs to its session. */
  kept(): { name: string; value: string }[] {
    return [...this.fields].flatMap(([name, values]) =>
      name === csrfField ? [] : values.map((value) => ({ name, value })),
    );
  }

  choice<T extends string>(name: string, offered: readonly T[]): T | undefined {
    const typed = this.text(name);
    return offered.find((one) => one === typed);
  }

  /** Three boxes, or one with an ISO date. The first fault in order: missing, incomplete, not real. */
  day(name: string, what: string): ReadDay {
    const [day, month, year] = (['day', 'month', 'year'] as const).map((part) => this.text(`${name}-${part}`));
    const whole = this.text(name);
    if (!day && !month && !year) {
      if (whole === '') return { empty: true };
      return isDay(whole) ? { day: whole } : { message: `${what} must be a real date`, part: 'day' };
    }
    const missing = [!day && 'a day', !month && 'a month', !year && 'a year'].filter((part) => part !== false);
    if (missing.length > 0) {
      return {
        message: `${what} must include ${missing.join(' and ')}`,
        part: !day ? 'day' : !month ? 'month' : 'year',
      };
    }
    const number = monthNumber(month ?? '');
    const read =
      /^\d{1,2}$/.test(day ?? '') && /^\d{4}$/.test(year ?? '') && number > 0
        ? `${year}-${String(number).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`
        : '';
    if (isDay(read)) return { day: read };
    if (!/^\d{4}$/.test(year ?? '') && /^\d+$/.test(year ?? ''))
      return { message: 'Year must include 4 numbers', part: 'year' };
    return { message: `${what} must be a real date`, part: number > 0 ? 'day' : 'month' };
  }
}

function monthNumber(typed: string): number {
  if (/^\d{1,2}$/.test(typed)) return Number(typed) <= 12 ? Number(typed) : 0;
  const word = typed.toLowerCase().replace(/\.$/, '');
  if (word === 'sept') return 9;
  return word.length < 3 ? 0 : months.findIndex((month) => month === word || month.slice(0, 3) === word) + 1;
}

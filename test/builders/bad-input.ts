import { expect } from '@jest/globals';
import { addDays } from '@send/statute';
import type { Field } from '@send/workflow-kit';
import type { Response } from 'supertest';
import type { ApiApp, Sent } from './api-app';
import type { CaseWorld } from './case-with-family';
import { rightFields } from './process-run';

/** An id that nobody has. */
export const random = '0198a000-0000-7000-8000-00000000dead';

export interface Expected {
  readonly status: number | readonly number[];
  readonly kind?: string | readonly string[];
  readonly error?: { readonly field: string; readonly rule?: string };
  readonly says?: string;
}

export interface Wrongness {
  readonly is: string;
  readonly value: unknown;
  readonly rule: string;
  /** Where the fault is named, below the field itself. */
  readonly below?: string;
}

export const onWrong: readonly Wrongness[] = [
  { is: 'missing', value: undefined, rule: 'missing' },
  { is: 'a number', value: 20261105, rule: 'not-a-date' },
  { is: '31 February', value: '2026-02-31', rule: 'not-a-date' },
  { is: 'in the future', value: '2026-11-21', rule: 'in-the-future' },
  { is: 'before 1996', value: '1995-12-31', rule: 'too-early' },
  { is: 'a list', value: ['2026-11-05'], rule: 'not-a-date' },
];

/** Bad requests to the API: each must be refused in words, and leave nothing behind. */
export class BadInput {
  cases = 0;
  private marksSql: string | undefined;
  /** What was kept when the last bad request had been refused; unknown once something good was sent. */
  private kept: string | undefined;

  constructor(
    private readonly world: CaseWorld,
    private readonly api: ApiApp,
    /** What is on record, here and with another authority. */
    private readonly ids: Readonly<Record<'setting' | 'adviser', { readonly ours: string; readonly theirs: string }>>,
  ) {}

  /** A mark of everything that is kept. Refusals are noted in the audit, and are the one thing that bad input may leave. */
  async everythingKept(): Promise<string> {
    this.marksSql ??= await this.writeMarksSql();
    const rows = await this.world.test.ownerQuery<{ of: string; mark: string }>(this.marksSql);
    return rows.map(({ of, mark }) => `${of} ${mark}`).join('\n');
  }

  private async writeMarksSql(): Promise<string> {
    const tables = await this.world.test.ownerQuery<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('engine', 'letters', 'case_file') or (schemaname = 'access' and tablename in ('authority', 'staff', 'case_grant')) order by 1`,
    );
    // Whatever writes a row gives it another xmin: cheaper to add up than the rows' own text.
    const mark = `count(*)::text || ' ' || coalesce(sum(t.xmin::text::bigint), 0)::text as mark`;
    return [
      ...tables.map(({ name }) => `select '${name}' as of, ${mark} from ${name} t`),
      `select 'access.audit' as of, ${mark} from access.audit t where outcome <> 'refused'`,
    ].join(' union all ');
  }

  /** Something that may well be written. */
  well<T>(sent: Promise<T>): Promise<T> {
    this.kept = undefined;
    return sent;
  }

  /** One bad request: the stated answer, in words, and nothing written. */
  async refuses(name: string, method: string, path: string, sent: Sent, expected: Expected): Promise<Response> {
    this.cases += 1;
    const before = (this.kept ??= await this.everythingKept());
    const answer = await this.api.send(method, path, sent);
    const { body, status } = answer;
    const shown = { name, status, type: body.type, errors: body.errors, detail: body.detail };
    expect({ ...shown, fits: [expected.status].flat().includes(status) }).toEqual({ ...shown, fits: true });
    if (method !== 'HEAD' && status >= 400) {
      expect({ name, type: answer.headers['content-type'] }).toEqual({
        name,
        type: expect.stringContaining('application/problem+json'),
      });
      expect({ ...shown, title: body.title, instance: body.instance }).toMatchObject({
        status,
        type: expect.stringMatching(/^\/problems\/[a-z-]+$/),
        title: expect.any(String),
        detail: expect.stringMatching(/\S{3}/),
        instance: expect.stringMatching(/^urn:uuid:/),
      });
      expect(JSON.stringify(body)).not.toMatch(
        /\b(from|into|update) (engine|letters|case_file|access)\.|\.ts:\d|node_modules|QueryFailed/,
      );
    }
    if (expected.kind !== undefined)
      expect({
        ...shown,
        type: [expected.kind]
          .flat()
          .map((kind) => `/problems/${kind}`)
          .includes(body.type),
      }).toEqual({ ...shown, type: true });
    if (expected.error !== undefined) {
      const found =
        (body.errors as { field: string; rule: string; message: string }[] | undefined)?.filter(
          (one) => one.field === expected.error?.field,
        ) ?? [];
      expect({ ...shown, found }).toEqual({
        ...shown,
        found: [expect.objectContaining({ ...expected.error, message: expect.stringMatching(/\S+ \S+/) })],
      });
    }
    if (expected.says !== undefined)
      expect({ name, detail: body.detail }).toEqual({ name, detail: expect.stringContaining(expected.says) });
    expect({ name, kept: await this.everythingKept() }).toEqual({ name, kept: before });
    return answer;
  }

  /** Every field that must be there, and no other. */
  rightFields(fields: Readonly<Record<string, Field>>): Record<string, unknown> {
    const { setting, adviser } = this.ids;
    return rightFields(fields, { setting: setting.ours, adviser: adviser.ours }, this.world.clock.today());
  }

  /** Everything wrong that may be typed into a field of this kind. */
  wrongValues(field: Field): Wrongness[] {
    const missing =
      field.optional === true
        ? []
        : [
            { is: 'missing', value: undefined, rule: 'missing' },
            { is: 'empty', value: '', rule: 'missing' },
            { is: 'null', value: null, rule: 'missing' },
          ];
    switch (field.kind) {
      case 'text':
        return [
          ...missing,
          { is: 'a number', value: 5, rule: 'wrong-type' },
          { is: 'an object', value: { a: 1 }, rule: 'wrong-type' },
          { is: 'oversized', value: 'x'.repeat((field.max ?? 5000) + 1), rule: 'too-long' },
          ...(field.optional === true
            ? []
            : [{ is: 'control characters only', value: '\u0000\u0007 \u202e', rule: 'missing' }]),
        ];
      case 'day':
        return [
          ...missing,
          { is: 'a number', value: 20261105, rule: 'not-a-date' },
          { is: '31 February', value: '2026-02-31', rule: 'not-a-date' },
          { is: 'a word', value: 'soon', rule: 'not-a-date' },
          { is: 'too early', value: '1995-12-31', rule: 'not-a-date' },
          { is: 'too late', value: '2126-01-01', rule: 'not-a-date' },
          ...(field.past === true
            ? [{ is: 'in the future', value: addDays(this.world.clock.today(), 1), rule: 'in-the-future' }]
            : []),
          ...(field.future === true
            ? [{ is: 'in the past', value: addDays(this.world.clock.today(), -1), rule: 'in-the-past' }]
            : []),
        ];
      case 'choice':
        return [
          ...missing,
          { is: 'not offered', value: 'no-such-thing', rule: 'not-offered' },
          { is: 'of the prototype', value: 'toString', rule: 'not-offered' },
          { is: 'a number', value: 1, rule: 'not-offered' },
        ];
      case 'yes-no':
        return [
          ...missing,
          { is: 'neither', value: 'perhaps', rule: 'not-offered' },
          { is: 'a number', value: 1, rule: 'not-offered' },
        ];
      case 'id':
        return [
          ...missing,
          { is: 'no id', value: 'no id!', rule: 'not-an-id' },
          { is: 'an object', value: { id: 1 }, rule: 'not-an-id' },
          { is: 'oversized', value: 'a'.repeat(61), rule: 'not-an-id' },
          ...(field.of === undefined
            ? []
            : [
                { is: 'unknown', value: random, rule: 'unknown' },
                { is: 'well-formed, but no id of ours', value: 'abc', rule: 'unknown' },
                {
                  is: 'another authority’s',
                  value: this.ids[field.of === 'adviser' ? 'adviser' : 'setting'].theirs,
                  rule: 'unknown',
                },
              ]),
        ];
      case 'number':
        return [
          ...missing,
          { is: 'a word', value: 'many', rule: 'out-of-range' },
          { is: 'too small', value: field.min - 1, rule: 'out-of-range' },
          { is: 'too large', value: 1e21, rule: 'out-of-range' },
          { is: 'a fraction', value: 1.5, rule: 'out-of-range' },
        ];
      case 'paragraphs':
        return [
          ...missing,
          { is: 'a number', value: 7, rule: 'wrong-type' },
          { is: 'a list of numbers', value: [7], rule: 'wrong-type' },
          { is: 'too many', value: Array.from({ length: (field.most ?? 12) + 1 }, () => 'Words.'), rule: 'too-many' },
          { is: 'oversized', value: ['x'.repeat((field.max ?? 600) + 1)], rule: 'too-long' },
        ];
      case 'rows':
        return [
          ...missing,
          { is: 'a word', value: 'x', rule: 'wrong-type' },
          { is: 'a list of numbers', value: [7], rule: 'wrong-type', below: '.0' },
          { is: 'too many', value: Array.from({ length: (field.most ?? 40) + 1 }, () => ({})), rule: 'too-many' },
          {
            is: 'a row with an unknown field',
            value: [{ ...this.rightFields(field.of), unknown: 1 }],
            rule: 'unknown-field',
            below: '.0.unknown',
          },
          ...Object.entries(field.of).flatMap(([name, one]) =>
            this.wrongValues(one).map((wrong) => ({
              ...wrong,
              is: `${name} ${wrong.is}`,
              value: [{ ...this.rightFields(field.of), [name]: wrong.value }],
              below: `.0.${name}${wrong.below ?? ''}`,
            })),
          ),
        ];
    }
  }
}

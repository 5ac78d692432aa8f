import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { letterCatalogue, loadCatalogue, templateInForce, templatesFolder } from './catalogue';
import { checkLetter } from './check';
import { compose, requiredValues, twoMonthsAfter } from './compose';
import { typicalValues, worstValues } from './example-values';
import type { LetterValues, Problem } from './values';
import { readLetterHtml } from './html';

const on = '2026-12-10';
const catalogue = letterCatalogue();
const rules = (problems: readonly Problem[]): string[] => problems.map(({ rule }) => rule);
const refuse = (change: (values: LetterValues) => void): Problem[] => {
  const values = typicalValues('parent');
  change(values);
  return compose('assessment.refuse', values, on).problems;
};
const template = templateInForce(catalogue, 'assessment.refuse', on);
if (!template) throw new Error('The refusal letter is not in force.');

describe('what keeps a letter from being approved', () => {
  const cases: [string, (values: LetterValues) => void, Partial<Problem>][] = [
    [
      'a missing field, by its name',
      (v) => delete v.dates.requestReceived,
      { rule: 'missing-value', field: 'dates.requestReceived' },
    ],
    [
      'an empty field',
      (v) => (v.mediation = { name: ' ', phone: '1', email: 'a@b.example' }),
      { rule: 'missing-value', field: 'mediation.name' },
    ],
    ['no reasons', (v) => (v.reasons = []), { rule: 'missing-value', field: 'reasons' }],
    ['an empty reason', (v) => v.reasons?.push('  '), { rule: 'reasons', field: 'reasons.3' }],
    [
      'a reason with an open field',
      (v) => (v.reasons = ['Because of {{reason}}.']),
      { rule: 'reasons', field: 'reasons.0' },
    ],
    ['a reason too long', (v) => (v.reasons = ['a'.repeat(601)]), { rule: 'reasons', field: 'reasons.0' }],
    [
      'an unreal day',
      (v) => (v.dates.requestReceived = '2026-02-30'),
      { rule: 'unreal-date', field: 'dates.requestReceived' },
    ],
    [
      'an appeal date that is not two months on',
      (v) => (v.dates.appealLastDay = '2027-02-11'),
      { rule: 'appeal-date', field: 'dates.appealLastDay' },
    ],
    [
      'a mediation date that is not two months on',
      (v) => (v.dates.mediationContactBy = '2027-02-09'),
      { rule: 'appeal-date' },
    ],
    ['the wrong kind of reader', (v) => (v.recipient.kind = 'setting'), { rule: 'wrong-addressee' }],
    ['no postcode', (v) => (v.recipient.addressLines = ['1 Mill Lane', 'Levelham']), { rule: 'address' }],
    [
      'too long an address',
      (v) => (v.recipient.addressLines = ['1', '2', '3', '4', '5', '6', 'LV4 7QT']),
      { rule: 'address' },
    ],
    ['an address that begins with a mark', (v) => (v.recipient.addressLines[1] = '(Levelham)'), { rule: 'address' }],
    ['no fixed abode', (v) => (v.recipient.addressLines[0] = 'NFA'), { rule: 'address' }],
  ];
  it.each(cases)('%s', (_, change, problem) => {
    expect(refuse(change)).toEqual(expect.arrayContaining([expect.objectContaining(problem)]));
    for (const { wayOut } of refuse(change)) expect(wayOut).not.toBe('');
  });

  it('says the Tribunal’s day when the last day falls in August or at Christmas', () => {
    const atSummer = (until?: string): LetterValues => {
      const values = { ...typicalValues('parent'), letterDate: '2026-06-10' };
      values.dates = { ...values.dates, appealLastDay: '2026-08-10', mediationContactBy: '2026-08-10' };
      return until === undefined ? values : { ...values, dates: { ...values.dates, tribunalTakesAppealUntil: until } };
    };
    expect(rules(compose('assessment.refuse', atSummer(), on).problems)).toEqual(['appeal-date']);
    const said = compose('assessment.refuse', atSummer('2026-09-01'), on);
    expect(said.problems).toEqual([]);
    expect(said.html).toContain('<strong>1 September 2026</strong>');
  });

  it('gives the family at least fifteen days, the day of service being the first', () => {
    const values = typicalValues('parent');
    values.dates = { ...values.dates, served: '2027-03-01', representationsLastDay: '2027-03-14' };
    expect(rules(compose('plan.draft', values, on).problems)).toEqual(['representations-date']);
    values.dates.representationsLastDay = '2027-03-15';
    expect(compose('plan.draft', values, on).problems).toEqual([]);
  });

  it('names an unknown letter and one not yet in force', () => {
    expect(rules(compose('assessment.nothing', typicalValues('parent'), on).problems)).toEqual(['no-such-template']);
    expect(rules(compose('assessment.refuse', typicalValues('parent'), '2014-08-31').problems)).toEqual([
      'not-in-force',
    ]);
  });

  it('asks beforehand for what the letter needs', () => {
    expect(requiredValues('assessment.refuse', on)).toEqual(
      expect.arrayContaining(['reasons', 'dates.appealLastDay', 'mediation.phone', 'dates.requestReceived']),
    );
    expect(requiredValues('assessment.advice-received', on)).not.toContain('reasons');
  });
});

it('counts two months by the corresponding date', () => {
  expect(['2026-12-31', '2027-12-31', '2026-06-30', '2026-07-31'].map(twoMonthsAfter)).toEqual([
    '2027-02-28',
    '2028-02-29',
    '2026-08-30',
    '2026-09-30',
  ]);
});

describe('a written letter, read again', () => {
  const { html } = compose('assessment.refuse', typicalValues('parent'), on);
  const check = (changed: string): Problem[] =>
    checkLetter(catalogue, template, changed, typicalValues('parent')).problems;

  it('passes as it was written', () => expect(check(html)).toEqual([]));

  it.each(Object.keys(template.tells))('fails without the block %s, and with it empty', (block) => {
    const open = `<section data-tells="${block}">`;
    const start = html.indexOf(open);
    const end = html.indexOf('</section>', start);
    const dropped = html.slice(0, start) + html.slice(end + '</section>'.length);
    expect(check(dropped)).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'block-missing', block })]));
    const emptied = html.slice(0, start + open.length) + html.slice(end);
    expect(check(emptied)).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'block-empty', block })]));
  });

  it('fails when the words of a right are altered', () => {
    expect(check(html.replace('You have the right to ask for mediation', 'You may ask for mediation'))).toEqual([
      expect.objectContaining({ rule: 'rights-wording-altered', block: 'mediation_reg32' }),
    ]);
    expect(rules(check(html.replace('It is free, and it', 'It')))).toEqual(['rights-wording-altered']);
  });

  it('fails with a date nobody gave, another letter date, an open field or other markup', () => {
    expect(rules(check(html.replace('2 November 2026', '3 November 2026')))).toEqual(['date-not-from-values']);
    expect(rules(check(html.replace('<p>10 December 2026</p>', '<p>2 November 2026</p>')))).toEqual(['letter-date']);
    expect(rules(check(html.replace('Dear', 'Dear {{name}}')))).toEqual(['unresolved-field']);
    expect(rules(check(`${html}<img src="x">`))).toEqual(['markup']);
    expect(rules(check(html.replace('<p>Dear', '<p onclick="x">Dear')))).toEqual(['markup']);
    expect(rules(check(html.replace('href="https:', 'href="javascript:')))).toEqual(['markup']);
  });
});

describe('what people write', () => {
  it('is text and never markup', () => {
    const values = typicalValues('parent');
    values.reasons = ['<script>alert(1)</script> & <b>bold</b>'];
    const { html, problems } = compose('assessment.refuse', values, on);
    expect(problems).toEqual([]);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(readLetterHtml(html).text).toContain('<script>alert(1)</script> & <b>bold</b>');
  });

  it('cannot be a template or reach a prototype', () => {
    const said = (source: string): string => {
      try {
        return catalogue.wording.body(source, { child: {}, reasons: [] });
      } catch {
        return '';
      }
    };
    const values = worstValues('parent');
    values.requestFrom = '{{constructor}}';
    expect(rules(compose('assessment.ack-request', values, on).problems)).toEqual(['unresolved-field']);
    const sly = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": "x"}') as LetterValues['child'];
    compose(
      'assessment.refuse',
      { ...typicalValues('parent'), child: { ...typicalValues('parent').child, ...sly } },
      on,
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    for (const path of ['constructor', '__proto__', 'child.constructor.name', 'child.__proto__', 'reasons.map']) {
      // Values are without a prototype when a letter is composed; even with one, nothing of it is said.
      expect(said(`{{${path}}}`)).toBe('');
      expect(catalogue.wording.body(`{{#given "${path}"}}reached{{/given}}`, { child: {}, reasons: [] })).toBe('');
    }
  });

  it.each([
    '{{#if a}}{{/if}}',
    '{{lookup a "b"}}',
    '{{log a}}',
    '{{#with a}}{{/with}}',
    '{{shout a}}',
    '{{> nothing}}',
  ])('cannot use %s, which is not among a template’s words', (source) =>
    expect(() => catalogue.wording.body(source, { a: { b: 'c' } })).toThrow(),
  );
});

describe('the catalogue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const copyWith = (file: string, change: (text: string) => string): (() => ReturnType<typeof loadCatalogue>) => {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(templatesFolder(), copy, { recursive: true });
    writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
    return () => loadCatalogue(copy);
  };
  const letter = 'letters/assessment/refuse.hbs';

  it('finds a right whose words differ from the lock, in every letter that carries it', () => {
    const altered = copyWith('partials/rights/mediation.hbs', (text) => text.replace('It is free. ', ''))();
    expect(altered.altered).toEqual(['rights/mediation']);
    expect(rules(compose('assessment.refuse', typicalValues('parent'), on, altered).problems)).toEqual([
      'rights-wording-altered',
    ]);
    expect(rules(compose('assessment.agree', typicalValues('parent'), on, altered).problems)).toEqual([]);
  });

  it('finds a letter that says a right in its own words, or leaves one out', () => {
    const own = copyWith(letter, (text) =>
      text.replace('{{> rights/a}}', '{{#tells "right_of_appeal"}}<p>You could perhaps appeal.</p>{{/tells}}'),
    )();
    const found = compose('assessment.refuse', typicalValues('parent'), on, own).problems;
    expect(found).toEqual(
      expect.arrayContaining([expect.objectContaining({ rule: 'rights-wording-altered', block: 'right_of_appeal' })]),
    );
    expect(found).toEqual(
      expect.arrayContaining([expect.objectContaining({ rule: 'block-missing', block: 'mediation_reg32' })]),
    );
  });

  const faults: [string, (text: string) => string, RegExp][] = [
    ['no front matter', (text) => text.replace('---', ''), /must begin with front matter/],
    [
      'another id',
      (text) => text.replace('id: assessment.refuse', 'id: assessment.other'),
      /the file's place says assessment\.refuse/,
    ],
    ['an unknown name', (text) => text.replace('channel:', 'chanel:'), /"chanel" is not a name/],
    ['an unreal day', (text) => text.replace('2014-09-01', '2014-09-31'), /"effective" must be/],
    ['an unknown reader', (text) => text.replace('[parent, young-person]', '[parents]'), /"to" names parents/],
    ['unknown rights', (text) => text.replace('rights: A', 'rights: D'), /"rights" must be/],
    ['no authority', (text) => text.replace(/ {2}decision: .*/, "  decision: ''"), /no authority for decision/],
    ['a child’s letter that is not there', (text) => text.replace('child-decision', 'child-nothing'), /does not exist/],
  ];
  it.each(faults)('refuses to start with %s', (_, change, message) => {
    expect(copyWith(letter, change)).toThrow(message);
  });

  it('holds versions side by side and uses the one in force', () => {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(templatesFolder(), copy, { recursive: true });
    const text = readFileSync(join(copy, letter), 'utf8');
    writeFileSync(
      join(copy, letter),
      text.replace("version: '1'", "version: '2'").replace("[2014-09-01, '']", "[2027-01-01, '']"),
    );
    const earlier = 'letters/assessment/refuse@1.hbs';
    writeFileSync(join(copy, earlier), text);
    expect(() => loadCatalogue(copy)).toThrow(/both in force/);
    writeFileSync(join(copy, earlier), text.replace("[2014-09-01, '']", '[2014-09-01, 2026-12-31]'));
    const both = loadCatalogue(copy);
    expect(templateInForce(both, 'assessment.refuse', '2026-12-31')?.version).toBe('1');
    expect(templateInForce(both, 'assessment.refuse', '2027-01-01')?.version).toBe('2');
  });
});

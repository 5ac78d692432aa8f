import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { letterCatalogue, templatesFolder } from './catalogue';
import { compose, requiredValues } from './compose';
import { smallestValues, typicalValues, worstValues } from './example-values';
import { type Block, readLetterHtml, textOfBlocks } from './html';
import { readability } from './readability';
import { typesetLetter } from './typeset';
import type { LetterValues, RecipientKind } from './values';

const on = '2026-12-10';
const { templates, locked } = letterCatalogue();
const folder = mkdtempSync(join(tmpdir(), 'letters-'));
const file = join(folder, 'letter.pdf');
afterAll(() => rmSync(folder, { recursive: true }));

/** Letters and digits only, as a PDF's text has its own spaces, line ends and joined letters. */
const plain = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');

const letters = templates.flatMap(({ id, to }) => to.map((kind): [string, RecipientKind] => [id, kind]));

interface RequiredBlocks {
  letters: Record<string, string[]>;
}

/** Each letter is set in type once and looked at twice. */
const set = new Map<string, Buffer>();
function typeset(name: string, letter: Parameters<typeof typesetLetter>[0]): Buffer {
  const pdf = set.get(name) ?? typesetLetter(letter).pdf;
  set.set(name, pdf);
  return pdf;
}

describe('every letter', () => {
  const samples: [string, (id: string, kind: RecipientKind) => LetterValues][] = [
    ['smallest', (id, kind) => smallestValues(kind, requiredValues(id, on))],
    ['typical', (_, kind) => typicalValues(kind)],
    ['worst', (_, kind) => worstValues(kind)],
  ];
  for (const [name, make] of samples) {
    it.each(letters)(`%s to a %s passes and is typeset with all its blocks: ${name} values`, (id, kind) => {
      const letter = compose(id, make(id, kind), on);
      expect(letter.problems).toEqual([]);
      expect(letter.html).not.toMatch(/\{\{|\}\}|undefined|\[object/);
      writeFileSync(file, typeset(`${id} ${kind} ${name}`, letter));
      const page = plain(execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }));
      for (const { text } of readLetterHtml(letter.html).told) {
        const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
        expect(plain(line)).not.toBe('');
        // Text of two directions is laid out in an order of its own; there the block's own words are enough.
        if (name !== 'worst') expect(page).toContain(plain(line).slice(0, 40));
      }
    });
  }

  it.each(letters)('%s to a %s keeps the first sheet as the print service wants it', (id, kind) => {
    for (const [name, values] of [
      ['typical', typicalValues(kind)],
      ['worst', worstValues(kind)],
    ] as const) {
      writeFileSync(file, typeset(`${id} ${kind} ${name}`, compose(id, values, on)));
      const boxes = execFileSync('pdftotext', ['-bbox', '-l', '1', file, '-'], { encoding: 'utf8' });
      const mm = (points: string | undefined): number => (Number(points) * 25.4) / 72;
      const words = [...boxes.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">/g)];
      expect(words.length).toBeGreaterThan(20);
      const astray = words
        .map(([, left, top, right, bottom]) => ({ left: mm(left), top: mm(top), right: mm(right), bottom: mm(bottom) }))
        .filter(({ left, top, right, bottom }) => {
          const within = (x1: number, y1: number, x2: number, y2: number): boolean =>
            left >= x1 && top >= y1 && right <= x2 && bottom <= y2;
          return !(
            within(15, 5, 125, 30) ||
            within(24.6, 39.5, 120, 66.3) ||
            within(125, 5, 195, 95) ||
            within(15, 95, 195, 292)
          );
        });
      expect(astray).toEqual([]);
    }
  });

  it('declares every block that the catalogue of letters requires of it', () => {
    const own = JSON.parse(
      readFileSync(join(templatesFolder(), 'letters/required-blocks.json'), 'utf8'),
    ) as RequiredBlocks;
    expect(templates.map(({ id }) => id).filter((id) => !(id in own.letters))).toEqual([]);
    for (const { id, tells } of templates)
      expect(Object.keys(tells)).toEqual(expect.arrayContaining(own.letters[id] ?? []));

    const original = join(templatesFolder(), '../../shared/letters.json');
    if (!existsSync(original)) return;
    const { letters: all } = JSON.parse(readFileSync(original, 'utf8')) as {
      letters: { id: string; required_blocks: string[] }[];
    };
    expect(own.letters).toEqual(Object.fromEntries(all.map(({ id, required_blocks }) => [id, required_blocks])));
  });

  it('uses the form and the rights of its decision', () => {
    const refuse = compose('assessment.refuse', typicalValues('parent'), on).html;
    const final = compose('plan.final', typicalValues('parent'), on).html;
    const noPlan = compose('assessment.refuse-plan', typicalValues('parent'), on).html;
    expect(refuse).toContain('form SEND35A');
    expect(refuse).not.toContain('recommendations');
    for (const html of [final, noPlan]) expect(html).toMatch(/form SEND35\.[\s\S]*recommendations/);
    expect(final).toContain('You do not need a certificate if you appeal only about Section I');
    expect(noPlan).not.toContain('Section I');
    expect(Object.keys(locked.A)).toHaveLength(5);
    expect(Object.keys(locked.B)).toHaveLength(6);
    expect(Object.keys(locked.C)).toHaveLength(7);
  });

  it('tells advisers and partners nothing of the family, its evidence or our reasons', () => {
    const held = templates.filter(({ tells }) => 'minimum_disclosure' in tells);
    expect(held.length).toBeGreaterThan(15);
    for (const { id, to } of held) {
      const values = typicalValues(to[0] ?? 'setting');
      values.reasons = ['REASON-MARK'];
      values.evidence = [{ title: 'EVIDENCE-MARK', author: 'AUTHOR-MARK', date: '2026-10-12' }];
      values.exception = { whatIsLate: 'LATE-MARK', facts: 'FACTS-MARK', meanwhile: 'MEANWHILE-MARK' };
      values.requestFrom = 'REQUEST-MARK';
      values.supportNow = ['SUPPORT-MARK'];
      expect(compose(id, values, on).html).not.toMatch(/-MARK/);
    }
  });
});

describe('the words', () => {
  const banned =
    /unfortunately|pursuant|failed to engage|panel refused|\b(?:e\.g|i\.e|etc|via|per annum|inter alia)\b|herein|commence/i;

  /** What the template says, without headings, labels of the letterhead and the words that people wrote. */
  const bodyText = (id: string, kind: RecipientKind): string => {
    const values = { ...typicalValues(kind), reasons: ['We read it.'], evidence: [], supportNow: [] };
    const keep = ({ kind: block }: Block): boolean => block !== 'part' && block !== 'heading';
    return textOfBlocks(readLetterHtml(compose(id, values, on).html).blocks.filter(keep));
  };

  it('can be read: Flesch-Kincaid grade, mean and longest sentence of every letter', () => {
    const rows = letters.map(([id, kind]) => {
      const template = templates.find((one) => one.id === id);
      const gate = id.includes('.child-') ? 6 : template?.rights === 'none' ? 8 : 9;
      return { id, kind, gate, ...readability(bodyText(id, kind)) };
    });
    const line = (cells: (string | number)[]): string =>
      cells
        .map((cell, index) => (index < 2 ? String(cell).padEnd(40 - 25 * index) : String(cell).padStart(8)))
        .join('');
    process.stdout.write(
      [
        line(['letter', 'to', 'gate', 'grade', 'mean', 'longest', 'words']),
        ...rows.map(({ id, kind, gate, grade, meanSentence, longestSentence, words }) =>
          line([id, kind, gate, grade.toFixed(1), meanSentence.toFixed(1), longestSentence.words, words]),
        ),
      ].join('\n') + '\n',
    );
    expect(rows.filter(({ grade, gate }) => grade > gate)).toEqual([]);
    expect(rows.filter(({ meanSentence }) => meanSentence > 15)).toEqual([]);
    expect(rows.filter(({ longestSentence }) => longestSentence.words > 25)).toEqual([]);
  });

  it('keeps a letter to a child within 150 words', () => {
    for (const { id } of templates.filter((one) => one.id.includes('.child-'))) {
      for (const decision of ['assess', 'not-assess', 'plan', 'no-plan']) {
        const { html } = compose(id, { ...typicalValues('child'), decision }, on);
        const text = textOfBlocks(readLetterHtml(html).blocks.filter(({ kind }) => kind !== 'part'));
        expect(text.split(/\s+/).length).toBeLessThanOrEqual(150);
      }
    }
  });

  it('has no word that blames, hides or is Latin, and speaks to a young person as you', () => {
    for (const [id, kind] of letters) {
      const text = bodyText(id, kind);
      expect(`${id}: ${banned.exec(text)?.[0] ?? ''}`).toBe(`${id}: `);
      if (kind === 'young-person' && !id.includes('.child-')) {
        expect(text).not.toMatch(/Rowan/);
        expect(text).not.toMatch(/\b(?:you (?:has|needs|is|finds|does|enjoys|thinks|lives)|does you)\b/i);
      }
    }
  });
});

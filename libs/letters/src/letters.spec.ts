import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, requiredValues } from './compose';
import { letterCatalogue, templatesFolder } from './catalogue';
import { smallestValues, typicalValues, worstValues } from './example-values';
import { readLetterHtml, textOfBlocks } from './html';
import { readability } from './readability';
import { typesetLetter } from './typeset';
import type { LetterValues, RecipientKind } from './values';

const on = '2026-12-10';
const { templates } = letterCatalogue();
const folder = mkdtempSync(join(tmpdir(), 'letters-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pdfText(pdf: Buffer): string {
  const file = join(folder, 'letter.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

const letters = templates.flatMap(({ id, to }) => to.map((kind): [string, RecipientKind] => [id, kind]));

describe('every letter', () => {
  const samples: [string, (id: string, kind: RecipientKind) => LetterValues][] = [
    ['smallest', (id, kind) => smallestValues(kind, requiredValues(id, on))],
    ['typical', (_, kind) => typicalValues(kind)],
    ['worst', (_, kind) => worstValues(kind)],
  ];
  for (const [name, make] of samples) {
    it.each(letters)(`%s to a %s passes with ${name} values and is typeset with all its blocks`, (id, kind) => {
      const letter = compose(id, make(id, kind), on);
      expect(letter.problems).toEqual([]);
      expect(letter.html).not.toMatch(/\{\{|\}\}|undefined|\[object/);
      const started = performance.now();
      const { pdf, pages } = typesetLetter(letter);
      expect(performance.now() - started).toBeLessThan(1000);
      expect(pages).toBeGreaterThan(0);
      const page = words(pdfText(pdf));
      for (const told of readLetterHtml(letter.html).told) {
        const first = words(told.text.split('\n').find((line) => line.trim() !== '') ?? '');
        if (name !== 'worst') expect(page).toContain(first.slice(0, 40));
      }
    });
  }
});

/** Letters and digits only, as a PDF's text has its own spaces, line ends and joined letters. */
const words = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
void [existsSync, readFileSync, templatesFolder, textOfBlocks, readability];

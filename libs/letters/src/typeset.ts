import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Day } from '@send/statute';
import { templatesFolder } from './catalogue';
import { readLetterHtml } from './html';

/** What the typesetter needs; a ComposedLetter is one. */
export interface TypesetJob {
  html: string;
  title: string;
  letterDate: Day;
}

export interface TypesetLetter {
  pdf: Buffer;
  /** Of the PDF, in hexadecimal. */
  sha256: string;
  pages: number;
}

/** Letters between two clean-ups of the compiler's memory: fewer costs time, more costs memory. */
const lettersPerEviction = 50;

interface Press {
  compiler: NodeCompiler;
  style: string;
  letters: number;
}

let press: Press | undefined;

/**
 * Draws a letter as PDF/UA-1. The same job gives the same bytes: the file's date is the letter's date, and no font of
 * the machine is used. Throws UnexpectedMarkup for HTML outside the letter's set, and where a character has no glyph.
 * Holds the thread for some milliseconds: in a server, go through a Typesetter.
 */
export function typesetLetter(job: TypesetJob): TypesetLetter {
  const { blocks } = readLetterHtml(job.html);
  return drawBlocks(JSON.stringify({ title: job.title, blocks }), job.letterDate);
}

/** The bare typesetter: data as `letter.typ` reads it, in; PDF out. */
export function drawBlocks(data: string, letterDate: Day): TypesetLetter {
  press ??= openPress();
  const { compiler, style } = press;
  const compiled = compiler.compile({ mainFileContent: style, inputs: { data } });
  const document = compiled.result;
  if (!document)
    throw new Error(`The letter cannot be typeset: ${faults(compiled.takeDiagnostics()?.shortDiagnostics)}`);
  const pages = document.numOfPages;
  let pdf: Buffer;
  try {
    pdf = compiler.pdf(document, {
      pdfStandard: 'ua-1',
      creationTimestamp: Date.parse(`${letterDate}T00:00:00Z`) / 1000,
    });
  } catch (error) {
    throw new Error(`The letter cannot be typeset: ${faults([error])}`, { cause: error });
  }
  press.letters += 1;
  if (press.letters % lettersPerEviction === 0) compiler.evictCache(10);
  return { pdf, sha256: createHash('sha256').update(pdf).digest('hex'), pages };
}

function openPress(): Press {
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/source-sans-3/package.json'));
  const fontPaths = ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'].map((face) => join(fonts, face));
  return {
    compiler: NodeCompiler.create({ fontArgs: [{ fontPaths }] }),
    style: readFileSync(join(templatesFolder(), 'letter.typ'), 'utf8'),
    letters: 0,
  };
}

/** The compiler's own words without its spans. */
function faults(diagnostics: readonly unknown[] = []): string {
  const found = diagnostics.map((one) => {
    const text = one instanceof Error ? one.message : JSON.stringify(one);
    return [...text.matchAll(/"?message"?: ?"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '').join('; ') || text;
  });
  return found.join('; ') || 'no reason was given.';
}

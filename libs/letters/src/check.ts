import type { Catalogue, LetterTemplate } from './catalogue';
import { type ReadLetter, readLetterHtml, UnexpectedMarkup } from './html';
import type { LetterValues, Problem } from './values';
import { datesIn, dayInWords } from './wording';

export interface CheckedLetter {
  tells: string[];
  problems: Problem[];
}

/** Reads a written letter again and compares it with what its template owes the reader. Used at writing and approval. */
export function checkLetter(
  catalogue: Catalogue,
  template: LetterTemplate,
  html: string,
  values: LetterValues,
): CheckedLetter {
  let letter: ReadLetter;
  try {
    letter = readLetterHtml(html);
  } catch (error) {
    if (!(error instanceof UnexpectedMarkup)) throw error;
    return { tells: [], problems: [{ rule: 'markup', wayOut: error.message }] };
  }
  return {
    tells: letter.told.map(({ block }) => block),
    problems: [
      ...blockProblems(template, letter),
      ...rightsProblems(catalogue, template, letter),
      ...dateProblems(letter, values),
      ...(/\{\{|\}\}/.test(letter.text)
        ? [{ rule: 'unresolved-field', wayOut: 'A field in {{ }} was left open. Fill it in.' } as const]
        : []),
    ],
  };
}

function blockProblems(template: LetterTemplate, { told }: ReadLetter): Problem[] {
  const owed = Object.entries(template.tells).flatMap(([block, authority]): Problem[] => {
    const found = told.filter((one) => one.block === block);
    if (found.length === 0) {
      return [{ rule: 'block-missing', block, wayOut: `The letter must tell the reader "${block}" (${authority}).` }];
    }
    return found.some(({ text }) => /\p{L}/u.test(text))
      ? []
      : [{ rule: 'block-empty', block, wayOut: `The part "${block}" is empty (${authority}).` }];
  });
  const undeclared = told
    .filter(({ block }) => !Object.hasOwn(template.tells, block))
    .map(({ block }): Problem => ({
      rule: 'block-undeclared',
      block,
      wayOut: `List "${block}" under tells in the template.`,
    }));
  return [...owed, ...undeclared];
}

/** The words of a right may differ from those approved neither in their source nor on the page. */
function rightsProblems(catalogue: Catalogue, template: LetterTemplate, { told }: ReadLetter): Problem[] {
  const problems: Problem[] = [];
  if (template.rights === 'none') return problems;
  for (const name of catalogue.altered) {
    problems.push({
      rule: 'rights-wording-altered',
      wayOut: `${name} differs from its approved wording. Put it back, or have the legal owner approve it and record it in rights.lock.json.`,
    });
  }
  for (const [block, sentences] of Object.entries(catalogue.locked[template.rights])) {
    const section = told.find((one) => one.block === block);
    if (section && !saysInOrder(plain(section.html), sentences)) {
      problems.push({
        rule: 'rights-wording-altered',
        block,
        wayOut: `The part "${block}" does not carry the locked wording of rights block ${template.rights}. Write the letter again.`,
      });
    }
  }
  return problems;
}

function saysInOrder(text: string, sentences: readonly string[]): boolean {
  let from = 0;
  for (const sentence of sentences) {
    const found = text.indexOf(sentence, from);
    if (found < 0) return false;
    from = found + sentence.length;
  }
  return true;
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** No date may stand in a letter that the law library or a person did not give. */
function dateProblems({ blocks, text }: ReadLetter, values: LetterValues): Problem[] {
  const given = new Set<string>();
  const gather = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^\d{4}-\d{2}-\d{2}$/.test(value)) given.add(dayInWords(value));
      for (const date of datesIn(value)) given.add(date);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(gather);
  };
  gather(values);
  const strange = [...new Set(datesIn(text))].filter((date) => !given.has(date));
  const contact = blocks.find((block) => block.kind === 'part' && block.name === 'contact');
  const printed = contact?.kind === 'part' ? contact.blocks[0] : undefined;
  const letterDate =
    printed?.kind === 'paragraph'
      ? printed.runs
          .map((run) => run.text)
          .join('')
          .trim()
      : '';
  return [
    ...strange.map((date): Problem => ({
      rule: 'date-not-from-values',
      wayOut: `"${date}" is written in the template. A template may not hold a date.`,
    })),
    ...(letterDate === dayInWords(values.letterDate)
      ? []
      : [
          {
            rule: 'letter-date',
            field: 'letterDate',
            wayOut: `The date at the top must be ${dayInWords(values.letterDate)}.`,
          } as const,
        ]),
  ];
}

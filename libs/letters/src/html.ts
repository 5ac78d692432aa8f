import { type DefaultTreeAdapterTypes, parseFragment, serialize } from 'parse5';

/** A run of text with its marks. */
export interface Run {
  text: string;
  strong?: true;
  em?: true;
  href?: string;
}

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; runs: Run[] }
  | { kind: 'paragraph'; runs: Run[] }
  | { kind: 'list'; ordered: boolean; items: Block[][] }
  | { kind: 'table'; caption: Run[]; header: Run[][]; rows: Run[][][] }
  | { kind: 'address'; runs: Run[] }
  | { kind: 'part'; name: Part; blocks: Block[] };

/** Parts of a letter that have their own place on the first sheet. */
export const parts = ['letterhead', 'recipient', 'contact', 'signature'] as const;
export type Part = (typeof parts)[number];

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** HTML that is not in the small set a letter may use. */
export class UnexpectedMarkup extends Error {}

export interface ReadLetter {
  blocks: Block[];
  /** Inner HTML and text of each section with data-tells, in the order told; worked out when asked for. */
  told: { block: string; readonly html: string; readonly text: string }[];
  /** All the text, one line for each block, as a reader would see it. */
  text: string;
}

/** A letter is read by the check and at once again by the typesetter: reading is a third of the work of writing it. */
let lastRead: { html: string; letter: ReadLetter } | undefined;

/** Walks a letter's HTML. Throws UnexpectedMarkup at any tag or attribute outside the set the typesetter can draw. */
export function readLetterHtml(html: string): ReadLetter {
  if (lastRead?.html === html) return lastRead.letter;
  const told: ReadLetter['told'] = [];
  const blocks = blocksOf(parseFragment(html).childNodes, told, 'letter');
  const letter = { blocks, told, text: textOfBlocks(blocks) };
  lastRead = { html, letter };
  return letter;
}

function blocksOf(nodes: readonly Node[], told: ReadLetter['told'], inside: string): Block[] {
  return nodes.flatMap((node): Block[] => {
    if (isText(node)) {
      if (node.value.trim() === '') return [];
      throw new UnexpectedMarkup(`Text stands directly in ${inside}: "${node.value.trim().slice(0, 40)}".`);
    }
    if (!isElement(node)) return [];
    switch (node.tagName) {
      case 'h1':
      case 'h2':
      case 'h3':
        attributes(node, []);
        return [{ kind: 'heading', level: Number(node.tagName[1]) as 1 | 2 | 3, runs: runsOf(node.childNodes) }];
      case 'p':
        attributes(node, []);
        return [{ kind: 'paragraph', runs: runsOf(node.childNodes) }];
      case 'address':
        attributes(node, []);
        return [{ kind: 'address', runs: runsOf(node.childNodes) }];
      case 'ul':
      case 'ol':
        attributes(node, []);
        return [
          { kind: 'list', ordered: node.tagName === 'ol', items: elements(node, ['li']).map((li) => item(li, told)) },
        ];
      case 'table':
        return [table(node)];
      case 'section':
        return section(node, told);
      default:
        throw new UnexpectedMarkup(`A letter may not have <${node.tagName}> in ${inside}.`);
    }
  });
}

function section(node: Element, told: ReadLetter['told']): Block[] {
  const { 'data-tells': tells, 'data-part': part } = attributes(node, ['data-tells', 'data-part']);
  const blocks: Block[] = [];
  if (tells !== undefined) {
    told.push({
      block: tells,
      get html() {
        return serialize(node);
      },
      get text() {
        return textOfBlocks(blocks);
      },
    });
  }
  blocks.push(...blocksOf(node.childNodes, told, 'section'));
  if (part === undefined) return blocks;
  const name = parts.find((one) => one === part);
  if (!name) throw new UnexpectedMarkup(`A letter has no part "${part}".`);
  return [{ kind: 'part', name, blocks }];
}

/** An item is either a line of text or blocks. */
function item(li: Element, told: ReadLetter['told']): Block[] {
  attributes(li, []);
  const inline = li.childNodes.every((node) => isText(node) || (isElement(node) && inlineTags.has(node.tagName)));
  return inline ? [{ kind: 'paragraph', runs: runsOf(li.childNodes) }] : blocksOf(li.childNodes, told, 'li');
}

function table(node: Element): Block {
  attributes(node, []);
  const [caption, head, body, ...rest] = elements(node, ['caption', 'thead', 'tbody']);
  if (caption?.tagName !== 'caption' || head?.tagName !== 'thead' || body?.tagName !== 'tbody' || rest.length > 0) {
    throw new UnexpectedMarkup('A table must have a caption, a thead with one row, and a tbody.');
  }
  const row = (tr: Element, cell: 'th' | 'td'): Run[][] =>
    elements(tr, [cell]).map((one) => {
      attributes(one, cell === 'th' ? ['scope'] : []);
      return runsOf(one.childNodes);
    });
  const headers = elements(head, ['tr']).map((tr) => row(tr, 'th'));
  const header = headers[0];
  const rows = elements(body, ['tr']).map((tr) => row(tr, 'td'));
  if (!header || headers.length !== 1) throw new UnexpectedMarkup('A table must have exactly one header row.');
  if (rows.some((cells) => cells.length !== header.length)) {
    throw new UnexpectedMarkup('Every row of a table must have as many cells as its header.');
  }
  return { kind: 'table', caption: runsOf(caption.childNodes), header, rows };
}

const inlineTags = new Set(['strong', 'em', 'a', 'br']);

function runsOf(nodes: readonly Node[], marks: Omit<Run, 'text'> = {}): Run[] {
  const runs = nodes.flatMap((node): Run[] => {
    if (isText(node))
      return [{ ...marks, text: /[^\S ]| {2}/.test(node.value) ? node.value.replace(/\s+/g, ' ') : node.value }];
    if (!isElement(node)) return [];
    switch (node.tagName) {
      case 'br':
        return [{ text: '\n' }];
      case 'strong':
        attributes(node, []);
        return runsOf(node.childNodes, { ...marks, strong: true });
      case 'em':
        attributes(node, []);
        return runsOf(node.childNodes, { ...marks, em: true });
      case 'a': {
        const { href = '' } = attributes(node, ['href']);
        if (!/^(https?:\/\/|mailto:|tel:)/.test(href)) {
          throw new UnexpectedMarkup(`A link must lead to a web page, an email address or a phone number: "${href}".`);
        }
        return runsOf(node.childNodes, { ...marks, href });
      }
      default:
        throw new UnexpectedMarkup(`A letter may not have <${node.tagName}> in a line of text.`);
    }
  });
  while (runs.at(-1)?.text.trim() === '') runs.pop();
  return runs;
}

function elements(node: Element, names: readonly string[]): Element[] {
  return node.childNodes.flatMap((child) => {
    if (isText(child) && child.value.trim() === '') return [];
    if (isElement(child) && names.includes(child.tagName)) return [child];
    throw new UnexpectedMarkup(`<${node.tagName}> may only hold ${names.map((name) => `<${name}>`).join(', ')}.`);
  });
}

function attributes(node: Element, allowed: readonly string[]): Record<string, string> {
  for (const { name } of node.attrs) {
    if (!allowed.includes(name)) throw new UnexpectedMarkup(`<${node.tagName}> may not have the attribute ${name}.`);
  }
  return Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
}

const isText = (node: Node): node is DefaultTreeAdapterTypes.TextNode => node.nodeName === '#text';
const isElement = (node: Node): node is Element => 'tagName' in node;

/** One line for each heading, paragraph, item and row. */
export function textOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(textOfBlock).join('\n');
}

function textOfBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
    case 'address':
      return textOfRuns(block.runs);
    case 'list':
      return block.items.map(textOfBlocks).join('\n');
    case 'table':
      return [
        block.caption,
        ...[block.header, ...block.rows].map((row) => row.flatMap((cell) => [...cell, { text: ' ' }])),
      ]
        .map(textOfRuns)
        .join('\n');
    case 'part':
      return textOfBlocks(block.blocks);
  }
}

const textOfRuns = (runs: readonly Run[]): string =>
  runs
    .reduce((line, { text }) => line + text, '')
    .replace(/ {2,}/g, ' ')
    .trim();

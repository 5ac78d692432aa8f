import Handlebars from 'handlebars';

/** The only words a template may use beside its values. */
const knownHelpers = {
  day: true,
  list: true,
  given: true,
  is: true,
  tells: true,
  who: true,
  Who: true,
  whose: true,
  Whose: true,
  verb: true,
  each: true,
} as const;

const options: CompileOptions = {
  strict: true,
  knownHelpersOnly: true,
  // The built-in helpers are known to the compiler unless they are named here.
  knownHelpers: { ...knownHelpers, if: false, unless: false, with: false, lookup: false, log: false },
  preventIndent: true,
};

const closed: RuntimeOptions = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/** Values without a prototype and without anything empty, so that an empty value is a missing one. */
export type Bare = { [name: string]: Bare | Bare[] | string | number | boolean };

export interface Wording {
  /** The letter's HTML. Throws, naming the field, where a value is missing. */
  body(source: string, values: Bare): string;
  /** Plain text, not HTML. */
  title(source: string, values: Bare): string;
}

export class MissingValue extends Error {
  constructor(readonly field: string) {
    super(`The value "${field}" is missing.`);
  }
}

const months = 'January February March April May June July August September October November December'.split(' ');

const dateInWords = new RegExp(`\\b\\d{1,2} (?:${months.join('|')}) \\d{4}\\b`, 'g');

/** 2026-09-05 as '5 September 2026'. */
export function dayInWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date ?? ''} ${months[(month ?? 0) - 1] ?? ''} ${year ?? ''}`;
}

/** Every date written in full that a text holds. */
export function datesIn(text: string): string[] {
  return text.match(dateInWords) ?? [];
}

export function createWording(partials: Readonly<Record<string, string>>): Wording {
  const handlebars = Handlebars.create();
  for (const name of ['if', 'unless', 'with', 'lookup', 'log']) handlebars.unregisterHelper(name);
  handlebars.registerHelper(helpers(handlebars));
  const compiled = new Map<string, HandlebarsTemplateDelegate<Bare>>();
  const compile = (source: string, more: CompileOptions): HandlebarsTemplateDelegate<Bare> => {
    const key = `${more.noEscape === true}${source}`;
    const found = compiled.get(key) ?? handlebars.compile<Bare>(source, { ...options, ...more });
    compiled.set(key, found);
    return found;
  };
  for (const [name, source] of Object.entries(partials)) handlebars.registerPartial(name, compile(source, {}));
  const run = (source: string, values: Bare, more: CompileOptions): string => {
    try {
      return compile(source, more)(values, closed);
    } catch (error) {
      const field = error instanceof Error ? /^"?([^"]+)"? not defined in/.exec(error.message)?.[1] : undefined;
      throw field === undefined ? error : new MissingValue(field);
    }
  };
  return {
    body: (source, values) => run(source, values, {}),
    title: (source, values) => run(source, values, { noEscape: true }),
  };
}

/** The values of the whole letter, from within any block. */
const rootOf = (call: Handlebars.HelperOptions): unknown => (call.data as { root: unknown }).root;

function helpers(handlebars: typeof Handlebars): Handlebars.HelperDeclareSpec {
  const toReader = (call: Handlebars.HelperOptions): boolean =>
    ['young-person', 'child'].includes(String(at(rootOf(call), 'recipient.kind')));
  const childName = (call: Handlebars.HelperOptions): string => String(at(rootOf(call), 'child.firstName'));
  return {
    day: (value: unknown) => {
      if (typeof value !== 'string') throw new MissingValue('a date');
      return dayInWords(value);
    },
    /** 'a', 'a and b', 'a, b and c'. */
    list: (value: unknown) => {
      if (!Array.isArray(value)) throw new MissingValue('a list');
      const items = value.map(String);
      return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
    },
    /** Takes a path in quotation marks, since strict mode refuses to ask about a value that is not there. */
    given(this: unknown, path: string, call: Handlebars.HelperOptions): string {
      const found = at(this, path) ?? at(rootOf(call), path);
      return found === undefined ? call.inverse(this) : call.fn(this);
    },
    is(this: unknown, path: string, wanted: unknown, call: Handlebars.HelperOptions): string {
      return at(rootOf(call), path) === wanted ? call.fn(this) : call.inverse(this);
    },
    tells(this: unknown, block: string, call: Handlebars.HelperOptions): Handlebars.SafeString {
      const name = handlebars.escapeExpression(block);
      return new handlebars.SafeString(`<section data-tells="${name}">${call.fn(this)}</section>`);
    },
    who: (call: Handlebars.HelperOptions) => (toReader(call) ? 'you' : childName(call)),
    Who: (call: Handlebars.HelperOptions) => (toReader(call) ? 'You' : childName(call)),
    whose: (call: Handlebars.HelperOptions) => (toReader(call) ? 'your' : `${childName(call)}’s`),
    Whose: (call: Handlebars.HelperOptions) => (toReader(call) ? 'Your' : `${childName(call)}’s`),
    /** The form for one named child, then the form for 'you'. */
    verb: (named: string, you: string, call: Handlebars.HelperOptions) => (toReader(call) ? you : named),
  };
}

/** An own value at a dotted path; nothing inherited is ever reached. */
export function at(values: unknown, path: string): unknown {
  let found: unknown = values;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/**
 * What a locked partial says whatever the values are: its text by block, cut where a value stands. Text that stands
 * under a condition is not among it.
 */
export function lockedSentences(partials: Readonly<Record<string, string>>, name: string): Record<string, string[]> {
  const said: Record<string, string[]> = {};
  const walk = (program: hbs.AST.Program, block: string | null): void => {
    for (const statement of program.body) {
      if (isPartial(statement)) {
        const inner = (statement.name as hbs.AST.PathExpression).original;
        const source = partials[inner];
        if (source === undefined)
          throw new Error(`templates/partials/${name}.hbs asks for "${inner}", which is not there.`);
        walk(Handlebars.parse(source), block);
      } else if (isContent(statement) && block !== null) {
        const text = textOf(statement.value);
        if (/\p{L}/u.test(text)) (said[block] ??= []).push(text);
      } else if (isBlock(statement) && statement.path.original === 'tells') {
        walk(statement.program, String((statement.params[0] as hbs.AST.StringLiteral | undefined)?.value));
      }
    }
  };
  walk(Handlebars.parse(partials[name] ?? ''), null);
  return said;
}

const isPartial = (statement: hbs.AST.Statement): statement is hbs.AST.PartialStatement =>
  statement.type === 'PartialStatement';
const isContent = (statement: hbs.AST.Statement): statement is hbs.AST.ContentStatement =>
  statement.type === 'ContentStatement';
const isBlock = (statement: hbs.AST.Statement): statement is hbs.AST.BlockStatement =>
  statement.type === 'BlockStatement';

/** Static text as a reader sees it: tags gone, spaces single. Locked partials write no entities. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Day } from '@send/statute';
import { parse as parseYaml } from 'yaml';
import { recipientKinds, type RecipientKind } from './values';
import { createWording, lockedSentences, type Wording } from './wording';

export type Rights = 'A' | 'B' | 'C' | 'none';

/** One version of one letter, as its front matter and body say. */
export interface LetterTemplate {
  id: string;
  version: string;
  /** First and last day on which this version is used. */
  effective: [Day, Day | null];
  title: string;
  to: RecipientKind[];
  law: string;
  rights: Rights;
  channel: string;
  discharges: string[];
  /** Required block and its authority. */
  tells: Record<string, string>;
  /** Dotted paths of the values this letter needs beyond those every letter needs. */
  needs: string[];
  attachments: string[];
  childVersion: string | null;
  body: string;
  /** Where it was read from, below the folder of templates. */
  file: string;
}

export interface Catalogue {
  templates: readonly LetterTemplate[];
  wording: Wording;
  /** Sentences that a rights block must carry word for word, by rights and block. */
  locked: Record<Exclude<Rights, 'none'>, Record<string, string[]>>;
  /** Locked partials whose words are not those that were approved. */
  altered: string[];
}

interface RightsLock {
  partials: Record<string, string>;
}

/** The folder `templates`, found from this module upwards, so that it is the same for the sources and for dist. */
export function templatesFolder(): string {
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()]) {
    for (let folder = start; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'nest-cli.json')) && existsSync(join(folder, 'templates'))) {
        return join(folder, 'templates');
      }
      if (dirname(folder) === folder) break;
    }
  }
  throw new Error(
    'The folder "templates" was not found beside nest-cli.json, above the code or the working directory.',
  );
}

/** Reads every letter and partial. Throws with the file and the fault: a bad template stops the start, not a letter. */
export function loadCatalogue(folder: string = templatesFolder()): Catalogue {
  const partials = readPartials(join(folder, 'partials'));
  const templates = hbsFiles(join(folder, 'letters')).map((path) =>
    readTemplate(readFileSync(path, 'utf8'), relative(join(folder, 'letters'), path).split(sep).join('/')),
  );
  refuseOverlaps(templates);
  const lock = JSON.parse(readFileSync(join(folder, 'partials', 'rights.lock.json'), 'utf8')) as RightsLock;
  const hashes = lockOf(partials);
  const altered = [...new Set([...Object.keys(lock.partials), ...Object.keys(hashes)])].filter(
    (name) => lock.partials[name] !== hashes[name],
  );
  return {
    templates,
    wording: createWording(partials),
    locked: {
      A: lockedSentences(partials, 'rights/a'),
      B: lockedSentences(partials, 'rights/b'),
      C: lockedSentences(partials, 'rights/c'),
    },
    altered,
  };
}

let loaded: Catalogue | undefined;

/** The catalogue of this process, read once. */
export function letterCatalogue(): Catalogue {
  return (loaded ??= loadCatalogue());
}

/** The version of a letter that is used on a day, if there is one. */
export function templateInForce(catalogue: Catalogue, id: string, on: Day): LetterTemplate | undefined {
  return catalogue.templates.find(
    ({ id: own, effective: [from, to] }) => own === id && from <= on && (to === null || on <= to),
  );
}

/** What to write in rights.lock.json once the legal owner has approved a change of words. */
export function lockOf(partials: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(partials)
      .filter(([name]) => name.startsWith('rights/'))
      .map(([name, source]) => [
        name,
        createHash('sha256').update(source.normalize('NFC').replace(/\s+/g, ' ').trim()).digest('hex'),
      ]),
  );
}

export function readPartials(folder: string): Record<string, string> {
  return Object.fromEntries(
    hbsFiles(folder).map((path) => [
      relative(folder, path)
        .split(sep)
        .join('/')
        .replace(/\.hbs$/, ''),
      readFileSync(path, 'utf8').trimEnd(),
    ]),
  );
}

/** Reads one template; `file` is `<subject>/<name>.hbs`, with `<name>@<version>.hbs` for versions gone by. */
export function readTemplate(text: string, file: string): LetterTemplate {
  const fault = (what: string): Error => new Error(`templates/letters/${file}: ${what}`);
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (!parts) throw fault('it must begin with front matter between two lines of "---".');
  const front: unknown = parseYaml(parts[1] ?? '', { schema: 'failsafe' });
  if (!isRecord(front)) throw fault('the front matter must be a list of names and values.');

  const words = (name: string): string => {
    const value = front[name];
    if (typeof value !== 'string' || value.trim() === '') throw fault(`"${name}" must be given as text.`);
    return value;
  };
  const list = (name: string): string[] => {
    const value = front[name] ?? [];
    if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string')) {
      throw fault(`"${name}" must be a list of words, for example [one, two].`);
    }
    return value;
  };
  const known = new Set<string>([
    ...['id', 'version', 'effective', 'title', 'to', 'law', 'rights', 'channel', 'discharges', 'tells'],
    ...['needs', 'attachments', 'childVersion'],
  ]);
  for (const name of Object.keys(front))
    if (!known.has(name)) throw fault(`"${name}" is not a name the front matter may have.`);

  const id = words('id');
  const path = file.replace(/(@[^/]*)?\.hbs$/, '').replaceAll('/', '.');
  if (id !== path) throw fault(`"id" is ${id}, but the file's place says ${path}.`);
  const [from = '', to = ''] = list('effective');
  if (!isDay(from)) throw fault('"effective" must be [first day, last day or empty], each as YYYY-MM-DD.');
  if (to !== '' && (!isDay(to) || to < from))
    throw fault('the last day of "effective" must be a day not before the first.');
  const kinds = list('to').map((kind) => {
    const found = recipientKinds.find((one) => one === kind);
    if (!found) throw fault(`"to" names ${kind}; it may name ${recipientKinds.join(', ')}.`);
    return found;
  });
  if (kinds.length === 0) throw fault('"to" must name at least one kind of recipient.');
  const rights = (['A', 'B', 'C', 'none'] as const).find((one) => one === words('rights'));
  if (!rights) throw fault('"rights" must be A, B, C or none.');
  const tells = front['tells'];
  if (!isRecord(tells)) throw fault('"tells" must give each required block and its authority.');
  const told: Record<string, string> = {};
  for (const [block, authority] of Object.entries(tells)) {
    if (typeof authority !== 'string' || authority === '') throw fault(`"tells" gives no authority for ${block}.`);
    told[block] = authority;
  }
  return {
    id,
    version: words('version'),
    effective: [from, to === '' ? null : to],
    title: words('title'),
    to: kinds,
    law: words('law'),
    rights,
    channel: words('channel'),
    discharges: list('discharges'),
    tells: told,
    needs: list('needs'),
    attachments: list('attachments'),
    childVersion: front['childVersion'] === undefined ? null : words('childVersion'),
    body: (parts[2] ?? '').trim(),
    file,
  };
}

function refuseOverlaps(templates: readonly LetterTemplate[]): void {
  for (const one of templates) {
    for (const other of templates) {
      const apart =
        one === other ||
        one.id !== other.id ||
        (one.effective[1] !== null && one.effective[1] < other.effective[0]) ||
        (other.effective[1] !== null && other.effective[1] < one.effective[0]);
      if (!apart) throw new Error(`templates/letters/${one.file} and ${other.file} are both in force on some day.`);
    }
    const child = one.childVersion;
    if (child !== null && !templates.some(({ id }) => id === child)) {
      throw new Error(`templates/letters/${one.file}: "childVersion" names ${child}, which does not exist.`);
    }
  }
}

function hbsFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.hbs'))
    .sort()
    .map((name) => join(folder, name));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A real civil day: the round trip refuses 30 February. */
export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

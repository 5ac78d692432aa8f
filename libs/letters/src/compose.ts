import type { Day } from '@send/statute';
import { type Catalogue, isDay, letterCatalogue, type LetterTemplate, templateInForce } from './catalogue';
import { addressProblems, printedAddress } from './address';
import { checkLetter } from './check';
import type { LetterValues, Problem } from './values';
import { at, type Bare, MissingValue } from './wording';

export interface ComposedLetter {
  /** Empty where a value is missing, as such a letter cannot be shown. */
  html: string;
  title: string;
  letterDate: Day;
  /** The blocks the letter was found to tell. */
  tells: string[];
  /** Empty when the letter may go for approval. */
  problems: Problem[];
  templateId: string;
  templateVersion: string;
}

/** What every letter prints, whatever it is about. */
const always = [
  ...['letterDate', 'ourReference', 'recipient.name', 'recipient.salutation', 'child.firstName', 'child.fullName'],
  ...['caseworker.name', 'caseworker.phone', 'caseworker.email'],
  ...['council.name', 'council.addressLines', 'council.phone', 'council.email', 'council.website'],
  'council.openingHours',
];

const forIass = ['iass.name', 'iass.phone', 'iass.email', 'iass.website'];

const forRights = [
  ...forIass,
  ...['mediation.name', 'mediation.phone', 'mediation.email'],
  ...['disagreementResolution.name', 'disagreementResolution.contact'],
  ...['dates.appealLastDay', 'dates.mediationContactBy'],
];

/** Writes a letter from its template and values, and says all that keeps it from being approved. Pure. */
export function compose(
  templateId: string,
  values: LetterValues,
  on: Day,
  catalogue: Catalogue = letterCatalogue(),
): ComposedLetter {
  const template = templateInForce(catalogue, templateId, on);
  if (!template) {
    const exists = catalogue.templates.some(({ id }) => id === templateId);
    const problem: Problem = exists
      ? { rule: 'not-in-force', field: 'letterDate', wayOut: `No version of ${templateId} is in force on ${on}.` }
      : { rule: 'no-such-template', wayOut: `There is no letter ${templateId} in the catalogue.` };
    return { ...unwritten(templateId, values), problems: [problem] };
  }
  const problems = valueProblems(template, values);
  const bare = bareValues(template, values);
  const empty = { ...unwritten(templateId, values), templateVersion: template.version };
  if (problems.some(({ rule }) => rule === 'missing-value' || rule === 'unreal-date')) return { ...empty, problems };

  try {
    const title = catalogue.wording.title(template.title, bare);
    const html = catalogue.wording.body(template.body, { ...bare, title });
    const checked = checkLetter(catalogue, template, html, values);
    return { ...empty, html, title, tells: checked.tells, problems: [...problems, ...checked.problems] };
  } catch (error) {
    if (!(error instanceof MissingValue)) throw error;
    return { ...empty, problems: [...problems, missing(error.field)] };
  }
}

/** Dotted paths of all the values a letter needs, so that a screen can ask for them before the decision is made. */
export function requiredValues(templateId: string, on: Day, catalogue: Catalogue = letterCatalogue()): string[] {
  const template = templateInForce(catalogue, templateId, on);
  if (!template) throw new Error(`No version of ${templateId} is in force on ${on}.`);
  return needed(template);
}

function needed(template: LetterTemplate): string[] {
  return [
    ...new Set([
      ...always,
      ...('iass' in template.tells ? forIass : []),
      ...('local_offer' in template.tells ? ['council.localOfferUrl'] : []),
      ...('complaint_route' in template.tells ? ['council.complaintsUrl'] : []),
      ...('reasons' in template.tells ? ['reasons'] : []),
      ...(template.rights === 'none' ? [] : forRights),
      ...template.needs,
    ]),
  ];
}

function valueProblems(template: LetterTemplate, values: LetterValues): Problem[] {
  const problems: Problem[] = needed(template)
    .filter((path) => isEmpty(at(values, path)))
    .map(missing);
  const { recipient } = values;
  if (!template.to.includes(recipient.kind)) {
    problems.push({
      rule: 'wrong-addressee',
      field: 'recipient.kind',
      wayOut: `This letter is for ${template.to.join(' or ')}. Choose the letter meant for ${recipient.kind}.`,
    });
  }
  problems.push(...addressProblems(template, recipient), ...unrealDates(values), ...reasonProblems(template, values));
  if (template.rights !== 'none') problems.push(...appealDateProblems(values));
  if ('representations_window' in template.tells) problems.push(...representationProblems(values));
  return problems;
}

function unrealDates(values: LetterValues): Problem[] {
  const given: [string, unknown][] = [
    ['letterDate', values.letterDate],
    ['child.dateOfBirth', values.child.dateOfBirth],
    ...Object.entries(values.dates).map(([name, day]): [string, unknown] => [`dates.${name}`, day]),
    ...(values.evidence ?? []).map(({ date }, index): [string, unknown] => [`evidence.${index}.date`, date]),
  ];
  return given
    .filter(([, day]) => day !== undefined && !isDay(day))
    .map(([field]) => ({ rule: 'unreal-date', field, wayOut: `Give ${field} as a real day, like 2026-09-05.` }));
}

const mostReasons = 12;
const longestReason = 600;

/** Reasons are about this child and written by a person: none, too many or half-filled ones do not pass. */
function reasonProblems(template: LetterTemplate, values: LetterValues): Problem[] {
  if (!('reasons' in template.tells)) return [];
  const reasons = values.reasons ?? [];
  const problem = (field: string, wayOut: string): Problem => ({ rule: 'reasons', block: 'reasons', field, wayOut });
  return [
    ...(reasons.length > mostReasons ? [problem('reasons', `Give at most ${mostReasons} reasons.`)] : []),
    ...reasons.flatMap((reason, index) => [
      ...(reason.trim() === '' ? [problem(`reasons.${index}`, 'Write the reason, or take the empty line out.')] : []),
      ...(reason.length > longestReason
        ? [problem(`reasons.${index}`, `Shorten this reason to ${longestReason} characters or split it in two.`)]
        : []),
      ...(/\{\{|\}\}/.test(reason) ? [problem(`reasons.${index}`, 'Replace the words in {{ }} with the facts.')] : []),
    ]),
  ];
}

/**
 * The last day to appeal is two months from the sent date (same number, or the last day of the month), HESC Rules
 * r 20 and SEND Regs 2014 reg 33. The law library works it out; it is checked here as a slip of the printed date would
 * otherwise give the family a wrong one.
 */
function appealDateProblems(values: LetterValues): Problem[] {
  const { appealLastDay, mediationContactBy, tribunalTakesAppealUntil } = values.dates;
  if (!isDay(values.letterDate)) return [];
  const right = twoMonthsAfter(values.letterDate);
  const problem = (field: string, wayOut: string): Problem => ({ rule: 'appeal-date', field, wayOut });
  const closed = /-08-|-12-(2[5-9]|3[01])|-01-01/.test(right);
  return [
    ...(appealLastDay !== undefined && appealLastDay !== right
      ? [problem('dates.appealLastDay', `Two months from ${values.letterDate} is ${right}.`)]
      : []),
    ...(mediationContactBy !== undefined && mediationContactBy !== right
      ? [problem('dates.mediationContactBy', `Two months from ${values.letterDate} is ${right}.`)]
      : []),
    ...(closed && tribunalTakesAppealUntil === undefined
      ? [
          problem(
            'dates.tribunalTakesAppealUntil',
            'The last day falls in August or at Christmas: give the day the Tribunal still accepts.',
          ),
        ]
      : []),
  ];
}

/** At least 15 days with the day of service as the first, SEND Regs 2014 reg 13(1)(a). */
function representationProblems({ dates: { served, representationsLastDay } }: LetterValues): Problem[] {
  if (!isDay(served) || !isDay(representationsLastDay)) return [];
  const earliest = new Date(Date.parse(`${served}T00:00:00Z`) + 14 * 86_400_000).toISOString().slice(0, 10);
  return representationsLastDay >= earliest
    ? []
    : [
        {
          rule: 'representations-date',
          field: 'dates.representationsLastDay',
          wayOut: `Give the family until ${earliest} or later.`,
        },
      ];
}

export function twoMonthsAfter(day: Day): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + 2, 0));
  last.setUTCDate(Math.min(date, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}

/**
 * The values a template may see. A letter held to minimum disclosure is written without sight of reasons, evidence or
 * the family's circumstances, so that no slip of a template can disclose them (SEND Regs 2014 reg 17).
 */
function bareValues(template: LetterTemplate, values: LetterValues): Bare {
  const { reasons, evidence, exception, supportNow, requestFrom, meeting, budget, ...least } = values;
  const own =
    'minimum_disclosure' in template.tells
      ? least
      : { ...least, reasons, evidence, exception, supportNow, requestFrom, meeting, budget };
  const shown = { ...own, recipient: { ...values.recipient, addressLines: printedAddress(values.recipient) } };
  return bare(shown) as Bare;
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare).filter((item) => !isEmpty(item));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) {
    const kept = bare(inner);
    if (!isEmpty(kept)) copy[name] = kept;
  }
  return copy;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

function missing(field: string): Problem {
  return { rule: 'missing-value', field, wayOut: `Enter ${field} before the letter is written.` };
}

function unwritten(templateId: string, { letterDate }: LetterValues): ComposedLetter {
  return { html: '', title: '', letterDate, tells: [], problems: [], templateId, templateVersion: '' };
}

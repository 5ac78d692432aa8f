import {
  familyKinds,
  type LetterFormat,
  readAddressLines,
  readEmail,
  readName,
  readNhsNumber,
  readPhone,
  readPostcode,
  readUpn,
  relationshipKinds,
  type RelationshipKind,
} from '@send/case-file';
import type { FieldError, Form } from '@send/pages';
import { type Day, daysBetween, schoolYearGroup } from '@send/statute';

export interface ReadChild {
  readonly firstNames: string;
  readonly lastName: string;
  readonly knownAs?: string;
  readonly dateOfBirth: Day;
  readonly upn?: string;
  readonly nhsNumber?: string;
  readonly postcode?: string;
}

export interface ReadPerson {
  readonly title: string | null;
  readonly firstNames: string;
  readonly lastName: string;
  readonly relationship: RelationshipKind;
  readonly responsibility: 'yes' | 'no' | 'not-known' | 'court-limited';
  readonly limits?: string;
  readonly evidence?: string;
  /** Who is asked to confirm it; nobody in particular is any senior. */
  readonly toConfirm?: string;
  readonly channel: 'post' | 'email' | 'phone';
  readonly address?: { lines: string[]; postcode: string };
  readonly livesWithChild: boolean;
  readonly interpreter?: string;
  readonly format: LetterFormat;
  readonly phone?: string;
  readonly email?: string;
  readonly protect?: { reason: string };
}

/** What is recorded of a member of the family counts when a second person has confirmed it. */
export const waitsForSecond = ({ relationship, responsibility }: ReadPerson): boolean =>
  familyKinds.includes(relationship) && responsibility !== 'not-known';

/** Fields of the first page. */
export const childFields = [
  'firstNames',
  'lastName',
  'knownAs',
  'born-day',
  'born-month',
  'born-year',
  'upn',
  'nhsNumber',
  'postcode',
];

/** Names, date of birth and what else tells one child from another. */
export function readChild(form: Form, today: Day): { child: ReadChild } | { errors: FieldError[] } {
  const errors: FieldError[] = [];
  const first = readName(form.text('firstNames'), 'First name');
  const last = readName(form.text('lastName'), 'Last name');
  const known = form.text('knownAs') === '' ? undefined : readName(form.text('knownAs'), 'Known as');
  const born = form.day('born', 'Date of birth');
  const upn = form.text('upn') === '' ? undefined : readUpn(form.text('upn'));
  const nhs = form.text('nhsNumber') === '' ? undefined : readNhsNumber(form.text('nhsNumber'));
  const postcode = form.text('postcode') === '' ? undefined : readPostcode(form.text('postcode'));
  for (const [field, read] of Object.entries({ firstNames: first, lastName: last, knownAs: known }))
    if (read !== undefined && 'message' in read) errors.push({ field, message: read.message });
  if ('empty' in born) errors.push({ field: 'born', message: 'Enter a date of birth', href: 'born-day' });
  else if ('message' in born) errors.push({ field: 'born', message: born.message, href: `born-${born.part}` });
  else if (born.day > today)
    errors.push({ field: 'born', message: 'Date of birth must be in the past', href: 'born-day' });
  else if (daysBetween(born.day, today) > 26 * 365.25)
    errors.push({ field: 'born', message: 'Date of birth must be less than 26 years ago', href: 'born-year' });
  for (const [field, read] of Object.entries({ upn, nhsNumber: nhs, postcode }))
    if (read !== undefined && 'message' in read) errors.push({ field, message: read.message });
  if (errors.length > 0 || !('value' in first) || !('value' in last) || !('day' in born)) return { errors };
  return {
    child: {
      firstNames: first.value,
      lastName: last.value,
      dateOfBirth: born.day,
      ...(known !== undefined && 'value' in known ? { knownAs: known.value } : {}),
      ...(upn !== undefined && 'value' in upn ? { upn: upn.value } : {}),
      ...(nhs !== undefined && 'value' in nhs ? { nhsNumber: nhs.value } : {}),
      ...(postcode !== undefined && 'value' in postcode ? { postcode: postcode.value } : {}),
    },
  };
}

const most = 4;

/** Fields of the people on the form: `p1-firstNames`. */
export const peopleFields = /^p[1-4]-/;

/** Which people the form shows: those typed, and one more where it was asked for. */
export function peopleAsked(form: Form): number[] {
  const typed = Array.from({ length: most }, (_, index) => index + 1).filter(
    (number) => form.text(`p${number}-lastName`) !== '' || form.text(`p${number}-firstNames`) !== '',
  );
  const count = Math.min(
    most,
    Math.max(1, typed.length, typed.at(-1) ?? 0) + (form.text('step') === 'add-person' ? 1 : 0),
  );
  return Array.from({ length: count }, (_, index) => index + 1);
}

const relationshipsAsked = ['self', ...familyKinds, 'social-worker', 'representative', 'supporter'] as const;

const formats: readonly LetterFormat[] = ['standard', 'large-print', 'easy-read', 'braille', 'audio', 'coloured-paper'];

/** The request and the people beside the child. Without anybody to write to, no letter could leave. */
export function readPeople(
  form: Form,
  child: ReadChild,
  today: Day,
  offered: { settings: readonly string[]; seniors: readonly string[]; peopleNeeded: boolean },
):
  | { on: Day; people: ReadPerson[]; settingId: string | null; fields: Record<string, unknown> }
  | { errors: FieldError[] } {
  const errors: FieldError[] = [];
  const on = form.day('on', 'The date the request arrived');
  if ('empty' in on) errors.push({ field: 'on', message: 'Enter the date the request arrived', href: 'on-day' });
  else if ('message' in on) errors.push({ field: 'on', message: on.message, href: `on-${on.part}` });
  else if (on.day > today)
    errors.push({ field: 'on', message: 'The date the request arrived must be today or in the past', href: 'on-day' });
  else if (on.day < child.dateOfBirth)
    errors.push({
      field: 'on',
      message: 'The date the request arrived must be after the date of birth',
      href: 'on-day',
    });
  const setting = form.text('setting');
  if (setting !== '' && !offered.settings.includes(setting))
    errors.push({ field: 'setting', message: 'Select the school, or that there is none' });
  const people: (ReadPerson & { readonly at: string })[] = [];
  for (const number of peopleAsked(form)) {
    const blank = form.text(`p${number}-firstNames`) === '' && form.text(`p${number}-lastName`) === '';
    if (blank && (number > 1 || !offered.peopleNeeded)) continue;
    const read = readPerson(form, `p${number}-`, offered.seniors);
    if ('errors' in read) errors.push(...read.errors);
    else people.push({ ...read.person, at: `p${number}-` });
  }
  errors.push(...sharedHomes(people));
  if (form.text('from') === '')
    errors.splice('empty' in on || 'message' in on ? 1 : 0, 0, { field: 'from', message: 'Select who asked' });
  if (errors.length > 0 || !('day' in on)) return { errors };
  return {
    on: on.day,
    people: people.map(({ at: _, ...person }) => person),
    settingId: setting === '' ? null : setting,
    fields: {
      on: on.day,
      from: form.text('from'),
      fromYear9: schoolYearGroup(child.dateOfBirth, on.day) >= 9,
      ...(form.text('how') === '' ? {} : { how: form.text('how') }),
      ...(form.text('note') === '' ? {} : { note: form.text('note') }),
    },
  };
}

/** An open row of the same home would show an address not to be shared. */
function sharedHomes(people: readonly (ReadPerson & { readonly at: string })[]): FieldError[] {
  const secret = new Set(people.flatMap((one) => (one.protect && one.address ? [one.address.postcode] : [])));
  return people.flatMap(({ at, address, protect }) =>
    protect === undefined && address !== undefined && secret.has(address.postcode)
      ? [
          {
            field: `${at}postcode`,
            message:
              'This is the postcode of an address that is not to be shared. Say that this one is not to be shared either, or leave it out',
          },
        ]
      : [],
  );
}

function readPerson(
  form: Form,
  at: string,
  seniors: readonly string[],
): { person: ReadPerson } | { errors: FieldError[] } {
  const errors: FieldError[] = [];
  const say = (field: string, message: string) => void errors.push({ field: `${at}${field}`, message });
  const first = readName(form.text(`${at}firstNames`), 'First name');
  const last = readName(form.text(`${at}lastName`), 'Last name');
  if ('message' in first) say('firstNames', first.message);
  if ('message' in last) say('lastName', last.message);
  const relationship = form.choice(
    `${at}relationship`,
    Object.keys(relationshipKinds).filter((kind) =>
      (relationshipsAsked as readonly string[]).includes(kind),
    ) as RelationshipKind[],
  );
  if (relationship === undefined) say('relationship', 'Select what they are to the child');
  const responsibility = form.choice(`${at}responsibility`, ['yes', 'no', 'not-known', 'court-limited'] as const);
  if (responsibility === undefined) say('responsibility', 'Select whether they have parental responsibility');
  const limits = form.text(`${at}limits`);
  if (responsibility === 'court-limited' && limits === '') say('limits', 'Enter what the court order limits');
  const channel = form.choice(`${at}channel`, ['post', 'email', 'phone'] as const) ?? 'post';
  const interpreter = form.text(`${at}interpreter`).replace(/\s+/g, ' ');
  if (interpreter.length > 60) say('interpreter', 'Language of the interpreter must be 60 characters or fewer');
  const typedFormat = form.text(`${at}format`);
  const format = typedFormat === '' ? 'standard' : form.choice(`${at}format`, formats);
  if (format === undefined) say('format', 'Select the format of letters, from the list');
  const lines = ['line1', 'line2', 'town'].map((line) => form.text(`${at}${line}`));
  const hasAddress = lines.some((line) => line !== '') || form.text(`${at}postcode`) !== '';
  const readLines = hasAddress ? readAddressLines(lines) : undefined;
  const postcode = hasAddress ? readPostcode(form.text(`${at}postcode`)) : undefined;
  if (readLines !== undefined && 'message' in readLines) say('line1', readLines.message);
  if (postcode !== undefined && 'message' in postcode) say('postcode', postcode.message);
  const phone = form.text(`${at}phone`) === '' ? undefined : readPhone(form.text(`${at}phone`));
  const email = form.text(`${at}email`) === '' ? undefined : readEmail(form.text(`${at}email`));
  if (phone !== undefined && 'message' in phone) say('phone', phone.message);
  if (email !== undefined && 'message' in email) say('email', email.message);
  if (channel === 'email' && email === undefined)
    say('email', 'Enter an email address, or choose another safe way to reach them');
  const second = form.text(`${at}second`);
  if (second !== '' && !seniors.includes(second)) say('second', 'Select who should confirm it, from the list');
  const protect = form.text(`${at}protect`) === 'yes';
  const reason = form.text(`${at}reason`);
  if (protect && !hasAddress) say('line1', 'Enter the address that is not to be shared');
  if (protect && reason.length < 20)
    say('reason', 'Enter why the address is not to be shared, in 20 characters or more');
  const long = [limits, reason, form.text(`${at}evidence`)].some((text) => text.length > 5000);
  if (long) say('reason', 'Reasons and evidence must be 5,000 characters or fewer');
  if (
    errors.length > 0 ||
    !('value' in first) ||
    !('value' in last) ||
    relationship === undefined ||
    responsibility === undefined ||
    format === undefined
  )
    return { errors };
  const address =
    readLines !== undefined && 'value' in readLines && postcode !== undefined && 'value' in postcode
      ? { lines: readLines.value, postcode: postcode.value }
      : undefined;
  return {
    person: {
      title: form.text(`${at}title`).slice(0, 20) || null,
      firstNames: first.value,
      lastName: last.value,
      relationship,
      responsibility,
      channel,
      livesWithChild: form.text(`${at}home`) !== 'no',
      format,
      ...(interpreter === '' ? {} : { interpreter }),
      ...(limits === '' ? {} : { limits }),
      ...(form.text(`${at}evidence`) === '' ? {} : { evidence: form.text(`${at}evidence`) }),
      ...(second === '' ? {} : { toConfirm: second }),
      ...(address === undefined ? {} : { address }),
      ...(phone !== undefined && 'value' in phone ? { phone: phone.value } : {}),
      ...(email !== undefined && 'value' in email ? { email: email.value } : {}),
      ...(protect ? { protect: { reason } } : {}),
    },
  };
}

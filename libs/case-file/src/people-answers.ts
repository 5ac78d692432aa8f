import { type Day, isDay } from '@send/statute';
import { type Read, readAddressLines, readEmail, readName, readPhone, readPostcode } from './identifiers';
import type { PostalAddress } from './address-keys';
import { familyKinds } from './people';
import {
  type LegalReason,
  type LetterFormat,
  type ParentalResponsibility,
  relationshipKinds,
  type RelationshipKind,
  type SafeChannel,
} from './people.entity';

/** Answers as they were typed, by field; days as 2027-05-04. A page and an API give them alike. */
export type TypedAnswers = Readonly<Record<string, string | undefined>>;

/** One answer that cannot be taken, and what to do about it. */
export interface WrongAnswer {
  readonly field: string;
  readonly message: string;
}

export type Answers<T> = { readonly value: T } | { readonly wrong: readonly WrongAnswer[] };

/** What answers are held against. */
export interface AnswersFor {
  readonly today: Day;
  readonly born: Day;
  readonly lookedAfter: boolean;
  /** Who works here, and who of them signs as a manager. */
  readonly staff: readonly string[];
  readonly managers: readonly string[];
}

export interface Responsibility {
  readonly parentalResponsibility: ParentalResponsibility;
  readonly limits: string | null;
  readonly orderDate: Day | null;
  readonly evidenceSeen: string | null;
  readonly evidenceSeenBy: string | null;
  readonly responsibilityFrom: Day | null;
  readonly responsibilityUntil: Day | null;
}

export interface Receiving {
  readonly receives: string[] | null;
  readonly receivesRefusedReason: LegalReason | null;
  readonly receivesRefusedEvidence: string | null;
  readonly receivesRefusedBy: string | null;
}

export interface Contact {
  readonly safeChannel: SafeChannel;
  readonly safeHours: string | null;
  readonly mayAnswer: string | null;
  readonly language: string;
  readonly interpreter: string | null;
  readonly format: LetterFormat;
  readonly emailAgreed: boolean;
  readonly phone: string | null;
  readonly email: string | null;
  /** Undefined: as it is. Null: none is known any more. */
  readonly address?: PostalAddress | null;
  /** Why the new address is not to be shared. */
  readonly protect?: string;
}

export interface NewcomerAnswers {
  readonly title: string | null;
  readonly firstNames: string;
  readonly lastName: string;
  readonly kind: Exclude<RelationshipKind, 'self'>;
  readonly organisation: string | null;
  readonly jobTitle: string | null;
  readonly responsibility: Responsibility;
  readonly contact: Contact;
}

export const responsibilities: Readonly<Record<ParentalResponsibility, string>> = {
  yes: 'Yes',
  no: 'No',
  'court-limited': 'Limited by a court order',
  'not-known': 'Not known',
};

export const channels: Readonly<Record<SafeChannel, string>> = {
  post: 'Post',
  email: 'Email',
  portal: 'Online account',
  phone: 'Phone only',
};

export const formats: Readonly<Record<LetterFormat, string>> = {
  standard: 'Standard print',
  'large-print': 'Large print',
  'easy-read': 'Easy read',
  braille: 'Braille',
  audio: 'Audio',
  'coloured-paper': 'Coloured paper',
};

export const legalReasons: Readonly<Record<LegalReason, string>> = {
  'court-order': 'A court order',
  'risk-assessment': 'A risk assessment signed by a manager',
  adoption: 'Adoption',
};

/** The first parts of the letters' ids. */
export const letterKinds: Readonly<Record<string, string>> = {
  assessment: 'Letters about the assessment',
  plan: 'Letters about the plan',
};

const signed: Readonly<Record<string, string>> = { bfi: 'British Sign Language' };
const names = new Intl.DisplayNames(['en-GB'], { type: 'language', fallback: 'none' });

/** A language's name in English; undefined for what is no language. */
export function languageName(code: string): string | undefined {
  if (Object.hasOwn(signed, code)) return signed[code];
  return /^[a-z]{2,3}$/.test(code) ? names.of(code) : undefined;
}

/** Those that families of a council speak most, besides English. Another one is still taken where it is on record. */
export const languages: readonly string[] =
  'en cy ar bn bfi zh fa fr gu hu it ku lt ne pl ps pt pa ro so es ta ti tr uk ur vi yo'.split(' ');

/** Control characters but line breaks and tabs, and marks that turn the direction of text round. */
// eslint-disable-next-line no-control-regex
const unwanted = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Collects what is wrong while it reads, so that everything is said at once. */
class Reading {
  readonly wrong: WrongAnswer[] = [];

  constructor(
    private readonly typed: TypedAnswers,
    readonly known: AnswersFor,
  ) {}

  say(field: string, message: string): void {
    if (!this.wrong.some((one) => one.field === field)) this.wrong.push({ field, message });
  }

  raw(field: string): string {
    return (this.typed[field] ?? '').normalize('NFC').replace(unwanted, '').trim();
  }

  /** Null where nothing was typed. `missing` says so where something must be. */
  text(field: string, what: string, most: number, missing?: string): string | null {
    const text = this.raw(field);
    if (text.length > most) this.say(field, `${what} must be ${most.toLocaleString('en-GB')} characters or fewer`);
    if (text === '' && missing !== undefined) this.say(field, missing);
    return text === '' ? null : text;
  }

  line(field: string, what: string, most: number): string | null {
    const text = this.text(field, what, most);
    if (text !== null && /[\p{Cc}\u2028\u2029]/u.test(text)) this.say(field, `${what} must be on one line`);
    return text;
  }

  choice<T extends string>(field: string, offered: readonly T[], missing: string): T | undefined {
    const chosen = offered.find((one) => one === this.raw(field));
    if (chosen === undefined) this.say(field, missing);
    return chosen;
  }

  day(field: string, what: string, missing?: string): Day | null {
    const text = this.raw(field);
    if (text === '') {
      if (missing !== undefined) this.say(field, missing);
      return null;
    }
    if (isDay(text)) return text;
    this.say(field, `${what} must be a real date`);
    return null;
  }

  /** A day that has been: not after today, and not before the child was born. */
  pastDay(field: string, what: string, missing?: string): Day | null {
    const day = this.day(field, what, missing);
    if (day !== null && day > this.known.today) this.say(field, `${what} must be today or in the past`);
    else if (day !== null && day < this.known.born)
      this.say(field, `${what} must be on or after the child’s date of birth`);
    return day;
  }

  read(field: string, read: Read | undefined): string | null {
    if (read === undefined) return null;
    if ('value' in read) return read.value;
    this.say(field, read.message);
    return null;
  }

  answers<T>(value: T): Answers<T> {
    return this.wrong.length > 0 ? { wrong: this.wrong } : { value };
  }
}

export function readResponsibility(typed: TypedAnswers, known: AnswersFor): Answers<Responsibility> {
  const reading = new Reading(typed, known);
  return reading.answers(responsibilityIn(reading));
}

function responsibilityIn(reading: Reading): Responsibility {
  const { known } = reading;
  const parentalResponsibility =
    reading.choice(
      'responsibility',
      Object.keys(responsibilities) as ParentalResponsibility[],
      'Select whether they have parental responsibility',
    ) ?? 'not-known';
  const limited = parentalResponsibility === 'court-limited';
  const settled = parentalResponsibility !== 'not-known';
  const limits = reading.text(
    'limits',
    'What the court order limits',
    5000,
    limited ? 'Enter what the court order limits' : undefined,
  );
  const orderDate = reading.pastDay(
    'orderDate',
    'The date of the court order',
    limited ? 'Enter the date of the court order' : undefined,
  );
  const evidenceSeen = reading.text(
    'evidence',
    'The evidence seen',
    5000,
    settled ? 'Enter what evidence was seen' : undefined,
  );
  const seenBy = reading.raw('seenBy');
  if (settled && !known.staff.includes(seenBy)) reading.say('seenBy', 'Select who saw the evidence');
  const from = reading.pastDay('from', 'The date it began');
  const until = reading.day('until', 'The date it ends');
  if (until !== null && until <= known.today)
    reading.say('until', 'The date it ends must be in the future. If it has ended, select what holds now');
  return {
    parentalResponsibility,
    limits: limited ? limits : null,
    orderDate: limited ? orderDate : null,
    evidenceSeen: settled ? evidenceSeen : null,
    evidenceSeenBy: settled ? seenBy : null,
    responsibilityFrom: settled ? from : null,
    responsibilityUntil: settled ? until : null,
  };
}

/**
 * Which letters somebody receives. Parental responsibility entitles to all of them, and only a legal reason that is on
 * record takes some away; the other parent's wish is none.
 */
export function readReceiving(
  typed: TypedAnswers,
  known: AnswersFor,
  responsibility: ParentalResponsibility,
): Answers<Receiving> {
  const reading = new Reading(typed, known);
  const which = reading.choice('receives', ['law', 'all', 'some', 'none'], 'Select which letters they receive');
  const kinds = Object.keys(letterKinds).filter((kind) => reading.raw(`kind-${kind}`) === 'yes');
  if (which === 'some' && kinds.length === 0)
    reading.say('kind-assessment', 'Select which kinds of letters they receive');
  const less = which === 'some' || which === 'none';
  const entitled = responsibility === 'yes' && !known.lookedAfter;
  const offered = Object.keys(legalReasons) as LegalReason[];
  const reason = offered.find((one) => one === reading.raw('reason')) ?? null;
  if (less && reason === null && (entitled || reading.raw('reason') !== ''))
    reading.say(
      'reason',
      'Select the legal reason. That the other parent asked us not to is not a reason: they have parental responsibility',
    );
  const because = less ? reason : null;
  const evidence = reading.text(
    'evidence',
    'The evidence',
    5000,
    because === null
      ? undefined
      : 'Enter what was seen: the order, the risk assessment or the adoption papers, and its date',
  );
  const by = reading.raw('decidedBy');
  if (because === 'risk-assessment' && !known.managers.includes(by))
    reading.say('decidedBy', 'Select the manager who signed the risk assessment');
  else if (because !== null && !known.staff.includes(by)) reading.say('decidedBy', 'Select who decided this');
  return reading.answers({
    receives: which === 'all' ? ['all'] : which === 'some' ? kinds : which === 'none' ? [] : null,
    receivesRefusedReason: because,
    receivesRefusedEvidence: because === null ? null : evidence,
    receivesRefusedBy: because === null ? null : by,
  });
}

export function readContact(typed: TypedAnswers, known: AnswersFor): Answers<Contact> {
  const reading = new Reading(typed, known);
  return reading.answers(contactIn(reading));
}

function contactIn(reading: Reading, whatOfAddress = 'Select what is to be done about the address'): Contact {
  const safeChannel =
    reading.choice('channel', ['post', 'email', 'phone'], 'Select a safe way to reach them') ?? 'post';
  const phone = reading.read('phone', reading.raw('phone') === '' ? undefined : readPhone(reading.raw('phone')));
  const email = reading.read('email', reading.raw('email') === '' ? undefined : readEmail(reading.raw('email')));
  const agreed = reading.choice('emailAgreed', ['yes', 'no'], 'Select whether they agreed to letters by email');
  if (safeChannel === 'email' && reading.raw('email') === '')
    reading.say('email', 'Enter an email address, or choose another safe way to reach them');
  if (safeChannel === 'email' && agreed === 'no')
    reading.say(
      'emailAgreed',
      'Letters go by email only to somebody who agreed. Choose another safe way to reach them',
    );
  if (safeChannel === 'phone' && reading.raw('phone') === '')
    reading.say('phone', 'Enter a phone number, or choose another safe way to reach them');
  const language = reading.raw('language');
  if (languageName(language) === undefined) reading.say('language', 'Select their language');
  const where = reading.choice('address', ['same', 'new', 'none'], whatOfAddress);
  const home = where === 'new' ? addressIn(reading) : undefined;
  const shared =
    where === 'new' ? reading.choice('share', ['yes', 'no'], 'Select whether the address may be shared') : 'yes';
  const why = shared === 'no' ? reasonIn(reading, 'protectReason', 'Enter why the address is not to be shared') : null;
  return {
    safeChannel,
    safeHours: reading.line('hours', 'Safe hours', 200),
    mayAnswer: reading.line('mayAnswer', 'Who may answer', 200),
    language,
    interpreter: reading.line('interpreter', 'The interpreter', 200),
    format:
      reading.choice('format', Object.keys(formats) as LetterFormat[], 'Select a format for letters') ?? 'standard',
    emailAgreed: agreed === 'yes',
    phone,
    email,
    ...(where === 'none' ? { address: null } : home === undefined ? {} : { address: home }),
    ...(why === null ? {} : { protect: why }),
  };
}

function addressIn(reading: Reading): PostalAddress {
  const lines = readAddressLines(['line1', 'line2', 'town'].map((line) => reading.raw(line)));
  if (reading.raw('line1') === '') reading.say('line1', 'Enter address line 1, typically the building and street');
  if ('message' in lines) reading.say('line1', lines.message);
  return {
    lines: 'value' in lines ? lines.value : [],
    postcode: reading.read('postcode', readPostcode(reading.raw('postcode'))) ?? '',
  };
}

const shortest = 20;

function reasonIn(reading: Reading, field: string, missing: string): string | null {
  const reason = reading.text(field, 'The reason', 5000, `${missing}, in ${shortest} characters or more`);
  if (reason !== null && reason.length < shortest) reading.say(field, `${missing}, in ${shortest} characters or more`);
  return reason;
}

/** An address that is not to be shared, and why. `current` takes the one on record. */
export function readProtection(
  typed: TypedAnswers,
  known: AnswersFor,
  onRecord: PostalAddress | undefined,
): Answers<{ address: PostalAddress; reason: string }> {
  const reading = new Reading(typed, known);
  const which =
    onRecord === undefined
      ? 'new'
      : reading.choice('which', ['current', 'new'], 'Select the address that is not to be shared');
  const address = which === 'new' ? addressIn(reading) : onRecord;
  const reason = reasonIn(reading, 'reason', 'Enter why the address is not to be shared') ?? '';
  return reading.answers({ address: address ?? { lines: [], postcode: '' }, reason });
}

export function readLifting(typed: TypedAnswers, known: AnswersFor): Answers<{ reason: string }> {
  const reading = new Reading(typed, known);
  return reading.answers({ reason: reasonIn(reading, 'reason', 'Enter why the address may be shared again') ?? '' });
}

export function readEnding(typed: TypedAnswers, known: AnswersFor): Answers<{ on: Day; reason: string }> {
  const reading = new Reading(typed, known);
  const on = reading.pastDay('on', 'The date it ended', 'Enter the date it ended') ?? known.today;
  return reading.answers({ on, reason: reasonIn(reading, 'reason', 'Enter why it ended') ?? '' });
}

/** Why a second person does not agree. */
export function readGivingBack(typed: TypedAnswers, known: AnswersFor): Answers<{ reason: string }> {
  const reading = new Reading(typed, known);
  return reading.answers({ reason: reading.text('reason', 'What must change', 500, 'Enter what must change') ?? '' });
}

const professionals: readonly RelationshipKind[] = ['social-worker', 'virtual-school-head', 'professional'];

export const newcomerKinds = (Object.keys(relationshipKinds) as RelationshipKind[]).filter(
  (kind): kind is Exclude<RelationshipKind, 'self'> => kind !== 'self',
);

export const isProfessional = (kind: RelationshipKind): boolean => professionals.includes(kind);

/** Somebody who comes to stand beside the child: who they are, what rights they have, and how to reach them. */
export function readNewcomer(typed: TypedAnswers, known: AnswersFor): Answers<NewcomerAnswers> {
  const reading = new Reading(typed, known);
  const firstNames = reading.read('firstNames', readName(reading.raw('firstNames'), 'First name')) ?? '';
  const lastName = reading.read('lastName', readName(reading.raw('lastName'), 'Last name')) ?? '';
  const title = reading.line('title', 'Title', 20);
  const kind = reading.choice('relationship', newcomerKinds, 'Select what they are to the child') ?? 'professional';
  const family = familyKinds.includes(kind);
  return reading.answers({
    title,
    firstNames,
    lastName,
    kind,
    organisation: reading.line('organisation', 'Organisation', 120),
    jobTitle: reading.line('jobTitle', 'Job title', 120),
    responsibility: family
      ? responsibilityIn(reading)
      : {
          parentalResponsibility: 'no',
          limits: null,
          orderDate: null,
          evidenceSeen: null,
          evidenceSeenBy: null,
          responsibilityFrom: null,
          responsibilityUntil: null,
        },
    contact: contactIn(reading, 'Select whether there is an address'),
  });
}

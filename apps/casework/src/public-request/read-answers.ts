import {
  ageOn,
  type AskedBy,
  familyKinds,
  type LetterFormat,
  type OnlineAnswers,
  type PostalAddress,
  readAddressLines,
  readEmail,
  readName,
  readPhone,
  readPostcode,
  readUpn,
  type RelationshipKind,
  type Typed,
} from '@send/case-file';
import { type FieldError, Form } from '@send/pages';
import type { Day } from '@send/statute';
import { askedByOf, formats, type StepId, stepsFor, wasSeen } from './steps';

type Part = Partial<OnlineAnswers> & { readonly ownAddress?: PostalAddress };
type Reading = { readonly read: Part } | { readonly errors: readonly FieldError[] };

/** Reads one page, with whatever was typed on the others beside it. */
export function readStep(id: StepId, typed: Typed, today: Day): Reading {
  const form = new Form(typed);
  const askedBy = askedByOf(typed);
  if (askedBy === undefined) return { errors: [{ field: 'who', message: 'Select who is asking' }] };
  switch (id) {
    case 'who':
      return { read: { askedBy } };
    case 'child':
      return readTheChild(form, askedBy, today);
    case 'home':
      return readHome(form);
    case 'setting': {
      const faults = new Faults();
      const setting = faults.line(form, 'setting', 'Name of the school, college or nursery', 200);
      return faults.or({ ...(setting === '' ? {} : { setting }) });
    }
    case 'you':
      return readAsker(form, askedBy);
    case 'yours': {
      const faults = new Faults();
      const own = faults.address(form, 'you-');
      return faults.or({ ...(own === undefined ? {} : { ownAddress: own }) });
    }
    case 'family':
      return readParent(form);
    case 'reach':
      return readReach(form, askedBy);
    case 'worries': {
      const faults = new Faults();
      const worries = faults.text(form, 'worries', 'What you write', 5000);
      return faults.or({ ...(worries === '' ? {} : { worries }) });
    }
  }
}

/** The whole form; or the first page that is not answered, or no longer right. */
export function readAnswers(typed: Typed, today: Day): { answers: OnlineAnswers } | { unfinished: StepId } {
  const askedBy = askedByOf(typed);
  if (askedBy === undefined) return { unfinished: 'who' };
  let parts: Part = {};
  for (const id of stepsFor(typed)) {
    const reading = wasSeen(typed, id) ? readStep(id, typed, today) : undefined;
    if (reading === undefined || 'errors' in reading) return { unfinished: id };
    parts = { ...parts, ...reading.read };
  }
  const { child, reach, addressProtected, ownAddress, ...rest } = parts;
  if (child === undefined || reach === undefined || addressProtected === undefined) return { unfinished: 'child' };
  const asker =
    rest.asker === undefined || ownAddress === undefined ? rest.asker : { ...rest.asker, address: ownAddress };
  return {
    answers: { ...rest, askedBy, child, reach, addressProtected, ...(asker === undefined ? {} : { asker }) },
  };
}

class Faults {
  private readonly list: FieldError[] = [];

  say(field: string, message: string, href?: string): void {
    this.list.push({ field, message, ...(href === undefined ? {} : { href }) });
  }

  /** The value, or its fault noted. */
  take<T>(field: string, read: { readonly value: T } | { readonly message: string }): T | undefined {
    if ('value' in read) return read.value;
    this.say(field, read.message);
    return undefined;
  }

  text(form: Form, field: string, what: string, most: number): string {
    const text = form.text(field);
    if (text.length > most) this.say(field, `${what} must be ${most.toLocaleString('en-GB')} characters or fewer`);
    return text;
  }

  line(form: Form, field: string, what: string, most: number): string {
    return this.text(form, field, what, most).replace(/\s+/g, ' ');
  }

  /** Nothing where every line is empty: an address is never insisted on. */
  address(form: Form, at: string): PostalAddress | undefined {
    const lines = ['line1', 'line2', 'town'].map((line) => form.text(`${at}${line}`));
    if (lines.every((line) => line === '') && form.text(`${at}postcode`) === '') return undefined;
    const read = this.take(`${at}line1`, readAddressLines(lines));
    const postcode = this.take(`${at}postcode`, readPostcode(form.text(`${at}postcode`)));
    return read === undefined || postcode === undefined ? undefined : { lines: read, postcode };
  }

  or(read: Part): Reading {
    return this.list.length > 0 ? { errors: this.list } : { read };
  }
}

function readTheChild(form: Form, askedBy: AskedBy, today: Day): Reading {
  const faults = new Faults();
  const firstNames = faults.take('firstNames', readName(form.text('firstNames'), 'First name'));
  const lastName = faults.take('lastName', readName(form.text('lastName'), 'Last name'));
  const born = form.day('born', 'Date of birth');
  if ('empty' in born) faults.say('born', 'Enter a date of birth', 'born-day');
  else if ('message' in born) faults.say('born', born.message, `born-${born.part}`);
  else if (born.day > today)
    faults.say(
      'born',
      'Date of birth must be today or in the past: we can take a request once the child is born',
      'born-day',
    );
  else if (ageOn(born.day, today) >= 25)
    faults.say(
      'born',
      'Date of birth must be less than 25 years ago: the law lets us assess people until they are 25',
      'born-year',
    );
  else if (askedBy === 'young-person' && ageOn(born.day, today) < 16)
    faults.say(
      'born',
      'You must be 16 or over to ask for yourself. A parent, a carer or your school can ask for you',
      'born-year',
    );
  const typedUpn = askedBy === 'school' ? form.text('upn') : '';
  const upn = typedUpn === '' ? undefined : faults.take('upn', readUpn(typedUpn));
  if (firstNames === undefined || lastName === undefined || !('day' in born)) return faults.or({});
  return faults.or({
    child: { firstNames, lastName, dateOfBirth: born.day, ...(upn === undefined ? {} : { upn }) },
  });
}

function readHome(form: Form): Reading {
  const faults = new Faults();
  const home = faults.address(form, 'home-');
  const protect = form.choice('protect', ['yes', 'no'] as const);
  if (protect === undefined)
    faults.say('protect', 'Select yes if there is anyone who must not be told where they live');
  const notToBeTold = faults.text(form, 'notToBeTold', 'Who must not be told', 1000);
  return faults.or({
    ...(home === undefined ? {} : { home }),
    addressProtected: protect === 'yes',
    ...(notToBeTold === '' || protect !== 'yes' ? {} : { notToBeTold }),
  });
}

function readAsker(form: Form, askedBy: AskedBy): Reading {
  const faults = new Faults();
  const firstNames = faults.take('you-firstNames', readName(form.text('you-firstNames'), 'First name'));
  const lastName = faults.take('you-lastName', readName(form.text('you-lastName'), 'Last name'));
  const family = askedBy === 'parent';
  const relationship = family ? form.choice<RelationshipKind>('relationship', familyKinds) : undefined;
  if (family && relationship === undefined) faults.say('relationship', 'Select what you are to the child');
  const responsibility = family ? form.choice('responsibility', ['yes', 'no', 'not-known'] as const) : undefined;
  if (family && responsibility === undefined)
    faults.say('responsibility', 'Select whether you have parental responsibility, or that you are not sure');
  const together = family ? form.choice('together', ['yes', 'no'] as const) : 'no';
  if (together === undefined) faults.say('together', 'Select whether you live at the same address');
  const role = family ? '' : faults.line(form, 'role', 'What you write', 120);
  if (firstNames === undefined || lastName === undefined) return faults.or({});
  return faults.or({
    asker: {
      firstNames,
      lastName,
      livesWithChild: together === 'yes',
      ...(relationship === undefined ? {} : { relationship }),
      ...(responsibility === undefined ? {} : { responsibility }),
      ...(role === '' ? {} : { role }),
    },
  });
}

function readParent(form: Form): Reading {
  const faults = new Faults();
  const typed = ['firstNames', 'lastName', 'phone', 'email'].map((name) => form.text(`parent-${name}`));
  if (typed.every((text) => text === '')) return { read: {} };
  const firstNames = faults.take('parent-firstNames', readName(typed[0] ?? '', 'First name'));
  const lastName = faults.take('parent-lastName', readName(typed[1] ?? '', 'Last name'));
  const phone = typed[2] === '' ? undefined : faults.take('parent-phone', readPhone(typed[2] ?? ''));
  const email = typed[3] === '' ? undefined : faults.take('parent-email', readEmail(typed[3] ?? ''));
  if (firstNames === undefined || lastName === undefined) return faults.or({});
  return faults.or({
    parent: {
      firstNames,
      lastName,
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
    },
  });
}

function readReach(form: Form, askedBy: AskedBy): Reading {
  const faults = new Faults();
  const channel = form.choice('channel', ['email', 'phone', 'post'] as const);
  if (channel === undefined) faults.say('channel', 'Select how we may send you our letters');
  const typedEmail = form.text('email');
  const typedPhone = form.text('phone');
  const email = typedEmail === '' ? undefined : faults.take('email', readEmail(typedEmail));
  const phone = typedPhone === '' ? undefined : faults.take('phone', readPhone(typedPhone));
  if (channel === 'email' && typedEmail === '')
    faults.say('email', 'Enter your email address, or choose another way for letters');
  if (channel === 'phone' && typedPhone === '') faults.say('phone', 'Enter the phone number that we can ring');
  const own = form.text('you-postcode');
  const home = askedBy === 'young-person' || form.text('together') === 'yes' ? form.text('home-postcode') : own;
  if (channel === 'post' && askedBy !== 'school' && home === '')
    faults.say(
      'channel',
      'You gave no address to post to: choose another way for letters, or go back and enter an address',
    );
  const interpreter = faults.line(form, 'interpreter', 'Language of an interpreter', 60);
  const format =
    form.text('format') === '' ? 'standard' : form.choice('format', Object.keys(formats) as LetterFormat[]);
  if (format === undefined) faults.say('format', 'Select how our letters should look, from the list');
  if (channel === undefined || format === undefined) return faults.or({});
  return faults.or({
    reach: {
      channel,
      format,
      ...(email === undefined ? {} : { email }),
      ...(phone === undefined ? {} : { phone }),
      ...(interpreter === '' ? {} : { interpreter }),
    },
  });
}

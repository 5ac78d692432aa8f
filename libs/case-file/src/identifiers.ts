/** The value as it is kept, or what to tell the person who typed it. */
export type Read<T = string> = { readonly value: T } | { readonly message: string };

const upnLetters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

// Control characters, and characters that turn the direction of the text round them.
const unwanted = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const tidy = (typed: string): string => typed.normalize('NFC').replace(unwanted, ' ').replace(/\s+/g, ' ').trim();

/** Any script, marks, apostrophes and hyphens; `what` begins the message: "First name", "Last name". */
export function readName(typed: string, what: string): Read {
  const value = tidy(typed);
  if (value === '' || !/\p{L}/u.test(value)) return { message: `Enter a ${what.toLowerCase()}` };
  if (value.length > 120) return { message: `${what} must be 120 characters or fewer` };
  if (!/^[\p{L}\p{M}\p{Pd} '’‘.,]+$/u.test(value))
    return { message: `${what} must only include letters, spaces, hyphens and apostrophes` };
  return { value };
}

/**
 * Unique pupil number: a check letter and 12 digits, or 11 digits and a letter while it is temporary. The letter stands
 * for the remainder by 23 of the other characters, weighted 2 to 13 (DfE's guide to unique pupil numbers).
 */
export function readUpn(typed: string): Read {
  const value = typed.replace(/\s/g, '').toUpperCase();
  const message = 'Enter a UPN in the correct format, for example A123456789012';
  if (!/^[A-Z]\d{11}[\dA-Z]$/.test(value)) return { message };
  let sum = 0;
  for (let place = 1; place < 13; place += 1) {
    const character = value.charAt(place);
    const worth = /\d/.test(character) ? Number(character) : upnLetters.indexOf(character);
    if (worth < 0) return { message };
    sum += worth * (place + 1);
  }
  return upnLetters.charAt(sum % 23) === value.charAt(0) ? { value } : { message };
}

/** NHS number: ten digits, the last of them a check by 11. */
export function readNhsNumber(typed: string): Read {
  const value = typed.replace(/[\s-]/g, '');
  const message = 'Enter an NHS number in the correct format, for example 999 123 4560';
  if (!/^\d{10}$/.test(value)) return { message };
  const sum = [...value.slice(0, 9)].reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === Number(value.charAt(9)) ? { value } : { message };
}

/** Unique reference number of a school or college: six digits. There is no check digit in it. */
export function readUrn(typed: string): Read {
  const value = typed.replace(/\s/g, '');
  return /^[1-9]\d{5}$/.test(value) ? { value } : { message: 'Enter a URN in the correct format, for example 123456' };
}

export function readPostcode(typed: string): Read {
  const joined = typed.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  const value = `${joined.slice(0, -3)} ${joined.slice(-3)}`;
  const isPostcode = joined.length <= 8 && /^(GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$/.test(value);
  return isPostcode ? { value } : { message: 'Enter a full UK postcode' };
}

/** Kept as E.164; a number without a country is a UK one. */
export function readPhone(typed: string): Read {
  const message = 'Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192';
  const digits = tidy(typed)
    .replace(/\(0\)/g, '')
    .replace(/[\s().\-–]/g, '');
  const value = digits.replace(/^00/, '+').replace(/^0/, '+44');
  if (!/^\+[1-9]\d{7,14}$/.test(value)) return { message };
  return value.startsWith('+44') && !/^\+44\d{9,10}$/.test(value) ? { message } : { value };
}

export function readEmail(typed: string): Read {
  const message = 'Enter an email address in the correct format, like name@example.com';
  const value = typed.trim();
  if (value.length > 254) return { message: 'Email address must be 254 characters or fewer' };
  // One @, no white space (a line break would reach the mail's header), and a name of two parts behind the @.
  const [before = '', behind = '', ...more] = value.split('@');
  const good = more.length === 0 && before !== '' && before.length <= 64 && !/[\s<>()",;:\\[\]]/.test(value);
  return good && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(behind) ? { value } : { message };
}

/** Reference of a case, as an officer reads it out: 'LEV-1042'. */
export const isReference = (typed: string): boolean => /^[A-Z0-9-]{6,24}$/.test(typed);

/** Up to five lines of an address, empty ones left out. */
export function readAddressLines(typed: readonly string[]): Read<string[]> {
  const value = typed.map(tidy).filter((line) => line !== '');
  if (value.length === 0) return { message: 'Enter address line 1, typically the building and street' };
  if (value.length > 5) return { message: 'Address must be 5 lines or fewer, and the postcode' };
  return value.every((line) => line.length <= 120)
    ? { value }
    : { message: 'Each address line must be 120 characters or fewer' };
}

import { ageOn, readDateOfBirth } from './date-of-birth';
import {
  isReference,
  type Read,
  readAddressLines,
  readEmail,
  readName,
  readNhsNumber,
  readPhone,
  readPostcode,
  readUpn,
  readUrn,
} from './identifiers';

type Row = [typed: string, kept: string | undefined];

const table = (what: string, read: (typed: string) => Read, message: string | RegExp, rows: Row[]) => {
  describe(what, () => {
    it.each(rows)('%j', (typed, kept) => {
      const answer = read(typed);
      if (kept !== undefined) expect(answer).toEqual({ value: kept });
      else expect(answer).toEqual({ message: expect.stringMatching(message) });
    });
  });
};

// The check letters are worked by hand: 999200000001 weighs 9*2+9*3+9*4+2*5+1*13 = 104, and 104 mod 23 is 12, an N.
table('a UPN', readUpn, 'Enter a UPN in the correct format', [
  ['N999200000001', 'N999200000001'],
  [' n999 200000001 ', 'N999200000001'],
  ['A999200000001', undefined],
  // Temporary: 99920000000 and A, which is worth 0: 91 mod 23 is 22, a Z.
  ['Z99920000000A', 'Z99920000000A'],
  ['Z99920000000I', undefined],
  ['N99920000000', undefined],
  ['N9992000000011', undefined],
  ['', undefined],
]);

// 999 000 0018: 9*10+9*9+9*8+1*2 = 245, 245 mod 11 is 3, 11 - 3 is 8.
table('an NHS number', readNhsNumber, 'Enter an NHS number in the correct format', [
  ['9990000018', '9990000018'],
  ['999 000 0018', '9990000018'],
  ['999-000-0018', '9990000018'],
  ['9990000019', undefined],
  ['999000001', undefined],
  ['99900000I8', undefined],
  ['', undefined],
]);

table('a URN', readUrn, 'Enter a URN', [
  ['999001', '999001'],
  ['99900', undefined],
  ['099900', undefined],
  ['99900A', undefined],
]);

table('a postcode', readPostcode, 'Enter a full UK postcode', [
  ['zz991ab', 'ZZ99 1AB'],
  ['ZZ99  1AB', 'ZZ99 1AB'],
  ['m1 1ae', 'M1 1AE'],
  ['EC1A1BB', 'EC1A 1BB'],
  ['GIR 0AA', 'GIR 0AA'],
  ['ZZ99', undefined],
  ['1AB ZZ99', undefined],
  ['ZZ99 1AB 2', undefined],
  ['', undefined],
]);

table('a phone number', readPhone, 'Enter a phone number', [
  ['01632 960 001', '+441632960001'],
  ['+44 (0)1632 960001', '+441632960001'],
  ['0044 7700 900982', '+447700900982'],
  ['+33 1 99 00 00 00', '+33199000000'],
  ['01632', undefined],
  ['960001', undefined],
  ['ring me', undefined],
  ['+440000', undefined],
]);

table('an email address', readEmail, /Enter an email address|254 characters/, [
  ['Ada.Marsh@Example.org', 'Ada.Marsh@Example.org'],
  [' a@b.example.org ', 'a@b.example.org'],
  ['a@b', undefined],
  ['a@@example.org', undefined],
  ['a@example.org\nBcc: b@example.org', undefined],
  ['@example.org', undefined],
  ['a b@example.org', undefined],
  [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  [`a@${'b'.repeat(260)}.org`, undefined],
  ['a@-b.org', undefined],
]);

table(
  'a name',
  (typed) => readName(typed, 'First name'),
  /Enter a first name|120 characters or fewer|must only include/,
  [
    ['Zoë', 'Zoë'],
    ['  Mary-Jane   O’Neill ', 'Mary-Jane O’Neill'],
    ['李雷', '李雷'],
    ['Ng\u0303', 'Ng\u0303'.normalize('NFC')],
    ['A\u202Edna', 'A dna'],
    ['', undefined],
    ['...', undefined],
    ['<script>', undefined],
    ['x'.repeat(120), 'x'.repeat(120)],
    ['x'.repeat(121), undefined],
  ],
);

it.each([
  ['LEV-1042', true],
  ['LEV-1', false],
  ['lev-1042', false],
  ['A'.repeat(25), false],
  ['LEV_1042', false],
])('a reference: %s', (text, good) => {
  expect(isReference(text)).toBe(good);
});

it('reads an address of one to five lines', () => {
  expect(readAddressLines(['1 High Street ', '', 'Levelton'])).toEqual({ value: ['1 High Street', 'Levelton'] });
  expect(readAddressLines(['', ' '])).toHaveProperty(
    'message',
    'Enter address line 1, typically the building and street',
  );
  expect(readAddressLines(['1', '2', '3', '4', '5', '6'])).toHaveProperty('message');
});

describe('a date of birth', () => {
  const today = '2027-05-04';
  it.each([
    ['2020-02-29', { value: '2020-02-29' }],
    ['2021-02-29', { message: 'Date of birth must be a real date' }],
    ['2027-05-04', { message: 'Date of birth must be in the past' }],
    ['1990-01-01', { message: 'Date of birth must be on or after 1 January 1996' }],
    ['2001-05-04', { value: '2001-05-04', warning: 'This person is over 25. Check the date of birth.' }],
    ['2001-05-05', { value: '2001-05-05' }],
  ])('%s', (typed, expected) => expect(readDateOfBirth(typed, today)).toEqual(expected));

  it.each([
    ['2020-02-29', '2027-02-28', 7],
    ['2020-02-29', '2027-02-27', 6],
    ['2011-05-04', '2027-05-03', 15],
    ['2011-05-04', '2027-05-04', 16],
  ])('%s on %s', (born, on, age) => expect(ageOn(born, on)).toBe(age));
});

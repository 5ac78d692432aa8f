import {
  addSchoolDays,
  addTribunalDays,
  addWorkingDays,
  type Calendars,
  easterMonday,
  endOfFirstTerm,
  isCalendarEnds,
  isSchoolDay,
  isTribunalVacation,
  isWorkingDay,
  longClosures,
  nextWorkingDay,
  officeDayOnOrBefore,
  onOrAfterWorkingDay,
  previousWorkingDay,
  referenceTermEnd,
  type Term,
  tribunalAcceptsUntil,
  workingDaysBefore,
  workingDaysBeginningWith,
} from './calendar';
import { englandBankHolidays } from './england-bank-holidays';
import { servedBy } from './service';

const england: Calendars = { bankHolidays: englandBankHolidays };

describe('working days', () => {
  it.each([
    ['2026-12-25', false],
    ['2026-12-28', false], // Boxing Day, substitute
    ['2026-12-29', true],
    ['2020-05-04', true], // moved to the 8th for VE day
    ['2020-05-08', false],
    ['2022-09-19', false], // state funeral
    ['2023-05-08', false], // coronation
    ['2027-03-26', false], // Good Friday
    ['2026-11-14', false], // Saturday
  ])('%s: %s', (day, expected) => expect(isWorkingDay(day, england)).toBe(expected));

  it.each([
    ['2026-12-24', 3, '2026-12-31'],
    ['2027-03-25', 1, '2027-03-30'],
    ['2026-11-06', 3, '2026-11-11'],
  ])('from %s, %i working days end on %s', (day, count, expected) =>
    expect(addWorkingDays(day, count, england)).toBe(expected),
  );

  it('"beginning with" a day counts it, if it is a working day', () => {
    expect(workingDaysBeginningWith('2026-11-02', 15, england)).toBe('2026-11-20');
    expect(workingDaysBeginningWith('2026-11-01', 15, england)).toBe('2026-11-20');
  });

  it('steps backward and forward', () => {
    expect(workingDaysBefore('2027-01-04', 2, england)).toBe('2026-12-30');
    expect(previousWorkingDay('2026-12-29', england)).toBe('2026-12-24');
    expect(nextWorkingDay('2026-12-24', england)).toBe('2026-12-29');
    expect(onOrAfterWorkingDay('2026-12-29', england)).toBe('2026-12-29');
    expect(onOrAfterWorkingDay('2026-12-26', england)).toBe('2026-12-29');
  });

  it('plans around the days on which the council is shut, which move no statutory day', () => {
    const shut = { ...england, councilClosures: ['2026-12-29', '2026-12-30', '2026-12-31'] };
    expect(officeDayOnOrBefore('2027-01-01', shut)).toBe('2026-12-24');
    expect(addWorkingDays('2026-12-24', 1, shut)).toBe('2026-12-29');
  });

  it('gives no answer past its horizon, and says which calendar ends', () => {
    expect(addWorkingDays('2028-12-29', 1, england)).toEqual({
      calendar: 'bankHolidays',
      needed: '2029-01-01',
      why: 'The calendar "bank holidays in England, 2014 to 2028" does not reach 2029-01-01.',
    });
    expect(isCalendarEnds(isWorkingDay('2013-12-31', england))).toBe(true);
    expect(isWorkingDay('2029-01-06', england)).toBe(false); // a Saturday needs no table
  });

  it('finds every Easter of the table', () => {
    for (let year = 2014; year <= 2028; year += 1) expect(isWorkingDay(easterMonday(year), england)).toBe(false);
    expect([2026, 2027, 2038, 2076].map(easterMonday)).toEqual([
      '2026-04-06',
      '2027-03-29',
      '2038-04-26',
      '2076-04-20',
    ]);
  });
});

describe('the Tribunal', () => {
  it('leaves out 25 December to 1 January and August', () => {
    expect(
      ['2026-12-24', '2026-12-25', '2027-01-01', '2027-01-02', '2026-07-31', '2026-08-01', '2026-08-31'].map(
        isTribunalVacation,
      ),
    ).toEqual([false, true, true, false, false, true, true]);
    expect(addTribunalDays('2026-07-31', 1, england)).toBe('2026-09-01');
    expect(addTribunalDays('2026-12-23', 2, england)).toBe('2027-01-04');
  });

  it.each([
    ['2026-08-10', '2026-09-01'],
    ['2027-02-28', '2027-03-01'],
    ['2024-12-01', '2024-12-02'],
    ['2026-12-25', '2027-01-04'],
    ['2027-01-01', '2027-01-04'],
    ['2025-08-31', '2025-09-01'],
    ['2026-11-10', '2026-11-10'],
  ])('a time ending on %s is kept until %s', (day, until) => expect(tribunalAcceptsUntil(day, england)).toBe(until));
});

describe("a setting's terms", () => {
  const terms: Term[] = [
    { from: '2026-09-02', to: '2026-10-23', withoutSession: ['2026-09-02'] },
    { from: '2026-06-01', to: '2026-07-22' },
    { from: '2026-04-20', to: '2026-05-22' },
    { from: '2026-11-02', to: '2026-12-18' },
  ];
  const school = { ...england, terms };

  it('has school days only in term, off bank holidays and training days', () => {
    expect(
      ['2026-09-02', '2026-09-03', '2026-05-04', '2026-10-26', '2026-08-05', '2026-09-05'].map((day) =>
        isSchoolDay(day, school),
      ),
    ).toEqual([false, true, false, false, false, false]);
    expect(addSchoolDays('2026-07-21', 2, school)).toBe('2026-09-03');
  });

  it('has no answer outside the terms on record, nor in a gap too long to be a holiday', () => {
    expect(isSchoolDay('2027-01-05', school)).toMatchObject({ calendar: 'terms', needed: '2027-01-05' });
    expect(isSchoolDay('2026-01-05', school)).toMatchObject({ calendar: 'terms' });
    const holed = { ...england, terms: terms.filter(({ from }) => from !== '2026-09-02') };
    expect(isSchoolDay('2026-08-05', holed)).toMatchObject({ calendar: 'terms' });
    expect(longClosures(holed.terms)).toEqual([]);
  });

  it('was closed for four continuous weeks or more in summer only', () => {
    expect(longClosures(terms)).toEqual([{ from: '2026-07-23', to: '2026-09-01', reopens: '2026-09-02' }]);
    expect(
      longClosures([
        { from: '2026-06-01', to: '2026-07-22' },
        { from: '2026-08-19', to: '2026-10-01' },
      ]),
    ).toEqual([]);
    expect(
      longClosures([
        { from: '2026-06-01', to: '2026-07-22' },
        { from: '2026-08-20', to: '2026-10-01' },
      ]),
    ).toHaveLength(1);
  });
});

it('counts suspensions by the statutory terms, not by half-terms', () => {
  expect(['2026-09-01', '2026-12-31', '2027-01-01', '2027-03-29', '2027-03-30', '2027-07-31', '2027-08-01'].map(referenceTermEnd)).toEqual([
    '2026-12-31', '2026-12-31', '2027-03-29', '2027-03-29', '2027-07-31', '2027-07-31', '2027-12-31',
  ]); // prettier-ignore
});

describe('service, C4', () => {
  it.each([
    ['first-class', '2026-12-23', '2026-12-29'],
    ['first-class', '2026-11-06', '2026-11-10'],
    ['second-class', '2026-11-06', '2026-11-12'],
    ['email', '2026-11-07', '2026-11-07'],
    ['portal', '2026-11-07', '2026-11-07'],
    ['hand', '2026-11-08', '2026-11-08'],
  ] as const)('%s sent on %s is served on %s', (channel, sent, served) =>
    expect(servedBy(channel, sent, england)).toBe(served),
  );
});

describe('the end of the first term, E1', () => {
  // A school year of six half-terms, as many authorities publish it.
  const terms: Term[] = [
    { from: '2026-09-02', to: '2026-10-23' },
    { from: '2026-11-02', to: '2026-12-18' },
    { from: '2027-01-05', to: '2027-02-12' },
    { from: '2027-02-22', to: '2027-03-25' },
    { from: '2027-04-12', to: '2027-05-28' },
    { from: '2027-06-07', to: '2027-07-21' },
  ];

  it.each([
    ['a start in September', '2026-09-02', terms, '2026-12-31'],
    ['a start on record in the summer holidays before it', '2026-08-31', terms, '2026-12-31'],
    ['a start after the October half-term', '2026-11-09', terms, '2026-12-18'],
    ['in the first half of the spring term', '2027-01-05', terms, '2027-03-25'],
    ['in the February half-term', '2027-02-15', terms, '2027-03-25'],
    ['in the Easter holidays: the term that follows', '2027-04-01', terms, '2027-07-21'],
    ['in the last half-term on record', '2027-06-14', terms, '2027-07-21'],
    ['where only half of the term is on record', '2027-01-11', terms.slice(0, 3), '2027-03-29'],
    ['where three terms are on record', '2027-01-11', [{ from: '2027-01-05', to: '2027-03-25' }], '2027-03-25'],
    ['where no terms are on record', '2027-02-01', [], '2027-03-29'],
    ['before the terms on record', '2026-05-04', terms, '2026-07-31'],
    ['after the terms on record', '2027-09-06', terms, '2027-12-31'],
    [
      'where a year without terms lies before the next',
      '2026-11-09',
      [
        { from: '2025-01-06', to: '2025-04-04' },
        { from: '2027-01-05', to: '2027-03-25' },
      ],
      '2026-12-31',
    ],
  ])('%s: %s', (_when, on, known, end) => expect(endOfFirstTerm(on, known)).toBe(end));

  it('ends a term at Easter whether the holiday is early or late', () => {
    const early = [
      { from: '2024-02-19', to: '2024-03-28' },
      { from: '2024-04-15', to: '2024-05-24' },
    ];
    const late = [
      { from: '2025-02-24', to: '2025-04-04' },
      { from: '2025-04-22', to: '2025-05-23' },
    ];
    expect(endOfFirstTerm('2024-03-04', early)).toBe('2024-03-28');
    expect(endOfFirstTerm('2025-03-03', late)).toBe('2025-04-04');
  });
});

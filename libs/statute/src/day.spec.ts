import fc from 'fast-check';
import {
  addDays,
  addMonths,
  civilOf,
  daysBetween,
  daysInMonth,
  earlier,
  formatDay,
  fromSerial,
  isDay,
  isInRange,
  later,
  londonDay,
  serialOf,
  toSerial,
  weekday,
} from './day';

const FIRST = serialOf(1996, 1, 1);
const LAST = serialOf(2125, 12, 31);
const serials = fc.integer({ min: FIRST, max: LAST });

describe('a day', () => {
  it.each([
    ['2028-02-29', true],
    ['2027-02-29', false],
    ['2100-02-29', false],
    ['2000-02-29', true],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['2026-1-1', false],
    ['2026-01-01T00:00:00Z', false],
    ['٢٠٢٦-٠١-٠١', false],
    [20260101, false],
    [null, false],
  ])('isDay(%j) is %s', (value, real) => expect(isDay(value)).toBe(real));

  it('is reckoned with from 1996 to 2125', () => {
    expect(['1995-12-31', '1996-01-01', '2125-12-31', '2126-01-01'].map(isInRange)).toEqual([false, true, true, false]);
  });

  it('is written for people', () => {
    expect(formatDay('2027-05-04')).toBe('4 May 2027');
    expect(formatDay('2026-12-31')).toBe('31 December 2026');
  });

  it('has an earlier and a later', () => {
    expect([earlier('2026-01-02', '2026-01-01'), later('2026-01-02', '2026-01-01')]).toEqual([
      '2026-01-01',
      '2026-01-02',
    ]);
  });

  it.each([
    ['2026-12-31', 2, '2027-02-28'],
    ['2027-12-31', 2, '2028-02-29'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-09-01', -5, '2026-04-01'],
    ['2026-07-31', -5, '2026-02-28'],
    ['2026-05-04', 0, '2026-05-04'],
    ['2026-11-30', 3, '2027-02-28'],
  ])('%s and %i months is %s: the corresponding date or the last of the month', (day, months, expected) =>
    expect(addMonths(day, months)).toBe(expected),
  );

  it('counts across both changes of the clock', () => {
    expect(addDays('2026-03-28', 1)).toBe('2026-03-29');
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
    expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
    expect(daysBetween('2026-03-01', '2026-11-01')).toBe(245);
  });

  it('agrees with another calculator on every property (Gregorian, UTC)', () => {
    fc.assert(
      fc.property(serials, fc.integer({ min: -3000, max: 3000 }), (serial, step) => {
        const day = fromSerial(serial);
        const other = new Date(serial * 86_400_000);
        expect(day).toBe(other.toISOString().slice(0, 10));
        expect(weekday(day)).toBe(other.getUTCDay() || 7);
        expect(toSerial(day)).toBe(serial);
        expect(isDay(day)).toBe(true);
        expect(daysBetween(day, addDays(day, step))).toBe(step);
      }),
      { numRuns: 1000 },
    );
  });

  it('never leaves a month by adding months', () => {
    fc.assert(
      fc.property(serials, fc.integer({ min: -60, max: 60 }), (serial, months) => {
        const day = fromSerial(serial);
        const from = civilOf(serial);
        const to = civilOf(toSerial(addMonths(day, months)));
        expect(to.year * 12 + to.month - (from.year * 12 + from.month)).toBe(months);
        expect(to.day).toBe(Math.min(from.day, daysInMonth(to.year, to.month)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('londonDay', () => {
  it.each([
    ['2026-06-30T22:59:59Z', '2026-06-30'],
    ['2026-06-30T23:00:00Z', '2026-07-01'],
    ['2026-12-31T23:59:59Z', '2026-12-31'],
    // The clocks go forward on 29 March 2026 and back on 25 October 2026, both at 01:00 UTC.
    ['2026-03-28T23:30:00Z', '2026-03-28'],
    ['2026-03-29T23:30:00Z', '2026-03-30'],
    ['2026-10-24T23:30:00Z', '2026-10-25'],
    ['2026-10-25T23:30:00Z', '2026-10-25'],
  ])('at %s it is %s', (instant, day) => expect(londonDay(new Date(instant))).toBe(day));
});

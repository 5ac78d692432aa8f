import { weekday } from './day';
import { compulsorySchoolAgeEnds, isOverCompulsorySchoolAge, schoolYearGroup } from './school-age';
import { suspensionTotals } from './suspension-days';

describe('year groups', () => {
  it.each([
    ['2016-08-31', '2020-09-01', 0], // the youngest of reception
    ['2015-09-01', '2020-09-01', 0], // the oldest
    ['2016-08-31', '2020-08-31', -1],
    ['2011-03-14', '2026-11-02', 11],
    ['2013-09-01', '2026-11-02', 8],
    ['2013-08-31', '2026-11-02', 9],
    ['2012-02-29', '2027-08-31', 10],
    ['2001-05-05', '2026-11-02', 21],
  ])('born %s is on %s in year %i', (born, on, year) => expect(schoolYearGroup(born, on)).toBe(year));
});

describe('the end of compulsory school age: the last Friday in June', () => {
  it.each([
    ['2010-09-01', '2027-06-25'],
    ['2011-08-31', '2027-06-25'],
    ['2011-09-01', '2028-06-30'],
    ['2009-12-24', '2026-06-26'],
    ['2010-06-26', '2026-06-26'],
    ['2012-02-29', '2028-06-30'],
  ])('born %s: %s', (born, ends) => {
    expect(compulsorySchoolAgeEnds(born)).toBe(ends);
    expect(weekday(ends)).toBe(5);
    expect(isOverCompulsorySchoolAge(born, ends)).toBe(false);
  });

  it('is not the sixteenth birthday', () => {
    expect(isOverCompulsorySchoolAge('2010-10-01', '2026-10-01')).toBe(false);
    expect(isOverCompulsorySchoolAge('2010-10-01', '2027-06-26')).toBe(true);
    expect(isOverCompulsorySchoolAge('2011-08-01', '2027-07-01')).toBe(true);
  });
});

it('adds suspensions across schools for the year and by school for the term, D2', () => {
  const days = [
    { settingId: 'a', on: '2026-07-01', days: 3 },
    { settingId: 'a', on: '2026-10-01', days: 2 },
    { settingId: 'a', on: '2026-11-20', days: 0.5 },
    { settingId: 'b', on: '2027-01-20', days: 4 },
    { settingId: 'a', on: '2027-02-01', days: 1 },
    { settingId: 'b', on: '2027-05-01', days: 9 },
  ];
  expect(suspensionTotals(days, '2027-03-01')).toEqual({ year: 7.5, term: { a: 1, b: 4 } });
});

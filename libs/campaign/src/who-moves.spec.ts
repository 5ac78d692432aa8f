import { describe, expect, it } from '@jest/globals';
import { type MayMove, type Taught, whoMoves } from './who-moves';

const school = (phase: string | null, ageFrom: number | null = null, ageTo: number | null = null): Taught => ({
  phase,
  ageFrom,
  ageTo,
});
const primary = school('Primary', 4, 11);
const secondary = school('Secondary', 11, 16);
/** Born in the school year in which a child comes to this year group in the year before September 2027. */
const inYear = (year: number, setting: Taught | null, yearGroup: number | null = null): MayMove => ({
  dateOfBirth: `${2021 - year}-10-12`,
  yearGroup,
  setting,
});

describe('who moves in September 2027', () => {
  it.each<[string, MayMove, object]>([
    ['a nursery', inYear(-1, school('Early years')), { moves: 'early-years-to-school' }],
    ['a nursery class of a primary school', inYear(-1, school('Primary', 3, 11)), { moves: 'early-years-to-school' }],
    ['an infant school', inYear(2, school('Primary', 4, 7)), { moves: 'infant-to-junior' }],
    ['an infant school without its ages', inYear(2, school('Infant')), { moves: 'infant-to-junior' }],
    ['a primary school, year 2', inYear(2, primary), { stays: 'not-a-year-of-moving' }],
    ['a first school', inYear(4, school('First', 4, 9)), { moves: 'primary-to-middle' }],
    ['a primary school', inYear(6, primary), { moves: 'primary-to-secondary' }],
    ['a junior school', inYear(6, school('Junior')), { moves: 'primary-to-secondary' }],
    ['a middle school', inYear(8, school('Middle', 9, 13)), { moves: 'middle-to-secondary' }],
    ['a middle school, year 6', inYear(6, school('Middle', 9, 13)), { stays: 'not-a-year-of-moving' }],
    ['a secondary school', inYear(11, secondary), { moves: 'secondary-to-post-16' }],
    // B2: also where the school goes on to 18.
    ['a school with a sixth form', inYear(11, school('Secondary', 11, 18)), { moves: 'secondary-to-post-16' }],
    ['a special school to 19, year 11', inYear(11, school('Special', 4, 19)), { moves: 'secondary-to-post-16' }],
    ['a special school to 19, year 6', inYear(6, school('Special', 4, 19)), { stays: 'not-a-year-of-moving' }],
    ['a special school of ages not known', inYear(6, school('Special')), { decide: 'ages-not-known' }],
    ['an all-through school, year 6', inYear(6, school('All-through', 4, 18)), { stays: 'not-a-year-of-moving' }],
    ['the last year of a sixth form', inYear(13, school('Secondary', 11, 18)), { decide: 'leaves-sixth-form' }],
    ['a college', inYear(12, school('Post-16', 16, 25)), { stays: 'begun-one-by-one' }],
    ['no setting, year 6', inYear(6, null), { decide: 'no-setting' }],
    ['no setting, year 4', inYear(4, null), { stays: 'not-a-year-of-moving' }],
    ['older than the school', inYear(8, primary), { decide: 'past-its-ages' }],
    ['a school that ends at 14', inYear(9, school('Secondary', 11, 14)), { decide: 'unusual-ages' }],
    ['a toddler', inYear(-2, school('Early years')), { stays: 'too-young' }],
  ])('from %s', (_, child, answer) => {
    expect(whoMoves(child, 2027, '2026-09-14')).toEqual(answer);
  });

  it.each([
    ['2015-08-31', { decide: 'past-its-ages' }],
    ['2015-09-01', { moves: 'primary-to-secondary' }],
    ['2016-08-31', { moves: 'primary-to-secondary' }],
    ['2016-09-01', { stays: 'not-a-year-of-moving' }],
  ])('born on %s, in a primary school', (dateOfBirth, answer) => {
    expect(whoMoves({ dateOfBirth, yearGroup: null, setting: primary }, 2027, '2026-09-14')).toEqual(answer);
  });

  it('leaves a child out of their year to a person, wherever one of the two years would move', () => {
    // A year behind: by age in year 6, in school in year 5. And the other way round.
    expect(whoMoves(inYear(6, primary, 5), 2027, '2026-09-14')).toEqual({ decide: 'out-of-year' });
    expect(whoMoves(inYear(5, primary, 6), 2027, '2026-09-14')).toEqual({ decide: 'out-of-year' });
    expect(whoMoves(inYear(4, primary, 3), 2027, '2026-09-14')).toEqual({ stays: 'not-a-year-of-moving' });
    // The same year group, written down although it is the usual one.
    expect(whoMoves(inYear(6, primary, 6), 2027, '2026-09-14')).toEqual({ moves: 'primary-to-secondary' });
    // Read in July, the year group on record is that of the year before.
    expect(whoMoves(inYear(6, primary, 5), 2027, '2026-07-10')).toEqual({ moves: 'primary-to-secondary' });
  });
});

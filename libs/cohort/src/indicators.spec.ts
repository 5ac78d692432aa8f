import { describe, expect, it } from '@jest/globals';
import { englandCalendars, type Day } from '@send/statute';
import { daysOf, type Exclusion, inARow, type SchoolCalendars } from './absence';
import { readFile } from './csv-file';
import { noticeOf } from './exclusion-runs';
import { fairnessOf, hideSmall } from './fairness';
import { type ChildData, comparabilityWarning, type Indicator, indicatorsOf, weightOf } from './indicators';

const school = 'school-1';
const schools: SchoolCalendars = {
  calendars: englandCalendars,
  terms: {
    [school]: [
      { from: '2026-09-02', to: '2026-10-23' },
      { from: '2026-11-02', to: '2026-12-18', withoutSession: ['2026-11-27'] },
    ],
  },
};
let counter = 0;
const suspension = (firstDay: Day, sessions: number, more: Partial<Exclusion> = {}): Exclusion => ({
  id: `e${(counter += 1)}`,
  settingId: school,
  category: 'SUSP',
  firstDay,
  lastDay: null,
  sessions,
  cancelledOn: null,
  exam: false,
  runId: null,
  source: 'Notices',
  asOf: '2026-11-20',
  ...more,
});
const covered = { from: '2026-09-01', to: '2026-11-20' };
const data = (more: Partial<ChildData>): ChildData => ({
  exclusions: [],
  elsewhere: [],
  attendance: [],
  partTime: [],
  covered: { suspensions: covered, attendance: covered, 'part-time': covered },
  ...more,
});
const on: Day = '2026-11-20';
const of = (more: Partial<ChildData>, id: string, day: Day = on): Indicator | undefined =>
  indicatorsOf(data(more), day, schools).find((one) => one.id === id);

describe('days of a suspension', () => {
  it('are school days, two sessions each; a lunchtime is half of one', () => {
    expect(daysOf(suspension('2026-10-22', 6), schools)).toEqual({
      known: true,
      days: [
        { settingId: school, on: '2026-10-22', days: 1 },
        { settingId: school, on: '2026-10-23', days: 1 },
        { settingId: school, on: '2026-11-02', days: 1 },
      ],
    });
    expect(daysOf(suspension('2026-11-02', 1, { category: 'LNCH' }), schools).days).toEqual([
      { settingId: school, on: '2026-11-02', days: 0.5 },
    ]);
  });

  it('end where it was cancelled, and what was served still counts', () => {
    expect(daysOf(suspension('2026-11-02', 10, { cancelledOn: '2026-11-04' }), schools).days).toHaveLength(2);
  });

  it('say when the term dates do not reach', () => {
    expect(daysOf(suspension('2027-01-11', 4), schools)).toMatchObject({ known: false, days: [{}, {}] });
  });
});

describe('back to back', () => {
  it('is one run: Friday before half term and the Monday after it', () => {
    const rows = inARow([suspension('2026-10-22', 4), suspension('2026-11-02', 8)], schools);
    expect(rows).toMatchObject([{ firstDay: '2026-10-22', lastDay: '2026-11-05', days: 6, known: true }]);
  });

  it('a day back in school in between makes two', () => {
    expect(inARow([suspension('2026-11-02', 4), suspension('2026-11-05', 4)], schools)).toHaveLength(2);
  });

  it('gives the notice of the later one its first day and sessions, and the totals before it', () => {
    const all = [suspension('2026-09-14', 2), suspension('2026-10-22', 4), suspension('2026-11-02', 8)];
    expect(noticeOf(all, all[2]?.id ?? '', schools)).toEqual({
      earlierInTerm: 6,
      earlierInYear: 6,
      number: 3,
      followsOnFrom: '2026-10-22',
      followsOnSessions: 4,
    });
  });
});

describe('indicators', () => {
  it('add up a term by the period to 31 December, at each school alone', () => {
    const elsewhere = suspension('2026-09-07', 12, { settingId: 'school-2' });
    expect(of({ exclusions: [suspension('2026-11-02', 11), elsewhere] }, 'term-days')).toMatchObject({
      value: '6 days',
      flag: 'look',
    });
    expect(of({ exclusions: [suspension('2026-11-02', 11)] }, 'term-days')).toMatchObject({
      value: '5.5 days',
      flag: 'look',
    });
    expect(of({ exclusions: [suspension('2026-11-02', 10)] }, 'term-days')).toMatchObject({
      value: '5 days',
      flag: 'none',
    });
    expect(of({ exclusions: [suspension('2026-11-02', 11), elsewhere] }, 'year-days')?.value).toBe('11.5 days');
  });

  it('flag the third suspension, and keep a cancelled one without counting it', () => {
    const two = [suspension('2026-09-07', 2), suspension('2026-10-05', 2)];
    expect(of({ exclusions: two }, 'suspensions')).toMatchObject({ value: '2', flag: 'look' });
    expect(
      of({ exclusions: [...two, suspension('2026-11-09', 1, { category: 'LNCH' })] }, 'suspensions'),
    ).toMatchObject({
      value: '3',
      flag: 'act',
    });
    const cancelled = of(
      { exclusions: [...two, suspension('2026-11-09', 4, { cancelledOn: '2026-11-10' })] },
      'suspensions',
    );
    expect(cancelled).toMatchObject({ value: '2', flag: 'look' });
    expect(cancelled?.why).toContain('1 cancelled suspension kept on record');
  });

  it('say the day education from the sixth day is due, and when no day can be had', () => {
    const running = [suspension('2026-11-16', 14)];
    expect(of({ exclusions: running }, 'sixth-day')).toMatchObject({ value: '23 November 2026', flag: 'look' });
    const beyond = [suspension('2026-12-16', 0, { category: 'PERM' })];
    expect(of({ exclusions: beyond }, 'sixth-day', '2026-12-17')).toMatchObject({
      value: 'Cannot be worked out',
      complete: false,
    });
  });

  it('never add a move, a separation, a timetable or a sending home to a total', () => {
    const others = (['off-site', 'managed-move', 'separation', 'sent-home'] as const).map((kind) => ({
      kind,
      settingId: school,
      firstDay: '2026-11-02',
      lastDay: '2026-12-18',
      source: 'Notices',
      asOf: on,
    }));
    expect(of({ elsewhere: others }, 'year-days')?.value).toBe('0 days');
    expect(of({ elsewhere: others }, 'elsewhere')?.flag).toBe('look');
    expect(of({ elsewhere: others }, 'sent-home')).toMatchObject({ value: '1', flag: 'act' });
  });

  it('flag an open-ended part-time timetable above one with an end, a review and consent', () => {
    const open = { id: 'p', settingId: school, agreedByUs: false, hoursAWeek: 12, firstDay: '2026-09-14' as Day, endsOn: null, reviewOn: null, consentOn: null, why: 'x', source: 's', asOf: on }; // prettier-ignore
    expect(of({ partTime: [open] }, 'part-time')).toMatchObject({
      flag: 'act',
      value: 'Yes, no end date, no review date, no consent',
    });
    const whole = { ...open, endsOn: '2026-12-18', reviewOn: '2026-11-30', consentOn: '2026-09-11' };
    expect(of({ partTime: [whole] }, 'part-time')).toMatchObject({ flag: 'look', value: 'Yes' });
  });

  it('count absence over possible sessions, leaving out what the child could not attend', () => {
    const day = (index: number, morning: string, afternoon: string) => ({ settingId: school, on: `2026-11-${String(index).padStart(2, '0')}`, morning, afternoon, source: 's', asOf: on }); // prettier-ignore
    const days = [day(2, '/', '\\'), day(3, 'O', 'O'), day(4, 'Q', 'Q'), day(5, '#', '#'), day(6, '/', 'I')];
    expect(of({ attendance: days }, 'absence')).toMatchObject({ value: '50%', flag: 'act', why: expect.stringContaining('3 of 6') }); // prettier-ignore
    expect(of({ attendance: days }, 'fifteen-days')?.value).toBe('1.5 days');
  });

  it('say how complete they are', () => {
    expect(of({}, 'term-days')).toMatchObject({ complete: true, completeness: 'Data to 20 November 2026' });
    const old = { suspensions: { from: '2026-09-01', to: '2026-10-01' }, attendance: null, 'part-time': covered };
    expect(of({ covered: old }, 'term-days')).toMatchObject({
      complete: false,
      completeness: 'Nothing after 1 October 2026',
    });
    expect(of({ covered: old }, 'absence')).toMatchObject({
      complete: false,
      completeness: 'Nothing has been imported',
    });
  });

  it('leave out what may not be used', () => {
    const used = indicatorsOf(
      data({ exclusions: [suspension('2026-11-02', 11)] }),
      on,
      schools,
      (source) => source !== 'suspensions',
    );
    expect(used.map(({ source }) => source)).not.toContain('suspensions');
    expect(weightOf(used)).toBe(0);
  });

  it('warn of figures across 1 September 2022', () => {
    expect(comparabilityWarning('2021-09-01', '2023-07-31')).toContain('1 September 2022');
    expect(comparabilityWarning('2022-09-01', '2023-07-31')).toBeNull();
  });
});

describe('small numbers', () => {
  it('are hidden, and so is the one they could be worked out from', () => {
    expect(hideSmall([12, 3, 30])).toEqual([null, null, 30]);
    expect(hideSmall([12, 3, 2])).toEqual([12, null, null]);
    expect(hideSmall([12, 0, 7])).toEqual([12, 0, 7]);
    expect(hideSmall([4])).toEqual([null]);
  });

  it('by group and column', () => {
    const children = [...Array(9).fill('Boys'), ...Array(6).fill('Girls')].map((group: string, index) => ({ group, letIn: index % 2 === 0, stayed: index < 6 })); // prettier-ignore
    expect(fairnessOf('Sex', children)).toEqual({
      by: 'Sex',
      rows: [
        { group: 'Boys', putForward: 9, letIn: null, stayed: 6 },
        { group: 'Girls', putForward: 6, letIn: null, stayed: 0 },
      ],
      total: { putForward: 15, letIn: 8, stayed: 6 },
    });
  });
});

describe('a file', () => {
  const header = 'UPN,SchoolURN,Category,StartDate,EndDate,Sessions,Reasons,SENProvision,Exam,CancelledDate';
  const row = 'A123456789012,123456,SUSP,02/11/2026,03/11/2026,4,PP;LD,K,no,';

  it('gives rows where it is right, with dates in either way of writing', () => {
    const { rows, problems } = readFile('suspensions', `\uFEFF${header}\r\n${row}\r\n`, on);
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([{ upn: 'A123456789012', firstDay: '2026-11-02', sessions: 4, reasons: ['PP', 'LD'] }]);
  });

  it('names every fault with its line and column, and then gives no row', () => {
    const wrong = `${header}\n${row}\nB1,123,SUSX,31/02/2026,01/01/2026,0,QQ,Z,maybe,soon\n${row}\n`;
    const { rows, problems } = readFile('suspensions', wrong, on);
    expect(rows).toEqual([]);
    expect(problems.map(({ line, column }) => `${line} ${column}`)).toEqual(expect.arrayContaining(['3 UPN', '3 SchoolURN', '3 Category', '3 StartDate', '3 Reasons', '3 SENProvision', '3 Exam', '3 CancelledDate', '4 UPN'])); // prettier-ignore
    expect(problems.find(({ line }) => line === 4)?.message).toBe('The same as line 2: one row for each event');
  });

  it.each([
    ['', 'The column UPN is missing'],
    [`${header}\n`, 'no rows'],
    [`${header},Shoe\n${row},9\n`, 'not known here'],
    [`${header}\n"${row}\n`, 'quotation mark'],
    [`${header}\n${row},9,9\n`, 'as many cells'],
    ['PK\u0003\u0004\u0000', 'not a CSV file'],
  ])('that is not one says so: %j', (text, says) => {
    const { rows, problems } = readFile('suspensions', text, on);
    expect(rows).toEqual([]);
    expect(problems.map(({ message }) => message).join(' ')).toContain(says);
  });
});

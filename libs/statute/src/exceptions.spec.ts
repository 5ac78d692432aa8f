import fc from 'fast-check';
import type { Term } from './calendar';
import { addDays, daysBetween, fromSerial, serialOf } from './day';
import {
  type AdviceAsked,
  type Evidence,
  proposeExceptions,
  settingsWithoutTerms,
  type Stretch,
  targetWithExceptions,
} from './exceptions';

/** Closed from 23 July 2026, re-opening on 2 September 2026. */
const summer: Term[] = [
  { from: '2026-06-01', to: '2026-07-22' },
  { from: '2026-09-02', to: '2026-10-23' },
];
const asked = (on: string, kind: AdviceAsked['kind'] = 'school'): AdviceAsked => ({ settingId: 's', kind, on });
const evidence = (more: Partial<Evidence>): Evidence => ({ anchor: '2026-06-15', terms: { s: summer }, ...more });
const grounds = (dutyId: string, more: Partial<Evidence>): string[] =>
  proposeExceptions(dutyId, evidence(more)).map(({ ground }) => ground);

describe('a closed school', () => {
  it.each([
    ['2026-07-15', []],
    ['2026-07-16', ['settingClosed']],
    ['2026-07-24', ['settingClosed']],
    ['2026-08-26', ['settingClosed']],
    ['2026-08-27', []],
  ])('advice asked on %s gives %j', (on, expected) =>
    expect(grounds('assessment.decide-whether-to-assess', { adviceAskedOfSettings: [asked(on)] })).toEqual(expected),
  );

  it('is told with the facts that prove it', () => {
    expect(proposeExceptions('plan.issue-final', evidence({ adviceAskedOfSettings: [asked('2026-07-24')] }))).toEqual([
      {
        exceptionId: 'plan.issue-final.school-closed',
        ground: 'settingClosed',
        provision: 'SEND Regs 2014 reg 13(3) applying reg 10(4)(a)',
        from: '2026-07-23',
        to: '2026-09-01',
        facts:
          'Advice was asked of the setting on 24 July 2026. It was closed from 23 July 2026 and re-opened on 2 September 2026; ' +
          'requests from 16 July 2026 to 26 August 2026 count.',
      },
    ]);
  });

  it('excuses the authority and, early years by its own paragraph, never the advising body or an outright refusal (A2)', () => {
    const closed = { adviceAskedOfSettings: [asked('2026-07-24')] };
    expect(
      grounds('assessment.notify-no-plan', { adviceAskedOfSettings: [asked('2026-07-24', 'earlyYears')] }),
    ).toEqual(['earlyYearsClosed']);
    expect(grounds('assessment.notify-no-plan', { adviceAskedOfSettings: [asked('2026-07-24', 'post16')] })).toEqual([
      'settingClosed',
    ]);
    expect(grounds('assessment.advice-due', closed)).toEqual([]);
    expect(grounds('assessment.notify-not-necessary-at-outset', closed)).toEqual([]);
    expect(grounds('amend.issue-final', closed)).toEqual([]);
  });

  it('cannot be told where the terms do not reach', () => {
    const closed = evidence({ adviceAskedOfSettings: [asked('2026-07-24')] });
    expect(settingsWithoutTerms(closed, '2026-11-02')).toEqual(['s']);
    expect(settingsWithoutTerms(closed, '2026-10-23')).toEqual([]);
    expect(settingsWithoutTerms({ ...closed, terms: {} }, '2026-07-01')).toEqual(['s']);
  });
});

describe('the family', () => {
  it('away four unbroken weeks of the time, for the authority; two after an order', () => {
    const away = (days: number): Partial<Evidence> => ({
      absences: [{ from: '2026-06-20', to: addDays('2026-06-20', days - 1) }],
    });
    expect(grounds('plan.issue-final', away(28))).toEqual(['awayFromArea']);
    expect(grounds('plan.issue-final', away(27))).toEqual([]);
    expect(grounds('tribunal-order.make-plan-final', away(14))).toEqual(['awayTwoWeeks']);
    expect(grounds('tribunal-order.make-plan-final', away(13))).toEqual([]);
    // Four weeks satisfy reg 13(3) as well.
    expect(grounds('tribunal-order.make-plan-final', away(28))).toEqual(['awayTwoWeeks', 'awayFromArea']);
  });

  it('in exceptional personal circumstances; for the advising body the word "personal" is not there', () => {
    const circumstances = [{ from: '2026-07-01', to: null, what: 'a parent is in hospital' }];
    const [proposal] = proposeExceptions('plan.issue-final', evidence({ circumstances }));
    expect(proposal).toMatchObject({ ground: 'exceptionalPersonalCircumstances', to: null });
    expect(proposal?.facts).toContain('a parent is in hospital');
    expect(grounds('assessment.advice-due', { circumstances })).toEqual(['exceptionalCircumstances']);
    expect(grounds('plan.issue-final', { circumstances: [{ from: '2027-01-01', to: null }] })).toEqual([]);
  });

  it('missing an appointment excuses the advising body alone', () => {
    const missed = { missedAppointments: ['2026-07-01', '2027-07-01'] };
    expect(grounds('assessment.advice-due', missed)).toEqual(['missedAppointment']);
    expect(grounds('plan.issue-final', missed)).toEqual([]);
  });

  it('asking to comment late counts after an order, not after a concession', () => {
    const late = { lateRepresentations: [{ from: '2026-07-01', to: '2026-07-20' }] };
    expect(grounds('tribunal-order.make-plan-final', late)).toEqual(['representationsAfterWindow']);
    expect(grounds('unopposed-appeal.make-plan-final', late)).toEqual([]);
    expect(grounds('plan.issue-final', late)).toEqual([]);
  });
});

describe('the overlay of 2020', () => {
  const reason = { from: '2020-03-23', to: null, what: 'health staff were redeployed' };
  const during = (dutyId: string, anchor: string) => proposeExceptions(dutyId, { anchor, coronavirusReason: reason });

  it.each([
    ['plan.issue-final', '2020-02-03', true], // due 22 June 2020
    ['assessment.notify-not-necessary-at-outset', '2020-03-20', true], // due on 1 May 2020 itself
    ['assessment.notify-not-necessary-at-outset', '2020-03-19', false], // due on the day before
    ['tribunal-order.amend-provision', '2020-02-28', false], // BA v Nottinghamshire: due 3 April 2020
    ['plan.issue-final', '2020-09-25', true], // the last day
    ['plan.issue-final', '2020-09-26', false],
    ['review.phase-transfer-15-february', '2020-09-01', false],
    ['plan.issue-final', '2026-06-15', false],
  ])('%s from %s: %s', (dutyId, anchor, applies) => expect(during(dutyId, anchor)).toHaveLength(applies ? 1 : 0));

  it('lasts no longer than the regulations did', () => {
    expect(during('plan.issue-final', '2020-02-03')[0]).toMatchObject({
      ground: 'coronavirus',
      from: '2020-05-01',
      to: '2020-09-25',
    });
    expect(proposeExceptions('plan.issue-final', { anchor: '2020-02-03' })).toEqual([]);
  });
});

describe('the target, A4', () => {
  const anchor = '2026-06-15';
  const limit = '2026-11-02';

  it.each<[string, Stretch[], string | null, number]>([
    ['none', [], '2026-11-02', 0],
    ['a summer', [{ from: '2026-07-23', to: '2026-09-01' }], '2026-12-13', 41],
    [
      'overlapping days counted once',
      [
        { from: '2026-07-23', to: '2026-09-01' },
        { from: '2026-08-20', to: '2026-09-10' },
      ],
      '2026-12-22',
      50,
    ],
    [
      'one inside another',
      [
        { from: '2026-07-23', to: '2026-09-01' },
        { from: '2026-08-01', to: '2026-08-10' },
      ],
      '2026-12-13',
      41,
    ],
    ['begun before the anchor', [{ from: '2026-06-01', to: '2026-06-20' }], '2026-11-07', 5],
    ['over before the anchor', [{ from: '2026-05-01', to: '2026-06-15' }], '2026-11-02', 0],
    ['beginning on the last day', [{ from: '2026-11-02', to: '2026-11-06' }], '2026-11-07', 5],
    ['beginning after it', [{ from: '2026-11-03', to: '2026-11-06' }], '2026-11-02', 0],
    [
      'beginning within the moved time',
      [
        { from: '2026-11-05', to: '2026-11-06' },
        { from: '2026-10-01', to: '2026-10-10' },
      ],
      '2026-11-14',
      12,
    ],
    [
      'not over',
      [
        { from: '2026-07-23', to: '2026-09-01' },
        { from: '2026-12-01', to: null },
      ],
      null,
      41,
    ],
    ['not over, but not begun in time', [{ from: '2026-12-01', to: null }], '2026-11-02', 0],
  ])('%s', (_name, exceptions, target, daysLost) => {
    expect(targetWithExceptions(limit, anchor, exceptions)).toMatchObject({ original: limit, target, daysLost });
  });

  const base = serialOf(2026, 6, 1);
  const stretches = fc.array(
    fc.record({ start: fc.integer({ min: 0, max: 260 }), length: fc.integer({ min: 0, max: 60 }), open: fc.integer({ min: 0, max: 19 }) }),
    { maxLength: 7 },
  ); // prettier-ignore
  const asStretches = (raw: readonly { start: number; length: number; open: number }[]): Stretch[] =>
    raw.map(({ start, length, open }) => ({
      from: fromSerial(base + start),
      to: open === 0 ? null : fromSerial(base + start + length),
    }));

  it('is the same in whatever order, and however often, the exceptions are recorded', () => {
    fc.assert(
      fc.property(
        stretches.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const once = targetWithExceptions(limit, anchor, asStretches(all));
          expect(targetWithExceptions(limit, anchor, asStretches(shuffled))).toEqual(once);
          expect(targetWithExceptions(limit, anchor, asStretches([...all, ...shuffled]))).toEqual(once);
        },
      ),
      { numRuns: 800 },
    );
  });

  it('never comes before the limit, moves by the days lost, and never by more than were excepted', () => {
    fc.assert(
      fc.property(stretches, (raw) => {
        const exceptions = asStretches(raw);
        const { target, daysLost, original } = targetWithExceptions(limit, anchor, exceptions);
        expect(original).toBe(limit);
        if (target === null) return;
        expect(daysBetween(limit, target)).toBe(daysLost);
        const distinct = new Set<number>();
        for (const { from, to } of exceptions) {
          for (let day = from; to !== null && day <= to; day = addDays(day, 1))
            if (day > anchor) distinct.add(daysBetween(anchor, day));
        }
        expect(daysLost).toBeLessThanOrEqual(distinct.size);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same where one stretch is recorded as two that touch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15, max: 150 }),
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 59 }),
        (start, length, at) => {
          const from = fromSerial(base + start);
          const to = addDays(from, length - 1);
          const middle = addDays(from, Math.min(at, length - 1));
          const whole = targetWithExceptions(limit, anchor, [{ from, to }]);
          const parts = [
            { from: middle, to },
            { from, to: addDays(middle, -1) },
          ];
          expect(targetWithExceptions(limit, anchor, parts)).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });
});

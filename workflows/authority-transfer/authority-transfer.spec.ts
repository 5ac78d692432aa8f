import { describe, expect, it } from '@jest/globals';
import { isBreach } from '@send/workflow-kit';
import { type Line, retold, story } from '../../test/builders/story';
import { authorityTransferWorkflow as workflow } from '../index';

const tell = (...lines: Line[]) => story(workflow, lines);
const there = { council: 'Farshire', authority: 'a-farshire' };
const aware = (on: string, movesOn: string, what = 'plan'): Line => ['startMoveOut', on, { movesOn, what, ...there }];
const sent = (on: string, more: object = {}): Line => [
  'transferPlan',
  on,
  { ...there, madeOrReviewedOn: '2026-03-16', ...more },
];
const owed = 'transfer.old-authority-sends-plan';

describe('the old authority sends the plan: reg 15(2)', () => {
  it.each([
    // Fifteen working days beginning with Monday 2 November, which is the first.
    ['2026-11-02', '2026-10-26', '2026-11-20', 'told after the move'],
    ['2026-11-02', '2026-11-09', '2026-11-20', 'told a week before the move'],
    ['2026-11-02', '2027-01-04', '2027-01-04', 'told long before: on the day of the move'],
    // 31 October is a Saturday: the first working day is Monday the 2nd.
    ['2026-10-31', '2026-10-31', '2026-11-20', 'told on a Saturday'],
    // Christmas Day, the bank holiday of the 28th for Boxing Day, and New Year's Day do not count.
    ['2026-12-14', '2026-12-01', '2027-01-06', 'over Christmas'],
  ])('aware on %s of a move on %s: by %s, %s', (on, movesOn, dueBy) => {
    expect(tell(aware(on, movesOn)).due(owed)).toMatchObject({ dueBy, metOn: null });
  });

  it('is met when the plan has left, and the family is told', () => {
    const lines = [aware('2026-11-02', '2026-10-26'), sent('2026-11-20')];
    const told = story(workflow, lines, {
      leaves: (letter) => (letter === 'transfer.out-to-council' ? '2026-11-23' : '2026-11-20'),
    });
    expect(told).toMatchObject({ position: 'planSent', open: [] });
    expect(told.letters).toEqual(['transfer.out-to-council', 'transfer.out-family']);
    const row = told.due(owed);
    expect(row).toMatchObject({ dueBy: '2026-11-20', metOn: '2026-11-23' });
    expect(row && isBreach(row, '2026-12-01')).toBe(true);
  });

  it('maintains the plan until the day of the move, whenever that comes to be', () => {
    const later: Line[] = [
      aware('2026-11-02', '2027-01-04'),
      ['changeMoveDay', '2026-12-01', { movesOn: '2027-02-01' }],
    ];
    expect(tell(...later).due(owed)).toMatchObject({ dueBy: '2027-02-01' });
    expect(() => tell(...later, sent('2027-01-29'))).toThrow('refused: planTransferred');
    expect(tell(...later, sent('2027-02-01')).position).toBe('planSent');
  });

  it('a family that stays is owed nothing of this', () => {
    const told = tell(aware('2026-11-02', '2027-01-04'), ['recordMoveCancelled', '2026-12-01', { why: 'They rang' }]);
    expect(told).toMatchObject({ position: 'stays', open: [] });
  });

  it('a plan that went by hand to an authority without an entry is met on its day', () => {
    const told = tell(
      ['startMoveOut', '2026-11-02', { movesOn: '2026-11-02', what: 'plan', council: 'Farshire' }],
      ['transferPlan', '2026-11-04', { council: 'Farshire', madeOrReviewedOn: '2026-03-16' }],
    );
    expect(told.due(owed)).toMatchObject({ metOn: '2026-11-04' });
    expect(told.letters).toEqual(['transfer.out-family']);
  });

  it('hands an unfinished assessment over only on the day, and only if the family agrees', () => {
    const moving = aware('2026-11-02', '2026-11-16', 'assessment');
    const hand = (on: string, familyAgrees: boolean): Line => ['handAssessmentOver', on, { ...there, familyAgrees }];
    expect(tell(moving)).toMatchObject({ position: 'handingOver', open: [] });
    expect(() => tell(moving, hand('2026-11-13', true))).toThrow('refused');
    expect(() => tell(moving, hand('2026-11-16', false))).toThrow('refused');
    expect(tell(moving, hand('2026-11-16', true))).toMatchObject({ position: 'assessmentSent', open: [] });
  });
});

describe('the new authority: reg 15(3) to (7)', () => {
  const received: Line = ['receivePlan', '2026-11-02', { ...there, madeOrReviewedOn: '2026-03-16' }];
  const informed: Line = [
    'informFamilyOfTransfer',
    '2026-12-01',
    { assessmentProposed: false, reviewBy: '2027-03-15' },
  ];

  it('maintains the plan from that day, and tells the family within six weeks', () => {
    const told = tell(received);
    expect(told.letters).toEqual(['transfer.in-receipt']);
    expect(told.due('transfer.plan-treated-as-own')).toMatchObject({ dueBy: '2026-11-02', metOn: '2026-11-02' });
    expect(told.due('transfer.new-authority-informs')).toMatchObject({ dueBy: '2026-12-14', metOn: null });
    const then = tell(received, ['tellPartnersOfTransfer', '2026-11-03'], informed);
    expect(then.letters).toEqual([
      'transfer.in-receipt',
      'transfer.in-setting',
      'transfer.in-commissioner',
      'transfer.in-family',
    ]);
    expect(then).toMatchObject({ position: 'received', open: [] });
  });

  it('is not closed before everything is done', () => {
    const close: Line = ['closeTransfer', '2026-12-02'];
    expect(() => tell(received, close)).toThrow('refused: transferSettled');
    expect(() => story(workflow, [received, informed, close], { leaves: () => null })).toThrow('refused');
    expect(tell(received, informed, close)).toMatchObject({ position: 'settled', open: [] });
  });

  it('asks the old authority for what is missing, before and after the plan has come', () => {
    const chase = (on: string): Line => ['chaseOldAuthority', on, { missing: ['Section K'], replyBy: '2026-12-01' }];
    const told = tell(
      ['startMoveIn', '2026-10-26', { movedOn: '2026-10-19', ...there }],
      chase('2026-10-28'),
      received,
      chase('2026-11-05'),
    );
    expect(told.letters).toEqual(['transfer.in-chase', 'transfer.in-receipt', 'transfer.in-chase']);
  });

  it('places at once where the named setting is too far, counted from the day that is known', () => {
    const far: Line = ['recordNotPracticable', '2026-11-05', { why: 'Two hours each way' }];
    const placed: Line = [
      'placeForNow',
      '2026-11-06',
      { setting: 's1', startsOn: '2026-11-09', reasons: ['The plan names a school two hours away.'] },
    ];
    expect(() => tell(received, placed)).toThrow('refused: placedForNow');
    expect(tell(received, far).due('transfer.interim-placement')).toMatchObject({ dueBy: '2026-11-05', metOn: null });
    const told = tell(received, far, placed);
    expect(told.due('transfer.interim-placement')).toMatchObject({ metOn: '2026-11-06' });
    expect(told.letters.slice(-2)).toEqual(['transfer.temporary-placement', 'transfer.temporary-placement']);
  });
});

describe('health commissioners: reg 16', () => {
  it.each([
    ['recordCommissionerChange', '2026-11-20', 'beginning with the day, on a move between authorities'],
    ['recordCommissionerChangeWithin', '2026-11-23', 'after the day, in any other case'],
  ])('%s: fifteen working days, by %s, %s', (command, dueBy) => {
    const told = tell([command, '2026-11-02']);
    expect(told.due('transfer.commissioner-notifies-commissioner')).toMatchObject({ dueBy });
  });

  it('the new commissioner has fifteen working days to ask for a review or an assessment', () => {
    const lines: Line[] = [
      ['recordCommissionerChangeWithin', '2026-11-02'],
      ['recordCommissionerTold', '2026-11-10'],
    ];
    expect(tell(...lines).due('transfer.new-commissioner-requests-review')).toMatchObject({ dueBy: '2026-12-01' });
    const told = tell(
      ...lines,
      ['recordCommissionerAsks', '2026-11-24', { asks: 'review' }],
      ['closeTransfer', '2026-11-25'],
    );
    expect(told).toMatchObject({ position: 'settled', open: [] });
  });

  it('on the day of the move where it was known long before', () => {
    const told = tell(['recordCommissionerChange', '2026-11-02', { movedOn: '2027-01-04' }]);
    expect(told.due('transfer.commissioner-notifies-commissioner')).toMatchObject({ dueBy: '2027-01-04' });
  });
});

describe('endings', () => {
  it.each(['notePlanEnded', 'recordDeath'])('%s leaves nothing owed', (command) => {
    for (const lines of [
      [aware('2026-11-02', '2027-01-04')],
      [
        ['receivePlan', '2026-11-02', { ...there, madeOrReviewedOn: '2026-03-16' }],
        ['recordNotPracticable', '2026-11-05', { why: 'Two hours each way' }],
        ['recordCommissionerChange', '2026-11-05', {}],
      ],
    ] as Line[][])
      expect(tell(...lines, [command, '2027-03-01'])).toMatchObject({ position: 'ended', open: [] });
  });

  it('comes out the same in whatever order its facts are told', () => {
    const told = tell(
      ['record:startMoveOut', '2026-11-02', { movesOn: '2026-11-09', what: 'plan', ...there }],
      ['recordCommissionerChange', '2026-11-03', {}],
      ['recordCommissionerTold', '2026-11-11'],
      ['record:transferPlan', '2026-11-12', { ...there, madeOrReviewedOn: '2026-03-16' }],
    );
    const forwards = retold(workflow, told, (facts) => [...facts]);
    expect(retold(workflow, told, (facts) => [...facts].reverse())).toEqual(forwards);
    expect(forwards).toMatchObject({ value: { path: 'planSent' }, unplaced: [] });
  });
});

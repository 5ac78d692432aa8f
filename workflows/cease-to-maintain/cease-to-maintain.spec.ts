import { describe, expect, it } from '@jest/globals';
import { isBreach } from '@send/workflow-kit';
import { type Line, retold, story } from '../../test/builders/story';
import { ceaseToMaintainWorkflow as workflow } from '../index';

const reasons = ['Sam has met every outcome in the plan, and his college gives him all the help he needs.'];
const why = ['Sam’s last two reviews say that he no longer uses the support in Section F.'];
const considered: Line = ['startCeasing', '2026-04-01'];
const consulted: Line = ['consultOnCeasing', '2026-04-08', { why, replyBy: '2026-04-27' }];
const decided = (on: string, more: object = {}): Line => [
  'decideToCease',
  on,
  { ground: 'not-necessary', age: 17, reasons, ...more },
];
const toDecision: Line[] = [considered, consulted, decided('2026-06-10')];
const tell = (...lines: Line[]) => story(workflow, lines);
const stretch = 'cease.plan-continues-pending-appeal';

describe('consulting before deciding: reg 31(1)', () => {
  it('is owed once ending the plan is considered, and met when both letters have left', () => {
    const told = story(workflow, [considered, consulted], {
      leaves: (letter) => (letter === 'cease.consult-setting' ? '2026-04-13' : '2026-04-09'),
    });
    expect(told.position).toBe('consulting');
    expect(told.letters).toEqual(['cease.consider', 'cease.consult-setting', 'cease.child']);
    expect(told.due('cease.consult-first')).toMatchObject({ metOn: '2026-04-13', dueBy: null });
  });

  it.each([
    ['before anybody is consulted', [considered, decided('2026-05-01')]],
    ['inside the time that the letters give', [considered, consulted, decided('2026-04-27')]],
    [
      'when only the family has replied',
      [
        considered,
        consulted,
        ['recordCeasingViews', '2026-04-15', { from: 'family', summary: 'He still needs it' }],
        decided('2026-04-16'),
      ],
    ],
    [
      'under 18 on any ground but that a plan is no longer necessary: reg 29(1)',
      [considered, consulted, decided('2026-05-01', { ground: 'work', age: 17 })],
    ],
  ] as [string, Line[]][])('refuses a decision %s', (_, lines) => {
    expect(() => tell(...lines)).toThrow('refused: cessationDecided');
  });

  it('takes a decision on the day after, or sooner when both have replied', () => {
    expect(tell(considered, consulted, decided('2026-04-28')).position).toBe('decided');
    const replied = tell(
      considered,
      consulted,
      ['recordCeasingViews', '2026-04-15', { from: 'family', summary: 'They agree' }],
      ['recordCeasingViews', '2026-04-16', { from: 'setting', summary: 'It agrees' }],
      decided('2026-04-17'),
    );
    expect(replied.position).toBe('decided');
  });

  it('gives fifteen days where nobody named a day', () => {
    const open: Line = ['consultOnCeasing', '2026-04-08', { why }];
    expect(() => tell(considered, open, decided('2026-04-23'))).toThrow('refused');
    expect(tell(considered, open, decided('2026-04-24')).position).toBe('decided');
  });

  it('refuses while a letter has not left', () => {
    expect(() =>
      story(workflow, [considered, consulted, decided('2026-05-05')], {
        leaves: (letter, on) => (letter === 'cease.consult-setting' ? null : on),
      }),
    ).toThrow('refused: cessationDecided');
  });
});

describe('18 and over, out of education: reg 30', () => {
  const left: Line = ['recordLeaving', '2026-04-02'];
  const review = (wantsToReturn: boolean): Line => [
    'recordReturnReview',
    '2026-04-20',
    { wantsToReturn, returnIsRight: true },
  ];
  const decide = decided('2026-05-01', { ground: 'left-education', age: 19 });

  it('reviews before anything is decided', () => {
    expect(tell(considered, left).open).toContain('cease.18-plus-left-education');
    expect(() => tell(considered, left, consulted, decide)).toThrow('refused');
    const told = tell(considered, left, consulted, review(false), decide);
    expect(told.position).toBe('decided');
    expect(told.due('cease.18-plus-left-education')).toMatchObject({ metOn: '2026-04-20' });
  });

  it('amends the plan of whoever wants to return', () => {
    const lines: Line[] = [considered, left, consulted, review(true)];
    expect(() => tell(...lines, decide)).toThrow('refused');
    const told = tell(...lines, ['decideNotToCease', '2026-05-01', { reasons }]);
    expect(told.position).toBe('toBeAmended');
    expect(told.open).toEqual(['cease.18-plus-return-amend']);
    const amended = tell(
      ...lines,
      ['decideNotToCease', '2026-05-01', { reasons }],
      ['recordAmendedPlan', '2026-06-12'],
    );
    expect(amended.position).toBe('amended');
    expect(amended.open).toEqual([]);
    expect(tell(...lines, ['recordAmendedPlan', '2026-06-12']).value['leaving']).toBe('atRest');
  });
});

describe('the plan stays in force while an appeal can be brought: s.45(4)', () => {
  it('sends the decision with its rights, and owes it until the last has left', () => {
    const told = story(workflow, toDecision, {
      leaves: (letter, on) => (letter === 'cease.decision-partners' ? '2026-06-12' : on),
    });
    expect(told.letters.slice(3)).toEqual(['cease.decision', 'cease.decision-partners', 'cease.child']);
    expect(told.due('cease.notify-decision')).toMatchObject({ metOn: '2026-06-12' });
    expect(told.clock('cessationNoticeSent')).toBe('2026-06-10');
    expect(told.due('appeal.time-limit')).toMatchObject({ dueBy: '2026-08-10' });
  });

  // README section 3: sent 10 June, two months end 10 August, and r.12 takes an appeal until Tuesday 1 September.
  it.each([
    ['2026-08-11', false, 'the two months are over, but the Tribunal’s August is not'],
    ['2026-09-01', false, 'an appeal received today is in time'],
    ['2026-09-02', true, 'nobody can appeal any more'],
  ])('ends the plan on %s: %s, as %s', (on, ends) => {
    const end = () => tell(...toDecision, ['endPlan', on]);
    if (!ends) expect(end).toThrow('refused: planCeased');
    else {
      const told = end();
      expect(told).toMatchObject({ position: 'ceased', open: [] });
      expect(told.due(stretch)).toMatchObject({ dueBy: '2026-09-01', metOn: '2026-09-02' });
      expect(told.letters.slice(-2)).toEqual(['cease.ended', 'cease.ended']);
    }
  });

  it('counts one month from a mediation certificate where that is later', () => {
    const lines: Line[] = [...toDecision, ['recordMediationCertificate', '2026-08-20']];
    expect(() => tell(...lines, ['endPlan', '2026-09-20'])).toThrow('refused');
    // 20 September is a Sunday: r.12(2) takes an appeal on the Monday.
    expect(() => tell(...lines, ['endPlan', '2026-09-21'])).toThrow('refused');
    expect(tell(...lines, ['endPlan', '2026-09-22']).position).toBe('ceased');
  });

  it('shows a plan that was ended inside that time as the breach it was', () => {
    const told = tell(...toDecision, ['record:endPlan', '2026-07-01']);
    const row = told.due(stretch);
    expect(row).toMatchObject({ dueBy: '2026-09-01', endedOn: '2026-07-01', metOn: null });
    expect(row && isBreach(row, '2026-10-01')).toBe(true);
  });

  it('holds the plan while an appeal runs, and lets a withdrawn one go', () => {
    const appeal: Line[] = [...toDecision, ['recordAppeal', '2026-08-05']];
    expect(tell(...appeal).open).toEqual([stretch]);
    expect(() => tell(...appeal, ['endPlan', '2026-12-01'])).toThrow('refused');
    const withdrawn = tell(...appeal, ['recordAppealWithdrawn', '2026-10-01'], ['endPlan', '2026-10-02']);
    expect(withdrawn).toMatchObject({ position: 'ceased', open: [] });
  });

  it('a plan ended under appeal is a breach once the appeal has ended', () => {
    const told = tell(
      ...toDecision,
      ['recordAppeal', '2026-08-05'],
      ['record:endPlan', '2026-09-10'],
      ['recordOrder', '2026-11-02', { order: 'dismissed' }],
    );
    const row = told.due(stretch);
    expect(row?.dueBy).toBe('2026-11-02');
    expect(row && isBreach(row, '2026-11-03')).toBe(true);
  });
});

describe('how an appeal ends', () => {
  const appeal: Line[] = [...toDecision, ['recordAppeal', '2026-08-05']];
  it.each([
    ['dismissed', 'appealDismissed', ['tribunal-order.dismissed-cease-appeal']],
    ['continue', 'continued', []],
    ['continue-and-amend', 'continuedWithChanges', ['tribunal-order.continue-and-amend']],
    ['other', 'underAppeal', [stretch]],
  ])('%s', (order, position, open) => {
    expect(tell(...appeal, ['recordOrder', '2026-11-02', { order }])).toMatchObject({ position, open });
    const agreed = tell(...appeal, ['recordMediationAgreement', '2026-11-02', { agreed: order }]);
    expect(agreed.position).toBe(position);
  });

  it('continue, put on record after the event: the plan that nobody ended complied with it on its day', () => {
    const told = tell(
      ['record:startCeasing', '2026-04-01'],
      ['record:decideToCease', '2026-06-10', { ground: 'not-necessary', age: 17, reasons }],
      ['recordAppeal', '2026-08-05'],
      ['recordOrder', '2026-11-02', { order: 'continue' }],
    );
    expect(told.due('tribunal-order.continue-plan')).toMatchObject({ dueBy: '2026-11-02', metOn: '2026-11-02' });
    expect(told).toMatchObject({ position: 'continued', open: [] });
  });

  it('dismissed: the plan ends at once, by a person', () => {
    const told = tell(...appeal, ['recordOrder', '2026-11-02', { order: 'dismissed' }], ['endPlan', '2026-11-02']);
    expect(told).toMatchObject({ position: 'ceased', open: [] });
    expect(told.due('tribunal-order.dismissed-cease-appeal')).toMatchObject({
      dueBy: '2026-11-02',
      metOn: '2026-11-02',
    });
    const row = told.due(stretch);
    expect(row && isBreach(row, '2026-12-01')).toBe(false);
  });

  it('continue and amend: the amended plan within five weeks of the order', () => {
    const lines: Line[] = [...appeal, ['recordOrder', '2026-11-02', { order: 'continue-and-amend' }]];
    expect(tell(...lines).due('tribunal-order.continue-and-amend')).toMatchObject({ dueBy: '2026-12-07' });
    expect(tell(...lines, ['recordAmendedPlan', '2026-12-04'])).toMatchObject({ position: 'amended', open: [] });
  });

  it('conceded before a response: the plan is kept, and an agreed change made in five weeks', () => {
    expect(tell(...appeal, ['recordConcession', '2026-09-07', {}])).toMatchObject({ position: 'conceded', open: [] });
    const changes = tell(...appeal, ['recordConcession', '2026-09-07', { amendmentAgreed: true }]);
    expect(changes.open).toEqual(['unopposed-appeal.cease-conceded']);
    expect(changes.due('unopposed-appeal.cease-conceded')?.dueBy).toBe('2026-10-12');
  });
});

describe('the rest', () => {
  it('writes the review’s own letter where a review led here, and another where something has ended the plan', () => {
    const fromReview = tell(['startCeasing', '2026-04-01', { review: true }], consulted, decided('2026-05-05'));
    expect(fromReview.letters).toContain('review.decide-cease');
    expect(fromReview.letters).not.toContain('cease.decision');
    const work = tell(considered, consulted, decided('2026-05-05', { ground: 'work', age: 19 }));
    expect(work.letters).toContain('cease.by-event');
  });

  it('tells both where the plan goes on, and owes nothing more', () => {
    const told = tell(considered, consulted, ['decideNotToCease', '2026-05-01', { reasons }]);
    expect(told).toMatchObject({ position: 'goesOn', open: [] });
    expect(told.letters.slice(-2)).toEqual(['cease.not-ceasing', 'cease.not-ceasing']);
  });

  it('past 25 the plan may run to the end of the academic year: s.46', () => {
    const birthday: Line = ['recordTwentyFifthBirthday', '2027-01-18', { continueTo: '2027-07-31' }];
    expect(tell(birthday).open).toEqual(['cease.after-25th-birthday']);
    expect(() => tell(birthday, ['endPlan', '2027-07-31'])).toThrow('refused');
    expect(tell(birthday, ['endPlan', '2027-08-01'])).toMatchObject({ position: 'ceased', open: [] });
  });

  it.each(['notePlanEnded', 'noteMoveAway', 'recordDeath'])('%s leaves nothing owed', (command) => {
    for (const lines of [[considered], toDecision, [considered, ['recordLeaving', '2026-04-02']] as Line[]])
      expect(tell(...lines, [command, '2026-07-01'])).toMatchObject({ position: 'ended', open: [] });
  });

  it('comes out the same in whatever order its facts are told', () => {
    const told = tell(
      ['record:startCeasing', '2026-04-01'],
      ['record:consultOnCeasing', '2026-04-08', { why }],
      ['record:decideToCease', '2026-06-10', { ground: 'not-necessary', age: 17, reasons }],
      ['recordAppeal', '2026-08-05'],
      ['recordOrder', '2026-11-02', { order: 'dismissed' }],
      ['record:endPlan', '2026-11-03'],
    );
    const forwards = retold(workflow, told, (facts) => [...facts]);
    expect(retold(workflow, told, (facts) => [...facts].reverse())).toEqual(forwards);
    expect(forwards).toMatchObject({ value: { path: 'ceased' }, unplaced: [] });
  });
});

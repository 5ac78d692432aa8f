import { describe, expect, it } from '@jest/globals';
import { isBreach } from '@send/workflow-kit';
import { type Line, retold, story } from '../../test/builders/story';
import { reassessmentWorkflow as workflow } from '../index';

const reasons = ['Mia now needs help with speech that her plan of 2023 does not speak of.'];
const asked: Line = ['receiveReassessmentRequest', '2026-11-02', { from: 'parent' }];
const agreed: Line = ['decideToReassess', '2026-11-16', {}];
const change: Line = ['decideToChangePlan', '2027-01-11', { reasons }];
const draft: Line = ['sendDraftPlan', '2027-01-18', {}];
const placed: Line = ['namePlacement', '2027-02-02', { setting: 's1', type: 'Mainstream school', reasons }];
const issue = (on: string): Line => ['issueReassessedPlan', on, { changesFOrI: true }];
const refused: Line = ['decideNotToReassess', '2026-11-16', { ground: 'not-necessary', reasons }];
const tell = (...lines: Line[]) => story(workflow, lines);

describe('an answer within fifteen days: reg 25(1)', () => {
  it.each([
    ['parent', 'deciding', ['reassess.on-request', 'reassess.decision-notified'], 1],
    ['setting', 'deciding', ['reassess.on-request', 'reassess.decision-notified'], 2],
    ['health', 'decidingForHealth', ['reassess.on-health-request', 'reassess.decision-notified'], 2],
  ])('is owed when asked by %s, who is told that it has come', (from, position, open, letters) => {
    const told = tell(['receiveReassessmentRequest', '2026-11-02', { from }]);
    expect(told).toMatchObject({ position, open });
    expect(told.letters).toEqual(Array.from({ length: letters }, () => 'reassess.ack'));
    expect(told.due('reassess.decision-notified')).toMatchObject({ dueBy: '2026-11-17', metOn: null });
  });

  it.each([
    ['to reassess', agreed],
    ['not to', refused],
  ])('is met when the letter has left, with the decision %s', (_, decision) => {
    const waiting = story(workflow, [asked, decision], { leaves: () => null });
    expect(waiting.open).toContain('reassess.decision-notified');
    const late = story(workflow, [asked, decision], { leaves: () => '2026-11-18' });
    const row = late.due('reassess.decision-notified');
    expect(row).toMatchObject({ dueBy: '2026-11-17', metOn: '2026-11-18' });
    expect(row && isBreach(row, '2026-11-20')).toBe(true);
  });

  it('a refusal carries its rights, and is put away when the time to appeal is over', () => {
    const told = tell(asked, refused);
    expect(told.position).toBe('refused');
    expect(told.letters).toEqual(['reassess.ack', 'reassess.refuse']);
    expect(told.due('appeal.time-limit')).toMatchObject({ dueBy: '2027-01-16' });
    // 16 January 2027 is a Saturday: r.12(2) takes an appeal on the Monday.
    expect(() => tell(asked, refused, ['closeAfterDecision', '2027-01-18'])).toThrow('refused: caseClosed');
    expect(tell(asked, refused, ['closeAfterDecision', '2027-01-19']).position).toBe('appealTimeOver');
  });
});

describe('the plan within fourteen weeks: reg 27(2)', () => {
  it('counts from the notification, not from the request or the decision', () => {
    const told = story(workflow, [asked, agreed], { leaves: (_, on) => (on === '2026-11-16' ? '2026-11-17' : on) });
    expect(told.due('reassess.issue-final')).toMatchObject({
      anchorFact: 'reassessmentNotified',
      anchorOn: '2026-11-17',
      dueBy: '2027-02-23',
    });
  });

  it('counts from the decision where nobody asked: s.44(3)', () => {
    const told = story(workflow, [agreed], { leaves: () => '2026-11-30' });
    expect(told.due('reassess.issue-final')).toMatchObject({ anchorFact: 'decidedToReassess', dueBy: '2027-02-22' });
    expect(told.letters).toEqual(['reassess.agree']);
  });

  it('goes through draft, fifteen days and placement to the plan, met when the last letter has left', () => {
    const lines: Line[] = [asked, agreed, change, draft, placed];
    expect(() => tell(asked, agreed, change, draft, ['namePlacement', '2027-02-01', placed[2] ?? {}])).toThrow(
      'refused',
    );
    const told = story(workflow, [...lines, issue('2027-02-19')], {
      leaves: (letter, on) => (letter === 'plan.final-commissioner' ? '2027-02-24' : on),
    });
    expect(told.position).toBe('planIssued');
    expect(told.letters.slice(-4)).toEqual([
      'reassess.final',
      'plan.final-setting',
      'plan.final-commissioner',
      'plan.child-final',
    ]);
    const row = told.due('reassess.issue-final');
    expect(row).toMatchObject({ dueBy: '2027-02-22', metOn: '2027-02-24' });
    expect(row && isBreach(row, '2027-03-01')).toBe(true);
    expect(told.open).toEqual(['appeal.time-limit', 'mediation.contact-adviser']);
  });

  it('a plan inside the family’s fifteen days is refused; the same, recorded, shows the breach', () => {
    const inside: Line[] = [asked, agreed, change, draft];
    expect(() => tell(...inside, ['record:namePlacement', '2027-01-20', placed[2] ?? {}], issue('2027-02-01'))).toThrow(
      'refused: amendedFinalPlanIssued',
    );
    const told = tell(
      ...inside,
      ['record:namePlacement', '2027-01-20', placed[2] ?? {}],
      ['record:issueReassessedPlan', '2027-01-25', {}],
    );
    const row = told.due('plan.representations-window');
    expect(row && isBreach(row, '2027-02-01')).toBe(true);
  });

  it('no change: with reasons and rights, and the limit for a plan ends', () => {
    const told = tell(asked, agreed, ['decideNoChange', '2027-02-15', { reasons }]);
    expect(told.position).toBe('unchanged');
    expect(told.due('reassess.no-change-notice')).toMatchObject({ metOn: '2027-02-15', dueBy: null });
    expect(told.due('reassess.issue-final')).toMatchObject({ endedOn: '2027-02-15', metOn: null });
    expect(told.open).toEqual(['appeal.time-limit', 'mediation.contact-adviser']);
  });

  it('reg 27(3): an exception lifts the limit while its facts last, and the family is told', () => {
    const told = tell(asked, agreed, [
      'relyOnException',
      '2027-01-08',
      { ground: 'awayFromArea', from: '2026-12-01', to: '2027-01-04', reason: 'With grandparents abroad' },
    ]);
    expect(told.due('reassess.issue-final')).toMatchObject({ dueBy: '2027-02-22', targetBy: '2027-03-29' });
    expect(told.letters).toContain('assessment.delay-exception');
  });

  it('advice is due six weeks from the day its request is received: reg 26 with reg 8', () => {
    const advice: Line = [
      'askForAdvice',
      '2026-11-18',
      { requests: [{ request: 'r1', kind: 'health', adviser: 'a1' }] },
    ];
    expect(() => tell(asked, advice)).toThrow('refused: adviceSought');
    const told = tell(asked, agreed, advice);
    expect(told.due('assessment.advice-due#r1')).toMatchObject({ dueBy: '2026-12-30' });
    expect(tell(asked, agreed, advice, ['recordAdvice', '2026-12-11', { request: 'r1' }]).open).not.toContain(
      'assessment.advice-due#r1',
    );
    const over = tell(asked, agreed, advice, ['decideNoChange', '2027-02-15', { reasons }]);
    expect(over.open).not.toContain('assessment.advice-due#r1');
  });
});

describe('after a refusal', () => {
  it.each([
    ['recordOrder', { order: 'reassess' }, 'tribunal-order.assess-final-plan', '2027-05-17'],
    ['recordMediationAgreement', { agreed: 'reassess' }, 'tribunal-order.assess-final-plan', '2027-05-17'],
    ['recordConcession', {}, 'unopposed-appeal.assess-final-plan', '2027-05-17'],
  ])('%s on 8 February: tell the family in two weeks, the plan in fourteen', (command, fields, duty, dueBy) => {
    const lines: Line[] = [asked, refused, [command, '2027-02-08', fields]];
    const told = tell(...lines);
    expect(told.position).toBe('assessing');
    expect(told.due(duty)).toMatchObject({ dueBy });
    const notify = duty.replace('final-plan', 'notify');
    expect(told.due(notify)).toMatchObject({ dueBy: '2027-02-22', metOn: null });
    expect(told.due('reassess.issue-final')).toBeUndefined();
    const then = tell(...lines, ['decideToReassess', '2027-02-10', {}]);
    expect(then.due(notify)).toMatchObject({ metOn: '2027-02-10' });
    const none = tell(...lines, ['decideToReassess', '2027-02-10', {}], ['decideNoChange', '2027-04-12', { reasons }]);
    expect(none.due(duty.replace('final-plan', 'no-plan'))).toMatchObject({ dueBy: '2027-04-19', metOn: '2027-04-12' });
  });

  it('as the law was before 23 March 2015: four weeks after a concession', () => {
    const told = tell(
      ['receiveReassessmentRequest', '2014-11-03', { from: 'parent' }],
      ['decideNotToReassess', '2014-11-10', { ground: 'not-necessary', reasons }],
      ['recordConcession', '2015-01-12', {}],
    );
    expect(told.due('unopposed-appeal.as-made-version')).toMatchObject({ dueBy: '2015-02-09' });
    expect(told.due('unopposed-appeal.assess-final-plan')).toBeUndefined();
  });

  it('a concession about a plan that stayed as it is starts no reassessment', () => {
    const told = tell(
      asked,
      agreed,
      ['decideNoChange', '2027-02-15', { reasons }],
      ['recordConcession', '2027-04-12', {}],
    );
    expect(told.position).toBe('unchanged');
    expect(told.due('unopposed-appeal.assess-final-plan')).toBeUndefined();
  });
});

describe('endings', () => {
  it.each(['notePlanEnded', 'noteMoveAway', 'recordDeath'])('%s leaves nothing owed', (command) => {
    const advice: Line = [
      'askForAdvice',
      '2026-11-18',
      { requests: [{ request: 'r1', kind: 'health', adviser: 'a1' }] },
    ];
    const consulted: Line = ['consultSetting', '2027-01-19', { consultation: 'c1', setting: 's1' }];
    const meeting: Line = ['recordMeetingRequest', '2027-01-20'];
    for (const lines of [
      [asked],
      [asked, refused],
      [asked, agreed, advice],
      [asked, agreed, advice, change, draft, consulted, meeting],
    ])
      expect(tell(...lines, [command, '2027-03-01'])).toMatchObject({ position: 'ended', open: [] });
  });

  it('comes out the same in whatever order its facts are told', () => {
    const record = ([command, on, fields = {}]: Line): Line => [`record:${command}`, on, fields];
    const told = tell(...[asked, agreed, change, draft, placed, issue('2027-02-19')].map(record));
    const forwards = retold(workflow, told, (facts) => [...facts]);
    expect(retold(workflow, told, (facts) => [...facts].reverse())).toEqual(forwards);
    expect(forwards).toMatchObject({ value: { path: 'planIssued' }, unplaced: [] });
  });
});

import { describe, expect, it } from '@jest/globals';
import { type Day } from '@send/statute';
import {
  deadlines,
  type Fact,
  fold,
  isLate,
  type Place,
  positionOf,
  type RunDeadline,
  start,
  step,
} from '@send/workflow-kit';
import { needsAssessmentWorkflow as workflow } from '../index';

/** One line of a path: the command given, its day, and its fields. */
type Line = [command: string, on: Day, fields?: Record<string, unknown>];

interface Path {
  place: Place;
  position: string;
  facts: Fact[];
  letters: string[];
  due: (duty: string) => RunDeadline | undefined;
}

const recipients = new Proxy({}, { get: () => ['one'] }) as Record<string, string[]>;

/** Acts one after the other, each letter leaving the same day for one recipient; throws where a guard refuses. */
function path(...lines: Line[]): Path {
  let place = start(workflow);
  const facts: Fact[] = [];
  const letters: string[] = [];
  const put = (type: string, on: Day, door: 'act' | 'record', payload: Record<string, unknown>, asked: boolean) => {
    const fact: Fact = { id: `f${facts.length + 1}`, type, on, door, by: 'officer', seq: facts.length + 1, payload };
    const next = step(workflow, place, fact, asked);
    if (!next.placed) throw new Error(`refused: ${type} on ${on} at ${positionOf(workflow, place)}`);
    facts.push(fact);
    place = next.place;
    return { next, fact };
  };
  for (const [name, on, fields = {}] of lines) {
    const read = workflow.commands.read(name, { on, ...fields }, '2100-01-01');
    if ('wrong' in read) throw new Error(`${name}: ${JSON.stringify(read.wrong)}`);
    const command = workflow.commands.find(name);
    if (command === undefined) throw new Error(name);
    const door = command.doors.includes('act') ? 'act' : 'record';
    const { next } = put(command.fact, on, door, { ...read.sent.payload, addressees: recipients }, door === 'act');
    for (const effect of next.effects) {
      if (effect.kind !== 'letter') continue;
      letters.push(effect.letter);
      put(
        'letterSent',
        on,
        'record',
        { group: effect.group, letter: effect.letter, recipient: 'one', servedOn: on },
        false,
      );
    }
  }
  return {
    place,
    facts,
    letters,
    position: positionOf(workflow, place),
    due: (duty) => deadlines(place).find((row) => row.key === duty),
  };
}

/** What was put on record after the event, one fact after the other. */
function recordedInTurn(...lines: (readonly [type: string, on: Day, payload?: Record<string, unknown>])[]): Place {
  return fold(
    workflow,
    lines.map(([type, on, payload = {}], index) => ({
      id: `r${index}`,
      type,
      on,
      door: 'record',
      by: 'officer',
      seq: index + 1,
      payload,
    })),
  ).place;
}

const request: Line = ['receiveRequest', '2026-11-02', { from: 'parent' }];
const reasons = ['Her teachers and her mother agree that she needs more help than the school can give.'];
const agreed: Line = ['decideToAssess', '2026-12-01', {}];
const advice: Line = [
  'askForAdvice',
  '2026-12-02',
  {
    requests: [
      { request: 'r-ed', kind: 'education', adviser: 'head' },
      { request: 'r-he', kind: 'health', adviser: 'icb' },
      { request: 'r-ps', kind: 'psychology', adviser: 'ep' },
      { request: 'r-sc', kind: 'social-care', adviser: 'sc' },
    ],
  },
];
const plan: Line = ['decideToIssue', '2027-02-15', { reasons }];
const draft: Line = ['sendDraftPlan', '2027-02-22', {}];
const placement = (on: Day): Line => ['namePlacement', on, { setting: 's1', type: 'Mainstream school', reasons }];

describe('the path from the request to the final plan', () => {
  it('owes the six, sixteen and twenty weeks from the day of the request', () => {
    const at = path(request);
    expect(at.position).toBe('considering');
    expect(at.due('assessment.decide-whether-to-assess')?.dueBy).toBe('2026-12-14');
    expect(at.due('assessment.notify-no-plan')?.dueBy).toBe('2027-02-22');
    expect(at.due('plan.issue-final')?.dueBy).toBe('2027-03-22');
    expect(at.due('plan.issue-final')?.why).toContain('reg 13(2)');
  });

  it('meets the duty to decide when the letter leaves, not when we decide', () => {
    const decided = step(
      workflow,
      path(request).place,
      {
        id: 'd',
        type: 'decidedToAssess',
        on: '2026-12-01',
        door: 'act',
        by: 'o',
        seq: 9,
        payload: { addressees: { 'assessment.agree': ['mother', 'father'] } },
      },
      true,
    );
    const rows = (place: Place) => deadlines(place).find((row) => row.key === 'assessment.decide-whether-to-assess');
    expect(rows(decided.place)?.metOn).toBeNull();
    const sent = (place: Place, recipient: string, on: Day) =>
      step(workflow, place, {
        id: `s-${recipient}`,
        type: 'letterSent',
        on,
        door: 'record',
        by: 'system',
        seq: 10,
        payload: { group: 'd:assessment.agree', recipient, servedOn: on },
      }).place;
    const one = sent(decided.place, 'mother', '2026-12-02');
    expect(rows(one)?.metOn).toBeNull();
    expect(rows(sent(one, 'father', '2026-12-04'))?.metOn).toBe('2026-12-04');
  });

  it('times each adviser on their own, and knows when all of reg 6(1) have been asked', () => {
    const at = path(request, agreed, advice, ['recordAdvice', '2027-01-05', { request: 'r-ed' }]);
    expect(at.due('assessment.seek-advice')?.metOn).toBe('2026-12-02');
    expect(at.due('assessment.advice-due#r-ed')).toMatchObject({ dueBy: '2027-01-13', metOn: '2027-01-05' });
    expect(at.due('assessment.advice-due#r-ps')).toMatchObject({ dueBy: '2027-01-13', metOn: null });
    expect(
      path(request, agreed, [
        'askForAdvice',
        '2026-12-02',
        { requests: [{ request: 'r1', kind: 'education', adviser: 'h' }] },
      ]).due('assessment.seek-advice')?.metOn,
    ).toBeNull();
  });

  it('sends incomplete advice back without stopping the adviser’s clock', () => {
    const at = path(
      request,
      agreed,
      advice,
      ['recordAdvice', '2027-01-05', { request: 'r-ed' }],
      ['returnAdvice', '2027-01-06', { request: 'r-ed', missing: 'How often' }],
    );
    expect(at.due('assessment.advice-due#r-ed')).toMatchObject({ dueBy: '2027-01-13', metOn: null });
  });

  it('uses earlier advice only with the three agreements, reg 6(4)', () => {
    const reuse = (familyAgrees: boolean): Line => [
      'reuseAdvice',
      '2026-12-03',
      {
        request: 'old',
        adviser: 'ep',
        kind: 'psychology',
        adviceDate: '2026-06-01',
        authorAgrees: true,
        authorityAgrees: true,
        familyAgrees,
      },
    ];
    expect(() => path(request, agreed, reuse(false))).toThrow('refused');
    expect(path(request, agreed, reuse(true)).place.context.facts['decidedToAssess']).toBe('2026-12-01');
  });

  it('keeps the fifteen days for the family, reg 13(1)(a): 1 March is day 1, 15 March the last', () => {
    const served = ['sendDraftPlan', '2027-03-01', {}] as Line;
    expect(() => path(request, agreed, plan, served, placement('2027-03-15'))).toThrow('refused');
    expect(path(request, agreed, plan, served, placement('2027-03-16')).position).toBe('finalising');
  });

  it('lets the family say that it has nothing more to say', () => {
    const done: Line = ['recordRepresentations', '2027-02-25', { nothingMoreToSay: true }];
    expect(path(request, agreed, plan, draft, done, placement('2027-02-26')).position).toBe('finalising');
  });

  it('a changed draft gives a new fifteen days; week 20 stands', () => {
    const changed: Line = ['reissueDraftPlan', '2027-03-08', {}];
    expect(() => path(request, agreed, plan, draft, changed, placement('2027-03-20'))).toThrow('refused');
    expect(path(request, agreed, plan, draft, changed).due('plan.issue-final')?.dueBy).toBe('2027-03-22');
  });

  it('holds the meeting and consults the setting that the family asked for before the placement is decided', () => {
    const meeting: Line = ['recordMeetingRequest', '2027-03-01', {}];
    expect(() => path(request, agreed, plan, draft, meeting, placement('2027-03-10'))).toThrow('refused');
    const school: Line = ['recordSchoolRequest', '2027-03-01', { setting: 's9' }];
    expect(() => path(request, agreed, plan, draft, school, placement('2027-03-10'))).toThrow('refused');
    const consulted: Line = ['consultSetting', '2027-03-02', { consultation: 'c1', setting: 's9' }];
    expect(path(request, agreed, plan, draft, school, consulted, placement('2027-03-10')).position).toBe('finalising');
  });

  it('issues the final plan to family, setting and commissioner, and meets the twenty weeks', () => {
    const at = path(request, agreed, plan, draft, placement('2027-03-10'), ['issueFinalPlan', '2027-03-12', {}]);
    expect(at.position).toBe('planIssued');
    expect(at.letters).toEqual(
      expect.arrayContaining(['plan.final', 'plan.final-setting', 'plan.final-commissioner', 'plan.child-final']),
    );
    expect(at.due('plan.issue-final')).toMatchObject({ dueBy: '2027-03-22', metOn: '2027-03-12' });
    expect(at.due('assessment.notify-no-plan')).toMatchObject({ endedOn: '2027-02-15' });
  });
});

describe('what else can happen', () => {
  it('an outright refusal is due at six weeks and no exception excuses it, README A2', () => {
    const exception: Line = [
      'relyOnException',
      '2026-12-20',
      { ground: 'exceptionalPersonalCircumstances', from: '2026-12-01', to: '2026-12-20', reason: 'In hospital' },
    ];
    const at = path(request, exception, ['determineNotNecessary', '2026-12-29', { reasons }]);
    const outright = at.due('assessment.notify-not-necessary-at-outset');
    const decide = at.due('assessment.decide-whether-to-assess');
    expect(outright && isLate(outright, '2027-01-01')).toBe(true);
    expect(decide && isLate(decide, '2027-01-01')).toBe(false);
    expect(decide?.targetBy).toBe('2027-01-03');
  });

  it('a missed appointment excuses the adviser and not the authority', () => {
    const at = path(request, agreed, advice, [
      'relyOnException',
      '2027-01-05',
      {
        ground: 'missedAppointment',
        request: 'r-ps',
        from: '2027-01-04',
        to: '2027-01-17',
        reason: 'Appointment of 4 January missed',
      },
    ]);
    expect(at.due('assessment.advice-due#r-ps')?.exceptions).toHaveLength(1);
    expect(at.due('plan.issue-final')?.exceptions).toHaveLength(0);
  });

  it('a concession with no order keeps the twenty weeks from the request, README C2', () => {
    const at = path(request, ['decideNotToAssess', '2026-12-10', { reasons }], ['recordConcession', '2027-02-01', {}]);
    expect(at.position).toBe('assessing');
    expect(at.due('plan.issue-final')).toMatchObject({ dueBy: '2027-03-22', endedOn: null });
  });

  it('after a concession the family is told of the decision, and advice can be asked for', () => {
    const at = path(
      request,
      ['decideNotToAssess', '2026-12-10', { reasons }],
      ['recordConcession', '2027-02-01', {}],
      ['decideToAssess', '2027-02-03', {}],
      ['askForAdvice', '2027-02-04', { requests: [{ request: 'r1', kind: 'health', adviser: 'icb' }] }],
    );
    expect(at.letters.filter((letter) => letter === 'assessment.agree')).toHaveLength(1);
    expect(at.due('unopposed-appeal.assess-notify')).toMatchObject({ dueBy: '2027-02-15', metOn: '2027-02-03' });
    expect(() => path(request, agreed, ['decideToAssess', '2026-12-02', {}])).toThrow('refused');
  });

  it.each([
    [
      'assess',
      'assessing',
      {
        'tribunal-order.assess-notify': '2027-05-17',
        'tribunal-order.assess-no-plan': '2027-07-12',
        'tribunal-order.assess-final-plan': '2027-08-09',
      },
    ],
    [
      'make-plan',
      'preparingDraft',
      { 'tribunal-order.make-plan-draft': '2027-06-07', 'tribunal-order.make-plan-final': '2027-07-19' },
    ],
  ])('an order to %s brings its own limits', (order, position, limits) => {
    const refused: Line[] =
      order === 'assess'
        ? [['decideNotToAssess', '2026-12-10', { reasons }]]
        : [agreed, ['decideNotToIssue', '2027-02-10', { reasons }]];
    const at = path(request, ...refused, ['recordOrder', '2027-05-03', { order }]);
    expect(at.position).toBe(position);
    for (const [duty, dueBy] of Object.entries(limits)) expect(at.due(duty)?.dueBy).toBe(dueBy);
    expect(at.due('plan.issue-final')?.endedOn).not.toBeNull();
  });

  it('a refusal ends both later limits, and closes only when the time to appeal is over', () => {
    const refused = [request, ['decideNotToAssess', '2026-12-10', { reasons }]] as Line[];
    const at = path(...refused);
    expect(at.due('assessment.notify-no-plan')?.endedOn).toBe('2026-12-10');
    expect(at.due('plan.issue-final')?.endedOn).toBe('2026-12-10');
    expect(at.due('appeal.time-limit')?.dueBy).toBe('2027-02-10');
    expect(() => path(...refused, ['closeAfterRefusal', '2027-02-10', {}])).toThrow('refused');
    expect(path(...refused, ['closeAfterRefusal', '2027-02-11', {}]).position).toBe('appealTimeOver');
  });

  it('a second request while the first one runs moves no date: the earliest protects the family, README A1', () => {
    const asked = recordedInTurn(
      ['requestReceived', '2024-01-08', { from: 'school' }],
      ['decidedToAssess', '2024-02-01'],
      ['requestReceived', '2024-02-08', { from: 'parent' }],
    );
    expect(positionOf(workflow, asked)).toBe('assessing');
    expect(deadlines(asked).find(({ key }) => key === 'plan.issue-final')?.dueBy).toBe('2024-05-27');
  });

  it('a limit that a refusal ended is not found late by a plan that an order brings later', () => {
    const ordered = recordedInTurn(
      ['requestReceived', '2024-01-08', { from: 'parent' }],
      ['decidedNotToAssess', '2024-02-15', { reasons }],
      ['tribunalOrderMade', '2024-06-20', { order: 'assess' }],
      ['finalPlanIssued', '2024-10-20'],
    );
    const row = (duty: string) => deadlines(ordered).find(({ key }) => key === duty) as RunDeadline;
    expect(row('plan.issue-final')).toMatchObject({ endedOn: '2024-02-15', metOn: null });
    expect(isLate(row('plan.issue-final'), '2025-12-01')).toBe(false);
    expect(row('tribunal-order.assess-final-plan')).toMatchObject({ dueBy: '2024-09-26', metOn: '2024-10-20' });
    expect(isLate(row('tribunal-order.assess-final-plan'), '2025-12-01')).toBe(true);
  });

  it('a second agreement starts its own limits and leaves those of the first where they were', () => {
    const agreedTwice = recordedInTurn(
      ['requestReceived', '2024-01-08', { from: 'parent' }],
      ['decidedNotToAssess', '2024-02-15', { reasons }],
      ['mediationAgreed', '2024-03-20', { agreed: 'assess' }],
      ['decidedToAssess', '2024-04-10'],
      ['decidedNotToIssue', '2024-06-20', { reasons }],
      ['mediationAgreed', '2024-09-20', { agreed: 'make-plan' }],
    );
    const due = (duty: string) => deadlines(agreedTwice).find(({ key }) => key === duty)?.dueBy;
    expect(due('tribunal-order.assess-notify')).toBe('2024-04-03');
    expect(due('tribunal-order.assess-no-plan')).toBe('2024-05-29');
    expect(due('tribunal-order.assess-final-plan')).toBe('2024-06-26');
    expect(due('tribunal-order.make-plan-draft')).toBe('2024-10-25');
    expect(due('tribunal-order.make-plan-final')).toBe('2024-12-06');
  });

  it('a concession leaves a case that has its plan where it is, and is itself the end of the appeal, reg 45(1)', () => {
    const issued = recordedInTurn(
      ['requestReceived', '2024-01-08', { from: 'parent' }],
      ['finalPlanIssued', '2024-05-20'],
      ['appealConceded', '2024-09-02'],
    );
    expect(positionOf(workflow, issued)).toBe('planIssued');
    const refused = recordedInTurn(
      ['requestReceived', '2024-01-08', { from: 'parent' }],
      ['decidedNotToAssess', '2024-02-15', { reasons }],
      ['appealConceded', '2024-05-20'],
    );
    const row = deadlines(refused).find(({ key }) => key === 'unopposed-appeal.treated-as-won') as RunDeadline;
    expect(isLate(row, '2025-01-01')).toBe(false);
  });

  it('what comes on record after the case is past it moves nothing back', () => {
    const place = recordedInTurn(
      ['requestReceived', '2024-01-08', { from: 'parent' }],
      ['draftPlanSent', '2024-05-01'],
      ['decidedToIssue', '2024-05-03', { reasons }],
      ['consideringAssessment', '2024-05-04'],
      ['finalPlanIssued', '2024-05-27'],
      ['representationsReceived', '2024-05-28'],
      ['schoolRequested', '2024-05-29', { setting: 's1' }],
    );
    expect(positionOf(workflow, place)).toBe('planIssued');
    const window = deadlines(place).find(({ key }) => key === 'plan.representations-window') as RunDeadline;
    expect(isLate(window, '2025-01-01')).toBe(false);
  });

  it('a new decision gives the family a new time to appeal', () => {
    const at = path(
      request,
      ['decideNotToAssess', '2026-12-10', { reasons }],
      ['recordAppeal', '2027-01-20', {}],
      ['recordConcession', '2027-02-01', {}],
      ['decideNotToIssue', '2027-04-12', { reasons }],
    );
    expect(at.due('appeal.time-limit')).toMatchObject({ dueBy: '2027-06-12', metOn: null, endedOn: null });
  });

  it('no letter follows a death', () => {
    const at = path(request, agreed, ['recordDeath', '2026-12-05', {}]);
    expect(at.position).toBe('ended');
    expect(at.place.context.awaiting).toEqual({});
  });

  it('what is recorded in any order ends in the same place', () => {
    const facts: Fact[] = (
      [
        ['requestReceived', '2025-01-06', { from: 'school' }],
        ['decidedToAssess', '2025-02-10', {}],
        ['draftPlanSent', '2025-05-20', {}],
        ['finalPlanIssued', '2025-05-28', {}],
      ] as const
    ).map(([type, on, payload], index) => ({
      id: `f${index}`,
      type,
      on,
      door: 'record',
      by: 'o',
      seq: index + 1,
      payload,
    }));
    const inOrder = fold(workflow, facts);
    const backwards = fold(
      workflow,
      [...facts].reverse().map((fact, index) => ({ ...fact, seq: index + 1 })),
    );
    expect(backwards.place).toEqual(inOrder.place);
    const window = deadlines(inOrder.place).find((row) => row.key === 'plan.representations-window');
    expect(window && isLate(window, '2025-06-01')).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { isBreach, isLate } from '@send/workflow-kit';
import { type Line, retold, story, type Told } from '../../test/builders/story';
import { appealWorkflow as workflow } from '../index';
import { concessionDoneIn, type Matter, orderDoneIn, type OutcomeKind, outcomes } from './outcomes';

const reasons = ['We now agree that the plan must say how much speech therapy Sam has each week.'];
const tell = (...lines: Line[]): Told => story(workflow, lines);
const asked = (on: string, about = 'contents', decisionNoticeSent?: string): Line => [
  'startMediation',
  on,
  { about, ...(decisionNoticeSent === undefined ? {} : { decisionNoticeSent }) },
];
const lodged = (on: string, about = 'contents', more: object = {}): Line => ['startAppeal', on, { about, ...more }];
const order = (on: string, kind: string, more: object = {}): Line => ['recordOrder', on, { order: kind, ...more }];
const agreed = (on: string, kind: string, more: object = {}): Line => [
  'recordMediationAgreement',
  on,
  { agreed: kind, ...more },
];
const concede = (on: string): Line => ['concedeAppeal', on, { reasons }];
const response: Line = ['sendResponse', '2026-05-01', { opposed: 'yes', childsViews: 'Sam wants to stay' }];
const issue = (on: string, more: object = {}): Line => ['issueAmendedPlan', on, { changesFOrI: true, ...more }];
const region = (told: Told, name: string) => told.value[name];

describe('mediation', () => {
  const notice = '2026-06-10';

  it('is held, not only booked, within thirty days: README C6', () => {
    const told = tell(asked('2026-06-22', 'contents', notice), [
      'recordMediationEnded',
      '2026-07-23',
      { summary: 'Both sides' },
    ]);
    expect(told.due('mediation.arrange')).toMatchObject({ dueBy: '2026-07-22', metOn: '2026-07-23' });
    const row = told.due('mediation.arrange');
    expect(row !== undefined && isBreach(row, '2026-07-24')).toBe(true);
    expect(told.due('mediation.certificate-after-mediation')).toMatchObject({
      dueBy: '2026-07-28',
      owner: 'mediation-adviser',
    });
  });

  it('that only began is held by its first session, and goes on', () => {
    const told = tell(asked('2026-06-22'), ['recordMediationSession', '2026-07-20', {}]);
    expect(told.due('mediation.arrange')).toMatchObject({ metOn: '2026-07-20' });
    expect(region(told, 'mediation')).toBe('asked');
  });

  it.each([
    ['declined', [['startWithoutMediation', '2026-06-19', { about: 'contents' }]], 'certificate-no-mediation'],
    ['dropped', [asked('2026-06-12'), ['recordMediationDropped', '2026-06-19', {}]], 'certificate-not-pursued'],
    [
      'that cannot be arranged in time',
      [asked('2026-05-20'), ['recordCannotArrange', '2026-06-19', { why: 'No mediator is free' }]],
      'certificate-not-pursued',
    ],
  ] as [string, Line[], string][])(
    '%s: the certificate comes in three working days, regs 34 and 36',
    (_, lines, duty) => {
      // Friday 19 June: Monday, Tuesday, Wednesday.
      expect(tell(...lines).due(`mediation.${duty}`)).toMatchObject({ dueBy: '2026-06-24', metOn: null });
      const done = tell(...lines, ['recordMediationCertificate', '2026-06-23', {}]);
      expect(done.due(`mediation.${duty}`)).toMatchObject({ metOn: '2026-06-23' });
    },
  );

  it('goes on being owed where it could not be arranged, though the family may appeal: reg 36(5)', () => {
    const told = tell(
      asked('2026-05-20'),
      ['recordCannotArrange', '2026-06-19', { why: 'No mediator is free' }],
      ['recordMediationCertificate', '2026-06-23', {}],
    );
    expect(region(told, 'mediation')).toBe('cannotArrange');
    expect(told.open).toContain('mediation.arrange');
  });

  it('about health is told to the commissioners in three working days, by the letter that leaves: reg 35', () => {
    const lines: Line[] = [
      asked('2026-06-22'),
      ['recordHealthIssues', '2026-06-22', {}],
      ['tellCommissioners', '2026-06-24', { issues: ['Speech therapy'] }],
    ];
    const late = story(workflow, lines, { leaves: () => '2026-06-26' });
    expect(late.letters).toEqual(['dispute.mediation-commissioner']);
    expect(late.due('mediation.inform-commissioners')).toMatchObject({ dueBy: '2026-06-25', metOn: '2026-06-26' });
    expect(tell(...lines).due('mediation.inform-commissioners')).toMatchObject({ metOn: '2026-06-24' });
    expect(() => tell(asked('2026-06-22'), ['tellCommissioners', '2026-06-24', { issues: ['Speech'] }])).toThrow(
      'refused',
    );
  });

  it('about health alone is the commissioner’s to arrange, thirty days from being told: s.53(3)', () => {
    const told = tell(
      asked('2026-06-22'),
      ['recordHealthIssues', '2026-06-22', { nothingElse: true }],
      ['tellCommissioners', '2026-06-24', { issues: ['Speech therapy'] }],
    );
    expect(told.due('mediation.arrange-health-only')).toMatchObject({
      dueBy: '2026-07-24',
      owner: 'responsible-commissioning-body',
    });
  });

  it('is announced five working days before, unless the family agrees to less: reg 37', () => {
    const plan = (on: string, more: object = {}): Line => [
      'planMediation',
      on,
      { meetingOn: '2026-07-13', time: '10am', place: 'Levelham Library', ...more },
    ];
    expect(tell(asked('2026-06-22'), plan('2026-07-02')).due('mediation.date-notice')).toMatchObject({
      dueBy: '2026-07-03',
      metOn: '2026-07-02',
    });
    const short = (more: object) => {
      const row = tell(asked('2026-06-22'), plan('2026-07-09', more)).due('mediation.date-notice');
      return row !== undefined && isLate(row, '2026-07-10');
    };
    expect(short({})).toBe(true);
    expect(short({ shorterNotice: true })).toBe(false);
    const moved = tell(asked('2026-06-22'), plan('2026-07-02'), plan('2026-07-06', { meetingOn: '2026-07-21' }));
    expect(moved.due('mediation.date-notice')).toMatchObject({ dueBy: '2026-07-13', metOn: '2026-07-06' });
    expect(() => tell(lodged('2026-06-22'), plan('2026-07-02'))).toThrow('refused');
  });
});

describe('the family’s own last day: r.20(1)(c), reg 33', () => {
  it.each([
    // Published: IPSEA on the Christmas deadline; the year is supplied there.
    ['two months from the notice', '2024-10-01', null, '2024-12-01'],
    ['one month from a certificate that gives longer', '2024-10-01', '2024-11-29', '2024-12-29'],
    ['the notice, where the certificate gives less', '2026-06-10', '2026-06-24', '2026-08-10'],
    // A trap in published software: two months taken from the certificate.
    ['a month from the last day of a longer month', '2025-12-01', '2026-01-31', '2026-02-28'],
    ['31 December and two months', '2026-12-31', null, '2027-02-28'],
  ])('%s', (_, notice, certificate, dueBy) => {
    const lines: Line[] = [asked(notice, 'contents', notice)];
    if (certificate !== null)
      lines.push(['recordMediationDropped', certificate, {}], ['recordMediationCertificate', certificate, {}]);
    expect(tell(...lines).due('appeal.time-limit')).toMatchObject({ dueBy, owner: 'parent-or-young-person' });
  });

  it('is not cut short: the file is shut only after the Tribunal’s own later day, and when mediation is over', () => {
    const lines: Line[] = [
      ['startWithoutMediation', '2026-06-15', { about: 'contents', decisionNoticeSent: '2026-06-10' }],
      ['recordMediationCertificate', '2026-06-17', {}],
    ];
    // 10 August falls in the vacation: an appeal is in time until Tuesday 1 September.
    expect(() => tell(...lines, ['closeCase', '2026-08-11', {}])).toThrow('refused');
    expect(() => tell(...lines, ['closeCase', '2026-09-01', {}])).toThrow('refused');
    expect(tell(...lines, ['closeCase', '2026-09-02', {}]).position).toBe('appealTimeOver');
    expect(() => tell(asked('2026-06-15', 'contents', '2026-06-10'), ['closeCase', '2026-12-01', {}])).toThrow(
      'refused',
    );
    expect(() => tell(asked('2026-06-15'), ['closeCase', '2026-12-01', {}])).toThrow('refused');
  });

  it('for the adviser does not move in August (README C5), and for Section I alone there is none: s.55(2)', () => {
    const row = (about: string) =>
      tell(asked('2026-09-01', about, '2026-06-10'), ['recordAppeal', '2026-09-01', {}]).due(
        'mediation.contact-adviser',
      );
    expect(row('contents')).toMatchObject({ dueBy: '2026-08-10', metOn: '2026-09-01' });
    const late = (about: string) => {
      const found = row(about);
      return found !== undefined && isLate(found, '2026-09-02');
    };
    expect(late('contents')).toBe(true);
    expect(late('placement')).toBe(false);
  });

  it('may be extended by the Tribunal: rr.5(3)(a) and 20(4)', () => {
    const late = (more: object) => {
      const row = tell(lodged('2026-11-20', 'contents', { decisionNoticeSent: '2026-06-10', ...more })).due(
        'appeal.time-limit',
      );
      return row !== undefined && isLate(row, '2026-11-21');
    };
    expect(late({})).toBe(true);
    expect(late({ leaveGiven: true })).toBe(false);
  });
});

describe('the response', () => {
  it.each([
    ['thirty working days by the Tribunal’s days', '2026-04-20', '2026-06-03'],
    ['August left out', '2026-07-20', '2026-09-29'],
    ['Christmas left out', '2026-12-14', '2027-02-02'],
  ])('%s', (_, papers, dueBy) => {
    const told = tell(lodged(papers), ['recordAppealPapers', papers, {}]);
    expect(told.due('appeal.authority-response')).toMatchObject({ dueBy, metOn: null });
  });

  it('is due on the day that the Tribunal sets, where it sets one', () => {
    const told = tell(
      lodged('2026-04-13'),
      ['recordAppealRegistered', '2026-04-20', { reference: 'EH900/26/00042', responseDueOn: '2026-05-11' }],
      ['recordAppealPapers', '2026-04-20', {}],
    );
    expect(told.due('appeal.authority-response')).toMatchObject({ dueBy: '2026-05-11' });
    const more = tell(
      lodged('2026-04-13'),
      ['recordAppealPapers', '2026-04-20', {}],
      ['recordResponseExtended', '2026-05-20', { responseDueOn: '2026-06-12' }],
      ['sendResponse', '2026-06-11', { opposed: 'in-part', childsViews: 'Sam wants to stay' }],
    );
    expect(more.due('appeal.authority-response')).toMatchObject({ dueBy: '2026-06-12', metOn: '2026-06-11' });
  });

  it('falls away with the appeal; what was late stays late', () => {
    const papers: Line[] = [lodged('2026-04-13'), ['recordAppealPapers', '2026-04-20', {}]];
    const gone = tell(...papers, ['recordAppealWithdrawn', '2026-06-15', {}]);
    expect(gone.due('appeal.authority-response')).toMatchObject({ dueBy: '2026-06-03', endedOn: '2026-06-15' });
    expect(gone.position).toBe('withdrawn');
    expect(region(gone, 'file')).toBe('shut');
  });
});

describe('directions', () => {
  const step = (id: string, more: object): Line => [
    'recordDirection',
    '2026-07-27',
    { step: id, kind: 'evidence', what: 'Send the evidence', ...more },
  ];

  it('each have their own day, or working days without August: r.12(3)(b)', () => {
    const told = tell(lodged('2026-04-13'), step('e', { dueOn: '2026-08-14' }), step('b', { workingDays: 10 }), [
      'doDirection',
      '2026-08-17',
      { step: 'e' },
    ]);
    const of = (id: string) => told.due(`appeal.tribunal-time-other-steps#${id}`);
    expect(of('e')).toMatchObject({ dueBy: '2026-08-14', metOn: '2026-08-17' });
    // 28 to 31 July are four; 1 to 8 September the other six, the bank holiday of 31 August being in the vacation.
    expect(of('b')).toMatchObject({ dueBy: '2026-09-08', metOn: null });
    expect(region(told, 'directions')).toBe('open');
    expect(() => tell(lodged('2026-04-13'), ['doDirection', '2026-08-17', { step: 'e' }])).toThrow('refused');
  });

  it('end with the appeal', () => {
    const told = tell(lodged('2026-04-13'), step('e', { dueOn: '2026-08-14' }), order('2026-08-10', 'dismissed'));
    expect(told.due('appeal.tribunal-time-other-steps#e')).toMatchObject({ endedOn: '2026-08-10' });
    expect(region(told, 'file')).toBe('shut');
  });
});

describe('which order is carried out where', () => {
  const kinds = Object.keys(outcomes) as OutcomeKind[];

  it.each<[OutcomeKind, Matter, string]>([
    ['assess', 'refuse-to-assess', 'needs-assessment'],
    ['make-plan', 'refuse-to-issue', 'needs-assessment'],
    ['reassess', 'refuse-to-reassess', 'reassessment'],
    ['amend-plan', 'contents', 'appeal'],
    ['amend-placement', 'placement', 'appeal'],
    ['reconsider', 'refuse-to-assess', 'appeal'],
    ['continue', 'cease', 'cease-to-maintain'],
    ['continue-and-amend', 'cease', 'cease-to-maintain'],
    ['dismissed', 'cease', 'cease-to-maintain'],
    ['dismissed', 'contents', 'nowhere'],
    ['other', 'contents', 'appeal'],
  ])('%s, about %s: %s', (kind, about, where) => {
    expect(orderDoneIn(kind, about, true)).toBe(where);
    const told = tell(lodged('2026-04-13', about, { onRecord: true }), order('2026-06-01', kind));
    const position = { appeal: 'carryingOut', nowhere: 'dismissed' }[where] ?? 'goesOnElsewhere';
    expect(told.position).toBe(position);
    // What goes on elsewhere leaves nothing open here.
    expect(told.open).toHaveLength(where === 'appeal' && kind !== 'other' ? 1 : 0);
  });

  it('a plan to be kept is kept here, where the decision to end it is in no case on record', () => {
    for (const kind of kinds.filter((one) => outcomes[one].doneIn === 'cease-to-maintain' && one !== 'dismissed'))
      expect(orderDoneIn(kind, 'cease', false)).toBe('appeal');
    expect(concessionDoneIn('cease', false)).toBe('appeal');
    expect(concessionDoneIn('cease', true)).toBe('cease-to-maintain');
    const told = tell(lodged('2026-04-13', 'cease'), order('2026-06-01', 'continue'), [
      'recordCarriedOut',
      '2026-06-01',
      { what: 'The plan goes on' },
    ]);
    expect(told.due('tribunal-order.continue-plan')).toMatchObject({ dueBy: '2026-06-01', metOn: '2026-06-01' });
    expect(told.position).toBe('carriedOut');
  });
});

describe('carrying out an order: reg 44', () => {
  it.each([
    ['amend-plan', 'tribunal-order.amend-provision', '2026-07-06'],
    ['amend-placement', 'tribunal-order.amend-placement-only', '2026-06-15'],
    ['continue-and-amend', 'tribunal-order.continue-and-amend', '2026-07-06'],
  ])('%s: the limit runs from the day it was made, not sent (C1), until the plan has left', (kind, duty, dueBy) => {
    const lines: Line[] = [lodged('2026-02-02'), order('2026-06-01', kind, { sentOn: '2026-06-04' })];
    const today = '2026-07-08';
    expect(story(workflow, lines, { today }).due(duty)).toMatchObject({ dueBy, metOn: null });
    const told = story(workflow, [...lines, issue('2026-06-12')], { leaves: () => '2026-07-07', today });
    expect(told.due(duty)).toMatchObject({ dueBy, metOn: '2026-07-07' });
    expect(told.position).toBe('carriedOut');
    expect((told.context['dispute'] as { outcome: object }).outcome).toMatchObject({
      on: '2026-06-01',
      sentOn: '2026-06-04',
    });
  });

  it('sends a case back to be thought over in two weeks, or by the order’s own day: reg 44(2)(d)', () => {
    const back = (more: object) => tell(lodged('2026-02-02'), order('2026-06-01', 'reconsider', more));
    expect(back({}).due('tribunal-order.reconsider')).toMatchObject({ dueBy: '2026-06-15' });
    expect(back({ dateSetByOrder: '2026-06-29' }).due('tribunal-order.reconsider')).toMatchObject({
      dueBy: '2026-06-29',
    });
    const told = tell(lodged('2026-02-02'), order('2026-06-01', 'reconsider'), [
      'decideAgain',
      '2026-06-11',
      { result: 'changed', reasons },
    ]);
    expect(told.letters).toEqual(['dispute.order-reconsider']);
    expect(told.due('tribunal-order.reconsider')).toMatchObject({ metOn: '2026-06-11' });
    expect(region(told, 'file')).toBe('shut');
  });

  it.each([
    ['awayTwoWeeks', true],
    ['representationsAfterWindow', true],
    ['settingClosed', true],
    ['missedAppointment', false],
  ])('is lifted by %s: %s (reg 44(3))', (ground, lifts) => {
    const told = tell(lodged('2026-02-02'), order('2026-06-01', 'amend-plan'), [
      'relyOnException',
      '2026-07-01',
      { ground, from: '2026-06-22', to: '2026-07-06', reason: 'The family is abroad until 6 July' },
    ]);
    const row = told.due('tribunal-order.amend-provision');
    expect(row).toMatchObject({ dueBy: '2026-07-06', targetBy: lifts ? '2026-07-21' : null });
  });

  it('refuses an amended plan that nothing asked for, and takes it when it was recorded', () => {
    expect(() => tell(lodged('2026-02-02'), issue('2026-06-12'))).toThrow('refused');
    expect(tell(lodged('2026-02-02'), ['record:issueAmendedPlan', '2026-06-12', { changesFOrI: false }]).position).toBe(
      'appealed',
    );
  });

  // R (BA) v Nottinghamshire CC [2021] EWHC 1348 (Admin), IPSEA's note; XXX v East Sussex CC, AC-2024-LON-000526.
  it.each([
    ['Nottinghamshire', '2020-02-28', '2020-05-14', '2020-04-03', '2021-05-20'],
    ['East Sussex', '2023-12-18', null, '2024-01-22', '2024-02-16'],
  ])('as published: %s was in breach', (_, made, issued, dueBy, asOf) => {
    const lines: Line[] = [lodged('2019-09-02'), order(made, 'amend-plan')];
    if (issued !== null) lines.push(issue(issued));
    const row = tell(...lines).due('tribunal-order.amend-provision');
    expect(row).toMatchObject({ dueBy, metOn: issued });
    expect(row !== undefined && isBreach(row, asOf)).toBe(true);
  });

  it('made again starts its own clock; the first one stays late', () => {
    const told = tell(
      lodged('2026-02-02'),
      order('2026-03-02', 'amend-plan'),
      issue('2026-04-20'),
      order('2026-06-01', 'amend-placement'),
    );
    expect(told.due('tribunal-order.amend-provision')).toMatchObject({ dueBy: '2026-04-06', metOn: '2026-04-20' });
    expect(told.due('tribunal-order.amend-placement-only')).toMatchObject({ dueBy: '2026-06-15', metOn: null });
    expect(region(told, 'file')).toBe('open');
  });
});

describe('an appeal that is not opposed: reg 45', () => {
  it.each([
    ['contents', '2026-05-01', 'unopposed-appeal.amend-contents', '2026-06-05'],
    ['refuse-to-amend', '2026-05-01', 'unopposed-appeal.amend-contents', '2026-06-05'],
    ['placement', '2026-05-01', 'unopposed-appeal.amend-placement-only', '2026-05-15'],
    ['cease', '2026-05-01', 'unopposed-appeal.cease-conceded', '2026-06-05'],
    ['contents', '2015-03-23', 'unopposed-appeal.amend-contents', '2015-04-27'],
    ['contents', '2015-03-22', 'unopposed-appeal.as-made-version', '2015-04-19'],
  ])('about %s, conceded on %s: %s by %s', (about, on, duty, dueBy) => {
    const told = tell(lodged('2014-12-01', about), concede(on));
    expect(told.due(duty)).toMatchObject({ dueBy, metOn: null });
    expect(told.due('unopposed-appeal.treated-as-won')).toMatchObject({ metOn: on });
    expect(told.letters).toEqual(['dispute.unopposed']);
    expect(told.open).toHaveLength(on < '2015-03-23' ? 2 : duty.endsWith('contents') ? 2 : 1);
  });

  it('knows one version of the regulation on any one day', () => {
    const rows = (on: string) =>
      ['unopposed-appeal.as-made-version', 'unopposed-appeal.amend-contents'].map(
        (duty) => tell(lodged('2014-12-01'), concede(on)).due(duty)?.dueBy,
      );
    expect(rows('2015-03-22')).toEqual(['2015-04-19', undefined]);
    expect(rows('2015-03-23')).toEqual([undefined, '2015-04-27']);
  });

  it('is met when the amended plan has left to the family and to those who carry it out', () => {
    const told = story(workflow, [lodged('2026-03-02'), concede('2026-05-01'), issue('2026-05-20')], {
      leaves: (letter, on) => (letter === 'review.final-amended-partners' ? '2026-05-22' : on),
    });
    expect(told.due('unopposed-appeal.amend-contents')).toMatchObject({ metOn: '2026-05-22' });
    expect(told.position).toBe('carriedOut');
  });

  it('after the response has no limit in regulation 45, and waits for the order', () => {
    const told = tell(lodged('2026-03-02'), response, concede('2026-05-04'));
    expect(told.position).toBe('concededOutside');
    expect(told.open).toEqual([]);
    expect(region(told, 'file')).toBe('open');
    const then = tell(lodged('2026-03-02'), response, concede('2026-05-04'), order('2026-05-11', 'amend-plan'));
    expect(then.due('tribunal-order.amend-provision')).toMatchObject({ dueBy: '2026-06-15' });
  });

  it('goes on in the case that decided, where that owes it', () => {
    for (const about of ['refuse-to-assess', 'refuse-to-issue', 'refuse-to-reassess'])
      expect(tell(lodged('2026-03-02', about), concede('2026-05-04'))).toMatchObject({
        position: 'goesOnElsewhere',
        open: [],
      });
  });

  it('needs an appeal that is open', () => {
    expect(() => tell(asked('2026-03-02'), concede('2026-05-04'))).toThrow('refused');
    expect(() => tell(lodged('2026-03-02'), order('2026-04-01', 'dismissed'), concede('2026-05-04'))).toThrow(
      'refused',
    );
  });
});

describe('an agreement in mediation: reg 42', () => {
  const notice: Line = asked('2026-06-01', 'contents', '2026-05-18');

  it.each([
    ['amend-plan', '2026-08-05'],
    ['amend-placement', '2026-07-15'],
    ['reconsider', '2026-07-15'],
  ])('to %s is carried out as if it were an order: by %s', (kind, dueBy) => {
    const told = tell(notice, agreed('2026-07-01', kind));
    expect(told.due('mediation.comply-appealable-issues')).toMatchObject({ dueBy, anchorOn: '2026-07-01' });
    expect(told.letters).toEqual(['dispute.mediation-agreement']);
    expect(told.position).toBe('agreed');
    // The family's right to appeal goes on meanwhile.
    expect(told.open).toContain('appeal.time-limit');
  });

  it('needs mediation to have been asked for', () => {
    expect(() => tell(lodged('2026-06-01'), agreed('2026-07-01', 'amend-plan'))).toThrow('refused');
  });

  // 24 003 140: agreed in October 2023 (the day is not published) to decide again by 10 November; the council wrote on the 17th.
  it('as published: to think again by a day of its own, and a week late', () => {
    const told = tell(
      asked('2023-10-02', 'refuse-to-assess'),
      agreed('2023-10-20', 'reconsider', { timescaleAgreedOn: '2023-11-10' }),
      ['decideAgain', '2023-11-17', { result: 'changed', reasons }],
    );
    const row = told.due('mediation.comply-appealable-issues');
    expect(row).toMatchObject({ dueBy: '2023-11-10', metOn: '2023-11-17' });
    expect(row !== undefined && isBreach(row, '2023-11-17')).toBe(true);
  });

  it('and an order after it each have their own clock', () => {
    const told = tell(
      notice,
      agreed('2026-07-01', 'amend-placement', { actions: [{ action: 'taxi', what: 'Arrange a taxi' }] }),
      issue('2026-07-20'),
      ['recordAppeal', '2026-08-10', {}],
      order('2026-12-07', 'amend-plan'),
    );
    expect(told.due('tribunal-order.amend-provision')).toMatchObject({ dueBy: '2027-01-11', anchorOn: '2026-12-07' });
    expect(told.due('mediation.comply-appealable-issues')).toMatchObject({ dueBy: '2026-07-15', metOn: '2026-07-20' });
    expect(told.due('mediation.comply-other-issues#taxi')).toMatchObject({ dueBy: '2026-07-15', metOn: null });
  });

  it('may have another day, in writing: reg 42(5); what else was agreed has its own', () => {
    const told = tell(
      notice,
      agreed('2026-07-01', 'amend-plan', {
        timescaleAgreedOn: '2026-09-04',
        actions: [
          { action: 'taxi', what: 'Arrange a taxi' },
          { action: 'visit', what: 'Visit the school', dueOn: '2026-09-11' },
        ],
      }),
      ['recordAgreedActionDone', '2026-07-16', { action: 'taxi' }],
    );
    expect(told.due('mediation.comply-appealable-issues')).toMatchObject({ dueBy: '2026-09-04' });
    expect(told.due('mediation.comply-other-issues#taxi')).toMatchObject({ dueBy: '2026-07-15', metOn: '2026-07-16' });
    expect(told.due('mediation.comply-other-issues#visit')).toMatchObject({ dueBy: '2026-09-11', metOn: null });
  });

  it('keeps the file open until the last action is done', () => {
    const lines: Line[] = [
      notice,
      agreed('2026-07-01', 'other', { actions: [{ action: 'taxi', what: 'Arrange a taxi' }] }),
    ];
    expect(tell(...lines).position).toBe('agreedOtherwise');
    expect(region(tell(...lines), 'file')).toBe('open');
    expect(region(tell(...lines, ['recordAgreedActionDone', '2026-07-10', { action: 'taxi' }]), 'file')).toBe('shut');
  });

  it('to assess goes on in the assessment', () => {
    expect(tell(asked('2026-06-01', 'refuse-to-assess'), agreed('2026-07-01', 'assess')).position).toBe(
      'goesOnElsewhere',
    );
  });

  it('takes no right to appeal away: an appeal after it runs its own course', () => {
    for (const kind of ['other', 'amend-plan']) {
      const told = tell(
        notice,
        agreed('2026-07-01', kind),
        ['recordAppeal', '2026-07-10', {}],
        ['recordAppealPapers', '2026-07-13', {}],
      );
      expect(told.position).toBe('appealed');
      expect(told.due('appeal.authority-response')).toMatchObject({ dueBy: '2026-09-22', metOn: null });
      expect(told.open).toHaveLength(kind === 'other' ? 2 : 3);
    }
  });

  it('beside a pending appeal is carried out while the appeal runs on', () => {
    const told = tell(
      notice,
      ['recordAppeal', '2026-06-22', {}],
      agreed('2026-07-01', 'amend-plan'),
      issue('2026-07-20'),
    );
    expect(told.position).toBe('appealed');
    expect(told.due('mediation.comply-appealable-issues')).toMatchObject({ metOn: '2026-07-20' });
    expect(region(told, 'file')).toBe('open');
  });
});

describe('recommendations on health and social care', () => {
  it('are answered within five weeks of being sent, each body for itself', () => {
    const lines: Line[] = [
      lodged('2026-02-02'),
      order('2026-06-01', 'dismissed'),
      ['recordRecommendation', '2026-06-02', { body: 'social-care', sentOn: '2026-06-01' }],
    ];
    const key = 'appeal.health-and-care-recommendations#social-care';
    expect(tell(...lines).due(key)).toMatchObject({ dueBy: '2026-07-06', metOn: null });
    expect(region(tell(...lines), 'file')).toBe('open');
    const told = story(
      workflow,
      [...lines, ['answerRecommendation', '2026-07-01', { body: 'social-care', following: 'no', reasons }]],
      { leaves: () => '2026-07-03' },
    );
    expect(told.due(key)).toMatchObject({ metOn: '2026-07-03' });
    expect(region(told, 'file')).toBe('shut');
    expect(() =>
      tell(...lines, ['answerRecommendation', '2026-07-01', { body: 'health', following: 'no', reasons }]),
    ).toThrow('refused');
  });
});

describe('endings and order', () => {
  const full: Line[] = [
    asked('2026-06-12', 'contents', '2026-06-10'),
    ['recordHealthIssues', '2026-06-12', {}],
    ['record:planMediation', '2026-06-15', { meetingOn: '2026-07-06', time: '10am', place: 'Library' }],
    ['recordMediationEnded', '2026-07-06', {}],
    ['recordMediationCertificate', '2026-07-08', {}],
    ['recordAppeal', '2026-07-15', {}],
    ['recordAppealPapers', '2026-07-20', {}],
    ['recordDirection', '2026-07-20', { step: 'e', kind: 'evidence', what: 'Evidence', dueOn: '2026-09-14' }],
    ['recordHearingFixed', '2026-07-20', { hearingOn: '2026-11-16' }],
    ['record:sendResponse', '2026-09-18', { opposed: 'yes', childsViews: 'Sam wants to stay' }],
    ['record:doDirection', '2026-09-14', { step: 'e' }],
    ['recordHearing', '2026-11-16', {}],
    order('2026-12-07', 'amend-plan'),
    ['record:issueAmendedPlan', '2027-01-08', { changesFOrI: true }],
  ];

  it('comes out the same in whatever order its facts are told', () => {
    const told = tell(...full.slice(0, 9), full[10] as Line, full[9] as Line, ...full.slice(11));
    const first = retold(workflow, told, (facts) => [...facts]);
    expect(first.unplaced).toEqual([]);
    expect(first.value).toEqual(told.value);
    for (const order of [
      (facts: readonly Told['facts'][number][]) => [...facts].reverse(),
      (facts: readonly Told['facts'][number][]) => [...facts.slice(7), ...facts.slice(0, 7)],
    ])
      expect(retold(workflow, told, order)).toEqual(first);
    expect(told.position).toBe('carriedOut');
    expect(region(told, 'file')).toBe('shut');
  });

  it.each(['notePlanEnded', 'noteMoveAway', 'recordDeath'])('%s leaves nothing open at any point', (ending) => {
    for (let length = 1; length <= full.length; length++) {
      const lines = [...full.slice(0, length)].sort((a, b) => (a[1] < b[1] ? -1 : 1));
      const told = tell(...lines, [`record:${ending}`, '2027-06-01', {}]);
      expect(told.open).toEqual([]);
      expect(told.position).toBe('ended');
    }
  });
});

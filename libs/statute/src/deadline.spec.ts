import fc from 'fast-check';
import { addDays, addMonths, daysBetween, formatDay, fromSerial, isDay, serialOf } from './day';
import { deadline, type Deadline, type DeadlineOptions, englandCalendars, isCannotCompute } from './deadline';
import type { Facts } from './facts';
import type { Term } from './calendar';
import { duties } from './register';
import { auditSampleSize, tighter, windowIsOver } from './windows';

function due(dutyId: string, facts: Facts, options: DeadlineOptions & { terms?: readonly Term[] } = {}): Deadline {
  const { terms, ...rest } = options;
  const answer = deadline(dutyId, facts, terms ? { ...englandCalendars, terms } : englandCalendars, rest);
  if (isCannotCompute(answer)) throw new Error(answer.why);
  return answer;
}

/** Dates worked in the law pack's guide, or published by the body named. */
describe('worked dates', () => {
  it.each<[string, string, Facts, string]>([
    ['6 weeks', 'assessment.decide-whether-to-assess', { requestReceived: '2026-11-02' }, '2026-12-14'],
    ['16 weeks', 'assessment.notify-no-plan', { requestReceived: '2026-11-02' }, '2027-02-22'],
    ['20 weeks', 'plan.issue-final', { requestReceived: '2026-11-02' }, '2027-03-22'],
    ['LGSCO 23 015 150, over Christmas', 'assessment.notify-no-plan', { requestReceived: '2023-10-04' }, '2024-01-24'],
    ['LGSCO, Bucks, over 29 February', 'plan.issue-final', { requestReceived: '2024-01-09' }, '2024-05-28'],
    [
      'A2: no exception, same six weeks',
      'assessment.notify-not-necessary-at-outset',
      { requestReceived: '2026-11-02' },
      '2026-12-14',
    ],
    ['from s.24 responsibility', 'plan.issue-final', { responsibilityBegan: '2026-11-02' }, '2027-03-22'],
    [
      'the earlier of both',
      'plan.issue-final',
      { responsibilityBegan: '2026-11-20', requestReceived: '2026-11-02' },
      '2027-03-22',
    ],
    [
      'reg 5(2) keeps step with reg 5(1)',
      'assessment.notify-others-of-decision',
      { requestReceived: '2026-11-02', assessmentDecided: '2026-12-01' },
      '2026-12-14',
    ],
    [
      'advice, from receipt',
      'assessment.advice-due',
      { adviceSought: '2026-11-09', adviceRequestReceived: '2026-11-12' },
      '2026-12-24',
    ],
    [
      'same time as the decision',
      'assessment.refusal-to-assess-notice',
      { requestReceived: '2026-11-02' },
      '2026-12-14',
    ],
    ['15 days, service counted', 'plan.representations-window', { draftPlanServed: '2027-03-01' }, '2027-03-15'],
    [
      'consultation, a target',
      'plan.school-consultation-response',
      { consultationReceived: '2027-03-01' },
      '2027-03-16',
    ],
    ['notice of review meeting', 'review.meeting-notice', { reviewMeetingPlanned: '2026-11-18' }, '2026-11-03'],
    ['review report', 'review.school-report', { reviewMeetingHeld: '2026-11-18' }, '2026-12-02'],
    ['review decision', 'review.decision-notified', { reviewMeetingHeld: '2026-11-18' }, '2026-12-16'],
    ['12 weeks, Devon', 'review.final-amended-plan-12-weeks', { reviewMeetingHeld: '2026-11-18' }, '2027-02-10'],
    ['sent + 8 weeks', 'amend.issue-final', { amendmentsSent: '2026-12-16' }, '2027-02-10'],
    ['LGSCO Hertfordshire', 'amend.issue-final', { amendmentsSent: '2021-05-14' }, '2021-07-09'],
    ['12 months, B4', 'review.every-12-months', { finalPlanIssued: '2027-05-04' }, '2028-05-03'],
    [
      '12 months from the last decision, B3',
      'review.every-12-months',
      { finalPlanIssued: '2025-05-04', reviewDecisionSent: '2026-05-20' },
      '2027-05-19',
    ],
    ['plan issued on 29 February', 'review.every-12-months', { finalPlanIssued: '2028-02-29' }, '2029-02-27'],
    ['before 15 February, B1', 'review.phase-transfer-15-february', { phaseTransferDue: '2027-09-01' }, '2027-02-14'],
    ['before 31 March, B1', 'review.phase-transfer-31-march', { phaseTransferDue: '2027-09-01' }, '2027-03-30'],
    ['5 months before', 'review.post-16-to-post-16', { phaseTransferDue: '2027-09-01' }, '2027-04-01'],
    ['re-assessment answered', 'reassess.decision-notified', { reassessmentRequested: '2026-11-02' }, '2026-11-17'],
    [
      '14 weeks from the notification',
      'reassess.issue-final',
      { decidedToReassess: '2026-11-10', reassessmentNotified: '2026-11-16' },
      '2027-02-22',
    ],
    ['14 weeks from own decision', 'reassess.issue-final', { decidedToReassess: '2026-11-10' }, '2027-02-16'],
    [
      'old authority, 15 working days',
      'transfer.old-authority-sends-plan',
      { becameAwareOfMove: '2026-11-02' },
      '2026-11-20',
    ],
    [
      'on the day of a move long known',
      'transfer.old-authority-sends-plan',
      { becameAwareOfMove: '2026-09-01', movedAway: '2026-11-02' },
      '2026-11-02',
    ],
    [
      'commissioner, move',
      'transfer.commissioner-notifies-commissioner',
      { commissionerChangeKnown: '2026-11-02' },
      '2026-11-20',
    ],
    [
      'commissioner, other cause',
      'transfer.commissioner-notifies-commissioner',
      { commissionerChangeWithinAreaKnown: '2026-11-02' },
      '2026-11-23',
    ],
    [
      'new authority tells the family',
      'transfer.new-authority-informs',
      { planTransferred: '2026-11-02' },
      '2026-12-14',
    ],
    [
      'new authority reviews, later of two',
      'transfer.new-authority-review',
      { planTransferred: '2026-11-02', planMadeOrReviewed: '2025-12-01' },
      '2027-02-01',
    ],
    [
      'new authority reviews, later of two',
      'transfer.new-authority-review',
      { planTransferred: '2026-11-02', planMadeOrReviewed: '2026-09-01' },
      '2027-08-31',
    ],
    ['mediation certificate', 'mediation.certificate-no-mediation', { mediationDeclined: '2026-12-23' }, '2026-12-30'],
    ['mediation held, C6', 'mediation.arrange', { mediationRequested: '2026-11-02' }, '2026-12-02'],
    ['mediation date notice', 'mediation.date-notice', { mediationPlanned: '2026-11-18' }, '2026-11-10'],
    [
      'contact the adviser: no August rule, C5',
      'mediation.contact-adviser',
      { decisionNoticeSent: '2026-06-10' },
      '2026-08-10',
    ],
    [
      'authority response over August',
      'appeal.authority-response',
      { appealPapersReceived: '2026-07-20' },
      '2026-09-29',
    ],
    ['LGSCO 25 012 582', 'tribunal-order.assess-final-plan', { mediationAgreed: '2025-01-14' }, '2025-04-22'],
    [
      'order made in August: not moved',
      'tribunal-order.amend-provision',
      { tribunalOrderMade: '2026-08-03' },
      '2026-09-07',
    ],
    ['order on placement', 'tribunal-order.amend-placement-only', { tribunalOrderMade: '2026-08-03' }, '2026-08-17'],
    [
      "reconsider: the order's own date",
      'tribunal-order.reconsider',
      { tribunalOrderMade: '2023-10-20', dateSetByOrder: '2023-11-10' },
      '2023-11-10',
    ],
    ['reg 45 as made', 'unopposed-appeal.as-made-version', { appealConceded: '2015-03-22' }, '2015-04-19'],
    ['reg 45 since', 'unopposed-appeal.assess-final-plan', { appealConceded: '2015-03-23' }, '2015-06-29'],
    ['Hertfordshire, C2', 'appeal.concession-without-order', { requestReceived: '2026-11-02' }, '2027-03-22'],
    [
      'section F from the issue',
      'plan.secure-special-educational-provision',
      { finalPlanIssued: '2019-05-01', amendedFinalPlanIssued: '2020-05-14' },
      '2020-05-14',
    ],
    ['first day notice', 'exclusion.section-104-notice', { exclusionBegan: '2026-11-02' }, '2026-11-02'],
    ['contact in 12 weeks', 'practice.contact-after-plan-issued', { finalPlanIssued: '2026-11-02' }, '2027-01-25'],
    ['first term, E1', 'practice.contact-after-phase-transfer', { startedAtNewSetting: '2026-09-03' }, '2026-12-31'],
    [
      'agreed in writing, reg 42(5)',
      'mediation.comply-other-issues',
      { mediationAgreed: '2026-11-02', timescaleAgreedInWriting: '2026-12-01' },
      '2026-12-01',
    ],
  ])('%s: %s %j by %s', (_source, dutyId, facts, dueBy) => {
    const answer = due(dutyId, facts);
    expect(answer.dueBy).toBe(dueBy);
    expect(answer.why.endsWith(answer.law)).toBe(true);
  });

  it('takes local policy from the day on which the authority took it up, and the law from its own', () => {
    const checked = (on: string, policyInForceFrom?: string) =>
      deadline('practice.contact-after-plan-issued', { finalPlanIssued: on }, englandCalendars, {
        ...(policyInForceFrom === undefined ? {} : { policyInForceFrom }),
      });
    expect(checked('2022-11-07')).toMatchObject({ cannotCompute: 'not in force' });
    expect(checked('2022-11-07', '2022-09-01')).toMatchObject({ dueBy: '2023-01-30' });
    expect(checked('2023-06-05', '2024-01-01')).toMatchObject({ cannotCompute: 'not in force' });
    expect(
      deadline('plan.issue-final', { requestReceived: '2026-11-02' }, englandCalendars, {
        policyInForceFrom: '2030-01-01',
      }),
    ).toMatchObject({ dueBy: '2027-03-22' });
  });

  it('says why in one sentence', () => {
    expect(due('plan.issue-final', { requestReceived: '2027-01-12' })).toEqual({
      dutyId: 'plan.issue-final',
      rule: 'plan.issue-final@2014-09-01',
      kind: 'statute',
      verified: true,
      anchor: { fact: 'requestReceived', on: '2027-01-12' },
      dueBy: '2027-06-01',
      bound: 'max',
      window: false,
      planBy: '2027-06-01',
      law: 'SEND Regs 2014 reg 13(2)',
      why: '20 weeks from 12 January 2027, when the request was received: SEND Regs 2014 reg 13(2)',
    });
  });

  it('plans to be done by the last working day, but leaves the statutory day where it is', () => {
    expect(due('plan.issue-final', { requestReceived: '2026-08-10' })).toMatchObject({
      dueBy: '2026-12-28',
      planBy: '2026-12-24',
    });
    // Past the bank holiday table the statutory day stands and nothing is planned.
    const far = due('plan.issue-final', { requestReceived: '2030-01-01' });
    expect(far.dueBy).toBe('2030-05-21');
    expect(far.planBy).toBeUndefined();
  });

  it('shows the contested day beside its own, B1 and B4', () => {
    expect(due('review.phase-transfer-15-february', { phaseTransferDue: '2027-09-01' }).contested).toBe('2027-02-15');
    expect(due('review.phase-transfer-31-march', { phaseTransferDue: '2027-09-01' }, { year: 2028 }).contested).toBe(
      '2028-03-31',
    );
    expect(due('review.every-12-months', { finalPlanIssued: '2027-05-04' }).contested).toBe('2028-05-04');
  });

  it('warns twelve months from the meeting, B3', () => {
    const facts = { reviewMeetingHeld: '2026-04-22', reviewDecisionSent: '2026-05-20' };
    expect(due('review.every-12-months', facts)).toMatchObject({ dueBy: '2027-05-19', amber: '2027-04-21' });
  });

  it('keeps schools out of breach of reg 8, A3', () => {
    const school = due('assessment.advice-due', { adviceRequestReceived: '2026-11-02' }, { owedBySetting: true });
    expect(school).toMatchObject({
      dueBy: '2026-12-14',
      kind: 'guidance',
      law: 'SEND Code of Practice 2015 paras 9.40-9.44',
    });
  });

  it('cites reg 42(2) where an agreement brings reg 44 in', () => {
    expect(due('tribunal-order.make-plan-final', { mediationAgreed: '2024-05-10' })).toMatchObject({
      dueBy: '2024-07-26',
      law: 'SEND Regs 2014 reg 42(2) applying reg 44(2)(c)(ii)',
    });
    const comply = due(
      'mediation.comply-appealable-issues',
      { mediationAgreed: '2024-05-10' },
      { as: 'tribunal-order.make-plan-final' },
    );
    expect(comply.dueBy).toBe('2024-07-26');
  });

  it('gives the milestones of a sample', () => {
    expect(due('practice.panel-audit-10-percent', { panelDecisionMade: '2026-08-31' }).milestones).toEqual([
      '2027-02-28', '2027-05-31', '2027-08-31',
    ]); // prettier-ignore
    expect([0, 1, 9, 10, 11, 101].map((cases) => auditSampleSize(cases))).toEqual([0, 1, 1, 1, 2, 11]);
  });

  it('takes the earlier of two limits side by side', () => {
    expect(tighter('2027-02-10', '2027-02-03')).toBe('2027-02-03');
    expect([tighter(null, '2027-02-03'), tighter('2027-02-03', null), tighter(null, null)]).toEqual([
      '2027-02-03',
      '2027-02-03',
      null,
    ]);
  });
});

describe('an appeal', () => {
  it.each<[Facts, DeadlineOptions, string, string]>([
    [{ decisionNoticeSent: '2026-06-10' }, {}, '2026-08-10', '2026-09-01'],
    [{ decisionNoticeSent: '2026-12-31' }, {}, '2027-02-28', '2027-03-01'],
    [{ decisionNoticeSent: '2024-10-01' }, { limb: 'notice' }, '2024-12-01', '2024-12-02'],
    [{ mediationCertificateIssued: '2026-03-01' }, { limb: 'certificate' }, '2026-04-01', '2026-04-01'],
    [{ mediationCertificateIssued: '2026-01-31' }, { limb: 'certificate' }, '2026-02-28', '2026-03-02'],
    [{ decisionNoticeSent: '2026-01-05', mediationCertificateIssued: '2026-03-01' }, {}, '2026-04-01', '2026-04-01'],
    [{ decisionNoticeSent: '2026-01-05', mediationCertificateIssued: '2026-01-12' }, {}, '2026-03-05', '2026-03-05'],
    [{ decisionNoticeSent: '2026-10-26' }, {}, '2026-12-26', '2027-01-04'],
  ])('%j %j: %s, in time until %s', (facts, options, dueBy, inTimeUntil) =>
    expect(due('appeal.time-limit', facts, options)).toMatchObject({ dueBy, inTimeUntil }),
  );

  it('keeps the plan in force meanwhile', () => {
    const sent = { decisionNoticeSent: '2026-06-10' };
    expect(windowIsOver('cease.plan-continues-pending-appeal', '2026-09-01', sent)).toBe(false);
    expect(windowIsOver('cease.plan-continues-pending-appeal', '2026-09-02', sent)).toBe(true);
    const appealed = { ...sent, appealLodged: '2026-08-01' };
    expect(windowIsOver('cease.plan-continues-pending-appeal', '2027-09-02', appealed)).toBe(false);
    expect(
      windowIsOver('cease.plan-continues-pending-appeal', '2027-09-02', {
        ...appealed,
        appealDetermined: '2027-02-01',
      }),
    ).toBe(true);
  });
});

describe('school days', () => {
  const terms: Term[] = [
    { from: '2026-09-02', to: '2026-10-23' },
    { from: '2026-11-02', to: '2026-12-18' },
    { from: '2027-01-04', to: '2027-02-12' },
  ];

  it.each<[string, Facts, string]>([
    ['exclusion.board-permanent', { boardNotified: '2026-10-19' }, '2026-11-16'],
    ['exclusion.irp-application', { boardDecisionNoticeGiven: '2026-12-11' }, '2027-01-15'],
    ['exclusion.sixth-day-permanent', { exclusionBegan: '2026-10-21' }, '2026-11-04'],
    ['exclusion.sixth-day-suspension', { exclusionBegan: '2026-09-07' }, '2026-09-14'],
    ['offsite-direction.power', { offsiteDirectionStarts: '2026-11-03' }, '2026-10-23'],
  ])('%s %j: %s', (dutyId, facts, dueBy) => expect(due(dutyId, facts, { terms }).dueBy).toBe(dueBy));

  it('flags "without delay" at the next school day, D1', () => {
    expect(due('exclusion.notify-parent-without-delay', { exclusionDecided: '2026-10-23' }, { terms })).toMatchObject({
      dueBy: '2026-10-23',
      amber: '2026-11-02',
    });
  });

  it('has no date for what is a total', () => {
    expect(due('exclusion.annual-limit-45', { exclusionBegan: '2026-10-21' }, { terms }).dueBy).toBeNull();
  });
});

describe('no date', () => {
  it.each<[string, Facts, string]>([
    ['nonsense', {}, 'unknown duty'],
    ['plan.issue-final', {}, 'fact missing'],
    ['plan.issue-final', { requestReceived: '2027-02-29' }, 'not a date'],
    ['plan.issue-final', { requestReceived: '1995-12-31' }, 'not a date'],
    ['plan.issue-final', { requestReceived: '2014-08-31' }, 'not in force'],
    ['unopposed-appeal.assess-notify', { appealConceded: '2015-03-22' }, 'not in force'],
    ['review.phase-transfer-15-february', { phaseTransferDue: '2014-09-01' }, 'not in force'],
    ['exclusion.board-permanent', { boardNotified: '2026-10-19' }, 'calendar missing'],
    ['appeal.authority-response', { appealPapersReceived: '2028-12-01' }, 'calendar missing'],
    ['cease.plan-continues-pending-appeal', { decisionNoticeSent: '2028-12-01' }, 'calendar missing'],
    ['mediation.comply-appealable-issues', { mediationAgreed: '2026-11-02' }, 'choice missing'],
    ['reform.consent-to-withdraw-for-home-education', { withdrawalIntended: '2026-11-02' }, 'not in force'],
    ['identification.identify-children-with-sen', {}, 'fact missing'],
  ])('%s %j: %s', (dutyId, facts, reason) => expect(deadline(dutyId, facts)).toMatchObject({ cannotCompute: reason }));
});

describe('windowIsOver', () => {
  it('keeps the fifteen days for the family, the day of service counted', () => {
    const served = { draftPlanServed: '2027-03-01' };
    expect(windowIsOver('plan.representations-window', '2027-03-15', served)).toBe(false);
    expect(windowIsOver('plan.representations-window', '2027-03-16', served)).toBe(true);
    expect(windowIsOver('amend.representations-window', '2027-01-18', { amendmentsServed: '2027-01-04' })).toBe(false);
    expect(windowIsOver('amend.representations-window', '2027-01-19', { amendmentsServed: '2027-01-04' })).toBe(true);
  });

  it('is bound by a later day that a letter promised', () => {
    const served = { draftPlanServed: '2027-03-01' };
    expect(windowIsOver('plan.representations-window', '2027-03-16', served, { promisedUntil: '2027-03-16' })).toBe(
      false,
    );
    expect(windowIsOver('plan.representations-window', '2027-03-17', served, { promisedUntil: '2027-03-16' })).toBe(
      true,
    );
    expect(windowIsOver('plan.representations-window', '2027-03-15', served, { promisedUntil: '2027-03-01' })).toBe(
      false,
    );
  });

  it('is not over before it began', () => {
    expect(windowIsOver('plan.representations-window', '2027-03-16', {})).toBe(false);
    expect(windowIsOver('cease.consult-first', '2027-03-16', {})).toBe(false);
    expect(windowIsOver('cease.consult-first', '2027-03-16', { ceasingConsidered: '2027-03-16' })).toBe(true);
  });
});

describe('any duty on any day', () => {
  const days = fc.integer({ min: serialOf(2014, 9, 1), max: serialOf(2028, 6, 30) }).map(fromSerial);
  const every = fc.constantFrom(...duties.filter(({ from }) => from !== null));

  it('has a date with its working, or a reason; the same each time; with explanations or without', () => {
    fc.assert(
      fc.property(every, days, (duty, on) => {
        const fact = [duty.from ?? []].flat()[0] ?? '';
        const answer = deadline(duty.id, { [fact]: on });
        expect(deadline(duty.id, { [fact]: on })).toEqual(answer);
        if (isCannotCompute(answer)) return expect(answer.why).not.toBe('');
        expect(answer.dueBy === null || isDay(answer.dueBy)).toBe(true);
        expect(answer.why.endsWith(answer.law)).toBe(true);
        expect(answer.why).not.toContain('undefined');
        const quick = deadline(duty.id, { [fact]: on }, englandCalendars, { explain: false });
        expect({ ...quick, why: answer.why, planBy: answer.planBy }).toEqual({ ...answer, planBy: answer.planBy });
      }),
      { numRuns: 1500 },
    );
  });

  it('weeks run from the event, its day not counted, across holidays and changes of the clock', () => {
    fc.assert(
      fc.property(days, (on) => {
        expect(daysBetween(on, due('plan.issue-final', { requestReceived: on }).dueBy ?? '')).toBe(140);
        expect(due('plan.representations-window', { draftPlanServed: on }).dueBy).toBe(addDays(on, 14));
        expect(due('mediation.contact-adviser', { decisionNoticeSent: on }).dueBy).toBe(addMonths(on, 2));
        expect(due('plan.issue-final', { requestReceived: on }).why).toContain(formatDay(on));
      }),
      { numRuns: 500 },
    );
  });

  it('a later event is never due earlier', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('plan.issue-final', 'appeal.time-limit', 'review.every-12-months', 'appeal.authority-response'),
        days,
        days,
        (id, a, b) => {
          const fact = [duties.find((duty) => duty.id === id)?.from ?? []].flat()[0] ?? '';
          const [first, second] = [a, b].sort();
          const one = deadline(id, { [fact]: first ?? a });
          const two = deadline(id, { [fact]: second ?? b });
          if (isCannotCompute(one) || isCannotCompute(two)) return;
          expect((one.dueBy ?? '') <= (two.dueBy ?? '')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '@send/database';
import { openTestDatabase, type TestDatabase } from '../../../test/database';
import type { PublishedEvent } from './published-facts';
import { type Finding, replayTimeline } from './replay';

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

type Line = readonly [date: string, fact: string, parameters?: Partial<PublishedEvent>];

const replayed = (asOf: string, ...lines: readonly Line[]) =>
  replayTimeline(db.database, {
    id: 'invented',
    asOf,
    events: lines.map(([date, fact, parameters = {}]) => ({ date, fact, ...parameters })),
  });

const of = (findings: readonly Finding[], duty: string) =>
  findings.filter((one) => one.duty === duty).map(({ due, metOn, breached }) => ({ due, metOn, breached }));

describe('a published history', () => {
  it('is seen as of its own day, which need not be past; the due date itself is in time', async () => {
    const lines: Line[] = [
      ['2026-11-02', 'requestReceived'],
      ['2027-03-30', 'finalPlanIssued'],
    ];
    expect(of((await replayed('2027-04-30', ...lines)).findings, 'plan.issue-final')).toEqual([
      { due: '2027-03-22', metOn: '2027-03-30', breached: true },
    ]);
    expect(of((await replayed('2027-03-22', ...lines)).findings, 'plan.issue-final')).toEqual([
      { due: '2027-03-22', metOn: null, breached: false },
    ]);
  });

  it('a request after the first was refused is a case of its own; what was late stays late', async () => {
    const { findings } = await replayed(
      '2025-06-30',
      ['2023-01-09', 'requestReceived'],
      ['2023-03-01', 'decidedNotToAssess'],
      ['2024-01-08', 'requestReceived'],
      ['2024-02-01', 'decidedToAssess'],
      ['2024-06-20', 'finalPlanIssued'],
    );
    expect(of(findings, 'assessment.decide-whether-to-assess')).toEqual([
      { due: '2023-02-20', metOn: '2023-03-01', breached: true },
      { due: '2024-02-19', metOn: '2024-02-01', breached: false },
    ]);
    expect(of(findings, 'plan.issue-final')).toEqual([
      { due: '2023-05-29', metOn: null, breached: false },
      { due: '2024-05-27', metOn: '2024-06-20', breached: true },
    ]);
  });

  it('times what mediation agreed from the agreement, and finds nothing late that a refusal had ended', async () => {
    const { findings } = await replayed(
      '2025-12-01',
      ['2024-01-08', 'requestReceived'],
      ['2024-04-29', 'decidedNotToIssue'],
      ['2024-09-02', 'mediationAgreed', { agreed: 'make-plan' }],
      ['2024-10-20', 'draftPlanSent'],
      ['2024-11-18', 'finalPlanIssued'],
    );
    expect(of(findings, 'assessment.notify-no-plan')).toEqual([
      { due: '2024-04-29', metOn: '2024-04-29', breached: false },
    ]);
    expect(of(findings, 'tribunal-order.make-plan-draft')[0]).toMatchObject({ due: '2024-10-07', breached: true });
    expect(of(findings, 'tribunal-order.make-plan-final')[0]).toMatchObject({ due: '2024-11-18', breached: false });
    expect(of(findings, 'plan.issue-final')[0]).toMatchObject({ breached: false });
  });

  it('takes advice from somebody named for what was asked of somebody unnamed', async () => {
    const { findings } = await replayed(
      '2024-12-01',
      ['2024-01-08', 'requestReceived'],
      ['2024-02-15', 'adviceSought'],
      ['2024-03-10', 'adviceReceived', { adviser: 'educational psychologist' }],
    );
    expect(of(findings, 'assessment.advice-due')).toEqual([
      { due: '2024-03-28', metOn: '2024-03-10', breached: false },
    ]);
  });

  it('names what no process of ours knows', async () => {
    const { notSupported } = await replayed(
      '2025-01-01',
      ['2024-03-04', 'holidayBooked'],
      ['2024-06-04', 'noLegalEffect'],
    );
    expect(notSupported).toEqual(['holidayBooked']);
  });

  it('follows a plan into its reviews, and a review into the next', async () => {
    const { findings, notSupported } = await replayed(
      '2025-09-30',
      ['2023-06-01', 'finalPlanIssued'],
      ['2024-05-20', 'reviewMeetingHeld'],
      ['2024-06-20', 'reviewDecisionSent', { outcome: 'amend', amendments: 'not-enclosed' }],
      ['2024-07-01', 'amendmentNoticeSent'],
      ['2024-08-30', 'amendedFinalPlanIssued'],
    );
    expect(notSupported).toEqual([]);
    // 31 May is the eve of the anniversary (README B4); the next year counts from the decision (B3).
    expect(of(findings, 'review.every-12-months')).toEqual([
      { due: '2024-05-31', metOn: '2024-06-20', breached: true },
      { due: '2025-06-19', metOn: null, breached: true },
    ]);
    expect(of(findings, 'review.decision-notified')).toEqual([
      { due: '2024-06-17', metOn: '2024-06-20', breached: true },
    ]);
    expect(of(findings, 'review.decision-to-amend-carries-amendments')).toEqual([
      { due: '2024-06-17', metOn: '2024-07-01', breached: true },
    ]);
    expect(of(findings, 'amend.issue-final')).toEqual([{ due: '2024-08-26', metOn: '2024-08-30', breached: true }]);
    expect(of(findings, 'review.final-amended-plan-12-weeks')).toEqual([
      { due: '2024-08-12', metOn: '2024-08-30', breached: true },
    ]);
  });

  it('takes a standing fact without a day of its own, and finds the plan that came after 15 February late', async () => {
    const { findings } = await replayTimeline(db.database, {
      id: 'invented',
      asOf: '2024-06-30',
      events: [
        { date: null, fact: 'phaseTransferDue', year: 2024, phase: 'primary-to-secondary' },
        { date: '2023-11-20', fact: 'reviewMeetingHeld' },
        { date: '2024-01-10', fact: 'reviewDecisionSent', outcome: 'amend', amendments: 'enclosed' },
        { date: '2024-03-01', fact: 'amendedFinalPlanIssued' },
      ],
    });
    expect(of(findings, 'review.phase-transfer-15-february')).toEqual([
      { due: '2024-02-14', metOn: '2024-03-01', breached: true },
    ]);
  });

  it('times a reassessment from its notice', async () => {
    const { findings } = await replayed(
      '2025-06-30',
      ['2024-01-08', 'reassessmentRequested', { byWhom: 'parent' }],
      ['2024-02-01', 'decidedToReassess'],
      ['2024-06-01', 'draftPlanSent'],
      ['2024-07-20', 'finalPlanIssued'],
    );
    expect(of(findings, 'reassess.decision-notified')).toEqual([
      { due: '2024-01-23', metOn: '2024-02-01', breached: true },
    ]);
    expect(of(findings, 'reassess.issue-final')).toEqual([{ due: '2024-05-09', metOn: '2024-07-20', breached: true }]);
  });

  it('takes an order to the process that carries it out', async () => {
    const refused = await replayed(
      '2025-06-30',
      ['2023-01-09', 'requestReceived'],
      ['2023-02-01', 'decidedNotToAssess'],
      ['2023-03-04', 'appealLodged'],
      ['2023-06-04', 'tribunalOrderMade', { order: 'assess' }],
      ['2023-06-14', 'decidedToAssess'],
      ['2023-08-04', 'finalPlanIssued'],
    );
    expect(of(refused.findings, 'tribunal-order.assess-notify')).toEqual([
      { due: '2023-06-18', metOn: '2023-06-14', breached: false },
    ]);
    expect(of(refused.findings, 'tribunal-order.assess-final-plan')).toEqual([
      { due: '2023-09-10', metOn: '2023-08-04', breached: false },
    ]);
    const placed = await replayed(
      '2025-06-30',
      ['2023-06-01', 'finalPlanIssued'],
      ['2023-08-04', 'appealLodged'],
      ['2024-01-04', 'tribunalOrderMade', { order: 'amend-placement' }],
      ['2024-02-04', 'amendedFinalPlanIssued'],
    );
    expect(of(placed.findings, 'tribunal-order.amend-placement-only')).toEqual([
      { due: '2024-01-18', metOn: '2024-02-04', breached: true },
    ]);
  });

  it('reviews the plan of a family that moved in by the later of its own year and three months', async () => {
    const { findings } = await replayed(
      '2025-06-30',
      ['2023-06-01', 'finalPlanIssued'],
      ['2024-03-04', 'movedIntoArea'],
      ['2024-09-04', 'reviewMeetingHeld'],
      ['2024-12-04', 'reviewDecisionSent', { outcome: 'keep' }],
    );
    expect(of(findings, 'transfer.new-authority-informs')).toEqual([
      { due: '2024-04-15', metOn: null, breached: true },
    ]);
    expect(of(findings, 'transfer.new-authority-review')).toEqual([
      { due: '2024-06-03', metOn: '2024-12-04', breached: true },
    ]);
  });

  it('ends the wait of a review with the decision to end the plan, which an order to keep it undoes', async () => {
    const { findings } = await replayed(
      '2024-12-31',
      ['2024-03-04', 'reviewMeetingHeld'],
      ['2024-05-04', 'reviewDecisionSent', { outcome: 'cease' }],
      ['2024-06-04', 'appealLodged'],
      ['2024-09-04', 'tribunalOrderMade', { order: 'continue' }],
    );
    expect(of(findings, 'review.decision-notified')).toEqual([
      { due: '2024-04-01', metOn: '2024-05-04', breached: true },
    ]);
    expect(of(findings, 'tribunal-order.continue-plan')).toEqual([
      { due: '2024-09-04', metOn: '2024-09-04', breached: false },
    ]);
  });
});

const published = join(projectFolder(), '../shared/law/worked-timelines.json');

(existsSync(published) ? describe : describe.skip)('the published histories', () => {
  interface Published {
    id: string;
    asOf: string;
    events: PublishedEvent[];
    findings: {
      duty: string;
      due: string | null;
      computedDue: string | null;
      breached: boolean | null;
      comparable: boolean;
      breachComparable: boolean;
    }[];
  }
  const timelines = existsSync(published) ? (JSON.parse(readFileSync(published, 'utf8')) as Published[]) : [];

  it.each(timelines.map((one) => [one.id, one] as const))('%s comes out as its source found', async (_, timeline) => {
    const { findings, notSupported, error } = await replayTimeline(db.database, timeline);
    expect({ notSupported, error }).toEqual({ notSupported: [], error: undefined });
    for (const { duty, due, computedDue, breached, comparable, breachComparable } of timeline.findings)
      if (comparable || breachComparable)
        expect(of(findings, duty)).toContainEqual(
          expect.objectContaining({ due: comparable ? due : computedDue, breached }),
        );
  });
});

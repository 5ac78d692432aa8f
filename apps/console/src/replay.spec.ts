import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

  it('names what belongs to a process that is not built', async () => {
    const { findings, notSupported } = await replayed(
      '2025-01-01',
      ['2023-09-04', 'requestReceived'],
      ['2024-01-20', 'finalPlanIssued'],
      ['2024-03-04', 'reviewMeetingHeld'],
      ['2024-04-04', 'appealConceded'],
      ['2024-05-04', 'tribunalOrderMade', { order: 'amend-plan' }],
      ['2024-06-04', 'noLegalEffect'],
    );
    expect(notSupported).toEqual(['reviewMeetingHeld', 'appealConceded', 'tribunalOrderMade']);
    expect(of(findings, 'plan.issue-final')).toEqual([{ due: '2024-01-22', metOn: '2024-01-20', breached: false }]);
  });
});

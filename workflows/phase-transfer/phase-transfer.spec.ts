import { describe, expect, it } from '@jest/globals';
import {
  deadlines,
  type Fact,
  fold,
  isBreach,
  isLate,
  type Payload,
  positionOf,
  start,
  step,
} from '@send/workflow-kit';
import { phaseTransferWorkflow } from '../index';
import type { PhaseTransferContext } from './phase-transfer.workflow';

type Told = readonly [on: string, type: string, payload?: Payload, door?: 'act' | 'record'];

const asFact = ([on, type, payload = {}, door = 'record']: Told, index: number): Fact => ({
  id: `f${index}`,
  type,
  on,
  door,
  by: 'somebody',
  seq: index + 1,
  payload,
});

function story(...told: readonly Told[]) {
  const { place, unplaced } = fold(phaseTransferWorkflow, told.map(asFact));
  const rows = deadlines(place);
  return {
    unplaced,
    position: positionOf(phaseTransferWorkflow, place),
    limit: (place.value as Record<string, string>)['limit'],
    move: (place.context as PhaseTransferContext).move,
    rows,
    due: (duty: string) => rows.find(({ key }) => key === duty),
    open: rows.filter(({ metOn, endedOn }) => metOn === null && endedOn === null).map(({ duty }) => duty),
  };
}

const old = 'the-primary';
const next = 'the-secondary';
const starts = (year: number, phase: string, more: Payload = {}, on = `${year - 1}-09-14`): Told => [
  on,
  'phaseTransferDue',
  { year, phase, leaves: old, ...more },
];
const amended = (on: string, payload: Payload = { setting: next }): Told => [on, 'amendedFinalPlanIssued', payload];

const february = 'review.phase-transfer-15-february';
const march = 'review.phase-transfer-31-march';
const after16 = 'review.post-16-to-post-16';

describe('the day of each move', () => {
  it.each([
    ['early-years-to-school', 2027, february, '2027-02-14'],
    ['infant-to-junior', 2027, february, '2027-02-14'],
    ['primary-to-middle', 2027, february, '2027-02-14'],
    ['primary-to-secondary', 2027, february, '2027-02-14'],
    ['middle-to-secondary', 2027, february, '2027-02-14'],
    ['secondary-to-post-16', 2027, march, '2027-03-30'],
    ['secondary-to-post-16', 2016, march, '2016-03-30'],
    ['secondary-to-post-16', 2015, 'review.phase-transfer-2015-transitional', '2015-05-30'],
    ['primary-to-secondary', 2015, february, '2015-02-14'],
    ['post-16', 2027, after16, '2027-04-01'],
  ])('%s in %i: %s by %s', (phase, year, duty, dueBy) => {
    const told = story(starts(year, phase));
    expect(told.due(duty)).toMatchObject({ dueBy, metOn: null, kind: 'statute' });
    expect(told.rows.filter(({ kind }) => kind === 'statute')).toHaveLength(1);
  });

  it('of a move after 16 counts five months back from the day of the move', () => {
    expect(story(starts(2027, 'post-16', { movesOn: '2027-01-11' })).due(after16)?.dueBy).toBe('2026-08-11');
    expect(story(starts(2027, 'post-16', { movesOn: '2027-07-31' })).due(after16)?.dueBy).toBe('2027-02-28');
    // The law has one day for everybody else, whatever the day of the move.
    expect(story(starts(2027, 'primary-to-secondary', { movesOn: '2027-01-11' })).due(february)?.dueBy).toBe(
      '2027-02-14',
    );
  });

  it.each([
    ['primary-to-secondary', '2026-11-08', '2026-11-22', '2026-12-20', '2027-01-03'],
    ['secondary-to-post-16', '2026-12-22', '2027-01-05', '2027-02-02', '2027-02-16'],
  ])('%s is planned back: preference, meeting, amendments, consultation', (phase, ...days) => {
    const told = story(starts(2027, phase));
    const targets = ['preference', 'meeting', 'draft', 'consultation'].map((step) =>
      told.due(`practice.phase-transfer-${step}`),
    );
    expect(targets.map((one) => one?.dueBy)).toEqual(days);
    expect(targets.map((one) => one?.kind)).toEqual(['policy', 'policy', 'policy', 'policy']);
    // What is missed here is a local target, never a breach of the law.
    expect(targets.map((one) => one !== undefined && isLate(one, '2027-06-01'))).toEqual([true, true, true, true]);
    expect(targets.map((one) => one !== undefined && isBreach(one, '2027-06-01'))).toEqual(Array(4).fill(false));
  });
});

describe('published histories', () => {
  it.each([
    ['Peterborough 2017: the rest done by 21 March', 'primary-to-secondary', 2017, '2017-03-21', february, true],
    ['Peterborough 2017: 87% out in time', 'primary-to-secondary', 2017, '2017-02-14', february, false],
    ['LGSCO 22 000 993, Suffolk: not by 31 March 2021', 'secondary-to-post-16', 2021, null, march, true],
    ['LGSCO 25 004 399, Staffordshire: not by 31 March 2025', 'secondary-to-post-16', 2025, null, march, true],
    // B1: councils publish the 15th itself; the regulation says before it.
    ['sent on 15 February 2027 itself', 'primary-to-secondary', 2027, '2027-02-15', february, true],
    ['sent on 30 March 2027', 'secondary-to-post-16', 2027, '2027-03-30', march, false],
  ])('%s', (_, phase, year, sentOn, duty, breached) => {
    const told = story(starts(year, phase), ...(sentOn === null ? [] : [amended(sentOn)]));
    const row = told.due(duty);
    expect(row?.metOn).toBe(sentOn);
    expect(row !== undefined && isBreach(row, `${year}-08-31`)).toBe(breached);
  });
});

describe('the plan names the next setting', () => {
  const begun = starts(2027, 'primary-to-secondary');

  it('or its type; the setting being left is not the next one', () => {
    expect(story(begun, amended('2027-02-10')).due(february)?.metOn).toBe('2027-02-10');
    expect(story(begun, amended('2027-02-10', { type: 'A mainstream secondary school' })).position).toBe('named');
    for (const payload of [{}, { setting: old }, { setting: old, type: 'A mainstream primary school' }]) {
      const told = story(begun, amended('2027-02-10', payload));
      expect(told.due(february)?.metOn).toBeNull();
      expect(told).toMatchObject({ position: 'preparing', unplaced: [], move: { reviewed: 'amended' } });
    }
  });

  it('a plan that was kept meets nothing until somebody has confirmed that it names the next setting', () => {
    const kept: Told = ['2026-12-01', 'planKept'];
    expect(story(begun, kept).due(february)?.metOn).toBeNull();
    expect(story(begun, ['2026-12-01', 'planKept', { namesNext: true }]).due(february)?.metOn).toBe('2026-12-01');
    const confirmed = story(begun, kept, ['2026-12-04', 'nextSettingNamed', { setting: next }]);
    expect(confirmed).toMatchObject({ position: 'named', limit: 'met', open: [] });
    expect(confirmed.due(february)?.metOn).toBe('2026-12-04');
  });

  it('is confirmed by us only after the review; on record it is taken as it was', () => {
    const { place } = fold(phaseTransferWorkflow, [asFact(begun, 0)]);
    const named = asFact(['2026-10-01', 'nextSettingNamed', { setting: next }, 'act'], 1);
    expect(step(phaseTransferWorkflow, place, named, true).placed).toBe(false);
    expect(step(phaseTransferWorkflow, place, { ...named, door: 'record' }).placed).toBe(true);
  });

  it('ends the steps that were still to come; what was late stays late', () => {
    const told = story(begun, amended('2026-12-01'));
    expect(told.open).toEqual([]);
    expect(told.due('practice.phase-transfer-meeting')).toMatchObject({ metOn: null, endedOn: '2026-12-01' });
  });
});

describe('the whole move', () => {
  const whole: Told[] = [
    starts(2027, 'primary-to-secondary'),
    ['2026-10-05', 'preferenceReceived', { setting: next, words: 'Near her brother' }],
    ['2026-11-12', 'reviewMeetingHeld'],
    ['2026-12-07', 'amendmentsSent'],
    ['2027-01-04', 'settingConsulted', { setting: next }],
    ['2027-01-04', 'settingConsulted', { setting: 'another' }],
    amended('2027-02-10'),
    ['2027-09-02', 'startedAtNewSetting', { setting: next }],
  ];

  it('goes from the first letter to the first day', () => {
    const told = story(...whole);
    expect(told).toMatchObject({ position: 'moved', limit: 'met', open: [], unplaced: [] });
    expect(told.rows.filter((row) => isLate(row, '2027-09-30')).map(({ duty }) => duty)).toEqual([
      'practice.phase-transfer-consultation',
    ]);
    expect(told.move).toMatchObject({
      preferred: { setting: next },
      meetingOn: '2026-11-12',
      consulted: [next, 'another'],
      named: { setting: next },
      startedAt: next,
    });
  });

  it('comes out the same in whatever order its facts are told', () => {
    expect(story(...[...whole].reverse()).rows).toEqual(story(...whole).rows);
  });

  it('takes what was done before anybody started it here', () => {
    const told = story(['2026-09-10', 'reviewMeetingHeld'], ['2026-09-11', 'preferenceReceived'], ...whole.slice(0, 1));
    expect(told).toMatchObject({ position: 'preparing', unplaced: [] });
    expect(told.open).not.toContain('practice.phase-transfer-meeting');
    const named = story(amended('2026-09-10'), ...whole.slice(0, 1));
    expect(named).toMatchObject({ position: 'named', unplaced: [], open: [] });
  });

  it('a child who has moved is owed the plan still', () => {
    const told = story(whole[0] as Told, ['2027-09-02', 'startedAtNewSetting', { setting: next }]);
    expect(told).toMatchObject({ position: 'movedBeforePlan', limit: 'by15February' });
    expect(told.open).toContain(february);
    const late = story(whole[0] as Told, ['2027-09-02', 'startedAtNewSetting'], amended('2027-10-01'));
    expect(late).toMatchObject({ position: 'moved', open: [] });
    expect(late.due(february)?.metOn).toBe('2027-10-01');
  });

  it.each(['planEnded', 'movedAway', 'childDied', 'transferCalledOff'])('owes nothing after %s', (ending) => {
    for (const upTo of [1, 3, 7]) {
      const told = story(...whole.slice(0, upTo), ['2027-03-01', ending, {}]);
      expect(told).toMatchObject({ open: [], unplaced: [] });
      expect(told.due(february)?.metOn ?? told.due(february)?.endedOn).toBe(upTo === 7 ? '2027-02-10' : '2027-03-01');
    }
  });
});

describe('the first letter', () => {
  it.each([
    ['primary-to-secondary', 'review.phase-start'],
    ['post-16', 'review.phase-post16'],
  ])('of %s is %s, and no duty hangs on it', (phase, letter) => {
    const begun = asFact(['2026-09-14', 'phaseTransferDue', { year: 2027, phase }, 'act'], 0);
    const told = step(phaseTransferWorkflow, start(phaseTransferWorkflow), begun, true);
    expect(told.effects).toMatchObject([{ kind: 'letter', letter, to: 'parent-or-young-person' }]);
    expect(Object.values(told.place.context.awaiting)).toMatchObject([{ letter, meets: [] }]);
  });
});

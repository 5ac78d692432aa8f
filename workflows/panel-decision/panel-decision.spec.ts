import { describe, expect, it } from '@jest/globals';
import {
  deadlines,
  type Door,
  type Fact,
  fold,
  isClosed,
  type Payload,
  type Place,
  positionOf,
  start,
  step,
} from '@send/workflow-kit';
import { panelDecisionWorkflow } from '../index';
import type { PanelContext } from './panel-decision.workflow';

type Told = readonly [on: string, type: string, payload?: Payload, by?: string];

const toFact =
  (door: Door) =>
  ([on, type, payload = {}, by = 'chair']: Told, index: number): Fact => ({
    id: `f${index}`,
    type,
    on,
    door,
    by,
    seq: index + 1,
    payload,
  });

const read = (place: Place) => ({
  position: positionOf(panelDecisionWorkflow, place),
  value: place.value as Record<string, string>,
  item: (place.context as PanelContext).item,
  closed: isClosed(panelDecisionWorkflow, place),
  due: (duty: string) => deadlines(place).find(({ key }) => key === duty),
  place,
});

/** As put on record afterwards, in any order. */
function story(...told: readonly Told[]) {
  const { place, unplaced } = fold(panelDecisionWorkflow, told.map(toFact('record')));
  return { ...read(place), unplaced };
}

/** As done, one after the other, guards asked; each letter leaves at once to one reader. */
function done(...told: readonly Told[]) {
  let place = start(panelDecisionWorkflow);
  const letters: string[] = [];
  for (const [index, one] of told.entries()) {
    const next = step(panelDecisionWorkflow, place, toFact('act')(one, index), true);
    if (!next.placed) return { ...read(place), letters, refused: one[1] };
    place = next.place;
    for (const effect of next.effects) {
      if (effect.kind !== 'letter') continue;
      letters.push(effect.letter);
      place = step(panelDecisionWorkflow, place, {
        ...toFact('record')([one[0], 'letterSent', { group: effect.group, recipient: 'one', servedOn: one[0] }], 90),
        id: `${index}-sent`,
      }).place;
    }
  }
  return { ...read(place), letters, refused: undefined };
}

const audit = 'practice.panel-audit-10-percent';
const referred: Told = [
  '2026-11-03',
  'panelReferred',
  { panel: 'sa', question: 'Should we assess?', legalTest: 'CFA s 36(8)', fromRun: 'r1' },
];
const listed: Told = ['2026-11-04', 'putOnAgenda', { sitting: 's1', meetsOn: '2026-11-18' }];
const test: Payload = { legalTest: 'CFA s 36(8)', criteriaVersion: '2026-1', reasons: ['She cannot read yet.'] };
const agreed: Told = ['2026-11-18', 'panelRecommended', { ...test, recommendation: 'agree' }];
const signed: Told = ['2026-11-19', 'panelDecisionMade', { ...test, decision: 'agree' }, 'senior'];
const deferred: Told = [
  '2026-11-18',
  'panelRecommended',
  {
    ...test,
    recommendation: 'defer',
    missing: ['The school’s record of help'],
    missingFrom: 'The school',
    replyBy: '2026-11-27',
    nextMeetsOn: '2026-12-02',
  },
];

describe('a case before a panel', () => {
  it('is referred, listed, heard, recommended on, and decided by somebody else', () => {
    const all = done(referred, listed, ['2026-11-18', 'panelHeard'], agreed, signed);
    expect(all.refused).toBeUndefined();
    expect(all.value).toEqual({ path: 'decided', audit: 'awaited' });
    expect(all.item).toMatchObject({
      panel: 'sa',
      fromRun: 'r1',
      sitting: 's1',
      listed: 1,
      recommendation: 'agree',
      recommendedBy: 'chair',
      decision: 'agree',
      decidedBy: 'senior',
    });
    expect(all.letters).toEqual(['panel.notice-family']);
  });

  it('is not decided by whoever wrote down the recommendation', () => {
    expect(
      done(referred, listed, agreed, ['2026-11-19', 'panelDecisionMade', { ...test, decision: 'agree' }, 'chair']),
    ).toMatchObject({
      refused: 'panelDecisionMade',
      position: 'recommended',
    });
  });

  it('sitting cancelled: goes back to the pool, keeps no date waiting, and is listed again', () => {
    const cancelled: Told = ['2026-11-17', 'sittingCancelled', { sitting: 's1', why: 'No quorum' }];
    const pool = done(referred, listed, cancelled);
    expect(pool.position).toBe('referred');
    expect(pool.item.sitting).toBeUndefined();
    expect(pool.item.meetsOn).toBeUndefined();
    const again = done(referred, listed, cancelled, [
      '2026-11-18',
      'putOnAgenda',
      { sitting: 's2', meetsOn: '2026-12-02' },
    ]);
    expect(again.item).toMatchObject({ sitting: 's2', meetsOn: '2026-12-02', listed: 2 });
    expect(again.letters).toEqual(['panel.notice-family', 'panel.notice-family']);
    expect(deadlines(again.place)).toEqual([]);
  });

  it.each([
    ['before it is listed', [referred]],
    ['while it waits for its sitting', [referred, listed]],
    ['once it was heard', [referred, listed, ['2026-11-18', 'panelHeard'] as Told]],
    ['against a deferral', [referred, listed, deferred]],
    ['against the recommendation', [referred, listed, agreed]],
  ] as const)('is decided without the panel at any time: %s', (_, before) => {
    const without = done(...before, [
      '2026-11-20',
      'decidedWithoutPanel',
      { ...test, decision: 'agree', whyWithout: 'Six weeks end on Monday' },
      'senior',
    ]);
    expect(without.refused).toBeUndefined();
    expect(without).toMatchObject({ position: 'decidedWithout', closed: true });
    // What no panel discussed to the end is in no audit.
    expect(without.due(audit)).toBeUndefined();
  });

  it('deferred: says what is missing, tells the family, and comes back', () => {
    const open = done(referred, listed, deferred);
    expect(open).toMatchObject({ position: 'deferred', letters: ['panel.notice-family', 'panel.deferred'] });
    expect(open.item.sitting).toBeUndefined();
    const bare = done(referred, listed, ['2026-11-18', 'panelRecommended', { ...test, recommendation: 'defer' }]);
    expect(bare.refused).toBe('panelRecommended');
    expect(
      done(referred, listed, deferred, ['2026-11-23', 'putOnAgenda', { sitting: 's2', meetsOn: '2026-12-02' }])
        .position,
    ).toBe('onAgenda');
  });

  it('stays on the agenda it was moved to, when the old one is told of later the same day', () => {
    const moved: Told = ['2026-11-18', 'putOnAgenda', { sitting: 's2', meetsOn: '2026-12-02' }];
    const late: Told = ['2026-11-18', 'sittingCancelled', { sitting: 's1', why: 'Flood' }];
    expect(story(referred, listed, late, moved)).toMatchObject({
      position: 'onAgenda',
      item: { sitting: 's2' },
      unplaced: [],
    });
    const [on, type, payload] = deferred;
    const said: Told = [on, type, { ...payload, sitting: 's1' }];
    expect(story(referred, listed, said, moved)).toMatchObject({
      position: 'onAgenda',
      item: { sitting: 's2', recommendation: 'defer' },
    });
  });

  it('agrees with conditions only where it names them', () => {
    const bare = { ...test, recommendation: 'agree-with-conditions' };
    expect(done(referred, listed, ['2026-11-18', 'panelRecommended', bare]).refused).toBe('panelRecommended');
    expect(
      done(referred, listed, ['2026-11-18', 'panelRecommended', { ...bare, conditions: ['For one term'] }]).position,
    ).toBe('recommended');
  });

  it('is withdrawn, and nothing is owed', () => {
    expect(done(referred, listed, ['2026-11-10', 'panelWithdrawn', { why: 'Agreed otherwise' }])).toMatchObject({
      position: 'withdrawn',
      value: { audit: 'atRest' },
      closed: true,
    });
  });
});

describe('the audit of what panels decided', () => {
  it('is owed six months after the month of the decision, and met by the first draw', () => {
    const decided = done(referred, listed, agreed, signed);
    expect(decided.closed).toBe(false);
    // Decided on 19 November: the cohort is November's.
    expect(decided.due(audit)).toMatchObject({ dueBy: '2027-05-30', kind: 'policy', metOn: null });
    const drawn = story(referred, listed, agreed, signed, ['2027-05-28', 'auditDrawn', { months: 6, inSample: false }]);
    expect(drawn.due(audit)?.metOn).toBe('2027-05-28');
    expect(drawn.closed).toBe(true);
    const later = story(
      referred,
      listed,
      agreed,
      signed,
      ['2027-05-28', 'auditDrawn', { months: 6, inSample: false }],
      ['2027-08-27', 'auditDrawn', { months: 9, inSample: true }],
    );
    expect(later.item.audited).toEqual({ '6': false, '9': true });
  });
});

describe('what is put on record', () => {
  it('leads to where it implies, with the referral not on record', () => {
    expect(story(agreed).position).toBe('recommended');
    expect(story(deferred).position).toBe('deferred');
    expect(story(signed)).toMatchObject({ position: 'decided', unplaced: [] });
    expect(story(['2026-11-18', 'panelHeard'], referred).position).toBe('heard');
  });

  it('comes out the same in whatever order it is told', () => {
    const told: Told[] = [referred, listed, deferred, ['2026-11-24', 'putOnAgenda', { sitting: 's2', meetsOn: '2026-12-02' }],
      ['2026-12-02', 'panelRecommended', { ...test, recommendation: 'agree' }],
      ['2026-12-03', 'panelDecisionMade', { ...test, decision: 'agree' }, 'senior']]; // prettier-ignore
    const { place } = story(...told);
    expect(story(...[...told].reverse()).place).toMatchObject({
      value: place.value,
      context: { item: { listed: 2, decision: 'agree' } },
    });
  });

  it('ends with the plan, a move or a death, and leaves no duty open', () => {
    for (const ending of ['planEnded', 'movedAway', 'childDied']) {
      const ended = story(referred, listed, agreed, signed, ['2027-01-11', ending]);
      expect(ended).toMatchObject({ position: 'ended', value: { audit: 'atRest' }, closed: true });
      expect(ended.due(audit)).toMatchObject({ endedOn: '2027-01-11', metOn: null });
      expect(story(referred, ['2027-01-11', ending], ['2027-01-12', 'panelHeard']).position).toBe('ended');
    }
  });
});

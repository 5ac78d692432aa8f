import { describe, expect, it } from '@jest/globals';
import {
  deadlines,
  type Fact,
  fold,
  isClosed,
  isLate,
  type Payload,
  type Place,
  positionOf,
  start,
  step,
} from '@send/workflow-kit';
import { type CohortContext, exclusionRiskWorkflow, mayUse } from '../index';

type Told = readonly [on: string, type: string, payload?: Payload];

function story(...told: readonly Told[]) {
  const history = told.map(([on, type, payload = {}], index): Fact => ({
    id: `f${index}`,
    type,
    on,
    door: 'record',
    by: 'somebody',
    seq: index + 1,
    payload,
  }));
  const { place, unplaced } = fold(exclusionRiskWorkflow, history);
  return {
    place,
    unplaced,
    position: positionOf(exclusionRiskWorkflow, place),
    closed: isClosed(exclusionRiskWorkflow, place),
    cohort: (place.context as CohortContext).cohort,
    reviews: deadlines(place).filter(({ duty }) => duty === 'practice.exclusion-risk-fortnightly-review'),
    open: deadlines(place)
      .filter(({ metOn, endedOn }) => metOn === null && endedOn === null)
      .map(({ key }) => key),
  };
}

/** One thing done now, with its letters going to one person each. */
function act(place: Place, on: string, type: string, payload: Payload = {}) {
  const fact = (letter: string): Fact => ({
    id: `${type}-${on}`,
    type,
    on,
    door: 'act',
    by: 'officer',
    seq: 99,
    payload: { ...payload, addressees: { [letter]: ['family'] } },
  });
  const tried = step(exclusionRiskWorkflow, place, fact(''), true);
  return {
    ...tried,
    letters: tried.effects.flatMap((effect) => (effect.kind === 'letter' ? [`${effect.letter} > ${effect.to}`] : [])),
  };
}

const nominated: Told = [
  '2026-09-07',
  'childNominated',
  { by: 'Head of year', reasons: ['Three suspensions since May'] },
];
const asked: Told = [
  '2026-09-08',
  'consentAsked',
  { whom: 'parent', sources: [{ source: 'school' }, { source: 'health' }, { source: 'police' }] },
];
const given: Told = ['2026-09-14', 'consentGiven', { by: 'Mother', until: '2027-07-31' }];
const letIn: Told = ['2026-09-21', 'childAdmitted', { reasons: ['Close to exclusion'] }];
const review = (on: string, more: Payload = {}): Told => [
  on,
  'cohortReviewed',
  { inEducation: true, safelyAtHome: true, ...more },
];

describe('the way into the cohort', () => {
  it('is by indicators or nomination, and a person lets the child in', () => {
    expect(story(nominated)).toMatchObject({ position: 'putForward', open: ['practice.exclusion-risk-cohort'] });
    expect(story(nominated, asked).position).toBe('askingConsent');
    expect(story(nominated, asked, given).position).toBe('consented');
    const inside = story(nominated, asked, given, letIn);
    expect(inside).toMatchObject({ position: 'inCohort', open: ['practice.exclusion-risk-fortnightly-review#1'] });
    expect(inside.cohort.nominatedBy).toBe('Head of year');
  });

  it('does not lead past consent', () => {
    const { place } = story(nominated, asked);
    expect(step(exclusionRiskWorkflow, place, {
      id: 'x', type: 'childAdmitted', on: '2026-09-21', door: 'act', by: 'officer', seq: 9, payload: {},
    }, true).placed).toBe(false); // prettier-ignore
  });

  it('asks the young person in their own letter, reminds twice at most, and then leaves them in peace', () => {
    const { place } = story(nominated);
    expect(
      act(place, '2026-09-08', 'consentAsked', { whom: 'young-person', sources: [{ source: 'school' }] }).letters,
    ).toEqual(['cohort.consent-young-person > child']);
    const waiting = story(nominated, asked).place;
    expect(act(waiting, '2026-09-10', 'noReplyTaken').placed).toBe(false);
    const once = act(waiting, '2026-09-15', 'consentReminded');
    const twice = act(once.place, '2026-09-22', 'consentReminded');
    expect(twice.letters).toEqual(['cohort.consent-reminder > parent-or-young-person']);
    expect(act(twice.place, '2026-09-29', 'consentReminded').placed).toBe(false);
    const over = act(twice.place, '2026-10-06', 'noReplyTaken');
    expect(positionOf(exclusionRiskWorkflow, over.place)).toBe('noReply');
    expect(over.letters).toEqual(['cohort.no-reply > parent-or-young-person']);
  });

  it('says no to nobody: a refusal ends it and nothing more is owed', () => {
    expect(story(nominated, asked, ['2026-09-10', 'consentRefused'])).toMatchObject({
      position: 'declined',
      closed: true,
      open: [],
    });
  });

  it('holds a waiting list while the cohort is full', () => {
    const { place } = story(nominated, asked, given);
    const waits = act(place, '2026-09-15', 'putOnWaitingList', { nextLookOn: '2026-09-28' });
    expect(waits.letters).toEqual(['cohort.waiting > parent-or-young-person']);
    expect(positionOf(exclusionRiskWorkflow, waits.place)).toBe('waiting');
    expect(story(nominated, asked, given, ['2026-09-15', 'putOnWaitingList'], letIn).position).toBe('inCohort');
  });
});

describe('consent withdrawn mid-cohort', () => {
  const told = [
    nominated,
    ['2026-09-07', 'sourceNamed', { source: 'suspensions', basis: 'public-task' }] as Told,
    asked,
    given,
    letIn,
  ];

  it('of one source stops that source alone, and the others go on', () => {
    const { cohort, position } = story(...told, [
      '2026-10-01',
      'consentWithdrawn',
      { sources: [{ source: 'health' }] },
    ]);
    expect(position).toBe('inCohort');
    expect(cohort.sources.health).toEqual({ basis: 'consent', state: 'withdrawn', on: '2026-10-01' });
    expect(mayUse(cohort.sources.health, '2026-10-02')).toBe(false);
    expect(mayUse(cohort.sources.school, '2026-10-02')).toBe(true);
    expect(mayUse(cohort.sources.suspensions, '2026-10-02')).toBe(true);
    expect(mayUse(cohort.sources.attendance, '2026-10-02')).toBe(false);
  });

  it('runs out on its day by itself', () => {
    const { cohort } = story(...told);
    expect(mayUse(cohort.sources.school, '2027-07-31')).toBe(true);
    expect(mayUse(cohort.sources.school, '2027-08-01')).toBe(false);
  });

  it('of everything ends the help on the same day, and the family is told so', () => {
    const { place } = story(...told);
    const stopped = act(place, '2026-10-01', 'consentWithdrawn', { shared: 'Attendance, with the school nurse' });
    expect(stopped.letters).toEqual(['cohort.consent-no > parent-or-young-person']);
    expect(positionOf(exclusionRiskWorkflow, stopped.place)).toBe('consentEnded');
    const over = story(...told, ['2026-10-01', 'consentWithdrawn', {}]);
    expect(over).toMatchObject({ closed: true, open: [] });
    expect(
      Object.entries(over.cohort.sources)
        .filter(([, use]) => mayUse(use, '2026-10-01'))
        .map(([name]) => name),
    ).toEqual(['suspensions']);
    const bySteps = story(
      ...told,
      ['2026-10-01', 'consentWithdrawn', { sources: [{ source: 'health' }, { source: 'police' }] }],
      ['2026-10-02', 'consentWithdrawn', { sources: [{ source: 'school' }] }],
    );
    expect(bySteps.position).toBe('consentEnded');
  });
});

describe('in the cohort', () => {
  it('is reviewed every fortnight from the last review, and a late one stays late', () => {
    const { reviews } = story(nominated, asked, given, letIn, review('2026-10-05'), review('2026-10-21'));
    expect(reviews.map(({ subject, dueBy, metOn }) => [subject, dueBy, metOn])).toEqual([
      ['1', '2026-10-05', '2026-10-05'],
      ['2', '2026-10-19', '2026-10-21'],
      ['3', '2026-11-04', null],
    ]);
    expect(reviews.map((row) => isLate(row, '2026-10-22'))).toEqual([false, true, false]);
    expect(reviews.every(({ kind }) => kind === 'policy')).toBe(true);
  });

  it('has a lead for a stated reason, and interventions with owners and days', () => {
    const agreed: Told = [
      '2026-09-23',
      'supportPlanAgreed',
      {
        lead: 'Asha Bello',
        leadRole: 'Family worker',
        criterion: 'family-choice',
        interventions: [{ what: 'Mentoring', owner: 'School', dueOn: '2026-10-09' }],
      },
    ];
    const told = story(nominated, asked, given, letIn, agreed, [
      '2026-10-08',
      'interventionDone',
      { what: 'Mentoring', came: 'He came twice' },
    ]);
    expect(told.cohort.lead).toMatchObject({ name: 'Asha Bello', criterion: 'family-choice' });
    expect(told.cohort.interventions).toEqual([
      { what: 'Mentoring', owner: 'School', dueOn: '2026-10-09', doneOn: '2026-10-08', came: 'He came twice' },
    ]);
    const { place } = story(nominated, asked, given, letIn, agreed);
    expect(act(place, '2026-10-08', 'interventionDone', { what: 'Boxing' }).placed).toBe(false);
    expect(act(story(nominated, asked, given, letIn).place, '2026-09-23', agreed[1], agreed[2]).letters).toEqual([
      'cohort.support-plan > parent-or-young-person',
      'cohort.support-plan > setting',
    ]);
  });

  it('keeps each reading of the measure with its day', () => {
    const first = { readings: [{ domain: 'belonging', reading: 3 }] };
    const { cohort } = story(
      nominated,
      asked,
      given,
      letIn,
      ['2026-09-22', 'outcomeMeasured', first],
      review('2026-10-05', { readings: [{ domain: 'belonging', reading: 5 }] }),
    );
    expect(cohort.outcomes).toEqual([
      { on: '2026-09-22', readings: { belonging: 3 } },
      { on: '2026-10-05', readings: { belonging: 5 } },
    ]);
  });

  it('hears of suspensions from their own runs', () => {
    expect(
      story(nominated, asked, given, letIn, ['2026-10-06', 'exclusionNoted', { kind: 'suspension' }]).cohort.exclusions,
    ).toEqual([{ on: '2026-10-06', kind: 'suspension' }]);
  });

  it('of a child with a plan asks for an early review and tells family and school', () => {
    const withPlan: Told = ['2026-09-07', 'riskIndicatorsMet', { reasons: ['x'], plan: true }];
    const { place, open } = story(withPlan, asked, given, letIn);
    expect(open).toContain('exclusion.early-review-for-ehcp-at-risk');
    const sought = act(place, '2026-10-06', 'earlyReviewSought', { why: 'Support is not enough' });
    expect(sought.letters).toEqual(['cohort.next-step-ehc > parent-or-young-person', 'cohort.next-step-ehc > setting']);
    expect(deadlines(sought.place).find(({ duty }) => duty === 'exclusion.early-review-for-ehcp-at-risk')?.metOn).toBe(
      '2026-10-06',
    );
  });

  it('ends with a reason, and nothing stays open', () => {
    const over = story(nominated, asked, given, letIn, review('2026-10-05'), [
      '2026-12-14',
      'leftCohort',
      { why: 'aims-reached' },
    ]);
    expect(over).toMatchObject({ position: 'left', closed: true, open: [] });
    expect(over.cohort.left).toEqual({ on: '2026-12-14', why: 'aims-reached' });
    expect(over.reviews.at(-1)).toMatchObject({ dueBy: '2026-10-19', endedOn: '2026-12-14' });
    for (const ending of ['movedAway', 'childDied'])
      expect(story(nominated, asked, given, letIn, ['2026-10-02', ending])).toMatchObject({ closed: true, open: [] });
  });
});

describe('in whatever order', () => {
  it('the same facts leave the same place', () => {
    const told = [
      nominated,
      asked,
      given,
      letIn,
      review('2026-10-05'),
      review('2026-10-19'),
      ['2026-10-20', 'consentWithdrawn', { sources: [{ source: 'police' }] }] as Told,
    ];
    const straight = story(...told);
    expect(story(...[...told].reverse()).place).toEqual(straight.place);
    expect(straight.unplaced).toEqual([]);
    expect(start(exclusionRiskWorkflow).value).toEqual({ path: 'awaitingNomination', nextStep: 'none' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { deadlines, type Door, type Fact, fold, isClosed, type Payload, positionOf, step } from '@send/workflow-kit';
import { exclusionWorkflow } from '../index';

type Told = readonly [on: string, type: string, payload?: Payload, door?: Door];

const facts = (told: readonly Told[]): Fact[] =>
  told.map(([on, type, payload = {}, door = 'record'], index) => ({
    id: `f${index}`,
    type,
    on,
    door,
    by: 'somebody',
    seq: index + 1,
    payload,
  }));

function story(...told: readonly Told[]) {
  const { place, unplaced } = fold(exclusionWorkflow, facts(told));
  return {
    unplaced,
    place,
    position: positionOf(exclusionWorkflow, place),
    value: place.value as Record<string, string>,
    closed: isClosed(exclusionWorkflow, place),
    due: (duty: string) => deadlines(place).find(({ key }) => key === duty),
    open: deadlines(place)
      .filter(({ metOn, endedOn }) => metOn === null && endedOn === null)
      .map(({ duty }) => duty),
  };
}

/** A school of six terms, as in the county: the first half of its year. */
const terms = [
  { from: '2026-09-02', to: '2026-10-23' },
  { from: '2026-11-02', to: '2026-12-18', withoutSession: '2026-11-27' },
  { from: '2027-01-04', to: '2027-02-12' },
];
const suspended = (on: string, more: Payload = {}): Told => [
  on,
  'exclusionDecided',
  { kind: 'suspension', firstDay: on, sessions: 4, number: 1, terms, ...more },
];
const permanent = (on: string, more: Payload = {}): Told => [
  on,
  'exclusionDecided',
  { kind: 'permanent', firstDay: on, terms, ...more },
];

describe('a permanent exclusion', () => {
  it('is ours from the sixth school day, holidays and training days left out, s.19(3A)', () => {
    const told = story(permanent('2026-10-21'));
    expect(told.value).toMatchObject({ path: 'permanentlyExcluded', education: 'ours', board: 'permanent' });
    expect(told.due('exclusion.sixth-day-permanent')).toMatchObject({ dueBy: '2026-11-04', kind: 'statute' });
  });

  it('gives no date where the school’s terms do not reach, and says so', () => {
    expect(story(permanent('2026-10-21', { terms: [] })).due('exclusion.sixth-day-permanent')).toMatchObject({
      dueBy: null,
      cannotCompute: 'calendar missing: terms',
    });
    const known = story(permanent('2027-02-10'), ['2027-02-11', 'schoolTermsKnown', { terms }]);
    expect(known.due('exclusion.sixth-day-permanent')?.dueBy).toBeNull();
    const reaches = story(permanent('2027-02-10'), [
      '2027-02-11',
      'schoolTermsKnown',
      { terms: [...terms, { from: '2027-02-22', to: '2027-03-25' }] },
    ]);
    expect(reaches.due('exclusion.sixth-day-permanent')).toMatchObject({ dueBy: '2027-02-24', cannotCompute: null });
  });

  it('is met when the child is taught, not when a place is arranged', () => {
    const arranged = story(permanent('2026-11-02'), [
      '2026-11-04',
      'educationArranged',
      { where: 'The Mount Centre', startsOn: '2026-11-09' },
    ]);
    expect(arranged.value['education']).toBe('arranged');
    expect(arranged.due('exclusion.sixth-day-permanent')?.metOn).toBeNull();
    const begun = story(permanent('2026-11-02'), ['2026-11-10', 'educationStarted', {}]);
    expect(begun.due('exclusion.sixth-day-permanent')).toMatchObject({ dueBy: '2026-11-09', metOn: '2026-11-10' });
  });

  it('owes no sixth day to a child of another area, nor above school age', () => {
    expect(story(permanent('2026-11-02', { livesHere: false })).value['education']).toBe('anotherAuthoritys');
    expect(story(permanent('2026-11-02', { ofSchoolAge: false })).value['education']).toBe('none');
  });

  it('goes to the board in 15 school days of its notice, then leaves the family 15 for a panel', () => {
    const board = story(permanent('2026-10-16'), ['2026-10-19', 'boardNotified']);
    expect(board.due('exclusion.board-permanent')).toMatchObject({ dueBy: '2026-11-16' });
    const upheld = story(permanent('2026-10-16'), ['2026-12-11', 'boardDecided', { outcome: 'upheld' }]);
    expect(upheld.value['board']).toBe('upheld');
    expect(upheld.due('exclusion.irp-application')).toMatchObject({ dueBy: '2027-01-15' });
    const asked = story(
      permanent('2026-10-16'),
      ['2026-11-03', 'boardDecided', { outcome: 'upheld' }],
      ['2026-11-05', 'panelAsked'],
    );
    expect(asked.due('exclusion.irp-meeting')?.dueBy).toBe('2026-11-26');
    const again = story(
      permanent('2026-10-16'),
      ['2026-11-03', 'boardDecided', { outcome: 'upheld' }],
      ['2026-11-05', 'panelAsked'],
      ['2026-11-23', 'panelDecided', { outcome: 'quashed' }],
    );
    expect(again.due('exclusion.irp-reconsideration')?.dueBy).toBe('2026-12-08');
  });
});

describe('a suspension', () => {
  it('goes to the board by its total in the term: 5, 15 and an exam', () => {
    expect(story(suspended('2026-11-02')).value['board']).toBe('notNeeded');
    expect(story(suspended('2026-11-02', { earlierInTerm: 6 })).value['board']).toBe('notNeeded');
    const six = story(suspended('2026-11-02', { earlierInTerm: 7 }), ['2026-11-02', 'boardNotified']);
    expect(six.value['board']).toBe('overFive');
    expect(six.due('exclusion.board-over-5-days-with-representations')).toBeUndefined();
    const asked = story(
      suspended('2026-09-02', { earlierInTerm: 7 }),
      ['2026-09-03', 'boardNotified'],
      ['2026-09-07', 'representationsMade'],
    );
    expect(asked.due('exclusion.board-over-5-days-with-representations')).toMatchObject({ dueBy: '2026-11-19' });
    expect(story(suspended('2026-11-02', { earlierInTerm: 26 })).value['board']).toBe('overFive');
    const sixteen = story(suspended('2026-11-02', { earlierInTerm: 27 }), ['2026-11-02', 'boardNotified']);
    expect(sixteen.due('exclusion.board-over-15-days')?.dueBy).toBe('2026-11-23');
    const exam = story(suspended('2026-11-02', { exam: true }), ['2026-11-02', 'boardNotified']);
    expect(exam.due('exclusion.board-exam')?.dueBy).toBe('2026-11-23');
  });

  it('counts back to back with the one before for the sixth day; a day back in school starts anew', () => {
    // Three days from Monday 2 November, then straight on four more: the sixth in a row is Monday 9 November.
    const on = suspended('2026-11-05', { sessions: 8, followsOnFrom: '2026-11-02', followsOnSessions: 6, number: 2 });
    expect(story(on).due('exclusion.sixth-day-suspension')).toMatchObject({
      dueBy: '2026-11-09',
      owner: 'governing-board',
    });
    const apart = story(suspended('2026-11-05', { sessions: 8, number: 2 }));
    expect(apart.value['education']).toBe('none');
    expect(apart.due('exclusion.sixth-day-suspension')).toBeUndefined();
  });

  it('does not count them together before 5 January 2015', () => {
    const then = story(suspended('2014-11-05', { sessions: 12, terms: [{ from: '2014-11-03', to: '2014-12-19' }] }));
    expect(then.due('exclusion.sixth-day-suspension')).toBeUndefined();
  });

  it('tells the authority of every one only since 1 September 2022', () => {
    const before = story(suspended('2022-07-11', { terms: [] }));
    expect(before.due('exclusion.notify-authority-2012')).toBeUndefined();
    expect(before.due('exclusion.notify-authority-2022')).toBeUndefined();
    const more = story(suspended('2022-07-11', { terms: [], earlierInTerm: 8 }));
    expect(more.due('exclusion.notify-authority-2012')).toMatchObject({ dueBy: '2022-07-11' });
    const since = story(suspended('2022-09-12', { terms: [] }), [
      '2022-09-14',
      'toldOfExclusion',
      { who: 'authority' },
    ]);
    expect(since.due('exclusion.notify-authority-2022')).toMatchObject({ dueBy: '2022-09-12', metOn: '2022-09-14' });
  });

  it('of a looked after child is told to social worker and virtual school; the plan review of July 2026 is newer', () => {
    const now = story(suspended('2026-11-02', { lookedAfter: true }));
    expect(now.due('exclusion.notify-social-worker-and-virtual-head')?.dueBy).toBe('2026-11-02');
    expect(now.due('exclusion.looked-after-first-day')).toMatchObject({ dueBy: '2026-11-02', kind: 'guidance' });
    expect(now.due('exclusion.interim-pep-review')).toBeDefined();
    const told = story(suspended('2026-11-02', { lookedAfter: true }), [
      '2026-11-03',
      'toldOfExclusion',
      { who: 'social-worker' },
    ]);
    expect(told.due('exclusion.notify-social-worker-and-virtual-head')).toMatchObject({ metOn: '2026-11-03' });
    const before = story(suspended('2026-07-06', { lookedAfter: true }));
    expect(before.due('exclusion.interim-pep-review')).toBeUndefined();
  });

  it('with a plan asks for an early review', () => {
    const sought = story(suspended('2026-11-02', { plan: true }), ['2026-11-03', 'earlyReviewSought', { why: 'Two' }]);
    expect(sought.value['plan']).toBe('sought');
    expect(sought.due('exclusion.early-review-for-ehcp-at-risk')?.metOn).toBe('2026-11-03');
  });

  it('is over when the child is back, where nothing follows from it', () => {
    const back = story(suspended('2026-11-02'), ['2026-11-04', 'pupilReturned']);
    expect(back).toMatchObject({ position: 'over', closed: true, open: [] });
    const more = story(suspended('2026-11-02', { earlierInTerm: 10 }), ['2026-11-04', 'pupilReturned']);
    expect(more).toMatchObject({ position: 'backInSchool', closed: false });
  });

  it('cancelled is kept, ends what was open, and everybody is told', () => {
    const cancelled = story(suspended('2026-11-02', { plan: true }), ['2026-11-03', 'exclusionCancelled']);
    expect(cancelled.open).toEqual(['exclusion.cancel']);
    const told = story(
      suspended('2026-11-02'),
      ['2026-11-03', 'exclusionCancelled'],
      ['2026-11-03', 'cancellationTold'],
    );
    expect(told).toMatchObject({ position: 'cancelledAndTold', closed: true, open: [] });
  });

  it('near 45 days in the school year shows the limit', () => {
    expect(story(suspended('2026-11-02', { earlierInYear: 75 })).value['year']).toBe('within');
    expect(story(suspended('2026-11-02', { earlierInYear: 76 })).open).toContain('exclusion.annual-limit-45');
  });
});

describe('the third suspension of a school year', () => {
  it('is answered when our letter has left, and not when it is written', () => {
    const third = suspended('2026-11-02', { number: 3 });
    expect(story(third).open).toContain('practice.exclusion-risk-three-suspensions');
    const letter: Payload = {
      offer: ['A worker who knows the school'],
      addressees: { 'cohort.third-suspension': ['mother', 'father'] },
    };
    const { place } = story(third);
    const written = step(
      exclusionWorkflow,
      place,
      { id: 'w', type: 'helpOffered', on: '2026-11-04', door: 'act', by: 'officer', seq: 2, payload: letter },
      true,
    );
    expect(written.effects).toMatchObject([{ letter: 'cohort.third-suspension', to: 'parent-or-young-person' }]);
    const sent = (at: typeof place, recipient: string, on: string) =>
      step(exclusionWorkflow, at, {
        id: `sent-${recipient}`,
        type: 'letterSent',
        on,
        door: 'record',
        by: 'system',
        seq: 3,
        payload: { group: 'w:cohort.third-suspension', recipient, servedOn: on },
      }).place;
    const one = sent(written.place, 'mother', '2026-11-05');
    const met = (at: typeof place) =>
      deadlines(at).find(({ duty }) => duty === 'practice.exclusion-risk-three-suspensions')?.metOn;
    expect(met(one)).toBeNull();
    expect(met(sent(one, 'father', '2026-11-06'))).toBe('2026-11-06');
    const closing: Fact = {
      id: 'c', type: 'exclusionClosed', on: '2026-11-06', door: 'act', by: 'officer', seq: 9, payload: {},
    }; // prettier-ignore
    expect(step(exclusionWorkflow, one, closing, true).placed).toBe(false);
    expect(step(exclusionWorkflow, sent(one, 'father', '2026-11-06'), closing, true).placed).toBe(true);
  });

  it('is the third alone: the second and the fourth write to nobody', () => {
    expect(story(suspended('2026-11-02', { number: 2 })).value['third']).toBe('no');
    expect(story(suspended('2026-11-02', { number: 4 })).value['third']).toBe('no');
  });
});

describe('what is no exclusion', () => {
  it('an off-site direction gives two school days of notice, and adds to no total', () => {
    const directed = story([
      '2026-11-02',
      'offsiteDirectionDecided',
      { schoolKind: 'maintained', startsOn: '2026-11-09', terms },
    ]);
    expect(directed.due('offsite-direction.power')).toMatchObject({ dueBy: '2026-11-05' });
    expect(directed.value).toMatchObject({ path: 'directedOffSite', board: 'notNeeded', telling: 'nobody' });
    const academy = story(['2026-11-02', 'offsiteDirectionDecided', { schoolKind: 'academy', startsOn: '2026-11-09' }]);
    expect(academy.due('offsite-direction.academies-and-prus')).toBeDefined();
    const before = story(['2026-06-01', 'offsiteDirectionDecided', { schoolKind: 'academy', startsOn: '2026-06-08' }]);
    expect(before.due('offsite-direction.academies-and-prus')).toBeUndefined();
  });

  it('a safeguarding separation brings in section 19', () => {
    const apart = story(['2026-11-02', 'safeguardingSeparationImposed']);
    expect(apart.open).toEqual(['exclusion.alternative-education-section-19']);
    const over = story(['2026-11-02', 'safeguardingSeparationImposed'], ['2026-11-09', 'separationEnded']);
    expect(over).toMatchObject({ closed: true, open: [] });
  });
});

describe('in whatever order', () => {
  it('the same facts leave the same place', () => {
    const told: Told[] = [
      permanent('2026-10-16', { plan: true, lookedAfter: true, exam: true }),
      ['2026-10-19', 'boardNotified'],
      ['2026-10-20', 'earlyReviewSought', { why: 'x' }],
      ['2026-11-03', 'educationStarted', { where: 'A' }],
      ['2026-11-03', 'boardDecided', { outcome: 'upheld' }],
      ['2026-11-16', 'panelAsked'],
      ['2027-01-11', 'exclusionClosed'],
    ];
    const straight = story(...told);
    for (const order of [
      [6, 5, 4, 3, 2, 1, 0],
      [3, 0, 6, 1, 5, 2, 4],
    ]) {
      const shuffled = story(...order.map((index) => told[index] as Told));
      expect(shuffled.value).toEqual(straight.value);
      expect(deadlines(shuffled.place)).toEqual(deadlines(straight.place));
    }
    expect(straight).toMatchObject({ closed: true, open: [] });
  });

  it('a move away leaves nothing open; what was late stays late', () => {
    const moved = story(permanent('2026-10-16'), ['2026-12-01', 'movedAway']);
    expect(moved).toMatchObject({ closed: true, open: [] });
    expect(moved.due('exclusion.sixth-day-permanent')).toMatchObject({ dueBy: '2026-10-23', endedOn: '2026-12-01' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { type Day } from '@send/statute';
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
  type Workflow,
} from '@send/workflow-kit';
import { amendmentWorkflow, annualReviewWorkflow, nextReview, type ReviewContext } from '../index';

/** One line of a story: the command given, its day, and its fields. `record:` puts it on record after the event. */
type Line = readonly [command: string, on: Day, fields?: Payload];

const everyone = new Proxy({}, { get: () => ['one'] }) as Record<string, string[]>;

/** Acts one after the other through the doors of the commands, each letter leaving on its day unless `leaves` says when. */
function story(workflow: Workflow, lines: readonly Line[], leaves: Readonly<Record<string, Day | null>> = {}) {
  let place: Place = start(workflow);
  const facts: Fact[] = [];
  const letters: string[] = [];
  const later: { on: Day; sent: Payload }[] = [];
  const put = (type: string, on: Day, door: 'act' | 'record', payload: Payload) => {
    const fact: Fact = { id: `f${facts.length + 1}`, type, on, door, by: 'officer', seq: facts.length + 1, payload };
    const next = step(workflow, place, fact, door === 'act');
    if (!next.placed) throw new Error(`refused: ${type} on ${on} at ${positionOf(workflow, place)}`);
    facts.push(fact);
    place = next.place;
    return next.effects;
  };
  for (const [given, on, fields = {}] of lines) {
    const name = given.replace('record:', '');
    const command = workflow.commands.find(name);
    const read = workflow.commands.read(name, { on, ...fields }, '2100-01-01');
    if (command === undefined || 'wrong' in read) throw new Error(`${name}: ${JSON.stringify(read)}`);
    const door = given.startsWith('record:') || !command.doors.includes('act') ? 'record' : 'act';
    for (const effect of put(command.fact, on, door, { ...read.sent.payload, addressees: everyone })) {
      if (effect.kind !== 'letter') continue;
      letters.push(effect.letter);
      const left = effect.letter in leaves ? (leaves[effect.letter] ?? null) : on;
      const sent = { group: effect.group, letter: effect.letter, recipient: 'one', servedOn: left };
      if (left === on) put('letterSent', on, 'record', sent);
      else if (left !== null) later.push({ on: left, sent });
    }
  }
  later.sort((a, b) => (a.on < b.on ? -1 : 1)).forEach(({ on, sent }) => put('letterSent', on, 'record', sent));
  const rows = deadlines(place);
  return {
    place,
    facts,
    letters,
    position: positionOf(workflow, place),
    closed: isClosed(workflow, place),
    context: place.context as ReviewContext,
    due: (duty: string) => rows.find(({ key }) => key === duty),
    late: (asOf: Day) => rows.filter((row) => isLate(row, asOf)).map(({ key }) => key),
    open: rows.filter(({ metOn, endedOn }) => metOn === null && endedOn === null).map(({ key }) => key),
  };
}

const review = (...lines: Line[]) => story(annualReviewWorkflow, lines);

/** The worked example of README 2.3: meeting on Wednesday 18 November 2026. */
const begun: Line = ['startFromDecision', '2025-12-02', { lastMeetingOn: '2025-11-19' }];
const planned: Line = ['planMeeting', '2026-10-26', { meetingOn: '2026-11-18', time: '10am', place: 'School' }];
const held: Line = ['recordReviewMeeting', '2026-11-18'];
const because = { reasons: ['Because.'] };

describe('the dates of a review, law README 2.3', () => {
  it('counts from the last decision notice, its own day included, and warns from the last meeting: B3, B4', () => {
    const run = review(begun);
    expect(run.position).toBe('scheduled');
    expect(run.due('review.every-12-months')).toMatchObject({ dueBy: '2026-12-01', kind: 'statute' });
    expect(run.due('review.completed-within-12-months')?.dueBy).toBe('2026-12-01');
    expect(run.due('review.completed-within-12-months#last-meeting')).toMatchObject({
      dueBy: '2026-11-18',
      kind: 'guidance',
    });
  });

  it.each<[string, Day, Day]>([
    ['an ordinary plan', '2026-09-14', '2027-09-13'],
    ['a plan issued on 29 February: the eve, and the 28th is contested', '2028-02-29', '2029-02-27'],
    ['a plan issued on 1 March', '2027-03-01', '2028-02-29'],
  ])('first review: %s', (_, issued, dueBy) => {
    expect(review(['startFromPlan', issued]).due('review.every-12-months')?.dueBy).toBe(dueBy);
  });

  it('gives notice and papers two clear weeks before, the report two weeks and the decision four weeks after', () => {
    const run = review(begun, planned);
    expect(run.due('review.meeting-notice')).toMatchObject({ dueBy: '2026-11-03', metOn: '2026-10-26' });
    expect(run.due('review.invitees')?.metOn).toBe('2026-10-26');
    expect(run.due('review.obtain-and-circulate-advice')).toMatchObject({ dueBy: '2026-11-03', metOn: null });
    const papers = review(begun, planned, ['askForReviewAdvice', '2026-10-26'], ['circulateAdvice', '2026-11-03']);
    expect(papers.due('review.obtain-and-circulate-advice')?.metOn).toBe('2026-11-03');
    const after = review(begun, planned, held);
    expect(after.due('review.school-report')).toMatchObject({ dueBy: '2026-12-02', metOn: null });
    expect(after.due('review.decision-notified')).toMatchObject({ dueBy: '2026-12-16', metOn: null });
    // The papers were never sent: late from the meeting on.
    expect(after.late('2026-11-18')).toEqual(['review.obtain-and-circulate-advice']);
  });

  it('goes to decision, amendments, fifteen days and the final plan: eight weeks and twelve', () => {
    const sent = review(begun, planned, held, ['proposeAmendments', '2026-12-16', because]);
    expect(sent.position).toBe('amending');
    expect(sent.due('review.decision-notified')?.metOn).toBe('2026-12-16');
    expect(sent.due('review.every-12-months')).toMatchObject({ dueBy: '2026-12-01', metOn: '2026-12-16' });
    expect(sent.late('2026-12-16')).toContain('review.every-12-months');
    expect(sent.due('review.decision-to-amend-carries-amendments')).toMatchObject({
      dueBy: '2026-12-16',
      metOn: '2026-12-16',
    });
    expect(sent.due('amend.representations-window')).toMatchObject({ dueBy: '2026-12-30', bound: 'min' });
    expect(sent.due('amend.issue-final')?.dueBy).toBe('2027-02-10');
    expect(sent.due('review.final-amended-plan-12-weeks')?.dueBy).toBe('2027-02-10');
    const early = review(begun, planned, held, ['proposeAmendments', '2026-12-02', because]);
    expect(early.due('amend.issue-final')?.dueBy).toBe('2027-01-27');
    expect(early.due('review.final-amended-plan-12-weeks')?.dueBy).toBe('2027-02-10');
  });
});

describe('the fifteen days are the family’s, reg 22(2)(c)', () => {
  const sent: Line[] = [begun, planned, held, ['proposeAmendments', '2026-12-02', because]];
  const issue = (on: Day, fields: Payload = {}): Line => ['issueAmendedPlan', on, { changesFOrI: true, ...fields }];

  it('refuses the plan inside them, and takes it on the day after', () => {
    expect(() => review(...sent, issue('2026-12-16'))).toThrow('refused');
    const done = review(...sent, issue('2026-12-17'));
    expect(done.position).toBe('amended');
    expect(done.closed).toBe(true);
    expect(done.letters).toEqual(expect.arrayContaining(['review.final-amended', 'review.final-amended-partners']));
    expect(done.due('amend.issue-final')?.metOn).toBe('2026-12-17');
    expect(done.due('review.final-amended-plan-12-weeks')?.metOn).toBe('2026-12-17');
    expect(done.due('amend.decide-not-to-amend')).toMatchObject({ metOn: null, endedOn: '2026-12-17' });
    expect(done.due('appeal.time-limit')?.dueBy).toBe('2027-02-17');
  });

  it('shows the breach where a plan inside them is put on record', () => {
    const done = review(...sent, ['record:issueAmendedPlan', '2026-12-10', { changesFOrI: false }]);
    expect(done.late('2026-12-31')).toContain('amend.representations-window');
  });

  it('goes on sooner where the family has nothing more to say', () => {
    const done = review(
      ...sent,
      ['recordRepresentations', '2026-12-05', { nothingMoreToSay: true }],
      issue('2026-12-07'),
    );
    expect(done.position).toBe('amended');
    expect(done.late('2026-12-31')).not.toContain('amend.representations-window');
  });

  it('waits for the meeting and the setting that the family asked for', () => {
    const asked: Line[] = [
      ...sent,
      ['recordMeetingRequest', '2026-12-08'],
      ['recordSchoolRequest', '2026-12-08', { setting: 's1' }],
    ];
    expect(() => review(...asked, issue('2026-12-18'))).toThrow('refused');
    const met: Line[] = [
      ...asked,
      ['recordMeetingOnChanges', '2026-12-11'],
      ['consultSetting', '2026-12-11', { consultation: 'c1', setting: 's1' }],
    ];
    expect(() => review(...met, issue('2026-12-18'))).toThrow('refused');
    const done = review(...met, issue('2026-12-18', { setting: 's1' }));
    expect(done.position).toBe('amended');
    expect(done.due('plan.name-requested-school')?.metOn).toBe('2026-12-18');
    expect(done.letters).toContain('plan.final-setting');
    const named = review(
      ...met,
      ['namePlacement', '2026-12-18', { setting: 's1', type: 'Special', ...because }],
      issue('2026-12-20'),
    );
    expect(named.position).toBe('amended');
  });

  it('a decision not to amend has its own eight weeks and the same rights, reg 22(4) and (5)', () => {
    const refused = review(...sent, ['decideNotToAmend', '2027-01-20', because]);
    expect(refused.position).toBe('notAmended');
    expect(refused.due('amend.decide-not-to-amend')).toMatchObject({ dueBy: '2027-01-27', metOn: '2027-01-20' });
    expect(refused.due('amend.issue-final')).toMatchObject({ metOn: null, endedOn: '2027-01-20' });
    expect(refused.due('appeal.time-limit')?.dueBy).toBe('2027-03-20');
    expect(refused.due('amend.notice-contents')?.metOn).toBe('2027-01-20');
  });
});

describe('a decision is not made until its letter has left', () => {
  it('a review held without a decision letter is open and visible nine weeks later', () => {
    const lines: Line[] = [begun, planned, held];
    const undecided = review(...lines);
    expect(undecided.closed).toBe(false);
    expect(undecided.late('2027-01-20')).toEqual(
      expect.arrayContaining(['review.decision-notified', 'review.school-report', 'review.every-12-months']),
    );
    const decided = story(annualReviewWorkflow, [...lines, ['keepPlan', '2026-12-01', because]], {
      'review.decide-keep': null,
    });
    expect(decided.position).toBe('kept');
    expect(decided.closed).toBe(false);
    expect(decided.due('review.decision-notified')?.metOn).toBeNull();
    expect(decided.due('review.every-12-months')?.metOn).toBeNull();
    expect(decided.late('2027-01-20')).toContain('review.decision-notified');
    const left = story(annualReviewWorkflow, [...lines, ['keepPlan', '2026-12-01', because]], {
      'review.decide-keep': '2026-12-17',
    });
    expect(left.closed).toBe(true);
    expect(left.due('review.decision-notified')?.metOn).toBe('2026-12-17');
    expect(left.late('2026-12-17')).toContain('review.decision-notified');
    expect(left.place.context.facts['reviewDecisionNoticeSent']).toBe('2026-12-17');
    expect(left.due('appeal.time-limit')?.dueBy).toBe('2027-02-17');
  });

  it('the decision waits for the setting’s letter too', () => {
    const half = story(annualReviewWorkflow, [begun, planned, held, ['keepPlan', '2026-12-01', because]], {
      'review.decision-setting': '2026-12-18',
    });
    expect(half.due('review.decision-notified')?.metOn).toBe('2026-12-18');
    expect(half.due('review.notice-contents')?.metOn).toBe('2026-12-01');
  });

  it('the amended plan’s duties stay open until its letters have left', () => {
    const waiting = story(
      annualReviewWorkflow,
      [
        begun,
        planned,
        held,
        ['proposeAmendments', '2026-12-02', because],
        ['issueAmendedPlan', '2026-12-20', { changesFOrI: true }],
      ],
      { 'review.final-amended': '2027-01-29' },
    );
    expect(waiting.due('amend.issue-final')).toMatchObject({ dueBy: '2027-01-27', metOn: '2027-01-29' });
    expect(waiting.late('2027-01-29')).toContain('amend.issue-final');
  });

  it('amends without the amendments: not met, eight weeks not begun, twelve running: B6', () => {
    const without = review(begun, planned, held, [
      'record:proposeAmendments',
      '2026-12-10',
      { ...because, enclosed: false },
    ]);
    expect(without.position).toBe('amendmentsOwed');
    expect(without.due('review.decision-notified')?.metOn).toBe('2026-12-10');
    expect(without.due('review.decision-to-amend-carries-amendments')).toMatchObject({
      dueBy: '2026-12-16',
      metOn: null,
    });
    expect(without.due('amend.issue-final')).toBeUndefined();
    expect(without.due('review.final-amended-plan-12-weeks')?.dueBy).toBe('2027-02-10');
    expect(without.late('2026-12-17')).toContain('review.decision-to-amend-carries-amendments');
    const later = review(
      begun,
      planned,
      held,
      ['record:proposeAmendments', '2026-12-10', { ...because, enclosed: false }],
      ['sendAmendments', '2026-12-21'],
    );
    expect(later.due('amend.issue-final')?.dueBy).toBe('2027-02-15');
    expect(later.due('review.decision-to-amend-carries-amendments')?.metOn).toBe('2026-12-21');
    // The next twelve months run from the decision that was notified.
    expect(later.place.context.facts['reviewDecisionNoticeSent']).toBe('2026-12-10');
    expect(() =>
      review(begun, planned, held, ['proposeAmendments', '2026-12-10', { ...because, enclosed: false }]),
    ).toThrow('refused');
  });

  it('changed proposals give fifteen days more and leave the eight weeks', () => {
    const again = review(
      begun,
      planned,
      held,
      ['proposeAmendments', '2026-12-02', because],
      ['record:sendAmendments', '2026-12-14', { servedOn: '2026-12-15' }],
    );
    expect(again.due('amend.issue-final')?.dueBy).toBe('2027-01-27');
    expect(again.due('amend.representations-window')?.dueBy).toBe('2026-12-29');
  });
});

describe('who holds the review', () => {
  it('asks the head of a school, and owes the meeting', () => {
    const asked = review(begun, ['requireMeeting', '2026-09-07', { replyBy: '2026-09-25' }]);
    expect(asked.letters).toEqual(['review.require-meeting']);
    expect(asked.open).toEqual(expect.arrayContaining(['review.meeting-held', 'review.conduct']));
  });

  it('holds it itself where no setting is attended, reg 21', () => {
    const run = review(
      begun,
      ['planMeeting', '2026-10-26', { meetingOn: '2026-11-18', attends: false }],
      ['recordReviewMeeting', '2026-11-18', { attends: false }],
    );
    expect(run.letters).toContain('review.no-school-invite');
    expect(run.due('review.no-school-meeting')).toMatchObject({ dueBy: '2026-11-03', metOn: '2026-10-26' });
    expect(run.due('review.no-school-report')?.dueBy).toBe('2026-12-02');
    expect(run.due('review.no-school-decision')?.dueBy).toBe('2026-12-16');
    expect(run.due('review.decision-notified')).toBeUndefined();
    const done = review(
      begun,
      ['planMeeting', '2026-10-26', { meetingOn: '2026-11-18', attends: false }],
      ['recordReviewMeeting', '2026-11-18', { attends: false }],
      ['sendOwnReport', '2026-12-02'],
      ['keepPlan', '2026-12-10', because],
    );
    expect(done.due('review.no-school-report')?.metOn).toBe('2026-12-02');
    expect(done.due('review.no-school-decision')?.metOn).toBe('2026-12-10');
  });

  it('refuses a meeting with less than two clear weeks, unless all agree; agreed or not, it shows', () => {
    const soon = (fields: Payload = {}): Line => ['planMeeting', '2026-11-04', { meetingOn: '2026-11-18', ...fields }];
    expect(() => review(begun, soon())).toThrow('refused');
    const agreed = review(begun, soon({ shortNoticeAgreed: true }));
    expect(agreed.late('2026-11-04')).toContain('review.meeting-notice');
    expect(review(begun, ['planMeeting', '2026-11-03', { meetingOn: '2026-11-18' }]).late('2026-11-18')).toEqual([
      'review.obtain-and-circulate-advice',
    ]);
  });

  it('a new day asks for new notice', () => {
    const moved = review(begun, planned, ['planMeeting', '2026-11-10', { meetingOn: '2026-12-02' }]);
    expect(moved.due('review.meeting-notice')).toMatchObject({ dueBy: '2026-11-17', metOn: '2026-11-10' });
    expect(moved.position).toBe('meetingPlanned');
  });

  it('a meeting that went on another day counts from its first', () => {
    const twice = review(begun, planned, held, ['record:recordReviewMeeting', '2026-11-25']);
    expect(twice.due('review.decision-notified')?.dueBy).toBe('2026-12-16');
  });
});

describe('what a review asks after', () => {
  const from = (on: Day, day: Day): Line => ['startFromPlan', on, { provisionQuestionFrom: day }];

  it('wants the provision question from a settable date, and breaks no review already open (R-REV-04)', () => {
    expect(() => review(from('2026-09-14', '2026-09-01'), ['recordReviewMeeting', '2027-07-01'])).toThrow('refused');
    const asked = review(from('2026-09-14', '2026-09-01'), [
      'recordReviewMeeting',
      '2027-07-01',
      { provisionDelivered: 'in-part' },
    ]);
    expect(asked.context.review.provisionDelivered).toBe('in-part');
    expect(review(from('2026-08-31', '2026-09-01'), ['recordReviewMeeting', '2027-07-01']).position).toBe(
      'afterMeeting',
    );
    expect(review(from('2026-09-14', '2026-09-01'), ['record:recordReviewMeeting', '2027-07-01']).position).toBe(
      'afterMeeting',
    );
    expect(
      annualReviewWorkflow.commands
        .find('recordReviewMeeting')
        ?.refusal?.(review(from('2026-09-14', '2026-09-01')).context, '2027-07-01')?.message,
    ).toContain('1 September 2026');
  });

  it('puts adulthood on the agenda from year 9, regs 20(6) and 21(6)', () => {
    const nine: Line = ['startFromDecision', '2025-12-02', { fromYear9: true }];
    expect(review(nine, planned, held).open).toContain('review.year-9-adulthood#child');
    const asked = review(nine, planned, ['recordReviewMeeting', '2026-11-18', { adulthood: true }]);
    expect(asked.due('review.year-9-adulthood#child')?.metOn).toBe('2026-11-18');
    expect(review(begun, planned, held).due('review.year-9-adulthood#child')).toBeUndefined();
  });

  it('knows a child who reaches year 9 before the meeting, and tells the next review', () => {
    const eight: Line = ['startFromDecision', '2025-12-02', { year9On: '2026-09-01' }];
    expect(review(eight, planned, held).open).toContain('review.year-9-adulthood#child');
    const before = review(['startFromDecision', '2025-12-02', { year9On: '2027-09-01' }], planned, held, [
      'keepPlan',
      '2026-12-01',
      because,
    ]);
    expect(before.due('review.year-9-adulthood#child')).toBeUndefined();
    expect(nextReview({ context: before.context, on: '2026-12-01' })).toMatchObject({ year9On: '2027-09-01' });
  });

  it('follows outcomes from review to review (R-REV-06)', () => {
    const first = review(
      begun,
      planned,
      [
        'recordReviewMeeting',
        '2026-11-18',
        {
          outcomes: [
            {
              outcome: 'Reads a page aloud',
              target: 'Half a page',
              progress: 'on-track',
              evidence: 'Reading record',
              saidBy: 'Class teacher',
            },
          ],
        },
      ],
      ['keepPlan', '2026-12-01', because],
    );
    expect(first.due('review.meeting-considers-progress')?.metOn).toBe('2026-11-18');
    const given = nextReview({ context: first.context, on: '2026-12-01' });
    expect(given).toMatchObject({ lastMeetingOn: '2026-11-18' });
    const next = review(['startFromDecision', '2026-12-01', given]);
    expect(next.context.review.lastOutcomes).toEqual(first.context.review.outcomes);
    expect(next.due('review.every-12-months')?.dueBy).toBe('2027-11-30');
    expect(next.due('review.completed-within-12-months#last-meeting')?.dueBy).toBe('2027-11-17');
  });

  it('reviews the plan of a child under five every three to six months, until the fifth birthday', () => {
    const run = review(['startFromPlan', '2026-09-14', { fiveOn: '2028-03-01' }]);
    expect(run.due('review.under-fives#child')).toMatchObject({
      dueBy: '2027-03-14',
      kind: 'guidance',
      bound: 'target',
    });
    expect(nextReview({ context: run.context, on: '2027-03-10' })['fiveOn']).toBe('2028-03-01');
    expect(nextReview({ context: run.context, on: '2028-03-01' })['fiveOn']).toBeUndefined();
  });

  it('keeps the shorter interval that a plan sets for itself beside the twelve months', () => {
    const run = review(['startFromPlan', '2026-09-14', { reviewBy: '2027-03-14' }]);
    expect(run.due('practice.review-written-in-plan#child')).toMatchObject({ dueBy: '2027-03-14', kind: 'policy' });
    expect(run.due('review.every-12-months')?.dueBy).toBe('2027-09-13');
  });

  it('looks at looked-after children’s other reviews, and at those under 18 who left education', () => {
    const run = review(
      begun,
      ['noteStanding', '2026-09-01', { lookedAfter: true }],
      ['recordLeftEducation', '2026-09-10'],
    );
    expect(run.open).toEqual(
      expect.arrayContaining(['review.looked-after-child-alignment#child', 'review.under-18-not-in-education#child']),
    );
    const done = review(
      begun,
      ['noteStanding', '2026-09-01', { lookedAfter: true }],
      ['recordLeftEducation', '2026-09-10'],
      ['planMeeting', '2026-10-26', { meetingOn: '2026-11-18' }],
      held,
      ['keepPlan', '2026-12-01', because],
    );
    expect(done.letters).toContain('review.no-school-invite');
    expect(done.due('review.under-18-not-in-education#child')?.metOn).toBe('2026-12-01');
    expect(done.open).not.toContain('review.looked-after-child-alignment#child');
  });

  it('tells of the young person’s own rights at the end of compulsory school age, and a birthday changes nothing', () => {
    const told = review(begun, ['tellOfRights', '2026-05-11', { endsOn: '2026-06-26' }]);
    expect(told.letters).toEqual(['review.rights-at-16', 'review.rights-at-16']);
    expect(told.context.facts['schoolAgeEnds']).toBe('2026-06-26');
    expect(told.position).toBe('scheduled');
    expect(review(begun, ['tellOfRights', '2026-07-01', { endsOn: '2026-06-26' }]).letters).toHaveLength(1);
  });

  it('answers each request for an early review, either way', () => {
    const asked: Line = ['requestEarlyReview', '2026-03-02', { why: 'He is at home.' }];
    const open = review(begun, asked);
    const key = open.open.find((one) => one.startsWith('practice.early-review-answer')) ?? '';
    expect(open.due(key)).toMatchObject({ dueBy: '2026-03-16', kind: 'policy', metOn: null });
    const answer: Line = ['answerEarlyRequest', '2026-03-09', { answer: 'no', ...because }];
    const done = review(begun, asked, answer);
    expect(done.letters).toEqual(['review.early-request-answer']);
    expect(done.due(key)?.metOn).toBe('2026-03-09');
    expect(() => review(begun, answer)).toThrow('refused');
    const unsent = story(annualReviewWorkflow, [begun, asked, answer], { 'review.early-request-answer': null });
    expect(unsent.due(key)?.metOn).toBeNull();
    // The next review answers what is asked once this decision has left.
    const after = review(
      begun,
      planned,
      held,
      ['keepPlan', '2026-12-01', because],
      ['requestEarlyReview', '2026-12-10'],
    );
    expect(after.open.filter((one) => one.startsWith('practice.'))).toEqual([]);
  });
});

describe('ceasing, transfers and endings', () => {
  it('consults before it ceases: the notice that another process sends is this review’s decision', () => {
    const considering = review(begun, planned, held, ['considerCeasing', '2026-11-25']);
    expect(considering.position).toBe('consideringCease');
    expect(considering.due('review.decision-notified')?.metOn).toBeNull();
    const decided = review(begun, planned, held, ['considerCeasing', '2026-11-25'], ['noteCeaseDecided', '2026-12-15']);
    expect(decided.position).toBe('ceasing');
    expect(decided.due('review.decision-notified')?.metOn).toBe('2026-12-15');
    expect(decided.context.facts['reviewDecisionNoticeSent']).toBe('2026-12-15');
    const not = review(
      begun,
      planned,
      held,
      ['considerCeasing', '2026-11-25'],
      ['noteNotCeasing', '2026-12-09'],
      ['keepPlan', '2026-12-10', because],
    );
    expect(not.position).toBe('kept');
    expect(not.due('review.decision-notified')?.metOn).toBe('2026-12-10');
  });

  it('after a transfer is due by the later of twelve months and three, reg 15(5)', () => {
    const moved = review(['startFromTransfer', '2026-11-02', { madeOrReviewedOn: '2025-12-01' }]);
    expect(moved.due('transfer.new-authority-review')?.dueBy).toBe('2027-02-01');
    expect(moved.due('review.every-12-months')).toBeUndefined();
  });

  it.each(['notePlanEnded', 'noteMoveAway', 'record:recordDeath'])(
    '%s leaves no duty open, and what was late stays late',
    (ending) => {
      const full: Line[] = [
        [
          'startFromDecision',
          '2025-12-02',
          {
            lastMeetingOn: '2025-11-19',
            fromYear9: true,
            fiveOn: '2030-01-01',
            lookedAfter: true,
            reviewBy: '2026-06-01',
          },
        ],
        ['recordLeftEducation', '2026-01-10'],
        ['requestEarlyReview', '2026-01-12'],
        planned,
        held,
        ['proposeAmendments', '2026-12-02', because],
        ['recordMeetingRequest', '2026-12-03'],
        ['recordSchoolRequest', '2026-12-03', { setting: 's1' }],
        ['consultSetting', '2026-12-04', { consultation: 'c1', setting: 's1' }],
      ];
      for (let upTo = 1; upTo <= full.length; upTo += 1) {
        const over = review(...full.slice(0, upTo), [ending, '2027-03-01']);
        expect(over.open).toEqual([]);
        expect(over.position).toBe('ended');
      }
      expect(review(...full, [ending, '2027-03-01']).late('2027-03-01')).toContain('amend.issue-final');
    },
  );

  it('comes out the same in whatever order it is told', () => {
    const { facts, place } = review(
      begun,
      planned,
      held,
      ['recordReport', '2026-12-01'],
      ['proposeAmendments', '2026-12-02', because],
      ['recordRepresentations', '2026-12-05'],
      ['issueAmendedPlan', '2026-12-20', { changesFOrI: true }],
    );
    expect(fold(annualReviewWorkflow, [...facts].reverse()).place).toEqual(fold(annualReviewWorkflow, facts).place);
    expect(fold(annualReviewWorkflow, facts).place).toEqual(place);
  });
});

/** Findings and sums that others have published; the product must come to the same days. Nothing before is on record. */
describe('published cases', () => {
  const start: Line = ['record:startReview', '2020-01-01'];
  const told = (...lines: Line[]) =>
    review(start, ...lines.map(([name, on, fields = {}]): Line => [`record:${name}`, on, fields]));

  it.each<[source: string, lines: Line[], duty: string, due: Day, asOf: Day, breached: boolean]>([
    [
      'West Sussex, Ombudsman, Sussex Express 4 April 2025: amended plan ten months late',
      [
        ['recordReviewMeeting', '2023-06-22'],
        ['recordReport', '2023-07-10'],
        ['issueAmendedPlan', '2024-07-12', { changesFOrI: true }],
      ],
      'review.final-amended-plan-12-weeks',
      '2023-09-14',
      '2025-04-04',
      true,
    ],
    [
      'Hertfordshire, Ombudsman, Hemel Today 24 January 2022: six weeks late, counted from the decision to amend',
      [
        ['proposeAmendments', '2021-05-14', because],
        ['issueAmendedPlan', '2021-08-19', { changesFOrI: true }],
      ],
      'amend.issue-final',
      '2021-07-09',
      '2022-01-24',
      true,
    ],
    [
      'Hertfordshire, Ombudsman, Hemel Today January 2025: the decision was a day late by the count',
      [
        ['recordReviewMeeting', '2023-02-08'],
        ['proposeAmendments', '2023-03-09', because],
      ],
      'review.decision-notified',
      '2023-03-08',
      '2023-03-09',
      true,
    ],
    [
      'the same: twelve weeks from the meeting',
      [
        ['recordReviewMeeting', '2023-02-08'],
        ['proposeAmendments', '2023-03-09', because],
      ],
      'review.final-amended-plan-12-weeks',
      '2023-05-03',
      '2025-01-15',
      true,
    ],
    [
      'IPSEA, year 5 or 6 review: meeting 1 November 2024, decision 25 November',
      [
        ['recordReviewMeeting', '2024-11-01'],
        ['keepPlan', '2024-11-25', because],
      ],
      'review.decision-notified',
      '2024-11-29',
      '2025-03-01',
      false,
    ],
    [
      'Special Needs Jungle 2019, counted forward from its meeting',
      [
        ['recordReviewMeeting', '2019-01-04'],
        ['proposeAmendments', '2019-02-01', because],
      ],
      'review.final-amended-plan-12-weeks',
      '2019-03-29',
      '2019-03-29',
      false,
    ],
    [
      'SEND Advice Surrey: a meeting on 22 November is the last for 14 February',
      [
        ['recordReviewMeeting', '2024-11-22'],
        ['proposeAmendments', '2024-12-20', because],
      ],
      'review.final-amended-plan-12-weeks',
      '2025-02-14',
      '2025-02-15',
      true,
    ],
  ])('%s', (_, lines, duty, due, asOf, breached) => {
    const run = told(...lines);
    expect(run.due(duty)?.dueBy).toBe(due);
    expect(run.late(asOf).includes(duty)).toBe(breached);
  });
});

describe('amending outside a review, reg 28', () => {
  const amendment = (...lines: Line[]) => story(amendmentWorkflow, lines);
  const proposed: Line = ['proposeAmendments', '2026-09-01', because];

  it('has the same fifteen days and eight weeks, and no review’s twelve', () => {
    const run = amendment(proposed);
    expect(run.letters).toEqual(['amend.without-review', 'plan.child-draft']);
    expect(run.due('amend.without-review')).toMatchObject({ dueBy: '2026-10-27' });
    expect(run.due('amend.issue-final')?.dueBy).toBe('2026-10-27');
    expect(run.due('amend.representations-window')?.dueBy).toBe('2026-09-15');
    expect(run.due('review.final-amended-plan-12-weeks')).toBeUndefined();
    expect(() => amendment(proposed, ['issueAmendedPlan', '2026-09-15', { changesFOrI: false }])).toThrow('refused');
    const done = amendment(proposed, ['issueAmendedPlan', '2026-09-16', { changesFOrI: false }]);
    expect(done.due('amend.without-review')?.metOn).toBe('2026-09-16');
    expect(done.closed).toBe(true);
    const refused = amendment(proposed, ['decideNotToAmend', '2026-10-01', because]);
    expect(refused.due('amend.without-review')?.metOn).toBe('2026-10-01');
    expect(refused.position).toBe('notAmended');
  });

  it('ends with the plan', () => {
    const over = amendment(proposed, ['recordMeetingRequest', '2026-09-02'], ['notePlanEnded', '2026-12-01']);
    expect(over.open).toEqual([]);
    expect(over.late('2026-12-01')).toEqual(expect.arrayContaining(['amend.issue-final', 'amend.without-review']));
  });
});

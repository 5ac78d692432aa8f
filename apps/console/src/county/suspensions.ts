import type { Day } from '@send/statute';
import { after, Course, type Piece, type Stage } from './stage';
import type { Story } from './story';

/** Terms of the school as its calendar has them, that a day of school can be counted in. */
const termsAround = (stage: Stage, on: Day) =>
  stage.scene.organisation.terms
    .filter(({ to }) => to >= on)
    .slice(0, 4)
    .map(({ from, to, withoutSession = [] }) => ({
      from,
      to,
      ...(withoutSession.length === 0 ? {} : { withoutSession: withoutSession.join(' ') }),
    }));

/** A school day at most so many days ago. */
function schoolDay(stage: Stage, days: number): Day {
  const { terms } = stage.scene.organisation;
  for (let back = days; ; back += 1) {
    const on = stage.ago(back);
    if (terms.some(({ from, to, withoutSession = [] }) => from <= on && on <= to && !withoutSession.includes(on)))
      return on;
  }
}

function excluded(
  stage: Stage,
  story: Story,
  at: number,
  days: number,
  fields: Record<string, unknown>,
): [Course, Day] {
  const on = schoolDay(stage, days);
  const setting = story.household.school?.id;
  const course = new Course(story, 'exclusion', at).begin(on, 'startExclusion', {
    kind: 'suspension',
    ...(setting === undefined ? {} : { setting }),
    firstDay: on,
    plan: true,
    ofSchoolAge: true,
    livesHere: true,
    terms: termsAround(stage, on),
    ...fields,
  });
  return [course, on];
}

const secondary = (stage: Stage) => ({ born: after(stage.today, -4900), school: stage.school('secondary') });
const reasons = 'Persistent disruptive behaviour';

/** Suspended, excluded, or kept out in another way. */
// prettier-ignore
export const suspensions: readonly Piece[] = [
  ['Suspended twice, and back in school', true, (stage) => {
    const story = stage.planned(220, secondary(stage));
    const [first, on] = excluded(stage, story, 0, 40, { sessions: 4, number: 1, reasons });
    first.record(after(on, 3), 'recordReturn');
    const [second, next] = excluded(stage, story, 1, 12, { sessions: 6, number: 2, earlierInTerm: 4, earlierInYear: 4, reasons });
    second.record(after(next, 4), 'recordReturn');
    story.finish();
  }],
  ['A third suspension: help is to be offered', true, (stage) => {
    const story = stage.planned(210, secondary(stage));
    excluded(stage, story, 0, 3, { sessions: 8, number: 3, earlierInTerm: 6, earlierInYear: 12, reasons });
    story.finish();
  }],
  ['Suspended, and an early review of the plan is asked for', true, (stage) => {
    const story = stage.planned(260, secondary(stage));
    const [course, on] = excluded(stage, story, 0, 10, { sessions: 10, number: 1, reasons });
    course.record(after(on, 2), 'seekEarlyReview', { why: 'The school says that it can no longer meet the needs.' });
    story.finish();
  }],
  ['Permanently excluded; education from the sixth day is arranged', true, (stage) => {
    const story = stage.planned(230, secondary(stage));
    const [course, on] = excluded(stage, story, 0, 5, { kind: 'permanent', reasons });
    course.record(after(on, 1), 'recordTold', { who: 'authority' });
    course.record(after(on, 2), 'arrangeEducation', { where: 'Oakrigg Learning Centre', startsOn: after(on, 8), times: 'Monday to Friday, 9am to 3pm', transport: 'By taxi', askFor: 'The centre manager' });
    story.finish();
  }],
  ['Permanently excluded, and taught elsewhere since', false, (stage) => {
    const story = stage.begin(stage.ago(60), secondary(stage));
    const [course, on] = excluded(stage, story, 0, 45, { kind: 'permanent', plan: false, reasons });
    course.record(after(on, 1), 'recordTold', { who: 'authority' });
    course.record(after(on, 2), 'recordBoardNotified');
    course.record(after(on, 6), 'recordEducationStarted', { where: 'Oakrigg Learning Centre' });
    course.record(after(on, 14), 'recordBoardDecision', { outcome: 'upheld' });
    story.finish();
  }],
  ['Directed to another school for a term', true, (stage) => {
    const story = stage.planned(240, secondary(stage));
    const on = schoolDay(stage, 20);
    const setting = story.household.school?.id;
    new Course(story, 'exclusion')
      .begin(on, 'startOffsiteDirection', { ...(setting === undefined ? {} : { setting }), schoolKind: 'academy', startsOn: on, terms: termsAround(stage, on) })
      .record(on, 'recordOffsiteNotice');
    story.finish();
  }],
];

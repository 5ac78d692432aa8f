import { addDays, type Day } from '@send/statute';
import { type HowDone, nextWorkingDay, workingDayBefore } from './casebook';
import type { Draw } from './draw';
import * as figures from './figures';
import type { Story } from './story';

const earlier = 'The records of the earlier system';

/**
 * What follows a plan, as far as today: its check, and a review every year. The plan's own day is known once it has been
 * told, so the assessment is played first.
 */
export function tellAfterPlan(story: Story, since: Day): void {
  const told = tellCheckOf(story, since);
  if (told !== undefined) tellReviews(story, told.issued, told.how);
}

/** Its check alone. Undefined where no plan was issued. */
export function tellCheckOf(story: Story, since: Day): { issued: Day; how: How } | undefined {
  story.play();
  const issued = story.book.context.facts['finalPlanIssued'];
  if (issued === undefined) return undefined;
  const two = story.book.seniors;
  /** What was before this system came into use was entered by two people from the earlier one. */
  const how = (on: Day): HowDone => ({
    ...two,
    enteredOn: on < since ? since : nextWorkingDay(addDays(on, 1)),
    ...(on < since ? { source: earlier } : {}),
  });
  tellCheck(story, issued, how);
  return { issued, how };
}

type How = (on: Day) => HowDone;

/** Family and setting are asked; every fifth plan has a gap, and most gaps close. */
function tellCheck(story: Story, issued: Day, how: How): void {
  const { draw, household } = story;
  const of = () => story.child.of('provision-check')[0];
  const [item] = household.provisions.map(({ id }) => id);
  const gap = item !== undefined && draw.chance(figures.gapInProvision) ? item : undefined;
  const account = (contact: 'family' | 'setting', on: Day, missing: boolean): void =>
    story.record(
      on,
      'recordAccount',
      {
        contact,
        channel: draw.pick(['phone', 'email']),
        attends: draw.chance(0.9) ? 'yes' : 'in-part',
        items: household.provisions.map(({ id }) => ({
          item: id,
          delivered: id === gap && missing ? draw.pick(['not', 'in-part']) : 'in-full',
        })),
      },
      how(on),
      of,
    );
  const family = nextWorkingDay(addDays(issued, draw.whole(30, 80)));
  const setting = nextWorkingDay(addDays(issued, draw.whole(25, 100)));
  if (draw.chance(figures.checkAnswered)) account('family', family, true);
  else
    for (const [after, channel] of [
      [0, 'phone'],
      [4, 'email'],
      [9, 'phone'],
    ] as const)
      story.record(
        nextWorkingDay(addDays(family, after)),
        'recordContactTried',
        { contact: 'family', channel },
        how(nextWorkingDay(addDays(family, after))),
        of,
      );
  if (draw.chance(figures.checkAnswered)) account('setting', setting, draw.chance(0.5));
  if (gap === undefined) return;
  const [last] = [family, setting].sort().reverse();
  const agreed = nextWorkingDay(addDays(last ?? family, draw.whole(2, 9)));
  const isOpen = () => {
    const book = of();
    const gaps = (book?.context as { check?: { gaps: Record<string, { closedOn?: Day }> } } | undefined)?.check?.gaps;
    return gaps?.[gap] !== undefined && gaps[gap].closedOn === undefined ? book : undefined;
  };
  story.record(
    agreed,
    'agreeGapAction',
    {
      item: gap,
      action: 'The school finds another member of staff who can give it.',
      owner: 'The head teacher',
      dueOn: addDays(agreed, 28),
      provider: 'setting',
    },
    how(agreed),
    isOpen,
  );
  if (draw.chance(figures.gapCloses)) {
    const closed = nextWorkingDay(addDays(agreed, draw.whole(14, 60)));
    story.record(
      closed,
      'closeGap',
      { item: gap, contact: 'family', evidence: 'The family says that it has been in place for two weeks.' },
      how(closed),
      isOpen,
    );
  }
}

/** Once a year, to the decision and to the amended plan; the last one is where today finds it. */
function tellReviews(story: Story, issued: Day, how: How): void {
  const { draw, scene } = story;
  let from = issued;
  for (let cycle = 0; from < scene.today && cycle < 30; cycle += 1) {
    const of = () => story.child.of('annual-review')[cycle];
    const meeting = workingDayBefore(
      addDays(from, draw.whole(290, draw.chance(figures.reviewMeetingInTime) ? 345 : 440)),
    );
    const late = !draw.chance(figures.reviewDecidedInFourWeeks);
    const decided = nextWorkingDay(addDays(meeting, late ? draw.whole(29, 75) : draw.whole(8, 26)));
    const amends = draw.chance(figures.reviewAmends);
    const reported = nextWorkingDay(addDays(meeting, draw.whole(5, 18)));
    story.record(meeting, 'recordReviewMeeting', meetingOf(draw), how(meeting), of);
    // Where no setting is attended the report is ours: reg 21(7).
    if (story.household.school === null) story.record(reported, 'sendOwnReport', {}, how(reported), of);
    else story.record(reported, 'recordReport', { recommends: amends ? 'amend' : 'keep' }, how(reported), of);
    if (amends) {
      story.record(
        decided,
        'proposeAmendments',
        { reasons: ['The needs have changed since the last review.'], enclosed: true },
        how(decided),
        of,
      );
      const issuedOn = nextWorkingDay(addDays(decided, draw.whole(24, 70)));
      story.record(issuedOn, 'issueAmendedPlan', { changesFOrI: draw.chance(0.5) }, how(issuedOn), of);
    } else story.record(decided, 'keepPlan', { reasons: ['The plan still fits the needs.'] }, how(decided), of);
    from = decided;
  }
}

const meetingOf = (draw: Draw): Record<string, unknown> => ({
  provisionDelivered: draw.weighted({ 'in-full': 70, 'in-part': 22, not: 3, 'not-known': 5 }),
  outcomes: [
    {
      outcome: 'The first outcome of the plan',
      progress: draw.weighted({ achieved: 15, 'on-track': 45, some: 30, none: 10 }),
      saidBy: 'The school',
    },
  ],
});

import { addDays, type Day } from '@send/statute';
import { processes } from '@send/workflows';
import { nextWorkingDay } from './casebook';
import * as figures from './figures';
import type { Cohort, Story } from './story';

type Stand = 'in' | 'waiting' | 'asked' | 'putForward' | 'declined' | 'left';

/** The places first, then everybody whom there was none for, and those with whom it is over. */
const standOf = (nth: number): Stand | undefined =>
  nth < figures.placesInCohort
    ? 'in'
    : (['waiting', 'waiting', 'left', 'left', 'asked', 'declined', 'putForward'] as const)[
        nth - figures.placesInCohort
      ];

const schoolAge = (born: Day, today: Day): boolean => {
  const years = (Date.parse(today) - Date.parse(born)) / 31_557_600_000;
  return years >= 6 && years < 15.5;
};

const steps = ['belonging', 'learning', 'feelings'] as const;

/** A child without a plan whom the school fears for: consent, admission, the plan of help and its fortnightly reviews. */
export function tellCohort(story: Story, cohort: Cohort): void {
  const { draw, household, scene, child } = story;
  const { today } = scene;
  const { school, given } = household;
  if (school === null || !schoolAge(given.born, today) || !draw.chance(figures.putForwardOfRefused)) return;
  const stand = standOf(cohort.putForward);
  if (stand === undefined) return;
  cohort.putForward += 1;
  const workflow = processes.workflows.find(({ id }) => id === 'exclusion-risk');
  const of = () => child.of('exclusion-risk')[0];
  const tell = (on: Day, command: string, fields: Record<string, unknown> = {}): void =>
    story.record(on, command, fields, {}, of);
  const began = nextWorkingDay(addDays(today, -draw.whole(40, 130)));
  const after = (days: number): Day => nextWorkingDay(addDays(began, days));
  story.record(
    began,
    'nominate',
    {
      by: `The SENCO of ${school.name}`,
      reasons: [draw.pick(worries), 'The school and the family both ask for help before it comes to an exclusion.'],
    },
    {},
    () => of() ?? child.begin(workflow, began),
  );
  if (stand === 'putForward') return;
  tell(after(3), 'askConsent', {
    whom: 'parent',
    sources: [{ source: 'suspensions' }, { source: 'attendance' }, { source: 'school' }],
    offers: ['One person whom the family can ring', 'A meeting of everybody who helps, every two weeks'],
  });
  if (stand === 'asked') return;
  if (stand === 'declined') return tell(after(12), 'recordRefusal');
  tell(after(10), 'recordConsent', { by: 'The parent' });
  if (stand === 'waiting')
    return tell(after(14), 'putOnWaitingList', {
      nextLookOn: nextWorkingDay(addDays(today, 9)),
      callIfWorse: 'The inclusion team, 01632 960400',
    });
  tell(after(14), 'admit', { reasons: ['The help fits what the school and the family say, and a place is free.'] });
  tell(after(18), 'agreeSupportPlan', {
    lead: `The head of year at ${school.name}`,
    leadRole: 'Head of year',
    criterion: draw.pick(['knows-child', 'school-pastoral', 'family-choice']),
    interventions: [
      { what: 'A calm start in a quiet room every morning', owner: 'The school', dueOn: after(32) },
      { what: 'Six talks with a youth worker', owner: 'Early help', dueOn: after(70) },
    ],
  });
  const start = draw.whole(1, 3);
  const gains = draw.chance(0.7) ? 1 : 0;
  const readings = (by: number) => steps.map((domain) => ({ domain, reading: Math.min(5, start + by) }));
  tell(after(19), 'measureOutcome', { readings: readings(0), with: 'The child, a parent and the head of year' });
  const well = draw.chance(figures.inEducationAndSafe);
  // A review every fortnight; here and there one is late.
  const late = draw.chance(0.15) ? 6 : 0;
  let last = after(19);
  for (let nth = 1; ; nth += 1) {
    const on = nextWorkingDay(addDays(after(18), nth * 13 + late));
    if (on > today) break;
    last = on;
    tell(on, 'reviewChild', {
      inEducation: well || nth === 1,
      safelyAtHome: well || draw.chance(0.8),
      changed: [draw.pick(changes)],
      ...(nth % 3 === 0 ? { readings: readings(gains) } : {}),
    });
  }
  if (stand === 'left' && addDays(last, 3) <= today)
    tell(nextWorkingDay(addDays(last, 1)), 'leaveCohort', {
      why: 'aims-reached',
      inEducation: true,
      safelyAtHome: true,
      deleteOn: nextWorkingDay(addDays(last, 180)),
      learning: 'The quiet start of the day was what helped most.',
    });
}

const worries = [
  'Since September the child has been sent out of lessons most days, and has walked out of school twice.',
  'The child comes late on most mornings, and has been at home for eleven days this term.',
  'There were two suspensions last term, both after a change of teacher.',
  'The child has no friends left in class, and is in trouble at every break.',
] as const;

const changes = [
  'The quiet start works. It goes on until the holidays.',
  'Two hard days this fortnight, both after a weekend away. The head of year rings home on Sundays now.',
  'The youth worker has begun. The child came to both talks.',
  'Lunch is still hard. A place in the library club is found.',
] as const;

import { addDays, type Day, daysBetween, longClosures } from '@send/statute';
import { tellAfterPlan } from './after-plan';
import { type HowDone, nextWorkingDay, workingDayBefore } from './casebook';
import { tellCohort } from './cohort-of-county';
import { atShare, Draw, evenly, normalAt } from './draw';
import * as figures from './figures';
import type { ChildGiven, Household } from './household';
import { type AdviceKind, firstDay, type Organisation, type School } from './organisation';
import { lastDayOfComments } from './letter-values';
import * as phrases from './phrases';
import { addAdvice, addPlan, addViews } from './plan-text';
import { type Scene, Story } from './story';

/** How long each stretch of one assessment took, in days from the request. */
export interface Pace {
  readonly decision: number;
  readonly asked: number;
  readonly issue: number;
  readonly draft: number;
  readonly placement: number;
  readonly final: number;
}

/** From the request to the asking for advice. */
export function tellRequest(story: Story, from: Day, how: { refusedLater?: boolean } = {}): void {
  const { draw, household } = story;
  const young = household.holdsRights(from) === 'young-person';
  const drawn = draw.weighted(figures.requestedBy);
  const who =
    drawn === 'young-person' && !young
      ? 'parent'
      : drawn === 'school' && household.school === null
        ? 'parent'
        : drawn === 'other'
          ? 'parent'
          : drawn;
  story.act(from, 'receiveRequest', {
    from: who,
    how: draw.pick(['online', 'email', 'post']),
    ...(yearGroup(household.given.born, from) >= 9 ? { fromYear9: true } : {}),
  });
  const told = nextWorkingDay(addDays(from, draw.whole(1, 4)));
  story.act(told, 'tellFamilyConsidering');
  if (household.school !== null && draw.chance(how.refusedLater === true ? 0.8 : 0.5))
    story.act(told, 'askSchoolForInformation');
}

const yearGroup = (born: Day, on: Day): number => {
  const schoolYear = (day: Day): number => Number(day.slice(0, 4)) - (day.slice(5) >= '09-01' ? 0 : 1);
  return schoolYear(on) - (schoolYear(born) + 5);
};

/** The assessment itself: decision, advice asked and received, the family's views. */
export function tellAssessment(
  story: Story,
  from: Day,
  pace: Pick<Pace, 'decision' | 'asked' | 'issue'>,
  decided = true,
): void {
  const { draw, household, scene, book } = story;
  const { organisation, sheet } = scene;
  const on = (days: number): Day => nextWorkingDay(addDays(from, days));
  if (decided)
    story.act(workingDayBefore(addDays(from, pace.decision)), 'decideToAssess', {
      reasons: draw.some(phrases.reasonsToAssess, 2),
    });
  const asked = on(pace.asked);
  const last = Math.max(1, pace.issue - pace.asked - 2);
  const requests = askedOf(organisation, household, draw, asked);
  story.act(asked, 'askForAdvice', { requests });
  story.act(on(pace.asked + Math.min(last, draw.whole(3, 20))), 'recordViews', () => ({
    summary: addViews(organisation, household, book, sheet, on(pace.asked)),
  }));
  story.act(on(pace.asked + Math.min(last, draw.whole(1, 10))), 'considerSupport', {
    summary: 'No help to take part was asked for.',
  });
  for (const { request, kind, adviser } of requests) {
    const after = draw.chance(figures.adviceInTime[kind])
      ? draw.whole(10, 42)
      : 43 + Math.floor(-Math.log(1 - draw.fraction()) * 25);
    const receivedOn = on(pace.asked + Math.min(after, last));
    const chased = on(pace.asked + 43);
    if (after > 46 && daysBetween(asked, receivedOn) > 46 && chased < receivedOn)
      story.act(chased, 'chaseAdvice', { request, late: true });
    story.act(receivedOn, 'recordAdvice', () => {
      addAdvice(organisation, book, sheet, { request, kind, adviser, receivedOn });
      return { request, need: 'See the report.', provision: 'See the report.', outcomes: 'See the report.' };
    });
  }
}

/** Everyone reg 6(1) wants, as far as there is such a person. */
export function askedOf(
  organisation: Organisation,
  household: Household,
  draw: Draw,
  on: Day,
): { request: string; kind: AdviceKind; adviser: string }[] {
  const of = (kind: string): string => draw.pick(organisation.advisers.filter((one) => one.kind === kind)).id;
  const request = (): string => draw.id(on);
  const school = household.school ?? draw.pick(organisation.schools.filter((one) => one.phase === 'primary'));
  const rows: { request: string; kind: AdviceKind; adviser: string }[] = [
    { request: request(), kind: 'education', adviser: school.id },
    { request: request(), kind: 'health', adviser: of('health-professional') },
    { request: request(), kind: 'psychology', adviser: of('educational-psychology') },
    { request: request(), kind: 'social-care', adviser: of('social-care') },
  ];
  if (yearGroup(household.given.born, on) >= 9)
    rows.push({ request: request(), kind: 'adulthood', adviser: of('preparation-for-adulthood') });
  if (['HI', 'VI', 'MSI'].includes(household.given.need))
    rows.push({ request: request(), kind: 'other', adviser: of('sensory-teacher') });
  return rows;
}

/** From the decision to make a plan to the plan itself. */
export function tellPlan(story: Story, from: Day, pace: Pace): void {
  const { draw, household, scene, book } = story;
  const { organisation, sheet } = scene;
  const on = (days: number): Day => nextWorkingDay(addDays(from, days));
  const issue = on(pace.issue);
  const draft = on(pace.draft);
  const final = pace.final <= 140 ? workingDayBefore(addDays(from, pace.final)) : on(pace.final);
  const school = household.school;
  const type = school === null ? 'Education otherwise than at a school' : school.kind;
  const latest = workingDayBefore(addDays(final, -1));
  // The family's time ends on the day that the draft printed; where that is too late, the family said that it was done.
  const heard = nextWorkingDay(addDays(lastDayOfComments(draft) ?? addDays(draft, 25), 1));
  const hurried = heard > latest;
  const wished = on(pace.placement) > heard ? on(pace.placement) : heard;
  const placed = wished < latest ? wished : latest;
  story.act(issue, 'decideToIssue', { reasons: [...phrases.reasonsToIssue] });
  story.act(draft, 'sendDraftPlan', () => ({
    planVersion: addPlan(organisation, book, sheet, {
      kind: 'draft',
      number: 1,
      madeOn: issue,
      frozenOn: draft,
      issuedOn: null,
      school,
      type,
    }),
  }));
  if (school !== null) {
    const consultation = draw.id(draft);
    story.act(draft, 'consultSetting', { consultation, setting: school.id });
    const answered = addDays(draft, draw.chance(0.7) ? draw.whole(6, 16) : draw.whole(17, 24));
    story.act(workingDayBefore(answered < placed ? answered : placed), 'recordSettingAnswer', {
      consultation,
      answer: draw.chance(0.85) ? 'yes' : 'resources',
    });
  }
  if (hurried) {
    story.act(workingDayBefore(addDays(placed, -1)), 'recordRepresentations', {
      summary: draw.pick(phrases.familySays),
      nothingMoreToSay: true,
    });
  } else if (draw.chance(0.75)) {
    const replied = on(pace.draft + draw.whole(6, 17));
    if (replied < placed) story.act(replied, 'recordRepresentations', { summary: draw.pick(phrases.familySays) });
  }
  story.act(placed, 'namePlacement', {
    ...(school === null ? {} : { setting: school.id }),
    type,
    reasons: [...phrases.reasonsForPlacement],
  });
  story.act(final, 'issueFinalPlan', () => ({
    reasons: [...phrases.reasonsForPlacement],
    planVersion: addPlan(organisation, book, sheet, {
      kind: 'final',
      number: 2,
      madeOn: placed,
      frozenOn: final,
      issuedOn: final,
      school,
      type,
    }),
  }));
}

/** A case of the earlier system: its dates were entered by two people on the day this one came into use, and no letters with them. */
function tellImported(
  story: Story,
  from: Day,
  lines: readonly [days: number, command: string, fields?: Record<string, unknown>][],
  enteredOn: Day,
): void {
  const two = story.book.seniors;
  for (const [days, command, fields = {}] of lines) {
    const on = workingDayBefore(addDays(from, days));
    story.record(on > from || days === 0 ? on : nextWorkingDay(addDays(from, 1)), command, fields, {
      ...two,
      enteredOn,
      source: 'The records of the earlier system',
    });
  }
}

/** The day this system came into use: everything older was entered from the one before. */
export const inUseSince = (today: Day): Day => nextWorkingDay(addDays(today, -2 * 365));

/** Weeks to the plan, spread evenly over the published curve, so that a small county has its shape too. */
function daysToPlan(number: number, draw: Draw): number {
  const share = evenly(number, Math.SQRT2);
  const { mu, sigma, floor, longest } = figures.weeksToPlan;
  const weeks = Math.exp(mu + sigma * normalAt(share));
  if (weeks <= 20 && draw.chance(figures.lastFortnight)) return draw.whole(127, 140);
  return Math.round(Math.min(Math.max(weeks, floor), longest) * 7);
}

export function paceOf(final: number, draw: Draw): Pace {
  const onTime = draw.chance(figures.decidedInSixWeeks);
  const inside = 7 + Math.sqrt(draw.fraction() * 35 * 33);
  const decision = onTime
    ? Math.floor(Math.min(inside, 42, Math.max(7, final * 0.3)))
    : 43 + Math.floor(-Math.log(1 - draw.fraction()) * 21);
  const safe = onTime ? decision : Math.min(decision, Math.max(44, Math.floor(final * 0.45)));
  const asked = safe + draw.whole(1, 4);
  const draft = Math.max(asked + 9, final - draw.whole(34, Math.max(35, Math.min(75, Math.floor(final * 0.32)))));
  const issue = Math.max(asked + 6, draft - draw.whole(1, Math.max(2, Math.min(18, Math.floor(final * 0.08)))));
  const placement = Math.max(draft + 28, final - draw.whole(1, 5));
  return {
    decision: safe,
    asked,
    issue,
    draft: Math.max(draft, issue),
    placement: Math.min(placement, final - 1),
    final,
  };
}

/** A school for this age and placement, or none. */
function schoolFor(
  organisation: Organisation,
  placement: keyof typeof figures.placements,
  age: number,
  draw: Draw,
): School | null {
  const of = (...phases: string[]): School =>
    draw.pick(organisation.schools.filter((one) => phases.includes(one.phase)));
  switch (placement) {
    case 'mainstream':
      return age < 11 ? of('primary') : of('secondary', 'secondary', 'middle', 'all-through');
    case 'special':
      return draw.chance(0.3) ? of('independentSpecial') : of('special');
    case 'ap':
      return of('alternative-provision');
    case 'post16':
      return of('college');
    case 'earlyYears':
      return of('nursery');
    case 'elsewhere':
      return null;
  }
}

/** Placement by age, so that the whole keeps the published shares. */
function placementFor(age: number, draw: Draw): keyof typeof figures.placements {
  if (age < 5) return draw.weighted({ earlyYears: 12, mainstream: 70, special: 18 });
  if (age < 16) return draw.weighted({ mainstream: 568, special: 339, ap: 14, elsewhere: 79 });
  return draw.weighted({ post16: 62, special: age < 19 ? 26 : 0, elsewhere: age < 19 ? 12 : 38 });
}

/** By number and not by chance: a small county has the published shares too. Each measure has a prime of its own, so that none follows another. */
const spread = <K extends string>(weights: Readonly<Record<K, number>>, number: number, prime: number): K =>
  atShare(weights, evenly(number, Math.sqrt(prime)));

function castChild(scene: Scene, number: number, from: Day, age: number, draw: Draw): ChildGiven {
  const oldestBirth = addDays(from, -2 * 365);
  const year = Number(scene.today.slice(0, 4)) - age;
  const birthday = addDays(
    `${year}-${scene.today.slice(5) === '02-29' ? '02-28' : scene.today.slice(5)}`,
    -draw.whole(0, 364),
  );
  const born = birthday <= oldestBirth ? birthday : oldestBirth;
  return {
    number,
    born,
    from,
    sex: spread(figures.sexes, number, 7),
    need: spread(figures.needs, number, 3),
    school: schoolFor(scene.organisation, placementFor(age, draw), age, draw),
  };
}

export type Kind = 'plan' | 'refused' | 'withdrawn' | 'noPlan' | 'open';

/** Of each kind, for every plan: so that the shares of requests come out as published. */
const mix: Readonly<Record<Kind, number>> = (() => {
  const { refusedOfRequests, withdrawnOfRequests, noPlanOfAssessments, openForEachPlan } = figures;
  const open = openForEachPlan;
  const openRefused = open * 0.14;
  const noPlan = noPlanOfAssessments / (1 - noPlanOfAssessments);
  const others = 1 + noPlan + open - openRefused;
  const requests = others / (1 - refusedOfRequests - withdrawnOfRequests);
  return {
    plan: 1,
    refused: requests * refusedOfRequests - openRefused,
    withdrawn: requests * withdrawnOfRequests,
    noPlan,
    open,
  };
})();

export function kindOf(number: number, root: number): Kind {
  const total = Object.values(mix).reduce((sum, one) => sum + one, 0);
  let left = evenly(number, root) * total;
  for (const kind of ['plan', 'refused', 'open', 'withdrawn', 'noPlan'] as const) {
    left -= mix[kind];
    if (left < 0) return kind;
  }
  return 'plan';
}

/** The child of that number, whatever the size of the county: the same story, from the child's own stream. */
export function tellChild(scene: Scene, number: number, kind: Kind): void {
  const draw = new Draw(`${scene.organisation.seed}/${scene.organisation.id}/${number}`);
  switch (kind) {
    case 'plan':
      return tellChildWithPlan(scene, number, draw);
    case 'refused':
      return tellRefused(scene, number, draw);
    case 'withdrawn':
      return tellEnded(scene, number, draw);
    case 'noPlan':
      return tellNoPlan(scene, number, draw);
    case 'open':
      return tellOpen(scene, number, draw, draw.weighted(figures.openStories));
  }
}

/** A day so long ago as plans of this county are old, never before the records begin. */
function longAgo(scene: Scene, draw: Draw, atLeast: number): Day {
  const years = Number(draw.weighted(figures.yearsInPlace));
  const from = Math.max(years * 365, atLeast);
  const day = addDays(scene.today, -draw.whole(from, Math.max(from, years * 365 + 364)));
  return day < firstDay ? addDays(firstDay, draw.whole(0, 300)) : day;
}

function tellChildWithPlan(scene: Scene, number: number, draw: Draw): void {
  const pace = paceOf(daysToPlan(number, draw), draw);
  const age = Number(spread(figures.plansByAge, number, 11));
  let issued = longAgo(scene, draw, 8);
  if (addDays(issued, -pace.final) < firstDay) issued = addDays(firstDay, pace.final + draw.whole(0, 200));
  // A child of four cannot have had a plan for three years.
  const youngest = addDays(scene.today, -Math.max(0, age - 3) * 365 - 8);
  if (issued < youngest) issued = draw.day(youngest, addDays(scene.today, -8));
  if (issued > addDays(scene.today, -8)) issued = addDays(scene.today, -8);
  const from = workingDayBefore(addDays(issued, -pace.final));
  const story = new Story(scene, castChild(scene, number, from, age, draw), draw);
  const since = inUseSince(scene.today);
  if (from < since) tellImportedPlan(story, from, pace, since);
  else {
    tellRequest(story, from);
    tellAssessment(story, from, pace);
    tellPlan(story, from, pace);
  }
  tellAfterPlan(story, inUseSince(scene.today));
  story.finish();
}

function tellImportedPlan(story: Story, from: Day, pace: Pace, since: Day): void {
  const { scene, household, draw, book } = story;
  const final =
    pace.final <= 140 ? workingDayBefore(addDays(from, pace.final)) : nextWorkingDay(addDays(from, pace.final));
  const enteredOn = final > since ? nextWorkingDay(addDays(final, 1)) : since;
  const requests = askedOf(scene.organisation, household, draw, addDays(from, pace.asked));
  const { school } = household;
  const type = school === null ? 'Education otherwise than at a school' : school.kind;
  const two = book.seniors;
  const source = 'The records of the earlier system';
  tellImported(
    story,
    from,
    [
      [0, 'receiveRequest', { from: draw.chance(0.5) ? 'parent' : school === null ? 'parent' : 'school' }],
      [2, 'tellFamilyConsidering'],
      [pace.decision, 'decideToAssess'],
      [pace.asked + 2, 'askForAdvice', { requests }],
      ...requests.map(({ request }): [number, string, Record<string, unknown>] => [
        Math.max(pace.asked + 5, Math.min(pace.issue - 3, pace.asked + draw.whole(20, 50))),
        'recordAdvice',
        { request },
      ]),
      [pace.issue, 'decideToIssue', { reasons: [...phrases.reasonsToIssue] }],
      [pace.draft, 'sendDraftPlan'],
    ],
    enteredOn,
  );
  story.record(
    workingDayBefore(addDays(from, pace.placement)),
    'namePlacement',
    {
      ...(school === null ? {} : { setting: school.id }),
      type,
      reasons: ['As the records of the earlier system say.'],
    },
    { ...two, enteredOn, source },
  );
  const planVersion = addPlan(scene.organisation, book, scene.sheet, {
    kind: 'final',
    number: 1,
    madeOn: final,
    frozenOn: final,
    issuedOn: final,
    school,
    type,
  });
  story.record(final, 'issueFinalPlan', { planVersion }, { ...two, enteredOn, source });
}

/** Refused, and put away once the family's time to appeal was over. */
function tellRefused(scene: Scene, number: number, draw: Draw): void {
  const decision = paceOf(150, draw).decision;
  const appealed = draw.chance(figures.appealOfRefusals);
  const decided = workingDayBefore(longAgo(scene, draw, appealed ? 480 : 140));
  let from = workingDayBefore(addDays(decided, -decision));
  if (from < firstDay) from = nextWorkingDay(firstDay);
  const age = Math.min(
    24,
    Math.max(3, Number(draw.weighted(figures.requestsByAge)) + Math.floor(daysBetween(from, scene.today) / 365)),
  );
  const story = new Story(scene, castChild(scene, number, from, age, draw), draw);
  const since = inUseSince(scene.today);
  if (from < since) {
    const enteredOn = decided > since ? nextWorkingDay(addDays(decided, 1)) : since;
    tellImported(
      story,
      from,
      [
        [0, 'receiveRequest', { from: 'parent' }],
        [2, 'tellFamilyConsidering'],
        [Math.max(4, daysBetween(from, decided)), 'decideNotToAssess', { reasons: [...phrases.reasonsNotToAssess] }],
      ],
      enteredOn,
    );
    const closed = nextWorkingDay(addDays(decided, 130));
    story.act(closed > enteredOn ? closed : nextWorkingDay(addDays(enteredOn, 1)), 'closeAfterRefusal');
  } else {
    tellRequest(story, from, { refusedLater: true });
    tellRefusal(story, decided, appealed);
    story.act(nextWorkingDay(addDays(decided, appealed ? 420 : 130)), 'closeAfterRefusal');
  }
  if (scene.cohort !== undefined) tellCohort(story, scene.cohort);
  story.finish();
}

/** The refusal, with what the family did about it. */
export function tellRefusal(
  story: Story,
  decided: Day,
  appealed: boolean,
  how: HowDone = {},
  command = 'decideNotToAssess',
): void {
  const { draw } = story;
  const bank = command === 'decideNotToIssue' ? phrases.reasonsNotToIssue : phrases.reasonsNotToAssess;
  story.act(
    decided,
    command,
    {
      reasons: [...bank],
      evidence: [
        {
          title: 'School report',
          author: story.household.school?.name ?? 'The family’s tutor',
          date: addDays(decided, -30),
        },
      ],
    },
    how,
  );
  if (!draw.chance(figures.mediationOfRefusals) && !appealed) return;
  const asked = nextWorkingDay(addDays(decided, draw.whole(10, 35)));
  const certified = nextWorkingDay(addDays(asked, draw.whole(2, 8)));
  story.record(asked, 'recordMediationRequest');
  story.record(certified, 'recordMediationCertificate');
  if (appealed) story.record(nextWorkingDay(addDays(certified, draw.whole(5, 25))), 'recordAppeal');
}

function tellEnded(scene: Scene, number: number, draw: Draw): void {
  const since = inUseSince(scene.today);
  const from = workingDayBefore(draw.day(addDays(since, 7), addDays(scene.today, -150)));
  const story = new Story(
    scene,
    castChild(scene, number, from, Number(draw.weighted(figures.requestsByAge)) + 1, draw),
    draw,
  );
  tellRequest(story, from);
  const ends = nextWorkingDay(addDays(from, draw.whole(10, 35)));
  story.act(ends, 'withdrawRequest', {
    by: 'The parent',
    reason: 'The help that the school has begun is enough for now.',
  });
  story.finish();
}

function tellNoPlan(scene: Scene, number: number, draw: Draw): void {
  const since = inUseSince(scene.today);
  const from = workingDayBefore(draw.day(addDays(since, 7), addDays(scene.today, -300)));
  const story = new Story(
    scene,
    castChild(scene, number, from, Math.max(3, Number(draw.weighted(figures.requestsByAge)) + 1), draw),
    draw,
  );
  const pace = paceOf(150, draw);
  const refusedAfter = draw.chance(0.4) ? 111 : draw.whole(113, 160);
  tellRequest(story, from);
  tellAssessment(story, from, { ...pace, issue: refusedAfter });
  const decided = workingDayBefore(addDays(from, refusedAfter));
  tellRefusal(story, decided, false, {}, 'decideNotToIssue');
  story.act(nextWorkingDay(addDays(decided, 130)), 'closeAfterRefusal');
  story.finish();
}

/** A case that is going on: a whole story, told as far as today. */
export function tellOpen(scene: Scene, number: number, draw: Draw, stage: keyof typeof figures.openStories): void {
  const { today } = scene;
  const pace = paceOf(daysToPlan(number, draw), draw);
  const [begin, end] = stretchOf(stage, pace, draw);
  const from = workingDayBefore(addDays(today, -draw.whole(begin, Math.max(begin, end))));
  const age = Math.max(3, Number(draw.weighted(figures.requestsByAge)));
  const story = new Story(scene, castChild(scene, number, from, age, draw), draw);
  const decided = workingDayBefore(addDays(from, pace.decision));
  tellRequest(story, from, { refusedLater: stage === 'refused' });
  switch (stage) {
    case 'considering':
      break;
    case 'assessing':
      tellAssessment(story, from, pace);
      tellException(story, from, pace, decided);
      break;
    case 'drafting':
    case 'withFamily':
    case 'finalising':
      tellAssessment(story, from, pace);
      tellPlan(story, from, pace);
      break;
    case 'refused':
      tellRefusal(story, decided, draw.chance(0.3), fresh(decided, today, draw));
      break;
    case 'refusedAtOutset':
      tellRefusal(story, decided, false, fresh(decided, today, draw), 'determineNotNecessary');
      break;
    case 'planRefused': {
      const refused = workingDayBefore(addDays(from, pace.issue));
      tellAssessment(story, from, pace);
      tellRefusal(story, refused, draw.chance(0.3), fresh(refused, today, draw), 'decideNotToIssue');
      break;
    }
    case 'moved':
      story.act(nextWorkingDay(addDays(from, draw.whole(12, 28))), 'recordMove', { to: 'Harrowmoor' });
      break;
    case 'notOurs':
      story.act(nextWorkingDay(addDays(from, draw.whole(6, 12))), 'sayNotResponsible', {
        council: 'Harrowmoor',
        told: true,
      });
      break;
  }
  story.play();
  if (story.book.position === 'finalising' && draw.chance(0.5)) {
    const { school } = story.household;
    const planVersion = addPlan(scene.organisation, story.book, scene.sheet, {
      kind: 'final',
      number: 2,
      madeOn: today,
      frozenOn: null,
      issuedOn: null,
      school,
      type: school?.kind ?? 'Education otherwise than at a school',
    });
    story.book.propose('issueFinalPlan', today, { planVersion, reasons: [...phrases.reasonsForPlacement] });
  }
  if (story.book.position === 'assessing' && draw.chance(0.06)) {
    story.book.propose('relyOnException', today, {
      ground: 'exceptionalPersonalCircumstances',
      from: addDays(today, -14),
      reason: 'A parent has been in hospital for two weeks, and the child was with relatives.',
    });
  }
  story.child.finish();
}

/** A refusal of this week may still wait for whoever must approve its letter. */
const fresh = (decided: Day, today: Day, draw: Draw): HowDone =>
  daysBetween(decided, today) <= 10 && draw.chance(0.6) ? { unapproved: true } : {};

/** Between which days after the request a case stands at this stage. */
function stretchOf(stage: keyof typeof figures.openStories, pace: Pace, draw: Draw): [number, number] {
  switch (stage) {
    case 'considering':
      return [1, pace.decision - 1];
    case 'assessing':
      return [pace.decision + 1, pace.issue - 1];
    case 'drafting':
      return [pace.issue + 1, Math.max(pace.issue + 1, pace.draft - 1)];
    case 'withFamily':
      return [pace.draft + 1, pace.placement - 1];
    case 'finalising':
      return [pace.placement + 1, Math.max(pace.placement + 1, pace.final - 4)];
    case 'refused':
    case 'refusedAtOutset':
      return draw.chance(0.3) ? [pace.decision, pace.decision + 6] : [pace.decision + 5, pace.decision + 110];
    case 'planRefused':
      return draw.chance(0.4) ? [pace.issue, pace.issue + 6] : [pace.issue + 5, pace.issue + 110];
    case 'moved':
    case 'notOurs':
      return [40, 120];
  }
}

/** The summer closure where the advice was asked for inside its window; now and then a family's own misfortune. */
function tellException(story: Story, from: Day, pace: Pace, decided: Day): void {
  const { scene, draw } = story;
  const asked = nextWorkingDay(addDays(from, pace.asked));
  const closure = longClosures(scene.organisation.terms).find(
    (one) => asked >= addDays(one.from, -7) && asked <= addDays(one.reopens, -8),
  );
  if (closure !== undefined) {
    story.act(nextWorkingDay(addDays(asked, 8)), 'relyOnException', {
      ground: 'settingClosed',
      from: closure.from,
      to: closure.to,
      reason: 'The school is closed for the summer, and was asked for its advice inside the window.',
    });
  } else if (draw.chance(0.05) && pace.issue - pace.decision > 30) {
    story.act(nextWorkingDay(addDays(decided, 25)), 'relyOnException', {
      ground: 'exceptionalPersonalCircumstances',
      from: addDays(decided, 10),
      reason: 'There was a death in the family, and the parents asked for time.',
    });
  }
}

import { addDays, type Day, englandBankHolidays, longClosures, toSerial, weekday } from '@send/statute';
import { nextWorkingDay, workingDayBefore } from './casebook';
import { changes } from './changes-of-plans';
import { disputes } from './disputes';
import type { ChildGiven, Grown } from './household';
import * as phrases from './phrases';
import { beforePanels } from './panel-cases';
import { addPlan } from './plan-text';
import { type Piece, Stage } from './stage';
import { askedOf, type Pace, tellAssessment, tellPlan, tellRequest } from './stories';
import type { Scene, Story } from './story';
import { suspensions } from './suspensions';

/** A named case that tests and demonstrations can point at: the same reference in every build. */
export interface SetPiece {
  readonly number: number;
  readonly what: string;
  readonly hasPlan: boolean;
  readonly tell: (scene: Scene, number: number) => void;
}

/** The latest day like this that lies far enough behind. */
function lastBefore(today: Day, days: number, found: (year: number) => readonly Day[]): Day {
  for (let year = Number(today.slice(0, 4)); year >= 2021; year -= 1) {
    const fits = found(year)
      .filter((one) => one <= addDays(today, -days))
      .at(-1);
    if (fits !== undefined) return fits;
  }
  throw new Error('The history is too short');
}

/** A bank holiday given for one that fell on a weekend: of Christmas, or of the new year. */
const substitutes = (year: number): Day[] =>
  [`${year}-01-02`, `${year}-01-03`, `${year}-12-27`, `${year}-12-28`].filter(
    (day) => englandBankHolidays.serials.has(toSerial(day)) && weekday(day) <= 2,
  );

const windowOf = (stage: Stage) => {
  const closure = longClosures(stage.scene.organisation.terms)
    .filter((one) => addDays(one.to, 150) < stage.today)
    .at(-1);
  if (closure === undefined) throw new Error('No summer is on record');
  return closure;
};

const separated: readonly Grown[] = [
  { title: 'Ms', given: 'Amara', surname: 'Vetchmere', hidden: true },
  { title: 'Mr', given: 'Teo', surname: 'Vetchmere', apart: true },
];

// prettier-ignore
const list: readonly Piece[] = [
  ['The final plan went on day 140 exactly', true, (stage) => stage.wholePlan(mondayAgo(stage, 420), 140)],
  ['The final plan went on day 141: one day late', true, (stage) => stage.wholePlan(mondayAgo(stage, 420), 141)],
  ['The six weeks end on 25 December', true, (stage) => {
    const christmas = lastBefore(stage.today, 260, (year) => [`${year}-12-25`]);
    stage.wholePlan(addDays(christmas, -42), 139, {}, 40);
  }],
  ['The 20 weeks end on a substitute bank holiday', true, (stage) => {
    const holiday = lastBefore(stage.today, 30, substitutes);
    stage.wholePlan(addDays(holiday, -140), 134);
  }],
  ['School closed for the summer, advice asked for inside the window: the exception applies', true, (stage) => summer(stage, 0, true)],
  ['Advice asked for one day before the window: no exception applies', true, (stage) => summer(stage, -8, false)],
  ['An appointment was missed: lawful lateness of the adviser, not of the council', true, (stage) => {
    const from = stage.ago(400);
    const story = stage.begin(from);
    tellRequest(story, from);
    const asked = nextWorkingDay(addDays(from, 40));
    story.act(workingDayBefore(addDays(from, 37)), 'decideToAssess');
    const requests = askedOf(stage.scene.organisation, story.household, stage.draw, asked);
    story.act(asked, 'askForAdvice', { requests });
    const psychology = requests.find((one) => one.kind === 'psychology')?.request ?? '';
    const missed = nextWorkingDay(addDays(asked, 30));
    story.act(nextWorkingDay(addDays(missed, 2)), 'relyOnException', {
      ground: 'missedAppointment', from: missed, to: addDays(missed, 21), request: psychology, reason: 'The child was ill on the day of the appointment with the psychologist.',
    });
    for (const { request } of requests) story.act(nextWorkingDay(addDays(asked, request === psychology ? 60 : 30)), 'recordAdvice', { request });
    tellPlan(story, from, { decision: 37, asked: 40, issue: 115, draft: 120, placement: 155, final: 162 });
    story.finish();
  }],
  ['Refused; after mediation the council agreed to assess', true, (stage) => {
    const from = stage.ago(430);
    const story = stage.begin(from);
    tellRequest(story, from, { refusedLater: true });
    const decided = workingDayBefore(addDays(from, 40));
    refuse(story, decided);
    story.record(nextWorkingDay(addDays(decided, 20)), 'recordMediationRequest');
    const agreed = nextWorkingDay(addDays(decided, 45));
    story.record(agreed, 'recordMediationAgreement', { agreed: 'assess' });
    afterReversal(story, agreed);
    story.finish();
  }],
  ['Refused; the appeal was conceded', true, (stage) => {
    const from = stage.ago(520);
    const story = stage.begin(from);
    tellRequest(story, from, { refusedLater: true });
    const decided = workingDayBefore(addDays(from, 39));
    refuse(story, decided);
    story.record(nextWorkingDay(addDays(decided, 15)), 'recordMediationRequest');
    story.record(nextWorkingDay(addDays(decided, 22)), 'recordMediationCertificate');
    story.record(nextWorkingDay(addDays(decided, 45)), 'recordAppeal');
    const conceded = nextWorkingDay(addDays(decided, 80));
    story.record(conceded, 'recordConcession');
    afterReversal(story, conceded);
    story.finish();
  }],
  ['Refused; the appeal was withdrawn and the case closed', false, (stage) => {
    const from = stage.ago(500);
    const story = stage.begin(from);
    tellRequest(story, from, { refusedLater: true });
    const decided = workingDayBefore(addDays(from, 41));
    refuse(story, decided);
    story.record(nextWorkingDay(addDays(decided, 15)), 'recordMediationRequest');
    story.record(nextWorkingDay(addDays(decided, 21)), 'recordMediationCertificate');
    story.record(nextWorkingDay(addDays(decided, 40)), 'recordAppeal');
    story.act(nextWorkingDay(addDays(decided, 200)), 'closeAfterRefusal');
    story.finish();
  }],
  ['Assessed and refused a plan; the family appeals', false, (stage) => {
    const from = stage.ago(230);
    const story = stage.begin(from);
    tellRequest(story, from);
    tellAssessment(story, from, { decision: 36, asked: 39, issue: 108 });
    const decided = workingDayBefore(addDays(from, 110));
    refuse(story, decided, 'decideNotToIssue');
    story.record(nextWorkingDay(addDays(decided, 18)), 'recordMediationRequest');
    story.record(nextWorkingDay(addDays(decided, 25)), 'recordMediationCertificate');
    story.record(nextWorkingDay(addDays(decided, 44)), 'recordAppeal');
    story.finish();
  }],
  ['Moved in during the assessment of another council, which sent its record', false, (stage) => {
    const from = stage.ago(75);
    const story = stage.begin(from);
    const entered = { enteredOn: stage.ago(25), source: 'The record of Harrowmoor', ...story.book.seniors };
    story.record(from, 'receiveRequest', { from: 'parent' }, entered);
    story.record(nextWorkingDay(addDays(from, 3)), 'tellFamilyConsidering', {}, entered);
    story.record(workingDayBefore(addDays(from, 35)), 'decideToAssess', {}, entered);
    story.act(stage.ago(20), 'askForAdvice', { requests: askedOf(stage.scene.organisation, story.household, stage.draw, stage.ago(20)) });
    story.finish();
  }],
  ['Moved out to another county during the assessment', false, (stage) => ended(stage, 120, 'recordMove', { to: 'Harrowmoor' })],
  ['Moved abroad during the assessment', false, (stage) => ended(stage, 140, 'recordMove', { to: 'Outside the United Kingdom' })],
  ['Another council is responsible', false, (stage) => ended(stage, 60, 'sayNotResponsible', { council: 'Harrowmoor', told: true }, false)],
  ['The child died: no letter goes any more', false, (stage) => ended(stage, 90, 'recordDeath', {})],
  ['A young person who turns 25 next May', true, (stage) => {
    const year = Number(stage.today.slice(0, 4)) - 24 + (stage.today.slice(5) > '05-16' ? 0 : -1);
    stage.wholePlan(stage.ago(600), 135, { born: `${year}-05-16`, school: stage.school('college'), need: 'ASD' });
  }],
  ['A young person in custody: no school is on the roll', true, (stage) =>
    stage.wholePlan(stage.ago(380), 138, { born: addDays(stage.today, -6200), school: null, need: 'SEMH' })],
  ['Separated parents, one address not to be shared', true, (stage) => stage.wholePlan(stage.ago(330), 130, { surname: 'Vetchmere', adults: separated })],
  ['The name of these parents is that of another family: the first', true, (stage) => sharedName(stage, 'Kestrel', ['Mr', 'Ms'])],
  ['The name of these parents is that of another family: the second', false, (stage) => open(stage, 60, { surname: 'Quillgarth', given: 'Rafi', adults: [{ title: 'Mr', given: 'Idris', surname: 'Quillgarth' }, { title: 'Ms', given: 'Kasia', surname: 'Quillgarth' }] })],
  ['Twins: the first', false, (stage) => open(stage, 55, twin(stage, 'Ines'))],
  ['Twins: the second', false, (stage) => open(stage, 55, twin(stage, 'Elio'))],
  ['A surname of 60 characters', false, (stage) => open(stage, 30, { surname: 'Featherstonehaugh-Cholmondeley-Throckmorton-Vanterpool-Quill', given: 'Wilhelmina' })],
  ['Accents and marks in the name', false, (stage) => open(stage, 20, { given: 'Zoë-Noémie', surname: 'Nguyễn-Łukasz', adults: [{ title: 'Ms', given: 'Noémie', surname: 'Nguyễn', language: 'vi', interpreter: 'Vietnamese' }] })],
  ['Known by a name in another script', false, (stage) => open(stage, 25, { given: 'Yusra', knownAs: 'يسرى', surname: 'Umberfold', adults: [{ title: 'Mrs', language: 'ar', interpreter: 'Arabic' }] })],
  ['A name of one letter, and an apostrophe', false, (stage) => open(stage, 35, { given: 'J', surname: 'O’Marram-Law' })],
  ['A changed surname', false, (stage) => open(stage, 45, { surname: 'Yarrowby', previousNames: ['Quinn Embershaw'], given: 'Quinn' })],
  ['A looked-after child: who receives letters was decided', true, (stage) =>
    stage.wholePlan(stage.ago(290), 136, { lookedAfter: true, adults: [{ title: 'Ms', receives: ['all'] }, { title: 'Mr', kind: 'foster-carer', responsibility: 'no', receives: ['all'], apart: true }] })],
  ['A child of a service family', true, (stage) => stage.wholePlan(stage.ago(260), 139, { serviceFamily: true })],
  ['A child without a unique pupil number', false, (stage) => open(stage, 15, { withoutUpn: true, school: stage.school('nursery') })],
  ['One parent’s responsibility is not known: nothing is sent to them yet', false, (stage) =>
    open(stage, 33, { adults: [{ title: 'Ms' }, { title: 'Mr', responsibility: 'not-known', apart: true }] })],
  ['A court limited one parent’s responsibility, and nothing is decided yet', false, (stage) =>
    open(stage, 38, { adults: [{ title: 'Mr' }, { title: 'Ms', responsibility: 'court-limited', apart: true }] })],
  ['A step-parent without parental responsibility', false, (stage) =>
    open(stage, 28, { adults: [{ title: 'Ms' }, { title: 'Mr', kind: 'step-parent', responsibility: 'no' }] })],
  ['An exception waits for its second person', false, (stage) => {
    const story = assessing(stage, 70);
    story.book.propose('relyOnException', stage.today, {
      ground: 'exceptionalPersonalCircumstances', from: addDays(stage.today, -20), reason: 'The mother has been in hospital since the start of the month.',
    });
    story.book.finish();
  }],
  ['A final plan waits for its second person', false, (stage) => {
    const from = stage.ago(133);
    const story = stage.begin(from);
    tellRequest(story, from);
    tellAssessment(story, from, { decision: 37, asked: 40, issue: 84 });
    tellPlan(story, from, { decision: 37, asked: 40, issue: 86, draft: 90, placement: 128, final: 300 });
    story.play();
    const { school } = story.household;
    const planVersion = addPlan(stage.scene.organisation, story.book, stage.scene.sheet, {
      kind: 'final', number: 2, madeOn: stage.today, frozenOn: null, issuedOn: null, school, type: school?.kind ?? 'Education otherwise than at a school',
    });
    story.book.propose('issueFinalPlan', stage.today, { planVersion, reasons: [...phrases.reasonsForPlacement] });
    story.book.finish();
  }],
  ['A refusal whose letter waits for approval', false, (stage) => {
    const from = stage.ago(41);
    const story = stage.begin(from);
    tellRequest(story, from, { refusedLater: true });
    story.act(stage.ago(1), 'decideNotToAssess', { reasons: [...phrases.reasonsNotToAssess], evidence: [] }, { unapproved: true });
    story.finish();
  }],
  ['Withdrawn by the parent', false, (stage) => ended(stage, 100, 'withdrawRequest', { by: 'The parent', reason: 'The school’s help is enough for now.' }, false)],
  ['Earlier advice was used with all three agreements', false, (stage) => {
    const from = stage.ago(80);
    const story = stage.begin(from);
    tellRequest(story, from);
    story.act(workingDayBefore(addDays(from, 35)), 'decideToAssess');
    const [first, ...others] = askedOf(stage.scene.organisation, story.household, stage.draw, addDays(from, 39));
    if (first === undefined) throw new Error('Nobody is asked');
    story.act(nextWorkingDay(addDays(from, 39)), 'reuseAdvice', {
      request: first.request, adviser: first.adviser, kind: first.kind, adviceDate: addDays(from, -40), authorAgrees: true, authorityAgrees: true, familyAgrees: true,
    });
    story.act(nextWorkingDay(addDays(from, 40)), 'askForAdvice', { requests: others });
    story.finish();
  }],
  ['An assessment of today', false, (stage) => open(stage, 0, {})],
];

export const setPieces: readonly SetPiece[] = [...list, ...disputes, ...changes, ...suspensions, ...beforePanels].map(
  ([what, hasPlan, tell], at) => ({
    number: at + 1,
    what,
    hasPlan,
    tell: (scene, number) => tell(new Stage(scene, number)),
  }),
);

/** Day 140 of a request on a Monday is a Monday, and day 141 a Tuesday; neither may be a bank holiday. */
function mondayAgo(stage: Stage, days: number): Day {
  for (let from = addDays(stage.today, -days); ; from = addDays(from, -1)) {
    const works = (after: number): boolean => nextWorkingDay(addDays(from, after)) === addDays(from, after);
    if (weekday(from) === 1 && works(0) && works(140) && works(141)) return from;
  }
}

function summer(stage: Stage, before: number, relied: boolean): void {
  const closure = windowOf(stage);
  // The window begins one week before the school shuts.
  const asked = before === 0 ? nextWorkingDay(closure.from) : workingDayBefore(addDays(closure.from, before));
  const from = workingDayBefore(addDays(asked, -35));
  const story = stage.begin(from);
  tellRequest(story, from);
  story.act(workingDayBefore(addDays(asked, -3)), 'decideToAssess');
  const requests = askedOf(stage.scene.organisation, story.household, stage.draw, asked);
  story.act(asked, 'askForAdvice', { requests });
  if (relied) {
    story.act(nextWorkingDay(addDays(asked, 6)), 'relyOnException', {
      ground: 'settingClosed',
      from: closure.from,
      to: closure.to,
      reason: 'The school shut for the summer, and its advice was asked for inside the window.',
    });
  }
  for (const { request, kind } of requests) {
    story.act(nextWorkingDay(addDays(asked, kind === 'education' ? 62 : 38)), 'recordAdvice', { request });
  }
  tellPlan(story, from, { decision: 32, asked: 35, issue: 108, draft: 112, placement: 148, final: 156 });
  story.finish();
}

function refuse(story: Story, decided: Day, command = 'decideNotToAssess'): void {
  story.act(decided, command, {
    reasons: [...(command === 'decideNotToIssue' ? phrases.reasonsNotToIssue : phrases.reasonsNotToAssess)],
    evidence: [{ title: 'School report', author: 'The school', date: addDays(decided, -30) }],
  });
}

/** The assessment and the plan that follow an agreement or a concession. */
function afterReversal(story: Story, agreed: Day): void {
  const pace: Pace = { decision: 7, asked: 12, issue: 60, draft: 63, placement: 95, final: 98 };
  // The family was told by hand: the position is one of assessing already, and takes the decision as a record only.
  story.record(nextWorkingDay(addDays(agreed, pace.decision)), 'decideToAssess', {
    reasons: [phrases.reasonsToAssess[2]],
  });
  tellAssessment(story, agreed, pace, false);
  tellPlan(story, agreed, pace);
}

function ended(stage: Stage, days: number, command: string, fields: Record<string, unknown>, assessed = true): void {
  const from = stage.ago(days);
  const story = stage.begin(from);
  tellRequest(story, from);
  const ends = assessed ? nextWorkingDay(addDays(from, 58)) : nextWorkingDay(addDays(from, 20));
  if (assessed) {
    story.act(workingDayBefore(addDays(from, 38)), 'decideToAssess');
    story.act(nextWorkingDay(addDays(from, 41)), 'askForAdvice', {
      requests: askedOf(stage.scene.organisation, story.household, stage.draw, addDays(from, 41)),
    });
  }
  story.act(ends, command, fields);
  story.finish();
}

function assessing(stage: Stage, days: number, more: Partial<ChildGiven> = {}): Story {
  const from = stage.ago(days);
  const story = stage.begin(from, more);
  tellRequest(story, from);
  tellAssessment(story, from, { decision: 36, asked: 39, issue: 105 });
  story.play();
  return story;
}

function open(stage: Stage, days: number, more: Partial<ChildGiven>): void {
  assessing(stage, days, more).book.finish();
}

function sharedName(stage: Stage, given: string, titles: readonly string[]): void {
  stage.wholePlan(stage.ago(310), 137, {
    surname: 'Quillgarth',
    given,
    adults: titles.map((title, at): Grown => ({ title, given: at === 0 ? 'Idris' : 'Kasia', surname: 'Quillgarth' })),
  });
}

const twin = (stage: Stage, given: string): Partial<ChildGiven> => ({
  given,
  surname: 'Lanternwick',
  born: addDays(stage.today, -2555),
  adults: [{ title: 'Ms', given: 'Uma', surname: 'Lanternwick' }],
});

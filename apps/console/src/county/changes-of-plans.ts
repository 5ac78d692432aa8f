import { addDays, type Day } from '@send/statute';
import * as phrases from './phrases';
import { after, Course, type Piece, type Stage } from './stage';
import { askedOf } from './stories';
import type { Story } from './story';

const reasons = ['The needs have changed since the plan was made, as the school and the family both say.'];
const why = ['The last two reviews say that the support in the plan is no longer used.'];
const noLonger = ['Every outcome in the plan was reached, and the school gives all the help that is needed.'];

/** A young person of that age today. */
const aged = (stage: Stage, years: number): Day => addDays(stage.today, -Math.round(years * 365.25) - 40);

/** Ending a plan is thought of after that many days of it, and both sides are asked. */
function ceasing(stage: Stage, days: number): { story: Story; consulted: Day; course: Course } {
  const story = stage.planned(250, { born: aged(stage, 17), school: stage.school('college') });
  const considered = stage.ago(days);
  const consulted = after(considered, 6);
  const course = new Course(story, 'cease-to-maintain').begin(considered, 'startCeasing', { ground: 'not-necessary' });
  course.record(consulted, 'consultOnCeasing', { why, replyBy: after(consulted, 21) });
  return { story, consulted, course };
}

function decided(stage: Stage, days: number): { story: Story; on: Day; course: Course } {
  const { story, consulted, course } = ceasing(stage, days + 40);
  course.record(after(consulted, 10), 'recordCeasingViews', {
    from: 'family',
    summary: 'They would like the plan to go on.',
  });
  course.record(after(consulted, 16), 'recordCeasingViews', {
    from: 'setting',
    summary: 'The college agrees that it can end.',
  });
  const on = stage.ago(days);
  course.record(on, 'decideToCease', { ground: 'not-necessary', age: 17, reasons: noLonger });
  return { story, on, course };
}

function reassessing(stage: Stage, days: number): { story: Story; asked: Day; course: Course } {
  const story = stage.planned(280);
  const asked = stage.ago(days);
  const course = new Course(story, 'reassessment').begin(asked, 'receiveReassessmentRequest', { from: 'parent' });
  return { story, asked, course };
}

/** The September after the next school year begins: where children in a year of transfer move. */
const yearOfMove = (today: Day): number => Number(today.slice(0, 4)) + (today.slice(5) >= '09-01' ? 1 : 0);

/** A child who is in year 6 now, with the move begun in autumn, or as many days ago as there are since. */
function moving(stage: Stage): { story: Story; began: Day; course: Course } {
  const year = yearOfMove(stage.today);
  const story = stage.planned(230, { born: `${year - 11}-02-14`, school: stage.school('primary') });
  const began = stage.ago(60);
  const leaves = story.household.school?.id;
  const course = new Course(story, 'phase-transfer').begin(began, 'startPhaseTransfer', {
    year,
    phase: 'primary-to-secondary',
    ...(leaves === undefined ? {} : { leaves }),
  });
  return { story, began, course };
}

function amending(stage: Stage, days: number): { story: Story; sent: Day; course: Course } {
  const story = stage.planned(200);
  const sent = stage.ago(days);
  const course = new Course(story, 'amendment').begin(sent, 'proposeAmendments', {
    reasons,
    amendments: ['Section F: speech and language therapy is given for 45 minutes instead of 30 minutes each week.'],
  });
  return { story, sent, course };
}

const council = 'Harrowmoor';

function movedIn(stage: Stage, days: number): { story: Story; course: Course; on: Day } {
  const on = stage.ago(days);
  const story = stage.begin(on);
  const course = new Course(story, 'authority-transfer').begin(on, 'startMoveIn', { movedOn: on, council });
  return { story, course, on };
}

/** What becomes of plans between reviews. */
// prettier-ignore
export const changes: readonly Piece[] = [
  ['Ending the plan is considered; family and setting are asked', true, (stage) => ceasing(stage, 12).story.finish()],
  ['It is decided to end the plan; the family can still appeal', true, (stage) => decided(stage, 25).story.finish()],
  ['It is decided to end the plan; the family appeals, and the plan goes on', true, (stage) => {
    const { story, on, course } = decided(stage, 70);
    course.record(after(on, 12), 'recordMediationRequest');
    course.record(after(on, 20), 'recordMediationCertificate');
    course.record(after(on, 44), 'recordAppeal');
    story.finish();
  }],
  ['The plan ended when the time to appeal was over', false, (stage) => {
    const { story, on, course } = decided(stage, 110);
    course.record(after(on, 75), 'endPlan', { support: ['The college goes on giving the help that every student can have.'] });
    story.finish();
  }],
  ['It was considered to end the plan, and decided that it goes on', true, (stage) => {
    const { story, consulted, course } = ceasing(stage, 60);
    course.record(after(consulted, 28), 'decideNotToCease', { reasons: ['The outcomes of the plan are not reached yet.'] });
    story.finish();
  }],
  ['A new assessment is asked for, and to be decided', true, (stage) => reassessing(stage, 9).story.finish()],
  ['A new assessment was refused', true, (stage) => {
    const { story, asked, course } = reassessing(stage, 40);
    course.record(after(asked, 13), 'decideNotToReassess', { ground: 'not-necessary', reasons: ['The needs are those that the plan describes, as the last review found.'] });
    story.finish();
  }],
  ['A new assessment is under way: advice is asked for', true, (stage) => {
    const { story, asked, course } = reassessing(stage, 50);
    course.record(after(asked, 12), 'decideToReassess', { reasons });
    const on = after(asked, 15);
    const requests = askedOf(stage.scene.organisation, story.household, stage.draw, on);
    course.record(on, 'askForAdvice', { requests });
    course.record(after(on, 20), 'recordAdvice', { request: requests[0]?.request ?? '' });
    story.finish();
  }],
  ['A new assessment led to a changed plan', true, (stage) => {
    const { story, asked, course } = reassessing(stage, 150);
    course.record(after(asked, 12), 'decideToReassess', { reasons });
    course.record(after(asked, 70), 'decideToChangePlan', { reasons });
    course.record(after(asked, 74), 'sendDraftPlan');
    const school = story.household.school;
    course.record(after(asked, 94), 'namePlacement', { ...(school === null ? {} : { setting: school.id }), type: school?.kind ?? 'School', reasons: [...phrases.reasonsForPlacement] });
    course.record(after(asked, 98), 'issueReassessedPlan', { changesFOrI: true });
    story.finish();
  }],
  ['The family will move to another county', true, (stage) => {
    const story = stage.planned(190);
    new Course(story, 'authority-transfer').begin(stage.ago(9), 'startMoveOut', { movesOn: after(stage.today, 20), council, what: 'plan' });
    story.finish();
  }],
  ['The family moved to another county, and the plan with it', false, (stage) => {
    const story = stage.planned(240);
    const known = stage.ago(50);
    const moves = after(known, 20);
    new Course(story, 'authority-transfer')
      .begin(known, 'startMoveOut', { movesOn: moves, council, what: 'plan' })
      .record(moves, 'transferPlan', { council, madeOrReviewedOn: stage.ago(240), papers: ['The plan', 'All the advice'] });
    story.finish();
  }],
  ['Moved in with a plan; the papers have not come', false, (stage) => movedIn(stage, 14).story.finish()],
  ['Moved in with a plan, and the family was told what follows', false, (stage) => {
    const { story, course, on } = movedIn(stage, 60);
    course.record(after(on, 6), 'receivePlan', { council, madeOrReviewedOn: addDays(on, -200) });
    course.record(after(on, 12), 'tellPartnersOfTransfer');
    course.record(after(on, 20), 'informFamilyOfTransfer', { assessmentProposed: false, reviewBy: after(stage.today, 30) });
    story.finish();
  }],
  ['Next September’s move has begun; nothing has come yet', true, (stage) => moving(stage).story.finish()],
  ['Next September’s move: the family has said which school it would like', true, (stage) => {
    const { story, began, course } = moving(stage);
    course.record(after(began, 20), 'recordPreference', { setting: stage.school('secondary').id, words: 'A small school, near home.' });
    story.finish();
  }],
  ['Next September’s move: the review was held, and the changes are with the family', true, (stage) => {
    const { story, began, course } = moving(stage);
    const setting = stage.school('secondary').id;
    course.record(after(began, 14), 'recordPreference', { setting });
    const review = new Course(story, 'annual-review');
    review.record(after(began, 20), 'recordReviewMeeting', { provisionDelivered: 'in-full' });
    review.record(after(began, 28), 'recordReport', { recommends: 'amend' });
    review.record(after(began, 38), 'proposeAmendments', { reasons, enclosed: true });
    story.finish();
  }],
  ['Next September’s move: the plan names the next school already', true, (stage) => {
    const { story, began, course } = moving(stage);
    const setting = stage.school('secondary').id;
    course.record(after(began, 4), 'recordPreference', { setting });
    const review = new Course(story, 'annual-review');
    review.record(after(began, 8), 'recordReviewMeeting', { provisionDelivered: 'in-part' });
    review.record(after(began, 14), 'recordReport', { recommends: 'amend' });
    review.record(after(began, 18), 'proposeAmendments', { reasons, enclosed: true });
    review.record(after(began, 44), 'issueAmendedPlan', { changesFOrI: true, setting });
    story.finish();
  }],
  ['A change of the plan outside a review is with the family', true, (stage) => amending(stage, 8).story.finish()],
  ['A change of the plan outside a review was made', true, (stage) => {
    const { story, sent, course } = amending(stage, 70);
    course.record(after(sent, 24), 'issueAmendedPlan', { changesFOrI: true });
    story.finish();
  }],
  ['A change of the plan was not made, and the family asks for mediation', true, (stage) => {
    const { story, sent, course } = amending(stage, 60);
    course.record(after(sent, 26), 'decideNotToAmend', { reasons: ['The school gives the longer session already, and the plan allows it.'] });
    course.record(after(sent, 45), 'recordMediationRequest');
    story.finish();
  }],
];

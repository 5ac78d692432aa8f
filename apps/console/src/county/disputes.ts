import type { Day } from '@send/statute';
import * as phrases from './phrases';
import { after, Course, type Piece, type Stage } from './stage';
import { tellAssessment, tellRequest } from './stories';
import type { Story } from './story';

const conceded = [
  'We now agree that the help asked for is needed, and that the plan must say how much of it there is.',
];
const childsViews = 'The child says that mornings are hard, and that the quiet room helps.';

/** A refusal to assess that many days ago, and the appeal that the family turns it into. */
function refused(stage: Stage, days: number): { story: Story; decided: Day; appeal: Course } {
  const decided = stage.ago(days);
  const from = stage.ago(days + 38);
  const story = stage.begin(from);
  tellRequest(story, from, { refusedLater: true });
  story.act(decided, 'decideNotToAssess', {
    reasons: [...phrases.reasonsNotToAssess],
    evidence: [{ title: 'School report', author: 'The school', date: stage.ago(days + 30) }],
  });
  return { story, decided, appeal: new Course(story, 'appeal') };
}

/** A plan that many days old, whose contents the family disputes. */
function disputed(stage: Stage, days: number): { story: Story; issued: Day; appeal: Course } {
  const story = stage.planned(days);
  return { story, issued: stage.ago(days), appeal: new Course(story, 'appeal') };
}

/** Asked for, certified, lodged and registered, as the record of the deciding process and of the appeal. */
function appealed(story: Story, appeal: Course, decided: Day, reference: string): void {
  const registered = after(decided, 52);
  story.record(after(decided, 12), 'recordMediationRequest');
  story.record(after(decided, 20), 'recordMediationCertificate');
  story.record(after(decided, 45), 'recordAppeal');
  appeal.record(registered, 'recordAppealRegistered', { reference, responseDueOn: after(registered, 30) });
  appeal.record(registered, 'recordAppealPapers');
}

function heard(appeal: Course, decided: Day): void {
  appeal.record(after(decided, 78), 'sendResponse', { opposed: 'in-part', childsViews });
  appeal.record(after(decided, 80), 'recordHearingFixed', { hearingOn: after(decided, 150) });
  appeal.record(after(decided, 150), 'recordHearing');
}

/** Every state that a disagreement can be in. */
// prettier-ignore
export const disputes: readonly Piece[] = [
  ['Refused; the family asks for mediation, and waits for its day', false, (stage) => {
    const { story, decided, appeal } = refused(stage, 30);
    story.record(after(decided, 15), 'recordMediationRequest');
    appeal.today('acknowledgeMediation');
    story.finish();
  }],
  ['The family disputes the plan; the day of the mediation is fixed', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 40);
    story.record(after(issued, 20), 'recordMediationRequest');
    appeal.record(after(issued, 22), 'acknowledgeMediation');
    appeal.record(after(issued, 25), 'planMediation', { meetingOn: after(issued, 48), time: '10am', place: 'Levelham Library' });
    story.finish();
  }],
  ['Refused; mediation is over, and the certificate is there', false, (stage) => {
    const { story, decided } = refused(stage, 44);
    story.record(after(decided, 10), 'recordMediationRequest');
    story.record(after(decided, 30), 'recordMediationCertificate');
    story.finish();
  }],
  ['An appeal is registered, and our response is due', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 70);
    appealed(story, appeal, issued, 'EH999/26/10001');
    appeal.record(after(issued, 54), 'acknowledgeAppeal');
    story.finish();
  }],
  ['An appeal against a refusal is registered, and our response is due', false, (stage) => {
    const { story, decided, appeal } = refused(stage, 66);
    appealed(story, appeal, decided, 'EH999/26/10002');
    story.finish();
  }],
  ['The hearing is fixed, and the Tribunal has directed two steps', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 120);
    appealed(story, appeal, issued, 'EH999/26/10003');
    appeal.record(after(issued, 78), 'sendResponse', { opposed: 'yes', childsViews });
    const directed = after(issued, 84);
    appeal.record(directed, 'recordHearingFixed', { hearingOn: after(issued, 160) });
    appeal.record(directed, 'recordDirection', { step: stage.draw.id(directed), kind: 'evidence', what: 'Send any further evidence', dueOn: after(issued, 130) });
    appeal.record(directed, 'recordDirection', { step: stage.draw.id(directed), kind: 'bundle', what: 'Send the bundle', dueOn: after(issued, 140) });
    story.finish();
  }],
  ['An order to change the plan is made, and not yet carried out', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 175);
    appealed(story, appeal, issued, 'EH999/26/10004');
    heard(appeal, issued);
    appeal.record(after(issued, 160), 'recordOrder', { order: 'amend-plan', terms: ['The plan is to say that speech and language therapy is given for one hour each week.'] });
    story.finish();
  }],
  ['An order to change the plan was carried out in time', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 260);
    appealed(story, appeal, issued, 'EH999/26/10005');
    heard(appeal, issued);
    appeal.record(after(issued, 160), 'recordOrder', { order: 'amend-plan' });
    appeal.record(after(issued, 190), 'issueAmendedPlan', { changesFOrI: true });
    story.finish();
  }],
  ['An order with recommendations for health, which has not answered', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 182);
    appealed(story, appeal, issued, 'EH999/26/10006');
    heard(appeal, issued);
    appeal.record(after(issued, 162), 'recordOrder', { order: 'amend-plan' });
    appeal.record(after(after(issued, 162), 1), 'recordRecommendation', { body: 'health', what: ['Occupational therapy should be offered once a fortnight.'] });
    story.finish();
  }],
  ['The Tribunal ordered an assessment, which is under way', false, (stage) => {
    const { story, decided, appeal } = refused(stage, 215);
    appealed(story, appeal, decided, 'EH999/26/10007');
    heard(appeal, decided);
    const ordered = after(decided, 165);
    appeal.record(ordered, 'recordOrder', { order: 'assess' });
    story.record(after(ordered, 8), 'decideToAssess', { reasons: [phrases.reasonsToAssess[0]] });
    tellAssessment(story, ordered, { decision: 8, asked: 12, issue: 90 }, false);
    story.finish();
  }],
  ['We conceded the appeal, and the plan is being changed', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 90);
    appealed(story, appeal, issued, 'EH999/26/10008');
    appeal.record(after(issued, 75), 'concedeAppeal', { reasons: conceded });
    story.finish();
  }],
  ['The appeal was withdrawn', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 150);
    appealed(story, appeal, issued, 'EH999/26/10009');
    appeal.record(after(issued, 100), 'recordAppealWithdrawn');
    story.finish();
  }],
  ['Mediation agreed a change of the plan, which is still to be made', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 55);
    story.record(after(issued, 14), 'recordMediationRequest');
    appeal.record(after(issued, 38), 'recordMediationAgreement', { agreed: 'amend-plan' });
    story.finish();
  }],
  ['Mediation agreed two things that cannot be appealed; one is done', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 75);
    const [first, second] = [stage.draw.id(issued), stage.draw.id(issued)];
    story.record(after(issued, 14), 'recordMediationRequest');
    appeal.record(after(issued, 38), 'recordMediationAgreement', { agreed: 'other', actions: [
      { action: first, what: 'The caseworker rings the family every month', dueOn: after(issued, 60) },
      { action: second, what: 'The school visits the family’s choice of sixth form', dueOn: after(issued, 110) },
    ] });
    appeal.record(after(issued, 58), 'recordAgreedActionDone', { action: first });
    story.finish();
  }],
  ['Mediation took place and agreed nothing: the certificate is there', true, (stage) => {
    const { story, issued, appeal } = disputed(stage, 62);
    story.record(after(issued, 14), 'recordMediationRequest');
    appeal.record(after(issued, 40), 'recordMediationEnded', { summary: 'The parent, the caseworker and a manager who may decide' });
    story.record(after(issued, 42), 'recordMediationCertificate');
    story.finish();
  }],
];

import { addDays, type Day } from '@send/statute';
import { nextWorkingDay, workingDayBefore } from './casebook';
import type { PanelOnRecord } from './panels-of-county';
import * as phrases from './phrases';
import { Course, type Piece, type Stage } from './stage';
import { tellAssessment, tellRequest } from './stories';
import type { Story } from './story';

type Way = 'agree' | 'agree-with-conditions' | 'do-not-agree';

interface Before {
  readonly stage: Stage;
  readonly story: Story;
  readonly course: Course;
  readonly panel: PanelOnRecord;
  readonly meetsOn: Day;
  readonly from: Day;
}

/** A request that its panel is asked about: `at` is the sitting, the first two of them past. */
function asked(stage: Stage, at: number): Before {
  const { panels } = stage.scene.organisation;
  const panel = panels[stage.number % panels.length];
  const sitting = panel?.sittings[at];
  if (panel === undefined || sitting === undefined) throw new Error('There is no such panel');
  const from = workingDayBefore(addDays(sitting.meetsOn < stage.today ? sitting.meetsOn : stage.today, -20));
  const story = stage.begin(from);
  tellRequest(story, from);
  const referred = nextWorkingDay(addDays(from, 5));
  const course = new Course(story, 'panel-decision').begin(referred, 'referToPanel', {
    panel: panel.id,
    question: 'Is an assessment necessary?',
    legalTest: panel.legalTest,
    fromRun: story.book.runId,
  });
  return { stage, story, course, panel, meetsOn: sitting.meetsOn, from };
}

/** Its paper is written, ready or not; then it is put on the agenda. */
function listed(stage: Stage, at: number, ready = true): Before {
  const before = asked(stage, at);
  const { story, course, panel, from, meetsOn } = before;
  const sitting = panel.sittings[at];
  const on = nextWorkingDay(addDays(from, 8));
  if (ready && sitting !== undefined)
    course.record(on, 'putOnAgenda', {
      sitting: sitting.id,
      meetsOn,
      time: sitting.time,
      place: sitting.place,
      viewsBy: sitting.packReadyBy > on ? sitting.packReadyBy : meetsOn,
      attendees: ['Chair', 'Head teacher', 'Educational psychologist', 'Parent representative'],
    });
  story.play();
  stage.scene.sheet.add('panels.paper', {
    run_id: course.of()?.runId,
    authority_id: stage.scene.organisation.id,
    summary:
      'The school has given extra help for four terms. Speech and reading are still far behind, and the family asks for an assessment.',
    options: ['Assess', 'Do not assess, and say which help the school can draw on'],
    ready_on: ready ? on : null,
    written_by: story.household.caseworker.id,
  });
  return before;
}

const reasons = [phrases.reasonsToAssess[0], phrases.reasonsToAssess[1]].filter((one) => one !== undefined);

function heard(stage: Stage, at: number, recommendation: Way): Before {
  const before = listed(stage, at);
  const { course, panel, meetsOn } = before;
  const [senior] = stage.scene.organisation.seniors;
  const by = senior === undefined ? {} : { by: senior };
  course.record(meetsOn, 'notePanelHeard', {}, by);
  course.record(
    meetsOn,
    'recordPanelRecommendation',
    {
      recommendation,
      legalTest: panel.legalTest,
      criteriaVersion: panel.criteriaVersion,
      reasons: recommendation === 'do-not-agree' ? [...phrases.reasonsNotToAssess] : reasons,
      evidence: ['The report of the school', 'The letter of the parent'],
      ...(recommendation === 'agree-with-conditions'
        ? { conditions: ['The speech therapist is asked for advice too.'] }
        : {}),
      actions: [{ what: 'Tell the school what the panel said', owner: 'The caseworker', dueBy: addDays(meetsOn, 14) }],
    },
    by,
  );
  return before;
}

/** Signed by somebody else than who wrote the recommendation down; then the council's own decision in the case. */
function decided(stage: Stage, recommendation: Way): void {
  const { story, course, panel, meetsOn, from } = heard(stage, 0, recommendation);
  const [, by, confirmedBy] = stage.scene.organisation.seniors;
  const refuses = recommendation === 'do-not-agree';
  course.record(
    nextWorkingDay(addDays(meetsOn, 1)),
    'signPanelDecision',
    {
      decision: recommendation,
      legalTest: panel.legalTest,
      criteriaVersion: panel.criteriaVersion,
      reasons: refuses ? [...phrases.reasonsNotToAssess] : reasons,
      ...(recommendation === 'agree-with-conditions'
        ? { conditions: ['The speech therapist is asked for advice too.'] }
        : {}),
    },
    { ...(by === undefined ? {} : { by }), ...(confirmedBy === undefined ? {} : { confirmedBy }) },
  );
  const decision = 20 + 4;
  if (refuses)
    story.act(nextWorkingDay(addDays(from, decision)), 'decideNotToAssess', {
      reasons: [...phrases.reasonsNotToAssess],
      evidence: [],
    });
  else tellAssessment(story, nextWorkingDay(from), { decision, asked: decision + 2, issue: 110 });
  story.finish();
}

/** Cases before the county's panels: decided, recommended on, on the next agenda, and not ready for one. */
export const beforePanels: readonly Piece[] = [
  ['The panel agreed to an assessment, and so it was decided: the first', false, (stage) => decided(stage, 'agree')],
  ['The panel agreed to an assessment, and so it was decided: the second', false, (stage) => decided(stage, 'agree')],
  ['The panel agreed on a condition', false, (stage) => decided(stage, 'agree-with-conditions')],
  ['The panel did not agree, and the request was refused', false, (stage) => decided(stage, 'do-not-agree')],
  [
    'The panel recommended last time; the decision is still to be signed',
    false,
    (stage) => heard(stage, 1, 'agree').story.finish(),
  ],
  [
    'The panel did not agree last time; the decision is still to be signed',
    false,
    (stage) => heard(stage, 1, 'do-not-agree').story.finish(),
  ],
  ['On the agenda of the next sitting: the first', false, (stage) => listed(stage, 2).story.finish()],
  ['On the agenda of the next sitting: the second', false, (stage) => listed(stage, 2).story.finish()],
  ['On the agenda of the next sitting: the third', false, (stage) => listed(stage, 2).story.finish()],
  ['Referred to a panel, and the paper is not ready', false, (stage) => listed(stage, 2, false).story.finish()],
];

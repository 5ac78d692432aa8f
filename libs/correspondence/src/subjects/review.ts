import type { LetterDates, ReviewValues } from '@send/letters';
import { type Calendars, type Day, deadline, isCannotCompute, tighter } from '@send/statute';
import { deadlines } from '@send/workflow-kit';
import type { ToldContext } from '../telling';
import type { SubjectValues } from './about-letter';

/** What a review keeps, as far as its letters print it. */
interface ReviewTold extends ToldContext {
  readonly review?: { readonly meetingOn?: Day; readonly fromYear9: boolean; readonly year9On?: Day };
}

const decisions: Readonly<Record<string, string>> = {
  decidedToKeep: 'keep',
  decidedToAmend: 'amend',
  amendmentsSent: 'amend',
  cessationDecided: 'cease',
};

const proposing: ReadonlySet<string> = new Set(['review.decide-amend', 'amend.without-review']);
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
const listOf = (value: unknown): string[] | undefined => (Array.isArray(value) ? (value as string[]) : undefined);
/** A day that has passed asks nobody for anything. */
const ahead = (day: Day | null | undefined, on: Day): Day | undefined =>
  day === null || day === undefined || day < on ? undefined : day;
const known = <T extends object>(values: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/** The letters of a review of a plan, and of amending it: the day of the meeting, and what counts from it. */
export const reviewValues: SubjectValues = ({ telling, template, on, calendars, values }) => {
  const context = telling.context as ReviewTold;
  const { facts } = context;
  const { payload, type } = telling.fact;
  const due = (duty: string, from: Readonly<Record<string, Day>>): Day | null => {
    const found = deadline(duty, from, calendars, { explain: false });
    return isCannotCompute(found) ? null : found.dueBy;
  };
  const meeting = text(payload['meetingOn']) ?? facts['reviewMeetingHeld'] ?? context.review?.meetingOn;
  const year9On = context.review?.year9On;
  const fromYear9 =
    context.review?.fromYear9 === true || (year9On !== undefined && meeting !== undefined && meeting >= year9On);
  const planned = meeting === undefined ? {} : { reviewMeetingPlanned: meeting, reviewMeetingHeld: meeting };
  const circulateBy = due('review.obtain-and-circulate-advice', planned);
  const place = text(payload['place']);
  const link = place?.startsWith('https://') === true ? place : undefined;
  const review = known<ReviewValues>({
    time: text(payload['time']),
    place: link === undefined ? place : 'Online',
    link,
    fromYear9: fromYear9 ? true : undefined,
    reports: listOf(payload['reports']),
    missing: listOf(payload['missing']),
    recommendations: listOf(payload['recommendations']),
    differences: listOf(payload['differences']),
    answer: payload['answer'] === 'yes' || payload['answer'] === 'no' ? payload['answer'] : undefined,
  });
  // Where nothing was written, what the new version changes speaks for itself.
  const amendments = proposing.has(template.id) ? (listOf(payload['amendments']) ?? values.plan?.changes) : undefined;
  const isLate = template.id === 'review.overdue-apology';
  const dates = known<LetterDates>({
    meeting,
    replyBy: text(payload['replyBy']) ?? (type === 'reviewAdviceSought' ? ahead(circulateBy, on) : undefined),
    circulateBy: ahead(circulateBy, on),
    reportDue: due('review.school-report', planned) ?? undefined,
    decisionBy: ahead(due('review.decision-notified', planned), on),
    // As soon as practicable, and within eight weeks of sending and twelve of the meeting.
    finalPlanBy: proposing.has(template.id)
      ? (tighter(
          due('amend.issue-final', { amendmentsSent: on }),
          type === 'amendmentsSent' && facts['reviewMeetingHeld'] === undefined
            ? null
            : due('review.final-amended-plan-12-weeks', planned),
        ) ?? undefined)
      : undefined,
    reviewBy:
      type === 'decidedToKeep'
        ? (due('review.every-12-months', { reviewDecisionSent: on }) ?? undefined)
        : type === 'meetingRequired' || type === 'earlyReviewAnswered'
          ? ahead(due('review.every-12-months', facts), on)
          : undefined,
    schoolAgeEnds: text(payload['endsOn']),
    originallyDue: isLate ? earliestMissed(context, calendars, on) : undefined,
  });
  const decision = decisions[type];
  return Promise.resolve({
    review,
    dates,
    ...(decision === undefined ? {} : { decision }),
    ...(amendments === undefined || amendments.length === 0 ? {} : { amendments }),
    ...(isLate
      ? {
          exception: {
            whatIsLate: text(payload['what']) ?? '',
            facts: text(payload['why']) ?? '',
            meanwhile: text(payload['meanwhile']) ?? 'We carry on with the work that we can do now.',
          },
        }
      : {}),
  });
};

/** The day that is missed: of the limits that are open, the one that falls first. */
function earliestMissed(context: ToldContext, calendars: Calendars, on: Day): Day | undefined {
  return deadlines({ value: {}, context }, calendars, false)
    .filter(
      ({ kind, bound, metOn, endedOn }) => bound === 'max' && kind !== 'policy' && metOn === null && endedOn === null,
    )
    .flatMap(({ dueBy }) => (dueBy === null || dueBy > on ? [] : [dueBy]))
    .sort()[0];
}

import type { LetterDates } from '@send/letters';
import {
  addDays,
  addWorkingDays,
  type Calendars,
  type Day,
  deadline,
  isCalendarEnds,
  isCannotCompute,
  isTribunalVacation,
  officeDayOnOrBefore,
  onOrAfterWorkingDay,
  servedBy,
} from '@send/statute';
import { deadlines, type RunDeadline } from '@send/workflow-kit';
import type { Telling, ToldContext } from './telling';

/** Everything leaves by first class post for now. */
export const servedOnFor = (on: Day, calendars: Calendars): Day | undefined =>
  known(servedBy('first-class', on, calendars));

const known = (found: unknown): Day | undefined => (isCalendarEnds(found) ? undefined : (found as Day));

/** What a date of the law is, from these facts; undefined where it cannot be worked out, so that the letter waits. */
function dueBy(
  duty: string,
  facts: Readonly<Record<string, Day>>,
  calendars: Calendars,
): { dueBy: Day; inTimeUntil?: Day } | undefined {
  const found = deadline(duty, facts, calendars, { explain: false });
  if (isCannotCompute(found) || found.dueBy === null) return undefined;
  return { dueBy: found.dueBy, ...(found.inTimeUntil === undefined ? {} : { inTimeUntil: found.inTimeUntil }) };
}

/** Limits for the final plan: an order or an agreement brings its own. The earliest that is still open is told to the family. */
const finalPlanDuties = [
  'tribunal-order.assess-final-plan',
  'tribunal-order.make-plan-final',
  'unopposed-appeal.assess-final-plan',
  'unopposed-appeal.make-plan-final',
  'plan.issue-final',
  'amend.issue-final',
  'review.final-amended-plan-12-weeks',
  'reassess.issue-final',
];

/** Steps in the order in which they fall due, with what a family would call them. */
const steps = [
  { duty: 'assessment.decide-whether-to-assess', words: 'the decision whether to assess', regulation: '5(4)' },
  { duty: 'assessment.notify-no-plan', words: 'the decision whether to make a plan', regulation: '10(4)' },
  { duty: 'plan.issue-final', words: 'the final plan', regulation: '13(3)' },
  { duty: 'reassess.issue-final', words: 'the plan after the reassessment', regulation: '27(3)' },
] as const;

export interface LateStep {
  readonly words: string;
  readonly regulation: string;
  readonly dueBy: Day | null;
  readonly newDate: Day | null;
}

/** The step that is open and falls due first: what an exception or an apology is about. */
export function nextStep(context: ToldContext, calendars: Calendars): LateStep | undefined {
  const rows = openRows(context, calendars);
  for (const { duty, words, regulation } of steps) {
    const row = rows.find((one) => one.duty === duty);
    if (row !== undefined) return { words, regulation, dueBy: row.dueBy, newDate: row.targetBy };
  }
  return undefined;
}

function openRows(context: ToldContext, calendars: Calendars): RunDeadline[] {
  return deadlines({ value: {}, context }, calendars, false).filter(
    (row) => row.metOn === null && row.endedOn === null,
  );
}

function finalPlanBy(context: ToldContext, calendars: Calendars): Day | undefined {
  const dates = openRows(context, calendars)
    .filter((row) => finalPlanDuties.includes(row.duty))
    .flatMap((row) => row.targetBy ?? row.dueBy ?? []);
  return dates.sort()[0] ?? dueBy('plan.issue-final', context.facts, calendars)?.dueBy;
}

/**
 * Every date that a letter may print, worked out by the law library from the day it leaves. A date that cannot be had is
 * left out: the letter says that it is missing, and waits.
 */
export function letterDates(telling: Telling, on: Day, calendars: Calendars): LetterDates {
  const { context, fact, subject, letter } = telling;
  const { facts } = context;
  const { payload } = fact;
  const day = (name: string): Day | undefined => (typeof payload[name] === 'string' ? payload[name] : undefined);
  const served = servedOnFor(on, calendars);
  const appeal = dueBy('appeal.time-limit', { decisionNoticeSent: on }, calendars);
  const late = letter.startsWith('assessment.delay') ? nextStep(context, calendars) : undefined;
  const window = windowLastDay(telling, served, calendars);
  return present({
    requestReceived: facts['requestReceived'] ?? facts['responsibilityBegan'],
    decideBy: dueBy('assessment.decide-whether-to-assess', facts, calendars)?.dueBy,
    noPlanBy: dueBy('assessment.notify-no-plan', facts, calendars)?.dueBy,
    finalPlanBy: finalPlanBy(context, calendars),
    replyBy: day('reply') ?? replyBy(letter, on, calendars),
    adviceDue: adviceDue(telling, on, calendars),
    adviceReceived: subject === null ? undefined : context.advice?.[subject]?.receivedOn,
    appealLastDay: appeal?.dueBy,
    mediationContactBy: dueBy('mediation.contact-adviser', { decisionNoticeSent: on }, calendars)?.dueBy,
    tribunalTakesAppealUntil: appeal !== undefined && isTribunalVacation(appeal.dueBy) ? appeal.inTimeUntil : undefined,
    served,
    representationsLastDay: window,
    consultationReplyBy: consultationReplyBy(telling, served, calendars),
    originallyDue: late?.dueBy ?? undefined,
    newDate: day('newDate') ?? late?.newDate ?? undefined,
    meeting: day('meetingOn') ?? day('appointmentOn'),
    planDated:
      fact.type === 'finalPlanIssued' || fact.type === 'amendedFinalPlanIssued'
        ? fact.on
        : (facts['amendedFinalPlanIssued'] ?? facts['finalPlanIssued']),
    reviewBy: nextReview(telling, calendars),
    withdrawn: fact.type === 'requestWithdrawn' ? fact.on : undefined,
    decided: fact.on,
  });
}

/** Twelve months from the plan, or from the decision after a review: an amended plan starts none of its own (README B3). */
function nextReview({ fact, context: { facts } }: Telling, calendars: Calendars): Day | undefined {
  const decided = facts['reviewDecisionNoticeSent'];
  if (decided !== undefined) return dueBy('review.every-12-months', { reviewDecisionSent: decided }, calendars)?.dueBy;
  if (fact.type === 'amendedFinalPlanIssued') return undefined;
  const issued = facts['finalPlanIssued'] ?? (fact.type === 'finalPlanIssued' ? fact.on : undefined);
  return issued === undefined
    ? undefined
    : dueBy('review.every-12-months', { finalPlanIssued: issued }, calendars)?.dueBy;
}

function present(dates: { [Name in keyof LetterDates]: Day | undefined }): LetterDates {
  return Object.fromEntries(Object.entries(dates).filter(([, date]) => date !== undefined));
}

/** A reply in time for it to be read before we decide. Six weeks for views, as advisers have; the setting has ten working days. */
function replyBy(letter: string, on: Day, calendars: Calendars): Day | undefined {
  switch (letter) {
    case 'assessment.agree':
    case 'assessment.views-parent':
    case 'assessment.child-views':
      return known(officeDayOnOrBefore(addDays(on, 42), calendars));
    case 'assessment.advice-overdue':
      return known(addWorkingDays(on, 5, calendars));
    default:
      return known(addWorkingDays(on, 10, calendars));
  }
}

/** Six weeks from the day the request was received; a first letter counts from the day it leaves. */
function adviceDue({ subject, context }: Telling, on: Day, calendars: Calendars): Day | undefined {
  const asked = subject === null ? undefined : context.facts[`adviceRequestReceived#${subject}`];
  return dueBy('assessment.advice-due', { adviceRequestReceived: asked ?? on }, calendars)?.dueBy;
}

/** The family's fifteen days with a draft plan, or with proposed amendments: whose printed last day binds us. */
interface FamilysTime {
  readonly duty: string;
  readonly served: string;
}
const withDraft: FamilysTime = { duty: 'plan.representations-window', served: 'draftPlanServed' };
const withAmendments: FamilysTime = { duty: 'amend.representations-window', served: 'amendmentsServed' };

const proposes = (letter: string): boolean => letter === 'review.decide-amend' || letter === 'amend.without-review';

/** The duty whose printed last day binds us: nothing is finished before it is over. */
export const promisedIn = (letter: string): string => (proposes(letter) ? withAmendments : withDraft).duty;

const familysTime = ({ letter, fact, context }: Telling): FamilysTime =>
  proposes(letter) || fact.type === 'decidedToAmend' || context.facts['amendmentsSent'] !== undefined
    ? withAmendments
    : withDraft;

/** What a reminder says again was promised before; a draft that leaves now promises anew. */
function windowLastDay(telling: Telling, served: Day | undefined, calendars: Calendars): Day | undefined {
  const { letter, context } = telling;
  const time = familysTime(telling);
  const promised = context.promised[time.duty];
  const isReminder = letter === 'plan.draft-reminder';
  if (isReminder && promised !== undefined) return promised;
  const from = isReminder ? context.facts[time.served] : served;
  const legal = from === undefined ? undefined : dueBy(time.duty, { [time.served]: from }, calendars)?.dueBy;
  return legal === undefined ? undefined : known(onOrAfterWorkingDay(legal, calendars));
}

function consultationReplyBy(
  { subject, context, letter }: Telling,
  served: Day | undefined,
  calendars: Calendars,
): Day | undefined {
  const before = subject === null ? undefined : context.facts[`consultationReceived#${subject}`];
  const from = letter === 'plan.consult-reminder' ? before : served;
  return from === undefined
    ? undefined
    : dueBy('plan.school-consultation-response', { consultationReceived: from }, calendars)?.dueBy;
}

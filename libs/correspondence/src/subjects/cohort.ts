import type { CohortValues, LetterDates } from '@send/letters';
import { addWorkingDays, type Day, deadline, isCalendarEnds, isCannotCompute } from '@send/statute';
import type { ToldContext } from '../telling';
import type { SubjectValues } from './about-letter';

/** What the cohort keeps of a child, as far as its letters print it. */
interface CohortContext extends ToldContext {
  readonly cohort?: {
    readonly sources: Readonly<Record<string, { basis: string; state: string; until?: Day }>>;
    readonly lead?: { name: string; role: string };
    readonly interventions: readonly { what: string; owner: string; dueOn: Day; doneOn?: Day }[];
    readonly reviews: readonly { on: Day }[];
    readonly admittedOn?: Day;
  };
}

/** Sources in words that a family uses of itself. */
const plainly: Readonly<Record<string, string>> = {
  suspensions: 'Dates of suspensions',
  attendance: 'How often school is attended',
  'part-time': 'Part-time timetables',
  school: 'What school knows of learning and behaviour',
  'social-care': 'What a social worker knows',
  'early-help': 'What an early help worker knows',
  health: 'What health services know',
  'youth-justice': 'What the youth justice team knows',
  police: 'What the police know',
};

const leaving: Readonly<Record<string, string>> = {
  'aims-reached': 'the aims were reached',
  'other-help': 'other help has taken over',
  'left-area': 'a move to another area',
  'left-school-age': 'the end of school age',
  'family-asked': 'you asked us to stop',
  'permanently-excluded': 'a permanent exclusion, after which other duties of ours begin',
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** Letters of the exclusion-risk cohort, and of education after an exclusion. */
export const cohortValues: SubjectValues = ({ telling, on, calendars }) => {
  const context = telling.context as CohortContext;
  const { payload, type } = telling.fact;
  const { cohort } = context;
  const consented = Object.entries(cohort?.sources ?? {}).filter(([, { basis }]) => basis === 'consent');
  const until = text(payload['until']) ?? consented.find(([, use]) => use.until !== undefined)?.[1].until;
  const stopped = consented.filter(([, { state }]) => state === 'withdrawn' || state === 'refused');
  const open = (cohort?.interventions ?? []).filter(({ doneOn }) => doneOn === undefined);
  const own: CohortValues = {
    sharing: consented.map(([source]) => ({
      what: plainly[source] ?? source,
      with: 'The people at the support meeting',
    })),
    stopped: stopped.map(([source]) => plainly[source] ?? source),
    ...some('offers', [...list(payload['offers']), ...list(payload['offer'])]),
    ...some('changed', list(payload['changed'])),
    ...some(
      'interventions',
      open.map(({ what, owner, dueOn }) => ({ what, owner, by: dueOn })),
    ),
    ...(cohort?.lead === undefined ? {} : { lead: [cohort.lead.name, cohort.lead.role].filter(Boolean).join(', ') }),
    ...(until === undefined || until < on ? {} : { consentUntil: until }),
    ...one('shared', text(payload['shared'])),
    ...one('nextReview', nextReview(context, on)),
    ...one('nextLook', text(payload['nextLookOn'])),
    ...one('callIfWorse', text(payload['callIfWorse'])),
    ...one('deleteOn', text(payload['deleteOn'])),
    ...one(
      'why',
      leaving[text(payload['why']) ?? ''] ?? (type === 'childNotAdmitted' ? text(payload['why']) : undefined),
    ),
    ...(type === 'earlyReviewSought' ? { earlyReview: true as const } : {}),
    ...meeting(payload),
    ...education(payload),
  };
  const replyBy = addWorkingDays(on, 10, calendars);
  const meetingOn = text(payload['meetingOn']);
  const dates: LetterDates = {
    ...(isCalendarEnds(replyBy) ? {} : { replyBy }),
    ...(meetingOn === undefined ? {} : { meeting: meetingOn }),
    ...(type === 'consentRefused' || type === 'consentWithdrawn' ? { decided: telling.fact.on } : {}),
  };
  return Promise.resolve({ cohort: own, dates });
};

const one = <K extends keyof CohortValues>(name: K, value: CohortValues[K] | undefined) =>
  value === undefined ? {} : { [name]: value };
const some = <K extends keyof CohortValues>(name: K, values: CohortValues[K] & readonly unknown[]) =>
  values.length === 0 ? {} : { [name]: values };

function nextReview({ cohort }: CohortContext, on: Day): Day | undefined {
  const last = cohort?.reviews.at(-1)?.on;
  const facts = { ...dated('cohortReviewed', last), ...dated('admittedToCohort', cohort?.admittedOn) };
  const found = deadline('practice.exclusion-risk-fortnightly-review', facts, undefined, { explain: false });
  return isCannotCompute(found) || found.dueBy === null || found.dueBy < on ? undefined : found.dueBy;
}

const dated = (fact: string, day: Day | undefined): Record<string, Day> => (day === undefined ? {} : { [fact]: day });

function meeting(payload: Readonly<Record<string, unknown>>): Pick<CohortValues, 'meeting'> {
  const time = text(payload['time']);
  const place = text(payload['place']);
  if (time === undefined || place === undefined) return {};
  const link = text(payload['link']);
  const attendees = (text(payload['attendees']) ?? '').split(/[,;\n]/).flatMap((who) => text(who)?.trim() ?? []);
  return {
    meeting: {
      time,
      place,
      ...(link === undefined ? {} : { link }),
      ...(attendees.length === 0 ? {} : { attendees }),
    },
  };
}

function education(payload: Readonly<Record<string, unknown>>): Pick<CohortValues, 'education'> {
  const [where, startsOn, times, transport, askFor, planSupport] = (
    ['where', 'startsOn', 'times', 'transport', 'askFor', 'planSupport'] as const
  ).map((field) => text(payload[field]));
  return where === undefined ||
    startsOn === undefined ||
    times === undefined ||
    transport === undefined ||
    askFor === undefined
    ? {}
    : {
        education: { where, startsOn, times, transport, askFor, ...(planSupport === undefined ? {} : { planSupport }) },
      };
}

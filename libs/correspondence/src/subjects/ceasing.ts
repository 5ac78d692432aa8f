import { settingOf } from '@send/case-file';
import type { Tx } from '@send/database';
import type { LetterDates, LetterValues, MovingValues } from '@send/letters';
import {
  addDays,
  type Calendars,
  type Day,
  deadline,
  isCalendarEnds,
  isCannotCompute,
  officeDayOnOrBefore,
} from '@send/statute';
import { deadlines } from '@send/workflow-kit';
import type { ToldContext } from '../telling';
import type { AboutLetter, SubjectValues } from './about-letter';

type Own = Partial<Omit<LetterValues, 'dates'>> & { dates?: LetterDates };

const dueBy = (duty: string, facts: Readonly<Record<string, Day>>, calendars: Calendars): Day | undefined => {
  const found = deadline(duty, facts, calendars, { explain: false });
  return isCannotCompute(found) || found.dueBy === null ? undefined : found.dueBy;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const list = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? (value as string[]) : undefined;

function present<T extends object>(values: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** Fourteen weeks from the notification that this letter is, or the limit that an order, an agreement or a concession has set. */
function planBy({ telling: { context }, on, calendars }: AboutLetter): Day | undefined {
  const ordered = deadlines({ value: {}, context }, calendars, false)
    .filter(({ duty }) => duty.endsWith('.assess-final-plan'))
    .flatMap(({ dueBy: day }) => day ?? [])
    .sort()[0];
  const { facts } = context;
  const notified =
    facts['reassessmentRequested'] === undefined
      ? facts
      : { ...facts, reassessmentNotified: facts['reassessmentNotified'] ?? on };
  return ordered ?? dueBy('reassess.issue-final', notified, calendars);
}

const askers: Readonly<Record<string, string>> = {
  setting: 'The school or other setting',
  health: 'The health commissioner',
};

/** "You asked us" is said only to the one who did. */
async function asker(tx: Tx, { telling }: AboutLetter): Promise<string | undefined> {
  const from = telling.context.requestFrom ?? '';
  if (telling.subject === 'asker' || askers[from] === undefined)
    return from === 'parent' && telling.copies > 1 ? 'A parent or carer' : undefined;
  const at = from === 'setting' && telling.recipient.startsWith('setting:') ? telling.recipient.slice(8) : undefined;
  return (at === undefined ? null : await settingOf(tx, at))?.name ?? askers[from];
}

/** Letters of a reassessment: regs 23 to 27. */
export const reassessmentValues: SubjectValues = async (about) => {
  const { telling, on, calendars, template } = about;
  const { facts } = telling.context;
  const requestFrom = await asker(about.tx, about);
  const views = officeDayOnOrBefore(addDays(on, 42), calendars);
  const dates: LetterDates = present<LetterDates>({
    reassessAsked: facts['reassessmentRequested'],
    reassessAnswerBy: dueBy('reassess.decision-notified', facts, calendars),
    reassessPlanBy: planBy(about),
    replyBy: template.id === 'reassess.agree' && !isCalendarEnds(views) ? views : undefined,
  });
  const ground = text(telling.fact.payload['ground']);
  return {
    dates,
    ...(requestFrom === undefined ? {} : { requestFrom }),
    ...(ground === undefined ? {} : { reassessment: { ground } }),
  };
};

/** What ends the plan where an event has, in words to follow "because". */
const because: Readonly<Record<string, readonly [named: string, you: string]>> = {
  'higher-education': ['there is a place in higher education now', 'you have started higher education'],
  work: ['there is a paid job now', 'you have started paid work'],
  'not-responsible': [
    'we are no longer the council that is responsible',
    'we are no longer the council that is responsible',
  ],
};

/** Letters of ceasing to maintain a plan: CFA ss 45 and 46, regs 29 to 31. */
export const ceasingValues: SubjectValues = ({ telling, values }) => {
  const { payload, type, on } = telling.fact;
  const { facts } = telling.context;
  const [named, you] = because[text(payload['ground']) ?? ''] ?? [];
  const why = list(payload['why']);
  const consulted = type === 'ceasingConsulted';
  const own: Own = {
    decision: type === 'cessationDecided' ? 'cease' : 'consider-ceasing',
    ...(why === undefined || values.reasons !== undefined ? {} : { reasons: why }),
    ceasing: present({
      because: values.recipient.kind === 'young-person' ? you : named,
      how: facts['twentyFifthBirthday'] !== undefined && facts['cessationDecided'] === undefined ? 'age' : 'appeal',
      support: list(payload['support']),
    }),
  };
  const dates = present<LetterDates>({
    replyBy: consulted ? (text(payload['replyBy']) ?? addDays(on, 15)) : undefined,
    planEnded: type === 'planCeased' ? on : facts['planCeased'],
  });
  return Promise.resolve({ ...own, dates });
};

interface MovingContext extends ToldContext {
  readonly transfer?: { readonly council?: string; readonly placedAt?: string };
}

/** Letters of a move between authorities: regs 15 and 16. Which of the two councils we are, the fact says. */
export const transferValues: SubjectValues = async ({ tx, telling, template, values }) => {
  const { payload, on } = telling.fact;
  const context = telling.context as MovingContext;
  const { facts } = context;
  const other = text(payload['council']) ?? context.transfer?.council ?? 'the other council';
  const weSend = template.id.startsWith('transfer.out-');
  const proposed = payload['assessmentProposed'];
  const moving: MovingValues = {
    oldCouncil: weSend ? values.council.name : other,
    newCouncil: weSend ? other : values.council.name,
    ...present<Partial<MovingValues>>({
      assessment: proposed === true ? 'yes' : proposed === false ? 'no' : undefined,
      missing: list(payload['missing']),
      papers: list(payload['papers']),
    }),
  };
  const settingId = template.id === 'transfer.temporary-placement' ? text(payload['setting']) : undefined;
  const setting =
    settingId === undefined || !/^[0-9a-f-]{36}$/i.test(settingId) ? null : await settingOf(tx, settingId);
  const dates = present<LetterDates>({
    moved: facts['movedAway'] ?? on,
    transferred: facts['planTransferred'],
    planMadeOrReviewed: text(payload['madeOrReviewedOn']) ?? facts['planMadeOrReviewed'],
    reviewPlanned: text(payload['reviewBy']),
    replyBy: template.id === 'transfer.in-chase' ? text(payload['replyBy']) : undefined,
    proposedStart: text(payload['startsOn']),
  });
  return { moving, dates, ...(setting === null ? {} : { setting: { ...values.setting, name: setting.name } }) };
};

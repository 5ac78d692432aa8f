import type { DisputeValues } from '@send/letters';
import { type Calendars, type Day, deadline, isCannotCompute } from '@send/statute';
import { deadlines, dutyKey, type RunDeadline } from '@send/workflow-kit';
import type { ToldContext } from '../telling';
import type { SubjectValues } from './about-letter';

/** What an appeal's run keeps, as far as its letters print it. */
interface DisputeContext extends ToldContext {
  readonly dispute?: {
    readonly about: string;
    readonly reference?: string;
    readonly outcome?: {
      readonly how: 'ordered' | 'agreed' | 'conceded';
      readonly kind?: string;
      readonly on: Day;
      readonly beforeResponse?: boolean;
    };
    readonly actions: Readonly<Record<string, { what: string; doneOn?: Day }>>;
    readonly recommendations: Readonly<Record<string, { sentOn: Day }>>;
  };
}

/** What is in dispute, as words to follow "about". */
const matters: Readonly<Record<string, string>> = {
  'refuse-to-assess': 'our decision not to assess',
  'refuse-to-issue': 'our decision not to make a plan',
  contents: 'what the plan says',
  placement: 'the school or other setting that the plan names',
  'refuse-to-amend': 'our decision not to change the plan',
  'refuse-to-reassess': 'our decision not to assess again',
  cease: 'our decision to end the plan',
};

/** What we will do, where it was agreed. */
const promises: Readonly<Record<string, string>> = {
  assess: 'We will carry out an education, health and care (EHC) needs assessment.',
  'make-plan': 'We will make an education, health and care (EHC) plan.',
  reassess: 'We will carry out a new education, health and care (EHC) needs assessment.',
  'amend-plan': 'We will change what the plan says.',
  'amend-placement': 'We will change the school or other setting in Section I of the plan.',
  reconsider: 'We will think again about our decision.',
  continue: 'We will keep the plan.',
  'continue-and-amend': 'We will keep the plan, and change it.',
  other: 'What we agreed is in the table below, or in the written agreement that you have.',
};

/** Whose limit is printed as the day by which it is done. */
const carryingOut = [
  'tribunal-order.amend-provision',
  'tribunal-order.amend-placement-only',
  'tribunal-order.continue-and-amend',
  'tribunal-order.reconsider',
  'mediation.comply-appealable-issues',
  'unopposed-appeal.amend-contents',
  'unopposed-appeal.amend-placement-only',
  'unopposed-appeal.as-made-version',
  'unopposed-appeal.cease-conceded',
];

const wordsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** The letters of mediation and appeal: what it is about, what came of it, and the days that follow. */
export const disputeValues: SubjectValues = ({ telling, calendars }) => {
  const context = telling.context as DisputeContext;
  const { dispute } = context;
  const { payload } = telling.fact;
  const { facts } = context;
  const rows = deadlines({ value: {}, context }, calendars, false);
  const outcome = dispute?.outcome;
  const issues = wordsOf(payload['issues']);
  const provision = wordsOf(payload['provision']);
  const actions = actionsOf(context, rows);
  const recommendation = recommendationOf(context, payload);
  const own: DisputeValues = {
    matter: matters[dispute?.about ?? ''] ?? 'our decision',
    ...present({
      reference: dispute?.reference,
      contactBy: dueBy('mediation.contact-adviser', facts, calendars),
      appealBy: dueBy('appeal.time-limit', facts, calendars),
      mediationBy: dueBy('mediation.arrange', facts, calendars),
      responseBy: dueBy('appeal.authority-response', facts, calendars),
      doneBy: firstOpen(rows),
      noPlanBy: dueBy('tribunal-order.assess-no-plan', facts, calendars),
      finalBy: finalBy(outcome?.kind, facts, calendars),
      how: outcome?.how,
      decidedOn: outcome?.on,
      orderedOn: outcome?.how === 'ordered' ? outcome.on : undefined,
      agreedOn: outcome?.how === 'agreed' ? outcome.on : undefined,
      concededOn: outcome?.how === 'conceded' ? outcome.on : undefined,
      beforeResponse: outcome?.beforeResponse,
      what: outcome?.how === 'agreed' ? promises[outcome.kind ?? 'other'] : undefined,
      actions: actions.length === 0 ? undefined : actions,
      issues: issues.length === 0 ? undefined : issues,
      provision: provision.length === 0 ? undefined : provision,
      healthOnly: dutyKey('mediation.arrange-health-only') in context.duties ? true : undefined,
      result: resultOf(payload['result']),
      recommendation,
    }),
  };
  return Promise.resolve({ dispute: own });
};

type Known<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Partial<Known<T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Known<T>>;
}

function dueBy(duty: string, facts: Readonly<Record<string, Day>>, calendars: Calendars): Day | undefined {
  const found = deadline(duty, facts, calendars, { explain: false });
  return isCannotCompute(found) || found.dueBy === null ? undefined : found.dueBy;
}

const isOpen = (row: RunDeadline): boolean => row.metOn === null && row.endedOn === null;

const firstOpen = (rows: readonly RunDeadline[]): Day | undefined =>
  rows
    .filter((row) => isOpen(row) && carryingOut.includes(row.duty))
    .flatMap((row) => row.targetBy ?? row.dueBy ?? [])
    .sort()[0];

const finalBy = (kind: string | undefined, facts: Readonly<Record<string, Day>>, calendars: Calendars) =>
  dueBy(kind === 'make-plan' ? 'tribunal-order.make-plan-final' : 'tribunal-order.assess-final-plan', facts, calendars);

/** Each action with its day, as long as it has one and is still to be done. */
function actionsOf({ dispute }: DisputeContext, rows: readonly RunDeadline[]): { what: string; by: Day }[] {
  return Object.entries(dispute?.actions ?? {}).flatMap(([id, { what, doneOn }]) => {
    const by = rows.find(({ key }) => key === dutyKey('mediation.comply-other-issues', id))?.dueBy;
    return doneOn !== undefined || by === undefined || by === null ? [] : [{ what, by }];
  });
}

const resultOf = (value: unknown): 'changed' | 'unchanged' | undefined =>
  value === 'changed' || value === 'unchanged' ? value : undefined;

function recommendationOf(
  { dispute }: DisputeContext,
  payload: Readonly<Record<string, unknown>>,
): DisputeValues['recommendation'] {
  const body = payload['body'];
  const following = payload['following'];
  if (typeof body !== 'string' || (following !== 'yes' && following !== 'in-part' && following !== 'no'))
    return undefined;
  const sentOn = dispute?.recommendations[body]?.sentOn;
  return sentOn === undefined
    ? undefined
    : { about: body === 'health' ? 'health care' : 'social care', sentOn, following };
}

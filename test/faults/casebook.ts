import { addDays, type Day } from '@send/statute';
import type { Household, Town } from './town';

/** One thing an officer does: through which door, by whom, and who must confirm it. */
export interface Step {
  readonly door: 'acts' | 'records';
  readonly command: string;
  /** What is done now is dated when it is sent. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly second?: string;
}

export interface Case {
  readonly number: number;
  readonly household: Household;
  /** Long enough ago that rungs of its deadlines are due. */
  readonly requestedOn: Day;
  readonly steps: readonly Step[];
  /** Nobody goes on with it: what is due on it must be called to mind. */
  readonly leftAlone: boolean;
}

/** The facts that a case driven to its end must hold once each, whatever was killed. */
export const path = [
  'requestReceived',
  'decidedToAssess',
  'adviceSought',
  'decidedToIssue',
  'draftPlanSent',
  'representationsReceived',
  'placementNamed',
  'finalPlanIssued',
] as const;

/** A request driven to its final plan. The reasons are the child's own, as no letter may carry another's. */
export function wholeCase(town: Town, number: number, today: Day): Case {
  const household = householdOf(town, number);
  const [first, second] = town.seniors;
  const senior = { door: 'acts', by: first } as const;
  const caseworker = { door: 'acts', by: household.caseworkerId } as const;
  const requests = requestsTo(town, number);
  return {
    number,
    household,
    leftAlone: false,
    requestedOn: addDays(today, -(30 + (number % 120))),
    steps: [
      {
        ...senior,
        command: 'decideToAssess',
        fields: { reasons: [`Case ${number}: the school has shown that its own help is not enough.`] },
      },
      { ...caseworker, command: 'askForAdvice', fields: { requests } },
      ...requests.map(({ request, kind }): Step => ({
        ...caseworker,
        command: 'recordAdvice',
        fields: { request, need: `Case ${number}: what ${kind} found.`, provision: 'An hour each week.' },
      })),
      {
        ...senior,
        command: 'decideToIssue',
        fields: { reasons: [`Case ${number}: the help that is needed cannot come from the school alone.`] },
      },
      { ...caseworker, command: 'sendDraftPlan', fields: { planVersion: household.planVersionId } },
      {
        ...caseworker,
        command: 'recordRepresentations',
        fields: { summary: 'The family agrees with the draft.', nothingMoreToSay: true },
      },
      {
        ...senior,
        command: 'namePlacement',
        fields: {
          setting: household.settingId,
          type: 'mainstream primary school',
          reasons: [`Case ${number}: the school knows the child and can meet the needs.`],
        },
      },
      {
        ...senior,
        second,
        command: 'issueFinalPlan',
        fields: {
          planVersion: household.planVersionId,
          reasons: [`Case ${number}: the plan names the school that the family wants.`],
        },
      },
    ],
  };
}

/**
 * A case that nobody goes on with. Every other one has asked for advice long ago, on paper: the reminders of the first kind
 * are tasks, of the second letters.
 */
export function caseLeftAlone(town: Town, number: number, today: Day): Case {
  const [first, second] = town.seniors;
  const requestedOn = addDays(today, -(60 + (number % 60)));
  const onPaper = { door: 'records', by: first, second } as const;
  const askedOn = addDays(requestedOn, 14);
  return {
    number,
    household: householdOf(town, number),
    leftAlone: true,
    requestedOn,
    steps:
      number % 2 === 0
        ? []
        : [
            { ...onPaper, command: 'decideToAssess', fields: { on: addDays(requestedOn, 10) } },
            {
              door: 'records',
              by: first,
              command: 'askForAdvice',
              fields: { on: askedOn, requests: requestsTo(town, number) },
            },
          ],
  };
}

const requestsTo = (town: Town, number: number) =>
  town.advisers.map(({ kind, id }) => ({ request: idOf(number, kind), kind, adviser: id }));

/** An id that can be made again. */
const idOf = (number: number, kind: string): string => `advice-${number}-${kind}`;

function householdOf(town: Town, number: number): Household {
  const found = town.households[number];
  if (found === undefined) throw new Error(`There is no child ${number}.`);
  return found;
}

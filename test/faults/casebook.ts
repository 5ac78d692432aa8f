import { addDays, type Day } from '@send/statute';
import { workflows } from '@send/workflows';
import { lifeAfterPlan } from './after-the-plan';
import type { Step } from './step';
import type { Household, Town } from './town';

export interface Case {
  readonly number: number;
  readonly household: Household;
  readonly steps: readonly Step[];
  /** The runs it has at its end, with the facts that each must hold so many times, whatever was killed. */
  readonly holds: Holding;
  /** Nobody goes on with it: what is due on it must be called to mind. */
  readonly leftAlone: boolean;
}

/** By run ("annual-review 2"), and within it by fact. */
export type Holding = Readonly<Record<string, Readonly<Record<string, number>>>>;

function holding(steps: readonly Step[], joined: Readonly<Record<string, readonly string[]>>): Holding {
  const holds: Record<string, Record<string, number>> = {};
  const add = (run: string, fact: string): void => {
    const facts = (holds[run] ??= {});
    facts[fact] = (facts[fact] ?? 0) + 1;
  };
  for (const [run, facts] of Object.entries(joined)) for (const fact of facts) add(run, fact);
  for (const { in: run, command } of steps) {
    const fact = workflows.find(({ id }) => id === run.split(' ')[0])?.commands.find(command)?.fact;
    if (fact === undefined) throw new Error(`There is no ${command} in ${run}.`);
    add(run, fact);
  }
  return holds;
}

const assessment = 'needs-assessment 1';

/** The first step of every case. Long enough ago that rungs of its deadlines are due. */
const request = (household: Household, on: Day): Step => ({
  in: assessment,
  begins: true,
  door: 'acts',
  command: 'receiveRequest',
  fields: { on, from: 'parent' },
  by: household.caseworkerId,
});

/** A request driven to its final plan, and on from there. The reasons are the child's own, as no letter may carry another's. */
export function wholeCase(town: Town, number: number, today: Day): Case {
  const household = householdOf(town, number);
  const life = lifeAfterPlan(town, number, household, today);
  const steps = [
    request(household, addDays(today, -(30 + (number % 120)))),
    ...toFinalPlan(town, number, household),
    ...life.steps,
  ];
  return { number, household, leftAlone: false, steps, holds: holding(steps, life.joined) };
}

function toFinalPlan(town: Town, number: number, household: Household): Step[] {
  const [first, second] = town.seniors;
  const senior = { in: assessment, door: 'acts', by: first } as const;
  const caseworker = { in: assessment, door: 'acts', by: household.caseworkerId } as const;
  const requests = requestsTo(town, number);
  return [
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
  ];
}

/**
 * A case that nobody goes on with. Every other one has asked for advice long ago, on paper: the reminders of the first kind
 * are tasks, of the second letters.
 */
export function caseLeftAlone(town: Town, number: number, today: Day): Case {
  const [first, second] = town.seniors;
  const household = householdOf(town, number);
  const requestedOn = addDays(today, -(60 + (number % 60)));
  const onPaper = { in: assessment, door: 'records', by: first } as const;
  const steps: Step[] = [request(household, requestedOn)];
  if (number % 2 === 1)
    steps.push(
      { ...onPaper, second, command: 'decideToAssess', fields: { on: addDays(requestedOn, 10) } },
      {
        ...onPaper,
        command: 'askForAdvice',
        fields: { on: addDays(requestedOn, 14), requests: requestsTo(town, number) },
      },
    );
  return { number, household, leftAlone: true, steps, holds: holding(steps, {}) };
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

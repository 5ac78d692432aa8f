import { addTribunalDays, type Day, englandCalendars, isCalendarEnds } from '@send/statute';

/** Appealable matters: CFA 2014 s.51(2). */
export const matters = {
  'refuse-to-assess': 'Refusal to assess',
  'refuse-to-issue': 'Refusal to make a plan',
  contents: 'What the plan says (Sections B or F, with or without I)',
  placement: 'The school or other setting only (Section I)',
  'refuse-to-amend': 'Refusal to amend the plan',
  'refuse-to-reassess': 'Refusal to assess again',
  cease: 'Ending the plan',
} as const;

export type Matter = keyof typeof matters;

/** The process in which what was ordered, agreed or conceded is done, and where its limits are owed. */
export type DoneIn = 'needs-assessment' | 'reassessment' | 'cease-to-maintain' | 'appeal' | 'nowhere';

interface Outcome {
  readonly words: string;
  readonly doneIn: DoneIn;
  /** Reg 44(2), and reg 42(2) where it was agreed in mediation. */
  readonly duty?: string;
}

/**
 * Which order is complied with where. What decides or ends a plan goes on in the process that decided it, which owes the
 * limits; what changes the plan, and a case sent back, is done in the appeal's own run.
 */
export const outcomes = {
  assess: { words: 'To assess', doneIn: 'needs-assessment' },
  'make-plan': { words: 'To make a plan', doneIn: 'needs-assessment' },
  reassess: { words: 'To assess again', doneIn: 'reassessment' },
  'amend-plan': {
    words: 'To change what the plan says (Sections B or F, with or without I)',
    doneIn: 'appeal',
    duty: 'tribunal-order.amend-provision',
  },
  'amend-placement': {
    words: 'To change only the school or other setting (Section I)',
    doneIn: 'appeal',
    duty: 'tribunal-order.amend-placement-only',
  },
  reconsider: { words: 'To think again', doneIn: 'appeal', duty: 'tribunal-order.reconsider' },
  continue: { words: 'To keep the plan', doneIn: 'cease-to-maintain', duty: 'tribunal-order.continue-plan' },
  'continue-and-amend': {
    words: 'To keep the plan and change it',
    doneIn: 'cease-to-maintain',
    duty: 'tribunal-order.continue-and-amend',
  },
  dismissed: { words: 'Appeal dismissed', doneIn: 'cease-to-maintain' },
  other: { words: 'Something else', doneIn: 'appeal' },
} as const satisfies Record<string, Outcome>;

/** Said of an agreement on nothing of the above. */
export const agreedOtherwise = 'Only what cannot be appealed';

export type OutcomeKind = keyof typeof outcomes;

export const isOutcome = (kind: string): kind is OutcomeKind => Object.hasOwn(outcomes, kind);

/** An appeal that the authority does not oppose is won in what it was about: reg 45(1). */
export const conceded: Readonly<Record<Matter, { readonly doneIn: DoneIn; readonly duty?: string }>> = {
  'refuse-to-assess': { doneIn: 'needs-assessment' },
  'refuse-to-issue': { doneIn: 'needs-assessment' },
  'refuse-to-reassess': { doneIn: 'reassessment' },
  contents: { doneIn: 'appeal', duty: 'unopposed-appeal.amend-contents' },
  'refuse-to-amend': { doneIn: 'appeal', duty: 'unopposed-appeal.amend-contents' },
  placement: { doneIn: 'appeal', duty: 'unopposed-appeal.amend-placement-only' },
  cease: { doneIn: 'cease-to-maintain', duty: 'unopposed-appeal.cease-conceded' },
};

/**
 * Where an order or an agreement is done. A plan that is to be kept is kept here too, where the decision to end it is in
 * no case on record; an appeal dismissed changes nothing but a plan that was to end.
 */
export function orderDoneIn(kind: OutcomeKind, about: Matter, onRecord: boolean): DoneIn {
  if (kind === 'dismissed') return about === 'cease' && onRecord ? 'cease-to-maintain' : 'nowhere';
  const { doneIn } = outcomes[kind];
  return doneIn === 'cease-to-maintain' && !(about === 'cease' && onRecord) ? 'appeal' : doneIn;
}

export const concessionDoneIn = (about: Matter, onRecord: boolean): DoneIn =>
  about === 'cease' && !onRecord ? 'appeal' : conceded[about].doneIn;

/** A direction that gives days, not a day: working days without 25 December to 1 January and August, r.12(3)(b). */
export function directedDay(on: Day, workingDays: number): Day | undefined {
  const found = addTribunalDays(on, workingDays, englandCalendars);
  return isCalendarEnds(found) ? undefined : found;
}

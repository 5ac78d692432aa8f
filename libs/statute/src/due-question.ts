import { isDay, isInRange } from './day';
import { deadline, type DeadlineOptions, englandCalendars, isCannotCompute } from './deadline';
import type { Facts } from './facts';
import { dutyCalled, dutyIdsFor, phaseTransferDuties } from './register';

/** One question as it stands in a file of cases or comes over the wire: when is this duty due, if its trigger falls on `asked`? */
export interface DueQuestion {
  readonly id?: unknown;
  readonly dutyId?: unknown;
  readonly duty?: unknown;
  readonly asked?: unknown;
  readonly limb?: unknown;
  readonly phases?: unknown;
  readonly year?: unknown;
}

export interface DueAnswer {
  readonly id: unknown;
  readonly dutyId: string | null;
  readonly dueBy: string | null;
  readonly law: string | null;
  readonly why: string | null;
  readonly contested?: string;
  readonly inTimeUntil?: string;
  readonly error?: string;
}

const unanswered = (id: unknown, dutyId: string | null, error: string, law: string | null = null): DueAnswer => ({
  id,
  dutyId,
  dueBy: null,
  law,
  why: null,
  error,
});

const ownPhase = (phase: string): phase is keyof typeof phaseTransferDuties =>
  Object.hasOwn(phaseTransferDuties, phase);

function phasesOf({ phases }: DueQuestion): readonly string[] {
  return Array.isArray(phases) ? phases.filter((phase): phase is string => typeof phase === 'string') : [];
}

/** A phase says more exactly than the shorter name which of the phase-transfer duties is meant. */
function idsNamed(question: DueQuestion, name: string): readonly string[] {
  const ids = dutyIdsFor(name);
  const byPhase = new Set(
    phasesOf(question)
      .filter(ownPhase)
      .map((phase) => phaseTransferDuties[phase]),
  );
  return name === 'phase-transfer' && byPhase.size > 0 ? [...byPhase] : ids;
}

function dutyAsked(question: DueQuestion): { readonly id: string } | { readonly error: string } {
  const { dutyId, duty } = question;
  if (dutyId === null) return { error: 'Unknown duty: the row names none (dutyId is null).' };
  const name = dutyId === undefined ? duty : dutyId;
  if (typeof name !== 'string' || name === '')
    return { error: 'Unknown duty: give dutyId, or duty with its shorter name.' };
  const ids = idsNamed(question, name);
  const [id] = ids;
  if (id === undefined) return { error: `Unknown duty: "${name}".` };
  return ids.length > 1 ? { error: `"${name}" may be ${ids.join(' or ')}: give dutyId.` } : { id };
}

function optionsOf({ limb, year }: DueQuestion): DeadlineOptions | { readonly error: string } {
  if (limb !== undefined && limb !== null && limb !== 'notice' && limb !== 'certificate') {
    return { error: 'limb must be "notice" or "certificate".' };
  }
  const hasYear = year !== undefined && year !== null;
  if (hasYear && (!Number.isInteger(year) || Number(year) < 1996 || Number(year) > 2125)) {
    return { error: 'year must be a whole number from 1996 to 2125.' };
  }
  return { ...(limb ? { limb } : {}), ...(hasYear ? { year: Number(year) } : {}) };
}

/** The fact that `asked` is the day of: the limb's own, else the first that the duty runs from. */
function factFor(dutyId: string, options: DeadlineOptions): string | null {
  if (dutyId === 'appeal.time-limit' && options.limb === 'certificate') return 'mediationCertificateIssued';
  const from = dutyCalled(dutyId)?.from ?? null;
  return typeof from === 'string' ? from : (from?.[0] ?? null);
}

/** Answers one question; what cannot be answered says why in `error`. */
export function answerDue(question: DueQuestion): DueAnswer {
  const duty = dutyAsked(question);
  const named = typeof question.dutyId === 'string' ? question.dutyId : null;
  if ('error' in duty) return unanswered(question.id ?? null, named, duty.error);
  const id = question.id ?? null;
  const law = dutyCalled(duty.id)?.provision ?? null;
  const { asked } = question;
  if (asked === null || asked === undefined)
    return unanswered(id, duty.id, 'No date is asked about (asked is missing).', law);
  if (!isDay(asked))
    return unanswered(id, duty.id, `Impossible date: ${JSON.stringify(asked)}. Write a real day as YYYY-MM-DD.`, law);
  if (!isInRange(asked))
    return unanswered(id, duty.id, `Impossible date: ${asked} is outside the years 1996 to 2125.`, law);
  const options = optionsOf(question);
  if ('error' in options) return unanswered(id, duty.id, options.error, law);
  const fact = factFor(duty.id, options);
  if (fact === null)
    return { id, dutyId: duty.id, dueBy: null, law, why: `A continuing duty: no day starts or ends it: ${law ?? ''}` };
  const facts: Facts = { [fact]: asked };
  const found = deadline(duty.id, facts, englandCalendars, options);
  if (isCannotCompute(found)) return unanswered(id, duty.id, found.why, found.law);
  return {
    id,
    dutyId: duty.id,
    dueBy: found.dueBy,
    law: found.law,
    why: found.why,
    ...(found.contested !== undefined && { contested: found.contested }),
    ...(found.inTimeUntil !== undefined && { inTimeUntil: found.inTimeUntil }),
  };
}

import type { LetterDates } from '@send/letters';
import { type Day, deadline, formatDay, isCannotCompute } from '@send/statute';
import type { SubjectValues } from './about-letter';

/** A move in the words of a letter: from where, to where. */
const moves: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'early-years-to-school': ['nursery', 'school'],
  'infant-to-junior': ['infant school', 'junior school'],
  'primary-to-middle': ['first school', 'middle school'],
  'primary-to-secondary': ['primary school', 'secondary school'],
  'middle-to-secondary': ['middle school', 'secondary school'],
  'secondary-to-post-16': ['secondary school', 'sixth form or college'],
  'post-16': ['one college', 'another'],
};

export const isPhaseLetter = (id: string): boolean => id === 'review.phase-start' || id === 'review.phase-post16';

/** The letters that begin a phase transfer: which move, when, and the days that the run itself counts. */
export const phaseTransferValues: SubjectValues = ({ telling, on, calendars }) => {
  const { payload } = telling.fact;
  const { facts } = telling.context;
  const [from, to] = moves[String(payload['phase'])] ?? ['one setting', 'the next'];
  const due = (duty: string): Day | null => {
    const found = deadline(duty, facts, calendars, { explain: false });
    return isCannotCompute(found) ? null : found.dueBy;
  };
  const owed = Object.keys(telling.context.duties).find((duty) => /^review\.(phase-transfer|post-16)-/.test(duty));
  const movePlanBy = owed === undefined ? null : due(owed);
  const preferenceBy = due('practice.phase-transfer-preference');
  const movesOn = facts['phaseTransferDue'];
  const ownDay = payload['phase'] === 'post-16' && typeof payload['movesOn'] === 'string';
  const dates: LetterDates = {
    ...(movePlanBy === null || movePlanBy < on ? {} : { movePlanBy }),
    // A day that is nearly over asks nobody for anything.
    ...(preferenceBy === null || preferenceBy <= on ? {} : { preferenceBy }),
  };
  const when = movesOn === undefined ? `September ${String(payload['year'])}` : formatDay(movesOn);
  return Promise.resolve({
    transfer: { from, to, when: ownDay || movesOn === undefined ? when : when.replace(/^\d+ /, '') },
    dates,
  });
};

import { createHash } from 'node:crypto';
import { addMonths, auditSampleSize, type Day } from '@send/statute';

/** Months after the end of the month of the decisions: Somerset SEND Accelerated Progress Plan 2023, action 1.1. */
export const auditMonths = [6, 9, 12] as const;

/**
 * A tenth of these cases, rounded up. Each case gets a number from the seed, the day and its own id, and the lowest are
 * taken: the same seed and day give the same sample, in whatever order the cases are given. Nothing of a case but its id is
 * known here, so the sample is blind to what was decided.
 */
export function drawSample(cases: readonly string[], seed: string, on: Day, percent = 10): string[] {
  const mark = (id: string): string => createHash('sha256').update(`${seed}\n${on}\n${id}`).digest('hex');
  const marked = [...new Set(cases)].map((id) => ({ id, mark: mark(id) }));
  marked.sort((a, b) => (a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : a.id < b.id ? -1 : 1));
  return marked.slice(0, auditSampleSize(marked.length, percent)).map(({ id }) => id);
}

/** When a cohort's samples are to be drawn. */
export const drawsOf = (cohort: Day): { months: number; dueBy: Day }[] =>
  auditMonths.map((months) => ({ months, dueBy: addMonths(cohort, months) }));

/** What an auditor answers of each case. The outcome is shown only once these are stored. */
export const checklist = {
  question: 'Was the question to the panel the right one?',
  test: 'Was the legal test applied, and no higher one?',
  evidence: 'Was the evidence enough to answer it?',
  views: 'Were the child’s and the family’s views before the panel?',
  reasons: 'Would the reasons make sense to the family?',
  time: 'Was the case brought in time for its legal date?',
} as const;
export type Checklist = Readonly<Record<keyof typeof checklist, 'yes' | 'in-part' | 'no'>>;
export const checklistAnswers = { yes: 'Yes', 'in-part': 'In part', no: 'No' } as const;

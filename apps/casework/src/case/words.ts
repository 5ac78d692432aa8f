import { formatDay } from '@send/statute';
import type { RunContext } from '@send/workflow-kit';
import type { AssessmentContext } from '@send/workflows';

/** What a process waits for, in a caseworker's words. What it does not keep, it does not wait for. */
export function causesInWords(
  context: RunContext & Partial<Pick<AssessmentContext, 'advice' | 'plan'>>,
  value: unknown,
): string[] {
  const regions = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const asked = Object.values(context.advice ?? {});
  const outstanding = asked.filter((one) => one.receivedOn === undefined);
  const unanswered = Object.values(context.plan?.consultations ?? {}).filter((one) => one.answeredOn === undefined);
  const servedOn = context.facts['draftPlanServed'];
  return [
    ...(Object.keys(context.awaiting).length > 0
      ? [
          `Letters that have not left yet: ${Object.values(context.awaiting).reduce((sum, one) => sum + one.outstanding.length, 0)}`,
        ]
      : []),
    ...(regions['path'] === 'assessing' && outstanding.length > 0
      ? [`Waiting for advice from ${outstanding.length} of ${asked.length}`]
      : []),
    ...(regions['path'] === 'assessing' && asked.length === 0 ? ['No one has been asked for advice yet'] : []),
    ...(unanswered.length > 0
      ? [`Waiting for ${unanswered.length} ${unanswered.length === 1 ? 'setting' : 'settings'} to answer`]
      : []),
    ...(regions['path'] === 'draftWithFamily' && context.plan?.familyIsDone !== true
      ? [
          servedOn === undefined
            ? 'The draft plan has not been served yet'
            : `The family has had the draft since ${formatDay(servedOn)}`,
        ]
      : []),
    ...(context.plan?.meeting === 'required' ? ['The family asked for a meeting: it is not arranged yet'] : []),
    ...(context.plan?.meeting === 'arranged' ? ['The meeting with the family has not been recorded yet'] : []),
  ];
}

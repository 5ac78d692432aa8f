import { type AdviceAsked, type Evidence, type Proposal, proposeExceptions, type Term } from '@send/statute';
import type { Fact } from '@send/workflow-kit';
import type { AssessmentContext } from './needs-assessment.workflow';

/** A setting that was asked for advice, by the adviser's id: what it is, and when it is in session. */
export interface AskedSetting {
  readonly settingId: string;
  readonly kind: AdviceAsked['kind'];
  readonly terms: readonly Term[];
}

export interface ProposedException extends Proposal {
  /** Limits it would lift. */
  readonly duties: readonly string[];
}

/** The authority's own limits of an assessment that the regulations let an exception lift. */
const limits = ['assessment.decide-whether-to-assess', 'assessment.notify-no-plan', 'plan.issue-final'];

/**
 * Exceptions that the record seems to prove: a setting asked for advice in the window of a long closure, an appointment
 * missed. A person decides whether one is relied on; what already is, is not proposed again.
 */
export function proposedExceptions(
  context: AssessmentContext,
  history: readonly Fact[],
  settings: Readonly<Record<string, AskedSetting>>,
): ProposedException[] {
  const anchor = context.facts['requestReceived'] ?? context.facts['responsibilityBegan'];
  if (anchor === undefined) return [];
  const asked = Object.values(context.advice).flatMap(({ adviser, askedOn }): AdviceAsked[] => {
    const setting = settings[adviser];
    return setting === undefined ? [] : [{ settingId: setting.settingId, kind: setting.kind, on: askedOn }];
  });
  const evidence: Evidence = {
    anchor,
    adviceAskedOfSettings: asked,
    terms: Object.fromEntries(Object.values(settings).map(({ settingId, terms }) => [settingId, terms])),
    missedAppointments: history.filter(({ type }) => type === 'appointmentMissed').map(({ on }) => on),
  };
  const found = new Map<string, ProposedException>();
  for (const duty of limits) {
    for (const proposal of proposeExceptions(duty, evidence)) {
      const name = `${proposal.ground} ${proposal.from} ${proposal.to ?? ''}`;
      const before = found.get(name);
      found.set(name, { ...(before ?? proposal), duties: [...(before?.duties ?? []), duty] });
    }
  }
  return [...found.values()].filter(
    ({ ground, from }) => !context.exceptions.some((one) => one.ground === ground && one.from === from),
  );
}

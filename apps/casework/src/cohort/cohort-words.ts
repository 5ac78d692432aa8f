import { type CohortContext, cohortBases, cohortSources, mayUse } from '@send/workflows';

/** Where a child stands, as the board says it. */
export const standsIn: Readonly<Record<string, string>> = {
  putForward: 'Put forward',
  askingConsent: 'Consent asked',
  consented: 'Consent given',
  waiting: 'On the waiting list',
  inCohort: 'In the cohort',
  declined: 'The family said no',
  noReply: 'No reply',
  consentEnded: 'Consent withdrawn',
  notAdmitted: 'Not let in',
  left: 'Left the cohort',
  ended: 'Ended',
};

export interface Use {
  readonly source: string;
  readonly basis: string;
  readonly state: string;
  readonly on: string;
  readonly until: string | undefined;
  readonly inUse: boolean;
}

/** Each source with its legal basis, and whether it may be used today. */
export const usesOf = ({ sources }: CohortContext['cohort'], today: string): Use[] =>
  Object.entries(sources).map(([source, use]) => ({
    source: cohortSources[source as keyof typeof cohortSources],
    basis: cohortBases[use.basis],
    state: use.state === 'not needed' ? 'no consent needed' : `consent ${use.state}`,
    on: use.on,
    until: use.until,
    inUse: mayUse(use, today),
  }));

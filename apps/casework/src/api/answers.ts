import { isRefused, isWaiting, type Outcome } from '@send/engine';
import type { Response } from 'express';
import { refused } from './problems';

export const base = 'api/v1';
export const inApi = (...path: string[]): string => `/${[base, ...path].join('/')}`;

/** Done: what it did. Waiting for a second person: 202, and where it waits. Anything else is a problem. */
export function answerOutcome(response: Response, outcome: Outcome, created = false): object {
  if (isRefused(outcome)) throw refused(outcome);
  if (isWaiting(outcome)) {
    const { proposalId } = outcome.waits;
    response.status(202).setHeader('Location', inApi('proposals', proposalId));
    return { done: false, proposal: proposalId, message: 'Nothing has happened yet: somebody else must confirm it' };
  }
  response.status(created && !outcome.repeated ? 201 : 200).setHeader('ETag', `"${outcome.version}"`);
  if (created) response.setHeader('Location', inApi('runs', outcome.runId));
  return outcome;
}

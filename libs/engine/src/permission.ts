import { type Action, type Actor, isSystem, may, type Relationship } from '@send/access';
import type { Command, Door } from '@send/workflow-kit';

/** What ties an actor to a child, from the kinds of grant they hold today. */
export const relationshipOf = (actor: Actor, grants: readonly string[]): Relationship => ({
  authority: actor.authority,
  live: grants.includes('assigned') || grants.includes('named'),
  team: grants.includes('team'),
  own: false,
  panel: grants.includes('panel'),
  excluded: grants.includes('excluded'),
  classification: 'standard',
  ownViewsPrivate: false,
});

/** What may not even be seen is not there. */
export const maySee = (actor: Actor, grants: readonly string[]): boolean =>
  isSystem(actor) || may(actor, 'openCaseOverview', relationshipOf(actor, grants)).allowed;

/** A caseworker may prepare what only a senior may sign; the signature is the second person's. */
export function mayCommand(actor: Actor, command: Command, door: Door, grants: readonly string[]) {
  const relationship = relationshipOf(actor, grants);
  const answer = may(actor, command.action as Action, relationship);
  if (answer.allowed || !isForTwo(command, door) || answer.rule !== 'role') return answer;
  return may(actor, 'recordEvent', relationship);
}

/** Recording an act of our own is no way round a guard: a second person confirms it. */
const isForTwo = (command: Command, door: Door): boolean =>
  command.secondPerson === 'always' || (command.secondPerson === 'when-recorded' && door === 'record');

/** What the product notes itself needs nobody's confirmation. */
export const needsSecond = (command: Command, door: Door, actor: Actor): boolean =>
  !isSystem(actor) && isForTwo(command, door);

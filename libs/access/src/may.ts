import { type Actor, isSystem } from './actor';
import { type Action, cell, type Cell, type Role, wordsOf } from './policy';

/** What the actor has to do with the case, today. Nothing here is remembered: an ended grant counts from the next request. */
export interface Relationship {
  readonly authority: string;
  /** Assigned, a named adviser, on the roll, under consultation or with consent, now. */
  readonly live: boolean;
  /** The case is with the actor's own team. */
  readonly team: boolean;
  /** Their own data, child, advice or letter; in the audit, what they did themselves. */
  readonly own: boolean;
  /** On the list of a panel of theirs. */
  readonly panel: boolean;
  /** Excluded, or a conflict declared: their own, a relative's or a colleague's child. Always wins. */
  readonly excluded: boolean;
  readonly classification: 'standard' | 'private' | 'restricted';
  /** The child asked that parents do not read the child's own views, and staff agreed. */
  readonly ownViewsPrivate: boolean;
}

export interface Allowed {
  readonly allowed: true;
  readonly role: Role | 'system';
  /** Somebody else must confirm it before it has effect. */
  readonly secondPerson?: true;
  /** They must say why, and it is kept. */
  readonly reason?: true;
}

export interface Refused {
  readonly allowed: false;
  readonly rule: 'role' | 'no-relationship' | 'excluded' | 'other-authority' | 'may-only-ask' | 'reason-needed';
  readonly message: string;
  /** The case must look as if it did not exist: not even "you may not" may be said about it. */
  readonly hidden: boolean;
}

/** For actions that are about no case: users, settings, counts. */
export const noCase = (authority: string): Relationship => ({
  authority,
  live: false,
  team: true,
  own: true,
  panel: false,
  excluded: false,
  classification: 'standard',
  ownViewsPrivate: false,
});

/** What the worker does with nobody at a screen: it notes what happened to letters, and needs the address to send them. */
const systemMay: ReadonlySet<Action> = new Set<Action>([
  'recordEvent',
  'draftLetter',
  'readLetters',
  'readContact',
  'readProtectedAddress',
]);

/** These show nothing of what is inside a restricted case. */
const opensNothing: ReadonlySet<Action> = new Set<Action>([
  'openRestrictedCase',
  'seeRestrictedCaseExists',
  'breakGlass',
  'allocateCases',
  'giveAccess',
  'declareConflict',
  'readReports',
  'readAudit',
  'manageUsers',
  'changeSettings',
  'holdOrDeleteRecord',
]);

/** One answer for every question of access. Whatever is not allowed here is refused. */
export function may(actor: Actor, action: Action, relationship: Relationship): Allowed | Refused {
  const answer = ask(actor, action, relationship);
  if (answer.allowed || !hides(action)) return answer;
  return { ...answer, hidden: answer.hidden || !ask(actor, 'openCaseOverview', relationship).allowed };
}

function ask(actor: Actor, action: Action, relationship: Relationship): Allowed | Refused {
  if (actor.authority !== relationship.authority) {
    return { allowed: false, rule: 'other-authority', hidden: true, message: 'There is no such case.' };
  }
  if (isSystem(actor)) return systemMay.has(action) ? { allowed: true, role: 'system' } : refusal('role', action);
  if (relationship.excluded) {
    return { allowed: false, rule: 'excluded', hidden: true, message: 'There is no such case.' };
  }
  const answers = actor.roles.map((role) => forRole(role, action, relationship));
  const allowed = answers.filter((answer) => answer.allowed).sort((one, other) => burden(one) - burden(other))[0];
  return allowed ?? answers.find((answer) => !answer.allowed && answer.rule !== 'role') ?? refusal('role', action);
}

function forRole(role: Role, action: Action, relationship: Relationship): Allowed | Refused {
  const answer = forCell(cell(action, role), role, action, relationship);
  if (!answer.allowed || relationship.classification !== 'restricted' || opensNothing.has(action)) return answer;
  // A search finds a restricted case for whoever may know of it; everything else opens it.
  const also: Action = action === 'searchCases' ? 'seeRestrictedCaseExists' : 'openRestrictedCase';
  const gate = forCell(cell(also, role), role, action, relationship);
  return gate.allowed ? { ...gate, ...answer } : gate;
}

function forCell(of: Cell, role: Role, action: Action, relationship: Relationship): Allowed | Refused {
  const { live, team, own, panel, classification, ownViewsPrivate } = relationship;
  // A private case is open to those who work on it, not to their whole team.
  const teamCase = team && classification === 'standard';
  const when = (met: boolean, conditions: Pick<Allowed, 'reason' | 'secondPerson'> = {}): Allowed | Refused =>
    met ? { allowed: true, role, ...conditions } : refusal('no-relationship', action);
  switch (of) {
    case '-':
      return refusal('role', action);
    case 'ask':
      return own ? refusal('may-only-ask', action) : refusal('no-relationship', action);
    case 'A':
    case 'T,A':
      return when(true);
    case 'T':
      return when(teamCase);
    case 'C':
      return when(live);
    case 'C,T':
      return when(live || teamCase);
    case 'P':
      return when(panel);
    case 'S':
    case 'own':
    case 'own file':
    case 'consent':
      return when(own);
    case 'S*':
      return when(own && !ownViewsPrivate);
    case 'own+C':
      return when(own && live);
    case 'R':
      return when(true, { reason: true });
    case '2':
    case 'A,2':
      return when(true, { secondPerson: true });
    case 'R,2':
      return when(true, { reason: true, secondPerson: true });
    case 'C,R':
      return when(live, { reason: true });
    case 'C,2':
      return when(live, { secondPerson: true });
  }
}

const burden = (answer: Allowed | Refused): number =>
  answer.allowed ? (answer.reason ? 1 : 0) + (answer.secondPerson ? 2 : 0) : 9;

const hides = (action: Action): boolean =>
  action !== 'manageUsers' && action !== 'changeSettings' && action !== 'readReports';

function refusal(rule: 'role' | 'no-relationship' | 'may-only-ask', action: Action): Refused {
  const words = wordsOf(action).replace(/ \(.*\)$/, '');
  switch (rule) {
    case 'role':
      return { allowed: false, rule, hidden: false, message: `Your role does not let you: ${words}.` };
    case 'no-relationship':
      return {
        allowed: false,
        rule,
        hidden: false,
        message: `You are not on this case, so you cannot do this: ${words}.`,
      };
    case 'may-only-ask':
      return { allowed: false, rule, hidden: false, message: `You can ask the caseworker to do this: ${words}.` };
  }
}

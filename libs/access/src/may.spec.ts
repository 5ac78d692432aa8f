import type { Actor } from './actor';
import { may, noCase, type Relationship } from './may';
import { type Action, actions, cell, type Role, roleCodes, wordsOf } from './policy';
import { maySecond, sameAsFirst } from './second-person';

/** The access table as it was agreed, word for word. */
const agreed = `
| search cases | T | A | P | P | C | C | - | - | C | - | R |
| open case overview | C,T | A | P | P | C | C | S | S | C | - | R |
| open restricted case | C | R | P | - | C | C | S | S | C | - | R |
| see that a restricted case exists | C | A | P | - | C | C | S | S | C | - | R |
| read staff notes | C,T | A | P | - | - | - | - | - | - | - | R |
| write staff notes | C | A | - | - | - | - | - | - | - | - | - |
| read advice reports | C,T | A | P | P | own+C | C | S | S | C | - | R |
| submit advice | - | - | - | - | C | C | - | - | - | - | - |
| read family views | C,T | A | P | P | C | C | S | S | C | - | R |
| write family views | C | A | - | - | - | - | S | S | C | - | - |
| read child's own views | C,T | A | P | P | C | C | S* | S | C | - | R |
| read normal address and contact | C,T | A | - | - | - | C | S | S | - | - | R |
| read address not to be shared | C,R | R | - | - | - | - | own | own | - | - | R |
| change contact details | C | A | - | - | - | - | own | own | - | - | - |
| set or lift "do not share" | C,2 | 2 | - | - | - | - | ask | ask | - | - | - |
| record parental responsibility or court order | C,2 | 2 | - | - | - | - | ask | - | - | - | - |
| read draft plan | C,T | A | P | P | C | C | S | S | C | - | R |
| comment on draft plan | C | A | - | - | C | C | S | S | C | - | - |
| edit plan | C | A | - | - | - | - | - | - | - | - | - |
| sign final plan | - | 2 | - | - | - | - | - | - | - | - | - |
| record an event, move stage | C | A | - | - | - | - | - | - | - | - | - |
| use a legal exception | C,2 | 2 | - | - | - | - | - | - | - | - | - |
| undo an event (adds a reversing event) | - | R,2 | - | - | - | - | - | - | - | - | - |
| list a case for panel | C | A | P | - | - | - | - | - | - | - | - |
| declare a conflict | C | A | P | P | - | - | - | - | - | - | - |
| record panel recommendation | - | - | P | - | - | - | - | - | - | - | - |
| sign a decision | - | A | - | - | - | - | - | - | - | - | - |
| draft a letter | C | A | - | - | - | - | - | - | - | - | - |
| approve a letter with appeal rights | - | A,2 | - | - | - | - | - | - | - | - | - |
| approve a routine letter | C | A | - | - | - | - | - | - | - | - | - |
| release a held or unsure letter | - | R,2 | - | - | - | - | - | - | - | - | - |
| read letters | C,T | A | P | - | own | own | own | own | C | - | R |
| upload a document | C | A | P | - | C | C | S | S | C | - | - |
| remove a document (kept, hidden, reasoned) | R | R | - | - | - | - | - | - | - | - | - |
| share a document with a person | C | A | - | - | - | - | - | - | - | - | - |
| redact and release | C,2 | 2 | - | - | - | - | - | - | - | - | - |
| give or end access to a case | - | A | - | - | - | - | consent | consent | - | - | - |
| allocate cases | - | T,A | - | - | - | - | - | - | - | - | - |
| break-glass | R | R | - | - | - | - | - | - | - | - | - |
| export a case (subject access) | - | R,2 | - | - | - | - | - | - | - | - | R |
| reports with counts | T | A | - | - | - | C | - | - | - | - | A |
| manage users and roles | - | - | - | - | - | - | - | - | - | 2 | - |
| change settings or templates | - | - | - | - | - | - | - | - | - | 2 | - |
| read audit log | own | T | - | - | - | - | own file | own file | - | - | A |
| hold or delete a record | - | R,2 | - | - | - | - | - | - | - | 2 | - |
`
  .trim()
  .split('\n')
  .map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((text) => text.trim()),
  );

const actor = (...roles: Role[]): Actor => ({
  staffId: 'one',
  name: 'One',
  authority: 'levelshire',
  roles,
  team: 'North',
});
const nothing: Relationship = { ...noCase('levelshire'), team: false, own: false };
const everything: Relationship = { ...nothing, live: true, team: true, own: true, panel: true };

describe('the table', () => {
  it('is the agreed one, cell by cell', () => {
    expect(actions).toHaveLength(45);
    expect(agreed).toHaveLength(45);
    const ours = actions.map((action) => [wordsOf(action), ...roleCodes.map((role) => cell(action, role))]);
    expect(ours).toEqual(agreed);
  });
});

describe('every cell in every condition of a case', () => {
  /** Which relationships satisfy a scope, written here a second time and by itself. */
  const satisfiedBy: Record<string, (keyof Relationship)[] | 'always' | 'never'> = {
    '-': 'never',
    ask: 'never',
    A: 'always',
    'T,A': 'always',
    R: 'always',
    '2': 'always',
    'A,2': 'always',
    'R,2': 'always',
    T: ['team'],
    C: ['live'],
    'C,T': ['live', 'team'],
    P: ['panel'],
    S: ['own'],
    'S*': ['own'],
    own: ['own'],
    'own file': ['own'],
    consent: ['own'],
    'C,R': ['live'],
    'C,2': ['live'],
  };
  const kinds = ['live', 'team', 'own', 'panel'] as const;

  it.each(agreed)('%s', (...row: string[]) => {
    const action = actions[agreed.indexOf(agreed.find((one) => one[0] === row[0]) ?? [])];
    if (!action) throw new Error('Not an action.');
    roleCodes.forEach((role, column) => {
      const of = row[column + 1] ?? '';
      for (const kind of kinds) {
        const answer = may(actor(role), action, { ...nothing, [kind]: true });
        const scopes = satisfiedBy[of];
        const expected = scopes === 'always' || (Array.isArray(scopes) && scopes.includes(kind));
        expect([role, kind, answer.allowed]).toEqual([role, kind, expected]);
        if (answer.allowed) {
          expect([role, answer.reason ?? false]).toEqual([role, of.includes('R')]);
          expect([role, answer.secondPerson ?? false]).toEqual([role, of.includes('2')]);
        }
      }
      expect(may(actor(role), action, { ...everything, excluded: true }).allowed).toBe(false);
      expect(may(actor(role), action, { ...everything, authority: 'harrowmoor' })).toMatchObject({
        allowed: false,
        hidden: true,
      });
    });
    expect(may(actor(), action, everything).allowed).toBe(false);
  });
});

describe('restricted and private cases', () => {
  const restricted: Relationship = { ...nothing, classification: 'restricted' };
  const cases: [Role, Action, Relationship, object][] = [
    ['CW', 'openCaseOverview', { ...restricted, team: true }, { allowed: false, hidden: true }],
    ['CW', 'openCaseOverview', { ...restricted, live: true }, { allowed: true }],
    ['SM', 'openCaseOverview', restricted, { allowed: true, reason: true }],
    ['SM', 'useException', restricted, { allowed: true, reason: true, secondPerson: true }],
    ['SM', 'searchCases', restricted, { allowed: true }],
    ['PM', 'readAdvice', { ...restricted, panel: true }, { allowed: false, hidden: true }],
    ['PC', 'readAdvice', { ...restricted, panel: true }, { allowed: true }],
    ['CW', 'readStaffNotes', { ...nothing, team: true, classification: 'private' }, { allowed: false, hidden: true }],
    ['CW', 'readStaffNotes', { ...nothing, live: true, classification: 'private' }, { allowed: true }],
    ['PA', 'readChildsOwnViews', { ...nothing, own: true, ownViewsPrivate: true }, { allowed: false }],
    ['PA', 'protectAddress', { ...nothing, own: true }, { allowed: false, rule: 'may-only-ask', hidden: false }],
    ['AV', 'readAdvice', { ...nothing, own: true }, { allowed: false }],
    ['AV', 'readAdvice', { ...nothing, own: true, live: true }, { allowed: true }],
  ];
  it.each(cases)('%s %s', (role, action, relationship, expected) => {
    expect(may(actor(role), action, relationship)).toMatchObject(expected);
  });
});

it('gives a person with two roles the lighter of two answers', () => {
  expect(may(actor('SM', 'CW'), 'openRestrictedCase', { ...nothing, live: true })).toEqual({
    allowed: true,
    role: 'CW',
  });
});

it('lets the system note what happened, and decide nothing', () => {
  const system: Actor = { ...actor(), staffId: 'system' };
  const allowed = actions.filter((action) => may(system, action, nothing).allowed);
  expect(allowed).toEqual(['readContact', 'readProtectedAddress', 'recordEvent', 'draftLetter', 'readLetters']);
});

describe('the second person', () => {
  it('is somebody else', () => {
    expect(maySecond('one', actor('SM'), 'signFinalPlan', nothing)).toMatchObject({
      allowed: false,
      message: sameAsFirst,
    });
    expect(maySecond('two', actor('SM'), 'signFinalPlan', nothing)).toMatchObject({ allowed: true });
  });
  it('could have been the first', () => {
    expect(maySecond('two', actor('CW'), 'signFinalPlan', everything)).toMatchObject({ allowed: false, rule: 'role' });
    expect(maySecond('two', actor('CW'), 'useException', nothing)).toMatchObject({ allowed: false });
  });
});

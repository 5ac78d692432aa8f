import { describe, expect, it } from '@jest/globals';
import { addDays } from '@send/statute';
import { deadlines, type Fact, fold, isClosed } from '@send/workflow-kit';
import fc from 'fast-check';
import { appealWorkflow as workflow } from '../index';

/** The same histories at each check; another seed draws others. */
const seed = Number(process.env['HISTORY_SEED'] ?? 1);

const reasons = ['x'];

/** What may be on a history, at most once each, with the payload it would have. */
const kinds: readonly (readonly [type: string, payload: Record<string, unknown>])[] = [
  ['mediationRequested', { about: 'contents', decisionNoticeSent: '2026-01-05' }],
  ['mediationDeclined', { about: 'contents' }],
  ['healthIssuesTold', { nothingElse: true }],
  ['commissionersTold', { issues: ['x'] }],
  ['mediationPlanned', { meetingOn: '2026-03-02', time: '10am', place: 'x' }],
  ['mediationHeld', {}],
  ['mediationConcluded', {}],
  ['mediationCannotBeArranged', { why: 'x' }],
  ['mediationDropped', {}],
  ['mediationCertificateIssued', {}],
  ['mediationAgreed', { agreed: 'amend-plan', actions: [{ action: 'a1', what: 'x' }] }],
  ['agreedActionDone', { action: 'a1' }],
  ['appealLodged', { about: 'placement' }],
  ['appealPapersReceived', {}],
  ['responseSent', { opposed: 'yes', childsViews: 'x' }],
  ['stepDirected', { step: 's1', what: 'x', kind: 'evidence', workingDays: 10 }],
  ['stepDone', { step: 's1' }],
  ['hearingFixed', { hearingOn: '2026-09-01' }],
  ['hearingHeld', {}],
  ['appealConceded', { reasons }],
  ['tribunalOrderMade', { order: 'amend-placement' }],
  ['tribunalOrderMade', { order: 'reconsider', dateSetByOrder: '2027-02-01' }],
  ['recommendationMade', { body: 'health' }],
  ['recommendationAnswered', { body: 'health', following: 'no', reasons }],
  ['amendedFinalPlanIssued', { changesFOrI: true }],
  ['reconsidered', { result: 'changed', reasons }],
  ['orderCarriedOut', { what: 'x' }],
  ['appealWithdrawn', {}],
  ['caseClosed', {}],
  ['exceptionRelied', { ground: 'awayTwoWeeks', from: '2026-02-01', to: '2026-02-20', reason: 'x' }],
];

const facts = fc
  .uniqueArray(fc.tuple(fc.nat(kinds.length - 1), fc.nat(300)), {
    minLength: 1,
    maxLength: 14,
    selector: ([kind]) => kind,
  })
  .map((list) =>
    list.map(([kind, days], index): Fact => {
      const [type, payload] = kinds[kind] ?? ['appealLodged', {}];
      return {
        id: `f${kind}`,
        type,
        on: addDays('2026-01-05', days),
        door: 'record',
        by: 'o',
        seq: index + 1,
        payload,
      };
    }),
  );

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
const ended = (type: string, days: number): Fact => ({
  id: 'end',
  type,
  on: addDays('2026-01-05', days),
  door: 'record',
  by: 'o',
  seq: 100,
  payload: {},
});

describe('for any history of a dispute', () => {
  it('any order of arrival ends in the same place, with the same deadlines', () => {
    const shuffled = facts.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, mixed]) => {
        // On one day facts of one kind keep the order of recording: here no kind is there twice.
        const days = new Set(list.map(({ type, on }) => `${type} ${on}`));
        fc.pre(days.size === list.length);
        const one = fold(workflow, list);
        const other = fold(
          workflow,
          mixed.map((fact, index) => ({ ...fact, seq: index + 1 })),
        );
        expect(other.place).toEqual(one.place);
        expect(deadlines(other.place).sort(byKey)).toEqual(deadlines(one.place).sort(byKey));
      }),
      { numRuns: 400, seed },
    );
  }, 120_000);

  it('a closed one leaves no date of ours running', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const { place } = fold(workflow, list);
        if (!isClosed(workflow, place)) return;
        const left = deadlines(place).filter(
          ({ owner, metOn, endedOn, dueBy }) =>
            owner === 'local-authority' && metOn === null && endedOn === null && dueBy !== null,
        );
        expect(left.map(({ key }) => key)).toEqual([]);
      }),
      { numRuns: 1500, seed },
    );
  }, 120_000);

  it('an ending leaves nothing open, and whatever is told of a later day finds no place', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('planEnded', 'movedAway', 'childDied'), fc.nat(300), (list, type, days) => {
        const end = ended(type, days);
        const { place, unplaced } = fold(workflow, [...list, end]);
        const open = Object.entries(place.context.duties).filter(([, { metOn, endedOn }]) => !(metOn ?? endedOn));
        expect(open).toEqual([]);
        expect(place.value).toMatchObject({ path: 'ended', compliance: 'nothingToDo', recommendations: 'none' });
        const later = list.filter(({ on }) => on > end.on).map(({ id }) => id);
        expect(unplaced).toEqual(expect.arrayContaining(later));
      }),
      { numRuns: 400, seed },
    );
  }, 120_000);
});

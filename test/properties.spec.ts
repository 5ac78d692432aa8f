import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '@send/statute';
import { deadlines, type Fact, fold, inLegalOrder, type Place, rankOf, start, step } from '@send/workflow-kit';
import { needsAssessmentWorkflow as workflow } from '@send/workflows';
import fc from 'fast-check';

const requested: Day = '2024-01-15';

/** What may be on a history, at most once each, with the payload it would have. */
const kinds: readonly (readonly [type: string, payload: Record<string, unknown>])[] = [
  ['requestReceived', { from: 'parent' }],
  ['consideringAssessment', {}],
  ['decidedToAssess', {}],
  ['decidedNotToAssess', { reasons: ['x'] }],
  [
    'adviceSought',
    {
      requests: [
        { request: 'r1', kind: 'education', adviser: 'a' },
        { request: 'r2', kind: 'health', adviser: 'b' },
      ],
    },
  ],
  ['adviceReceived', { request: 'r1' }],
  ['adviceReceived', { request: 'r2' }],
  ['viewsReceived', { summary: 'x' }],
  ['decidedToIssue', { reasons: ['x'] }],
  ['decidedNotToIssue', { reasons: ['x'] }],
  ['draftPlanSent', {}],
  ['representationsReceived', { nothingMoreToSay: true }],
  ['settingConsulted', { consultation: 'c1', setting: 's1' }],
  ['settingAnswered', { consultation: 'c1', answer: 'yes' }],
  ['placementNamed', { setting: 's1', type: 'Mainstream', reasons: ['x'] }],
  ['finalPlanIssued', {}],
  [
    'exceptionRelied',
    { ground: 'exceptionalPersonalCircumstances', from: '2024-02-01', to: '2024-02-20', reason: 'x' },
  ],
  ['appealConceded', {}],
  ['tribunalOrderMade', { order: 'assess' }],
  ['requestWithdrawn', { by: 'x' }],
];

const facts = fc
  .uniqueArray(fc.tuple(fc.nat(kinds.length - 1), fc.nat(400)), {
    minLength: 1,
    maxLength: 12,
    selector: ([kind]) => kind,
  })
  .map((list) =>
    list.map(([kind, days], index): Fact => {
      const [type, payload] = kinds[kind] ?? ['requestReceived', {}];
      return { id: `f${kind}`, type, on: addDays(requested, days), door: 'record', by: 'o', seq: index + 1, payload };
    }),
  );

const shuffled = facts.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
);

/** As the engine does it: the next in order is one step, an earlier one folds again. */
function arriving(list: readonly Fact[]): Place {
  let place = start(workflow);
  let last: Fact | undefined;
  const history: Fact[] = [];
  for (const [index, one] of list.entries()) {
    const fact = { ...one, seq: index + 1 };
    history.push(fact);
    const latest =
      last === undefined ||
      fact.on > last.on ||
      (fact.on === last.on && rankOf(workflow, fact.type) >= rankOf(workflow, last.type));
    place = latest ? step(workflow, place, fact).place : fold(workflow, history).place;
    last = [...history].sort((a, b) => inLegalOrder(workflow, a, b)).at(-1);
  }
  return place;
}

/** Quick where they are alike, and with the whole difference where not. */
function alike(found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted)) expect(found).toEqual(wanted);
}

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);

describe('for any history', () => {
  it('any order of arrival ends in the same position and deadlines', () => {
    fc.assert(
      fc.property(shuffled, ([list, mixed]) => {
        const one = arriving(list);
        const other = arriving(mixed);
        alike(other, one);
        alike(deadlines(other).sort(byKey), deadlines(one).sort(byKey));
      }),
      { numRuns: 4000 },
    );
  }, 300_000);

  it('step by step is the same as the fold of the whole', () => {
    fc.assert(
      fc.property(facts, (list) => {
        alike(
          arriving(list),
          fold(
            workflow,
            list.map((fact, index) => ({ ...fact, seq: index + 1 })),
          ).place,
        );
      }),
      { numRuns: 3000 },
    );
  }, 300_000);

  it('a fact taken back leaves no trace', () => {
    fc.assert(
      fc.property(facts, fc.nat(), (list, which) => {
        const gone = list[which % list.length];
        if (gone === undefined) return;
        const reversing: Fact = {
          id: 'back',
          type: 'factReversed',
          on: '2026-01-01',
          door: 'record',
          by: 'o',
          seq: 99,
          payload: {},
          reverses: gone.id,
        };
        alike(
          fold(workflow, [...list, reversing]).place,
          fold(
            workflow,
            list.filter((fact) => fact !== gone),
          ).place,
        );
      }),
      { numRuns: 2000 },
    );
  }, 300_000);

  it('a stored place is plain data: reading it back changes nothing', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const { place } = fold(workflow, list);
        const read = JSON.parse(JSON.stringify(place)) as Place;
        alike(read, place);
        const next: Fact = {
          id: 'n',
          type: 'delayExplained',
          on: '2026-01-01',
          door: 'record',
          by: 'o',
          seq: 98,
          payload: {},
        };
        alike(step(workflow, read, next).place, step(workflow, place, next).place);
      }),
      { numRuns: 1000 },
    );
  }, 300_000);
});

import type { Schema } from './command-schema';

const text: Schema = { type: 'string' };
const maybe: Schema = { type: ['string', 'null'] };
const day: Schema = { type: 'string', format: 'date' };
const maybeDay: Schema = { type: ['string', 'null'], format: 'date' };
const id: Schema = { type: 'string', format: 'uuid' };
const maybeId: Schema = { type: ['string', 'null'], format: 'uuid' };
const count: Schema = { type: 'integer' };
const flag: Schema = { type: 'boolean' };
const open: Schema = { type: 'object' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const thing = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

/** What the API answers about the exclusion-risk cohort. */
export const cohortSchemas: Readonly<Record<string, Schema>> = {
  Cohort: thing({
    cap: count,
    inside: count,
    waiting: count,
    outcomes: thing({
      identified: count,
      reviewed: count,
      inEducation: count,
      safelyAtHome: count,
      percent: { type: ['integer', 'null'] },
      target: count,
    }),
    children: list(
      thing({
        runId: id,
        childId: id,
        name: text,
        reference: text,
        position: text,
        closed: flag,
        openedOn: day,
        nextReview: maybeDay,
        lead: maybe,
      }),
    ),
  }),
  Candidates: thing({
    candidates: list(
      thing({
        childId: id,
        name: text,
        reference: text,
        school: maybe,
        weight: { type: 'number' },
        runId: maybeId,
        position: maybe,
        dropped: list(thing({ source: text, why: text })),
        indicators: list(
          thing({
            id: text,
            label: text,
            source: text,
            value: text,
            flag: text,
            on: maybeDay,
            why: text,
            complete: flag,
            completeness: text,
          }),
        ),
      }),
    ),
  }),
  PartTimeTimetables: thing({ timetables: list(open) }),
  Fairness: thing({ rule: text, tables: list(open) }),
  FileTaken: thing({ importId: id, rows: count, added: count, changed: count, same: count, begun: count }),
  CapChanged: thing({ cap: count, inside: count, waiting: count }),
};

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '@send/database';
import { addDays, type Day } from '@send/statute';
import { deadlines, type Fact, fold, positionOf, start, step, type Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { walks } from './walks/index';

/**
 * Histories that were lived under a machine version, with where they led. A change of the machine must still lead there:
 * a change that cannot is a new version beside the old one. New histories are added, stored ones never edited. One file for
 * each workflow: `npm run -s jest -- test/register/stored-histories.spec.ts` with STORE_HISTORIES=yes fills in where the new ones lead.
 */
interface Stored {
  readonly name: string;
  readonly workflow: string;
  readonly version: string;
  readonly history: readonly Fact[];
  leadsTo?: { readonly position: string; readonly place: unknown; readonly deadlines: readonly unknown[] };
}

const folder = join(projectFolder(), 'test/register/stored');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const histories = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Stored[];
    return { path: join(folder, name), histories };
  });
const stored = files.flatMap(({ path, histories }) => histories.map((one) => ({ one, path, histories })));

const led = (workflow: Workflow, history: readonly Fact[]) => {
  const { place } = fold(workflow, history);
  return {
    position: positionOf(workflow, place),
    place: JSON.parse(JSON.stringify(place)) as unknown,
    deadlines: deadlines(place).map(({ key, rule, dueBy, metOn, endedOn, targetBy }) => ({
      key,
      rule,
      dueBy,
      metOn,
      endedOn,
      targetBy,
    })),
  };
};

const endings = ['planEnded', 'movedAway', 'childDied'];

/** A history that the machine can have lived: facts in turn that find a place, drawn by a seed; `ends` says whether the last ends it. */
function lived(workflow: Workflow, seed: number, ends: boolean): Fact[] {
  const walk = walks[workflow.id];
  const facts = [...new Set(Object.values(workflow.commands.table).map(({ fact }) => fact))];
  const history: Fact[] = [];
  let state = seed;
  let place = start(workflow);
  let on: Day = '2026-01-05';
  while (history.length < 12) {
    const next = facts
      .filter((type) => type !== 'letterSent' && (ends && history.length === 11) === endings.includes(type))
      .flatMap((type) => (walk?.variants[type] ?? [{}]).map((payload) => ({ type, payload })))
      .flatMap(({ type, payload }) => {
        const seq = history.length + 1;
        const day = addDays(on, walk?.days?.[type] ?? 9);
        const fact: Fact = { id: `${type}-${seq}`, type, on: day, door: 'record', by: 'staff', seq, payload };
        const after = step(workflow, place, fact);
        return after.placed ? [{ fact, after }] : [];
      });
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const one = next[(state >>> 8) % Math.max(1, next.length)];
    if (one === undefined) break;
    history.push(one.fact);
    place = one.after.place;
    on = one.fact.on;
  }
  return history;
}

/** With STORE_HISTORIES=yes a workflow that has none gets its first ones: from then on they are kept. */
if (process.env['STORE_HISTORIES'] === 'yes') {
  for (const workflow of workflows) {
    if (stored.some(({ one }) => one.workflow === workflow.id && one.version === workflow.version)) continue;
    const histories: Stored[] = [1, 2, 3].map((seed) => ({
      name: `${workflow.id} as drawn ${seed}`,
      workflow: workflow.id,
      version: workflow.version,
      history: lived(workflow, seed, seed === 3),
    }));
    const path = join(folder, `${workflow.id}.json`);
    stored.push(...histories.map((one) => ({ one, path, histories })));
  }
}

describe('stored histories', () => {
  it.each(stored.map((kept) => [kept.one.name, kept] as const))('%s', (_, { one, path, histories }) => {
    const workflow = workflows.find(({ id, version }) => id === one.workflow && version === one.version);
    if (workflow === undefined)
      throw new Error(`${one.workflow} version ${one.version} is no longer installed, and runs may be pinned to it`);
    if (one.leadsTo === undefined && process.env['STORE_HISTORIES'] === 'yes') {
      one.leadsTo = led(workflow, one.history);
      writeFileSync(path, `${JSON.stringify(histories, null, 1)}\n`);
      return;
    }
    expect(led(workflow, one.history)).toEqual(one.leadsTo);
  });

  it('has some for every workflow', () => {
    const none = workflows.filter(
      ({ id, version }) => !stored.some(({ one }) => one.workflow === id && one.version === version),
    );
    // A workflow that no run was ever pinned to may still change; the first release stores its histories.
    if (none.length > 0) process.stdout.write(`stored histories: none yet of ${none.map(({ id }) => id).join(', ')}\n`);
    expect(none.map(({ id }) => id)).not.toContain('needs-assessment');
  });
});

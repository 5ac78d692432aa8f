import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '@send/database';
import { deadlines, type Fact, fold, positionOf, type Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';

/**
 * Histories that were lived under a machine version, with where they led. A change of the machine must still lead there:
 * a change that cannot is a new version beside the old one. New histories are added, stored ones never edited.
 */
interface Stored {
  readonly name: string;
  readonly workflow: string;
  readonly version: string;
  readonly history: readonly Fact[];
  leadsTo?: { readonly position: string; readonly place: unknown; readonly deadlines: readonly unknown[] };
}

const file = join(projectFolder(), 'test/register/stored-histories.json');
const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored[];

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

describe('stored histories', () => {
  it.each(stored.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const workflow = workflows.find(({ id, version }) => id === one.workflow && version === one.version);
    if (workflow === undefined)
      throw new Error(`${one.workflow} version ${one.version} is no longer installed, and runs may be pinned to it`);
    if (one.leadsTo === undefined && process.env['STORE_HISTORIES'] === 'yes') {
      one.leadsTo = led(workflow, one.history);
      writeFileSync(file, `${JSON.stringify(stored, null, 1)}\n`);
      return;
    }
    expect(led(workflow, one.history)).toEqual(one.leadsTo);
  });

  it('has some for every workflow', () => {
    expect(existsSync(file)).toBe(true);
    expect(
      workflows.filter(({ id, version }) => !stored.some((one) => one.workflow === id && one.version === version)),
    ).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectFolder } from '@send/database';
import { workflows } from '@send/workflows';
import { diagramIndex, diagramOf } from '../../apps/console/src/diagrams';

it.each(workflows.map((workflow) => [workflow.id, workflow] as const))(
  'the diagram of %s is the machine: npm run diagrams',
  (id, workflow) => {
    expect(readFileSync(join(projectFolder(), `docs/workflows/${id}.md`), 'utf8')).toBe(diagramOf(workflow));
  },
);

it('the list of the processes is complete', () => {
  expect(readFileSync(join(projectFolder(), 'docs/workflows/index.md'), 'utf8')).toBe(diagramIndex());
});

import { realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFolder } from '@send/database';
import { dutyCalled } from '@send/statute';
import type { Position, Says, Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import type { StateNode } from 'xstate';

const nameOf = (node: StateNode): string => node.path.slice(1).join('_') || node.key;
const leaves = (node: StateNode): StateNode[] =>
  Object.keys(node.states).length === 0 ? [node] : Object.values(node.states).flatMap(leaves);

/** One region as a state diagram; facts that are only put on record lead here from any open position and are listed below it. */
function regionDiagram(region: StateNode, workflow: Workflow): string {
  const lines = ['```mermaid', 'stateDiagram-v2', '  direction TB'];
  const initial = firstLeaf(region);
  for (const leaf of leaves(region)) {
    const called = (leaf.meta as Position | undefined)?.called;
    if (called !== undefined) lines.push(`  state "${called}" as ${nameOf(leaf)}`);
  }
  if (initial !== undefined) lines.push(`  [*] --> ${nameOf(initial)}`);
  for (const node of [...inside(region)]) {
    for (const [event, list] of node.transitions) {
      const label = workflow.commands.forFact(event)?.happened ?? event;
      for (const one of list) {
        for (const target of (one.target ?? []) as StateNode[]) {
          const to = firstLeaf(target) ?? target;
          for (const from of leaves(node))
            lines.push(
              `  ${nameOf(from)} --> ${nameOf(to)}: ${label}${one.guard === undefined ? '' : ' (if the law allows)'}`,
            );
        }
      }
    }
  }
  for (const leaf of leaves(region)) if (leaf.tags.includes('closed')) lines.push(`  ${nameOf(leaf)} --> [*]`);
  return [...new Set(lines), '```'].join('\n');
}

function* inside(region: StateNode): Generator<StateNode> {
  for (const child of Object.values(region.states)) {
    yield child;
    yield* inside(child);
  }
}

function firstLeaf(node: StateNode): StateNode | undefined {
  if (Object.keys(node.states).length === 0) return node;
  const first = node.initial.target[0] as StateNode | undefined;
  return first === undefined ? undefined : firstLeaf(first);
}

function fromAnywhere(region: StateNode, workflow: Workflow): string {
  const rows: string[] = [];
  for (const [event, list] of region.transitions) {
    const to = [
      ...new Set(
        list
          .flatMap((one) => ((one.target ?? []) as StateNode[]).map((target) => firstLeaf(target) ?? target))
          .map((leaf) => (leaf.meta as Position | undefined)?.called ?? leaf.key),
      ),
    ];
    const letters = [
      ...new Set(
        list.flatMap((one) =>
          one.actions.flatMap((action) => (action as unknown as { says?: Says }).says?.sends?.letter ?? []),
        ),
      ),
    ];
    rows.push(
      `| ${workflow.commands.forFact(event)?.happened ?? event} | ${to.join(', ') || 'stays where it is'} | ${letters.map((letter) => `\`${letter}\``).join(', ')} |`,
    );
  }
  return rows.length === 0
    ? ''
    : [
        'From any position:',
        '',
        '| what is put on record or done | leads to | letters, when we do it |',
        '| --- | --- | --- |',
        ...rows,
      ].join('\n');
}

function owedTable(region: StateNode): string {
  const rows = leaves(region).map((leaf) => {
    const meta = leaf.meta as Position | undefined;
    const duties = [...(meta?.owes ?? []), ...(meta?.each === undefined ? [] : [`${meta.each.duty} (for each)`])];
    const what = duties
      .map((id) => `\`${id}\` ${dutyCalled(id.replace(' (for each)', ''))?.provision ?? ''}`)
      .join('<br>');
    return `| ${meta?.called ?? leaf.key} | ${what || `none: ${meta?.noLimit ?? ''}`} |`;
  });
  return ['| position | owes |', '| --- | --- |', ...rows].join('\n');
}

/** A page of Markdown drawn from the machine itself, so that it cannot tell another story. */
export function diagramOf(workflow: Workflow): string {
  const regions = Object.values(workflow.machine.root.states as Record<string, StateNode>);
  return [
    `# ${workflow.title}: the machine`,
    '',
    `Drawn from \`${workflow.id}\` version ${workflow.version} by \`npm run diagrams\`. Its regions run side by side.`,
    ...regions.flatMap((region) => [
      '',
      `## ${region.key}`,
      '',
      regionDiagram(region, workflow),
      '',
      owedTable(region),
      '',
      fromAnywhere(region, workflow),
    ]),
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

export async function diagrams(): Promise<number> {
  const folder = join(projectFolder(), 'docs/workflows');
  await mkdir(folder, { recursive: true });
  for (const workflow of workflows) await writeFile(join(folder, `${workflow.id}.md`), diagramOf(workflow));
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await diagrams();
}

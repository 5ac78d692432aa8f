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

/** One region as a state diagram; what leads here from any open position is listed below it. */
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

const metaOf = (node: StateNode | undefined): Position | undefined => node?.meta;
const dutiesOf = (meta: Position | undefined): readonly string[] => [
  ...(meta?.owes ?? []),
  ...(meta?.each === undefined ? [] : [meta.each.duty]),
];

/** Each provision once, as an officer cites it. */
const provisions = (ids: readonly string[]): string[] => [
  ...new Set(ids.flatMap((id) => dutyCalled(id)?.provision ?? [])),
];

const lawOfPosition = (node: StateNode): string[] => {
  const meta = metaOf(node);
  return [...(meta?.law === undefined ? [] : [meta.law]), ...provisions(dutiesOf(meta))];
};

interface Way {
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly letters: readonly string[];
  readonly law: readonly string[];
}

/** Duties of this workflow that are counted from a clock. */
function countedFrom(clock: string, region: StateNode): string[] {
  const owed = new Set([...inside(region)].flatMap((node) => dutiesOf(metaOf(node))));
  return [...owed].filter((id) => [dutyCalled(id)?.from ?? []].flat().some((fact) => fact === clock));
}

/**
 * What a way stands on: what its command says, the duties that it meets, those that its clocks start; else those of the
 * position that it leads to, or that it is taken in.
 */
function lawOfWay(
  workflow: Workflow,
  region: StateNode,
  event: string,
  says: readonly Says[],
  ends: readonly (StateNode | undefined)[],
): string[] {
  const own = workflow.commands.forFact(event)?.law;
  const met = says.flatMap((one) => [...(one.meets ?? []), ...(one.sends?.meets ?? [])]);
  const started = says.flatMap(({ starts }) => (starts === undefined ? [] : countedFrom(starts, region)));
  const direct = [...new Set([...(own === undefined ? [] : [own]), ...provisions([...met, ...started])])];
  if (direct.length > 0) return direct;
  for (const node of ends) {
    const law = node === undefined ? [] : lawOfPosition(node);
    if (law.length > 0) return law;
  }
  return [];
}

function waysIn(region: StateNode, workflow: Workflow): Way[] {
  const ways: Way[] = [];
  for (const node of [region, ...inside(region)]) {
    for (const [event, list] of node.transitions) {
      for (const one of list) {
        const says = one.actions.flatMap((action) => (action as unknown as { says?: Says }).says ?? []);
        const [target] = (one.target ?? []) as StateNode[];
        const to = target === undefined ? undefined : (firstLeaf(target) ?? target);
        ways.push({
          event: workflow.commands.forFact(event)?.happened ?? event,
          from: node === region ? 'any position' : (metaOf(node)?.called ?? node.key),
          to: to === undefined ? 'stays' : (metaOf(to)?.called ?? to.key),
          letters: [...new Set(says.flatMap(({ sends }) => sends?.letter ?? []))],
          law: lawOfWay(workflow, region, event, says, [to, node]),
        });
      }
    }
  }
  return ways;
}

const cells = (list: readonly string[]): string => list.join('<br>');

function waysTable(ways: readonly Way[]): string {
  const rows = ways.map(
    ({ event, from, to, letters, law }) =>
      `| ${event} | ${from} | ${to} | ${cells(letters.map((letter) => `\`${letter}\``))} | ${cells(law) || 'none: our own record'} |`,
  );
  return rows.length === 0
    ? ''
    : [
        '| what happens | in | leads to | letters, when we do it | law |',
        '| --- | --- | --- | --- | --- |',
        ...new Set(rows),
      ].join('\n');
}

function positionsTable(region: StateNode): string {
  const rows = leaves(region).map((leaf) => {
    const meta = metaOf(leaf);
    const owed = [
      ...(meta?.owes ?? []).map((id) => `\`${id}\``),
      ...(meta?.each === undefined ? [] : [`\`${meta.each.duty}\` (for each)`]),
    ];
    return `| ${meta?.called ?? leaf.key} | ${cells(owed) || `none: ${meta?.noLimit ?? ''}`} | ${cells(lawOfPosition(leaf)) || 'none'} |`;
  });
  return ['| position | owes | law |', '| --- | --- | --- |', ...rows].join('\n');
}

const regionsOf = ({ machine }: Workflow): StateNode[] =>
  Object.values(machine.root.states as Record<string, StateNode>);

/** A page of Markdown drawn from the machine itself, so that it cannot tell another story. */
export function diagramOf(workflow: Workflow): string {
  const regions = regionsOf(workflow);
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
      positionsTable(region),
      '',
      waysTable(waysIn(region, workflow)),
    ]),
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

/** The list of the processes, for whoever opens the folder. */
export function diagramIndex(): string {
  const rows = workflows.map(({ id, title, version }) => `| [${title}](${id}.md) | ${version} |`);
  return [
    '# The processes',
    '',
    'Drawn from the machines by `npm run diagrams`, each position and each way with the law that it stands on.',
    '',
    '| process | version |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

export async function diagrams(): Promise<number> {
  const folder = join(projectFolder(), 'docs/workflows');
  await mkdir(folder, { recursive: true });
  for (const workflow of workflows) {
    await writeFile(join(folder, `${workflow.id}.md`), diagramOf(workflow));
    const bare = regionsOf(workflow).flatMap((region) =>
      waysIn(region, workflow).flatMap(({ event, law }) => (law.length === 0 ? [event] : [])),
    );
    if (bare.length > 0) process.stdout.write(`${workflow.id}: no law beside: ${[...new Set(bare)].join('; ')}\n`);
  }
  await writeFile(join(folder, 'index.md'), diagramIndex());
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await diagrams();
}

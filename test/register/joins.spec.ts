import { expect, it } from '@jest/globals';
import { type Command, type Field, type Join, type Source, start, type Workflow } from '@send/workflow-kit';
import { processes, workflows } from '@send/workflows';
import { joins } from '../../workflows/joins';
import { transitionsOf } from './machine-reading';

const byId = new Map(workflows.map((workflow) => [workflow.id, workflow]));
const named = (join: Join): string => `${join.fact ?? join.clock ?? ''} to ${join.command}`;
const present = (id: string | undefined): readonly string[] => (id === undefined ? [] : [id]);
const on = '2026-10-05';

it('every workflow that a join names is installed', () => {
  const all = joins.flatMap(({ from, begins, tells }) => [...from, ...present(begins), ...(tells ?? [])]);
  expect([...new Set(all)].filter((id) => !byId.has(id))).toEqual([]);
});

it('every source is a fact or a clock of a workflow that it comes from', () => {
  const unknown = joins.filter((join) =>
    join.from.every((id) => {
      const workflow = byId.get(id);
      if (workflow === undefined) return true;
      return join.fact === undefined
        ? !startsClock(workflow, join.clock ?? '')
        : workflow.commands.forFact(join.fact) === undefined;
    }),
  );
  expect(unknown.map(named)).toEqual([]);
});

const startsClock = ({ machine }: Workflow, clock: string): boolean =>
  transitionsOf(machine).some(({ says }) =>
    says.some((one) => one.starts === clock || one.sends?.clocks.includes(clock) === true),
  );

/** A value that the field takes; each of a choice's options in turn. */
function valuesOf(field: Field): readonly unknown[] {
  switch (field.kind) {
    case 'choice':
      return Object.keys(field.options);
    case 'day':
      return [on];
    case 'yes-no':
      return [true, false];
    case 'paragraphs':
      return [['Because']];
    case 'number':
      return [field.min];
    case 'rows':
      return [undefined];
    default:
      return ['something'];
  }
}

/** What a source's payload may be: as little as the command takes, all of it, and each option of each field once. */
function payloadsOf(command: Command | undefined): Record<string, unknown>[] {
  const fields = Object.entries(command?.fields ?? {});
  const full = Object.fromEntries(fields.map(([name, field]) => [name, valuesOf(field)[0]]));
  const least = Object.fromEntries(
    fields.filter(([, { optional }]) => optional !== true).map(([name]) => [name, full[name]]),
  );
  return [
    least,
    full,
    ...fields.flatMap(([name, field]) => valuesOf(field).map((value) => ({ ...full, [name]: value }))),
  ];
}

it('every command that a join gives exists where it goes, and takes what the join carries', () => {
  const odd = new Set<string>();
  for (const join of joins)
    for (const target of [...present(join.begins), ...(join.tells ?? [])])
      for (const name of [join.command, ...present(join.then)]) {
        const commands = byId.get(target)?.commands;
        if (commands?.find(name) === undefined) {
          odd.add(`${named(join)}: ${target} has no ${name}`);
          continue;
        }
        for (const from of join.from) {
          const workflow = byId.get(from);
          if (workflow === undefined || (join.fact !== undefined && !workflow.commands.forFact(join.fact))) continue;
          for (const payload of join.fact === undefined ? [{}] : payloadsOf(workflow.commands.forFact(join.fact))) {
            const { context } = start(workflow);
            const source: Source = {
              runId: 'r',
              workflow: from,
              context,
              contextBefore: () => context,
              history: [],
              on,
              payload,
              key: 'fact:f',
            };
            if (join.when?.(source, {}) === false) continue;
            const read = commands.read(name, { on, ...join.carries?.(source, {}) }, '2026-11-01');
            if ('wrong' in read)
              for (const { field, message } of read.wrong)
                odd.add(`${named(join)}: from ${from} to ${target}: ${field}: ${message}`);
          }
        }
      }
  expect([...odd]).toEqual([]);
});

it('what the map says is what runs', () => {
  expect(processes.joins.map(named)).toEqual(joins.map(named));
});

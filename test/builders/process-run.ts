import { type Actor, addStaff, systemActor } from '@send/access';
import { newId } from '@send/database';
import { addDays, type Day } from '@send/statute';
import type { Field, Workflow } from '@send/workflow-kit';
import { type CaseWorld, done } from './case-with-family';

/** Ids on record that a field may name. */
export interface KnownIds {
  readonly setting: string;
  readonly adviser: string;
}

/** A value that the field takes; ids name what is on record. */
export function rightValue(field: Field, ids: KnownIds, today: Day): unknown {
  switch (field.kind) {
    case 'text':
      return 'Words';
    case 'day':
      return addDays(today, field.future === true ? 10 : -15);
    case 'choice':
      return Object.keys(field.options)[0];
    case 'yes-no':
      return true;
    case 'number':
      return field.min;
    case 'paragraphs':
      return ['Words about this child.'];
    case 'rows':
      return [rightFields(field.of, ids, today)];
    case 'id':
      return field.of === 'setting' || field.of === 'adviser' ? ids[field.of] : 'r1';
  }
}

/** Every field that must be there, and no other. */
export const rightFields = (
  fields: Readonly<Record<string, Field>>,
  ids: KnownIds,
  today: Day,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.optional !== true)
      .map(([name, field]) => [name, rightValue(field, ids, today)]),
  );

/** One more senior: what a process begins with may need a second person. */
export async function secondSenior(world: CaseWorld, name = 'Nia Bright'): Promise<Actor> {
  const email = `${name.toLowerCase().replace(' ', '.')}@levelshire.example`;
  const staffId = await world.as(world.senior, (tx) =>
    addStaff(tx, { name, email, roles: ['SM'], team: 'North', activeFrom: '2020-01-01' }),
  );
  return { staffId, name, authority: world.senior.authority, roles: ['SM'], team: 'North' };
}

/** A run of any process, begun by the first of its commands that can: by hand where one may, else as a join would. */
export async function beginProcess(
  world: CaseWorld,
  workflow: Workflow,
  { childId, on, ids, second }: { childId: string; on: Day; ids: KnownIds; second: Actor },
): Promise<string> {
  const ways = Object.entries(workflow.commands.table)
    .filter(([, command]) => command.begins === true)
    .sort(([, a], [, b]) => Number(a.system === true) - Number(b.system === true) || a.rank - b.rank);
  for (const [name, command] of ways) {
    const fields = { on, ...rightFields(command.fields, ids, world.clock.today()) };
    const actor = command.system === true ? systemActor(world.senior.authority) : world.senior;
    const outcome = await world.engine.begin(workflow.id, childId, { command: name, key: newId(), fields }, actor, {
      door: command.doors.includes('record') ? 'record' : 'act',
      ...(command.secondPerson === undefined ? {} : { confirmedBy: second }),
    });
    if (outcome.done) return outcome.runId;
    if (name === ways.at(-1)?.[0]) done(outcome);
  }
  throw new Error(`Nothing begins a run of ${workflow.id}`);
}

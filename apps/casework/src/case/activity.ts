import { type Day, formatDay, londonDay } from '@send/statute';
import { type Command, type Field, text } from '@send/workflow-kit';
import { recipientNames } from '../letters/recipients';
import type { OpenedCase } from './case-frame';

export interface ActivityItem {
  readonly on: Day;
  /** When it was put on record. */
  readonly at: Date | null;
  readonly recordedOn: Day | null;
  readonly title: string;
  /** Which process it belongs to, where the child has had several. */
  readonly process?: string;
  readonly by: string;
  readonly lines: readonly string[];
}

interface FactRow {
  id: string;
  run_id: string;
  type: string;
  on_day: Day;
  door: string;
  actor: string;
  confirmed_by: string | null;
  payload: Record<string, unknown>;
  reverses: string | null;
  recorded_at: Date;
}

/** What happened in every process, newest first: one line of words for each fact, none of the machine's own names. */
export async function activityOf(opened: OpenedCase, letterName: (id: string) => string): Promise<ActivityItem[]> {
  const { runs } = opened;
  if (runs.length === 0) return [];
  const facts = await opened.tx.query<FactRow>(
    `select id, run_id, type, on_day, door, actor, confirmed_by, payload, reverses, recorded_at from engine.fact where run_id = any ($1)
     order by on_day desc, recorded_at desc, seq desc limit 500`,
    [runs.map(({ id }) => id)],
  );
  const workflowOf = new Map(runs.map(({ id, workflow }) => [id, workflow] as const));
  const takenBack = new Set(facts.flatMap((fact) => (fact.reverses === null ? [] : [fact.reverses])));
  const sentTo = (fact: FactRow) => text(fact.payload, 'recipient') ?? '';
  const nameOf = await recipientNames(opened, facts.filter(({ type }) => type === 'letterSent').map(sentTo));
  return facts.map((fact): ActivityItem => {
    const workflow = workflowOf.get(fact.run_id);
    const command = workflow?.commands.forFact(fact.type);
    const title =
      fact.type === 'factReversed'
        ? 'Taken back'
        : fact.type === 'letterSent'
          ? `Letter sent to ${nameOf(sentTo(fact))}: ${letterName(text(fact.payload, 'letter') ?? '')}`
          : (command?.happened ?? fact.type);
    return {
      on: fact.on_day,
      at: fact.recorded_at,
      recordedOn: londonDay(fact.recorded_at),
      title: takenBack.has(fact.id) ? `${title} (taken back later)` : title,
      ...(runs.length > 1 && workflow !== undefined ? { process: workflow.title } : {}),
      by: fact.actor === 'system' ? 'this service' : opened.nameOf(fact.actor),
      lines: [
        ...(fact.door === 'record' && fact.type !== 'letterSent' ? ['Recorded afterwards'] : []),
        ...(fact.confirmed_by === null ? [] : [`Confirmed by ${opened.nameOf(fact.confirmed_by)}`]),
        ...(fact.type === 'letterSent' ? [] : detailsOf(command, fact.payload, opened.subjectName)),
        ...(fact.type === 'factReversed' ? [text(fact.payload, 'reason') ?? ''] : []),
      ],
    };
  });
}

function detailsOf(
  command: Command | undefined,
  payload: Record<string, unknown>,
  subjectName: OpenedCase['subjectName'],
): string[] {
  return Object.entries(command?.fields ?? {}).flatMap(([name, field]) => {
    const words = inWords(field, payload[name], subjectName);
    return words === undefined ? [] : [`${field.label.replace(/\?$/, '')}: ${words}`];
  });
}

function inWords(field: Field, value: unknown, subjectName: OpenedCase['subjectName']): string | undefined {
  if (value === undefined) return undefined;
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'number':
      return typeof value === 'number' ? String(value) : undefined;
    case 'day':
      return typeof value === 'string' ? formatDay(value) : undefined;
    case 'choice':
      return typeof value === 'string' ? (field.options[value] ?? value) : undefined;
    case 'yes-no':
      return value === true ? 'Yes' : 'No';
    case 'paragraphs':
      return Array.isArray(value) ? value.join(' ') : undefined;
    case 'rows':
      return Array.isArray(value) ? value.map((row) => rowInWords(field.of, row, subjectName)).join('; ') : undefined;
    case 'id':
      return typeof value === 'string' ? (subjectName(value) ?? undefined) : undefined;
  }
}

/** An adviser asked, or what was read: who or what it is comes first. */
function rowInWords(of: Readonly<Record<string, Field>>, row: unknown, subjectName: OpenedCase['subjectName']): string {
  const fields = typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : {};
  const asked = subjectName(text(fields, 'request') ?? null);
  if (asked !== null) return asked;
  return Object.entries(of)
    .flatMap(([name, field]) => inWords(field, fields[name], subjectName) ?? [])
    .join(', ');
}

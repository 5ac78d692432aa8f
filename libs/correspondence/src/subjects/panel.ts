import type { Day } from '@send/statute';
import { text } from '@send/workflow-kit';
import type { SubjectValues } from './about-letter';

/** A case before a panel: its letters say when it meets and what it asks, and that no date waits for it. */
export const panelValues: SubjectValues = async ({ tx, telling }) => {
  const { payload } = telling.fact;
  const [row] = await tx.query<{ name: string | null; question: string | null; due: Day | null }>(
    `select k.name, i.question, (
       select min(coalesce(d.target_by, d.due_by)) from engine.deadline d
       where d.run_id::text = i.from_run and d.met_on is null and d.ended_on is null and d.bound <> 'min'
         and d.owner = 'local-authority' and d.kind in ('statute', 'case-law')) as due
     from panels.item i left join panels.kind k on k.authority_id = i.authority_id and k.id = i.kind_id where i.run_id = $1`,
    [telling.runId],
  );
  const day = (field: string): Day | undefined => text(payload, field);
  const lines = (field: string): string[] | undefined =>
    Array.isArray(payload[field]) ? (payload[field] as string[]) : undefined;
  const missing = lines('missing');
  const missingFrom = text(payload, 'missingFrom');
  const attendees = lines('attendees');
  const time = text(payload, 'time');
  const meetsOn = day('meetsOn');
  const replyBy = day('viewsBy') ?? day('replyBy');
  const nextPanel = day('nextMeetsOn');
  return {
    panel: {
      name: lower(row?.name ?? 'panel'),
      ...(row?.question == null ? {} : { question: row.question }),
      ...(missing === undefined ? {} : { missing }),
      ...(missingFrom === undefined ? {} : { missingFrom }),
    },
    ...(time === undefined
      ? {}
      : { meeting: { time, place: text(payload, 'place') ?? '', attendees: attendees ?? ['members of the panel'] } }),
    dates: {
      ...(meetsOn === undefined ? {} : { meeting: meetsOn }),
      ...(replyBy === undefined ? {} : { replyBy }),
      ...(nextPanel === undefined ? {} : { nextPanel }),
      ...(row?.due == null ? {} : { stillDue: row.due }),
    },
  };
};

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

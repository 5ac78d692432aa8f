import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Actor } from '@send/access';
import { Database, newId } from '@send/database';
import { type Correspondence, Engine, type Outcome, SetClock } from '@send/engine';
import { type Day, isDay } from '@send/statute';
import { isLate, type RunDeadline } from '@send/workflow-kit';
import { processes } from '@send/workflows';
import { dropDatabase, openConsoleDatabase } from './console-database';
import {
  adviserId,
  type PublishedEvent,
  publishedFacts,
  type PublishedRun,
  type Recorded,
  unnamedAdviser,
  withoutEffect,
} from './published-facts';

interface Timeline {
  readonly id: string;
  readonly asOf: Day;
  readonly events: readonly PublishedEvent[];
}

export interface Finding {
  readonly duty: string;
  readonly subject?: string;
  readonly due: Day;
  readonly metOn: Day | null;
  readonly breached: boolean;
  readonly why: string;
}

export interface Replayed {
  readonly id: string;
  readonly findings: readonly Finding[];
  readonly notSupported: readonly string[];
  readonly error?: string;
}

const authority = 'replay';
const first: Actor = { staffId: newId(), name: 'Replay', authority, roles: ['SM'], team: null };
const second: Actor = { staffId: newId(), name: 'Replay, second person', authority, roles: ['SM'], team: null };

/** A published history is recorded: it sends nothing, so nobody is addressed. */
const nobody: Correspondence = {
  needsApproval: () => true,
  addressees: () => Promise.resolve({ of: {}, held: [] }),
};

/** The family's own last dates are theirs: they are no finding against anybody. */
const theFamilys = new Set(['parent-or-young-person', 'parent', 'young-person']);

/** What brings an assessment to its end, and what opens it again: a request between the two asks for a new assessment. */
const endings = new Set(['decidedNotToAssess', 'decidedNotToIssue', 'finalPlanIssued']);
const reopenings = new Set([
  'decidedToAssess',
  'decidedToIssue',
  'draftPlanSent',
  'mediationAgreed',
  'tribunalOrderMade',
  'appealConceded',
]);

/** A standing fact without a day of its own has stood since the beginning of the school year before the move. */
const dayOf = ({ date, year }: PublishedEvent, asOf: Day): Day | undefined =>
  date ?? (year === undefined ? undefined : [`${year - 1}-09-01`, asOf].sort()[0]);

/** In date order, as of the timeline's day. What came before the request on the same day stays as published. */
const inOrder = ({ events, asOf }: Timeline): (PublishedEvent & { on: Day })[] =>
  events
    .flatMap((event) => {
      const on = dayOf(event, asOf);
      return on === undefined || on > asOf ? [] : [{ ...event, on }];
    })
    .sort((one, other) => (one.on === other.on ? 0 : one.on < other.on ? -1 : 1));

/** The request that advice answers. A history that names the adviser on one side only means whoever is still asked. */
function answered(asked: readonly string[], event: PublishedEvent): string {
  const named = adviserId(event);
  if (asked.includes(named)) return named;
  const only = asked.length === 1 ? asked[0] : undefined;
  if (only !== undefined && (event.adviser === undefined || only === unnamedAdviser)) return only;
  return named;
}

/** Drives the engine on a database, fact by fact through `record`, and reads what it found as of the timeline's day. */
export async function replayTimeline(database: Database, timeline: Timeline): Promise<Replayed> {
  const clock = new SetClock(new Date(`${timeline.asOf}T12:00:00Z`));
  const engine = new Engine(database, processes, nobody, clock);
  const notSupported = timeline.events
    .filter((event) => dayOf(event, timeline.asOf) === undefined)
    .map(({ fact }) => fact);
  const children = [newId()];
  let childId = children[0] ?? '';
  let requested = false;
  let closedBy: string | undefined;
  let asked: string[] = [];
  const events = inOrder(timeline);
  for (const [index, event] of events.entries()) {
    if (withoutEffect.has(event.fact)) continue;
    // A request after the end of an assessment is a case of its own, with its own clock.
    const isNewCase = event.fact === 'requestReceived' && requested && closedBy !== undefined;
    if (isNewCase) {
      children.push((childId = newId()));
      asked = [];
    }
    const ahead = events.slice(index + 1);
    let mapping = publishedFacts[event.fact];
    if (mapping === undefined) notSupported.push(event.fact);
    while (mapping !== undefined) {
      const mapped: Recorded | null = mapping(event, { runs: await runsOf(database, childId), ahead, on: event.on });
      if (mapped === null) {
        notSupported.push(event.fact);
        break;
      }
      let fields: Record<string, unknown> = { on: event.on, ...mapped.fields };
      if (event.fact === 'adviceSought') asked.push(adviserId(event));
      if (event.fact === 'adviceReceived') {
        const request = answered(asked, event);
        asked = asked.filter((one) => one !== request);
        fields = { ...fields, request };
      }
      const given = {
        command: mapped.command,
        key: `${newId()}-${index}`,
        fields,
        confirmed: true,
        source: timeline.id,
      };
      const outcome: Outcome =
        mapped.runId === undefined
          ? await engine.begin(mapped.workflow, childId, given, first, { door: 'record', confirmedBy: second })
          : await engine.record(mapped.runId, given, first, { confirmedBy: second });
      if (!outcome.done) {
        const why =
          'refusal' in outcome
            ? [outcome.refusal.message, ...outcome.refusal.wrong.map((one) => `${one.field}: ${one.message}`)].join(
                '; ',
              )
            : 'waits for a second person';
        return { id: timeline.id, findings: [], notSupported, error: `${event.fact} on ${event.on}: ${why}` };
      }
      if (!outcome.placed) notSupported.push(event.fact);
      mapping = mapped.then;
    }
    requested ||= event.fact === 'requestReceived';
    if (endings.has(event.fact)) closedBy = event.fact;
    else if (reopenings.has(event.fact) || isNewCase) closedBy = undefined;
  }
  const rows = (await Promise.all(children.map((child) => readDeadlines(database, child)))).flat();
  const findings = rows.flatMap((row): Finding[] =>
    row.dueBy === null || theFamilys.has(row.owner)
      ? []
      : [
          {
            duty: row.duty,
            ...(row.subject === null ? {} : { subject: row.subject }),
            due: row.dueBy,
            metOn: row.metOn,
            breached: isLate(row, timeline.asOf),
            why: row.why,
          },
        ],
  );
  return { id: timeline.id, findings, notSupported };
}

function readDeadlines(database: Database, childId: string): Promise<RunDeadline[]> {
  return database.transaction({ authority, actor: first.staffId }, (tx) =>
    tx.query<RunDeadline>(
      `select key, duty, subject, rule, kind, owner, bound, anchor_fact as "anchorFact", anchor_on as "anchorOn", due_by as "dueBy",
         plan_by as "planBy", target_by as "targetBy", exceptions, met_on as "metOn", ended_on as "endedOn", law, why, cannot_compute as "cannotCompute"
       from engine.deadline where child_id = $1 order by due_by, key`,
      [childId],
    ),
  );
}

/** The runs of a child as they stand, oldest first. */
function runsOf(database: Database, childId: string): Promise<PublishedRun[]> {
  return database.transaction({ authority, actor: first.staffId }, (tx) =>
    tx.query<PublishedRun>(
      `select id, workflow, position, closed, opened_on as "openedOn", place -> 'context' -> 'facts' as facts
       from engine.run where child_id = $1 order by opened_on, id`,
      [childId],
    ),
  );
}

function faultIn(timeline: unknown): string | undefined {
  if (typeof timeline !== 'object' || timeline === null) return 'A timeline must be an object';
  const { id, asOf, events } = timeline as Partial<Timeline>;
  if (typeof id !== 'string') return 'A timeline needs an id';
  if (typeof asOf !== 'string' || !isDay(asOf)) return 'asOf must be a real date, as 2026-11-02';
  if (!Array.isArray(events)) return 'events must be a list';
  for (const event of events as Partial<PublishedEvent>[]) {
    if (typeof event.fact !== 'string') return 'Each event needs its fact';
    if (event.date !== null && (typeof event.date !== 'string' || !isDay(event.date)))
      return `${event.fact}: its date must be a real date, as 2026-11-02, or null`;
  }
  return undefined;
}

/** Reads timelines from a file and prints what the engine finds, as a JSON array. 0: all done; 1: some could not be; 2: no file to read. */
export async function replay(argv: readonly string[]): Promise<number> {
  const file = argv[0];
  let timelines: unknown;
  try {
    if (file === undefined) throw new Error('Give the name of a file: npm run --silent replay -- FILE.json');
    timelines = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(timelines)) throw new Error(`${file} must hold a JSON array of timelines`);
  } catch (error) {
    process.stderr.write(`replay: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const name = `replay_${process.pid}`;
  const place = await openConsoleDatabase({ name, fresh: true });
  const database = await Database.open({ url: place.url, entities: [], poolSize: 2 });
  try {
    const answers: Replayed[] = [];
    for (const timeline of timelines as unknown[]) {
      const fault = faultIn(timeline);
      const id = (timeline as { id?: unknown } | null)?.id;
      answers.push(
        fault === undefined
          ? await replayTimeline(database, timeline as Timeline)
          : { id: typeof id === 'string' ? id : 'unknown', findings: [], notSupported: [], error: fault },
      );
    }
    process.stdout.write(`${JSON.stringify(answers, null, 2)}\n`);
    return answers.some(({ error }) => error !== undefined) ? 1 : 0;
  } finally {
    await database.close();
    if (place.server !== undefined) await dropDatabase(place.server, name);
    await place.release();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await replay(process.argv.slice(2));
}

import { type Actor, may, staffOn } from '@send/access';
import { addNote, caseRelationship, childOf, onlineDates, raiseNotice } from '@send/case-file';
import type { Tx } from '@send/database';
import { type Day, formatDay } from '@send/statute';

/** What a request about a child on record meets there, for whoever enters it. */
export interface KnownChild {
  readonly childId: string;
  /** They may put things on record of this case; whoever only opened the post may not, and gets no right by it. */
  readonly works: boolean;
  readonly opens: boolean;
  /** The assessment that is open, and the day its request counts from. */
  readonly open: { readonly runId: string; readonly since: Day } | undefined;
}

/**
 * No limit for a plan runs any more, though an appeal may come: a new request is a new case with six weeks of its own
 * (reg 5(1)). The database knows the same (migration 0013).
 */
const over = [
  'refusedToAssess',
  'refusedAtOutset',
  'planRefused',
  'withdrawn',
  'movedAway',
  'notResponsible',
  'ended',
  'appealTimeOver',
  'planIssued',
];

/** With `lock`, whoever else begins an assessment for this child waits until the transaction ends. */
export async function knownChild(tx: Tx, actor: Actor, childId: string, on: Day, lock = false): Promise<KnownChild> {
  if (lock) await tx.query('select from case_file.child where id = $1 for no key update', [childId]);
  const tie = await caseRelationship(tx, actor, childId, on);
  const allowed = (action: 'recordEvent' | 'openCaseOverview') => tie !== undefined && may(actor, action, tie).allowed;
  const [run] = await tx.query<{ id: string; since: Day }>(
    `select id, coalesce(place #>> '{context,facts,requestReceived}', place #>> '{context,facts,responsibilityBegan}',
       opened_on::text) as since
     from engine.run where child_id = $1 and workflow = 'needs-assessment' and not closed and position <> all($2)
     order by opened_on, id limit 1`,
    [childId, over],
  );
  return {
    childId,
    works: allowed('recordEvent'),
    opens: allowed('openCaseOverview'),
    open: run === undefined ? undefined : { runId: run.id, since: run.since },
  };
}

interface Task {
  readonly key: string;
  readonly text: string;
  readonly childId?: string;
  readonly dueOn?: Day | null;
}

/** For the child's caseworker; without one for the team, and without that for every senior. */
export async function tellCase(tx: Tx, childId: string, task: Omit<Task, 'childId'>, today: Day): Promise<void> {
  const { caseworkerId, team } = await childOf(tx, childId);
  const works = caseworkerId !== null && (await staffOn(tx, today)).some((one) => one.id === caseworkerId);
  if (works) await raiseNotice(tx, { ...task, kind: 'task', childId, staffId: caseworkerId });
  else if (team !== null) await raiseNotice(tx, { ...task, kind: 'task', childId, team });
  else await tellSeniors(tx, { ...task, childId }, [childId], today);
}

/** For each senior who may know of all these children. False where there is none. */
export async function tellSeniors(tx: Tx, task: Task, about: readonly string[], today: Day): Promise<boolean> {
  let told = false;
  for (const { id, name, roles, team } of await staffOn(tx, today)) {
    const senior: Actor = { staffId: id, name, authority: tx.identity.authority, roles, team };
    const ties = await Promise.all(about.map((childId) => caseRelationship(tx, senior, childId, today)));
    if (!roles.includes('SM') || ties.some((tie) => tie === undefined || !may(senior, 'searchCases', tie).allowed))
      continue;
    await raiseNotice(tx, { ...task, key: `${task.key}:${id}`, kind: 'task', staffId: id });
    told = true;
  }
  return told;
}

/** The key of the task that a further request leaves; by it a second press of the button is known again. */
export const furtherKey = (key: string): string => `further-request:${key}`;

/**
 * A further request while an assessment is open: on record there, with its task. The dates of the first one stay. Where the
 * further one is the earlier, or the first is answered already, a senior decides which day counts.
 */
export async function noteFurther(
  tx: Tx,
  childId: string,
  openSince: Day,
  request: { key: string; on: Day; from: string; called: string; note: string; placed: boolean },
  today: Day,
): Promise<void> {
  const since = formatDay(openSince);
  const { key, on, from, called, note, placed } = request;
  const came = `${called} was received on ${formatDay(on)}`;
  await addNote(tx, {
    childId,
    text: [
      `${came}, from: ${from}. It is put with the assessment that is open, whose request counts from ${since}.`,
      ...(note === '' ? [] : [note]),
    ].join('\n'),
    happenedOn: on,
  });
  const told = `${came}, and is put with the assessment that is open. Its dates stay. Tell whoever asked that we have it.`;
  await tellCase(tx, childId, { key: furtherKey(key), text: told }, today);
  const dueOn = onlineDates(on).decideBy;
  const by = dueOn === null ? '' : ` The decision would be due by ${formatDay(dueOn)}.`;
  const ask = (text: string) =>
    tellSeniors(tx, { key: `${furtherKey(key)}:day`, text, childId, dueOn }, [childId], today);
  if (on < openSince)
    await ask(
      `${came}, before the request that the open assessment counts from (${since}). The earlier day counts, ${formatDay(on)}: put the day right.${by}`,
    );
  else if (!placed)
    await ask(
      `${came}, when the request of ${since} was answered already. It may be a new request, with six weeks of its own: decide how it goes on.${by}`,
    );
}

/** Where a request went that began no case of the person who entered it, in words for them. */
export const enteredWords = {
  joined: {
    title: 'The request is put with the assessment that is open',
    lines: [
      'No second assessment was begun, and its dates stay.',
      'The child’s own caseworker has a task, and tells whoever asked that we have it.',
    ],
  },
  'passed-on': {
    title: 'The request is on record',
    lines: ['It counts from the day it arrived.', 'The child’s own caseworker has it, with a task that says so.'],
  },
  asked: {
    title: 'A senior is asked to match it',
    lines: [
      'Nothing is on record yet. Keep the request, and give it to the senior who asks you for it today.',
      'It counts from the day it arrived.',
    ],
  },
  'asked-online': {
    title: 'A senior is asked to match it',
    lines: ['The online request waits for them.', 'It counts from the day it was sent.'],
  },
} as const satisfies Record<string, { title: string; lines: readonly string[] }>;

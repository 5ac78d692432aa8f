import { type Actor, isSystem } from '@send/access';
import { type Database, newId, type Tx } from '@send/database';
import type { Calendars, Day } from '@send/statute';
import { type Effect, type Fact, isClosed, type Place, positionOf, type Workflow } from '@send/workflow-kit';
import type { Done } from './outcome';
import { type Difference, difference } from './rows';

/** All that a command leaves behind. */
export interface Write {
  readonly actor: Actor;
  readonly role: string;
  readonly action: string;
  readonly runId: string;
  readonly childId: string;
  /** The version the run must still have; 0 begins it. */
  readonly expected: number;
  readonly workflow: Workflow;
  readonly fact: Fact;
  readonly key: string;
  readonly confirmedBy: string | null;
  readonly source: string | null;
  readonly before: Place | null;
  /** The place before, as it is written down: what did not change is not written again. */
  readonly stored: string | null;
  readonly after: Place;
  readonly effects: readonly Effect[];
  readonly held: readonly string[];
  readonly lastOn: Day;
  readonly lastRank: number;
  readonly unplaced: readonly string[];
  readonly grants: readonly string[];
  /** The run was not read for this command: the write checks the grants as well as the version. */
  readonly remembered: boolean;
}

/**
 * Writes a command in one statement and one round trip (ADR 0004): the run's version is checked, and history, deadlines,
 * letters, outbox and audit follow from the row that it moved. Whoever lost the race moves no run, and so writes nothing:
 * then null. `stored` is the place as it is now written down.
 */
export async function commit(
  database: Database,
  write: Write,
  needsApproval: (letter: string) => boolean,
  calendars: Calendars,
  now: Date,
  tx?: Tx,
): Promise<{ done: Done; stored: string } | null> {
  const { workflow, fact } = write;
  const changed = difference(write.before, write.after, fact.on, calendars, now);
  const { letters, outbox } = whatFollows(write, needsApproval);
  const stored = JSON.stringify(write.after);
  const position = positionOf(workflow, write.after);
  const values = valuesOf(write, changed, letters, outbox, position, stored);
  statement ??= statementOf(values);
  const params = Object.values(values);
  const [answer] =
    tx === undefined
      ? await database.one<{ won: boolean }>('engine.commit', statement, params)
      : await tx.query<{ won: boolean }>(statement, params);
  if (answer?.won !== true) return null;
  const done: Done = {
    done: true,
    runId: write.runId,
    factId: fact.id,
    version: write.expected + 1,
    position,
    moved: changed.moved,
    letters: letters.length,
    held: write.held,
    repeated: false,
    placed: !write.unplaced.includes(fact.id),
  };
  return { done, stored };
}

/** Effects as rows: letters to write, and what others must hear of. */
function whatFollows(
  { fact, childId, effects, held }: Write,
  needsApproval: (letter: string) => boolean,
): { letters: object[]; outbox: object[] } {
  const letters: object[] = [];
  const outbox: object[] = [];
  for (const effect of effects) {
    switch (effect.kind) {
      case 'letter': {
        const key = effect.group.slice(fact.id.length + 1);
        const to = (fact.payload['addressees'] as Record<string, string[]> | undefined)?.[key] ?? [];
        const { group, letter, subject } = effect;
        const waits = needsApproval(letter);
        for (const recipient of to) {
          const id = newId();
          letters.push({ id, group, letter, subject, recipient, status: waits ? 'drafted' : 'approved' });
          if (!waits) outbox.push({ kind: 'letter', key: `letter:${id}`, payload: { letter: id } });
        }
        break;
      }
      case 'notice':
        outbox.push({
          kind: 'notice',
          key: `notice:${fact.id}:${effect.notice}`,
          payload: { notice: effect.notice, child: childId },
        });
        break;
      case 'crossing':
        outbox.push({
          kind: 'crossing',
          key: `crossing:${fact.id}`,
          payload: {
            what: effect.what,
            to: effect.to,
            child: childId,
            on: fact.on,
            said: withoutAddressees(fact.payload),
          },
        });
        break;
    }
  }
  for (const [index, who] of held.entries())
    outbox.push({
      kind: 'notice',
      key: `held:${fact.id}:${index}`,
      payload: { notice: 'addressee-held', who, child: childId },
    });
  return { letters, outbox };
}

const withoutAddressees = ({ addressees: _, ...said }: Fact['payload']): Record<string, unknown> => said;

const json = (list: readonly unknown[]): string | null => (list.length === 0 ? null : JSON.stringify(list));
const emptyList = '[]';

/** The parameters of `engine.commit` (migration 0012). */
function valuesOf(
  write: Write,
  { rows, settled, moved }: Difference,
  letters: readonly object[],
  outbox: readonly object[],
  position: string,
  stored: string,
) {
  const { actor, workflow, fact } = write;
  return {
    p_authority: actor.authority,
    p_actor: actor.staffId,
    p_role: write.role,
    p_action: write.action,
    p_run: write.runId,
    p_child: write.childId,
    p_expected: write.expected,
    p_grants: write.remembered && !isSystem(actor) ? bitsOf(write.grants) : null,
    p_workflow: workflow.id,
    p_workflow_version: workflow.version,
    p_place: stored === write.stored ? null : stored,
    p_position: position,
    p_closed: isClosed(workflow, write.after),
    p_last_on: write.lastOn,
    p_last_rank: write.lastRank,
    p_unplaced: json(write.unplaced) ?? emptyList,
    p_fact: fact.id,
    p_type: fact.type,
    p_on: fact.on,
    p_door: fact.door,
    p_confirmed_by: write.confirmedBy,
    p_key: write.key,
    p_payload: JSON.stringify(fact.payload),
    p_reverses: fact.reverses ?? null,
    p_source: write.source,
    p_moved: json(moved) ?? emptyList,
    p_settled_key: settled?.key,
    p_met_on: settled?.metOn,
    p_ended_on: settled?.endedOn,
    p_cannot_compute: settled?.cannotCompute,
    p_ladder: settled === null ? null : (json(settled.ladder) ?? emptyList),
    p_next_rung_at: settled?.nextRungAt,
    p_deadlines: json(rows),
    p_letters: json(letters),
    p_outbox: json(outbox),
  };
}

/** Kinds of grant as bits: their order does not matter, and nothing must be sorted to compare them. */
const bitOf: Readonly<Record<string, number>> = { assigned: 1, team: 2, named: 4, excluded: 8 };
const bitsOf = (grants: readonly string[]): number => grants.reduce((bits, kind) => bits | (bitOf[kind] ?? 0), 0);

/** Named in the order of the values, so that neither can go astray. */
const statementOf = (values: object): string =>
  `select engine.commit(${Object.keys(values)
    .map((name, index) => `${name} => $${index + 1}`)
    .join(', ')}) as won`;
let statement: string | undefined;

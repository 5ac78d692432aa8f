import {
  type Action,
  type Actor,
  identityOf,
  may,
  reasonMissing,
  type Relationship,
  systemActor,
  writeAudit,
} from '@send/access';
import { caseRelationship } from '@send/case-file';
import { type Database, sqlState, type Tx } from '@send/database';
import {
  type Clock,
  type Engine,
  invalid,
  isWaiting,
  type NotDone,
  notFound,
  type Outcome,
  refuse,
} from '@send/engine';
import type { Day } from '@send/statute';
import { type Field, readFields } from '@send/workflow-kit';
import { type AgendaItem, itemsOf } from './agenda';
import { type Conflict, declarationsBy } from './declarations';
import { kindOf, type PanelKind } from './kinds';
import { type PanelTie, tieToPanel } from './members';
import { type Sitting, sittingOf } from './sittings';

export type Answer<T> = { readonly done: true; readonly result: T } | NotDone;

/** An item, opened by somebody who may: what ties them to it, and what they have declared. */
export interface OpenItem {
  readonly item: AgendaItem;
  readonly kind: PanelKind | undefined;
  readonly tie: PanelTie;
  readonly relationship: Relationship;
  /** Undefined where they have said nothing yet; null where they declared that they have no conflict. */
  readonly declared: Conflict | null | undefined;
}

export const isId = (id: string): boolean => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);

const somebodyFirst = refuse(
  'conflict',
  'Somebody else did this first, or you sent it twice. Look at the page again',
  'race',
);

/** Carries a refusal out of a transaction, of which nothing may stay. */
class Stopped extends Error {
  constructor(
    readonly refused: NotDone,
    readonly about: { action: string; childId?: string; runId?: string } | undefined,
  ) {
    super(refused.refusal.message);
  }
}

/** The one way to panels: every answer is asked of the access table, by what is recorded of seats and conflicts. */
export class PanelDoor {
  constructor(
    protected readonly database: Database,
    protected readonly engine: Engine,
    protected readonly clock: Clock,
  ) {}

  /** All or nothing: what is refused half way leaves nothing, and a refusal leaves its trace in the audit. */
  protected async attempt<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<Answer<T>> {
    try {
      return { done: true, result: await this.database.transaction(identityOf(actor), work) };
    } catch (failure) {
      if (sqlState(failure) === '23505') return somebodyFirst;
      if (!(failure instanceof Stopped)) throw failure;
      const { about, refused } = failure;
      if (about !== undefined)
        await this.database.transaction(identityOf(actor), (tx) =>
          writeAudit(tx, actor, { outcome: 'refused', reason: refused.refusal.rule, ...about }),
        );
      return refused;
    }
  }

  protected stop(refused: NotDone, about?: { action: string; childId?: string; runId?: string }): never {
    throw new Stopped(refused, about);
  }

  protected wrong(field: string, rule: string, message: string): never {
    return this.stop(invalid([{ field, rule, message }]));
  }

  /** By the rules that commands are read by: every fault named, nothing unknown taken. */
  protected read(
    fields: Readonly<Record<string, Field>>,
    body: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const found = readFields(fields, body, this.clock.today());
    return 'wrong' in found ? this.stop(invalid(found.wrong)) : found.read;
  }

  /** The engine's own answer, or an end to all of it. */
  protected must(outcome: Outcome): string {
    if (outcome.done) return outcome.factId;
    if (isWaiting(outcome)) throw new Error('A panel acts; nothing of it waits for a second person');
    return this.stop(outcome);
  }

  /** What may not be seen is not there; a declared conflict has taken it away in the database already. */
  protected async openItem(tx: Tx, actor: Actor, runId: string, action: Action): Promise<OpenItem> {
    const today = this.clock.today();
    const about = { action, ...(isId(runId) ? { runId } : {}) };
    const [item] = isId(runId) ? await itemsOf(tx, { run: runId }) : [];
    if (item === undefined) return this.stop(notFound, about);
    const kind = item.kindId === null ? undefined : await kindOf(tx, item.kindId);
    const tie = await this.tieOf(tx, actor, item);
    const relationship = await caseRelationship(tx, actor, item.childId, today, { panel: tie.sits });
    if (relationship === undefined) return this.stop(notFound, about);
    const asked = may(actor, action, relationship);
    // Whoever must give a reason does so at the case itself.
    const answer = (asked.allowed && reasonMissing(asked, undefined)) || asked;
    if (!answer.allowed)
      return this.stop(answer.hidden ? notFound : refuse('forbidden', answer.message, answer.rule), {
        ...about,
        childId: item.childId,
      });
    const own = (await declarationsBy(tx, actor.staffId)).find((one) => one.runId === runId);
    return { item, kind, tie, relationship, declared: own?.conflict };
  }

  /** A member sees what comes before their panel; who chairs it sees what waits for it too. */
  protected async tieOf(tx: Tx, actor: Actor, item: AgendaItem): Promise<PanelTie> {
    const sitting = item.sittingId;
    const tie = await tieToPanel(tx, actor, item.kindId, sitting, this.clock.today());
    const heard = sitting !== null || ['heard', 'recommended', 'decided', 'deferred'].includes(item.position);
    return { sits: tie.sits && (heard || tie.chairs), chairs: tie.chairs };
  }

  protected async openSitting(tx: Tx, id: string): Promise<Sitting> {
    const sitting = isId(id) ? await sittingOf(tx, id) : undefined;
    return sitting ?? this.stop(refuse('not-found', 'There is no such sitting', 'not found'));
  }

  /** Whoever runs the panel: its chair, or a senior officer. */
  protected async runsPanel(tx: Tx, actor: Actor, kindId: string, sittingId: string | null = null): Promise<void> {
    if (actor.roles.includes('SM')) return;
    const { chairs } = await tieToPanel(tx, actor, kindId, sittingId, this.clock.today());
    if (!chairs || !actor.roles.includes('PC'))
      this.stop(refuse('forbidden', 'Only the chair of this panel or a senior officer can do this', 'role'), {
        action: 'runPanel',
      });
  }

  /** What the product notes of its own accord, whoever caused it; the transaction is the person's again afterwards. */
  protected async asSystem<T>(tx: Tx, actor: Actor, work: (system: Actor) => Promise<T>): Promise<T> {
    const speak = (who: string) => tx.query(`select set_config('app.actor', $1, true)`, [who]);
    await speak('system');
    const result = await work(systemActor(actor.authority));
    await speak(actor.staffId);
    return result;
  }

  protected today(): Day {
    return this.clock.today();
  }
}

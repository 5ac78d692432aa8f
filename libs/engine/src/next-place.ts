import type { Actor } from '@send/access';
import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import {
  type ChildNow,
  type Fact,
  fold,
  inLegalOrder,
  type Place,
  type Step,
  step,
  type Workflow,
} from '@send/workflow-kit';

/** What an app gives the engine about letters: who gets them, and which wait for a second person. */
export interface Correspondence {
  needsApproval(letter: string): boolean;
  /** Ids of the people who must get each letter that day, by the key asked for; and in words who could not be addressed. */
  addressees(
    identity: { authority: string; actor: string },
    childId: string,
    letters: readonly { key: string; to: string; letter: string }[],
    on: Day,
    tx?: Tx,
  ): Promise<{ of: Record<string, string[]>; held: string[] }>;
  /** The child as a process that begins must know it. */
  child?(tx: Tx, childId: string, on: Day): Promise<ChildNow | undefined>;
}

/** Where a fact leads, and who must be told: asked of the machine, and of the people of the case file. */
export class NextPlace {
  constructor(private readonly correspondence: Correspondence) {}

  /** One fact on a known place: its transition, and to whom its letters go. */
  async addressed(
    workflow: Workflow,
    place: Place,
    fact: Fact,
    actor: Actor,
    childId: string,
    asked: boolean,
    tx?: Tx,
  ): Promise<{ step: Step; fact: Fact; held: string[]; unplaced?: string[] }> {
    const tried = step(workflow, place, fact, asked);
    if (fact.door === 'record' || !tried.placed || !tried.effects.some(({ kind }) => kind === 'letter'))
      return { step: tried, fact, held: [] };
    const wanted = tried.effects.flatMap((effect) =>
      effect.kind === 'letter'
        ? [{ key: effect.group.slice(fact.id.length + 1), to: effect.to, letter: effect.letter }]
        : [],
    );
    const found = await this.correspondence.addressees(
      { authority: actor.authority, actor: actor.staffId },
      childId,
      wanted,
      fact.on,
      tx,
    );
    const full: Fact = { ...fact, payload: { ...fact.payload, addressees: found.of } };
    return { step: step(workflow, place, full, asked), fact: full, held: found.held };
  }

  /** A fact that belongs before others: the whole history folded anew with it in its legal place. */
  async folded(
    workflow: Workflow,
    history: readonly Fact[],
    fact: Fact,
    actor: Actor,
    childId: string,
    tx?: Tx,
  ): Promise<{ step: Step; fact: Fact; held: string[]; unplaced: string[] }> {
    let full = fact;
    let held: string[] = [];
    if (fact.door === 'act') {
      const before = fold(
        workflow,
        history.filter((one) => inLegalOrder(workflow, one, fact) < 0),
      );
      const found = await this.addressed(workflow, before.place, fact, actor, childId, true, tx);
      if (!found.step.placed) return { step: found.step, fact, held: [], unplaced: [] };
      ({ fact: full, held } = found);
    }
    const whole = fold(workflow, [...history, full]);
    return {
      fact: full,
      held,
      unplaced: [...whole.unplaced],
      step: {
        place: whole.place,
        effects: whole.effects.get(full.id) ?? [],
        placed: !whole.unplaced.includes(full.id),
      },
    };
  }
}

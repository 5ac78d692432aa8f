import { type Action, type Actor, identityOf, may, type Relationship, sameAsFirst } from '@send/access';
import { type Database, sqlState, type Tx } from '@send/database';
import { tidy } from '@send/workflow-kit';
import type { Clock } from './clock';
import { forbidden, invalid, type NotDone, notFound, type Outcome, refuse } from './outcome';
import { alreadyDecided, type Proposal, readProposal, settleProposal } from './proposals';
import { longestReason, reasonTooLong } from './reversal';

/** How often a command that nobody else's knowledge decides may start again after losing a race. */
export const patience = 5;

export const isId = (id: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);

/** What a second person's word needs of the engine. */
export interface SecondWordDoors {
  decide(proposal: Proposal, confirmedBy: Actor, tx: Tx): Promise<Outcome>;
  sees(actor: Actor, childId: string): Promise<boolean>;
  tieOf(actor: Actor, childId: string): Promise<Relationship>;
  actionOf(actor: Actor, proposal: Proposal): Promise<Action>;
  conflict(actor: Actor, runId: string): Promise<NotDone>;
}

/** What waits for its second person is confirmed or given back. */
export class SecondWord {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly doors: SecondWordDoors,
  ) {}

  /** Somebody else confirms what was proposed. It is decided anew, at today's place of the run. */
  async confirm(proposalId: string, actor: Actor): Promise<Outcome> {
    const proposal = await this.read(actor, proposalId);
    if (proposal === undefined || !(await this.doors.sees(actor, proposal.childId))) return notFound;
    if (proposal.status !== 'waiting') return alreadyDecided;
    const { proposedBy, given, runId } = proposal;
    if (proposedBy.staffId === actor.staffId) return refuse('forbidden', sameAsFirst, 'second person');
    const decide = (tx: Tx): Promise<Outcome> => this.doors.decide(proposal, actor, tx);
    for (let turn = 1; ; turn++) {
      const outcome = await this.claimed(proposalId, actor, decide);
      const lost = outcome === 'lost' || ('refusal' in outcome && outcome.refusal.kind === 'conflict');
      if (!lost) return outcome;
      if (given.version !== undefined || turn === patience)
        return outcome === 'lost' ? this.doors.conflict(actor, runId) : outcome;
    }
  }

  /**
   * The proposal is taken and its fact written in one transaction: whoever gives it back, or confirms it too, in the same
   * moment waits for the end and finds it decided. What is refused leaves the proposal waiting.
   */
  private async claimed(
    proposalId: string,
    actor: Actor,
    decide: (tx: Tx) => Promise<Outcome>,
  ): Promise<Outcome | 'lost'> {
    try {
      return await this.database.transaction({ authority: actor.authority, actor: actor.staffId }, async (tx) => {
        const decision = { status: 'confirmed', by: actor, at: this.clock.now() } as const;
        if (!(await settleProposal(tx, proposalId, decision))) return alreadyDecided;
        const outcome = await decide(tx);
        if (!outcome.done) throw new Unconfirmed(outcome);
        return outcome;
      });
    } catch (failure) {
      if (failure instanceof Unconfirmed) return failure.outcome;
      // The same key at the same moment, by another door: the first one won.
      if (sqlState(failure) === '23505') return 'lost';
      throw failure;
    }
  }

  /** Whoever might confirm it gives it back with a reason, or whoever proposed it takes it back; nothing has happened. */
  async giveBack(proposalId: string, reason: string, actor: Actor): Promise<Outcome | { returned: true }> {
    const proposal = await this.read(actor, proposalId);
    if (proposal === undefined || !(await this.doors.sees(actor, proposal.childId))) return notFound;
    const because = tidy(reason);
    if (because === '') return invalid([{ field: 'reason', rule: 'missing', message: 'Enter the reason' }]);
    if (because.length > longestReason) return invalid([reasonTooLong]);
    if (proposal.status !== 'waiting') return alreadyDecided;
    if (proposal.proposedBy.staffId !== actor.staffId) {
      const allowed = may(
        actor,
        await this.doors.actionOf(actor, proposal),
        await this.doors.tieOf(actor, proposal.childId),
      );
      if (!allowed.allowed) return forbidden(allowed);
    }
    const decision = { status: 'returned', by: actor, at: this.clock.now(), reason: because } as const;
    const returned = await this.within(actor, (tx) => settleProposal(tx, proposalId, decision));
    return returned ? { returned } : alreadyDecided;
  }

  private read(actor: Actor, id: string): Promise<Proposal | undefined> {
    return isId(id) ? this.within(actor, (tx) => readProposal(tx, id)) : Promise.resolve(undefined);
  }

  private within<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(identityOf(actor), work);
  }
}

/** Carries a refusal out of a transaction that must not be kept. */
class Unconfirmed extends Error {
  constructor(readonly outcome: Outcome) {
    super('The proposal could not be confirmed');
  }
}

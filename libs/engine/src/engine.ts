import { type Action, type Actor, isSystem, may, maySecond, type Relationship } from '@send/access';
import { type Database, newId, sqlState, type Tx } from '@send/database';
import { type Calendars, type Day, englandCalendars } from '@send/statute';
import {
  type Command,
  type Door,
  type Fact,
  fold,
  inLegalOrder,
  positionOf,
  type Processes,
  rankOf,
  start,
  type Workflow,
} from '@send/workflow-kit';
import type { Clock } from './clock';
import { commit, type Write } from './commit';
import type { Given } from './given';
import { Joining } from './joining';
import { type Correspondence, NextPlace } from './next-place';
import { type Done, forbidden, invalid, keyReused, type NotDone, notFound, type Outcome, refuse } from './outcome';
import { mayCommand, maySee, needsSecond, relationshipOf } from './permission';
import { type Proposal, putProposal } from './proposals';
import { RecentRuns } from './recent-runs';
import { badKey, cannotReverse, readReversal, reversal, tidyKey } from './reversal';
import { isId, patience, SecondWord } from './second-word';
import { factOfKey, grantsOf, historyOf, lastFactOf, type Loaded, loadRun, type RepeatedFact } from './stored-run';

/** A command in one transaction: begin, act, record. It reads once and writes once. */
export class Engine {
  private readonly byName = new Map<string, Workflow>();
  private readonly recent = new RecentRuns();
  private readonly next: NextPlace;
  private readonly joining: Joining;
  private readonly secondWord: SecondWord;
  /** Transactions in which the joins themselves are writing. */
  private readonly rejoining = new WeakSet<Tx>();

  constructor(
    private readonly database: Database,
    processes: Processes,
    private readonly correspondence: Correspondence,
    private readonly clock: Clock,
    private readonly calendars: Calendars = englandCalendars,
  ) {
    for (const workflow of processes.workflows) {
      this.byName.set(`${workflow.id}@${workflow.version}`, workflow);
      this.byName.set(workflow.id, workflow);
    }
    this.next = new NextPlace(correspondence);
    this.joining = new Joining(processes, {
      workflow: (id, version) => this.workflow(id, version),
      begin: (id, childId, given, actor, tx) => this.begin(id, childId, given, actor, { door: 'record', tx }),
      record: (runId, given, actor, tx) => this.record(runId, given, actor, { tx }),
      child: (childId, on, tx) => correspondence.child?.(tx, childId, on) ?? Promise.resolve(undefined),
      takeBack: (runId, factId, reason, actor, tx) =>
        this.takeBack(runId, factId, reason, `join:${newId()}`, actor, tx),
    });
    this.secondWord = new SecondWord(database, clock, {
      decide: ({ door, runId, given, proposedBy }, confirmedBy, tx) =>
        given.command === reversal
          ? this.reverse(
              runId,
              String(given.fields['factId']),
              String(given.fields['reason']),
              given.key,
              proposedBy,
              confirmedBy,
              tx,
            )
          : this.take(door, runId, { ...given, confirmed: true }, proposedBy, { confirmedBy, tx }),
      sees: (actor, childId) => this.sees(actor, childId),
      tieOf: (actor, childId) => this.tieOf(actor, childId),
      actionOf: (actor, proposal) => this.actionOf(actor, proposal),
      conflict: (actor, runId) => this.conflict(actor, runId),
    });
  }

  /** Joins a child’s runs anew, as after a change of the authority’s own settings. Gives how much was put on record. */
  async rejoin(childId: string, actor: Actor, tx?: Tx): Promise<number> {
    const work = async (handle: Tx): Promise<number> => {
      await this.joining.lock(handle, childId);
      return this.rejoined(handle, actor, childId);
    };
    return this.within(actor, tx, work);
  }

  private async rejoined(tx: Tx, actor: Actor, childId: string): Promise<number> {
    this.rejoining.add(tx);
    try {
      return await this.joining.rejoin(tx, actor, childId, this.clock.today());
    } finally {
      this.rejoining.delete(tx);
    }
  }

  /** The workflow a run was begun with, at its own version; the newest where none is named. */
  workflow(id: string, version?: string): Workflow {
    const found = this.byName.get(version === undefined ? id : `${id}@${version}`);
    if (found === undefined)
      throw new Error(`No workflow ${id}${version === undefined ? '' : ` version ${version}`} is installed`);
    return found;
  }

  /**
   * Starts a run for a child with its first fact. Give `tx` where other rows must be written with it. What needs a second
   * person must bring theirs (`confirmedBy`): before there is a run, no proposal can wait for them. A request that reached us
   * is put on record by whoever opened the post: with `takenIn` the case need not be theirs.
   */
  async begin(
    workflowId: string,
    childId: string,
    given: Given,
    actor: Actor,
    options: { tx?: Tx; door?: Door; runId?: string; confirmedBy?: Actor } & Ties = {},
  ): Promise<Outcome> {
    const workflow = this.workflow(workflowId);
    const door = options.door ?? 'act';
    const command = workflow.commands.find(given.command);
    const key = tidyKey(given.key);
    if (key === undefined) return badKey;
    const read = workflow.commands.read(given.command, given.fields, this.clock.today());
    if (command?.system === true && !isSystem(actor)) return unknownCommand;
    if (command === undefined || 'wrong' in read) return invalid('wrong' in read ? read.wrong : []);
    if (command.begins !== true && door === 'act')
      return refuse(
        'out-of-position',
        `A case does not begin with this: ${command.label.toLowerCase()}. Enter the request first`,
        'begin',
      );
    const grants = await this.grants(actor, childId, options.tx);
    const second = options.confirmedBy;
    const allowed = mayCommand(actor, command, door, withTies(grants, options));
    if (!allowed.allowed) return forbidden(allowed);
    const unsigned = await this.cannotSign(actor, second, command, childId, options.tx);
    if (unsigned !== undefined) return unsigned;
    if (!command.doors.includes(door)) return wrongDoor(door);
    if (needsSecond(command, door, actor) && second === undefined)
      return refuse('forbidden', 'Somebody else must confirm this before a case can begin with it', 'second person');
    const runId = options.runId ?? newId();
    const fact: Fact = {
      id: newId(),
      type: command.fact,
      on: read.sent.on,
      door,
      by: actor.staffId,
      seq: 1,
      payload: read.sent.payload,
    };
    const first = await this.next.addressed(
      workflow,
      start(workflow),
      fact,
      actor,
      childId,
      door === 'act',
      options.tx,
    );
    if (!first.step.placed) return refuse('out-of-position', 'A case cannot begin with this', 'begin');
    const write: Write = {
      actor,
      role: allowed.role,
      runId,
      childId,
      expected: 0,
      workflow,
      fact: first.fact,
      key,
      confirmedBy: second?.staffId ?? null,
      source: given.source ?? null,
      before: null,
      stored: null,
      after: first.step.place,
      effects: first.step.effects,
      held: first.held,
      lastOn: fact.on,
      lastRank: rankOf(workflow, fact.type),
      unplaced: [],
      action: command.action,
      grants,
      remembered: false,
    };
    try {
      return (await this.commit(write, options.tx)) ?? this.again(actor, key, command.fact);
    } catch (failure) {
      if (sqlState(failure) === '23505' && options.tx === undefined) return this.again(actor, key, command.fact);
      if (sqlState(failure) !== anotherIsOpen) throw failure;
      const first =
        options.tx === undefined ? await this.within(actor, undefined, (tx) => factOfKey(tx, key)) : undefined;
      return first === undefined ? oneIsOpen(workflow) : this.again(actor, key, command.fact);
    }
  }

  /** We do something now. Guards are asked, and may refuse. */
  act(
    runId: string,
    given: Given,
    actor: Actor,
    options: { tx?: Tx; confirmedBy?: Actor } & Pick<Ties, 'onPanel'> = {},
  ): Promise<Outcome> {
    return this.take('act', runId, given, actor, options);
  }

  /** Something happened. It is never refused for being late, early or out of the usual order. */
  record(
    runId: string,
    given: Given,
    actor: Actor,
    options: { tx?: Tx; confirmedBy?: Actor } & Ties = {},
  ): Promise<Outcome> {
    return this.take('record', runId, given, actor, options);
  }

  private async take(
    door: Door,
    runId: string,
    given: Given,
    actor: Actor,
    options: { tx?: Tx; confirmedBy?: Actor } & Ties,
  ): Promise<Outcome> {
    const key = tidyKey(given.key);
    if (key === undefined) return badKey;
    const known = options.tx === undefined ? this.recent.find(actor, runId) : undefined;
    if (known !== undefined) {
      const outcome = await this.decide(door, runId, given, key, actor, { ...known, repeated: null }, options, true);
      if (outcome !== 'lost' && outcome.done) return outcome;
      // What is remembered may be old: only the database refuses.
      this.recent.forget(actor, runId);
    }
    for (let turn = 1; ; turn++) {
      const found = await this.load(actor, runId, key, options.tx);
      if (found === undefined) return notFound;
      const loaded = { ...found, grants: withTies(found.grants, options) };
      const outcome = await this.decide(door, runId, given, key, actor, loaded, options);
      if (outcome !== 'lost') return outcome;
      // The version was not the giver's own knowledge: read again and decide anew.
      if (given.version !== undefined || turn === patience || options.tx !== undefined) {
        const now = await this.load(actor, runId, key, options.tx);
        if (now?.repeated != null) return this.repeat(now.repeated, now, given.command);
        return this.conflict(actor, runId, options.tx);
      }
    }
  }

  private async decide(
    door: Door,
    runId: string,
    given: Given,
    key: string,
    actor: Actor,
    loaded: Loaded,
    options: { tx?: Tx; confirmedBy?: Actor },
    remembered = false,
  ): Promise<Outcome | 'lost'> {
    const workflow = this.workflow(loaded.workflow, loaded.workflowVersion);
    const command = workflow.commands.find(given.command);
    if (!maySee(actor, loaded.grants)) return notFound;
    if (loaded.repeated !== null) return this.repeat(loaded.repeated, loaded, given.command, runId);
    if (command === undefined || (command.system === true && !isSystem(actor))) return unknownCommand;
    const allowed = mayCommand(actor, command, door, loaded.grants);
    if (!allowed.allowed) return forbidden(allowed);
    const unsigned = await this.cannotSign(actor, options.confirmedBy, command, loaded.childId, options.tx);
    if (unsigned !== undefined) return unsigned;
    const read = workflow.commands.read(given.command, given.fields, this.clock.today());
    if ('wrong' in read) return invalid(read.wrong);
    if (given.version !== undefined && given.version !== loaded.version)
      return remembered ? 'lost' : this.conflict(actor, runId, options.tx);
    if (!command.doors.includes(door)) return wrongDoor(door);
    const { sent } = read;
    const fact: Fact = {
      id: newId(),
      type: command.fact,
      on: sent.on,
      door,
      by: actor.staffId,
      seq: loaded.version + 1,
      payload: sent.payload,
    };
    if (door === 'act' && sent.on < loaded.lastOn && sent.on < this.clock.today()) {
      const earlier = refuse(
        'out-of-position',
        `Something later is already on record. Put this on record instead, with the day it happened`,
        'date out of order',
        {
          wrong: [
            {
              field: 'on',
              rule: 'out-of-order',
              message: 'The date must be the same as or after the last thing on record',
            },
          ],
        },
      );
      return earlier;
    }
    const odd =
      door === 'record' && given.confirmed !== true ? command.odd?.(loaded.place.context, sent.on) : undefined;
    if (odd !== undefined) return refuse('ask', odd, 'odd but possible');

    const latest =
      sent.on > loaded.lastOn || (sent.on === loaded.lastOn && rankOf(workflow, fact.type) >= loaded.lastRank);
    const next = latest
      ? await this.next.addressed(workflow, loaded.place, fact, actor, loaded.childId, door === 'act', options.tx)
      : await this.next.folded(
          workflow,
          await this.history(actor, runId, options.tx),
          fact,
          actor,
          loaded.childId,
          options.tx,
        );
    if (!next.step.placed && door === 'act') return this.whyNot(workflow, command, loaded, sent.on);
    if (needsSecond(command, door, actor) && options.confirmedBy === undefined) {
      if (remembered) return 'lost';
      const waiting = { ...given, key, fields: { on: sent.on, ...sent.payload } };
      const proposal = { door, runId, childId: loaded.childId, given: waiting, proposedBy: actor };
      return this.within(actor, options.tx, (tx) => putProposal(tx, proposal));
    }
    const unplaced = next.unplaced ?? (next.step.placed ? loaded.unplaced : [...loaded.unplaced, fact.id]);
    const write: Write = {
      actor,
      role: allowed.role,
      runId,
      childId: loaded.childId,
      expected: loaded.version,
      workflow,
      fact: next.fact,
      key,
      confirmedBy: options.confirmedBy?.staffId ?? null,
      source: given.source ?? null,
      before: loaded.place,
      stored: loaded.stored,
      after: next.step.place,
      effects: door === 'act' ? next.step.effects : [],
      held: next.held,
      lastOn: latest ? sent.on : loaded.lastOn,
      lastRank: latest ? rankOf(workflow, fact.type) : loaded.lastRank,
      unplaced,
      action: command.action,
      grants: loaded.grants,
      remembered,
    };
    try {
      return (await this.commit(write, options.tx)) ?? 'lost';
    } catch (failure) {
      // The same key at the same moment: the first one won, and its result is given again.
      if (sqlState(failure) === '23505' && options.tx === undefined) return 'lost';
      if (sqlState(failure) === ruleOfTheHouse && options.tx === undefined)
        return refuse('not-now', failure instanceof Error ? failure.message : String(failure), command.fact);
      throw failure;
    }
  }

  /** Asks for a fact to be taken back. Nothing has happened until somebody else confirms it. */
  async proposeReversal(runId: string, factId: string, reason: string, key: string, actor: Actor): Promise<Outcome> {
    const read = readReversal(reason, key);
    if ('refused' in read) return read.refused;
    const loaded = await this.load(actor, runId, read.key);
    if (loaded === undefined) return notFound;
    if (!maySee(actor, loaded.grants)) return notFound;
    if (loaded.repeated !== null) return this.repeat(loaded.repeated, loaded, reversal, runId);
    const allowed = may(actor, 'undoEvent', relationshipOf(actor, loaded.grants));
    if (!allowed.allowed) return forbidden(allowed);
    const unfit = cannotReverse(await this.history(actor, runId), factId);
    if (unfit !== undefined) return unfit;
    const given = { command: reversal, key: read.key, fields: { factId, reason: read.because } };
    const proposal = { door: 'record', runId, childId: loaded.childId, given, proposedBy: actor } as const;
    return this.within(actor, undefined, (tx) => putProposal(tx, proposal));
  }

  /** Takes a fact back: adds a reversing fact with its reason, and folds the history without the other. */
  async reverse(
    runId: string,
    factId: string,
    reason: string,
    key: string,
    actor: Actor,
    confirmedBy: Actor,
    tx?: Tx,
  ): Promise<Outcome> {
    const read = readReversal(reason, key);
    if ('refused' in read) return read.refused;
    const loaded = await this.load(actor, runId, read.key, tx);
    if (loaded === undefined) return notFound;
    if (loaded.repeated !== null) return this.repeat(loaded.repeated, loaded, reversal, runId);
    const first = may(actor, 'undoEvent', relationshipOf(actor, loaded.grants));
    if (!first.allowed) return forbidden(first);
    const second = maySecond(
      actor.staffId,
      confirmedBy,
      'undoEvent',
      await this.tieOf(confirmedBy, loaded.childId, tx),
    );
    if (!second.allowed) return forbidden(second);
    const role = first.role;
    return this.reversed({ loaded, runId, factId, because: read.because, key: read.key, actor, role, confirmedBy, tx });
  }

  /** What the product itself put on record, it takes back itself. */
  private async takeBack(
    runId: string,
    factId: string,
    because: string,
    key: string,
    actor: Actor,
    tx: Tx,
  ): Promise<Outcome> {
    const loaded = await this.load(actor, runId, key, tx);
    if (loaded === undefined) return notFound;
    return this.reversed({ loaded, runId, factId, because, key, actor, role: 'system', confirmedBy: null, tx });
  }

  private async reversed(undoing: {
    loaded: Loaded;
    runId: string;
    factId: string;
    because: string;
    key: string;
    actor: Actor;
    role: string;
    confirmedBy: Actor | null;
    tx: Tx | undefined;
  }): Promise<Outcome> {
    const { loaded, runId, factId, actor, confirmedBy, tx } = undoing;
    const workflow = this.workflow(loaded.workflow, loaded.workflowVersion);
    const history = await this.history(actor, runId, tx);
    const unfit = cannotReverse(history, factId);
    if (unfit !== undefined) return unfit;
    const on = this.clock.today();
    const fact: Fact = {
      id: newId(),
      type: 'factReversed',
      on,
      door: 'record',
      by: actor.staffId,
      seq: loaded.version + 1,
      payload: { reason: undoing.because },
      reverses: factId,
    };
    const folded = fold(workflow, [...history, fact]);
    const left = history
      .filter((one) => one.id !== factId && one.reverses === undefined)
      .sort((a, b) => inLegalOrder(workflow, a, b));
    const last = left.at(-1);
    try {
      const write: Write = {
        actor,
        role: undoing.role,
        runId,
        childId: loaded.childId,
        expected: loaded.version,
        workflow,
        fact,
        key: undoing.key,
        confirmedBy: confirmedBy?.staffId ?? null,
        source: null,
        before: loaded.place,
        stored: loaded.stored,
        after: folded.place,
        effects: [],
        held: [],
        lastOn: last?.on ?? loaded.lastOn,
        lastRank: last === undefined ? loaded.lastRank : rankOf(workflow, last.type),
        unplaced: folded.unplaced,
        action: 'undoEvent',
        grants: loaded.grants,
        remembered: false,
      };
      return (await this.commit(write, tx)) ?? (await this.conflict(actor, runId, tx));
    } catch (failure) {
      if (sqlState(failure) === '23505' && tx === undefined) return this.conflict(actor, runId);
      throw failure;
    }
  }

  /** Somebody else confirms what was proposed. It is decided anew, at today's place of the run. */
  confirm(proposalId: string, actor: Actor): Promise<Outcome> {
    return this.secondWord.confirm(proposalId, actor);
  }

  /** Whoever might confirm it gives it back with a reason, or whoever proposed it takes it back; nothing has happened. */
  giveBack(proposalId: string, reason: string, actor: Actor): Promise<Outcome | { returned: true }> {
    return this.secondWord.giveBack(proposalId, reason, actor);
  }

  /** Why this second person's word does not count for the first one's command; nothing where none was given. */
  private async cannotSign(
    actor: Actor,
    second: Actor | undefined,
    command: Command,
    childId: string,
    tx?: Tx,
  ): Promise<NotDone | undefined> {
    if (second === undefined) return undefined;
    const tie = await this.tieOf(second, childId, tx);
    const answer = maySecond(actor.staffId, second, command.action as Action, tie);
    return answer.allowed ? undefined : forbidden(answer);
  }

  private async tieOf(actor: Actor, childId: string, tx?: Tx): Promise<Relationship> {
    return relationshipOf(actor, await this.grants(actor, childId, tx));
  }

  private async sees(actor: Actor, childId: string): Promise<boolean> {
    return maySee(actor, await this.grants(actor, childId));
  }

  private async actionOf(actor: Actor, proposal: Proposal): Promise<Action> {
    if (proposal.given.command === reversal) return 'undoEvent';
    const loaded = await this.load(actor, proposal.runId, proposal.given.key);
    const workflow = loaded && this.workflow(loaded.workflow, loaded.workflowVersion);
    return (workflow?.commands.find(proposal.given.command)?.action ?? 'undoEvent') as Action;
  }

  private whyNot(workflow: Workflow, command: Command, loaded: Loaded, on: Day): NotDone {
    const known = workflow.commands.forFact(command.fact);
    const why = known?.refusal?.(loaded.place.context, on);
    return why === undefined
      ? refuse(
          'out-of-position',
          `This cannot be done while the case is at “${positionOf(workflow, loaded.place)}”. Nothing was changed`,
          'position',
        )
      : refuse('not-now', why.message, why.rule);
  }

  /** Writes the command; where other runs of the child must hear of it, these too, in the same transaction. */
  private commit(write: Write, tx?: Tx): Promise<Done | null> {
    const heard = tx === undefined || !this.rejoining.has(tx);
    if (!heard || !this.joining.concerns(write)) return this.written(write, tx);
    this.recent.forget(write.actor, write.runId);
    return this.within(write.actor, tx, async (handle) => {
      await this.joining.lock(handle, write.childId);
      const done = await this.written(write, handle);
      if (done !== null) await this.rejoined(handle, write.actor, write.childId);
      return done;
    });
  }

  private async written(write: Write, tx?: Tx): Promise<Done | null> {
    const needsApproval = (letter: string): boolean => this.correspondence.needsApproval(letter);
    const written = await commit(this.database, write, needsApproval, this.calendars, this.clock.now(), tx);
    if (written === null) return null;
    const { childId, workflow, after: place, lastOn, lastRank, unplaced } = write;
    const { done, stored } = written;
    if (tx === undefined)
      this.recent.keep(
        write.actor,
        write.runId,
        {
          childId,
          workflow: workflow.id,
          workflowVersion: workflow.version,
          version: done.version,
          place,
          stored,
          lastOn,
          lastRank,
          unplaced,
        },
        write.grants,
      );
    return done;
  }

  private load(actor: Actor, runId: string, key: string, tx?: Tx): Promise<Loaded | undefined> {
    return isId(runId) ? loadRun(this.database, actor, runId, key, tx) : Promise.resolve(undefined);
  }

  /** A run's whole history, as recorded. */
  history(actor: Actor, runId: string, tx?: Tx): Promise<Fact[]> {
    return this.within(actor, tx, (handle) => historyOf(handle, runId));
  }

  private grants(actor: Actor, childId: string, tx?: Tx): Promise<string[]> {
    return isSystem(actor) ? Promise.resolve([]) : this.within(actor, tx, (handle) => grantsOf(handle, actor, childId));
  }

  /** In the caller's transaction, or in one of its own. */
  private within<T>(actor: Actor, tx: Tx | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    return tx === undefined
      ? this.database.transaction({ authority: actor.authority, actor: actor.staffId }, work)
      : work(tx);
  }

  private repeat(fact: RepeatedFact, now: Loaded | undefined, command: string, runId?: string): Outcome {
    const workflow = now === undefined ? undefined : this.workflow(now.workflow, now.workflowVersion);
    const given = workflow?.commands.find(command)?.fact ?? (command === reversal ? 'factReversed' : undefined);
    if ((given !== undefined && given !== fact.type) || (runId !== undefined && runId !== fact.run_id))
      return keyReused;
    return {
      done: true,
      runId: fact.run_id,
      factId: fact.id,
      version: fact.seq,
      position: now === undefined || workflow === undefined ? '' : positionOf(workflow, now.place),
      moved: fact.moved,
      letters: 0,
      held: [],
      repeated: true,
      placed: now === undefined || !now.unplaced.includes(fact.id),
    };
  }

  private async again(actor: Actor, key: string, fact: string): Promise<Outcome> {
    const first = await this.within(actor, undefined, (tx) => factOfKey(tx, key));
    if (first === undefined) return refuse('conflict', 'Somebody else was first. Try again', 'race');
    if (first.type !== fact) return keyReused;
    const loaded = await this.load(actor, first.run_id, key);
    return this.repeat(first, loaded, '', first.run_id);
  }

  private async conflict(actor: Actor, runId: string, tx?: Tx): Promise<NotDone> {
    const last = await this.within(actor, tx, (handle) => lastFactOf(handle, runId));
    return refuse(
      'conflict',
      'Somebody else changed this case first. Your answers are kept: check them and save again',
      'version',
      last === undefined
        ? {}
        : { winner: { actor: last.actor, at: last.recorded_at, what: last.type, version: last.seq } },
    );
  }
}

/** What the database raises where a second open assessment would begin (migration 0013). */
const anotherIsOpen = 'SE001';
/** And where a rule of the house that looks at many runs stands in the way, in words for the officer (migration 0020). */
const ruleOfTheHouse = 'SE002';
const oneIsOpen = ({ id, title }: Workflow): NotDone =>
  id === 'needs-assessment'
    ? refuse(
        'out-of-position',
        'This child has an assessment that is still open. Put the further request on record of that one',
        'one assessment at a time',
      )
    : refuse(
        'out-of-position',
        `This child has one that is still open: ${title.toLowerCase()}. Go on with that one, or end it first`,
        'one at a time',
      );

/** What the caller knows to tie the actor to the case, beside their grants; whoever is shut out of it stays so. */
export interface Ties {
  /** As on a case of one's own: a request that reached us. */
  readonly takenIn?: true;
  /** Sits on the panel that has the case before it, by its record, and has declared no conflict. */
  readonly onPanel?: true;
}

const withTies = (grants: readonly string[], { takenIn, onPanel }: Ties): string[] => [
  ...grants,
  ...(takenIn ? ['assigned'] : []),
  ...(onPanel ? ['panel'] : []),
];

const unknownCommand = invalid([
  { field: 'command', rule: 'unknown-command', message: 'Select something you can do on this case' },
]);

const wrongDoor = (door: Door): NotDone =>
  door === 'act'
    ? refuse('out-of-position', 'This is done by others: put it on record instead', 'door')
    : refuse('out-of-position', 'This is done here, not put on record afterwards', 'door');

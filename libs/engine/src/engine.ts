import {
  type Action,
  type Actor,
  isSystem,
  may,
  maySecond,
  type Refused,
  type Relationship,
  sameAsFirst,
  shortestReason,
} from '@send/access';
import { type Database, newId, sqlState, type Tx } from '@send/database';
import { type Calendars, type Day, englandCalendars } from '@send/statute';
import {
  type Command,
  type Door,
  type Effect,
  type Fact,
  fold,
  inLegalOrder,
  isClosed,
  type Payload,
  type Place,
  positionOf,
  rankOf,
  start,
  type Step,
  step,
  tidy,
  type Workflow,
} from '@send/workflow-kit';
import type { Clock } from './clock';
import { type Done, type Moved, type NotDone, type Outcome, refuse } from './outcome';
import { type KnownRun, RecentRuns } from './recent-runs';
import { difference } from './rows';

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
}

/** What somebody wants to do or put on record. */
export interface Given {
  readonly command: string;
  /** Used once: the same key gives the first result again. */
  readonly key: string;
  /** The version of the run that the person saw; a later one makes them the loser of a race. */
  readonly version?: number;
  /** They were asked whether it is right, and say so. */
  readonly confirmed?: boolean;
  /** The day it happened, and the command's own fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Where a recorded fact comes from: a letter, an import, a published decision. */
  readonly source?: string;
}

interface Loaded extends KnownRun {
  readonly grants: readonly string[];
  readonly repeated: RepeatedFact | null;
}

interface Proposal {
  readonly door: Door;
  readonly runId: string;
  readonly childId: string;
  readonly status: string;
  readonly proposedBy: Actor;
  readonly given: Given;
}

interface RepeatedFact {
  id: string;
  run_id: string;
  seq: number;
  type: string;
  on_day: Day;
  moved: Moved[];
  payload: Payload;
}

interface Write {
  actor: Actor;
  role: string;
  runId: string;
  childId: string;
  expected: number;
  workflow: Workflow;
  fact: Fact;
  key: string;
  confirmedBy: string | null;
  source: string | null;
  before: Place | null;
  /** The place before, as it is written down: what did not change is not written again. */
  stored: string | null;
  after: Place;
  effects: readonly Effect[];
  held: readonly string[];
  lastOn: Day;
  lastRank: number;
  unplaced: readonly string[];
  action: string;
  grants: readonly string[];
  /** The run was not read for this command: the write checks the grants as well as the version. */
  remembered: boolean;
}

const loadSql = 'select about, place from engine.load($1, $2, $3, $4)';
const commitSql =
  'select engine.commit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30) as won';

/** How often a command that nobody else's knowledge decides may start again after losing a race. */
const patience = 5;

/** A command in one transaction: begin, act, record. It reads once and writes once. */
export class Engine {
  private readonly byName = new Map<string, Workflow>();
  private readonly recent = new RecentRuns();

  constructor(
    private readonly database: Database,
    workflows: readonly Workflow[],
    private readonly correspondence: Correspondence,
    private readonly clock: Clock,
    private readonly calendars: Calendars = englandCalendars,
  ) {
    for (const workflow of workflows) {
      this.byName.set(`${workflow.id}@${workflow.version}`, workflow);
      this.byName.set(workflow.id, workflow);
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
   * person must bring theirs (`confirmedBy`): before there is a run, no proposal can wait for them.
   */
  async begin(
    workflowId: string,
    childId: string,
    given: Given,
    actor: Actor,
    options: { tx?: Tx; door?: Door; runId?: string; confirmedBy?: Actor } = {},
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
    const allowed = this.allowed(actor, command.action as Action, grants, proposes(command, door));
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
    const first = await this.addressed(workflow, start(workflow), fact, actor, childId, door === 'act', options.tx);
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
      throw failure;
    }
  }

  /** We do something now. Guards are asked, and may refuse. */
  act(runId: string, given: Given, actor: Actor, options: { tx?: Tx; confirmedBy?: Actor } = {}): Promise<Outcome> {
    return this.take('act', runId, given, actor, options);
  }

  /** Something happened. It is never refused for being late, early or out of the usual order. */
  record(runId: string, given: Given, actor: Actor, options: { tx?: Tx; confirmedBy?: Actor } = {}): Promise<Outcome> {
    return this.take('record', runId, given, actor, options);
  }

  private async take(
    door: Door,
    runId: string,
    given: Given,
    actor: Actor,
    options: { tx?: Tx; confirmedBy?: Actor },
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
      const loaded = isId(runId) ? await this.load(actor, runId, key, options.tx) : undefined;
      if (loaded === undefined) return notFound;
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
    const relationship = this.relationship(actor, loaded.grants);
    // What may not even be seen is not there.
    const seen = isSystem(actor) || may(actor, 'openCaseOverview', relationship).allowed;
    if (!seen) return notFound;
    if (loaded.repeated !== null) return this.repeat(loaded.repeated, loaded, given.command, runId);
    if (command === undefined || (command.system === true && !isSystem(actor))) return unknownCommand;
    const allowed = this.allowed(actor, command.action as Action, loaded.grants, proposes(command, door));
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
      ? await this.addressed(workflow, loaded.place, fact, actor, loaded.childId, door === 'act', options.tx)
      : await this.folded(workflow, runId, fact, actor, loaded.childId, options.tx);
    if (!next.step.placed && door === 'act') return this.whyNot(workflow, command, loaded, sent.on);
    if (needsSecond(command, door, actor) && options.confirmedBy === undefined) {
      if (remembered) return 'lost';
      return this.propose(
        door,
        runId,
        loaded.childId,
        { ...given, key, fields: { on: sent.on, ...sent.payload } },
        actor,
        options.tx,
      );
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
      throw failure;
    }
  }

  /** Asks for a fact to be taken back. Nothing has happened until somebody else confirms it. */
  async proposeReversal(runId: string, factId: string, reason: string, key: string, actor: Actor): Promise<Outcome> {
    const read = readReversal(reason, key);
    if ('refused' in read) return read.refused;
    const loaded = isId(runId) ? await this.load(actor, runId, read.key) : undefined;
    if (loaded === undefined) return notFound;
    const relationship = this.relationship(actor, loaded.grants);
    if (!may(actor, 'openCaseOverview', relationship).allowed) return notFound;
    if (loaded.repeated !== null) return this.repeat(loaded.repeated, loaded, reversal, runId);
    const allowed = may(actor, 'undoEvent', relationship);
    if (!allowed.allowed) return forbidden(allowed);
    const unfit = cannotReverse(await this.history(actor, runId), factId);
    if (unfit !== undefined) return unfit;
    return this.propose(
      'record',
      runId,
      loaded.childId,
      { command: reversal, key: read.key, fields: { factId, reason: read.because } },
      actor,
    );
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
    const loaded = isId(runId) ? await this.load(actor, runId, read.key, tx) : undefined;
    if (loaded === undefined) return notFound;
    if (loaded.repeated !== null) return this.repeat(loaded.repeated, loaded, reversal, runId);
    const first = may(actor, 'undoEvent', this.relationship(actor, loaded.grants));
    if (!first.allowed) return forbidden(first);
    const second = maySecond(
      actor.staffId,
      confirmedBy,
      'undoEvent',
      await this.tieOf(confirmedBy, loaded.childId, tx),
    );
    if (!second.allowed) return forbidden(second);
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
      payload: { reason: read.because },
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
        role: first.role,
        runId,
        childId: loaded.childId,
        expected: loaded.version,
        workflow,
        fact,
        key: read.key,
        confirmedBy: confirmedBy.staffId,
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
  async confirm(proposalId: string, actor: Actor): Promise<Outcome> {
    const proposal = isId(proposalId) ? await this.proposal(actor, proposalId) : undefined;
    if (proposal === undefined || !(await this.sees(actor, proposal.childId))) return notFound;
    if (proposal.status !== 'waiting') return alreadyDecided;
    const { proposedBy, given, runId } = proposal;
    if (proposedBy.staffId === actor.staffId) return refuse('forbidden', sameAsFirst, 'second person');
    const decide = (tx: Tx): Promise<Outcome> =>
      given.command === reversal
        ? this.reverse(
            runId,
            String(given.fields['factId']),
            String(given.fields['reason']),
            given.key,
            proposedBy,
            actor,
            tx,
          )
        : this.take(proposal.door, runId, { ...given, confirmed: true }, proposedBy, { confirmedBy: actor, tx });
    for (let turn = 1; ; turn++) {
      const outcome = await this.claimed(proposalId, actor, decide);
      const lost = outcome === 'lost' || ('refusal' in outcome && outcome.refusal.kind === 'conflict');
      if (!lost) return outcome;
      if (given.version !== undefined || turn === patience)
        return outcome === 'lost' ? this.conflict(actor, runId) : outcome;
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
        const taken = await tx.run(
          `update engine.proposal set status = 'confirmed', decided_by = $2, decided_at = $3 where id = $1 and status = 'waiting'`,
          [proposalId, actor.staffId, this.clock.now()],
        );
        if (taken === 0) return alreadyDecided;
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
    const proposal = isId(proposalId) ? await this.proposal(actor, proposalId) : undefined;
    if (proposal === undefined || !(await this.sees(actor, proposal.childId))) return notFound;
    const because = tidy(reason);
    if (because === '') return invalid([{ field: 'reason', rule: 'missing', message: 'Enter the reason' }]);
    if (because.length > longestReason) return invalid([reasonTooLong]);
    if (proposal.status !== 'waiting') return alreadyDecided;
    if (proposal.proposedBy.staffId !== actor.staffId) {
      const allowed = may(actor, await this.actionOf(actor, proposal), await this.tieOf(actor, proposal.childId));
      if (!allowed.allowed) return forbidden(allowed);
    }
    const changed = await this.database.transaction({ authority: actor.authority, actor: actor.staffId }, (tx) =>
      tx.run(
        `update engine.proposal set status = 'returned', decided_by = $2, decided_at = $3, reason = $4 where id = $1 and status = 'waiting'`,
        [proposalId, actor.staffId, this.clock.now(), because],
      ),
    );
    return changed === 1 ? { returned: true } : alreadyDecided;
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
    return this.relationship(actor, await this.grants(actor, childId, tx));
  }

  /** What may not even be seen is not there. */
  private async sees(actor: Actor, childId: string): Promise<boolean> {
    return isSystem(actor) || may(actor, 'openCaseOverview', await this.tieOf(actor, childId)).allowed;
  }

  private async actionOf(actor: Actor, proposal: Proposal): Promise<Action> {
    if (proposal.given.command === reversal) return 'undoEvent';
    const loaded = await this.load(actor, proposal.runId, proposal.given.key);
    const workflow = loaded && this.workflow(loaded.workflow, loaded.workflowVersion);
    return (workflow?.commands.find(proposal.given.command)?.action ?? 'undoEvent') as Action;
  }

  private async addressed(
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

  private async folded(
    workflow: Workflow,
    runId: string,
    fact: Fact,
    actor: Actor,
    childId: string,
    tx?: Tx,
  ): Promise<{ step: Step; fact: Fact; held: string[]; unplaced: string[] }> {
    const history = await this.history(actor, runId, tx);
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

  private async commit(write: Write, tx?: Tx): Promise<Done | null> {
    const { workflow, fact } = write;
    const { rows, settled, moved } = difference(write.before, write.after, fact.on, this.calendars, this.clock.now());
    const letters: object[] = [];
    const outbox: object[] = [];
    for (const effect of write.effects) {
      switch (effect.kind) {
        case 'letter': {
          const key = effect.group.slice(fact.id.length + 1);
          const to = (fact.payload['addressees'] as Record<string, string[]> | undefined)?.[key] ?? [];
          const waits = this.correspondence.needsApproval(effect.letter);
          for (const recipient of to) {
            const id = newId();
            letters.push({
              id,
              group: effect.group,
              letter: effect.letter,
              subject: effect.subject,
              recipient,
              status: waits ? 'drafted' : 'approved',
            });
            if (!waits) outbox.push({ kind: 'letter', key: `letter:${id}`, payload: { letter: id } });
          }
          break;
        }
        case 'notice':
          outbox.push({
            kind: 'notice',
            key: `notice:${fact.id}:${effect.notice}`,
            payload: { notice: effect.notice, child: write.childId },
          });
          break;
        case 'start':
          outbox.push({ kind: 'start', key: `start:${fact.id}:${effect.workflow}`, payload: { ...effect } });
          break;
      }
    }
    for (const [index, who] of write.held.entries())
      outbox.push({
        kind: 'notice',
        key: `held:${fact.id}:${index}`,
        payload: { notice: 'addressee-held', who, child: write.childId },
      });
    const json = (list: readonly object[]): string | null => (list.length === 0 ? null : JSON.stringify(list));
    const place = JSON.stringify(write.after);
    const position = positionOf(workflow, write.after);
    const params = [
      write.actor.authority,
      write.actor.staffId,
      write.runId,
      write.expected,
      write.childId,
      workflow.id,
      workflow.version,
      fact.id,
      fact.type,
      fact.on,
      fact.door,
      write.confirmedBy,
      write.key,
      JSON.stringify(fact.payload),
      fact.reverses ?? null,
      write.source,
      JSON.stringify(moved),
      place === write.stored ? null : place,
      position,
      isClosed(workflow, write.after),
      write.lastOn,
      write.lastRank,
      JSON.stringify(write.unplaced),
      json(rows),
      settled === null ? null : JSON.stringify(settled),
      json(letters),
      json(outbox),
      write.action,
      write.role,
      write.remembered && !isSystem(write.actor) ? [...write.grants].sort().join(' ') : null,
    ];
    const answer =
      tx === undefined
        ? await this.database.one<{ won: boolean }>('engine.commit', commitSql, params)
        : await tx.query<{ won: boolean }>(commitSql, params);
    if (answer[0]?.won !== true) return null;
    if (tx === undefined)
      this.recent.keep(
        write.actor,
        write.runId,
        {
          childId: write.childId,
          workflow: workflow.id,
          workflowVersion: workflow.version,
          version: write.expected + 1,
          place: write.after,
          stored: place,
          lastOn: write.lastOn,
          lastRank: write.lastRank,
          unplaced: write.unplaced,
        },
        write.grants,
      );
    return {
      done: true,
      runId: write.runId,
      factId: fact.id,
      version: write.expected + 1,
      position,
      moved,
      letters: letters.length,
      held: write.held,
      repeated: false,
      placed: !write.unplaced.includes(fact.id),
    };
  }

  private async load(actor: Actor, runId: string, key: string, tx?: Tx): Promise<Loaded | undefined> {
    const params = [actor.authority, actor.staffId, runId, key];
    const rows =
      tx === undefined
        ? await this.database.one<LoadRow>('engine.load', loadSql, params)
        : await tx.query<LoadRow>(loadSql, params);
    const row = rows[0];
    if (row === undefined || row.about === null || row.place === null) return undefined;
    const [childId, workflow, workflowVersion, version, lastOn, lastRank, unplaced, grants, repeated] = JSON.parse(
      row.about,
    ) as About;
    return {
      childId,
      workflow,
      workflowVersion,
      version,
      lastOn,
      lastRank,
      unplaced,
      repeated,
      grants: grants ?? [],
      place: JSON.parse(row.place) as Place,
      stored: row.place,
    };
  }

  /** A run's whole history, as recorded. */
  async history(actor: Actor, runId: string, tx?: Tx): Promise<Fact[]> {
    const sql = `select id, type, on_day as "on", door, actor as "by", seq, payload, reverses from engine.fact where run_id = $1 order by seq`;
    const read = async (handle: Tx) => {
      const rows = await handle.query<Fact & { reverses: string | null }>(sql, [runId]);
      return rows.map(({ reverses, ...fact }): Fact => (reverses === null ? fact : { ...fact, reverses }));
    };
    return tx === undefined
      ? this.database.transaction({ authority: actor.authority, actor: actor.staffId }, read)
      : read(tx);
  }

  private async grants(actor: Actor, childId: string, tx?: Tx): Promise<string[]> {
    if (isSystem(actor)) return [];
    const read = async (handle: Tx) =>
      (
        await handle.query<{ kind: string }>(
          `select kind from access.case_grant where child_id = $1 and staff_id = $2 and current_date >= from_day and (until_day is null or current_date < until_day)`,
          [childId, actor.staffId],
        )
      ).map(({ kind }) => kind);
    return tx === undefined
      ? this.database.transaction({ authority: actor.authority, actor: actor.staffId }, read)
      : read(tx);
  }

  private relationship(actor: Actor, grants: readonly string[]): Relationship {
    return {
      authority: actor.authority,
      live: grants.includes('assigned') || grants.includes('named'),
      team: grants.includes('team'),
      own: false,
      panel: false,
      excluded: grants.includes('excluded'),
      classification: 'standard',
      ownViewsPrivate: false,
    };
  }

  /** `proposing` lets a caseworker prepare what only a senior may sign; the signature is the second person's. */
  private allowed(actor: Actor, action: Action, grants: readonly string[], proposing = false) {
    const relationship = this.relationship(actor, grants);
    const answer = may(actor, action, relationship);
    if (answer.allowed || !proposing || answer.rule !== 'role') return answer;
    return may(actor, 'recordEvent', relationship);
  }

  private async propose(
    door: Door,
    runId: string,
    childId: string,
    given: Given,
    actor: Actor,
    tx?: Tx,
  ): Promise<Outcome> {
    const id = newId();
    const write = async (handle: Tx): Promise<Outcome> => {
      const put = await handle.query<{ id: string }>(
        `insert into engine.proposal (id, authority_id, run_id, child_id, door, command, proposed_by, command_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (authority_id, command_key) do nothing returning id`,
        [id, actor.authority, runId, childId, door, JSON.stringify({ actor, given }), actor.staffId, given.key],
      );
      if (put[0] !== undefined) return { done: false, waits: { proposalId: put[0].id } };
      const [before] = await handle.query<{ id: string; run_id: string; command: { given: Given } }>(
        'select id, run_id, command from engine.proposal where command_key = $1',
        [given.key],
      );
      return before?.run_id === runId && before.command.given.command === given.command
        ? { done: false, waits: { proposalId: before.id } }
        : keyReused;
    };
    return tx === undefined
      ? this.database.transaction({ authority: actor.authority, actor: actor.staffId }, write)
      : write(tx);
  }

  private async proposal(actor: Actor, id: string): Promise<Proposal | undefined> {
    const rows = await this.database.transaction({ authority: actor.authority, actor: actor.staffId }, (tx) =>
      tx.query<{
        door: Door;
        run_id: string;
        child_id: string;
        status: string;
        command: { actor: Actor; given: Given };
      }>('select door, run_id, child_id, status, command from engine.proposal where id = $1', [id]),
    );
    const row = rows[0];
    return row === undefined
      ? undefined
      : {
          door: row.door,
          runId: row.run_id,
          childId: row.child_id,
          status: row.status,
          proposedBy: row.command.actor,
          given: row.command.given,
        };
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
    const rows = await this.database.transaction({ authority: actor.authority, actor: actor.staffId }, (tx) =>
      tx.query<RepeatedFact>(
        'select id, run_id, seq, type, on_day, moved, payload from engine.fact where command_key = $1',
        [key],
      ),
    );
    const first = rows[0];
    if (first === undefined) return refuse('conflict', 'Somebody else was first. Try again', 'race');
    if (first.type !== fact) return keyReused;
    const loaded = await this.load(actor, first.run_id, key);
    return this.repeat(first, loaded, '', first.run_id);
  }

  private async conflict(actor: Actor, runId: string, tx?: Tx): Promise<NotDone> {
    const read = async (handle: Tx) =>
      handle.query<{ actor: string; recorded_at: Date; type: string; seq: number }>(
        'select actor, recorded_at, type, seq from engine.fact where run_id = $1 order by seq desc limit 1',
        [runId],
      );
    const rows = await (tx === undefined
      ? this.database.transaction({ authority: actor.authority, actor: actor.staffId }, read)
      : read(tx));
    const winner = rows[0];
    return refuse(
      'conflict',
      'Somebody else changed this case first. Your answers are kept: check them and save again',
      'version',
      {
        ...(winner === undefined
          ? {}
          : { winner: { actor: winner.actor, at: winner.recorded_at, what: winner.type, version: winner.seq } }),
      },
    );
  }
}

interface LoadRow {
  about: string | null;
  place: string | null;
}

type About = [
  childId: string,
  workflow: string,
  workflowVersion: string,
  version: number,
  lastOn: Day,
  lastRank: number,
  unplaced: string[],
  grants: string[] | null,
  repeated: RepeatedFact | null,
];

const isId = (id: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);

/** Recording an act of our own is no way round a guard: a second person confirms it. What the product notes itself is not. */
const needsSecond = (command: Command, door: Door, actor: Actor): boolean =>
  !isSystem(actor) &&
  (command.secondPerson === 'always' || (command.secondPerson === 'when-recorded' && door === 'record'));

const proposes = (command: Command, door: Door): boolean =>
  command.secondPerson === 'always' || (command.secondPerson === 'when-recorded' && door === 'record');

function tidyKey(key: unknown): string | undefined {
  return typeof key === 'string' && /^[\x21-\x7e]{8,200}$/.test(key) ? key : undefined;
}

const badKey = refuse('invalid', 'Send a key of 8 to 200 visible characters, new for each command', 'idempotency key', {
  wrong: [
    { field: 'key', rule: 'missing', message: 'Send a key of 8 to 200 visible characters, new for each command' },
  ],
});

/** Carries a refusal out of a transaction that must not be kept. */
class Unconfirmed extends Error {
  constructor(readonly outcome: Outcome) {
    super('The proposal could not be confirmed');
  }
}

/** Not a command of any workflow: it takes a fact back. */
const reversal = 'reverse';

const longestReason = 5000;
const reasonTooLong = { field: 'reason', rule: 'too-long', message: 'The reason must be 5,000 characters or fewer' };

function readReversal(reason: string, key: string): { key: string; because: string } | { refused: NotDone } {
  const read = tidyKey(key);
  if (read === undefined) return { refused: badKey };
  const because = tidy(reason);
  if (because.length < shortestReason) {
    const message = `Enter the reason, in ${shortestReason} characters or more`;
    return { refused: invalid([{ field: 'reason', rule: because === '' ? 'missing' : 'too-short', message }]) };
  }
  return because.length > longestReason ? { refused: invalid([reasonTooLong]) } : { key: read, because };
}

function cannotReverse(history: readonly Fact[], factId: string): NotDone | undefined {
  const target = history.find((fact) => fact.id === factId);
  if (target === undefined || target.reverses !== undefined) {
    return invalid([
      { field: 'factId', rule: 'unknown', message: 'Select something that is on the record of this case' },
    ]);
  }
  return history.some((fact) => fact.reverses === factId)
    ? refuse('out-of-position', 'This was already taken back. Nothing was changed', 'already reversed')
    : undefined;
}

const alreadyDecided = refuse('out-of-position', 'This was already decided. Nothing was changed', 'proposal');

const keyReused = refuse(
  'key-reused',
  'This key was used for something else. Send the command again with a new key',
  'idempotency key',
);

const notFound = refuse('not-found', 'There is no such case', 'not found');

const invalid = (wrong: readonly { field: string; rule: string; message: string }[]): NotDone =>
  refuse('invalid', 'There is a problem with what was sent', 'fields', { wrong });

const unknownCommand = invalid([
  { field: 'command', rule: 'unknown-command', message: 'Select something you can do on this case' },
]);

const wrongDoor = (door: Door): NotDone =>
  door === 'act'
    ? refuse('out-of-position', 'This is done by others: put it on record instead', 'door')
    : refuse('out-of-position', 'This is done here, not put on record afterwards', 'door');

const forbidden = (refused: Refused): NotDone =>
  refused.hidden ? notFound : refuse('forbidden', refused.message, refused.rule);

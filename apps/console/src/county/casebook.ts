import { type Action, type Actor, may } from '@send/access';
import { allRows } from '@send/engine';
import { letterCatalogue } from '@send/letters';
import { addDays, type Day, englandCalendars, isWorkingDay } from '@send/statute';
import {
  deadlines,
  type Door,
  type Fact,
  firstClass,
  isClosed,
  type Place,
  positionOf,
  rankOf,
  type RunDeadline,
  type JoinedRun,
  start,
  step,
  type Step,
  type Wanted,
  type Workflow,
} from '@send/workflow-kit';
import { needsAssessmentWorkflow } from '@send/workflows';
import type { Draw } from './draw';
import type { Household } from './household';
import { lastDayOfComments, lettersOwnValues, promises } from './letter-values';
import type { Member, Organisation } from './organisation';
import type { RowSheet } from './row-sheet';

export interface HowDone {
  readonly by?: Member;
  readonly confirmedBy?: Member;
  /** Working days between the decision and the day its letters leave. */
  readonly letterAfter?: number;
  /** Its letters wait for whoever must approve them. */
  readonly unapproved?: boolean;
  readonly source?: string;
  /** The moment it was entered, where that is long after its day. */
  readonly enteredOn?: Day;
}

interface Leaving {
  readonly on: Day;
  readonly row: Record<string, unknown>;
}

let rights: ReadonlySet<string> | undefined;

/** Letters that carry rights wait for a second person. */
export const needsApproval = (letter: string): boolean =>
  (rights ??= new Set(
    letterCatalogue()
      .templates.filter((one) => one.rights !== 'none')
      .map(({ id }) => id),
  )).has(letter);

let readers: ReadonlyMap<string, readonly string[]> | undefined;

const readersOf = (letter: string): readonly string[] | undefined =>
  (readers ??= new Map(letterCatalogue().templates.map(({ id, to }) => [id, to]))).get(letter);

const system = 'system';
const channel = 'first class post';

/**
 * One run of a case, told day by day. Each line is a command, read and taken by the workflow as the engine takes it: the
 * rows are what the workflow made of the facts, and nothing is put in that it did not say. A command that the workflow
 * refuses stops the build.
 */
export class Casebook {
  readonly runId: string;
  private place: Place;
  private readonly facts: Fact[] = [];
  /** Ids of the facts that joins gave. */
  private readonly given = new Set<string>();
  private begunFrom: JoinedRun['begunFrom'] = null;
  private readonly leaving: Leaving[] = [];
  private readonly letters: Record<string, unknown>[] = [];
  private readonly unplaced: string[] = [];
  private lastOn: Day = '';
  private lastRank = 0;
  /** The moment of the last entry: none is entered before the one that it follows. */
  private entered = 0;

  constructor(
    private readonly organisation: Organisation,
    readonly household: Household,
    readonly draw: Draw,
    readonly today: Day,
    private readonly sheet: RowSheet,
    readonly workflow: Workflow = needsAssessmentWorkflow,
    begunOn: Day = household.given.from,
  ) {
    this.place = start(workflow);
    this.runId = draw.id(begunOn);
  }

  /** A child of another council was never assessed here: that run is none. */
  get begun(): boolean {
    return this.facts.length > 0;
  }

  /** The run as joins see it. */
  get joined(): JoinedRun {
    const { runId: id, workflow, place, given, begunFrom } = this;
    return { id, workflow, place, history: this.facts, given, begunFrom };
  }

  /** What a join puts on record here. */
  give({ to, sourceRun, source, command: name, on, fields }: Wanted, ofChild: Record<string, unknown>): void {
    const command = this.workflow.commands.find(name);
    const read = this.workflow.commands.read(name, { on, ...fields, ...ofChild }, this.today);
    if (command === undefined || 'wrong' in read)
      throw new Error(
        `${this.household.reference} ${name}: ${'wrong' in read ? JSON.stringify(read.wrong) : 'no such command'}`,
      );
    this.lettersUpTo(addDays(on, -1));
    const id = this.draw.id(this.moment(on, true));
    const fact: Fact = {
      id,
      type: command.fact,
      on,
      door: 'record',
      by: system,
      seq: this.facts.length + 1,
      payload: read.sent.payload,
    };
    const authority_id = this.organisation.id;
    if (this.facts.length === 0 && 'begins' in to) {
      this.begunFrom = { run: sourceRun, alike: to.alike };
      this.sheet.add('engine.begun', {
        run_id: this.runId,
        authority_id,
        workflow: to.begins,
        source_run: sourceRun,
        alike: to.alike,
      });
    }
    this.given.add(id);
    this.sheet.add('engine.given', {
      fact_id: id,
      authority_id,
      run_id: this.runId,
      source_run: sourceRun,
      source,
      command: name,
      said: { on, ...fields },
      taken_back: false,
    });
    const next = step(this.workflow, this.place, fact);
    if (!next.placed) this.unplaced.push(id);
    this.write(fact, next, {
      key: `join:seed:${this.runId}:${fact.seq}`,
      action: command.action,
      role: system,
      confirmedBy: null,
      source: `${source} of run ${sourceRun}`,
      enteredOn: on,
      letter: true,
    });
  }

  get position(): string {
    return positionOf(this.workflow, this.place);
  }

  get context(): Place['context'] {
    return this.place.context;
  }

  get senior(): Member {
    return this.draw.pick(this.organisation.seniors);
  }

  /** Two different seniors, for what needs a second person. */
  get seniors(): { by: Member; confirmedBy: Member } {
    const [by, confirmedBy] = this.draw.some(this.organisation.seniors, 2);
    if (by === undefined || confirmedBy === undefined) throw new Error('A second person is needed');
    return this.draw.chance(0.5) ? { by, confirmedBy } : { by: confirmedBy, confirmedBy: by };
  }

  act(command: string, on: Day, fields: Record<string, unknown> = {}, how: HowDone = {}): Fact {
    return this.take('act', command, on, fields, how);
  }

  record(command: string, on: Day, fields: Record<string, unknown> = {}, how: HowDone = {}): Fact {
    return this.take('record', command, on, fields, how);
  }

  /** Waits for its second person: nothing has happened yet. */
  propose(command: string, on: Day, fields: Record<string, unknown>, by: Member = this.household.caseworker): void {
    const read = this.workflow.commands.read(command, { on, ...fields }, this.today);
    if ('wrong' in read) throw new Error(`${command}: ${JSON.stringify(read.wrong)}`);
    const key = `seed:${this.runId}:proposal`;
    const given = { command, key, fields: { on, ...fields } };
    this.sheet.add('engine.proposal', {
      id: this.draw.id(this.moment(on)),
      authority_id: this.organisation.id,
      run_id: this.runId,
      child_id: this.household.id,
      door: 'act',
      command: { actor: this.asActor(by), given },
      proposed_by: by.id,
      proposed_at: this.instant(on, 0),
      command_key: key,
      status: 'waiting',
      decided_by: null,
      decided_at: null,
      reason: null,
    });
  }

  /** A letter may be held up by nobody but its approver: everything due by that day leaves. */
  lettersUpTo(day: Day): void {
    for (;;) {
      const next = this.leaving
        .filter(({ on }) => on <= day)
        .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))[0];
      if (next === undefined) return;
      this.leaving.splice(this.leaving.indexOf(next), 1);
      this.leave(next.row, next.on);
    }
  }

  /** The day the last letter of a decision left, or will. */
  leavesOn(on: Day, after: number): Day {
    let day = on;
    for (let left = after; left > 0; left -= 1) day = nextWorkingDay(addDays(day, 1));
    return day;
  }

  private take(door: Door, name: string, on: Day, fields: Record<string, unknown>, how: HowDone): Fact {
    const command = this.workflow.commands.find(name);
    const read = this.workflow.commands.read(name, { on, ...fields }, how.enteredOn ?? on);
    if (command === undefined || 'wrong' in read)
      throw new Error(
        `${this.household.reference} ${name} on ${on}: ${'wrong' in read ? JSON.stringify(read.wrong) : 'no such command'}`,
      );
    this.lettersUpTo(addDays(on, -1));
    const by =
      how.by ??
      (this.mayDo(command.action as Action, this.household.caseworker) ? this.household.caseworker : this.senior);
    const second = command.secondPerson === 'always' || (command.secondPerson === 'when-recorded' && door === 'record');
    const confirmedBy = second
      ? (how.confirmedBy ?? (by.role === 'SM' ? this.anotherSenior(by) : this.senior))
      : undefined;
    const enteredOn = how.enteredOn ?? on;
    const id = this.draw.id(this.moment(enteredOn));
    let fact: Fact = {
      id,
      type: command.fact,
      on,
      door,
      by: by.id,
      seq: this.facts.length + 1,
      payload: read.sent.payload,
    };
    let next = step(this.workflow, this.place, fact, door === 'act');
    const wanted = door === 'act' ? next.effects.flatMap((one) => (one.kind === 'letter' ? [one] : [])) : [];
    if (wanted.length > 0) {
      const addressees: Record<string, string[]> = {};
      for (const effect of wanted) {
        const found = this.household.addressees(effect.to, on, readersOf(effect.letter));
        addressees[effect.group.slice(id.length + 1)] = found.ids;
        for (const one of found.held) this.hold(one, on);
      }
      fact = { ...fact, payload: { ...fact.payload, addressees } };
      next = step(this.workflow, this.place, fact, true);
    }
    if (!next.placed) throw new Error(`${this.household.reference}: ${name} on ${on} is refused at ${this.position}`);
    this.write(fact, next, {
      key: `seed:${this.runId}:${fact.seq}`,
      action: command.action,
      role: by.role,
      confirmedBy: confirmedBy?.id ?? null,
      source: how.source ?? null,
      enteredOn,
    });
    for (const effect of wanted) {
      const to = (fact.payload['addressees'] as Record<string, string[]>)[effect.group.slice(id.length + 1)] ?? [];
      for (const recipient of to) this.draft(fact, effect, recipient, how);
    }
    return fact;
  }

  private draft(
    fact: Fact,
    effect: { letter: string; group: string; subject: string | null },
    recipient: string,
    how: HowDone,
  ): void {
    const waits = needsApproval(effect.letter);
    const leaves = this.leavesOn(fact.on, how.letterAfter ?? 0);
    const moment = this.moment(fact.on);
    const row: Record<string, unknown> = {
      id: this.draw.id(moment),
      authority_id: this.organisation.id,
      run_id: this.runId,
      child_id: this.household.id,
      fact_id: fact.id,
      group_key: effect.group,
      letter: effect.letter,
      subject: effect.subject,
      recipient,
      status: waits ? 'drafted' : 'approved',
      written_by: fact.by,
      written_on: fact.on,
      approved_by: null,
      approved_at: null,
      returned_reason: null,
      problem: null,
      template_version: null,
      values: null,
      title: null,
      html: null,
      pdf: null,
      sha256: null,
      pages: null,
      letter_date: null,
      reference: this.draw.id(moment),
      channel: null,
      sent_on: null,
      served_on: null,
      approved_to: null,
      sent_to: null,
      address_protected: false,
    };
    this.letters.push(row);
    if (how.unapproved === true && waits) return;
    if (waits) {
      row['status'] = 'approved';
      const [approver] = this.organisation.seniors.filter((one) => one.id !== fact.by);
      row['approved_by'] = approver?.id ?? null;
      row['approved_at'] = this.instant(leaves, 300);
    }
    this.leaving.push({ on: leaves, row });
  }

  private leave(row: Record<string, unknown>, on: Day): void {
    const id = row['id'] as string;
    const servedOn = firstClass(on);
    const letter = {
      letter: row['letter'] as string,
      subject: row['subject'] as string | null,
      recipient: row['recipient'] as string,
    };
    const lastDay = promises(letter.letter) ? lastDayOfComments(on) : undefined;
    const decision = this.facts.find((one) => one.id === row['fact_id']);
    if (decision === undefined) throw new Error('A letter without its decision');
    const payload = {
      group: row['group_key'] as string,
      letter: row['letter'] as string,
      letterId: id,
      recipient: row['recipient'] as string,
      servedOn,
      channel,
      ...(lastDay === undefined ? {} : { promised: [{ duty: 'plan.representations-window', lastDay }] }),
    };
    const fact: Fact = {
      id: this.draw.id(this.moment(on, true)),
      type: 'letterSent',
      on,
      door: 'record',
      by: system,
      seq: this.facts.length + 1,
      payload,
    };
    const next = step(this.workflow, this.place, fact);
    if (!next.placed)
      throw new Error(`${this.household.reference}: a letter on ${on} finds no place at ${this.position}`);
    this.write(fact, next, {
      key: `sent:${id}`,
      action: 'recordEvent',
      role: system,
      confirmedBy: null,
      source: null,
      enteredOn: on,
      letter: true,
    });
    Object.assign(row, {
      status: 'sent',
      sent_on: on,
      letter_date: on,
      served_on: servedOn,
      channel,
      ...lettersOwnValues(this.organisation, this.household, this.place, decision, letter, on),
    });
  }

  private write(
    fact: Fact,
    next: Step,
    how: {
      key: string;
      action: string;
      role: string;
      confirmedBy: string | null;
      source: string | null;
      enteredOn: Day;
      letter?: boolean;
    },
  ): void {
    const rank = rankOf(this.workflow, fact.type);
    if (fact.on < this.lastOn || (fact.on === this.lastOn && rank < this.lastRank))
      throw new Error(`${this.household.reference}: ${fact.type} on ${fact.on} comes after something later`);
    const before = this.place;
    this.place = next.place;
    this.lastOn = fact.on;
    this.lastRank = rank;
    this.facts.push(fact);
    this.entered = Math.max(this.moment(how.enteredOn, how.letter), this.entered + 1000);
    const at = new Date(this.entered).toISOString();
    this.sheet.add('engine.fact', {
      id: fact.id,
      authority_id: this.organisation.id,
      run_id: this.runId,
      seq: fact.seq,
      type: fact.type,
      on_day: fact.on,
      door: fact.door,
      actor: fact.by,
      confirmed_by: how.confirmedBy,
      command_key: how.key,
      payload: fact.payload,
      reverses: null,
      source: how.source,
      moved: fact.seq === 1 ? [] : this.moved(before, this.place),
      recorded_at: at,
    });
    this.sheet.add('access.audit', {
      id: this.draw.id(this.entered),
      authority_id: this.organisation.id,
      at,
      actor: fact.by,
      role: how.role,
      on_behalf_of: null,
      action: how.action,
      child_id: this.household.id,
      run_id: this.runId,
      object: fact.type,
      fields: [],
      outcome: 'done',
      reason: null,
      request_id: null,
    });
  }

  /** The dates a fact moved, as the engine says it of the same fact. A date hangs on facts and exceptions alone. */
  private moved(before: Place, after: Place): { key: string; from: Day | null; to: Day | null }[] {
    const { facts, exceptions } = after.context;
    if (facts === before.context.facts && exceptions === before.context.exceptions) return [];
    const known = this.targets;
    const unknown = new Set(Object.keys(before.context.duties).filter((key) => !known.has(key)));
    if (unknown.size > 0)
      for (const row of deadlines(before, englandCalendars, false, unknown)) known.set(row.key, row);
    const rows = deadlines(after, englandCalendars, false);
    this.targets = new Map(rows.map((row) => [row.key, row]));
    return rows.flatMap((row) => {
      const was = known.get(row.key);
      return was === undefined ||
        before.context.duties[row.key] === undefined ||
        (was.dueBy === row.dueBy && was.targetBy === row.targetBy)
        ? []
        : [{ key: row.key, from: was.targetBy ?? was.dueBy, to: row.targetBy ?? row.dueBy }];
    });
  }

  /** Dates as the facts now stand, as far as they were asked for. */
  private targets = new Map<string, RunDeadline>();

  private hold(one: { who: string; why: string; text: string }, on: Day): void {
    const { id, caseworker } = this.household;
    const key = `held:${id}:${one.who}:${one.why}:${on}`;
    if (this.held.has(key)) return;
    this.held.set(key, {
      id: this.draw.id(this.moment(on)),
      authority_id: this.organisation.id,
      key,
      kind: 'task',
      staff_id: caseworker.id,
      team: caseworker.team,
      child_id: id,
      run_id: null,
      reminder_id: null,
      text: one.text,
      due_on: on,
      made_at: this.instant(on, 1),
      done_at: null,
      done_by: null,
    });
  }

  private readonly held = new Map<string, Record<string, unknown>>();

  /** All letters that should have left have; then the run as it stands, its deadlines and what waits. */
  finish(): void {
    this.lettersUpTo(this.today);
    const closed = isClosed(this.workflow, this.place);
    const authority_id = this.organisation.id;
    this.sheet.add('engine.run', {
      id: this.runId,
      authority_id,
      child_id: this.household.id,
      workflow: this.workflow.id,
      workflow_version: this.workflow.version,
      version: this.facts.length,
      place: this.place,
      position: this.position,
      closed,
      opened_on: this.facts[0]?.on ?? this.today,
      last_on: this.lastOn,
      last_rank: this.lastRank,
      unplaced: this.unplaced,
    });
    const now = `${this.today}T23:59:59Z`;
    for (const row of allRows(this.place)) {
      this.sheet.add('engine.deadline', {
        run_id: this.runId,
        key: row.key,
        authority_id,
        child_id: this.household.id,
        duty: row.duty,
        subject: row.subject,
        rule: row.rule,
        kind: row.kind,
        owner: row.owner,
        bound: row.bound,
        anchor_fact: row.anchorFact,
        anchor_on: row.anchorOn,
        due_by: row.dueBy,
        plan_by: row.planBy,
        target_by: row.targetBy,
        exceptions: row.exceptions,
        met_on: row.metOn,
        ended_on: row.endedOn,
        law: row.law,
        why: row.why,
        cannot_compute: row.cannotCompute,
        ladder: row.ladder,
        // What was reached before the county began is history: it is not reminded of again.
        next_rung_at: row.ladder.find(([, at]) => at > now)?.[1] ?? null,
      });
    }
    this.sheet.add('letters.letter', ...this.letters);
    // A task that is still to be done; those of finished cases were done long ago.
    if (!closed) this.sheet.add('case_file.notice', ...[...this.held.values()].slice(-2));
    for (const row of this.letters) {
      if (row['status'] !== 'approved') continue;
      const id = row['id'] as string;
      const at = this.instant(this.today, 0);
      this.sheet.add('engine.outbox', {
        id: this.draw.id(this.moment(this.today)),
        authority_id,
        run_id: this.runId,
        kind: 'letter',
        key: `letter:${id}`,
        payload: { letter: id },
        status: 'waiting',
        attempts: 0,
        available_at: at,
        claimed_until: null,
        last_error: null,
        created_at: at,
        done_at: null,
      });
    }
  }

  private anotherSenior(than: Member): Member {
    return this.draw.pick(this.organisation.seniors.filter((one) => one.id !== than.id));
  }

  private mayDo(action: Action, member: Member): boolean {
    return may(this.asActor(member), action, {
      authority: this.organisation.id,
      live: true,
      team: true,
      own: false,
      panel: false,
      excluded: false,
      classification: 'standard',
      ownViewsPrivate: false,
    }).allowed;
  }

  private asActor(member: Member): Actor {
    return {
      staffId: member.id,
      name: member.name,
      authority: this.organisation.id,
      roles: [member.role],
      team: member.team,
    };
  }

  /** Entered in the morning, posted in the afternoon; what is of today is of its first hour. */
  private moment(on: Day, letter = false): number {
    return Date.parse(`${on}T${on === this.today ? '00' : letter ? '16' : '09'}:00:00Z`);
  }

  private instant(on: Day, minute: number, letter = false): string {
    return new Date(this.moment(on, letter) + minute * 60_000).toISOString();
  }
}

/** The day itself where it is one. */
export function nextWorkingDay(on: Day): Day {
  let day = on;
  while (isWorkingDay(day, englandCalendars) !== true) day = addDays(day, 1);
  return day;
}

export function workingDayBefore(on: Day): Day {
  let day = on;
  while (isWorkingDay(day, englandCalendars) !== true) day = addDays(day, -1);
  return day;
}

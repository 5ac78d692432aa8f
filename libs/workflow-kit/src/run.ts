import {
  addDays,
  type Calendars,
  type Day,
  deadline,
  dutyCalled,
  dutyInForce,
  englandCalendars,
  isCannotCompute,
  overlaidExceptions,
  targetWithExceptions,
} from '@send/statute';
import { type AnyMachineSnapshot, type AnyStateMachine, createActor, type StateNode, type StateValue } from 'xstate';
import type { Commands } from './commands';
import type { Fact, FactEvent } from './fact';
import { dutyKey, type Effect, type RunContext, splitKey } from './run-context';
import type { Position } from './words';

/** A process the engine can run: a machine that reads like its regulation, and the commands that move it. */
export interface Workflow {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly machine: AnyStateMachine;
  readonly commands: Commands;
  /** Region whose state is the position a caseworker reads first. */
  readonly path: string;
}

/** A run's place: what is stored, and what a fold of its history must give again, byte for byte. */
export interface Place {
  readonly value: StateValue;
  readonly context: RunContext;
}

export interface Step {
  readonly place: Place;
  readonly effects: readonly Effect[];
  /** False when the fact found no place: it keeps its row and is put before a person. */
  readonly placed: boolean;
}

interface Known {
  readonly positions: readonly Position[];
  readonly closed: boolean;
}

const known = new WeakMap<AnyStateMachine, Map<string, Known>>();

/** What the states of this value owe; worked out once for each value that occurs. */
function positionsAt(machine: AnyStateMachine, value: StateValue): Known {
  let seen = known.get(machine);
  if (seen === undefined) known.set(machine, (seen = new Map<string, Known>()));
  const name = JSON.stringify(value);
  let found = seen.get(name);
  if (found === undefined) {
    const positions: Position[] = [];
    let closed = false;
    const walk = (node: StateNode, at: StateValue | undefined): void => {
      if (node.meta !== undefined) positions.push(node.meta);
      if (node.tags.includes('closed')) closed = true;
      if (typeof at === 'string') {
        const child = node.states[at];
        if (child !== undefined) walk(child, undefined);
      } else if (at !== undefined) {
        for (const [region, below] of Object.entries(at)) {
          const child = node.states[region];
          if (child !== undefined) walk(child, below);
        }
      }
    };
    walk(machine.root as StateNode, value);
    seen.set(name, (found = { positions, closed }));
  }
  return found;
}

/** Every region closed that can be, and no letter still to leave; or nothing on record that ever began it. */
export const isClosed = (workflow: Workflow, place: Place): boolean =>
  Object.keys(place.context.awaiting).length === 0 &&
  (positionsAt(workflow.machine, place.value).closed || isEmpty(workflow, place));

const isEmpty = (workflow: Workflow, { value, context }: Place): boolean =>
  Object.keys(context.facts).length === 0 && JSON.stringify(value) === JSON.stringify(start(workflow).value);

/** The position as its caseworker knows it: `assessing`, `draftWithFamily`. */
export function positionOf(workflow: Workflow, place: Place): string {
  const at = typeof place.value === 'string' ? place.value : place.value[workflow.path];
  if (typeof at === 'string') return at;
  return at === undefined ? workflow.path : (Object.keys(at)[0] ?? workflow.path);
}

export function calledBy(workflow: Workflow, place: Place): string {
  const found = positionsAt(workflow.machine, place.value).positions.find((one) => one.called !== undefined);
  return found?.called ?? positionOf(workflow, place);
}

/** Duty keys owed at this place. */
function owedAt(machine: AnyStateMachine, place: Place): Set<string> {
  const owed = new Set<string>();
  for (const { owes, each } of positionsAt(machine, place.value).positions) {
    for (const duty of owes ?? []) owed.add(duty);
    if (each !== undefined) for (const subject of each.of(place.context)) owed.add(dutyKey(each.duty, subject));
  }
  return owed;
}

/**
 * Opens what is newly owed, lets fall what is owed no longer and was never met, and forgets what a letter would have
 * met had it been owed: also where it was owed once and had fallen away by then. What was already late stays late, and
 * so does the date it is measured by, when a later request, order or agreement starts the same clock anew.
 */
function keepLedger(
  machine: AnyStateMachine,
  { duties: before, facts }: Pick<RunContext, 'duties' | 'facts'>,
  place: Place,
  on: Day,
): Place {
  const owed = owedAt(machine, place);
  const now = place.context.duties;
  const restarted = startedAnew(facts, place.context.facts);
  let duties: RunContext['duties'] | null = null;
  for (const key of owed) {
    const state = now[key];
    if (state === undefined) (duties ??= { ...now })[key] = { since: on };
    else if (state.endedOn !== undefined && state.metOn === undefined)
      (duties ??= { ...now })[key] = { since: state.since };
  }
  for (const key in now) {
    const state = now[key];
    if (state === undefined || owed.has(key)) continue;
    if (before[key] === undefined) {
      duties ??= { ...now };
      delete duties[key];
    } else if (before[key].endedOn !== undefined && state.metOn !== undefined)
      (duties ??= { ...now })[key] = before[key];
    else if (state.metOn === undefined && state.endedOn === undefined)
      (duties ??= { ...now })[key] = { ...state, endedOn: on };
  }
  if (restarted !== null) {
    for (const key in before) {
      const state = (duties ?? now)[key];
      const settled = before[key]?.metOn !== undefined || !owed.has(key);
      if (settled && state !== undefined)
        (duties ??= { ...now })[key] = { ...state, countedFrom: { ...restarted, ...state.countedFrom } };
    }
  }
  return duties === null ? place : { value: place.value, context: { ...place.context, duties } };
}

/** Clocks that a second event of the same kind starts anew: each request, order, agreement or concession has its own. */
const restarting = ['requestReceived', 'responsibilityBegan', 'mediationAgreed', 'tribunalOrderMade', 'appealConceded'];

/** The former days of clocks that this step has started anew. */
function startedAnew(before: RunContext['facts'], now: RunContext['facts']): Record<string, Day> | null {
  if (before === now) return null;
  let former: Record<string, Day> | null = null;
  for (const fact of restarting) {
    const was = before[fact];
    if (was !== undefined && now[fact] !== was) (former ??= {})[fact] = was;
  }
  return former;
}

const toEvent = (fact: Fact, asked: boolean): FactEvent => ({
  type: fact.type,
  on: fact.on,
  door: fact.door,
  factId: fact.id,
  by: fact.by,
  asked,
  payload: fact.payload,
});

/** The place before anything has happened. */
export function start(workflow: Workflow): Place {
  const snapshot = workflow.machine.getInitialSnapshot({} as never, undefined) as unknown as Place;
  return { value: snapshot.value, context: snapshot.context };
}

type Scope = Parameters<AnyStateMachine['transition']>[2];

const scopes = new WeakMap<AnyStateMachine, Scope>();

/**
 * Where a transition would send, spawn or log. Our machines only compute, so one scope serves them all: XState's own
 * `transition()` starts a whole machine anew to make one, which costs more than the transition.
 */
function scopeOf(machine: AnyStateMachine): Scope {
  let scope = scopes.get(machine);
  if (scope === undefined) {
    const self = createActor(machine);
    const nothing = (): void => undefined;
    scope = {
      self,
      system: self.system,
      id: '',
      sessionId: '',
      defer: nothing,
      logger: nothing,
      stopChild: nothing,
      emit: nothing,
      actionExecutor: nothing,
    };
    scopes.set(machine, scope);
  }
  return scope;
}

const snapshots = new WeakMap<AnyStateMachine, Map<string, AnyMachineSnapshot>>();

/** The snapshot of a place. Which states its value names is worked out once for each value that occurs. */
function resolved(machine: AnyStateMachine, { value, context }: Place): AnyMachineSnapshot {
  let seen = snapshots.get(machine);
  if (seen === undefined) snapshots.set(machine, (seen = new Map<string, AnyMachineSnapshot>()));
  const name = JSON.stringify(value);
  let found = seen.get(name);
  if (found === undefined) seen.set(name, (found = machine.resolveState({ value, context: {} })));
  return { ...found, context };
}

/** One fact, one transition. `asked` is true only for a live act: its guards may refuse. */
export function step(workflow: Workflow, place: Place, fact: Fact, asked = false): Step {
  const { machine } = workflow;
  const before = resolved(machine, place);
  const event = toEvent(fact, asked);
  const home = workflow.commands.forFact(fact.type)?.region;
  if (
    home !== undefined &&
    isFollowedElsewhere(machine, home, fact.type) &&
    !findsPlaceIn(machine, home, before, event)
  )
    return { place, effects: [], placed: false };
  const after = machine.transition(before, event, scopeOf(machine));
  if (after === before) return { place, effects: [], placed: false };
  const reached = after as unknown as Place & { status: string };
  if (reached.status === 'error') throw new Error(`${workflow.id}@${workflow.version} failed on ${fact.type}`);
  const { effects } = reached.context;
  const context = effects.length === 0 ? reached.context : { ...reached.context, effects: [] };
  return {
    place: keepLedger(machine, place.context, { value: reached.value, context }, fact.on),
    effects,
    placed: true,
  };
}

const followed = new WeakMap<AnyStateMachine, Map<string, boolean>>();

/** Whether any region but its own does something on this fact. */
function isFollowedElsewhere(machine: AnyStateMachine, home: string, type: string): boolean {
  let seen = followed.get(machine);
  if (seen === undefined) followed.set(machine, (seen = new Map<string, boolean>()));
  let found = seen.get(type);
  if (found === undefined) {
    const takes = (node: StateNode): boolean => node.transitions.has(type) || Object.values(node.states).some(takes);
    const root = machine.root as StateNode;
    found =
      root.transitions.has(type) || Object.values(root.states).some((region) => region.key !== home && takes(region));
    seen.set(type, found);
  }
  return found;
}

/** Other regions only follow a fact: one that its own region cannot take has no effect anywhere. */
function findsPlaceIn(machine: AnyStateMachine, region: string, at: unknown, event: FactEvent): boolean {
  return machine.getTransitionData(at as never, event).some(({ source }) => source.path[0] === region);
}

/**
 * Whether the place has a way for an act, before anybody says what is in it. With `asked` the guards of that day are put
 * to it too; those that look at the act's own fields see none.
 */
export function hasWayFor(workflow: Workflow, place: Place, type: string, on: Day, asked = false): boolean {
  const { machine } = workflow;
  const at = machine.resolveState({ value: place.value, context: place.context });
  const event: FactEvent = { type, on, door: 'act', factId: '', by: '', asked, payload: {} };
  const home = workflow.commands.forFact(type)?.region;
  return home === undefined
    ? machine.getTransitionData(at as never, event).length > 0
    : findsPlaceIn(machine, home, at, event);
}

/** Legal order: by day; within a day as the law expects; then as recorded. */
export function inLegalOrder(workflow: Workflow, a: Fact, b: Fact): number {
  if (a.on !== b.on) return a.on < b.on ? -1 : 1;
  return rankOf(workflow, a.type) - rankOf(workflow, b.type) || a.seq - b.seq;
}

export const rankOf = (workflow: Workflow, type: string): number => workflow.commands.rank(type);

export interface Folded {
  readonly place: Place;
  readonly unplaced: readonly string[];
  /** Effects of each fact, by its id: made again, but never sent again. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
}

/** The whole history through the machine. What a later fact took back is left out. */
export function fold(workflow: Workflow, history: readonly Fact[]): Folded {
  const takenBack = new Set(history.flatMap((fact) => (fact.reverses === undefined ? [] : [fact.reverses])));
  const facts = history
    .filter((fact) => fact.reverses === undefined && !takenBack.has(fact.id))
    .sort((a, b) => inLegalOrder(workflow, a, b));
  let place = start(workflow);
  const unplaced: string[] = [];
  const effects = new Map<string, readonly Effect[]>();
  for (const fact of facts) {
    const next = step(workflow, place, fact);
    if (!next.placed) unplaced.push(fact.id);
    else {
      place = next.place;
      if (next.effects.length > 0) effects.set(fact.id, next.effects);
    }
  }
  return { place, unplaced, effects };
}

/** A deadline of a run, computed from its facts, its place and the law in force; never edited. */
export interface RunDeadline {
  readonly key: string;
  readonly duty: string;
  readonly subject: string | null;
  /** Duty id and the day its wording came into force. */
  readonly rule: string;
  readonly kind: string;
  readonly owner: string;
  readonly bound: string;
  readonly anchorFact: string | null;
  readonly anchorOn: Day | null;
  /** The legal day; null where the law sets none. Never moved. */
  readonly dueBy: Day | null;
  /** Last working day on or before it. */
  readonly planBy: Day | null;
  /** New target where exceptions apply (README A4); null while their facts last. */
  readonly targetBy: Day | null;
  readonly exceptions: readonly { id: string; from: Day; to: Day | null }[];
  readonly metOn: Day | null;
  readonly endedOn: Day | null;
  readonly law: string;
  readonly why: string;
  /** Why no date could be worked out; the fact stands all the same. */
  readonly cannotCompute: string | null;
}

/** All deadlines of a run. Pure: the same place, law and calendars give the same rows. */
export function deadlines(
  place: Place,
  calendars: Calendars = englandCalendars,
  explain = true,
  only?: ReadonlySet<string>,
): RunDeadline[] {
  const { context } = place;
  const rows: RunDeadline[] = [];
  for (const key in context.duties) {
    if (only !== undefined && !only.has(key)) continue;
    const state = context.duties[key];
    const row = state === undefined ? null : deadlineOf(context, key, state, calendars, explain);
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** Null where no version of the duty was in force on the day it would have been owed. */
function deadlineOf(
  context: RunContext,
  key: string,
  state: RunContext['duties'][string],
  calendars: Calendars,
  explain: boolean,
): RunDeadline | null {
  const { name: duty, subject } = splitKey(key);
  const own = subject === null ? context.facts : factsOf(context, subject);
  const facts = state.countedFrom === undefined ? own : { ...own, ...state.countedFrom };
  const counted = context.terms === undefined ? calendars : { ...calendars, terms: context.terms };
  const { policyInForceFrom, agreedAs } = context;
  const found = deadline(duty, facts, counted, {
    explain,
    ...(policyInForceFrom === undefined ? {} : { policyInForceFrom }),
    ...(agreedAs === undefined ? {} : { as: agreedAs }),
  });
  if (isCannotCompute(found)) {
    if (found.cannotCompute === 'not in force') return null;
    const entry = dutyInForce(duty, state.since) ?? dutyCalled(duty);
    if (entry === undefined) throw new Error(`A position owes ${duty}, which is not in the law`);
    const waits = found.cannotCompute === 'fact missing';
    return {
      key,
      duty,
      subject,
      rule: `${duty}@${entry.effective[0] ?? 'undated'}`,
      kind: entry.kind,
      owner: entry.owner,
      bound: entry.period !== null && 'bound' in entry.period ? entry.period.bound : 'none',
      anchorFact: null,
      anchorOn: null,
      dueBy: null,
      planBy: null,
      targetBy: null,
      exceptions: [],
      metOn: state.metOn ?? null,
      endedOn: state.endedOn ?? null,
      law: entry.provision,
      why: found.why,
      cannotCompute: waits ? null : `${found.cannotCompute}: ${found.missing.join(', ')}`,
    };
  }
  const anchor = found.anchor;
  const entry = dutyInForce(duty, anchor?.on ?? state.since) ?? dutyCalled(duty);
  const lifted =
    anchor === null || context.exceptions.length === 0
      ? []
      : exceptionsFor(context, duty, anchor.on, found.dueBy, entry?.exceptions ?? []);
  return {
    key,
    duty,
    subject,
    rule: found.rule,
    kind: found.kind,
    owner: entry?.owner ?? 'local-authority',
    // A minimum that runs back from an event is a limit; one that runs forward is somebody else's time.
    bound: found.bound === 'min' && !found.window ? 'max' : found.bound,
    anchorFact: anchor?.fact ?? null,
    anchorOn: anchor?.on ?? null,
    dueBy: found.dueBy,
    planBy: found.planBy ?? null,
    targetBy:
      lifted.length === 0 || found.dueBy === null || anchor === null
        ? null
        : targetWithExceptions(found.dueBy, before(anchor.on, found.dueBy), lifted).target,
    exceptions: lifted,
    metOn: state.metOn ?? null,
    endedOn: state.endedOn ?? null,
    law: found.law,
    why: found.why,
    cannotCompute: null,
  };
}

/** A time that runs back from an event begins before its last day, not at the event. */
const before = (anchor: Day, dueBy: Day): Day => (anchor < dueBy ? anchor : addDays(dueBy, -1));

/** A subject's own dates stand before the run's. */
function factsOf(context: RunContext, subject: string): Record<string, Day> {
  const facts = { ...context.facts };
  for (const key in context.facts) {
    const { name, subject: of } = splitKey(key);
    const on = context.facts[key];
    if (of === subject && on !== undefined) facts[name] = on;
  }
  return facts;
}

/** Grounds of reg 13(3), which regs 44 and 45 take over as one. */
const regulation13: ReadonlySet<string> = new Set([
  'settingClosed',
  'earlyYearsClosed',
  'exceptionalPersonalCircumstances',
  'awayFromArea',
]);

function exceptionsFor(
  context: RunContext,
  duty: string,
  anchorOn: Day,
  dueBy: Day | null,
  allowed: readonly { id: string; ground: string }[],
): { id: string; from: Day; to: Day | null }[] {
  const offered = dueBy === null ? allowed : [...allowed, ...overlaidExceptions(duty, anchorOn, dueBy)];
  return context.exceptions.flatMap((exception) => {
    const match = offered.find(
      ({ ground }) => ground === exception.ground || (ground === 'regulation13' && regulation13.has(exception.ground)),
    );
    const applies = exception.duties.length === 0 || exception.duties.includes(duty);
    return match !== undefined && applies ? [{ id: match.id, from: exception.from, to: exception.to }] : [];
  });
}

/**
 * Late, as of a day. A maximum is late when it was met, or fell away, after its day, or stands open after it. Where
 * an exception lifted the limit, its target counts, and while the facts last nothing does. A minimum (`bound: min`)
 * is somebody else's time: closing it on or before its last day is the breach.
 */
export function isLate(row: RunDeadline, asOf: Day, withExceptions = true): boolean {
  if (row.dueBy === null) return false;
  const done = row.metOn ?? row.endedOn;
  if (row.bound === 'min') return row.metOn === null && row.endedOn !== null && row.endedOn <= row.dueBy;
  if (withExceptions && row.exceptions.length > 0) {
    return row.targetBy !== null && (done ?? asOf) > row.targetBy;
  }
  return (done ?? asOf) > row.dueBy;
}

/** Their own time to act: who lets it pass has broken nothing. */
const theFamilys: ReadonlySet<string> = new Set(['parent', 'parent-or-young-person', 'parent-or-pupil']);

/** Only the law can be breached; guidance and local policy are missed. */
export const isBreach = (row: RunDeadline, asOf: Day, withExceptions = true): boolean =>
  (row.kind === 'statute' || row.kind === 'case-law') &&
  !(row.bound === 'max' && theFamilys.has(row.owner)) &&
  isLate(row, asOf, withExceptions);

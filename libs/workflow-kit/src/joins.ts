import type { Day } from '@send/statute';
import type { Fact, Payload } from './fact';
import { fold, inLegalOrder, type Place, type Workflow } from './run';
import type { RunContext } from './run-context';

/** What an authority has decided for itself, as it stands today: dated settings by name. */
export type LocalSettings = Readonly<Record<string, unknown>>;

/** What the case file knows of the child on the day that something is given. */
export interface ChildNow {
  readonly dateOfBirth: Day;
  /** As in school; -1 and less before reception, which is 0. */
  readonly yearGroup: number;
  readonly attends: boolean;
  readonly lookedAfter: boolean;
}

/** A fact of one run, or a clock that one of its letters started, as a join sees it. */
export interface Source {
  readonly runId: string;
  readonly workflow: string;
  /** As the run stands today. */
  readonly context: RunContext;
  /** As it stood before this fact of its history: what was decided anew since then says nothing of the source. */
  readonly contextBefore: (fact: Fact) => RunContext;
  /** The run’s own facts in legal order: neither given by a join nor taken back. */
  readonly history: readonly Fact[];
  readonly on: Day;
  /** Empty for a clock. */
  readonly payload: Payload;
  /** `fact:<id>` or `clock:<name>`: the same source gives the same thing once. */
  readonly key: string;
}

/**
 * One line of the map that says which fact starts which process, and what each process is told of the others. What is
 * given is recorded, by the product itself; correcting the source corrects every run that was given it.
 */
export interface Join {
  /** Workflows it comes from. */
  readonly from: readonly string[];
  readonly fact?: string;
  readonly clock?: string;
  /** Clocks beside its own that change what it carries: a letter that leaves after the fact that it is told with. */
  readonly heeds?: readonly string[];
  readonly when?: (source: Source, settings: LocalSettings) => boolean;
  /** A run of this workflow begins with `command`. */
  readonly begins?: string;
  /** Sources alike in this begin one run between them: the first in legal order. Each its own where none is named. */
  readonly alike?: (source: Source) => string;
  /** What the run is told by the others of them. */
  readonly then?: string;
  /** Never the one that begins: told where another of them has begun a run. */
  readonly onlyThen?: true;
  /** Runs of these workflows are told, as far as they were begun by then. */
  readonly tells?: readonly string[];
  /** Those begun after it too, on their first day: nobody knew yet. */
  readonly evenLater?: true;
  /** Which of them: every one of the child, those begun from this run, or the one that this run was begun from. */
  readonly which?: 'every' | 'begun-from-it' | 'its-origin';
  readonly command: string;
  readonly carries?: (source: Source, settings: LocalSettings) => Readonly<Record<string, unknown>>;
  /** What goes with it of the child as it then is. Later changes of the child do not give it anew. */
  readonly ofChild?: (child: ChildNow, on: Day) => Readonly<Record<string, unknown>>;
}

/** The workflows of an installation, and how they meet. */
export interface Processes {
  readonly workflows: readonly Workflow[];
  readonly joins: readonly Join[];
}

/** A run of the child, as the joins need it. */
export interface JoinedRun {
  readonly id: string;
  readonly workflow: Workflow;
  readonly place: Place;
  /** Own and given facts, without those taken back. */
  readonly history: readonly Fact[];
  /** Ids of the facts that joins gave. */
  readonly given: ReadonlySet<string>;
  readonly begunFrom: { readonly run: string; readonly alike: string } | null;
}

/** Something that a join wants on record. */
export interface Wanted {
  /** The run that is told, or the one to begin from this source. */
  readonly to: { readonly run: string } | { readonly begins: string; readonly alike: string };
  readonly sourceRun: string;
  readonly source: string;
  readonly command: string;
  readonly on: Day;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly ofChild: ((child: ChildNow) => Readonly<Record<string, unknown>>) | undefined;
}

/**
 * All that the joins want on record of one child: a pure function of its runs, so that it comes out the same in whatever
 * order the facts arrived. The engine writes the difference to what is there.
 */
export function wantedBy(joins: readonly Join[], runs: readonly JoinedRun[], settings: LocalSettings): Wanted[] {
  const wanted: Wanted[] = [];
  const beginning = new Map<string, { join: Join; source: Source }[]>();
  for (const run of runs) {
    for (const join of joins) {
      for (const source of sourcesOf(join, run)) {
        if (join.when?.(source, settings) === false) continue;
        if (join.begins === undefined) {
          for (const told of toldBy(join, source, run, runs))
            wanted.push({
              ...asWanted(join, source, { run: told.id }, join.command, settings),
              on: later(source.on, begunOn(join, told)),
            });
        } else {
          const group = `${run.id} ${join.begins} ${alikeOf(join, source)}`;
          beginning.set(group, [...(beginning.get(group) ?? []), { join, source }]);
        }
      }
    }
  }
  for (const group of beginning.values()) {
    const first = group.filter(({ join }) => join.onlyThen !== true).sort((a, b) => inOrder(a.source, b.source))[0];
    if (first === undefined) continue;
    const to = { begins: first.join.begins ?? '', alike: alikeOf(first.join, first.source) };
    for (const one of group) {
      const command = one === first || one.join.onlyThen === true ? one.join.command : one.join.then;
      if (command !== undefined) wanted.push(asWanted(one.join, one.source, to, command, settings));
    }
  }
  return wanted;
}

/** The facts and clocks that take part, by workflow: whatever else happens moves no other run. */
export function sourceNames(joins: readonly Join[], workflow: string): { facts: Set<string>; clocks: Set<string> } {
  const own = joins.filter(({ from }) => from.includes(workflow));
  return {
    facts: new Set(own.flatMap(({ fact }) => fact ?? [])),
    clocks: new Set(own.flatMap(({ clock, heeds = [] }) => [...heeds, ...(clock === undefined ? [] : [clock])])),
  };
}

const alikeOf = (join: Join, source: Source): string => join.alike?.(source) ?? source.key;

/** The run it was begun from: by a join, or by a person who named the run that they came from (`fromRun`). */
const originOf = ({ begunFrom, history }: JoinedRun): unknown =>
  begunFrom?.run ?? history.find(({ payload }) => payload['fromRun'] !== undefined)?.payload['fromRun'];

/** Of one run: by day, then as its history stands in legal order; clocks last. */
function inOrder(a: Source, b: Source): number {
  if (a.on !== b.on) return a.on < b.on ? -1 : 1;
  const place = ({ history, key }: Source): number => {
    const at = history.findIndex(({ id }) => key === `fact:${id}`);
    return at < 0 ? history.length : at;
  };
  return place(a) - place(b);
}

function sourcesOf(join: Join, run: JoinedRun): Source[] {
  if (!join.from.includes(run.workflow.id)) return [];
  const { context } = run.place;
  const history = run.history.filter(({ id }) => !run.given.has(id)).sort((a, b) => inLegalOrder(run.workflow, a, b));
  const contextBefore = (fact: Fact): RunContext =>
    fold(
      run.workflow,
      run.history.filter((one) => inLegalOrder(run.workflow, one, fact) < 0),
    ).place.context;
  const about = { runId: run.id, workflow: run.workflow.id, context, contextBefore, history };
  if (join.fact !== undefined)
    return history
      .filter(({ type }) => type === join.fact)
      .map(({ id, on, payload }) => ({ ...about, on, payload, key: `fact:${id}` }));
  const on = join.clock === undefined ? undefined : context.facts[join.clock];
  return on === undefined ? [] : [{ ...about, on, payload: {}, key: `clock:${join.clock}` }];
}

function toldBy(join: Join, source: Source, run: JoinedRun, runs: readonly JoinedRun[]): JoinedRun[] {
  return runs.filter((other) => {
    if (other.id === run.id || join.tells?.includes(other.workflow.id) !== true) return false;
    if (join.which === 'its-origin') return originOf(run) === other.id;
    if (join.which === 'begun-from-it' && other.begunFrom?.run !== run.id) return false;
    const begun = begunOn(join, other);
    return begun !== undefined && (join.evenLater === true || begun <= source.on);
  });
}

/** The first day of a run, what this join itself has given it left out. */
const begunOn = (join: Join, { history }: JoinedRun): Day | undefined =>
  history
    .filter(({ type }) => join.evenLater !== true || type !== join.fact)
    .map(({ on }) => on)
    .sort()[0];

const later = (a: Day, b: Day | undefined): Day => (b === undefined || b < a ? a : b);

const asWanted = (join: Join, source: Source, to: Wanted['to'], command: string, settings: LocalSettings): Wanted => ({
  to,
  sourceRun: source.runId,
  source: source.key,
  command,
  on: source.on,
  fields: join.carries?.(source, settings) ?? {},
  ofChild: join.ofChild === undefined ? undefined : (child) => join.ofChild?.(child, source.on) ?? {},
});

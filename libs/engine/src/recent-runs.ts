import type { Actor } from '@send/access';
import type { Place } from '@send/workflow-kit';

/** What a command must know about a run. */
export interface KnownRun {
  readonly childId: string;
  readonly workflow: string;
  readonly workflowVersion: string;
  readonly version: number;
  readonly place: Place;
  /** The place as it is stored, letter by letter. */
  readonly stored: string;
  readonly lastOn: string;
  readonly lastRank: number;
  readonly unplaced: readonly string[];
}

/**
 * Runs that this process has just written, so that the next command on one can be decided without reading it again.
 * Nothing is trusted: the write checks the run's version and the actor's grants, and whatever does not end in a write is
 * decided anew from the database. Losing it costs a round trip (ADR 0009).
 */
export class RecentRuns {
  private readonly runs = new Map<string, { run: KnownRun; grants: Map<string, readonly string[]> }>();

  constructor(private readonly most = 500) {}

  find(actor: Actor, runId: string): (KnownRun & { grants: readonly string[] }) | undefined {
    const known = this.runs.get(nameOf(actor, runId));
    const grants = known?.grants.get(actor.staffId);
    return known === undefined || grants === undefined ? undefined : { ...known.run, grants };
  }

  keep(actor: Actor, runId: string, run: KnownRun, grants: readonly string[]): void {
    const name = nameOf(actor, runId);
    const others = this.runs.get(name)?.grants ?? new Map<string, readonly string[]>();
    this.runs.delete(name);
    this.runs.set(name, { run, grants: others.set(actor.staffId, grants) });
    const oldest = this.runs.size > this.most ? this.runs.keys().next().value : undefined;
    if (oldest !== undefined) this.runs.delete(oldest);
  }

  forget(actor: Actor, runId: string): void {
    this.runs.delete(nameOf(actor, runId));
  }
}

const nameOf = (actor: Actor, runId: string): string => `${actor.authority} ${runId}`;

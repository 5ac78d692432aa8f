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

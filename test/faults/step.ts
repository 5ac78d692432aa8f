/** One thing an officer does: in which run, through which door, by whom, and who must confirm it. */
export interface Step {
  /** Which of the child's runs: its process, and which of them in the order in which they were begun ("annual-review 2"). */
  readonly in: string;
  /** The run begins with it; else it is there, or a join begins it. */
  readonly begins?: true;
  /** Only once every letter of the child so far has left. */
  readonly afterLetters?: true;
  readonly door: 'acts' | 'records';
  readonly command: string;
  /** What is done now is dated when it is sent. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly second?: string;
}

/** The middle of several rounds, and how far apart they were. */
export interface Figure {
  readonly median: number;
  readonly range: readonly [lowest: number, highest: number];
  readonly rounds: number;
}

export function figure(values: readonly number[], digits = 3): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
  const round = (value: number): number => Number(value.toFixed(digits));
  return {
    median: round(median),
    range: [round(sorted[0] ?? NaN), round(sorted.at(-1) ?? NaN)],
    rounds: values.length,
  };
}

/** Round by round: what was measured beside each other is divided by each other. */
export const ratios = (of: readonly number[], by: readonly number[]): number[] =>
  of.map((value, round) => value / (by[round] ?? NaN));

/**
 * The four grounds on which a duty of the law pack is owed by no position. Each needs a sentence and its citation.
 */
export const grounds = {
  'nothing-starts-it': 'Nothing happens that could start it: a condition, a test or a standing duty without a time',
  'another-bodys': 'Another body’s, and only watched',
  'not-in-force': 'Not law yet, or no longer',
  'outside-the-product': 'Outside the product',
} as const;

export interface Listed {
  readonly duty: string;
  readonly ground: keyof typeof grounds;
  readonly because: string;
  /** The provision that says so. */
  readonly citation: string;
}

/** A template that no transition sends, and what does, or will, send it. */
export interface ListedLetter {
  readonly letter: string;
  readonly because: string;
}

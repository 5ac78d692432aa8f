/** How hard a text is to read. */
export interface Readability {
  /** Flesch-Kincaid grade. */
  grade: number;
  meanSentence: number;
  longestSentence: { words: number; text: string };
  words: number;
}

/**
 * Measures text given one line for each paragraph or list item: a line ends a sentence. Left out, as they would make a
 * text look easier than it is, are web and email addresses, numbers, and lines of fewer than five words.
 */
export function readability(text: string): Readability {
  const sentences = text
    .split('\n')
    .filter((line) => wordsIn(line).length >= 5)
    .flatMap((line) => line.replace(/\S+@\S+|https?:\S+|www\.\S+/g, ' ').split(/(?<=[.!?][”’)]?)\s+/))
    .map((sentence) => ({ text: sentence.trim(), words: wordsIn(sentence) }))
    .filter(({ words }) => words.length > 0);
  const words = sentences.flatMap((sentence) => sentence.words);
  const syllables = words.reduce((sum, word) => sum + syllablesIn(word), 0);
  const meanSentence = words.length / Math.max(1, sentences.length);
  const longest = sentences.reduce((most, one) => (one.words.length > most.words.length ? one : most), {
    text: '',
    words: [] as string[],
  });
  return {
    grade: words.length === 0 ? 0 : 0.39 * meanSentence + 11.8 * (syllables / words.length) - 15.59,
    meanSentence,
    longestSentence: { words: longest.words.length, text: longest.text },
    words: words.length,
  };
}

function wordsIn(sentence: string): string[] {
  return sentence.match(/\p{L}[\p{L}\p{M}’'-]*/gu) ?? [];
}

/** Groups of vowels, less a silent ending; close enough for a gate, as every such count is. */
function syllablesIn(word: string): number {
  const plain = word
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
  if (plain.length <= 3) return 1;
  const groups = plain
    .replace(/(?:[^laeiouy]es|[^aeioudt]ed|[^laeiouy]e)$/, (ending) => ending[0] ?? '')
    .replace(/^y/, '')
    .match(/[aeiouy]{1,2}/g);
  return Math.max(1, groups?.length ?? 1);
}

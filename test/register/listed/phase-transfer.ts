import type { Listed, ListedLetter } from './listed';

export const reviewListsListed: readonly Listed[] = [
  {
    duty: 'review.list-to-schools',
    ground: 'nothing-starts-it',
    because:
      'It is owed to a setting before each of its terms and begins with no fact of a child’s case: libs/campaign makes, dates and sends the lists, and keeps what each one said.',
    citation: 'SEND Code of Practice 2015 para 9.172',
  },
];

const list =
  'About several children, so no run of one child sends it: libs/campaign writes it from the lists that it keeps.';

export const reviewListsLetters: readonly ListedLetter[] = [
  { letter: 'review.term-list-settings', because: list },
  { letter: 'review.term-list-partners', because: list },
];

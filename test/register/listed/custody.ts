import type { Listed } from './listed';

/** Children and young people in custody: SI 2015/62 has a procedure of its own, beside ours. */
export const custodyListed: readonly Listed[] = [
  {
    duty: 'custody.assessment-final-plan',
    ground: 'outside-the-product',
    because:
      'An assessment of a detained person has other people to tell (custody provider, youth offending team, two commissioners) and one exception fewer: no case of this product is one.',
    citation: 'SI 2015/62 reg 13(2)-(3); CFA 2014 ss 70 to 75',
  },
  {
    duty: 'custody.representations-window',
    ground: 'outside-the-product',
    because: 'The fifteen days of the same procedure, on a draft that this product does not send.',
    citation: 'SI 2015/62 reg 13(1)',
  },
  {
    duty: 'custody.keep-and-review-on-release',
    ground: 'nothing-starts-it',
    because:
      'No fact of this product says that somebody is detained or released; a review on release can be begun at once as an early one.',
    citation: 'CFA 2014 ss 48 and 74',
  },
];

import type { Listed, ListedLetter } from './listed';

/** Mediation and appeal: what every notice must say, and what others owe. */
export const disputeListed: readonly Listed[] = [
  {
    duty: 'mediation.notice-information',
    ground: 'nothing-starts-it',
    because:
      'A condition on every notice with a right of appeal, with no time of its own: no such letter passes without its locked mediation block.',
    citation: 'SEND Regs 2014 reg 32',
  },
  {
    duty: 'mediation.commissioner-notifies-authority',
    ground: 'another-bodys',
    because:
      'Owed by a health commissioner that agrees without the authority: what it tells us is put on record as the agreement.',
    citation: 'SEND Regs 2014 reg 42(4)',
  },
  {
    duty: 'appeal.matters',
    ground: 'nothing-starts-it',
    because: 'It says which decisions can be appealed and sets no time: an appeal’s run is asked what it is about.',
    citation: 'CFA 2014 s.51(2)-(3)',
  },
  {
    duty: 'budget.prepare-on-request',
    ground: 'outside-the-product',
    because:
      'Personal budgets are money and come with placements: the draft and the final plan’s letters say how to ask.',
    citation: 'CFA 2014 s.49; SI 2014/1652 reg 4',
  },
  {
    duty: 'budget.monitor-direct-payment',
    ground: 'outside-the-product',
    because: 'Direct payments are made and watched where the money is, which is not in this product.',
    citation: 'SI 2014/1652 reg 11',
  },
];

const inTheCase = 'The case that decided carries the order out, and tells the family by its own letter:';

export const disputeLettersListed: readonly ListedLetter[] = [
  {
    letter: 'dispute.order-assess',
    because: `${inTheCase} assessment.agree. This one waits for the letters’ own issue.`,
  },
  {
    letter: 'dispute.order-no-plan',
    because: `${inTheCase} assessment.refuse-plan. This one waits for the letters’ own issue.`,
  },
  {
    letter: 'dispute.order-draft-plan',
    because: `${inTheCase} plan.draft. This one waits for the letters’ own issue.`,
  },
  {
    letter: 'dispute.order-final-plan',
    because: `${inTheCase} plan.final. This one waits for the letters’ own issue.`,
  },
];

import type { Listed, ListedLetter } from './listed';

/** What a plan must hold, and what must be secured while it is maintained: conditions without a time. */
export const planListed: readonly Listed[] = [
  {
    duty: 'plan.content-health-agreed',
    ground: 'nothing-starts-it',
    because: 'A condition on the plan’s content with no time: checked item by item when Section G is written.',
    citation: 'SEND Regs 2014 reg 12(2)',
  },
  {
    duty: 'plan.content-year-9-adulthood',
    ground: 'nothing-starts-it',
    because: 'A condition on the plan’s content with no time: checked when the plan is written.',
    citation: 'SEND Regs 2014 reg 12(3)',
  },
  {
    duty: 'plan.content-section-k',
    ground: 'nothing-starts-it',
    because: 'A condition on the plan’s content with no time: the advice is appended when the plan is written.',
    citation: 'SEND Regs 2014 reg 12(4)',
  },
  {
    duty: 'plan.secure-special-educational-provision',
    ground: 'nothing-starts-it',
    because: 'Owed every day while the plan is maintained and by no event: provision-check asks after it.',
    citation: 'CFA 2014 s.42(2)',
  },
  {
    duty: 'plan.secure-health-provision',
    ground: 'another-bodys',
    because: 'Owed by the health commissioner every day while the plan is maintained: provision-check asks after it.',
    citation: 'CFA 2014 s.42(3)',
  },
  {
    duty: 'plan.school-must-admit',
    ground: 'another-bodys',
    because: 'Owed by the named setting, which the letter with the final plan tells: provision-check asks after it.',
    citation: 'CFA 2014 s.43',
  },
];

export const planLettersListed: readonly ListedLetter[] = [
  { letter: 'plan.personal-budget-decision', because: 'Personal budgets come with placements and money.' },
  { letter: 'plan.copy-cover', because: 'Disclosure under reg 17 comes with documents.' },
];

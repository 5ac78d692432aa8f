import type { Duty } from '../duty';

/** CFA 2014 s 49; SI 2014/1652: personal budgets. */
export const budgetDuties = [
  {
    id: 'budget.prepare-on-request',
    aliases: [],
    kind: 'statute',
    provision: 'CFA 2014 s.49; SEN (Personal Budgets) Regs 2014 (SI 2014/1652)',
    source:
      'https://github.com/BforBen/service-explorer/blob/master/_powers-duties/special-educational-needs-or-disability-personal-budgets.md',
    owner: 'local-authority',
    owedTo: ['parent-or-young-person'],
    duty: 'Prepare a personal budget when asked by the parent or young person while a plan is being drafted or reviewed.',
    trigger:
      'request while a plan is maintained or being prepared (SI 2014/1652 reg 4: at draft, review or re-assessment)',
    from: 'budgetRequested',
    period: null,
    counting: 'not-applicable',
    exceptions: [
      {
        id: 'budget.prepare-on-request.block-funding',
        ground: 'blockFunding',
        provision: 'SI 2014/1652 reg 4A (inserted by SI 2014/2096)',
        condition:
          'The provision is bought within a lump sum paid to a third party and its share cannot be separated out.',
        effect: 'That provision need not be included in the personal budget.',
      },
    ],
    noticeMustContain: [],
    appealable: false,
    effective: ['2014-09-01', null],
    verified: true,
    basis: 'verbatim-copy',
    notes:
      "s.49(1) read in the Local Government Association list (no. 2392); reg 4A read in SI 2014/2096 up to para (3)(b); the moments for asking come from a barrister's note of reg 4. Refusal of a direct payment needs written reasons and a right to ask for a review; not appealable to the Tribunal.",
  },
  {
    id: 'budget.monitor-direct-payment',
    aliases: [],
    kind: 'statute',
    provision: 'SI 2014/1652 reg 11',
    source: 'https://www.senexpertsolicitors.co.uk/site/news/personal-budgets-direct-payments-and-sen-2',
    owner: 'local-authority',
    owedTo: ['parent-or-young-person'],
    duty: 'Review the use of direct payments in the first 3 months, and at each plan review.',
    trigger: 'first direct payment made',
    from: 'directPaymentBegan',
    period: { months: 3, bound: 'max' },
    counting: 'corresponding-date',
    exceptions: [],
    noticeMustContain: [],
    appealable: false,
    effective: ['2014-09-01', null],
    verified: false,
    basis: 'secondary',
    notes:
      "A solicitor's article citing reg 11 gives the first three months, then annual reviews and re-assessments; the 2012 pilot order (SI 2012/206 Sch 1 para 15), read in the primary text, had the same three months. Reg 11 itself not read. Check before relying on it.",
  },
] as const satisfies readonly Duty[];

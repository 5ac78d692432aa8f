import type { Listed } from './listed';

/** The overlays of 2020. What they excused is still worked out for those days: libs/statute/src/overlays.ts. */
export const temporaryListed: readonly Listed[] = [
  {
    duty: 'temporary.coronavirus-2020-time-limits',
    ground: 'not-in-force',
    because:
      'It ran from 1 May to 25 September 2020 and excused the limits of other duties, which carry it as an exception of those days.',
    citation: 'SEND Regs 2014 reg 2A, inserted by SI 2020/471',
  },
  {
    duty: 'temporary.coronavirus-2020-annual-review',
    ground: 'not-in-force',
    because: 'It ran from 1 May to 25 September 2020 and excused a late review, which is an exception of those days.',
    citation: 'SEND Regs 2014 reg 18A, inserted by SI 2020/471',
  },
  {
    duty: 'temporary.coronavirus-2020-section-42',
    ground: 'not-in-force',
    because: 'The notices modified the duty to secure provision from 1 May to 31 July 2020 and have ended.',
    citation: 'Coronavirus Act 2020, notices modifying CFA 2014 s.42',
  },
];

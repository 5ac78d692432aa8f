import type { Listed } from './listed';

/** CFA 2014 ss 22 and 23: what comes before a request. */
export const identificationListed: readonly Listed[] = [
  {
    duty: 'identification.identify-children-with-sen',
    ground: 'nothing-starts-it',
    because:
      'A general duty towards everybody in the area, owed every day and by no event: what is found begins an assessment with “brought to attention”.',
    citation: 'CFA 2014 s.22',
  },
  {
    duty: 'identification.health-body-tells-authority',
    ground: 'another-bodys',
    because:
      'The health body forms the opinion and tells the parents first, without a time of its own; once it has told us, needs-assessment counts our six weeks.',
    citation: 'CFA 2014 s.23(2) to (4)',
  },
  {
    duty: 'identification.responsibility-without-request',
    ground: 'nothing-starts-it',
    because:
      'Nothing starts it by itself: the same event starts the same six weeks of assessment.decide-whether-to-assess, which needs-assessment owes and counts from either.',
    citation: 'CFA 2014 s.36(3); SEND Regs 2014 regs 4(1) and 5(1)',
  },
];

import type { Listed } from './listed';

/** Proposed, or enacted and not seen to be commenced. The law pack gives none of these a first day. */
export const reformListed: readonly Listed[] = [
  {
    duty: 'reform.individual-support-plans',
    ground: 'not-in-force',
    because: 'Proposed for settings from September 2029, and not law.',
    citation: 'Schools White Paper of 23 February 2026; Education for All Bill, announced on 13 May 2026',
  },
  {
    duty: 'reform.ehcp-narrowed-and-transition',
    ground: 'not-in-force',
    because: 'Proposed for reviews at transition points from September 2029, and not law.',
    citation: 'Schools White Paper of 23 February 2026',
  },
  {
    duty: 'reform.key-stage-reviews-and-national-template',
    ground: 'not-in-force',
    because: 'Proposed in place of the yearly review, which stays the law until an Act says otherwise.',
    citation: 'King’s Speech briefing of 13 May 2026, Education for All Bill',
  },
  {
    duty: 'reform.childrens-wellbeing-and-schools-act-2026',
    ground: 'not-in-force',
    because:
      'An Act whose sections begin each on a day of its own; it changes none of our time limits, and a section that begins gets an entry of its own.',
    citation: 'Children’s Wellbeing and Schools Act 2026 (c.21), commencement',
  },
  {
    duty: 'reform.consent-to-withdraw-for-home-education',
    ground: 'not-in-force',
    because: 'Enacted and not seen to be commenced; until then the older rule about special schools applies.',
    citation: 'Children’s Wellbeing and Schools Act 2026 s.37(1), inserting Education Act 1996 s.434A',
  },
  {
    duty: 'reform.tribunal-placement-orders',
    ground: 'not-in-force',
    because: 'Put to consultation, which closed on 18 May 2026, and not law.',
    citation: 'SEND reform consultation 2026, pages 105 and 106',
  },
];

import type { Listed } from './listed';

/** Suspension and exclusion: what no position of the workflow owes. */
export const exclusionListed: readonly Listed[] = [
  {
    duty: 'exclusion.definition',
    ground: 'nothing-starts-it',
    because: 'Says who may exclude and on what ground: a test of whether an exclusion is one, with no time of its own.',
    citation: 'Education Act 2002 s.51A(1), (2) and (10)',
  },
  {
    duty: 'exclusion.half-days',
    ground: 'nothing-starts-it',
    because: 'A rule of counting: the workflow takes sessions, of which a lunchtime is one and a school day has two.',
    citation: 'DfE suspension and exclusion guidance, on lunchtime suspensions',
  },
  {
    duty: 'exclusion.term-definition',
    ground: 'nothing-starts-it',
    because: 'A rule of counting: the totals of the term are added up by its periods.',
    citation: 'SI 2012/1033 reg 2(1)',
  },
  {
    duty: 'exclusion.first-five-days-work',
    ground: 'another-bodys',
    because: 'The head sets and marks work; nobody tells the authority of it, and no date of ours hangs on it.',
    citation: 'DfE suspension and exclusion guidance, first five days',
  },
  {
    duty: 'exclusion.avoid-permanent-exclusion-ehcp-lac',
    ground: 'another-bodys',
    because: 'A standard for the head while deciding, over by the time a notice begins a run.',
    citation: 'DfE suspension and exclusion guidance, on pupils with plans and looked after children',
  },
  {
    duty: 'exclusion.safeguarding-separation',
    ground: 'another-bodys',
    because:
      'A power of the head with no time of its own; the workflow records it and owes what it brings in, the section 19 duty.',
    citation: 'DfE suspension and exclusion guidance in force 26 July 2026; [2021] EWHC 2513 (Admin)',
  },
  {
    duty: 'exclusion.data-monitoring',
    ground: 'another-bodys',
    because: 'The governing board’s own continuing work, which no event starts.',
    citation: 'DfE suspension and exclusion guidance in force 26 July 2026',
  },
  {
    duty: 'exclusion.equality-act',
    ground: 'another-bodys',
    because: 'A test of the school’s decision, with a claim to the Tribunal and no time limit for anybody to act by.',
    citation: 'Equality Act 2010 ss.15, 20 and 85(2)(e)',
  },
  {
    duty: 'exclusion.attendance-return-to-authority',
    ground: 'another-bodys',
    because: 'The school’s return of long absence, which comes in by the import of attendance and not case by case.',
    citation: 'SI 2024/208 reg 13',
  },
];

import type { ReviewContext } from '@send/workflows';
import { amendLikeness, amendVariants } from './amendment';
import { walk } from './walk';

export const annualReviewWalk = walk<ReviewContext>({
  apart: ['schedule'],
  variants: {
    ...amendVariants,
    reviewMeetingPlanned: [{ meetingOn: '2027-12-01' }, { meetingOn: '2027-12-01', attends: false }],
    reviewMeetingHeld: [{}, { attends: false }],
    decidedToAmend: [{}, { enclosed: false }],
  },
  likeness: (context) => [...amendLikeness(context), 'reviewDecisionNoticeSent' in context.facts],
});

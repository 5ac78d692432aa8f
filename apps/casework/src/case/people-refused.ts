import type { PeopleRefused } from '@send/case-file';
import { NotFoundException } from '@nestjs/common';
import type { PageAnswer } from '../frame/page-answer';
import type { CaseworkRequest, CaseworkResponse } from '../frame/request';

/** The page of what could not be done about a person. Whoever was too late has their answers back. */
export async function refusedPeople(
  answer: PageAnswer,
  refusal: PeopleRefused,
  caseId: string,
  request: CaseworkRequest,
  response: CaseworkResponse,
  answers?: { kept: readonly { name: string; value: string }[]; keptFor: string },
): Promise<void> {
  if (refusal.why === 'not-found') throw new NotFoundException();
  await answer.send(
    request,
    response,
    'refused.view.njk',
    {
      title: refusal.why === 'forbidden' ? 'You cannot do this' : 'Nothing was changed',
      lines: [refusal.message],
      ...(refusal.why === 'changed' ? answers : {}),
      onward: { text: 'Go to the people of this case', href: `/cases/${caseId}/people` },
    },
    refusal.why === 'forbidden' ? 403 : 409,
  );
}

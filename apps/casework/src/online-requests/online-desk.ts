import { type Actor } from '@send/access';
import {
  AddressKeys,
  CaseFile,
  findOnlineRequest,
  type OnlineAnswers,
  onlineDates,
  type OnlineRequest,
  readOnlineRequest,
} from '@send/case-file';
import { timeInWords } from '@send/pages';
import { type Day, formatDay, londonDay } from '@send/statute';
import { Injectable, NotFoundException } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import type { CaseworkRequest, CaseworkResponse } from '../frame/request';
import { staffNames } from '../frame/who-is-who';

export const outcomes = {
  opened: 'Opened into a case',
  duplicate: 'Closed: sent twice, the other one counts',
  'not-a-request': 'Closed: not a request for an assessment',
  test: 'Closed: a test',
} as const satisfies Record<NonNullable<OnlineRequest['outcome']>, string>;

export const askedBy: Readonly<Record<OnlineRequest['askedBy'], string>> = {
  parent: 'A parent or carer',
  'young-person': 'The young person',
  school: 'A school, college or nursery',
  other: 'Someone else',
};

export interface Waiting {
  readonly id: string;
  readonly reference: string;
  readonly from: string;
  readonly receivedOn: Day;
  readonly acknowledgeBy: Day | null;
  readonly decideBy: Day | null;
  /** The family should have heard from us by now, or worse. */
  readonly late: boolean;
}

/** A waiting request as lists show it, with the days that run from its arrival and not from its opening. */
export function asWaiting({ id, reference, askedBy: who, receivedOn }: OnlineRequest, today: Day): Waiting {
  const { acknowledgeBy, decideBy } = onlineDates(receivedOn);
  const late = [acknowledgeBy, decideBy].some((day) => day !== null && day < today);
  return { id, reference, from: askedBy[who], receivedOn, acknowledgeBy, decideBy, late };
}

/** Online requests as caseworkers meet them, on their own pages and on the way into a case. */
@Injectable()
export class OnlineDesk {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly keys: AddressKeys,
    private readonly answer: PageAnswer,
  ) {}

  /** Another authority's looks as if it were not there. */
  async find(actor: Actor, id: string): Promise<OnlineRequest> {
    const found = await this.caseFile.within(actor, (tx) => findOnlineRequest(tx, id));
    if (found === undefined) throw new NotFoundException();
    return found;
  }

  read(actor: Actor, id: string, addressReason?: string): Promise<OnlineAnswers> {
    return this.caseFile.within(actor, (tx) => readOnlineRequest(tx, actor, this.keys, id, addressReason));
  }

  /** Who was quicker, when, and what became of it. */
  async settledPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    { reference, outcome, settledAt, settledBy, childId }: OnlineRequest,
  ): Promise<void> {
    const nameOf = await this.caseFile.within(actor, staffNames);
    const who = settledBy === actor.staffId ? 'You' : nameOf(settledBy);
    const when =
      settledAt === null ? '' : ` at ${timeInWords(settledAt)} on ${formatDay(londonDay(new Date(settledAt)))}`;
    const did = outcome === 'opened' ? 'opened this request into a case' : 'closed this request';
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: `Online request ${reference} is no longer waiting`,
        lines: [`${who} ${did}${when}.`, 'Nothing was entered twice, and nothing was changed now.'],
        onward:
          childId === null
            ? { text: 'See the online requests', href: '/online-requests' }
            : { text: 'Open the case', href: `/cases/${childId}` },
      },
      409,
    );
  }
}

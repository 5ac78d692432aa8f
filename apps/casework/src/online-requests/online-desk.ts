import { type Actor, may } from '@send/access';
import {
  AddressKeys,
  CaseFile,
  caseRelationship,
  findOnlineRequest,
  type OnlineAnswers,
  onlineDates,
  type OnlineRequest,
  readOnlineRequest,
} from '@send/case-file';
import type { Tx } from '@send/database';
import type { Clock } from '@send/engine';
import { timeInWords } from '@send/pages';
import { type Day, formatDay, londonDay } from '@send/statute';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { Cases } from '../case/case-frame';
import { PageAnswer, worksOnCases } from '../frame/page-answer';
import type { CaseworkRequest, CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
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
  /** Somebody proposed to close it, and nobody has confirmed that yet. */
  readonly closing: boolean;
}

/** A waiting request as lists show it, with the days that run from its arrival and not from its opening. */
export function asWaiting({ id, reference, askedBy: who, receivedOn, closing }: OnlineRequest, today: Day): Waiting {
  const { acknowledgeBy, decideBy } = onlineDates(receivedOn);
  const late = [acknowledgeBy, decideBy].some((day) => day !== null && day < today);
  return { id, reference, from: askedBy[who], receivedOn, acknowledgeBy, decideBy, late, closing: closing !== null };
}

/**
 * Whether the case that a request led to may be known to this person. What led to none belongs to whoever takes requests
 * in: nobody is on a case that is not there yet.
 */
export async function mayKnow(tx: Tx, actor: Actor, { caseId }: OnlineRequest, on: Day): Promise<boolean> {
  if (caseId === null) return worksOnCases(actor);
  const ties = await caseRelationship(tx, actor, caseId, on);
  return ties !== undefined && may(actor, 'openCaseOverview', ties).allowed;
}

/** Online requests as caseworkers meet them, on their own pages and on the way into a case. */
@Injectable()
export class OnlineDesk {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly cases: Cases,
    private readonly keys: AddressKeys,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Another authority's looks as if it were not there. */
  async find(actor: Actor, id: string): Promise<OnlineRequest> {
    const found = await this.caseFile.within(actor, (tx) => findOnlineRequest(tx, id));
    if (found === undefined) throw new NotFoundException();
    return found;
  }

  /** The same for a page that shows what was sent: once there is a case, its rules say who may see it, and why. */
  async open(actor: Actor, id: string): Promise<OnlineRequest> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const found = await this.find(actor, id);
    if (found.caseId !== null) await this.cases.open(actor, found.caseId, async () => undefined);
    return found;
  }

  read(actor: Actor, id: string, addressReason?: string): Promise<OnlineAnswers> {
    return this.caseFile.within(actor, (tx) => readOnlineRequest(tx, actor, this.keys, id, addressReason));
  }

  /** With the addresses that are not to be shared. Undefined where the case's rules do not let this person read them. */
  async readWithAddress(
    actor: Actor,
    { id, caseId }: OnlineRequest,
    reason: string,
  ): Promise<OnlineAnswers | undefined> {
    if (caseId === null) return this.read(actor, id, reason);
    const about = { action: 'readProtectedAddress', childId: caseId, on: this.clock.today(), reason } as const;
    const opened = await this.caseFile.open(actor, { ...about, fields: ['address'] }, (tx) =>
      readOnlineRequest(tx, actor, this.keys, id, reason),
    );
    return 'result' in opened ? opened.result : undefined;
  }

  /** Who was quicker, when, and what became of it: no more than that to whoever may not know of the case. */
  async settledPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    online: OnlineRequest,
  ): Promise<void> {
    const { reference, outcome, settledAt, settledBy, caseId } = online;
    const { known, nameOf } = await this.caseFile.within(actor, async (tx) => ({
      known: await mayKnow(tx, actor, online, this.clock.today()),
      nameOf: await staffNames(tx),
    }));
    const who = !known ? 'A colleague' : settledBy === actor.staffId ? 'You' : nameOf(settledBy);
    const when =
      settledAt === null ? '' : ` at ${timeInWords(settledAt)} on ${formatDay(londonDay(new Date(settledAt)))}`;
    const did = !known
      ? 'dealt with this request'
      : outcome === 'opened'
        ? 'opened this request into a case'
        : 'closed this request';
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: `Online request ${reference} is no longer waiting`,
        lines: [`${who} ${did}${known ? when : ''}.`, 'Nothing was entered twice, and nothing was changed now.'],
        onward:
          caseId === null || !known
            ? { text: 'See the online requests', href: '/online-requests' }
            : { text: 'Open the case', href: `/cases/${caseId}` },
      },
      409,
    );
  }
}

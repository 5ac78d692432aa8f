import { type Actor, may, noCase, shortestReason, writeAudit } from '@send/access';
import {
  CaseFile,
  caseRelationship,
  findOnlineRequest,
  givesAway,
  type OnlineRequest,
  settledOnline,
  waitingOnline,
} from '@send/case-file';
import type { Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { compulsorySchoolAgeEnds, isOverCompulsorySchoolAge } from '@send/statute';
import { Body, Controller, Get, Inject, NotFoundException, Param, Post, Query, Req, Res } from '@nestjs/common';
import { PageAnswer, worksOnCases } from '../frame/page-answer';
import { paginationOf } from '../frame/pagination';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';
import type { StepId } from '../public-request/steps';
import { summaryOf } from '../public-request/summary';
import { asWaiting, mayKnow, OnlineDesk, outcomes } from './online-desk';

const partTitles: Readonly<Record<StepId, string>> = {
  who: 'The request',
  child: 'Child or young person',
  home: 'Where they live',
  setting: 'School or other setting',
  you: 'Person who asked',
  yours: 'Where the person who asked lives',
  family: 'Parent or carer they name',
  reach: 'How to reach the person who asked',
  worries: 'What they say',
};

const pageSize = 20;
const settledShown = 25;

/** Requests that came online wait here until somebody opens them into a case, or closes them for a reason that is kept. */
@Controller('online-requests')
export class OnlineRequestsController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly desk: OnlineDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const today = this.clock.today();
    const order = query['order'] === 'newest' ? 'newest' : 'oldest';
    const wanted =
      typeof query['page'] === 'string' && /^[1-9]\d{0,5}$/.test(query['page']) ? Number(query['page']) : 1;
    const { total, rows, page, pages, settled, nameOf } = await this.caseFile.within(actor, async (tx) => {
      const at = (page: number) => waitingOnline(tx, { order, skip: (page - 1) * pageSize, most: pageSize });
      const first = await at(wanted);
      const pages = Math.max(1, Math.ceil(first.total / pageSize));
      const page = Math.min(wanted, pages);
      const { total, rows } = page === wanted ? first : await at(page);
      const settled: OnlineRequest[] = [];
      for (const one of await settledOnline(tx, 2 * settledShown))
        if (settled.length < settledShown && (await mayKnow(tx, actor, one, today))) settled.push(one);
      return { total, rows, page, pages, settled, nameOf: await staffNames(tx) };
    });
    const link = (number: number, way = order) => `/online-requests?order=${way}&page=${number}`;
    await this.answer.send(request, response, 'online-requests/list.view.njk', {
      title: 'Online requests',
      total,
      first: (page - 1) * pageSize + 1,
      order,
      turn: link(1, order === 'oldest' ? 'newest' : 'oldest'),
      waiting: rows.map((one) => asWaiting(one, today)),
      pagination: paginationOf(page, pages, (number) => link(number)),
      settled: settled.map((one) => ({
        ...one,
        became: one.outcome === null ? '' : outcomes[one.outcome],
        by: nameOf(one.settledBy),
      })),
    });
  }

  @Get(':id')
  async show(
    @Param('id') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.desk.open(actor, id);
    const sent = await this.desk.read(actor, id);
    // Once there is a case, who must not be told is read from there, for a reason.
    const fromCase = online.caseId !== null && sent.notToBeTold !== undefined;
    const answers = fromCase
      ? { ...sent, notToBeTold: 'Not shown: read it from People of the case, for a reason.' }
      : sent;
    const { nameOf, other } = await this.caseFile.within(actor, async (tx) => ({
      nameOf: await staffNames(tx),
      other: online.duplicateOf === null ? undefined : await findOnlineRequest(tx, online.duplicateOf),
    }));
    const { dateOfBirth } = answers.child;
    const ofAge = isOverCompulsorySchoolAge(dateOfBirth, online.receivedOn);
    await this.answer.send(request, response, 'online-requests/request.view.njk', {
      title: `Online request ${online.reference}`,
      online,
      other,
      waiting: asWaiting(online, this.clock.today()),
      settled: online.outcome === null ? undefined : { became: outcomes[online.outcome], by: nameOf(online.settledBy) },
      closingBy: nameOf(online.closingBy),
      parts: summaryOf(answers, online.addressProtected).map((part) => ({ ...part, title: partTitles[part.step] })),
      // Whose right it is to ask: CFA s.36(1). The request counts either way.
      ownRight: ofAge && answers.askedBy === 'parent',
      notYetOwn: !ofAge && answers.askedBy === 'young-person' ? compulsorySchoolAgeEnds(dateOfBirth) : undefined,
      back: { href: '/online-requests', text: 'Online requests' },
    });
  }

  @Get(':id/address')
  async askForAddress(
    @Param('id') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.addressPage(request, response, await this.hidden(actor, id), { errors: [] });
  }

  /** By POST: looking is an act here, it needs a reason and leaves its trace. */
  @Post(':id/address')
  async showAddress(
    @Param('id') id: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.hidden(actor, id);
    const reason = new Form(body).text('reason');
    const fault =
      reason.length < shortestReason
        ? `Enter a reason, in ${shortestReason} characters or more`
        : reason.length > 5000
          ? 'Reason must be 5,000 characters or fewer'
          : undefined;
    if (fault !== undefined)
      return this.addressPage(request, response, online, { reason, errors: [{ field: 'reason', message: fault }] });
    // Signing in again proves that it is still this person at the desk.
    if (request.signedIn?.fresh !== true)
      return this.addressPage(request, response, online, { stale: true, errors: [] });
    const answers = await this.desk.readWithAddress(actor, online, reason);
    if (answers === undefined) throw new NotFoundException();
    const { home, asker, notToBeTold, setting, worries } = answers;
    const words = [
      { what: 'Who must not be told', text: notToBeTold },
      { what: 'School or other setting', text: setting },
      { what: 'What they say', text: worries },
    ];
    const lines = [
      ...[
        { what: 'Where the child or young person lives', address: home },
        ...(asker?.address === undefined ? [] : [{ what: 'Where the person who asked lives', address: asker.address }]),
      ].map(({ what, address }) => ({
        what,
        text: address === undefined ? 'Not given' : [...address.lines, address.postcode].join(', '),
      })),
      // Words that give an address away are shown nowhere else.
      ...words.flatMap(({ what, text = '' }) => (givesAway(text, [home, asker?.address]) ? [{ what, text }] : [])),
    ];
    await this.addressPage(request, response, online, { lines, errors: [] });
  }

  /** One whose address is not to be shared, for somebody who may read such addresses. */
  private async hidden(actor: Actor, id: string): Promise<OnlineRequest> {
    const online = await this.desk.open(actor, id);
    if (!online.addressProtected) throw new NotFoundException();
    const { caseId } = online;
    const allowed = await this.caseFile.within(actor, async (tx) => {
      // Whoever takes requests in works on one that waits as on a case of theirs.
      const ties =
        caseId === null
          ? { ...noCase(actor.authority), live: true }
          : await caseRelationship(tx, actor, caseId, this.clock.today());
      const right = ties !== undefined && may(actor, 'readProtectedAddress', ties).allowed;
      if (!right)
        await writeAudit(tx, actor, {
          action: 'readProtectedAddress',
          outcome: 'refused',
          object: `online request ${id}`,
          ...(caseId === null ? {} : { childId: caseId }),
        });
      return right;
    });
    if (!allowed) throw new NotFoundException();
    return online;
  }

  private addressPage(
    request: CaseworkRequest,
    response: CaseworkResponse,
    online: OnlineRequest,
    values: {
      errors: readonly FieldError[];
      reason?: string;
      stale?: boolean;
      lines?: readonly { what: string; text: string }[];
    },
  ): Promise<void> {
    const title =
      values.stale === true
        ? 'Sign in again to see this address'
        : values.lines === undefined
          ? 'See an address that is not to be shared'
          : 'Address not to be shared';
    return this.answer.send(request, response, 'online-requests/address.view.njk', { ...values, title, online });
  }
}

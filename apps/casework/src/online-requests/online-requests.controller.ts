import { type Actor, shortestReason } from '@send/access';
import { CaseFile, type ClosedAs, onlineRequests, type OnlineRequest, settleOnlineRequest } from '@send/case-file';
import type { Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { compulsorySchoolAgeEnds, isOverCompulsorySchoolAge } from '@send/statute';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer, worksOnCases } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';
import type { StepId } from '../public-request/steps';
import { summaryOf } from '../public-request/summary';
import { asWaiting, OnlineDesk, outcomes } from './online-desk';

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

const closings = [
  { value: 'duplicate', text: 'It was sent twice, and the other one is opened' },
  { value: 'not-a-request', text: 'It does not ask for an assessment of anybody' },
  { value: 'test', text: 'It is a test of ours' },
] as const satisfies readonly { value: ClosedAs; text: string }[];

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
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const { waiting, settled, nameOf } = await this.caseFile.within(actor, async (tx) => ({
      waiting: await onlineRequests(tx, 'waiting'),
      settled: await onlineRequests(tx, 'settled'),
      nameOf: await staffNames(tx),
    }));
    const today = this.clock.today();
    await this.answer.send(request, response, 'online-requests/list.view.njk', {
      title: 'Online requests',
      waiting: waiting.map((one) => asWaiting(one, today)),
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
    const online = await this.found(actor, id);
    const answers = await this.desk.read(actor, id);
    const nameOf = await this.caseFile.within(actor, staffNames);
    const { dateOfBirth } = answers.child;
    const ofAge = isOverCompulsorySchoolAge(dateOfBirth, online.receivedOn);
    await this.answer.send(request, response, 'online-requests/request.view.njk', {
      title: `Online request ${online.reference}`,
      online,
      waiting: asWaiting(online, this.clock.today()),
      settled: online.outcome === null ? undefined : { became: outcomes[online.outcome], by: nameOf(online.settledBy) },
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
    const { home, asker } = await this.desk.read(actor, id, reason);
    const lines = [
      { what: 'Where the child or young person lives', address: home },
      ...(asker?.address === undefined ? [] : [{ what: 'Where the person who asked lives', address: asker.address }]),
    ].map(({ what, address }) => ({
      what,
      text: address === undefined ? 'Not given' : [...address.lines, address.postcode].join(', '),
    }));
    await this.addressPage(request, response, online, { lines, errors: [] });
  }

  @Get(':id/close')
  async askToClose(
    @Param('id') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.found(actor, id);
    if (online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    await this.closePage(request, response, online, new Form({}), []);
  }

  @Post(':id/close')
  async close(
    @Param('id') id: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.found(actor, id);
    if (online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const form = new Form(body);
    const outcome = form.choice(
      'outcome',
      closings.map((one) => one.value),
    );
    const why = form.text('why');
    const errors: FieldError[] = [
      ...(outcome === undefined ? [{ field: 'outcome', message: 'Select why it is not opened' }] : []),
      ...(why.length < shortestReason
        ? [{ field: 'why', message: `Enter how you know, in ${shortestReason} characters or more` }]
        : why.length > 5000
          ? [{ field: 'why', message: 'How you know must be 5,000 characters or fewer' }]
          : []),
    ];
    if (outcome === undefined || errors.length > 0) return this.closePage(request, response, online, form, errors);
    const done = await this.caseFile.within(actor, (tx) =>
      settleOnlineRequest(tx, actor, id, { outcome, why }, this.clock.now()),
    );
    if (!done) return this.desk.settledPage(actor, request, response, await this.found(actor, id));
    response.redirect(HttpStatus.SEE_OTHER, `/online-requests/${id}`);
  }

  private async found(actor: Actor, id: string): Promise<OnlineRequest> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    return this.desk.find(actor, id);
  }

  private async hidden(actor: Actor, id: string): Promise<OnlineRequest> {
    const online = await this.found(actor, id);
    if (!online.addressProtected) throw new NotFoundException();
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

  private closePage(
    request: CaseworkRequest,
    response: CaseworkResponse,
    online: OnlineRequest,
    form: Form,
    errors: readonly FieldError[],
  ): Promise<void> {
    return this.answer.send(request, response, 'online-requests/close.view.njk', {
      title: 'Close this request without opening it',
      online,
      errors,
      outcome: form.text('outcome'),
      why: form.text('why'),
      closings,
      back: { href: `/online-requests/${online.id}` },
    });
  }
}

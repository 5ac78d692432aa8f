import { type Actor, may, sameAsFirst, shortestReason } from '@send/access';
import {
  CaseFile,
  caseRelationship,
  closeAsDuplicate,
  type ClosedAs,
  type ClosingOutcome,
  confirmClosing,
  findChild,
  giveBackClosing,
  isReference,
  mayCloseSecond,
  onlineByReference,
  type OnlineRequest,
  proposeClosing,
} from '@send/case-file';
import type { Tx } from '@send/database';
import type { Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';
import { mayKnow, OnlineDesk } from './online-desk';

const closings = [
  { value: 'duplicate', text: 'It was sent twice, and the other one counts' },
  {
    value: 'not-a-request',
    text: 'It does not ask for an assessment of anybody',
    hint: { text: 'A senior must confirm it' },
  },
  { value: 'test', text: 'It is a test of ours', hint: { text: 'A senior must confirm it' } },
] as const satisfies readonly { value: ClosedAs; text: string; hint?: object }[];

export const closingInWords = {
  'not-a-request': 'Does not ask for an assessment',
  test: 'A test of ours',
} as const satisfies Record<NonNullable<OnlineRequest['closing']>, string>;

type Other = { readonly request: string } | { readonly child: string };

/** Ends an online request without a case: a copy by one person, who names the other; all else by two. */
@Controller('online-requests/:id')
export class ClosingController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly desk: OnlineDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('close')
  async askToClose(
    @Param('id') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.desk.open(actor, id);
    if (online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    if (online.closing !== null) return response.redirect(HttpStatus.SEE_OTHER, `/online-requests/${id}/closing`);
    await this.closePage(request, response, online, new Form({}), []);
  }

  @Post('close')
  async close(
    @Param('id') id: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.desk.open(actor, id);
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
    const other =
      outcome === 'duplicate'
        ? await this.caseFile.within(actor, (tx) => this.otherOf(tx, actor, online, form.text('other')))
        : undefined;
    if (typeof other === 'string') errors.splice(1, 0, { field: 'other', message: other });
    if (outcome === undefined || errors.length > 0) return this.closePage(request, response, online, form, errors);
    const at = this.clock.now();
    const done = await this.caseFile.within(actor, (tx) =>
      outcome !== 'duplicate'
        ? proposeClosing(tx, actor, id, { closing: outcome, why }, at)
        : closeAsDuplicate(tx, actor, id, { of: other as Other, why }, at),
    );
    if ('refused' in done && done.refused === 'other-closed')
      return this.closePage(request, response, online, form, [{ field: 'other', message: otherClosed }]);
    await this.after(actor, id, done, request, response);
  }

  @Get('closing')
  async closing(
    @Param('id') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.closingPage(await this.waiting(actor, id), actor, request, response, '', []);
  }

  @Post('closing')
  async secondWord(
    @Param('id') id: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const online = await this.desk.open(actor, id);
    if (online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const form = new Form(body);
    const agrees = form.text('answer') === 'confirm';
    const reason = form.text('reason');
    if (!agrees && online.closing !== null && (reason === '' || reason.length > 5000)) {
      const message =
        reason === ''
          ? 'Enter why it is not to be closed'
          : 'Why it is not to be closed must be 5,000 characters or fewer';
      return this.closingPage(online, actor, request, response, reason, [{ field: 'reason', message }]);
    }
    const done = await this.caseFile.within(actor, (tx) =>
      agrees ? confirmClosing(tx, actor, id, this.clock.now()) : giveBackClosing(tx, actor, id, reason),
    );
    await this.after(actor, id, done, request, response);
  }

  /** What the page says after it was tried. */
  private async after(
    actor: Actor,
    id: string,
    outcome: ClosingOutcome,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<void> {
    if ('done' in outcome) return response.redirect(HttpStatus.SEE_OTHER, `/online-requests/${id}`);
    if ('settled' in outcome) return this.desk.settledPage(actor, request, response, outcome.settled);
    const { refused } = outcome;
    const forbidden = typeof refused === 'object';
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: forbidden ? 'You cannot confirm this' : 'This cannot be done now',
        lines: [
          forbidden
            ? refused.message === sameAsFirst
              ? sameAsFirst
              : 'A senior must confirm that a request is closed without a case.'
            : refused === 'waits-already'
              ? 'Somebody has proposed to close this request already. It waits for a second person.'
              : 'Nobody proposes to close this request any more.',
          'Nothing was changed.',
        ],
        onward: { text: 'Go to the online request', href: `/online-requests/${id}` },
      },
      forbidden ? 403 : 409,
    );
  }

  private async waiting(actor: Actor, id: string): Promise<OnlineRequest> {
    const online = await this.desk.open(actor, id);
    if (online.closing === null || online.outcome !== null) throw new NotFoundException();
    return online;
  }

  /** The other one by its reference, or what is wrong with that. What this person may not see is not there. */
  private async otherOf(tx: Tx, actor: Actor, online: OnlineRequest, typed: string): Promise<Other | string> {
    const reference = typed.replace(/\s+/g, '').toUpperCase();
    if (reference === '') return 'Enter the reference of the other request or of its case';
    const today = this.clock.today();
    if (reference === online.reference) return 'Enter the reference of the other request, not of this one';
    if (reference.length <= 24 && reference.startsWith('ASK-')) {
      const other = await onlineByReference(tx, reference);
      if (other === undefined || !(await mayKnow(tx, actor, other, today))) return noOther;
      return other.outcome === null || other.outcome === 'opened' ? { request: other.id } : otherClosed;
    }
    const child = isReference(reference) ? await findChild(tx, reference) : null;
    const ties = child === null ? undefined : await caseRelationship(tx, actor, child.id, today);
    return child !== null && ties !== undefined && may(actor, 'openCaseOverview', ties).allowed
      ? { child: child.id }
      : noOther;
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
      other: form.text('other'),
      why: form.text('why'),
      closings,
      back: { href: `/online-requests/${online.id}` },
    });
  }

  private async closingPage(
    online: OnlineRequest,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    reason: string,
    errors: readonly FieldError[],
  ): Promise<void> {
    const nameOf = await this.caseFile.within(actor, staffNames);
    const answers = mayCloseSecond(online, actor).allowed;
    await this.answer.send(request, response, 'online-requests/closing.view.njk', {
      title: answers ? 'Confirm or give back' : 'This waits for a second person',
      online,
      words: online.closing === null ? '' : closingInWords[online.closing],
      by: nameOf(online.closingBy),
      own: online.closingBy === actor.staffId,
      answers,
      reason,
      errors,
      back: { href: `/online-requests/${online.id}` },
    });
  }
}

const noOther =
  'There is no request or case with this reference that you can see. Check the reference, or ask a senior to close this one';
const otherClosed =
  'That request is closed itself. Enter the reference of the one that waits or was opened, or of the case';

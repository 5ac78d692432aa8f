import { shortestReason, type Actor } from '@send/access';
import { AddressKeys, CaseFile, readOnlineRequest, readProtectedAddress } from '@send/case-file';
import { LetterDesk, letterRow } from '@send/correspondence';
import { type Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { Body, Controller, Get, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { whoAsked } from '../new-request/from-online';
import { cameOnline } from './came-online';
import { Cases, type OpenedCase } from './case-frame';

/** What opens only with a reason and a fresh sign-in: an address not to be shared, and a letter that prints one. */
@Controller('cases/:caseId')
export class WithReasonController {
  constructor(
    private readonly cases: Cases,
    private readonly caseFile: CaseFile,
    private readonly desk: LetterDesk,
    private readonly keys: AddressKeys,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('people/:personId/address')
  async askForAddress(
    @Param('caseId') caseId: string,
    @Param('personId') personId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => ({
      header: opened.header,
      person: protectedPerson(opened, personId),
    }));
    await this.page(request, response, 'case/address-reason.view.njk', 'See an address that is not to be shared', page);
  }

  /** By POST: looking is an act here, it needs a reason and leaves its trace. */
  @Post('people/:personId/address')
  async showAddress(
    @Param('caseId') caseId: string,
    @Param('personId') personId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const reason = new Form(body).text('reason');
    const { header, person } = await this.cases.open(actor, caseId, async (opened) => ({
      header: opened.header,
      person: protectedPerson(opened, personId),
    }));
    const again = (message: string) =>
      this.page(request, response, 'case/address-reason.view.njk', 'See an address that is not to be shared', {
        header,
        person,
        reason,
        errors: [{ field: 'reason', message }],
      });
    const wrong = reasonWrong(reason);
    if (wrong !== undefined) return again(wrong);
    if (request.signedIn?.fresh !== true) {
      // Signing in again proves that it is still this person at the desk.
      return this.page(request, response, 'case/address-shown.view.njk', 'Sign in again to see this address', {
        header,
        person,
        stale: true,
      });
    }
    const opened = await this.caseFile.within(actor, (tx) =>
      readProtectedAddress(tx, actor, this.keys, personId, reason, this.clock.today()),
    );
    if ('refused' in opened) return again(opened.refused);
    await this.page(request, response, 'case/address-shown.view.njk', 'Address not to be shared', {
      header,
      person,
      lines: [...opened.address.lines, opened.address.postcode],
    });
  }

  @Get('online/:onlineId')
  async askForSealed(
    @Param('caseId') caseId: string,
    @Param('onlineId') onlineId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.sealedPage(caseId, onlineId, actor, request, response);
  }

  /** What an online request keeps sealed: who must not be told, and words that name the address. */
  @Post('online/:onlineId')
  async showSealed(
    @Param('caseId') caseId: string,
    @Param('onlineId') onlineId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const reason = new Form(body).text('reason');
    const wrong = reasonWrong(reason);
    if (wrong !== undefined)
      return this.sealedPage(caseId, onlineId, actor, request, response, {
        reason,
        errors: [{ field: 'reason', message: wrong }],
      });
    if (request.signedIn?.fresh !== true)
      return this.sealedPage(caseId, onlineId, actor, request, response, { stale: true });
    await this.sealedPage(caseId, onlineId, actor, request, response, { read: reason });
  }

  private async sealedPage(
    caseId: string,
    onlineId: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    answer: { reason?: string; errors?: readonly FieldError[]; stale?: true; read?: string } = {},
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const online = (await cameOnline(opened)).find((one) => one.id === onlineId);
      if (online === undefined || online.sealed === null) throw new NotFoundException();
      return { header: opened.header, online };
    });
    const { read, ...again } = answer;
    const opened =
      read === undefined
        ? undefined
        : await this.caseFile.open(
            actor,
            {
              action: 'readProtectedAddress',
              childId: caseId,
              on: this.clock.today(),
              fields: ['notToBeTold', 'views'],
              reason: read,
            },
            (tx) => readOnlineRequest(tx, actor, this.keys, onlineId, read),
          );
    if (opened !== undefined && 'refused' in opened) throw new NotFoundException();
    const answers = opened?.result;
    const rows =
      answers === undefined
        ? undefined
        : [
            ['Who must not be told where they live', answers.notToBeTold ?? 'They do not say who'],
            ['What they say', answers.worries ?? 'Nothing'],
            ['School or setting they name', answers.setting ?? 'None'],
            ['Who asked', whoAsked(answers)],
          ].map(([key, value]) => ({ key, value }));
    const title = again.stale ? 'Sign in again to see this' : 'What the online request keeps sealed';
    await this.page(request, response, 'case/online-sealed.view.njk', title, { ...page, ...again, rows });
  }

  @Get('letters/:letterId/file')
  async askForFile(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.filePage(caseId, letterId, actor, request, response);
  }

  /** The bytes as they were sent. By POST: it needs a reason, leaves its trace, and is never kept by a browser. */
  @Post('letters/:letterId/file')
  async openFile(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const reason = new Form(body).text('reason');
    const wrong = reasonWrong(reason);
    if (wrong !== undefined)
      return this.filePage(caseId, letterId, actor, request, response, { reason, message: wrong });
    if (request.signedIn?.fresh !== true)
      return this.filePage(caseId, letterId, actor, request, response, { stale: true });
    const opened = await this.cases.open(
      actor,
      caseId,
      async ({ tx, header }) => {
        const row = await letterRow(tx, letterId);
        if (row === undefined || row.childId !== caseId || row.status !== 'sent') throw new NotFoundException();
        return { reference: header.reference, file: await this.desk.file(tx, letterId, actor, reason) };
      },
      'readLetters',
    );
    if ('pdf' in opened.file) {
      response
        .setHeader('Content-Disposition', `attachment; filename="${opened.reference}-letter-as-sent.pdf"`)
        .setHeader('Cache-Control', 'no-store')
        .type('application/pdf')
        .send(opened.file.pdf);
      return;
    }
    const refusal = 'refusal' in opened.file ? opened.file.refusal : undefined;
    if (refusal?.kind !== 'forbidden') throw new NotFoundException();
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: 'You cannot do this',
        lines: [refusal.message],
        onward: { text: 'Go to the letter', href: `/cases/${caseId}/letters/${letterId}` },
      },
      403,
    );
  }

  private async filePage(
    caseId: string,
    letterId: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    again: { reason?: string; message?: string; stale?: true } = {},
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const row = await letterRow(opened.tx, letterId);
        // Other letters have nothing to hide: they are read on their own page.
        if (row === undefined || row.childId !== caseId || row.status !== 'sent') throw new NotFoundException();
        if (!(await this.desk.needsReason(opened.tx, row))) throw new NotFoundException();
        return {
          header: opened.header,
          name: row.title ?? 'Letter',
          id: row.id,
          may: opened.may('readProtectedAddress'),
        };
      },
      'readLetters',
    );
    if (!page.may) throw new NotFoundException();
    await this.answer.send(request, response, 'case/letter-file.view.njk', {
      title: again.stale ? 'Sign in again to open this letter' : 'Open a letter that shows an address not to be shared',
      caseReference: page.header.reference,
      ...page,
      stale: again.stale,
      reason: again.reason,
      errors: again.message === undefined ? [] : [{ field: 'reason', message: again.message }],
      back: { href: `/cases/${caseId}/letters/${letterId}`, text: 'Letter' },
    });
  }

  private page(
    request: CaseworkRequest,
    response: CaseworkResponse,
    view: string,
    title: string,
    page: { header: OpenedCase['header']; [value: string]: unknown },
  ): Promise<void> {
    return this.answer.send(request, response, view, { title, caseReference: page.header.reference, ...page });
  }
}

function reasonWrong(reason: string): string | undefined {
  if (reason.length < shortestReason) return `Enter a reason, in ${shortestReason} characters or more`;
  return reason.length > 5000 ? 'Reason must be 5,000 characters or fewer' : undefined;
}

function protectedPerson(opened: OpenedCase, personId: string) {
  const found = opened.people.find((one) => one.person.id === personId && one.addressProtected);
  if (found === undefined) throw new NotFoundException();
  return { id: personId, name: `${found.person.firstNames} ${found.person.lastName}` };
}

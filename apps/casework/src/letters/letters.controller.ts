import type { Actor } from '@send/access';
import { CaseFile, channels, type PersonBeside } from '@send/case-file';
import { type Desked, LetterDesk, type LetterRow, letterRow, lettersOfChild } from '@send/correspondence';
import type { Tx } from '@send/database';
import { type Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { Cases } from '../case/case-frame';
import { isSenior, PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { letterName } from './letter-name';
import { recipientNames } from './recipients';

const statusWords: Record<LetterRow['status'], { text: string; tag?: string }> = {
  drafted: { text: 'To approve', tag: 'govuk-tag--yellow' },
  approved: { text: 'Ready to send', tag: 'govuk-tag--light-blue' },
  sent: { text: 'Sent' },
  held: { text: 'Problem: held', tag: 'govuk-tag--red' },
  cancelled: { text: 'No longer needed', tag: 'govuk-tag--grey' },
};

@Controller('cases/:caseId/letters')
export class LettersController {
  constructor(
    private readonly cases: Cases,
    private readonly caseFile: CaseFile,
    private readonly desk: LetterDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const rows = await lettersOfChild(opened.tx, caseId);
        const nameOf = await recipientNames(
          opened,
          rows.map(({ recipient }) => recipient),
        );
        const listed = rows.map((row) => ({
          id: row.id,
          title: row.title ?? letterName(this.desk.catalogue, row.letter),
          process: opened.runs.length > 1 ? opened.runs.find(({ id }) => id === row.runId)?.workflow.title : undefined,
          to: nameOf(row.recipient),
          writtenOn: row.writtenOn,
          sentOn: row.sentOn,
          servedOn: row.servedOn,
          channel: asSaid(row.channel),
          returned: row.returnedReason !== null,
          problem: row.problem === null ? null : withoutStatus(row.problem),
          state: row.status,
          status: statusWords[row.status],
        }));
        const of = (...states: LetterRow['status'][]) => listed.filter((one) => states.includes(one.state));
        return {
          header: opened.header,
          groups: [
            { name: 'Held', last: 'Status', rows: of('held') },
            { name: 'To approve', last: 'Status', rows: of('drafted') },
            { name: 'Approved', last: 'Status', rows: of('approved') },
            { name: 'Sent', last: 'How', rows: of('sent') },
            { name: 'No longer needed', last: 'Why', rows: of('cancelled') },
          ].filter((group) => group.rows.length > 0),
        };
      },
      'readLetters',
    );
    await this.answer.send(request, response, 'letters/letters.view.njk', {
      title: 'Letters',
      caseReference: page.header.reference,
      tab: 'Letters',
      ...page,
    });
  }

  @Get(':letterId')
  letter(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.show(caseId, letterId, actor, request, response);
  }

  /** The bytes that were sent, as they were sent. */
  @Get(':letterId/pdf')
  async pdf(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Acting() actor: Actor,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const stored = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const row = await this.rowOf(opened.tx, caseId, letterId);
        return { reference: opened.header.reference, pdf: await this.desk.pdfOf(opened.tx, row.id) };
      },
      'readLetters',
    );
    if (stored.pdf === undefined) throw new NotFoundException();
    response.setHeader('Content-Disposition', `attachment; filename="${stored.reference}-letter.pdf"`);
    response.type('application/pdf').send(stored.pdf);
  }

  @Post(':letterId/approve')
  async approve(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.mustBeOf(actor, caseId, letterId);
    await this.decided(await this.desk.approve(letterId, actor), caseId, letterId, actor, request, response);
  }

  @Post(':letterId/return')
  async giveBack(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.mustBeOf(actor, caseId, letterId);
    const reason = new Form(body).text('reason');
    await this.decided(await this.desk.giveBack(letterId, reason, actor), caseId, letterId, actor, request, response, {
      reason,
    });
  }

  @Post(':letterId/rewrite')
  async rewrite(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.mustBeOf(actor, caseId, letterId);
    const reasons = new Form(body).text('reasons');
    const paragraphs = reasons
      .split(/\n\s*\n/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
    if (paragraphs.length === 0)
      return this.show(
        caseId,
        letterId,
        actor,
        request,
        response,
        [{ field: 'reasons', message: 'Enter the reasons' }],
        { reasons },
      );
    await this.decided(
      await this.desk.rewrite(letterId, { reasons: paragraphs }, actor),
      caseId,
      letterId,
      actor,
      request,
      response,
      { reasons },
    );
  }

  @Post(':letterId/release')
  async release(
    @Param('caseId') caseId: string,
    @Param('letterId') letterId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.mustBeOf(actor, caseId, letterId);
    const reason = new Form(body).text('reason');
    await this.decided(await this.desk.release(letterId, reason, actor), caseId, letterId, actor, request, response, {
      reason,
    });
  }

  private async decided(
    outcome: Desked,
    caseId: string,
    letterId: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed: { reason?: string; reasons?: string } = {},
  ): Promise<void> {
    if (outcome.done) return response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}/letters/${letterId}`);
    const { refusal } = outcome;
    if (refusal.kind === 'not-found') throw new NotFoundException();
    if (refusal.kind === 'invalid')
      return this.show(
        caseId,
        letterId,
        actor,
        request,
        response,
        refusal.wrong.map(({ field, message }) => ({ field, message })),
        typed,
      );
    if (refusal.wrong.length > 0)
      return this.show(
        caseId,
        letterId,
        actor,
        request,
        response,
        [{ field: 'missing', message: refusal.message }],
        typed,
      );
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: refusal.kind === 'forbidden' ? 'You cannot do this' : 'Nothing was changed',
        lines: [refusal.message.endsWith('.') ? refusal.message : `${refusal.message}.`],
        onward: { text: 'Go to the letter', href: `/cases/${caseId}/letters/${letterId}` },
      },
      refusal.kind === 'forbidden' ? 403 : 409,
    );
  }

  private async show(
    caseId: string,
    letterId: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    errors: readonly FieldError[] = [],
    typed: { reason?: string; reasons?: string } = {},
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const row = await this.rowOf(opened.tx, caseId, letterId);
        const preview = await this.desk.preview(opened.tx, letterId);
        const [fact] = await opened.tx.query<{ type: string; on_day: string; payload: Record<string, unknown> }>(
          'select type, on_day, payload from engine.fact where id = $1',
          [row.factId],
        );
        const beside = opened.people.find((one) => `person:${one.person.id}` === row.recipient);
        return {
          header: opened.header,
          letter: row,
          withReason: row.status === 'sent' && (await this.desk.needsReason(opened.tx, row)),
          mayOpenFile: opened.may('readProtectedAddress'),
          status: statusWords[row.status],
          name: preview?.title || letterName(this.desk.catalogue, row.letter),
          html: belowThePage(preview?.html ?? ''),
          problems: preview?.problems.map((one) => one.wayOut) ?? [],
          to: (await recipientNames(opened, [row.recipient]))(row.recipient),
          where: addressOf(beside),
          channel: howItGoes(row, beside),
          againstChannel: row.status === 'held' && onlyBy(beside) !== undefined,
          writer: opened.nameOf(row.writtenBy),
          approver: row.approvedBy === null ? null : opened.nameOf(row.approvedBy),
          decision:
            fact === undefined
              ? null
              : {
                  happened:
                    opened.runs.find(({ id }) => id === row.runId)?.workflow.commands.forFact(fact.type)?.happened ??
                    fact.type,
                  on: fact.on_day,
                  reasons: Array.isArray(fact.payload['reasons']) ? fact.payload['reasons'] : [],
                },
          wroteIt: row.writtenBy === actor.staffId,
          mayApprove: isSenior(actor) && row.status === 'drafted',
          mayRewrite: row.status === 'drafted' && opened.may('draftLetter'),
          mayRelease: row.status === 'held' && isSenior(actor),
          reasonsNow: (
            row.ownWords?.reasons ??
            (Array.isArray(fact?.payload['reasons']) ? (fact.payload['reasons'] as string[]) : [])
          ).join('\n\n'),
        };
      },
      'readLetters',
    );
    const lacking: FieldError[] =
      page.letter.status === 'drafted' && errors.length === 0
        ? page.problems.map((message) => ({ field: 'missing', message }))
        : [];
    await this.answer.send(request, response, 'letters/letter.view.njk', {
      title: page.name,
      caseReference: page.header.reference,
      ...page,
      reference: page.letter.reference,
      errors,
      lacking,
      typed,
      back: { href: `/cases/${caseId}/letters`, text: 'Letters' },
    });
  }

  /** A letter of another case is not there, whatever the address says. */
  private async rowOf(tx: Tx, caseId: string, letterId: string): Promise<LetterRow> {
    const row = await letterRow(tx, letterId);
    if (row === undefined || row.childId !== caseId) throw new NotFoundException();
    return row;
  }

  private mustBeOf(actor: Actor, caseId: string, letterId: string): Promise<LetterRow> {
    return this.cases.open(actor, caseId, (opened) => this.rowOf(opened.tx, caseId, letterId), 'readLetters');
  }
}

/** The letter's own headings, two levels down: the page has its one h1 already. */
const belowThePage = (html: string): string =>
  html.replace(/<(\/?)h([1-4])\b/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 2}`);

/** A way of sending begins a cell like any other answer. */
const asSaid = (channel: string | null): string | null =>
  channel === null ? null : channel.charAt(0).toUpperCase() + channel.slice(1);

/** What is safe for its reader, where it is not post. */
const onlyBy = (beside: PersonBeside | undefined): string | undefined =>
  beside === undefined || beside.relationship.safeChannel === 'post'
    ? undefined
    : channels[beside.relationship.safeChannel];

/** How it went or would go; and where post was chosen against what is recorded, that it was. */
function howItGoes(row: LetterRow, beside: PersonBeside | undefined): string {
  const post = asSaid(row.channel) ?? 'First class post';
  if (row.postInsteadOf !== null)
    return `${post}, though only ${channels[row.postInsteadOf].toLowerCase()} is recorded as safe: decided when it was released`;
  const safe = row.status === 'sent' || row.status === 'cancelled' ? undefined : onlyBy(beside);
  return safe === undefined ? post : `${safe}. This letter cannot leave that way yet`;
}

/** The heading says it already. */
const withoutStatus = (problem: string): string => {
  const rest = problem.replace(/^No longer needed:? ?/, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
};

/** The street stays out of sight on lists and checks: the first line, and the postcode's first half. */
function addressOf(beside: PersonBeside | undefined): string | null {
  if (beside === undefined) return null;
  if (beside.addressProtected) return 'Address not to be shared';
  const lines = beside.addressLines;
  return lines.length === 0
    ? 'No address on record'
    : `${(lines.at(-1) ?? '').split(' ')[0] ?? ''} (the rest is on the People page)`;
}

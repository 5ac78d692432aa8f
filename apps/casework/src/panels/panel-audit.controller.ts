import type { Actor } from '@send/access';
import { type FieldError, Form } from '@send/pages';
import { checklist, checklistAnswers, drawFields, findingFields, smallest } from '@send/panels';
import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { bodyOf, errorsOf, questionsOf } from './panel-forms';
import { inWords } from './panel-item.controller';
import { type PanelForm, PanelPages } from './panel-pages';

const samples = { href: '/panels/audit', text: 'Audit samples' };

/** The audit of what panels decided, and how alike they decide. */
@Controller('panels')
export class PanelAuditController {
  constructor(private readonly pages: PanelPages) {}

  @Get('rates')
  async rates(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const found = await this.pages.result(request, response, await this.pages.audits.consistency(actor));
    if (found === undefined) return;
    await this.pages.answer.send(request, response, 'panels/rates.view.njk', {
      title: 'How alike the panels decide',
      smallest,
      ...found,
      groups: [
        { name: 'By panel', rows: found.panels },
        { name: 'By need', rows: found.needs },
        { name: 'By school', rows: found.schools },
      ],
      back: { href: '/panels', text: 'Panels' },
    });
  }

  @Get('audit')
  async plan(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const rows = await this.pages.result(request, response, await this.pages.audits.plan(actor));
    if (rows === undefined) return;
    await this.pages.answer.send(request, response, 'panels/audit.view.njk', {
      title: 'Audit samples',
      rows,
      back: { href: '/panels', text: 'Panels' },
    });
  }

  @Get('audit/draw')
  async drawing(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    // Whoever may not read samples may not draw one.
    const rows = await this.pages.result(request, response, await this.pages.audits.plan(actor));
    if (rows !== undefined) await this.pages.show(request, response, await this.drawForm(actor));
  }

  @Post('audit/draw')
  async draw(
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.pages.take(
      request,
      response,
      await this.drawForm(actor),
      sent,
      (body) => this.pages.audits.draw(actor, body),
      ({ id }) => `/panels/audit/${id}`,
    );
  }

  private async drawForm(actor: Actor): Promise<PanelForm> {
    const kinds = await this.pages.audits.kinds(actor);
    return {
      title: 'Draw a sample',
      lead: ['Give any day of the month. A sample that was drawn before is shown as it was drawn.'],
      action: '/panels/audit/draw',
      fields: drawFields,
      choices: { kind: kinds.done ? kinds.result.map(({ id, name }) => ({ value: id, text: name })) : [] },
      button: 'Draw the sample',
      back: samples,
    };
  }

  @Get('audit/:drawId')
  async sample(
    @Param('drawId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const found = await this.pages.result(request, response, await this.pages.audits.sample(actor, id));
    if (found === undefined) return;
    await this.pages.answer.send(request, response, 'panels/sample.view.njk', {
      title: 'Audit sample',
      ...found,
      back: samples,
    });
  }

  @Get('audit/:drawId/:runId')
  async audited(
    @Param('drawId') id: string,
    @Param('runId') runId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.page(id, runId, actor, request, response);
  }

  @Post('audit/:drawId/:runId')
  async find(
    @Param('drawId') id: string,
    @Param('runId') runId: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const typed = new Form(sent);
    const answer = await this.pages.audits.find(actor, id, runId, bodyOf(findingFields, typed).body);
    if (answer.done) return response.redirect(303, `/panels/audit/${id}/${runId}`);
    if (answer.refusal.kind === 'invalid')
      return this.page(id, runId, actor, request, response, typed, errorsOf(answer.refusal, findingFields));
    await this.pages.refused(request, response, answer, { text: 'Back to the sample', href: `/panels/audit/${id}` });
  }

  private async page(
    id: string,
    runId: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed = new Form({}),
    errors: readonly FieldError[] = [],
  ): Promise<void> {
    const found = await this.pages.result(request, response, await this.pages.audits.auditedCase(actor, id, runId));
    if (found === undefined) return;
    const { finding } = found;
    await this.pages.answer.send(request, response, 'panels/audited.view.njk', {
      title: 'Audit of one case',
      caseReference: found.reference,
      ...found,
      said: found.said.map(inWords),
      errors,
      questions: questionsOf(findingFields, typed, errors).map((one) => ({
        ...one,
        label: one.name in checklist ? checklist[one.name as keyof typeof checklist] : one.label,
      })),
      answers:
        finding === null
          ? []
          : Object.entries(checklist).map(([name, question]) => ({
              question,
              answer: checklistAnswers[finding.checklist[name as keyof typeof checklist]],
            })),
      back: { href: `/panels/audit/${id}`, text: 'The sample' },
    });
  }
}

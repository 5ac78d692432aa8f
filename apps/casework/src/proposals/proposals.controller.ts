import type { Action, Actor } from '@send/access';
import { CaseFile, closingOnline, freezePlan } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import type { Door } from '@send/workflow-kit';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { Cases, type OpenedCase } from '../case/case-frame';
import { chosenRun } from '../case/case-runs';
import { isSenior, PageAnswer, worksOnCases } from '../frame/page-answer';
import { closingInWords } from '../online-requests/closing.controller';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';
import { letterName } from '../letters/letter-name';
import { lettersInWords } from '../letters/recipients';
import { foresee } from '../record-event/foreseen';
import { choicesFor } from '../record-event/choices';
import { issuesPlan } from '../record-event/command-pages';
import { answersInWords } from '../record-event/questions';
import { waitingLetters, waitingPeople, waitingProposals } from './waiting';

interface ProposalRow {
  id: string;
  child_id: string;
  run_id: string;
  door: Door;
  command: { given: { command: string; fields: Record<string, unknown> } };
  proposed_by: string;
  proposed_at: Date;
  status: 'waiting' | 'confirmed' | 'returned';
  decided_by: string | null;
  reason: string | null;
}

/** What waits for a second person: what it is, what it would do, and that person's yes or no. */
@Controller()
export class ProposalsController {
  constructor(
    private readonly cases: Cases,
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly desk: LetterDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('approvals')
  async list(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const page = await this.caseFile.within(actor, async (tx) => {
      const nameOf = await staffNames(tx);
      const proposals = (await waitingProposals(tx, actor)).map((one) => ({
        ...one,
        label: this.engine.workflow(one.workflow, one.workflowVersion).commands.find(one.command)?.label ?? one.command,
        by: nameOf(one.proposedBy),
        own: one.proposedBy === actor.staffId,
      }));
      const letters = (await waitingLetters(tx, actor)).map((one) => ({
        ...one,
        title: letterName(this.desk.catalogue, one.letter),
        by: nameOf(one.writtenBy),
        own: one.writtenBy === actor.staffId,
      }));
      const people = (await waitingPeople(tx, actor, this.clock.today())).map((one) => ({
        ...one,
        by: nameOf(one.by),
        own: one.by === actor.staffId,
      }));
      const online = (await closingOnline(tx))
        .filter((one) => isSenior(actor) || one.closingBy === actor.staffId)
        .map((one) => ({
          ...one,
          words: one.closing === null ? '' : closingInWords[one.closing],
          by: nameOf(one.closingBy),
          own: one.closingBy === actor.staffId,
        }));
      return { proposals, letters, people, online };
    });
    await this.answer.send(request, response, 'proposals/approvals.view.njk', {
      title: 'Approvals',
      senior: isSenior(actor),
      ...page,
    });
  }

  @Get('proposals/:proposalId')
  one(
    @Param('proposalId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.show(id, actor, request, response);
  }

  @Post('proposals/:proposalId/confirm')
  async confirm(
    @Param('proposalId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const row = await this.rowOf(actor, id);
    await this.cases.open(actor, row.child_id, async () => undefined);
    const outcome = await this.engine.confirm(id, actor);
    if (outcome.done) {
      const { planVersion, on } = row.command.given.fields;
      const issues = (opened: OpenedCase): boolean => {
        const command = chosenRun(opened.runs, row.run_id).workflow.commands.find(row.command.given.command);
        return command !== undefined && issuesPlan(command);
      };
      if (typeof planVersion === 'string')
        await this.cases.open(
          actor,
          row.child_id,
          (opened) =>
            freezePlan(
              opened.tx,
              planVersion,
              this.clock.now(),
              issues(opened) && typeof on === 'string' ? on : undefined,
            ),
          'editPlan',
        );
      return response.redirect(HttpStatus.SEE_OTHER, `/cases/${row.child_id}/recorded/${outcome.factId}`);
    }
    if (!('refusal' in outcome) || outcome.refusal.kind === 'not-found') throw new NotFoundException();
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: outcome.refusal.kind === 'forbidden' ? 'You cannot confirm this' : 'This cannot be done now',
        lines: [sentence(outcome.refusal.message), 'Nothing was changed.'],
        onward: { text: 'Back to the decision', href: `/proposals/${id}` },
      },
      outcome.refusal.kind === 'forbidden' ? 403 : 409,
    );
  }

  @Post('proposals/:proposalId/return')
  async giveBack(
    @Param('proposalId') id: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const row = await this.rowOf(actor, id);
    await this.cases.open(actor, row.child_id, async () => undefined);
    const reason = new Form(body).text('reason');
    if (reason === '' || reason.length > 5000)
      return this.show(
        id,
        actor,
        request,
        response,
        [
          {
            field: 'reason',
            message: reason === '' ? 'Enter what must change' : 'What must change must be 5,000 characters or fewer',
          },
        ],
        reason,
      );
    if (!isSenior(actor) && row.proposed_by !== actor.staffId) throw new NotFoundException();
    const outcome = await this.engine.giveBack(id, reason, actor);
    if ('returned' in outcome) return response.redirect(HttpStatus.SEE_OTHER, `/proposals/${id}`);
    if (!('refusal' in outcome) || outcome.refusal.kind === 'not-found') throw new NotFoundException();
    await this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title: 'Nothing was changed',
        lines: [sentence(outcome.refusal.message)],
        onward: { text: 'Back to the decision', href: `/proposals/${id}` },
      },
      409,
    );
  }

  private async show(
    id: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    errors: readonly FieldError[] = [],
    reason = '',
  ): Promise<void> {
    const row = await this.rowOf(actor, id);
    const page = await this.cases.open(actor, row.child_id, async (opened) => {
      const { given } = row.command;
      const run = chosenRun(opened.runs, row.run_id);
      const { commands } = run.workflow;
      const command = commands.find(given.command);
      if (command === undefined) throw new NotFoundException();
      const read = commands.read(given.command, given.fields, opened.today);
      const { choices } = await choicesFor(opened, run, command);
      const answers = 'sent' in read ? answersInWords(command, read.sent.payload, read.sent.on, choices) : [];
      const history = await this.engine.history(actor, run.id, opened.tx);
      const foreseen =
        row.status === 'waiting' && 'sent' in read
          ? foresee(run, history, command, row.door, read.sent.on, read.sent.payload, opened.subjectName)
          : undefined;
      const decision =
        row.status === 'waiting' && row.door === 'act' && 'sent' in read
          ? await this.desk.checkDecision(opened.tx, { runId: run.id }, given.command, read.sent.payload, read.sent.on)
          : undefined;
      return {
        header: opened.header,
        label: command.label,
        answers,
        foreseen,
        door: row.door,
        ...(await lettersInWords(opened, decision, this.desk.catalogue)),
        by: opened.nameOf(row.proposed_by),
        at: row.proposed_at,
        own: row.proposed_by === actor.staffId,
        mayConfirm: opened.may(command.action as Action) && isSenior(actor),
        status: row.status,
        decidedBy: row.decided_by === null ? null : opened.nameOf(row.decided_by),
        returnedReason: row.reason,
      };
    });
    await this.answer.send(request, response, 'proposals/proposal.view.njk', {
      title:
        page.status === 'waiting'
          ? page.own
            ? 'This waits for a second person'
            : 'Confirm or return'
          : page.status === 'confirmed'
            ? 'Confirmed'
            : 'Returned',
      caseReference: page.header.reference,
      id,
      errors,
      reason,
      ...page,
      back: { href: '/approvals', text: 'Approvals' },
    });
  }

  private async rowOf(actor: Actor, id: string): Promise<ProposalRow> {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new NotFoundException();
    const [row] = await this.caseFile.within(actor, (tx) =>
      tx.query<ProposalRow>(
        'select id, child_id, run_id, door, command, proposed_by, proposed_at, status, decided_by, reason from engine.proposal where id = $1',
        [id],
      ),
    );
    if (row === undefined) throw new NotFoundException();
    return row;
  }
}

const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

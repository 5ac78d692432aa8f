import type { Actor } from '@send/access';
import { LetterDesk } from '@send/correspondence';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { activityOf } from '../case/activity';
import { Cases, type OpenedCase } from '../case/case-frame';
import { type CaseRun, chosenRun, runAsked } from '../case/case-runs';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { letterName } from '../letters/letter-name';
import { disputeShown } from './appeal.page';

const isDispute = (run: CaseRun): boolean => run.workflow.id === 'appeal';

/** A dispute about one decision: where it stands, whose days run, what came of it, and all that happened in order. */
@Controller('cases/:caseId/appeal')
export class AppealController {
  constructor(
    private readonly cases: Cases,
    private readonly desk: LetterDesk,
    private readonly answer: PageAnswer,
  ) {}

  @Get()
  async read(
    @Param('caseId') caseId: string,
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const asked = runAsked(query['run']);
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const disputes = opened.runs.filter(isDispute);
      const run = disputes.length === 0 && asked === undefined ? undefined : chosenRun(opened.runs, asked, isDispute);
      return {
        header: opened.header,
        today: opened.today,
        dispute: run === undefined ? null : disputeShown(opened, run),
        // Oldest first: a chronology is read as a story.
        chronology: run === undefined ? [] : (await this.told(opened, run)).reverse(),
        others: disputes
          .filter((one) => one.id !== run?.id)
          .map((one) => ({ id: one.id, called: one.called, since: one.opened_on })),
      };
    });
    await this.answer.send(request, response, 'appeal/appeal.view.njk', {
      title: 'Mediation and appeal',
      tab: 'Appeal',
      caseReference: page.header.reference,
      ...page,
    });
  }

  private told(opened: OpenedCase, run: CaseRun) {
    return activityOf({ ...opened, runs: [run] }, (id) => letterName(this.desk.catalogue, id));
  }
}

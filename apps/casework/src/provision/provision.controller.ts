import type { Actor } from '@send/access';
import { plansOf, planVersionOf } from '@send/case-file';
import type { ProvisionContext } from '@send/workflows';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { Cases, type OpenedCase } from '../case/case-frame';
import { type CaseRun, chosenRun } from '../case/case-runs';
import { dateOf } from '../case/run-sections';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { contactsInWords, provisionRows } from './provision.page';

const isCheck = (run: CaseRun): boolean => run.workflow.id === 'provision-check';

/** Is what the plan promises delivered? What family and setting say, item by item, and what is done about each gap. */
@Controller('cases/:caseId/provision')
export class ProvisionController {
  constructor(
    private readonly cases: Cases,
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
    const asked = typeof query['run'] === 'string' ? query['run'] : undefined;
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const checks = opened.runs.filter(isCheck);
        const run = checks.length === 0 && asked === undefined ? undefined : chosenRun(opened.runs, asked, isCheck);
        return {
          header: opened.header,
          today: opened.today,
          check: run === undefined ? null : await checkOf(opened, run),
          others: checks
            .filter((one) => one.id !== run?.id)
            .map((one) => ({ id: one.id, called: one.called, since: one.opened_on })),
        };
      },
      'readDraftPlan',
    );
    await this.answer.send(request, response, 'provision/provision.view.njk', {
      title: 'Provision check',
      tab: 'Provision',
      caseReference: page.header.reference,
      ...page,
    });
  }
}

async function checkOf(opened: OpenedCase, run: CaseRun) {
  const { check } = run.place.context as ProvisionContext;
  const versions = await plansOf(opened.tx, opened.child.id);
  const own =
    check.planVersion === undefined ? null : await planVersionOf(opened.tx, check.planVersion).catch(() => null);
  const version = own ?? versions.find(({ issuedOn }) => issuedOn !== null) ?? null;
  const rows = provisionRows(version?.provision ?? [], check, opened.today);
  return {
    id: run.id,
    called: run.called,
    closed: run.closed,
    since: run.opened_on,
    afterMove: run.place.context.facts['startedAtNewSetting'] !== undefined,
    plan: version === null ? null : { number: version.number, issuedOn: version.issuedOn },
    contacts: contactsInWords(check),
    open: rows.filter(({ gap }) => gap !== null),
    rest: rows.filter(({ gap }) => gap === null),
    dates: run.deadlines
      .filter((row) => /practice\.(contact|visit|family)/.test(row.duty))
      .map((row) => dateOf(row, opened)),
    mayRecord: opened.header.mayStart,
    earlyReviewSoughtOn: check.earlyReviewSoughtOn ?? null,
  };
}

import type { Actor } from '@send/access';
import { adviceOf, adviserOf, findSettings, settingOf } from '@send/case-file';
import type { Day } from '@send/statute';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { Cases, countsBy, type OpenedCase } from './case-frame';
import { assessmentIn, type CaseRun } from './case-runs';

/** Whom we asked and what came back: advisers for their advice, settings whether they can take the child. */
@Controller('cases/:caseId')
export class AskedController {
  constructor(
    private readonly cases: Cases,
    private readonly answer: PageAnswer,
  ) {}

  @Get('advice')
  async advice(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const rows = [];
        const letters = await opened.tx.query<{ subject: string; letter: string; status: string; sent_on: Day | null }>(
          "select subject, letter, status, sent_on from letters.letter where child_id = $1 and subject is not null and letter like 'assessment.advice%' order by written_on, id",
          [caseId],
        );
        const run = runThat(opened, (one) => Object.keys(assessmentIn(one).advice ?? {}).length > 0);
        for (const [id, one] of Object.entries(assessmentIn(run).advice ?? {})) {
          const deadline = run?.deadlines.find((row) => row.duty === 'assessment.advice-due' && row.subject === id);
          const adviser = isId(one.adviser)
            ? ((await adviserOf(opened.tx, one.adviser)) ?? (await settingOf(opened.tx, one.adviser)))
            : null;
          const by = deadline === undefined ? null : countsBy(deadline);
          const late = by !== null && by < opened.today;
          rows.push({
            id,
            kind: one.kind,
            adviser: adviser?.name ?? 'Not on record',
            askedOn: one.askedOn,
            due: by,
            late,
            receivedOn: one.receivedOn ?? null,
            reused: one.reused === true,
            returned: one.returned === true,
            reminders: letters.filter((row) => row.subject === id && /reminder|overdue/.test(row.letter)).length,
            asked:
              letters.find((row) => row.subject === id && !/reminder|overdue|received/.test(row.letter))?.sent_on ??
              null,
            chase: `/cases/${caseId}/record/chaseAdvice?request=${id}&late=${late ? 'yes' : 'no'}&run=${run?.id ?? ''}`,
            receive: `/cases/${caseId}/record/recordAdvice?request=${id}&run=${run?.id ?? ''}`,
          });
        }
        return {
          header: opened.header,
          rows,
          reports: await adviceOf(opened.tx, caseId),
          mayAsk: assessmentIn(run).facts?.['decidedToAssess'] !== undefined,
        };
      },
      'readAdvice',
    );
    await this.page(request, response, 'case/advice.view.njk', 'Advice', page);
  }

  @Get('consultations')
  async consultations(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const settings = await findSettings(opened.tx, '', 500);
      const run = runThat(opened, (one) => Object.keys(assessmentIn(one).plan?.consultations ?? {}).length > 0);
      const answers = run?.workflow.commands.find('recordSettingAnswer')?.fields['answer'];
      const words = answers?.kind === 'choice' ? answers.options : {};
      const rows = Object.entries(assessmentIn(run).plan?.consultations ?? {}).map(([id, one]) => {
        const deadline = run?.deadlines.find(
          (row) => row.duty === 'plan.school-consultation-response' && row.subject === id,
        );
        const due = deadline === undefined ? null : countsBy(deadline);
        return {
          id,
          setting: settings.find((each) => each.id === one.setting)?.name ?? 'A setting not on record',
          sentOn: one.sentOn,
          due,
          late: due !== null && due < opened.today,
          answeredOn: one.answeredOn ?? null,
          answer: one.answer === undefined ? null : (words[one.answer] ?? one.answer),
          chase: `/cases/${caseId}/record/chaseConsultation?consultation=${id}&run=${run?.id ?? ''}`,
          record: `/cases/${caseId}/record/recordSettingAnswer?consultation=${id}&run=${run?.id ?? ''}`,
        };
      });
      const { facts } = assessmentIn(run);
      return {
        header: opened.header,
        rows,
        mayConsult: facts?.['decidedToIssue'] !== undefined || facts?.['draftPlanSent'] !== undefined,
      };
    });
    await this.page(request, response, 'case/consultations.view.njk', 'Consultations', page);
  }

  private page(
    request: CaseworkRequest,
    response: CaseworkResponse,
    view: string,
    title: string,
    page: { header: OpenedCase['header']; [value: string]: unknown },
  ): Promise<void> {
    return this.answer.send(request, response, view, {
      title,
      caseReference: page.header.reference,
      tab: title,
      ...page,
    });
  }
}

/** The newest process that asked somebody; where none did, the assessment, which may. */
const runThat = (opened: OpenedCase, asked: (run: CaseRun) => boolean): CaseRun | undefined =>
  opened.runs.find(asked) ?? opened.runs.find(({ workflow }) => workflow.id === 'needs-assessment');

const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

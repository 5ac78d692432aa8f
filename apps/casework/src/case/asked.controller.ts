import type { Actor } from '@send/access';
import { adviceOf, adviserOf, findSettings, settingOf } from '@send/case-file';
import type { Day } from '@send/statute';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { Cases, countsBy, type OpenedCase } from './case-frame';

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
        for (const [id, one] of Object.entries(opened.run?.place.context.advice ?? {})) {
          const deadline = opened.deadlines.find((row) => row.duty === 'assessment.advice-due' && row.subject === id);
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
            chase: `/cases/${caseId}/record/chaseAdvice?request=${id}&late=${late ? 'yes' : 'no'}`,
            receive: `/cases/${caseId}/record/recordAdvice?request=${id}`,
          });
        }
        return {
          header: opened.header,
          rows,
          reports: await adviceOf(opened.tx, caseId),
          mayAsk: opened.run?.place.context.facts['decidedToAssess'] !== undefined,
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
      const answers = opened.workflow?.commands.find('recordSettingAnswer')?.fields['answer'];
      const words = answers?.kind === 'choice' ? answers.options : {};
      const rows = Object.entries(opened.run?.place.context.plan.consultations ?? {}).map(([id, one]) => {
        const deadline = opened.deadlines.find(
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
          chase: `/cases/${caseId}/record/chaseConsultation?consultation=${id}`,
          record: `/cases/${caseId}/record/recordSettingAnswer?consultation=${id}`,
        };
      });
      const context = opened.run?.place.context;
      return {
        header: opened.header,
        rows,
        mayConsult: context?.facts['decidedToIssue'] !== undefined || context?.facts['draftPlanSent'] !== undefined,
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

const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

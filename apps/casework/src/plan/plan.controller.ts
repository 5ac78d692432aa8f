import type { Actor } from '@send/access';
import {
  addPlanVersion,
  findSettings,
  plansOf,
  type PlanVersion,
  planVersionOf,
  savePlan,
  settingOf,
} from '@send/case-file';
import { type FieldError, Form } from '@send/pages';
import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpStatus,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { Cases } from '../case/case-frame';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { changesInWords, linksInWords } from './plan-changes';
import { inputsOf, planOf, shownPlan } from './plan-form';

/** The plan's text, saved freely until a command names the version. */
@Controller('cases/:caseId/plan')
export class PlanController {
  constructor(
    private readonly cases: Cases,
    private readonly answer: PageAnswer,
  ) {}

  @Get()
  async read(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const versions = await plansOf(opened.tx, caseId);
        const settings = await settingNames(opened.tx, versions);
        return {
          header: opened.header,
          mayEdit: opened.may('editPlan'),
          versions: versions.map((one, index) => {
            const before = versions[index + 1];
            const frozen = one.frozenAt !== null;
            return {
              id: one.id,
              number: one.number,
              kind: one.kind,
              frozen,
              issuedOn: one.issuedOn,
              ...shownPlan(one),
              changes: before === undefined ? null : changesInWords(before, one, settings),
              missing: frozen ? [] : linksInWords(one),
            };
          }),
        };
      },
      'readDraftPlan',
    );
    await this.answer.send(request, response, 'plan/plan.view.njk', {
      title: 'Plan',
      tab: 'Plan',
      caseReference: page.header.reference,
      ...page,
    });
  }

  @Post()
  async begin(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const kind = new Form(body).choice('kind', ['draft', 'final'] as const) ?? 'draft';
    const made = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        if (!opened.may('editPlan')) throw new ForbiddenException();
        return addPlanVersion(opened.tx, caseId, kind);
      },
      'readDraftPlan',
    );
    response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}/plan/${made.id}`);
  }

  @Get(':versionId')
  edit(
    @Param('caseId') caseId: string,
    @Param('versionId') versionId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.form(caseId, versionId, undefined, [], actor, request, response);
  }

  @Post(':versionId')
  async save(
    @Param('caseId') caseId: string,
    @Param('versionId') versionId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    if (form.text('step') === 'add-item') return this.form(caseId, versionId, form, [], actor, request, response);
    const saved = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        if (!opened.may('editPlan')) throw new ForbiddenException();
        const found = await ownVersion(opened.tx, caseId, versionId);
        const { content, errors } = planOf(form, found);
        if (form.text('settingType').length > 120)
          errors.push({ field: 'settingType', message: 'Type of setting must be 120 characters or fewer' });
        if (errors.length > 0) return errors;
        const settings = await findSettings(opened.tx, '', 500);
        return savePlan(opened.tx, found.id, Number(form.text('version')) || 0, {
          ...content,
          ...(form.names().includes('setting')
            ? { namedSettingId: settings.find((one) => one.id === form.text('setting'))?.id ?? null }
            : {}),
          ...(form.names().includes('settingType') ? { settingType: form.text('settingType') || null } : {}),
        });
      },
      'readDraftPlan',
    );
    if (typeof saved !== 'string') return this.form(caseId, versionId, form, saved, actor, request, response);
    if (saved === 'saved') return response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}/plan`);
    await this.form(
      caseId,
      versionId,
      form,
      [
        {
          field: 'version',
          href: 'section-A',
          message:
            saved === 'frozen'
              ? 'This version was sent and cannot be changed. Begin a new version'
              : 'Somebody saved this version after you opened it. Your answers are kept: check them and save again',
        },
      ],
      actor,
      request,
      response,
      409,
    );
  }

  private async form(
    caseId: string,
    versionId: string,
    form: Form | undefined,
    errors: readonly FieldError[],
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    status?: number,
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        const version = await ownVersion(opened.tx, caseId, versionId);
        const settings = await findSettings(opened.tx, '', 500);
        return {
          header: opened.header,
          number: version.number,
          namesSetting: version.kind !== 'draft',
          version: version.version,
          ...inputsOf(version, form),
          settings,
          setting: form?.text('setting') ?? version.namedSettingId ?? '',
          settingType: form?.text('settingType') ?? version.settingType ?? '',
        };
      },
      'readDraftPlan',
    );
    await this.answer.send(
      request,
      response,
      'plan/edit.view.njk',
      {
        title: `Plan, version ${page.number}`,
        caseReference: page.header.reference,
        errors,
        action: request.path,
        back: { href: `/cases/${caseId}/plan`, text: 'Plan' },
        ...page,
      },
      status,
    );
  }
}

async function ownVersion(
  tx: Parameters<typeof planVersionOf>[0],
  caseId: string,
  versionId: string,
): Promise<PlanVersion> {
  const found = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(versionId)
    ? await planVersionOf(tx, versionId)
    : null;
  if (found === null || found.childId !== caseId) throw new NotFoundException();
  return found;
}

/** Names of the settings that the versions have in section I. */
async function settingNames(
  tx: Parameters<typeof planVersionOf>[0],
  versions: readonly PlanVersion[],
): Promise<(id: string) => string> {
  const ids = new Set(versions.flatMap(({ namedSettingId }) => namedSettingId ?? []));
  const names = new Map<string, string>();
  for (const id of ids) names.set(id, (await settingOf(tx, id))?.name ?? 'A setting not on record');
  return (id) => names.get(id) ?? 'A setting not on record';
}

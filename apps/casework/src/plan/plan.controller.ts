import type { Actor } from '@send/access';
import {
  addPlanVersion,
  findSettings,
  type PlanSection,
  planSections,
  plansOf,
  type PlanVersion,
  planVersionOf,
  type ProvisionItem,
  savePlan,
} from '@send/case-file';
import { newId } from '@send/database';
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

const sections = Object.keys(planSections) as PlanSection[];
const provisionParts = {
  what: 'What',
  howOften: 'How often',
  howLong: 'How long',
  who: 'Who',
  where: 'Where',
} as const;
type Part = keyof typeof provisionParts;

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
      async (opened) => ({
        header: opened.header,
        mayEdit: opened.may('editPlan'),
        versions: (await plansOf(opened.tx, caseId)).map((one) => ({
          id: one.id,
          number: one.number,
          kind: one.kind,
          frozen: one.frozenAt !== null,
          issuedOn: one.issuedOn,
          sections: sections.map((section) => ({
            section,
            heading: planSections[section],
            text: one.sections[section] ?? '',
          })),
          provision: one.provision,
        })),
      }),
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
    const errors: FieldError[] = sections.flatMap((section) =>
      form.text(`section-${section}`).length > 20_000
        ? [{ field: `section-${section}`, message: `Section ${section} must be 20,000 characters or fewer` }]
        : [],
    );
    const provision = provisionOf(form);
    errors.push(
      ...provision.flatMap((item, index) =>
        item.what === ''
          ? [{ field: `item-${index}-what`, message: `Enter what is provided in item ${index + 1}` }]
          : [],
      ),
    );
    if (errors.length > 0 || form.text('step') === 'add-item')
      return this.form(caseId, versionId, form, errors, actor, request, response);
    const saved = await this.cases.open(
      actor,
      caseId,
      async (opened) => {
        if (!opened.may('editPlan')) throw new ForbiddenException();
        const found = await ownVersion(opened.tx, caseId, versionId);
        const settings = await findSettings(opened.tx, '', 500);
        const named = settings.find((one) => one.id === form.text('setting'))?.id ?? null;
        const text: Partial<Record<PlanSection, string>> = {};
        for (const section of sections)
          if (form.text(`section-${section}`) !== '') text[section] = form.text(`section-${section}`);
        return savePlan(opened.tx, found.id, Number(form.text('version')) || 0, {
          sections: text,
          provision: [...provision],
          namedSettingId: named,
          settingType: form.text('settingType').slice(0, 120) || null,
        });
      },
      'readDraftPlan',
    );
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
        const items: readonly ProvisionItem[] = form === undefined ? version.provision : provisionOf(form);
        const count = Math.max(items.length + (form?.text('step') === 'add-item' || items.length === 0 ? 1 : 0), 1);
        return {
          header: opened.header,
          number: version.number,
          version: version.version,
          sections: sections.map((section) => ({
            section,
            heading: planSections[section],
            text: form?.text(`section-${section}`) ?? version.sections[section] ?? '',
          })),
          items: Array.from({ length: count }, (_, index) => ({
            id: items[index]?.id ?? '',
            section: items[index]?.section ?? 'F',
            parts: Object.entries(provisionParts).map(([part, label]) => ({
              part,
              label,
              value: items[index]?.[part as Part] ?? '',
            })),
          })),
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

function provisionOf(form: Form): ProvisionItem[] {
  const numbers = [...new Set(form.names().flatMap((name) => /^item-(\d{1,2})-/.exec(name)?.[1] ?? []))]
    .map(Number)
    .sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const part = (name: Part) => form.text(`item-${number}-${name}`).slice(0, 1000);
    const item = {
      what: part('what'),
      howOften: part('howOften'),
      howLong: part('howLong'),
      who: part('who'),
      where: part('where'),
    };
    return Object.values(item).every((text) => text === '')
      ? []
      : [
          {
            ...item,
            id: form.text(`item-${number}-id`) || newId(),
            section: form.choice(`item-${number}-section`, ['F', 'G', 'H1', 'H2'] as const) ?? 'F',
          },
        ];
  });
}

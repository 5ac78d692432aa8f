import { type Actor, staffOn } from '@send/access';
import { findChild } from '@send/case-file';
import { Form } from '@send/pages';
import { additionFields, cancelFields, sittingFields } from '@send/panels';
import { formatDay } from '@send/statute';
import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { positionsInWords } from './item-words';
import { type PanelForm, PanelPages } from './panel-pages';

const panels = { href: '/panels', text: 'Panels' };

/** Sittings: the reader's own, one with its agenda, who was there, and its minutes. */
@Controller('panels')
export class PanelsController {
  constructor(private readonly pages: PanelPages) {}

  @Get()
  async mine(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    mayComeIn(actor);
    const mine = await this.pages.result(request, response, await this.pages.sittings.mine(actor));
    if (mine === undefined) return;
    const today = this.pages.clock.today();
    await this.pages.answer.send(request, response, 'panels/mine.view.njk', {
      title: 'Panels',
      ...mine,
      coming: mine.sittings.filter(({ meetsOn }) => meetsOn >= today),
      past: mine.sittings.filter(({ meetsOn }) => meetsOn < today),
      officer: isOfficer(actor),
      audits: actor.roles.some((role) => ['SM', 'PC', 'AU'].includes(role)),
    });
  }

  @Get('sittings/new')
  async arranging(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = await this.arrangeForm(actor);
    await this.pages.show(request, response, form);
  }

  @Post('sittings/new')
  async arrange(
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = await this.arrangeForm(actor);
    await this.pages.take(
      request,
      response,
      form,
      sent,
      (body) => this.pages.sittings.arrange(actor, body),
      ({ id }) => `/panels/sittings/${id}`,
    );
  }

  private async arrangeForm(actor: Actor): Promise<PanelForm> {
    const mine = await this.pages.sittings.mine(actor);
    if (!mine.done || mine.result.runs.length === 0) throw new NotFoundException();
    const { kinds, runs } = mine.result;
    return {
      title: 'Arrange a sitting',
      action: '/panels/sittings/new',
      fields: sittingFields,
      choices: { kind: kinds.filter(({ id }) => runs.includes(id)).map(({ id, name }) => ({ value: id, text: name })) },
      button: 'Arrange the sitting',
      back: panels,
    };
  }

  @Get('sittings/:sittingId')
  async sitting(
    @Param('sittingId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const view = await this.pages.result(request, response, await this.pages.sittings.view(actor, id));
    if (view === undefined) return;
    await this.pages.answer.send(request, response, 'panels/sitting.view.njk', {
      title: `Sitting on ${formatDay(view.sitting.meetsOn)}`,
      ...view,
      declared: Object.fromEntries([...view.declared].map((run) => [run, true])),
      called: positionsInWords,
      mayList: isOfficer(actor) || view.runs,
      upcoming: view.sitting.meetsOn >= this.pages.clock.today(),
      back: panels,
    });
  }

  @Get('sittings/:sittingId/cancel')
  async cancelling(
    @Param('sittingId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = await this.cancelForm(actor, id, request, response);
    if (form !== undefined) await this.pages.show(request, response, form);
  }

  @Post('sittings/:sittingId/cancel')
  async cancel(
    @Param('sittingId') id: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = await this.cancelForm(actor, id, request, response);
    if (form !== undefined)
      await this.pages.take(
        request,
        response,
        form,
        sent,
        (body) => this.pages.sittings.cancel(actor, id, body),
        () => `/panels/sittings/${id}`,
      );
  }

  private async cancelForm(
    actor: Actor,
    id: string,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<PanelForm | undefined> {
    const view = await this.pages.result(request, response, await this.pages.sittings.view(actor, id));
    if (view === undefined) return undefined;
    return {
      title: 'Cancel this sitting',
      caption: `${view.sitting.kindName}, ${formatDay(view.sitting.meetsOn)}`,
      lead: [
        `${view.agenda.items.length + view.closedToMe} cases are on its agenda. They go back to the pool, and their caseworkers are told to tell the families.`,
        'No legal date waits for the next sitting.',
      ],
      action: `/panels/sittings/${id}/cancel`,
      fields: cancelFields,
      button: 'Cancel the sitting',
      warning: true,
      back: { href: `/panels/sittings/${id}`, text: 'Back to the sitting' },
    };
  }

  @Get('sittings/:sittingId/attendance')
  async attendance(
    @Param('sittingId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    await this.attendancePage(actor, id, request, response);
  }

  @Post('sittings/:sittingId/attendance')
  async attend(
    @Param('sittingId') id: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const view = await this.pages.result(request, response, await this.pages.sittings.view(actor, id));
    if (view === undefined) return;
    const form = new Form(sent);
    const members = view.attendants.filter(({ standsFor }) => standsFor === null);
    const attendants = members.flatMap(({ staffId }) => {
      const state = form.text(`state.${staffId}`);
      const standIn = form.text(`substitute.${staffId}`);
      return [
        ...(state === '' ? [] : [{ of: `state.${staffId}`, row: { staff: staffId, state } }]),
        ...(standIn === ''
          ? []
          : [{ of: `substitute.${staffId}`, row: { staff: standIn, state: 'substitute', standsFor: staffId } }]),
      ];
    });
    const first = `state.${members[0]?.staffId ?? ''}`;
    const both = members.find(
      ({ staffId }) => form.text(`state.${staffId}`) === 'present' && form.text(`substitute.${staffId}`) !== '',
    );
    if (both !== undefined)
      return this.attendancePage(actor, id, request, response, form, [
        { field: `substitute.${both.staffId}`, message: `${both.name} is present: nobody stands in for them` },
      ]);
    const answer = await this.pages.sittings.attend(actor, id, { attendants: attendants.map(({ row }) => row) });
    if (answer.done) return response.redirect(303, `/panels/sittings/${id}`);
    if (answer.refusal.kind !== 'invalid')
      return this.pages.refused(request, response, answer, {
        text: 'Back to the sitting',
        href: `/panels/sittings/${id}`,
      });
    const errors = answer.refusal.wrong.map(({ field, message }) => {
      const at = /^attendants\.(\d+)/.exec(field)?.[1];
      return { field: at === undefined ? first : (attendants[Number(at)]?.of ?? first), message };
    });
    await this.attendancePage(actor, id, request, response, form, errors);
  }

  private async attendancePage(
    actor: Actor,
    id: string,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed?: Form,
    errors: readonly { field: string; message: string }[] = [],
  ): Promise<void> {
    const view = await this.pages.result(request, response, await this.pages.sittings.view(actor, id));
    if (view === undefined) return;
    if (!view.runs) throw new NotFoundException();
    const people = await this.pages.caseFile.within(actor, (tx) => staffOn(tx, view.sitting.meetsOn));
    const seated = new Set(view.attendants.filter(({ standsFor }) => standsFor === null).map(({ staffId }) => staffId));
    await this.pages.answer.send(request, response, 'panels/attendance.view.njk', {
      title: 'Who is there?',
      sitting: view.sitting,
      errors,
      members: view.attendants
        .filter(({ standsFor }) => standsFor === null)
        .map((one) => ({
          ...one,
          represents: one.represents.replaceAll('-', ' '),
          value: typed?.text(`state.${one.staffId}`) ?? one.state ?? '',
          substitute:
            typed?.text(`substitute.${one.staffId}`) ??
            view.attendants.find(({ standsFor }) => standsFor === one.staffId)?.staffId ??
            '',
        })),
      staff: [
        { value: '', text: 'Nobody' },
        ...people.filter((one) => !seated.has(one.id)).map((one) => ({ value: one.id, text: one.name })),
      ],
      back: { href: `/panels/sittings/${id}`, text: 'Back to the sitting' },
    });
  }

  @Get('sittings/:sittingId/minutes')
  async minutes(
    @Param('sittingId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const read = await this.pages.result(request, response, await this.pages.sittings.minutes(actor, id));
    if (read === undefined) return;
    const nameOf = new Map(read.minutes.parts.map(({ runId, reference }) => [runId, reference]));
    await this.pages.answer.send(request, response, 'panels/minutes.view.njk', {
      title: `Minutes of ${formatDay(read.sitting.meetsOn)}`,
      ...read,
      additions: read.minutes.additions.map((one) => ({
        ...one,
        about: one.runId === null ? null : nameOf.get(one.runId),
      })),
      back: { href: `/panels/sittings/${id}`, text: 'Back to the sitting' },
    });
  }

  @Post('sittings/:sittingId/minutes/sign')
  async signMinutes(
    @Param('sittingId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const onward = { text: 'Back to the minutes', href: `/panels/sittings/${id}/minutes` };
    const signed = await this.pages.result(request, response, await this.pages.sittings.signMinutes(actor, id), onward);
    if (signed !== undefined) response.redirect(303, onward.href);
  }

  @Get('sittings/:sittingId/minutes/add')
  async adding(
    @Param('sittingId') id: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = await this.additionForm(actor, id, request, response);
    if (form !== undefined) await this.pages.show(request, response, form);
  }

  @Post('sittings/:sittingId/minutes/add')
  async add(
    @Param('sittingId') id: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = await this.additionForm(actor, id, request, response);
    if (form !== undefined)
      await this.pages.take(
        request,
        response,
        form,
        sent,
        (body) => this.pages.sittings.addToMinutes(actor, id, body),
        () => form.back.href,
      );
  }

  private async additionForm(
    actor: Actor,
    id: string,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<PanelForm | undefined> {
    const read = await this.pages.result(request, response, await this.pages.sittings.minutes(actor, id));
    if (read === undefined) return undefined;
    return {
      title: 'Add a correction',
      caption: `Minutes of ${formatDay(read.sitting.meetsOn)}`,
      lead: ['What was signed stays as it is. The correction stands beneath it, with your name.'],
      action: `/panels/sittings/${id}/minutes/add`,
      fields: additionFields,
      choices: {
        run: read.minutes.parts.map(({ runId, reference, name }) => ({ value: runId, text: `${name} (${reference})` })),
      },
      button: 'Add the correction',
      back: { href: `/panels/sittings/${id}/minutes`, text: 'Back to the minutes' },
    };
  }

  @Get('sittings/:sittingId/minutes/family/:runId')
  async familyPart(
    @Param('sittingId') id: string,
    @Param('runId') runId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const part = await this.pages.result(request, response, await this.pages.sittings.familyPart(actor, id, runId));
    if (part === undefined) return;
    await this.pages.answer.send(request, response, 'panels/family-part.view.njk', {
      title: 'What the panel said',
      ...part,
      back: { href: `/panels/sittings/${id}/minutes`, text: 'Back to the minutes' },
    });
  }

  /** From a case: which panel is asked what. */
  @Get('refer/:reference')
  async referring(
    @Param('reference') reference: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const { form } = await this.referForm(actor, reference);
    await this.pages.show(request, response, form);
  }

  @Post('refer/:reference')
  async refer(
    @Param('reference') reference: string,
    @Body() sent: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const { form, childId } = await this.referForm(actor, reference);
    await this.pages.take(
      request,
      response,
      form,
      sent,
      (body, key) => this.pages.items.refer(actor, childId, body, key),
      ({ runId }) => `/panels/items/${runId}/paper`,
    );
  }

  private async referForm(actor: Actor, reference: string): Promise<{ form: PanelForm; childId: string }> {
    const child = await this.pages.caseFile.within(actor, (tx) => findChild(tx, reference));
    if (child === null || child === undefined) throw new NotFoundException();
    const opened = await this.pages.caseFile.open(
      actor,
      { action: 'listForPanel', childId: child.id, on: this.pages.clock.today() },
      (tx) =>
        tx.query<{ id: string; workflow: string }>(
          `select id, workflow from engine.run where child_id = $1 and not closed and workflow <> 'panel-decision' order by opened_on desc`,
          [child.id],
        ),
    );
    if ('refused' in opened) throw new NotFoundException();
    const routes = await this.pages.items.routes(actor, child.id);
    if (!routes.done) throw new NotFoundException();
    const fields = {
      panel: { kind: 'id', label: 'Which panel?' },
      question: { kind: 'text', label: 'The question to the panel', max: 1000 },
      fromRun: { kind: 'id', label: 'The process that asks', optional: true },
    } as const;
    return {
      childId: child.id,
      form: {
        title: 'Refer this case to a panel',
        caption: child.reference,
        lead: [
          'The panel gives advice. The dates of the case run on, and you can decide without the panel at any time.',
        ],
        action: `/panels/refer/${child.reference}`,
        fields,
        choices: {
          panel: routes.result.map(({ kind, because }) => ({
            value: kind.id,
            text: because === null ? kind.name : `${kind.name}: ${because}`,
          })),
          fromRun: opened.result.map(({ id, workflow }) => ({ value: id, text: workflow.replaceAll('-', ' ') })),
        },
        filled: { fromRun: opened.result[0]?.id ?? '' },
        button: 'Refer the case',
        back: { href: `/cases/${child.id}`, text: 'Back to the case' },
      },
    };
  }
}

const isOfficer = (actor: Actor): boolean => actor.roles.some((role) => role === 'CW' || role === 'SM');

function mayComeIn(actor: Actor): void {
  if (!actor.roles.some((role) => ['CW', 'SM', 'PC', 'PM', 'AU'].includes(role))) throw new NotFoundException();
}

import { type Actor } from '@send/access';
import { campaignYears, forAPerson, lastDays, mayRunCampaigns, readMovers, readYear } from '@send/campaign';
import { CaseFile } from '@send/case-file';
import { newId } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { formatDay } from '@send/statute';
import { transferPhases } from '@send/workflows';
import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';

const phases = Object.keys(transferPhases) as (keyof typeof transferPhases)[];

/** A child whom no rule can place: a person says which move it is, and starts it. */
@Controller('campaigns/moves')
export class OneMoveController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':childId')
  async ask(
    @Param('childId') childId: string,
    @Query('year') given: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const year = readYear(given ?? campaignYears(this.clock.today())[0], this.clock.today());
    if (typeof year !== 'number') throw new NotFoundException();
    return this.page(request, response, actor, childId, year, '', newId(), []);
  }

  @Post(':childId')
  async start(
    @Param('childId') childId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const year = readYear(form.text('year'), this.clock.today());
    if (typeof year !== 'number') throw new NotFoundException();
    const chosen = form.text('phase');
    const again = (errors: FieldError[]): Promise<void> =>
      this.page(request, response, actor, childId, year, chosen, form.text('key') || newId(), errors);
    const phase = phases.find((one) => one === chosen);
    if (phase === undefined) return again([{ field: 'phase', message: 'Select the move' }]);
    const { leaves } = await this.find(actor, childId, year);
    const outcome = await this.engine.begin(
      'phase-transfer',
      childId,
      {
        command: 'startPhaseTransfer',
        key: form.text('key'),
        fields: { on: this.clock.today(), year, phase, ...(leaves === null ? {} : { leaves }) },
      },
      actor,
    );
    if (outcome.done) return response.redirect(HttpStatus.SEE_OTHER, `/cases/${childId}`);
    return again([
      { field: 'phase', message: 'refusal' in outcome ? outcome.refusal.message : 'This waits for somebody else' },
    ]);
  }

  private async find(actor: Actor, childId: string, year: number) {
    if (!mayRunCampaigns(actor).allowed) throw new NotFoundException();
    const { undecided } = await this.caseFile.within(actor, (tx) => readMovers(tx, year, this.clock.today()));
    const child = undecided.find((one) => one.childId === childId && one.name !== null);
    if (child === undefined) throw new NotFoundException();
    return child;
  }

  private async page(
    request: CaseworkRequest,
    response: CaseworkResponse,
    actor: Actor,
    childId: string,
    year: number,
    chosen: string,
    key: string,
    errors: readonly FieldError[],
  ): Promise<void> {
    const child = await this.find(actor, childId, year);
    const days = lastDays(year);
    await this.answer.send(request, response, 'campaigns/one-move.view.njk', {
      title: `Which move is it? ${child.name ?? ''}`,
      back: { href: `/campaigns/new?year=${year}`, text: `Who moves in September ${year}` },
      errors,
      child,
      why: forAPerson[child.why],
      year,
      key,
      chosen,
      options: phases.map((phase) => ({
        value: phase,
        text: transferPhases[phase],
        hint: {
          text: days[phase] ? `Plan sent by ${formatDay(days[phase])}` : 'Plan sent five months before the move',
        },
      })),
    });
  }
}

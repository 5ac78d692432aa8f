import { type Actor } from '@send/access';
import {
  type Campaign,
  campaignOf,
  campaignPhases,
  campaigns,
  campaignYears,
  forAPerson,
  type Lack,
  lacks,
  lastDays,
  leftOutWhy,
  type LeftOutWhy,
  mayRunCampaigns,
  type Movers,
  notBegun,
  readMovers,
  readRisk,
  readYear,
  runAgain,
  startCampaign,
} from '@send/campaign';
import { CaseFile } from '@send/case-file';
import { newId } from '@send/database';
import { type Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
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
import { paginationOf } from '../frame/pagination';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';

const riskSize = 50;
/** How often the page of a campaign that runs is asked for again; no longer than an hour after its start. */
const refreshSeconds = 5;
const refreshFor = 60 * 60_000;

export const lackNames: Readonly<Record<Lack, string>> = {
  preference: 'No preference from the family',
  meeting: 'No review meeting',
  draft: 'No amendments sent',
  consultation: 'No setting consulted',
  plan: 'No plan that names the next setting',
};

/** The moves of a September, begun for all at once: look first, start, watch; and each week, what they lack. */
@Controller('campaigns')
export class CampaignsController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyManagers(actor);
    const { all, nameOf } = await this.caseFile.within(actor, async (tx) => ({
      all: await campaigns(tx),
      nameOf: await staffNames(tx),
    }));
    await this.answer.send(request, response, 'campaigns/campaigns.view.njk', {
      title: 'Phase transfers',
      years: campaignYears(this.clock.today()),
      campaigns: all.map((one) => ({ ...one, startedBy: nameOf(one.startedBy) })),
    });
  }

  @Get('new')
  async look(
    @Query('year') year: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyManagers(actor);
    return this.preview(request, response, actor, year, []);
  }

  @Get('risk')
  async risk(
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyManagers(actor);
    const page = typeof query['page'] === 'string' && /^[1-9]\d{0,4}$/.test(query['page']) ? Number(query['page']) : 1;
    const lack = lacks.find((one) => one === query['lacks']);
    const { list, nameOf } = await this.caseFile.within(actor, async (tx) => ({
      list: await readRisk(tx, this.clock.today(), {
        page,
        size: riskSize,
        ...(lack === undefined ? {} : { lacks: lack }),
      }),
      nameOf: await staffNames(tx),
    }));
    const link = (to: { lacks?: string; page?: number }): string => {
      const found = new URLSearchParams();
      if (to.lacks !== undefined) found.set('lacks', to.lacks);
      if (to.page !== undefined && to.page > 1) found.set('page', String(to.page));
      return `/campaigns/risk${found.size === 0 ? '' : `?${found.toString()}`}`;
    };
    const own = lack === undefined ? {} : { lacks: lack };
    await this.answer.send(request, response, 'campaigns/risk.view.njk', {
      title: 'Moves at risk this week',
      back: { href: '/campaigns', text: 'Phase transfers' },
      list,
      page,
      first: link(own),
      rows: list.rows.map((row) => ({
        ...row,
        move: transferPhases[row.phase],
        caseworker: row.caseworkerId === null ? 'Unassigned' : nameOf(row.caseworkerId),
      })),
      filters: [
        { text: 'Everything that is missing', href: link({}), current: lack === undefined, count: undefined },
        ...lacks.map((one) => ({
          text: lackNames[one],
          href: link({ lacks: one }),
          current: lack === one,
          count: list.byLack[one],
        })),
      ],
      pagination: paginationOf(page, Math.max(1, Math.ceil(list.total / riskSize)), (to) => link({ ...own, page: to })),
    });
  }

  @Post()
  async start(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyManagers(actor);
    const form = new Form(body);
    const on = this.clock.today();
    const year = readYear(form.text('year'), on);
    if (typeof year !== 'number')
      return this.preview(request, response, actor, form.text('year'), [asError(year.refused)]);
    const key = form.text('key');
    const seen = form.text('seen');
    if (!/^[0-9a-f-]{36}$/.test(key) || !/^\d{1,6}$/.test(seen))
      return this.preview(request, response, actor, year, [
        { field: 'start', message: 'This page was out of date. Check the numbers and start again' },
      ]);
    const outcome = await this.caseFile.within(actor, (tx) =>
      startCampaign(tx, actor, { year, key, seen: Number(seen), on }),
    );
    if ('refused' in outcome) return this.preview(request, response, actor, year, [asError(outcome.refused)]);
    response.redirect(HttpStatus.SEE_OTHER, `/campaigns/${outcome.id}`);
  }

  @Get(':id')
  async progress(
    @Param('id') id: string,
    @Query('still') still: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyManagers(actor);
    const { campaign, refused, nameOf } = await this.find(actor, id);
    const young = this.clock.now().getTime() - campaign.startedAt.getTime() < refreshFor;
    const refreshes = campaign.waiting > 0 && still !== 'yes' && young;
    // Asked for again by the browser itself: scripts may be off, and whoever is disturbed by it can stop it.
    if (refreshes) response.setHeader('Refresh', String(refreshSeconds));
    await this.answer.send(request, response, 'campaigns/campaign.view.njk', {
      title: `Moves of September ${campaign.year}`,
      back: { href: '/campaigns', text: 'Phase transfers' },
      campaign: { ...campaign, startedBy: nameOf(campaign.startedBy) },
      counts: byPhase(campaign),
      percent: campaign.total === 0 ? 100 : Math.floor((100 * campaign.started) / campaign.total),
      refreshes,
      refreshSeconds,
      mayStop: campaign.waiting > 0 && young,
      refused,
    });
  }

  @Post(':id/again')
  async again(@Param('id') id: string, @Acting() actor: Actor, @Res() response: CaseworkResponse): Promise<void> {
    onlyManagers(actor);
    await this.find(actor, id);
    await this.caseFile.within(actor, (tx) => runAgain(tx, actor, id));
    response.redirect(HttpStatus.SEE_OTHER, `/campaigns/${id}`);
  }

  private async find(actor: Actor, id: string) {
    if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)) throw new NotFoundException();
    const found = await this.caseFile.within(actor, async (tx) => ({
      campaign: await campaignOf(tx, id),
      refused: await notBegun(tx, id),
      nameOf: await staffNames(tx),
    }));
    if (found.campaign === undefined) throw new NotFoundException();
    return { ...found, campaign: found.campaign };
  }

  private async preview(
    request: CaseworkRequest,
    response: CaseworkResponse,
    actor: Actor,
    given: unknown,
    errors: readonly FieldError[],
  ): Promise<void> {
    const on = this.clock.today();
    const years = campaignYears(on);
    const read = readYear(given ?? years[0], on);
    const year = typeof read === 'number' ? read : undefined;
    const movers = year === undefined ? undefined : await this.caseFile.within(actor, (tx) => readMovers(tx, year, on));
    await this.answer.send(request, response, 'campaigns/new.view.njk', {
      title: year === undefined ? 'Start phase transfers' : `Who moves in September ${year}`,
      back: { href: '/campaigns', text: 'Phase transfers' },
      errors: errors.length > 0 || typeof read === 'number' ? errors : [asError(read.refused)],
      years,
      year,
      key: newId(),
      ...(movers === undefined || year === undefined ? {} : shown(movers, year)),
    });
  }
}

function shown(movers: Movers, year: number) {
  const days = lastDays(year);
  const { moving, undecided, leftOut, staying } = movers;
  const reasons = Object.entries(forAPerson).map(([code, why]) => ({
    why,
    children: undecided.filter((one) => one.why === code),
  }));
  return {
    moving: moving.length,
    phases: campaignPhases
      .map((phase) => ({
        move: transferPhases[phase],
        lastDay: days[phase] ?? null,
        count: moving.filter((one) => one.phase === phase).length,
      }))
      .filter(({ count }) => count > 0),
    undecided: reasons
      .filter(({ children }) => children.length > 0)
      .map(({ why, children }) => ({ why, count: children.length, children: children.slice(0, 50) })),
    undecidedCount: undecided.length,
    leftOut: (Object.keys(leftOut) as LeftOutWhy[])
      .map((why) => ({ why: leftOutWhy[why], count: leftOut[why] }))
      .filter(({ count }) => count > 0),
    staying: Object.values(staying).reduce((sum, many) => sum + many, 0),
    // Some of each move, so that somebody who knows the children can see whether the record is right.
    sample: campaignPhases.flatMap((phase) =>
      moving
        .filter((one) => one.phase === phase)
        .slice(0, 5)
        .map((one) => ({ ...one, move: transferPhases[phase] })),
    ),
  };
}

const byPhase = ({ counts, year }: Campaign) => {
  const days = lastDays(year);
  return counts.map(({ phase, children }) => ({ move: transferPhases[phase], children, lastDay: days[phase] ?? null }));
};

const asError = ({ field, message }: { field: string; message: string }): FieldError => ({
  field: field === 'year' ? 'year' : 'start',
  message,
});

function onlyManagers(actor: Actor): void {
  if (!mayRunCampaigns(actor).allowed) throw new NotFoundException();
}

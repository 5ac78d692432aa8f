import { type Actor } from '@send/access';
import {
  campaignOf,
  type CampaignRefused,
  campaigns,
  lacks,
  lastDays,
  mayRunCampaigns,
  notBegun,
  readMovers,
  readRisk,
  readYear,
  runAgain,
  startCampaign,
} from '@send/campaign';
import { type Clock } from '@send/engine';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { Keyed } from './routes';
import { ApiProblem, ApiProblems, invalid, wrongField } from './problems';

export const campaignFields = {
  year: { kind: 'number', label: 'The September of the move', min: 2014, max: 2124 },
  seen: { kind: 'number', label: 'How many children you were shown', min: 0, max: 1_000_000, optional: true },
} as const satisfies Record<string, Field>;

const mostShown = 200;

/** The moves of a September, begun for all at once; and what each week they lack. */
@ApiTags('Campaigns')
@Controller(`${base}/campaigns`)
@OpenToAll()
@UseFilters(ApiProblems)
export class CampaignsApiController {
  constructor(
    private readonly cases: Cases,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Describes({
    id: 'listCampaigns',
    summary: 'List the campaigns, newest first',
    answers: { 200: 'Campaigns' },
    problems: ['forbidden'],
  })
  async list(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    managers(actor);
    refuseQuery(query);
    return { campaigns: await this.cases.within(actor, campaigns) };
  }

  @Get('preview')
  @Describes({
    id: 'previewCampaign',
    summary: 'Read who would move in a September, who needs a person’s decision, and who is left out',
    query: { year: { says: 'The September of the move', required: true } },
    answers: { 200: 'CampaignPreview' },
    problems: ['forbidden'],
  })
  async preview(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    managers(actor);
    const { year: given, ...others } = query;
    refuseQuery(others);
    const on = this.clock.today();
    const year = theYear(readYear(given, on));
    const { moving, undecided, leftOut, staying } = await this.cases.within(actor, (tx) => readMovers(tx, year, on));
    const days = lastDays(year);
    return {
      year,
      moving: moving.length,
      phases: Object.entries(days).map(([phase, lastDay]) => ({
        phase,
        lastDay: lastDay ?? null,
        children: moving.filter((one) => one.phase === phase).length,
      })),
      undecided: {
        total: undecided.length,
        children: undecided.slice(0, mostShown).map(({ childId, reference, why }) => ({ childId, reference, why })),
      },
      leftOut,
      staying,
    };
  }

  @Get('risk')
  @Describes({
    id: 'readMovesAtRisk',
    summary: 'Read which moves lack something by the day planned for it, nearest limit first',
    query: { lacks: { says: `One of ${lacks.join(', ')}` }, page: { says: 'From 1; 200 moves a page' } },
    answers: { 200: 'MovesAtRisk' },
    problems: ['forbidden'],
  })
  async risk(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    managers(actor);
    const { lacks: lack, page = '1', ...others } = query;
    refuseQuery(others);
    const wanted = lacks.find((one) => one === lack);
    if (lack !== undefined && wanted === undefined)
      throw wrongField('lacks', 'not-offered', `Say which is missing: ${lacks.join(', ')}`);
    if (!/^[1-9]\d{0,4}$/.test(page))
      throw wrongField('page', 'out-of-range', 'The page must be a whole number from 1 to 99999');
    return this.cases.within(actor, (tx) =>
      readRisk(tx, this.clock.today(), {
        page: Number(page),
        size: mostShown,
        ...(wanted === undefined ? {} : { lacks: wanted }),
      }),
    );
  }

  @Post()
  @Keyed()
  @HttpCode(201)
  @Describes({
    id: 'startCampaign',
    summary: 'Start the moves of a September for everybody; the worker begins them',
    body: 'NewCampaign',
    headers: ['key'],
    answers: { 201: 'CampaignStarted' },
    problems: ['forbidden', 'key-reused', 'out-of-position', 'conflict'],
  })
  async start(@ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    managers(actor);
    const given = read(campaignFields, body, this.clock);
    const on = this.clock.today();
    const year = theYear(readYear(given['year'], on));
    const seen = given['seen'];
    const outcome = await this.cases.within(actor, (tx) =>
      startCampaign(tx, actor, { year, key, on, ...(typeof seen === 'number' ? { seen } : {}) }),
    );
    if (!('refused' in outcome)) return outcome;
    const { rule, message } = outcome.refused;
    if (rule === 'key-reused') throw new ApiProblem('key-reused', message);
    throw new ApiProblem(rule === 'changed-since' ? 'conflict' : 'out-of-position', message, { rule });
  }

  @Get(':id')
  @Describes({
    id: 'readCampaign',
    summary: 'Read how far a campaign has come, and who could not be started',
    answers: { 200: 'CampaignProgress' },
    problems: ['forbidden', 'not-found'],
  })
  async view(@Param('id') id: string, @ThroughDoor() { actor, query }: Entered): Promise<object> {
    managers(actor);
    refuseQuery(query);
    return this.progress(actor, idIn(id));
  }

  @Post(':id/again')
  @HttpCode(200)
  @Describes({
    id: 'runCampaignAgain',
    summary: 'Put what has not been started before the worker again; nothing is started twice',
    body: 'Nothing',
    answers: { 200: 'CampaignProgress' },
    problems: ['forbidden', 'not-found'],
  })
  async again(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    managers(actor);
    const campaignId = idIn(id);
    read({}, body, this.clock);
    await this.progress(actor, campaignId);
    await this.cases.within(actor, (tx) => runAgain(tx, actor, campaignId));
    return this.progress(actor, campaignId);
  }

  private async progress(actor: Actor, id: string): Promise<object> {
    const found = await this.cases.within(actor, async (tx) => ({
      campaign: await campaignOf(tx, id),
      notStarted: await notBegun(tx, id),
    }));
    if (found.campaign === undefined) throw new ApiProblem('not-found');
    return { ...found.campaign, notStarted: found.notStarted };
  }
}

function managers(actor: Actor): void {
  const answer = mayRunCampaigns(actor);
  if (!answer.allowed) throw new ApiProblem('forbidden', answer.message, { rule: answer.rule });
}

function theYear(read: number | CampaignRefused): number {
  if (typeof read === 'number') return read;
  throw invalid([read.refused]);
}

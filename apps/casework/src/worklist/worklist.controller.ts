import { type Actor, staffOn } from '@send/access';
import { CaseFile } from '@send/case-file';
import { type Clock } from '@send/engine';
import { Form } from '@send/pages';
import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  Inject,
  NotFoundException,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { dutyText } from '../case/case-frame';
import { PositionNames } from '../case/position-names';
import { paginationOf } from '../frame/pagination';
import { isSenior, PageAnswer, worksOnCases } from '../frame/page-answer';
import { RateLimits } from '../frame/rate-limit';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';
import { countWorklist, dues, type Filter, type Group, groups, pageSize, readWorklist, sorts, waits } from './worklist';

@Controller()
export class WorklistController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly answer: PageAnswer,
    private readonly limits: RateLimits,
    private readonly positions: PositionNames,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('cases')
  async list(
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const today = this.clock.today();
    const filter = readFilter(query, actor, this.positions);
    const { counts, rows, colleagues, nameOf } = await this.caseFile.within(actor, async (tx) => ({
      counts: await countWorklist(tx, actor, filter, today),
      rows: await readWorklist(tx, actor, filter, today),
      colleagues: (await staffOn(tx, today)).filter((one) => one.roles.includes('CW') || one.roles.includes('SM')),
      nameOf: await staffNames(tx),
    }));
    const pages = Math.max(1, Math.ceil(counts.total / pageSize));
    const link = (change: Partial<Record<keyof Filter, string | number | undefined>>) =>
      linkTo({ ...filter, page: 1, ...change });
    const { process } = filter;
    const chosen = [
      ...(filter.owner === 'all' ? [] : [{ text: ownerInWords(filter.owner, nameOf), href: link({ owner: 'all' }) }]),
      ...(filter.due === undefined ? [] : [{ text: dues[filter.due], href: link({ due: undefined }) }]),
      ...(process === undefined
        ? []
        : [{ text: this.positions.title(process), href: link({ process: undefined, position: undefined }) }]),
      ...(filter.position === undefined
        ? []
        : [{ text: this.positions.called(filter.position), href: link({ position: undefined }) }]),
      ...(filter.waiting === undefined
        ? []
        : [{ text: `Waiting on: ${waits[filter.waiting].toLowerCase()}`, href: link({ waiting: undefined }) }]),
    ];
    const listed = rows.map((row) => ({
      ...row,
      process: this.positions.title(row.workflow),
      stage: this.positions.called(`${row.workflow}.${row.position}`),
      caseworker: row.caseworkerId === null ? 'Unassigned' : nameOf(row.caseworkerId),
      duty: row.duty === null ? null : dutyText(row.duty),
      targetDuty: row.targetDuty === null ? null : dutyText(row.targetDuty),
      waitingOn: waits[row.waiting],
    }));
    await this.answer.send(request, response, 'worklist/worklist.view.njk', {
      title: counts.children === 0 ? 'No cases' : countOf(counts.children, 'case', 'cases'),
      processCount: counts.total === counts.children ? null : countOf(counts.total, 'process', 'processes'),
      filter,
      chosen,
      colleagues,
      senior: isSenior(actor),
      counts,
      clear: '/cases?owner=all',
      dues,
      waits,
      sorts,
      processes: this.positions.processes(),
      positions: this.positions.of(process),
      groups: (Object.keys(groups) as Group[]).map((group) => ({
        name: groups[group],
        count: counts.groups[group],
        rows: listed.filter((row) => row.group === group),
      })),
      pagination: paginationOf(filter.page, pages, (page) => link({ page })),
    });
  }

  /** By POST, so that no name stands in an address, a history or a log. */
  @Post('search')
  async search(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new ForbiddenException();
    await this.limits.count('search', actor.staffId);
    const typed = new Form(body).text('search');
    const found = await this.caseFile.search(actor, typed, this.clock.today());
    if ('message' in found) {
      await this.answer.send(request, response, 'worklist/search.view.njk', {
        title: 'Find a case',
        typed,
        hideSearch: true,
        results: [],
        errors: [{ field: 'search', message: found.message }],
      });
      return;
    }
    const nameOf = await this.caseFile.within(actor, staffNames);
    const results = found.results.map((one) => ({
      ...one,
      caseworker: one.caseworkerId === null ? 'Unassigned' : nameOf(one.caseworkerId),
    }));
    const count = results.length;
    await this.answer.send(request, response, 'worklist/search.view.njk', {
      title:
        count === 0 ? 'No results' : `${count}${found.more ? ' or more' : ''} ${count === 1 ? 'case' : 'cases'} found`,
      typed,
      results,
      more: found.more,
      hideSearch: true,
    });
  }

  @Get('search')
  async searchPage(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    await this.answer.send(request, response, 'worklist/search.view.njk', {
      title: 'Find a case',
      typed: '',
      results: undefined,
      hideSearch: true,
    });
  }
}

const countOf = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 80) : '');
const oneOf = <T extends string>(value: unknown, offered: readonly T[]): T | undefined =>
  offered.find((one) => one === value);

/** What is not offered is left out: a filter can be mistyped in an address, and never fails. */
export function readFilter(query: Record<string, unknown>, actor: Actor, names: PositionNames): Filter {
  const owner = text(query['owner']);
  const known = /^(me|all|unassigned|[0-9a-f-]{36})$/.test(owner);
  const page = /^\d{1,5}$/.test(text(query['page'])) ? Math.max(1, Number(query['page'])) : 1;
  const process = oneOf(
    query['process'],
    names.processes().map(({ id }) => id),
  );
  const position = oneOf(
    query['position'],
    names.of(process).map(({ id }) => id),
  );
  const due = oneOf(query['due'], Object.keys(dues) as (keyof typeof dues)[]);
  const waiting = oneOf(query['waiting'], Object.keys(waits) as (keyof typeof waits)[]);
  return {
    owner: known ? owner : isSenior(actor) ? 'all' : 'me',
    page,
    sort: oneOf(query['sort'], Object.keys(sorts) as (keyof typeof sorts)[]) ?? 'due',
    ...(process === undefined ? {} : { process }),
    ...(position === undefined ? {} : { position }),
    ...(due === undefined ? {} : { due }),
    ...(waiting === undefined ? {} : { waiting }),
  };
}

function linkTo(filter: Partial<Record<keyof Filter, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && !(name === 'page' && value === 1) && !(name === 'sort' && value === 'due'))
      query.set(name, String(value));
  return `/cases?${query.toString()}`;
}

const ownerInWords = (owner: string, nameOf: (id: string) => string): string =>
  owner === 'me' ? 'Assigned to me' : owner === 'unassigned' ? 'Unassigned' : `Assigned to ${nameOf(owner)}`;

import { type Actor } from '@send/access';
import {
  candidatesOn,
  capOn,
  changeCap,
  changesOf,
  cohortOn,
  comparabilityWarning,
  domainsOn,
  exclusionsOf,
  fairness,
  indicatorBook,
  outcomesOf,
  recordSourceBasis,
  sourceBases,
  suppressionRule,
} from '@send/cohort';
import { newId } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { formatDay, isDay } from '@send/statute';
import { cohortBases, cohortSources, leadCriteria } from '@send/workflows';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { CohortDoor } from './cohort-door';
import { standsIn, usesOf } from './cohort-words';

const isId = (id: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
const reasonFault = (reason: string): FieldError[] =>
  reason.length < 3
    ? [{ field: 'reason', message: 'Enter the reason' }]
    : reason.length > 1000
      ? [{ field: 'reason', message: 'The reason must be 1,000 characters or fewer' }]
      : [];

/** The exclusion-risk cohort: who is in, who might be, how it goes, and whom it reaches. */
@Controller('cohort')
export class CohortController {
  constructor(
    private readonly door: CohortDoor,
    private readonly engine: Engine,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  board(@Acting() actor: Actor, @Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    return this.boardPage(actor, request, response, {}, []);
  }

  @Post('cap')
  async cap(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const typed = form.text('cap');
    const reason = form.text('reason');
    const cap = /^\d{1,3}$/.test(typed) ? Number(typed) : NaN;
    const errors: FieldError[] = [
      ...(cap >= 1 && cap <= 500 ? [] : [{ field: 'cap', message: 'The number of places must be from 1 to 500' }]),
      ...reasonFault(reason),
    ];
    if (errors.length > 0) return this.boardPage(actor, request, response, { cap: typed, reason }, errors);
    await this.door.within(actor, (tx) => changeCap(tx, actor, cap, this.clock.today(), reason));
    response.redirect(HttpStatus.SEE_OTHER, '/cohort');
  }

  @Get('candidates')
  candidates(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.candidatesPage(actor, request, response, []);
  }

  /** Putting forward is a person's act, with the reasons as they stand on the page. */
  @Post('candidates/:childId')
  async putForward(
    @Param('childId') childId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!isId(childId)) throw new NotFoundException();
    const today = this.clock.today();
    const [candidate] = await this.door.within(actor, (tx) => candidatesOn(tx, today, childId));
    if (candidate === undefined) throw new NotFoundException();
    const reasons = candidate.indicators
      .filter(({ flag }) => flag !== 'none')
      .map(({ label, value, on }) => `${label}: ${value}${on === null ? '' : `, up to ${formatDay(on)}`}`);
    if (candidate.position !== null || reasons.length === 0)
      return this.candidatesPage(actor, request, response, [
        {
          field: 'candidates',
          message:
            candidate.position === null
              ? `No indicator of ${candidate.name} asks to be looked at. Nominate the child instead, from the child’s page`
              : `${candidate.name} has been put forward already. Open the child’s page to go on`,
        },
      ]);
    const outcome = await this.engine.begin(
      'exclusion-risk',
      childId,
      { command: 'putForwardByIndicators', key: newId(), fields: { on: today, reasons: reasons.slice(0, 10) } },
      actor,
      { door: 'record' },
    );
    if (!outcome.done)
      return this.candidatesPage(actor, request, response, [
        {
          field: 'candidates',
          message: 'refusal' in outcome ? outcome.refusal.message : 'This waits for a second person',
        },
      ]);
    response.redirect(HttpStatus.SEE_OTHER, `/cohort/children/${outcome.runId}`);
  }

  @Get('children/:runId')
  async child(
    @Param('runId') runId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!isId(runId)) throw new NotFoundException();
    const today = this.clock.today();
    const found = await this.door.read(actor, `child of run ${runId}`, async (tx) => {
      const [one] = await cohortOn(tx, runId);
      if (one === undefined) return undefined;
      const [candidate] = await candidatesOn(tx, today, one.childId);
      const domains = await domainsOn(tx, today);
      return { one, candidate, domains, exclusions: await exclusionsOf(tx, one.childId) };
    });
    if (found === undefined) throw new NotFoundException();
    const { one, candidate, domains, exclusions } = found;
    const changes = changesOf(one.cohort, domains);
    await this.answer.send(request, response, 'cohort/child.view.njk', {
      title: one.name,
      back: { href: '/cohort', text: 'Exclusion-risk cohort' },
      one,
      position: standsIn[one.position] ?? one.position,
      whyTheyLead: leadCriteria[one.cohort.lead?.criterion as keyof typeof leadCriteria],
      uses: usesOf(one.cohort, today),
      indicators: candidate?.indicators ?? [],
      dropped: candidate?.dropped ?? [],
      sources: cohortSources,
      exclusions,
      days: [...new Set(changes.flatMap(({ readings }) => readings.map(({ on }) => on)))].sort(),
      changes: changes.map((change) => ({
        ...change,
        label: domains.find(({ id }) => id === change.domain)?.label ?? change.domain,
        scale: domains.find(({ id }) => id === change.domain)?.scale,
        by: Object.fromEntries(change.readings.map(({ on, reading }) => [on, reading])),
      })),
    });
  }

  @Get('fairness')
  async fairness(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const tables = await this.door.read(actor, 'fairness', (tx) => fairness(tx));
    await this.answer.send(request, response, 'cohort/fairness.view.njk', {
      title: 'Whom the cohort reaches',
      back: { href: '/cohort', text: 'Exclusion-risk cohort' },
      tables,
      rule: suppressionRule,
      warning: comparabilityWarning('2022-08-31', this.clock.today()),
    });
  }

  @Get('sources')
  sources(@Acting() actor: Actor, @Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    return this.sourcesPage(actor, request, response, {}, []);
  }

  @Post('sources')
  async recordSource(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const source = form.choice('source', Object.keys(cohortSources));
    const basis = form.choice('basis', Object.keys(cohortBases));
    const reason = form.text('reason');
    const until = form.text('until');
    const today = this.clock.today();
    const errors: FieldError[] = [
      ...(source === undefined ? [{ field: 'source', message: 'Select where the data come from' }] : []),
      ...(basis === undefined ? [{ field: 'basis', message: 'Select the legal basis' }] : []),
      ...reasonFault(reason).map((one) => ({
        ...one,
        message: one.message
          .replace('The reason', 'The law or agreement')
          .replace('the reason', 'the law or the sharing agreement'),
      })),
      ...(until === '' || (isDay(until) && until > today)
        ? []
        : [{ field: 'until', message: 'The last day must be a date after today, like 2027-07-31' }]),
    ];
    if (source === undefined || basis === undefined || errors.length > 0)
      return this.sourcesPage(
        actor,
        request,
        response,
        { source: form.text('source'), basis: form.text('basis'), reason, until },
        errors,
      );
    await this.door.within(actor, (tx) =>
      recordSourceBasis(tx, actor, {
        source,
        basis,
        agreement: reason.slice(0, 600),
        from: today,
        until: until === '' ? null : until,
      }),
    );
    response.redirect(HttpStatus.SEE_OTHER, '/cohort/sources');
  }

  private async boardPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed: { cap?: string; reason?: string },
    errors: readonly FieldError[],
  ): Promise<void> {
    const { cap, children } = await this.door.read(actor, 'board', async (tx) => ({
      cap: await capOn(tx, this.clock.today()),
      children: await cohortOn(tx),
    }));
    await this.answer.send(request, response, 'cohort/board.view.njk', {
      title: 'Exclusion-risk cohort',
      cap,
      typed,
      errors,
      outcomes: outcomesOf(children),
      open: children
        .filter(({ closed }) => !closed)
        .map((one) => ({ ...one, where: standsIn[one.position] ?? one.position })),
      closed: children
        .filter(({ closed }) => closed)
        .map((one) => ({ ...one, where: standsIn[one.position] ?? one.position })),
    });
  }

  private async candidatesPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    errors: readonly FieldError[],
  ): Promise<void> {
    const candidates = await this.door.read(actor, 'candidates', (tx) => candidatesOn(tx, this.clock.today()));
    await this.answer.send(request, response, 'cohort/candidates.view.njk', {
      title: 'Children who may need help',
      back: { href: '/cohort', text: 'Exclusion-risk cohort' },
      candidates: candidates.map((one) => ({
        ...one,
        flagged: one.indicators.filter(({ flag }) => flag !== 'none'),
        incomplete: [
          ...new Set(
            one.indicators
              .filter(({ complete }) => !complete)
              .map(({ source, completeness }) => `${cohortSources[source]}: ${completeness}`),
          ),
        ],
        where: one.position === null ? null : (standsIn[one.position] ?? one.position),
      })),
      book: Object.values(indicatorBook),
      sources: cohortSources,
      errors,
    });
  }

  private async sourcesPage(
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed: Record<string, string>,
    errors: readonly FieldError[],
  ): Promise<void> {
    const bases = await this.door.within(actor, (tx) => sourceBases(tx, this.clock.today()));
    await this.answer.send(request, response, 'cohort/sources.view.njk', {
      title: 'Why data may be used',
      back: { href: '/cohort', text: 'Exclusion-risk cohort' },
      bases: bases.map((one) => ({
        ...one,
        label: cohortSources[one.source as keyof typeof cohortSources] ?? one.source,
        basis: cohortBases[one.basis as keyof typeof cohortBases] ?? one.basis,
      })),
      typed,
      sourceOptions: [
        { value: '', text: 'Select' },
        ...Object.entries(cohortSources).map(([value, text]) => ({ value, text })),
      ],
      basisOptions: Object.entries(cohortBases).map(([value, text]) => ({ value, text })),
      errors,
    });
  }
}

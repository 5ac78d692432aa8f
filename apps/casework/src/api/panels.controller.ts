import { Database } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import {
  type Answer,
  additionFields,
  attendanceFields,
  AuditDesk,
  cancelFields,
  drawFields,
  findingFields,
  SittingDesk,
  sittingFields,
  type SittingView,
} from '@send/panels';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblems, refused } from './problems';

/** What each of the bodies holds, for the description. */
export const panelFields: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  PanelSittingNew: sittingFields,
  PanelCancel: cancelFields,
  PanelAttendance: attendanceFields,
  PanelAddition: additionFields,
  AuditDraw: drawFields,
  AuditFinding: findingFields,
};

/** Sittings, minutes, audit samples and rates, by the same desks as the pages. */
@ApiTags('Panels')
@Controller(`${base}/panels`)
@OpenToAll()
@UseFilters(ApiProblems)
export class PanelsApiController {
  private readonly sittings: SittingDesk;
  private readonly audits: AuditDesk;

  constructor(
    database: Database,
    engine: Engine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.sittings = new SittingDesk(database, engine, clock);
    this.audits = new AuditDesk(database, engine, clock);
  }

  @Get()
  @Describes({
    id: 'readPanels',
    summary: 'Read the panels one sits on, and their sittings',
    answers: { 200: 'Panels' },
    problems: ['forbidden', 'not-found'],
  })
  async mine(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return result(await this.sittings.mine(actor));
  }

  @Post('sittings')
  @HttpCode(201)
  @Describes({
    id: 'arrangeSitting',
    summary: 'Arrange a sitting',
    body: 'PanelSittingNew',
    answers: { 201: 'PanelMade' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async arrange(@ThroughDoor() { actor, body }: Entered): Promise<object> {
    return result(await this.sittings.arrange(actor, body));
  }

  @Get('sittings/:id')
  @Describes({
    id: 'readSitting',
    summary: 'Read a sitting with its agenda',
    answers: { 200: 'PanelSitting' },
    problems: ['forbidden', 'not-found'],
  })
  async sitting(@Param('id') id: string, @ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return shown(await this.sittings.view(actor, idIn(id)));
  }

  @Post('sittings/:id/cancel')
  @HttpCode(200)
  @Describes({
    id: 'cancelSitting',
    summary: 'Cancel a sitting: its cases go back to the pool',
    body: 'PanelCancel',
    answers: { 200: 'PanelCancelled' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async cancel(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    return result(await this.sittings.cancel(actor, idIn(id), body));
  }

  @Post('sittings/:id/attendance')
  @HttpCode(200)
  @Describes({
    id: 'recordAttendance',
    summary: 'Record who is there',
    body: 'PanelAttendance',
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async attend(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    return done(await this.sittings.attend(actor, idIn(id), body));
  }

  @Get('sittings/:id/minutes')
  @Describes({
    id: 'readMinutes',
    summary: 'Read the minutes',
    answers: { 200: 'PanelMinutes' },
    problems: ['forbidden', 'not-found'],
  })
  async minutes(@Param('id') id: string, @ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return result(await this.sittings.minutes(actor, idIn(id)));
  }

  @Post('sittings/:id/minutes/signature')
  @HttpCode(200)
  @Describes({
    id: 'signMinutes',
    summary: 'Sign and lock the minutes',
    body: 'Nothing',
    answers: { 200: 'PanelSigned' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async signMinutes(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    read({}, body, this.clock);
    return result(await this.sittings.signMinutes(actor, idIn(id)));
  }

  @Post('sittings/:id/minutes/additions')
  @HttpCode(200)
  @Describes({
    id: 'addToMinutes',
    summary: 'Add a correction to signed minutes',
    body: 'PanelAddition',
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async addToMinutes(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    return done(await this.sittings.addToMinutes(actor, idIn(id), body));
  }

  @Get('rates')
  @Describes({
    id: 'readPanelRates',
    summary: 'Read how alike the panels decide, small numbers left out',
    answers: { 200: 'PanelRates' },
    problems: ['forbidden'],
  })
  async rates(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return result(await this.audits.consistency(actor));
  }

  @Get('audit')
  @Describes({
    id: 'readAuditPlan',
    summary: 'Read which audit samples are due or drawn',
    answers: { 200: 'AuditPlan' },
    problems: ['forbidden'],
  })
  async plan(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return rows(await this.audits.plan(actor));
  }

  @Post('audit')
  @HttpCode(201)
  @Describes({
    id: 'drawAuditSample',
    summary: 'Draw an audit sample; drawn again it is the same',
    body: 'AuditDraw',
    answers: { 201: 'PanelMade' },
    problems: ['forbidden', 'not-now', 'conflict'],
  })
  async draw(@ThroughDoor() { actor, body }: Entered): Promise<object> {
    return result(await this.audits.draw(actor, body));
  }

  @Get('audit/:id')
  @Describes({
    id: 'readAuditSample',
    summary: 'Read an audit sample',
    answers: { 200: 'AuditSample' },
    problems: ['forbidden', 'not-found'],
  })
  async sample(@Param('id') id: string, @ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return result(await this.audits.sample(actor, idIn(id)));
  }

  @Get('audit/:id/:run')
  @Describes({
    id: 'readAuditedCase',
    summary: 'Read a case of a sample, without its outcome until the findings are stored',
    answers: { 200: 'AuditedCase' },
    problems: ['forbidden', 'not-found'],
  })
  async audited(
    @Param('id') id: string,
    @Param('run') run: string,
    @ThroughDoor() { actor, query }: Entered,
  ): Promise<object> {
    refuseQuery(query);
    return result(await this.audits.auditedCase(actor, idIn(id), idIn(run)));
  }

  @Post('audit/:id/:run')
  @HttpCode(200)
  @Describes({
    id: 'recordAuditFinding',
    summary: 'Store the findings about a case of a sample',
    body: 'AuditFinding',
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async find(
    @Param('id') id: string,
    @Param('run') run: string,
    @ThroughDoor() { actor, body }: Entered,
  ): Promise<object> {
    return done(await this.audits.find(actor, idIn(id), idIn(run), body));
  }
}

function result<T extends object>(answer: Answer<T>): T {
  if (!answer.done) throw refused(answer);
  return answer.result;
}

function done(answer: Answer<unknown>): object {
  if (!answer.done) throw refused(answer);
  return { done: true };
}

const rows = (answer: Answer<readonly object[]>): object => ({ samples: result(answer) });

const shown = (answer: Answer<SittingView>): object => {
  const view = result(answer);
  return { ...view, declared: [...view.declared] };
};

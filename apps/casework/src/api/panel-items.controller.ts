import type { Actor } from '@send/access';
import { Database } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type Answer, declarationFields, ItemDesk, type ItemView, liftFields, paperFields } from '@send/panels';
import type { Field } from '@send/workflow-kit';
import { panelDecisionWorkflow } from '@send/workflows';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Describes } from './described';
import { type Entered, idIn, refuseQuery, ThroughDoor } from './door';
import { ApiProblems, refused } from './problems';
import { Keyed } from './routes';

const fieldsOf = (command: string, ...without: readonly string[]): Readonly<Record<string, Field>> =>
  Object.fromEntries(
    Object.entries(panelDecisionWorkflow.commands.find(command)?.fields ?? {}).filter(
      ([name]) => !without.includes(name),
    ),
  );
const on = { on: { kind: 'day', label: 'The day it happened', past: true, optional: true } } as const;

/** What each of the bodies holds, for the description. */
export const panelItemFields: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  PanelReferral: { ...fieldsOf('referToPanel', 'legalTest'), child: { kind: 'id', label: 'The child' } },
  PanelPaper: paperFields,
  PanelListing: { sitting: { kind: 'id', label: 'The sitting' } },
  PanelWhy: { ...fieldsOf('withdrawFromPanel'), ...on },
  PanelDeclaration: declarationFields,
  PanelLift: liftFields,
  PanelRecommendation: { ...fieldsOf('recordPanelRecommendation', 'sitting', 'criteriaVersion'), ...on },
  PanelDecision: { ...fieldsOf('signPanelDecision', 'criteriaVersion'), ...on },
  PanelDecisionWithout: { ...fieldsOf('decideWithoutPanel', 'criteriaVersion'), ...on },
};

/** One case before a panel: the commands and the pack of the pages, by the same desk. */
@ApiTags('Panels')
@Controller(`${base}/panels/items`)
@OpenToAll()
@UseFilters(ApiProblems)
export class PanelItemsApiController {
  private readonly items: ItemDesk;

  constructor(database: Database, engine: Engine, @Inject(CLOCK) clock: Clock) {
    this.items = new ItemDesk(database, engine, clock);
  }

  @Post()
  @Keyed()
  @HttpCode(201)
  @Describes({
    id: 'referToPanel',
    summary: 'Ask a panel about a child’s case',
    body: 'PanelReferral',
    headers: ['key'],
    answers: { 201: 'PanelReferred' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async refer(@ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return result(await this.referred(actor, body, key));
  }

  @Get(':id')
  @Describes({
    id: 'readPanelItem',
    summary: 'Read a case before a panel; its pack once the reader has declared',
    answers: { 200: 'PanelItem' },
    problems: ['forbidden', 'not-found'],
  })
  async view(@Param('id') id: string, @ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return shown(await this.items.view(actor, idIn(id)));
  }

  @Post(':id/paper')
  @HttpCode(200)
  @Describes({
    id: 'writePanelPaper',
    summary: 'Write the paper for the panel',
    body: 'PanelPaper',
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async write(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    return done(await this.items.write(actor, idIn(id), body));
  }

  @Post(':id/listing')
  @Keyed()
  @HttpCode(200)
  @Describes({
    id: 'listForPanel',
    summary: 'Put the case on an agenda',
    body: 'PanelListing',
    headers: ['key'],
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async list(@Param('id') id: string, @ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return done(await this.items.list(actor, idIn(id), body, key));
  }

  @Post(':id/off-agenda')
  @Keyed()
  @HttpCode(200)
  @Describes({
    id: 'takeOffAgenda',
    summary: 'Take the case off its agenda',
    body: 'PanelWhy',
    headers: ['key'],
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async takeOff(@Param('id') id: string, @ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return done(await this.items.takeOff(actor, idIn(id), body, key));
  }

  @Post(':id/withdrawal')
  @Keyed()
  @HttpCode(200)
  @Describes({
    id: 'withdrawFromPanel',
    summary: 'Withdraw the case from the panel',
    body: 'PanelWhy',
    headers: ['key'],
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async withdraw(@Param('id') id: string, @ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return done(await this.items.withdraw(actor, idIn(id), body, key));
  }

  @Post(':id/conflict')
  @HttpCode(200)
  @Describes({
    id: 'declareConflict',
    summary: 'Say whether one has a conflict; a conflict closes the case at once',
    body: 'PanelDeclaration',
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async declare(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    return done(await this.items.declare(actor, idIn(id), body));
  }

  @Post(':id/conflict/lift')
  @HttpCode(200)
  @Describes({
    id: 'liftConflict',
    summary: 'Find that somebody else has no conflict',
    body: 'PanelLift',
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async lift(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    return done(await this.items.liftConflict(actor, idIn(id), body));
  }

  @Post(':id/recommendation')
  @Keyed()
  @HttpCode(200)
  @Describes({
    id: 'recordPanelRecommendation',
    summary: 'Record what the panel recommends',
    body: 'PanelRecommendation',
    headers: ['key'],
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async recommend(@Param('id') id: string, @ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return done(await this.items.recommend(actor, idIn(id), body, key));
  }

  @Post(':id/decision')
  @Keyed()
  @HttpCode(200)
  @Describes({
    id: 'signPanelDecision',
    summary: 'Sign the decision after the panel',
    body: 'PanelDecision',
    headers: ['key'],
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async sign(@Param('id') id: string, @ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return done(await this.items.sign(actor, idIn(id), body, key));
  }

  @Post(':id/decision-without-panel')
  @Keyed()
  @HttpCode(200)
  @Describes({
    id: 'decideWithoutPanel',
    summary: 'Decide without the panel, at any time',
    body: 'PanelDecisionWithout',
    headers: ['key'],
    answers: { 200: 'PanelDone' },
    problems: ['forbidden', 'not-found', 'not-now', 'out-of-position', 'conflict'],
  })
  async decide(@Param('id') id: string, @ThroughDoor() { actor, body, key }: Entered): Promise<object> {
    return done(await this.items.decideWithout(actor, idIn(id), body, key));
  }

  private referred(actor: Actor, body: Entered['body'], key: string): Promise<Answer<{ runId: string }>> {
    const { child, ...rest } = body;
    return this.items.refer(actor, typeof child === 'string' ? child : '', rest, key);
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

/** Without what only the service itself needs to know of the reader. */
function shown(answer: Answer<ItemView>): object {
  const { item, kind, sitting, paper, pack, said, declarations, declared, legalTest } = result(answer);
  return {
    item,
    panel: kind === undefined ? null : { id: kind.id, name: kind.name, criteriaVersion: kind.criteriaVersion },
    legalTest,
    sitting: sitting ?? null,
    declared: declared === undefined ? 'not-yet' : (declared ?? 'none'),
    paper: paper ?? null,
    pack: pack ?? null,
    said,
    declarations,
  };
}

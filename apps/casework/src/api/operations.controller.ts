import { type Actor } from '@send/access';
import { Database } from '@send/database';
import { type Clock, type Handled, mayOperate, operationsOf, parkRow, retryRow } from '@send/engine';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, refused } from './problems';

export const parkFields = { cause: { kind: 'text', label: 'The cause', max: 300 } } as const satisfies Record<
  string,
  Field
>;

/** For administrators: ids, causes and counts, never what a case is about. */
@ApiTags('Operations')
@Controller(`${base}/operations`)
@OpenToAll()
@UseFilters(ApiProblems)
export class OperationsController {
  constructor(
    private readonly database: Database,
    private readonly cases: Cases,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Describes({
    id: 'readOperations',
    summary: 'Read what is late, stuck, failed, held or cannot be computed',
    answers: { 200: 'Operations' },
    problems: ['forbidden'],
  })
  async view(@ThroughDoor() entered: Entered): Promise<object> {
    administrator(entered.actor);
    refuseQuery(entered.query);
    return this.cases.within(entered.actor, (tx) => operationsOf(tx, this.clock));
  }

  @Post('rows/:id/retry')
  @HttpCode(200)
  @Describes({
    id: 'retryRow',
    summary: 'Let the worker try a row again',
    body: 'Nothing',
    answers: { 200: 'Handled' },
    problems: ['forbidden', 'not-found', 'out-of-position'],
  })
  async retry(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    administrator(actor);
    const rowId = await this.known(actor, id);
    read({}, body, this.clock);
    return handled(await retryRow(this.database, rowId, actor, this.clock));
  }

  @Post('rows/:id/park')
  @HttpCode(200)
  @Describes({
    id: 'parkRow',
    summary: 'Put a row aside with its cause',
    body: 'Park',
    answers: { 200: 'Handled' },
    problems: ['forbidden', 'not-found', 'out-of-position'],
  })
  async park(@Param('id') id: string, @ThroughDoor() { actor, body }: Entered): Promise<object> {
    administrator(actor);
    const rowId = await this.known(actor, id);
    const { cause } = read(parkFields, body, this.clock);
    return handled(await parkRow(this.database, rowId, String(cause), actor));
  }

  private async known(actor: Actor, id: string): Promise<string> {
    const rowId = idIn(id);
    const rows = await this.cases.within(actor, (tx) =>
      tx.query('select id from engine.outbox where id = $1', [rowId]),
    );
    if (rows.length === 0) throw new ApiProblem('not-found');
    return rowId;
  }
}

function administrator(actor: Actor): void {
  if (!mayOperate(actor)) throw new ApiProblem('forbidden', 'Only an administrator can do this.', { rule: 'role' });
}

function handled(outcome: Handled): object {
  if (!outcome.done) throw refused(outcome);
  return outcome;
}

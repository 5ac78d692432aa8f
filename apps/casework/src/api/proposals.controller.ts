import { type Clock, Engine } from '@send/engine';
import { caseRelationship } from '@send/case-file';
import { may } from '@send/access';
import type { Tx } from '@send/database';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { answerOutcome, base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, refused } from './problems';

export const returnFields = { reason: { kind: 'text', label: 'The reason' } } as const satisfies Record<string, Field>;

interface Proposal {
  readonly id: string;
  readonly runId: string;
  readonly childId: string;
  readonly door: string;
  readonly command: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly status: string;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

const columns = `id, run_id as "runId", child_id as "childId", door, command -> 'given' ->> 'command' as command, command -> 'given' -> 'fields' as fields,
  proposed_by as "proposedBy", proposed_at as "proposedAt", status, decided_by as "decidedBy", decided_at as "decidedAt", reason`;
const most = 200;

/** What waits for its second person. */
@ApiTags('Proposals')
@Controller(`${base}/proposals`)
@OpenToAll()
@UseFilters(ApiProblems)
export class ProposalsController {
  constructor(
    private readonly engine: Engine,
    private readonly cases: Cases,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Describes({
    id: 'listProposals',
    summary: 'List what waits for a second person, oldest first',
    answers: { 200: 'Proposals' },
  })
  async list(@ThroughDoor() entered: Entered): Promise<object> {
    refuseQuery(entered.query);
    const { actor } = entered;
    return this.cases.within(actor, async (tx) => {
      const rows = await tx.query<Proposal>(
        `select ${columns} from engine.proposal where status = 'waiting' order by proposed_at, id limit ${most}`,
      );
      const seen: Proposal[] = [];
      for (const row of rows) if (await this.sees(tx, entered, row.childId)) seen.push(row);
      return { proposals: seen };
    });
  }

  @Get(':id')
  @Describes({
    id: 'readProposal',
    summary: 'Read a proposal, and what became of it',
    headers: ['reason'],
    answers: { 200: 'Proposal' },
    problems: ['forbidden', 'not-found'],
  })
  async view(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    refuseQuery(entered.query);
    const { childId } = await this.find(idIn(id), entered);
    return this.cases.read(entered, childId, 'openCaseOverview', ['proposal'], async (tx) => {
      const [row] = await tx.query<Proposal>(`select ${columns} from engine.proposal where id = $1`, [id]);
      return row ?? {};
    });
  }

  @Post(':id/confirmation')
  @HttpCode(200)
  @Describes({
    id: 'confirmProposal',
    summary: 'Confirm what somebody else proposed: it happens now',
    body: 'Nothing',
    headers: ['reason'],
    answers: { 200: 'Done' },
    problems: ['forbidden', 'not-found', 'already-decided', 'out-of-position', 'not-now', 'conflict'],
  })
  async confirm(
    @Param('id') id: string,
    @ThroughDoor() entered: Entered,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const proposalId = idIn(id);
    await this.cases.enter(entered, (await this.find(proposalId, entered)).childId);
    read({}, entered.body, this.clock);
    return answerOutcome(response, await this.engine.confirm(proposalId, entered.actor));
  }

  @Post(':id/return')
  @HttpCode(200)
  @Describes({
    id: 'returnProposal',
    summary: 'Give it back with a reason: nothing happens',
    body: 'Reason',
    headers: ['reason'],
    answers: { 200: 'Returned' },
    problems: ['forbidden', 'not-found', 'already-decided'],
  })
  async giveBack(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    const proposalId = idIn(id);
    await this.cases.enter(entered, (await this.find(proposalId, entered)).childId);
    const { reason } = read(returnFields, entered.body, this.clock);
    const outcome = await this.engine.giveBack(proposalId, String(reason), entered.actor);
    if ('refusal' in outcome) throw refused(outcome);
    return { returned: true };
  }

  private async find(id: string, { actor }: Entered): Promise<Pick<Proposal, 'childId'>> {
    const [row] = await this.cases.within(actor, (tx) =>
      tx.query<Proposal>('select child_id as "childId" from engine.proposal where id = $1', [id]),
    );
    if (row === undefined) throw new ApiProblem('not-found');
    return row;
  }

  private async sees(tx: Tx, { actor }: Entered, childId: string): Promise<boolean> {
    const tie = await caseRelationship(tx, actor, childId, this.clock.today());
    if (tie === undefined) return false;
    const answer = may(actor, 'openCaseOverview', tie);
    return answer.allowed && answer.reason !== true;
  }
}

import { type Actor, writeAudit } from '@send/access';
import { CaseFile, unopenedPastDecision } from '@send/case-file';
import { type Clock, lastNightlyCheck } from '@send/engine';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { Form } from '@send/pages';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';

interface Trouble {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly attempts: number;
  readonly cause: string | null;
  readonly since: Date;
}

/** What is late, stuck, failed or cannot be computed: ids, causes and counts, and nothing of any case. */
@Controller('operator')
export class OperatorController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async health(
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyAdministrators(actor);
    const now = this.clock.now();
    const page = await this.caseFile.within(actor, async (tx) => {
      const counts = await tx.query<{ kind: string; status: string; count: number }>(
        `select kind, status, count(*)::int as count from engine.outbox where authority_id = $1 and status <> 'done' group by kind, status order by kind, status`,
        [actor.authority],
      );
      const trouble = await tx.query<Trouble>(
        `select id, kind, status, attempts, last_error as cause, created_at as since from engine.outbox
         where authority_id = $1 and (status in ('failed', 'held', 'parked') or (status = 'waiting' and available_at < $2::timestamptz - interval '10 minutes'))
         order by created_at limit 100`,
        [actor.authority, now],
      );
      const reminders = await tx.query<{ waiting: number; late: number }>(
        `select count(*)::int as waiting, (count(*) filter (where fire_at < $2::timestamptz - interval '10 minutes'))::int as late
         from engine.reminder where authority_id = $1 and status = 'waiting'`,
        [actor.authority, now],
      );
      const stuck = await tx.query<{ run_id: string; duty: string; cause: string }>(
        `select run_id, duty, cannot_compute as cause from engine.deadline
         where authority_id = $1 and cannot_compute is not null and met_on is null and ended_on is null order by run_id, key limit 100`,
        [actor.authority],
      );
      const unplaced = await tx.query<{ id: string; count: number }>(
        `select id, jsonb_array_length(unplaced) as count from engine.run where authority_id = $1 and unplaced <> '[]' order by id limit 100`,
        [actor.authority],
      );
      const letters = await tx.query<{ status: string; count: number }>(
        `select status, count(*)::int as count from letters.letter where authority_id = $1 and status in ('drafted', 'approved', 'held') group by status`,
        [actor.authority],
      );
      return {
        counts,
        trouble: trouble.map((one) => ({ ...one, cause: withoutData(one.cause) })),
        reminders: reminders[0],
        stuck,
        unplaced,
        letters,
        unopened: await unopenedPastDecision(tx, this.clock.today()),
        nightly: await lastNightlyCheck(tx),
      };
    });
    await this.answer.send(request, response, 'operator/operator.view.njk', { title: 'System health', ...page });
  }

  @Post('jobs/:jobId')
  async decide(
    @Param('jobId') jobId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    onlyAdministrators(actor);
    const what = new Form(body).choice('what', ['retry', 'park'] as const);
    if (what === undefined || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jobId)) throw new NotFoundException();
    const changed = await this.caseFile.within(actor, async (tx) => {
      const rows = await tx.run(
        what === 'retry'
          ? `update engine.outbox set status = 'waiting', available_at = $2, claimed_until = null where id = $1 and status in ('failed', 'held', 'parked', 'waiting')`
          : `update engine.outbox set status = 'parked', available_at = $2, claimed_until = null where id = $1 and status in ('failed', 'held', 'waiting')`,
        [jobId, this.clock.now()],
      );
      if (rows === 1)
        await writeAudit(tx, actor, {
          action: what === 'retry' ? 'retryJob' : 'parkJob',
          outcome: 'done',
          object: `job ${jobId}`,
        });
      return rows === 1;
    });
    if (!changed) throw new NotFoundException();
    response.redirect(HttpStatus.SEE_OTHER, '/operator');
  }
}

function onlyAdministrators(actor: Actor): void {
  if (!actor.roles.includes('AD')) throw new NotFoundException();
}

/** A failure's own words can quote what was typed: quotations and e-mail addresses are left out. */
const withoutData = (cause: string | null): string =>
  (cause ?? 'No cause was noted')
    .replace(/"[^"]*"|'[^']*'|“[^”]*”/g, '…')
    .replace(/\S+@\S+/g, '…')
    .split('\n')[0]
    ?.slice(0, 160) ?? '';

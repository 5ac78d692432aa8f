import type { Actor } from '@send/access';
import { Engine } from '@send/engine';
import { formatDay } from '@send/statute';
import type { Command, Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { Body, Controller, Get, NotFoundException, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Cases, type OpenedCase } from '../case/case-frame';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CommandPages, type CommandPlace, mayPrepare } from './command-pages';
import { notBegun } from './foreseen';

/** A request for an assessment has pages of its own: who asked, and whether the child is known. */
const elsewhere: Readonly<Record<string, string>> = { receiveRequest: '/requests' };

/** The newest version of each process: what has begun keeps the version that it began with. */
const newest: readonly Workflow[] = [...new Map(workflows.map((one) => [one.id, one] as const)).values()];

const beginsByHand = (command: Command): boolean => command.begins === true && command.system !== true;

/** Starting a process for a child who has a record. */
@Controller('cases/:caseId/start')
export class StartController {
  constructor(
    private readonly cases: Cases,
    private readonly engine: Engine,
    private readonly pages: CommandPages,
    private readonly answer: PageAnswer,
  ) {}

  @Get()
  async choose(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      if (!opened.header.mayStart) throw new NotFoundException();
      return { header: opened.header, processes: newest.flatMap((workflow) => startable(opened, workflow)) };
    });
    await this.answer.send(request, response, 'record-event/start.view.njk', {
      title: 'Start a process',
      ...page,
      caseReference: page.header.reference,
      back: { href: `/cases/${caseId}` },
    });
  }

  @Get(':workflow/:command')
  ask(
    @Param('caseId') caseId: string,
    @Param('workflow') workflow: string,
    @Param('command') name: string,
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.pages.ask(this.placeOf(caseId, workflow, name), query, { actor, request, response });
  }

  @Post(':workflow/:command')
  take(
    @Param('caseId') caseId: string,
    @Param('workflow') workflow: string,
    @Param('command') name: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.pages.take(this.placeOf(caseId, workflow, name), body, { actor, request, response });
  }

  private placeOf(caseId: string, id: string, name: string): CommandPlace {
    const workflow = newest.find((one) => one.id === id);
    const command = workflow?.commands.find(name);
    if (workflow === undefined || command === undefined || !beginsByHand(command) || name in elsewhere)
      throw new NotFoundException();
    const run = notBegun(this.engine.workflow(id, workflow.version));
    return {
      caseId,
      name,
      path: `/cases/${caseId}/start/${id}/${name}`,
      back: `/cases/${caseId}/start`,
      of: () => ({ run, command }),
      begins: true,
    };
  }
}

/** What can begin a process for this child, and what this person must know or lacks. */
function startable(opened: OpenedCase, workflow: Workflow) {
  const { commands } = workflow;
  const ways = Object.entries(commands.table)
    .filter(([, command]) => beginsByHand(command))
    .sort(([, a], [, b]) => a.rank - b.rank)
    .map(([name, command]) => ({
      label: command.label,
      href: elsewhere[name] ?? `/cases/${opened.header.id}/start/${workflow.id}/${name}`,
      refused: mayPrepare(opened, command) ? undefined : 'You are not on this case, or your role does not let you',
      second: command.secondPerson === 'always',
    }));
  const open = opened.runs.filter((run) => run.workflow.id === workflow.id && !run.closed);
  return ways.length === 0
    ? []
    : [
        {
          title: workflow.title,
          ways,
          open: open.map((run) => `One is open since ${formatDay(run.opened_on)}: ${run.called}`),
        },
      ];
}

import { type Clock, Engine } from '@send/engine';
import type { Door, Field, Workflow } from '@send/workflow-kit';
import { tidy } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { Controller, Get, Inject, Param, Post, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { answerOutcome, base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, idPattern, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, invalid, wrongField } from './problems';
import { Keyed } from './routes';
import { viewRun } from './run-view';

export const beginFields = {
  workflow: {
    kind: 'choice',
    label: 'The workflow',
    options: Object.fromEntries(workflows.map(({ id, title }) => [id, title])),
  },
  childId: { kind: 'id', label: 'The child' },
  door: {
    kind: 'choice',
    label: 'Whether it is done now or put on record',
    optional: true,
    options: { act: 'Done now', record: 'Put on record' },
  },
  command: { kind: 'text', label: 'The command', max: 80 },
  source: { kind: 'text', label: 'Where it comes from', max: 200, optional: true },
} as const satisfies Record<string, Field>;

export const actFields = { command: beginFields.command } as const satisfies Record<string, Field>;

export const recordFields = {
  ...actFields,
  confirmed: { kind: 'yes-no', label: 'It is odd, and right', optional: true },
  source: beginFields.source,
} as const satisfies Record<string, Field>;

export const reversalFields = {
  factId: { kind: 'id', label: 'The fact to take back' },
  reason: { kind: 'text', label: 'The reason' },
} as const satisfies Record<string, Field>;

const caseProblems = ['forbidden', 'not-found'] as const;
const commandProblems = [...caseProblems, 'conflict', 'not-now', 'out-of-position', 'key-reused'] as const;

/** A run from its beginning to its end, through the two doors of the engine. */
@ApiTags('Runs')
@Controller(`${base}/runs`)
@OpenToAll()
@UseFilters(ApiProblems)
export class RunsController {
  constructor(
    private readonly engine: Engine,
    private readonly cases: Cases,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Keyed()
  @Describes({
    id: 'beginRun',
    summary: 'Begin a run for a child with its first fact',
    body: 'Begin',
    headers: ['key', 'reason'],
    answers: { 201: 'Done', 200: 'Done' },
    problems: ['forbidden', 'conflict', 'out-of-position', 'key-reused'],
  })
  async begin(@ThroughDoor() entered: Entered, @Res({ passthrough: true }) response: Response): Promise<object> {
    const { sent, fields } = envelope(beginFields, entered, this.clock);
    const workflow = this.engine.workflow(String(sent['workflow']));
    const childId = String(sent['childId']);
    const command = workflow.commands.find(String(sent['command']));
    if (command?.begins !== true) throw unknownCommand('Select a command that a case begins with');
    const unknownChild = wrongField('childId', 'unknown', 'Select a child whose case you can open');
    if (!idPattern.test(childId)) throw unknownChild;
    await this.cases.enter(entered, childId).catch((problem: unknown) => {
      throw problem instanceof ApiProblem && problem.kind === 'not-found' ? unknownChild : problem;
    });
    await this.checkIds(entered, childId, workflow, String(sent['command']), fields);
    const door: Door = sent['door'] === 'record' ? 'record' : 'act';
    const given = { command: String(sent['command']), key: entered.key, fields, ...sourceIn(sent) };
    return answerOutcome(response, await this.engine.begin(workflow.id, childId, given, entered.actor, { door }), true);
  }

  @Get(':id')
  @Describes({
    id: 'readRun',
    summary: 'Read a run: position, dates with their reasons, letters, what can be done now',
    headers: ['reason'],
    answers: { 200: 'Run' },
    problems: caseProblems,
  })
  async view(
    @Param('id') id: string,
    @ThroughDoor() entered: Entered,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    refuseQuery(entered.query);
    const runId = idIn(id);
    const { childId } = await this.cases.run(entered, runId);
    const run = await this.cases.read(
      entered,
      childId,
      'openCaseOverview',
      ['position', 'deadlines', 'letters'],
      (tx, tie) => viewRun(tx, this.engine, runId, entered.actor, tie, this.clock),
    );
    response.setHeader('ETag', `"${run.version}"`);
    return run;
  }

  @Get(':id/history')
  @Describes({
    id: 'readHistory',
    summary: 'Read everything on record of a run, in the order of recording',
    headers: ['reason'],
    answers: { 200: 'History' },
    problems: caseProblems,
  })
  async history(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    refuseQuery(entered.query);
    const runId = idIn(id);
    const { childId } = await this.cases.run(entered, runId);
    return this.cases.read(entered, childId, 'openCaseOverview', ['history'], async (tx) => ({
      facts: await this.engine.history(entered.actor, runId, tx),
    }));
  }

  @Post(':id/acts')
  @Keyed()
  @Describes({
    id: 'act',
    summary: 'Do something now. It can be refused, with the rule and the way out',
    body: 'Act',
    headers: ['key', 'version', 'reason'],
    answers: { 200: 'Done', 202: 'Waits' },
    problems: commandProblems,
  })
  async act(
    @Param('id') id: string,
    @ThroughDoor() entered: Entered,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    return this.take('act', id, entered, response);
  }

  @Post(':id/records')
  @Keyed()
  @Describes({
    id: 'record',
    summary: 'Put on record what happened, however late or out of order',
    body: 'Record',
    headers: ['key', 'version', 'reason'],
    answers: { 200: 'Done', 202: 'Waits' },
    problems: [...commandProblems, 'confirm-needed'],
  })
  async record(
    @Param('id') id: string,
    @ThroughDoor() entered: Entered,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    return this.take('record', id, entered, response);
  }

  @Post(':id/reversals')
  @Keyed()
  @Describes({
    id: 'proposeReversal',
    summary: 'Ask for a fact to be taken back; somebody else must confirm it',
    body: 'Reversal',
    headers: ['key', 'reason'],
    answers: { 202: 'Waits', 200: 'Done' },
    problems: [...caseProblems, 'already-decided', 'key-reused'],
  })
  async reverse(
    @Param('id') id: string,
    @ThroughDoor() entered: Entered,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const runId = idIn(id);
    await this.cases.enterRun(entered, runId);
    const sent = read(reversalFields, entered.body, this.clock);
    return answerOutcome(
      response,
      await this.engine.proposeReversal(
        runId,
        String(sent['factId']),
        String(sent['reason']),
        entered.key,
        entered.actor,
      ),
    );
  }

  private async take(door: Door, id: string, entered: Entered, response: Response): Promise<object> {
    const runId = idIn(id);
    const { childId, workflow, version, waitsUnderKey } = await this.cases.enterRun(entered, runId);
    const { sent, fields } = envelope(door === 'act' ? actFields : recordFields, entered, this.clock);
    const command = String(sent['command']);
    if (waitsUnderKey !== undefined && waitsUnderKey !== `${runId} ${command}`) throw new ApiProblem('key-reused');
    await this.checkIds(entered, childId, this.engine.workflow(workflow, version), command, fields);
    const given = {
      command,
      key: entered.key,
      fields,
      ...sourceIn(sent),
      ...(sent['confirmed'] === true ? { confirmed: true } : {}),
      ...(entered.version === undefined ? {} : { version: entered.version }),
    };
    return answerOutcome(
      response,
      await (door === 'act'
        ? this.engine.act(runId, given, entered.actor)
        : this.engine.record(runId, given, entered.actor)),
    );
  }

  /** Only what the command's own rules find nothing wrong with: one answer names one kind of fault. */
  private async checkIds(
    { actor }: Entered,
    childId: string,
    { commands }: Workflow,
    name: string,
    given: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const command = commands.find(name);
    if (command === undefined || 'wrong' in commands.read(name, given, this.clock.today())) return;
    const wrong = await this.cases.unknown(actor, childId, command.fields, given);
    if (wrong.length > 0) throw invalid(wrong);
  }
}

const sourceIn = (sent: Readonly<Record<string, unknown>>): { source?: string } =>
  typeof sent['source'] === 'string' ? { source: tidy(sent['source']) } : {};

export const unknownCommand = (message: string): ApiProblem => wrongField('command', 'unknown-command', message);

/** What is said about a command, and the command's own fields within. */
function envelope(says: Readonly<Record<string, Field>>, { body }: Entered, clock: Clock) {
  const { fields, ...rest } = body;
  const sent = read(says, rest, clock);
  if (fields === undefined)
    throw wrongField('fields', 'missing', 'Send the command’s fields by name, with the date it happened in "on"');
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw wrongField('fields', 'wrong-type', 'Send the command’s fields by name, with the date it happened in "on"');
  return { sent, fields: fields as Readonly<Record<string, unknown>> };
}

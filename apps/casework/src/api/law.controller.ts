import { type Clock } from '@send/engine';
import { answerDue, type Duty, duties, isDutyId, versionsOf } from '@send/statute';
import type { Field } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { fieldsSchema, outwardCommands } from './command-schema';
import { Describes } from './described';
import { type Entered, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, wrongField } from './problems';

export const dueFields = {
  dutyId: { kind: 'text', label: 'The duty', max: 80, optional: true },
  duty: { kind: 'text', label: 'The duty by its shorter name', max: 80, optional: true },
  asked: { kind: 'day', label: 'The day it is counted from' },
  limb: {
    kind: 'choice',
    label: 'The limb',
    optional: true,
    options: { notice: 'From the notice', certificate: 'From the certificate' },
  },
  phases: { kind: 'paragraphs', label: 'The phases', max: 60, most: 10, optional: true },
  year: { kind: 'number', label: 'The year', min: 1996, max: 2125, optional: true },
} as const satisfies Record<string, Field>;

/** The law as the service knows it, and what it can be told. */
@ApiTags('Law')
@Controller(base)
@OpenToAll()
@UseFilters(ApiProblems)
export class LawController {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  @Get('duties')
  @Describes({
    id: 'listDuties',
    summary: 'List every duty of the register, each wording with the days it is in force',
    answers: { 200: 'Duties' },
  })
  list(@ThroughDoor() entered: Entered): { duties: readonly Duty[] } {
    refuseQuery(entered.query);
    return { duties };
  }

  @Get('duties/:id')
  @Describes({
    id: 'readDuty',
    summary: 'Read a duty in all its wordings over time',
    answers: { 200: 'Duties' },
    problems: ['not-found'],
  })
  duty(@Param('id') id: string, @ThroughDoor() entered: Entered): { duties: readonly Duty[] } {
    refuseQuery(entered.query);
    if (!isDutyId(id)) throw new ApiProblem('not-found');
    return { duties: versionsOf(id) };
  }

  @Post('deadlines')
  @HttpCode(200)
  @Describes({
    id: 'askWhenDue',
    summary: 'Ask when a duty is due if its time runs from a day',
    body: 'DueQuestion',
    answers: { 200: 'DueAnswer' },
  })
  due(@ThroughDoor() { body }: Entered): object {
    const question = read(dueFields, body, this.clock);
    if (question['dutyId'] === undefined && question['duty'] === undefined)
      throw wrongField('dutyId', 'missing', 'Enter the id of a duty, or its shorter name in "duty"');
    const { id: _, error, ...answer } = answerDue(question);
    if (error === undefined) return answer;
    throw answer.dutyId === null || answer.law === null
      ? wrongField(question['dutyId'] === undefined ? 'duty' : 'dutyId', 'unknown', error)
      : wrongField('asked', 'cannot-compute', error);
  }

  @Get('workflows')
  @Describes({
    id: 'listWorkflows',
    summary: 'List the workflows, and every command with its fields as JSON Schema',
    answers: { 200: 'Workflows' },
  })
  workflows(@ThroughDoor() entered: Entered): object {
    refuseQuery(entered.query);
    return {
      workflows: workflows.map((workflow) => ({
        id: workflow.id,
        version: workflow.version,
        title: workflow.title,
        commands: outwardCommands(workflow).map(([command, one]) => ({
          command,
          label: one.label,
          happened: one.happened,
          doors: one.doors,
          begins: one.begins === true,
          action: one.action,
          ...(one.secondPerson === undefined ? {} : { secondPerson: one.secondPerson }),
          fields: fieldsSchema(one),
        })),
      })),
    };
  }
}

import type { Field, Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import type { INestApplication, Type } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { Injectable } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { fieldsSchema, objectOf, outwardCommands, type Schema, schemaName, schemaOf } from './command-schema';
import { campaignFields } from './campaigns.controller';
import { cohortFields } from './cohort.controller';
import { childFields } from './children.controller';
import { dueFields } from './law.controller';
import { rewriteFields } from './letters.controller';
import { parkFields } from './operations.controller';
import { panelItemFields } from './panel-items.controller';
import { cohortSchemas } from './cohort-schemas';
import { panelSchemas } from './panel-schemas';
import { panelFields } from './panels.controller';
import { peopleFields } from './people.controller';
import { type ProblemKind, problemKinds, typeOf } from './problems';
import { returnFields } from './proposals.controller';
import { beginFields, recordFields, reversalFields } from './runs.controller';
import { answerSchemas } from './answer-schemas';

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** The description of the API, written from the code when it is first asked for. */
@Injectable()
export class ApiDescription {
  private written: OpenAPIObject | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
    private readonly adapter: HttpAdapterHost,
  ) {}

  of(module: Type): OpenAPIObject {
    return (this.written ??= this.write(module));
  }

  private write(module: Type): OpenAPIObject {
    const options = new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('SEND casework')
      .setDescription(
        'The same commands as the pages, by the same rules of access. A command carries its key in Idempotency-Key: sent twice it happens once. ' +
          'What is not done is answered with problem details (RFC 9457) whose type is the same in every version.',
      )
      .setVersion('1')
      .setLicense('MIT', 'https://opensource.org/license/mit')
      .addBearerAuth(
        { type: 'http', scheme: 'bearer', description: 'The value of a session, as sign-in gave it.' },
        'session',
      )
      .addCookieAuth(
        'session',
        {
          type: 'apiKey',
          in: 'cookie',
          name: 'session',
          description: 'The session of the pages; what changes something also needs its token in X-CSRF-Token.',
        },
        'cookie',
      )
      .addSecurityRequirements('session')
      .addSecurityRequirements('cookie')
      .build();
    // These three are all that the scanner asks of an application.
    const app = {
      container: { getModules: () => this.modules },
      config: this.config,
      getHttpAdapter: () => this.adapter.httpAdapter,
    };
    const document = SwaggerModule.createDocument(app as unknown as INestApplication, options, {
      include: [module],
      autoTagControllers: false,
    });
    return { ...document, components: { ...document.components, schemas: allSchemas() } };
  }
}

function allSchemas(): Record<string, Schema> {
  return {
    ...answerSchemas,
    ...panelSchemas,
    ...cohortSchemas,
    ...Object.fromEntries(
      workflows.flatMap((workflow) =>
        outwardCommands(workflow).map(([name, command]) => [schemaName(workflow, name), fieldsSchema(command)]),
      ),
    ),
    Begin: anyOfCommands(
      ({ begins }) => begins === true,
      (workflow) => ({ ...only(beginFields, 'childId', 'door', 'source'), workflow: { const: workflow.id } }),
      ['workflow', 'childId'],
    ),
    Act: anyOfCommands(
      ({ doors }) => doors.includes('act'),
      () => ({}),
      [],
    ),
    Record: anyOfCommands(
      ({ doors }) => doors.includes('record'),
      () => only(recordFields, 'confirmed', 'source'),
      [],
    ),
    Reversal: objectOf(reversalFields),
    Reason: objectOf(returnFields),
    Reasons: objectOf(rewriteFields),
    Park: objectOf(parkFields),
    NewCampaign: objectOf(campaignFields),
    Nothing: objectOf({}),
    NewChild: objectOf(childFields),
    ...Object.fromEntries(
      Object.entries({ ...peopleFields, ...panelFields, ...panelItemFields, ...cohortFields }).map(([name, fields]) => [
        name,
        objectOf(fields),
      ]),
    ),
    DueQuestion: { ...objectOf(dueFields), anyOf: [{ required: ['dutyId'] }, { required: ['duty'] }] },
    Problem: problemSchema,
  };
}

const only = (fields: Readonly<Record<string, Field>>, ...names: string[]): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => names.includes(name))
      .map(([name, field]) => [name, schemaOf(field)]),
  );

type Table = Workflow['commands']['table'];

/** A body is one of the commands: its name decides what its fields are. */
function anyOfCommands(
  fits: (command: Table[string]) => boolean,
  more: (workflow: Workflow) => Record<string, Schema>,
  required: string[],
): Schema {
  return {
    type: 'object',
    // Two workflows may have a command of the same name with the same fields.
    anyOf: workflows.flatMap((workflow) =>
      outwardCommands(workflow)
        .filter(([, command]) => fits(command))
        .map(([name, command]) => ({
          title: command.label,
          type: 'object',
          additionalProperties: false,
          required: [...required, 'command', 'fields'],
          properties: { ...more(workflow), command: { const: name }, fields: ref(schemaName(workflow, name)) },
        })),
    ),
  };
}

const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: {
      type: 'string',
      oneOf: (Object.keys(problemKinds) as ProblemKind[]).map((kind) => ({
        const: typeOf(kind),
        title: problemKinds[kind][1],
        description: problemKinds[kind][2],
      })),
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    rule: { type: 'string', description: 'The law or house rule that stands in the way.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'rule', 'message'],
        additionalProperties: false,
        properties: { field: { type: 'string' }, rule: { type: 'string' }, message: { type: 'string' } },
      },
    },
    winner: {
      type: 'object',
      properties: {
        actor: { type: 'string' },
        at: { type: 'string', format: 'date-time' },
        what: { type: 'string' },
        version: { type: 'integer' },
      },
    },
    candidates: { type: 'array', items: { type: 'object' } },
  },
};

import type { Command, Field, Workflow } from '@send/workflow-kit';

/** JSON Schema of draft 2020-12, as far as it is used here. */
export type Schema = Readonly<Record<string, unknown>>;

const day: Schema = { type: 'string', format: 'date', examples: ['2027-05-04'] };

/** The field's rules as far as a schema can say them; the server checks the rest. */
export function schemaOf(field: Field): Schema {
  const words = { title: field.label, ...(field.hint === undefined ? {} : { description: field.hint }) };
  switch (field.kind) {
    case 'text':
      return {
        ...words,
        type: 'string',
        ...(field.optional === true ? {} : { minLength: 1 }),
        maxLength: field.max ?? 5000,
      };
    case 'day':
      return {
        ...words,
        ...day,
        ...(field.past === true
          ? { description: 'Today or in the past.' }
          : field.future === true
            ? { description: 'Today or later.' }
            : {}),
      };
    case 'choice':
      return {
        ...words,
        type: 'string',
        oneOf: Object.entries(field.options).map(([value, title]) => ({ const: value, title })),
      };
    case 'yes-no':
      return { ...words, type: 'boolean' };
    case 'id':
      return {
        ...words,
        type: 'string',
        pattern: '^[A-Za-z0-9-]{1,60}$',
        ...(field.of === undefined ? {} : { description: `The id of a ${field.of.replace('-', ' ')} on record.` }),
      };
    case 'number':
      return { ...words, type: 'integer', minimum: field.min, maximum: field.max };
    case 'paragraphs':
      return {
        ...words,
        type: 'array',
        ...(field.optional === true ? {} : { minItems: 1 }),
        maxItems: field.most ?? 12,
        items: { type: 'string', minLength: 1, maxLength: field.max ?? 600 },
      };
    case 'rows':
      return {
        ...words,
        type: 'array',
        ...(field.optional === true ? {} : { minItems: 1 }),
        maxItems: field.most ?? 40,
        items: objectOf(field.of),
      };
  }
}

export function objectOf(fields: Readonly<Record<string, Field>>, more: Readonly<Record<string, Schema>> = {}): Schema {
  const required = [
    ...Object.keys(more),
    ...Object.entries(fields)
      .filter(([, field]) => field.optional !== true)
      .map(([name]) => name),
  ];
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...more,
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])),
    },
    ...(required.length === 0 ? {} : { required }),
  };
}

/** What `fields` of a command must hold: the day it happened, and the command's own. */
export const fieldsSchema = (command: Command): Schema =>
  objectOf(command.fields, {
    on: { title: 'The date it happened', description: 'Today or in the past, not before 1 January 1996.', ...day },
  });

/** Commands that somebody outside may give. What the product says to itself is not among them. */
export const outwardCommands = (workflow: Workflow): [name: string, command: Command][] =>
  Object.entries(workflow.commands.table).filter(([, command]) => command.system !== true);

/** The id of a command's schema among the components: NeedsAssessmentDecideToAssess. */
export const schemaName = (workflow: Workflow, command: string): string =>
  [...workflow.id.split('-'), command].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');

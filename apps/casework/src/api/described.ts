import { problemType } from '@send/pages';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { type ProblemKind, problemKinds, statusOf } from './problems';

export interface Says {
  /** Name of the operation, unique: `decideOnRun`. */
  readonly id: string;
  readonly summary: string;
  readonly body?: string;
  readonly query?: Readonly<Record<string, { readonly says: string; readonly required?: boolean }>>;
  readonly headers?: readonly ('key' | 'version' | 'reason')[];
  /** Schema of each answer that is no problem, by its status. */
  readonly answers: Readonly<Record<number, string>>;
  readonly problems?: readonly ProblemKind[];
}

const headers = {
  key: {
    name: 'Idempotency-Key',
    required: true,
    description: 'New for each command: the same key gives the first result again.',
    schema: { type: 'string', minLength: 8, maxLength: 200 },
  },
  version: {
    name: 'If-Match',
    required: false,
    description: 'The version of the run that was read, as in ETag.',
    schema: { type: 'string', examples: ['"3"'] },
  },
  reason: {
    name: 'Access-Reason',
    required: false,
    description: 'Why this case is opened, where the role asks for a reason.',
    schema: { type: 'string', minLength: 20, maxLength: 500 },
  },
} as const;

/** Any request may meet these. */
const always: readonly ProblemKind[] = [
  'malformed',
  'not-signed-in',
  'not-acceptable',
  'address-too-long',
  'too-many-requests',
  'failed',
];
const withBody: readonly ProblemKind[] = ['not-your-own', 'too-large', 'content-not-read', 'invalid'];

const ref = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

/** What OpenAPI says of an operation. */
export function Describes(says: Says): MethodDecorator {
  const kinds = [
    ...new Set([
      ...always,
      ...(says.body === undefined ? [] : withBody),
      ...(says.query === undefined ? [] : (['invalid'] as const)),
      ...(says.problems ?? []),
    ]),
  ];
  const byStatus = new Map<number, ProblemKind[]>();
  for (const kind of kinds) byStatus.set(statusOf(kind), [...(byStatus.get(statusOf(kind)) ?? []), kind]);
  return applyDecorators(
    ApiOperation({ operationId: says.id, summary: says.summary }),
    ...(says.body === undefined ? [] : [ApiBody({ required: true, schema: ref(says.body) })]),
    ...Object.entries(says.query ?? {}).map(([name, { says: description, required = false }]) =>
      ApiQuery({ name, required, description, schema: { type: 'string' } }),
    ),
    ...(says.headers ?? []).map((name) => ApiHeader({ ...headers[name] })),
    ...Object.entries(says.answers).map(([status, schema]) =>
      ApiResponse({
        status: Number(status),
        description: answerWords[Number(status)] ?? 'Done',
        ...(schema === '' ? {} : { content: { 'application/json': { schema: ref(schema) } } }),
      }),
    ),
    ...[...byStatus].map(([status, of]) =>
      ApiResponse({
        status,
        description: of.map((kind) => `${kind}: ${problemKinds[kind][2]}`).join(' '),
        content: { [problemType]: { schema: ref('Problem') } },
      }),
    ),
  );
}

const answerWords: Readonly<Record<number, string>> = {
  200: 'Done, or read.',
  201: 'Made.',
  202: 'Nothing has happened yet: somebody else must confirm it.',
};

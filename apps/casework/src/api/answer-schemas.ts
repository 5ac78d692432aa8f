import type { Schema } from './command-schema';

const text: Schema = { type: 'string' };
const maybe = (type: string, format?: string): Schema => ({
  type: [type, 'null'],
  ...(format === undefined ? {} : { format }),
});
const id: Schema = { type: 'string', format: 'uuid' };
const day: Schema = { type: 'string', format: 'date' };
const maybeDay = maybe('string', 'date');
const flag: Schema = { type: 'boolean' };
const count: Schema = { type: 'integer' };
const open: Schema = { type: 'object' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const thing = (properties: Record<string, Schema>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** What the API answers when it does what it was asked. */
export const answerSchemas: Readonly<Record<string, Schema>> = {
  Done: thing({
    done: { const: true },
    runId: id,
    factId: id,
    version: count,
    position: text,
    letters: count,
    held: list(text),
    repeated: flag,
    placed: flag,
    moved: list(thing({ key: text, from: maybeDay, to: maybeDay })),
  }),
  Waits: thing({ done: { const: false }, proposal: id, message: text }),
  Returned: thing({ returned: { const: true } }),
  Handled: thing({ done: { const: true } }),
  Desked: thing({ done: { const: true }, letterId: id, status: text }),
  Deadline: thing({
    key: text,
    duty: text,
    subject: maybe('string'),
    rule: text,
    kind: text,
    owner: text,
    bound: text,
    anchorFact: maybe('string'),
    anchorOn: maybeDay,
    dueBy: maybeDay,
    planBy: maybeDay,
    targetBy: maybeDay,
    exceptions: list(open),
    metOn: maybeDay,
    endedOn: maybeDay,
    law: text,
    why: text,
    cannotCompute: maybe('string'),
    late: flag,
    breach: flag,
  }),
  Run: thing({
    id,
    childId: id,
    workflow: text,
    workflowVersion: text,
    version: count,
    position: text,
    called: text,
    title: text,
    closed: flag,
    openedOn: day,
    lastOn: day,
    unplaced: list(text),
    deadlines: list(ref('Deadline')),
    exceptions: list(open),
    advice: list(
      thing({ request: text, kind: text, adviser: text, askedOn: day, receivedOn: day, reused: flag, returned: flag }, [
        'receivedOn',
        'reused',
        'returned',
      ]),
    ),
    letters: list(
      thing({
        id,
        letter: text,
        subject: maybe('string'),
        recipient: text,
        status: text,
        writtenOn: day,
        sentOn: maybeDay,
        servedOn: maybeDay,
        problem: maybe('string'),
      }),
    ),
    proposals: list(thing({ id, command: text, proposedBy: text, proposedAt: text })),
    commands: list(
      thing(
        {
          command: text,
          label: text,
          act: flag,
          record: flag,
          secondPerson: text,
          condition: thing({ rule: text, message: text }),
        },
        ['secondPerson', 'condition'],
      ),
    ),
  }),
  History: thing({
    facts: list(
      thing({ id, type: text, on: day, door: text, by: text, seq: count, payload: open, reverses: id }, ['reverses']),
    ),
  }),
  Proposal: thing({
    id,
    runId: id,
    childId: id,
    door: text,
    command: text,
    fields: open,
    proposedBy: text,
    proposedAt: text,
    status: { enum: ['waiting', 'confirmed', 'returned'] },
    decidedBy: maybe('string'),
    decidedAt: maybe('string'),
    reason: maybe('string'),
  }),
  Proposals: thing({ proposals: list(ref('Proposal')) }),
  Found: thing({
    results: list(
      thing({
        childId: id,
        reference: text,
        name: text,
        knownAs: text,
        dateOfBirth: day,
        settingId: maybe('string'),
        caseworkerId: maybe('string'),
      }),
    ),
    more: flag,
  }),
  Child: thing(
    {
      id,
      reference: text,
      firstNames: text,
      lastName: text,
      knownAs: text,
      dateOfBirth: day,
      sex: text,
      upn: maybe('string'),
      nhsNumber: maybe('string'),
      primaryNeed: maybe('string'),
      settingId: maybe('string'),
      lookedAfter: maybe('boolean'),
      caseworkerId: maybe('string'),
      team: maybe('string'),
      version: count,
      demo: flag,
      runs: list(
        thing({ id, workflow: text, version: count, position: text, called: text, closed: flag, openedOn: day }),
      ),
    },
    ['runs'],
  ),
  Duty: thing({
    id: text,
    kind: text,
    provision: text,
    source: text,
    owner: text,
    owedTo: list(text),
    duty: text,
    trigger: text,
    from: { oneOf: [{ type: ['string', 'null'] }, list(text)] },
    period: { type: ['object', 'null'] },
    counting: text,
    effective: list(maybe('string')),
    exceptions: list(open),
  }),
  Duties: thing({ duties: list(ref('Duty')) }),
  DueAnswer: thing(
    {
      dutyId: maybe('string'),
      dueBy: maybeDay,
      law: maybe('string'),
      why: maybe('string'),
      contested: day,
      inTimeUntil: day,
    },
    ['contested', 'inTimeUntil'],
  ),
  Workflows: thing({
    workflows: list(
      thing({
        id: text,
        version: text,
        title: text,
        commands: list(
          thing(
            {
              command: text,
              label: text,
              happened: text,
              doors: list(text),
              begins: flag,
              action: text,
              secondPerson: text,
              fields: open,
            },
            ['secondPerson'],
          ),
        ),
      }),
    ),
  }),
  Letter: thing({
    id,
    runId: id,
    childId: id,
    letter: text,
    subject: maybe('string'),
    recipient: text,
    status: text,
    title: maybe('string'),
    html: maybe('string'),
    problems: list(open),
  }),
  Operations: thing({
    counts: open,
    late: list(open),
    stuck: list(open),
    failed: list(open),
    held: list(open),
    parked: list(open),
    cannotCompute: list(open),
    unplaced: list(open),
  }),
};

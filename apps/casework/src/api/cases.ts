import {
  type Action,
  type Actor,
  identityOf,
  may,
  reasonMissing,
  type Refused,
  type Relationship,
  writeAudit,
} from '@send/access';
import { CaseFile, caseRelationship, type NamedId, unknownIds } from '@send/case-file';
import { Database, type Tx } from '@send/database';
import { type Clock } from '@send/engine';
import type { Field, Wrong } from '@send/workflow-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../frame/surroundings';
import type { Entered } from './door';
import { ApiProblem } from './problems';

/** Every way of the API into a case asks here first. What may not be seen answers as if it were not there. */
@Injectable()
export class Cases {
  constructor(
    private readonly database: Database,
    private readonly caseFile: CaseFile,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  within<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(identityOf(actor), work);
  }

  /** Reads of a case, noted in the audit in the same transaction. */
  async read<T>(
    entered: Entered,
    childId: string,
    action: Action,
    fields: readonly string[],
    work: (tx: Tx, tie: Relationship) => Promise<T>,
  ): Promise<T> {
    const { actor, reason } = entered;
    const opened = await this.caseFile.open(
      actor,
      { action, childId, on: this.clock.today(), fields, ...(reason === undefined ? {} : { reason }) },
      async (tx) =>
        work(tx, (await caseRelationship(tx, actor, childId, this.clock.today())) ?? nothingToDoWith(actor)),
    );
    if ('refused' in opened) throw noEntry(opened.refused);
    return opened.result;
  }

  /** Before a command on a child's case. The command itself is noted by the engine; only a refusal is noted here. */
  async enter(entered: Entered, childId: string): Promise<void> {
    const stops = await this.within(entered.actor, (tx) => this.stopped(tx, entered, childId));
    if (stops !== undefined) throw stops;
  }

  /** Whose run it is. Whether this person may know of it is for `read` and `enterRun` to say. */
  async run(entered: Entered, runId: string): Promise<OfRun> {
    const row = await this.within(entered.actor, (tx) => runRow(tx, runId));
    if (row === undefined) throw new ApiProblem('not-found');
    return row;
  }

  /** `enter` by the run. A key that something else waits under is used, though nothing is on record by it yet. */
  async enterRun(entered: Entered, runId: string): Promise<OfRun & { waitsUnderKey: string | undefined }> {
    const found = await this.within(entered.actor, async (tx) => {
      const row = await runRow(tx, runId);
      if (row === undefined) return new ApiProblem('not-found');
      const stops = await this.stopped(tx, entered, row.childId);
      if (stops !== undefined) return stops;
      const [waiting] = await tx.query<{ what: string }>(
        `select run_id || ' ' || (command -> 'given' ->> 'command') as what from engine.proposal where command_key = $1`,
        [entered.key],
      );
      return { ...row, waitsUnderKey: waiting?.what };
    });
    if (found instanceof ApiProblem) throw found;
    return found;
  }

  private async stopped(tx: Tx, { actor, reason }: Entered, childId: string): Promise<ApiProblem | undefined> {
    const tie = await caseRelationship(tx, actor, childId, this.clock.today());
    if (tie === undefined) return noEntry(nobodysCase);
    const asked = may(actor, 'openCaseOverview', tie);
    const refused = asked.allowed ? reasonMissing(asked, reason) : asked;
    if (refused === undefined) return undefined;
    await writeAudit(tx, actor, { action: 'openCaseOverview', outcome: 'refused', childId });
    return noEntry(refused);
  }

  /** Whether a search would show this case to that person. */
  async finds(tx: Tx, actor: Actor, childId: string): Promise<boolean> {
    const tie = await caseRelationship(tx, actor, childId, this.clock.today());
    return tie !== undefined && may(actor, 'searchCases', tie).allowed;
  }

  /** Ids within a command that name nothing of this case or this authority. */
  async unknown(
    actor: Actor,
    childId: string,
    fields: Readonly<Record<string, Field>>,
    given: Readonly<Record<string, unknown>>,
  ): Promise<Wrong[]> {
    const named = namedIn('', fields, given);
    if (named.length === 0) return [];
    const missing = await this.within(actor, (tx) => unknownIds(tx, childId, named));
    return missing.map(({ field, label }) => ({
      field,
      rule: 'unknown',
      message: `Select ${label.charAt(0).toLowerCase()}${label.slice(1)} from those on record`,
    }));
  }
}

interface OfRun {
  readonly childId: string;
  readonly workflow: string;
  readonly version: string;
}

async function runRow(tx: Tx, runId: string): Promise<OfRun | undefined> {
  const [row] = await tx.query<OfRun>(
    'select child_id as "childId", workflow, workflow_version as version from engine.run where id = $1',
    [runId],
  );
  return row;
}

const nobodysCase: Refused = {
  allowed: false,
  rule: 'no-relationship',
  hidden: true,
  message: 'There is no such case.',
};

const noEntry = (refused: Refused): ApiProblem =>
  refused.hidden ? new ApiProblem('not-found') : new ApiProblem('forbidden', refused.message, { rule: refused.rule });

const nothingToDoWith = (actor: Actor): Relationship => ({
  authority: actor.authority,
  live: false,
  team: false,
  own: false,
  panel: false,
  excluded: true,
  classification: 'restricted',
  ownViewsPrivate: true,
});

interface FieldsId extends NamedId {
  readonly field: string;
  readonly label: string;
}

function namedIn(
  prefix: string,
  fields: Readonly<Record<string, Field>>,
  given: Readonly<Record<string, unknown>>,
): FieldsId[] {
  return Object.entries(fields).flatMap(([name, field]): FieldsId[] => {
    const value = given[name];
    if (field.kind === 'id' && field.of !== undefined && typeof value === 'string' && value !== '') {
      return [{ field: `${prefix}${name}`, label: field.label, of: field.of, id: value }];
    }
    if (field.kind === 'rows' && Array.isArray(value)) {
      return value.flatMap((row: unknown, index) =>
        typeof row === 'object' && row !== null
          ? namedIn(`${prefix}${name}.${index}.`, field.of, row as Record<string, unknown>)
          : [],
      );
    }
    return [];
  });
}

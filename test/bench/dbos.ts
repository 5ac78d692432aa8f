import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import type { BenchServer } from './bench-server';
import { newId } from '../../libs/database/src/index';
import { type Fact, type Place, step } from '../../libs/workflow-kit/src/index';
import { needsAssessmentWorkflow } from '../../workflows/index';
import { caseworker, type Case, plainCommands, today } from './plain-case';
import type { LimitStatement } from './sql-limit';

/**
 * The same case with DBOS on the same server: each event is a workflow, known by a key of its own, and one step of it
 * reads the place of the case, takes it through the same machine and records the state. The step is given every help: the
 * rows are those of the SQL limit, written in one round trip; nobody is asked whether they may, and no date is computed.
 */
export class DbosCase {
  private constructor(
    private readonly rows: pg.Pool,
    private readonly event: (runId: string, childId: string, index: number) => Promise<void>,
  ) {}

  static async open(server: BenchServer, statements: readonly LimitStatement[], clients: number): Promise<DbosCase> {
    await server.createDatabase('bench_dbos');
    const rows = new pg.Pool({ connectionString: server.url('bench'), max: clients });
    rows.on('error', () => undefined);
    const quiet = (): void => undefined;
    DBOS.setConfig({
      name: 'bench',
      systemDatabaseUrl: server.url('bench_dbos'),
      systemDatabasePoolSize: clients * 2,
      applicationVersion: '1',
      // Our answer is the only thing on stdout.
      logger: {
        info: quiet,
        debug: quiet,
        warn: quiet,
        error: (entry: unknown) => process.stderr.write(`${String(entry)}\n`),
      },
    });
    const event = DBOS.registerWorkflow(
      async (runId: string, childId: string, index: number): Promise<void> => {
        await DBOS.runStep(
          async () => {
            const statement = statements[index];
            if (statement === undefined) throw new Error('There is no such event');
            const read = await rows.query<{ place: Place; version: number }>({
              name: 'place',
              text: 'select place, version from engine.run where id = $1',
              values: [runId],
            });
            const run = read.rows[0];
            if (run === undefined) throw new Error('There is no such case');
            step(needsAssessmentWorkflow, run.place, factOf(index, run.version + 1), true);
            await rows.query({
              name: statement.name,
              text: statement.text,
              values: statement.values({ runId, childId }),
            });
          },
          { name: 'record' },
        );
      },
      { name: 'event' },
    );
    await DBOS.launch();
    return new DbosCase(rows, event);
  }

  async workThrough({ runId, childId }: Case): Promise<void> {
    const { event } = this; // DBOS takes an object before the call for one of its own
    for (const index of plainCommands.keys()) {
      await DBOS.withNextWorkflowID(`${runId}-${index}`, () => event(runId, childId, index));
    }
  }

  async close(): Promise<void> {
    await DBOS.shutdown();
    await this.rows.end();
  }
}

function factOf(index: number, seq: number): Fact {
  const given = plainCommands[index];
  const read = given && needsAssessmentWorkflow.commands.read(given.command, given.fields, today);
  const command = given && needsAssessmentWorkflow.commands.find(given.command);
  if (read === undefined || 'wrong' in read || command === undefined) throw new Error('There is no such command');
  const { on, payload } = read.sent;
  return { id: newId(), type: command.fact, on, door: 'act', by: caseworker.staffId, seq, payload };
}

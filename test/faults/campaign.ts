import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { accessEntities, type Actor, addStaff, identityOf, saveAuthority } from '@send/access';
import { startCampaign } from '@send/campaign';
import { caseFileEntities } from '@send/case-file';
import { CaseCorrespondence } from '@send/correspondence';
import { alone, Database, dataFolder, EmbeddedPostgres, migrate, newId, projectFolder } from '@send/database';
import { Engine, systemClock } from '@send/engine';
import { schoolYearOf } from '@send/statute';
import { processes } from '@send/workflows';
import pg from 'pg';
import { letterDetails } from '../builders/case-with-family';
import { putYearSix } from '../builders/year-six';
import { KeptProcess } from './kept-process';

/** The same for the campaign’s worker and for single commands: neither may have more hands than the other. */
const atOnce = 4;
const leaseSeconds = 6;
const giveUpAfter = 30 * 60_000;

interface Shire {
  readonly authority: string;
  readonly senior: Actor;
}

/** The moves of a September begun by one command and a real worker, which may be killed half way; then by single commands. */
export async function campaign(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      count: { type: 'string', default: '5000' },
      kill: { type: 'boolean', default: false },
      singles: { type: 'string' },
    },
  });
  const count = Number(values.count);
  const singles = Number(values.singles ?? Math.min(1_000, Math.max(50, Math.ceil(count / 5))));
  if (![count, singles].every((one) => Number.isInteger(one) && one > 0 && one <= 100_000)) {
    process.stderr.write('--count and --singles must be whole numbers from 1 to 100000.\n');
    return 2;
  }
  const folder = join(dataFolder(), 'campaign');
  return alone(`${folder}.lock`, async () => {
    rmSync(folder, { recursive: true, force: true });
    const postgres = new EmbeddedPostgres({ folder, settings: { max_connections: '60' } });
    await postgres.start();
    try {
      await postgres.createDatabase('campaign');
      await migrate(postgres.url('campaign', 'send_owner'));
      const report = await measure(postgres, folder, { count, singles, kill: values.kill });
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      return report.runs === count && report.twice === 0 && report.waiting === 0 ? 0 : 1;
    } finally {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

async function measure(
  postgres: EmbeddedPostgres,
  folder: string,
  { count, singles, kill }: { count: number; singles: number; kill: boolean },
) {
  const url = postgres.url('campaign', 'send_app');
  const database = await Database.open({
    url,
    entities: [...accessEntities, ...caseFileEntities],
    poolSize: atOnce + 2,
  });
  const owner = new pg.Pool({ connectionString: postgres.url('campaign', 'postgres'), max: 2 });
  owner.on('error', () => undefined);
  const put = async (sql: string, params: readonly unknown[] = []) =>
    (await owner.query(sql, [...params])).rows as object[];
  const number = async (sql: string, params: readonly unknown[] = []): Promise<number> =>
    Number(((await put(`select count(*) as n from ${sql}`, params))[0] as { n: string } | undefined)?.n);
  const year = schoolYearOf(systemClock.today()) + 1;
  const shire = async (authority: string, children: number): Promise<Shire> => {
    const made = await buildShire(database, authority);
    await putYearSix(put, authority, children, year, made.senior.staffId);
    return made;
  };
  const worker = new KeptProcess({
    name: 'worker',
    file: join(projectFolder(), 'dist/apps/worker/src/main.js'),
    environment: {
      DATABASE_URL: url,
      REDIS_URL: '',
      DROP_FOLDER: join(folder, 'drop'),
      SEND_TODAY: '',
      NODE_ENV: '',
      POLL_MILLISECONDS: '50',
      LEASE_SECONDS: String(leaseSeconds),
      WORKER_AT_ONCE: String(atOnce),
    },
    logFolder: join(folder, 'logs'),
    preload: join(projectFolder(), 'dist/apps/console/src/end-with-parent.js'),
  });
  try {
    const many = await shire('campaignshire', count);
    const few = await shire('singleshire', singles);
    await put('analyze');
    const begun = (): Promise<number> =>
      number(`case_file.campaign_child where authority_id = 'campaignshire' and status = 'started'`);
    const until = async (enough: number): Promise<number> => {
      const giveUpAt = Date.now() + giveUpAfter;
      for (let now = await begun(); ; now = await begun()) {
        if (now >= enough) return now;
        if (Date.now() > giveUpAt) throw new Error(`Only ${now} of ${enough} were begun in half an hour.`);
        await wait(20);
      }
    };

    const ordered = performance.now();
    const started = await database.transaction(identityOf(many.senior), (tx) =>
      startCampaign(tx, many.senior, { year, key: newId(), on: systemClock.today() }),
    );
    const commandSeconds = (performance.now() - ordered) / 1000;
    if (!('id' in started)) throw new Error(started.refused.message);
    worker.start();
    // The process rises and compiles before it works: the clock runs from the moment it takes its first batch.
    while ((await number(`engine.outbox where kind = 'campaign' and attempts > 0`)) === 0) await wait(10);
    const from = performance.now();
    const half = await until(kill ? Math.ceil(count / 2) : count);
    const seconds = (performance.now() - from) / 1000;
    if (kill) {
      worker.kill();
      await until(count);
    }
    const all = (performance.now() - ordered) / 1000;
    await worker.stop();
    const campaignRate = half / seconds;
    const singleRate = await bySingleCommands(database, few, put, year);
    const of = `engine.run where authority_id = 'campaignshire' and workflow = 'phase-transfer'`;
    return {
      children: count,
      commandSeconds: round(commandSeconds),
      killedAfter: kill ? half : null,
      allBegunAfterSeconds: round(all),
      runs: await number(of),
      twice: await number(`(select child_id from ${of} group by child_id having count(*) > 1) twice`),
      waiting: await number(`case_file.campaign_child where authority_id = 'campaignshire' and status <> 'started'`),
      letters: await number(`letters.letter where authority_id = 'campaignshire'`),
      perSecond: { campaign: round(campaignRate), singleCommands: round(singleRate) },
      ratio: round(campaignRate / singleRate),
    };
  } finally {
    await worker.stop();
    await database.close();
    await owner.end();
  }
}

async function buildShire(database: Database, authority: string): Promise<Shire> {
  return database.transaction({ authority, actor: 'set-up' }, async (tx) => {
    const name = `${authority.charAt(0).toUpperCase()}${authority.slice(1)} County Council`;
    await saveAuthority(tx, {
      name,
      number: authority === 'campaignshire' ? '996' : '995',
      referencePrefix: 'CAM',
      letterDetails,
    });
    const staffId = await addStaff(tx, {
      name: 'Sam Okafor',
      email: `sam.okafor@${authority}.example`,
      roles: ['SM'],
      team: 'North',
      activeFrom: '2020-01-01',
    });
    return { authority, senior: { staffId, name: 'Sam Okafor', authority, roles: ['SM'], team: 'North' } };
  });
}

/** What a manager’s screen would do for each child: one command, one transaction. */
async function bySingleCommands(
  database: Database,
  { senior, authority }: Shire,
  put: (sql: string, params?: readonly unknown[]) => Promise<readonly object[]>,
  year: number,
): Promise<number> {
  const engine = new Engine(database, processes, new CaseCorrespondence(database), systemClock);
  const children = (await put('select id, setting_id as leaves from case_file.child where authority_id = $1', [
    authority,
  ])) as {
    id: string;
    leaves: string;
  }[];
  const left = [...children];
  // Not measured: what is compiled and prepared at the first few.
  const begin = async ({ id, leaves }: { id: string; leaves: string }): Promise<void> => {
    const fields = { on: systemClock.today(), year, phase: 'primary-to-secondary', leaves };
    const outcome = await engine.begin(
      'phase-transfer',
      id,
      { command: 'startPhaseTransfer', key: newId(), fields },
      senior,
    );
    if (!outcome.done) throw new Error('A single command was refused.');
  };
  for (const one of left.splice(0, Math.min(20, left.length >> 1))) await begin(one);
  const measured = left.length;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let one = left.pop(); one !== undefined; one = left.pop()) await begin(one);
    }),
  );
  return measured / ((performance.now() - from) / 1000);
}

const round = (figure: number): number => Math.round(figure * 100) / 100;

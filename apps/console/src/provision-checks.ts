import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { accessEntities, type Actor, authorities, settingsOn, systemActor } from '@send/access';
import { caseFileEntities, type PlanToCheck, plansToCheck } from '@send/case-file';
import { CaseCorrespondence } from '@send/correspondence';
import { Database, type Tx } from '@send/database';
import { Engine, systemClock } from '@send/engine';
import { type Day, isDay } from '@send/statute';
import { processes } from '@send/workflows';
import { openConsoleDatabase } from './console-database';

const usage =
  'Use: npm run provision-checks -- [--since 2023-01-01] [--all] [--apply]. Without --apply nothing is written; --all also checks plans that a later one has replaced.\n';

/** The day on which the local duty came into force: the authority’s own setting, or the plan’s that it comes from. */
const usualSince: Day = '2023-01-01';

export interface ChecksFound {
  readonly since: Day;
  /** Plans issued since, that ask for a check. */
  readonly issued: number;
  readonly haveCheck: number;
  /** The plan, or our responsibility for it, has ended. */
  readonly ended: number;
  readonly replaced: number;
  readonly toStart: number;
  readonly started: number;
  readonly refused: readonly { plan: string; why: string }[];
}

/** Checks of plans that were issued before checks were: each begins once, however often this is run (R-PRV-01). */
export async function startProvisionChecks(
  database: Database,
  engine: Engine,
  actor: Actor,
  options: { since?: Day; today: Day; all: boolean; apply: boolean },
): Promise<ChecksFound> {
  const identity = { authority: actor.authority, actor: actor.staffId };
  const { since, issued, lacking } = await database.transaction(identity, async (tx) => {
    const from = options.since ?? (await sinceOf(tx, options.today));
    const plans: PlanToCheck[] = [];
    const without: (PlanToCheck & { ended: boolean })[] = [];
    for await (const some of plansToCheck(tx, from)) {
      plans.push(...some);
      without.push(...(await withoutCheck(tx, some)));
    }
    return { since: from, issued: plans, lacking: without };
  });
  const living = lacking.filter(({ ended }) => !ended);
  const wanted = living.filter(({ newest }) => options.all || newest);
  const refused: { plan: string; why: string }[] = [];
  let started = 0;
  for (const plan of options.apply ? wanted : []) {
    const outcome = await engine.begin(
      'provision-check',
      plan.childId,
      {
        command: plan.amended ? 'startCheckOfAmendedPlan' : 'startCheckOfPlan',
        key: `provision-check:${plan.versionId}`,
        fields: {
          on: plan.issuedOn,
          planVersion: plan.versionId,
          inForceFrom: since,
          ...(plan.settingId === null ? {} : { setting: plan.settingId }),
        },
      },
      actor,
      { door: 'record' },
    );
    if (outcome.done) started += 1;
    else refused.push({ plan: plan.versionId, why: 'refusal' in outcome ? outcome.refusal.message : 'It waits' });
  }
  return {
    since,
    issued: issued.length,
    haveCheck: issued.length - lacking.length,
    ended: lacking.length - living.length,
    replaced: living.length - living.filter(({ newest }) => newest).length,
    toStart: wanted.length,
    started,
    refused,
  };
}

async function sinceOf(tx: Tx, today: Day): Promise<Day> {
  const own = (await settingsOn(tx, today))['provision-checks-from'];
  return typeof own === 'string' && isDay(own) ? own : usualSince;
}

/** A check is the plan’s own where it names its version, or where it began on the day of its issue. */
async function withoutCheck(tx: Tx, plans: readonly PlanToCheck[]): Promise<(PlanToCheck & { ended: boolean })[]> {
  const rows = await tx.query<{ version: string; checked: boolean; ended: boolean }>(
    `select p.version,
       exists (select 1 from engine.run r where r.authority_id = $1 and r.child_id = p.child and r.workflow = 'provision-check'
         and (r.place #>> '{context,check,planVersion}' = p.version
           or p.issued in (r.place #>> '{context,facts,finalPlanIssued}', r.place #>> '{context,facts,amendedFinalPlanIssued}'))) as checked,
       exists (select 1 from engine.run r join engine.fact f on f.run_id = r.id
         where r.authority_id = $1 and r.child_id = p.child and f.on_day >= p.issued::date
           and f.type in ('planCeased', 'planTransferred', 'childDied', 'planEnded', 'movedAway')
           and not exists (select 1 from engine.fact back where back.run_id = r.id and back.reverses = f.id)) as ended
     from jsonb_to_recordset($2::jsonb) as p (version text, child uuid, issued text)`,
    [
      tx.identity.authority,
      JSON.stringify(plans.map((one) => ({ version: one.versionId, child: one.childId, issued: one.issuedOn }))),
    ],
  );
  const found = new Map(rows.map((row) => [row.version, row]));
  return plans.flatMap((plan) => {
    const row = found.get(plan.versionId);
    return row === undefined || row.checked ? [] : [{ ...plan, ended: row.ended }];
  });
}

/** 0: done; 1: some could not begin; 2: wrong use. */
async function main(argv: readonly string[]): Promise<number> {
  const known = new Set(['--since', '--all', '--apply']);
  const since = argv.includes('--since') ? argv[argv.indexOf('--since') + 1] : undefined;
  const strange = argv.filter((one) => !known.has(one) && one !== since);
  if (strange.length > 0 || (argv.includes('--since') && (since === undefined || !isDay(since)))) {
    process.stderr.write(usage);
    return 2;
  }
  const place = await openConsoleDatabase();
  const database = await Database.open({
    url: place.url,
    entities: [...accessEntities, ...caseFileEntities],
    poolSize: 4,
  });
  try {
    const engine = new Engine(database, processes, new CaseCorrespondence(database), systemClock);
    const all = await database.transaction({ authority: '', actor: 'system' }, (tx) => authorities(tx));
    let refused = 0;
    for (const { id, name } of all) {
      const found = await startProvisionChecks(database, engine, systemActor(id), {
        ...(since === undefined ? {} : { since }),
        today: systemClock.today(),
        all: argv.includes('--all'),
        apply: argv.includes('--apply'),
      });
      process.stdout.write(`${JSON.stringify({ authority: name, ...found }, null, 2)}\n`);
      refused += found.refused.length;
    }
    return refused === 0 ? 0 : 1;
  } finally {
    await database.close();
    await place.release();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await main(process.argv.slice(2));
}

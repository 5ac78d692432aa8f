import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { accessEntities, authorities, systemActor } from '@send/access';
import { Database } from '@send/database';
import { Engine, recompute as recomputeAuthority, systemClock } from '@send/engine';
import { processes } from '@send/workflows';
import { openConsoleDatabase } from './console-database';

const usage = 'Use: npm run recompute -- --reason "what changed" [--apply]. Without --apply nothing is written.\n';

/** After a change of law or calendar: shows every date that would move, and moves them when told to. 0: done; 1: a run differs from its history; 2: wrong use. */
export async function recompute(argv: readonly string[]): Promise<number> {
  const reason = argv[argv.indexOf('--reason') + 1];
  if (!argv.includes('--reason') || reason === undefined || reason.trim() === '') {
    process.stderr.write(usage);
    return 2;
  }
  const place = await openConsoleDatabase();
  const database = await Database.open({ url: place.url, entities: accessEntities, poolSize: 2 });
  try {
    const engine = new Engine(
      database,
      processes,
      { needsApproval: () => true, addressees: () => Promise.resolve({ of: {}, held: [] }) },
      systemClock,
    );
    const all = await database.transaction({ authority: '', actor: 'system' }, (tx) => authorities(tx));
    let differs = 0;
    for (const { id, name } of all) {
      const found = await recomputeAuthority(
        database,
        (workflow, version) => engine.workflow(workflow, version),
        systemActor(id),
        {
          reason,
          apply: argv.includes('--apply'),
          now: systemClock.now(),
        },
      );
      process.stdout.write(
        `${JSON.stringify({ authority: name, applied: argv.includes('--apply'), ...found }, null, 2)}\n`,
      );
      differs += found.differs.length;
    }
    return differs === 0 ? 0 : 1;
  } finally {
    await database.close();
    await place.release();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await recompute(process.argv.slice(2));
}

import { dataFolder, isAlive } from '@send/database';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Supervisor } from './supervise';

describe('the supervisor', () => {
  let folder: string;
  let said: string[];
  let losses: number;
  let supervisor: Supervisor;

  beforeEach(() => {
    mkdirSync(join(dataFolder(), 'test'), { recursive: true });
    folder = mkdtempSync(join(dataFolder(), 'test', 'supervisor-'));
    said = [];
    losses = 0;
    supervisor = new Supervisor(
      (words) => said.push(words),
      () => (losses += 1),
      { preload: [], patience: 500 },
    );
  });
  afterEach(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An app that writes its process id down, and then lives as the given line says. */
  async function run(name: string, life: string): Promise<number> {
    const file = join(folder, `${name}.mjs`);
    const pidFile = join(folder, `${name}.pid`);
    writeFileSync(
      file,
      `import { writeFileSync } from 'node:fs';\n${life}\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));`,
    );
    expect(supervisor.start({ name, file, environment: {} })).toBe(true);
    while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await wait(10);
    return Number(readFileSync(pidFile, 'utf8'));
  }

  it('stops every app, also one that ignores being asked', async () => {
    const willing = await run('willing', 'setInterval(() => {}, 1000);');
    const deaf = await run('deaf', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);");
    await supervisor.stop();
    expect([willing, deaf].filter(isAlive)).toEqual([]);
    expect(said).toEqual([`Process ${deaf} did not stop when asked: ending it.`]);
    expect(losses).toBe(0);
  });

  it('says which app ended by itself, once', async () => {
    await run('steady', 'setInterval(() => {}, 1000);');
    await run('frail', 'setTimeout(() => process.exit(3), 100); setTimeout(() => {}, 1000);');
    await run('frail-too', 'setTimeout(() => process.exit(4), 150); setTimeout(() => {}, 1000);');
    while (losses === 0) await wait(10);
    await wait(400);
    expect(said).toEqual(['The frail app ended by itself (exit code 3): stopping everything.']);
    expect(losses).toBe(1);
  });

  it('goes on, and says so, without an app that is not built', () => {
    expect(supervisor.start({ name: 'family', file: join(folder, 'none.js'), environment: {} })).toBe(false);
    expect(said).toEqual(['The family app is not part of this build: going on without it.']);
  });
});

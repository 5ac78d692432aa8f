import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './data-folder';
import { EmbeddedPostgres } from './embedded-postgres';
import { isAlive } from './starter-lock';

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let server: EmbeddedPostgres;
  const open = (user = process.pid) => new EmbeddedPostgres({ folder, durable: false, user });

  beforeAll(() => {
    mkdirSync(join(dataFolder(), 'test'), { recursive: true });
    folder = mkdtempSync(join(dataFolder(), 'test', 'launcher-'));
    server = open();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts from nothing and answers', async () => {
    expect(await server.start()).toEqual({ found: false });
    await server.createDatabase('kept');
    await server.asSuperuser('kept', (client) => client.query('create table memory as select 42 as answer'));
  }, 30_000);

  it('is found, not started twice, by whoever comes second', async () => {
    const pid = server.pid();
    expect(await open().start()).toEqual({ found: true });
    expect(server.pid()).toBe(pid);
  });

  it('is started once by two who come at the same moment', async () => {
    await server.stop();
    const both = await Promise.all([server.start(), open().start()]);
    expect(both.map((one) => one.found).sort()).toEqual([false, true]);
  }, 30_000);

  it('stays up while another process uses it, and keeps its port', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    const second = open(other.pid);
    await second.start();
    const url = second.url('kept', 'postgres');
    expect(await server.stop()).toEqual({ stopped: false });
    other.kill('SIGKILL');
    await once(other, 'exit');
    await server.start();
    expect(server.url('kept', 'postgres')).toBe(url);
  }, 30_000);

  it('comes back with its data after a kill -9', async () => {
    const pid = server.pid();
    if (pid === undefined) throw new Error('no server');
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await server.start()).toEqual({ found: false });
    const rows = await server.asSuperuser(
      'kept',
      async (client) => (await client.query('select answer from memory')).rows,
    );
    expect(rows).toEqual([{ answer: 42 }]);
  }, 30_000);

  it('does not take a stranger’s process in an old pid file for its own', async () => {
    await server.stop();
    writeFileSync(join(folder, 'pg', 'postmaster.pid'), `${process.pid}\n${join(folder, 'pg')}\n`);
    expect(server.pid()).toBeUndefined();
    rmSync(join(folder, 'pg', 'postmaster.pid'));
  }, 30_000);

  it('takes over the lock of a starter that died, and leaves no process at the end', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    writeFileSync(join(folder, 'pg.lock'), String(dead.pid));
    await server.start();
    const pid = Number(readFileSync(join(folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
    expect(await server.stop()).toEqual({ stopped: true });
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(folder, 'pg.lock'))).toBe(false);
  }, 30_000);
});

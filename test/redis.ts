import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dataFolder, isAlive } from '../libs/database/src/index';

const ofSpecs = (): string => join(dataFolder(), 'test');

const program = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path));

/** A real Redis with its files in the project's data folder, which a test may kill and start again on the same port. */
export class TestRedis {
  private server: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async open(parent = ofSpecs()): Promise<TestRedis> {
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, 'redis-'));
    writeFileSync(join(folder, 'run.pid'), String(process.env['TEST_RUN_PID'] ?? process.pid));
    const redis = new TestRedis(await freePort(), folder);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.server?.pid;
  }

  /** Starts it again after `kill`, with what its append-only file kept. */
  async start(): Promise<void> {
    if (!program) throw new Error('This needs a real Redis: install it with "apt-get install redis-server".');
    const settings = {
      bind: '127.0.0.1',
      port: String(this.port),
      dir: this.folder,
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      'maxmemory-policy': 'noeviction',
      daemonize: 'no',
    };
    const server = spawn(
      program,
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      { stdio: 'ignore' },
    );
    this.server = server;
    server.once('spawn', () => writeFileSync(join(this.folder, 'redis.pid'), String(server.pid)));
    for (let tries = 0; tries < 400; tries += 1) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with code ${server.exitCode}.`);
      if ((await this.ask('PING')).startsWith('+PONG')) return;
      await wait(25);
    }
    throw new Error(`redis-server did not answer on port ${this.port} within 10 seconds.`);
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async flushAll(): Promise<void> {
    await this.ask('FLUSHALL');
  }

  async close(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const server = this.server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  private ask(command: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${command}\r\n`));
      socket.setTimeout(1000, () => socket.destroy());
      socket.once('data', (answer) => {
        socket.destroy();
        resolve(answer.toString());
      });
      socket.once('error', () => resolve(''));
      socket.once('close', () => resolve(''));
    });
  }
}

/** Ends what spec files that were interrupted left running, of this run and of runs that are dead. */
export function endAbandonedRedis(parent = ofSpecs()): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent).filter((one) => one.startsWith('redis-'))) {
    const folder = join(parent, name);
    const run = pidIn(join(folder, 'run.pid'));
    if (run !== undefined && run !== process.pid && isAlive(run)) continue;
    const pid = pidIn(join(folder, 'redis.pid'));
    if (pid !== undefined && isAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('redis-server')) {
      process.kill(pid, 'SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function pidIn(file: string): number | undefined {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

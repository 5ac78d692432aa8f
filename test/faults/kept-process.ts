import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface KeptProcessOptions {
  readonly name: string;
  /** Its built main file. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** Loaded first: ends the process with this one. */
  readonly preload: string;
}

/** A process that is started again whenever it has ended, as a supervisor of a real installation does. */
export class KeptProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  /** Ends that nobody here brought about. */
  endedByItself = 0;
  private killed = false;

  constructor(private readonly options: KeptProcessOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { name, file, environment, logFolder, preload } = this.options;
    mkdirSync(logFolder, { recursive: true });
    const log = openSync(join(logFolder, `${name}.log`), 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', preload, file], {
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...environment },
    });
    closeSync(log);
    this.child = child;
    this.killed = false;
    child.once('exit', () => void this.startAgain());
  }

  private async startAgain(): Promise<void> {
    if (this.stopping) return;
    if (!this.killed) {
      this.endedByItself += 1;
      await wait(500); // one that cannot start is no reason to spin
      if (this.stopping) return;
    }
    this.start();
  }

  kill(): void {
    this.killed = true;
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
    await ended;
    clearTimeout(timer);
  }
}

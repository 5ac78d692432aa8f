import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { environmentWith } from './config';

export interface App {
  name: string;
  /** Its built main file. */
  file: string;
  environment: Record<string, string>;
}

export interface SupervisorOptions {
  /** Loaded before each app. */
  preload?: string[];
  /** How long an app may take to stop when asked, in milliseconds. */
  patience?: number;
}

/** Apps as child processes that live and die together: when one ends by itself, it is said, and the others are stopped. */
export class Supervisor {
  private readonly running = new Map<string, ChildProcess>();
  private stopping = false;

  private readonly preload: string[];
  private readonly patience: number;

  /** `onLoss` is told once, when an app has ended that nobody asked to end. */
  constructor(
    private readonly say: (words: string) => void,
    private readonly onLoss: () => void,
    options: SupervisorOptions = {},
  ) {
    this.preload = options.preload ?? [fileURLToPath(new URL('./end-with-parent.js', import.meta.url))];
    this.patience = options.patience ?? 5_000;
  }

  /** False, with a notice, when the app is not built here. */
  start(app: App): boolean {
    if (!existsSync(app.file)) {
      this.say(`The ${app.name} app is not part of this build: going on without it.`);
      return false;
    }
    const before = this.preload.flatMap((file) => ['--import', file]);
    const child = spawn(process.execPath, ['--enable-source-maps', ...before, app.file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: environmentWith(app.environment),
    });
    this.running.set(app.name, child);
    child.once('exit', (code, signal) => void this.noticeEnd(app.name, code, signal));
    return true;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const children = [...this.running.values()];
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => ended(child, this.patience)));
    for (const child of children.filter(isRunning)) {
      this.say(`Process ${child.pid} did not stop when asked: ending it.`);
      child.kill('SIGKILL');
    }
    await Promise.all(children.map((child) => ended(child, this.patience)));
  }

  private async noticeEnd(name: string, code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.running.delete(name);
    // Ctrl-C reaches the apps in the same moment as us: give our own handler time to say that this is meant.
    await wait(200);
    if (this.stopping) return;
    this.stopping = true;
    this.say(`The ${name} app ended by itself (${signal ?? `exit code ${code ?? 'unknown'}`}): stopping everything.`);
    this.onLoss();
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function ended(child: ChildProcess, within: number): Promise<void> {
  if (!isRunning(child)) return;
  const timer = new AbortController();
  await Promise.race([
    new Promise((resolve) => child.once('exit', resolve)),
    wait(within, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
}

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { typesetLetter, type TypesetJob, type TypesetLetter } from './typeset';

interface Waiting {
  job: TypesetJob;
  done: (letter: TypesetLetter) => void;
  failed: (error: Error) => void;
}

interface Answer {
  id: number;
  letter?: TypesetLetter;
  fault?: string;
}

interface Worker {
  child: ChildProcess;
  waiting: Map<number, Waiting>;
}

export interface TypesetterOptions {
  /** How many processes; 1 if not said. They start with the first letter. */
  processes?: number;
  /** Draw in this process. So it is wherever there is no compiled entry to fork, as under jest. */
  inProcess?: boolean;
}

/** Draws letters beside the caller's event loop. Close it when the work is done. */
export class Typesetter {
  private readonly entry = fileURLToPath(new URL('./typeset-process.js', import.meta.url));
  private readonly inProcess: boolean;
  private readonly processes: number;
  private readonly workers: Worker[] = [];
  private lastId = 0;
  private closed = false;

  constructor({ processes = 1, inProcess }: TypesetterOptions = {}) {
    this.inProcess = inProcess ?? !existsSync(this.entry);
    this.processes = processes;
  }

  async typeset(job: TypesetJob): Promise<TypesetLetter> {
    if (this.closed) throw new Error('The typesetter is closed.');
    if (this.inProcess) return typesetLetter(job);
    const worker = this.leastBusy();
    const id = (this.lastId += 1);
    const { html, title, letterDate } = job;
    return new Promise((done, failed) => {
      worker.waiting.set(id, { job, done, failed });
      keepAwake(worker);
      worker.child.send({ id, job: { html, title, letterDate } }, (error) => {
        if (error) this.settle(worker, id, ({ failed: refuse }) => refuse(error));
      });
    });
  }

  /** Resolves when no process of this typesetter is left. Letters still waiting are refused. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(
      this.workers.splice(0).map(
        (worker) =>
          new Promise<void>((gone) => {
            const { child } = worker;
            if (child.exitCode !== null || child.signalCode !== null) return gone();
            child.ref();
            child.once('exit', () => gone());
            child.kill('SIGKILL');
          }),
      ),
    );
  }

  private leastBusy(): Worker {
    if (this.workers.length < this.processes && this.workers.every(({ waiting }) => waiting.size > 0)) {
      this.workers.push(this.start());
    }
    return this.workers.reduce((least, worker) => (worker.waiting.size < least.waiting.size ? worker : least));
  }

  private start(): Worker {
    const child = fork(this.entry, [], {
      // What a supervisor loads first into our own process looks after that one: here it would let go of the channel.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const worker: Worker = { child, waiting: new Map() };
    child.on('message', ({ id, letter, fault }: Answer) =>
      this.settle(worker, id, ({ done, failed }) =>
        letter
          ? done({ ...letter, pdf: Buffer.from(letter.pdf) })
          : failed(new Error(fault ?? 'The typesetter gave no letter.')),
      ),
    );
    const lost = (): void => {
      const index = this.workers.indexOf(worker);
      if (index >= 0) this.workers.splice(index, 1);
      for (const id of [...worker.waiting.keys()]) {
        this.settle(worker, id, ({ failed }) =>
          failed(new Error('The typesetting process ended before the letter was drawn.')),
        );
      }
    };
    child.on('exit', lost);
    child.on('error', lost);
    return worker;
  }

  private settle(worker: Worker, id: number, settle: (waiting: Waiting) => void): void {
    const waiting = worker.waiting.get(id);
    if (!waiting) return;
    worker.waiting.delete(id);
    keepAwake(worker);
    settle(waiting);
  }
}

/** A process with no letter to draw does not keep its parent from ending. */
function keepAwake({ child, waiting }: Worker): void {
  if (waiting.size > 0) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

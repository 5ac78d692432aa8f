import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Not by `instanceof Error`: under Jest, Node's own errors come from another realm and are none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A process that has ended but that its parent has not yet noticed (a zombie) does nothing any more: it is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true; // no /proc here, or gone in this moment: the next look tells
  }
}

/** Runs the work while no other process of this machine holds the same lock file. A lock whose owner died is taken over. */
export async function alone<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  const giveUpAt = Date.now() + 60_000;
  while (!taken(lockFile)) {
    if (Date.now() > giveUpAt)
      throw new Error(`Another process has held ${lockFile} for a minute. End it, or delete the file.`);
    await wait(25);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function taken(lockFile: string): boolean {
  try {
    const file = openSync(lockFile, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const owner = ownerOf(lockFile);
  if (owner !== undefined && !isAlive(owner)) removeIfOwnedBy(owner, lockFile);
  return false;
}

function ownerOf(lockFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Two processes may find the same dead owner: the one that comes second must not throw out the first one's new lock. */
function removeIfOwnedBy(owner: number, lockFile: string): void {
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch {
    return;
  }
  if (ownerOf(aside) === owner) rmSync(aside, { force: true });
  else renameSync(aside, lockFile);
}

import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time of processes in hundredths of a second. */
const tick = 10_000;

/** Microseconds of processor that a server and its sessions have had since it started, those that ended included. */
export function serverTime(postmaster: number): number {
  let total = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat === undefined) continue;
    if (Number(name) === postmaster) total += stat.own + stat.ended;
    else if (stat.parent === postmaster) total += stat.own;
  }
  return total * tick;
}

function statOf(pid: number): { parent: number; own: number; ended: number } | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold spaces: count from behind it. Fields 4, 14 to 17 of proc(5).
    const fields = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (field: number): number => fields[field - 3] ?? 0;
    return { parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return undefined; // it ended while we looked
  }
}

/** Microseconds of processor that this process has had. */
export function ownTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

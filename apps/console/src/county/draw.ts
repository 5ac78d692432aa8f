import { type Day, fromSerial, toSerial } from '@send/statute';

/**
 * Chance that comes out the same every time. Each child has a stream of its own, named after the seed, the authority and
 * the child's number, so that a child is the same in a county of any size and whoever was made before it.
 */
export class Draw {
  private readonly state: Uint32Array;

  constructor(name: string) {
    this.state = spread(name);
    for (let turn = 0; turn < 12; turn += 1) this.bits();
  }

  /** 32 random bits: sfc32, by Chris Doty-Humphrey (public domain). */
  bits(): number {
    const state = this.state;
    const [a = 0, b = 0, c = 0, count = 0] = state;
    const sum = (a + b + count) | 0;
    state[3] = count + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0 up to, and never, 1. */
  fraction(): number {
    return this.bits() / 2 ** 32;
  }

  /** Both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  pick<T>(list: readonly T[]): T {
    const one = list[this.whole(0, list.length - 1)];
    if (one === undefined) throw new Error('Nothing to pick from');
    return one;
  }

  /** Different ones, in the order of the list. */
  some<T>(list: readonly T[], count: number): T[] {
    const left = [...list.keys()];
    while (left.length > count) left.splice(this.whole(0, left.length - 1), 1);
    return left.map((at) => list[at]).filter((one) => one !== undefined);
  }

  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    return atShare(weights, this.fraction());
  }

  /** A UUID version 7 of that moment: in the order of time as the product's own, and the same in every build. */
  id(at: Day | number): string {
    const moment = typeof at === 'number' ? at : toSerial(at) * 86_400_000;
    const time = moment.toString(16).padStart(12, '0');
    const low = this.bits();
    const hex = (value: number, length: number): string => (value >>> 0).toString(16).padStart(8, '0').slice(-length);
    const variant = (0x8000 | (low & 0x3fff)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(this.bits(), 3)}-${variant}-${hex(this.bits(), 8)}${hex(this.bits(), 4)}`;
  }

  /** A day between two, both included. */
  day(from: Day, to: Day): Day {
    return fromSerial(this.whole(toSerial(from), toSerial(to)));
  }
}

/** What lies at this share of the whole, in the order of the entries. */
export function atShare<K extends string>(weights: Readonly<Record<K, number>>, share: number): K {
  const entries = Object.entries<number>(weights) as [K, number][];
  let left = share * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new Error('Nothing to choose from');
  return last[0];
}

/** The nth of a row of shares that fills the whole evenly, however soon it is broken off. */
export const evenly = (number: number, root: number): number => (number * root) % 1;
export const golden = (Math.sqrt(5) - 1) / 2;

/** The value below which this share of a normal distribution lies: Acklam's approximation, good to nine digits. */
export function normalAt(share: number): number {
  const p = Math.min(Math.max(share, 1e-9), 1 - 1e-9);
  if (p > 0.97575) return -normalAt(1 - p);
  if (p >= 0.02425) {
    const q = p - 0.5;
    const r = q * q;
    return (
      ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
        30.66479806614716) *
        r +
        2.506628277459239) *
        q) /
      (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
        13.28068155288572) *
        r +
        1)
    );
  }
  const q = Math.sqrt(-2 * Math.log(p));
  return (
    (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  );
}

/** Four words of state from any text: xmur3. */
function spread(name: string): Uint32Array {
  let hash = 1779033703 ^ name.length;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 3432918353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return Uint32Array.from({ length: 4 }, () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    return (hash ^= hash >>> 16) >>> 0;
  });
}

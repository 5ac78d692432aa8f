/** What is killed without warning: a process of ours or a server, one session of PostgreSQL, or all that Redis knows. */
export const killKinds = ['app', 'worker', 'postgres', 'session', 'redis', 'flushall'] as const;
export type KillKind = (typeof killKinds)[number];

export interface Kill {
  readonly kind: KillKind;
  /** How much of the run's work is done when it strikes, from 0 to 1. */
  readonly at: number;
  /** Which of several processes of a kind: any whole number, counted round. */
  readonly which: number;
}

/** One hand of kills. However short a run, it begins with a whole hand, and so with each kind. */
const hand: readonly KillKind[] = [
  'app',
  'app',
  'worker',
  'worker',
  'worker',
  'worker',
  'postgres',
  'postgres',
  'session',
  'redis',
  'redis',
  'flushall',
  'flushall',
];

export const fewestKills = hand.length;

/** The same seed gives the same kills at the same points of the work. */
export function killSchedule(seed: number, kills: number): Kill[] {
  const random = randomFrom(seed);
  const kinds: KillKind[] = [];
  while (kinds.length < kills) kinds.push(...shuffled(hand, random));
  return kinds
    .slice(0, kills)
    .map((kind, index) => ({ kind, at: (index + random()) / (kills + 1), which: Math.floor(random() * 1_000) }));
}

export const killsByKind = (kills: readonly Kill[]): Record<KillKind, number> =>
  Object.fromEntries(killKinds.map((kind) => [kind, kills.filter((one) => one.kind === kind).length])) as Record<
    KillKind,
    number
  >;

/** Numbers from 0 to 1 that look drawn by lot (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const left = [...list];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}

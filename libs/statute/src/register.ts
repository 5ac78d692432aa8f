import { allDuties, type DutyId } from './duties/all-duties';
import type { Duty } from './duty';
import { type Day, addDays } from './day';

export type { DutyId } from './duties/all-duties';

/** Every duty, in the order of the Acts and Regulations. */
export const duties: readonly Duty[] = allDuties;

/**
 * Entries of different ids that follow one another: the law was rewritten so far that its duties have new names. The old
 * entry ends on the eve of the day on which the new ones begin.
 */
export const successions: readonly { readonly from: DutyId; readonly to: readonly DutyId[] }[] = [
  {
    // Reg 45 as substituted by SI 2015/359 on 23 March 2015.
    from: 'unopposed-appeal.as-made-version',
    to: [
      'unopposed-appeal.assess-notify',
      'unopposed-appeal.assess-no-plan',
      'unopposed-appeal.assess-final-plan',
      'unopposed-appeal.amend-contents',
      'unopposed-appeal.amend-placement-only',
      'unopposed-appeal.make-plan-draft',
      'unopposed-appeal.make-plan-final',
      'unopposed-appeal.cease-conceded',
    ],
  },
  // SI 2022/788: every exclusion is told to the authority, not only the longer ones.
  { from: 'exclusion.notify-authority-2012', to: ['exclusion.notify-authority-2022'] },
];

const versionsById = new Map<string, Duty[]>();
for (const duty of duties) {
  const versions = versionsById.get(duty.id);
  if (versions) versions.push(duty);
  else versionsById.set(duty.id, [duty]);
}

const idsByAlias = new Map<string, string[]>();
for (const duty of duties) {
  for (const alias of duty.aliases) idsByAlias.set(alias, [...(idsByAlias.get(alias) ?? []), duty.id]);
}

export const isDutyId = (id: string): id is DutyId => versionsById.has(id);

/** All entries of one duty, oldest first. */
export const versionsOf = (id: string): readonly Duty[] => versionsById.get(id) ?? [];

/** Ids for a name that is an id itself or one of the shorter names under which a duty is known. */
export const dutyIdsFor = (name: string): readonly string[] =>
  versionsById.has(name) ? [name] : (idsByAlias.get(name) ?? []);

export const isInForce = (duty: Duty, on: Day): boolean =>
  duty.effective[0] !== null && duty.effective[0] <= on && (duty.effective[1] === null || on <= duty.effective[1]);

/** The entry of a duty that was in force on a day. A rule is chosen by the day of its trigger. */
export const dutyInForce = (id: string, on: Day): Duty | undefined =>
  versionsOf(id).find((version) => isInForce(version, on));

/** The entry that speaks for a duty whatever the day: the newest. */
export const dutyCalled = (id: string): Duty | undefined => versionsOf(id).at(-1);

/**
 * What is wrong with the register: two entries of one duty in force on the same day, or a day between two entries, or
 * between an entry and its successors, on which none is. Empty where exactly one applies on every day since commencement.
 */
export function registerFaults(entries: readonly Duty[] = duties): string[] {
  const faults: string[] = [];
  const byId = new Map<string, Duty[]>();
  for (const entry of entries) byId.set(entry.id, [...(byId.get(entry.id) ?? []), entry]);
  for (const [id, versions] of byId) {
    const dated = versions.filter(({ effective }) => effective[0] !== null);
    dated.sort((a, b) => ((a.effective[0] ?? '') < (b.effective[0] ?? '') ? -1 : 1));
    for (const [index, version] of dated.entries()) {
      const [from, to] = version.effective;
      if (from !== null && to !== null && to < from) faults.push(`${id} ends on ${to}, before it begins on ${from}`);
      const next = dated[index + 1]?.effective[0];
      if (!next) continue;
      if (to === null || to >= next) faults.push(`${id} has two entries in force on ${next}`);
      else if (addDays(to, 1) !== next) faults.push(`${id} has no entry in force on ${addDays(to, 1)}`);
    }
  }
  for (const { from, to } of successions) {
    const end = byId.get(from)?.at(-1)?.effective[1];
    for (const successor of to) {
      const start = byId.get(successor)?.[0]?.effective[0];
      if (!end || !start || addDays(end, 1) !== start)
        faults.push(`${successor} does not follow ${from} on the next day`);
    }
  }
  return faults;
}

/** A duty was replaced under other names: who answers for it on that day. */
export function inForceInstead(id: string, on: Day): readonly string[] {
  for (const { from, to } of successions) {
    const family = [from, ...to] as readonly string[];
    if (!family.includes(id)) continue;
    return family.filter((other) => other !== id && dutyInForce(other, on) !== undefined);
  }
  return [];
}

/** B2: phases of transfer, and the duty that each falls under; every move from year 11 counts as one to post-16. */
export const phaseTransferDuties = {
  'early-years-to-school': 'review.phase-transfer-15-february',
  'infant-to-junior': 'review.phase-transfer-15-february',
  'primary-to-middle': 'review.phase-transfer-15-february',
  'primary-to-secondary': 'review.phase-transfer-15-february',
  'middle-to-secondary': 'review.phase-transfer-15-february',
  'secondary-to-post-16': 'review.phase-transfer-31-march',
  'post-16': 'review.post-16-to-post-16',
} as const satisfies Record<string, DutyId>;

export type TransferPhase = keyof typeof phaseTransferDuties;

import type { ProvisionContext } from '@send/workflows';
import { walk } from './walk';

const gap = { item: 'i1', delivered: 'not' };

export const provisionCheckWalk = walk<ProvisionContext>({
  variants: {
    accountGiven: [
      { contact: 'family', attends: 'yes' },
      { contact: 'family', attends: 'yes', items: [gap] },
      { contact: 'setting', attends: 'yes' },
    ],
    contactTried: [
      { contact: 'setting', channel: 'phone' },
      { contact: 'setting', channel: 'email' },
      { contact: 'setting', channel: 'visit' },
    ],
    contactReminded: [{ contact: 'family' }, { contact: 'setting' }],
    settingCannotDeliver: [{ item: 'i1' }, { item: 'i2' }],
    gapActionAgreed: [{ item: 'i1', action: 'Agency', owner: 'Lead', dueOn: '2027-01-04', provider: 'setting' }],
    gapEscalated: [{ item: 'i1' }],
    gapClosed: [
      { item: 'i1', contact: 'family', evidence: 'A timetable' },
      { item: 'i2', contact: 'family', evidence: 'A timetable' },
    ],
    // Two of the family have the letter about the gaps: it has not left before the second has.
    familyToldOfGaps: [{ addressees: { 'provision.outcome-gaps:1': ['one', 'two'] } }],
    letterSent: [
      { group: 'none', recipient: 'one' },
      ...[2, 3, 4, 5].map((depth) => ({
        group: `familyToldOfGaps-${depth}:provision.outcome-gaps:1`,
        recipient: 'two',
      })),
    ],
  },
  likeness: ({ check, facts }) => [
    'startedAtNewSetting' in facts,
    check.accounts.family !== undefined,
    check.accounts.setting !== undefined,
    Object.keys(check.unreachable),
    Math.min(check.attempts.length, 3),
    new Set(check.attempts.map(({ channel }) => channel)).size,
    Object.values(check.gaps)
      .filter(({ closedOn }) => closedOn === undefined)
      .map(({ item, action }) => `${item} ${action ?? ''}`),
  ],
});

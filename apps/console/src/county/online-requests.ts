import { randomUUID } from 'node:crypto';
import { type AddressKeys, type OnlineAnswers, OnlineForm } from '@send/case-file';
import type { Database } from '@send/database';
import { addDays, type Day } from '@send/statute';

/** Invented families who asked online in the last days, and whose requests nobody has opened yet. */
const asked: readonly { readonly daysAgo: number; readonly answers: OnlineAnswers }[] = [
  {
    daysAgo: 4,
    answers: {
      askedBy: 'parent',
      child: { firstNames: 'Saffron', lastName: 'Inventley', dateOfBirth: '2019-02-11' },
      home: { lines: ['14 Madeup Row', 'Levelham'], postcode: 'LV1 4AA' },
      addressProtected: true,
      notToBeTold: 'Her father',
      setting: 'Invented Meadow Primary School',
      asker: {
        firstNames: 'Marigold',
        lastName: 'Inventley',
        relationship: 'parent',
        responsibility: 'yes',
        livesWithChild: true,
      },
      reach: { channel: 'email', email: 'marigold@inventley.example', format: 'standard' },
      worries: 'She cannot sit with the others at dinner, and has stopped talking at school since the spring.',
    },
  },
  {
    daysAgo: 1,
    answers: {
      askedBy: 'school',
      child: { firstNames: 'Rowan', lastName: 'Pretendwell', dateOfBirth: '2015-09-30' },
      addressProtected: false,
      setting: 'Invented Hill Academy',
      asker: { firstNames: 'Pepper', lastName: 'Supposington', role: 'SENCO', livesWithChild: false },
      parent: { firstNames: 'Basil', lastName: 'Pretendwell', phone: '+441632960555' },
      reach: { channel: 'email', email: 'senco@invented-hill.example', format: 'standard' },
      worries: 'Two years of help in class and from our speech and language therapist have not been enough.',
    },
  },
  {
    daysAgo: 0,
    answers: {
      askedBy: 'young-person',
      child: { firstNames: 'Linden', lastName: 'Imaginewood', dateOfBirth: '2008-12-01' },
      home: { lines: ['3 Nowhere Close', 'Levelham'], postcode: 'LV2 7ZZ' },
      addressProtected: false,
      reach: { channel: 'post', phone: '+441632960777', format: 'large-print' },
    },
  },
];

/** Sent as a visitor sends them, through the public form's own role. */
export async function sendOnlineRequests(
  database: Database,
  keys: AddressKeys,
  authority: string,
  today: Day,
): Promise<number> {
  const form = new OnlineForm(database, keys);
  for (const { daysAgo, answers } of asked) {
    const on = addDays(today, -daysAgo);
    const at = new Date(`${on}T09:30:00Z`);
    const visitor = randomUUID();
    await form.keep(authority, visitor, {}, at);
    await form.send(authority, visitor, () => answers, { on, at });
  }
  return asked.length;
}

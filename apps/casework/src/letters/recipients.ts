import { adviserOf, settingOf } from '@send/case-file';
import type { Checked } from '@send/correspondence';
import type { Catalogue } from '@send/letters';
import type { OpenedCase } from '../case/case-frame';
import { letterName } from './letter-name';

/** To whom each letter goes, in words. One after the other: they share a connection. */
export async function recipientNames(
  opened: Pick<OpenedCase, 'tx' | 'people'>,
  recipients: readonly string[],
): Promise<(recipient: string) => string> {
  const names = new Map<string, string>();
  for (const recipient of new Set(recipients)) names.set(recipient, await recipientName(opened, recipient));
  return (recipient) => names.get(recipient) ?? 'Somebody no longer on record';
}

/** To whom, in words. */
async function recipientName(opened: Pick<OpenedCase, 'tx' | 'people'>, recipient: string): Promise<string> {
  const [kind, id = ''] = recipient.split(':', 2);
  switch (kind) {
    case 'person': {
      const found = opened.people.find((one) => one.person.id === id);
      return found === undefined
        ? 'Somebody no longer on this case'
        : [found.person.title, found.person.firstNames, found.person.lastName].filter(Boolean).join(' ');
    }
    case 'setting':
      return (await settingOf(opened.tx, id))?.name ?? 'A setting not on record';
    case 'adviser':
      return (await adviserOf(opened.tx, id))?.name ?? 'An adviser not on record';
    default:
      return 'As the case has it';
  }
}

/** The letters of a decision as a check page lists them, and what would keep each from leaving. */
export async function lettersInWords(
  opened: Pick<OpenedCase, 'tx' | 'people'>,
  decision: Checked | undefined,
  catalogue: Catalogue,
) {
  const letters = decision?.letters ?? [];
  const nameOf = await recipientNames(
    opened,
    letters.map(({ recipient }) => recipient),
  );
  return {
    letters: letters.map((one) => ({
      title: one.title || letterName(catalogue, one.letter),
      to: nameOf(one.recipient),
      needsApproval: one.needsApproval,
    })),
    held: decision?.held ?? [],
    problems: [...new Set((decision?.problems ?? []).map((one) => one.wayOut))],
  };
}

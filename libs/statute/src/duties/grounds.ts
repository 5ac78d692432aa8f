import type { Exception, Ground } from '../duty';

/**
 * Exceptions that several regulations share word for word, written once. What differs is the duty they excuse and the
 * provision that lends them.
 */

const LIFTED =
  'The time limit is lifted (not replaced by another fixed limit); the underlying act must still be done as soon as practicable.';

function exception(dutyId: string, name: string, ground: Ground, words: Omit<Exception, 'id' | 'ground'>): Exception {
  return { id: `${dutyId}.${name}`, ground, ...words };
}

/** Regs 5(4), 10(4) and, through it, 13(3): sub-paragraphs (a) to (d). A5: a late reply from a school is not among them. */
export const authorityExceptions = (dutyId: string, paragraph: string): readonly Exception[] => [
  exception(dutyId, 'school-closed', 'settingClosed', {
    provision: `${paragraph}(a)`,
    condition:
      'The authority asked a head teacher or principal for advice inside the window that opens one week before the school or post-16 institution closes for an unbroken 4 weeks or more and shuts one week before it re-opens, and meeting the limit is impractical for that reason.',
    effect: LIFTED,
  }),
  exception(dutyId, 'early-years-closed', 'earlyYearsClosed', {
    provision: `${paragraph}(b)`,
    condition:
      'Same window, where the advice was sought from the SEN lead (or other responsible person) at a relevant early years provider closed for an unbroken 4 weeks or more.',
    effect: 'As for school closure.',
  }),
  exception(dutyId, 'exceptional-personal-circumstances', 'exceptionalPersonalCircumstances', {
    provision: `${paragraph}(c)`,
    condition:
      "Exceptional personal circumstances affect the child, the child's parent or the young person during the period the limit covers.",
    effect:
      'As for school closure. Workload, staff shortage or a lack of educational psychologists at the authority is not within the wording.',
  }),
  exception(dutyId, 'absent-from-area', 'awayFromArea', {
    provision: `${paragraph}(d)`,
    condition:
      "The child, the child's parent or the young person is out of the authority's area for an unbroken 4 weeks or more during the period the limit covers.",
    effect: 'As for school closure.',
  }),
];

const afterTribunal = (dutyId: string, provision: (letter: string) => string): readonly Exception[] => [
  exception(dutyId, 'exceptional-personal-circumstances', 'exceptionalPersonalCircumstances', {
    provision: provision('a'),
    condition: 'Exceptional personal circumstances affect the child, parent or young person in the period.',
    effect: 'The limit need not be met if meeting it is impractical for that reason.',
  }),
  exception(dutyId, 'absent-two-weeks', 'awayTwoWeeks', {
    provision: provision('b'),
    condition:
      'The child, parent or young person is out of the area for an unbroken 2 weeks or more in the period (2, not 4).',
    effect: 'As above.',
  }),
  exception(dutyId, 'representations-after-window', 'representationsAfterWindow', {
    provision: provision('c'),
    condition:
      'The parent or young person says they want to make representations about the plan after the 15 days given for representations.',
    effect: 'As above.',
  }),
  exception(dutyId, 'reg-13-3', 'regulation13', {
    provision: provision('d'),
    condition: 'A reg 13(3) circumstance applies.',
    effect: 'As above (secondary source for reg 45; sub-paragraph lettering from memory).',
  }),
];

/** Reg 44(3): two weeks away are enough here, and the family may ask for more time for representations. */
export const tribunalOrderExceptions = (dutyId: string): readonly Exception[] =>
  afterTribunal(dutyId, (letter) => `SEND Regs 2014 reg 44(3)(${letter})`);

/** Reg 45 takes over all of reg 44(3) but late representations. */
export const unopposedAppealExceptions = (dutyId: string): readonly Exception[] =>
  afterTribunal(dutyId, () => 'SEND Regs 2014 reg 45 (exceptions paragraph)').filter(
    ({ ground }) => ground !== 'representationsAfterWindow',
  );

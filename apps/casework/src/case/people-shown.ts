import {
  familyKinds,
  formerContacts,
  formerPeople,
  languageName,
  legalReasons,
  mayAnswerMatter,
  type PersonBeside,
  type Relationship,
  relationshipHistory,
  relationshipKinds,
  responsibilities,
  channels,
  formats,
  type Waiting,
  waitingMatters,
} from '@send/case-file';
import { lettersOfChild } from '@send/correspondence';
import { formatDay } from '@send/statute';
import type { OpenedCase } from './case-frame';
import { nameOf, phoneInWords, type Said } from './person-act';
import { personActs } from './people-forms';
import { receivesInWords } from './rights-forms';

/** Everybody beside the child in words. Who may not read contact details gets none. */
export function shownPeople(opened: OpenedCase) {
  const { people, header } = opened;
  const contact = opened.may('readContact');
  return [...people].sort(asListed).map((one) => {
    const { relationship, person, addressLines, addressProtected, phone, email } = one;
    const base = `/cases/${header.id}/people/${person.id}`;
    return {
      id: person.id,
      name: nameOf(one),
      relationship: relationshipKinds[relationship.kind],
      work: [person.jobTitle, person.organisation].filter(Boolean).join(', '),
      family: familyKinds.includes(relationship.kind),
      responsibility: responsibilities[relationship.parentalResponsibility],
      limits: relationship.limits,
      evidence: evidenceOf(relationship),
      confirmed: relationship.confirmedBy !== null || relationship.parentalResponsibility === 'not-known',
      receives: receivesOf(relationship, opened.child.lookedAfter === true),
      channel: channels[relationship.safeChannel],
      hours: relationship.safeHours,
      mayAnswer: relationship.mayAnswer,
      language: languageName(relationship.language) ?? relationship.language,
      interpreter: relationship.interpreter,
      format: relationship.format === 'standard' ? null : formats[relationship.format],
      contact,
      addressLines: contact || addressProtected ? addressLines : [],
      addressProtected,
      phone: contact && phone !== null ? phoneInWords(phone) : null,
      email: contact ? email : null,
      reveal: opened.may('readProtectedAddress') ? `${base}/address` : null,
      acts: [...personActs].flatMap(([word, act]) => {
        const text = opened.may(act.action) ? act.link(one) : undefined;
        return text === undefined ? [] : [{ text, href: `${base}/${word}` }];
      }),
    };
  });
}

/** The family first, then the child, then those who work with them: an entry keeps its place when it is changed. */
function asListed(one: PersonBeside, other: PersonBeside): number {
  const rank = ({ relationship: { kind } }: PersonBeside) => (familyKinds.includes(kind) ? 0 : kind === 'self' ? 1 : 2);
  return (
    rank(one) - rank(other) ||
    nameOf(one).localeCompare(nameOf(other), 'en-GB') ||
    (one.person.id < other.person.id ? -1 : 1)
  );
}

function evidenceOf(one: Relationship): string[] {
  return [
    one.orderDate === null ? '' : `Court order of ${formatDay(one.orderDate)}`,
    one.evidenceSeen ?? '',
    one.responsibilityFrom === null ? '' : `Since ${formatDay(one.responsibilityFrom)}`,
    one.responsibilityUntil === null ? '' : `Until ${formatDay(one.responsibilityUntil)}`,
  ].filter((part) => part !== '');
}

/** What really goes to them: the law's share, a decision, or nothing while something is open. */
function receivesOf(one: Relationship, lookedAfter: boolean): string {
  const { receives, receivesRefusedReason: reason, parentalResponsibility } = one;
  if (reason !== null) {
    const less = receives === null || receives.length === 0 ? 'None' : `Only: ${receivesInWords(receives)}`;
    return `${less}. Legal reason: ${legalReasons[reason].toLowerCase()}`;
  }
  if (parentalResponsibility === 'not-known') return 'Nothing before their parental responsibility is known';
  if (receives !== null) return receivesInWords(receives);
  if (parentalResponsibility === 'no') return 'None: they have no parental responsibility';
  return lookedAfter || parentalResponsibility === 'court-limited'
    ? 'Not decided yet: nothing is sent before it is'
    : receivesInWords(receives);
}

/** What is asked of the second person, as the list of people and the list of approvals call it. */
export const waitingWords: Readonly<Record<Waiting, string>> = {
  responsibility: 'Parental responsibility and letters',
  end: 'End of the entry',
  protection: 'An address set as not to be shared',
  lift: 'An address to be shared again',
};

/** Beside the details of each person: what waits for a second one, what is held, and what was on record before. */
export async function besidePeople(opened: OpenedCase) {
  const { tx, actor, header, people, today, relationship, nameOf: staffName } = opened;
  const waiting = [];
  for (const matter of await waitingMatters(tx, { childId: header.id }))
    waiting.push({
      personId: matter.personId,
      words: waitingWords[matter.what],
      by: staffName(matter.by),
      mayAnswer: await mayAnswerMatter(tx, actor, matter, relationship),
      href: `/cases/${header.id}/people/${matter.personId}/waiting/${matter.what}`,
    });
  const letters = opened.may('readLetters') ? await lettersOfChild(tx, header.id) : [];
  const ids = people.map((one) => one.person.id);
  const rows = await relationshipHistory(tx, header.id);
  const contacts = opened.may('readContact') ? await formerContacts(tx, ids) : [];
  const former = await formerPeople(tx, header.id, today);
  return {
    waiting,
    held: letters
      .filter((one) => one.status === 'held')
      .map((one) => ({
        personId: one.recipient.slice('person:'.length),
        href: `/cases/${header.id}/letters/${one.id}`,
      })),
    history: ids.map((personId) => ({
      personId,
      items: [
        ...rows
          .filter((one) => one.personId === personId && one.untilDay !== null)
          .reverse()
          .map((one) => historyLine(one, staffName)),
        ...contacts
          .filter((one) => one.personId === personId)
          .map((one) => `Until ${formatDay(one.until)}, ${one.what}: ${one.text}`),
      ],
    })),
    former: former.map((one) => formerLine(one)),
  };
}

function historyLine(one: Relationship, staffName: (id: string | null) => string): string {
  const said = [
    familyKinds.includes(one.kind)
      ? `parental responsibility ${responsibilities[one.parentalResponsibility].toLowerCase()}`
      : relationshipKinds[one.kind].toLowerCase(),
    ...(one.limits === null ? [] : [`limits: ${one.limits}`]),
    ...(familyKinds.includes(one.kind) ? [`letters: ${receivesOf(one, false).toLowerCase()}`] : []),
    `by ${channels[one.safeChannel].toLowerCase()}`,
    `recorded by ${staffName(one.recordedBy)}`,
    one.confirmedBy === null ? 'not confirmed' : `confirmed by ${staffName(one.confirmedBy)}`,
  ];
  return `Until ${formatDay(one.untilDay ?? one.fromDay)}: ${said.join(', ')}`;
}

const formerLine = (one: PersonBeside): Said => ({
  key: nameOf(one),
  value: `${relationshipKinds[one.relationship.kind]}, until ${formatDay(one.relationship.endOn ?? one.relationship.untilDay ?? one.relationship.fromDay)}${
    one.relationship.endReason === null ? '' : `: ${one.relationship.endReason}`
  }`,
});

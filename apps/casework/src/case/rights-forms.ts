import {
  decideLetters,
  endPerson,
  legalReasons,
  letterKinds,
  readEnding,
  readReceiving,
  readResponsibility,
  recordResponsibility,
  type Receiving,
  responsibilities,
  type Responsibility,
} from '@send/case-file';
import { formatDay } from '@send/statute';
import {
  act,
  type At,
  dayOrNull,
  isFamily,
  optionsOf,
  partsOf,
  type Question,
  rows,
  type Said,
  staffName,
  staffOptions,
  whose,
} from './person-act';

const waitsForTwo = 'Nothing of this counts before a second person confirms it. Until then no letter goes to them.';

export function responsibilityQuestions({ staff }: At): readonly Question[] {
  return [
    {
      name: 'responsibility',
      kind: 'radios',
      label: 'Do they have parental responsibility?',
      options: optionsOf(responsibilities).map((one) =>
        one.value === 'not-known' ? { ...one, hint: { text: 'Nothing is sent to them, and a task is raised' } } : one,
      ),
    },
    { name: 'limits', kind: 'area', rows: 3, label: 'What the court order limits (if a court limited it)' },
    { name: 'orderDate', kind: 'day', label: 'Date of the court order (if there is one)' },
    {
      name: 'evidence',
      kind: 'area',
      rows: 3,
      label: 'What evidence was seen',
      hint: 'For example a birth certificate, a court order or a parental responsibility agreement. Not needed while it is not known',
    },
    { name: 'seenBy', kind: 'select', label: 'Who saw the evidence', options: staffOptions(staff, 'Choose one') },
    { name: 'from', kind: 'day', label: 'When it began (optional)' },
    {
      name: 'until',
      kind: 'day',
      label: 'When it ends (optional)',
      hint: 'From that day nothing is sent to them before somebody records what holds then',
    },
  ];
}

export const saidOfResponsibility = (value: Responsibility, at: At): Said[] =>
  rows(
    ['Parental responsibility', responsibilities[value.parentalResponsibility]],
    ['What the court order limits', value.limits],
    ['Date of the court order', dayOrNull(value.orderDate)],
    ['Evidence seen', value.evidenceSeen],
    ['Seen by', value.evidenceSeenBy === null ? null : staffName(at.staff, value.evidenceSeenBy)],
    ['It began', dayOrNull(value.responsibilityFrom)],
    ['It ends', dayOrNull(value.responsibilityUntil)],
  );

export const responsibility = act<Responsibility>({
  action: 'recordParentalResponsibility',
  title: 'Record parental responsibility',
  button: 'Record this',
  link: (person) => (isFamily(person) ? 'Record parental responsibility' : undefined),
  sections: (at) => [{ questions: responsibilityQuestions(at) }],
  onRecord: ({ person }) =>
    person === undefined
      ? {}
      : {
          responsibility: person.relationship.parentalResponsibility,
          limits: person.relationship.limits ?? '',
          evidence: person.relationship.evidenceSeen ?? '',
          seenBy: person.relationship.evidenceSeenBy ?? '',
          ...partsOf('orderDate', person.relationship.orderDate),
          ...partsOf('from', person.relationship.responsibilityFrom),
          ...partsOf('until', person.relationship.responsibilityUntil),
        },
  read: readResponsibility,
  said: saidOfResponsibility,
  effects: (value, at) =>
    value.parentalResponsibility === 'not-known'
      ? [
          `Nothing is sent to ${whose(at)}, and a task to find out is raised today. Legal dates run on.`,
          'Letters that have not left yet are held.',
        ]
      : [
          waitsForTwo,
          'Letters that have not left yet are held.',
          ...(value.parentalResponsibility === 'court-limited'
            ? ['Decide next which letters they receive: nothing is sent before that either.']
            : []),
        ],
  perform: (at, value) => recordResponsibility(at.opened.tx, at.opened.actor, at.about, at.now, value),
});

const receivingWords: Readonly<Record<string, string>> = {
  law: 'Every letter the law says they must get',
  all: 'Every letter, by decision',
  some: 'Only some kinds',
  none: 'None',
};

export const letters = act<Receiving>({
  action: 'recordParentalResponsibility',
  title: 'Decide which letters they receive',
  button: 'Record this',
  link: (person) => (isFamily(person) ? 'Decide which letters they receive' : undefined),
  sections: ({ staff }) => [
    {
      lead: 'Everyone with parental responsibility receives the letters. Only a court order, a risk assessment signed by a manager, or adoption can take that away. That the other parent asked us not to is not a reason.',
      questions: [
        {
          name: 'receives',
          kind: 'radios',
          label: 'Which letters do they receive?',
          options: optionsOf(receivingWords).map((one) =>
            one.value === 'all'
              ? {
                  ...one,
                  hint: {
                    text: 'For a carer who counts as a parent, or where a court or the council’s care asks for a decision',
                  },
                }
              : one,
          ),
        },
        {
          name: 'kind-assessment',
          kind: 'checks',
          label: 'Which kinds (if only some)',
          options: Object.entries(letterKinds).map(([kind, text]) => ({ value: `kind-${kind}`, text })),
        },
        {
          name: 'reason',
          kind: 'select',
          label: 'Legal reason (if they receive less)',
          options: [{ value: '', text: 'No legal reason' }, ...optionsOf(legalReasons)],
        },
        {
          name: 'evidence',
          kind: 'area',
          rows: 3,
          label: 'What was seen (if there is a legal reason)',
          hint: 'The order, the risk assessment or the adoption papers, and its date',
        },
        {
          name: 'decidedBy',
          kind: 'select',
          label: 'Who decided it (if there is a legal reason)',
          hint: 'For a risk assessment, the manager who signed it',
          options: staffOptions(staff, 'Choose one'),
        },
      ],
    },
  ],
  onRecord: ({ person }) => {
    if (person === undefined) return {};
    const { receives, receivesRefusedReason, receivesRefusedEvidence, receivesRefusedBy } = person.relationship;
    const which =
      receives === null ? 'law' : receives.includes('all') ? 'all' : receives.length === 0 ? 'none' : 'some';
    return {
      receives: receivesRefusedReason !== null && receives === null ? 'none' : which,
      reason: receivesRefusedReason ?? '',
      evidence: receivesRefusedEvidence ?? '',
      decidedBy: receivesRefusedBy ?? '',
      ...Object.fromEntries((receives ?? []).map((kind) => [`kind-${kind}`, 'yes'])),
    };
  },
  read: (typed, known, { person }) =>
    readReceiving(typed, known, person?.relationship.parentalResponsibility ?? 'not-known'),
  said: (value, { staff }) =>
    rows(
      ['Letters', receivesInWords(value.receives)],
      ['Legal reason', value.receivesRefusedReason === null ? null : legalReasons[value.receivesRefusedReason]],
      ['What was seen', value.receivesRefusedEvidence],
      ['Decided by', value.receivesRefusedBy === null ? null : staffName(staff, value.receivesRefusedBy)],
    ),
  effects: () => [waitsForTwo, 'Letters that have not left yet are held.'],
  perform: (at, value) => decideLetters(at.opened.tx, at.opened.actor, at.about, at.now, value),
});

export function receivesInWords(receives: readonly string[] | null): string {
  if (receives === null) return 'Every letter the law says they must get';
  if (receives.includes('all')) return 'Every letter';
  if (receives.length === 0) return 'None';
  return receives.map((kind) => letterKinds[kind] ?? kind).join(', ');
}

export const end = act<{ on: string; reason: string }>({
  action: 'recordParentalResponsibility',
  title: 'End this entry',
  button: 'End this entry',
  link: (person) => (person.relationship.kind === 'self' ? undefined : 'End this entry'),
  sections: () => [
    {
      lead: 'Nothing is deleted: the entry and its history stay on record.',
      questions: [
        { name: 'on', kind: 'day', label: 'When did it end?' },
        { name: 'reason', kind: 'area', label: 'Why it ended', hint: 'In 20 characters or more' },
      ],
    },
  ],
  read: readEnding,
  said: ({ on, reason }) => rows(['It ended on', formatDay(on)], ['Why', reason]),
  effects: (_, { person }) =>
    person !== undefined && isFamily(person)
      ? ['The entry goes on until a second person agrees. From then on no letter is written to them.']
      : ['The entry ends at once.'],
  perform: (at, value) => endPerson(at.opened.tx, at.opened.actor, at.about, at.now, value),
});

import {
  askToLift,
  changeContact,
  channels,
  type Contact,
  formats,
  languageName,
  languages,
  type PostalAddress,
  protect,
  readContact,
  readLifting,
  readProtection,
  type TypedAnswers,
} from '@send/case-file';
import {
  phoneInWords,
  act,
  type At,
  optionsOf,
  type Question,
  rows,
  type Said,
  type Section,
  type Values,
} from './person-act';

const addressQuestions: readonly Question[] = [
  { name: 'line1', kind: 'text', label: 'Address line 1' },
  { name: 'line2', kind: 'text', label: 'Address line 2 (optional)' },
  { name: 'town', kind: 'text', label: 'Town or city' },
  { name: 'postcode', kind: 'text', label: 'Postcode', classes: 'govuk-input--width-10', exact: true },
];

export function contactSections({ person }: At, isNew: boolean): readonly Section[] {
  const { portal: _, ...offered } = channels;
  const known = person?.relationship.language ?? 'en';
  return [
    {
      title: 'How to reach them',
      questions: [
        { name: 'channel', kind: 'radios', label: 'Safe way to reach them', options: optionsOf(offered) },
        {
          name: 'hours',
          kind: 'text',
          label: 'Safe hours (optional)',
          hint: 'When they can be rung or written to safely, for example "weekdays before 3pm"',
        },
        { name: 'mayAnswer', kind: 'text', label: 'Who else may answer (optional)', hint: 'Or "nobody else"' },
        { name: 'phone', kind: 'text', label: 'Phone (optional)', classes: 'govuk-input--width-20' },
        { name: 'email', kind: 'text', label: 'Email (optional)', exact: true },
        {
          name: 'emailAgreed',
          kind: 'radios',
          label: 'Did they agree to letters by email?',
          classes: 'govuk-radios--inline',
          options: optionsOf({ yes: 'Yes', no: 'No' }),
        },
      ],
    },
    {
      title: 'Language and format',
      questions: [
        {
          name: 'language',
          kind: 'select',
          label: 'Language',
          options: [...new Set([...languages, known])].map((code) => ({
            value: code,
            text: languageName(code) ?? code,
          })),
        },
        {
          name: 'interpreter',
          kind: 'text',
          label: 'Interpreter (if one is needed)',
          hint: 'In which language, or British Sign Language',
        },
        { name: 'format', kind: 'select', label: 'Format of letters', options: optionsOf(formats) },
      ],
    },
    {
      title: 'Address',
      ...(person?.addressProtected === true
        ? { lead: 'This address is not to be shared. It is changed on its own page.', questions: [] }
        : {
            questions: [
              {
                name: 'address',
                kind: 'radios',
                label: isNew ? 'Is there an address?' : 'What is to be done about the address?',
                options: isNew
                  ? optionsOf({ new: 'Yes, it is below', none: 'No address is known' })
                  : optionsOf({
                      same: 'Leave it as it is',
                      new: 'Use the new one below',
                      none: 'They do not live there any more, and no new one is known',
                    }),
              },
              ...addressQuestions,
              {
                name: 'share',
                kind: 'radios',
                label: 'May the new address be shared?',
                hint: 'Not to be shared: it is kept apart and hidden on every page, and a second person confirms it',
                options: optionsOf({ yes: 'Yes', no: 'No, it is not to be shared' }),
              },
              {
                name: 'protectReason',
                kind: 'area',
                rows: 3,
                label: 'Why it is not to be shared (if it is not)',
                hint: 'In 20 characters or more',
              },
            ],
          }),
    },
  ];
}

export const saidOfContact = (value: Contact): Said[] =>
  rows(
    ['Safe way to reach them', channels[value.safeChannel]],
    ['Safe hours', value.safeHours],
    ['Who else may answer', value.mayAnswer],
    ['Phone', value.phone === null ? 'None' : phoneInWords(value.phone)],
    ['Email', value.email ?? 'None'],
    ['Letters by email', value.emailAgreed ? 'Agreed' : 'Not agreed'],
    ['Language', languageName(value.language)],
    ['Interpreter', value.interpreter],
    ['Format of letters', formats[value.format]],
    [
      'Address',
      value.address === undefined
        ? 'As it is'
        : value.address === null
          ? 'None known'
          : value.protect === undefined
            ? inOneLine(value.address)
            : `${inOneLine(value.address)} (not to be shared: hidden from now on)`,
    ],
    ['Why it is not to be shared', value.protect],
  );

const inOneLine = (address: PostalAddress): string => [...address.lines, address.postcode].join(', ');

/** A page that shows a protected person asks nothing about the address, so nothing is changed about it. */
const withoutAddress = (typed: TypedAnswers, { person }: At): TypedAnswers =>
  person?.addressProtected === true ? { ...typed, address: 'same' } : typed;

export const contact = act<Contact>({
  action: 'changeContact',
  title: 'Change contact details',
  button: 'Save these details',
  link: () => 'Change contact details',
  sections: (at) => contactSections(at, false),
  onRecord: ({ person }) =>
    person === undefined
      ? {}
      : {
          channel: person.relationship.safeChannel,
          hours: person.relationship.safeHours ?? '',
          mayAnswer: person.relationship.mayAnswer ?? '',
          phone: person.phone === null ? '' : phoneInWords(person.phone),
          email: person.email ?? '',
          emailAgreed: person.relationship.emailAgreed ? 'yes' : 'no',
          language: person.relationship.language,
          interpreter: person.relationship.interpreter ?? '',
          format: person.relationship.format,
          address: 'same',
        },
  read: (typed, known, at) => readContact(withoutAddress(typed, at), known),
  said: saidOfContact,
  effects: (value, at) => [
    'The next letter goes by these details. The old ones stay in the history.',
    ...(value.safeChannel === 'email'
      ? ['This service cannot send email yet. Letters to them are held, and a task says so, while only email is safe.']
      : value.safeChannel === 'phone'
        ? ['Letters to them are held while only the phone is safe. A task asks how a letter can reach them.']
        : []),
    ...(value.address === undefined
      ? []
      : [
          'Letters that were approved for the old address are held. The first letter to the new one needs a second person.',
        ]),
    ...(value.protect === undefined
      ? []
      : ['The new address is hidden at once. A second person is asked to confirm that.']),
    ...(at.person?.phone == null && at.person?.email == null
      ? []
      : [
          'If an address, phone or email changes, a task asks you to tell them by the phone or email that was on record before.',
        ]),
  ],
  perform: (at, value) => changeContact(at.opened.tx, at.opened.actor, at.keys, at.about, at.now, value),
});

const openAddress = ({ person }: At): PostalAddress | undefined =>
  person === undefined || person.addressProtected || person.addressLines.length === 0
    ? undefined
    : { lines: person.addressLines.slice(0, -1), postcode: person.addressLines.at(-1) ?? '' };

export const hide = act<{ address: PostalAddress; reason: string }>({
  action: 'protectAddress',
  title: 'Set an address as not to be shared',
  button: 'Hide this address',
  link: (person) =>
    person.addressProtected ? 'Change the address that is not to be shared' : 'Set the address as not to be shared',
  sections: (at) => [
    {
      lead:
        at.person?.addressProtected === true
          ? 'The address on record is not to be shared. Enter the one to use from now on: it is hidden too.'
          : 'The address is kept encrypted and hidden on every page, list and search. It is shown only with a reason.',
      questions: [
        ...(openAddress(at) === undefined
          ? []
          : [
              {
                name: 'which',
                kind: 'radios',
                label: 'Which address is not to be shared?',
                options: optionsOf({ current: 'The one on record', new: 'Another one, below' }),
              } as const,
            ]),
        ...addressQuestions,
        { name: 'reason', kind: 'area', label: 'Why it is not to be shared', hint: 'In 20 characters or more' },
      ],
    },
  ],
  onRecord: (at): Values => (openAddress(at) === undefined ? {} : { which: 'current' }),
  read: (typed, known, at) => readProtection(typed, known, openAddress(at)),
  said: ({ address, reason }) => rows(['Address', inOneLine(address)], ['Why it is not to be shared', reason]),
  effects: () => [
    'The address is hidden at once. Whoever else beside the child is on record there has no address any more, until one is entered or it is set as not to be shared for them too. A task names each of them.',
    'Whoever is on record at another house number of the same street and postcode keeps their address. A task asks whether it is the same place.',
    'Letters that were approved for it are held, and stored letters that show it open only with a reason.',
    'A second person is asked to confirm it. It takes two people to show it again.',
  ],
  perform: (at, value) => protect(at.opened.tx, at.opened.actor, at.keys, at.about, at.now, value),
});

export const lift = act<{ reason: string }>({
  action: 'protectAddress',
  title: 'Ask that an address may be shared again',
  button: 'Ask a second person',
  link: (person) => (person.addressProtected ? 'Ask that the address may be shared again' : undefined),
  sections: () => [
    {
      questions: [
        {
          name: 'reason',
          kind: 'area',
          label: 'Why it may be shared again',
          hint: 'In 20 characters or more. Say who told you, and how you know that it was them',
        },
      ],
    },
  ],
  read: readLifting,
  said: ({ reason }) => rows(['Why it may be shared again', reason]),
  effects: () => [
    'The address stays hidden until a second person agrees.',
    'Then there is no open address for them: the one to use is entered anew. Whoever else lost an address because of it has it back.',
  ],
  perform: (at, value) => askToLift(at.opened.tx, at.opened.actor, at.about, value),
});

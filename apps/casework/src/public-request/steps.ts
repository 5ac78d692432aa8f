import { type AskedBy, familyKinds, type LetterFormat, relationshipKinds, type Typed } from '@send/case-file';
import type { Form } from '@send/pages';

/** One page of the form. Nothing on any of them is refused for evidence that is missing: there is none asked for. */
export interface Step {
  readonly id: StepId;
  readonly title: string;
  readonly lead?: readonly string[];
  readonly questions: readonly Question[];
}

export type StepId = 'who' | 'child' | 'home' | 'setting' | 'you' | 'yours' | 'family' | 'reach' | 'worries';

export interface Question {
  readonly name: string;
  readonly kind: 'text' | 'area' | 'day' | 'radios' | 'select';
  readonly label: string;
  readonly hint?: string;
  readonly options?: readonly { readonly value: string; readonly text: string; readonly hint?: { text: string } }[];
  readonly classes?: string;
  readonly autocomplete?: string;
  readonly exact?: boolean;
  readonly type?: 'email' | 'tel';
  readonly rows?: number;
}

export const askers = {
  parent: 'I am the child’s parent or carer',
  'young-person': 'I am the young person, and I am 16 or over',
  school: 'I am asking for a school, college or nursery',
  other: 'I am someone else who knows the child',
} as const satisfies Record<AskedBy, string>;

export const formats: Readonly<Record<LetterFormat, string>> = {
  standard: 'Ordinary print',
  'large-print': 'Large print',
  'easy-read': 'Easy read',
  braille: 'Braille',
  audio: 'Audio',
  'coloured-paper': 'Coloured paper',
};

export const channels = {
  email: 'By email',
  post: 'By post',
  phone: 'Neither is safe for me: ring me first',
} as const;
export const responsibilities = { yes: 'Yes', no: 'No', 'not-known': 'I am not sure' } as const;
const yesNo = { yes: 'Yes', no: 'No' } as const;

const options = (offered: Readonly<Record<string, string>>) =>
  Object.entries(offered).map(([value, text]) => ({ value, text }));

const isAskedBy = (typed: string): typed is AskedBy => Object.hasOwn(askers, typed);

export const askedByOf = (typed: Typed): AskedBy | undefined => {
  const who = typed['who'] ?? '';
  return isAskedBy(who) ? who : undefined;
};

const order: Readonly<Record<AskedBy, readonly StepId[]>> = {
  parent: ['who', 'child', 'home', 'setting', 'you', 'yours', 'reach', 'worries'],
  'young-person': ['who', 'child', 'home', 'setting', 'reach', 'worries'],
  school: ['who', 'child', 'home', 'setting', 'you', 'family', 'reach', 'worries'],
  other: ['who', 'child', 'home', 'setting', 'you', 'yours', 'family', 'reach', 'worries'],
};

/** Which pages this person meets. Until they say who they are there is only the first. */
export function stepsFor(typed: Typed): readonly StepId[] {
  const askedBy = askedByOf(typed);
  if (askedBy === undefined) return ['who'];
  return order[askedBy].filter((id) => id !== 'yours' || askedBy !== 'parent' || typed['together'] === 'no');
}

export const everyStep: ReadonlySet<string> = new Set(Object.values(order).flat());

const names = (at: string, autocomplete?: boolean): Question[] => [
  {
    name: `${at}firstNames`,
    kind: 'text',
    label: 'First names',
    exact: true,
    autocomplete: autocomplete === true ? 'given-name' : 'off',
  },
  {
    name: `${at}lastName`,
    kind: 'text',
    label: 'Last name',
    exact: true,
    autocomplete: autocomplete === true ? 'family-name' : 'off',
  },
];

const address = (at: string): Question[] => [
  { name: `${at}line1`, kind: 'text', label: 'Address line 1', autocomplete: 'address-line1' },
  { name: `${at}line2`, kind: 'text', label: 'Address line 2 (optional)', autocomplete: 'address-line2' },
  {
    name: `${at}town`,
    kind: 'text',
    label: 'Town or city',
    classes: 'govuk-input--width-20',
    autocomplete: 'address-level2',
  },
  {
    name: `${at}postcode`,
    kind: 'text',
    label: 'Postcode',
    classes: 'govuk-input--width-10',
    autocomplete: 'postal-code',
    exact: true,
  },
];

/** The page as this person reads it: a young person is spoken to about themselves. */
export function stepFor(id: StepId, askedBy: AskedBy): Step {
  const own = askedBy === 'young-person';
  const child = own ? 'you' : 'the child or young person';
  switch (id) {
    case 'who':
      return {
        id,
        title: 'Who is asking?',
        questions: [{ name: 'who', kind: 'radios', label: 'Choose the one that fits best', options: options(askers) }],
      };
    case 'child':
      return {
        id,
        title: own ? 'About you' : 'About the child or young person',
        questions: [
          ...names('', own),
          {
            name: 'born',
            kind: 'day',
            label: 'Date of birth',
            hint: 'For example, 4 5 2015',
          },
          ...(askedBy === 'school'
            ? [
                {
                  name: 'upn',
                  kind: 'text',
                  label: 'Unique pupil number, UPN (optional)',
                  classes: 'govuk-input--width-20',
                  autocomplete: 'off',
                  exact: true,
                } as const,
              ]
            : []),
        ],
      };
    case 'home':
      return {
        id,
        title: own ? 'Where do you live?' : 'Where does the child or young person live?',
        lead: ['If there is no settled address, or you do not know it, leave the address empty. We can still start.'],
        questions: [
          ...address('home-'),
          {
            name: 'protect',
            kind: 'radios',
            label: `Is there anyone who must not be told where ${child} ${own ? 'live' : 'lives'}?`,
            hint: 'If you say yes, we keep every address in this request apart, and print it on no letter to anybody else.',
            options: options(yesNo),
          },
          {
            name: 'notToBeTold',
            kind: 'area',
            rows: 3,
            label: 'If yes, who must not be told? (optional)',
          },
        ],
      };
    case 'setting':
      return {
        id,
        title: askedBy === 'school' ? 'Your school, college or nursery' : 'School, college or nursery',
        questions: [
          {
            name: 'setting',
            kind: 'text',
            label: 'Its name (optional)',
            hint: own
              ? 'If you do not go to one now, leave this empty'
              : 'If the child or young person does not go to one now, leave this empty',
            autocomplete: 'off',
          },
        ],
      };
    case 'you':
      return {
        id,
        title: 'About you',
        questions: [
          ...names('you-', true),
          ...(askedBy === 'parent'
            ? ([
                {
                  name: 'relationship',
                  kind: 'radios',
                  label: 'What are you to the child or young person?',
                  options: familyKinds.map((value) => ({ value, text: relationshipKinds[value] })),
                },
                {
                  name: 'responsibility',
                  kind: 'radios',
                  label: 'Do you have parental responsibility?',
                  hint: 'The legal rights and duties of a parent. Mothers have them, and most fathers. Whatever you answer, we take your request.',
                  options: options(responsibilities),
                },
                {
                  name: 'together',
                  kind: 'radios',
                  label: 'Do you live at the address you gave for the child or young person?',
                  options: options(yesNo),
                },
              ] as const)
            : ([
                {
                  name: 'role',
                  kind: 'text',
                  label:
                    askedBy === 'school'
                      ? 'Your job there (optional)'
                      : 'How you know the child or young person (optional)',
                } as const,
              ] as const)),
        ],
      };
    case 'yours':
      return {
        id,
        title: 'Where do you live?',
        lead: ['You can leave this empty, if you do not want letters by post.'],
        questions: address('you-'),
      };
    case 'family':
      return {
        id,
        title: 'A parent or carer',
        lead: [
          'We must speak to the family, or to the young person, before we decide. If you do not know these, leave them empty.',
        ],
        questions: [
          ...names('parent-'),
          {
            name: 'parent-phone',
            kind: 'text',
            type: 'tel',
            label: 'Phone (optional)',
            classes: 'govuk-input--width-20',
            autocomplete: 'off',
          },
          {
            name: 'parent-email',
            kind: 'text',
            type: 'email',
            label: 'Email (optional)',
            autocomplete: 'off',
            exact: true,
          },
        ],
      };
    case 'reach':
      return {
        id,
        title: 'How should we reach you?',
        questions: [
          {
            name: 'channel',
            kind: 'radios',
            label: 'How may we send you our letters?',
            hint: 'Think of who else sees your post, reads your email or answers your phone, if that matters to you.',
            options: options(channels),
          },
          {
            name: 'email',
            kind: 'text',
            type: 'email',
            label: 'Email (optional, unless letters come by email)',
            autocomplete: 'email',
            exact: true,
          },
          {
            name: 'phone',
            kind: 'text',
            type: 'tel',
            label: 'Phone (optional, unless we must ring first)',
            classes: 'govuk-input--width-20',
            autocomplete: 'tel',
          },
          {
            name: 'interpreter',
            kind: 'text',
            label: 'Language of an interpreter, if you need one (optional)',
            hint: 'For example Polish, or British Sign Language',
            classes: 'govuk-input--width-20',
          },
          {
            name: 'format',
            kind: 'select',
            label: 'How our letters should look',
            options: options(formats),
          },
        ],
      };
    case 'worries':
      return {
        id,
        title: own ? 'What do you find hard?' : 'What are you worried about?',
        lead: [
          'You do not have to write anything here. A few words help us to understand. You can send more later.',
          'We do not need reports, a diagnosis or proof of what has been tried.',
        ],
        questions: [
          {
            name: 'worries',
            kind: 'area',
            rows: 8,
            label: 'In your own words (optional)',
            hint: 'Up to 5,000 characters',
          },
        ],
      };
  }
}

const seen = 'seen';
export const wasSeen = (typed: Typed, id: StepId): boolean => (typed[seen] ?? '').split(' ').includes(id);

/** What one page adds: its own questions and nothing else, and that it was answered. */
export function typedOn(step: Step, form: Form, before: Typed): Typed {
  const fields = step.questions.flatMap(({ name, kind }) =>
    kind === 'day' ? ['day', 'month', 'year'].map((part) => `${name}-${part}`) : [name],
  );
  return {
    ...Object.fromEntries(fields.map((name) => [name, form.text(name)])),
    [seen]: [...new Set([...(before[seen] ?? '').split(' '), step.id])].join(' ').trim(),
  };
}

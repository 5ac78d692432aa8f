import type { Action, Staff } from '@send/access';
import {
  type About,
  type AddressKeys,
  type Answers,
  type AnswersFor,
  familyKinds,
  type PeopleOutcome,
  type PersonBeside,
  type TypedAnswers,
  type WrongAnswer,
} from '@send/case-file';
import { formatDay } from '@send/statute';
import type { OpenedCase } from './case-frame';

/** A question as `form.njk` shows it; `checks` is a box for each of its options, each with a name of its own. */
export interface Question {
  readonly name: string;
  readonly kind: 'text' | 'area' | 'radios' | 'select' | 'day' | 'checks';
  readonly label: string;
  readonly hint?: string;
  readonly rows?: number;
  readonly classes?: string;
  readonly exact?: boolean;
  readonly options?: readonly { readonly value: string; readonly text: string; readonly hint?: { text: string } }[];
}

export interface Section {
  readonly title?: string;
  readonly lead?: string;
  readonly questions: readonly Question[];
}

export interface Said {
  readonly key: string;
  readonly value: string;
}

/** What a page of one person is made of. */
export interface At {
  readonly opened: OpenedCase;
  /** Undefined for somebody who is only being added. */
  readonly person: PersonBeside | undefined;
  readonly about: About;
  readonly staff: readonly Staff[];
  readonly keys: AddressKeys;
  readonly now: Date;
}

export type Values = Readonly<Record<string, string>>;

interface Spec<T> {
  readonly action: Action;
  readonly title: string;
  /** What the list of things to do beside a person calls it; undefined where it cannot be done to this one. */
  readonly link: (person: PersonBeside) => string | undefined;
  readonly sections: (at: At) => readonly Section[];
  /** The answers as they are on record. */
  readonly onRecord?: (at: At) => Values;
  readonly read: (typed: TypedAnswers, known: AnswersFor, at: At) => Answers<T>;
  readonly said: (value: T, at: At) => readonly Said[];
  readonly effects: (value: T, at: At) => readonly string[];
  readonly perform: (at: At, value: T) => Promise<PeopleOutcome>;
  readonly button: string;
}

/** One thing that can be done about somebody beside the child: asked, checked, done. */
export interface PersonAct {
  readonly action: Action;
  readonly title: string;
  readonly button: string;
  link(person: PersonBeside): string | undefined;
  sections(at: At): readonly Section[];
  onRecord(at: At): Values;
  check(
    typed: TypedAnswers,
    at: At,
  ): { said: readonly Said[]; effects: readonly string[] } | { wrong: readonly WrongAnswer[] };
  perform(typed: TypedAnswers, at: At): Promise<PeopleOutcome | { wrong: readonly WrongAnswer[] }>;
}

export function act<T>(spec: Spec<T>): PersonAct {
  const read = (typed: TypedAnswers, at: At) => spec.read(typed, knownAt(at), at);
  return {
    ...spec,
    onRecord: (at) => spec.onRecord?.(at) ?? {},
    check: (typed, at) => {
      const answers = read(typed, at);
      if ('wrong' in answers) return answers;
      return { said: spec.said(answers.value, at), effects: spec.effects(answers.value, at) };
    },
    perform: async (typed, at) => {
      const answers = read(typed, at);
      return 'wrong' in answers ? answers : spec.perform(at, answers.value);
    },
  };
}

const knownAt = ({ opened, staff }: At): AnswersFor => ({
  today: opened.today,
  born: opened.child.dateOfBirth,
  lookedAfter: opened.child.lookedAfter === true,
  staff: staff.map((one) => one.id),
  managers: staff.filter((one) => one.roles.includes('SM')).map((one) => one.id),
});

export const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }));
export const staffOptions = (staff: readonly Staff[], first: string) => [
  { value: '', text: first },
  ...staff.map((one) => ({ value: one.id, text: one.name })),
];
export const staffName = (staff: readonly Staff[], id: string | null) =>
  staff.find((one) => one.id === id)?.name ?? 'Nobody';
export const isFamily = (person: PersonBeside) => familyKinds.includes(person.relationship.kind);
export const nameOf = ({ person }: PersonBeside): string =>
  [person.title, person.firstNames, person.lastName].filter(Boolean).join(' ');
export const whose = (at: At): string => (at.person === undefined ? 'this person' : nameOf(at.person));

/** Rows with something in them: an answer that was left out is not shown as one. */
export const rows = (...all: readonly (readonly [string, string | null | undefined])[]): Said[] =>
  all.flatMap(([key, value]) => (value == null || value === '' ? [] : [{ key, value }]));
export const dayOrNull = (day: string | null): string | null => (day === null ? null : formatDay(day));
export const partsOf = (name: string, day: string | null): Values => {
  const [year = '', month = '', date = ''] = (day ?? '').split('-');
  return day === null
    ? {}
    : { [`${name}-day`]: String(Number(date)), [`${name}-month`]: String(Number(month)), [`${name}-year`]: year };
};

/** As it is said and dialled here; one of another country as it is kept. */
export const phoneInWords = (phone: string): string => phone.replace(/^\+44(\d{4})(\d{5,6})$/, '0$1 $2');

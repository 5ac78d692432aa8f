import { type OnlineAnswers, notToBeShared, type PostalAddress, relationshipKinds } from '@send/case-file';
import { formatDay } from '@send/statute';
import { askers, channels, formats, responsibilities, stepFor, type StepId, stepsFor } from './steps';

export interface SummaryPart {
  readonly step: StepId;
  readonly title: string;
  readonly rows: readonly { readonly key: string; readonly lines: readonly string[] }[];
}

const none = 'Not given';
const name = (person: { firstNames: string; lastName: string }): string => `${person.firstNames} ${person.lastName}`;
/** A number of this country as people here write it. */
const phoneInWords = (phone: string | undefined): string | undefined => phone?.replace(/^\+44/, '0');
const given = (text: string | undefined): string[] => [text ?? none];

/** What was answered, page by page, for whoever answered and for whoever opens it. */
export function summaryOf(answers: OnlineAnswers, masked = false): SummaryPart[] {
  const address = (one: PostalAddress | undefined): string[] =>
    masked ? [notToBeShared] : one === undefined ? [none] : [...one.lines, one.postcode];
  const typed = { who: answers.askedBy, together: answers.asker?.livesWithChild === true ? 'yes' : 'no' };
  return stepsFor(typed).map((step) => ({
    step,
    title: stepFor(step, answers.askedBy).title,
    rows: rowsOf(step, answers, address).map(([key, lines]) => ({ key, lines })),
  }));
}

function rowsOf(
  step: StepId,
  answers: OnlineAnswers,
  address: (one: PostalAddress | undefined) => string[],
): [string, string[]][] {
  const { askedBy, child, asker, parent, reach } = answers;
  switch (step) {
    case 'who':
      return [['Who is asking', [askers[askedBy]]]];
    case 'child':
      return [
        ['Name', [name(child)]],
        ['Date of birth', [formatDay(child.dateOfBirth)]],
        ...(askedBy === 'school' ? [['UPN', given(child.upn)] as [string, string[]]] : []),
      ];
    case 'home':
      return [
        ['Address', address(answers.home)],
        [
          'Must anyone not be told where they live?',
          answers.addressProtected ? ['Yes', ...(answers.notToBeTold?.split('\n') ?? [])] : ['No'],
        ],
      ];
    case 'setting':
      return [['School, college or nursery', given(answers.setting)]];
    case 'you':
      if (asker === undefined) return [];
      return [
        ['Name', [name(asker)]],
        ...(askedBy === 'parent'
          ? ([
              ['Relationship', asker.relationship === undefined ? [none] : [relationshipKinds[asker.relationship]]],
              ['Parental responsibility', [responsibilities[asker.responsibility ?? 'not-known']]],
              ['At the same address', [asker.livesWithChild ? 'Yes' : 'No']],
            ] as [string, string[]][])
          : ([[askedBy === 'school' ? 'Job' : 'How they know each other', given(asker.role)]] as [string, string[]][])),
      ];
    case 'yours':
      return [['Address', address(asker?.address)]];
    case 'family':
      return [
        ['Name', parent === undefined ? [none] : [name(parent)]],
        ['Phone', given(phoneInWords(parent?.phone))],
        ['Email', given(parent?.email)],
      ];
    case 'reach':
      return [
        ['Letters', [channels[reach.channel]]],
        ['Email', given(reach.email)],
        ['Phone', given(phoneInWords(reach.phone))],
        ['Interpreter', [reach.interpreter ?? 'Not needed']],
        ['Format of letters', [formats[reach.format]]],
      ];
    case 'worries':
      return [['In own words', answers.worries?.split('\n') ?? [none]]];
  }
}

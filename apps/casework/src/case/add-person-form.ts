import { addPersonToCase, familyKinds, newcomerKinds, readNewcomer, relationshipKinds } from '@send/case-file';
import { act, rows } from './person-act';
import { contactSections, saidOfContact } from './contact-forms';
import { responsibilityQuestions, saidOfResponsibility } from './rights-forms';

export const addAct = act({
  action: 'changeContact',
  title: 'Add a person',
  button: 'Add this person',
  link: () => undefined,
  sections: (at) => [
    {
      questions: [
        { name: 'title', kind: 'text', label: 'Title (optional)', classes: 'govuk-input--width-4' },
        { name: 'firstNames', kind: 'text', label: 'First names', exact: true },
        { name: 'lastName', kind: 'text', label: 'Last name', exact: true },
        {
          name: 'relationship',
          kind: 'select',
          label: 'What they are to the child',
          options: [
            { value: '', text: 'Choose one' },
            ...newcomerKinds.map((value) => ({ value, text: relationshipKinds[value] })),
          ],
        },
        { name: 'organisation', kind: 'text', label: 'Organisation (for a professional)' },
        { name: 'jobTitle', kind: 'text', label: 'Job title (for a professional)' },
      ],
    },
    {
      title: 'Parental responsibility',
      lead: 'For a parent, step-parent, carer, guardian or foster carer.',
      questions: responsibilityQuestions(at),
    },
    ...contactSections(at, true),
  ],
  onRecord: () => ({ channel: 'post', emailAgreed: 'no', language: 'en', format: 'standard', share: 'yes' }),
  read: readNewcomer,
  said: (value, at) => [
    ...rows(
      ['Name', [value.title, value.firstNames, value.lastName].filter(Boolean).join(' ')],
      ['What they are to the child', relationshipKinds[value.kind]],
      ['Organisation', value.organisation],
      ['Job title', value.jobTitle],
    ),
    ...(familyKinds.includes(value.kind) ? saidOfResponsibility(value.responsibility, at) : []),
    ...saidOfContact(value.contact),
  ],
  effects: (value) =>
    familyKinds.includes(value.kind)
      ? value.responsibility.parentalResponsibility === 'not-known'
        ? ['Nothing is sent to them, and a task to find out is raised today.']
        : ['Nothing is sent to them before a second person confirms their parental responsibility.']
      : ['They are on the list of people from today.'],
  perform: (at, value) => addPersonToCase(at.opened.tx, at.opened.actor, at.keys, at.about, at.now, value),
});

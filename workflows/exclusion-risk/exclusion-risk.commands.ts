import { type Command, Commands, type Field } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { exclusionKinds } from '../exclusion/exclusion-facts';
import { letterCommands } from '../letter.commands';
import { panelToldCommands } from '../panel-told';
import { bases, sources } from './cohort-facts';

const both = ['act', 'record'] as const;
const action = 'recordEvent';

const whySafely: Field = {
  kind: 'paragraphs',
  label: 'Why the child is put forward',
  hint: 'About this child, with dates. No score and nothing about a group the child belongs to.',
  max: 400,
  most: 10,
};
const plan: Field = { kind: 'yes-no', label: 'The child has an EHC plan', optional: true };
const consentSources: Field = {
  kind: 'rows',
  label: 'What the consent is about',
  hint: 'Leave empty for everything that consent was asked for',
  optional: true,
  most: 9,
  of: { source: { kind: 'choice', label: 'Where it comes from', options: sources } },
};
const until: Field = { kind: 'day', label: 'Until', optional: true };
const interventions: Field = {
  kind: 'rows',
  label: 'What will be done',
  most: 20,
  of: {
    what: { kind: 'text', label: 'What', max: 300 },
    owner: { kind: 'text', label: 'Who does it', max: 120 },
    dueOn: { kind: 'day', label: 'By when' },
  },
};
const readings: Field = {
  kind: 'rows',
  label: 'The outcome measure',
  hint: 'A number for each domain that your authority has defined',
  optional: true,
  most: 12,
  of: {
    domain: { kind: 'text', label: 'Domain', max: 60 },
    reading: { kind: 'number', label: 'Reading', min: 1, max: 10 },
  },
};
const meetingFields = {
  meetingOn: { kind: 'day', label: 'The day of the meeting' },
  time: { kind: 'text', label: 'The time', max: 20 },
  place: { kind: 'text', label: 'The place', max: 200 },
  link: { kind: 'text', label: 'A link to join by video', optional: true, max: 300 },
  attendees: { kind: 'text', label: 'Who comes, by role', optional: true, max: 400 },
} as const satisfies Record<string, Field>;

/** Why a person may be the lead: one of these, so that the choice can be explained and compared. */
export const leadCriteria = {
  'family-choice': 'The child or family asked for them',
  'knows-child': 'They know the child best',
  'main-need': 'Their service meets the main need',
  statutory: 'They already have a duty in law for the child',
  'school-pastoral': 'They see the child most days in school',
} as const;

export const leavingReasons = {
  'aims-reached': 'The aims were reached',
  'other-help': 'Other help has taken over',
  'left-area': 'The child left the area',
  'left-school-age': 'The child left school age',
  'family-asked': 'The family asked to stop',
  'permanently-excluded': 'Permanently excluded: other duties take over',
} as const;

const laws: Readonly<Record<string, string>> = {
  sourceNamed: 'UK GDPR arts 6 and 9',
  consentRefused: 'UK GDPR arts 4(11) and 7',
  consentWithdrawn: 'UK GDPR art 7(3)',
  noReplyTaken: 'UK GDPR art 4(11): silence is no consent',
  childNotAdmitted: 'Somerset SEND Accelerated Progress Plan 2023, action 2.2',
  leftCohort: 'Somerset SEND Accelerated Progress Plan 2023, action 2.4',
  exclusionNoted: 'SI 2012/1033 regs 5, 14 and 23',
};

const one = (
  fact: string,
  label: string,
  happened: string,
  rank: number,
  fields: Readonly<Record<string, Field>>,
  more: Partial<Command> = {},
): Command => ({
  fact,
  label,
  happened,
  action,
  doors: both,
  region: 'path',
  rank,
  fields,
  ...(laws[fact] === undefined ? {} : { law: laws[fact] }),
  ...more,
});

const full = () => ({
  rule: 'Somerset SEND Accelerated Progress Plan 2023, action 2.2',
  message: 'A child comes in from “Consent given” or from the waiting list. Record the family’s consent first',
});

/** Every command of the cohort. Whoever is let in, kept out or let go is decided by a person. */
export const exclusionRiskCommands = new Commands({
  putForwardByIndicators: one(
    'riskIndicatorsMet',
    'Put a child forward: indicators',
    'Put forward by indicators',
    100,
    { reasons: whySafely, plan },
    { begins: true },
  ),
  nominate: one(
    'childNominated',
    'Put a child forward: nomination',
    'Nominated by a professional',
    110,
    {
      by: { kind: 'text', label: 'Who nominates, and their role', max: 160 },
      reasons: whySafely,
      plan,
    },
    { begins: true },
  ),
  recordSource: one('sourceNamed', 'Record why a source may be used', 'Legal basis of a source recorded', 120, {
    source: { kind: 'choice', label: 'Where it comes from', options: sources },
    basis: {
      kind: 'choice',
      label: 'The legal basis',
      options: { 'legal-duty': bases['legal-duty'], 'public-task': bases['public-task'] },
    },
    agreement: { kind: 'text', label: 'The law, or the sharing agreement', max: 300 },
    until,
  }),
  askConsent: one('consentAsked', 'Ask for consent', 'Consent asked for', 200, {
    whom: {
      kind: 'choice',
      label: 'Who decides',
      options: { parent: 'A parent', 'young-person': 'The young person, 16 or over' },
      hint: 'A young person who is asked for themselves is written to alone. Tell them in person what came of it.',
    },
    sources: { ...consentSources, optional: false },
    offers: { kind: 'paragraphs', label: 'What help is on offer', max: 300, most: 6 },
    until,
  }),
  remindOfConsent: one(
    'consentReminded',
    'Send a reminder',
    'Reminded of the question',
    210,
    {},
    {
      refusal: () => ({
        rule: 'At most two reminders (local)',
        message: 'Two reminders have gone. Record that there was no reply, or what the family said',
      }),
    },
  ),
  recordConsent: one('consentGiven', 'Record consent', 'Consent given', 220, {
    by: { kind: 'text', label: 'Who gave it', max: 160 },
    sources: consentSources,
    until,
  }),
  recordRefusal: one('consentRefused', 'Record that the family said no', 'Consent refused', 230, {
    shared: { kind: 'text', label: 'What was shared before, and with whom', optional: true, max: 600 },
  }),
  withdrawConsent: one('consentWithdrawn', 'Record that consent is withdrawn', 'Consent withdrawn', 240, {
    sources: consentSources,
    shared: { kind: 'text', label: 'What was shared before, and with whom', max: 600 },
  }),
  takeNoReply: one(
    'noReplyTaken',
    'Record that there was no reply',
    'No reply',
    250,
    {},
    {
      refusal: () => ({
        rule: 'Two reminders first (local)',
        message: 'Send two reminders before you take silence for an answer',
      }),
    },
  ),
  arrangeSupportMeeting: one(
    'supportMeetingArranged',
    'Arrange the support meeting',
    'Support meeting arranged',
    300,
    meetingFields,
  ),
  recordSupportMeeting: one('supportMeetingHeld', 'Record the support meeting', 'Support meeting held', 310, {
    who: { kind: 'text', label: 'Who was there', max: 400 },
    note: { kind: 'text', label: 'What was said', max: 3000, optional: true },
  }),
  admit: one(
    'childAdmitted',
    'Let the child into the cohort',
    'Let into the cohort',
    320,
    { reasons: { kind: 'paragraphs', label: 'The reasons', max: 600 } },
    { action: 'signDecision', secondPerson: 'when-recorded', refusal: full },
  ),
  putOnWaitingList: one('putOnWaitingList', 'Put on the waiting list', 'Put on the waiting list', 330, {
    nextLookOn: { kind: 'day', label: 'When the list is next looked at' },
    callIfWorse: { kind: 'text', label: 'Whom to call if things get worse', max: 160 },
  }),
  doNotAdmit: one(
    'childNotAdmitted',
    'Do not let the child in',
    'Not let into the cohort',
    340,
    {
      reasons: { kind: 'paragraphs', label: 'The reasons', max: 600 },
      why: { kind: 'text', label: 'What helps instead', max: 300 },
    },
    { action: 'signDecision', secondPerson: 'when-recorded' },
  ),
  agreeSupportPlan: one('supportPlanAgreed', 'Agree who leads and what is done', 'Support plan agreed', 400, {
    lead: { kind: 'text', label: 'Lead professional', max: 120 },
    leadRole: { kind: 'text', label: 'Their role', max: 120 },
    criterion: { kind: 'choice', label: 'Why they lead', options: leadCriteria },
    interventions,
  }),
  addInterventions: one('interventionsAdded', 'Add to what is done', 'Added to what is done', 410, { interventions }),
  finishIntervention: one(
    'interventionDone',
    'Record that something was done',
    'Done as planned',
    420,
    {
      what: { kind: 'text', label: 'What was done', max: 300 },
      came: { kind: 'text', label: 'What came of it', optional: true, max: 600 },
    },
    {
      refusal: () => ({
        rule: 'The support plan',
        message: 'Nothing open in the plan is called that. Choose one of its interventions, or add it first',
      }),
    },
  ),
  measureOutcome: one('outcomeMeasured', 'Record the outcome measure', 'Outcome measured', 430, {
    readings: { ...readings, optional: false },
    with: { kind: 'text', label: 'Who took part', max: 200 },
    comment: { kind: 'text', label: 'Comment', optional: true, max: 1000 },
  }),
  arrangeReview: one('reviewArranged', 'Invite to a review', 'Review meeting arranged', 440, meetingFields),
  reviewChild: one('cohortReviewed', 'Record the fortnightly review', 'Reviewed', 450, {
    inEducation: { kind: 'yes-no', label: 'Is the child in education?' },
    safelyAtHome: { kind: 'yes-no', label: 'Is the child safely at home?' },
    readings,
    changed: { kind: 'paragraphs', label: 'What has changed, and what is done next', max: 600, most: 8 },
  }),
  recordLearning: one('learningRecorded', 'Record what the system can learn', 'System learning recorded', 460, {
    learning: { kind: 'text', label: 'What was learnt', max: 2000 },
  }),
  seekEarlyReview: one(
    'earlyReviewSought',
    'Ask for an early review of the plan',
    'Early review of the plan asked for',
    500,
    { why: { kind: 'text', label: 'Why', max: 1000 } },
    { region: 'nextStep' },
  ),
  suggestAssessment: one(
    'assessmentSuggested',
    'Suggest an EHC needs assessment',
    'An assessment was suggested',
    510,
    { why: { kind: 'text', label: 'Why', max: 1000 } },
    { region: 'nextStep' },
  ),
  leaveCohort: one(
    'leftCohort',
    'Finish: the child leaves the cohort',
    'Left the cohort',
    600,
    {
      why: { kind: 'choice', label: 'The reason', options: leavingReasons },
      inEducation: { kind: 'yes-no', label: 'In education on leaving?' },
      safelyAtHome: { kind: 'yes-no', label: 'Safely at home on leaving?' },
      deleteOn: { kind: 'day', label: 'When the shared information is deleted' },
      learning: { kind: 'text', label: 'What was learnt', optional: true, max: 2000 },
    },
    { action: 'signDecision', secondPerson: 'when-recorded' },
  ),
  noteExclusion: one(
    'exclusionNoted',
    'A suspension or exclusion',
    'Suspended or excluded',
    700,
    { kind: { kind: 'choice', label: 'What it is', options: exclusionKinds } },
    { system: true, doors: ['record'] },
  ),
  ...panelToldCommands,
  noteMoveAway: endingCommands.noteMoveAway,
  recordDeath: endingCommands.recordDeath,
  ...letterCommands,
});

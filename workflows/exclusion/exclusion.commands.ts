import { type Command, Commands, type Field } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { letterCommands } from '../letter.commands';
import { exclusionKinds } from './exclusion-facts';

const record = ['record'] as const;
const act = ['act', 'record'] as const;
const action = 'recordEvent';

const sessions = (label: string, hint?: string): Field => ({
  kind: 'number',
  label,
  min: 0,
  max: 400,
  optional: true,
  ...(hint === undefined ? {} : { hint }),
});
const yesNo = (label: string): Field => ({ kind: 'yes-no', label, optional: true });
const setting: Field = { kind: 'id', of: 'setting', label: 'The school', optional: true };
const terms: Field = {
  kind: 'rows',
  label: 'Terms of the school',
  optional: true,
  most: 24,
  of: {
    from: { kind: 'day', label: 'First day of the term' },
    to: { kind: 'day', label: 'Last day of the term' },
    withoutSession: {
      kind: 'text',
      label: 'Days without a session',
      hint: 'For example 2026-11-06 2026-11-09',
      optional: true,
      max: 600,
    },
  },
};
const outcome = (options: Readonly<Record<string, string>>): Field => ({
  kind: 'choice',
  label: 'What was decided',
  options,
});

/** Where neither what is owed there nor what is met says it. */
const laws: Readonly<Record<string, string>> = {
  exclusionDecided: 'Education Act 2002 s.51A; SI 2012/1033 regs 5, 14 and 23',
  offsiteDirectionDecided: 'Education Act 2002 s.29A; SI 2010/1156',
  safeguardingSeparationImposed: 'Education Act 1996 s.19(1); [2021] EWHC 2513 (Admin)',
  schoolTermsKnown: 'Education Act 1996 s.579',
  toldOfExclusion: 'SI 2012/1033 regs 5, 14 and 23; Education and Inspections Act 2006 s.104',
  representationsMade: 'SI 2012/1033 regs 6, 15 and 24',
  sixthDayNotOwed: 'SI 2007/1870 reg 5(2)',
  pupilReturned: 'SI 2007/1870 regs 3 and 4',
  exclusionCancelled: 'SI 2012/1033 regs 8A, 17A and 26A',
  offsiteDirectionEnded: 'SI 2010/1156',
  separationEnded: 'Education Act 1996 s.19(1)',
};

const watched = (
  fact: string,
  label: string,
  happened: string,
  region: string,
  rank: number,
  fields: Readonly<Record<string, Field>> = {},
) =>
  ({
    fact,
    label,
    happened,
    action,
    doors: record,
    region,
    rank,
    fields,
    ...(laws[fact] === undefined ? {} : { law: laws[fact] }),
  }) satisfies Command;

/** Every command of the workflow. What a head, a board or a panel did is only ever recorded. */
export const exclusionCommands = new Commands({
  startExclusion: {
    ...watched('exclusionDecided', 'Enter a suspension or exclusion', 'Suspended or excluded', 'path', 100, {
      kind: { kind: 'choice', label: 'What it is', options: exclusionKinds },
      setting,
      firstDay: { kind: 'day', label: 'First school day of it' },
      lastDay: { kind: 'day', label: 'Last school day of it', optional: true },
      sessions: sessions('Sessions missed', 'Two a school day; one for a lunchtime'),
      earlierInTerm: sessions('Sessions of suspension earlier in the term, at this school'),
      earlierInYear: sessions('Sessions of suspension earlier in the school year, at every school'),
      followsOnFrom: {
        kind: 'day',
        label: 'First day of the suspensions it follows straight on from',
        hint: 'Leave empty where the pupil was back in school in between',
        optional: true,
      },
      followsOnSessions: sessions('Sessions of those suspensions'),
      number: { kind: 'number', label: 'Which suspension of the school year', min: 1, max: 200, optional: true },
      exam: yesNo('A public exam or national test at stake'),
      plan: yesNo('The child has an EHC plan'),
      socialWorker: yesNo('The child has a social worker'),
      lookedAfter: yesNo('The child is looked after'),
      ofSchoolAge: yesNo('The child is of compulsory school age'),
      livesHere: yesNo('The child lives in our area'),
      reasons: { kind: 'text', label: 'The reasons given', optional: true, max: 600 },
      terms,
    }),
    begins: true,
  },
  startOffsiteDirection: {
    ...watched('offsiteDirectionDecided', 'Enter an off-site direction', 'Directed off site', 'path', 110, {
      setting,
      schoolKind: {
        kind: 'choice',
        label: 'The school is',
        options: { maintained: 'A maintained school', academy: 'An academy', pru: 'A pupil referral unit' },
      },
      startsOn: { kind: 'day', label: 'First day elsewhere' },
      terms,
    }),
    begins: true,
  },
  startSeparation: {
    ...watched(
      'safeguardingSeparationImposed',
      'Enter a safeguarding separation',
      'Kept off the premises for safeguarding',
      'path',
      120,
      { setting },
    ),
    begins: true,
  },
  recordSchoolTerms: watched(
    'schoolTermsKnown',
    'Enter the school’s terms',
    'The school’s terms are known',
    'path',
    130,
    { terms: { ...terms, optional: false } },
  ),
  recordTold: watched('toldOfExclusion', 'Record who was told', 'Told of the exclusion', 'telling', 200, {
    who: {
      kind: 'choice',
      label: 'Who was told',
      options: {
        parent: 'The parent, with reasons and rights',
        'public-places': 'The parent, of the days to keep the child out of public places (section 104)',
        authority: 'The authority',
        'social-worker': 'The social worker and, for a looked after child, the virtual school head',
      },
    },
  }),
  recordBoardNotified: watched(
    'boardNotified',
    'Record that the board has notice',
    'The governing board received notice',
    'board',
    210,
  ),
  recordRepresentations: watched(
    'representationsMade',
    'Record that the parent made representations',
    'The parent made representations to the board',
    'board',
    220,
  ),
  recordBoardDecision: watched('boardDecided', 'Record the board’s decision', 'The board decided', 'board', 300, {
    outcome: outcome({ reinstated: 'The pupil is reinstated', upheld: 'The exclusion stands' }),
  }),
  recordPanelApplication: watched(
    'panelAsked',
    'Record that a review panel was asked for',
    'A review panel was asked for',
    'board',
    310,
    { senExpert: yesNo('An SEN expert is asked for') },
  ),
  recordPanelDecision: watched('panelDecided', 'Record the panel’s decision', 'The panel decided', 'board', 320, {
    outcome: outcome({
      upheld: 'The board’s decision stands',
      recommended: 'The board is recommended to think again',
      quashed: 'The board’s decision is quashed',
    }),
  }),
  recordReconsideration: watched(
    'boardReconsidered',
    'Record what the board decided again',
    'The board decided again',
    'board',
    330,
    { outcome: outcome({ reinstated: 'The pupil is reinstated', upheld: 'The exclusion stands' }) },
  ),
  arrangeEducation: {
    fact: 'educationArranged',
    label: 'Arrange education from the sixth day',
    happened: 'Education from the sixth day arranged',
    action,
    doors: act,
    region: 'education',
    rank: 400,
    fields: {
      where: { kind: 'text', label: 'Where', max: 200 },
      startsOn: { kind: 'day', label: 'First day there' },
      times: { kind: 'text', label: 'Days and times', max: 200 },
      transport: { kind: 'text', label: 'How the child gets there', max: 300 },
      askFor: { kind: 'text', label: 'Whom to ask for', max: 120 },
      planSupport: { kind: 'text', label: 'How the plan’s support carries on', optional: true, max: 600 },
    },
    refusal: () => ({
      rule: 'Education Act 1996 s.19(3A)',
      message:
        'We arrange education only after a permanent exclusion of a child of school age who lives in our area. In a suspension the school does',
    }),
  },
  recordEducationStarted: watched(
    'educationStarted',
    'Record that education has started',
    'Education from the sixth day started',
    'education',
    410,
    { where: { kind: 'text', label: 'Where', optional: true, max: 200 } },
  ),
  recordSixthDayNotOwed: watched(
    'sixthDayNotOwed',
    'Record that no sixth-day education is owed',
    'No education from the sixth day is owed',
    'education',
    420,
    {
      ground: {
        kind: 'choice',
        label: 'The ground',
        options: {
          'exams-done': 'Year 11 with no public exam still to take: SI 2007/1870 reg 5(2)(a)',
          'plan-limits-hours': 'The plan sets fewer hours, and they are given: SI 2007/1870 reg 5(2)(b)',
        },
      },
    },
  ),
  recordOutOfEducation: {
    fact: 'outOfEducationSeen',
    label: 'Record that the child is without education',
    happened: 'Found to be without suitable education',
    action,
    doors: act,
    region: 'withoutEducation',
    rank: 430,
    fields: { why: { kind: 'text', label: 'What was found', max: 600 } },
  },
  recordSuitableEducation: {
    fact: 'suitableEducationBegan',
    label: 'Record that suitable education began',
    happened: 'Suitable education began',
    action,
    doors: act,
    region: 'withoutEducation',
    rank: 440,
    fields: { where: { kind: 'text', label: 'Where', max: 200 } },
  },
  recordPepReview: watched(
    'pepReviewed',
    'Record an interim review of the personal education plan',
    'Personal education plan reviewed',
    'whoElse',
    450,
  ),
  seekEarlyReview: {
    fact: 'earlyReviewSought',
    label: 'Ask for an early review of the plan',
    happened: 'Early review of the plan asked for',
    action,
    doors: act,
    region: 'plan',
    rank: 500,
    fields: { why: { kind: 'text', label: 'Why', max: 1000 } },
    refusal: () => ({
      rule: 'Suspension and exclusion guidance',
      message: 'The notice names no EHC plan, or a review was asked for already. Open the child’s page to see which',
    }),
  },
  offerHelp: {
    fact: 'helpOffered',
    label: 'Write to the family about the third suspension',
    happened: 'Help offered after the third suspension',
    action,
    doors: act,
    region: 'third',
    rank: 510,
    fields: {
      offer: { kind: 'paragraphs', label: 'What we offer', hint: 'One offer in each paragraph', max: 300, most: 6 },
    },
    refusal: () => ({
      rule: 'Local practice: third suspension in a school year',
      message: 'This is not the third suspension of the school year, or the letter has been written already',
    }),
  },
  recordOffsiteNotice: watched(
    'offsiteNoticeGiven',
    'Record that notice of the direction was given',
    'Notice of the off-site direction given',
    'offsite',
    600,
  ),
  recordOffsiteReviewRequest: watched(
    'offsiteReviewRequested',
    'Record that a review of the direction was asked for',
    'Review of the off-site direction asked for',
    'offsite',
    610,
  ),
  recordOffsiteReview: watched(
    'offsiteReviewHeld',
    'Record the review of the direction',
    'Off-site direction reviewed',
    'offsite',
    620,
  ),
  recordOffsiteEnd: watched(
    'offsiteDirectionEnded',
    'Record that the direction ended',
    'Off-site direction ended',
    'path',
    630,
  ),
  recordSeparationEnd: watched(
    'separationEnded',
    'Record that the separation ended',
    'Safeguarding separation ended',
    'path',
    640,
  ),
  recordReturn: watched('pupilReturned', 'Record the return to school', 'Back in school', 'path', 700),
  recordCancellation: watched(
    'exclusionCancelled',
    'Record that it was cancelled',
    'Cancelled by the head',
    'path',
    710,
    {
      reasons: { kind: 'text', label: 'The reasons given', optional: true, max: 600 },
    },
  ),
  recordCancellationTold: watched(
    'cancellationTold',
    'Record that everybody was told of the cancellation',
    'Everybody was told of the cancellation',
    'path',
    720,
  ),
  closeExclusion: {
    fact: 'exclusionClosed',
    law: 'Local practice: nothing of ours is open',
    label: 'Close: nothing more follows',
    happened: 'Closed: nothing more follows',
    action,
    doors: act,
    region: 'path',
    rank: 800,
    fields: { why: { kind: 'text', label: 'Why nothing more follows', max: 300 } },
    refusal: () => ({
      rule: 'Education Act 1996 s.19(3A); local practice',
      message:
        'Something of ours is still open. Record that sixth-day education has started, or that none is owed; and write to the family about a third suspension first',
    }),
  },
  noteMoveAway: endingCommands.noteMoveAway,
  recordDeath: endingCommands.recordDeath,
  ...letterCommands,
});

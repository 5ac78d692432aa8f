import type { Day } from '@send/statute';
import type { Step } from './step';
import type { Household, Town } from './town';

/** What goes on once a final plan is issued, in the runs that the joins began and in others beside them. */
export interface Life {
  readonly steps: readonly Step[];
  /** What the joins begin, and what they tell: for each run, the facts it must hold once. */
  readonly joined: Readonly<Record<string, readonly string[]>>;
}

/** The check and the review that every final plan begins. */
const begunByPlan = { 'provision-check 1': ['finalPlanIssued'], 'annual-review 1': ['finalPlanIssued'] };
const nextReview = { 'annual-review 2': ['reviewDecisionSent'] };

class Writing {
  readonly steps: Step[] = [];
  private letters = false;

  constructor(
    readonly town: Town,
    readonly number: number,
    readonly household: Household,
    readonly today: Day,
  ) {}

  private add(by: string, door: Step['door'], run: string, command: string, fields: Step['fields'], more = {}): this {
    const afterLetters = this.letters ? { afterLetters: true as const } : {};
    this.letters = false;
    this.steps.push({ in: run, door, command, fields, by, ...afterLetters, ...more });
    return this;
  }

  does(run: string, command: string, fields: Step['fields'] = {}): this {
    return this.add(this.household.caseworkerId, 'acts', run, command, fields);
  }

  records(run: string, command: string, fields: Step['fields'] = {}): this {
    return this.add(this.household.caseworkerId, 'records', run, command, fields);
  }

  signs(run: string, command: string, fields: Step['fields'] = {}): this {
    return this.add(this.town.seniors[0], 'acts', run, command, fields);
  }

  signsWithSecond(run: string, command: string, fields: Step['fields']): this {
    return this.add(this.town.seniors[0], 'acts', run, command, fields, { second: this.town.seniors[1] });
  }

  begins(run: string, door: Step['door'], command: string, fields: Step['fields']): this {
    const by = command === 'proposeAmendments' ? this.town.seniors[0] : this.household.caseworkerId;
    return this.add(by, door, run, command, fields, { begins: true });
  }

  /** What is done next waits until the family and everybody else has been written to. */
  onceLettersLeft(): this {
    this.letters = true;
    return this;
  }

  reasons(words: string): { reasons: string[] } {
    return { reasons: [`Case ${this.number}: ${words}`] };
  }

  meeting(): this {
    return this.does('annual-review 1', 'recordReviewMeeting', {
      provisionDelivered: 'in-part',
      outcomes: [{ outcome: 'She reads by herself', progress: 'some', saidBy: 'The school' }],
    }).does('annual-review 1', 'recordReport', { recommends: 'keep' });
  }

  keep(): this {
    return this.signs('annual-review 1', 'keepPlan', this.reasons('the plan still fits the needs.'));
  }

  amends(run: string): this {
    return this.onceLettersLeft()
      .does(run, 'recordRepresentations', {
        summary: 'The family agrees with the changes.',
        nothingMoreToSay: true,
      })
      .signsWithSecond(run, 'issueAmendedPlan', {
        planVersion: this.household.planVersionId,
        changesFOrI: true,
        ...this.reasons('more reading each day.'),
      });
  }

  get proposal(): Step['fields'] {
    return {
      planVersion: this.household.planVersionId,
      amendments: [`Case ${this.number}: section F says 20 minutes each day and would say 30.`],
      ...this.reasons('the child needs more time to read.'),
    };
  }
}

/** Both are asked; one says that something is missing, and it is agreed what is done. */
const check = (write: Writing, run: string): Writing =>
  write
    .does(run, 'askFamily')
    .does(run, 'recordAccount', {
      contact: 'setting',
      channel: 'email',
      attends: 'yes',
      items: [{ item: 'f1', delivered: 'in-full' }],
    })
    .does(run, 'recordAccount', {
      contact: 'family',
      channel: 'phone',
      attends: 'yes',
      items: [{ item: 'f1', delivered: 'not' }],
    })
    .does(run, 'agreeGapAction', {
      item: 'f1',
      action: 'The school finds another adult who reads with her.',
      owner: 'The head teacher',
      dueOn: write.today,
      provider: 'setting',
    })
    .does(run, 'tellFamilyOfGaps');

/** Not before the family has been told of it. */
const gapCloses = (write: Writing, run: string): Writing =>
  write.onceLettersLeft().does(run, 'closeGap', { item: 'f1', contact: 'family', evidence: 'The reading has begun.' });

type Telling = (write: Writing) => Record<string, readonly string[]>;

const lives: Readonly<Record<string, Telling>> = {
  /** The review thinks of ending the plan, and it goes on. */
  ceasingConsidered: (write) => {
    write
      .meeting()
      .does('annual-review 1', 'considerCeasing', write.reasons('the outcomes are nearly reached.'))
      .does('cease-to-maintain 1', 'consultOnCeasing', { why: ['The outcomes of the plan are nearly reached.'] });
    for (const from of ['family', 'setting'])
      write.does('cease-to-maintain 1', 'recordCeasingViews', { from, summary: 'The help is still needed.' });
    write.signs('cease-to-maintain 1', 'decideNotToCease', write.reasons('the help is still needed.')).keep();
    return {
      'annual-review 1': ['finalPlanIssued', 'decidedNotToCease'],
      'cease-to-maintain 1': ['ceasingConsidered'],
      ...nextReview,
    };
  },
  /** Suspended while the school is worried: the cohort hears of it, and an early review is asked for. */
  suspended: (write) => {
    write
      .begins('exclusion-risk 1', 'acts', 'nominate', {
        by: 'The head teacher',
        ...write.reasons('out of lessons most afternoons.'),
        plan: true,
      })
      .begins('exclusion 1', 'records', 'startExclusion', {
        kind: 'suspension',
        setting: write.household.settingId,
        firstDay: write.today,
        lastDay: write.today,
        sessions: 2,
        plan: true,
        ofSchoolAge: true,
        livesHere: true,
        number: 1,
      })
      .does('exclusion 1', 'seekEarlyReview', { why: `Case ${write.number}: suspended for the first time.` })
      .signs('annual-review 1', 'answerEarlyRequest', {
        answer: 'yes',
        ...write.reasons('the plan must be looked at.'),
      });
    return {
      'exclusion-risk 1': ['exclusionNoted'],
      'annual-review 1': ['finalPlanIssued', 'earlyReviewRequested'],
    };
  },
  /** The review amends the plan: it is checked again, and reviewed again. */
  amended: (write) => {
    write.meeting().signs('annual-review 1', 'proposeAmendments', { ...write.proposal, enclosed: true });
    write.amends('annual-review 1');
    return { 'provision-check 2': ['amendedFinalPlanIssued'], ...nextReview };
  },
  /** The family turns to mediation about the plan, appeals, and withdraws. */
  appealed: (write) => {
    write
      .records('needs-assessment 1', 'recordMediationRequest')
      .does('appeal 1', 'acknowledgeMediation')
      .records('appeal 1', 'recordMediationCertificate')
      .records('needs-assessment 1', 'recordAppeal')
      .does('appeal 1', 'acknowledgeAppeal')
      .records('appeal 1', 'recordAppealWithdrawn');
    return { 'appeal 1': ['mediationRequested', 'appealLodged'] };
  },
  /** Moves to another school, and the plan is amended for it outside a review. */
  moving: (write) => {
    write
      .begins('phase-transfer 1', 'acts', 'startPhaseTransfer', {
        year: Number(write.today.slice(0, 4)) + 1,
        phase: 'primary-to-secondary',
        leaves: write.household.settingId,
      })
      .begins('amendment 1', 'acts', 'proposeAmendments', write.proposal)
      .amends('amendment 1');
    return {
      'phase-transfer 1': ['amendmentsSent', 'amendedFinalPlanIssued'],
      'provision-check 2': ['amendedFinalPlanIssued'],
    };
  },
  /** A new assessment is refused, and the refusal is disputed. */
  notReassessed: (write) => {
    write
      .begins('reassessment 1', 'acts', 'receiveReassessmentRequest', { from: 'parent' })
      .signs('reassessment 1', 'decideNotToReassess', {
        ground: 'within-six-months',
        ...write.reasons('the assessment has only just ended.'),
      })
      .records('reassessment 1', 'recordMediationRequest')
      .does('appeal 1', 'acknowledgeMediation');
    return { 'appeal 1': ['mediationRequested'] };
  },
  /** Nothing has changed. */
  kept: (write) => {
    write.meeting().keep();
    return nextReview;
  },
};

/** By turns. */
export function lifeAfterPlan(town: Town, number: number, household: Household, today: Day): Life {
  const told = Object.values(lives);
  const tell = told[number % told.length] ?? lives['kept'];
  const write = check(new Writing(town, number, household, today), 'provision-check 1');
  const joined = { ...begunByPlan, ...tell?.(write) };
  gapCloses(write, 'provision-check 1');
  return { joined, steps: write.steps };
}

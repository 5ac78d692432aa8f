import type { Day } from '@send/statute';

/** One event of a published history, as the papers code it. */
export interface PublishedEvent {
  readonly date: string | null;
  readonly fact: string;
  readonly byWhom?: string;
  readonly adviser?: string;
  readonly order?: string;
  readonly agreed?: string;
  readonly outcome?: string;
  readonly amendments?: string;
  readonly year?: number;
  readonly phase?: string;
}

/** A run of the history’s child as it stands when the event is read. */
export interface PublishedRun {
  readonly id: string;
  readonly workflow: string;
  readonly position: string;
  readonly closed: boolean;
  readonly openedOn: Day;
  /** Clocks of the run, by name. */
  readonly facts: Readonly<Record<string, Day>>;
}

/** What the history has come to so far, and what it says later on. */
export interface PublishedCase {
  readonly runs: readonly PublishedRun[];
  /** Events after this one, in order. */
  readonly ahead: readonly PublishedEvent[];
  readonly on: Day;
}

/** Where an event goes: to a run there is, or as the beginning of one. */
export interface Recorded {
  readonly workflow: string;
  readonly runId: string | undefined;
  readonly command: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What the same event means for another run, once this is on record. */
  readonly then?: Mapping;
}

export type Mapping = (event: PublishedEvent, about: PublishedCase) => Recorded | null;

const reasons = ['The published history gives no reasons.'];

const requesters: Readonly<Record<string, string>> = {
  parent: 'parent',
  school: 'school',
  'young-person': 'young-person',
};
const reassessmentRequesters: Readonly<Record<string, string>> = {
  'young-person': 'young-person',
  school: 'setting',
  health: 'health',
};
export const unnamedAdviser = 'unspecified';
export const adviserId = (event: PublishedEvent): string =>
  (event.adviser ?? unnamedAdviser)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 60);

const adviceKinds: Readonly<Record<string, string>> = {
  'educational-psychologist': 'psychology',
  ep: 'psychology',
  psychology: 'psychology',
  health: 'health',
  medical: 'health',
  'social-care': 'social-care',
  school: 'education',
  education: 'education',
};

/** The last run of a workflow that is as asked. */
const last = (
  { runs }: PublishedCase,
  workflow: string,
  fits: (run: PublishedRun) => boolean = () => true,
): PublishedRun | undefined => runs.filter((run) => run.workflow === workflow && fits(run)).at(-1);

const has =
  (...facts: string[]) =>
  (run: PublishedRun): boolean =>
    facts.some((fact) => fact in run.facts);
const isOpen = (run: PublishedRun): boolean => !run.closed;

const into = (
  run: PublishedRun | undefined,
  workflow: string,
  command: string,
  fields: Record<string, unknown> = {},
): Recorded => ({ workflow, runId: run?.id, command, fields });

/** A reassessment that has not ended takes what is done in it; otherwise the assessment does. */
const inAssessment =
  (command: string, fields: (event: PublishedEvent) => Record<string, unknown> = () => ({})): Mapping =>
  (event, about) => {
    const again = last(about, 'reassessment', (run) => isOpen(run) && has('decidedToReassess')(run));
    const run = again ?? last(about, 'needs-assessment');
    return into(run, run?.workflow ?? 'needs-assessment', command, fields(event));
  };

const onlyAssessment =
  (command: string, fields: (event: PublishedEvent) => Record<string, unknown> = () => ({})): Mapping =>
  (event, about) =>
    into(last(about, 'needs-assessment'), 'needs-assessment', command, fields(event));

const amendmentsFollow = new Set(['amendmentNoticeSent', 'amendedFinalPlanIssued', 'decidedNotToAmend']);

/** The review that the meeting belongs to: one that has had none, or the one that is being decided. */
const reviewToMeet = (about: PublishedCase): PublishedRun | undefined =>
  last(about, 'annual-review', (run) => isOpen(run) && run.openedOn <= about.on);
const undecided = (run: PublishedRun): boolean => !has('decidedToKeep', 'decidedToAmend', 'ceasingConsidered')(run);
const reviewToDecide = (about: PublishedCase): PublishedRun | undefined =>
  last(about, 'annual-review', (run) => isOpen(run) && has('reviewMeetingHeld')(run) && undecided(run)) ??
  last(about, 'annual-review', (run) => isOpen(run) && undecided(run));

/** Where changes to a plan are being made: by order or agreement, after a review, outside one, after a reassessment. */
function changing(about: PublishedCase): PublishedRun | undefined {
  const notYet = (run: PublishedRun): boolean => !has('amendedFinalPlanIssued', 'decidedNotToAmend')(run);
  return (
    last(about, 'appeal', (run) => notYet(run) && has('tribunalOrderMade', 'mediationAgreed', 'appealConceded')(run)) ??
    last(
      about,
      'annual-review',
      (run) => notYet(run) && has('amendmentsSent', 'decidedToAmend', 'reviewMeetingHeld')(run),
    ) ??
    last(about, 'amendment', notYet) ??
    last(about, 'reassessment', (run) => isOpen(run) && has('decidedToReassess')(run))
  );
}

/** Processes whose decisions can be disputed. */
const deciding = ['cease-to-maintain', 'reassessment', 'amendment', 'annual-review', 'needs-assessment'];

/** What the family does about a decision goes on record where the last one was taken; without one, in an appeal alone. */
const disputed =
  (command: string, alone: (event: PublishedEvent) => { command: string; fields: Record<string, unknown> }): Mapping =>
  (event, about) => {
    const decision = about.runs
      .filter((run) => deciding.includes(run.workflow) && has('decisionNoticeSent')(run))
      .at(-1);
    if (decision !== undefined) return into(decision, decision.workflow, command);
    const appeal = last(about, 'appeal', isOpen);
    if (appeal !== undefined) return into(appeal, 'appeal', command);
    const begun = alone(event);
    return into(undefined, 'appeal', begun.command, begun.fields);
  };

/** An outcome is recorded in the appeal, which tells the process that carries it out; where there is none, there. */
const decided =
  (command: string, field: 'order' | 'agreed'): Mapping =>
  (event, about) => {
    const outcome = event[field] ?? 'other';
    const appeal = last(about, 'appeal', isOpen);
    const assessment = last(about, 'needs-assessment');
    if (appeal === undefined && assessment !== undefined && (outcome === 'assess' || outcome === 'make-plan'))
      return into(assessment, 'needs-assessment', command, { [field]: outcome });
    return into(appeal, 'appeal', command, { [field]: outcome });
  };

const issueAmended: Mapping = (_, about) => {
  const run = changing(about);
  return into(
    run,
    run?.workflow ?? 'amendment',
    run?.workflow === 'reassessment' ? 'issueReassessedPlan' : 'issueAmendedPlan',
    // What has changed is not published: taken as the kind of change that must be looked after.
    { changesFOrI: true },
  );
};

/** The decision to end the plan belongs to the process that considering it has begun. */
const ceased: Mapping = (_, about) =>
  into(last(about, 'cease-to-maintain'), 'cease-to-maintain', 'decideToCease', {
    ground: 'not-necessary',
    age: 16,
    reasons,
  });

/** The one table between the published codes and the product's own facts. Null: it changes nothing here. */
export const publishedFacts: Readonly<Record<string, Mapping>> = {
  requestReceived: onlyAssessment('receiveRequest', (event) => ({ from: requesters[event.byWhom ?? ''] ?? 'parent' })),
  decidedToAssess: onlyAssessment('decideToAssess'),
  decidedNotToAssess: onlyAssessment('decideNotToAssess', () => ({ reasons })),
  adviceSought: inAssessment('askForAdvice', (event) => ({
    requests: [
      { request: adviserId(event), kind: adviceKinds[adviserId(event)] ?? 'other', adviser: adviserId(event) },
    ],
  })),
  adviceReceived: inAssessment('recordAdvice', (event) => ({ request: adviserId(event) })),
  decidedToIssue: onlyAssessment('decideToIssue', () => ({ reasons })),
  decidedNotToIssue: onlyAssessment('decideNotToIssue', () => ({ reasons })),
  draftPlanSent: inAssessment('sendDraftPlan'),
  representationsReceived: (event, about) => {
    const run = changing(about);
    return run !== undefined && has('amendmentsSent')(run)
      ? into(run, run.workflow, 'recordRepresentations')
      : inAssessment('recordRepresentations')(event, about);
  },
  finalPlanIssued: (event, about) => {
    const again = last(about, 'reassessment', (run) => isOpen(run) && has('decidedToReassess')(run));
    return again === undefined
      ? onlyAssessment('issueFinalPlan')(event, about)
      : into(again, 'reassessment', 'issueReassessedPlan');
  },

  reviewMeetingHeld: (_, about) => into(reviewToMeet(about), 'annual-review', 'recordReviewMeeting'),
  reviewReportSent: (_, about) => into(reviewToMeet(about), 'annual-review', 'recordReport'),
  reviewDecisionSent: ({ outcome, amendments }, about) => {
    const run = reviewToDecide(about);
    const amends = outcome === 'amend' || (outcome === 'unknown' && isAmendedLater(about));
    if (outcome === 'cease') return { ...into(run, 'annual-review', 'considerCeasing'), then: ceased };
    return amends
      ? into(run, 'annual-review', 'proposeAmendments', {
          reasons,
          enclosed: outcome === 'amend' && amendments !== 'not-enclosed',
        })
      : into(run, 'annual-review', 'keepPlan', { reasons });
  },
  amendmentNoticeSent: (_, about) => {
    const review = last(
      about,
      'annual-review',
      (run) => has('reviewMeetingHeld', 'decidedToAmend')(run) && !has('amendmentsSent', 'amendedFinalPlanIssued')(run),
    );
    return review === undefined
      ? into(last(about, 'amendment', isOpen), 'amendment', 'proposeAmendments', { reasons })
      : has('decidedToAmend')(review)
        ? into(review, 'annual-review', 'sendAmendments')
        : into(review, 'annual-review', 'proposeAmendments', { reasons, enclosed: true });
  },
  amendedFinalPlanIssued: (_, about) => {
    const run = changing(about);
    // Reg 18 asks for a plan that names where the child goes next: no history that was published says which.
    const names = run !== undefined && run.workflow !== 'appeal' && has('amendmentsSent')(run);
    return names && !has('placementNamed')(run)
      ? { ...into(run, run.workflow, 'namePlacement', { type: 'Not published', reasons }), then: issueAmended }
      : issueAmended(_, about);
  },
  decidedNotToAmend: (_, about) => {
    const run = changing(about);
    return run?.workflow === 'reassessment'
      ? into(run, 'reassessment', 'decideNoChange', { reasons })
      : into(run, run?.workflow ?? 'amendment', 'decideNotToAmend', { reasons });
  },

  phaseTransferDue: ({ year, phase }, about) =>
    into(undefined, 'phase-transfer', 'startPhaseTransfer', {
      year: year ?? Number(about.on.slice(0, 4)),
      phase,
      ...(phase === 'post-16' ? { movesOn: `${year ?? about.on.slice(0, 4)}-09-01` } : {}),
    }),

  reassessmentRequested: (event) =>
    into(undefined, 'reassessment', 'receiveReassessmentRequest', {
      from: reassessmentRequesters[event.byWhom ?? ''] ?? 'parent',
    }),
  decidedToReassess: (_, about) => into(last(about, 'reassessment', isOpen), 'reassessment', 'decideToReassess'),
  decidedNotToReassess: (_, about) =>
    into(last(about, 'reassessment', isOpen), 'reassessment', 'decideNotToReassess', {
      ground: 'not-necessary',
      reasons,
    }),

  mediationRequested: disputed('recordMediationRequest', () => ({
    command: 'startMediation',
    fields: { about: 'contents' },
  })),
  mediationCertificateIssued: disputed('recordMediationCertificate', () => ({
    command: 'recordMediationCertificate',
    fields: {},
  })),
  appealLodged: disputed('recordAppeal', () => ({ command: 'startAppeal', fields: { about: 'contents' } })),
  mediationAgreed: decided('recordMediationAgreement', 'agreed'),
  tribunalOrderMade: decided('recordOrder', 'order'),
  appealConceded: (_, about) => {
    const appeal = last(about, 'appeal', isOpen);
    const assessment = last(about, 'needs-assessment', (run) => !has('finalPlanIssued')(run));
    if (appeal === undefined && assessment !== undefined)
      return into(assessment, 'needs-assessment', 'recordConcession');
    return into(appeal, 'appeal', 'concedeAppeal', { reasons });
  },

  movedIntoArea: (_, about) => {
    const plan = about.runs
      .flatMap(({ facts }) =>
        ['finalPlanIssued', 'reviewDecisionNoticeSent', 'reviewDecisionSent'].flatMap((fact) => facts[fact] ?? []),
      )
      .filter((day) => day <= about.on)
      .sort()
      .at(-1);
    return into(undefined, 'authority-transfer', 'receivePlan', {
      council: 'Not published',
      ...(plan === undefined ? {} : { madeOrReviewedOn: plan }),
    });
  },
};

function isAmendedLater({ ahead }: PublishedCase): boolean {
  for (const { fact } of ahead) {
    if (amendmentsFollow.has(fact)) return true;
    if (fact === 'reviewMeetingHeld') return false;
  }
  return false;
}

/** Hearings, judgments, reports: they change nothing in law. Provision that is missing is a breach with no day of its own. */
export const withoutEffect = new Set(['noLegalEffect', 'complaintMade', 'provisionNotDelivered']);

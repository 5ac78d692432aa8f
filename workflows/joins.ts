import { addMonths, type Day, schoolYearOf } from '@send/statute';
import type { ChildNow, Join, LocalSettings, Source } from '@send/workflow-kit';
import { nextReview } from './annual-review/review-cycle';

/**
 * Which fact starts which process, and what each process is told of the others. A run never reads another: what it
 * counts from, it is given here, and given again when the source is corrected.
 */

/** Processes about a plan: they end with it. */
const aboutPlan = [
  'annual-review',
  'provision-check',
  'amendment',
  'phase-transfer',
  'reassessment',
  'cease-to-maintain',
] as const;

/** Processes in which a plan is changed. */
const amending = ['annual-review', 'amendment', 'reassessment', 'cease-to-maintain', 'appeal'] as const;

/** Processes that decide something a family can take to mediation or the Tribunal. */
const deciding = ['needs-assessment', 'annual-review', 'amendment', 'reassessment', 'cease-to-maintain'] as const;

const everything = [
  ...aboutPlan,
  'needs-assessment',
  'authority-transfer',
  'appeal',
  'panel-decision',
  'exclusion',
  'exclusion-risk',
];

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Leaves out what is not known: a command takes no empty fields. */
const known = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Local policy: plans issued from this day on are checked (Somerset plan, action 1.2). */
const checksFrom = (settings: LocalSettings): string => text(settings['provision-checks-from']) ?? '2023-01-01';

/** Local policy: reviews begun from this day on ask whether provision is delivered (Somerset plan, action 1.2; R-REV-04). */
const questionFrom = (settings: LocalSettings): string | undefined => text(settings['provision-question-from']);

/** What comes of a child’s growing up before the next meeting: Code 9.178 under five, regs 20(6) and 21(6) from year 9. */
const growing = ({ dateOfBirth, yearGroup }: ChildNow, on: Day) => ({
  ...(yearGroup >= 9 ? { fromYear9: true } : { year9On: `${schoolYearOf(on) + 9 - yearGroup}-09-01` }),
  ...(yearGroup < 1 ? { fiveOn: addMonths(dateOfBirth, 60) } : {}),
});

/** What a review must know of the child. */
const standing = (child: ChildNow, on: Day) => ({
  attends: child.attends,
  lookedAfter: child.lookedAfter,
  ...growing(child, on),
});

/** What the deciding run keeps of the plan, where it makes one. */
interface OfPlan {
  readonly plan?: {
    readonly finalVersion?: string;
    readonly placement?: { readonly setting?: string; readonly type: string };
  };
}

const placementOf = ({ context }: Source) => (context as OfPlan).plan?.placement;

/** The plan’s version and setting as the deciding run has them. */
const planOf = (source: Source) =>
  known({
    planVersion: text(source.payload['planVersion']) ?? (source.context as OfPlan).plan?.finalVersion,
    setting: text(source.payload['setting']) ?? placementOf(source)?.setting,
  });

/** What a family appeals against: the last decision with rights before it turned to mediation or the Tribunal. */
const disputable: Readonly<Record<string, string>> = {
  decidedNotToAssess: 'refuse-to-assess',
  determinedNotNecessary: 'refuse-to-assess',
  decidedNotToIssue: 'refuse-to-issue',
  finalPlanIssued: 'contents',
  amendedFinalPlanIssued: 'contents',
  decidedNotToAmend: 'refuse-to-amend',
  decidedToKeep: 'refuse-to-amend',
  decidedNotToReassess: 'refuse-to-reassess',
  decidedNoChange: 'contents',
  cessationDecided: 'cease',
};

/** Counted, not named by its fact: a decision that is put on record anew, corrected, is the same one. */
function disputed({ history, on }: Source): { count: number; about: string } {
  const decisions = history.filter((fact) => fact.on <= on && Object.hasOwn(disputable, fact.type));
  return { count: decisions.length, about: disputable[decisions.at(-1)?.type ?? ''] ?? 'contents' };
}

/** The notice of the decision that is disputed, also where the same case has decided anew since: each has its own last day. */
function noticeOf({ history, on, context, contextBefore }: Source): string | undefined {
  const next = history.find((fact) => fact.on > on && Object.hasOwn(disputable, fact.type));
  return (next === undefined ? context : contextBefore(next)).facts['decisionNoticeSent'];
}

const dispute = (source: Source) => {
  const about = text(source.payload['about']) ?? disputed(source).about;
  return known({ about, decisionNoticeSent: noticeOf(source), onRecord: true });
};

/** One appeal run for each decision, whichever step comes first. */
const oneForEachDecision = (source: Source): string => `decision ${disputed(source).count}`;

/** Orders, agreements and concessions go back to the process that must carry them out: see appeal/outcomes.ts. */
const carriedOutBy: Readonly<Record<string, { orders: readonly string[]; matters: readonly string[] }>> = {
  'needs-assessment': { orders: ['assess', 'make-plan'], matters: ['refuse-to-assess', 'refuse-to-issue'] },
  reassessment: { orders: ['reassess'], matters: ['refuse-to-reassess'] },
  'cease-to-maintain': { orders: ['continue', 'continue-and-amend', 'dismissed'], matters: ['cease'] },
};

const matterOf = ({ context }: Source): string => (context as { dispute?: { about?: string } }).dispute?.about ?? '';

const backToTheDecision: readonly Join[] = Object.entries(carriedOutBy).flatMap(
  ([workflow, { orders, matters }]): Join[] => {
    const back = { from: ['appeal'], tells: [workflow], which: 'its-origin' } as const;
    const ofKind = (field: string) => ({
      when: ({ payload }: Source) => orders.includes(text(payload[field]) ?? ''),
      carries: ({ payload }: Source) => ({ [field]: payload[field] }),
    });
    const about = { when: (source: Source) => matters.includes(matterOf(source)) };
    return [
      { ...back, fact: 'tribunalOrderMade', command: 'recordOrder', ...ofKind('order') },
      { ...back, fact: 'mediationAgreed', command: 'recordMediationAgreement', ...ofKind('agreed') },
      // Reg 45: what was agreed to change is changed within five weeks, where the plan is kept.
      {
        ...back,
        fact: 'appealConceded',
        command: 'recordConcession',
        ...about,
        ...(workflow === 'cease-to-maintain'
          ? { carries: ({ payload }: Source) => known({ amendmentAgreed: payload['amendmentAgreed'] }) }
          : {}),
      },
    ];
  },
);

export const joins: readonly Join[] = [
  // A final plan is checked within twelve weeks and reviewed within twelve months.
  {
    from: ['needs-assessment'],
    fact: 'finalPlanIssued',
    begins: 'provision-check',
    command: 'startCheckOfPlan',
    when: ({ on }, settings) => on >= checksFrom(settings),
    carries: (source, settings) => ({ ...planOf(source), inForceFrom: checksFrom(settings) }),
  },
  {
    from: ['needs-assessment'],
    fact: 'finalPlanIssued',
    begins: 'annual-review',
    command: 'startFromPlan',
    carries: (source, settings) =>
      known({ planVersion: planOf(source)['planVersion'], provisionQuestionFrom: questionFrom(settings) }),
    ofChild: standing,
  },
  // A review ends with the decision that was sent; the next one counts from it: CFA s 44(1), README B3.
  {
    from: ['annual-review'],
    clock: 'reviewDecisionNoticeSent',
    begins: 'annual-review',
    command: 'startFromDecision',
    carries: (source, settings) => ({
      ...nextReview(source),
      ...known({ provisionQuestionFrom: questionFrom(settings) }),
    }),
    ofChild: growing,
  },
  {
    from: amending,
    fact: 'amendedFinalPlanIssued',
    begins: 'provision-check',
    command: 'startCheckOfAmendedPlan',
    when: ({ on, payload }, settings) => payload['changesFOrI'] === true && on >= checksFrom(settings),
    carries: (source, settings) => ({ ...planOf(source), inForceFrom: checksFrom(settings) }),
  },
  // The plan must be out before the day of reg 18: what counts is the day it was sent.
  {
    from: ['annual-review', 'amendment'],
    clock: 'amendedPlanSent',
    tells: ['phase-transfer'],
    command: 'noteAmendedPlanIssued',
    carries: (source) => known({ ...planOf(source), type: placementOf(source)?.type }),
  },
  {
    from: ['reassessment', 'cease-to-maintain', 'appeal'],
    fact: 'amendedFinalPlanIssued',
    tells: ['phase-transfer'],
    command: 'noteAmendedPlanIssued',
    carries: (source) => known({ ...planOf(source), type: placementOf(source)?.type }),
  },
  {
    from: ['annual-review'],
    clock: 'reviewDecisionNoticeSent',
    tells: ['phase-transfer'],
    command: 'notePlanKept',
    when: ({ history }) => history.some(({ type }) => type === 'decidedToKeep'),
  },
  {
    from: ['phase-transfer'],
    fact: 'startedAtNewSetting',
    begins: 'provision-check',
    command: 'startCheckAfterMove',
    when: ({ on }, settings) => on >= checksFrom(settings),
    carries: ({ payload }, settings) =>
      known({ setting: text(payload['setting']), terms: payload['terms'], inForceFrom: checksFrom(settings) }),
  },
  // What a review or an amendment does on the way to the next setting.
  ...(
    [
      ['reviewMeetingHeld', 'recordReviewMeeting', false],
      ['settingConsulted', 'recordConsultation', true],
      ['schoolRequested', 'recordPreference', true],
    ] as const
  ).map(([fact, command, ofSetting]): Join => ({
    from: ['annual-review', 'amendment'],
    fact,
    tells: ['phase-transfer'],
    command,
    carries: ({ payload }) => (ofSetting ? known({ setting: text(payload['setting']) }) : {}),
  })),
  // The proposed changes may go with the decision: what counts is the day they left.
  {
    from: ['annual-review', 'amendment'],
    clock: 'amendmentsSent',
    tells: ['phase-transfer'],
    command: 'recordAmendmentsSent',
  },
  // Consultation comes before a decision to cease: reg 31(1).
  {
    from: ['annual-review'],
    fact: 'ceasingConsidered',
    begins: 'cease-to-maintain',
    command: 'startCeasing',
    carries: () => ({ review: true }),
  },
  {
    from: ['cease-to-maintain'],
    clock: 'cessationNoticeSent',
    tells: ['annual-review'],
    which: 'its-origin',
    command: 'noteCeaseDecided',
  },
  {
    from: ['cease-to-maintain'],
    fact: 'decidedNotToCease',
    tells: ['annual-review'],
    which: 'its-origin',
    command: 'noteNotCeasing',
  },
  {
    from: ['provision-check', 'exclusion', 'exclusion-risk'],
    fact: 'earlyReviewSought',
    tells: ['annual-review'],
    command: 'requestEarlyReview',
    carries: ({ payload }) => known({ why: text(payload['why']) }),
  },
  // The end of a plan, of our responsibility, of a life: nothing about it is owed any more.
  {
    from: ['cease-to-maintain'],
    fact: 'planCeased',
    tells: [...aboutPlan, 'panel-decision'],
    command: 'notePlanEnded',
  },
  {
    from: ['authority-transfer'],
    fact: 'planTransferred',
    tells: [...aboutPlan, 'panel-decision', 'exclusion-risk'],
    command: 'noteMoveAway',
  },
  {
    from: everything,
    fact: 'childDied',
    tells: everything,
    evenLater: true,
    command: 'recordDeath',
  },
  // An assessment that had not ended ends here: the new authority decides for itself (CFA s 24).
  {
    from: ['authority-transfer'],
    fact: 'assessmentHandedOver',
    tells: ['needs-assessment'],
    command: 'recordMove',
    carries: ({ payload }) => known({ to: text(payload['council']) }),
  },
  // The review after a transfer is given the plan's own day, also where the papers told it only later: reg 15(5).
  ...['planTransferredIn', 'planDayLearned'].map((fact): Join => ({
    from: ['authority-transfer'],
    fact,
    begins: 'annual-review',
    alike: () => 'the plan transferred to us',
    command: 'startFromTransfer',
    carries: ({ context }) => known({ madeOrReviewedOn: context.facts['planMadeOrReviewed'] }),
    ofChild: growing,
  })),
  // Mediation and appeal, beside the process that decided.
  {
    from: deciding,
    fact: 'mediationRequested',
    begins: 'appeal',
    alike: oneForEachDecision,
    command: 'startMediation',
    then: 'recordMediationRequest',
    heeds: ['decisionNoticeSent'],
    carries: dispute,
  },
  {
    from: deciding,
    fact: 'appealLodged',
    begins: 'appeal',
    alike: oneForEachDecision,
    command: 'startAppeal',
    then: 'recordAppeal',
    heeds: ['decisionNoticeSent'],
    carries: dispute,
  },
  {
    from: deciding,
    fact: 'mediationCertificateIssued',
    begins: 'appeal',
    alike: oneForEachDecision,
    onlyThen: true,
    command: 'recordMediationCertificate',
  },
  ...backToTheDecision,
  // A plan that goes on with changes, by an order or for a return to education, is changed by another process: reg 30(2).
  {
    from: ['annual-review', 'amendment', 'reassessment', 'appeal'],
    fact: 'amendedFinalPlanIssued',
    tells: ['cease-to-maintain'],
    command: 'recordAmendedPlan',
    carries: (source) => known({ planVersion: planOf(source)['planVersion'] }),
  },
  // A plan that is to end stays in force until the appeal is over: CFA s 45(4).
  {
    from: ['appeal'],
    fact: 'appealWithdrawn',
    tells: ['cease-to-maintain'],
    which: 'its-origin',
    command: 'recordAppealWithdrawn',
  },
  {
    from: ['appeal'],
    fact: 'mediationCertificateIssued',
    tells: ['cease-to-maintain'],
    which: 'its-origin',
    command: 'recordMediationCertificate',
  },
  // Suspensions reach the cohort.
  {
    from: ['exclusion'],
    fact: 'exclusionDecided',
    tells: ['exclusion-risk'],
    command: 'noteExclusion',
    carries: ({ payload }) => known({ kind: text(payload['kind']) }),
  },
  {
    from: ['panel-decision'],
    fact: 'panelRecommended',
    tells: ['needs-assessment', 'annual-review', 'amendment', 'reassessment', 'cease-to-maintain', 'exclusion-risk'],
    which: 'its-origin',
    command: 'notePanelRecommendation',
    carries: ({ payload }) => ({ recommendation: payload['recommendation'], reasons: payload['reasons'] }),
  },
];

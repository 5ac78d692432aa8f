import { type Day } from '@send/statute';

/** One event of a published history, as the papers code it. */
export interface PublishedEvent {
  readonly date: string | null;
  readonly fact: string;
  readonly byWhom?: string;
  readonly adviser?: string;
  readonly order?: string;
  readonly agreed?: string;
}

export interface Recorded {
  readonly command: string;
  readonly on: Day;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Mapping = (event: PublishedEvent, on: Day) => Recorded | null;

const notPublished = ['The published history gives no reasons.'];
const to =
  (command: string, fields: (event: PublishedEvent) => Record<string, unknown> = () => ({})): Mapping =>
  (event, on) => ({ command, on, fields: { on, ...fields(event) } });

const requesters: Readonly<Record<string, string>> = {
  parent: 'parent',
  school: 'school',
  'young-person': 'young-person',
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

/** Orders and agreements that an assessment carries out; the others belong to the appeal. */
const carriedOut = new Set(['assess', 'make-plan']);

/** The one table between the published codes and the product's own facts. Null: it changes nothing here. */
export const publishedFacts: Readonly<Record<string, Mapping>> = {
  requestReceived: to('receiveRequest', (event) => ({ from: requesters[event.byWhom ?? ''] ?? 'parent' })),
  decidedToAssess: to('decideToAssess'),
  decidedNotToAssess: to('decideNotToAssess', () => ({ reasons: notPublished })),
  adviceSought: to('askForAdvice', (event) => ({
    requests: [
      { request: adviserId(event), kind: adviceKinds[adviserId(event)] ?? 'other', adviser: adviserId(event) },
    ],
  })),
  adviceReceived: to('recordAdvice', (event) => ({ request: adviserId(event) })),
  decidedToIssue: to('decideToIssue', () => ({ reasons: notPublished })),
  decidedNotToIssue: to('decideNotToIssue', () => ({ reasons: notPublished })),
  draftPlanSent: to('sendDraftPlan'),
  representationsReceived: to('recordRepresentations'),
  finalPlanIssued: to('issueFinalPlan'),
  mediationRequested: to('recordMediationRequest'),
  mediationCertificateIssued: to('recordMediationCertificate'),
  appealLodged: to('recordAppeal'),
  appealConceded: to('recordConcession'),
  mediationAgreed: (event, on) =>
    carriedOut.has(event.agreed ?? '')
      ? { command: 'recordMediationAgreement', on, fields: { on, agreed: event.agreed } }
      : null,
  tribunalOrderMade: (event, on) =>
    carriedOut.has(event.order ?? '') ? { command: 'recordOrder', on, fields: { on, order: event.order } } : null,
};

/** Hearings, judgments, reports: they change nothing in law. */
export const withoutEffect = new Set(['noLegalEffect', 'complaintMade']);

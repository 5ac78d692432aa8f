import type { Day } from '@send/statute';

/** Who a letter is written to. It decides the words (`you` or the child's name) and what may be disclosed. */
export type RecipientKind =
  'parent' | 'young-person' | 'child' | 'setting' | 'health' | 'social-care' | 'professional' | 'authority';

export const recipientKinds: readonly RecipientKind[] = [
  'parent',
  'young-person',
  'child',
  'setting',
  'health',
  'social-care',
  'professional',
  'authority',
];

export interface CouncilValues {
  name: string;
  /** 1 to 5 lines, printed under the contact details. */
  addressLines: string[];
  phone: string;
  email: string;
  website: string;
  localOfferUrl: string;
  complaintsUrl: string;
  /** For example 'Monday to Friday, 9am to 5pm'. */
  openingHours: string;
}

export interface RecipientValues {
  kind: RecipientKind;
  name: string;
  /** What follows 'Dear', for example 'Ms Carter'. */
  salutation: string;
  /**
   * The postal address, postcode last. The name is printed above it unless the first line already is the name;
   * together 3 to 7 lines. Read from the recipient's own safe record on the day of sending, never from notes.
   */
  addressLines: string[];
  /** For example 'head teacher'. */
  role?: string;
}

export interface ChildValues {
  firstName: string;
  fullName: string;
  /** Printed only where the reader must find the right record: advisers, settings and other authorities. */
  dateOfBirth?: Day;
}

export interface PersonContact {
  name: string;
  phone: string;
  email: string;
}

/** Every day a letter may print. Templates work out none of them: the law library does. */
export interface LetterDates {
  requestReceived?: Day;
  /** Six weeks: the decision whether to assess. */
  decideBy?: Day;
  /** Sixteen weeks: the last day to say that there will be no plan. */
  noPlanBy?: Day;
  /** Twenty weeks: the last day to send the final plan. */
  finalPlanBy?: Day;
  /** The one day by which the reader is asked to act. */
  replyBy?: Day;
  adviceDue?: Day;
  adviceReceived?: Day;
  /** Two months from the sent date; checked again when the letter is composed. */
  appealLastDay?: Day;
  mediationContactBy?: Day;
  /** Where the last day falls in August or from 25 December to 1 January: the day on which an appeal is still in time. */
  tribunalTakesAppealUntil?: Day;
  served?: Day;
  representationsLastDay?: Day;
  consultationReplyBy?: Day;
  /** What was due, and on which day it is now expected. */
  originallyDue?: Day;
  newDate?: Day;
  meeting?: Day;
  planDated?: Day;
  reviewBy?: Day;
  proposedStart?: Day;
  withdrawn?: Day;
  decided?: Day;
  keepCopyUntil?: Day;
  /** Reassessment: asked for, to be answered by, and the plan after it by. */
  reassessAsked?: Day;
  reassessAnswerBy?: Day;
  reassessPlanBy?: Day;
  planEnded?: Day;
  /** A move between authorities: the move itself, the plan’s transfer, the plan’s own age, and the review that we plan. */
  moved?: Day;
  transferred?: Day;
  planMadeOrReviewed?: Day;
  reviewPlanned?: Day;
  /** When the panel meets again, and the legal day that its deferral does not move. */
  nextPanel?: Day;
  stillDue?: Day;
  /** Phase transfer: the last day to send the plan that names the next setting, and the day we ask for a preference by. */
  movePlanBy?: Day;
  preferenceBy?: Day;
  /** A review: when the reports go out, when the report of the meeting and the decision are due. */
  circulateBy?: Day;
  reportDue?: Day;
  decisionBy?: Day;
  /** The last day of compulsory school age. */
  schoolAgeEnds?: Day;
}

export interface MeetingValues {
  /** For example '2pm'. */
  time: string;
  place: string;
  link?: string;
  /** Roles, never names of other families or their advisers. */
  attendees: string[];
  /** What is to happen there, for example 'Meet the educational psychologist'. */
  purpose?: string;
}

export interface ExceptionValues {
  /** What is late, as words to follow 'We are late with', for example 'the decision whether to assess'. */
  whatIsLate: string;
  /** The ground in plain words. Left out when no exception in the law applies. */
  ground?: string;
  provision?: string;
  facts: string;
  /** What goes on in the meantime. */
  meanwhile: string;
}

export interface PlanValues {
  namedSetting?: string;
  /** For example 'a mainstream secondary school'. */
  settingType?: string;
  sections?: { section: string; heading: string; text: string }[];
  /** Section F, and G and H where they are told to the reader: what, and who arranges it. */
  provisions: { what: string; arrangedBy: string }[];
  /** The family has proposed changes to a plan, not the draft of a first one. */
  amending?: true;
  /** What is different from the draft. */
  changes: string[];
  /** Why a setting that was asked for is not named, on a ground of CFA s 39(4) or 40. */
  requestedSettingRefused?: { name: string; why: string };
}

export interface AdviserValues {
  name: string;
  role: string;
  organisation: string;
  /** For example 'educational advice'. */
  adviceType: string;
  replyLink: string;
  /** How often this has been chased: 1, 2 or 3. */
  chaseLevel?: number;
}

export interface SettingValues {
  name: string;
  yearGroup?: string;
  maintainingAuthority?: string;
  /** Approved under CFA s 41. */
  section41?: boolean;
  kind?: string;
}

export interface BudgetValues {
  decision: 'agreed' | 'refused';
  asked: string;
  /** Only where it is agreed. */
  covers?: string[];
}

export interface DisclosureValues {
  /** The ground on which the copy may be given, for example 'SEND Regs 2014 reg 17(1)(b)'. */
  ground: string;
  purpose: string;
}

/** What a provision check asks, and what it has found. */
export interface CheckValues {
  /** The last day of the check. */
  dueBy?: Day;
  /** The new setting, after a move. */
  settingName?: string;
  /** The support that the reader is asked about, in the plan's order. */
  items?: { section: string; what: string }[];
  /** What is missing, and what is done about it. */
  gaps?: { what: string; action?: string; owner?: string; by?: Day }[];
  /** The one gap that its provider is written to about. */
  gap?: { what: string; action: string; by: Day };
  /** The day by which the plan is reviewed next, as its own process counts it. */
  nextReview?: Day;
}

/** A dispute about one decision: mediation, appeal, and what came of it. */
export interface DisputeValues {
  /** What it is about, as words to follow 'about', for example 'our decision not to assess'. */
  matter: string;
  /** The Tribunal's reference. */
  reference?: string;
  /** The family's own last days, counted from the notice of the decision and from any certificate. */
  contactBy?: Day;
  appealBy?: Day;
  mediationBy?: Day;
  responseBy?: Day;
  how?: 'ordered' | 'agreed' | 'conceded';
  /** The day of the order, the agreement or the concession; the first three also each by its own name. */
  decidedOn?: Day;
  orderedOn?: Day;
  agreedOn?: Day;
  concededOn?: Day;
  /** Regulation 45: told before the response was sent. */
  beforeResponse?: boolean;
  /** What was ordered or agreed, in a sentence. */
  what?: string;
  /** The limit of what is carried out now. */
  doneBy?: Day;
  /** After an order to assess or to make a plan: the days that count from it. */
  noPlanBy?: Day;
  finalBy?: Day;
  actions?: { what: string; by: Day }[];
  issues?: string[];
  provision?: string[];
  healthOnly?: boolean;
  result?: 'changed' | 'unchanged';
  recommendation?: { about: string; sentOn: Day; following: 'yes' | 'in-part' | 'no' };
}

/** What is said of extra help for a child, and of education after an exclusion. */
export interface CohortValues {
  /** What consent is asked for, in plain words, and who would see it. */
  sharing?: { what: string; with: string }[];
  consentUntil?: Day;
  offers?: string[];
  /** What is no longer used, now that consent is refused or withdrawn. */
  stopped?: string[];
  /** What was shared before, and with whom. */
  shared?: string;
  lead?: string;
  interventions?: { what: string; owner: string; by: Day }[];
  /** What a review found, in the reviewer's words. */
  changed?: string[];
  nextReview?: Day;
  nextLook?: Day;
  callIfWorse?: string;
  /** Set where an early review of a plan was asked for. */
  earlyReview?: true;
  /** Why the help has finished, as words to follow 'The reason:'. */
  why?: string;
  deleteOn?: Day;
  /** Of a meeting about the help: told to every one who is asked, unlike others. The day is in `dates`. */
  meeting?: { time: string; place: string; link?: string; attendees?: string[] };
  education?: {
    where: string;
    startsOn: Day;
    times: string;
    transport: string;
    askFor: string;
    planSupport?: string;
  };
}

export interface PanelValues {
  /** As words to follow 'our', for example 'east assessment panel'. */
  name: string;
  question?: string;
  missing?: string[];
  /** Who will get what is missing. */
  missingFrom?: string;
}

export interface CeasingValues {
  /** What has ended the plan, as words to follow 'because', for example 'you have started university'. */
  because?: string;
  /** Age: nobody over 25 has a plan. Appeal: nobody can appeal any more. */
  how: 'age' | 'appeal';
  /** Support that goes on without the plan. */
  support?: string[];
}

export interface MovingValues {
  oldCouncil: string;
  newCouncil: string;
  /** Whether the new council proposes to assess. */
  assessment?: 'yes' | 'no';
  missing?: string[];
  papers?: string[];
}

/** A review of a plan, as its letters speak of it. Not the family's circumstances: the professionals' letters have it too. */
export interface ReviewValues {
  time?: string;
  place?: string;
  link?: string;
  fromYear9?: true;
  /** Reports that are enclosed, and those that have not come, by name. */
  reports?: string[];
  missing?: string[];
  recommendations?: string[];
  /** Where people did not agree. */
  differences?: string[];
  /** The answer to a request for an early review. */
  answer?: 'yes' | 'no';
}

/** Everything a letter says that its template does not. Serialisable; stored with the letter. */
export interface LetterValues {
  letterDate: Day;
  ourReference: string;
  council: CouncilValues;
  recipient: RecipientValues;
  child: ChildValues;
  caseworker: PersonContact;
  mediation?: PersonContact;
  disagreementResolution?: { name: string; contact: string };
  iass: PersonContact & { website: string };
  dates: LetterDates;
  /** Who asked for the assessment, as words to follow 'from', for example 'Oak Hill School'. */
  requestFrom?: string;
  /** What was decided, where one template serves several decisions. */
  decision?: string;
  reasons?: string[];
  evidence?: { title: string; author: string; date: Day }[];
  /** Who will be asked for advice, by role. */
  advisers?: string[];
  adviser?: AdviserValues;
  setting?: SettingValues;
  exception?: ExceptionValues;
  meeting?: MeetingValues;
  plan?: PlanValues;
  panel?: PanelValues;
  budget?: BudgetValues;
  check?: CheckValues;
  cohort?: CohortValues;
  disclosure?: DisclosureValues;
  review?: ReviewValues;
  /** Each change to the plan that is proposed: what it says now, what it would say. */
  amendments?: string[];
  dispute?: DisputeValues;
  /** Help the setting should give now, in the decision-maker's words. */
  supportNow?: string[];
  /** The other council, where we are not the right one. */
  otherCouncil?: { name: string; contact: string; told: boolean };
  /** A move to the next phase, as words: 'primary school', 'secondary school', 'September 2027'. */
  transfer?: { from: string; to: string; when: string };
  reassessment?: { ground?: string };
  ceasing?: CeasingValues;
  moving?: MovingValues;
  /** Reviews to hold in the coming term: a letter about several children, to their setting or to a partner. */
  reviewList?: {
    setting: string;
    termStarts: Day;
    children: { name: string; born: Day; setting: string; why: string; meetBy: Day }[];
  };
  /** Who else has a copy, by role only. */
  copiesTo?: string[];
  enclosures?: string[];
}

/** One thing that keeps a letter from being approved. */
export interface Problem {
  /** The value at fault, as a dotted path. */
  field?: string;
  /** The required block at fault. */
  block?: string;
  rule:
    | 'no-such-template'
    | 'not-in-force'
    | 'wrong-addressee'
    | 'missing-value'
    | 'unreal-date'
    | 'unresolved-field'
    | 'address'
    | 'block-missing'
    | 'block-empty'
    | 'block-undeclared'
    | 'rights-wording-altered'
    | 'reasons'
    | 'date-not-from-values'
    | 'letter-date'
    | 'appeal-date'
    | 'representations-date'
    | 'markup';
  wayOut: string;
}

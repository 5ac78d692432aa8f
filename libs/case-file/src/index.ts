import { CapacityDecision, Child, DuplicateCheck } from './child.entity';
import { Advice, Note, Notice, PlanVersion, StoredDocument } from './papers.entity';
import { Address, ContactPoint, Person, Relationship } from './people.entity';
import { Adviser, Setting } from './setting.entity';

/** For `Database.open`. Protected addresses are not among them: there is one way to read those, and it is no repository. */
export const caseFileEntities = [
  Child,
  DuplicateCheck,
  CapacityDecision,
  Person,
  ContactPoint,
  Address,
  Relationship,
  Setting,
  Adviser,
  PlanVersion,
  StoredDocument,
  Advice,
  Note,
  Notice,
];

export { AddressKeys, givesAway, type PostalAddress } from './address-keys';
export {
  type Addressee,
  type Addressees,
  addressees,
  type Held,
  type LeftOut,
  type LetterTo,
  raiseHeld,
  resolveAddress,
  type WhyHeld,
} from './addressees';
export { CaseFile, CaseFileModule, type Opened as OpenedCase } from './case-file.module';
export { caseRelationship } from './case-relationship';
export { closeAccount, type HandedOver, handOverCases, type Left, ownedByLeavers, type StillOwned } from './caseload';
export {
  addChild,
  capacityOn,
  changeChild,
  type ChildChanges,
  childOf,
  findChild,
  fullName,
  type NewChild,
  nextReferences,
  recordCapacity,
  type RightsHolder,
  rightsHolder,
  rightsStayWithParentsUntil,
  yearGroupOf,
} from './child';
export { CapacityDecision, Child, DuplicateCheck, type PrimaryNeed, primaryNeeds } from './child.entity';
export { type CrossingKept, crossingTaken, keepCrossing, packParcel, type Parcel, unpackParcel } from './crossing';
export { ageOn, readDateOfBirth } from './date-of-birth';
export {
  addDocument,
  cleanFileName,
  documentOf,
  documentsOf,
  hideDocument,
  type NewDocument,
  noteScan,
  openDocument,
} from './document';
export {
  confirmMatch,
  confirmNew,
  duplicatesFor,
  type Identifiers,
  type PossibleDuplicate,
  possibleDuplicates,
} from './duplicates';
export {
  isReference,
  type Read,
  readAddressLines,
  readEmail,
  readName,
  readNhsNumber,
  readPhone,
  readPostcode,
  readUpn,
  readUrn,
} from './identifiers';
export { addAdvice, addNote, adviceOf, type NewAdvice, type NewNote, notesOf } from './notes-and-advice';
export { type NamedId, unknownIds } from './named-ids';
export { finishNotice, type NewNotice, openNotices, openNoticesOfChild, raiseNotice } from './notice';
export {
  Advice,
  type NeedItem,
  Note,
  Notice,
  type OutcomeItem,
  type PlanSection,
  planSections,
  PlanVersion,
  type ProvisionItem,
  type Sensitivity,
  StoredDocument,
} from './papers.entity';
export {
  closeAsDuplicate,
  type ClosingOutcome,
  confirmClosing,
  giveBackClosing,
  mayCloseSecond,
  proposeClosing,
} from './online-closing';
export { forgetOldDrafts, OnlineForm, type Sent, type Typed } from './online-form';
export {
  type AskedBy,
  type ClosedAs,
  closingOnline,
  findOnlineRequest,
  type OnlineAnswers,
  onlineByReference,
  onlineDates,
  type OnlineRequest,
  readOnlineRequest,
  settledOnline,
  settleOnlineRequest,
  type WaitingOrder,
  waitingOnline,
} from './online-request';
export { remindOfUnopened, unopenedPastDecision } from './online-unopened';
export {
  addPerson,
  changeRelationship,
  confirmRelationship,
  contactBefore,
  endRelationship,
  familyKinds,
  formerContacts,
  formerPeople,
  type NewPerson,
  type NewRelationship,
  peopleOn,
  type PersonBeside,
  relate,
  type RelationshipChanges,
  relationshipHistory,
  setAddress,
  setContact,
} from './people';
export {
  Address,
  ContactPoint,
  type LegalReason,
  type LetterFormat,
  type ParentalResponsibility,
  Person,
  Relationship,
  type RelationshipKind,
  relationshipKinds,
  type SafeChannel,
} from './people.entity';
export {
  type About,
  addPersonToCase,
  askToLift,
  changeContact,
  decideLetters,
  endPerson,
  type PeopleOutcome,
  type PeopleRefused,
  protect,
  recordResponsibility,
} from './people-acts';
export {
  type Answers,
  type AnswersFor,
  channels,
  type Contact,
  formats,
  languageName,
  languages,
  legalReasons,
  letterKinds,
  newcomerKinds,
  readContact,
  readEnding,
  readGivingBack,
  readLifting,
  readNewcomer,
  readProtection,
  readReceiving,
  readResponsibility,
  type Receiving,
  responsibilities,
  type Responsibility,
  type TypedAnswers,
  type WrongAnswer,
} from './people-answers';
export {
  changedSections,
  comparePlans,
  type FieldChange,
  type ItemChanges,
  missingLinks,
  type PlanComparison,
} from './plan-comparison';
export { type PlanToCheck, plansToCheck } from './plans-to-check';
export { addPlanVersion, freezePlan, type PlanContent, plansOf, planVersionOf, savePlan } from './plan-version';
export {
  type Done,
  isProtectedPlace,
  liftProtection,
  type Opened,
  protectAddress,
  protectionOn,
  readProtectedAddress,
} from './protected-address';
export {
  askSecondPerson,
  confirmMatter,
  giveBackMatter,
  mayAnswerMatter,
  type Waiting,
  type WaitingMatter,
  waitingMatters,
} from './people-second-word';
export { notToBeShared } from './same-place';
export { searchCases, type SearchAnswer, type SearchResult } from './search';
export {
  addAdviser,
  addSetting,
  adviserOf,
  advisersOn,
  findSettings,
  type NewAdviser,
  type NewSetting,
  setTerm,
  settingOf,
  termsOf,
} from './setting';
export { Adviser, type AdviserKind, adviserKinds, Setting } from './setting.entity';

import { Authority, CaseGrant, Session, Staff } from './staff.entity';

/** For `Database.open`. */
export const accessEntities = [Authority, Staff, CaseGrant, Session];

export { AccessModule, AuditChain, Sessions } from './access.module';
export { type Actor, identityOf, isSystem, systemActor } from './actor';
export { type AuditEntry, auditOfChild, type AuditRow, writeAudit } from './audit';
export { type ChainFault, type Seal, sealAudit, type Sealed, verifyAudit } from './audit-chain';
export { type Allowed, may, noCase, type Refused, type Relationship } from './may';
export { type Action, actions, type Cell, cell, isAction, type Role, roleCodes, roles, wordsOf } from './policy';
export { maySecond, reasonMissing, sameAsFirst, shortestReason } from './second-person';
export { atMost, beginSession, endSession, endSessionsOf, freshFor, idleFor, type SignedIn, signedIn } from './session';
export { decideSetting, type NewSetting, settingsOn } from './setting';
export {
  actorFor,
  addStaff,
  asActor,
  authorities,
  authorityOf,
  endGrant,
  giveGrant,
  grantsOn,
  type NewStaff,
  saveAuthority,
  staffOn,
} from './staff';
export { Authority, CaseGrant, type Contact, type GrantKind, type LetterDetails, Session, Staff } from './staff.entity';

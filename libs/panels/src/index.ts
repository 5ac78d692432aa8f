export { type Agenda, type AgendaItem, buildAgenda } from './agenda';
export { AuditDesk, type AuditedCase, type AuditPlanRow, type Draw, drawFields, findingFields } from './audit-desk';
export { auditMonths, checklist, checklistAnswers, drawSample, drawsOf } from './audit-sample';
export { type DecidedItem, type Rate, ratesBy, smallest } from './consistency';
export { type Conflict, conflictOf, conflicts } from './declarations';
export { declarationFields, ItemDesk, type ItemView, liftFields, paperFields, type Said } from './item-desk';
export {
  countyPanels,
  furtherPanels,
  kindsOn,
  type PanelKind,
  purposes,
  type Represents,
  represents,
  routeTo,
  saveKind,
} from './kinds';
export { endSeat, giveSeat, type Seat, seatsOn } from './members';
export { markOf, type Minutes, type MinutesPart } from './minutes';
export type { Pack, PackDocument } from './pack';
export type { Answer } from './panel-door';
export {
  additionFields,
  attendanceFields,
  cancelFields,
  type MyPanels,
  SittingDesk,
  sittingFields,
  type SittingView,
} from './sitting-desk';
export { type Attendant, type Quorum, quorumFor, type Sitting, sittingsAround } from './sittings';

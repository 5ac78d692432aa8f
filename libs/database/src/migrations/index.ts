import type { MigrationInterface } from 'typeorm';
import { CreateRolesAndSchemas } from './0001-create-roles-and-schemas';
import { CreateAccess } from './0002-create-access';
import { CreateCaseFile } from './0003-create-case-file';
import { CreateEngine } from './0004-create-engine';
import { CreateLetters } from './0005-create-letters';
import { AddHandOver } from './0006-add-hand-over';
import { TypesetOldLettersWhenOpened } from './0007-typeset-old-letters-when-opened';
import { SealProtectedLetters } from './0008-seal-protected-letters';
import { CountTries } from './0009-count-tries';
import { AddOnlineRequests } from './0010-add-online-requests';
import { ChangePeopleAfterwards } from './0011-change-people-afterwards';
import { WriteACommandInOneStatement } from './0012-write-a-command-in-one-statement';
import { KeepOneOpenAssessment } from './0013-keep-one-open-assessment';
import { CloseOnlineRequestsByTwo } from './0014-close-online-requests-by-two';
import { GuardWherePeopleAreReached } from './0015-guard-where-people-are-reached';
import { JoinRuns } from './0016-join-runs';
import { AddPlanItems } from './0017-add-plan-items';
import { AddCampaigns } from './0018-add-campaigns';
import { AddPanels } from './0019-add-panels';
import { AddCohort } from './0020-add-cohort';
import { CarryBetweenAuthorities } from './0021-carry-between-authorities';
import { CheckForOrphans } from './0025-check-for-orphans';
import { DeadlineKeepsItsBound } from './0026-deadline-keeps-its-bound';

/**
 * Every migration of every library, in order. Listed as classes because globs do not load as ES modules. The name of a
 * migration ends in its number written with 13 digits, which is how TypeORM orders them: `AddMetOnToDeadline1790000000042`.
 */
export const migrations: (new () => MigrationInterface)[] = [
  CreateRolesAndSchemas,
  CreateAccess,
  CreateCaseFile,
  CreateEngine,
  CreateLetters,
  AddHandOver,
  TypesetOldLettersWhenOpened,
  SealProtectedLetters,
  CountTries,
  AddOnlineRequests,
  ChangePeopleAfterwards,
  WriteACommandInOneStatement,
  KeepOneOpenAssessment,
  CloseOnlineRequestsByTwo,
  GuardWherePeopleAreReached,
  JoinRuns,
  AddPlanItems,
  AddCampaigns,
  AddPanels,
  AddCohort,
  CarryBetweenAuthorities,
  CheckForOrphans,
  DeadlineKeepsItsBound,
];

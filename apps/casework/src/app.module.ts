import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ApiModule } from './api/api.module';
import { Routes } from './api/routes';
import { AppealController } from './appeal/appeal.controller';
import { CampaignsController } from './campaigns/campaigns.controller';
import { OneMoveController } from './campaigns/one-move.controller';
import { AskedController } from './case/asked.controller';
import { CaseController } from './case/case.controller';
import { Cases } from './case/case-frame';
import { PeopleController } from './case/people.controller';
import { PositionNames } from './case/position-names';
import { ReasonsGiven } from './case/reasons-given';
import { SecondWordController } from './case/second-word.controller';
import { WithReasonController } from './case/with-reason.controller';
import { CohortController } from './cohort/cohort.controller';
import { CohortDoor } from './cohort/cohort-door';
import { WhatSchoolsSendController } from './cohort/what-schools-send.controller';
import { LastResort } from './frame/last-resort.filter';
import { PageAnswer } from './frame/page-answer';
import { PAGE_ROUTES } from './frame/request';
import { SignedInGuard } from './frame/signed-in.guard';
import { type Surroundings, surroundingsModule } from './frame/surroundings';
import { LettersController } from './letters/letters.controller';
import { NewRequestController } from './new-request/new-request.controller';
import { RequestEntry } from './new-request/request-entry';
import { OperatorController } from './operator/operator.controller';
import { PanelAuditController } from './panels/panel-audit.controller';
import { PanelItemController } from './panels/panel-item.controller';
import { PanelPages } from './panels/panel-pages';
import { PanelsController } from './panels/panels.controller';
import { PlanController } from './plan/plan.controller';
import { ClosingController } from './online-requests/closing.controller';
import { OnlineDesk } from './online-requests/online-desk';
import { OnlineRequestsController } from './online-requests/online-requests.controller';
import { ProvisionController } from './provision/provision.controller';
import { ProposalsController } from './proposals/proposals.controller';
import { PublicRequestController } from './public-request/public-request.controller';
import { CommandPages } from './record-event/command-pages';
import { RecordEventController } from './record-event/record-event.controller';
import { StartController } from './record-event/start.controller';
import { AboutController } from './sign-in/about.controller';
import { SignInController } from './sign-in/sign-in.controller';
import { TodayController } from './today/today.controller';
import { WorklistController } from './worklist/worklist.controller';

const controllers = [
  TodayController,
  WorklistController,
  WithReasonController,
  SecondWordController,
  PeopleController,
  LettersController,
  PlanController,
  ProvisionController,
  AppealController,
  RecordEventController,
  StartController,
  CaseController,
  AskedController,
  NewRequestController,
  ProposalsController,
  OperatorController,
  CampaignsController,
  OneMoveController,
  CohortController,
  WhatSchoolsSendController,
  SignInController,
  AboutController,
  OnlineRequestsController,
  ClosingController,
  PublicRequestController,
  PanelAuditController,
  PanelItemController,
  PanelsController,
];

@Module({})
export class CaseworkModule {
  static with(surroundings: Surroundings): DynamicModule {
    return {
      module: CaseworkModule,
      imports: [surroundingsModule(surroundings), ApiModule],
      controllers,
      providers: [
        PageAnswer,
        Cases,
        CommandPages,
        CohortDoor,
        OnlineDesk,
        RequestEntry,
        ReasonsGiven,
        PositionNames,
        PanelPages,
        { provide: PAGE_ROUTES, useValue: new Routes(controllers) },
        { provide: APP_GUARD, useClass: SignedInGuard },
        { provide: APP_FILTER, useClass: LastResort },
      ],
    };
  }
}

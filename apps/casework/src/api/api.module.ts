import { Module, type NestModule, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CampaignsApiController } from './campaigns.controller';
import { Cases } from './cases';
import { ChildrenController } from './children.controller';
import { CohortApiController } from './cohort.controller';
import { DESCRIBED, DescriptionController } from './description.controller';
import type { Response } from 'express';
import { ApiDoor, type AtDoor } from './door';
import { LawController } from './law.controller';
import { LettersApiController } from './letters.controller';
import { ApiDescription } from './openapi';
import { OperationsController } from './operations.controller';
import { PanelItemsApiController } from './panel-items.controller';
import { PanelsApiController } from './panels.controller';
import { PeopleApiController } from './people.controller';
import { ProposalsController } from './proposals.controller';
import { Routes, ROUTES } from './routes';
import { RunsController } from './runs.controller';

const controllers: Type[] = [
  DescriptionController,
  RunsController,
  ProposalsController,
  ChildrenController,
  PeopleApiController,
  LawController,
  LettersApiController,
  OperationsController,
  CampaignsApiController,
  CohortApiController,
  PanelItemsApiController,
  PanelsApiController,
];

/**
 * The versioned JSON API: the commands and reads of the pages, by the same engine and the same rules of access. It reads
 * bodies itself, so the application is made without Nest's own body parser. Expects the surroundings of the app.
 */
@Module({
  controllers,
  providers: [
    Cases,
    ApiDescription,
    ApiDoor,
    { provide: ROUTES, useValue: new Routes(controllers) },
    { provide: DESCRIBED, useValue: () => ApiModule },
  ],
})
export class ApiModule implements NestModule {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly door: ApiDoor,
  ) {}

  /** Before every route, whatever the address: a path with a pattern in it would be decoded, and fail, before the door. */
  configure(): void {
    this.adapter.httpAdapter.use(
      '/api',
      (request: AtDoor, response: Response, next: () => void) => void this.door.use(request, response, next),
    );
  }
}

import { type MiddlewareConsumer, Module, type NestModule, RequestMethod, type Type } from '@nestjs/common';
import { Cases } from './cases';
import { ChildrenController } from './children.controller';
import { DESCRIBED, DescriptionController } from './description.controller';
import { ApiDoor } from './door';
import { LawController } from './law.controller';
import { LettersApiController } from './letters.controller';
import { ApiDescription } from './openapi';
import { OperationsController } from './operations.controller';
import { ProposalsController } from './proposals.controller';
import { RATE_LIMITS, usualLimits } from './rate-limit';
import { Routes, ROUTES } from './routes';
import { RunsController } from './runs.controller';

const controllers: Type[] = [
  DescriptionController, RunsController, ProposalsController, ChildrenController, LawController, LettersApiController, OperationsController,
];

/**
 * The versioned JSON API: the commands and reads of the pages, by the same engine and the same rules of access. It reads
 * bodies itself, so the application is made without Nest's own body parser. Expects the surroundings of the app.
 */
@Module({
  controllers,
  providers: [
    Cases, ApiDescription, ApiDoor,
    { provide: ROUTES, useValue: new Routes(controllers) },
    { provide: RATE_LIMITS, useValue: usualLimits },
    { provide: DESCRIBED, useValue: () => ApiModule },
  ],
})
export class ApiModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(ApiDoor).forRoutes({ path: 'api/{*path}', method: RequestMethod.ALL });
  }
}

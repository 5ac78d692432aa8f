import { type DynamicModule, Module } from '@nestjs/common';
import type { WorkerConfig } from './config';
import { Worker } from './worker';

@Module({})
export class WorkerModule {
  static with(config: WorkerConfig): DynamicModule {
    return {
      module: WorkerModule,
      providers: [{ provide: Worker, useFactory: () => Worker.open(config) }],
      exports: [Worker],
    };
  }
}

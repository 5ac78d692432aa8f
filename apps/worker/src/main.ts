import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readConfig } from './config';
import { WorkerModule } from './worker.module';

const app = await NestFactory.createApplicationContext(WorkerModule.with(readConfig()), {
  logger: ['log', 'warn', 'error'],
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP']);

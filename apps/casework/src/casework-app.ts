import { join } from 'node:path';
import { mostFields, PageWriter, projectRoot, securityHeaders, staticAssets } from '@send/pages';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CaseworkModule } from './app.module';
import type { Surroundings } from './frame/surroundings';

export const pageWriter = (): PageWriter => new PageWriter([join(projectRoot(), 'apps/casework/src')]);

/** The app on its surroundings, not yet listening: `main` and the specs make the same one. */
export async function caseworkApp(surroundings: Surroundings): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(CaseworkModule.with(surroundings), {
    bodyParser: false,
    logger: ['error', 'warn'],
  });
  app.disable('x-powered-by');
  // A query of brackets is text here, never a nested object.
  app.set('query parser', 'simple');
  app.set('trust proxy', surroundings.config.proxies ?? 0);
  app.use(securityHeaders({ tls: surroundings.config.production, formAction: [] }) as Parameters<typeof app.use>[0]);
  app.use('/assets', staticAssets());
  app.use(longAddressesRefused);
  // Forms only: the API reads its own bodies.
  app.useBodyParser('urlencoded', { limit: '1mb', extended: false, parameterLimit: mostFields });
  app.enableShutdownHooks();
  return app;
}

const longestAddress = 2_048;

function longAddressesRefused(request: { url: string }, _response: unknown, next: (failure?: unknown) => void): void {
  next(
    request.url.length > longestAddress
      ? Object.assign(new Error('The address is too long'), { status: 414 })
      : undefined,
  );
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, stop } from './prepare.mjs';

/** Runs one command of apps/console in this process, so that signals and the exit code need nobody in between. */
export async function runBuilt(command, args) {
  const file = join(root, 'dist/apps/console/src', `${command}.js`);
  if (!existsSync(file)) stop(`There is no command "${command}".`);
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}

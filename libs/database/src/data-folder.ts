import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder, found from this file, so that it is the same from source, from `dist` and from any folder. */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('No package.json above this file: where is the project?');
    folder = above;
  }
  return folder;
}

/** Everything that a laptop keeps (database, logs, dropped letters) is here, ignored by git. */
export function dataFolder(): string {
  return join(projectFolder(), '.data');
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of nest-cli.json, found from this module upwards: views are read from the sources, also when dist runs. */
export function projectRoot(): string {
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()]) {
    for (let folder = start; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'nest-cli.json'))) return folder;
      if (dirname(folder) === folder) break;
    }
  }
  throw new Error('nest-cli.json was found neither above the code nor above the working directory.');
}

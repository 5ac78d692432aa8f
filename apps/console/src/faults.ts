import { projectFolder } from '@send/database';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The harness stands among the tests, which no app may import: it is loaded by its place in the build.
const harness = join(projectFolder(), 'dist/test/faults/faults.js');
const { faults } = (await import(pathToFileURL(harness).href)) as {
  faults: (argv: readonly string[]) => Promise<number>;
};

process.exitCode = await faults(process.argv.slice(2));

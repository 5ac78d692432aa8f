import { projectFolder } from '@send/database';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The harness stands among the tests, which no app may import: it is loaded by its place in the build.
const harness = join(projectFolder(), 'dist/test/faults/campaign.js');
const { campaign } = (await import(pathToFileURL(harness).href)) as {
  campaign: (argv: readonly string[]) => Promise<number>;
};

process.exitCode = await campaign(process.argv.slice(2));

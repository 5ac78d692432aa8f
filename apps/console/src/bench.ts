import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFolder } from '@send/database';

/** The bench lies with the tests, which nothing may import; it was built with everything else, and is only started here. */
const built = pathToFileURL(join(projectFolder(), 'dist', 'test', 'bench', 'bench.js')).href;
const { bench } = (await import(built)) as { bench: (argv: readonly string[]) => Promise<number> };
process.exitCode = await bench(process.argv.slice(2));

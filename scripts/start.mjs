// `npm start`: all set-up after a clone, then the database, the apps and the demonstration county.
import { prepare, root } from './prepare.mjs';
import { runBuilt } from './run-built.mjs';

process.chdir(root);
prepare();
await runBuilt('start', process.argv.slice(2));

// `npm run due`, `replay`, `seed`, `bench`, `faults`: set-up where it is needed, then the command of apps/console.
import { prepare } from './prepare.mjs';
import { runBuilt } from './run-built.mjs';

const [command = '', ...args] = process.argv.slice(2);
prepare();
// Not before: file names in the arguments count from where npm was called.
if (process.env['INIT_CWD']) process.chdir(process.env['INIT_CWD']);
await runBuilt(command, args);

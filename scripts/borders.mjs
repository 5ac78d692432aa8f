// The borders between folders (house rules, held by dependency-cruiser). Fails too when no file was read: with a
// TypeScript that it does not know, the tool reads none and finds nothing wrong.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const folders = ['apps', 'libs', 'workflows', 'test'].filter((folder) => existsSync(join(root, folder)));
const cruise = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    ...folders,
  ],
  { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
if (!cruise.stdout) {
  console.error(cruise.stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(cruise.stdout);
const read = modules.filter((module) => /^(apps|libs|workflows|test)\/.*\.ts$/.test(module.source));
const dependencies = read.reduce((sum, module) => sum + module.dependencies.length, 0);
for (const { rule, from, to } of summary.violations) console.error(`${rule.severity} ${rule.name}: ${from} -> ${to}`);
if (read.length === 0 || dependencies === 0) {
  console.error('dependency-cruiser read no TypeScript file.');
  process.exit(1);
}
console.log(`${read.length} files, ${dependencies} dependencies, ${summary.violations.length} broken borders`);
process.exit(summary.error > 0 ? 1 : 0);

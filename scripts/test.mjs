// `npm test`: set-up, then every check and every spec; ends with one line that counts them all.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { needTestTools } from './test-tools.mjs';

process.chdir(root);
const began = Date.now();
prepare();
needTestTools();

const reports = join(root, '.data', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const scratch = join(root, '.data', 'tmp');
const environment = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings', ...temporaryFiles() };

const checks = [
  {
    name: 'format',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    mend: 'npm run format',
  },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
  { name: 'borders', args: ['scripts/borders.mjs'] },
];
/** Journeys drive a browser and whole processes: one at a time, after the rest, so that they do not wait for each other. */
const suites = [
  { name: 'specs', args: ['--testRegex', '\\.spec\\.ts$', '--maxWorkers', '2'] },
  { name: 'journeys', args: ['--testRegex', '\\.journey\\.ts$', '--runInBand'] },
];

const reporters = ['--reporters', 'default', '--reporters', join(root, 'scripts/count-reporter.mjs')];

const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];

await twoAtATime(checks, async (check) => {
  const { code, output, seconds } = await node(check.args, { capture: true });
  if (code !== 0)
    process.stdout.write(`\n${check.name} failed${check.mend ? ` (mend with: ${check.mend})` : ''}:\n${output}\n`);
  note(check.name, code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }, seconds);
});

for (const suite of suites) {
  const file = join(reports, `${suite.name}.json`);
  const jest = ['node_modules/jest/bin/jest.js', ...suite.args, '--passWithNoTests', ...reporters];
  const { code, seconds } = await node(jest, { capture: false, settings: { TEST_COUNT_FILE: file } });
  note(suite.name, countOf(file, code), seconds);
}

rmSync(scratch, { recursive: true, force: true });
console.log(`\n${summary.join('\n')}\n  ${'all'.padEnd(10)} ${Math.round((Date.now() - began) / 1000)} s`);
console.log(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** From Jest's own results. A file that could not be run has no tests in it, and counts as one that failed. */
function countOf(file, code) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { passed, failed, skipped } = report;
  // A teardown that fails leaves every test passed and Jest's exit code not 0.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}

function note(name, count, seconds) {
  for (const kind of Object.keys(total)) total[kind] += count[kind];
  const words = `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`;
  summary.push(`  ${name.padEnd(10)} ${words} (${seconds} s)`);
  if (count.failed === 0) console.log(`${name}: ${words} (${seconds} s)`);
}

function node(args, { capture, settings = {} }) {
  const started = Date.now();
  return new Promise((resolve) => {
    // What people read of Jest is on stderr.
    const child = spawn(process.execPath, args, {
      env: { ...environment, ...settings },
      stdio: ['ignore', capture ? 'pipe' : 'ignore', capture ? 'pipe' : 1],
    });
    let output = '';
    child.stdout?.on('data', (part) => (output += part));
    child.stderr?.on('data', (part) => (output += part));
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output, seconds: Math.round((Date.now() - started) / 1000) }),
    );
  });
}

async function twoAtATime(list, work) {
  const waiting = [...list];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(next);
  };
  await Promise.all([lane(), lane()]);
}

/** Browsers and compilers write where these point: inside the project, so that a run leaves nothing elsewhere. */
function temporaryFiles() {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  const inside = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache') };
  // Chromium makes a socket in the temporary folder, and a socket's path has at most 107 characters.
  return scratch.length <= 60 ? { ...inside, TMPDIR: scratch } : inside;
}

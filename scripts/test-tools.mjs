import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say, stop } from './prepare.mjs';

const tools = [
  { program: 'redis-server', debian: 'redis-server', why: 'a real Redis' },
  { program: 'chromium', debian: 'chromium', why: 'a browser for the pages' },
  { program: 'pdftotext', debian: 'poppler-utils', why: 'reading the PDF letters' },
];

/** The tests use real servers and a real browser: from Debian's packages where they are missing and we may install. */
export function needTestTools() {
  const missing = tools.filter((tool) => !isFound(tool.program));
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tool.debian);
  if (process.getuid?.() === 0 && isFound('apt-get')) {
    say(`Installing ${packages.join(', ')} from Debian's packages`);
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  }
  const still = missing.filter((tool) => !isFound(tool.program));
  if (still.length === 0) return;
  stop(
    [
      'The tests need:',
      ...still.map((tool) => `  ${tool.program}: ${tool.why}`),
      `Install them with: sudo apt-get install ${still.map((tool) => tool.debian).join(' ')}`,
    ].join('\n'),
  );
}

function apt(...args) {
  // Debian starts a service for redis-server unless told not to; the tests start their own.
  spawnSync('apt-get', args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
}

function isFound(program) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
  return folders.some((folder) => folder && existsSync(join(folder, program)));
}

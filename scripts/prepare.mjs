// What every command needs after a clone with only Node and npm: the packages and the built code. Says what it does on
// stderr, because the output of some commands is data.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = [20, 19];

// The compiler unpacks itself into the home folder unless told where: what we make stays inside the project.
process.env['SWC_NATIVE_BINDING_CACHE'] ??= join(root, 'node_modules', '.cache', 'swc');

export function prepare() {
  checkNode();
  install();
  build();
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  stop(`This project needs Node ${oldestNode.join('.')} or newer; this is ${process.version}. See https://nodejs.org.`);
}

export function install() {
  const stamp = join(root, 'node_modules', '.installed-from');
  const wanted = hashOf([join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const present = existsSync(join(root, 'node_modules', '.package-lock.json'));
  say(present ? 'The list of packages has changed: installing' : 'Installing packages (about a minute, once)');
  // `npm ci` throws away what is there, which may be in use: only for the first time.
  const done = (!present && npm('ci')) || npm('install');
  if (!done) stop('npm could not install the packages. Is the npm registry reachable?');
  writeFileSync(stamp, hashOf([join(root, 'package-lock.json')]));
}

export function build() {
  const stamp = join(root, 'dist', '.built-from');
  const wanted = fingerprintOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Building');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', 'casework']);
  if (!built) stop('The build failed: see above.');
  writeFileSync(stamp, wanted);
}

export function say(words) {
  process.stderr.write(`${words}\n`);
}

export function stop(words) {
  say(words);
  process.exit(1);
}

function npm(command) {
  const args = [command, '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
  // npm tells its scripts where it is; `npm` on the path may be another one, or none.
  const own = process.env['npm_execpath'];
  return own ? run(process.execPath, [own, ...args]) : run('npm', args);
}

/** What a tool prints goes to stderr: our stdout belongs to the command that follows. */
function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(existsSync(file) ? readFileSync(file) : 'missing');
  return hash.digest('hex');
}

function fingerprintOfSources() {
  const hash = createHash('sha256');
  hash.update(
    hashOf(['nest-cli.json', 'tsconfig.json', '.swcrc', 'package-lock.json'].map((file) => join(root, file))),
  );
  for (const folder of ['apps', 'libs', 'workflows', 'test'].filter((one) => existsSync(join(root, one)))) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(ts|json)$/.test(file) || /\.(spec|journey)\.ts$/.test(file)) continue;
      const { mtimeMs, size } = statSync(join(root, folder, file));
      hash.update(`${folder}/${file} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex');
}

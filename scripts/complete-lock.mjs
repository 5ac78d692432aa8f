// Run after a change of dependencies: `node scripts/complete-lock.mjs`, then try `npm ci`.
//
// A package index that lacks some other-platform packages leaves them out of the lock, and `npm ci` then refuses the
// lock as incomplete. An entry that says which platform each is for is all that npm needs to pass over them.
import { readFileSync, writeFileSync } from 'node:fs';

const lockFile = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
const systems = ['darwin', 'win32', 'linux', 'android', 'freebsd', 'openharmony'];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64'];

let added = 0;
for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    if (Object.keys(lock.packages).some((known) => known === place || known.endsWith(`/${place}`))) continue;
    const words = name.split('-');
    const os = systems.filter((one) => words.includes(one));
    const cpu = processors.filter((one) => words.includes(one));
    if (os.length === 0 || cpu.length === 0) throw new Error(`For which platform is ${name}? Its name does not say.`);
    lock.packages[place] = { version, optional: true, os, cpu };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} entries added to package-lock.json`);

import { AddressKeys } from '@send/case-file';
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The keys of addresses not to be shared: `<id>:<32 bytes in base64>`, newest first, with commas between. Without the
 * setting, a laptop makes one of its own beside its database; in production that is refused.
 */
export function addressKeysFrom(setting: string | undefined, file: string, production: boolean): AddressKeys {
  if (setting === undefined && production) throw new Error('PROTECTED_ADDRESS_KEY is not set. Addresses not to be shared cannot be kept without it.');
  const text = setting ?? keptIn(file);
  const keys = text.split(',').map((one) => {
    const at = one.indexOf(':');
    return [one.slice(0, at).trim(), one.slice(at + 1).trim()] as const;
  });
  const current = keys[0]?.[0];
  if (current === undefined || current === '') throw new Error('PROTECTED_ADDRESS_KEY must be <id>:<32 bytes in base64>.');
  return new AddressKeys(current, Object.fromEntries(keys));
}

/** Made once, whichever process is first. */
function keptIn(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, `local:${randomBytes(32).toString('base64')}`, { mode: 0o600 });
    try {
      linkSync(own, file);
    } catch (failure) {
      if (!(failure instanceof Error && 'code' in failure && failure.code === 'EEXIST')) throw failure;
    } finally {
      rmSync(own, { force: true });
    }
  }
  return readFileSync(file, 'utf8').trim();
}

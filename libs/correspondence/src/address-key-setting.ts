import { AddressKeys } from '@send/case-file';
import { createHash } from 'node:crypto';

/**
 * The keys of addresses not to be shared, from the setting `ADDRESS_KEYS`: `name=<32 bytes in base64>`, the current one
 * first, more of them behind commas. Every process that reads such an address needs the same.
 */
export function addressKeysFrom(setting: string | undefined, production: boolean): AddressKeys {
  if (setting === undefined || setting === '') {
    if (production) throw new Error('Set ADDRESS_KEYS: protected addresses cannot be kept without a key.');
    // Invented people need no secret, and every process of a demonstration must find the same key.
    return new AddressKeys('demonstration', {
      demonstration: createHash('sha256').update('addresses of invented people').digest('base64'),
    });
  }
  const pairs = setting.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  return new AddressKeys(pairs[0]?.[0] ?? '', Object.fromEntries(pairs));
}

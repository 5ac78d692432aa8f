import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export interface PostalAddress {
  readonly lines: readonly string[];
  readonly postcode: string;
}

/** Letters and figures alone, so that no spacing, case or comma hides a match. */
const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

/**
 * Whether these words give one of the addresses away: its postcode, or the street of its first line, with its number or
 * without. An address in other words (a shortened street, a landmark) is not found: people must still read.
 */
export function givesAway(words: string, addresses: readonly (PostalAddress | undefined)[]): boolean {
  const said = bare(words);
  return addresses.some((address) => {
    if (address === undefined) return false;
    const parts = (address.lines[0] ?? '').split(',').map(bare);
    const streets = parts.map((part) => part.replace(/^(FLAT|UNIT|APARTMENT)?[0-9]+[A-Z]?(?=[A-Z]{5})/, ''));
    // Whatever is shorter stands in many words: "7" is no address.
    const telling = [...parts, ...streets].filter((part) => part.length >= 5);
    return [bare(address.postcode), ...telling].some((part) => part !== '' && said.includes(part));
  });
}

const nonceLength = 12;
const tagLength = 16;

/**
 * The keys of protected addresses, from the settings of the process; the database never holds one. New addresses use the
 * current key; an older one is kept as long as rows name it.
 */
export class AddressKeys {
  private readonly keys = new Map<string, Buffer>();

  /** Each key is 32 bytes in base64. */
  constructor(
    private readonly current: string,
    keys: Readonly<Record<string, string>>,
  ) {
    for (const [id, text] of Object.entries(keys)) {
      const key = Buffer.from(text, 'base64');
      if (key.length !== 32) throw new Error(`The address key ${id} must be 32 bytes in base64.`);
      if (new Set(key).size < 8) throw new Error(`The address key ${id} is no key: make one at random.`);
      this.keys.set(id, key);
    }
    if (!this.keys.has(current)) throw new Error(`The current address key ${current} is not among the keys.`);
  }

  /** `bound` ties the text to its row: moved to another person, it does not open. */
  seal(address: PostalAddress, bound: string): { ciphertext: Buffer; keyId: string } {
    return this.sealBytes(Buffer.from(JSON.stringify(address), 'utf8'), bound);
  }

  open(ciphertext: Buffer, keyId: string, bound: string): PostalAddress {
    return JSON.parse(this.openBytes(ciphertext, keyId, bound).toString('utf8')) as PostalAddress;
  }

  /** For a file that carries such an address. */
  sealBytes(plain: Buffer, bound: string): { ciphertext: Buffer; keyId: string } {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.current), nonce).setAAD(Buffer.from(bound));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { ciphertext: Buffer.concat([nonce, sealed, cipher.getAuthTag()]), keyId: this.current };
  }

  openBytes(ciphertext: Buffer, keyId: string, bound: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.key(keyId), ciphertext.subarray(0, nonceLength), {
      authTagLength: tagLength,
    });
    decipher.setAAD(Buffer.from(bound)).setAuthTag(ciphertext.subarray(-tagLength));
    return Buffer.concat([decipher.update(ciphertext.subarray(nonceLength, -tagLength)), decipher.final()]);
  }

  /**
   * A mark of the place, to compare with and never to read back. Of the postcode alone, as one house is written in many
   * ways.
   */
  mark(authority: string, address: Pick<PostalAddress, 'postcode'>): Buffer {
    return this.markUnder(this.current, authority, address);
  }

  /** The marks that the same place may have: one for each key that rows can have been written under. */
  marks(authority: string, address: Pick<PostalAddress, 'postcode'>): Buffer[] {
    return [...this.keys.keys()].map((id) => this.markUnder(id, authority, address));
  }

  private markUnder(id: string, authority: string, { postcode }: Pick<PostalAddress, 'postcode'>): Buffer {
    const key = Buffer.from(hkdfSync('sha256', this.key(id), Buffer.alloc(0), 'mark of a place', 32));
    const place = postcode.toUpperCase().replace(/[^A-Z0-9]/g, '');
    return createHmac('sha256', key).update(`${authority}/${place}`).digest();
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new Error(`The address key ${id} is not among the settings.`);
    return key;
  }
}

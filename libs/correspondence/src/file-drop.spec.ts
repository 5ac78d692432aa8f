import { jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How much of what it is given the disk takes; a full one takes less, and need not say so. */
let taken = 1;
const part = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length * taken));
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  writeSync: (handle: number, bytes: Buffer) => fs.writeSync(handle, part(bytes)),
  writeFileSync: (handle: number, bytes: Buffer) => fs.writeFileSync(handle, part(bytes)),
}));
const { FileDrop } = await import('./file-drop');

const folder = fs.mkdtempSync(join(tmpdir(), 'drop-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const pdf = Buffer.from('%PDF- a letter of some length');
const manifest = {
  reference: 'LEV-1-1',
  sha256: createHash('sha256').update(pdf).digest('hex'),
  channel: 'post',
  date: '2027-05-04',
  pages: 1,
};

describe('the file drop', () => {
  it('hands over no letter of which the disk took a part, and the whole one when there is room again', () => {
    const drop = new FileDrop(folder);
    taken = 0.5;
    expect(() => drop.put('levelshire', manifest, pdf)).toThrow('LEV-1-1.pdf');
    expect(drop.find('levelshire', manifest.reference)).toBeUndefined();
    expect(fs.readdirSync(join(folder, 'levelshire', manifest.date))).not.toContain('LEV-1-1.pdf');
    taken = 1;
    expect(drop.put('levelshire', manifest, pdf)).toEqual(manifest);
    expect(fs.readFileSync(join(folder, 'levelshire', manifest.date, 'LEV-1-1.pdf')).equals(pdf)).toBe(true);
  });

  it('hands over nothing that is not what its manifest says', () => {
    const other = { ...manifest, reference: 'LEV-1-2' };
    expect(() => new FileDrop(folder).put('levelshire', other, Buffer.from('%PDF- another'))).toThrow('LEV-1-2.pdf');
    expect(fs.readdirSync(join(folder, 'levelshire', manifest.date))).not.toContain('LEV-1-2.pdf');
  });
});

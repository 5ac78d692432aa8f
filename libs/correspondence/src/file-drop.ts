import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Day } from '@send/statute';

/** What lies beside each file: enough to post it and to know it again, and nothing about a person. */
export interface Manifest {
  readonly reference: string;
  readonly sha256: string;
  readonly channel: string;
  /** The day it was put there, which counts as the day it was sent. */
  readonly date: Day;
  readonly pages: number;
}

/**
 * Hands letters over as files, for the council's print room: `<folder>/<authority>/<date>/<reference>.pdf`, with its
 * manifest as `.json`. The manifest is written last and makes the hand-over: a file without one has not been handed over.
 * The print room reads and leaves the files; the council clears old days away.
 */
export class FileDrop {
  constructor(private readonly folder: string) {}

  /** The hand-over of this reference, on whatever day it was; undefined where there was none. */
  find(authority: string, reference: string): Manifest | undefined {
    for (const day of this.days(authority)) {
      const file = join(this.folder, authority, day, `${reference}.json`);
      if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    }
    return undefined;
  }

  /** Puts the letter there once. What was there before stays as it is, and is the answer. */
  put(authority: string, manifest: Manifest, pdf: Buffer): Manifest {
    const before = this.find(authority, manifest.reference);
    if (before !== undefined) return before;
    const folder = join(this.folder, authority, manifest.date);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.clearUnfinished(authority, manifest);
    const name = join(folder, manifest.reference);
    written(`${name}.pdf.part`, pdf, manifest.sha256);
    renameSync(`${name}.pdf.part`, `${name}.pdf`);
    const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    written(`${name}.json.part`, text, sha256(text));
    try {
      // A link never replaces what is there: of two workers in the same moment one makes the hand-over.
      linkSync(`${name}.json.part`, `${name}.json`);
    } catch (failure) {
      if (!(failure instanceof Error && 'code' in failure && failure.code === 'EEXIST')) throw failure;
    }
    rmSync(`${name}.json.part`, { force: true });
    return this.find(authority, manifest.reference) ?? manifest;
  }

  /** A file that a crash left on an earlier day without its manifest was not handed over, and must not look so. */
  private clearUnfinished(authority: string, { reference, date }: Manifest): void {
    for (const day of this.days(authority)) {
      if (day !== date)
        for (const end of ['.pdf', '.pdf.part', '.json.part'])
          rmSync(join(this.folder, authority, day, `${reference}${end}`), { force: true });
    }
  }

  private days(authority: string): string[] {
    const folder = join(this.folder, authority);
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
          .sort()
          .reverse()
      : [];
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** On the disk, whole, before it has its name: a disk that is full may take a part of a file and say nothing. */
function written(file: string, bytes: Buffer, expected: string): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    writeFileSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (sha256(readFileSync(file)) !== expected) throw new Error(`${basename(file)} is not what was to be written`);
}

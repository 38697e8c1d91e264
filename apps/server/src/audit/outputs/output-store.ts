import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzip, gzipSync } from 'node:zlib';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Kept of one job; more than anybody reads, little enough that a program without end fills no disk. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Of what a look at one output unpacks: a file that was exchanged for a bomb does no harm. */
const MAX_UNPACKED_BYTES = MAX_OUTPUT_BYTES + 64 * 1024;

/** Left to the log itself, and to all else on that disk: with less, commands go on and what they write is not kept. */
export const LEAST_FREE_BYTES = 256 * 1024 * 1024;
/** A file takes whole blocks, also a small one. */
const BLOCK_BYTES = 4096;

const HASH = /^[0-9a-f]{64}$/;

/** One file. */
interface KeptFile {
  readonly hash: string;
  readonly diskBytes: number;
  /** When it was kept, or kept again. */
  readonly keptAtMs: number;
}

/** What programs wrote, by the SHA-256 of it: packed files of their own beside the log. */
export interface OutputStore {
  /** Throws `audit.unwritable`. */
  keep(bytes: Uint8Array): string;
  /** The bytes as they were kept; null where there are none. Throws where the file cannot be unpacked. */
  read(hash: string): Promise<Uint8Array | null>;
  /** Where a piece by piece written one is made before it has a name. */
  readonly scratch: (name: string) => string;
  /** Gives a written file its name. */
  adopt(file: string, hash: string): void;
  /** Throws where the disk has so little left that nothing is kept. */
  checkRoom(): void;
  /** What it takes on the disk; null where it is not kept. */
  sizeOf(hash: string): number | null;
  /** All of them, in no order; those that come or go meanwhile may be missed. */
  files(): AsyncGenerator<KeptFile>;
  remove(hash: string): void;
  /** Called with each that is new, or is removed, and by how much all of them take more (or less) on the disk then. */
  onChange(listener: (hash: string, diskBytes: number) => void): void;
}

/** Made at the first use; what a server that was killed left half written is removed then. */
export function createOutputStore(directory: string): OutputStore {
  let isMade = false;
  let told: (hash: string, diskBytes: number) => void = () => {};
  const make = () => {
    if (isMade) return;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory))
      if (name.startsWith(SCRATCH)) rmSync(join(directory, name), { force: true });
    isMade = true;
  };
  const fileOf = (hash: string) => {
    if (!HASH.test(hash)) throw new FarhandError('audit.not_found');
    return join(directory, hash);
  };
  const sizeOf = (hash: string) => {
    const found = statSync(fileOf(hash), { throwIfNoEntry: false });
    return found ? diskBytes(found.size) : null;
  };
  const adopt = (file: string, hash: string) => {
    const isThere = existsSync(fileOf(hash));
    // What two programs wrote alike is kept once.
    if (isThere) rmSync(file, { force: true });
    else renameSync(file, fileOf(hash));
    if (isThere) touch(fileOf(hash));
    else told(hash, diskBytes(statSync(fileOf(hash)).size));
  };
  const checkRoom = () => {
    const { bavail, bsize } = statfsSync(directory);
    if (bavail * bsize < LEAST_FREE_BYTES) throw new Error('the disk of the audit log is nearly full');
  };
  const scratch = (name: string) => {
    make();
    return join(directory, `${SCRATCH}${name}`);
  };
  return {
    keep(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      try {
        if (existsSync(fileOf(hash))) touch(fileOf(hash));
        else {
          const file = scratch(hash);
          checkRoom();
          writeDurably(file, gzipSync(bytes));
          adopt(file, hash);
        }
      } catch (cause) {
        throw new FarhandError('audit.unwritable', { cause });
      }
      return hash;
    },
    async read(hash) {
      const packed = await readFile(fileOf(hash)).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return null;
        throw thrown;
      });
      return packed && unpacked(packed);
    },
    scratch,
    adopt,
    checkRoom,
    sizeOf,
    async *files() {
      if (!existsSync(directory)) return;
      for await (const { name } of await opendir(directory)) {
        if (!HASH.test(name)) continue;
        const found = await stat(join(directory, name)).catch(() => null);
        if (found) yield { hash: name, diskBytes: diskBytes(found.size), keptAtMs: found.mtimeMs };
      }
    },
    remove(hash) {
      const size = sizeOf(hash);
      rmSync(fileOf(hash), { force: true });
      if (size !== null) told(hash, -size);
    },
    onChange: (listener) => void (told = listener),
  };
}

const diskBytes = (size: number) => Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;

// Kept again now: whoever looks for what no event has knows by that that one may be about to be written.
function touch(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

const SCRATCH = '.part-';

function writeDurably(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unpacked(packed: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(packed, { maxOutputLength: MAX_UNPACKED_BYTES }, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });
}

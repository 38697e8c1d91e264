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
  writeSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzip, gzipSync } from 'node:zlib';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Kept of one job; more than anybody reads, little enough that a program without end fills no disk. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Of what a look at one output unpacks: a file that was exchanged for a bomb does no harm. */
const MAX_UNPACKED_BYTES = MAX_OUTPUT_BYTES + 64 * 1024;

const HASH = /^[0-9a-f]{64}$/;

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
  hashes(): string[];
  remove(hash: string): void;
}

/** Made at the first use; what a server that was killed left half written is removed then. */
export function createOutputStore(directory: string): OutputStore {
  let isMade = false;
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
  const adopt = (file: string, hash: string) => {
    // What two programs wrote alike is kept once.
    if (existsSync(fileOf(hash))) rmSync(file, { force: true });
    else renameSync(file, fileOf(hash));
  };
  const scratch = (name: string) => {
    make();
    return join(directory, `${SCRATCH}${name}`);
  };
  return {
    keep(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      try {
        if (!existsSync(fileOf(hash))) {
          const file = scratch(hash);
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
    hashes: () => (existsSync(directory) ? readdirSync(directory).filter((name) => HASH.test(name)) : []),
    remove: (hash) => rmSync(fileOf(hash), { force: true }),
  };
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

import { closeSync, constants, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Mark } from '../signature.ts';

const signedMark = z.object({ seq: z.number().int(), hash: z.string(), signature: z.string() });

/** Where the log ended, kept apart from it: what is removed from its end is missed by this. */
export interface SignedMark extends Mark {
  readonly signature: string;
}

/** Null where the file is not there, or is not one. */
export function readWitness(file: string): SignedMark | null {
  try {
    return signedMark.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export interface Witness {
  /** Not waited for on the disk: after a power cut it may be of a moment before, never of one after. */
  write(mark: SignedMark): void;
  close(): void;
}

// Every text has one length, so that the newer one covers the older one whole.
const SEQ_CHARS = 16;

/** Opens the file, and makes it (mode 0600) where there is none. */
export function openWitness(file: string): Witness {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
  return {
    write({ seq, hash, signature }) {
      const text = `{"seq":${String(seq).padStart(SEQ_CHARS)},"hash":"${hash}","signature":"${signature}"}\n`;
      writeSync(descriptor, text, 0);
    },
    close: () => closeSync(descriptor),
  };
}

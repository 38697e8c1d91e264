import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Redactor } from '../../secrets/redactor.ts';
import { MAX_OUTPUT_BYTES, type OutputStore } from './output-store.ts';

const packed = promisify(gzip);

/** What was kept of what one program wrote. */
export interface KeptOutput {
  /** Null where it wrote nothing, or where it could not be kept. */
  readonly hash: string | null;
  readonly keptBytes: number;
  /** More came than is kept. */
  readonly isCut: boolean;
  /** Why nothing is kept of what was written; null where that is not so. */
  readonly problem: string | null;
}

/** Takes what one program writes, secrets covered, as it comes; a mebibyte of it is in memory at most. */
export interface OutputWriter {
  push(stream: 'out' | 'err', bytes: Uint8Array): void;
  end(): Promise<KeptOutput>;
  /** Forgets what was taken. */
  discard(): Promise<void>;
}

const PIECE_BYTES = 256 * 1024;
const SMALL_BYTES = 32 * 1024;

/** `redactor` is asked with each piece: a secret that is new is covered from then on. */
export function createOutputWriter(store: OutputStore, redactor: () => Redactor): OutputWriter {
  let known = redactor();
  let streams = { out: known.bytes(), err: known.bytes() };
  const digest = createHash('sha256');
  let pieces: Uint8Array[] = [];
  let pieceBytes = 0;
  let keptBytes = 0;
  let isCut = false;
  let file: { readonly path: string; readonly handle: FileHandle } | undefined;
  let problem: string | null = null;
  let writing: Promise<void> = Promise.resolve();

  const write = async (bytes: Uint8Array) => {
    if (problem !== null) return;
    try {
      if (!file) {
        const path = store.scratch(randomUUID());
        file = { path, handle: await open(path, 'wx', 0o600) };
      }
      store.checkRoom();
      // Packed pieces one after the other are one packed file.
      await file.handle.writeFile(await packed(bytes));
    } catch (thrown) {
      problem = thrown instanceof Error ? thrown.message : String(thrown);
    }
  };
  const flush = () => {
    if (pieceBytes === 0) return;
    const whole = Buffer.concat(pieces);
    pieces = [];
    pieceBytes = 0;
    writing = writing.then(() => write(whole));
  };
  const keep = (bytes: Uint8Array) => {
    const room = MAX_OUTPUT_BYTES - keptBytes;
    if (bytes.byteLength > room) isCut = true;
    if (room === 0 || bytes.byteLength === 0) return;
    // Copied, because a piece may share memory with what its giver uses again.
    const kept = Uint8Array.from(bytes.subarray(0, room));
    digest.update(kept);
    keptBytes += kept.byteLength;
    pieceBytes += kept.byteLength;
    pieces.push(kept);
    if (pieceBytes >= PIECE_BYTES) flush();
  };
  // What cannot be covered is not kept; whoever watches the job is not disturbed by that.
  const isCovered = () => {
    try {
      const newest = redactor();
      if (newest === known) return problem === null;
      keep(streams.out.end());
      keep(streams.err.end());
      known = newest;
      streams = { out: known.bytes(), err: known.bytes() };
      return problem === null;
    } catch (thrown) {
      problem ??= thrown instanceof Error ? thrown.message : String(thrown);
      return false;
    }
  };
  // Most commands write little: one write, without the ways of a long one.
  const isSmall = () =>
    problem === null && keptBytes > 0 && keptBytes === pieceBytes && keptBytes <= SMALL_BYTES;
  const drop = async () => {
    await file?.handle.close().catch(() => {});
    if (file) await rm(file.path, { force: true }).catch(() => {});
  };
  return {
    push(stream, bytes) {
      if (!isCovered()) return;
      if (keptBytes < MAX_OUTPUT_BYTES) keep(streams[stream].push(bytes));
      else if (bytes.byteLength > 0) isCut = true;
    },
    async end() {
      keep(streams.out.end());
      keep(streams.err.end());
      if (isSmall()) return keepAtOnce(store, { bytes: Buffer.concat(pieces), isCut });
      flush();
      await writing;
      if (keptBytes === 0) return { hash: null, keptBytes, isCut, problem };
      const hash = digest.digest('hex');
      try {
        if (problem !== null || !file) throw new Error(problem ?? 'nothing was written');
        await file.handle.sync();
        await file.handle.close();
        store.adopt(file.path, hash);
        return { hash, keptBytes, isCut, problem: null };
      } catch (thrown) {
        await drop();
        return { hash: null, keptBytes: 0, isCut, problem: String((thrown as Error).message) };
      }
    },
    async discard() {
      await writing;
      await drop();
    },
  };
}

function keepAtOnce(
  store: OutputStore,
  { bytes, isCut }: { readonly bytes: Uint8Array; readonly isCut: boolean },
): KeptOutput {
  try {
    return { hash: store.keep(bytes), keptBytes: bytes.byteLength, isCut, problem: null };
  } catch (thrown) {
    const { cause } = thrown as Error;
    return {
      hash: null,
      keptBytes: 0,
      isCut,
      problem: cause instanceof Error ? cause.message : String(thrown),
    };
  }
}

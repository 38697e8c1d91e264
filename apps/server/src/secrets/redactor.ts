import type { Environment } from '@farhand/shared/runtime/port';
import { type CoveredValue, coveredWords } from './covered-words.ts';
import { createMasking, type Mask, type MaskStream } from './masking.ts';

/** Puts `[secret NAME]` in the place of a secret's value. Values shorter than 4 bytes are left alone. */
export interface Redactor {
  text(text: string): string;
  /** For text that comes in pieces: a value is found across their borders. */
  stream(): MaskStream;
  /** The same for the value's UTF-8 in bytes of any kind. */
  bytes(): { push(chunk: Uint8Array): Uint8Array; end(): Uint8Array };
}

/** A redactor for these variables: as `createRedactorOf`. */
export function createRedactor(values: Environment): Redactor {
  return createRedactorOf(
    Object.entries(values).map(([name, value]) => ({ name, bytes: Buffer.from(value, 'utf8') })),
  );
}

/** A redactor for these values in all the forms of covered-words.ts. Compiled at its first use. */
export function createRedactorOf(values: readonly CoveredValue[]): Redactor {
  if (values.length === 0) return { ...NOTHING_SECRET };
  let words: Mask[] | undefined;
  let texts: (() => MaskStream) | undefined;
  let binary: (() => MaskStream) | undefined;
  const masks = () => (words ??= values.flatMap(masksOf));
  const stream = () => (texts ??= createMasking(masks().flatMap(inText)))();
  return {
    text(text) {
      const whole = stream();
      return whole.push(text) + whole.end();
    },
    stream,
    bytes: () => bytesThrough((binary ??= createMasking(masks()))()),
  };
}

const NOTHING_SECRET: Redactor = {
  text: (text) => text,
  stream: () => ({ push: (chunk) => chunk, end: () => '', rest: () => '' }),
  bytes: () => ({ push: (chunk) => chunk, end: () => new Uint8Array() }),
};

// One letter a byte: the masking of text then works on bytes too.
function masksOf({ name, bytes }: CoveredValue): Mask[] {
  const label = Buffer.from(`[secret ${name}]`, 'utf8').toString('latin1');
  const { plain, encoded } = coveredWords(bytes);
  return [
    ...plain.map((text) => ({ text, label, isEncoded: false })),
    ...encoded.map((text) => ({ text, label, isEncoded: true })),
  ];
}

// A value that is no text shows in text only by its encoded forms.
function inText(mask: Mask): Mask[] {
  const bytes = Buffer.from(mask.text, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? [{ ...mask, text }] : [];
}

function bytesThrough(stream: MaskStream): ReturnType<Redactor['bytes']> {
  const inBytes = (text: string) => Buffer.from(text, 'latin1');
  return {
    push: (chunk) =>
      inBytes(stream.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'))),
    end: () => inBytes(stream.end()),
  };
}

import type { Environment } from '@farhand/shared/runtime/port';
import { createMasking, type Mask, type MaskStream } from './masking.ts';

/** Puts `[secret NAME]` in the place of a secret's value. Values shorter than 4 characters are left alone. */
export interface Redactor {
  text(text: string): string;
  /** For text that comes in pieces: a value is found across their borders. */
  stream(): MaskStream;
  /** The same for the value's UTF-8 in bytes of any kind. */
  bytes(): { push(chunk: Uint8Array): Uint8Array; end(): Uint8Array };
}

const MIN_VALUE_LENGTH = 4;
// A line of a key or certificate gives something away by itself; a lone brace of a JSON file does not.
const MIN_LINE_LENGTH = 8;

/** A redactor for these variables. The lines of a value with several lines are also covered one by one. */
export function createRedactor(values: Environment): Redactor {
  const masks = Object.entries(values).flatMap(([name, value]) => masksOf(name, value));
  if (masks.length === 0) return NOTHING_SECRET;
  let texts: (() => MaskStream) | undefined;
  let binary: (() => MaskStream) | undefined;
  const stream = () => (texts ??= createMasking(masks))();
  return {
    text(text) {
      const whole = stream();
      return whole.push(text) + whole.end();
    },
    stream,
    bytes: () => bytesThrough((binary ??= createMasking(masks.map(inBytes)))()),
  };
}

const NOTHING_SECRET: Redactor = {
  text: (text) => text,
  stream: () => ({ push: (chunk) => chunk, end: () => '', rest: () => '' }),
  bytes: () => ({ push: (chunk) => chunk, end: () => new Uint8Array() }),
};

function masksOf(name: string, value: string): Mask[] {
  const label = `[secret ${name}]`;
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const whole = [value, value.trim(), value.trim().replaceAll(/\r?\n/g, '\r\n')];
  const long = [
    ...whole.filter((text) => text.length >= MIN_VALUE_LENGTH),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE_LENGTH) : []),
  ];
  return [...new Set(long)].map((text) => ({ text, label }));
}

// One letter a byte: the masking of text then works on bytes too.
const inBytes = ({ text, label }: Mask): Mask => ({
  text: Buffer.from(text, 'utf8').toString('latin1'),
  label: Buffer.from(label, 'utf8').toString('latin1'),
});

function bytesThrough(stream: MaskStream): ReturnType<Redactor['bytes']> {
  return {
    push: (chunk) => {
      const { buffer, byteOffset, byteLength } = chunk;
      return Buffer.from(
        stream.push(Buffer.from(buffer, byteOffset, byteLength).toString('latin1')),
        'latin1',
      );
    },
    end: () => Buffer.from(stream.end(), 'latin1'),
  };
}

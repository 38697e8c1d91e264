import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

let piped: AsyncIterator<string> | undefined;

/**
 * One line typed at the terminal, or the next line of what stdin is instead; null at its end and for Ctrl+C. The prompt
 * goes to stderr. A secret is not shown while it is typed.
 */
export async function ask(prompt: string, isSecret: boolean): Promise<string | null> {
  process.stderr.write(prompt);
  if (process.stdin.isTTY) return typed(isSecret);
  // One reader for all lines: each would take more from the pipe than its own line.
  piped ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const next = await piped.next();
  process.stderr.write('\n');
  return next.done === true ? null : next.value;
}

/** All of stdin. Throws `request.too_large` above `maxBytes`. */
export async function readInput(maxBytes: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    size += piece.byteLength;
    if (size > maxBytes) throw new FarhandError('request.too_large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function typed(isSecret: boolean): Promise<string | null> {
  const { stdin, stderr } = process;
  // As a terminal's line editor it takes over the echo, which for a secret goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: isSecret ? nowhere : stderr, terminal: true });
  return new Promise((resolve) => {
    let line: string | null = null;
    lines.on('SIGINT', () => lines.close());
    lines.on('line', (text) => {
      line = text;
      lines.close();
    });
    lines.on('close', () => {
      if (isSecret || line === null) stderr.write('\n');
      resolve(line);
    });
  });
}

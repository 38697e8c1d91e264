import { describe, expect, it } from 'vitest';
import { withProgress } from './progress.ts';
import { createOutput } from './terminal.ts';

const LINE = 'runs on prod';

async function written(columns: number | undefined, { isTTY = true, isJson = false } = {}): Promise<string> {
  let text = '';
  const err = { isTTY, columns, write: (piece: string | Uint8Array) => (text += String(piece)) !== '' };
  const streams = { out: { write: () => true }, err };
  const context = { streams, isInteractive: true, output: createOutput(streams, isJson) };
  await withProgress(context, async (progress) => progress.say(LINE));
  return text;
}

describe('the line of progress', () => {
  it('is as long as the terminal is wide, and whole where that is not known', async () => {
    for (const columns of [80, 0, undefined]) expect(await written(columns)).toContain(LINE);
    expect(await written(8)).toContain(`${LINE.slice(0, 7)}\r`);
  });

  it('is not there in a pipe or for programs', async () => {
    expect(await written(80, { isTTY: false })).toBe('');
    expect(await written(80, { isJson: true })).toBe('');
  });
});

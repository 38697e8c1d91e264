import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEEPER } from './keeper-script.ts';

describe('the keeper', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-keeper-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('runs the program though whoever asked for it is gone before it says so', () => {
    const keeper = join(folder, 'keeper.sh');
    const job = join(folder, 'job');
    mkdirSync(job);
    writeFileSync(keeper, KEEPER);
    writeFileSync(join(job, 'run'), 'echo ran; kill -s PIPE $$; echo not reached');
    // "true" ends at once and takes the other end of the pipe with it.
    const line = '{ sleep 0.2; exec sh "$1" keep "$2" 022 0 1 0 0; } | true';
    execFileSync('sh', ['-c', line, 'sh', keeper, job]);
    expect(readFileSync(join(job, 'out.0'), 'utf8')).toBe('ran\n');
    // And the program has SIGPIPE as it was.
    expect(readFileSync(join(job, 'exit'), 'utf8')).toBe('signaled PIPE .\n');
  });
});

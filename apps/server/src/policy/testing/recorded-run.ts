import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BARE } from './bare-sandbox.ts';

/** The only programs that there are, besides those that stand for themselves: each writes down its words. */
export const STUBS = ['alpha', 'beta', 'gamma', 'timeout', 'env', 'nice'];

const STUB = String.raw`#!/bin/bash
printf '%s\0' "${'$'}{0##*/}" "$@" ${'$'}'\2' >> "$RECORD"
case ${'$'}{0##*/} in
  timeout) shift; exec "$@";;
  env|nice) exec "$@";;
esac
`;
const DRIVER = String.raw`
mkdir /run/w; cd /run/w
for ((at = 0; at < $1; at++)); do
  text=$(< /run/texts/$at)
  env -i PATH=/run/stubs RECORD=/run/started.$at /usr/bin/setsid -w /usr/bin/timeout 2 /bin/$2 -c "$text" </dev/null >/dev/null 2>&1
  rm -rf /run/w/*
done
# What was left in the background has its own file to write to.
for ((at = 0; at < $1; at++)); do cat /run/started.$at 2>/dev/null; printf '\1\0'; done
`;

/** For each text, the programs that a shell started for it, each with its words: in a sandbox where there are no others. */
export function startedBy(texts: readonly string[], shell: 'bash' | 'dash'): string[][][] {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-runs-'));
  try {
    for (const name of ['texts', 'stubs']) mkdirSync(join(folder, name));
    texts.forEach((text, index) => writeFileSync(join(folder, 'texts', String(index)), text));
    for (const name of STUBS) writeFileSync(join(folder, 'stubs', name), STUB, { mode: 0o755 });
    writeFileSync(join(folder, 'stubs', 'sh'), '#!/bin/bash\nexec /bin/bash "$@"\n', { mode: 0o755 });
    const own = ['texts', 'stubs'].flatMap((name) => ['--ro-bind', join(folder, name), `/run/${name}`]);
    const output = execFileSync(
      'bwrap',
      [...BARE, ...own, 'bash', '-c', DRIVER, 'x', String(texts.length), shell],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return output.split('\u0001\0').slice(0, texts.length).map(startedIn);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startedIn(text: string): string[][] {
  return text
    .split('\u0002\0')
    .filter((line) => line !== '')
    .map((line) => line.split('\0').slice(0, -1));
}

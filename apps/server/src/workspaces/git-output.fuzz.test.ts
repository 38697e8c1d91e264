import { changedFile } from '@farhand/shared/model/workspaces';
import { createRandom, mangled } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { fieldsOf, parseDiff, parseStatus, splitSections } from './git-output.ts';

const ROUNDS = 3000;
const MARKER = '0123456789abcdef';
const SAMPLE = [
  '3',
  '1 .M N... 100644 100644 100644 1f7a7a4 1f7a7a4 src/a b.ts\0? new.txt\0u UU N... 100644 100644 100644 100644 a b c both.ts\0',
  ':100644 100644 1f7a7a4 0000000 M\0src/a b.ts\0:100644 100644 1f7a7a4 0000000 R100\0old.ts\0new.ts\x001\t2\tsrc/a b.ts\x00-\t-\t\0old.ts\0new.ts\0',
  '',
].join(`\n${MARKER}\n`);

describe('what git on a hostile host prints', () => {
  it('gives files that the page can show, however it is mangled', () => {
    const random = createRandom(7);
    let files = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const output = mangled(Buffer.from(SAMPLE), random);
      for (const section of splitSections(output, MARKER, 1_000_000)) {
        const fields = fieldsOf(section);
        const status = parseStatus(fields);
        for (const path of [...status.untracked, ...status.conflicted, ...status.changed])
          expect(path.length).toBeLessThanOrEqual(output.byteLength);
        for (const file of parseDiff(fields)) {
          files++;
          expect(changedFile.safeParse(file).success, JSON.stringify(file)).toBe(true);
        }
      }
    }
    expect(files).toBeGreaterThan(ROUNDS / 2);
  });
});

import type { ChangedFile } from '@farhand/shared/model/workspaces';
import { describe, expect, it } from 'vitest';
import { changeMark, changeTotals, neighbour, splitPath } from './change-row.ts';
import { countPatch } from './count-patch.ts';
import { readPatch } from './patch.ts';

const file = (path: string, additions: number | null = 1, deletions: number | null = 2): ChangedFile => ({
  path,
  previousPath: null,
  status: 'modified',
  additions,
  deletions,
});
const PATCH = '--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n one\n-two\n+--- 2\n three\n';

describe('the list of changes', () => {
  it('names every status by a letter and a word', () => {
    expect(changeMark('untracked')).toMatchObject({ letter: 'U', tone: 'added' });
    expect(changeMark('conflicted').tone).toBe('conflict');
  });

  it('splits paths', () => {
    expect(splitPath('src/deep/a.ts')).toEqual({ name: 'a.ts', folder: 'src/deep/' });
    expect(splitPath('a.ts')).toEqual({ name: 'a.ts', folder: '' });
    expect(splitPath('vendor/sub/')).toEqual({ name: 'sub/', folder: 'vendor/' });
  });

  it('sums what git counts', () => {
    expect(changeTotals([file('a'), file('b.png', null, null), file('c', 3, 0)])).toEqual({
      additions: 4,
      deletions: 2,
    });
  });

  it('walks up and down and stops at the ends', () => {
    const files = [file('a'), file('b')];
    expect(neighbour(files, null, 1)).toBe('a');
    expect(neighbour(files, 'a', 1)).toBe('b');
    expect(neighbour(files, 'b', 1)).toBe('b');
    expect(neighbour(files, 'a', -1)).toBe('a');
    expect(neighbour([], 'a', 1)).toBeNull();
  });
});

describe('readPatch', () => {
  it('reads a diff with and without the header of git', () => {
    for (const patch of [PATCH, `diff --git a/a.ts b/a.ts\nindex 1..2 100644\n${PATCH}`]) {
      expect(readPatch(patch, 100)?.files[0]?.hunks[0]?.changes).toHaveLength(4);
    }
  });

  it('leaves out what is beyond the limit and says how much', () => {
    const read = readPatch(PATCH, 3);
    expect(read?.hiddenLines).toBe(1);
    expect(read?.files[0]?.hunks[0]?.changes).toHaveLength(3);
  });

  it('cuts lines that no one reads', () => {
    const read = readPatch(`@@ -0,0 +1 @@\n+${'x'.repeat(100_000)}\n`, 10);
    expect(read?.files[0]?.hunks[0]?.changes[0]?.content.length).toBeLessThan(2100);
  });

  it('gives no file for text that is no diff', () => {
    expect(readPatch('nonsense', 10)?.files ?? []).toEqual([]);
  });
});

describe('countPatch', () => {
  it('counts inside hunks only, also lines that look like headers', () => {
    expect(countPatch(PATCH)).toEqual({ additions: 1, deletions: 1 });
  });
});

/** Ranks paths for a few typed letters. */

const MAX_RESULTS = 50;

/** Paths that hold the query's characters in order, best first: in the file's name, in a row, at a word's beginning. */
export function rankPaths(paths: readonly string[], query: string, limit = MAX_RESULTS): string[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  if (wanted === '')
    return [...paths].toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, limit);
  const scored = paths.flatMap((path) => {
    const score = scoreOf(path, wanted);
    return score === null ? [] : [{ path, score }];
  });
  scored.sort((a, b) => b.score - a.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
  return scored.slice(0, limit).map(({ path }) => path);
}

const depth = (path: string) => path.split('/').length;

function scoreOf(path: string, wanted: string): number | null {
  const lower = path.toLowerCase();
  const nameAt = lower.lastIndexOf('/') + 1;
  const name = lower.slice(nameAt);
  if (name === wanted) return 1000;
  if (name.startsWith(wanted)) return 900 - name.length / 100;
  const inName = name.indexOf(wanted);
  if (inName >= 0) return 700 - inName;
  const inPath = lower.indexOf(wanted);
  if (inPath >= 0) return 500 - inPath / 10;
  return subsequenceScore(lower, wanted, nameAt);
}

function subsequenceScore(lower: string, wanted: string, nameAt: number): number | null {
  let score = 0;
  let from = 0;
  let previous = -2;
  for (const letter of wanted) {
    const at = lower.indexOf(letter, from);
    if (at < 0) return null;
    if (at === previous + 1) score += 5;
    if (at === 0 || /[/._ -]/.test(lower[at - 1] ?? '')) score += 4;
    if (at >= nameAt) score += 2;
    previous = at;
    from = at + 1;
  }
  return score;
}

/** Beyond this a comparison line by line takes too long. */
const MOST_LINES_COMPARED = 20_000;
/** Below this share of common letter pairs lines have nothing to do with each other. */
const ALIKE = 0.4;
const MOST_LINES_SHOWN = 12;

/** The lines of the content that look most like the wanted text, numbered, with the reason where it is plain. */
export function closestLines(content: string, wanted: string): string {
  const lines = content.split('\n').slice(0, MOST_LINES_COMPARED);
  const wantedLines = wanted.split('\n').map((line) => line.trim());
  const place = bestPlace(lines, wantedLines);
  if (place === null) return 'No line of the file looks like it: read the file again.';
  const count = Math.min(Math.max(wantedLines.length, 1), MOST_LINES_SHOWN);
  const shown = lines.slice(place, place + count);
  const isSpaceOnly = wantedLines.every((line, index) => lines[place + index]?.trim() === line);
  const reason = isSpaceOnly ? 'Only white space differs there. ' : '';
  const numbered = shown.map(
    (line, index) => `${String(place + index + 1).padStart(6)}\t${line.replace(/\r$/, '').slice(0, 300)}`,
  );
  return `${reason}The closest lines are:\n${numbered.join('\n')}`;
}

function bestPlace(lines: readonly string[], wanted: readonly string[]): number | null {
  const anchor = wanted.findIndex((line) => line !== '');
  const anchorPairs = pairs(wanted[anchor] ?? '');
  let best: { place: number; score: number } | null = null;
  for (const [index, line] of lines.entries()) {
    const alike = likeness(anchorPairs, pairs(line.trim()));
    if (alike < ALIKE) continue;
    const place = Math.max(0, index - anchor);
    const same = wanted.filter(
      (text, offset) => text !== '' && lines[place + offset]?.trim() === text,
    ).length;
    const score = alike + same;
    if (!best || score > best.score) best = { place, score };
  }
  return best?.place ?? null;
}

function pairs(line: string): ReadonlySet<string> {
  const short = line.slice(0, 200);
  return new Set(
    Array.from({ length: Math.max(0, short.length - 1) }, (_, index) => short.slice(index, index + 2)),
  );
}

// The Dice coefficient of the two sets.
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let common = 0;
  for (const pair of a) if (b.has(pair)) common += 1;
  return (2 * common) / (a.size + b.size);
}

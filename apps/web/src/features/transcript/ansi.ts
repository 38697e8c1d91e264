import Anser from 'anser';
import { limitMarks } from '../../client/marks.ts';

/** Text in one style; `classes` is empty for the default style and otherwise names rules of transcript.css. */
interface AnsiSegment {
  readonly text: string;
  readonly classes: string;
}

/** One line of output, without its line break. */
export type AnsiLine = readonly AnsiSegment[];

const ESC = '\u001b';
const BEL = '\u0007';
const STRINGS = new RegExp(`${ESC}[\\]PX^_][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\|$)`, 'g');
const NOT_COLOUR = new RegExp(`${ESC}\\[(?![0-9;:]*m)[0-?]*[ -/]*(?:[@-~]|$)`, 'g');
const SHORT = new RegExp(`${ESC}(?!\\[)[ -/]*[0-~]?`, 'g');
const COLOUR = new RegExp(`${ESC}\\[[0-9;:]*m`, 'g');
// C0 without tab, newline and escape, then DEL and C1.
const CONTROLS = new RegExp('[\\u0000-\\u0008\\u000b-\\u001a\\u001c-\\u001f\\u007f-\\u009f]', 'g');

/**
 * Output with only its colours left: cursor moves, titles, links, clipboard writes and other controls are dropped.
 * A line that a carriage return wrote again (a progress bar) is shown as it was last.
 */
export function keepColours(text: string): string {
  const lines = text
    .replace(STRINGS, '')
    .replace(NOT_COLOUR, '')
    .replace(SHORT, '')
    .replace(/\r+\n/g, '\n')
    .split('\n');
  return limitMarks(lines.map(lastWritten).join('\n').replace(CONTROLS, ''));
}

/** The same text with no escape at all, as it goes to the clipboard. */
export function plainText(text: string): string {
  return keepColours(text).replace(COLOUR, '');
}

function lastWritten(line: string): string {
  if (!line.includes('\r')) return line;
  const parts = line.split('\r');
  let last = parts.length - 1;
  while (last > 0 && parts[last]?.replace(COLOUR, '') === '') last -= 1;
  // Colours set in what was written over still hold.
  const colours = parts.slice(0, last).flatMap((part) => part.match(COLOUR) ?? []);
  return colours.join('') + parts.slice(last).join('');
}

/** Output as styled lines. A final line break adds no empty line. */
export function ansiLines(text: string): AnsiLine[] {
  const clean = keepColours(text).replace(/\n$/, '');
  if (clean === '') return [];
  const lines: AnsiSegment[][] = [[]];
  for (const part of Anser.ansiToJson(clean, { json: true, use_classes: true, remove_empty: true })) {
    const classes = classesOf(part);
    part.content.split('\n').forEach((piece, index) => {
      if (index > 0) lines.push([]);
      if (piece !== '') lines.at(-1)?.push({ text: piece, classes });
    });
  }
  return lines;
}

type Part = ReturnType<typeof Anser.ansiToJson>[number];

function classesOf(part: Part): string {
  const reverse = part.decorations.includes('reverse');
  const fg = colourName(part.fg, part.fg_truecolor);
  const bg = colourName(part.bg, part.bg_truecolor);
  const classes = part.decorations.filter((name) => name !== 'blink').map((name) => `ansi-${name}`);
  if (fg && !reverse) classes.push(`ansi-fg-${fg}`);
  if (bg && !reverse) classes.push(`ansi-bg-${bg}`);
  return classes.join(' ');
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** One of the 16 names that the theme draws with enough contrast, or null for the default colour. */
function colourName(name: string | null, trueColour: string | null): string | null {
  if (!name) return null;
  if (name === 'ansi-truecolor') return nearest((trueColour ?? '').split(',').map(Number));
  const index = /^ansi-palette-(\d+)$/.exec(name)?.[1];
  return index === undefined ? name.replace(/^ansi-/, '') : nearest(paletteColour(Number(index)));
}

// xterm's 256 colours: a cube of 6 × 6 × 6 from 16 on, then 24 greys.
function paletteColour(index: number): number[] {
  if (index >= 232) return Array<number>(3).fill(8 + (index - 232) * 10);
  const cube = index - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

// By which channels are strong: what matters is the hue, the theme gives the shade.
function nearest(rgb: readonly number[]): string {
  const [red = 0, green = 0, blue = 0] = rgb;
  const max = Math.max(red, green, blue);
  const min = Math.min(red, green, blue);
  if (max - min < 40)
    return max > 190 ? 'bright-white' : max > 110 ? 'white' : max > 50 ? 'bright-black' : 'black';
  const middle = (max + min) / 2;
  const bits = (red > middle ? 1 : 0) | (green > middle ? 2 : 0) | (blue > middle ? 4 : 0);
  return `${max > 200 ? 'bright-' : ''}${NAMES[bits] ?? 'white'}`;
}

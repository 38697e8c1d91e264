/**
 * The words by which a secret's value is found in what is printed: as it is, and in the forms that programs give it.
 *
 * `plain`: itself, trimmed, as a terminal prints it, its long lines, as JSON escapes it, quoted as shells, languages and
 * pages do, percent-encoded in the usual ways. `encoded`: in base64 at each of the three places that it can have between other bytes, and in hex. These are
 * looked for with line breaks passed over and with `-` and `_` read as `+` and `/`: see encoded-letters.ts.
 *
 * Base64 shares up to four bits of the value's first and last byte with what stands beside it: such a letter is left as
 * it is where the value is not alone.
 */
import { foldEncoded } from './encoded-letters.ts';

/** A value, and the name to show for it. */
export interface CoveredValue {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One letter a byte (latin1). */
export interface CoveredWords {
  readonly plain: readonly string[];
  readonly encoded: readonly string[];
}

/** Shorter values would cover half of what is printed. */
const MIN_VALUE_BYTES = 4;
/** A line of a key or certificate gives something away by itself; a lone brace of a JSON file does not. */
const MIN_LINE_BYTES = 8;
/** Shorter letters of base64 stand in other base64 and in names by chance. */
const MIN_BASE64_LETTERS = 8;
/** Eight digits are a number or a date as well. */
const MIN_HEX_BYTES = 8;
/** Above it only the lines of a value and of its base64 are looked for: a whole form takes 20 bytes a letter. */
const MAX_WHOLE_BYTES = 4096;
/** Base64 of more than some lines is also found line by line, as `base64` (76) and PEM (64) break it. */
const LINE_COLUMNS = [64, 76];
const MIN_BROKEN_LETTERS = 128;

/** What each byte becomes where these letters are left as they are; a space in a form is a plus sign. */
function escapes(unescaped: RegExp, isUpper: boolean, isForm = false): readonly string[] {
  return Array.from({ length: 256 }, (_, byte) => {
    const letter = String.fromCharCode(byte);
    if (byte < 0x80 && unescaped.test(letter)) return letter;
    const hex = byte.toString(16).padStart(2, '0');
    return isForm && letter === ' ' ? '+' : `%${isUpper ? hex.toUpperCase() : hex}`;
  });
}

const RFC_3986 = /[A-Za-z0-9._~-]/;
const FULL = [true, false].map((isUpper) => escapes(/[^\s\S]/, isUpper));
const MINIMAL = [true, false].flatMap((isUpper) => [
  escapes(RFC_3986, isUpper),
  escapes(RFC_3986, isUpper, true),
  // encodeURIComponent; encodeURI; in a path; application/x-www-form-urlencoded.
  escapes(/[A-Za-z0-9._~!'()*-]/, isUpper),
  escapes(/[A-Za-z0-9._~!'()*;/?:@&=+$,#-]/, isUpper),
  escapes(/[A-Za-z0-9._~/-]/, isUpper),
  escapes(/[A-Za-z0-9._*-]/, isUpper, true),
]);

/** All words of a value; none for a value that is too short. */
export function coveredWords(value: Uint8Array): CoveredWords {
  const bytes = Buffer.from(value);
  const isText = Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
  const plain = new Set<string>();
  const encoded = new Set<string>();
  const wholes = wholesOf(bytes, isText);
  const lines = isText ? linesOf(bytes.toString('utf8')) : [];
  for (const whole of wholes) {
    const isLong = whole.byteLength > MAX_WHOLE_BYTES;
    // A long value is encoded as it is, if at all.
    if (whole.byteLength < MIN_VALUE_BYTES || (isLong && !whole.equals(bytes))) continue;
    for (const word of base64Words(whole)) encoded.add(foldEncoded(word));
    if (isLong) continue;
    for (const word of plainForms(whole, isText, [...FULL, ...MINIMAL])) plain.add(word);
    if (whole.byteLength >= MIN_HEX_BYTES)
      for (const word of [whole.toString('hex'), whole.toString('hex').toUpperCase()]) encoded.add(word);
  }
  const ofLines = bytes.byteLength > MAX_WHOLE_BYTES ? MINIMAL : [...FULL, ...MINIMAL];
  for (const line of lines) for (const word of plainForms(line, true, ofLines)) plain.add(word);
  return { plain: [...plain], encoded: [...encoded] };
}

// A pty prints a line feed as CR LF; a value's own last line feed is cut off by most that print it.
function wholesOf(bytes: Buffer, isText: boolean): Buffer[] {
  if (!isText) return [bytes];
  const text = bytes.toString('utf8');
  const forms = new Set([text, text.trim(), text.trim().replaceAll(/\r?\n/g, '\r\n')]);
  return [...forms].map((form) => Buffer.from(form, 'utf8'));
}

/** The lines of a value with several; of one that is too long to be looked for whole, its one line in pieces. */
function linesOf(text: string): Buffer[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.length === 1 && Buffer.byteLength(text) <= MAX_WHOLE_BYTES) return [];
  return lines
    .flatMap((line) => piecesOf(Buffer.from(line, 'utf8')))
    .filter((line) => line.byteLength >= MIN_LINE_BYTES);
}

function piecesOf(line: Buffer): Buffer[] {
  if (line.byteLength <= MAX_WHOLE_BYTES) return [line];
  const pieces: Buffer[] = [];
  // The last piece reaches back, so that none is too short to be looked for.
  for (let at = 0; at < line.byteLength; at += MAX_WHOLE_BYTES)
    pieces.push(line.subarray(Math.min(at, line.byteLength - MAX_WHOLE_BYTES)).subarray(0, MAX_WHOLE_BYTES));
  return pieces;
}

function plainForms(bytes: Buffer, isText: boolean, percent: readonly (readonly string[])[]): Set<string> {
  const forms = new Set([bytes.toString('latin1')]);
  const text = isText ? bytes.toString('utf8') : '';
  for (const form of isText ? [...jsonForms(text), ...quotedForms(text)] : []) forms.add(latin1Of(form));
  for (const escaped of percent) {
    let form = '';
    for (const byte of bytes) form += escaped[byte];
    forms.add(form);
  }
  return forms;
}

/** As JSON.stringify writes it, as those do that keep to ASCII, and as those do that mean it for a page. */
function jsonForms(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const unicode = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const ascii = escaped.replaceAll(/[\u0080-\uffff]/g, unicode);
  return [escaped, ascii, ascii.replaceAll(/[<>&]/g, unicode), escaped.replaceAll('/', '\\/')];
}

/** As it stands between the quotes of a shell (`export -p`, `set`, `set -x`, `%q`), of a program's text, in a page. */
function quotedForms(text: string): string[] {
  const single = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  const markup = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const inMarkup = (double: string, apostrophe: string) =>
    markup.replaceAll('"', double).replaceAll("'", apostrophe);
  return [
    text.replaceAll(/["$`\\]/g, '\\$&'),
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replaceAll(/[\t !"$&'()*,;<>?[\\\]^`{|}]/g, '\\$&'),
    single,
    single.replaceAll("'", "\\'"),
    markup,
    inMarkup('&quot;', '&#39;'),
    inMarkup('&quot;', '&#x27;'),
    inMarkup('&#34;', '&#39;'),
  ];
}

const latin1Of = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

function base64Words(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const unpadded = whole.replace(/=+$/, '');
  const words = [whole, unpadded, ...[0, 1, 2].map((before) => base64Core(bytes, before))];
  const isWholeTaken = bytes.byteLength <= MAX_WHOLE_BYTES;
  const broken = words.slice(1).flatMap((word) => (word.length < MIN_BROKEN_LETTERS ? [] : linesIn(word)));
  return [...(isWholeTaken ? words : []), ...broken].filter((word) => word.length >= MIN_BASE64_LETTERS);
}

/** The letters that the value alone decides, where `before` bytes modulo three stand before it. */
function base64Core(bytes: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const bits = 8 * (before + bytes.byteLength);
  return encoded.slice(Math.ceil((8 * before) / 6), Math.floor(bits / 6));
}

function linesIn(word: string): string[] {
  return LINE_COLUMNS.flatMap((columns) => {
    const lines: string[] = [];
    // The last line reaches back: a short one would be found by chance, and its letters are covered all the same.
    for (let at = 0; at < word.length; at += columns)
      lines.push(word.slice(Math.min(at, word.length - columns)).slice(0, columns));
    return lines;
  });
}

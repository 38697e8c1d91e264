const TITLE_LIMIT = 80;

// Controls, and the marks that turn text direction: a title must not be able to disguise what stands beside it.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu;

/** A title that a program on the host set, without control characters, of at most 80 characters; null when nothing is left. */
export function cleanTitle(title: string): string | null {
  const clean = Array.from(title.slice(0, 4 * TITLE_LIMIT).replace(UNSAFE, ''), (character) => character)
    .slice(0, TITLE_LIMIT)
    .join('')
    .trim();
  return clean === '' ? null : clean;
}

/** The address of a link in output when it may be opened: http or https, without a user name; otherwise null. */
export function linkTarget(text: string): string | null {
  if (text.length > 4096 || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username === '' && url.password === '' ? url.href : null;
}

/** Selected text as it goes to the clipboard: without the blanks that fill up a terminal's lines. */
export function withoutTrailingBlanks(text: string): string {
  return text.replace(/[ \t\u00a0]+(?=\r?\n|$)/g, '');
}

/** Text cut into parts that one frame of keys may hold; never inside a surrogate pair. */
export function inputParts(text: string, limit = 256 * 1024): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + limit);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

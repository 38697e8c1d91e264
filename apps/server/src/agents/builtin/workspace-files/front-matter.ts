import { parse } from 'yaml';

/** A file's first block is longer than this only by mistake. */
const LONGEST = 8 * 1024;

export interface FrontMatter {
  /** Keys with texts, lists and maps of texts; nothing is read as a number, a date or a type. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Splits a Markdown file into the YAML between its first `---` lines and the rest, or says in words what is wrong with it. */
export function readFrontMatter(text: string): FrontMatter | string {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .split('\n');
  if (lines[0]?.trimEnd() !== '---') return { fields: {}, body: lines.join('\n').trim() };
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end < 0) return 'its front matter has no closing ---';
  const head = lines.slice(1, end).join('\n');
  if (head.length > LONGEST) return `its front matter is longer than ${LONGEST} characters`;
  const fields = readFields(head);
  if (typeof fields === 'string') return fields;
  return {
    fields,
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  };
}

// Aliases are refused, for a few lines of them can stand for gigabytes; deep nesting ends as a RangeError.
function readFields(head: string): Record<string, unknown> | string {
  try {
    const read: unknown = parse(head, { schema: 'failsafe', maxAliasCount: 0, logLevel: 'error' });
    if (read === null || read === '') return {};
    if (typeof read !== 'object' || Array.isArray(read)) return 'its front matter has no keys';
    return { ...read };
  } catch (thrown) {
    const said = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : '';
    return `its front matter is no YAML: ${said.slice(0, 200)}`;
  }
}

import { createHash } from 'node:crypto';

/** What every provider takes. */
const LONGEST_NAME = 64;

/** `mcp__<server>__<tool>` with the characters that providers take; one that is cut, or taken, ends in a hash of its own. */
export function toolName(server: string, tool: string, taken: ReadonlySet<string>): string {
  const clean = tool.replace(/[^A-Za-z0-9_-]/g, '_');
  const plain = `mcp__${server}__${clean}`;
  if (clean === tool && plain.length <= LONGEST_NAME && !taken.has(plain)) return plain;
  const hash = createHash('sha256').update(tool).digest('hex').slice(0, 6);
  return `${plain.slice(0, LONGEST_NAME - hash.length - 1)}_${hash}`;
}

import { createHash } from 'node:crypto';

/** What every provider takes. */
const LONGEST_NAME = 64;

/**
 * `mcp__<server>__<tool>` with the characters that providers take; one that is cut, or taken, ends in a hash of its own.
 * What is allowed for a name is allowed for no other server: where the server's part ends can be seen in each.
 */
export function toolName(server: string, tool: string, taken: ReadonlySet<string>): string {
  const clean = tool.replace(/[^A-Za-z0-9_-]/g, '_');
  const plain = `mcp__${partOf(server)}__${clean}`;
  if (clean === tool && plain.length <= LONGEST_NAME && !taken.has(plain)) return plain;
  const hash = hashOf(tool);
  return `${plain.slice(0, LONGEST_NAME - hash.length - 1)}_${hash}`;
}

// With two of them, or one at its end, it could be another server and the beginning of a tool of that one.
function partOf(server: string): string {
  if (!/__|_$/.test(server)) return server;
  return `${server.replace(/_+/g, '_').replace(/_$/, '')}-${hashOf(server)}`;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 6);

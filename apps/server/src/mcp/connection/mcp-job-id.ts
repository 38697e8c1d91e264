import { createHash } from 'node:crypto';
import { type JobId, jobId, type WorkspaceId } from '@farhand/shared/model/ids';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The job of an MCP server in a workspace: always the same, so that a restarted server finds what a former one left. */
export function mcpJobId(workspaceId: WorkspaceId, name: string): JobId {
  const digest = createHash('sha256').update(`mcp ${workspaceId} ${name}`).digest();
  const letters = [...digest.subarray(0, 20)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return jobId.parse(`job_${letters.join('')}`);
}

import { createHash } from 'node:crypto';
import { type JobId, jobId, type WorkspaceId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The job of an MCP server in a workspace, one for each sandbox that it runs in: always the same, so that a restarted
 * server finds what a former one left.
 */
export function mcpJobId(workspaceId: WorkspaceId, name: string, sandbox: string): JobId {
  const within = sandbox === NO_SANDBOX ? '' : ` ${sandbox}`;
  const digest = createHash('sha256').update(`mcp ${workspaceId} ${name}${within}`).digest();
  const letters = [...digest.subarray(0, 20)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return jobId.parse(`job_${letters.join('')}`);
}

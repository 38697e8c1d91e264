import type { JobId, WorkspaceId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { SessionRecord } from '../agents/acp/connection/session-record.ts';
import { mcpJobId } from '../mcp/connection/mcp-job-id.ts';
import { createMcpServers } from '../mcp/mcp-servers.ts';
import { listenerJobOf } from '../operations/host/listener-job.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Database } from '../store/database.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

interface ProgramsDeps {
  readonly db: Database;
  readonly sessions: Pick<Sessions, 'list'>;
  readonly workspaces: Pick<Workspaces, 'get'>;
}

/** The programs of a workspace's agents and MCP servers, and of Farhand itself, each with what a person knows it by. */
export function programsOf(
  { db, sessions, workspaces }: ProgramsDeps,
  id: WorkspaceId,
): { readonly jobId: JobId; readonly title: string }[] {
  const agents = sessions.list().flatMap(({ id: sessionId, workspaceId, agent, title }) => {
    if (workspaceId !== id) return [];
    const { job } = SessionRecord.alone(db, sessionId).state;
    return job ? [{ jobId: job.id, title: `Agent ${agent}: ${title}` }] : [];
  });
  const { projectId, sandbox: usual = NO_SANDBOX } = workspaces.get(id);
  const own = sessions
    .list()
    .flatMap(({ workspaceId, sandbox }) => (workspaceId === id && sandbox ? [sandbox] : []));
  // Those that run on from before the workspace got its sandbox, too.
  const sandboxes = [...new Set([NO_SANDBOX, usual, ...own])];
  const mcp = createMcpServers(db)
    .list(projectId)
    .flatMap(({ name }) =>
      sandboxes.map((sandbox) => ({ jobId: mcpJobId(id, name, sandbox), title: `MCP server ${name}` })),
    );
  const listener = listenerJobOf(db, id);
  const ours = listener ? [{ jobId: listener, title: 'Listener for farhand-op' }] : [];
  return [...agents, ...mcp, ...ours];
}

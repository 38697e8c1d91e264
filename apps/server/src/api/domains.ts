import type { Approvals } from '../approvals/approvals.ts';
import type { Comparisons } from '../comparisons/comparisons.ts';
import type { Forks } from '../forks/forks.ts';
import type { HostAgents } from '../host-agents/host-agents.ts';
import type { HostJobs } from '../host-tasks/host-jobs.ts';
import type { Hosts } from '../hosts/hosts.ts';
import type { McpServers } from '../mcp/mcp-servers.ts';
import type { Models } from '../models/models.ts';
import type { Preferences } from '../preferences/preferences.ts';
import type { Projects } from '../projects/projects.ts';
import type { Push } from '../push/push.ts';
import type { Queue } from '../queue/queue.ts';
import type { Search } from '../search/search.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Spending } from '../spending/spending.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

/** What the API makes reachable. */
export interface Domains {
  readonly forks: Forks;
  readonly comparisons: Comparisons;
  readonly hosts: Hosts;
  readonly hostAgents: HostAgents;
  readonly hostJobs: HostJobs;
  readonly projects: Projects;
  readonly workspaces: Workspaces;
  readonly sessions: Sessions;
  readonly transcripts: Transcripts;
  readonly terminals: Terminals;
  readonly secrets: Secrets;
  readonly models: Models;
  readonly approvals: Approvals;
  readonly mcpServers: McpServers;
  readonly spending: Spending;
  readonly queue: Queue;
  readonly preferences: Preferences;
  readonly push: Push;
  readonly search: Search;
}

import type { HostJobs } from '../host-tasks/host-jobs.ts';
import type { Hosts } from '../hosts/hosts.ts';
import type { Models } from '../models/models.ts';
import type { Projects } from '../projects/projects.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

/** What the API makes reachable. */
export interface Domains {
  readonly hosts: Hosts;
  readonly hostJobs: HostJobs;
  readonly projects: Projects;
  readonly workspaces: Workspaces;
  readonly sessions: Sessions;
  readonly transcripts: Transcripts;
  readonly terminals: Terminals;
  readonly secrets: Secrets;
  readonly models: Models;
}

import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about workspaces and their jobs. */
export function workspaceCalls({
  workspaces,
  forks,
  hostJobs,
}: Domains): Omit<CallsOf<'workspace' | 'job'>, 'workspace.set_sandbox'> {
  return {
    'workspace.list': () => ({ workspaces: workspaces.list() }),
    'workspace.create': async (input) => ({ workspace: await workspaces.create(input) }),
    'workspace.quota': () => ({ quotaBytes: workspaces.quota.limitBytes() }),
    'workspace.set_quota'({ quotaBytes }) {
      workspaces.quota.setLimit(quotaBytes);
      return { quotaBytes: workspaces.quota.limitBytes() };
    },
    'workspace.retry': async ({ workspaceId }) => ({ workspace: await workspaces.retry(workspaceId) }),
    'workspace.losses': ({ workspaceId }) => workspaces.losses(workspaceId),
    'workspace.delete': ({ workspaceId, ...options }) => done(workspaces.delete(workspaceId, options)),
    'workspace.fetch': ({ workspaceId }) => workspaces.fetch(workspaceId),
    'workspace.archive': async ({ workspaceId }) => ({ workspace: await workspaces.archive(workspaceId) }),
    'workspace.restore': ({ workspaceId }) => ({ workspace: workspaces.restore(workspaceId) }),
    'workspace.changes': ({ workspaceId }) => workspaces.changes(workspaceId),
    'workspace.diff': ({ workspaceId, path }) => workspaces.diff(workspaceId, path),
    'workspace.files': async ({ workspaceId, query }) => ({
      paths: await workspaces.files(workspaceId, query),
    }),
    'workspace.exec': ({ workspaceId, argv }, caller) =>
      workspaces.exec(workspaceId, argv, { by: actorOf(caller), signal: caller.signal }),
    'workspace.jobs': async ({ workspaceId }) => ({ jobs: await hostJobs.ofWorkspace(workspaceId) }),
    'workspace.set_policy': ({ workspaceId, policy }) => ({
      workspace: workspaces.setPolicy(workspaceId, policy),
    }),
    'workspace.fork': (input) => ({ workspace: forks.fork(input) }),
    'workspace.move': async ({ workspaceId, ...how }) => ({
      workspace: await workspaces.move(workspaceId, how),
    }),
    'workspace.cancel_move': async ({ workspaceId }) => ({
      workspace: await workspaces.cancelMove(workspaceId),
    }),
    'job.stop': ({ workspaceId, jobId }) => hostJobs.stop(workspaceId, jobId),
  };
}

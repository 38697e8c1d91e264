import type { CallName, CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Domains } from './domains.ts';

/** What is asked about the server itself. */
export interface ServerCalls {
  /** A URL with a fresh one-time code. */
  loginUrl(): string;
  status(): CallOutput<'server.status'>;
}

/** Signing out is about the browser's cookie, which calls do not see: app.ts answers it. */
export type TableCall = Exclude<CallName, 'access.logout'>;

/** For each call, what answers it. The input is checked already; `signal` is aborted when the caller goes away. */
export type CallTable = {
  readonly [Name in TableCall]: (
    input: ParsedInput<Name>,
    signal: AbortSignal,
  ) => CallOutput<Name> | Promise<CallOutput<Name>>;
};

export function createCallTable(domains: Domains, server: ServerCalls): CallTable {
  return {
    ...hostAndProjectCalls(domains),
    ...workspaceCalls(domains),
    ...jobCalls(domains),
    ...agentCalls(domains),
    ...serverCalls(server),
  };
}

type JobCall = 'host.jobs' | 'host.sweep' | 'workspace.jobs' | 'job.stop';
type Part<Prefix extends string> = Omit<Pick<CallTable, Extract<TableCall, `${Prefix}.${string}`>>, JobCall>;

function jobCalls({ hostJobs }: Domains): Pick<CallTable, JobCall> {
  return {
    'host.jobs': async ({ hostId }) => ({ jobs: await hostJobs.ofHost(hostId) }),
    'host.sweep': async ({ hostId }) => ({ removed: await hostJobs.sweep(hostId) }),
    'workspace.jobs': async ({ workspaceId }) => ({ jobs: await hostJobs.ofWorkspace(workspaceId) }),
    'job.stop': ({ workspaceId, jobId }) => hostJobs.stop(workspaceId, jobId),
  };
}

function hostAndProjectCalls({ hosts, projects, secrets }: Domains): Part<'host' | 'project' | 'secret'> {
  return {
    'host.list': async () => ({ hosts: await hosts.list() }),
    'host.reconnect': ({ hostId }) => done(hosts.reconnect(hostId)),
    'host.answer': ({ hostId, ...answer }) => done(hosts.answer(hostId, answer)),
    'host.set_method': ({ hostId, method }) => done(hosts.setMethod(hostId, method)),
    'project.list': () => ({ projects: projects.list() }),
    'project.add': async ({ source }) => ({ project: await projects.add(source) }),
    'project.remove': ({ projectId }) => done(projects.remove(projectId)),
    'project.branches': ({ projectId }) => projects.branches(projectId),
    'secret.list': ({ projectId }) => ({ secrets: secrets.list(projectId) }),
    'secret.set': ({ projectId, name, value }) => done(secrets.set(projectId, name, value)),
    'secret.remove': ({ projectId, name }) => done(secrets.remove(projectId, name)),
  };
}

function workspaceCalls({ workspaces, terminals }: Domains): Part<'workspace' | 'terminal'> {
  return {
    'workspace.list': () => ({ workspaces: workspaces.list() }),
    'workspace.create': async (input) => ({ workspace: await workspaces.create(input) }),
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
    'workspace.exec': ({ workspaceId, argv }, signal) => workspaces.exec(workspaceId, argv, signal),
    'terminal.open': async ({ workspaceId, rows, cols }) => ({
      terminal: await terminals.open(workspaceId, rows, cols),
    }),
    'terminal.close': ({ terminalId }) => done(terminals.close(terminalId)),
  };
}

function agentCalls({ sessions, models }: Domains): Part<'session' | 'model'> {
  return {
    'session.create': ({ workspaceId, model }) => ({ session: sessions.create(workspaceId, model) }),
    'session.prompt': ({ sessionId, text, ...how }) => done(sessions.prompt(sessionId, text, how)),
    'session.stop': ({ sessionId }) => done(sessions.stop(sessionId)),
    'session.delete': ({ sessionId }) => done(sessions.delete(sessionId)),
    'model.list': () => models.list(),
    'model.set': (input) => ({ provider: models.set(input) }),
    'model.remove': ({ id }) => done(models.remove(id)),
    'model.set_default': ({ model }) => done(models.setDefault(model)),
  };
}

function serverCalls(server: ServerCalls): Part<'access' | 'server'> {
  return {
    'access.login_url': () => ({ url: server.loginUrl() }),
    'server.status': () => server.status(),
  };
}

async function done(work: void | Promise<void>): Promise<Record<string, never>> {
  await work;
  return {};
}

import type { Domains } from '../domains.ts';
import { actorOf, type CallTable, done } from './table.ts';

type SandboxCalls = Pick<
  CallTable,
  | 'sandbox.profiles'
  | 'sandbox.set_default'
  | 'sandbox.check'
  | 'workspace.set_sandbox'
  | 'session.set_sandbox'
>;

/** Calls about the sandbox that jobs run in. */
export function sandboxCalls({ sandboxes, sandboxChoices, hosts }: Domains): SandboxCalls {
  return {
    'sandbox.profiles': () => ({
      profiles: sandboxes.profiles(),
      defaultProfile: sandboxChoices.defaultProfile(),
      file: sandboxes.file,
      problems: sandboxes.problems(),
    }),
    'sandbox.set_default': ({ profile }, caller) => done(sandboxChoices.setDefault(profile, actorOf(caller))),
    'sandbox.check': async ({ host, profile }) => ({
      check: await sandboxes.check(hosts.resolve(host), profile),
    }),
    'workspace.set_sandbox': ({ workspaceId, profile }, caller) => ({
      workspace: sandboxChoices.setWorkspace(workspaceId, profile, actorOf(caller)),
    }),
    'session.set_sandbox': async ({ sessionId, profile }, caller) => ({
      session: await sandboxChoices.setSession(sessionId, profile, actorOf(caller)),
    }),
  };
}

import type { CallInput, CallName } from '@farhand/shared/protocol/calls';

/** Inputs as one would send them; the ids are of the right form and of nothing. */
export const EXAMPLES: { readonly [Name in CallName]?: CallInput<Name> } = {
  'workspace.create': {
    projectId: 'prj_aaaaaaaaaaaaaaaaaaaa' as never,
    host: 'prod',
    branch: 'main',
    name: 'fix-login',
  },
  'workspace.delete': { workspaceId: 'ws_aaaaaaaaaaaaaaaaaaaa' as never, force: false },
  'project.add': { source: '/home/me/shop' },
  'run.start': { host: 'prod', argv: ['systemctl', 'status', 'shop'] },
  'run.get': { runId: 'run_aaaaaaaaaaaaaaaaaaaa' as never, waitMs: 30_000 },
  'session.create': { workspaceId: 'ws_aaaaaaaaaaaaaaaaaaaa' as never },
  'session.prompt': { sessionId: 'ses_aaaaaaaaaaaaaaaaaaaa' as never, text: 'Mend the failing test.' },
  'session.turn': { sessionId: 'ses_aaaaaaaaaaaaaaaaaaaa' as never, waitMs: 60_000 },
  'session.events': { sessionId: 'ses_aaaaaaaaaaaaaaaaaaaa' as never, after: 0, waitMs: 30_000 },
  'file.read': { workspaceId: 'ws_aaaaaaaaaaaaaaaaaaaa' as never, path: 'README.md' },
  'file.write': { workspaceId: 'ws_aaaaaaaaaaaaaaaaaaaa' as never, path: 'notes.md', content: 'Hello\n' },
  'approval.list': { isOpen: true },
  'approval.decide': {
    approvalId: 'apr_aaaaaaaaaaaaaaaaaaaa' as never,
    hash: '0'.repeat(64),
    decision: { kind: 'allow', scope: 'once' },
  },
  'token.create': { name: 'ci', scopes: ['read', 'run'], expiresAt: '2030-01-01T00:00:00Z' },
};

import type { Scope } from '@farhand/shared/model/tokens';
import type { CallName, ParsedInput } from '@farhand/shared/protocol/calls';

/** The scope that a token needs for a call. */
export const SCOPES: Readonly<Record<CallName, Scope>> = {
  'access.whoami': 'read',
  'access.login_url': 'admin',
  'access.logout': 'admin',
  'server.status': 'read',
  'token.list': 'admin',
  'token.create': 'admin',
  'token.revoke': 'admin',

  'host.list': 'read',
  'host.jobs': 'read',
  'host.reconnect': 'run',
  'host.answer': 'admin',
  'host.set_method': 'admin',
  'host.set_agent_limit': 'admin',
  'host.sweep': 'admin',
  'host.add': 'admin',
  'host.change': 'admin',
  'host.set_enabled': 'admin',
  'host.remove': 'admin',
  'host.set_default': 'admin',
  'host.clear_default': 'admin',
  'host.import': 'admin',
  // It leads the server to any place that it is told, with the person's keys.
  'host.test': 'admin',
  'host.test_get': 'admin',
  'host.test_answer': 'admin',
  'host.test_cancel': 'admin',
  'host.doctor': 'run',

  'checkpoint.list': 'read',
  'checkpoint.preview': 'read',
  'checkpoint.diff': 'read',
  'checkpoint.rewind': 'write',
  'dry_run.get': 'read',
  'dry_run.diff': 'read',
  'dry_run.set': 'admin',
  'dry_run.apply': 'admin',
  'dry_run.discard': 'write',

  'policy.get': 'read',
  'policy.check': 'read',
  'policy.explain': 'read',
  'policy.proposals': 'read',
  'policy.set_rule': 'admin',
  'policy.remove_rule': 'admin',
  'policy.move_rule': 'admin',
  'policy.replace': 'admin',

  'project.list': 'read',
  'project.branches': 'read',
  'project.add': 'write',
  'project.remove': 'write',
  'project.export': 'admin',
  'project.import': 'admin',
  'secret.list': 'admin',
  'secret.set': 'admin',
  'secret.remove': 'admin',
  'secret.set_kinds': 'admin',
  'secret.import': 'admin',
  'secret.key': 'admin',
  'secret.rekey': 'admin',

  'workspace.list': 'read',
  'workspace.losses': 'read',
  'workspace.quota': 'read',
  'workspace.set_quota': 'admin',
  'workspace.jobs': 'read',
  'workspace.changes': 'read',
  'workspace.diff': 'read',
  'workspace.files': 'read',
  'workspace.create': 'write',
  'workspace.retry': 'write',
  'workspace.delete': 'write',
  'workspace.fetch': 'write',
  'workspace.archive': 'write',
  'workspace.restore': 'write',
  'workspace.fork': 'write',
  'workspace.move': 'write',
  'workspace.cancel_move': 'write',
  // Runs what it is told without a question.
  'workspace.exec': 'admin',
  'workspace.set_policy': 'admin',
  'workspace.set_sandbox': 'admin',
  'session.set_sandbox': 'admin',
  'sandbox.profiles': 'read',
  'sandbox.check': 'read',
  'sandbox.set_default': 'admin',
  'audit.search': 'admin',
  'audit.get': 'admin',
  'audit.output': 'admin',
  'audit.verify': 'admin',
  'audit.settings': 'admin',
  'audit.set_settings': 'admin',
  'job.stop': 'run',
  'file.read': 'read',
  'file.list': 'read',
  'file.write': 'write',
  'file.write_result': 'read',

  'session.list': 'read',
  'session.items': 'read',
  'session.events': 'read',
  'session.turn': 'read',
  'session.earlier': 'read',
  'session.create': 'run',
  'session.prompt': 'run',
  'session.stop': 'run',
  'session.set_control': 'admin',
  'session.login': 'admin',
  'session.rename': 'write',
  'session.delete': 'write',
  'session.fork': 'write',
  'queue.add': 'run',
  'queue.edit': 'run',
  'queue.remove': 'run',
  'queue.send_now': 'run',
  'terminal.open': 'admin',
  'terminal.close': 'run',

  'run.start': 'run',
  'run.get': 'read',
  'run.list': 'read',
  'run.cancel': 'run',
  'operation.list': 'read',
  'operation.run': 'run',

  'approval.list': 'read',
  'approval.rules': 'read',
  'approval.default_policy': 'read',
  'approval.decide': 'approve',
  'approval.remove_rule': 'admin',
  'approval.set_default_policy': 'admin',

  'sudo.plan': 'admin',
  // It connects the host, as the doctor does.
  'sudo.drift': 'run',
  'search.query': 'read',
  'comparison.start': 'run',
  // As `workspace.exec`.
  'comparison.test': 'admin',
  'comparison.keep': 'write',
  'comparison.take_files': 'write',
  'comparison.discard': 'write',
  'comparison.remove': 'write',

  'agent.list': 'read',
  'agent.install': 'admin',
  'agent.add': 'admin',
  'agent.remove': 'admin',
  'model.list': 'read',
  'model.set': 'admin',
  'model.remove': 'admin',
  'model.set_default': 'admin',
  'mcp.list': 'admin',
  'mcp.set': 'admin',
  'mcp.remove': 'admin',
  'budget.get': 'read',
  'budget.set': 'admin',
  'price.list': 'read',
  'price.set': 'admin',
  'preference.list': 'admin',
  'preference.set': 'admin',
  'push.key': 'admin',
  'push.subscribe': 'admin',
  'push.unsubscribe': 'admin',
  'coder.list': 'read',
  // They cost, and end what runs there.
  'coder.start': 'write',
  'coder.stop': 'write',
  'coder.connect': 'admin',
  'coder.disconnect': 'admin',
};

/**
 * Refused to every token, for it makes a way in that the token's end would not close: who had a token for an hour would
 * else stay for good.
 */
export const NOT_FOR_TOKENS: ReadonlySet<CallName> = new Set([
  'token.create',
  'access.login_url',
  // What agents ask is sent there, also when the token is long gone.
  'push.subscribe',
]);

/** What nobody decided on is refused to all but `admin`. */
export function scopeOf(call: CallName): Scope {
  return SCOPES[call];
}

/** What an input may say that needs another scope than its call: null where it says nothing of that. */
const OF_INPUTS: { readonly [Name in CallName]?: (input: ParsedInput<Name>) => Scope | null } = {
  // As `workspace.set_sandbox`, and `comparison.test`.
  'workspace.create': ({ sandbox }) => (sandbox === undefined ? null : 'admin'),
  'comparison.start': ({ testCommand }) => (testCommand === null ? null : 'admin'),
};

/** The scope that a token needs for this input, beside that of the call. `input` is of the call's form. */
export function scopeOfInput(call: CallName, input: unknown): Scope | null {
  // The table's keys and the inputs belong together; the compiler cannot follow one key through both.
  const further = OF_INPUTS[call] as ((input: unknown) => Scope | null) | undefined;
  return further?.(input) ?? null;
}

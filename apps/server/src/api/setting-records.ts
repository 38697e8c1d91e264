/** Puts on record what changes how agents are bound, or which programs run on hosts: before it is done. */

import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { AuditEntry } from '../audit/audit.ts';
import { limitText } from '../sandbox/profiles/sizes.ts';
import { actorOf, type Caller, type CallTable, type TableCall } from './calls/table.ts';
import type { Domains } from './domains.ts';

/** What is told of one call; null where it changes nothing. */
type Told = (Pick<AuditEntry, 'summary' | 'facts'> & Partial<AuditEntry>) | null;

type Tellers = {
  readonly [Name in TableCall]?: (input: ParsedInput<Name>, domains: Domains) => Told;
};

/** Names alone of what is started: a command may hold what is nobody's to read. */
const TELLERS: Tellers = {
  'workspace.set_policy'({ workspaceId, policy }, { workspaces }) {
    const { name, hostId, approvalPolicy: before } = workspaces.get(workspaceId);
    if (before === policy) return null;
    return {
      kind: policy === 'never' ? 'override' : 'setting',
      summary: `Agents in the workspace “${name}” ask by the policy “${policy}”, before by “${before}”`,
      facts: { policy, before },
      hostId,
      workspaceId,
    };
  },
  'workspace.set_quota'({ quotaBytes }, { workspaces }) {
    const before = workspaces.quota.limitBytes();
    if (before === quotaBytes) return null;
    const wanted = quotaBytes === null ? 'the default' : limitText(quotaBytes);
    const summary = `Each workspace may take ${wanted} on its host, before ${limitText(before)}`;
    return { summary, facts: { quotaBytes, before } };
  },
  'approval.set_default_policy'({ policy }, { approvals }) {
    const before = approvals.defaultPolicy();
    if (before === policy) return null;
    const summary = `Agents in new workspaces ask by the policy “${policy}”, before by “${before}”`;
    return { kind: policy === 'never' ? 'override' : 'setting', summary, facts: { policy, before } };
  },
  'approval.remove_rule'({ workspaceId, ruleId }, { approvals }) {
    const rule = approvals.rules(workspaceId).find(({ id }) => id === ruleId);
    if (!rule) return null;
    const summary = 'What was allowed for always is asked about again';
    return { summary, facts: { pattern: rule.pattern }, workspaceId };
  },
  'session.set_control'({ sessionId, control, value }, { sessions, workspaces }) {
    const { workspaceId, agent } = sessions.get(sessionId);
    const { hostId } = workspaces.get(workspaceId);
    const summary = `Changed “${control}” of a session of ${agent} to “${String(value)}”`;
    return { summary, facts: { control, value }, hostId, workspaceId, sessionId };
  },
  'mcp.set': ({ server: { projectId, name, transport, isEnabled } }) => ({
    summary: `Set the MCP server ${name}`,
    facts: { mcpServer: name, project: projectId, transport: transport.kind, isEnabled },
  }),
  'mcp.remove': ({ projectId, name }) => ({
    summary: `Removed the MCP server ${name}`,
    facts: { mcpServer: name, project: projectId },
  }),
  'agent.add': ({ name, kind }) => ({ summary: `Added the agent ${name}`, facts: { agent: name, as: kind } }),
  'agent.remove': ({ agent }) => ({ summary: `Removed the agent ${agent}`, facts: { agent } }),
  'comparison.take_files'({ comparisonId, from, to, paths }, { comparisons, workspaces }) {
    const found = comparisons.list().find(({ id }) => id === comparisonId);
    const workspaceId = found?.variants.find(({ id }) => id === to)?.workspaceId ?? null;
    return {
      kind: 'file',
      summary: `Brought ${paths.length} files of one variant of a comparison into another`,
      facts: { comparison: comparisonId, from, to, paths },
      hostId: workspaceId && workspaces.get(workspaceId).hostId,
      workspaceId,
    };
  },
};

/** The table, but nothing of this is done without being on record: `audit.unwritable` then. */
export function withSettingRecords(table: CallTable, domains: Domains): CallTable {
  const recorded = Object.entries(TELLERS).map(([name, tell]) => {
    const act = table[name as TableCall] as (input: unknown, caller: Caller) => unknown;
    const told = tell as (input: unknown, domains: Domains) => Told;
    const recordedAct = (input: unknown, caller: Caller) => {
      const entry = told(input, domains);
      if (entry) domains.audit.record({ ...NOTHING, ...entry, actor: actorOf(caller) });
      return act(input, caller);
    };
    return [name, recordedAct];
  });
  return { ...table, ...Object.fromEntries(recorded) };
}

const NOTHING = { kind: 'setting', hostId: null, workspaceId: null, sessionId: null, output: null } as const;

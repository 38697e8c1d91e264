/** Does what was proposed. Done again after a killed server, it goes on where it was. */
import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { ProposalState } from '@farhand/shared/model/dry-run';
import { newId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Files } from '@farhand/shared/runtime/port';
import type { AgentSession } from '../agents/agent.ts';
import { newCallItem } from '../agents/builtin/answer-items.ts';
import { CallItem } from '../agents/builtin/call-item.ts';
import { redactDeep } from '../agents/builtin/redact.ts';
import { SteadyHost } from '../agents/builtin/steady-host.ts';
import { bash } from '../agents/builtin/tools/bash/run.ts';
import { bashView } from '../agents/builtin/tools/bash/view.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { Policy } from '../policy/policy.ts';
import { deniedWrite } from './denied-write.ts';
import type { Action, ProposalRow, ProposalStore } from './proposal-store.ts';
import { sumOf } from './session-dry-run.ts';

/** How one proposal ended. */
export interface Applied {
  readonly state: Extract<ProposalState, 'applied' | 'failed' | 'refused'>;
  readonly reason: string | null;
}

export interface ApplyDeps {
  readonly store: ProposalStore;
  readonly session: AgentSession;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly policy: Policy;
  readonly by: Actor;
  readonly signal: AbortSignal;
}

/** The row's state is `applying` already. Throws `Interrupted` where the server closes; the host is waited for. */
export async function applyProposal(deps: ApplyDeps, row: ProposalRow): Promise<Applied> {
  const { action } = row;
  try {
    return action.kind === 'write' ? await write(deps, row, action) : await run(deps, row, action);
  } catch (thrown) {
    if (!FarhandError.is(thrown)) throw thrown;
    return { state: 'failed', reason: thrown.message };
  }
}

function hostOf({ session, signal }: ApplyDeps): SteadyHost {
  const { runtime, stopJob } = session.place;
  return new SteadyHost({ runtime, stopJob, signal, onContactLost: () => {} });
}

async function write(
  deps: ApplyDeps,
  row: ProposalRow,
  { real, path, content, base }: Extract<Action, { kind: 'write' }>,
): Promise<Applied> {
  const host = hostOf(deps);
  const { directory, hostId, workspaceId } = deps.session.place;
  const bytes = Buffer.from(content, 'base64');
  const [root, now] = await host.do(({ files }) =>
    Promise.all([files.realpath(directory), files.realpath(real)]),
  );
  // A folder on the way may have become a symlink since.
  if (now !== real || !now.startsWith(`${root}/`))
    return { state: 'refused', reason: `${path} leads elsewhere now.` };
  const denial = denialOf(deps, row, { path: real.slice(root.length + 1), real });
  if (denial !== null) return { state: 'refused', reason: denial };
  const sum = await host.do(({ files }) => sumAt(files, real));
  if (sum === sumOf(bytes)) return { state: 'applied', reason: null };
  if (sum !== base)
    return {
      state: 'refused',
      reason: sum === null ? `${path} is not there any more.` : `${path} has changed since it was proposed.`,
    };
  deps.audit.record({
    kind: 'file',
    actor: deps.by,
    hostId,
    workspaceId,
    sessionId: row.sessionId,
    summary: `Applied proposal ${row.number}: wrote ${posix.basename(path)}`,
    facts: { path, proposal: row.id, sha256: sumOf(bytes) },
    output: null,
  });
  await host.do(({ files }) => files.write(real, bytes));
  deps.session.reports.filesChanged();
  return { state: 'applied', reason: null };
}

// Decided again each time: a rule may have come, or gone, since it was proposed.
function denialOf(
  { policy, session, audit, by }: ApplyDeps,
  row: ProposalRow,
  file: { path: string; real: string },
): string | null {
  const { agent, sessionId, place } = session;
  const { hostId, workspaceId, directory } = place;
  const denial = deniedWrite(policy, { hostId, agent, directory, ...file });
  if (denial === null) return null;
  audit.record({
    kind: 'decision',
    actor: by,
    hostId,
    workspaceId,
    sessionId,
    summary: `denied: Apply proposal ${row.number}, which writes ${posix.basename(file.path)}`,
    facts: { decision: 'denied', rule: denial.rule, subject: 'edit', path: file.path, proposal: row.id },
    output: null,
  });
  return denial.why;
}

async function sumAt(files: Files, real: string): Promise<string | null> {
  try {
    return sumOf(await files.read(real));
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return null;
    throw thrown;
  }
}

async function run(
  deps: ApplyDeps,
  row: ProposalRow,
  { command, cwd }: Extract<Action, { kind: 'command' }>,
): Promise<Applied> {
  const { session, store, signal } = deps;
  const { transcript, secrets, place } = session;
  const known = row.itemId && session.readItems().find(({ id }) => id === row.itemId);
  const item = known && known.kind === 'tool_call' ? known : newItem(row, command);
  // Its place is stored first: a server that comes after this one looks there for the job.
  if (row.itemId === null) store.change(row.id, { itemId: item.id });
  const live = new CallItem(transcript, item);
  live.update({});
  transcript.flush();
  const end = (state: 'done' | 'failed' | 'stopped', result: string) =>
    live.end({ state, exit: null, result });
  const context = { workspaceId: place.workspaceId, directory: cwd, host: hostOf(deps), secrets, call: live };
  if (item.jobId === null) {
    const { id: itemId, title } = item;
    const subject = { kind: 'command' as const, command };
    const key = `dry_run ${row.id}`;
    const request = { key, turnId: row.turnId, itemId, title: `Run ${title}`, cwd, subject };
    const decision = await session.approvals.ask(
      { ...request, effect: 'execute', paths: [], canEdit: false },
      signal,
    );
    if (decision.kind !== 'allowed') {
      const reason = 'reason' in decision && decision.reason ? decision.reason : 'It was not allowed.';
      end('stopped', reason);
      return { state: 'refused', reason };
    }
    const { approvalId = null, rule = null } = decision;
    live.update({ state: 'running', startedAt: new Date().toISOString() });
    transcript.flush();
    Object.assign(context, { allowedBy: { approvalId, rule } });
  }
  const result = redactDeep(await bash.run({ command, timeout_ms: LONGEST_MS }, context), secrets.redactor());
  const { text, state = 'done', exit = null, view } = result;
  live.end({ state, exit, result: text, ...(view ? { view } : {}) });
  transcript.flush();
  session.reports.filesChanged();
  return state === 'done' ? { state: 'applied', reason: null } : { state: 'failed', reason: lastLine(text) };
}

/** A person waits for it and can stop it. */
const LONGEST_MS = 30 * 60_000;

function newItem(row: ProposalRow, command: string): ToolCallItem {
  const base = newCallItem(row.turnId, `proposal ${row.number} ${newId('job')}`);
  const title = command.split('\n')[0]?.slice(0, 120) ?? '';
  return { ...base, tool: 'bash', title, input: { command }, view: bashView({ command }) };
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';

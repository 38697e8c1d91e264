import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type AgentControls, BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { Actor } from '@farhand/shared/model/audit';
import type { DryRun, Proposal } from '@farhand/shared/model/dry-run';
import type { ProposalId, SessionId } from '@farhand/shared/model/ids';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import { createTwoFilesPatch } from 'diff';
import { Interrupted } from '../agents/builtin/interrupted.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { Policy } from '../policy/policy.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Database } from '../store/database.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { applyProposal } from './apply.ts';
import { type AsksFirst, asksFirst, modeIn } from './asks-first.ts';
import { createProposalStore, type ProposalRow } from './proposal-store.ts';
import { createSessionDryRun, type SessionDryRun } from './session-dry-run.ts';

/** Dry runs of sessions: what agents want to do is collected, shown, and then done or dropped. */
export interface DryRuns {
  /** Of every session that ever had one. */
  list(): DryRun[];
  /** Throws `session.not_found`. */
  get(sessionId: SessionId): DryRun;
  /** Throws `dry_run.not_possible`. */
  set(sessionId: SessionId, isOn: boolean, by: Actor): DryRun;
  /** For the session's agent. */
  of(sessionId: SessionId): SessionDryRun;
  /** Throws `dry_run.proposal_not_found`. */
  diff(id: ProposalId): CallOutput<'dry_run.diff'>;
  /** Begins to apply them in their order, and ends with the first that fails; null for all that are open. Throws `dry_run.busy`, `session.busy`. */
  apply(sessionId: SessionId, ids: readonly ProposalId[] | null, by: Actor): void;
  discard(sessionId: SessionId, ids: readonly ProposalId[] | null): void;
  /** At the server's start: what was being applied goes on. */
  resumeAll(): void;
  close(): Promise<void>;
}

export interface DryRunsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly sessions: () => Pick<Sessions, 'get' | 'agentSession'>;
  readonly workspaces: Pick<Workspaces, 'get'>;
  readonly transcripts: Pick<Transcripts, 'items'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly policy: Policy;
  readonly controlsOf: (sessionId: SessionId) => Pick<AgentControls, 'mode' | 'options'> | null;
  readonly log?: Pick<Log, 'warn'>;
}

const LONGEST_PATCH = 512 * 1024;
const COMPARE_WITHIN_MS = 1000;
const AT_WORK: ReadonlySet<string> = new Set(['working', 'blocked', 'contact_lost']);

export function createDryRuns(deps: DryRunsDeps): DryRuns {
  const { db, feed, sessions, workspaces, secrets, audit, policy, log } = deps;
  const store = createProposalStore(db);
  const closing = new AbortController();
  const applying = new Map<SessionId, Promise<void>>();
  const redactorOf = (sessionId: SessionId) =>
    secrets.redactor(workspaces.get(sessions().get(sessionId).workspaceId).projectId);

  const get = (id: SessionId): DryRun => ({
    id,
    isOn: store.isOn(id),
    proposals: store.ofSession(id).map(toProposal),
  });
  const publish = (id: SessionId) => feed.changed({ kind: 'dry_run', value: get(id) });

  function checkPossible(sessionId: SessionId, wanted?: string): void {
    const { agent } = sessions().get(sessionId);
    const controls = deps.controlsOf(sessionId);
    const mode = wanted ?? (controls && modeIn(controls)?.value) ?? null;
    const known: AsksFirst = { agent, mode, items: () => deps.transcripts.items(sessionId) };
    if (agent !== BUILTIN_AGENT && !asksFirst(known))
      throw new FarhandError('dry_run.not_possible', { details: { sessionId, agent } });
  }

  function chosen(sessionId: SessionId, ids: readonly ProposalId[] | null): ProposalRow[] {
    const rows = store.ofSession(sessionId);
    const missing = ids?.find((id) => !rows.some((row) => row.id === id));
    if (missing) throw new FarhandError('dry_run.proposal_not_found', { details: { proposalId: missing } });
    const isOpen = ({ state }: ProposalRow) =>
      state === 'open' || (ids !== null && (state === 'refused' || state === 'failed'));
    return rows.filter((row) => isOpen(row) && (ids === null || ids.includes(row.id)));
  }

  function change(row: ProposalRow, state: ProposalRow['state'], reason: string | null): void {
    store.change(row.id, { state, reason });
    publish(row.sessionId);
  }

  async function applyInOrder(rows: readonly ProposalRow[], by: Actor): Promise<void> {
    for (const row of rows) {
      const session = sessions().agentSession(row.sessionId);
      if (row.state !== 'applying') change(row, 'applying', null);
      const { state, reason } = await applyProposal(
        { store, session, audit, policy, by, signal: closing.signal },
        row,
      );
      change(row, state, reason);
      if (state !== 'applied') return;
    }
  }

  function begin(sessionId: SessionId, rows: readonly ProposalRow[], by: Actor): void {
    const work = applyInOrder(rows, by)
      .catch((error: unknown) => {
        // The next start goes on with it.
        if (error instanceof Interrupted || closing.signal.aborted) return;
        log?.warn('proposal.not_applied', { sessionId, error });
        const { message } = FarhandError.from(error);
        for (const row of rows) if (store.get(row.id)?.state === 'applying') change(row, 'failed', message);
      })
      .finally(() => applying.delete(sessionId));
    applying.set(sessionId, work);
  }

  return {
    list: () => store.sessions().map(get),
    get(sessionId) {
      sessions().get(sessionId);
      return get(sessionId);
    },
    set(sessionId, isOn, by) {
      const session = sessions().get(sessionId);
      if (isOn) checkPossible(sessionId);
      const { workspaceId } = session;
      const { hostId } = workspaces.get(workspaceId);
      const summary = `Switched the dry run ${isOn ? 'on' : 'off'}`;
      audit.record({
        kind: 'setting',
        actor: by,
        hostId,
        workspaceId,
        sessionId,
        summary,
        facts: { isOn },
        output: null,
      });
      store.setOn(sessionId, isOn);
      publish(sessionId);
      return get(sessionId);
    },
    of: (sessionId) =>
      createSessionDryRun(store, sessionId, {
        redactor: () => redactorOf(sessionId),
        onChange: () => publish(sessionId),
        // Its mode may be another one than when it was switched on.
        check: (mode) => {
          if (store.isOn(sessionId)) checkPossible(sessionId, mode);
        },
      }),
    diff(id) {
      const row = store.get(id);
      if (!row) throw new FarhandError('dry_run.proposal_not_found', { details: { proposalId: id } });
      const { action } = row;
      if (action.kind !== 'write') return { patch: '', truncated: false };
      const after = redactorOf(row.sessionId).text(Buffer.from(action.content, 'base64').toString('utf8'));
      const options = { context: 3, timeout: COMPARE_WITHIN_MS };
      const patch =
        createTwoFilesPatch(action.path, action.path, action.before, after, '', '', options) ?? after;
      return { patch: patch.slice(0, LONGEST_PATCH), truncated: patch.length > LONGEST_PATCH };
    },
    apply(sessionId, ids, by) {
      const { state } = sessions().get(sessionId);
      if (AT_WORK.has(state)) throw new FarhandError('session.busy', { details: { sessionId } });
      if (applying.has(sessionId)) throw new FarhandError('dry_run.busy', { details: { sessionId } });
      begin(sessionId, chosen(sessionId, ids), by);
    },
    discard(sessionId, ids) {
      sessions().get(sessionId);
      for (const row of chosen(sessionId, ids)) store.change(row.id, { state: 'discarded' });
      publish(sessionId);
    },
    resumeAll() {
      const rows = store.underWay();
      for (const sessionId of new Set(rows.map((row) => row.sessionId)))
        begin(
          sessionId,
          rows.filter((row) => row.sessionId === sessionId),
          { kind: 'server', name: null },
        );
    },
    async close() {
      closing.abort('close');
      await Promise.all(applying.values());
    },
  };
}

function toProposal({ id, sessionId, turnId, number, state, reason, action, at }: ProposalRow): Proposal {
  const isCommand = action.kind === 'command';
  const first = isCommand ? (action.command.trim().split('\n')[0] ?? '').slice(0, 160) : action.path;
  return {
    id,
    sessionId,
    turnId,
    number,
    kind: action.kind,
    title: first,
    command: isCommand ? action.command : null,
    path: isCommand ? null : action.path,
    state,
    reason,
    at,
  };
}

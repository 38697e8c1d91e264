import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import type { ProjectId, SessionId, TurnId, WorkspaceId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { ApprovalRequest } from '../agents/agent.ts';
import { redactDeep } from '../agents/builtin/redact.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { Policy } from '../policy/policy.ts';
import { createRedactor, type Redactor } from '../secrets/redactor.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Database } from '../store/database.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import { createApprovalStore } from './approval-store.ts';
import type { Approvals, Asker } from './approvals.ts';
import { decisionOf, ruleOf } from './decisions.ts';
import { readDefaultPolicy, writeDefaultPolicy } from './default-policy.ts';
import { judge } from './policy/policy.ts';
import { checkSize, isSameDecision, questionOf, settled } from './questions.ts';
import { createRuleStore } from './rule-store.ts';
import { transcriptItemOf } from './transcript-item.ts';
import { createWaiting } from './waiting.ts';

interface ApprovalsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly transcripts: Pick<Transcripts, 'writer'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
  /** The presets and patterns alone where not given. */
  readonly policy?: Policy;
  readonly log?: Pick<Log, 'warn'>;
}

const PRESETS: Policy = {
  judge: (judged, { preset, patterns }) => judge(judged, preset, patterns),
};

type WatchOpen = Parameters<Approvals['watchOpen']>[0];

/** Of one session at a time: nobody answers more, and each is kept and sent to every page. */
const MOST_OPEN = 100;
const STOPS: ApprovalDecision = { kind: 'void', reason: 'The server stops.' };
const STOPPED: ApprovalDecision = { kind: 'void', reason: 'The turn was stopped.' };
const CHANGED: ApprovalDecision = { kind: 'void', reason: 'What it asked about has changed.' };

/** Approvals over the embedded store. */
export function createApprovals(deps: ApprovalsDeps): Approvals {
  const of = new ApprovalsOfStore(deps);
  return {
    ask: (asker, request, signal) => of.ask(asker, request, signal),
    open: () => of.store.open(),
    list: (filter) => of.store.list(filter),
    decide: (input, by) => of.decide(input, by),
    watchOpen(listener) {
      of.listeners.add(listener);
      return () => of.listeners.delete(listener);
    },
    voidAll: (sessionId, reason, turnId) => of.voidAll(sessionId, reason, turnId),
    rules: (workspaceId) => of.rules.list(workspaceId),
    removeRule: (workspaceId, ruleId) => of.rules.remove(workspaceId, ruleId),
    defaultPolicy: () => readDefaultPolicy(deps.db),
    setDefaultPolicy: (policy) => writeDefaultPolicy(deps.db, policy),
    close: () => of.waiting.close(STOPS),
  };
}

class ApprovalsOfStore {
  readonly store;
  readonly rules;
  readonly waiting = createWaiting();
  readonly listeners = new Set<WatchOpen>();
  readonly #deps: ApprovalsDeps;
  readonly #policy: Policy;

  constructor(deps: ApprovalsDeps) {
    this.#deps = deps;
    this.#policy = deps.policy ?? PRESETS;
    this.store = createApprovalStore(deps.db);
    this.rules = createRuleStore(deps.db);
  }

  async ask(asker: Asker, request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalDecision> {
    try {
      const found = this.#findOrAsk(asker, request);
      if ('kind' in found) return found;
      this.#tell(found.sessionId);
      const onAbort = () => (signal.reason === 'close' ? STOPS : this.#close(found, STOPPED));
      return await this.waiting.wait(found.id, signal, onAbort);
    } catch (thrown) {
      // No answer is never a yes, whatever went wrong.
      this.#deps.log?.warn('approval.not_asked', { sessionId: asker.session.id, error: thrown });
      return { kind: 'void', reason: FarhandError.from(thrown).message };
    }
  }

  decide({ approvalId, hash, decision: answer }: ParsedInput<'approval.decide'>, by: string): Approval {
    const details = { approvalId };
    const asked = this.store.get(approvalId);
    if (!asked) throw new FarhandError('approval.not_found', { details });
    if (asked.hash !== hash) throw new FarhandError('approval.changed', { details });
    const decision = decisionOf(asked, answer, this.#redactor(asked.workspaceId));
    const value = settled(asked, decision, by);
    const isFirst = this.store.transaction(() => {
      const isSettled = this.store.settle(value);
      const rule = ruleOf(asked, decision);
      if (isSettled && rule) this.rules.add(rule);
      return isSettled;
    });
    if (isFirst) {
      this.#settled(value);
      return value;
    }
    const other = this.store.get(approvalId);
    // Decided through another connection: who waits here has to hear of it too.
    if (other?.decision) this.waiting.tell(approvalId, other.decision);
    if (other && isSameDecision(other.decision, decision)) return other;
    throw new FarhandError('approval.already_decided', { details });
  }

  voidAll(sessionId: SessionId, reason: string, turnId?: TurnId): void {
    for (const one of this.store.open(sessionId))
      if (turnId === undefined || one.turnId === turnId) this.#close(one, { kind: 'void', reason });
  }

  // A question that waits, or the decision where there is one. What is told to others is told once all is stored.
  #findOrAsk(asker: Asker, request: ApprovalRequest): Approval | ApprovalDecision {
    const { workspace, session } = asker;
    const question = questionOf(asker, request, this.#redactor(workspace.id));
    const before = this.store.newest(session.id, request.key);
    if (before && before.hash === question.hash && before.decision?.kind !== 'void') {
      // A server that was killed in between may have stored the one and not the other.
      this.#putItem(before);
      return before.decision ?? before;
    }
    if (before && before.decision === null) this.#close(before, CHANGED);
    const { subject } = question;
    const { paths, cwd } = request;
    const { directory, hostId, approvalPolicy: preset } = workspace;
    const patterns = this.rules.patterns(workspace.id, session.id);
    const judgement = this.#policy.judge(
      { subject, paths, cwd, directory },
      { preset, patterns, hostId, user: null, agent: session.agent },
    );
    if (judgement.kind === 'allowed') return { kind: 'allowed', scope: judgement.by, command: null };
    if (judgement.kind === 'denied') return { kind: 'denied', reason: judgement.why };
    checkSize(question);
    if (this.store.open(session.id).length >= MOST_OPEN)
      throw new FarhandError('request.invalid', {
        message: `The agent asks more than ${MOST_OPEN} questions at once, so this one is not asked.`,
      });
    const asked = { ...question, why: request.why === undefined ? judgement.why : question.why };
    this.store.add(asked, request.key);
    this.#putItem(asked);
    this.#deps.feed.changed({ kind: 'approval', value: asked });
    return asked;
  }

  // The decision that counts: this one, unless a person was faster.
  #close(asked: Approval, decision: ApprovalDecision): ApprovalDecision {
    const value = settled(asked, decision, null);
    if (!this.store.settle(value)) return this.store.get(asked.id)?.decision ?? decision;
    this.#settled(value);
    return decision;
  }

  #settled(value: Approval): void {
    this.#putItem(value);
    this.#deps.feed.removed('approval', value.id);
    this.#tell(value.sessionId);
    if (value.decision) this.waiting.tell(value.id, value.decision);
  }

  #putItem(value: Approval): void {
    const { decision } = value;
    const shown =
      decision && redactDeep(decision, this.#redactor(value.workspaceId), new Set(['kind', 'scope']));
    this.#deps.transcripts.writer(value.sessionId).put(transcriptItemOf({ ...value, decision: shown }));
  }

  #tell(sessionId: SessionId): void {
    const { length } = this.store.open(sessionId);
    for (const listener of this.listeners) listener(sessionId, length);
  }

  #redactor(workspaceId: WorkspaceId): Redactor {
    const projectId = this.store.projectOf(workspaceId);
    return projectId ? this.#deps.secrets.redactor(projectId as ProjectId) : createRedactor({});
  }
}

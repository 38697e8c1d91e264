import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { ProjectId, SessionId, TurnId, WorkspaceId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { ApprovalRequest } from '../agents/agent.ts';
import { redactDeep } from '../agents/builtin/redact.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { Judgement, Policy } from '../policy/policy.ts';
import { NO_PROJECT } from '../runs/run-places.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Database } from '../store/database.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import { createApprovalStore } from './approval-store.ts';
import type { AgentAsker, Approvals, Asker, ProgramAsker, ProgramRequest } from './approvals.ts';
import { deciderName, decisionEntry } from './decision-entry.ts';
import { decisionOf, ruleOf } from './decisions.ts';
import { readDefaultPolicy, writeDefaultPolicy } from './default-policy.ts';
import { judgeQuestion, PRESETS } from './judging.ts';
import { checkSize, isSameDecision, programQuestionOf, questionOf, settled } from './questions.ts';
import { createRuleStore } from './rule-store.ts';
import { transcriptItemOf } from './transcript-item.ts';
import { createWaiting } from './waiting.ts';

interface ApprovalsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly transcripts: Pick<Transcripts, 'writer'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
  /** The presets and patterns alone where not given. */
  readonly policy?: Policy | undefined;
  /** Nothing is recorded where not given. */
  readonly audit?: Pick<AuditLog, 'record'> | undefined;
  readonly log?: Pick<Log, 'warn'>;
}

type WatchOpen = Parameters<Approvals['watchOpen']>[0];
type Asked =
  | readonly [asker: AgentAsker, request: ApprovalRequest]
  | readonly [asker: ProgramAsker, request: ProgramRequest];

/** Of one session at a time: nobody answers more, and each is kept and sent to every page. */
const MOST_OPEN = 100;
const SERVER: Actor = { kind: 'server', name: null };
const STOPS: ApprovalDecision = { kind: 'void', reason: 'The server stops.' };
const STOPPED: ApprovalDecision = { kind: 'void', reason: 'The turn was stopped.' };
const WITHDRAWN: ApprovalDecision = { kind: 'void', reason: 'It was withdrawn.' };
const CHANGED: ApprovalDecision = { kind: 'void', reason: 'What it asked about has changed.' };

/** Approvals over the embedded store. */
export function createApprovals(deps: ApprovalsDeps): Approvals {
  const of = new ApprovalsOfStore(deps);
  const ask = (asker: Asker, request: ApprovalRequest | ProgramRequest, signal: AbortSignal) =>
    of.ask([asker, request] as Asked, signal);
  return {
    ask,
    pose: (asker, request) => of.pose([asker, request]),
    open: () => of.store.open(),
    list: (filter) => of.store.list(filter),
    asides: (sessionId, since) => of.store.asides(sessionId, since),
    decide: (input, by) => of.decide(input, typeof by === 'string' ? { kind: by, name: null } : by),
    watchOpen(listener) {
      of.listeners.add(listener);
      return () => of.listeners.delete(listener);
    },
    voidAll: (sessionId, reason, turnId) => of.voidAll(sessionId, reason, turnId),
    voidKey: (sessionId, key, reason) => of.voidKey(sessionId, key, reason),
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

  async ask(asked: Asked, signal: AbortSignal): Promise<ApprovalDecision> {
    try {
      const found = this.pose(asked);
      if ('kind' in found) return found;
      const end = found.turnId === null ? WITHDRAWN : STOPPED;
      const onAbort = () => (signal.reason === 'close' ? STOPS : this.#close(found, end));
      return await this.waiting.wait(found.id, signal, onAbort);
    } catch (thrown) {
      // No answer is never a yes, whatever went wrong.
      const [{ session }, { key }] = asked;
      this.#deps.log?.warn('approval.not_asked', { sessionId: session?.id ?? null, key, error: thrown });
      return { kind: 'void', reason: FarhandError.from(thrown).message };
    }
  }

  pose(asked: Asked): Approval | ApprovalDecision {
    const found = this.#findOrAsk(asked);
    if (!('kind' in found)) this.#tell(found.sessionId);
    return found;
  }

  decide({ approvalId, hash, decision: answer }: ParsedInput<'approval.decide'>, by: Actor): Approval {
    const details = { approvalId };
    const asked = this.store.get(approvalId);
    if (!asked) throw new FarhandError('approval.not_found', { details });
    if (asked.hash !== hash) throw new FarhandError('approval.changed', { details });
    const decision = decisionOf(asked, answer, this.#redactor(asked.workspaceId));
    if (decision.kind === 'allowed' && decision.command !== null) this.#checkEdited(asked, decision.command);
    const value = settled(asked, decision, deciderName(by));
    const isFirst = this.store.transaction(() => {
      const isSettled = this.store.settle(value);
      const rule = ruleOf(asked, decision);
      if (isSettled && rule) this.rules.add(rule);
      // What cannot be recorded does not count: all of this is taken back then.
      if (isSettled) this.#deps.audit?.record(decisionEntry(value, by));
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

  // What no rule denied was the command that was asked about; a rule that denies beats a person's answer too.
  #checkEdited({ cwd, hostId, agent, by }: Approval, command: string): void {
    const judged = { subject: { kind: 'command', command }, cwd, paths: [], directory: null } as const;
    const context = { preset: 'never', patterns: [], hostId, user: null, agent: agent ?? by.kind } as const;
    const judgement = this.#policy.judge(judged, context);
    if (judgement.kind !== 'denied') return;
    const rule = judgement.rule === null ? 'The policy' : `The rule “${judgement.rule}”`;
    throw new FarhandError('request.invalid', { message: `${rule} denies the edited command.` });
  }

  voidAll(sessionId: SessionId, reason: string, turnId?: TurnId): void {
    for (const one of this.store.open(sessionId))
      if (turnId === undefined || one.turnId === turnId) this.#close(one, { kind: 'void', reason });
  }

  voidKey(sessionId: SessionId | null, key: string, reason: string): void {
    const newest = this.store.newest(sessionId, key);
    if (newest && newest.decision === null) this.#close(newest, { kind: 'void', reason });
  }

  // A question that waits, or the decision where there is one. What is told to others is told once all is stored.
  #findOrAsk([asker, request]: Asked): Approval | ApprovalDecision {
    const redactor = this.#redactor(asker.workspace?.id ?? null);
    const question =
      asker.session === null
        ? programQuestionOf(asker, request, redactor)
        : questionOf(asker, request as ApprovalRequest, redactor);
    const { sessionId } = question;
    const before = this.store.newest(sessionId, request.key);
    const isSame = before !== null && before.hash === question.hash;
    const judged = { policy: this.#policy, rules: this.rules };
    const judgement = judgeQuestion(judged, { asker, question, request });
    // A rule that denies counts before what a person said to this earlier.
    if (judgement.kind === 'denied' || (judgement.kind === 'allowed' && !isDecided(before, isSame)))
      return this.#judged(question, judgement, isSame ? before : null);
    if (before && isSame && before.decision?.kind !== 'void') {
      // A server that was killed in between may have stored the one and not the other.
      this.#putItem(before);
      return before.decision ?? before;
    }
    if (before && before.decision === null) this.#close(before, CHANGED);
    checkSize(question);
    if (this.store.open(sessionId).length >= MOST_OPEN)
      throw new FarhandError('request.invalid', {
        message: `More than ${MOST_OPEN} questions are open at once, so this one is not asked.`,
      });
    const why = request.why === undefined && judgement.kind === 'ask' ? judgement.why : question.why;
    const asked = { ...question, why };
    this.store.add(asked, request.key);
    this.#putItem(asked);
    this.#deps.feed.changed({ kind: 'approval', value: asked });
    return asked;
  }

  // Nobody is asked. A question that was open for the same is answered by this, unless a person was faster.
  #judged(
    question: Approval,
    judgement: Exclude<Judgement, { kind: 'ask' }>,
    open: Approval | null,
  ): ApprovalDecision {
    const { rule } = judgement;
    const decision: ApprovalDecision =
      judgement.kind === 'allowed'
        ? { kind: 'allowed', scope: judgement.by, command: null, ...(rule !== null && { rule }) }
        : { kind: 'denied', reason: judgement.why };
    // What no rule decides is not told apart from what is never asked: the start of the job is on record.
    if (judgement.kind === 'denied' || judgement.by === 'rule')
      this.#deps.audit?.record(decisionEntry({ ...question, decision }, question.by, rule));
    if (open?.decision === null) return this.#close(open, decision);
    return decision;
  }

  // The decision that counts: this one, unless a person was faster.
  #close(asked: Approval, decision: ApprovalDecision): ApprovalDecision {
    const value = settled(asked, decision, null);
    if (this.store.settle(value)) {
      if (decision.kind === 'void') this.#recordVoid(value);
      this.#settled(value);
      return decision;
    }
    return this.store.get(asked.id)?.decision ?? decision;
  }

  // Nothing runs by it: where it cannot be recorded, it ends all the same.
  #recordVoid(value: Approval): void {
    try {
      this.#deps.audit?.record(decisionEntry(value, SERVER));
    } catch (error) {
      this.#deps.log?.warn('approval.not_recorded', { approvalId: value.id, error });
    }
  }

  #settled(value: Approval): void {
    this.#putItem(value);
    this.#deps.feed.removed('approval', value.id);
    this.#tell(value.sessionId);
    if (value.decision) this.waiting.tell(value.id, value.decision);
  }

  #putItem(value: Approval): void {
    const { decision, sessionId } = value;
    const shown =
      decision && redactDeep(decision, this.#redactor(value.workspaceId), new Set(['kind', 'scope']));
    const item = transcriptItemOf({ ...value, decision: shown });
    if (sessionId && item) this.#deps.transcripts.writer(sessionId).put(item);
  }

  #tell(sessionId: SessionId | null): void {
    if (sessionId === null) return;
    const { length } = this.store.open(sessionId);
    for (const listener of this.listeners) listener(sessionId, length);
  }

  #redactor(workspaceId: WorkspaceId | null): Redactor {
    const projectId = workspaceId && this.store.projectOf(workspaceId);
    return this.#deps.secrets.redactor((projectId as ProjectId | null) ?? NO_PROJECT);
  }
}

const isDecided = (before: Approval | null, isSame: boolean): boolean =>
  isSame && before !== null && before.decision !== null && before.decision.kind !== 'void';

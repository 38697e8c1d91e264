import { methods } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newsItem, type ProposalNews } from '../../../dry-run/proposal-news.ts';
import type { AgentTurn, TurnOutcome } from '../../agent.ts';
import { Interrupted, untilInterrupted } from '../../builtin/interrupted.ts';
import { agentError, needsLogin } from '../connection/errors.ts';
import { promptContent } from './content.ts';
import type { AcpDeps } from './deps.ts';
import type { LiveSession, Ready } from './live-session.ts';
import { notice } from './notice.ts';
import { prefaceOf } from './preface.ts';
import { type PromptAnswer, promptAnswer } from './prompt-answer.ts';
import { tellOfServers } from './tell-of-servers.ts';

const PROMPT = 'prompt:';

/** One turn with an agent of the protocol; run again after a restart it waits for the answer to what was sent before. */
export async function runTurn(live: LiveSession, turn: AgentTurn, deps: AcpDeps): Promise<TurnOutcome> {
  live.begin(turn);
  const outcome = await work(live, turn, deps);
  if (outcome.kind === 'suspended') return outcome;
  await live.services.endTurn();
  live.mapper.endTurn(outcome.kind);
  live.endTurn();
  return outcome;
}

async function work(live: LiveSession, turn: AgentTurn, deps: AcpDeps): Promise<TurnOutcome> {
  const key = `${PROMPT}${turn.turnId}`;
  let asked: { answer: Promise<PromptAnswer>; ready: Ready } | null = null;
  try {
    const ready = await untilInterrupted(turn.signal, () => live.ready(key));
    checkDryRun(live, turn, key);
    await untilInterrupted(turn.signal, () => tellOfServers(turn, ready.agent, deps));
    const answer = prompt(live, turn, ready);
    answer.catch(() => {});
    asked = { answer, ready };
    const ended = () => Promise.race([answer, live.leavesDryRun]);
    return outcomeOf(turn, await untilInterrupted(turn.signal, ended));
  } catch (thrown) {
    if (thrown instanceof Interrupted && (turn.signal.reason === 'close' || !turn.signal.aborted))
      return { kind: 'suspended' };
    if (thrown instanceof Interrupted) {
      if (!asked || !(await hasCancelled(asked, deps.timing.cancelMs))) await live.stopProgram();
      return { kind: 'stopped' };
    }
    return await failed(live, turn, thrown);
  }
}

// One that is at it already, as after a restart, must not go on.
function checkDryRun({ record }: LiveSession, { dryRun }: AgentTurn, key: string): void {
  try {
    dryRun?.check();
  } catch (cause) {
    throw record.state.calls.some((call) => call.key === key)
      ? new FarhandError('dry_run.left', { cause })
      : cause;
  }
}

async function prompt(
  live: LiveSession,
  turn: AgentTurn,
  { link, agent, nativeId }: Ready,
): Promise<PromptAnswer> {
  const { record } = live;
  const key = `${PROMPT}${turn.turnId}`;
  const isSent = record.state.calls.some((call) => call.key === key);
  // The answer to one of before is of no use any more.
  const calls = record.state.calls.filter((call) => call.key === key || !call.key.startsWith(PROMPT));
  const { image, embeddedContext } = agent.agentCapabilities?.promptCapabilities ?? {};
  const capabilities = { image: image === true, embeddedContext: embeddedContext === true };
  const content = isSent ? [] : await promptContent(turn, capabilities);
  // Nothing waits from here on: what it is told and that it was told are stored together.
  const news = isSent ? null : (turn.dryRun?.news() ?? null);
  const preface = isSent ? '' : prefaceTo(live, turn, news);
  if (preface !== '') content.unshift({ type: 'text', text: preface });
  record.change({ calls, needsPreface: false });
  const params = { sessionId: nativeId, prompt: content };
  const asked = link.call<unknown>(methods.agent.session.prompt, params, { key });
  if (news && !link.end) {
    const isStored = () => record.state.calls.some((call) => call.key === key);
    const stop = tellWithCall(turn, news, isStored);
    asked.then(stop, stop);
  }
  const answer = promptAnswer.parse(await asked);
  if (answer.usage) turn.reports.used(answer.usage);
  return answer;
}

// What the agent cannot know: what was before it, why a person said no, and what became of its proposals.
function prefaceTo({ record, services }: LiveSession, turn: AgentTurn, news: ProposalNews | null): string {
  const before = record.state.needsPreface ? prefaceOf(turn.readItems(), turn.turnId) : '';
  const reasons = services.takeReasons().map((reason) => `What you asked for before was denied: ${reason}`);
  return [before, ...reasons, news?.text ?? ''].filter((part) => part !== '').join('\n\n');
}

// The call is stored with the first flush after it was made, and with it that it tells this.
function tellWithCall(
  { transcript, turnId }: AgentTurn,
  news: ProposalNews,
  isCalled: () => boolean,
): () => void {
  const stop = transcript.alongside(() => {
    if (!isCalled()) return () => {};
    news.markTold();
    return stop;
  });
  transcript.put(newsItem(turnId, news));
  return stop;
}

/** True where the agent ended its turn in time after it was told to. */
async function hasCancelled(
  { answer, ready }: { answer: Promise<PromptAnswer>; ready: Ready },
  withinMs: number,
): Promise<boolean> {
  ready.link.notify(methods.agent.session.cancel, { sessionId: ready.nativeId });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), withinMs)));
  const ended = answer.then(
    () => true,
    () => ready.link.end === null,
  );
  return await Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

function outcomeOf(turn: AgentTurn, { stopReason }: PromptAnswer): TurnOutcome {
  const tell = (text: string) => turn.transcript.put(notice(turn.turnId, 'info', text));
  if (stopReason === 'refusal') {
    const { code, message, hint, retryable } = new FarhandError('agent.refused');
    return { kind: 'failed', error: { code, message, hint, retryable } };
  }
  if (stopReason === 'max_tokens') tell('The agent stopped: its answer is as long as the model allows.');
  else if (stopReason === 'max_turn_requests')
    tell('The agent stopped: it asked its model as often as it may.');
  else if (stopReason === 'cancelled') tell('The agent ended its turn by itself, before it was done.');
  else if (isSilent(turn)) tell('The agent ended its turn without a word.');
  return { kind: 'done' };
}

function isSilent(turn: AgentTurn): boolean {
  const items = turn.readItems().filter(({ turnId }) => turnId === turn.turnId);
  return !items.some(({ kind }) => kind === 'text');
}

async function failed(live: LiveSession, turn: AgentTurn, thrown: unknown): Promise<TurnOutcome> {
  const redactor = turn.secrets.redactor();
  if (needsLogin(thrown)) live.setNeedsLogin();
  const error = needsLogin(thrown) ? loginError(turn) : agentError(thrown, redactor);
  // One that hangs, floods or cannot be understood is of no use for the next message either, and one that left a dry run
  // acts unasked for as long as it runs.
  if (
    live.end !== null ||
    FarhandError.is(error, 'agent.not_responding', 'agent.unsupported', 'dry_run.left')
  )
    await live.stopProgram();
  const { code, message, hint, retryable } = error;
  return { kind: 'failed', error: { code, message, hint, retryable } };
}

function loginError({ controls }: AgentTurn): FarhandError {
  const names = controls.get()?.logins.map(({ name }) => name) ?? [];
  const ways =
    names.length === 0
      ? 'by its own command in a terminal'
      : `(${names.map((name) => `“${name}”`).join(', ')})`;
  return new FarhandError('agent.login_needed', {
    hint: `Sign in ${ways}, or give its key as a secret of the project, then send the message again.`,
  });
}
